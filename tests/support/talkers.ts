/**
 * Small servers on loopback for service detection, friendly and hostile.
 *
 * @module
 */

import { CERTIFICATE, KEY } from "./certificate.ts";

const LONG_MS = 60_000;

/** A connection to a server, as the server sees it. */
class Talk {
  readonly #connection: Deno.Conn;
  readonly #buffer = new Uint8Array(65_536);

  constructor(connection: Deno.Conn) {
    this.#connection = connection;
  }

  /** Returns what has come as text of one character per byte; empty once the client has ended the connection. */
  async read(): Promise<string> {
    const length = await this.#connection.read(this.#buffer);
    return length === null ? "" : String.fromCharCode(...this.#buffer.subarray(0, Math.min(length, 10_000)));
  }

  /** Sends text of one character per byte. */
  async write(text: string): Promise<void> {
    const bytes = Uint8Array.from(text, (character) => character.charCodeAt(0));
    for (let at = 0; at < bytes.length;) at += await this.#connection.write(bytes.subarray(at));
  }

  /** Reads until the client ends the connection. */
  async readAll(): Promise<void> {
    while (await this.read() !== "");
  }
}

/** Starts a TLS server on a free port of 127.0.0.1 that serves each connection; it offers these protocols by ALPN. */
export function serveTls(serve: Serve, protocols: readonly string[] = []): Disposable & { readonly port: number } {
  const listener = Deno.listenTls({
    ...{ hostname: "127.0.0.1", port: 0, key: KEY, cert: CERTIFICATE },
    ...(protocols.length === 0 ? {} : { alpnProtocols: [...protocols] }),
  });
  (async () => {
    for (;;) {
      const connection = await listener.accept();
      serve(new Talk(connection)).catch(() => {}).finally(() => close(connection));
    }
  })().catch(() => {});
  return { port: (listener.addr as Deno.NetAddr).port, [Symbol.dispose]: () => listener.close() };
}

/** A server's side of one connection. */
export type Serve = (talk: Talk) => Promise<void>;

/** Servers on free ports of 127.0.0.1, until disposed of. */
export class Talkers implements Disposable {
  readonly #listeners: Deno.TcpListener[] = [];
  readonly #open = new Set<Deno.TcpConn>();
  /** Connections in all, and the most at a time. */
  connections = 0;
  together = 0;

  /** Starts a server, and returns its port: a free one of 127.0.0.1, unless another place is named. */
  serve(serve: Serve, { hostname = "127.0.0.1", port = 0 } = {}): number {
    const listener = Deno.listen({ hostname, port });
    this.#listeners.push(listener);
    this.#accept(listener, serve).catch(() => {});
    return listener.addr.port;
  }

  /** Starts several servers alike, and returns their ports in order. */
  serveMany(count: number, serve: Serve): number[] {
    return Array.from({ length: count }, () => this.serve(serve)).sort((one, other) => one - other);
  }

  [Symbol.dispose](): void {
    for (const listener of this.#listeners) listener.close();
    for (const connection of this.#open) close(connection);
  }

  async #accept(listener: Deno.TcpListener, serve: Serve): Promise<void> {
    for await (const connection of listener) {
      this.connections++;
      this.#open.add(connection);
      this.together = Math.max(this.together, this.#open.size);
      serve(new Talk(connection)).catch(() => {}).finally(() => {
        this.#open.delete(connection);
        close(connection);
      });
    }
  }
}

function close(connection: Deno.Conn): void {
  try {
    connection.close();
  } catch {
    // It was closed before.
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    Deno.unrefTimer(setTimeout(resolve, ms));
  });
}

/** Greets like an SSH server. */
export const ssh: Serve = async (talk) => {
  await talk.write("SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\n");
  await talk.readAll();
};

/** Replies to GET, with a Server header that no row knows. */
export const http: Serve = async (talk) => {
  const request = await talk.read();
  if (request.startsWith("GET")) {
    await talk.write("HTTP/1.0 200 OK\r\nServer: Zork/1.2.3\r\nContent-Length: 2\r\n\r\nhi");
  }
  await talk.readAll();
};

/** Accepts data and replies to nothing. */
export const silent: Serve = (talk) => talk.readAll();

/** Closes the connection when data comes. */
export const closing: Serve = async (talk) => void await talk.read();

/** Sends lines without end. */
export const endless: Serve = async (talk) => {
  for (;;) await talk.write("abcdefghij".repeat(500) + "\n");
};

/** Sends a byte at a time, without end. */
export const dripping: Serve = async (talk) => {
  for (const endMs = performance.now() + LONG_MS; performance.now() < endMs;) {
    await talk.write("x");
    await pause(50);
  }
};

/** Replies to GET with a header and a title without end. */
export const hugeTitle: Serve = async (talk) => {
  await talk.read();
  await talk.write("HTTP/1.1 200 OK\r\nServer: x\r\n\r\n<html><title>");
  for (;;) await talk.write("A".repeat(10_000));
};

/** Greets after a third of a second. */
export const late: Serve = async (talk) => {
  await pause(345);
  await ssh(talk);
};

/** Begins a TLS handshake like a server, and then sends records without end that mean nothing. */
export const endlessHandshake: Serve = async (talk) => {
  await talk.read();
  for (;;) {
    await talk.write("\x16\x03\x03\x40\x00" + "\x0b\x00\xff\xff" + "\0".repeat(0x4000 - 4));
    await pause(5);
  }
};

/** Replies to a TLS hello with the head of a record, a byte at a time, and nothing more. */
export const stuckHandshake: Serve = async (talk) => {
  await talk.read();
  for (const byte of "\x16\x03\x03\x00\x7a\x02\x00\x00\x76\x03\x03") {
    await talk.write(byte);
    await pause(20);
  }
  await talk.readAll();
};

/**
 * TLS over a conversation: Node's TLS reads and writes a stream in memory, whose bytes travel by the conversation's socket. So it needs
 * no permission for the network.
 *
 * @module
 */

import type { TlsFacts } from "../result/finding.ts";
import { certificateFacts } from "../service/protocols/tls.ts";
import { connect, Duplex, type TLSSocket } from "./node_tls.js";

/** The most bytes that one connection may bring: a certificate chain, and a reply. */
const MAX_BYTES = 256 * 1024;

/** A receiver of what happens on a TLS connection. */
interface TlsEvents {
  /** Bytes are to be sent through the socket. */
  send(bytes: Uint8Array): void;
  /** The handshake is complete. */
  opened(facts: TlsFacts): void;
  /** Bytes have come through TLS. */
  received(bytes: Uint8Array): void;
  /** The other side has ended the connection, or the handshake has failed. Nothing follows. */
  ended(end: "fin" | "rst"): void;
}

/** The options of a TLS connection. */
interface TlsOptions {
  /** The name that the server is asked for; none if undefined. */
  readonly name: string | undefined;
  /** The protocols to offer by ALPN. */
  readonly protocols: readonly string[];
}

/** One TLS connection, as the client. Certificates are read, and not checked. */
export class TlsConnection {
  readonly #stream: Duplex;
  readonly #socket: TLSSocket;
  #length = 0;
  #isOver = false;
  readonly #events: TlsEvents;

  constructor(events: TlsEvents, { name, protocols }: TlsOptions) {
    this.#events = events;
    this.#stream = new Duplex({
      read: () => {},
      write: (bytes: Uint8Array, _encoding: string, done: () => void) => {
        if (!this.#isOver) events.send(bytes);
        done();
      },
    });
    this.#stream.on("error", () => this.#end("rst"));
    this.#socket = connect({
      socket: this.#stream,
      rejectUnauthorized: false,
      ...(protocols.length === 0 ? {} : { ALPNProtocols: [...protocols] }),
      ...(name === undefined ? {} : { servername: name }),
    });
    this.#socket.on("secureConnect", () => {
      if (!this.#isOver) events.opened(factsOf(this.#socket));
    });
    this.#socket.on("data", (bytes: Uint8Array) => {
      if (!this.#isOver) events.received(bytes);
    });
    this.#socket.on("error", () => this.#end("rst"));
    this.#socket.on("end", () => this.#end("fin"));
    this.#socket.on("close", () => this.#end("fin"));
  }

  /** Takes bytes that came through the socket. */
  receive(bytes: Uint8Array): void {
    if (this.#isOver) return;
    this.#length += bytes.length;
    if (this.#length > MAX_BYTES) return this.#end("rst");
    this.#stream.push(bytes.slice());
  }

  /** Takes note that the other side has ended the connection. */
  finish(end: "fin" | "rst"): void {
    if (this.#isOver) return;
    if (end === "rst") this.#end("rst");
    else this.#stream.push(null);
  }

  /** Sends bytes through TLS. */
  send(bytes: Uint8Array): void {
    if (!this.#isOver) this.#socket.write(bytes);
  }

  /** Ends the connection; nothing is reported from then on. */
  end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#socket.destroy();
    this.#stream.destroy();
  }

  #end(end: "fin" | "rst"): void {
    if (this.#isOver) return;
    this.end();
    this.#events.ended(end);
  }
}

/** Returns the facts of a handshake. A server chooses what is in its certificate: whatever cannot be read is left out. */
function factsOf(socket: TLSSocket): TlsFacts {
  const version = attempt(() => socket.getProtocol());
  const cipher = attempt(() => socket.getCipher()?.standardName);
  const certificate = attempt(() => socket.getPeerCertificate()?.raw);
  const { alpnProtocol } = socket;
  return {
    ...(version ? { version } : {}),
    ...(cipher ? { cipher } : {}),
    ...(certificate === undefined ? {} : certificateFacts(certificate)),
    ...(alpnProtocol ? { alpn: alpnProtocol } : {}),
  };
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

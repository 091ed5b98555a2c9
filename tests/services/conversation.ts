/**
 * One connection to a server: an optional greeting, an optional probe, and the reply.
 *
 * @module
 */

import tls from "node:tls";
import type { End } from "../../src/service/exchange.ts";

/** What to do on a connection. */
export interface ConversationOptions {
  readonly port: number;
  /** Listen this long for a greeting before the probe is sent; 0 to send at once. */
  readonly greetingMs: number;
  /** The probe; undefined to listen only. */
  readonly bytes: Uint8Array | undefined;
  /** The time to wait for the first byte of the reply. */
  readonly waitMs: number;
}

/** What came of it. */
export interface Conversation {
  /** The first bytes of the reply, at most {@linkcode KEPT_BYTES}. */
  readonly reply: Uint8Array;
  readonly totalBytes: number;
  /** From the connection or the probe to the first byte; -1 without a reply. */
  readonly firstByteMs: number;
  readonly end: End;
}

const KEPT_BYTES = 4096;
/** A reply is over after this time without a further byte. */
const QUIET_MS = 350;
/** Servers that never stop are left after this time. */
const TALK_MS = 1500;
const HOST = "127.0.0.1";

/** Has one conversation over TCP. */
export async function converse(options: ConversationOptions): Promise<Conversation> {
  let conn: Deno.TcpConn;
  try {
    conn = await Deno.connect({ hostname: HOST, port: options.port });
  } catch {
    return { reply: new Uint8Array(0), totalBytes: 0, firstByteMs: -1, end: "refused" };
  }
  const inbox = new Inbox();
  const reading = readAll(conn, inbox);
  try {
    if (options.greetingMs > 0) await inbox.reply(options.greetingMs);
    inbox.reset();
    if (options.bytes !== undefined && inbox.end === "open") {
      try {
        await writeAll(conn, options.bytes);
      } catch {
        inbox.close("rst");
      }
    }
    await inbox.reply(options.waitMs);
    return inbox.conversation();
  } finally {
    try {
      conn.close();
    } catch {
      // The reader has closed it.
    }
    await reading;
  }
}

async function readAll(conn: Deno.TcpConn, inbox: Inbox): Promise<void> {
  const buffer = new Uint8Array(65_536);
  try {
    while (true) {
      const length = await conn.read(buffer);
      if (length === null) return inbox.close("fin");
      inbox.add(buffer.slice(0, length));
    }
  } catch (error) {
    inbox.close(error instanceof Deno.errors.ConnectionReset ? "rst" : "open");
  }
}

async function writeAll(conn: Deno.TcpConn, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += await conn.write(bytes.subarray(at));
}

/** Has one conversation inside TLS; undefined if the handshake fails. */
export async function converseTls(options: ConversationOptions): Promise<Conversation | undefined> {
  const socket = tls.connect({ host: HOST, port: options.port, rejectUnauthorized: false, servername: "lab.test" });
  const inbox = new Inbox();
  const isReady = await new Promise<boolean>((resolve) => {
    socket.once("secureConnect", () => resolve(true));
    socket.once("error", () => resolve(false));
    setTimeout(() => resolve(false), 4000);
  });
  socket.on("error", () => inbox.close("rst"));
  if (!isReady) {
    socket.destroy();
    return undefined;
  }
  socket.on("data", (bytes: Uint8Array) => inbox.add(new Uint8Array(bytes)));
  socket.on("end", () => inbox.close("fin"));
  socket.on("close", () => inbox.close("fin"));
  inbox.reset();
  if (options.bytes !== undefined) socket.write(options.bytes);
  await inbox.reply(options.waitMs);
  const conversation = inbox.conversation();
  socket.destroy();
  return conversation;
}

/** The bytes that came on a connection since the last reset. */
class Inbox {
  end: End = "open";
  #chunks: Uint8Array[] = [];
  #total = 0;
  #sinceMs = performance.now();
  #firstMs = -1;
  #lastMs = 0;
  #wake: () => void = () => {};

  reset(): void {
    this.#chunks = [];
    this.#total = 0;
    this.#firstMs = -1;
    this.#sinceMs = performance.now();
  }

  add(bytes: Uint8Array): void {
    this.#lastMs = performance.now();
    if (this.#firstMs < 0) this.#firstMs = this.#lastMs;
    if (this.#total < KEPT_BYTES) this.#chunks.push(bytes.subarray(0, KEPT_BYTES - this.#total));
    this.#total += bytes.length;
    this.#wake();
  }

  close(end: End): void {
    if (this.end === "open") this.end = end;
    this.#wake();
  }

  /** Waits until a reply is over, or none has begun for `waitMs`. */
  async reply(waitMs: number): Promise<void> {
    while (this.end === "open") {
      const now = performance.now();
      const until = this.#firstMs < 0
        ? this.#sinceMs + waitMs
        : Math.min(this.#lastMs + QUIET_MS, this.#firstMs + TALK_MS);
      if (now >= until) return;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, until - now);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  conversation(): Conversation {
    const reply = new Uint8Array(Math.min(this.#total, KEPT_BYTES));
    let at = 0;
    for (const chunk of this.#chunks) {
      reply.set(chunk, at);
      at += chunk.length;
    }
    const firstByteMs = this.#firstMs < 0 ? -1 : this.#firstMs - this.#sinceMs;
    return { reply, totalBytes: this.#total, firstByteMs, end: this.end };
  }
}

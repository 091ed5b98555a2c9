/**
 * One connection to a server: an optional greeting, an optional probe, and the reply.
 *
 * @module
 */

import tls from "node:tls";
import type { End } from "../../src/service/exchange.ts";

/** One step of a conversation. */
export interface Step {
  /** The bytes to send; undefined to listen only. */
  readonly bytes: Uint8Array | undefined;
  /** The time to wait for the first byte of the reply. */
  readonly waitMs: number;
}

/** The outcome of a conversation. */
interface Conversation {
  /** The first bytes of the reply, at most {@linkcode KEPT_BYTES}. */
  readonly reply: Uint8Array;
  readonly totalBytes: number;
  /** From the connection or the probe to the first byte; -1 without a reply. */
  readonly firstByteMs: number;
  readonly end: End;
}

const KEPT_BYTES = 4096;
/** A reply is over after this time without a further byte. */
const QUIET_MS = 250;
/** Servers that never stop are left after this time. */
const TALK_MS = 1500;
const HANDSHAKE_MS = 4000;
const HOST = "127.0.0.1";

/** Has one conversation over TCP; returns what came after its last step. */
export async function converse(port: number, steps: readonly Step[]): Promise<Conversation> {
  let conn: Deno.TcpConn;
  try {
    conn = await Deno.connect({ hostname: HOST, port });
  } catch {
    return { reply: new Uint8Array(0), totalBytes: 0, firstByteMs: -1, end: "refused" };
  }
  const inbox = new Inbox();
  const reading = readAll(conn, inbox);
  try {
    return await inbox.take(steps, (bytes) => writeAll(conn, bytes));
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
export async function converseTls(port: number, steps: readonly Step[]): Promise<Conversation | undefined> {
  const socket = tls.connect({ host: HOST, port, rejectUnauthorized: false, servername: "lab.test" });
  const inbox = new Inbox();
  socket.on("data", (bytes: Uint8Array) => inbox.add(new Uint8Array(bytes)));
  socket.on("end", () => inbox.close("fin"));
  socket.on("close", () => inbox.close("fin"));
  const isReady = await new Promise<boolean>((resolve) => {
    const timer = setTimeout(() => resolve(false), HANDSHAKE_MS);
    socket.on("error", () => {
      inbox.close("rst");
      resolve(false);
    });
    socket.once("secureConnect", () => {
      clearTimeout(timer);
      resolve(true);
    });
  });
  try {
    if (!isReady) return undefined;
    return await inbox.take(steps, (bytes) => {
      socket.write(bytes);
      return Promise.resolve();
    });
  } finally {
    socket.destroy();
  }
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

  /** Takes all steps; returns what came after the last. */
  async take(steps: readonly Step[], send: (bytes: Uint8Array) => Promise<void>): Promise<Conversation> {
    for (const { bytes, waitMs } of steps) {
      if (bytes !== undefined) {
        this.#reset();
        if (this.end !== "open") break;
        try {
          await send(bytes);
        } catch {
          this.close("rst");
        }
      }
      await this.#reply(waitMs);
    }
    return this.#conversation();
  }

  #reset(): void {
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
  async #reply(waitMs: number): Promise<void> {
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

  #conversation(): Conversation {
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

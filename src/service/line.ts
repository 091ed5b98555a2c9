/**
 * A connection of a dialogue, and the exchange that is under way on it.
 *
 * @module
 */

import type { TlsFacts } from "../result/finding.ts";
import { type End, type Exchange, NULL_PROBE } from "./exchange.ts";

/** Silence after which a reply is complete, and the longest that a server may talk, in milliseconds. */
const QUIET_MS = 120;
const MAX_TALK_MS = 1500;
/** The longest reply. */
const MAX_REPLY_LEN = 16_384;
/** The growth of a reply after which it is read again: not for each byte of a server that sends them one by one. */
const GROWTH = 1.25;

/** Bytes to send under the name of their exchange. */
export interface Request {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** The wait for the reply on a fast host, if it is shorter than usual. */
  readonly waitMs?: number;
  /** True for bytes that are not sent any more once a reply was text. */
  readonly isBinary?: boolean;
}

/** One connection to make: the probes to send on it, each after the reply to the one before, and the waits. */
export interface Attempt {
  /** The first probe; undefined to listen for a greeting. */
  readonly probe: Request | undefined;
  /** Sent on the same connection if the wait for a greeting has ended in silence. */
  readonly then?: Request | undefined;
  /** True if no other connection may be open meanwhile. */
  readonly isAlone: boolean;
  /** True if a slow reply to what is sent is waited for, beside other connections. */
  readonly mayBeSlow?: boolean;
  /** True if it only shows that a second connection stays open. */
  readonly isCheck?: boolean;
  /** The wait for the first reply, in milliseconds, in place of the usual. */
  readonly listenMs?: number;
  readonly replyMs?: number;
}

/** A connection that is made or open. */
export class Line {
  readonly number: number;
  readonly attempt: Attempt;
  readonly isTls: boolean;
  isOpen = false;
  tls: TlsFacts | undefined;
  dueMs = Infinity;
  /** True once its usual wait has ended in silence, and the reply is waited for beside other connections. */
  isHeld = false;
  #probe = NULL_PROBE;
  #sentMs = 0;
  #firstByteMs = -1;
  #pieces: Uint8Array[] = [];
  #length = 0;
  /** The length when the reply was read last. */
  #readLength = 0;

  constructor(number: number, attempt: Attempt, isTls: boolean) {
    this.number = number;
    this.attempt = attempt;
    this.isTls = isTls;
  }

  /** The probe of the exchange under way. */
  get probe(): string {
    return this.#probe;
  }

  /** True while no byte of its reply has come. */
  get isSilent(): boolean {
    return this.#length === 0;
  }

  /** True while it only waits for a late reply. */
  get isAside(): boolean {
    return this.isHeld && this.isSilent;
  }

  /** The time from the probe to the first byte; -1 without one. */
  get firstByteMs(): number {
    return this.#firstByteMs;
  }

  /** True once no more of the reply is taken. */
  get isFull(): boolean {
    return this.#length >= MAX_REPLY_LEN;
  }

  /** Begins an exchange, which forgets the one before. */
  begin(probe: string, nowMs: number): void {
    this.#probe = probe;
    this.isHeld = false;
    this.#sentMs = nowMs;
    this.#firstByteMs = -1;
    this.#pieces = [];
    this.#length = this.#readLength = 0;
  }

  /** Adds bytes to the reply, as a copy, and sets the time when it is complete. */
  add(bytes: Uint8Array, nowMs: number): void {
    if (this.isSilent) this.#firstByteMs = nowMs - this.#sentMs;
    const piece = bytes.slice(0, MAX_REPLY_LEN - this.#length);
    this.#pieces.push(piece);
    this.#length += piece.length;
    this.dueMs = Math.min(nowMs + QUIET_MS, this.#sentMs + this.#firstByteMs + MAX_TALK_MS);
  }

  /** Returns true if the reply has grown so much that it is to be read again. */
  mayRead(): boolean {
    if (this.#length < this.#readLength * GROWTH) return false;
    this.#readLength = this.#length;
    return true;
  }

  /** Returns true for a reply that only its length or its time ends. */
  isEndless(nowMs: number): boolean {
    return !this.isSilent && (this.isFull || nowMs - this.#sentMs - this.#firstByteMs >= MAX_TALK_MS);
  }

  /** Returns the exchange, as it is when the connection is in the state `end`. */
  exchange(end: End): Exchange {
    return {
      ...{ probe: this.#probe, reply: this.#reply(), firstByteMs: this.#firstByteMs, end, connection: this.number },
      ...(this.isTls ? { tunnel: "ssl" } : {}),
      ...(this.tls === undefined ? {} : { tls: this.tls }),
    };
  }

  #reply(): Uint8Array {
    if (this.#pieces.length === 1) return this.#pieces[0]!;
    const bytes = new Uint8Array(this.#length);
    let at = 0;
    for (const piece of this.#pieces) {
      bytes.set(piece, at);
      at += piece.length;
    }
    return bytes;
  }
}

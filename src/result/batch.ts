// Hot path: nothing here may allocate per result.
/**
 * Results in rows of numbers: thousands pass from one thread to another, or wait to be taken, as one block of memory.
 *
 * @module
 */

import type { ResultSink } from "../engine/engine.ts";
import { outcomeCode } from "./outcome.ts";
import { isError, isOwnAnswer } from "./rank.ts";
import { reasonCode, REASONS } from "./reasons.ts";

/**
 * 32-bit words of a row, 24 bytes: the host; port, state and reason; the sender; TTL, tries, note and the replaced reason;
 * and the round trip, a double of two words.
 */
export const ROW_LEN = 6;
/** The index of the round trip among a row's doubles. */
const RTT = 2;
/** Results to a batch at most. */
const ROWS = 1024;
/** Bits of a row's second word: the state, and the state of what the result replaces. */
const STATE_SHIFT = 16;
const REPLACED_STATE_SHIFT = 19;
const STATE_MASK = 7;

/** Results, a row each. */
export type ResultColumns = Uint32Array<ArrayBuffer>;

/** Collects results in batches. */
export class ResultBatcher implements ResultSink {
  readonly #give: (rows: ResultColumns) => void;
  readonly #rows = new Uint32Array(ROWS * ROW_LEN);
  readonly #doubles = doublesOf(this.#rows);
  #length = 0;

  /** @param give Takes each batch, and owns its memory from then on. */
  constructor(give: (rows: ResultColumns) => void) {
    this.#give = give;
  }

  /** Takes a result. `replaced` is the code of the outcome that it replaces, or -1. */
  readonly result: ResultSink["result"] = (host, port, state, reason, ttl, rttMs, tries, from, replaced, note) => {
    const rows = this.#rows;
    const at = this.#length;
    rows[at] = host;
    rows[at + 1] = port | state << STATE_SHIFT | (replaced < 0 ? 0 : replaced >> 8) << REPLACED_STATE_SHIFT |
      reason << 24;
    rows[at + 2] = from;
    rows[at + 3] = ttl | tries << 8 | note << 16 | (replaced < 0 ? 0 : (replaced & 0xff) + 1) << 24;
    this.#doubles[at / 2 + RTT] = rttMs;
    this.#length = at + ROW_LEN;
    if (this.#length === rows.length) this.flush();
  };

  /** Takes the result in the row at `at` of several. */
  add(rows: ResultColumns, at: number): void {
    for (let i = 0; i < ROW_LEN; i++) this.#rows[this.#length++] = rows[at + i]!;
    if (this.#length === this.#rows.length) this.flush();
  }

  /** Passes on the results that it holds. */
  flush(): void {
    if (this.#length === 0) return;
    const rows = this.#rows.slice(0, this.#length);
    this.#length = 0;
    this.#give(rows);
  }
}

/** The same rows, each with a double where its round trip is. */
export function doublesOf(rows: ResultColumns): Float64Array {
  return new Float64Array(rows.buffer);
}

/** Returns the host of the result in the row at `at`. */
export function hostAt(rows: ResultColumns, at: number): number {
  return rows[at]!;
}

/** Its port. */
export function portAt(rows: ResultColumns, at: number): number {
  return rows[at + 1]! & 0xffff;
}

/** The code of its state. */
export function stateAt(rows: ResultColumns, at: number): number {
  return rows[at + 1]! >>> STATE_SHIFT & STATE_MASK;
}

/** The code of its reason. */
export function reasonAt(rows: ResultColumns, at: number): number {
  return rows[at + 1]! >>> 24;
}

/** The outcome code: state and reason. */
export function outcomeAt(rows: ResultColumns, at: number): number {
  return outcomeCode(stateAt(rows, at), reasonAt(rows, at));
}

/** The sender of the reply. */
export function fromAt(rows: ResultColumns, at: number): number {
  return rows[at + 2]!;
}

/** Time to live. */
export function ttlAt(rows: ResultColumns, at: number): number {
  return rows[at + 3]! & 0xff;
}

/** Probes sent. */
export function triesAt(rows: ResultColumns, at: number): number {
  return rows[at + 3]! >>> 8 & 0xff;
}

/** The code of the note on it. */
export function noteAt(rows: ResultColumns, at: number): number {
  return rows[at + 3]! >>> 16 & 0xff;
}

/** The outcome code of the result that it replaces, or -1. */
export function replacedAt(rows: ResultColumns, at: number): number {
  const reason = (rows[at + 3]! >>> 24) - 1;
  return reason < 0 ? -1 : outcomeCode(rows[at + 1]! >>> REPLACED_STATE_SHIFT & STATE_MASK, reason);
}

/** Sets the state and the reason of a result, by their codes. */
export function setOutcome(rows: ResultColumns, at: number, state: number, reason: number): void {
  const other = rows[at + 1]! & ~(STATE_MASK << STATE_SHIFT) & 0xff_ffff;
  rows[at + 1] = (other | state << STATE_SHIFT | reason << 24) >>> 0;
}

/** The round trip, in the doubles of the rows. */
export function rttMsAt(doubles: Float64Array, at: number): number {
  return doubles[at / 2 + RTT]!;
}

/** Reasons of rows with a hardware address. */
export const OF_LINKS: readonly number[] = [
  reasonCode("arp-response"),
  reasonCode("proxy-arp"),
  reasonCode("nd-response"),
];

/**
 * Stores the hardware address that replied in place of sender, TTL and note, which a reply of the link has not: 48 bits.
 *
 * @param mac The address as a number.
 */
export function setMac(rows: ResultColumns, at: number, mac: number): void {
  const upper = Math.floor(mac / 2 ** 32);
  rows[at + 2] = mac % 2 ** 32;
  rows[at + 3] = (rows[at + 3]! & 0xff00_ff00 | upper & 0xff | upper >>> 8 << 16) >>> 0;
}

/** The hardware address that {@linkcode setMac} has stored. */
export function macAt(rows: ResultColumns, at: number): number {
  const word = rows[at + 3]!;
  return (word & 0xff | word >>> 8 & 0xff00) * 2 ** 32 + rows[at + 2]!;
}

/** Returns a number for state, reason, TTL, tries, note and what is replaced, all together. */
export function columnsAt(rows: ResultColumns, at: number): number {
  return (rows[at + 1]! >>> 16) * 2 ** 32 + rows[at + 3]!;
}

/** Adds the results of a batch to counts by code of state, or subtracts them with `step` -1. */
export function countResults(rows: ResultColumns, byState: number[], step = 1): void {
  for (let at = 0; at < rows.length; at += ROW_LEN) countResult(rows, at, byState, step);
}

/** Adds the result in the row at `at` to counts by code of state, or subtracts it with `step` -1. */
export function countResult(rows: ResultColumns, at: number, byState: number[], step = 1): void {
  byState[stateAt(rows, at)]! += step;
  const replaced = replacedAt(rows, at);
  if (replaced >= 0) byState[replaced >> 8]! -= step;
}

/** Reasons that show a host, by code. */
const SHOWS_HOST = Uint8Array.from(REASONS, (reason) => isOwnAnswer({ reason }) ? 1 : 0);

/** True for a result that shows that the host is there: from a reply of its own. */
export function showsHost(rows: ResultColumns, at: number): boolean {
  const reason = reasonAt(rows, at);
  return SHOWS_HOST[reason] === 1 || isError(reason) && fromAt(rows, at) === hostAt(rows, at);
}

// Hot path: nothing here may allocate per verdict.
/**
 * Verdicts in rows of numbers, so that thousands pass from one thread to another, or wait to be taken, as one block of memory.
 *
 * @module
 */

import type { ResultSink } from "../engine/engine.ts";
import { outcomeCode } from "./outcome.ts";

/**
 * Words to a row, in 24 bytes: the host; port, state and reason; from whom; time to live, tries, note, what is replaced and
 * whether a scan before has reported that; and the round trip, a double of two words.
 */
export const ROW_LEN = 6;
/** Which of a row's doubles is the round trip. */
const RTT = 2;
/** Verdicts to a batch at most. */
const ROWS = 1024;
const AGAIN_BIT = 0x8000_0000;
const REPLACED_MASK = 0x7f;
/** Where a row has its state, and the state of what it replaces. */
const STATE_SHIFT = 16;
const REPLACED_STATE_SHIFT = 19;
const STATE_MASK = 7;

/** Verdicts, a row each. */
export type ResultColumns = Uint32Array<ArrayBuffer>;

/** Who takes verdicts, and whole batches of them where it can. */
export interface BatchSink extends ResultSink {
  /** Takes a batch; false where it has to see each of the verdicts. */
  takesRows?(rows: ResultColumns): boolean;
}

/** Collects verdicts in batches. */
export class ResultBatcher implements ResultSink {
  readonly #give: (rows: ResultColumns) => void;
  readonly #rows = new Uint32Array(ROWS * ROW_LEN);
  readonly #doubles = doublesOf(this.#rows);
  #length = 0;
  #paused: ResultColumns[] | undefined;

  /** @param give Takes each batch, and owns its memory from then on. */
  constructor(give: (rows: ResultColumns) => void) {
    this.#give = give;
  }

  /** Takes a verdict; one that is taken `again` replaces what a scan before has reported. */
  result(
    host: number,
    port: number,
    state: number,
    reason: number,
    ttl: number,
    rttMs: number,
    tries: number,
    from: number,
    replaced: number,
    note: number,
    again = false,
  ): void {
    const rows = this.#rows;
    const at = this.#length;
    rows[at] = host;
    rows[at + 1] = port | state << STATE_SHIFT | (replaced < 0 ? 0 : replaced >> 8) << REPLACED_STATE_SHIFT |
      reason << 24;
    rows[at + 2] = from;
    rows[at + 3] = ttl | tries << 8 | note << 16 | (replaced < 0 ? 0 : (replaced & 0xff) + 1) << 24 |
      (again ? AGAIN_BIT : 0);
    this.#doubles[at / 2 + RTT] = rttMs;
    this.#length = at + ROW_LEN;
    if (this.#length === rows.length) this.flush();
  }

  /** Gives out what there is, unless it is withheld. */
  flush(): void {
    if (this.#length === 0) return;
    const rows = this.#rows.slice(0, this.#length);
    this.#length = 0;
    if (this.#paused !== undefined) this.#paused.push(rows);
    else this.#give(rows);
  }

  /** Gives out what there is, and from then on nothing until {@linkcode ResultBatcher.resume}. */
  pause(): void {
    this.flush();
    this.#paused ??= [];
  }

  /** Gives out what was withheld. */
  resume(): void {
    const withheld = this.#paused ?? [];
    this.#paused = undefined;
    for (const rows of withheld) this.#give(rows);
  }
}

/** Gives each verdict on to a sink in the same thread, but for a time in which they are withheld. */
export class ResultGate implements ResultSink {
  readonly #sink: ResultSink;
  #paused: ResultBatcher | undefined;

  constructor(sink: ResultSink) {
    this.#sink = sink;
  }

  readonly result: ResultSink["result"] = (host, port, state, reason, ttl, rttMs, tries, from, replaced, note) =>
    (this.#paused ?? this.#sink).result(host, port, state, reason, ttl, rttMs, tries, from, replaced, note);

  /** Gives on nothing from now until {@linkcode ResultGate.resume}. */
  pause(): void {
    if (this.#paused !== undefined) return;
    this.#paused = new ResultBatcher((rows) => emitEach(rows, this.#sink));
    this.#paused.pause();
  }

  /** Gives on what was withheld. */
  resume(): void {
    const withheld = this.#paused;
    this.#paused = undefined;
    withheld?.flush();
    withheld?.resume();
  }
}

/** The same rows, each with a double where its round trip is. */
export function doublesOf(rows: ResultColumns): Float64Array {
  return new Float64Array(rows.buffer);
}

/** The host of the verdict in the row at `at`. */
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

/** Who said so. */
export function fromAt(rows: ResultColumns, at: number): number {
  return rows[at + 2]!;
}

/** Time to live. */
export function ttlAt(rows: ResultColumns, at: number): number {
  return rows[at + 3]! & 0xff;
}

/** How often it was asked. */
export function triesAt(rows: ResultColumns, at: number): number {
  return rows[at + 3]! >>> 8 & 0xff;
}

/** The code of the note on it. */
export function noteAt(rows: ResultColumns, at: number): number {
  return rows[at + 3]! >>> 16 & 0xff;
}

/** The outcome code of the verdict that it replaces, or -1. */
export function replacedAt(rows: ResultColumns, at: number): number {
  const reason = (rows[at + 3]! >>> 24 & REPLACED_MASK) - 1;
  return reason < 0 ? -1 : outcomeCode(rows[at + 1]! >>> REPLACED_STATE_SHIFT & STATE_MASK, reason);
}

/** True where a scan before has reported what it replaces. */
export function isAgainAt(rows: ResultColumns, at: number): boolean {
  return (rows[at + 3]! & AGAIN_BIT) !== 0;
}

/** The round trip, in the doubles of the rows. */
export function rttMsAt(doubles: Float64Array, at: number): number {
  return doubles[at / 2 + RTT]!;
}

/** Whether two verdicts differ in nothing but host, port, round trip and who said so. */
export function haveSameColumns(rows: ResultColumns, at: number, otherAt: number): boolean {
  return rows[at + 1]! >>> 16 === rows[otherAt + 1]! >>> 16 && rows[at + 3] === rows[otherAt + 3];
}

/** Adds the verdicts of a batch to counts by code of state. */
export function countResults(rows: ResultColumns, byState: number[]): void {
  for (let at = 0; at < rows.length; at += ROW_LEN) {
    byState[stateAt(rows, at)]!++;
    const replaced = replacedAt(rows, at);
    if (replaced >= 0) byState[replaced >> 8]!--;
  }
}

/** Gives the verdicts of a batch to a sink, which owns its memory from then on. */
export function emitResults(rows: ResultColumns, sink: BatchSink): void {
  if (sink.takesRows?.(rows) !== true) emitEach(rows, sink);
}

/** Gives each verdict of a batch to a sink. */
export function emitEach(rows: ResultColumns, sink: ResultSink): void {
  const doubles = doublesOf(rows);
  for (let at = 0; at < rows.length; at += ROW_LEN) {
    sink.result(
      hostAt(rows, at),
      portAt(rows, at),
      stateAt(rows, at),
      reasonAt(rows, at),
      ttlAt(rows, at),
      rttMsAt(doubles, at),
      triesAt(rows, at),
      fromAt(rows, at),
      replacedAt(rows, at),
      noteAt(rows, at),
    );
  }
}

/**
 * Verdicts in rows of numbers, so that thousands pass from one thread to another as one block of memory.
 *
 * @module
 */

import type { VerdictSink } from "./engine/engine.ts";
import { REASONS, stateOf, STATES } from "./result.ts";

/**
 * Words to a verdict, in 24 octets: the host; port, state and reason; from whom; time to live, tries and what is replaced; and
 * the round trip, a double of two words.
 */
const WORDS = 6;
const DOUBLES = WORDS / 2;
/** Which of a row's doubles is the round trip. */
const RTT = 2;
/** Verdicts to a batch at most. */
const ROWS = 1024;

/** Verdicts, a row each. */
export type VerdictRows = Uint32Array<ArrayBuffer>;

/** Collects verdicts in batches. */
export class VerdictBatcher implements VerdictSink {
  readonly #give: (rows: VerdictRows) => void;
  readonly #rows = new Uint32Array(ROWS * WORDS);
  readonly #doubles = new Float64Array(this.#rows.buffer);
  #length = 0;
  #withheld: VerdictRows[] | undefined;

  /** @param give Takes each batch, and owns its memory from then on. */
  constructor(give: (rows: VerdictRows) => void) {
    this.#give = give;
  }

  verdict(
    host: number,
    port: number,
    state: number,
    reason: number,
    ttl: number,
    rttMs: number,
    tries: number,
    from: number,
    replaced: number,
  ): void {
    const rows = this.#rows;
    const at = this.#length;
    rows[at] = host;
    rows[at + 1] = port | state << 16 | reason << 24;
    rows[at + 2] = from;
    rows[at + 3] = ttl | tries << 8 | replaced + 1 << 24;
    this.#doubles[at / 2 + RTT] = rttMs;
    this.#length = at + WORDS;
    if (this.#length === rows.length) this.flush();
  }

  /** Gives out what there is, unless it is withheld. */
  flush(): void {
    if (this.#length === 0) return;
    const rows = this.#rows.slice(0, this.#length);
    this.#length = 0;
    if (this.#withheld !== undefined) this.#withheld.push(rows);
    else this.#give(rows);
  }

  /** Gives out what there is, and from then on nothing until {@linkcode VerdictBatcher.goOn}. */
  withhold(): void {
    this.flush();
    this.#withheld ??= [];
  }

  /** Gives out what was withheld. */
  goOn(): void {
    const withheld = this.#withheld ?? [];
    this.#withheld = undefined;
    for (const rows of withheld) this.#give(rows);
  }
}

/** Gives each verdict on to a sink in the same thread, but for a time in which they are withheld. */
export class VerdictGate implements VerdictSink {
  readonly #sink: VerdictSink;
  #withheld: VerdictBatcher | undefined;

  constructor(sink: VerdictSink) {
    this.#sink = sink;
  }

  readonly verdict: VerdictSink["verdict"] = (host, port, state, reason, ttl, rttMs, tries, from, replaced) =>
    (this.#withheld ?? this.#sink).verdict(host, port, state, reason, ttl, rttMs, tries, from, replaced);

  /** Gives on nothing from now until {@linkcode VerdictGate.goOn}. */
  withhold(): void {
    if (this.#withheld !== undefined) return;
    this.#withheld = new VerdictBatcher((rows) => replayVerdicts(rows, this.#sink));
    this.#withheld.withhold();
  }

  /** Gives on what was withheld. */
  goOn(): void {
    const withheld = this.#withheld;
    this.#withheld = undefined;
    withheld?.flush();
    withheld?.goOn();
  }
}

/** Adds the verdicts of a batch to counts by code of state. */
export function countVerdicts(rows: VerdictRows, byState: number[]): void {
  for (let at = 0; at < rows.length; at += WORDS) {
    byState[rows[at + 1]! >>> 16 & 0xff]!++;
    const replaced = replacedIn(rows[at + 3]!);
    if (replaced >= 0) byState[STATES.indexOf(stateOf(REASONS[replaced]!))]!--;
  }
}

/** Gives each verdict of a batch to a sink. */
export function replayVerdicts(rows: VerdictRows, sink: VerdictSink): void {
  const doubles = new Float64Array(rows.buffer);
  for (let row = 0; row < rows.length / WORDS; row++) {
    const at = row * WORDS;
    const what = rows[at + 1]!;
    const how = rows[at + 3]!;
    sink.verdict(
      rows[at]!,
      what & 0xffff,
      what >>> 16 & 0xff,
      what >>> 24,
      how & 0xff,
      doubles[row * DOUBLES + RTT]!,
      how >>> 8 & 0xffff,
      rows[at + 2]!,
      replacedIn(how),
    );
  }
}

/** The code of the reason that a verdict replaces, or -1. */
function replacedIn(how: number): number {
  return (how >>> 24) - 1;
}

/**
 * Verdicts in rows of numbers, so that thousands pass from one thread to another as one block of memory.
 *
 * @module
 */

import type { VerdictSink } from "./engine/engine.ts";
import { REASONS, stateOf, STATES } from "./result.ts";

/** Numbers to a verdict: host, port, state, reason, ttl, rttMs, tries, from, replaced. */
const COLUMNS = 9;
/** Verdicts to a batch at most. */
const ROWS = 1024;

/** Collects verdicts in batches. */
export class VerdictBatcher implements VerdictSink {
  readonly #give: (rows: Float64Array<ArrayBuffer>) => void;
  readonly #isLent: boolean;
  #rows = new Float64Array(ROWS * COLUMNS);
  #length = 0;
  #withheld: Float64Array<ArrayBuffer>[] | undefined;

  /** @param give Takes each batch, and owns its memory from then on; or, where it is lent, until it returns. */
  constructor(give: (rows: Float64Array<ArrayBuffer>) => void, { isLent = false } = {}) {
    this.#give = give;
    this.#isLent = isLent;
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
    rows[at + 1] = port;
    rows[at + 2] = state;
    rows[at + 3] = reason;
    rows[at + 4] = ttl;
    rows[at + 5] = rttMs;
    rows[at + 6] = tries;
    rows[at + 7] = from;
    rows[at + 8] = replaced;
    this.#length = at + COLUMNS;
    if (this.#length === rows.length) this.flush();
  }

  /** Gives out what there is, unless it is withheld. */
  flush(): void {
    if (this.#length === 0) return;
    const length = this.#length;
    this.#length = 0;
    if (this.#withheld !== undefined) this.#withheld.push(this.#rows.slice(0, length));
    else this.#give(this.#isLent ? this.#rows.subarray(0, length) : this.#rows.slice(0, length));
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

/** Adds the verdicts of a batch to counts by code of state. */
export function countVerdicts(rows: Float64Array, byState: number[]): void {
  for (let at = 0; at < rows.length; at += COLUMNS) {
    byState[rows[at + 2]!]!++;
    const replaced = rows[at + 8]!;
    if (replaced >= 0) byState[STATES.indexOf(stateOf(REASONS[replaced]!))]!--;
  }
}

/** Gives each verdict of a batch to a sink. */
export function replayVerdicts(rows: Float64Array, sink: VerdictSink): void {
  for (let at = 0; at < rows.length; at += COLUMNS) {
    sink.verdict(
      rows[at]!,
      rows[at + 1]!,
      rows[at + 2]!,
      rows[at + 3]!,
      rows[at + 4]!,
      rows[at + 5]!,
      rows[at + 6]!,
      rows[at + 7]!,
      rows[at + 8]!,
    );
  }
}

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
  #rows = new Float64Array(ROWS * COLUMNS);
  #length = 0;
  #withheld: Float64Array<ArrayBuffer>[] | undefined;

  /** @param give Takes each batch, and owns its memory from then on. */
  constructor(give: (rows: Float64Array<ArrayBuffer>) => void) {
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

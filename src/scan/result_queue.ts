/**
 * Results that wait to be read.
 *
 * @module
 */

import { hostAt, markReportedBefore, portAt, reasonAt, type ResultColumns, ROW_LEN } from "../result/batch.ts";
import { outcomeCode } from "../result/outcome.ts";
import type { Pass } from "../result/pass.ts";
import type { PortResult } from "../result/port_result.ts";
import { isSilence } from "../result/rank.ts";
import { reasonCode, REASONS } from "../result/reasons.ts";
import { type Names, ResultRows } from "../result/rows.ts";
import { stateCode } from "../result/states.ts";
import { probeKey, type Reported } from "./snapshot.ts";

/** Results that may wait to be read; beyond this number no new probes are sent until some are read. */
const BACKLOG = 1 << 17;

/** The results of a scan, in the order in which ports were decided. */
export class ResultQueue {
  /** Results that were read. */
  taken = 0;
  /** True once the reader has left the loop. */
  isAbandoned = false;
  /** Called when the reader leaves the loop. */
  onAbandoned: () => void = () => {};
  /** True once results were asked for. */
  isConsumed = false;
  readonly #batches: ResultRows[] = [];
  #length = 0;
  #isEnded = false;
  #failure: unknown;
  #wake: (() => void) | undefined;
  /** True once no more results will be read. */
  #isUnwanted = false;
  /** Undecided probes with a result from before this scan was resumed. */
  readonly #reported = new Map<number, Reported>();

  /** True while results wait. */
  get isWaiting(): boolean {
    return this.#length > 0 && !this.#isUnwanted;
  }

  /** True while more results wait than may. */
  get isFull(): boolean {
    return this.#length > BACKLOG;
  }

  /** Undecided probes with a result from before this scan was resumed. */
  get reported(): Reported[] {
    return [...this.#reported.values()];
  }

  /** Sets the results from before this scan was resumed whose probes are sent again. */
  resume(reported: readonly Reported[]): void {
    for (const each of reported) this.#reported.set(probeKey(each[0], each[1], each[2]), each);
  }

  /** Takes results of a pass. */
  add(rows: ResultColumns, names: Names, pass: Pass): void {
    if (this.#isUnwanted) {
      this.taken += rows.length / ROW_LEN;
      return;
    }
    const batch = new ResultRows(this.#reported.size === 0 ? rows : this.#withoutRepeats(rows, pass), names, pass);
    if (batch.length === 0) return;
    this.#batches.push(batch);
    this.#length += batch.length;
  }

  /** Copies the results that wait; `again` is called with each that replaces one from before the scan was resumed. */
  waiting(again: (result: PortResult) => void): PortResult[] {
    return this.#batches.flatMap((batch) => batch.kept(again));
  }

  /** Wakes the reader if results wait. */
  wake(): void {
    if (this.#length > 0) this.#wakeReader();
  }

  /** Ends the results, with the error that ended the scan if there was one. */
  end(failure?: unknown): void {
    this.#failure = failure;
    this.#isEnded = true;
    this.#wakeReader();
  }

  /** Drops the results that wait and all later ones: they will not be read. */
  drop(): void {
    this.#isUnwanted = true;
    this.taken += this.#length;
    this.#length = 0;
    this.#batches.length = 0;
  }

  async *read(): AsyncGenerator<ResultRows, void, void> {
    if (this.isConsumed) throw new TypeError("Cannot take the results of a scan twice: begin another scan");
    if (this.#isUnwanted) {
      throw new TypeError("Cannot take the results any more: only the summary was asked for. Take them before it");
    }
    this.isConsumed = true;
    try {
      for (;;) {
        const batch = this.#batches.shift();
        if (batch !== undefined) {
          this.#length -= batch.length;
          this.taken += batch.length;
          yield batch;
        } else if (this.#failure !== undefined) {
          throw this.#failure;
        } else if (this.#isEnded) {
          return;
        } else {
          await new Promise<void>((resolve) => this.#wake = resolve);
        }
      }
    } finally {
      this.isAbandoned = true;
      this.onAbandoned();
      this.drop();
    }
  }

  #wakeReader(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }

  /** Returns the rows without results that repeat one from before the scan was resumed. */
  #withoutRepeats(rows: ResultColumns, { number }: Pass): ResultColumns {
    let end = 0;
    for (let at = 0; at < rows.length; at += ROW_LEN) {
      const key = probeKey(number, hostAt(rows, at), portAt(rows, at));
      const reported = this.#reported.get(key);
      if (reported !== undefined) {
        this.#reported.delete(key);
        if (isSilence(REASONS[reasonAt(rows, at)]!)) continue;
        markReportedBefore(rows, at, outcomeCode(stateCode(reported[4]), reasonCode(reported[3])));
      }
      rows.copyWithin(end, at, at + ROW_LEN);
      end += ROW_LEN;
    }
    return rows.slice(0, end);
  }
}

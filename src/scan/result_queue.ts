/**
 * Results that wait to be read.
 *
 * @module
 */

import { type ResultColumns, ROW_LEN } from "../result/batch.ts";
import type { Pass } from "../result/pass.ts";
import { type Names, ResultRows } from "../result/rows.ts";

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

  /** True while results wait. */
  get isWaiting(): boolean {
    return this.#length > 0 && !this.#isUnwanted;
  }

  /** True while more results wait than may. */
  get isFull(): boolean {
    return this.#length > BACKLOG;
  }

  /** Takes results of a pass. */
  add(rows: ResultColumns, names: Names, pass: Pass): void {
    if (this.#isUnwanted) {
      this.taken += rows.length / ROW_LEN;
      return;
    }
    const batch = new ResultRows(rows, names, pass);
    this.#batches.push(batch);
    this.#length += batch.length;
  }

  /** The number of results that wait. */
  get length(): number {
    return this.#length;
  }

  /** The results that wait. */
  get waiting(): readonly ResultRows[] {
    return this.#batches;
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
}

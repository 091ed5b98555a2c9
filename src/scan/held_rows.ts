/**
 * Rows of results that are held until more is known of their host.
 *
 * @module
 */

import { grown } from "../collections/grown.ts";
import { type ResultColumns, ROW_LEN } from "../result/batch.ts";

/** Rows, in typed memory: a host can have thousands. */
export class HeldRows {
  #rows = new Uint32Array(2 * ROW_LEN);
  #length = 0;

  /** The number of words of all rows. */
  get length(): number {
    return this.#length;
  }

  add(rows: ResultColumns): void {
    const length = this.#length + rows.length;
    if (length > this.#rows.length) this.#rows = grown(this.#rows, Math.max(length, 2 * this.#rows.length));
    this.#rows.set(rows, this.#length);
    this.#length = length;
  }

  /** Adds the row at `at` of several. */
  addRow(rows: ResultColumns, at: number): void {
    const length = this.#length + ROW_LEN;
    if (length > this.#rows.length) this.#rows = grown(this.#rows, 2 * this.#rows.length);
    for (let i = 0; i < ROW_LEN; i++) this.#rows[this.#length + i] = rows[at + i]!;
    this.#length = length;
  }

  /** Returns a copy of the rows. */
  copy(): ResultColumns {
    return this.#rows.slice(0, this.#length);
  }
}

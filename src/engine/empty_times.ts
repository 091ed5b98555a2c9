// Hot path: nothing here may allocate per packet.
/**
 * The times in which a token bucket was empty. Times are milliseconds.
 *
 * @module
 */

/** Times without a token that are kept. */
const KEPT = 16;

/** A ring of the latest times without a token. */
export class EmptyTimes {
  readonly #from = new Float64Array(KEPT);
  readonly #until = new Float64Array(KEPT);
  #count = 0;

  /** Adds a time, which is joined to the latest one where they overlap. */
  add(fromMs: number, untilMs: number): void {
    const last = (this.#count - 1) % KEPT;
    if (this.#count > 0 && fromMs < this.#until[last]!) {
      this.#from[last] = Math.min(this.#from[last]!, fromMs);
      this.#until[last] = Math.max(this.#until[last]!, untilMs);
      return;
    }
    const at = this.#count++ % KEPT;
    this.#from[at] = fromMs;
    this.#until[at] = untilMs;
  }

  /** Removes all times. */
  clear(): void {
    this.#count = 0;
  }

  /** True for a time without a token, and for one before those that are kept; sums of times may be off by `roundingMs`. */
  covers(atMs: number, roundingMs: number): boolean {
    const kept = Math.min(this.#count, KEPT);
    if (this.#count > KEPT && atMs < this.#from[this.#count % KEPT]!) return true;
    for (let i = 1; i <= kept; i++) {
      const at = (this.#count - i) % KEPT;
      if (atMs >= this.#until[at]! - roundingMs) return false;
      if (atMs >= this.#from[at]!) return true;
    }
    return false;
  }
}

/**
 * Randomness that can be had again: the same seed gives the same numbers, so a failure names its seed and is repeated.
 *
 * @module
 */

/** A small seeded generator, for tests only: a Weyl sequence through the finalizer of MurmurHash3. */
export class Random {
  readonly seed: number;
  #state: number;

  constructor(seed: number) {
    this.seed = seed >>> 0;
    this.#state = this.seed;
  }

  /** The next number of 32 bits. */
  u32(): number {
    this.#state = (this.#state + 0x9e3779b9) >>> 0;
    let x = this.#state;
    x = Math.imul(x ^ x >>> 16, 0x85ebca6b);
    x = Math.imul(x ^ x >>> 13, 0xc2b2ae35);
    return (x ^ x >>> 16) >>> 0;
  }

  /** A number from 0 to under `n`, which is at most 2^32. */
  below(n: number): number {
    return Math.floor(this.u32() / 0x1_0000_0000 * n);
  }

  /** A fraction from 0 to under 1. */
  fraction(): number {
    return this.u32() / 0x1_0000_0000;
  }

  /** True with the given probability. */
  chance(probability: number): boolean {
    return this.fraction() < probability;
  }

  /** `count` bytes. */
  bytes(count: number): Uint8Array {
    return Uint8Array.from({ length: count }, () => this.u32() & 0xff);
  }

  /** One of the items; there must be one. */
  pick<T>(items: readonly T[]): T {
    if (items.length === 0) throw new RangeError("Cannot pick: the list is empty. Give at least one item");
    return items[this.below(items.length)]!;
  }

  /** The items in another order, in a new array. */
  shuffled<T>(items: readonly T[]): T[] {
    const result = [...items];
    for (let i = result.length - 1; i > 0; i--) {
      const j = this.below(i + 1);
      [result[i], result[j]] = [result[j]!, result[i]!];
    }
    return result;
  }
}

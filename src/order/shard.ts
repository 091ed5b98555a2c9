// Hot path: `at` runs once for every probe and allocates nothing.
/**
 * Parts of an order: the i-th of m shards is every m-th position, from the i-th on. Shards of one order are disjoint and
 * cover it; a worker's share of a machine's share of a scan is again a shard.
 *
 * @module
 */
import { Permutation } from "./permutation.ts";

/** One of several equal parts. */
export interface Shard {
  /** Which part, from 1 to `count`. */
  readonly index: number;
  /** How many parts there are. */
  readonly count: number;
}

/** The part that is the whole. */
export const WHOLE: Shard = { index: 1, count: 1 };

/**
 * How many of `size` positions fall to a shard.
 *
 * @throws {RangeError} Where the shard's index is not an integer from 1 to its count.
 */
export function shardSize(size: number, shard: Shard): number {
  checkShard(shard);
  return size < shard.index ? 0 : Math.floor((size - shard.index) / shard.count) + 1;
}

/**
 * The shard of the whole that `inner` is of `outer`: worker 2 of 4 on machine 3 of 5, say.
 *
 * @throws {RangeError} Where an index is not an integer from 1 to its count, or the parts are too many to count exactly.
 */
export function nestShard(outer: Shard, inner: Shard): Shard {
  checkShard(outer);
  checkShard(inner);
  // Position k of `inner` is position inner.index - 1 + k * inner.count of `outer`.
  const nested = { index: outer.index + (inner.index - 1) * outer.count, count: outer.count * inner.count };
  checkShard(nested);
  return nested;
}

/** One shard's part of a keyed order. */
export class ShardedOrder {
  /** How many numbers this shard holds. */
  readonly size: number;
  readonly #order: Permutation;
  readonly #first: number;
  readonly #step: number;

  /**
   * Takes one part of an order.
   *
   * @param size How many numbers the whole order holds, 0 to 2^53.
   * @param seed Chooses the order; every shard of one scan needs the same.
   * @param shard Which part; the whole by default.
   * @throws {RangeError} Where one of them is out of range.
   */
  constructor(size: number, seed: number, shard: Shard = WHOLE) {
    this.#order = new Permutation(size, seed);
    this.size = shardSize(size, shard);
    this.#first = shard.index - 1;
    this.#step = shard.count;
  }

  /**
   * The number at position `k` of this shard, 0 to `size` - 1.
   *
   * @throws {RangeError} Where the position is outside.
   */
  at(k: number): number {
    return this.#order.at(this.#first + k * this.#step);
  }

  /**
   * Whether a number of the whole order is this shard's.
   *
   * @throws {RangeError} Where the number is outside the order.
   */
  has(index: number): boolean {
    return this.#step === 1 || this.#order.positionOf(index) % this.#step === this.#first;
  }
}

function checkShard({ index, count }: Shard): void {
  if (!Number.isSafeInteger(count) || count < 1 || !Number.isSafeInteger(index) || index < 1 || index > count) {
    throw new RangeError(`Cannot take shard ${index} of ${count}: the first must be an integer from 1 to the second`);
  }
}

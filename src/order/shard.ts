// Hot path: `at` runs once for every probe and allocates nothing.
/**
 * Shards of an order: shard i of m is every m-th position, from the i-th on. The shards of one order are disjoint and
 * cover it; a worker's shard of a machine's shard is again a shard of the scan. An order has tiers, ranges of indices that
 * follow each other: all indices of a tier, in an order of its own, come before those of the next.
 *
 * @module
 */
import { Permutation } from "./permutation.ts";

/** One of several equal parts. */
export interface Shard {
  /** The number of this part, from 1 to `count`. */
  readonly index: number;
  /** The number of parts. */
  readonly count: number;
}

/** The only shard of an undivided order. */
export const WHOLE: Shard = { index: 1, count: 1 };

/**
 * Returns the number of positions, out of `size`, in a shard.
 *
 * @throws {RangeError} If the shard's index is not an integer from 1 to its count.
 */
export function shardSize(size: number, shard: Shard): number {
  checkShard(shard);
  return size < shard.index ? 0 : Math.floor((size - shard.index) / shard.count) + 1;
}

/**
 * Returns the shard of the whole that is the shard `inner` of the shard `outer`: worker 2 of 4 on machine 3 of 5.
 *
 * @throws {RangeError} If an index is not an integer from 1 to its count, or the parts are too many to count exactly.
 */
export function nestShard(outer: Shard, inner: Shard): Shard {
  checkShard(outer);
  checkShard(inner);
  // Position k of `inner` is position inner.index - 1 + k * inner.count of `outer`.
  const nested = { index: outer.index + (inner.index - 1) * outer.count, count: outer.count * inner.count };
  checkShard(nested);
  return nested;
}

/** The indices of an order from `start` to `end` - 1, and their positions, which are as many. */
interface Tier {
  readonly start: number;
  readonly end: number;
  readonly order: Permutation;
}

/** One shard's part of a keyed order. */
export class ShardedOrder {
  /** The number of indices in this shard. */
  readonly size: number;
  readonly #tiers: readonly Tier[];
  readonly #first: number;
  readonly #step: number;

  /**
   * Creates one shard of an order.
   *
   * @param tierSizes The number of indices in each tier, of which there is at least one; together 0 to 2^53.
   * @param seed The seed of the order, the same for every shard of a scan.
   * @param shard The part; the whole by default.
   * @throws {RangeError} If one of them is out of range.
   */
  constructor(tierSizes: readonly number[], seed: number, shard: Shard = WHOLE) {
    let end = 0;
    this.#tiers = tierSizes.map((size) => ({ order: new Permutation(size, seed), start: end, end: end += size }));
    this.size = shardSize(end, shard);
    this.#first = shard.index - 1;
    this.#step = shard.count;
  }

  /**
   * Returns the index at position `k` of this shard, 0 to `size` - 1.
   *
   * @throws {RangeError} If the position is outside.
   */
  at(k: number): number {
    const position = this.#first + k * this.#step;
    const { start, order } = this.#tierAt(position);
    return start + order.at(position - start);
  }

  /**
   * Returns true if an index of the whole order is in this shard.
   *
   * @throws {RangeError} If the index is outside the order.
   */
  has(index: number): boolean {
    if (this.#step === 1) return true;
    const { start, order } = this.#tierAt(index);
    return (start + order.positionOf(index - start)) % this.#step === this.#first;
  }

  /** Returns the tier of an index, or of a position. */
  #tierAt(at: number): Tier {
    const tiers = this.#tiers, last = tiers.length - 1;
    let tier = 0;
    while (tier < last && at >= tiers[tier]!.end) tier++;
    return tiers[tier]!;
  }
}

function checkShard({ index, count }: Shard): void {
  if (!Number.isSafeInteger(count) || count < 1 || !Number.isSafeInteger(index) || index < 1 || index > count) {
    throw new RangeError(`Cannot take shard ${index} of ${count}: the first must be an integer from 1 to the second`);
  }
}

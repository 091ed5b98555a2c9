/**
 * Sets of unsigned 32-bit numbers (hosts, addresses, ports) as sorted ranges.
 *
 * @module
 */
import { grown } from "../collections/grown.ts";
import { lastAtMost } from "../collections/sorted_search.ts";

/** The largest number that a range can hold. */
const U32_MAX = 0xffffffff;

/** A set of numbers from 0 to 2^32 - 1, as sorted ranges that neither overlap nor touch. Immutable. */
export class Ranges {
  /** The empty set. */
  static readonly EMPTY: Ranges = new Ranges(new Uint32Array(0));

  /** The number of members, 0 to 2^32. */
  readonly size: number;
  /** The number of ranges. */
  readonly count: number;
  /** First and last number of each range, one pair after the other. */
  readonly #bounds: Uint32Array;
  /** The number of members before each range; computed on first use. */
  #before: Float64Array | undefined;

  private constructor(bounds: Uint32Array) {
    this.#bounds = bounds;
    this.count = bounds.length / 2;
    let size = 0;
    for (let i = 0; i < bounds.length; i += 2) size += bounds[i + 1]! - bounds[i]! + 1;
    this.size = size;
  }

  /** Returns the set of the numbers from `first` to `last`, both included. */
  static of(first: number, last: number = first): Ranges {
    return new RangesBuilder().add(first, last).build();
  }

  /** Returns the union of ranges, each a first and a last number; they may overlap and be in any order. */
  static from(pairs: Iterable<readonly [first: number, last: number]>): Ranges {
    const builder = new RangesBuilder();
    for (const [first, last] of pairs) builder.add(first, last);
    return builder.build();
  }

  /** Returns the set of these numbers. */
  static ofMembers(numbers: Iterable<number>): Ranges {
    const builder = new RangesBuilder();
    for (const number of numbers) builder.add(number, number);
    return builder.build();
  }

  /** Returns a set that owns `bounds`: sorted, disjoint ranges that do not touch. For {@linkcode RangesBuilder}. */
  static fromSortedBounds(bounds: Uint32Array): Ranges {
    return bounds.length === 0 ? Ranges.EMPTY : new Ranges(bounds);
  }

  /** Returns the first number of the `i`-th range. */
  firstOf(i: number): number {
    return this.#bounds[2 * i]!;
  }

  /** Returns the last number of the `i`-th range. */
  lastOf(i: number): number {
    return this.#bounds[2 * i + 1]!;
  }

  /** Returns the `index`-th smallest member, from 0 to `size` - 1. */
  at(index: number): number {
    if (this.count === 1) return this.#bounds[0]! + index;
    const before = this.#before ??= this.#countBefore();
    const range = lastAtMost(before, index);
    return this.#bounds[2 * range]! + (index - before[range]!);
  }

  /** Returns the position of a member, from 0 to `size` - 1: the inverse of {@linkcode at}; -1 for a number that is no member. */
  indexOf(value: number): number {
    const range = this.rangeOf(value);
    if (range <= 0) return range < 0 ? -1 : value - this.#bounds[0]!;
    return (this.#before ??= this.#countBefore())[range]! + value - this.#bounds[2 * range]!;
  }

  /** Returns the index of the range that contains `value`; -1 if none does. */
  rangeOf(value: number): number {
    const bound = lastAtMost(this.#bounds, value);
    // An even index is a first number; of an odd one, only the last number itself is in the range.
    return bound >= 0 && ((bound & 1) === 0 || this.#bounds[bound] === value) ? bound >> 1 : -1;
  }

  /** Returns true if `value` is a member. */
  has(value: number): boolean {
    return this.rangeOf(value) >= 0;
  }

  /** Returns the union with another set. */
  union(other: Ranges): Ranges {
    return new RangesBuilder().addAll(this).addAll(other).build();
  }

  /** Returns the members of this set that are not in the other. */
  subtract(other: Ranges): Ranges {
    const left = new RangesBuilder();
    let j = 0;
    for (let i = 0; i < this.count; i++) {
      let first = this.firstOf(i);
      const last = this.lastOf(i);
      while (j < other.count && other.lastOf(j) < first) j++;
      // `j` may cut into the next range too, so it is not moved past a range that reaches beyond this one.
      for (let k = j; first <= last; k++) {
        if (k >= other.count || other.firstOf(k) > last) {
          left.add(first, last);
          break;
        }
        if (other.firstOf(k) > first) left.add(first, other.firstOf(k) - 1);
        first = other.lastOf(k) + 1;
        j = k;
      }
    }
    return left.build();
  }

  /** Returns true if both sets have the same members. */
  equals(other: Ranges): boolean {
    if (this.count !== other.count || this.size !== other.size) return false;
    return this.#bounds.every((bound, i) => bound === other.#bounds[i]);
  }

  /** The ranges, as pairs of first and last number. */
  *[Symbol.iterator](): Iterator<[first: number, last: number]> {
    for (let i = 0; i < this.count; i++) yield [this.firstOf(i), this.lastOf(i)];
  }

  #countBefore(): Float64Array {
    const before = new Float64Array(this.count);
    for (let i = 1; i < this.count; i++) before[i] = before[i - 1]! + this.lastOf(i - 1) - this.firstOf(i - 1) + 1;
    return before;
  }
}

/** Collects ranges in any order, in memory that grows with their number only. */
export class RangesBuilder {
  #bounds = new Uint32Array(8);
  #length = 0;
  #sorted = true;

  /**
   * Adds the numbers from `first` to `last`.
   *
   * @throws {RangeError} If they are not integers from 0 to 2^32 - 1 in that order.
   */
  add(first: number, last: number): this {
    if (first >>> 0 !== first || last >>> 0 !== last || first > last) {
      throw new RangeError(`Cannot take the range ${first}-${last}: it must run upwards within 0 to ${U32_MAX}`);
    }
    const length = this.#length;
    if (length > 0 && this.#sorted) {
      const end = this.#bounds[length - 1]!;
      if (first > end + 1) {
        // The usual case: the next range of a list in order.
      } else if (first >= this.#bounds[length - 2]!) {
        if (last > end) this.#bounds[length - 1] = last;
        return this;
      } else {
        this.#sorted = false;
      }
    }
    if (length === this.#bounds.length) this.#bounds = grown(this.#bounds, 2 * length);
    this.#bounds[length] = first;
    this.#bounds[length + 1] = last;
    this.#length = length + 2;
    return this;
  }

  /** Adds every member of a set. */
  addAll(ranges: Ranges): this {
    for (let i = 0; i < ranges.count; i++) this.add(ranges.firstOf(i), ranges.lastOf(i));
    return this;
  }

  /** Returns the set of all that was added. More can be added afterwards. */
  build(): Ranges {
    if (this.#sorted) return Ranges.fromSortedBounds(this.#bounds.slice(0, this.#length));
    // A pair as one number would need 64 bits, so firsts and lasts are sorted apart: sweeping both, a range of the union
    // ends where as many have ended as have begun.
    const pairs = this.#length / 2;
    const firsts = new Uint32Array(pairs), lasts = new Uint32Array(pairs);
    for (let i = 0; i < pairs; i++) {
      firsts[i] = this.#bounds[2 * i]!;
      lasts[i] = this.#bounds[2 * i + 1]!;
    }
    firsts.sort();
    lasts.sort();
    const bounds = new Uint32Array(this.#length);
    let length = 0;
    for (let i = 0; i < pairs; i++) {
      if (length > 0 && firsts[i]! <= bounds[length - 1]! + 1) bounds[length - 1] = lasts[i]!;
      else {
        bounds[length++] = firsts[i]!;
        bounds[length++] = lasts[i]!;
      }
    }
    return Ranges.fromSortedBounds(bounds.slice(0, length));
  }
}

/**
 * Sorting of whole numbers by their digits (radix sort).
 *
 * @module
 */

/** Bits of a key that a pass sorts by: more are fewer passes, but each passes over as many counts. */
const LEAST_BITS = 4;
const MOST_BITS = 16;

/**
 * Returns the indices of keys in ascending order of the keys; of equal keys the first comes first. A radix sort: several times as fast as
 * a comparison sort of keys and indices together.
 */
export function orderOf(keys: Uint32Array): Uint32Array<ArrayBuffer> {
  let order = new Uint32Array(keys.length);
  let other = new Uint32Array(keys.length);
  let differing = 0;
  for (let at = 0; at < order.length; at++) {
    order[at] = at;
    differing |= keys[at]! ^ keys[0]!;
  }
  const bits = Math.min(MOST_BITS, Math.max(LEAST_BITS, Math.ceil(Math.log2(keys.length))));
  const mask = (1 << bits) - 1;
  const offsets = new Uint32Array(1 << bits);
  for (let shift = 0; shift < 32; shift += bits) {
    // By bits that all have in common they are sorted already.
    if ((differing >>> shift & mask) === 0) continue;
    offsets.fill(0);
    for (let at = 0; at < keys.length; at++) offsets[keys[at]! >>> shift & mask]!++;
    toOffsets(offsets);
    for (let at = 0; at < order.length; at++) {
      const index = order[at]!;
      other[offsets[keys[index]! >>> shift & mask]!++] = index;
    }
    const sorted = other;
    other = order;
    order = sorted;
  }
  return order;
}

/** Numbers from which counting digits is faster than comparing. */
const MANY = 4096;
const DIGITS = 1 << MOST_BITS;
const LOWER = 2 ** 32;

/** Sorts whole numbers from 0 to 2^53 - 1 in place: many of them several times as fast as `sort`. */
export function sortWhole(numbers: Float64Array): void {
  if (numbers.length < MANY) {
    numbers.sort();
    return;
  }
  const offsets = new Uint32Array(DIGITS);
  let from = numbers;
  let to: Float64Array = new Float64Array(numbers.length);
  for (const unit of [1, LOWER]) {
    const first = from[0]! / unit;
    let differing = 0;
    for (let at = 0; at < from.length; at++) differing |= from[at]! / unit ^ first;
    for (let shift = 0; shift < 32; shift += MOST_BITS) {
      // By a digit that all have in common they are sorted already.
      if ((differing >>> shift & DIGITS - 1) === 0) continue;
      offsets.fill(0);
      for (let at = 0; at < from.length; at++) offsets[from[at]! / unit >>> shift & DIGITS - 1]!++;
      toOffsets(offsets);
      for (let at = 0; at < from.length; at++) {
        const number = from[at]!;
        to[offsets[number / unit >>> shift & DIGITS - 1]!++] = number;
      }
      [from, to] = [to, from];
    }
  }
  if (from !== numbers) numbers.set(from);
}

/** Replaces the count of each digit by the place of the first number that has it. */
function toOffsets(counts: Uint32Array): void {
  let offset = 0;
  for (let digit = 0; digit < counts.length; digit++) {
    const count = counts[digit]!;
    counts[digit] = offset;
    offset += count;
  }
}

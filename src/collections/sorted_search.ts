// Hot path: searches run once for every probe and allocate nothing.
/**
 * Binary search in ascending numbers.
 *
 * @module
 */

/** Returns the index of the last of `numbers` (ascending) that is at most `value`; -1 if there is none. */
export function lastAtMost(numbers: ArrayLike<number>, value: number): number {
  let low = -1, high = numbers.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if (numbers[middle]! <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}

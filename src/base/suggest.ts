/**
 * Suggestions for misspelt words.
 *
 * @module
 */

/**
 * Returns the word nearest to `typed` by letters added, omitted, changed or swapped, or a word that contains it as a part
 * (`--max-rate` for `--rate`); undefined if none is near.
 */
export function nearest(typed: string, words: Iterable<string>): string | undefined {
  let best: string | undefined;
  let bestDistance = Math.max(1, Math.floor(typed.replace(/^-+/, "").length / 3)) + 1;
  for (const word of words) {
    const letters = editDistance(typed, word);
    // The beginning of a word is about as near as one letter; of several such words the shortest is nearest.
    const distance = letters > 1 && word.startsWith(typed) && typed.length > 3 ? 1 + letters / 1000 : letters;
    if (distance < bestDistance) [best, bestDistance] = [word, distance];
  }
  const part = typed.replace(/^-+/, "");
  return best ?? [...words].find((word) => part !== "" && word.split("-").includes(part));
}

/** Returns the optimal string alignment distance (Damerau; an adjacent swap counts once). */
function editDistance(one: string, other: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: other.length + 1 }, (_, column) => column);
  for (let row = 1; row <= one.length; row++) {
    const current = [row];
    for (let column = 1; column <= other.length; column++) {
      const changed = one[row - 1] === other[column - 1] ? 0 : 1;
      let least = Math.min(
        (last[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + changed,
      );
      if (row > 1 && column > 1 && one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1]) {
        least = Math.min(least, (beforeLast[column - 2] ?? 0) + 1);
      }
      current.push(least);
    }
    [beforeLast, last] = [last, current];
  }
  return last[other.length] ?? 0;
}

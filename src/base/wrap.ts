/**
 * Text in lines of bounded length.
 *
 * @module
 */

/** A terminal that is narrower breaks lines by itself, and better than a word a line. */
const LEAST_WIDTH = 20;

/** Breaks text between words into lines of at most `columns` characters; a longer word has a line of its own. */
export function wrapped(text: string, columns: number): string[] {
  const width = Math.max(LEAST_WIDTH, columns);
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

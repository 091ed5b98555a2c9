/**
 * Line wrapping.
 *
 * @module
 */

/** The least width in columns; a narrower terminal wraps lines by itself. */
const LEAST_WIDTH = 20;

/** Wraps text between words into lines of at most `columns` characters; a longer word has its own line. */
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

/** Wraps each line of a text; without `columns`, returns it unchanged. */
export function wrappedLines(text: string, columns: number | undefined): string {
  if (columns === undefined) return text;
  return text.split("\n").map((line) => wrapped(line, columns).join("\n")).join("\n");
}

/** The largest indent of the second column on a terminal that is too narrow for both. */
const MAX_HANGING = 8;

/** Returns the indent of the second column of two, of which the first has `first` columns of `columns`. */
export function hangingIndent(first: number, columns: number): number {
  return first + LEAST_WIDTH > columns ? Math.min(first, MAX_HANGING) : first;
}

/** Wraps text in two columns (names and meanings); continuation lines are indented to the second column. */
export function hangingLines(text: string, columns: number | undefined): string {
  if (columns === undefined) return text;
  return text.split("\n").map((line) => {
    if (line.length <= columns) return line;
    const start = /^ *(\S.*? {2,})?/.exec(line)![0];
    const indent = hangingIndent(start.length, columns);
    const rest = wrapped(line.slice(start.length), columns - indent);
    if (indent === start.length) return start + rest.join(`\n${" ".repeat(indent)}`);
    return [start.trimEnd(), ...rest.map((part) => " ".repeat(indent) + part)].join("\n");
  }).join("\n");
}

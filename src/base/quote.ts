/**
 * Input quoted in an error message: on one line, of bounded length, safe for a terminal.
 *
 * @module
 */

const LONGEST = 60;

/** Returns text as one word of a shell. */
export function shellWord(text: string): string {
  return /^[\w./:@%+=,-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** Returns `text` in double quotes, with unprintable characters escaped and a long text truncated. */
export function quote(text: string): string {
  const cut = text.length > LONGEST ? `${text.slice(0, LONGEST)}...` : text;
  return JSON.stringify(cut).replace(/[^\x20-\x7e\u00a1-\u024f]/g, escape);
}

function escape(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

/**
 * The user's own words inside an error message: on one line, of bounded length, harmless to a terminal.
 *
 * @module
 */

const LONGEST = 60;

/** `text` in double quotes; what does not print is escaped, and all but the beginning of a long text is cut off. */
export function quote(text: string): string {
  const cut = text.length > LONGEST ? `${text.slice(0, LONGEST)}...` : text;
  return JSON.stringify(cut).replace(/[^\x20-\x7e\u00a1-\u024f]/g, escape);
}

function escape(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

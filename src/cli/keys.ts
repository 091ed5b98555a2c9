/**
 * Keys while a scan runs, declared once: `?`, the README and the manual page list them.
 *
 * @module
 */

/** Keys, and what each does. */
export const KEYS: readonly (readonly [keys: readonly string[], does: string])[] = [
  [["+", "-"], "doubles, halves the rate that is not to be exceeded"],
  [["v", "V"], "tells more, less of what is found meanwhile"],
  [["p", "P"], "shows each packet, no longer shows them (SYN scans, with one worker)"],
  [["q"], "ends the scan with what is known"],
  [["?"], "lists the keys"],
  [[], "says where the scan stands"],
];

/** The list, for a terminal. */
export function keysText(): string {
  const rows = KEYS.map(([keys, does]) => `  ${(keys.length > 0 ? keys.join(" ") : "any other").padEnd(11)}${does}\n`);
  return `Keys while scanning:\n${rows.join("")}`;
}

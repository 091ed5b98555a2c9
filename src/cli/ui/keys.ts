/**
 * Keys while a scan runs, declared once: `?`, help and the manual page list them.
 *
 * @module
 */
import { wrapped } from "../../base/wrap.ts";

/** Keys, and the effect of each. */
export const KEYS: readonly (readonly [keys: readonly string[], does: string])[] = [
  [["+", "-"], "doubles, halves the upper bound of the rate"],
  [["v", "V"], "prints more, less about results while they are found"],
  [["p", "P"], "shows each packet, stops showing packets (SYN scans with one worker)"],
  [["q"], "ends the scan with the results so far"],
  [["?"], "lists the keys"],
  [[], "prints the status of the scan"],
];

const NAMES_WIDTH = 13;

/** Returns the list of keys for a terminal of `columns` columns. */
export function keysText(columns: number): string {
  const indent = `\n${" ".repeat(NAMES_WIDTH)}`;
  const rows = KEYS.map(([keys, does]) => {
    const name = `  ${keys.length > 0 ? keys.join(" ") : "any other"}`.padEnd(NAMES_WIDTH);
    return `${name}${wrapped(does, columns - 1 - NAMES_WIDTH).join(indent)}\n`;
  });
  return `Keys while scanning:\n${rows.join("")}`;
}

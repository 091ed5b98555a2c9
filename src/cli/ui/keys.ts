/**
 * Keys while a scan runs, declared once: `?`, the README and the manual page list them.
 *
 * @module
 */
import { wrapped } from "../../base/wrap.ts";

/** Keys, and what each does. */
export const KEYS: readonly (readonly [keys: readonly string[], does: string])[] = [
  [["+", "-"], "doubles, halves the rate that is not to be exceeded"],
  [["v", "V"], "tells more, less of what is found meanwhile"],
  [["p", "P"], "shows each packet, no longer shows them (SYN scans, with one worker)"],
  [["q"], "ends the scan with what is known"],
  [["?"], "lists the keys"],
  [[], "says where the scan stands"],
];

const NAMES_WIDTH = 13;

/** The list, for a terminal of so many columns. */
export function keysText(columns: number): string {
  const indent = `\n${" ".repeat(NAMES_WIDTH)}`;
  const rows = KEYS.map(([keys, does]) => {
    const name = `  ${keys.length > 0 ? keys.join(" ") : "any other"}`.padEnd(NAMES_WIDTH);
    return `${name}${wrapped(does, columns - 1 - NAMES_WIDTH).join(indent)}\n`;
  });
  return `Keys while scanning:\n${rows.join("")}`;
}

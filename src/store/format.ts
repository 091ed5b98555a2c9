/**
 * The common parts of the history's reports: JSON that a terminal can show, and lists of ports.
 *
 * @module
 */
import { PortSet } from "../target/ports.ts";
import { Ranges } from "../target/ranges.ts";
import { portIn } from "./key.ts";

/** Returns an object as one line of JSON. */
export function jsonLine(value: unknown): string {
  // JSON.stringify leaves DEL, C1, line separators and marks of direction as they are; a terminal would act on them.
  const text = JSON.stringify(value).replace(
    /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return `${text}\n`;
}

/** Returns the ports of port keys as text, each port once: `22,80,8000-8100`. */
export function portsText(keys: readonly { readonly first: number; readonly last: number }[]): string {
  const ranges = Ranges.from(keys.map(({ first, last }) => [portIn(first), portIn(last)]));
  return PortSet.fromRanges(ranges).toString();
}

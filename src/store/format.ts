/**
 * The common parts of the history's reports: JSON that a terminal can show, and lists of ports.
 *
 * @module
 */
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

/** Returns ascending ranges of port keys as text, joined where they touch: `22,80,8000-8100`. After `most` ranges the others are left out. */
export function portsText(
  ranges: readonly { readonly first: number; readonly last: number }[],
  most = Infinity,
): string {
  let text = "";
  for (let at = 0, count = 0; at < ranges.length; count++) {
    const { first } = ranges[at]!;
    let { last } = ranges[at++]!;
    for (; ranges[at]?.first === last + 1; at++) last = ranges[at]!.last;
    if (count === most) return `${text},...`;
    text += `${text === "" ? "" : ","}${portIn(first)}${first === last ? "" : `-${portIn(last)}`}`;
  }
  return text;
}

/**
 * The common parts of the history's reports: JSON that a terminal can show, and lists of ports.
 *
 * @module
 */

/** Returns an object as one line of JSON. */
export function jsonLine(value: unknown): string {
  // JSON.stringify leaves DEL, C1, line separators and marks of direction as they are; a terminal would act on them.
  const text = JSON.stringify(value).replace(
    /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return `${text}\n`;
}

/** Returns ascending ports as ranges: `22,80,8000-8100`. After `most` ranges the others are left out. */
export function portsText(ports: readonly number[], most = Infinity): string {
  const ranges: string[] = [];
  for (let i = 0; i < ports.length;) {
    const first = ports[i]!;
    let last = first;
    for (i++; ports[i] === last + 1; i++) last++;
    if (ranges.length === most) {
      ranges.push("...");
      break;
    }
    ranges.push(first === last ? `${first}` : `${first}-${last}`);
  }
  return ranges.join(",");
}

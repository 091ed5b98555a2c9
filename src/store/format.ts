/**
 * What the history's reports have in common: JSON that a terminal may show, and lists of ports.
 *
 * @module
 */

/** An object as one line of JSON. */
export function jsonLine(value: unknown): string {
  // JSON.stringify leaves DEL, C1, line separators and marks of direction as they are; a terminal would obey them.
  const text = JSON.stringify(value).replace(
    /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return `${text}\n`;
}

/** Ascending ports as people write them: `22,80,8000-8100`. After `most` stretches the rest is left out. */
export function portsText(ports: readonly number[], most = Infinity): string {
  const stretches: string[] = [];
  for (let i = 0; i < ports.length;) {
    const first = ports[i]!;
    let last = first;
    for (i++; ports[i] === last + 1; i++) last++;
    if (stretches.length === most) {
      stretches.push("...");
      break;
    }
    stretches.push(first === last ? `${first}` : `${first}-${last}`);
  }
  return stretches.join(",");
}

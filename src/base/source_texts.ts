/**
 * The addresses to send from, as the user names them.
 *
 * @module
 */

/** Returns the addresses of a list with commas, as text. */
export function sourceTexts(sourceIp: string | undefined): string[] {
  return sourceIp === undefined ? [] : sourceIp.split(",").map((text) => text.trim());
}

/**
 * A local stand-in for the part of `@std/fmt/colors` that synscan uses. Colour is on unless the environment says
 * NO_COLOR; whether a terminal is there to show it is for the caller to find out.
 *
 * @module
 */

import { inspect, stripVTControlCharacters } from "node:util";

let enabled = !Deno.noColor;

/** Switches colour on or off; without effect where the environment says NO_COLOR. */
export function setColorEnabled(value: boolean): void {
  if (!Deno.noColor) enabled = value;
}

/** Says whether colour is on. */
export function getColorEnabled(): boolean {
  return enabled;
}

/** Text in bold. */
export function bold(str: string): string {
  return paint(str, "bold");
}

/** Text with less light. */
export function dim(str: string): string {
  return paint(str, "dim");
}

/** Text in red. */
export function red(str: string): string {
  return paint(str, "red");
}

/** Text in green. */
export function green(str: string): string {
  return paint(str, "green");
}

/** Text in yellow. */
export function yellow(str: string): string {
  return paint(str, "yellow");
}

/** Text in cyan. */
export function cyan(str: string): string {
  return paint(str, "cyan");
}

/** Text in gray. */
export function gray(str: string): string {
  return paint(str, "gray");
}

/**
 * Text without its escape sequences. Of two that nothing here writes the package says otherwise: it takes out `ESC[5X`
 * (erase characters), and does not know an operating system command that ends in `ESC\` instead of BEL.
 */
export function stripAnsiCode(string: string): string {
  return stripVTControlCharacters(string);
}

/** Where the text itself ends the same style, the style is taken up again. */
function paint(
  text: string,
  style: "bold" | "dim" | "red" | "green" | "yellow" | "cyan" | "gray",
): string {
  if (!enabled) return text;
  const [open, close] = (inspect.colors[style] ?? [0, 0]).map((code) => `\x1b[${code}m`) as [string, string];
  return open + text.replaceAll(close, open) + close;
}

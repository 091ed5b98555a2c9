/**
 * A local stand-in for the part of `@std/fmt/colors` that synscan uses. Colour is on unless the environment says
 * NO_COLOR; whether a terminal is there to show it is for the caller to find out.
 *
 * @module
 */

// Not by node:util, which takes 14 ms to load, and is loaded by nothing else that a scan needs.
/** Select graphic rendition (ECMA-48, section 8.3.117): what begins a style and what ends it. */
const STYLES = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  cyan: [36, 39],
  gray: [90, 39],
} as const;
/** Control sequences (ECMA-48, section 5.4) and operating system commands. */
// deno-lint-ignore no-control-regex
const SEQUENCES = /\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)/g;

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
  return string.replaceAll(SEQUENCES, "");
}

/** Where the text itself ends the same style, the style is taken up again. */
function paint(text: string, style: keyof typeof STYLES): string {
  if (!enabled) return text;
  const [open, close] = STYLES[style].map((code) => `\x1b[${code}m`) as [string, string];
  return open + text.replaceAll(close, open) + close;
}

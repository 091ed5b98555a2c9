/**
 * A local stand-in for the part of `@std/fmt/colors` that synscan imports. Colour is off if the environment has NO_COLOR,
 * unless it is enabled; the caller decides if the output is a terminal.
 *
 * @module
 */

let isEnabled = !Deno.noColor;

/** Enables or disables colour. */
export function setColorEnabled(value: boolean): void {
  isEnabled = value;
}

/** Returns a function that puts text between two select graphic renditions (ECMA-48, section 8.3.117). */
function style(start: number, end: number): (str: string) => string {
  const [open, close] = [`\x1b[${start}m`, `\x1b[${end}m`];
  // Where the text itself ends the same style, the style begins again.
  return (str) => isEnabled ? open + str.replaceAll(close, open) + close : str;
}

/** Returns the text in bold. */
export const bold: (str: string) => string = style(1, 22);
/** Returns the text in red. */
export const red: (str: string) => string = style(31, 39);
/** Returns the text in green. */
export const green: (str: string) => string = style(32, 39);
/** Returns the text in yellow. */
export const yellow: (str: string) => string = style(33, 39);

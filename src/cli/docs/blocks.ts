/**
 * The pieces of help texts, and their layout for a terminal. The manual page sets the same pieces in roff.
 *
 * @module
 */
import { hangingIndent, wrapped } from "../../base/wrap.ts";
import type { GROUPS } from "../args/flags.ts";

/** A piece of a help topic; a string is a paragraph. */
export type Block =
  | string
  | { readonly heading: string }
  /** Names and their meanings. Several names of one meaning stand on lines of their own. */
  | { readonly rows: readonly (readonly [name: string | readonly string[], text: string])[] }
  /** Lines that are printed as they are. */
  | { readonly code: readonly string[] }
  /** The flags of a group, as `--help all` shows them; the manual page has them under OPTIONS. */
  | { readonly flags: typeof GROUPS[number] };

/** The width of help texts in columns, where the terminal is not narrower. */
export const WIDTH = 80;
const MAX_NAMES_WIDTH = 26;

/** Lays out one name and its texts in two columns of `width` together; a long name has a line of its own. */
export function row(
  name: string | readonly string[],
  texts: readonly string[],
  { namesWidth, width }: { readonly namesWidth: number; readonly width: number },
): string {
  const names = [name].flat();
  const last = names.at(-1) ?? "";
  const indent = hangingIndent(namesWidth, width);
  const lines = texts.flatMap((text) => wrapped(text, width - indent)).map((line) => " ".repeat(indent) + line);
  const fits = last.length + 4 <= indent && lines.length > 0;
  if (fits) lines[0] = `  ${last}`.padEnd(indent) + lines[0]!.slice(indent);
  return `${[...names.slice(0, fits ? -1 : undefined).map((each) => `  ${each}`), ...lines].join("\n")}\n`;
}

/** Lays out blocks in `width` columns, with an empty line between two. Lines of code are not broken. */
export function blocksText(
  blocks: readonly Block[],
  { flagsText, width }: { readonly flagsText: (group: typeof GROUPS[number]) => string; readonly width: number },
): string {
  return blocks.map((block) => {
    if (typeof block === "string") return `${wrapped(plain(block), width).join("\n")}\n`;
    if ("heading" in block) return wrapped(`${block.heading}:`, width).join("\n");
    if ("code" in block) return block.code.map((line) => `    ${line}`.trimEnd() + "\n").join("");
    if ("flags" in block) return `${block.flags}:\n${flagsText(block.flags)}`;
    const longest = Math.max(...block.rows.flatMap(([name]) => [name].flat()).map((name) => name.length));
    const namesWidth = Math.min(longest + 4, MAX_NAMES_WIDTH);
    return block.rows.map(([name, text]) => row(name, [plain(text)], { namesWidth, width })).join("");
  }).join("\n");
}

/** Returns text without the marks of code. */
export function plain(text: string): string {
  return text.replaceAll("`", "");
}

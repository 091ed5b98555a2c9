/**
 * Targets as pieces of text, each with its place for messages.
 *
 * @module
 */
import { quote } from "../base/quote.ts";
import { UsageError } from "../base/errors.ts";

/** The text of one target, and its place. */
export interface Token {
  readonly text: string;
  readonly where: string | undefined;
  /** The column, from 1, at which it begins. */
  readonly column: number;
}

/** Line ends of every system (Unicode 15, section 5.8): a comment that ran on past one would hide the targets behind it. */
const LINE_END = /\r\n|[\n\r\v\f\x85\u2028\u2029]/g;

/** Yields the targets in a file's text; `#` begins a comment. */
export function* fileTokens(text: string, fileName: string): Generator<Token> {
  let lineNumber = 0;
  const lineEnd = new RegExp(LINE_END);
  for (let at = lineEnd.lastIndex = text.startsWith("\ufeff") ? 1 : 0; at < text.length; at = lineEnd.lastIndex) {
    const end = lineEnd.exec(text);
    const line = text.slice(at, end?.index);
    if (end === null) lineEnd.lastIndex = text.length;
    lineNumber++;
    const comment = line.indexOf("#");
    yield* tokensOf(comment < 0 ? line : line.slice(0, comment), `${fileName} line ${lineNumber}`);
    if (end === null) return;
  }
}

const ADDRESS = String.raw`\d+(?:\.\d+){3}`;
/** A word, or a range with blanks before its second address. */
const WORD = new RegExp(String.raw`${ADDRESS}\s+-\s*${ADDRESS}(?:(?=\s|$)|:\S*)|\S+`, "g");
/** Pairs of words that mean one target in other programs, and that would be read as two targets here. */
const MISLEADING: readonly (readonly [pair: RegExp, why: string, remedy: string])[] = [
  [
    new RegExp(String.raw`(?<!\S)${ADDRESS}-\s+${ADDRESS}(?!\S)`),
    "it may be one range or two targets",
    "Write the range without blanks, like 192.0.2.1-192.0.2.9",
  ],
  [
    new RegExp(String.raw`(?<!\S)${ADDRESS}\s+(?:to|through|thru|until|bis)\s+${ADDRESS}(?!\S)`, "i"),
    "a range has a hyphen between its addresses",
    "Write it like 192.0.2.1-192.0.2.9",
  ],
  [
    new RegExp(String.raw`(?<!\S)${ADDRESS}\s+(?:(?:net)?mask\s+)?(?:255(?:\.\d+){3}|0(?:\.\d+){3})(?!\S)`, "i"),
    "a mask follows an address",
    "Write the block with its prefix length, like 192.0.2.0/24",
  ],
];

/** @throws {UsageError} if two words of a line are one target in other programs. */
function refuseMisleading(text: string, where: string | undefined): void {
  for (const [pair, why, remedy] of MISLEADING) {
    const found = pair.exec(text);
    if (found !== null) throw wrong({ text: found[0], where, column: found.index + 1 }, 0, why, remedy);
  }
}

/** Yields the targets in a text; `where` names its place. */
export function* tokensOf(text: string, where: string | undefined): Generator<Token> {
  const hasSeveral = /\S\s+\S/.test(text);
  if (hasSeveral) refuseMisleading(text, where);
  const lastEnd = text.trimEnd().length;
  for (const { 0: spaced, index } of text.matchAll(hasSeveral ? WORD : /\S+/g)) {
    let word = hasSeveral ? spaced.replace(/\s+/g, "") : spaced;
    // A comma with a blank behind it.
    if (word.endsWith(",") && index + spaced.length < lastEnd) word = word.slice(0, -1);
    if (word === "") continue;
    // Bytes have commas between them too, but then there are three dots and no letter.
    const isList = word.includes(",") && !hasPorts(word) && (/[A-Za-z:]/.test(word) || /(?:\..*){4}/.test(word));
    if (!isList) {
      yield { text: word, where, column: index + 1 };
      continue;
    }
    let at = index;
    for (const part of word.split(",")) {
      yield { text: part, where, column: at + 1 };
      at += part.length + 1;
    }
  }
}

/** Returns true for a word with ports: behind a bracket, or behind the only colon of a target, which IPv6 addresses have several of. */
function hasPorts(word: string): boolean {
  return word.includes("]:") || /(?:^|,)[^:,]*:[^:,]*(?:,|$)/.test(word);
}

/** Returns the error for a fault at an offset in a target. */
export function wrong(token: Token, at: number, why: string, remedy: string): UsageError {
  const where = `${token.where === undefined ? "" : `${token.where}, `}column ${token.column + at}`;
  return new UsageError(`Cannot read target ${quote(token.text)}: ${why} (${where}). ${remedy}`);
}

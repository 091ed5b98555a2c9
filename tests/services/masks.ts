/**
 * Finds the parts of a reply that differ from run to run: by patterns, and by comparing two replies to the same probe.
 *
 * @module
 */

import { latin1, type Mask } from "./transcript.ts";

const DAY = "(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)";
const MONTH = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)";
const PATTERNS: readonly RegExp[] = [
  new RegExp(`${DAY}\\w*,? \\d{1,2}[ -]${MONTH}[ -]\\d{2,4} \\d\\d:\\d\\d:\\d\\d(?: [A-Z]{3}| [+-]\\d{4})?`, "gi"),
  new RegExp(`${DAY} ${MONTH} [ \\d]\\d \\d\\d:\\d\\d:\\d\\d(?: [A-Z]{3})? \\d{4}`, "gi"),
  new RegExp(`\\b\\d{1,2} ${MONTH}\\w* \\d{4}(?: \\d\\d:\\d\\d:\\d\\d)?`, "gi"),
  /\b20\d\d-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?)?/g,
  /\b20\d{6}T?\d{6}(?:\.\d+)?Z?/g,
  /\b1[6-9]\d{8}(?:\.?\d+)?\b/g,
  /\b[0-9a-f]{32,}\b/gi,
  /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi,
];

/** Returns the ranges of `reply` that match a pattern or differ from `other`, in order and apart. */
export function findMasks(reply: Uint8Array, other: Uint8Array | undefined, patterns: readonly RegExp[]): Mask[] {
  const text = latin1(reply);
  const masked = new Uint8Array(reply.length);
  for (const pattern of [...PATTERNS, ...patterns]) {
    const global = new RegExp(pattern.source, pattern.flags.includes("g") ? pattern.flags : pattern.flags + "g");
    for (const match of text.matchAll(global)) masked.fill(1, match.index, match.index + match[0].length);
  }
  if (other !== undefined) markDifferences(text, latin1(other), masked);
  return rangesOf(masked);
}

/** Marks the words that differ, if both texts have as many; otherwise the bytes that differ, if as long. */
function markDifferences(one: string, other: string, masked: Uint8Array): void {
  if (one === other) return;
  const words = /[0-9A-Za-z]+|[^0-9A-Za-z]/g;
  const mine = one.match(words) ?? [];
  const theirs = other.match(words) ?? [];
  if (mine.length === theirs.length) {
    let at = 0;
    for (const [index, word] of mine.entries()) {
      if (word !== theirs[index]) masked.fill(1, at, at + word.length);
      at += word.length;
    }
  } else if (one.length === other.length) {
    for (let at = 0; at < one.length; at++) if (one[at] !== other[at]) masked[at] = 1;
  }
}

function rangesOf(masked: Uint8Array): Mask[] {
  const ranges: { from: number; to: number }[] = [];
  for (let at = 0; at < masked.length; at++) {
    if (masked[at] === 0) continue;
    const last = ranges.at(-1);
    if (last !== undefined && at - last.to < 2) last.to = at + 1;
    else ranges.push({ from: at, to: at + 1 });
  }
  return ranges;
}

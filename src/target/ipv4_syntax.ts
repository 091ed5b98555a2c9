/**
 * IPv4 addresses as targets name them: one, a block, a range, or ranges and lists byte by byte.
 *
 * @module
 */
import { quote } from "../base/quote.ts";
import { parseIpv4 } from "../wire/address.ts";
import { Ranges, RangesBuilder } from "./ranges.ts";
import { type Token, wrong } from "./tokens.ts";

/** Neighbouring addresses: one, a CIDR block, or the addresses from one to another. */
export interface AddressRange {
  /** The discriminant of the kinds of targets. */
  readonly kind: "addresses";
  /** The first address. */
  readonly first: number;
  /** The last address. */
  readonly last: number;
}

/** Addresses named byte by byte, where they are not neighbours: `10.0.0-3.1-254`. */
export interface AddressPattern {
  /** The discriminant of the kinds of targets. */
  readonly kind: "pattern";
  /** The numbers that each of the four bytes may be. */
  readonly bytes: readonly [Ranges, Ranges, Ranges, Ranges];
}

/** A pattern of more pieces than this would fill the memory. */
const MOST_PIECES = 2 ** 24;

const FULL_BYTE = Ranges.of(0, 255);

/** Returns the addresses of a pattern. */
export function patternAddresses({ bytes }: AddressPattern): Ranges {
  let suffix = bytes[3];
  let span = 256;
  for (let i = 2; i >= 0; i--, span *= 256) {
    const builder = new RangesBuilder();
    for (const [low, high] of bytes[i]!) {
      if (suffix.size === span) {
        builder.add(low * span, high * span + span - 1);
        continue;
      }
      for (let value = low; value <= high; value++) {
        for (let k = 0; k < suffix.count; k++) {
          builder.add(value * span + suffix.firstOf(k), value * span + suffix.lastOf(k));
        }
      }
    }
    suffix = builder.build();
  }
  return suffix;
}

/** Returns the first and last address of the block of `prefixLen` leading bits around an address. */
export function blockAround(address: number, prefixLen: number): { first: number; last: number } {
  const span = 2 ** (32 - prefixLen);
  const first = Math.floor(address / span) * span;
  return { first, last: first + span - 1 };
}

/** Reads a prefix length, the digits at `at`. */
export function readPrefix(token: Token, at: number, digits: string): number {
  if (!/^\d{1,2}$/.test(digits) || Number(digits) > 32) {
    throw wrong(token, at, `${quote(digits)} is no prefix length`, "Write a number from 0 to 32 after the slash");
  }
  return Number(digits);
}

/**
 * Reads the addresses of a target.
 *
 * @param text The target without its prefix length and its ports.
 * @param slash The offset of the slash before the prefix length; below 0 without one.
 * @returns The addresses; `undefined` for a name.
 * @throws {UsageError} If it is no name, and no addresses either.
 */
export function readIpv4(
  token: Token,
  text: string,
  slash: number,
  prefixLen: number,
): AddressRange | AddressPattern | undefined {
  const address = parseIpv4(text);
  if (address !== undefined) return { kind: "addresses", ...blockAround(address, prefixLen) };
  if (!/^[\d.,*-]*$/.test(text)) return undefined;
  if (text === "") throw wrong(token, 0, "there is no host", "Write an address or a name before it");
  if (slash >= 0) {
    checkBytes(token, text);
    throw wrong(token, slash, "a range cannot have a prefix length too", "Write the range or the block");
  }
  return readRange(token, text) ?? readPattern(token, text);
}

/** Reads `a-b` with two whole addresses; returns undefined for any other text. */
function readRange(token: Token, text: string): AddressRange | undefined {
  const match = /^((?:[^.-]*\.){3}[^.-]*)-((?:[^.-]*\.){3}[^.-]*)$/.exec(text);
  if (match === null) return undefined;
  const [, from = "", to = ""] = match;
  const first = readAddress(token, 0, from), last = readAddress(token, from.length + 1, to);
  if (first > last) {
    throw wrong(token, 0, "the range runs backwards", `Write the smaller address first: ${to}-${from}`);
  }
  return { kind: "addresses", first, last };
}

function readAddress(token: Token, at: number, text: string): number {
  const address = parseIpv4(text);
  if (address !== undefined) return address;
  let byteAt = at;
  for (const byte of text.split(".")) {
    readByteNumber(token, byteAt, byte);
    byteAt += byte.length + 1;
  }
  throw wrong(token, at, `${quote(text)} is no address`, "Write four numbers from 0 to 255 with dots between them");
}

function readPattern(token: Token, text: string): AddressRange | AddressPattern {
  const bytes = checkBytes(token, text);
  let pieces = 1;
  // From the right: whole bytes at the end make ranges, not more of them.
  let whole = true;
  for (const byte of bytes.toReversed()) {
    pieces *= whole ? byte.count : byte.size;
    whole &&= byte.size === 256;
  }
  if (pieces > MOST_PIECES) {
    throw wrong(token, 0, `it is made of ${pieces} separate ranges`, `At most ${MOST_PIECES} fit: scan it in parts`);
  }
  const pattern: AddressPattern = { kind: "pattern", bytes };
  if (pieces > 1) return pattern;
  const addresses = patternAddresses(pattern);
  return { kind: "addresses", first: addresses.firstOf(0), last: addresses.lastOf(0) };
}

function checkBytes(token: Token, text: string): [Ranges, Ranges, Ranges, Ranges] {
  const bytes: Ranges[] = [];
  let at = 0;
  for (const byte of text.split(".")) {
    bytes.push(readByte(token, at, byte));
    at += byte.length + 1;
  }
  const [a, b, c, d] = bytes;
  if (bytes.length !== 4 || a === undefined || b === undefined || c === undefined || d === undefined) {
    const many = bytes.length === 1 ? "1 byte" : `${bytes.length} bytes`;
    throw wrong(
      token,
      0,
      `it has ${many} where an address has 4`,
      "Write four with dots between them, like 192.0.2.1-9",
    );
  }
  return [a, b, c, d];
}

/** Reads one byte: a number, `a-b`, `a-`, `-b`, `-`, `*`, or several of them with commas between. */
function readByte(token: Token, start: number, text: string): Ranges {
  const builder = new RangesBuilder();
  let at = start;
  for (const item of text.split(",")) {
    const dash = item.indexOf("-");
    if (item === "*") builder.addAll(FULL_BYTE);
    else if (dash < 0) {
      const value = readByteNumber(token, at, item);
      builder.add(value, value);
    } else {
      const low = dash === 0 ? 0 : readByteNumber(token, at, item.slice(0, dash));
      const high = dash === item.length - 1 ? 255 : readByteNumber(token, at + dash + 1, item.slice(dash + 1));
      if (low > high) {
        throw wrong(
          token,
          at,
          `the range ${quote(item)} runs backwards`,
          `Write the smaller number first: ${high}-${low}`,
        );
      }
      builder.add(low, high);
    }
    at += item.length + 1;
  }
  return builder.build();
}

function readByteNumber(token: Token, at: number, digits: string): number {
  if (digits === "") throw wrong(token, at, "a number is missing", "Write bytes from 0 to 255");
  if (!/^\d+$/.test(digits)) throw wrong(token, at, `${quote(digits)} is no byte`, "Write bytes from 0 to 255");
  if (digits.length > 1 && digits.startsWith("0")) {
    const why = `${quote(digits)} begins with 0, which some programs read as octal`;
    throw wrong(token, at, why, "Write it without the 0");
  }
  const value = Number(digits);
  if (value > 255) throw wrong(token, at, `${quote(digits)} is more than 255`, "Write bytes from 0 to 255");
  return value;
}

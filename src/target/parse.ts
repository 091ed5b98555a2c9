/**
 * The syntax of targets: text to specifications. resolve.ts resolves names.
 *
 * @module
 */
import { UsageError } from "../base/errors.ts";
import { parseIpv4 } from "../wire/address.ts";
import { parsePorts, type ParsePortsOptions, type PortSet } from "./ports.ts";
import { quote } from "../base/quote.ts";
import { Ranges, RangesBuilder } from "./ranges.ts";

/** Neighbouring addresses: one, a CIDR block, or the addresses from one to another. */
export interface AddressTarget {
  /** The discriminant of the kinds of targets. */
  readonly kind: "addresses";
  /** The first address. */
  readonly first: number;
  /** The last address. */
  readonly last: number;
  /** The target's own ports, if it has any. */
  readonly ports: PortSet | undefined;
}

/** Addresses named byte by byte, where they are not neighbours: `10.0.0-3.1-254`. */
export interface PatternTarget {
  /** The discriminant of the kinds of targets. */
  readonly kind: "pattern";
  /** The numbers that each of the four bytes may be. */
  readonly bytes: readonly [Ranges, Ranges, Ranges, Ranges];
  /** The target's own ports, if it has any. */
  readonly ports: PortSet | undefined;
}

/** A host's name, or the block around the address that it stands for. */
export interface NameTarget {
  /** The discriminant of the kinds of targets. */
  readonly kind: "name";
  /** The name as it was typed. */
  readonly name: string;
  /** The prefix length around the address: 32 for the host itself, 24 for `name/24`. */
  readonly prefixLen: number;
  /** The target's own ports, if it has any. */
  readonly ports: PortSet | undefined;
}

/** An IPv6 address or block among exclusions: IPv4 only is scanned, so that it is never probed. */
export interface Ipv6Exclusion {
  /** The discriminant of the kinds of targets. */
  readonly kind: "ipv6";
  /** The address or block as it was typed. */
  readonly text: string;
}

/** A target as typed, not yet resolved. */
export type TargetSpec = AddressTarget | PatternTarget | NameTarget;

/** An exclusion as typed, not yet resolved. */
export type ExclusionSpec = TargetSpec | Ipv6Exclusion;

/** Options of the parsers of targets. */
export interface ParseTargetOptions {
  /** The port of a service's name; as in {@linkcode ParsePortsOptions}. */
  readonly services?: ParsePortsOptions["services"];
  /** The place of the text, for messages: `--exclude`. */
  readonly where?: string;
}

/** The text of one target, and its place. */
interface Token {
  readonly text: string;
  readonly where: string | undefined;
  /** The column, from 1, at which it begins. */
  readonly column: number;
}

/** The state that all targets of one list share. */
interface Syntax {
  readonly services: ParsePortsOptions["services"];
  /** True for exclusions, which have no ports and may name IPv6 addresses. */
  readonly isExclusion: boolean;
  /** Port lists read before, by their text: a million lines that end in `:443` share one set. */
  readonly portSets: Map<string, PortSet>;
}

/** A pattern of more pieces than this would fill the memory. */
const MOST_PIECES = 2 ** 24;

const FULL_BYTE = Ranges.of(0, 255);

/**
 * Reads exclusions, in the syntax of {@linkcode parseTargets} without ports; IPv6 addresses and blocks may
 * be among them.
 *
 * @throws {UsageError} As {@linkcode parseTargets}.
 */
export function parseExclusions(
  texts: string | readonly string[],
  options: Omit<ParseTargetOptions, "services"> = {},
): ExclusionSpec[] {
  const syntax = syntaxOf(options, true);
  return [texts].flat().flatMap((text) =>
    Array.from(tokensOf(text, options.where), (token) => readExclusion(token, syntax))
  );
}

/**
 * Reads exclusions in a file's text, written as for {@linkcode parseTargetFile}.
 *
 * @throws {UsageError} As {@linkcode parseTargets}, with file and line.
 */
export function* parseExclusionFile(text: string, fileName: string): Generator<ExclusionSpec, void, undefined> {
  const syntax = syntaxOf({}, true);
  for (const token of fileTokens(text, fileName)) yield readExclusion(token, syntax);
}

/**
 * Reads targets with white space between them; those without ports may be separated by commas too. Each is an address, `a/len`
 * (host bits may be set), `a-b`, byte ranges and lists (`10.0.0.1-9`, `10.0.0-3.1,3,5`, `10.0.*.1`), a name or `name/len`;
 * any of them followed by `:ports` in the syntax of {@linkcode parsePorts}.
 *
 * @throws {UsageError} If a target is none of these, or an IPv6 address; the message names the fault, its column and the
 * correct form.
 */
export function parseTargets(texts: string | readonly string[], options: ParseTargetOptions = {}): TargetSpec[] {
  const syntax = syntaxOf(options);
  const specs: TargetSpec[] = [];
  for (const text of typeof texts === "string" ? [texts] : texts) {
    for (const token of tokensOf(text, options.where)) specs.push(readTarget(token, syntax));
  }
  return specs;
}

/**
 * Reads the targets in a file's text, as many on a line as there are; `#` begins a comment. They are yielded one by one,
 * so that a long list need not be kept as objects.
 *
 * @param text The file's text, with or without a byte order mark, lines ended in any way.
 * @param fileName For messages.
 * @throws {UsageError} As {@linkcode parseTargets}, with file and line.
 */
export function* parseTargetFile(
  text: string,
  fileName: string,
  options: ParseTargetOptions = {},
): Generator<TargetSpec, void, undefined> {
  const syntax = syntaxOf(options);
  for (const token of fileTokens(text, fileName)) yield readTarget(token, syntax);
}

/** Line ends of every system (Unicode 15, section 5.8): a comment that ran on past one would hide the targets behind it. */
const LINE_END = /\r\n|[\n\r\v\f\x85\u2028\u2029]/g;

function* fileTokens(text: string, fileName: string): Generator<Token> {
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

/** Returns the addresses of a pattern. */
export function patternAddresses({ bytes }: PatternTarget): Ranges {
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

function syntaxOf({ services }: ParseTargetOptions, isExclusion = false): Syntax {
  return { services, isExclusion, portSets: new Map() };
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

function* tokensOf(text: string, where: string | undefined): Generator<Token> {
  const hasSeveral = /\S\s+\S/.test(text);
  if (hasSeveral) refuseMisleading(text, where);
  for (const { 0: spaced, index } of text.matchAll(hasSeveral ? WORD : /\S+/g)) {
    const word = hasSeveral ? spaced.replace(/\s+/g, "") : spaced;
    // Bytes have commas between them too, but then there are three dots and no letter.
    const isList = word.includes(",") && !word.includes(":") && (/[A-Za-z]/.test(word) || /(?:\..*){4}/.test(word));
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

function readExclusion(token: Token, syntax: Syntax): ExclusionSpec {
  return readIpv6(token) ?? readTarget(token, syntax);
}

const IPV6 = /^\[?([\da-f:.]+)(?:%[\w.-]+)?\]?(?:\/(\d|\d\d|1[01]\d|12[0-8]))?$/i;

/** Returns an IPv6 address or block; undefined for any other text. */
function readIpv6(token: Token): Ipv6Exclusion | undefined {
  const { text } = token;
  const [, address = "", length = "128"] = IPV6.exec(text) ?? [];
  if (!address.includes(":")) return undefined;
  const canonical = URL.parse(`http://[${address}]`)?.hostname;
  if (canonical === undefined) return undefined;
  // RFC 4291 section 2.5.5 and RFC 6052 section 2.1; whole blocks of them are in lists of addresses never in use.
  if (/^\[(?:64:ff9b::|::ffff:|::)[\da-f]+:[\da-f]+\]$/.test(canonical) && Number(length) > 96) {
    throw wrong(token, 0, "it is an IPv4 address inside an IPv6 address", "Write the IPv4 address");
  }
  return { kind: "ipv6", text };
}

function readTarget(token: Token, syntax: Syntax): TargetSpec {
  const { text } = token;
  if (text === "") throw wrong(token, 0, "a target is empty", "Write an address, a block, a range or a name");
  refuseForeign(token);
  const colon = text.indexOf(":");
  const host = colon < 0 ? text : text.slice(0, colon);
  const ports = colon < 0 ? undefined : readPorts(token, colon, syntax);

  const slash = host.indexOf("/");
  const base = slash < 0 ? host : host.slice(0, slash);
  const prefixLen = slash < 0 ? 32 : readPrefix(token, slash + 1, host.slice(slash + 1));
  const address = parseIpv4(base);
  if (address !== undefined) return { kind: "addresses", ...blockAround(address, prefixLen), ports };
  if (base === "") throw wrong(token, 0, "there is no host", "Write an address or a name before it");
  if (!/^[\d.,*-]+$/.test(base)) {
    checkName(token, base);
    return { kind: "name", name: base, prefixLen, ports };
  }
  if (slash >= 0) {
    checkBytes(token, base);
    throw wrong(token, slash, "a range cannot have a prefix length too", "Write the range or the block");
  }
  return readRange(token, base, ports) ?? readPattern(token, base, ports);
}

/** Rejects URLs and IPv6 addresses, which are often pasted. */
function refuseForeign(token: Token): void {
  const { text } = token;
  if (text.includes("://")) {
    throw wrong(token, 0, "it is a URL", "Write only its host, and ports after a colon: 192.0.2.7:443");
  }
  if (/^\[?[0-9a-f]{0,4}:.*:/i.test(text)) {
    throw wrong(
      token,
      0,
      "it is an IPv6 address",
      "synscan scans IPv4 only: write the host's IPv4 address or its name",
    );
  }
}

function readPorts(token: Token, colon: number, syntax: Syntax): PortSet {
  const text = token.text.slice(colon + 1);
  if (syntax.isExclusion) {
    throw wrong(token, colon, "it has ports, but whole hosts are meant here", "Remove the colon and what follows it");
  }
  if (text === "") throw wrong(token, colon, "no port follows the colon", "Write the ports, or remove the colon");
  let ports = syntax.portSets.get(text);
  if (ports === undefined) {
    ports = parsePorts(text, {
      ...(syntax.services === undefined ? {} : { services: syntax.services }),
      ...(token.where === undefined ? {} : { where: token.where }),
      column: token.column + colon + 1,
    });
    syntax.portSets.set(text, ports);
  }
  return ports;
}

function readPrefix(token: Token, at: number, digits: string): number {
  if (!/^\d{1,2}$/.test(digits) || Number(digits) > 32) {
    throw wrong(token, at, `${quote(digits)} is no prefix length`, "Write a number from 0 to 32 after the slash");
  }
  return Number(digits);
}

/** Reads `a-b` with two whole addresses; returns undefined for any other text. */
function readRange(token: Token, text: string, ports: PortSet | undefined): AddressTarget | undefined {
  const match = /^((?:[^.-]*\.){3}[^.-]*)-((?:[^.-]*\.){3}[^.-]*)$/.exec(text);
  if (match === null) return undefined;
  const [, from = "", to = ""] = match;
  const first = readAddress(token, 0, from), last = readAddress(token, from.length + 1, to);
  if (first > last) {
    throw wrong(token, 0, "the range runs backwards", `Write the smaller address first: ${to}-${from}`);
  }
  return { kind: "addresses", first, last, ports };
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

function readPattern(token: Token, text: string, ports: PortSet | undefined): AddressTarget | PatternTarget {
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
  const pattern: PatternTarget = { kind: "pattern", bytes, ports };
  if (pieces > 1) return pattern;
  const addresses = patternAddresses(pattern);
  return { kind: "addresses", first: addresses.firstOf(0), last: addresses.lastOf(0), ports };
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

/** Rejects names that no resolver should get: RFC 1123 section 2.1, but underscores are allowed since they are in use. */
function checkName(token: Token, name: string): void {
  const remedy = "Write a name or an IPv4 address";
  const odd = /[^A-Za-z0-9._-]/u.exec(name);
  if (odd !== null) {
    const [char] = odd;
    if (char === ",") throw wrong(token, odd.index, "there is a comma in it", "Separate targets by spaces");
    throw char > "\x7f" && /\p{L}|\p{M}|\p{N}/u.test(char)
      ? wrong(token, odd.index, `${quote(char)} is not ASCII`, "Write the name in its xn-- form")
      : wrong(token, odd.index, `${quote(char)} cannot be part of a name`, remedy);
  }
  const labels = (name.endsWith(".") ? name.slice(0, -1) : name).split(".");
  let at = 0;
  for (const label of labels) {
    if (label === "") throw wrong(token, at, "a part of the name between dots is empty", remedy);
    if (label.length > 63) throw wrong(token, at, `${quote(label)} is longer than 63 characters`, remedy);
    if (label.startsWith("-") || label.endsWith("-")) {
      throw wrong(token, at, `${quote(label)} begins or ends with a hyphen`, remedy);
    }
    at += label.length + 1;
  }
  if (name.length > 253) throw wrong(token, 0, "it is longer than 253 characters", remedy);
  // A resolver would read these as an address in another notation, of an unexpected host.
  if (/^(?:\d+|0x[0-9a-f]*)$/i.test(labels.at(-1)!)) {
    throw wrong(token, 0, "it ends in a number, so it is neither a name nor an address", remedy);
  }
}

function wrong(token: Token, at: number, why: string, remedy: string): UsageError {
  const where = `${token.where === undefined ? "" : `${token.where}, `}column ${token.column + at}`;
  return new UsageError(`Cannot read target ${quote(token.text)}: ${why} (${where}). ${remedy}`);
}

/**
 * The syntax of targets: text to specifications. resolve.ts resolves names.
 *
 * @module
 */
import { quote } from "../base/quote.ts";
import { type AddressPattern, type AddressRange, readIpv4, readPrefix } from "./ipv4_syntax.ts";
import type { Ipv6Addresses, Ipv6Prefixes } from "./ipv6_syntax.ts";
import { parsePorts, type ParsePortsOptions, type PortSet } from "./ports.ts";
import { fileTokens, type Token, tokensOf, wrong } from "./tokens.ts";

/** The part that all kinds of targets have. */
interface WithPorts {
  /** The target's own ports, if it has any. */
  readonly ports: PortSet | undefined;
}

/** Addresses, and their ports. */
type AddressTarget = (AddressRange | AddressPattern | Ipv6Addresses | Ipv6Prefixes) & WithPorts;

/** A host's name, or the block around the address that it stands for. */
export interface NameTarget extends WithPorts {
  /** The discriminant of the kinds of targets. */
  readonly kind: "name";
  /** The name as it was typed. */
  readonly name: string;
  /** The prefix length around the address: 32 for the host itself, 24 for `name/24`. */
  readonly prefixLen: number;
}

/** A target as typed, not yet resolved. */
export type TargetSpec = AddressTarget | NameTarget;

/** Reads a target that looks like an IPv6 address: `readIpv6` of `ipv6_syntax.ts`, which is loaded only where there is one. */
export type ReadIpv6 = typeof import("./ipv6_syntax.ts").readIpv6;

/** Options of the parsers of targets. */
interface ParseTargetOptions {
  /** The port of a service's name; as in {@linkcode ParsePortsOptions}. */
  readonly services?: ParsePortsOptions["services"];
  /** The protocols that ports can name; as in {@linkcode ParsePortsOptions}. */
  readonly protocols?: ParsePortsOptions["protocols"];
  /** Reads IPv6 addresses, if there may be any ({@linkcode mayNameIpv6}). */
  readonly ipv6?: ReadIpv6 | undefined;
  /** The place of the text, for messages: `--exclude`. */
  readonly where?: string;
}

/** The state that all targets of one list share. */
interface Syntax {
  readonly services: ParsePortsOptions["services"];
  readonly protocols: ParsePortsOptions["protocols"];
  readonly ipv6: ReadIpv6 | undefined;
  /** True for exclusions, which have no ports. */
  readonly isExclusion: boolean;
  /** Port lists read before, by their text: a million lines that end in `:443` share one set. */
  readonly portSets: Map<string, PortSet>;
}

/** Returns true if a text may name IPv6 addresses. */
export function mayNameIpv6(text: string): boolean {
  return /:[^\s:]*:/.test(text);
}

/**
 * Reads exclusions, in the syntax of {@linkcode parseTargets} without ports.
 *
 * @throws {UsageError} As {@linkcode parseTargets}.
 */
export function parseExclusions(
  texts: string | readonly string[],
  options: Omit<ParseTargetOptions, "services"> = {},
): TargetSpec[] {
  const syntax = syntaxOf(options, true);
  return [texts].flat().flatMap((text) =>
    Array.from(tokensOf(text, options.where), (token) => readTarget(token, syntax))
  );
}

/**
 * Reads exclusions in a file's text, written as for {@linkcode parseTargetFile}.
 *
 * @throws {UsageError} As {@linkcode parseTargets}, with file and line.
 */
export function* parseExclusionFile(
  text: string,
  fileName: string,
  options: Pick<ParseTargetOptions, "ipv6"> = {},
): Generator<TargetSpec, void, undefined> {
  const syntax = syntaxOf(options, true);
  for (const token of fileTokens(text, fileName)) yield readTarget(token, syntax);
}

/**
 * Reads targets with white space between them; those without ports may be separated by commas too. Each is an address, `a/len`
 * (host bits may be set), `a-b`, byte ranges and lists (`10.0.0.1-9`, `10.0.0-3.1,3,5`, `10.0.*.1`), a name or `name/len`;
 * any of them followed by `:ports` in the syntax of {@linkcode parsePorts}. IPv6 addresses, blocks and ranges have brackets before
 * ports: `[2001:db8::1]:22`.
 *
 * @throws {UsageError} If a target is none of these; the message names the fault, its column and the
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

function syntaxOf({ services, protocols, ipv6 }: ParseTargetOptions, isExclusion = false): Syntax {
  return { services, protocols, ipv6, isExclusion, portSets: new Map() };
}

/** A text that can only be meant as an IPv6 address: a name has one colon at most. */
const IPV6_LIKE = /^\[|^[\da-f]{0,4}:[^:]*:/i;

function readTarget(token: Token, syntax: Syntax): TargetSpec {
  const { text } = token;
  if (text === "") throw wrong(token, 0, "a target is empty", "Write an address, a block, a range or a name");
  refuseUrl(token);
  if (syntax.ipv6 !== undefined && IPV6_LIKE.test(text)) {
    const { colon, ...addresses } = syntax.ipv6(token, syntax.isExclusion);
    return { ...addresses, ports: colon < 0 ? undefined : readPorts(token, colon, syntax) };
  }
  const colon = text.indexOf(":");
  const host = colon < 0 ? text : text.slice(0, colon);
  const ports = colon < 0 ? undefined : readPorts(token, colon, syntax);

  const slash = host.indexOf("/");
  const base = slash < 0 ? host : host.slice(0, slash);
  const prefixLen = slash < 0 ? 32 : readPrefix(token, slash + 1, host.slice(slash + 1));
  const addresses = readIpv4(token, base, slash, prefixLen);
  if (addresses !== undefined) return { ...addresses, ports };
  checkName(token, base);
  return { kind: "name", name: base, prefixLen, ports };
}

/** Rejects URLs, which are often pasted. */
function refuseUrl(token: Token): void {
  if (token.text.includes("://")) {
    throw wrong(token, 0, "it is a URL", "Write only its host, and ports after a colon: 192.0.2.7:443");
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
      ...(syntax.protocols === undefined ? {} : { protocols: syntax.protocols }),
      ...(syntax.services === undefined ? {} : { services: syntax.services }),
      ...(token.where === undefined ? {} : { where: token.where }),
      column: token.column + colon + 1,
    });
    syntax.portSets.set(text, ports);
  }
  return ports;
}

/** Rejects names that no resolver should get: RFC 1123 section 2.1, but underscores are allowed since they are in use. */
function checkName(token: Token, name: string): void {
  const remedy = "Write a name or an address";
  const odd = /[^A-Za-z0-9._-]/u.exec(name);
  if (odd !== null) {
    const [char] = odd;
    if (char === ",") throw wrong(token, odd.index, "there is a comma in it", "Separate targets by spaces");
    if (/^\[[\w.-]+\]$/.test(name)) {
      throw wrong(token, odd.index, "only IPv6 addresses have brackets", "Write it without them: 192.0.2.7:443");
    }
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

/**
 * IPv6 addresses as targets name them: one, a block, or a range; link-local ones with their zone (RFC 4007 section 11).
 *
 * @module
 */
import { quote } from "../base/quote.ts";
import { grouped } from "../base/text.ts";
import { formatIpv6, IPV6_MAX, isLinkLocal, isMulticast6, parseIpv6 } from "../wire/address6.ts";
import { formatIpv4 } from "../wire/address.ts";
import { type Token, wrong } from "./tokens.ts";

/** Neighbouring IPv6 addresses: one, a CIDR block, or the addresses from one to another. */
export interface Ipv6Addresses {
  /** The discriminant of the kinds of targets. */
  readonly kind: "ipv6";
  /** The first address, as a number of 128 bits. */
  readonly first: bigint;
  /** The last address. */
  readonly last: bigint;
  /** The interface of link-local addresses, by its name or index; undefined without one. */
  readonly zone: string | undefined;
}

/** Every prefix of some bits of a block (`2001:db8::/32-64`), whose hosts are chosen by a policy of their own. */
export interface Ipv6Prefixes {
  /** The discriminant of the kinds of targets. */
  readonly kind: "prefixes";
  /** The first prefix. */
  readonly base: bigint;
  /** The bits that vary, from the most significant: from this one to the one before the other. */
  readonly from: number;
  readonly to: number;
}

/** More addresses than this need more than the numbers of 32 bits that hosts have. */
const MOST_ADDRESSES = 1n << 32n;
const ADDRESS_BITS = 128;

/** Address, zone, and prefix length or the end of a range; the zone may also be last. */
const SHAPE = /^([\da-f:.]+)(?:%([^%/[\]\s-]+))?(?:\/([^%]*)|-([\da-f:.]+))?(?:%([^%/[\]\s]+))?$/i;

/** An IPv6 target: its addresses, and the offset of the colon before its ports; -1 without ports. */
type Ipv6Target = (Ipv6Addresses | Ipv6Prefixes) & { readonly colon: number };

/**
 * Reads a target that looks like IPv6 addresses.
 *
 * @param isExclusion True for addresses that are not to be probed: these may be of any zone, and as many as they like.
 * @param usualZone The zone of link-local addresses that are written without one, if there is one.
 * @throws {UsageError} If it is none that can be scanned.
 */
export function readIpv6(token: Token, isExclusion: boolean, usualZone?: string): Ipv6Target {
  const { text } = token;
  const bracket = text.startsWith("[") ? text.indexOf("]") : -1;
  if (text.startsWith("[") && bracket < 0) {
    throw wrong(token, 0, "its bracket is not closed", "Write it like [2001:db8::1]:22,80");
  }
  const inside = bracket < 0 ? text : text.slice(1, bracket);
  const behind = bracket < 0 ? "" : text.slice(bracket + 1);
  const [, prefix = "", colon] = /^(\/[^:]*)?(:)?/.exec(behind)!;
  if (behind !== "" && prefix === "" && colon === undefined) {
    throw wrong(token, bracket + 1, "only ports follow a bracket", "Write it like [2001:db8::1]:22,80");
  }
  const addresses = readAddresses(token, inside + prefix, isExclusion, usualZone);
  return { ...addresses, colon: colon === undefined ? -1 : bracket + 1 + prefix.length };
}

function readAddresses(
  token: Token,
  text: string,
  isExclusion: boolean,
  usualZone: string | undefined,
): Ipv6Addresses | Ipv6Prefixes {
  const shape = SHAPE.exec(text);
  const [, from = "", zoneBefore, length, to, zoneBehind] = shape ?? [];
  const written = zoneBehind ?? zoneBefore;
  const address = parseIpv6(from);
  if (address === undefined) {
    if (text.includes(",")) {
      throw wrong(token, text.indexOf(","), "there is a comma in it", "Separate targets by spaces");
    }
    const remedy = "Write eight groups of hexadecimal digits, or :: in place of groups of zeros, like 2001:db8::1";
    throw wrong(token, 0, "it is no IPv6 address", `${remedy}; ports follow brackets: [2001:db8::1]:22,80`);
  }
  const bits = /^(\d{1,3})-(\d{1,3})$/.exec(length ?? "");
  if (bits !== null) return prefixesOf(token, address, Number(bits[1]), Number(bits[2]), isExclusion);
  const { first, last } = length !== undefined
    ? blockOf(token, address, length)
    : to !== undefined
    ? rangeOf(token, from, address, to)
    : { first: address, last: address };
  // An exclusion without a zone is one in every zone.
  const zone = written ?? (isLinkLocal(first) && !isExclusion ? usualZone : undefined);
  const found = { kind: "ipv6" as const, first, last, zone };
  if (isExclusion) refuseEmbedded(token, first, last);
  else check(token, found);
  return found;
}

function blockOf(token: Token, address: bigint, length: string): { first: bigint; last: bigint } {
  const bits = Number(length);
  if (!/^\d{1,3}$/.test(length) || bits > ADDRESS_BITS) {
    const why = `${quote(length)} is no prefix length`;
    throw wrong(token, token.text.indexOf("/") + 1, why, "Write a number from 0 to 128 after the slash");
  }
  const span = 1n << BigInt(ADDRESS_BITS - bits);
  const first = address / span * span;
  return { first, last: first + span - 1n };
}

function prefixesOf(token: Token, address: bigint, from: number, to: number, isExclusion: boolean): Ipv6Prefixes {
  const at = token.text.indexOf("/") + 1;
  if (isExclusion) throw wrong(token, at, "a pattern cannot be excluded", "Write the block");
  if (to > ADDRESS_BITS || from > to) {
    throw wrong(token, at, "these are no prefix lengths", "Write the shorter one first, like 2001:db8::/32-64");
  }
  if (to - from > MAX_PATTERN_BITS) {
    throw wrong(
      token,
      at,
      `it has 2^${to - from} prefixes`,
      `At most 2^${MAX_PATTERN_BITS} fit: scan a narrower block`,
    );
  }
  const span = 1n << BigInt(ADDRESS_BITS - from);
  const base = address / span * span;
  if (isMulticast6(base) || isLinkLocal(base)) {
    throw wrong(token, 0, "its addresses are of no global hosts", "Name a block of unicast addresses");
  }
  return { kind: "prefixes", base, from, to };
}

/** The most bits of a pattern. */
const MAX_PATTERN_BITS = 32;

/** Reads the end of a range: an address, or a group in place of the last one. */
function rangeOf(token: Token, from: string, first: bigint, to: string): { first: bigint; last: bigint } {
  const last = to.includes(":")
    ? parseIpv6(to)
    : /^[\da-f]{1,4}$/i.test(to)
    ? first >> 16n << 16n | BigInt(`0x${to}`)
    : undefined;
  const at = token.text.indexOf("-") + 1;
  if (last === undefined) {
    throw wrong(token, at, `${quote(to)} is no end of a range`, `Write an address, or its last group: ${from}-ff`);
  }
  if (last < first) throw wrong(token, at, "the range runs backwards", "Write the smaller address first");
  return { first, last };
}

/** IPv4 addresses inside IPv6 addresses, RFC 4291 section 2.5.5: no packet has these. */
const MAPPED = 0xffffn;

function refuseEmbedded(token: Token, first: bigint, last: bigint): void {
  const upper = first >> 32n;
  const isEmbedded = upper === MAPPED || upper === 0n && first > 0xffffn;
  // Whole blocks of them are in lists of addresses never in use.
  if (!isEmbedded || last - first >= 0xffff_ffffn) return;
  const ipv4 = formatIpv4(Number(first & 0xffff_ffffn));
  throw wrong(token, 0, "it is an IPv4 address inside an IPv6 address", `Write the IPv4 address: ${ipv4}`);
}

/** @throws {UsageError} If addresses cannot be scanned. */
function check(token: Token, { first, last, zone }: Ipv6Addresses): void {
  const count = last - first + 1n;
  if (count > MOST_ADDRESSES) {
    throw wrong(
      token,
      0,
      `it has ${countText(count)} addresses`,
      `At most ${
        grouped(Number(MOST_ADDRESSES))
      } can be scanned, a /96: name a narrower block, the hosts, or a pattern like /48-64 with --iid`,
    );
  }
  refuseEmbedded(token, first, last);
  if (last === 0n) throw wrong(token, 0, "it is the unspecified address", "To scan this machine, write ::1");
  if (isMulticast6(last)) throw wrong(token, 0, "it is a multicast address", "Name the address of a host");
  if (isLinkLocal(first)) {
    if (zone === undefined) {
      const example = `${formatIpv6(first)}%eth0`;
      throw wrong(token, 0, "it is a link-local address without its interface", `Write it like ${example}, or add -e`);
    }
  } else if (zone !== undefined) {
    throw wrong(token, token.text.indexOf("%"), "only link-local addresses have a zone", `Leave out %${zone}`);
  }
}

/** Returns a number of addresses as text: `2^64` for a large power of two. */
function countText(count: bigint): string {
  if (count > IPV6_MAX) return "2^128";
  const bits = count.toString(2).length - 1;
  return count === 1n << BigInt(bits) ? `2^${bits}` : `about 2^${bits}`;
}

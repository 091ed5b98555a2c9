/**
 * Prefixes of IPv6: those that hosts share, the addresses in them, and their texts.
 *
 * @module
 */

import { formatIpv6, isLinkLocal, parseIpv6 } from "../wire/address6.ts";
import type { Ipv6Addresses } from "./address_book.ts";
import type { Ranges } from "./ranges.ts";

/** A prefix, and how many hosts are in it. */
export interface SharedPrefix {
  /** Its first address. */
  readonly first: bigint;
  /** Its length in bits. */
  readonly length: number;
  hosts: number;
}

/** Hosts are counted up to so many steps: a pattern of prefixes may have a host in each. */
const MAX_STEPS = 1 << 18;

/**
 * Returns the prefixes of some lengths that hosts are in. Link-local addresses count for none.
 *
 * @param hosts Numbers of hosts of IPv6.
 */
export function sharedPrefixes(hosts: Ranges, book: Ipv6Addresses, lengths: readonly number[]): SharedPrefix[] {
  const found: SharedPrefix[] = [];
  let steps = 0;
  for (const length of lengths) {
    let last: SharedPrefix | undefined;
    for (const [from, until] of hosts) {
      for (let host = from; host <= until && steps < MAX_STEPS; steps++) {
        const address = book.addressOf(host);
        const first = firstOf(address, length);
        const end = Math.max(host, Math.min(until, book.lastUpTo(first + sizeOf(length) - 1n, 0)));
        if (last?.first !== first) found.push(last = { first, length, hosts: 0 });
        if (!isLinkLocal(address)) last.hosts += end - host + 1;
        host = end + 1;
      }
    }
  }
  return found;
}

/** Returns the order of two prefixes: that of their addresses, wider ones before those within. */
export function comparePrefixes(one: SharedPrefix, other: SharedPrefix): number {
  return one.first < other.first ? -1 : one.first > other.first ? 1 : one.length - other.length;
}

/** True if a prefix is within a wider one. */
export function isWithin({ first, length }: SharedPrefix, wider: SharedPrefix): boolean {
  return wider.length < length && firstOf(first, wider.length) === wider.first;
}

/** Returns a prefix as text: `2001:db8::/64`. */
export function prefixText({ first, length }: SharedPrefix): string {
  return `${formatIpv6(first)}/${length}`;
}

/** Returns 16 addresses of a prefix as text, one for each value of its next four bits, which are at random behind these. */
export function randomAddresses({ first, length }: SharedPrefix): string[] {
  const words = crypto.getRandomValues(new BigUint64Array(2 * SPREAD));
  return Array.from({ length: SPREAD }, (_, i) => {
    const random = (words[2 * i]! << 64n | words[2 * i + 1]!) & (sizeOf(length + 4) - 1n);
    return formatIpv6(first | BigInt(i) << BigInt(128 - length - 4) | random);
  });
}

const SPREAD = 16;

/** Returns a function that finds the first of some prefixes, as text, that an address is in; -1 if it is in none. */
export function prefixFinder(prefixes: readonly string[]): (ip: string) => number {
  const known = prefixes.map((text) => {
    const [address = "", length] = text.split("/");
    const shift = BigInt(128 - Number(length));
    return { shift, bits: (parseIpv6(address) ?? 0n) >> shift };
  });
  return (ip) => {
    const address = known.length > 0 && ip.includes(":") ? parseIpv6(ip.split("%")[0]!) : undefined;
    return address === undefined ? -1 : known.findIndex(({ shift, bits }) => address >> shift === bits);
  };
}

/** Returns the number of addresses with a prefix of this length. */
function sizeOf(length: number): bigint {
  return 1n << BigInt(128 - length);
}

/** Returns the first address with the same prefix. */
function firstOf(address: bigint, length: number): bigint {
  return address & ~(sizeOf(length) - 1n);
}

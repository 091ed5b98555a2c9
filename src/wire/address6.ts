// Hot path: reading, writing and comparing of addresses in packets may not allocate; text and bigint are for everything else.
/**
 * IPv6 addresses: in packets sixteen bytes, elsewhere one bigint, and as text (RFC 4291 section 2.2, RFC 5952).
 *
 * @module
 */

import { formatIpv4, parseIpv4 } from "./address.ts";

/** Bytes of an address. */
export const IPV6_LEN = 16;
/** The last IPv6 address. */
export const IPV6_MAX: bigint = (1n << 128n) - 1n;

const GROUPS = 8;
/** IPv4-mapped addresses, `::ffff:0:0/96`, whose last 32 bits are written as an IPv4 address. */
const MAPPED = 0xffffn;

/**
 * Reads an address without zone and brackets; `undefined` for anything else. Its last 32 bits may be written as an IPv4 address.
 */
export function parseIpv6(text: string): bigint | undefined {
  const halves = text.split("::");
  if (text.length > 45 || halves.length > 2) return undefined;
  const groups = halves.map((half, index) => groupsIn(half, index === halves.length - 1));
  const [upper, lower = []] = groups;
  if (upper === undefined || groups.includes(undefined)) return undefined;
  const missing = GROUPS - upper.length - lower.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined;
  return [...upper, ...Array<number>(missing).fill(0), ...lower].reduce((sum, group) => sum << 16n | BigInt(group), 0n);
}

/** Reads the groups of one side of `::`; `undefined` where one is none. */
function groupsIn(text: string, isLast: boolean): number[] | undefined {
  if (text === "") return [];
  const parts = text.split(":");
  const groups: number[] = [];
  for (const [index, part] of parts.entries()) {
    if (/^[\da-f]{1,4}$/i.test(part)) {
      groups.push(parseInt(part, 16));
      continue;
    }
    const tail = isLast && index === parts.length - 1 ? parseIpv4(part) : undefined;
    if (tail === undefined) return undefined;
    groups.push(tail >>> 16, tail & 0xffff);
  }
  return groups;
}

/** An address as text in the form of RFC 5952, for example `2001:db8::7`. */
export function formatIpv6(address: bigint): string {
  if (address >> 32n === MAPPED) return `::ffff:${formatIpv4(Number(address & 0xffff_ffffn))}`;
  const groups = Array.from({ length: GROUPS }, (_, i) => Number(address >> BigInt(16 * (GROUPS - 1 - i)) & 0xffffn));
  let [longest, from] = [1, -1];
  for (let i = 0; i < GROUPS; i++) {
    let end = i;
    while (end < GROUPS && groups[end] === 0) end++;
    if (end - i > longest) [longest, from] = [end - i, i];
    i = Math.max(i, end - 1);
  }
  const textOf = (some: readonly number[]) => some.map((group) => group.toString(16)).join(":");
  return from < 0 ? textOf(groups) : `${textOf(groups.slice(0, from))}::${textOf(groups.slice(from + longest))}`;
}

/** The address in the sixteen bytes at `at`. */
export function readIpv6Address(view: DataView, at: number): bigint {
  return view.getBigUint64(at) << 64n | view.getBigUint64(at + 8);
}

/** Puts an address in the sixteen bytes at `at`. */
export function writeIpv6Address(view: DataView, at: number, address: bigint): void {
  view.setBigUint64(at, address >> 64n);
  view.setBigUint64(at + 8, address & 0xffff_ffff_ffff_ffffn);
}

/** Copies an address from one packet to another. */
export function copyIpv6Address(from: DataView, fromAt: number, to: DataView, toAt: number): void {
  for (let i = 0; i < IPV6_LEN; i += 4) to.setUint32(toAt + i, from.getUint32(fromAt + i, true), true);
}

/** True where the same address is in two packets. */
export function isSameIpv6(one: DataView, at: number, other: DataView, otherAt: number): boolean {
  for (let i = 0; i < IPV6_LEN; i += 4) if (one.getUint32(at + i) !== other.getUint32(otherAt + i)) return false;
  return true;
}

/** True for an address of fe80::/10, which is good on one link only. */
export function isLinkLocal(address: bigint): boolean {
  return address >> 118n === 0x3fan;
}

/** True for an address of ff00::/8. */
export function isMulticast6(address: bigint): boolean {
  return address >> 120n === 0xffn;
}

/** The address of this host on loopback, `::1`. */
export const IPV6_LOOPBACK = 1n;

/**
 * True where a packet can come from the address at `at`, to the one at `ownAt` (RFC 4291 section 2.5): not from the unspecified address
 * or a group, and from loopback only to loopback.
 */
export function canBeSource6(view: DataView, at: number, ownAt: number): boolean {
  if (view.getUint8(at) === 0xff) return false;
  const isSmall = (view.getUint32(at) | view.getUint32(at + 4) | view.getUint32(at + 8)) === 0;
  if (!isSmall || view.getUint32(at + 12) > 1) return true;
  return view.getUint32(at + 12) === 1 && isSameIpv6(view, at, view, ownAt);
}

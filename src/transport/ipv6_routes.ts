/**
 * The routes to hosts of IPv6, from the kernel: interface, source address and gateway.
 *
 * @module
 */

import { dumpAddresses6 } from "../../ffi/netlink/address.ts";
import { INET6 } from "../../ffi/netlink/family.ts";
import { dumpRoutes, dumpRules, getRoute, type RouteAnswer } from "../../ffi/netlink/route.ts";
import { Netlink } from "../../ffi/netlink/socket.ts";
import type { Ipv6Addresses } from "../target/address_book.ts";
import { formatIpv6, parseIpv6 } from "../wire/address6.ts";
import { appendSegment, type RouteSegment } from "./route_plan.ts";

/** The user's constraints on routes. */
export interface RouteConstraints6 {
  /** Send from this address. */
  readonly source?: bigint;
  /** Send by this interface. */
  readonly interfaceIndex?: number;
}

/** The finding of routes of IPv6, which is loaded only for scans that have hosts of it. */
export interface Ipv6Routing {
  planRoutes6(
    ranges: Iterable<readonly [number, number]>,
    book: Ipv6Addresses,
    constraints?: RouteConstraints6,
  ): RouteSegment[];
  sourceOf(text: string): bigint | undefined;
  isOwn(address: bigint): boolean;
  textOf(address: bigint): string;
}

/** Prefixes that the kernel treats in a way of their own whatever its routes say. */
const SPECIAL: readonly (readonly [address: bigint, prefixLen: number])[] = [
  [0n, 128],
  [1n, 128],
  [0xfe80n << 112n, 10],
  [0xff00n << 112n, 8],
];

/** Looks up the route to each host of `ranges`, as `planRoutes` does for IPv4. */
export function planRoutes6(
  ranges: Iterable<readonly [number, number]>,
  book: Ipv6Addresses,
  constraints: RouteConstraints6 = {},
): RouteSegment[] {
  using netlink = new Netlink();
  const edges = routeEdges(netlink);
  const answers = new Map<string, RouteAnswer>();
  const segments: RouteSegment[] = [];
  for (const [first, last] of ranges) {
    for (let from = first; from <= last;) {
      const address = book.addressOf(from);
      const scope = book.scopeOf(from);
      const edge = lastUpTo(edges, address);
      const next = edges[edge + 1];
      const until = Math.min(last, next === undefined ? last : book.lastUpTo(next - 1n, scope));
      const key = `${edge} ${scope}`;
      let answer = answers.get(key);
      if (answer === undefined) {
        const { source, interfaceIndex = scope } = constraints;
        answer = getRoute(address, {
          netlink,
          source,
          ...(interfaceIndex === 0 ? {} : { interfaceIndex }),
        });
        answers.set(key, answer);
      }
      appendSegment(segments, { first: from, last: until, answer });
      from = until + 1;
    }
  }
  return segments;
}

/** Returns the address that a text is, if it is one of IPv6. */
export function sourceOf(text: string): bigint | undefined {
  return parseIpv6(text);
}

/** Returns true for an address of this machine. */
export function isOwn(address: bigint): boolean {
  return dumpAddresses6().some((own) => own.address === address);
}

/** Returns an address as text. */
export function textOf(address: bigint): string {
  return formatIpv6(address);
}

/** Returns every address at which another route may begin, in order. */
function routeEdges(netlink: Netlink): bigint[] {
  const edges = new Set<bigint>([0n]);
  const add = (address: bigint, prefixLen: number) => {
    const span = 1n << BigInt(INET6.bits - prefixLen);
    const first = address / span * span;
    edges.add(first);
    if (first + span < 1n << BigInt(INET6.bits)) edges.add(first + span);
  };
  for (const [address, prefixLen] of SPECIAL) add(address, prefixLen);
  for (const { destination, prefixLen } of [...dumpRoutes(INET6, netlink), ...dumpRules(INET6, netlink)]) {
    add(destination, prefixLen);
  }
  return [...edges].sort((one, other) => one < other ? -1 : one > other ? 1 : 0);
}

/** Returns the index of the last of sorted numbers that is at most `value`. */
function lastUpTo(numbers: readonly bigint[], value: bigint): number {
  let low = 0, high = numbers.length;
  while (low < high) {
    const middle = low + high >>> 1;
    if (numbers[middle]! <= value) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/**
 * The routes to the targets, from the kernel: interface, source address and gateway.
 *
 * @module
 */

import { dumpLinks, type Link, linkNamed } from "../../ffi/netlink/link.ts";
import { INET } from "../../ffi/netlink/family.ts";
import { dumpRoutes, dumpRules, getRoute, isRouted, type RouteAnswer } from "../../ffi/netlink/route.ts";
import { Netlink } from "../../ffi/netlink/socket.ts";
import { UsageError } from "../base/errors.ts";
import { lastAtMost } from "../collections/sorted_search.ts";
import type { AddressBook } from "../target/address_book.ts";

/** The route to one range of hosts. */
export interface RouteSegment {
  /** The first host. */
  readonly first: number;
  /** The last host. */
  readonly last: number;
  /** The kernel's reply. */
  readonly answer: RouteAnswer;
}

/** The user's constraints on routes. */
export interface RouteConstraints {
  /** Send from this address. */
  readonly source?: number;
  /** Send by this interface. */
  readonly interfaceIndex?: number;
}

/** The routes to all targets. */
export class RouteMap {
  /**
   * Ranges of hosts, ascending and disjoint. Targets with the same route share one, with the hosts between them: many single
   * hosts make few segments.
   */
  readonly segments: readonly RouteSegment[];
  readonly #firsts: Uint32Array;

  constructor(segments: readonly RouteSegment[]) {
    this.segments = segments;
    this.#firsts = Uint32Array.from(segments, ({ first }) => first);
  }

  /** The index of the segment that holds `host`, or of one before it. */
  indexFor(host: number): number {
    return Math.max(0, lastAtMost(this.#firsts, host));
  }
}

/**
 * Looks up the route to each host of `ranges`. Between two edges of routes and rules all addresses have the same route, so
 * that one lookup serves for all of them.
 *
 * @param ranges Ascending, disjoint ranges of hosts, ends included.
 * @throws {SyscallError} If the kernel does not reply.
 */
export function planRoutes(
  ranges: Iterable<readonly [number, number]>,
  book: AddressBook,
  constraints: RouteConstraints = {},
): RouteMap {
  using netlink = new Netlink();
  const wanted = [...ranges];
  const edges = addressesOfFew(wanted, book) ?? routeEdges(netlink);
  const answers = new Map<number, RouteAnswer>();
  const segments: RouteSegment[] = [];
  for (const [first, last] of wanted) {
    for (let from = first; from <= last;) {
      const address = book.address(from);
      const edge = lastAtMost(edges, address);
      const until = Math.min(last, book.lastUpTo((edges[edge + 1] ?? 2 ** 32) - 1));
      let answer = answers.get(edge);
      if (answer === undefined) {
        answer = getRoute(address, { ...constraints, netlink });
        answers.set(edge, answer);
      }
      appendSegment(segments, { first: from, last: until, answer });
      from = until + 1;
    }
  }
  return new RouteMap(segments);
}

/** Adds a segment; one with the route of the segment before it is joined to that. */
export function appendSegment(segments: RouteSegment[], segment: RouteSegment): void {
  const previous = segments.at(-1);
  if (previous === undefined || !isSameRoute(previous.answer, segment.answer)) segments.push(segment);
  else segments[segments.length - 1] = { ...previous, last: segment.last };
}

/** Prefixes that the kernel treats in a way of their own whatever its routes say: itself, 0/8, multicast, broadcast. */
const SPECIAL: readonly (readonly [address: number, prefixLen: number])[] = [
  [0x00000000, 32],
  [0x00000000, 8],
  [0xe0000000, 24],
  [0xe0000000, 4],
  [0xffffffff, 32],
];

/** Hosts that are looked up one by one at most: to read all routes and rules takes longer. */
const FEW_HOSTS = 4;

/** Returns the addresses of few hosts, in order; undefined if they are more. */
function addressesOfFew(ranges: readonly (readonly [number, number])[], book: AddressBook): Float64Array | undefined {
  const count = ranges.reduce((sum, [first, last]) => sum + last - first + 1, 0);
  if (count > FEW_HOSTS) return undefined;
  const hosts = ranges.flatMap(([first, last]) => Array.from({ length: last - first + 1 }, (_, i) => first + i));
  return Float64Array.from(hosts, (host) => book.address(host));
}

/** Returns every address at which another route may begin. */
function routeEdges(netlink: Netlink): Float64Array {
  const edges = new Set<number>([0]);
  const add = (address: number, prefixLen: number) => {
    const span = 2 ** (32 - prefixLen);
    const first = Math.floor(address / span) * span;
    edges.add(first);
    edges.add(first + span);
  };
  for (const [address, prefixLen] of SPECIAL) add(address, prefixLen);
  for (const { destination, prefixLen } of [...dumpRoutes(INET, netlink), ...dumpRules(INET, netlink)]) {
    add(destination, prefixLen);
  }
  return Float64Array.from(edges).sort();
}

function isSameRoute(a: RouteAnswer, b: RouteAnswer): boolean {
  if (!isRouted(a) || !isRouted(b)) return a.type === b.type;
  return a.type === b.type && a.interfaceIndex === b.interfaceIndex && a.gateway === b.gateway &&
    a.gateway6 === b.gateway6 && a.source === b.source &&
    a.source6 === b.source6 && a.mtu === b.mtu;
}

/**
 * Returns the interface that the user wants packets to leave by.
 *
 * @throws {UsageError} If there is none of that name.
 */
export function wantedLink(name: string): Link {
  const links = dumpLinks();
  const link = linkNamed(name, links);
  if (link !== undefined) return link;
  const names = links.flatMap(({ name, otherNames }) => [name, ...otherNames]).join(", ");
  throw new UsageError(`Cannot send by ${name}: there is no such interface. Give one of ${names}`);
}

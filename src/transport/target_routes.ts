/**
 * The routes to the targets of a scan, and the addresses that packets to them leave from.
 *
 * @module
 */

import { type Link, LOOPBACK_INDEX } from "../../ffi/netlink/link.ts";
import { isRouted, type RouteFound, type RouteRefused } from "../../ffi/netlink/route.ts";
import { CannotScanError, UsageError } from "../base/errors.ts";
import { type AddressBook, rangeTexts } from "../target/address_book.ts";
import { formatIpv4 } from "../wire/address.ts";
import { planRoutes, type RouteConstraints, RouteMap, wantedLink } from "./route_plan.ts";
import type { Ipv6Routing, RouteConstraints6 } from "./ipv6_routes.ts";
import { wantedSources } from "./own_sources.ts";

/** The requirements on the routes to targets. */
export interface RouteOptions {
  /** Ascending, disjoint ranges of target hosts. */
  readonly targets: Iterable<readonly [first: number, last: number]>;
  /** The name of the interface to send by; the kernel's choice if not given. */
  readonly interfaceName?: string | undefined;
  /** The address to send from; the kernel's choice if not given. */
  readonly sourceIp?: string | undefined;
}

/** Addresses that packets are sent from, and the index of the one that serves a target. */
export interface SourceAddresses<A = number> {
  readonly addresses: readonly A[];
  /** The same as text. */
  readonly texts: readonly string[];
  indexFor(host: number): number;
  /** True where every target is probed from all of them. */
  readonly areShared: boolean;
}

/** The routes to the targets, before anything is opened. */
export interface RoutePlan {
  /** The addresses of hosts. */
  readonly book: AddressBook;
  readonly routes: RouteMap;
  /** The constraints of the route lookups. */
  readonly constraints: RouteConstraints;
  readonly sources: SourceAddresses;
  /** The same of IPv6; undefined in a scan without hosts of it. */
  readonly sources6: SourceAddresses<bigint> | undefined;
  /** True where some target lies beyond a gateway: packets pass networks that are not our own. */
  readonly beyondGateway: boolean;
  /** The address of this machine that was asked for; of several the first. */
  readonly ownSource: number | undefined;
  /** The same, if it is one of IPv6. */
  readonly ownSource6: bigint | undefined;
  /** The name of the interface to send by, whichever of its names was asked for. */
  readonly interfaceName: string | undefined;
  readonly warnings: readonly string[];
}

/** Ranges of targets without a route that are named. */
const MAX_NAMED = 3;

/** Texts for the reasons for which the kernel would not send a packet. */
const NO_ROUTE: Readonly<Record<RouteRefused["type"], string>> = {
  none: "there is no route to it",
  unreachable: "its route is of type unreachable",
  prohibit: "its route prohibits it",
  blackhole: "its route is a blackhole, or the source address does not fit",
};

/**
 * Looks up the routes to the targets.
 *
 * @param ipv6 Finds those to hosts of IPv6; needed if the book has any.
 * @throws {UsageError} If interface or source address make no sense, or if there is no way to any target.
 */
export function findRoutePlan(
  options: RouteOptions,
  book: AddressBook,
  ipv6?: Ipv6Routing,
): RoutePlan {
  const named = options.interfaceName === undefined ? undefined : findLink(options.interfaceName);
  // All packets to own addresses go by loopback; a socket that is bound to it gets no reply from those of other interfaces.
  const isLoopback = named?.index === LOOPBACK_INDEX;
  const link = isLoopback ? undefined : named;
  const wanted = wantedSources(options.sourceIp, ipv6);
  const { own, own6 } = wanted;
  const warnings = [...wanted.warnings];
  const constraints: RouteConstraints = {
    ...(own === undefined ? {} : { source: own }),
    ...(link === undefined ? {} : { interfaceIndex: link.index }),
  };
  const [ranges, ranges6] = byFamily(options.targets, book);
  refuseFamily(options.sourceIp, "IPv4", ranges.length, wanted.ipv4.length);
  refuseFamily(options.sourceIp, "IPv6", ranges6.length, wanted.ipv6.length);
  const routesBy = (ipv4: RouteConstraints, constraints6: RouteConstraints6) =>
    new RouteMap([
      ...planRoutes(ranges, book, ipv4).segments,
      ...ranges6.length === 0 ? [] : ipv6!.planRoutes6(ranges6, book.ipv6!, constraints6),
    ]);
  const routes = routesBy(constraints, {
    ...(own6 === undefined ? {} : { source: own6 }),
    ...(link === undefined ? {} : { interfaceIndex: link.index }),
  });
  if (isLoopback) refuseOthers(routes, named, book);
  const sources = sourcesOf(routes, wanted.ipv4, (answer) => answer.source, formatIpv4);
  const sources6 = ranges6.length === 0
    ? undefined
    : sourcesOf(routes, wanted.ipv6, (answer) => answer.source6, ipv6!.textOf);
  const lost = routes.segments.filter(({ answer }) => !isRouted(answer));
  const sourceCount = sources.addresses.length + (sources6?.addresses.length ?? 0);
  if (lost.length === routes.segments.length || sourceCount === 0) {
    const { first, answer } = routes.segments[0]!;
    const why = isRouted(answer) ? "the kernel names no address to send from" : NO_ROUTE[answer.type];
    throw new UsageError(
      `Cannot route packets to ${book.text(first)}: ${why}. Check the address, the network and its routes`,
    );
  }
  const unrouted = lost.values().flatMap((segment) => overlaps(options.targets, segment))
    .flatMap(([first, last]) => rangeTexts(book, first, last));
  for (const range of unrouted.take(MAX_NAMED)) {
    warnings.push(`No route to ${range}: its ports stay undecided unless one appears`);
  }
  return {
    book,
    routes,
    constraints,
    sources,
    sources6,
    beyondGateway: routes.segments.some(({ answer }) =>
      isRouted(answer) && (answer.gateway !== undefined || answer.gateway6 !== undefined)
    ),
    ownSource: own,
    ownSource6: own6,
    interfaceName: link?.name,
    warnings,
  };
}

/** @throws {UsageError} If a target is no address of this machine, to which loopback leads alone: its silence would show nothing. */
function refuseOthers({ segments }: RouteMap, { name }: Link, book: AddressBook): void {
  const other = segments.find(({ answer }) => answer.type !== "local");
  if (other === undefined) return;
  throw new UsageError(
    `Cannot send to ${book.text(other.first)} by ${name}, which leads to this machine alone. Leave out -e, or name ` +
      "another interface",
  );
}

/** Yields the parts of ranges that are in a segment: it may run over addresses that are no targets. */
function* overlaps(
  ranges: Iterable<readonly [first: number, last: number]>,
  { first, last }: { readonly first: number; readonly last: number },
): Generator<[first: number, last: number]> {
  for (const [from, to] of ranges) {
    if (from <= last && to >= first) yield [Math.max(from, first), Math.min(to, last)];
  }
}

/** @throws {UsageError} If there are targets of a family, and addresses to send from that are all of the other. */
function refuseFamily(sourceIp: string | undefined, family: string, targets: number, sources: number): void {
  if (sourceIp === undefined || targets === 0 || sources > 0) return;
  throw new UsageError(
    `Cannot send from ${sourceIp} to targets of ${family}: it is of the other address family. ` +
      `Add an address of ${family}, or leave out these targets`,
  );
}

/** Returns ranges of hosts by address family: of IPv4, and of IPv6. */
function byFamily(targets: RouteOptions["targets"], { ipv6 }: AddressBook) {
  const ranges: (readonly [number, number])[] = [];
  const ranges6: (readonly [number, number])[] = [];
  const firstIpv6 = ipv6?.first ?? Infinity;
  for (const [first, last] of targets) {
    if (first < firstIpv6) ranges.push([first, Math.min(last, firstIpv6 - 1)]);
    if (last >= firstIpv6) ranges6.push([Math.max(first, firstIpv6), last]);
  }
  return [ranges, ranges6] as const;
}

/** Returns the addresses that packets leave from: those that are wanted, or those of the kernel's choice. */
function sourcesOf<A>(
  routes: RouteMap,
  wanted: readonly A[],
  chosen: (answer: RouteFound) => A | undefined,
  text: (address: A) => string,
): SourceAddresses<A> {
  if (wanted.length > 0) {
    return { addresses: wanted, texts: wanted.map(text), indexFor: () => 0, areShared: wanted.length > 1 };
  }
  const addresses: A[] = [];
  const indices = routes.segments.map(({ answer }) => {
    const address = isRouted(answer) ? chosen(answer) : undefined;
    if (address === undefined) return 0;
    const known = addresses.indexOf(address);
    return known >= 0 ? known : addresses.push(address) - 1;
  });
  return {
    addresses,
    texts: addresses.map(text),
    indexFor: addresses.length === 1 ? () => 0 : (host) => indices[routes.indexFor(host)]!,
    areShared: false,
  };
}

function findLink(name: string): Link {
  const link = wantedLink(name);
  if (!link.up) {
    throw new CannotScanError(`Cannot send by ${name}: the interface is down. Bring it up, or choose another`);
  }
  return link;
}

/**
 * Discovery: which hosts are probed as a whole before their ports, and whose ports are probed then.
 *
 * Hosts on own links are asked by ARP, which proves presence and absence. Beyond a gateway a missing reply proves nothing: unless the user
 * asks for pings, a first round over many hosts only tells whose ports are probed first, and which hosts a router reports as absent.
 *
 * @module
 */

import { isRouted } from "../../ffi/netlink/route.ts";
import { UsageError } from "../base/errors.ts";
import { type AddressBook, familyOf } from "../target/address_book.ts";
import { Ranges, RangesBuilder } from "../target/ranges.ts";
import type { ProbeSpace } from "../target/space.ts";
import { ARP, ARP_RESOLVE } from "../technique/arp.ts";
import { ND, ND_RESOLVE } from "../technique/nd.ts";
import { pingName, udpPingName, udpPingPort } from "../technique/ping.ts";
import { onLinkRanges } from "../transport/on_link.ts";
import type { RoutePlan } from "../transport/target_routes.ts";
import type { RouteMap } from "../transport/route_plan.ts";
import type { ScanOptions } from "./options.ts";

/** The options of discovery. */
export type DiscoveryOptions = Pick<
  ScanOptions,
  "hostsOnly" | "noDiscovery" | "pings" | "arpPing" | "ignoreRst" | "interface" | "sourceIp"
>;

/** The pings of a scan of hosts alone, as nmap sends them. */
export const USUAL_PINGS: readonly string[] = ["echo", "syn:443", "ack:80", "timestamp"];

/** Ports that the pings of a first round go to, of the scan's own: a host is up whether it accepts or refuses. */
const FIRST_ROUND_PORTS = 3;
/** Hosts beyond a gateway, and ports of each, that make a first round worth its time, which is some seconds. */
const FIRST_ROUND_MIN_HOSTS = 16;
const FIRST_ROUND_MIN_PORTS = 100;

/** Hosts by the way in which they are discovered, as bounds: first, last, first, last, ... It can be sent to another thread. */
export interface Discovery {
  /** Hosts that are asked by ARP. */
  readonly links: Uint32Array<ArrayBuffer>;
  /** Hosts that are pinged. */
  readonly pinged: Uint32Array<ArrayBuffer>;
  /** Addresses of this machine, which need no probe. */
  readonly own: Uint32Array<ArrayBuffer>;
  /** True if the ports of hosts that were not found are not probed. */
  readonly skips: boolean;
  /** True if a host that was pinged in vain is not found; false if its ports are probed last. */
  readonly needsReply: boolean;
}

/** The discovery of a scan, and the names of its passes in their order. */
export interface DiscoveryPlan extends Discovery {
  readonly passes: readonly string[];
  /** Announcements of pings that take the place of those by raw sockets, a line each. */
  readonly warnings: readonly string[];
}

/** Returns true if the user asks for discovery; without that only a scan that sends packets of its own finds hosts first. */
export function asksForHosts({ hostsOnly, noDiscovery, pings = [], arpPing }: DiscoveryOptions): boolean {
  return hostsOnly === true || noDiscovery !== true && (pings.length > 0 || arpPing === true);
}

/**
 * Plans the discovery of a scan that may send packets of its own.
 *
 * @param space The ports of the scan.
 * @returns Undefined if no host is probed as a whole.
 */
export async function planDiscovery(
  options: DiscoveryOptions,
  plan: RoutePlan,
  space: ProbeSpace,
): Promise<DiscoveryPlan | undefined> {
  const { hostsOnly = false, noDiscovery = false, arpPing = true } = options;
  const hosts = space.hostRanges();
  const own = within(hosts, ownRanges(plan.routes));
  const [links4, links6] = linkHosts(hosts, plan);
  const links = links4.union(links6);
  const asked = options.pings ?? (hostsOnly ? USUAL_PINGS : []);
  const needsReply = asked.length > 0;
  const round = needsReply || noDiscovery ? Ranges.EMPTY : firstRoundHosts(space, plan.routes).subtract(links);
  const remote = needsReply ? hosts.subtract(own) : round.size < FIRST_ROUND_MIN_HOSTS ? Ranges.EMPTY : round;
  const pinged = arpPing ? remote.subtract(links) : remote;
  const kinds = needsReply || pinged.size === 0 ? asked : await firstRoundPings(space);
  const passes: string[] = [];
  const isAsked = arpPing || noDiscovery;
  if (links4.size > 0) passes.push(isAsked ? ARP.name : ARP_RESOLVE.name);
  if (links6.size > 0) passes.push(`${isAsked ? ND.name : ND_RESOLVE.name}/6`);
  const families = familiesIn(
    pinged.size > 0 ? pinged : hostsOnly && links.size === 0 ? hosts : Ranges.EMPTY,
    plan.book,
  );
  const isByUdp = (kind: string) => udpPingPort(kind) !== undefined;
  const [byUdp, others] = [kinds.filter(isByUdp), kinds.filter((kind) => !isByUdp(kind))];
  if (others.length > 0) {
    if (families.includes(4)) passes.push(pingName(others));
    if (families.includes(6)) passes.push(`${pingName(pingsOverIpv6(others))}/6`);
  }
  if (byUdp.length > 0) {
    for (const family of families) passes.push(`${udpPingName(byUdp)}${family === 6 ? "/6" : ""}`);
  }
  if (passes.length === 0) return undefined;
  const bounds = { links: boundsOf(links), pinged: boundsOf(pinged), own: boundsOf(own) };
  return { ...bounds, skips: !noDiscovery, needsReply, passes, warnings: [] };
}

/** Returns the address families that hosts are of. */
export function familiesIn(hosts: Ranges, book: AddressBook): (4 | 6)[] {
  if (hosts.count === 0) return [];
  const families = [familyOf(book, hosts.firstOf(0)), familyOf(book, hosts.lastOf(hosts.count - 1))];
  return [...new Set(families)];
}

/**
 * Returns the pings that can be sent over IPv6.
 *
 * @throws {UsageError} If there are none.
 */
function pingsOverIpv6(kinds: readonly string[]): string[] {
  const left = kinds.filter((kind) => kind !== "timestamp" && kind !== "mask");
  if (left.length > 0) return left;
  throw new UsageError(`Cannot ping hosts of IPv6 by ${kinds.join(" and ")}: ICMPv6 has no such request. Add -PE`);
}

/** Returns the hosts whose ports are many and that others forward packets to. */
function firstRoundHosts({ blocks }: ProbeSpace, routes: RouteMap): Ranges {
  const builder = new RangesBuilder();
  for (const { hosts, ports } of blocks) if (ports.size >= FIRST_ROUND_MIN_PORTS) builder.addAll(hosts);
  return within(builder.build(), remoteRanges(routes));
}

/**
 * Returns the hosts beyond a gateway that a router may report as absent while their ports are probed; none where every host has been found
 * before, or where the ports of absent ones are probed too.
 */
export function reportableHosts(
  { hostsOnly = false, noDiscovery = false, pings = [] }: DiscoveryOptions,
  { routes, book }: RoutePlan,
  hosts: Ranges,
): Ranges {
  return hostsOnly || noDiscovery || pings.length > 0 ? Ranges.EMPTY : hostsBeyond({ routes, book }, hosts);
}

/** Returns the hosts beyond a gateway. */
export function hostsBeyond({ routes, book }: Pick<RoutePlan, "routes" | "book">, hosts: Ranges): Ranges {
  const [ofIpv4, ofIpv6] = linkHosts(hosts, { routes, book });
  return within(hosts, remoteRanges(routes)).subtract(ofIpv4).subtract(ofIpv6);
}

/** Returns the hosts that are neither this machine nor forbidden: on a link, or beyond a gateway. */
function remoteRanges({ segments }: RouteMap): Ranges {
  return Ranges.from(
    segments.flatMap(({ first, last, answer }) =>
      isRouted(answer) && answer.type === "unicast" ? [[first, last] as const] : []
    ),
  );
}

/** Returns the hosts of own links that have ARP, and those that have neighbor discovery. */
function linkHosts(
  hosts: Ranges,
  { routes, book }: Pick<RoutePlan, "routes" | "book">,
): [ofIpv4: Ranges, ofIpv6: Ranges] {
  const rangesOf = (family: 4 | 6) =>
    Ranges.from(onLinkRanges(routes, book, family).map(({ first, last }) => [first, last]));
  const ofIpv4 = within(hosts, book.numbers(rangesOf(4)));
  return [ofIpv4, book.ipv6 === undefined ? Ranges.EMPTY : within(hosts, rangesOf(6))];
}

/** Returns the pings of a first round: an echo, and SYNs to the ports of the scan that are most often open. */
async function firstRoundPings({ blocks }: ProbeSpace): Promise<string[]> {
  const { TOP_PORT_COUNT, topPorts } = await import("../target/top_ports.ts");
  const isProbed = (port: number) => blocks.every(({ ports }) => ports.has(port) || ports.size < FIRST_ROUND_MIN_PORTS);
  const ports = topPorts(TOP_PORT_COUNT).filter(isProbed).slice(0, FIRST_ROUND_PORTS);
  return ["echo", ...ports.map((port) => `syn:${port}`)];
}

/** Returns the members of a set that are in another one. */
export function within(hosts: Ranges, others: Ranges): Ranges {
  return hosts.subtract(hosts.subtract(others));
}

/** Returns the ranges of a set as bounds. */
export function boundsOf(hosts: Ranges): Uint32Array<ArrayBuffer> {
  return Uint32Array.from([...hosts].flat());
}

/** Returns the addresses of this machine among the targets. */
export function ownRanges({ segments }: RouteMap): Ranges {
  return Ranges.from(
    segments.flatMap(({ first, last, answer }) =>
      isRouted(answer) && answer.type === "local" ? [[first, last] as const] : []
    ),
  );
}

/** Returns what workers need of a discovery. */
export function discoveryTask({ passes: _1, warnings: _2, ...task }: DiscoveryPlan): Discovery {
  return task;
}

/** Hosts of an own link that are expected to be there at most. */
const LIKELY_UP = 256;

/** Returns the number of ports to probe that is to be expected, before it is known which hosts are there. */
export function likelyProbes(space: ProbeSpace, { links }: Discovery): number {
  const onLinks = Ranges.fromSortedBounds(links);
  const others = space.hostRanges().subtract(onLinks).size + Math.min(LIKELY_UP, onLinks.size);
  return Math.ceil(space.size * others / space.hostCount);
}

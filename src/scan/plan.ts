/**
 * Planning of a scan: targets and ports are parsed, names resolved, exclusions removed.
 *
 * @module
 */

import { getRoute, isRouted } from "../../ffi/netlink/route.ts";
import { servicePort } from "../../ffi/resolver.ts";
import { NothingLeftError, UsageError } from "../base/errors.ts";
import { quote } from "../base/quote.ts";
import { counted } from "../base/text.ts";
import { specialAddresses } from "../local/special.ts";
import { type AddressBook, IPV4_BOOK, NO_HOST } from "../target/address_book.ts";
import type { DualBook } from "../target/ipv6_book.ts";
import { HostNames } from "../target/names.ts";
import { portTiers } from "../target/port_tiers.ts";
import { parsePorts, type PortProtocol, PortSet } from "../target/ports.ts";
import { Ranges, RangesBuilder } from "../target/ranges.ts";
import {
  type Address,
  type Ipv6HostPorts,
  reservedAddresses,
  type ResolvedTargets,
  resolveExclusions,
  resolveTargets,
} from "../target/resolve.ts";
import { ProbeSpace } from "../target/space.ts";
import { protocolsIn } from "../technique/techniques.ts";
import { wantedSources } from "../transport/own_sources.ts";
import { wantedLink } from "../transport/route_plan.ts";
import { NameResolver } from "./name_resolver.ts";
import type { ScanOptions } from "./options.ts";
import { listReaders, namedExclusions, namedTargets, whyNoTarget } from "./target_lists.ts";

/** The targets of a scan. */
export interface ScanTargets {
  /** The addresses of hosts. */
  readonly book: AddressBook;
  /** The same book, if it has addresses of IPv6. */
  readonly ipv6: DualBook | undefined;
  /** Every host and port, each once: of TCP, or of UDP if no port of TCP is probed. */
  readonly space: ProbeSpace;
  /** The same of UDP, if ports of TCP are probed as well. */
  readonly udpSpace: ProbeSpace | undefined;
  /** Addresses and ports that are never probed; the space is without them. */
  readonly excluded: Excluded;
  /** Hosts and ports of the space that are no longer probed: they were excluded when the scan was resumed. */
  readonly removed: Excluded;
  /** Hosts of the targets that are excluded. */
  readonly excludedHosts: Ranges;
  /** The target names of hosts. */
  readonly names: HostNames;
  /** The addresses of every target name, by its key; empty if it has none. */
  readonly answers: ReadonlyMap<string, readonly Address[]>;
  /** Targets that are not scanned because their names have no address, a line each. */
  readonly unresolved: readonly string[];
  /** Warnings, a line each. */
  readonly warnings: readonly string[];
}

/** Names that could not be resolved are listed up to this many. */
const MAX_FAILURES = 20;

/** Hosts and ports never to be probed. Of IPv4 also hosts that are no targets. */
export interface Excluded {
  readonly hosts: Ranges;
  readonly ports: PortSet;
}

const NOTHING: Excluded = { hosts: Ranges.EMPTY, ports: PortSet.EMPTY };

/** The stored plan of a scan that is resumed. */
export interface PlannedBefore {
  /** The addresses that names had. */
  readonly names: ReadonlyMap<string, readonly Address[]>;
  /** Addresses and ports excluded when it began. */
  readonly excluded: Excluded;
  /** Hosts and ports excluded when it was resumed before. */
  readonly removed: Excluded;
}

/**
 * Plans the targets of a scan. If a scan is resumed, its space stays as it was and later exclusions are returned apart; names
 * keep their addresses, and only new names are resolved.
 *
 * @throws {UsageError} If targets, ports, the interface or a source address make no sense, if nothing is left of them, or if a
 * scan that is resumed would grow.
 */
export async function planTargets(options: ScanOptions, before?: PlannedBefore): Promise<ScanTargets> {
  if (options.interface !== undefined) wantedLink(options.interface);
  const resolver = new NameResolver(options, before?.names);
  const resolve = (name: string) => resolver.resolve(name);
  const protocols = protocolsIn(options.technique);
  const [defaultPorts, udpPorts] = await Promise.all(
    protocols.map((each) => choosePorts(options, each, protocols)),
  ) as [
    PortSet,
    PortSet?,
  ];
  const excludePorts = options.excludePorts === undefined
    ? PortSet.EMPTY
    : parsePorts(options.excludePorts, { services: servicePort, protocols: [], where: "in the excluded ports" });
  const read = await listReaders(options);
  const notes: string[] = [];
  const [named, exclusions] = await Promise.all([
    resolveTargets(namedTargets(options, read, (text) => notes.push(text)), {
      resolve,
      allAddresses: options.allAddresses ?? false,
      hasIpv4Route: (address) => isRouted(getRoute(address)),
      reserved: options.includeReserved ? Ranges.EMPTY : reservedAddresses(),
    }),
    resolveExclusions(namedExclusions(options, read), resolve),
  ]);
  const resolved = ofFamily(named, options.family, notes);
  if (resolved.targets.length + resolved.ipv6.length + resolved.patterns.length === 0) {
    throw new UsageError(`Cannot scan: ${whyNoTarget(options)}`);
  }
  if (options.iid !== undefined && resolved.patterns.length === 0) {
    throw new UsageError(
      "Cannot use --iid without a pattern of prefixes: all addresses are named. Name one like 2001:db8::/48-64",
    );
  }
  const ipv6 = resolved.ipv6.length + resolved.patterns.length === 0
    ? undefined
    : await planIpv6(options, resolved, exclusions.ipv6);
  const unresolved = [...failureLines(resolved.failures), ...ipv6?.lost ?? []];
  const warnings = [...notes, ...unresolved, ...ipv6?.warnings ?? []];
  for (const [name, others] of resolved.otherAddresses) {
    const more = counted(others.length, "more address", "more addresses");
    warnings.push(`${name} has ${more}; --all-addresses scans ${others.length === 1 ? "it" : "them"} too`);
  }
  if (resolved.reservedSkipped > 0) {
    warnings.push(
      `${
        counted(resolved.reservedSkipped, "reserved address", "reserved addresses")
      } are left out; --include-reserved scans them too`,
    );
  }
  const special = leaveOutSpecial(resolved.targets, ipv6?.book !== undefined);
  warnings.push(...special.warnings);
  // From here on hosts are numbers.
  const book: AddressBook = ipv6?.book ?? IPV4_BOOK;
  const now: Excluded = {
    hosts: book.numbers(exclusions.hosts.union(special.hosts)).union(ipv6?.excluded ?? Ranges.EMPTY),
    ports: excludePorts,
  };
  if (before !== undefined) refuseGrowth(before.excluded, now, book);
  const excluded = before?.excluded ?? now;
  const targets = [
    ...resolved.targets.map(({ hosts, ports }) => ({ hosts: book.numbers(hosts), ports })),
    ...ipv6?.targets ?? [],
  ];
  const removed = before === undefined ? NOTHING : {
    hosts: within(targets, now.hosts.union(before.removed.hosts).subtract(excluded.hosts)),
    ports: now.ports.union(before.removed.ports).subtract(excluded.ports),
  };
  wantedSources(options.sourceIp, book.ipv6 && await import("../transport/ipv6_routes.ts"));
  const parts = { targets, excludeHosts: excluded.hosts, excludePorts: excluded.ports };
  const space = new ProbeSpace({ ...parts, defaultPorts, tiers: portTiers(protocols[0]!) });
  const udpSpace = udpPorts && new ProbeSpace({ ...parts, defaultPorts: udpPorts, tiers: portTiers("udp") });
  if (space.size === 0) {
    throw new NothingLeftError(
      `Cannot scan: ${space.whyEmpty ?? "nothing is left"}. Name targets and ports that may be probed`,
    );
  }
  const hostOf = (address: Address) =>
    typeof address === "number" ? book.find(address) : ipv6?.find(address) ?? NO_HOST;
  const excludedHosts = within(targets, excluded.hosts.union(removed.hosts));
  return {
    book,
    ipv6: ipv6?.book,
    space,
    udpSpace,
    excluded,
    removed,
    excludedHosts,
    names: namesOf(resolved.names, hostOf, defaultPorts, book),
    answers: resolver.answers,
    unresolved,
    warnings,
  };
}

/** Returns the target names of hosts, with the ports that were named with them. */
function namesOf(
  names: ResolvedTargets["names"],
  hostOf: (address: Address) => number,
  defaultPorts: PortSet,
  book: AddressBook,
): HostNames {
  const named = Array.from(names).flatMap(([address, each]) => {
    const host = hostOf(address);
    if (host === NO_HOST) return [];
    const withPorts = each.map(({ name, ports }) => ({
      name,
      ports: PortSet.unionOf(ports.map((own) => own ?? defaultPorts)),
    }));
    return [[host, withPorts] as const];
  });
  return new HostNames(named, book);
}

/**
 * Returns the targets of the family that is wanted.
 *
 * @throws {UsageError} If there are none although there are others.
 */
function ofFamily(resolved: ResolvedTargets, family: 4 | 6 | undefined, notes: string[]): ResolvedTargets {
  if (family === undefined) return resolved;
  const all6 = [...resolved.ipv6, ...resolved.patterns];
  const [kept, left] = family === 4 ? [resolved.targets, all6] : [all6, resolved.targets];
  if (left.length === 0) return resolved;
  const other = family === 4 ? "IPv6" : "IPv4";
  if (kept.length === 0) {
    throw new UsageError(
      `Cannot scan: all targets are addresses of ${other}, which -${family} leaves out. Leave it out`,
    );
  }
  notes.push(`Targets of ${other} are left out: -${family} was given`);
  return family === 4 ? { ...resolved, ipv6: [], patterns: [] } : { ...resolved, targets: [] };
}

/**
 * Plans the targets of IPv6.
 *
 * @throws {UsageError} If they cannot be scanned, and there are no others.
 */
async function planIpv6(options: ScanOptions, resolved: ResolvedTargets, exclusions: readonly Ipv6HostPorts[]) {
  const { planIpv6Targets, refuseAmbiguous } = await import("./ipv6_plan.ts");
  refuseAmbiguous(options, resolved.ipv6);
  if (resolved.patterns.length === 0) return planIpv6Targets(options, resolved, exclusions);
  const { planIpv6Pattern } = await import("./ipv6_patterns.ts");
  return planIpv6Pattern(options, resolved, exclusions);
}

/** @throws {UsageError} If something is not excluded any more that was. */
function refuseGrowth(before: Excluded, now: Excluded, book: AddressBook): void {
  const hosts = before.hosts.subtract(now.hosts);
  const ports = before.ports.subtract(now.ports);
  if (hosts.count + ports.size === 0) return;
  const what = hosts.count > 0 ? book.text(hosts.firstOf(0)) : `port ${ports.at(0)}`;
  throw new UsageError(
    `Cannot resume: ${what} is no longer excluded, and a scan cannot grow. Exclude it again, or begin another scan`,
  );
}

/**
 * Addresses of targets that no host has, and a line for each kind.
 *
 * @throws {UsageError} If the targets name nothing else.
 */
function leaveOutSpecial(
  targets: ResolvedTargets["targets"],
  hasOthers: boolean,
): { readonly hosts: Ranges; readonly warnings: string[] } {
  if (targets.length === 0) return { hosts: Ranges.EMPTY, warnings: [] };
  const named = hostsOf(targets);
  let left = Ranges.EMPTY;
  const warnings: string[] = [];
  for (const { first, last, what, instead } of specialAddresses(named)) {
    const range = Ranges.of(first, last);
    const found = named.subtract(named.subtract(range));
    if (found.size === 0) continue;
    left = left.union(found);
    const address = IPV4_BOOK.text(found.at(0));
    if (left.equals(named) && !hasOthers) throw new UsageError(`Cannot scan ${address}: it is ${what}. ${instead}`);
    const isOne = found.size === 1;
    const who = isOne
      ? `${address} is`
      : `${address} and ${counted(found.size - 1, "more address", "more addresses")} are`;
    warnings.push(`${who} left out: ${isOne ? "it" : "each"} is ${what}`);
  }
  return { hosts: left, warnings };
}

/** Returns the hosts of all targets. */
function hostsOf(targets: ResolvedTargets["targets"]): Ranges {
  const builder = new RangesBuilder();
  for (const { hosts } of targets) builder.addAll(hosts);
  return builder.build();
}

/** Returns the hosts of targets that are excluded. */
function within(targets: ResolvedTargets["targets"], excluded: Ranges): Ranges {
  if (excluded.count === 0) return Ranges.EMPTY;
  const named = hostsOf(targets);
  return named.subtract(named.subtract(excluded));
}

/** Names that could not be resolved, a line each; of very many, the first. */
function failureLines(failures: ResolvedTargets["failures"]): string[] {
  const lines = failures.slice(0, MAX_FAILURES).map(({ name, why }) =>
    `Cannot resolve ${name}: ${why}. It is left out`
  );
  const more = failures.length - lines.length;
  return more > 0 ? [...lines, `Cannot resolve ${counted(more, "more name")}. They are left out`] : lines;
}

/** @throws {UsageError} If no port of the protocol is named. */
async function choosePorts(
  options: ScanOptions,
  protocol: PortProtocol,
  protocols: readonly PortProtocol[],
): Promise<PortSet> {
  const { ports, topPorts: top } = options;
  if (ports !== undefined && top !== undefined) {
    throw new UsageError("Cannot scan both named and top ports: give one of the two");
  }
  if (ports === undefined && protocol === "udp") {
    const { TOP_UDP_PORT_COUNT, topUdpPorts } = await import("../target/top_udp_ports.ts");
    return PortSet.of(topUdpPorts(top ?? TOP_UDP_PORT_COUNT));
  }
  if (ports === undefined) {
    const { TOP_PORT_COUNT, topPorts } = await import("../target/top_ports.ts");
    return PortSet.of(topPorts(top ?? TOP_PORT_COUNT));
  }
  if (typeof ports !== "string") return PortSet.of(ports);
  const set = parsePorts(ports, { services: servicePort, protocols, protocol });
  if (set.size > 0) return set;
  throw new UsageError(
    `Cannot scan ports of ${protocol.toUpperCase()}: ${
      quote(ports)
    } names none. Add some, or scan the other protocol alone`,
  );
}

/**
 * The targets of IPv6 in the plan of a scan: their zones, their routes, and their numbers.
 *
 * @module
 */

import { dumpLinks, type Link, linkNamed } from "../../ffi/netlink/link.ts";
import { UsageError } from "../base/errors.ts";
import { counted, grouped } from "../base/text.ts";
import { Ipv6Reach } from "../local/ipv6_reach.ts";
import { NO_HOST } from "../target/address_book.ts";
import { DualBook, ipv6BookParts, ipv6Capacity, type Ipv6Range, rangeText } from "../target/ipv6_book.ts";
import type { PortSet } from "../target/ports.ts";
import { Ranges, RangesBuilder } from "../target/ranges.ts";
import type { Ipv6HostPorts, ResolvedTargets } from "../target/resolve.ts";
import type { HostPorts } from "../target/space.ts";
import type { ScanOptions } from "./options.ts";
import { passesWanted, sendsPackets } from "./passes.ts";

/** The targets of IPv6. */
export interface Ipv6Plan {
  /** The addresses of all hosts; undefined if no target of IPv6 is left. */
  readonly book: DualBook | undefined;
  /** The numbers of hosts, and their ports. */
  readonly targets: readonly HostPorts[];
  /** The numbers of hosts that are excluded. */
  readonly excluded: Ranges;
  /** Targets that cannot be scanned, a line each. */
  readonly lost: readonly string[];
  readonly warnings: readonly string[];
  /** Returns the number of the host with an address without a zone; {@linkcode NO_HOST} if there is none. */
  find(address: bigint): number;
}

/** A target with its zone, and without what makes it impossible. */
type Scoped = Ipv6HostPorts & Ipv6Range;

/** Lines about targets that cannot be scanned. */
const MAX_LOST = 20;
/** Addresses of IPv4 that have no numbers of their own beside those of IPv6. */
const TAKEN = Ranges.of(0xf000_0000, 0xffff_ffff);

/**
 * Plans the targets of IPv6.
 *
 * @throws {UsageError} If they cannot be scanned and there are no others, or if they are too many.
 */
export function planIpv6Targets(
  options: Pick<ScanOptions, "interface">,
  { ipv6, targets, ofBoth }: Pick<ResolvedTargets, "ipv6" | "targets" | "ofBoth">,
  exclusions: readonly Ipv6HostPorts[],
): Ipv6Plan {
  const links = dumpLinks();
  const wanted = options.interface === undefined ? undefined : linkOf(options.interface, links);
  const lost: { readonly target: Ipv6HostPorts; readonly why: string; readonly remedy: string }[] = [];
  const routed: Scoped[] = [];
  const withoutRoute = new Set<string>();
  const zones = new Map<number, string>();
  const routes = new Ipv6Reach();
  for (const target of ipv6) {
    const { zone } = target;
    const link = zone === undefined ? undefined : linkOf(zone, links);
    if (zone !== undefined && link === undefined) {
      const names = links.map(({ name }) => name).join(", ");
      lost.push({ target, why: `there is no interface ${zone}`, remedy: `There are ${names}` });
      continue;
    }
    if (link !== undefined && wanted !== undefined && link !== wanted) {
      const why = `its zone is ${link.name}, and packets are to leave by ${wanted.name}`;
      lost.push({ target, why, remedy: `Leave out -e, or name a target on ${wanted.name}` });
      continue;
    }
    const scope = link?.index ?? 0;
    const why = routes.problem(target.first, scope);
    if (why === undefined) {
      if (link !== undefined) zones.set(scope, link.name);
      routed.push({ ...target, scope });
    } else if (target.name !== undefined && ofBoth.includes(target.name)) withoutRoute.add(target.name);
    else lost.push({ target, why, remedy: "Check the address and the routes of this machine (ip -6 route)" });
  }
  const [first] = lost;
  if (routed.length === 0 && targets.length === 0 && first !== undefined) {
    throw new UsageError(`Cannot scan ${textOf(first.target)}: ${first.why}. ${first.remedy}`);
  }
  const both = ofBoth.filter((name) => !withoutRoute.has(name));
  const plan = withoutIpv6(
    [
      ...lost.slice(0, MAX_LOST).map(({ target, why }) => `Cannot scan ${textOf(target)}: ${why}. It is left out`),
      ...lost.length > MAX_LOST
        ? [`Cannot scan ${lost.length - MAX_LOST} more targets of IPv6. They are left out`]
        : [],
    ],
    both.length === 0 ? [] : [announcement(both)],
  );
  if (routed.length === 0) return plan;
  const hasIpv4 = targets.length > 0;
  refuseTaken(targets, routed[0]!);
  const parts = ipv6BookParts(routed, hasIpv4, [...zones]);
  if (parts === undefined) {
    throw new UsageError(
      `Cannot scan so many hosts of IPv6${hasIpv4 ? " together with hosts of IPv4" : ""} at once: ` +
        `${grouped(ipv6Capacity(hasIpv4))} fit. Scan the targets in parts`,
    );
  }
  const book = new DualBook(parts);
  const excluded = new RangesBuilder();
  for (const exclusion of exclusions) {
    const link = exclusion.zone === undefined ? undefined : linkOf(exclusion.zone, links);
    if (exclusion.zone === undefined || link !== undefined) {
      book.ipv6.addNumbers({ ...exclusion, scope: link?.index ?? 0 }, excluded);
    }
  }
  return {
    ...plan,
    book,
    targets: numbered(routed, book),
    excluded: excluded.build(),
    find: (address) => book.ipv6.numberOf(address, 0),
  };
}

/** Returns the plan of a scan without hosts of IPv6. */
export function withoutIpv6(lost: readonly string[], warnings: readonly string[] = []): Ipv6Plan {
  return { book: undefined, targets: [], excluded: Ranges.EMPTY, lost, warnings, find: () => NO_HOST };
}

/** Returns the interface that is a zone, which is named by its name, another name of it, or its index. */
function linkOf(zone: string, links: readonly Link[]): Link | undefined {
  return linkNamed(zone, links) ?? links.find(({ index }) => `${index}` === zone);
}

/** @throws {UsageError} If packets of one address would be those of two hosts: they do not show the interface that they came by. */
export function refuseAmbiguous(options: ScanOptions, ipv6: readonly Ipv6HostPorts[]): void {
  const zoned = ipv6.filter(({ zone }) => zone !== undefined)
    .sort((one, other) => one.first < other.first ? -1 : one.first > other.first ? 1 : 0);
  if (zoned.length < 2 || !passesWanted(options).some(sendsPackets)) return;
  const links = dumpLinks();
  const scopeOf = ({ zone = "" }: Ipv6HostPorts) => linkOf(zone, links)?.index ?? zone;
  const at = zoned.findIndex((target, i) =>
    i > 0 && target.first <= zoned[i - 1]!.last && scopeOf(target) !== scopeOf(zoned[i - 1]!)
  );
  if (at < 0) return;
  throw new UsageError(
    `Cannot scan ${textOf(zoned[at - 1]!)} together with ${
      textOf(zoned[at]!)
    }: their packets have one address. Scan them apart`,
  );
}

/** @throws {UsageError} If a target of IPv4 has an address in whose place there are numbers of IPv6. */
function refuseTaken(targets: readonly HostPorts[], target: Ipv6HostPorts): void {
  for (const { hosts } of targets) {
    if (hosts.subtract(TAKEN).size < hosts.size) {
      throw new UsageError(
        `Cannot scan addresses of 240.0.0.0/4 together with ${
          textOf(target)
        }: hosts of IPv6 have their numbers. Scan them apart`,
      );
    }
  }
}

function announcement(names: readonly string[]): string {
  const more = names.length > 1 ? ` and ${counted(names.length - 1, "more name")} have` : " has";
  return `${names[0]}${more} addresses of both IPv4 and IPv6: both are scanned; -4 or -6 scans one of them`;
}

/** Returns hosts by their ports, as numbers. */
function numbered(targets: readonly Scoped[], book: DualBook): HostPorts[] {
  const lists = new Map<string | undefined, { hosts: RangesBuilder; ports: PortSet | undefined }>();
  for (const target of targets) {
    const key = target.ports?.toString();
    let list = lists.get(key);
    if (list === undefined) lists.set(key, list = { hosts: new RangesBuilder(), ports: target.ports });
    book.ipv6.addNumbers(target, list.hosts);
  }
  return Array.from(lists.values(), ({ hosts, ports }) => ({ hosts: hosts.build(), ports }));
}

function textOf({ first, last, zone, name }: Ipv6HostPorts): string {
  return `${name === undefined ? "" : `${name}, `}${rangeText(first, last, zone)}`;
}

/**
 * Opens the transports of passes that send packets of their own, of which techniques with the same replies share one.
 *
 * @module
 */

import { counted, grouped } from "../base/text.ts";
import { PacketDriver, packetNeeds } from "../driver/packet_driver.ts";
import { pathKinds } from "../driver/path_kind.ts";
import type { Pass } from "../result/pass.ts";
import { familyOf } from "../target/address_book.ts";
import type { Ranges } from "../target/ranges.ts";
import { loadTechniques, packetTechnique, techniqueOver } from "../technique/techniques.ts";
import type { Technique } from "../technique/technique.ts";
import { type OpenedTransport, openTransport, type OpenTransportOptions, type PacketNeeds } from "../transport/open.ts";
import type { RoutePlan } from "../transport/target_routes.ts";
import type { OpenSocketsOptions } from "../transport/udp_sockets_open.ts";
import { Neighbors } from "../transport/neighbors.ts";
import { onLinkRanges } from "../transport/on_link.ts";
import { narrowestLink } from "../transport/mtu.ts";
import { openIpv6 } from "./ipv6_parts.ts";
import type { WorkerControl, WorkerTask } from "./worker_task.ts";
import type { OpenedDrivers } from "./opened_drivers.ts";

/** The options of the transports of packets. */
type PacketOptions =
  & WorkerTask["options"]
  & Pick<WorkerTask, "probes" | "usesSockets">
  & Pick<WorkerControl, "ring" | "onServiceData" | "sendThread">;

/** The parts of passes over IPv6; undefined if there are none. */
type Ipv6Parts = Awaited<ReturnType<typeof openIpv6>> | undefined;

/** Opens the transports of passes that send packets. */
export async function openPackets(
  passes: readonly Pass[],
  options: PacketOptions,
  targets: Ranges,
  routePlan: RoutePlan,
): Promise<OpenedDrivers> {
  using opening = new DisposableStack();
  const ipv6 = passes.some(({ family }) => family === 6) ? await openIpv6(routePlan) : undefined;
  const { techniqueOf, mtuNotes } = await techniquesOf(passes, options, routePlan, ipv6);
  const techniques = [...techniqueOf.values()];
  const links = await openLinks(techniques, routePlan, ipv6, opening);
  const others = techniques.filter((technique) => !isOfLinks(technique));
  const { opened, closers } = await openTransports(others, options, targets, routePlan, ipv6, links, opening);
  const all = [...opened.values()];
  const { transport } = links[4] ?? links[6] ?? all[0]!;
  const { book } = routePlan;
  const ttl = options.ttl ?? 64;
  const resources = opening.move();
  return {
    transport: all.at(-1)?.transport.traits.name ?? transport.traits.name,
    sources: [...routePlan.sources.texts, ...routePlan.sources6?.texts ?? []],
    notes: [
      ...mtuNotes,
      ...links[4]?.notes ?? [],
      ...links[6]?.notes ?? [],
      ...new Set(all.flatMap(({ notes }) => notes)),
    ],
    warnings: routePlan.warnings,
    routePlan,
    isOfLinks: ({ number }) => isOfLinks(techniqueOf.get(number)!),
    macOf: (host) =>
      (familyOf(book, host) === 6 ? links[6]?.neighbors.macOf(host) : links[4]?.neighbors.macOf(book.address(host))) ??
        0,
    prober: links[4]?.prober,
    prober6: links[6]?.prober,
    driverOf: ({ number }) => {
      const technique = techniqueOf.get(number)!;
      const numbers = isOverIpv6(technique) ? ipv6!.numbers : book;
      if (isOfLinks(technique)) {
        const { transport } = links[familyOfPackets(technique)]!;
        const sources = isOverIpv6(technique) ? ipv6!.sources : routePlan.sources;
        const ports = { first: 0, count: 0 };
        return new PacketDriver({ technique, transport, book: numbers, sources, ports, ttl });
      }
      const { transport, sources, ports, broadcasts } = opened.get(technique)!;
      return new PacketDriver({
        ...{ technique, transport, book: numbers, sources, ports, ttl, broadcasts },
        onServiceData: options.onServiceData,
        pathTo: pathKinds(routePlan.routes, book),
      });
    },
    closeBefore: ({ number }) => {
      const later = new Set(
        passes.filter((pass) => pass.number >= number).map((pass) => techniqueOf.get(pass.number)!),
      );
      for (const { techniques, closer } of closers) {
        if (!techniques.some((technique) => later.has(technique))) closer.dispose();
      }
    },
    [Symbol.dispose]: () => resources.dispose(),
  };
}

/** Loads the technique of each pass, by the pass's number. Its packets fit the links to the targets. */
async function techniquesOf(passes: readonly Pass[], options: PacketOptions, { routes }: RoutePlan, ipv6: Ipv6Parts) {
  await loadTechniques(passes.map(({ technique }) => technique));
  const mtuNotes = new Set<string>();
  const techniqueOf = new Map<number, Technique>();
  for (const { number, technique, family } of passes) {
    const found = packetTechnique(technique, options)!;
    if (options.usesSockets === true || family === 6) {
      // The kernel divides packets of sockets, and no link carries IPv6 that has no room for every payload (RFC 8200 section 5).
      const overIpv4 = options.usesSockets === true ? found.overSockets! : found;
      techniqueOf.set(number, family === 6 ? techniqueOver(overIpv4, ipv6!.packets)! : overIpv4);
      continue;
    }
    const narrow = found.within === undefined ? undefined : narrowestLink(routes);
    const isShort = narrow !== undefined && narrow.mtu < found.maxLength;
    techniqueOf.set(number, isShort ? found.within!(narrow.mtu) : found);
    if (isShort) {
      mtuNotes.add(
        `${narrow.name} carries packets of at most ${
          counted(narrow.mtu, "byte")
        } (MTU), but some requests of UDP services have ` +
          `up to ${grouped(found.maxLength)}: their ports are probed by others`,
      );
    }
  }
  return { techniqueOf, mtuNotes: [...mtuNotes] };
}

/** The transports of own links by address family. */
interface OpenedLinks {
  readonly 4: Awaited<ReturnType<typeof openArp>> | undefined;
  readonly 6: Awaited<ReturnType<NonNullable<Ipv6Parts>["openLinks"]>> | undefined;
}

/** Opens the transports of techniques that ask for hardware addresses on own links. */
async function openLinks(
  techniques: readonly Technique[],
  routePlan: RoutePlan,
  ipv6: Ipv6Parts,
  opening: DisposableStack,
): Promise<OpenedLinks> {
  const techniqueOver = (family: 4 | 6) =>
    techniques.find((technique) => isOfLinks(technique) && familyOfPackets(technique) === family);
  const [arp, ndp] = [techniqueOver(4), techniqueOver(6)];
  return {
    4: arp && await openArp(arp, routePlan, opening),
    6: ndp && opening.use(await ipv6!.openLinks(ndp)),
  };
}

/** The transports of techniques. */
interface OpenedTransports {
  /** The transport of each technique, with ports of its own. */
  readonly opened: ReadonlyMap<Technique, OpenedTransport>;
  /** Closes each transport, and the techniques that share it. */
  readonly closers: readonly { readonly techniques: readonly Technique[]; readonly closer: DisposableStack }[];
}

/** Opens the transports of techniques, of which those with the same replies share one. */
async function openTransports(
  techniques: readonly Technique[],
  options: PacketOptions,
  targets: Ranges,
  routePlan: RoutePlan,
  ipv6: Ipv6Parts,
  links: OpenedLinks,
  opening: DisposableStack,
): Promise<OpenedTransports> {
  const opened = new Map<Technique, OpenedTransport>();
  const closers: { readonly techniques: readonly Technique[]; readonly closer: DisposableStack }[] = [];
  // The one thread sends for one transport of several: that of ports, which are more than hosts.
  const threaded = techniques.find((technique) => !isOverIpv6(technique) && !isOfHosts(technique)) ??
    techniques.find((technique) => !isOverIpv6(technique));
  for (const sharing of Map.groupBy(techniques, filterKey).values()) {
    const wanted: OpenTransportOptions = {
      targets,
      kind: options.transport ?? "auto",
      interfaceName: options.interface,
      sourceIp: options.sourceIp,
      sourcePort: options.sourcePort,
      random: crypto.getRandomValues(new Uint32Array(1))[0]!,
      packets: needsTogether(sharing),
      probes: sharing.every(isOfHosts) ? pingsOf(sharing, targets) : options.probes,
      ring: options.ring,
    };
    const closer = opening.use(new DisposableStack());
    closers.push({ techniques: sharing, closer });
    const over6 = isOverIpv6(sharing[0]!);
    const transport = closer.use(
      options.usesSockets === true
        ? await openUdpSockets({ ...wanted, ttl: options.ttl }, routePlan, over6 ? ipv6 : undefined)
        : over6
        ? await ipv6!.open({ ...wanted, neighbors: links[6]?.neighbors })
        : await openTransport({
          ...wanted,
          neighbors: links[4]?.neighbors,
          sendThread: sharing.includes(threaded!) ? options.sendThread : undefined,
        }, routePlan),
    );
    let { first } = transport.ports;
    for (const technique of sharing) {
      const { portCount } = packetNeeds(technique);
      const count = Math.min(portCount, transport.ports.count);
      opened.set(technique, { ...transport, ports: { first, count } });
      // A port of its own for each: to a firewall, probes of another technique would continue a connection that it knows.
      if (portCount <= transport.ports.count) first += portCount;
    }
  }
  return { opened, closers };
}

/** Returns the number of pings of techniques that probe hosts, without those that are sent again. */
function pingsOf(techniques: readonly Technique[], { size }: Ranges): number {
  return techniques.reduce((sum, { attemptPeriod }) => sum + size * attemptPeriod, 0);
}

/** True for a technique that probes hosts, not ports. */
function isOfHosts({ protocol }: Technique): boolean {
  return protocol === "host";
}

function familyOfPackets({ families }: Technique): 4 | 6 {
  return families[0] === 6 ? 6 : 4;
}

function isOverIpv6(technique: Technique): boolean {
  return familyOfPackets(technique) === 6;
}

/** True for a technique whose packets are about hosts on own links. */
function isOfLinks({ ethertype }: Technique): boolean {
  return ethertype !== undefined;
}

/** Loads and opens a transport of UDP sockets: over IPv6 if its parts are given. */
async function openUdpSockets(
  options: OpenSocketsOptions,
  routePlan: RoutePlan,
  ipv6: Ipv6Parts,
): Promise<OpenedTransport> {
  if (ipv6 !== undefined) return await ipv6.openSockets(options);
  return (await import("../transport/udp_sockets_open.ts")).openUdpSockets4(options, routePlan);
}

/** Loads and opens the transport of a technique of own links, from whose replies the neighbours are learned. */
async function openArp(
  technique: Technique,
  { routes, book }: RoutePlan,
  opening: DisposableStack,
) {
  const [{ arpPackets, openLinks }, { arpProber }] = await Promise.all([
    import("../transport/link_transport.ts"),
    import("../transport/link_prober.ts"),
  ]);
  const ranges = onLinkRanges(routes, book, 4);
  const neighbors = new Neighbors(ranges);
  const { filter, maxLength } = packetNeeds(technique);
  const packets = arpPackets(filter({ first: 0, count: 0 }), maxLength);
  const transport = opening.use(openLinks(ranges, packets, neighbors, book));
  const names = [...new Set(ranges.map(({ link }) => link.name))].join(", ");
  return {
    transport,
    neighbors,
    // A worker may have no such host in its share.
    prober: ranges.length === 0 ? undefined : arpProber(transport, ranges, neighbors),
    notes: ranges.length === 0 ? [] : [`Hosts on ${names} are asked by ARP first`],
  };
}

/** Returns a text that is the same for techniques with the same replies, which can share a transport. */
function filterKey(technique: Technique): string {
  return packetNeeds(technique).filter({ first: 1, count: 1 }).toHex();
}

/** Returns what the packets of several techniques need of one transport. */
function needsTogether(techniques: readonly Technique[]): PacketNeeds {
  const needs = techniques.map(packetNeeds);
  return {
    maxLength: Math.max(...needs.map(({ maxLength }) => maxLength)),
    portCount: needs.reduce((sum, { portCount }) => sum + portCount, 0),
    isUdp: needs[0]!.isUdp === true,
    filter: needs[0]!.filter,
  };
}

/**
 * Opens the sockets of a worker: those of all passes before the first probe, as privileges are dropped then.
 *
 * @module
 */

import type { ConnectDriver, OnAccepted } from "../driver/connect_driver.ts";
import type { Driver } from "../driver/driver.ts";
import { PacketDriver, packetNeeds } from "../driver/packet_driver.ts";
import { pathKinds } from "../driver/path_kind.ts";
import type { SocketPingDriver } from "../driver/socket_ping_driver.ts";
import { type Pass, probesHosts } from "../result/pass.ts";
import { type AddressBook, familyOf } from "../target/address_book.ts";
import type { Ranges } from "../target/ranges.ts";
import { icmpErrorKind } from "../technique/ip_reply.ts";
import { socketPingOutcomes, socketPingPorts } from "../technique/ping.ts";
import { loadTechniques, packetTechnique, techniqueOver } from "../technique/techniques.ts";
import type { Technique } from "../technique/technique.ts";
import {
  type OpenedTransport,
  openTransport,
  type OpenTransportOptions,
  type PacketNeeds,
  type RoutePlan,
} from "../transport/open.ts";
import type { LinkProber } from "../transport/link_prober.ts";
import type { PingSocket } from "../transport/ping_socket.ts";
import type { OpenSocketsOptions } from "../transport/udp_sockets_open.ts";
import { Neighbors } from "../transport/neighbors.ts";
import { onLinkRanges } from "../transport/on_link.ts";
import { bookOf, ipv6Connections, openIpv6, routePlanOf } from "./ipv6_parts.ts";
import { sendsPackets } from "./passes.ts";
import type { OpenedSockets, WorkerControl, WorkerTask } from "./worker_task.ts";

/** The open sockets of a worker, and the driver of each pass. */
export interface OpenedDrivers extends OpenedSockets, Disposable {
  readonly routePlan: RoutePlan;
  /** Returns the driver of a pass. The driver of the pass before is not used any more. */
  driverOf(pass: Pass): Driver;
  /** Closes the sockets that only passes before this one use, since each costs time with every packet; not those of own links and of connections. */
  closeBefore(pass: Pass): void;
  /** True for a pass that asks for hardware addresses on own links. */
  isOfLinks(pass: Pass): boolean;
  /** Returns the hardware address of a host on an own link, as a number; 0 if it is not known. */
  macOf(host: number): number;
  /** Asks hosts on own links whether they are still there; undefined where none was asked for its hardware address. */
  readonly prober: LinkProber | undefined;
  /** The same for hosts of IPv6. */
  readonly prober6?: LinkProber | undefined;
}

/**
 * Opens the sockets of a worker.
 *
 * @throws {CannotScanError} If they cannot be opened.
 */
export async function openDrivers(
  task: WorkerTask,
  targets: Ranges,
  { routePlan: known, ring, onAccepted, onServiceData, sendThread }: Pick<
    WorkerControl,
    "routePlan" | "ring" | "onAccepted" | "onServiceData" | "sendThread"
  >,
): Promise<OpenedDrivers> {
  const routePlan = known ?? await routePlanOf({
    targets,
    interfaceName: task.options.interface,
    sourceIp: task.options.sourceIp,
  }, await bookOf(task));
  const { interface: _named, ...unbound } = task.options;
  const { interfaceName } = routePlan;
  const options = interfaceName === undefined ? unbound : { ...unbound, interface: interfaceName };
  const [packets, sockets] = [task.passes.filter(sendsPackets), task.passes.filter((pass) => !sendsPackets(pass))];
  const { probes } = task;
  const { usesSockets } = task;
  if (sockets.length === 0) {
    return await openPackets(
      packets,
      { ...options, probes, ring, usesSockets, onServiceData },
      targets,
      routePlan,
      sendThread,
    );
  }
  if (packets.length === 0) return await openSockets(sockets, options, routePlan, onAccepted);
  using opening = new DisposableStack();
  const finding = opening.use(
    await openPackets(packets, { ...options, probes, ring, usesSockets, onServiceData }, targets, routePlan),
  );
  const connecting = opening.use(await openSockets(sockets, options, routePlan));
  const resources = opening.move();
  return {
    ...finding,
    transport: connecting.transport,
    notes: [...finding.notes, ...connecting.notes],
    driverOf: (pass) => (sendsPackets(pass) ? finding : connecting).driverOf(pass),
    closeBefore: (pass) => finding.closeBefore(pass),
    isOfLinks: (pass) => sendsPackets(pass) && finding.isOfLinks(pass),
    [Symbol.dispose]: () => resources.dispose(),
  };
}

async function openPackets(
  passes: readonly Pass[],
  options:
    & WorkerTask["options"]
    & Pick<WorkerTask, "probes" | "usesSockets">
    & Pick<WorkerControl, "ring" | "onServiceData">,
  targets: Ranges,
  routePlan: RoutePlan,
  sendThread?: WorkerControl["sendThread"],
): Promise<OpenedDrivers> {
  using opening = new DisposableStack();
  const { book } = routePlan;
  const ipv6 = passes.some(({ family }) => family === 6) ? await openIpv6(routePlan) : undefined;
  await loadTechniques(passes.map(({ technique }) => technique));
  const techniqueOf = new Map(
    passes.map(({ number, technique, family }) => {
      const found = packetTechnique(technique, options)!;
      const overIpv4 = options.usesSockets === true ? found.overSockets! : found;
      return [number, family === 6 ? techniqueOver(overIpv4, ipv6!.packets)! : overIpv4];
    }),
  );
  const techniques = [...techniqueOf.values()];
  const opened = new Map<Technique, OpenedTransport>();
  const closers: { readonly techniques: readonly Technique[]; readonly closer: DisposableStack }[] = [];
  const ofLinks = techniques.find((technique) => isOfLinks(technique) && !isOverIpv6(technique));
  const neighbors = ofLinks === undefined ? undefined : new Neighbors();
  const links = ofLinks === undefined ? undefined : await openArp(ofLinks, routePlan, neighbors!, opening);
  const ofLinks6 = techniques.find((technique) => isOfLinks(technique) && isOverIpv6(technique));
  const links6 = ofLinks6 === undefined ? undefined : opening.use(await ipv6!.openLinks(ofLinks6));
  const others = techniques.filter((technique) => !isOfLinks(technique));
  // The one thread sends for one transport of several: that of ports, which are more than hosts.
  const threaded = others.find((technique) => !isOverIpv6(technique) && !isOfHosts(technique)) ??
    others.find((technique) => !isOverIpv6(technique));
  for (const sharing of Map.groupBy(others, filterKey).values()) {
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
    const transport = closer.use(
      options.usesSockets === true
        ? await openUdpSockets({ ...wanted, ttl: options.ttl }, routePlan, isOverIpv6(sharing[0]!) ? ipv6 : undefined)
        : isOverIpv6(sharing[0]!)
        ? await ipv6!.open({ ...wanted, neighbors: links6?.neighbors })
        : await openTransport(
          { ...wanted, neighbors, sendThread: sharing.includes(threaded!) ? sendThread : undefined },
          routePlan,
        ),
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
  const all = [...opened.values()];
  const { transport } = links ?? links6 ?? all[0]!;
  const resources = opening.move();
  return {
    transport: all.at(-1)?.transport.traits.name ?? transport.traits.name,
    sources: [...routePlan.sources.texts, ...routePlan.sources6?.texts ?? []],
    notes: [...links?.notes ?? [], ...links6?.notes ?? [], ...new Set(all.flatMap(({ notes }) => notes))],
    warnings: routePlan.warnings,
    routePlan,
    isOfLinks: ({ number }) => isOfLinks(techniqueOf.get(number)!),
    macOf: (host) =>
      (familyOf(book, host) === 6 ? links6?.neighbors.macOf(host) : neighbors?.macOf(book.address(host))) ?? 0,
    prober: links?.prober,
    prober6: links6?.prober,
    driverOf: ({ number }) => {
      const technique = techniqueOf.get(number)!;
      const ttl = options.ttl ?? 64;
      if (isOfLinks(technique)) {
        const ports = { first: 0, count: 0 };
        return new PacketDriver(
          isOverIpv6(technique)
            ? { technique, transport: links6!.transport, book: ipv6!.numbers, sources: ipv6!.sources, ports, ttl }
            : { technique, transport: links!.transport, book, sources: routePlan.sources, ports, ttl },
        );
      }
      const { transport, sources, ports, broadcasts } = opened.get(technique)!;
      return new PacketDriver({
        ...{ technique, transport, sources, ports, ttl, broadcasts },
        book: isOverIpv6(technique) ? ipv6!.numbers : book,
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

/** Returns the number of pings of techniques that probe hosts, without those that are sent again. */
function pingsOf(techniques: readonly Technique[], { size }: Ranges): number {
  return techniques.reduce((sum, { attemptPeriod }) => sum + size * attemptPeriod, 0);
}

/** True for a technique that probes hosts, not ports. */
function isOfHosts({ protocol }: Technique): boolean {
  return protocol === "host";
}

function isOverIpv6({ families }: Technique): boolean {
  return families[0] === 6;
}

/** True for a technique whose packets are about hosts on own links. */
function isOfLinks({ ethertype }: Technique): boolean {
  return ethertype !== undefined;
}

/** Loads and opens a transport of UDP sockets: over IPv6 if its parts are given. */
async function openUdpSockets(
  options: OpenSocketsOptions,
  routePlan: RoutePlan,
  ipv6: Awaited<ReturnType<typeof openIpv6>> | undefined,
): Promise<OpenedTransport> {
  if (ipv6 !== undefined) return await ipv6.openSockets(options);
  return (await import("../transport/udp_sockets_open.ts")).openUdpSockets4(options, routePlan);
}

/** Loads and opens the transport of a technique of own links, from whose replies the neighbours are learned. */
async function openArp(
  technique: Technique,
  { routes, book }: RoutePlan,
  neighbors: Neighbors,
  opening: DisposableStack,
) {
  const [{ arpPackets, openLinks }, { arpProber }] = await Promise.all([
    import("../transport/link_transport.ts"),
    import("../transport/link_prober.ts"),
  ]);
  const ranges = onLinkRanges(routes, book, 4);
  const { filter, maxLength } = packetNeeds(technique);
  const packets = arpPackets(filter({ first: 0, count: 0 }), maxLength);
  const transport = opening.use(openLinks(ranges, packets, neighbors, book));
  const names = [...new Set(ranges.map(({ link }) => link.name))].join(", ");
  return {
    transport,
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

/** Opens what the passes need that leave their packets to the kernel. */
async function openSockets(
  passes: readonly Pass[],
  options: WorkerTask["options"],
  routePlan: RoutePlan,
  onAccepted?: OnAccepted,
): Promise<OpenedDrivers> {
  using opening = new DisposableStack();
  const { ConnectDriver } = await import("../driver/connect_driver.ts");
  const { book, routes } = routePlan;
  const pinging = passes.find(probesHosts);
  // Connections of pings are those of hosts.
  const accepted = pinging === undefined ? { onAccepted } : {};
  const { sourceIp, sourcePort, interface: interfaceName, ttl } = options;
  const ipv6 = await ipv6Connections({ sourceIp, sourcePort, interfaceName, ttl }, book);
  const connect = opening.use(new ConnectDriver(book, { ...options, ...accepted, ipv6, routes }));
  const pings = pinging && opening.use(await openPings(pinging, connect, options, book));
  const resources = opening.move();
  return {
    transport: pings !== undefined && passes.length === 1 ? pings.name : connect.name,
    sources: [],
    notes: passes.some((pass) => !probesHosts(pass))
      ? [`Ports are probed by connect(2), at most ${connect.maxInFlight} at a time`]
      : [],
    warnings: routePlan.warnings,
    routePlan,
    driverOf: (pass) => probesHosts(pass) ? pings! : connect,
    closeBefore: () => {},
    isOfLinks: () => false,
    macOf: () => 0,
    prober: undefined,
    [Symbol.dispose]: () => resources.dispose(),
  };
}

/** Loads and opens what pings hosts through sockets of the kernel. */
async function openPings(
  { technique }: Pass,
  connect: ConnectDriver,
  options: WorkerTask["options"],
  book: AddressBook,
): Promise<SocketPingDriver> {
  using opening = new DisposableStack();
  const { SocketPingDriver } = await import("../driver/socket_ping_driver.ts");
  const ports = socketPingPorts(technique)!;
  const pings: { 4?: PingSocket; 6?: PingSocket } = {};
  if (ports.includes(0)) {
    const { Ipv4Echo, PingSocket } = await import("../transport/ping_socket.ts");
    pings[4] = opening.use(new PingSocket(new Ipv4Echo(book), icmpErrorKind, options));
    if (book.ipv6 !== undefined) {
      const [{ Ipv6Echo }, { icmpv6ErrorKind }] = await Promise.all([
        import("../transport/ipv6_ping_socket.ts"),
        import("../technique/icmpv6_errors.ts"),
      ]);
      pings[6] = opening.use(new PingSocket(new Ipv6Echo(book.ipv6), icmpv6ErrorKind, options));
    }
  }
  opening.move();
  const outcomes = socketPingOutcomes({ ignoresRst: options.ignoreRst });
  return new SocketPingDriver({ book, ports, outcomes, connect, pings });
}

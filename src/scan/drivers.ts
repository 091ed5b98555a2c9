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
import type { AddressBook } from "../target/address_book.ts";
import type { Ranges } from "../target/ranges.ts";
import { socketPingOutcomes, socketPingPorts } from "../technique/ping.ts";
import { packetTechnique } from "../technique/techniques.ts";
import type { Technique } from "../technique/technique.ts";
import { type OpenedTransport, openTransport, type PacketNeeds, type RoutePlan } from "../transport/open.ts";
import type { ArpProber } from "../transport/arp_prober.ts";
import { Neighbors } from "../transport/neighbors.ts";
import { onLinkRanges } from "../transport/on_link.ts";
import { bookOf, ipv6Connections, routePlanOf } from "./ipv6_parts.ts";
import { sendsPackets } from "./passes.ts";
import type { OpenedSockets, WorkerTask } from "./worker_task.ts";

/** The open sockets of a worker, and the driver of each pass. */
export interface OpenedDrivers extends OpenedSockets, Disposable {
  readonly routePlan: RoutePlan;
  /** Returns the driver of a pass. The driver of the pass before is not used any more. */
  driverOf(pass: Pass): Driver;
  /** True for a pass that asks for hardware addresses on own links. */
  isOfLinks(pass: Pass): boolean;
  /** Returns the hardware address of a host on an own link, as a number; 0 if it is not known. */
  macOf(host: number): number;
  /** Asks hosts on own links whether they are still there; undefined where none was asked for its hardware address. */
  readonly prober: ArpProber | undefined;
}

/**
 * Opens the sockets of a worker.
 *
 * @throws {CannotScanError} If they cannot be opened.
 */
export async function openDrivers(
  task: WorkerTask,
  targets: Ranges,
  known: RoutePlan | undefined,
  onAccepted?: OnAccepted,
): Promise<OpenedDrivers> {
  const routePlan = known ?? await routePlanOf({
    targets,
    interfaceName: task.options.interface,
    sourceIp: task.options.sourceIp,
  }, await bookOf(task));
  const { interfaceName } = routePlan;
  const options = interfaceName === undefined ? task.options : { ...task.options, interface: interfaceName };
  const [packets, sockets] = [task.passes.filter(sendsPackets), task.passes.filter((pass) => !sendsPackets(pass))];
  const { probes } = task;
  if (sockets.length === 0) return await openPackets(packets, { ...options, probes }, targets, routePlan);
  if (packets.length === 0) return await openSockets(sockets, options, routePlan, onAccepted);
  using opening = new DisposableStack();
  const finding = opening.use(await openPackets(packets, { ...options, probes }, targets, routePlan));
  const connecting = opening.use(await openSockets(sockets, options, routePlan));
  const resources = opening.move();
  return {
    ...finding,
    transport: connecting.transport,
    notes: [...finding.notes, ...connecting.notes],
    driverOf: (pass) => (sendsPackets(pass) ? finding : connecting).driverOf(pass),
    isOfLinks: (pass) => sendsPackets(pass) && finding.isOfLinks(pass),
    [Symbol.dispose]: () => resources.dispose(),
  };
}

async function openPackets(
  passes: readonly Pass[],
  options: WorkerTask["options"] & Pick<WorkerTask, "probes">,
  targets: Ranges,
  routePlan: RoutePlan,
): Promise<OpenedDrivers> {
  using opening = new DisposableStack();
  const techniqueOf = new Map(
    passes.map(({ number, technique }) => [number, packetTechnique(technique, options)!]),
  );
  const techniques = [...techniqueOf.values()];
  const opened = new Map<Technique, OpenedTransport>();
  const { book } = routePlan;
  const ofLinks = techniques.find(isOfLinks);
  const neighbors = ofLinks === undefined ? undefined : new Neighbors();
  const links = ofLinks === undefined ? undefined : await openLinks(ofLinks, routePlan, neighbors!, opening);
  const others = techniques.filter((technique) => !isOfLinks(technique));
  for (const sharing of Map.groupBy(others, filterKey).values()) {
    const transport = opening.use(
      await openTransport({
        targets,
        kind: options.transport ?? "auto",
        interfaceName: options.interface,
        sourceIp: options.sourceIp,
        sourcePort: options.sourcePort,
        random: crypto.getRandomValues(new Uint32Array(1))[0]!,
        packets: needsTogether(sharing),
        probes: options.probes,
        neighbors,
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
  const all = [...opened.values()];
  const { transport } = links ?? all[0]!;
  const resources = opening.move();
  return {
    transport: all.at(-1)?.transport.traits.name ?? transport.traits.name,
    sources: routePlan.sources.texts,
    notes: [...links?.notes ?? [], ...new Set(all.flatMap(({ notes }) => notes))],
    warnings: routePlan.warnings,
    routePlan,
    isOfLinks: ({ number }) => isOfLinks(techniqueOf.get(number)!),
    macOf: (host) => neighbors?.macOf(book.address(host)) ?? 0,
    prober: links?.prober,
    driverOf: ({ number }) => {
      const technique = techniqueOf.get(number)!;
      const ttl = options.ttl ?? 64;
      if (isOfLinks(technique)) {
        const ports = { first: 0, count: 0 };
        return new PacketDriver({
          technique,
          transport: links!.transport,
          book,
          sources: routePlan.sources,
          ports,
          ttl,
        });
      }
      const { transport, sources, ports, broadcasts } = opened.get(technique)!;
      return new PacketDriver({
        ...{ technique, transport, book, sources, ports, ttl, broadcasts },
        pathTo: pathKinds(routePlan.routes, book),
      });
    },
    [Symbol.dispose]: () => resources.dispose(),
  };
}

/** True for a technique whose packets are about hosts on own links. */
function isOfLinks({ ethertype }: Technique): boolean {
  return ethertype !== undefined;
}

/** Loads and opens the transport of a technique of own links, from whose replies the neighbours are learned. */
async function openLinks(
  technique: Technique,
  { routes, book }: RoutePlan,
  neighbors: Neighbors,
  opening: DisposableStack,
) {
  const [{ openArp }, { ArpProber }] = await Promise.all([
    import("../transport/arp_transport.ts"),
    import("../transport/arp_prober.ts"),
  ]);
  const ranges = onLinkRanges(routes, book);
  const transport = opening.use(
    openArp(ranges, packetNeeds(technique).filter({ first: 0, count: 0 }), neighbors, book),
  );
  const names = [...new Set(ranges.map(({ link }) => link.name))].join(", ");
  return {
    transport,
    prober: new ArpProber(transport, ranges, neighbors),
    notes: [`Hosts on ${names} are asked by ARP first`],
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
  const { book } = routePlan;
  const pinging = passes.find(probesHosts);
  // Connections of pings are those of hosts.
  const accepted = pinging === undefined ? { onAccepted } : {};
  const { sourceIp, sourcePort, interface: interfaceName, ttl } = options;
  const ipv6 = await ipv6Connections({ sourceIp, sourcePort, interfaceName, ttl }, book);
  const connect = opening.use(new ConnectDriver(book, { ...options, ...accepted, ipv6 }));
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
  const [{ SocketPingDriver }, { PingSocket }] = await Promise.all([
    import("../driver/socket_ping_driver.ts"),
    import("../transport/ping_socket.ts"),
  ]);
  const ports = socketPingPorts(technique)!;
  const pings = ports.includes(0) ? new PingSocket(options) : undefined;
  return new SocketPingDriver({
    book,
    ports,
    outcomes: socketPingOutcomes({ ignoresRst: options.ignoreRst }),
    connect,
    pings,
  });
}

/**
 * Chooses and opens a transport, and returns the reasons for the choice.
 *
 * @module
 */

import { ARPHRD_ETHER } from "../../ffi/constants.ts";
import { SyscallError } from "../../ffi/errno.ts";
import { dumpAddresses, type InterfaceAddress } from "../../ffi/netlink/address.ts";
import { dumpLinks, type Link, LOOPBACK_INDEX } from "../../ffi/netlink/link.ts";
import { isRouted, type RouteFound, type RouteRefused } from "../../ffi/netlink/route.ts";
import { PolicyWatch } from "../../ffi/netlink/xfrm.ts";
import { CannotScanError, UsageError } from "../base/errors.ts";
import { type AddressBook, familyOf, NO_HOST, rangeTexts } from "../target/address_book.ts";
import { formatIpv4, isLoopback } from "../wire/address.ts";
import { type DestinationOf, KernelTransport } from "./kernel_transport.ts";
import type { EthernetRange, EthernetSender } from "./ethernet_sender.ts";
import { BatchedSender, PlainSender, type RawIpOptions } from "./raw_sender.ts";
import type { Neighbors } from "./neighbors.ts";
import type { PreparedRing } from "../../ffi/packet_ring.ts";
import { needsRing, openReceiver, PlainReceiver, type Receiver, type ReceiverOptions } from "./receiver.ts";
import { planRoutes, type RouteConstraints, RouteMap, wantedLink } from "./route_plan.ts";
import type { Ipv6Routing, RouteConstraints6 } from "./ipv6_routes.ts";
import {
  openDatagram,
  openStream,
  type ReservationOptions,
  type ReservedPorts,
  reserveFreePorts,
  reservePorts,
} from "./port_reservation.ts";
import { isOwnAddress, wantedSources } from "./own_sources.ts";
import type { Sender } from "./send_queue.ts";
import type { SendThread } from "./thread_queue.ts";
import type { Transport } from "./transport.ts";

/** The packets that a transport is for. */
export interface PacketNeeds {
  /** The length of the longest packet to send, in bytes. */
  readonly maxLength: number;
  /** The number of source ports to reserve; 0 where packets have none. */
  readonly portCount: number;
  /** True where these are ports of UDP, and not of TCP. */
  readonly isUdp?: boolean;
  /** Returns a classic BPF program for the packets to receive, given the source ports. */
  filter(ports: OpenedTransport["ports"]): Uint8Array;
}

/** The requirements on a transport. */
export interface OpenTransportOptions {
  /** Ascending, disjoint ranges of target hosts. */
  readonly targets: Iterable<readonly [first: number, last: number]>;
  /** The kind of transport; `auto` takes the fastest that works. */
  readonly kind: "auto" | "sendto" | "sendmmsg" | "ethernet";
  /** The name of the interface to send by; the kernel's choice if not given. */
  readonly interfaceName?: string | undefined;
  /** The address to send from; the kernel's choice if not given. */
  readonly sourceIp?: string | undefined;
  /** The only port to send from; one for each attempt if not given. */
  readonly sourcePort?: number | undefined;
  /** True where another transport of the scan holds that port. */
  readonly isPortHeld?: boolean;
  /** A random 32-bit number. */
  readonly random: number;
  /** Learns the hosts on own links that ARP requests of our own find; the kernel's table is used if not given. */
  readonly neighbors?: Neighbors | undefined;
  /** Starts a thread that sends packets; resolves with undefined if it cannot. */
  readonly sendThread?: (() => Promise<SendThread | undefined>) | undefined;
  readonly packets: PacketNeeds;
  /** The number of packets to be sent without retransmissions, if it is known. */
  readonly probes?: number | undefined;
  /** A ring that the kernel has begun to set up, of which one transport takes possession. */
  readonly ring?: PreparedRing | undefined;
}

/** An open transport, and the source of packets to each target. */
export interface OpenedTransport extends Disposable {
  readonly transport: Transport;
  readonly sources: SourceAddresses;
  /** Broadcast addresses of the networks that this machine is on. */
  readonly broadcasts: readonly number[];
  /** Ports that packets are sent from; none where packets have none. */
  readonly ports: { readonly first: number; readonly count: number };
  /** The reasons for the choice, a line each. */
  readonly notes: readonly string[];
  /** Warnings for the user, a line each. */
  readonly warnings: readonly string[];
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
  options: Pick<OpenTransportOptions, "targets" | "interfaceName" | "sourceIp">,
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
function byFamily(targets: OpenTransportOptions["targets"], { ipv6 }: AddressBook) {
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

/**
 * Opens a transport.
 *
 * @throws {CannotScanError} If the kernel refuses, with what would help.
 */
export async function openTransport(options: OpenTransportOptions, plan: RoutePlan): Promise<OpenedTransport> {
  const notes: string[] = [];
  using opening = new DisposableStack();
  const ownAddresses = dumpAddresses();
  const { ports, held } = choosePorts(options, plan, ownAddresses, notes);
  if (held !== undefined) opening.use(held);
  const raw: RawIpOptions = {
    interfaceName: options.interfaceName,
    source: plan.ownSource,
    maxLength: options.packets.maxLength,
  };
  const transport = opening.use(
    await openKind(options.kind, notes, {
      book: plan.book,
      receiver: { filter: options.packets.filter(ports), interfaceIndex: 0, probes: options.probes },
      ring: options.ring,
      openSender: (isBatched) => isBatched ? new BatchedSender(raw) : new PlainSender(raw),
      openEthernet: () => openEthernet(plan, ports.first, options.packets.isUdp === true, raw, options),
    }),
  );
  const fromPorts = ports.count === 0 ? "" : `, ports ${ports.first}-${ports.first + ports.count - 1}`;
  notes.push(`Probes leave from ${plan.sources.texts.join(", ")}${fromPorts}`);
  const opened = opening.move();
  return {
    transport,
    broadcasts: broadcastAddresses(ownAddresses),
    sources: plan.sources,
    ports,
    notes,
    warnings: plan.warnings,
    [Symbol.dispose]: () => opened.dispose(),
  };
}

/** The parts of a transport that depend on the version of IP. */
interface TransportParts {
  /** The addresses of hosts, as packets have them. */
  readonly book: AddressBook;
  readonly receiver: ReceiverOptions;
  /** A ring that the kernel has begun to set up. */
  readonly ring?: PreparedRing | undefined;
  /** Opens a raw socket; one that sends many packets in one call with `isBatched`. */
  openSender(isBatched: boolean): Sender;
  /** Opens the Ethernet sender; returns the reason if there is none. */
  openEthernet(): Promise<EthernetSender | string>;
  /** Returns the address that a packet goes to, as a number; that of IPv4 if not given. */
  readonly destinationOf?: DestinationOf;
}

/** Opens a transport of a kind. */
export async function openKind(
  kind: OpenTransportOptions["kind"],
  notes: string[],
  parts: TransportParts,
): Promise<Transport> {
  if (kind === "sendto") {
    notes.push("Transport sendto: one sendto and one recvfrom a packet, as asked for");
    return openPlain(parts);
  }
  // What has been opened is closed again if what follows cannot be.
  using opening = new DisposableStack();
  let receiver: Receiver;
  try {
    receiver = opening.use(await openReceiver(parts.receiver, parts.ring));
  } catch (error) {
    if (!(error instanceof SyscallError) || kind !== "auto") throw error;
    notes.push(`Transport sendto: the kernel gives no ring of received packets (${error.code})`);
    return openPlain(parts);
  }
  const sender = opening.use(parts.openSender(true));
  const ethernet = kind === "sendmmsg" ? "raw IP was asked for" : await parts.openEthernet();
  if (typeof ethernet === "string") {
    if (kind === "ethernet") {
      throw new CannotScanError(`Cannot send by Ethernet: ${ethernet}. Leave out --transport ethernet`);
    }
    const way = needsRing(parts.receiver.probes) ? "from the kernel's ring" : "by recvmmsg, since they are few";
    notes.push(`Transport sendmmsg: raw IP, replies read ${way}; no Ethernet sender, because ${ethernet}`);
    opening.move();
    return new KernelTransport("sendmmsg", sender, receiver, parts.book, undefined, parts.destinationOf);
  }
  notes.push(
    `Transport ethernet: straight to the link ${ethernet.linkName} once the next hop's hardware address is known and the ` +
      `kernel has let the first probes pass, raw IP until then and for everything else`,
  );
  if (ethernet.isShared) notes.push("Packets are sent by a thread of their own");
  opening.move();
  return new KernelTransport("ethernet", sender, receiver, parts.book, ethernet, parts.destinationOf);
}

function openPlain({ openSender, receiver, book, destinationOf }: TransportParts): Transport {
  using opening = new DisposableStack();
  const transport = new KernelTransport(
    "sendto",
    opening.use(openSender(false)),
    opening.use(new PlainReceiver(receiver)),
    book,
    undefined,
    destinationOf,
  );
  opening.move();
  return transport;
}

/** Watches the IPsec policies, which an Ethernet sender would bypass; returns the reason if there are some, or they cannot be read. */
export function watchPolicies(): PolicyWatch | string {
  try {
    const policies = new PolicyWatch();
    if (!policies.any()) return policies;
    policies[Symbol.dispose]();
    return "this machine has IPsec policies, which it would bypass";
  } catch (error) {
    if (!(error instanceof SyscallError)) throw error;
    return `only a process with CAP_NET_ADMIN can read the IPsec policies, which it would bypass (${error.code})`;
  }
}

/** Loads and opens the Ethernet sender; returns the reason if there is none. */
async function openEthernet(
  plan: RoutePlan,
  sourcePort: number,
  isUdp: boolean,
  raw: RawIpOptions,
  { neighbors, sendThread }: OpenTransportOptions,
): Promise<EthernetSender | string> {
  const ethernet = ethernetLinkFor(plan, 4, ({ gateway }) => gateway);
  if (typeof ethernet === "string") return ethernet;
  using opening = new DisposableStack();
  const policies = watchPolicies();
  if (typeof policies === "string") return policies;
  opening.use(policies);
  const [thread, { EthernetSender }, { isAllowedByFirewall }] = await Promise.all([
    sendThread?.(),
    import("./ethernet_sender.ts"),
    import("./firewall_check.ts"),
  ]);
  const { book, constraints } = plan;
  const { link } = ethernet;
  const ranges = ethernet.ranges.map((range): EthernetRange => {
    if (neighbors === undefined || range.gateway !== undefined) return range;
    const source = plan.sources.addresses[plan.sources.indexFor(range.first)]!;
    const [first, last] = [book.address(range.first), book.address(range.last)];
    return { ...range, isAllowed: isAllowedByFirewall({ link, first, last, source, sourcePort, isUdp }, raw) };
  });
  const opened = new EthernetSender(link, {
    ...{ ranges, book, constraints, maxLength: raw.maxLength, policies, neighbors },
    thread: thread && { thread, ...await import("./thread_queue.ts") },
  });
  opening.move();
  return opened;
}

/**
 * The Ethernet interface that most targets of an address family leave by, and which do; or why there is none.
 *
 * @param gatewayOf Returns the address of the gateway of a route, as a number; undefined for a host on the link.
 */
export function ethernetLinkFor(
  plan: RoutePlan,
  family: 4 | 6,
  gatewayOf: (answer: RouteFound) => number | undefined,
): { link: Link; ranges: EthernetRange[] } | string {
  let links: Map<number, Link> | undefined;
  const byLink = new Map<number, { link: Link; ranges: EthernetRange[]; size: number }>();
  for (const { first, last, answer } of plan.routes.segments) {
    if (!isRouted(answer) || answer.type !== "unicast" || familyOf(plan.book, first) !== family) continue;
    if (family === 4 && answer.gateway6 !== undefined) continue;
    links ??= new Map(dumpLinks().map((link) => [link.index, link]));
    const link = links.get(answer.interfaceIndex);
    if (link === undefined || link.type !== ARPHRD_ETHER || link.noArp || link.hardwareAddress?.length !== 6) continue;
    const ethernet = byLink.get(link.index) ?? { link, ranges: [], size: 0 };
    ethernet.ranges.push({ first, last, gateway: gatewayOf(answer) });
    ethernet.size += last - first + 1;
    byLink.set(link.index, ethernet);
  }
  const [largest] = [...byLink.values()].sort((a, b) => b.size - a.size);
  return largest ?? "no target is reached through an Ethernet interface";
}

function choosePorts(
  options: OpenTransportOptions,
  plan: RoutePlan,
  ownAddresses: readonly InterfaceAddress[],
  notes: string[],
): { ports: { first: number; count: number }; held: ReservedPorts | undefined } {
  const { addresses } = plan.sources;
  // A port that answers nothing would look filtered to a scan of the very address that it is held on.
  const scanned = new Set(addresses.filter((address) => {
    const host = plan.book.find(address);
    return host !== NO_HOST && plan.routes.segments.some(({ first, last }) => host >= first && host <= last);
  }));
  const held = addresses.filter((address) => isOwnAddress(address, ownAddresses));
  const silent = (address: number) => !scanned.has(address) && !isLoopback(address);
  return holdPorts(options, notes, { addresses: held, silent, openStream, openDatagram });
}

/** The addresses on which ports are held, and the sockets that hold them. */
interface PortHolders extends Pick<ReservationOptions, "addresses" | "silent"> {
  readonly openStream: ReservationOptions["open"];
  readonly openDatagram: ReservationOptions["open"];
}

/** Holds the ports that packets leave from, where they have some. */
export function holdPorts(
  options: OpenTransportOptions,
  notes: string[],
  { addresses, silent, openStream, openDatagram }: PortHolders,
): { ports: { first: number; count: number }; held: ReservedPorts | undefined } {
  const { random, packets: { portCount, isUdp } } = options;
  const holding = isUdp === true
    ? { random, addresses: addresses.filter(silent), silent: () => false, open: openDatagram }
    : { random, addresses, silent, open: openStream };
  if (portCount === 0) return { ports: { first: 0, count: 0 }, held: undefined };
  if (options.sourcePort !== undefined) {
    const ports = { first: options.sourcePort, count: 1 };
    if (options.isPortHeld === true) return { ports, held: undefined };
    const held = reservePorts(options.sourcePort, { ...holding, count: 1 });
    if (held === undefined) {
      notes.push(`Source port ${options.sourcePort} is in use by another program; it is used anyway`);
    }
    return { ports, held };
  }
  const held = reserveFreePorts({ ...holding, count: portCount });
  if (held === undefined) {
    throw new CannotScanError(
      `Cannot reserve ${portCount} consecutive source ports: no such range is free outside the kernel's own. ` +
        `Give one with --source-port`,
    );
  }
  return { ports: held, held };
}

/** The broadcast addresses of the networks that this machine is on. */
function broadcastAddresses(ownAddresses: readonly InterfaceAddress[]): number[] {
  return ownAddresses.filter(({ prefixLen }) => prefixLen < 31).map(({ address, prefixLen }) =>
    (address | 0xffff_ffff >>> prefixLen) >>> 0
  );
}

function findLink(name: string): Link {
  const link = wantedLink(name);
  if (!link.up) {
    throw new CannotScanError(`Cannot send by ${name}: the interface is down. Bring it up, or choose another`);
  }
  return link;
}

/**
 * Opens transports of IPv6; loaded only for scans that have hosts of it.
 *
 * @module
 */

import { rejectAll } from "../../ffi/bpf.ts";
import { AF_INET6, ETH_P_IPV6, IPPROTO_TCP, IPPROTO_UDP, SOCK_DGRAM, SOCK_STREAM } from "../../ffi/constants.ts";
import { bindInet6, type Inet6 } from "../../ffi/ipv6_socket.ts";
import { dumpAddresses6 } from "../../ffi/netlink/address.ts";
import { INET6 } from "../../ffi/netlink/family.ts";
import type { Link } from "../../ffi/netlink/link.ts";
import { dumpNeighbours } from "../../ffi/netlink/neighbor.ts";
import { getRoute, isRouted, routeChangeParser, type RouteFound } from "../../ffi/netlink/route.ts";
import type { Fd } from "../../ffi/fd.ts";
import { openSocket } from "../../ffi/socket.ts";
import { attachFilter } from "../../ffi/socket_options.ts";
import { type AddressBook, type Ipv6Addresses, NO_HOST } from "../target/address_book.ts";
import { IPV6_LEN, isLinkLocal, writeIpv6Address } from "../wire/address6.ts";
import { IPV6_DESTINATION } from "../wire/ipv6.ts";
import type { EthernetSender, NextHops } from "./ethernet_sender.ts";
import { ipv6Numbers } from "./ipv6_numbers.ts";
import { Ipv6Sender, nameOf } from "./ipv6_sender.ts";
import { ethernetLinkFor, watchPolicies } from "./ethernet_open.ts";
import { type OpenedTransport, openKind, type OpenTransportOptions } from "./open.ts";
import { holdPorts } from "./source_ports.ts";
import type { RoutePlan } from "./target_routes.ts";

/** The addresses of IPv6 in a scan that has some: the view of packets, and the numbers of the addresses that they leave from. */
export interface Ipv6Ends {
  readonly ipv6: Ipv6Addresses;
  readonly numbers: AddressBook;
  readonly sources: OpenedTransport["sources"];
}

/** Gives numbers to the addresses that packets of a plan leave from. */
export function ipv6Ends({ book, sources6, routes }: RoutePlan): Ipv6Ends {
  const ipv6 = book.ipv6!;
  // A worker may have no host of IPv6 in its share.
  const { addresses, texts, indexFor, areShared } = sources6 ??
    { addresses: [], texts: [], indexFor: () => 0, areShared: false };
  const zones = addresses.map((address) =>
    isLinkLocal(address)
      ? routes.segments.find(({ answer }) => isRouted(answer) && answer.source6 === address)
      : undefined
  );
  const numbers = addresses.map((address, i) => {
    const answer = zones[i]?.answer;
    return numberOf(ipv6, address, answer !== undefined && isRouted(answer) ? answer.interfaceIndex : 0);
  });
  return { ipv6, numbers: ipv6Numbers(book), sources: { addresses: numbers, texts, indexFor, areShared } };
}

/** Returns the number of an address, be it of a host or not. */
function numberOf(ipv6: Ipv6Addresses, address: bigint, scope: number): number {
  const view = new DataView(new ArrayBuffer(IPV6_LEN));
  writeIpv6Address(view, 0, address);
  return ipv6.sender(view, 0, scope);
}

/**
 * Opens a transport of IPv6.
 *
 * @throws {CannotScanError} If the kernel refuses, with what would help.
 */
export async function openTransport6(
  options: OpenTransportOptions,
  plan: RoutePlan,
  { ipv6, numbers, sources }: Ipv6Ends,
): Promise<OpenedTransport> {
  const notes: string[] = [];
  using opening = new DisposableStack();
  const own = new Set(dumpAddresses6().map(({ address }) => address));
  const isOwn = (number: number) => own.has(ipv6.addressOf(number));
  const { ports, held } = holdPorts(options, notes, {
    addresses: sources.addresses.filter(isOwn),
    silent: (number) => number > ipv6.last || number < ipv6.first,
    openStream: (number, port) => openStream6(number, port, ipv6),
    openDatagram: (number, port) => openDatagram6(number, port, ipv6),
  });
  if (held !== undefined) opening.use(held);
  const { maxLength, filter } = options.packets;
  // Packets may leave from other addresses than the one that the socket is bound to.
  const [first] = sources.areShared || sources.addresses.length === 1 ? sources.addresses : [];
  const source = first !== undefined && isOwn(first) ? first : undefined;
  const raw = { interfaceName: options.interfaceName, source, maxLength };
  const transport = opening.use(
    await openKind(options.kind, notes, {
      book: numbers,
      receiver: { filter: filter(ports), interfaceIndex: 0, protocol: ETH_P_IPV6, probes: options.probes },
      ring: options.ring,
      openSender: (isBatched) => new Ipv6Sender({ ...raw, isBatched }, ipv6),
      openEthernet: () => openEthernet6(options, plan, numbers, maxLength),
      destinationOf: (view, at) => ipv6.find(view, at + IPV6_DESTINATION, 0),
    }),
  );
  const fromPorts = ports.count === 0 ? "" : `, ports ${ports.first}-${ports.first + ports.count - 1}`;
  notes.push(`IPv6 probes leave from ${sources.texts.join(", ")}${fromPorts}`);
  const opened = opening.move();
  return {
    transport,
    broadcasts: [],
    sources,
    ports,
    notes,
    warnings: plan.warnings,
    [Symbol.dispose]: () => opened.dispose(),
  };
}

function openStream6(number: number, port: number, ipv6: Ipv6Addresses): Fd {
  return bound(openSocket(AF_INET6, SOCK_STREAM, IPPROTO_TCP), nameOf(number, port, ipv6));
}

/** Opens a UDP socket that takes no datagram, as `openDatagram` does for IPv4. */
function openDatagram6(number: number, port: number, ipv6: Ipv6Addresses): Fd {
  const fd = bound(openSocket(AF_INET6, SOCK_DGRAM, IPPROTO_UDP), nameOf(number, port, ipv6));
  attachFilter(fd, rejectAll());
  return fd;
}

function bound(fd: Fd, name: Inet6): Fd {
  try {
    bindInet6(fd, name);
    return fd;
  } catch (error) {
    fd.close();
    throw error;
  }
}

/** Loads and opens the Ethernet sender; returns the reason if there is none. */
async function openEthernet6(
  { neighbors }: OpenTransportOptions,
  plan: RoutePlan,
  numbers: AddressBook,
  maxLength: number,
): Promise<EthernetSender | string> {
  const ipv6 = numbers.ipv6!;
  const gateways = new Map<bigint, number>();
  const gatewayOf = ({ gateway6, interfaceIndex }: RouteFound) => {
    if (gateway6 === undefined) return undefined;
    const number = gateways.get(gateway6) ??
      numberOf(ipv6, gateway6, isLinkLocal(gateway6) ? interfaceIndex : 0);
    gateways.set(gateway6, number);
    return number;
  };
  const found = ethernetLinkFor(plan, 6, gatewayOf);
  if (typeof found === "string") return found;
  using opening = new DisposableStack();
  const policies = watchPolicies();
  if (typeof policies === "string") return policies;
  opening.use(policies);
  const { EthernetSender } = await import("./ethernet_sender.ts");
  const { link, ranges } = found;
  const opened = new EthernetSender(link, {
    ...{ ranges, book: numbers, constraints: {}, maxLength, policies, neighbors },
    nextHops: ipv6NextHops(link, ipv6, gateways, plan),
  });
  opening.move();
  return opened;
}

/** Returns the next hops of IPv6 on a link. */
function ipv6NextHops(
  link: Link,
  ipv6: Ipv6Addresses,
  gateways: ReadonlyMap<bigint, number>,
  { ownSource6, interfaceName }: RoutePlan,
): NextHops {
  const view = new DataView(new ArrayBuffer(IPV6_LEN));
  const numberOfHop = (address: bigint) => {
    const gateway = gateways.get(address);
    if (gateway !== undefined) return gateway;
    writeIpv6Address(view, 0, address);
    return ipv6.find(view, 0, link.index);
  };
  const parseChange = routeChangeParser(INET6);
  return {
    ethertype: ETH_P_IPV6,
    *neighbours(interfaceIndex, netlink) {
      for (const neighbour of dumpNeighbours(INET6, netlink)) {
        if (neighbour.interfaceIndex !== interfaceIndex) continue;
        const address = numberOfHop(neighbour.address);
        if (address !== NO_HOST) yield { ...neighbour, address };
      }
    },
    isRoutedBy(host, interfaceIndex, gateway, netlink) {
      const scope = ipv6.scopeOf(host);
      const isBound = scope !== 0 || interfaceName !== undefined;
      const answer = getRoute(ipv6.addressOf(host), {
        netlink,
        source: ownSource6,
        interfaceIndex: isBound ? scope || link.index : undefined,
      });
      if (!isRouted(answer) || answer.type !== "unicast" || answer.interfaceIndex !== interfaceIndex) return false;
      return (answer.gateway6 === undefined ? undefined : gateways.get(answer.gateway6)) === gateway;
    },
    routeNews: {
      groups: INET6.routeGroups,
      parse(view, at, length) {
        const change = parseChange(view, at, length);
        if (change === undefined) return undefined;
        const { destination, prefixLen, isRule } = change;
        const before = destination === 0n ? 0n : destination - 1n;
        const last = destination + (1n << BigInt(8 * IPV6_LEN - prefixLen)) - 1n;
        // Hosts without a zone, and those in that of the link.
        const hosts = [0, link.index].map((scope) => ({
          first: ipv6.lastUpTo(before, scope) + 1,
          last: ipv6.lastUpTo(last, scope),
        }));
        return { hosts, isRule };
      },
    },
  };
}

/**
 * The parts of a scan that are loaded only if it has hosts of IPv6.
 *
 * @module
 */

import type { Ipv6Connections } from "../driver/connect_driver.ts";
import { packetNeeds } from "../driver/packet_driver.ts";
import { type AddressBook, IPV4_BOOK } from "../target/address_book.ts";
import type { ConnectSocketOptions } from "../transport/connect_options.ts";
import type { Technique } from "../technique/technique.ts";
import type { OpenTransportOptions } from "../transport/open.ts";
import { findRoutePlan, type RoutePlan } from "../transport/target_routes.ts";
import type { OpenSocketsOptions } from "../transport/udp_sockets_open.ts";
import type { WorkerTask } from "./worker_task.ts";

/** Returns the addresses of the hosts of a task. */
export async function bookOf({ ipv6, worker }: WorkerTask): Promise<AddressBook> {
  if (ipv6 === undefined) return IPV4_BOOK;
  const { DualBook } = await import("../target/ipv6_book.ts");
  return new DualBook(ipv6, worker);
}

/** Looks up the routes to the targets, as {@linkcode findRoutePlan} does, of both address families. */
export async function routePlanOf(options: Parameters<typeof findRoutePlan>[0], book: AddressBook): Promise<RoutePlan> {
  const routing = book.ipv6 === undefined ? undefined : await import("../transport/ipv6_routes.ts");
  return findRoutePlan(options, book, routing);
}

/** Loads what connects to the hosts of IPv6 in a book; undefined if it has none. */
export async function ipv6Connections(
  options: ConnectSocketOptions,
  { ipv6 }: AddressBook,
): Promise<Ipv6Connections | undefined> {
  if (ipv6 === undefined) return undefined;
  const [{ Ipv6Sockets }, { icmpv6ErrorKind }] = await Promise.all([
    import("../transport/ipv6_sockets.ts"),
    import("../technique/icmpv6_errors.ts"),
  ]);
  return { sockets: new Ipv6Sockets(options, ipv6), errorKind: icmpv6ErrorKind };
}

/** Loads what passes over IPv6 need. */
export async function openIpv6(routePlan: RoutePlan) {
  const [{ ipv6Ends, openTransport6 }, { Ipv6Packets }] = await Promise.all([
    import("../transport/ipv6_open.ts"),
    import("../technique/ipv6_packets.ts"),
  ]);
  const ends = ipv6Ends(routePlan);
  const packets = new Ipv6Packets(ends.ipv6, ends.sources.addresses);
  const { addresses, indexFor } = ends.sources;
  return {
    packets,
    numbers: ends.numbers,
    sources: ends.sources,
    openLinks: async (technique: Technique) => {
      const { openLinks6 } = await import("../transport/ipv6_links.ts");
      const { filter, maxLength } = packetNeeds(technique);
      const write = (view: DataView, at: number, host: number) =>
        packets.writeSolicitation(view, at, addresses[indexFor(host)]!, host);
      return openLinks6(routePlan, ends, filter({ first: 0, count: 0 }), maxLength, write);
    },
    open: (options: OpenTransportOptions) => openTransport6(options, routePlan, ends),
    openSockets: async (options: OpenSocketsOptions) => {
      const { openUdpSockets6 } = await import("../transport/udp_sockets_open.ts");
      return openUdpSockets6(options, routePlan, ends);
    },
  };
}

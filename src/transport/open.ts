/**
 * Chooses and opens a transport, and returns the reasons for the choice.
 *
 * @module
 */

import { SyscallError } from "../../ffi/errno.ts";
import { dumpAddresses, type InterfaceAddress } from "../../ffi/netlink/address.ts";
import { CannotScanError } from "../base/errors.ts";
import type { AddressBook } from "../target/address_book.ts";
import { type DestinationOf, KernelTransport } from "./kernel_transport.ts";
import type { EthernetSender } from "./ethernet_sender.ts";
import { BatchedSender, PlainSender, type RawIpOptions } from "./raw_sender.ts";
import type { PreparedRing } from "../../ffi/packet_ring.ts";
import { needsRing, openReceiver, PlainReceiver, type Receiver, type ReceiverOptions } from "./receiver.ts";
import type { Sender } from "./send_queue.ts";
import type { Transport } from "./transport.ts";
import { type EthernetOpenOptions, openEthernet } from "./ethernet_open.ts";
import { choosePorts, type SourcePortNeeds, type SourcePortOptions, type SourcePorts } from "./source_ports.ts";
import type { RouteOptions, RoutePlan, SourceAddresses } from "./target_routes.ts";

/** The packets that a transport is for. */
export interface PacketNeeds extends SourcePortNeeds {
  /** The length of the longest packet to send, in bytes. */
  readonly maxLength: number;
  /** Returns a classic BPF program for the packets to receive, given the source ports. */
  filter(ports: SourcePorts): Uint8Array;
}

/** The requirements on a transport. */
export interface OpenTransportOptions extends RouteOptions, SourcePortOptions, EthernetOpenOptions {
  /** The kind of transport; `auto` takes the fastest that works. */
  readonly kind: "auto" | "sendto" | "sendmmsg" | "ethernet";
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
  readonly ports: SourcePorts;
  /** The reasons for the choice, a line each. */
  readonly notes: readonly string[];
  /** Warnings for the user, a line each. */
  readonly warnings: readonly string[];
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

/** The broadcast addresses of the networks that this machine is on. */
function broadcastAddresses(ownAddresses: readonly InterfaceAddress[]): number[] {
  return ownAddresses.filter(({ prefixLen }) => prefixLen < 31).map(({ address, prefixLen }) =>
    (address | 0xffff_ffff >>> prefixLen) >>> 0
  );
}

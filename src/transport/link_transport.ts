// Hot path: nothing here may allocate per packet.
/**
 * A transport of ARP or neighbor discovery: frames to the stations of the own links, through one AF_PACKET socket, and the replies from all
 * of them. What belongs to a link (the hardware address of the sender) is filled in here.
 *
 * @module
 */

import { SOCK_RAW } from "../../ffi/constants.ts";
import { SendBatch } from "../../ffi/message_batch.ts";
import type { Fd } from "../../ffi/fd.ts";
import { openPacketSocket } from "../../ffi/socket.ts";
import { lastAtMost } from "../collections/sorted_search.ts";
import { setArpSenderMac } from "../wire/arp.ts";
import {
  ETHERNET_HEADER_LEN,
  ETHERTYPE_ARP,
  macOf,
  setEthernetDestination,
  setEthernetEthertype,
  setEthernetSource,
} from "../wire/ethernet.ts";
import { MAC_BROADCAST } from "../wire/mac.ts";
import { enlargeSendBuffer } from "./buffers.ts";
import { KernelTransport } from "./kernel_transport.ts";
import type { Neighbors } from "./neighbors.ts";
import type { OnLinkRange } from "./on_link.ts";
import { PlainReceiver, type Receiver } from "./receiver.ts";
import type { Sender } from "./send_queue.ts";
import { SendTimestamps } from "./send_timestamps.ts";
import type { PacketSink, Transport } from "./transport.ts";
import type { AddressBook } from "../target/address_book.ts";

/** The packets of a protocol of own links. */
interface LinkPackets {
  /** Their Ethernet type. */
  readonly ethertype: number;
  /** Bytes of the longest, behind the Ethernet header. */
  readonly maxLength: number;
  /** A classic BPF program over packets that begin behind the Ethernet header. */
  readonly filter: Uint8Array;
  /** Completes a packet at `at` for a link with this hardware address; returns the hardware address that it goes to. */
  complete(view: DataView, at: number, mac: number): number;
  /** Takes a received packet of any bytes. */
  learn(neighbors: Neighbors, view: DataView, at: number, length: number, nowMs: number): void;
}

/** Returns the packets of ARP, which go to all stations of a link. */
export function arpPackets(filter: Uint8Array, maxLength: number): LinkPackets {
  return {
    ...{ ethertype: ETHERTYPE_ARP, maxLength, filter },
    complete(view, at, mac) {
      setArpSenderMac(view, at, mac);
      return MAC_BROADCAST;
    },
    learn: (neighbors, view, at, length, nowMs) => neighbors.receive(view, at, length, nowMs),
  };
}

const COUNT = 64;
/** The offset of the frame in a slot: the packet behind its header then lies on a whole word. */
const FRAME_AT = 2;
const HEADER_AT = FRAME_AT + ETHERNET_HEADER_LEN;
/** Slots are of whole words. */
const SLOT_UNIT = 16;

/** Sends packets to stations of a link. */
class LinkSender implements Sender {
  readonly fd: Fd;
  readonly count = COUNT;
  readonly slotLen: number;
  readonly headerAt = HEADER_AT;
  readonly slots: DataView;
  readonly timestamps: SendTimestamps;
  readonly #batch: SendBatch;
  readonly #packets: LinkPackets;
  readonly #ranges: readonly OnLinkRange[];
  readonly #firsts: Uint32Array;
  readonly #macs: readonly number[];
  /** The range that each slot is addressed to; -1 before its first use. */
  readonly #addressed = new Int32Array(COUNT).fill(-1);

  /** @throws {SyscallError} If the kernel refuses; `EPERM` without `CAP_NET_RAW`. */
  constructor(ranges: readonly OnLinkRange[], packets: LinkPackets) {
    this.#packets = packets;
    const slotLen = this.slotLen = Math.ceil((HEADER_AT + packets.maxLength) / SLOT_UNIT) * SLOT_UNIT;
    const destination = { protocol: packets.ethertype };
    this.#batch = new SendBatch({ count: COUNT, slotLen, sentFrom: FRAME_AT, destination });
    this.fd = openPacketSocket(SOCK_RAW);
    enlargeSendBuffer(this.fd);
    this.timestamps = new SendTimestamps(this.fd, "packet");
    this.#ranges = ranges;
    this.#firsts = Uint32Array.from(ranges, ({ first }) => first);
    this.#macs = ranges.map(({ link }) => macOf(link.hardwareAddress!));
    this.slots = this.#batch.slots;
    for (let at = FRAME_AT; at < COUNT * slotLen; at += slotLen) {
      setEthernetEthertype(this.slots, at, packets.ethertype);
    }
  }

  setDestination(index: number, destination: number): void {
    const range = Math.max(0, lastAtMost(this.#firsts, destination));
    if (this.#addressed[index] === range) return;
    this.#addressed[index] = range;
    setEthernetSource(this.slots, index * this.slotLen + FRAME_AT, this.#macs[range]!);
    this.#batch.setInterface(index, this.#ranges[range]!.link.index);
  }

  setLength(index: number, length: number): void {
    this.#batch.setLength(index, ETHERNET_HEADER_LEN + length);
  }

  send(from: number, count: number): number {
    for (let index = from; index < from + count; index++) {
      const at = index * this.slotLen + FRAME_AT;
      const mac = this.#macs[this.#addressed[index]!]!;
      setEthernetDestination(this.slots, at, this.#packets.complete(this.slots, at + ETHERNET_HEADER_LEN, mac));
    }
    return this.#batch.send(this.fd, from, count);
  }

  [Symbol.dispose](): void {
    this.fd.closeAside();
  }
}

/** Receives packets, from which the neighbours are learned on the way. */
class LinkReceiver implements Receiver, PacketSink {
  readonly #inner: PlainReceiver;
  readonly #packets: LinkPackets;
  readonly #neighbors: Neighbors;
  #sink: PacketSink | undefined;

  constructor(packets: LinkPackets, interfaceIndex: number, neighbors: Neighbors) {
    this.#inner = new PlainReceiver({ filter: packets.filter, interfaceIndex, protocol: packets.ethertype });
    this.#packets = packets;
    this.#neighbors = neighbors;
  }

  get fd(): Fd {
    return this.#inner.fd;
  }

  drain(sink: PacketSink, maxPackets: number, nowMs: number): number {
    this.#sink = sink;
    return this.#inner.drain(this, maxPackets, nowMs);
  }

  packet(view: DataView, at: number, length: number, nowMs: number): void {
    this.#packets.learn(this.#neighbors, view, at, length, nowMs);
    this.#sink!.packet(view, at, length, nowMs);
  }

  sent(): void {}

  sendFailed(): void {}

  takeDrops(): number {
    return this.#inner.takeDrops();
  }

  [Symbol.dispose](): void {
    this.#inner[Symbol.dispose]();
  }
}

/**
 * Opens a transport of ARP or neighbor discovery.
 *
 * @param ranges The destinations, at least one range.
 * @param neighbors Learns from the replies.
 * @throws {SyscallError} If the kernel refuses; `EPERM` without `CAP_NET_RAW`.
 */
export function openLinks(
  ranges: readonly OnLinkRange[],
  packets: LinkPackets,
  neighbors: Neighbors,
  book: AddressBook,
): Transport {
  using opening = new DisposableStack();
  const sender = opening.use(new LinkSender(ranges, packets));
  const links = new Set(ranges.map(({ link }) => link.index));
  const receiver = opening.use(new LinkReceiver(packets, links.size === 1 ? ranges[0]!.link.index : 0, neighbors));
  opening.move();
  return new KernelTransport("ethernet", sender, receiver, book);
}

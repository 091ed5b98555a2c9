// Hot path: nothing here may allocate per packet.
/**
 * A transport of ARP: frames to all stations of the own links, through one AF_PACKET socket, and the replies from all of them. What
 * belongs to a link (the hardware address of the sender) is filled in here.
 *
 * @module
 */

import { AF_PACKET, ETH_P_ARP, SOCK_RAW } from "../../ffi/constants.ts";
import { SendBatch } from "../../ffi/message_batch.ts";
import { type Fd, openSocket } from "../../ffi/socket.ts";
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
import { PlainReceiver, type Receiver } from "./ring_receiver.ts";
import type { Sender } from "./send_queue.ts";
import { SendTimestamps } from "./send_timestamps.ts";
import type { PacketSink, Transport } from "./transport.ts";
import type { AddressBook } from "../target/address_book.ts";

const COUNT = 64;
/** The offset of the frame in a slot: the packet behind its header then lies on a whole word. */
const FRAME_AT = 2;
const HEADER_AT = FRAME_AT + ETHERNET_HEADER_LEN;
const SLOT_LEN = 48;

/** Sends ARP packets to all stations of a link. */
class ArpSender implements Sender {
  readonly fd: Fd;
  readonly count = COUNT;
  readonly slotLen = SLOT_LEN;
  readonly headerAt = HEADER_AT;
  readonly slots: DataView;
  readonly timestamps: SendTimestamps;
  readonly #batch = new SendBatch({
    count: COUNT,
    slotLen: SLOT_LEN,
    sentFrom: FRAME_AT,
    destination: { protocol: ETHERTYPE_ARP },
  });
  readonly #ranges: readonly OnLinkRange[];
  readonly #firsts: Uint32Array;
  readonly #macs: readonly number[];
  /** The range that each slot is addressed to; -1 before its first use. */
  readonly #addressed = new Int32Array(COUNT).fill(-1);

  /** @throws {SyscallError} If the kernel refuses; `EPERM` without `CAP_NET_RAW`. */
  constructor(ranges: readonly OnLinkRange[]) {
    this.fd = openSocket(AF_PACKET, SOCK_RAW, 0);
    enlargeSendBuffer(this.fd);
    this.timestamps = new SendTimestamps(this.fd, "packet");
    this.#ranges = ranges;
    this.#firsts = Uint32Array.from(ranges, ({ first }) => first);
    this.#macs = ranges.map(({ link }) => macOf(link.hardwareAddress!));
    this.slots = this.#batch.slots;
    for (let at = FRAME_AT; at < COUNT * SLOT_LEN; at += SLOT_LEN) {
      setEthernetDestination(this.slots, at, MAC_BROADCAST);
      setEthernetEthertype(this.slots, at, ETHERTYPE_ARP);
    }
  }

  setDestination(index: number, destination: number): void {
    const range = Math.max(0, lastAtMost(this.#firsts, destination));
    if (this.#addressed[index] === range) return;
    this.#addressed[index] = range;
    const at = index * SLOT_LEN + FRAME_AT;
    setEthernetSource(this.slots, at, this.#macs[range]!);
    setArpSenderMac(this.slots, at + ETHERNET_HEADER_LEN, this.#macs[range]!);
    this.#batch.setInterface(index, this.#ranges[range]!.link.index);
  }

  setLength(index: number, length: number): void {
    this.#batch.setLength(index, ETHERNET_HEADER_LEN + length);
  }

  send(from: number, count: number): number {
    return this.#batch.send(this.fd, from, count);
  }

  [Symbol.dispose](): void {
    this.fd.closeAside();
  }
}

/** Receives ARP packets, from which the neighbours are learned on the way. */
class ArpReceiver implements Receiver, PacketSink {
  readonly #inner: PlainReceiver;
  readonly #neighbors: Neighbors;
  #sink: PacketSink | undefined;

  constructor(filter: Uint8Array, interfaceIndex: number, neighbors: Neighbors) {
    this.#inner = new PlainReceiver({ filter, interfaceIndex, protocol: ETH_P_ARP });
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
    this.#neighbors.receive(view, at, length, nowMs);
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
 * Opens a transport of ARP.
 *
 * @param ranges The destinations, at least one range.
 * @param filter A classic BPF program over packets that begin behind the Ethernet header.
 * @param neighbors Learns from the replies.
 * @throws {SyscallError} If the kernel refuses; `EPERM` without `CAP_NET_RAW`.
 */
export function openArp(
  ranges: readonly OnLinkRange[],
  filter: Uint8Array,
  neighbors: Neighbors,
  book: AddressBook,
): Transport {
  using opening = new DisposableStack();
  const sender = opening.use(new ArpSender(ranges));
  const links = new Set(ranges.map(({ link }) => link.index));
  const receiver = opening.use(new ArpReceiver(filter, links.size === 1 ? ranges[0]!.link.index : 0, neighbors));
  opening.move();
  return new KernelTransport("ethernet", sender, receiver, book);
}

// Hot path: nothing here may allocate per packet.
/**
 * The ways in which replies arrive. All read an AF_PACKET socket with a BPF filter on our source ports, so that the host's
 * own firewall hides nothing, packets begin at the IP header on every kind of link, and nothing else is copied.
 *
 * @module
 */

import { ETH_P_IP, SO_TIMESTAMPNS, SOCK_DGRAM, SOL_SOCKET } from "../../ffi/constants.ts";
import { cmsghdr, timespec } from "../../ffi/layout.ts";
import { ReceiveBatch } from "../../ffi/message_batch.ts";
import type { PreparedRing } from "../../ffi/packet_ring.ts";
import type { Fd } from "../../ffi/fd.ts";
import { bindPacket, openPacketSocket } from "../../ffi/socket.ts";
import { attachFilter, setOption, takePacketDrops } from "../../ffi/socket_options.ts";
import { readTimespecMs } from "../../ffi/system.ts";
import { enlargeReceiveBuffer } from "./buffers.ts";
import { ArrivalClock } from "./arrival_clock.ts";
import type { PacketSink } from "./transport.ts";

/** Something that packets arrive at. */
export interface Receiver extends Disposable {
  /** Readable when a packet waits. */
  readonly fd: Fd;
  /** Gives at most `maxPackets` to the sink; returns how many. */
  drain(sink: PacketSink, maxPackets: number, nowMs: number): number;
  /** Packets dropped since the last call. */
  takeDrops(): number;
}

/** The packets that a receiver gets. */
export interface ReceiverOptions {
  /** A classic BPF program over packets that begin at the IP header, or behind the Ethernet header of another protocol. */
  readonly filter: Uint8Array;
  /** The Ethernet type of the packets; IPv4 if not given. */
  readonly protocol?: number;
  /** Packets of this interface only; 0 for all. */
  readonly interfaceIndex: number;
  /** The number of probes whose replies are to be received, if it is known. */
  readonly probes?: number | undefined;
}

/**
 * The longest packet: datagrams on loopback, and segments that were not divided yet (GSO) or are joined (GRO), are longer than the packets of
 * other links, and a packet that is cut is no reply. What no packet was written to takes no memory.
 */
const PACKET_LEN = 65_536;
/** Packets that the replies to few probes are read by, a call. */
const BATCH = 32;

/** Reads the packets by calls: one a packet, which is the reference for the others, or one for several. */
export class PlainReceiver implements Receiver {
  readonly fd: Fd;
  readonly #clock = new ArrivalClock();
  readonly #packets: ReceiveBatch;
  /** Packets of the last call, and how many of them have been given to a sink. */
  #received = 0;
  #given = 0;

  /**
   * @param count The most packets to read by a call.
   * @throws {SyscallError} If the kernel refuses; `EPERM` without `CAP_NET_RAW`.
   */
  constructor(options: ReceiverOptions, count = 1) {
    this.#packets = new ReceiveBatch({ count, slotLen: PACKET_LEN, controlLen: cmsghdr.size + timespec.size });
    // With protocol 0 nothing arrives until the socket is bound, and by then the filter is in place.
    this.fd = openPacketSocket(SOCK_DGRAM);
    try {
      attachFilter(this.fd, options.filter);
      enlargeReceiveBuffer(this.fd);
      setOption(this.fd, SOL_SOCKET, SO_TIMESTAMPNS, 1);
      bindPacket(this.fd, options.interfaceIndex, options.protocol ?? ETH_P_IP);
    } catch (error) {
      this.fd.close();
      throw error;
    }
  }

  drain(sink: PacketSink, maxPackets: number, nowMs: number): number {
    let count = 0;
    this.#clock.begin(nowMs);
    while (count < maxPackets && this.#hasNext()) {
      count++;
      const index = this.#given++;
      sink.packet(this.#packets.slots, index * PACKET_LEN, this.#packets.length(index), this.#arrivalMs(index, nowMs));
    }
    if (count < maxPackets) this.#clock.emptied();
    return count;
  }

  #hasNext(): boolean {
    if (this.#given < this.#received) return true;
    this.#given = 0;
    // ENETDOWN is returned once, when an interface goes down; later packets are read as before.
    this.#received = Math.max(0, this.#packets.receive(this.fd));
    return this.#received > 0;
  }

  #arrivalMs(index: number, nowMs: number): number {
    const { controls } = this.#packets;
    const at = this.#packets.findControl(index, SOL_SOCKET, SO_TIMESTAMPNS, timespec.size);
    return at < 0 ? nowMs : this.#clock.arrival(readTimespecMs(controls, at));
  }

  takeDrops(): number {
    return takePacketDrops(this.fd);
  }

  [Symbol.dispose](): void {
    this.fd.close();
  }
}

/**
 * The most probes whose replies are read without a ring. The kernel takes 10 ms to set one up, hands over its blocks 2 to 4 ms
 * late and sets memory aside for all of it (`deno task bench --only small`).
 */
const FEW_PROBES = 2048;

/** Returns true if the replies to so many probes, as many as can be if it is not known, are read from a ring. */
export function needsRing(probes = Infinity): boolean {
  return probes > FEW_PROBES;
}

/**
 * Begins to set up a ring for the replies to so many probes, which the kernel does meanwhile; undefined if they need none, or if
 * it refuses, for the reason that {@linkcode openReceiver} states.
 */
export async function prepareRing(probes: number): Promise<PreparedRing | undefined> {
  if (!needsRing(probes)) return undefined;
  return (await import("./ring_receiver.ts")).prepareRing();
}

/**
 * Opens the receiver that takes the least time for the replies to so many probes: a ring, unless they are few.
 *
 * @throws {SyscallError} If the kernel refuses.
 */
export async function openReceiver(options: ReceiverOptions, ring: PreparedRing | undefined): Promise<Receiver> {
  if (!needsRing(options.probes)) return new PlainReceiver(options, BATCH);
  const { RingReceiver } = await import("./ring_receiver.ts");
  const isReady = await ring?.isReady;
  // Another transport of this thread may have taken it meanwhile.
  return new RingReceiver(options, isReady === true && ring?.isFree === true ? ring : undefined);
}

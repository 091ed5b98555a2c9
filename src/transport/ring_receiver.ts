// Hot path: nothing here may allocate per packet.
/**
 * Two ways in which replies arrive. Both read an AF_PACKET socket with a BPF filter on our source ports, so that the host's
 * own firewall hides nothing, packets begin at the IP header on every kind of link, and nothing else is copied.
 *
 * @module
 */

import { AF_PACKET, ETH_P_IP, SO_TIMESTAMPNS, SOCK_DGRAM, SOL_SOCKET } from "../../ffi/constants.ts";
import { ERRNO, SyscallError } from "../../ffi/errno.ts";
import { cmsghdr, timespec } from "../../ffi/layout.ts";
import { ReceiveBatch } from "../../ffi/message_batch.ts";
import { PacketRing, PreparedRing, type RingSink } from "../../ffi/packet_ring.ts";
import {
  attachFilter,
  bindPacket,
  type Fd,
  openSocket,
  setOption,
  takePacketDrops,
  takeSocketError,
} from "../../ffi/socket.ts";
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

/** Longer packets are cut: no field that is read lies beyond. */
const PACKET_LEN = 2048;

/** One call a packet: the plain way, and the reference for the others. */
export class PlainReceiver implements Receiver {
  readonly fd: Fd;
  readonly #clock = new ArrivalClock();
  readonly #packet = new ReceiveBatch({ count: 1, slotLen: PACKET_LEN, controlLen: cmsghdr.size + timespec.size });

  /** @throws {SyscallError} If the kernel refuses; `EPERM` without `CAP_NET_RAW`. */
  constructor(options: ReceiverOptions) {
    // With protocol 0 nothing arrives until the socket is bound, and by then the filter is in place.
    this.fd = openSocket(AF_PACKET, SOCK_DGRAM, 0);
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
    // ENETDOWN is returned once, when an interface goes down; later packets are read as before.
    while (count < maxPackets && this.#packet.receive(this.fd) > 0) {
      count++;
      sink.packet(this.#packet.slots, 0, this.#packet.length(0), this.#arrivalMs(nowMs));
    }
    if (count < maxPackets) this.#clock.emptied();
    return count;
  }

  #arrivalMs(nowMs: number): number {
    const { controls } = this.#packet;
    const at = this.#packet.findControl(0, SOL_SOCKET, SO_TIMESTAMPNS, timespec.size);
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
 * 8 MiB in many small blocks: the kernel gives a block away when it is full or this old, so that their number is how long the
 * reader may pause before a trickle of packets finds no block.
 */
const RING = { blockLen: 32 << 10, blockCount: 256, retireMs: 2 };
/** The same in 1 MiB, some 7,000 replies: the kernel sets memory aside for all of a ring. */
const SMALL_RING = { ...RING, blockLen: 4 << 10 };
/** The most probes for which a ring is small. */
const FEW_PROBES = 2048;

/** Returns the size of a ring for the replies to so many probes. */
function ringSize(probes = Infinity): typeof RING {
  return probes > FEW_PROBES ? RING : SMALL_RING;
}

/**
 * Begins to set up a ring for the replies to so many probes, which the kernel does meanwhile; undefined if it refuses, for the
 * reason that {@linkcode RingReceiver} states.
 */
export function prepareRing(probes: number | undefined): PreparedRing | undefined {
  try {
    return new PreparedRing(ringSize(probes));
  } catch (error) {
    if (!(error instanceof SyscallError)) throw error;
    return undefined;
  }
}

/**
 * Opens a ring.
 *
 * @throws {SyscallError} If the kernel refuses.
 */
function openRing({ probes, ...options }: ReceiverOptions, ready: PreparedRing | undefined): PacketRing {
  if (ready !== undefined) return PacketRing.openPrepared(ready, options);
  const size = ringSize(probes);
  try {
    return PacketRing.open({ ...options, ...size });
  } catch (error) {
    // Blocks are multiples of a page, which is larger than 4 KiB on some machines.
    if (size === RING || !(error instanceof SyscallError) || error.errno !== ERRNO.EINVAL) throw error;
    return PacketRing.open({ ...options, ...RING });
  }
}

/** Reads the kernel's ring in place, no call a packet. */
export class RingReceiver implements Receiver, RingSink {
  readonly #ring: PacketRing;
  readonly #clock = new ArrivalClock();
  #sink: PacketSink | undefined;

  /**
   * Opens a ring, or takes one that is ready.
   *
   * @throws {SyscallError} If the kernel refuses; `EPERM` without `CAP_NET_RAW`.
   */
  constructor(options: ReceiverOptions, ready?: PreparedRing) {
    this.#ring = openRing(options, ready);
  }

  get fd(): Fd {
    return this.#ring.fd;
  }

  drain(sink: PacketSink, maxPackets: number, nowMs: number): number {
    this.#sink = sink;
    this.#clock.begin(nowMs);
    const count = this.#ring.drain(this, maxPackets);
    if (count < maxPackets) this.#clock.emptied();
    return count;
  }

  packet(view: DataView, at: number, length: number, unixMs: number): void {
    this.#sink!.packet(view, at, length, this.#clock.arrival(unixMs));
  }

  takeDrops(): number {
    // The error of an interface that went down stays until it is read; until then no poll would wait.
    takeSocketError(this.#ring.fd);
    return this.#ring.takeDrops();
  }

  [Symbol.dispose](): void {
    this.#ring[Symbol.dispose]();
  }
}

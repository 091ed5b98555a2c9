// Hot path: nothing here may allocate per packet.
/**
 * Replies from a ring of the kernel, which costs no call a packet.
 *
 * @module
 */

import { SyscallError } from "../../ffi/errno.ts";
import { PacketRing, PreparedRing, type RingSink } from "../../ffi/packet_ring.ts";
import type { Fd } from "../../ffi/fd.ts";
import { takeSocketError } from "../../ffi/socket_options.ts";
import { ArrivalClock } from "./arrival_clock.ts";
import type { Receiver, ReceiverOptions } from "./receiver.ts";
import type { PacketSink } from "./transport.ts";

/**
 * 8 MiB in many small blocks: the kernel gives a block away when it is full or this old, so that their number is how long the
 * reader may pause before a trickle of packets finds no block.
 */
const RING = { blockLen: 32 << 10, blockCount: 256, retireMs: 2 };
/** Begins to set up a ring; undefined if the kernel refuses, for the reason that {@linkcode RingReceiver} states. */
export function prepareRing(): PreparedRing | undefined {
  try {
    return new PreparedRing(RING);
  } catch (error) {
    if (!(error instanceof SyscallError)) throw error;
    return undefined;
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
    this.#ring = ready === undefined
      ? PacketRing.open({ ...options, ...RING })
      : PacketRing.openPrepared(ready, options);
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

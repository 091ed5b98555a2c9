// Hot path: nothing here may allocate per packet.
/**
 * Packets in the slots of a sender: written in place, sent in order, and only what the kernel did not take sent again.
 *
 * @module
 */

import { ERRNO } from "../../ffi/errno.ts";
import type { Fd } from "../../ffi/fd.ts";
import { isNoRoom } from "./send_errors.ts";
import type { SendTimestamps } from "./send_timestamps.ts";
import type { PacketSink, TransportCounters } from "./transport.ts";

/** A socket to send by: slots in a row, sent in order. */
export interface Sender extends Disposable {
  readonly fd: Fd;
  /** The number of slots. */
  readonly count: number;
  /** Bytes from one slot to the next. */
  readonly slotLen: number;
  /** Bytes of a slot before the IP header. */
  readonly headerAt: number;
  /** The slots. */
  readonly slots: DataView;
  /** The send timestamps, where the kernel provides them. */
  readonly timestamps?: SendTimestamps;
  /** Sets the destination of slot `index`. */
  setDestination(index: number, destination: number): void;
  /** Sets the length of slot `index` in bytes, from the IP header on. */
  setLength(index: number, length: number): void;
  /** Sends slots from `from` on; returns how many were sent, at least one, or the errno as a negative number. */
  send(from: number, count: number): number;
}

/**
 * The most packets of one call without times of the kernel: the call's time is shared out among them. Smaller calls cost more,
 * larger ones make worse estimates (tests/bench/main.ts, ports).
 */
const MOST_ESTIMATED = 64;

/** Packets of a {@linkcode Sender} that wait to be sent, or are being sent. */
export interface PacketQueue extends Partial<Disposable> {
  readonly sender: Sender;
  /** True after a flush for which the kernel had no room. */
  readonly blocked: boolean;
  /** True where it was the socket's own buffer that was full: then the socket becomes writable once there is room. */
  readonly awaitsBuffer: boolean;
  /** The time until there is room for many packets, in milliseconds, as estimated; missing where nothing is known of it. */
  readonly roomMs?: number;
  /** As `Transport.reserve`. */
  reserve(destination: number): number;
  /** As `Transport.commit`. */
  commit(length: number, id: number): void;
  /** As `Transport.flush`. */
  flush(sink: PacketSink, counters: TransportCounters): number;
  /** Passes on what has become of packets since the last flush; missing if they are sent by it. */
  report?(sink: PacketSink, counters: TransportCounters): void;
}

/** The slots of one sender. */
export class SendQueue implements PacketQueue {
  readonly sender: Sender;
  blocked = false;
  awaitsBuffer = false;
  readonly #lengths: Uint16Array;
  readonly #ids: Int32Array;
  readonly #now: () => number;
  #sent = 0;
  #committed = 0;

  /** @param now The scan's clock, in milliseconds. */
  constructor(sender: Sender, now: () => number = () => performance.now()) {
    this.sender = sender;
    this.#now = now;
    this.#ids = new Int32Array(sender.count);
    this.#lengths = new Uint16Array(sender.count);
  }

  reserve(destination: number): number {
    const { sender } = this;
    if (this.#committed === sender.count) return -1;
    sender.setDestination(this.#committed, destination);
    return this.#committed * sender.slotLen + sender.headerAt;
  }

  commit(length: number, id: number): void {
    const index = this.#committed++;
    this.#ids[index] = id;
    if (this.#lengths[index] === length) return;
    this.#lengths[index] = length;
    this.sender.setLength(index, length);
  }

  flush(sink: PacketSink, counters: TransportCounters): number {
    const { sender } = this;
    this.blocked = false;
    let beforeMs = this.#sent < this.#committed ? this.#now() : 0;
    while (this.#sent < this.#committed) {
      let count = this.#committed - this.#sent;
      const stamps = sender.timestamps?.begin(count, beforeMs) === true ? sender.timestamps : undefined;
      if (stamps === undefined) count = Math.min(count, MOST_ESTIMATED);
      const result = sender.send(this.#sent, count);
      if (result > 0) {
        const afterMs = this.#now();
        this.#reportSent(sink, result, beforeMs, afterMs, stamps);
        beforeMs = afterMs;
        this.#sent += result;
        counters.sent += result;
      } else if (isNoRoom(-result)) {
        stamps?.lost();
        counters.sendRetries++;
        this.blocked = true;
        this.awaitsBuffer = -result === ERRNO.EAGAIN;
        return this.#committed - this.#sent;
      } else {
        stamps?.lost();
        const index = this.#sent++;
        const at = index * sender.slotLen + sender.headerAt;
        sink.sendFailed(sender.slots, at, this.#lengths[index]!, -result, this.#ids[index]!);
      }
    }
    this.#sent = 0;
    this.#committed = 0;
    return 0;
  }

  /** Reports when the next `count` packets left: one call sent them one after the other, each in about the same time. */
  #reportSent(
    sink: PacketSink,
    count: number,
    beforeMs: number,
    afterMs: number,
    stamps: SendTimestamps | undefined,
  ): void {
    const eachMs = (afterMs - beforeMs) / count;
    for (let i = 0; i < count; i++) {
      const id = this.#ids[this.#sent + i]!;
      stamps?.sent(id, beforeMs);
      if (id >= 0) sink.sent(id, beforeMs + i * eachMs);
    }
  }
}

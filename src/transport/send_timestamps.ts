// Hot path: nothing here may allocate per packet.
/**
 * The kernel's times of sending (SO_TIMESTAMPING, the kernel's Documentation/networking/timestamping.rst). It notes when a packet
 * comes to the queue of its link, and again when the driver takes it; both notes wait in the error queue of the socket. Each costs
 * about a microsecond, so that all packets of a slow scan get the first, and of a fast scan the first 1,536 and a sample of the
 * others; the second is requested for some packets, and for all while it shows that packets wait for the link.
 *
 * @module
 */

import {
  IP_RECVERR,
  IPPROTO_IP,
  IPPROTO_IPV6,
  IPV6_RECVERR,
  MSG_ERRQUEUE,
  PACKET_TX_TIMESTAMP,
  SCM_TSTAMP_SND,
  SO_EE_ORIGIN_TIMESTAMPING,
  SO_TIMESTAMPING,
  SOF_TIMESTAMPING_OPT_ID,
  SOF_TIMESTAMPING_OPT_TSONLY,
  SOF_TIMESTAMPING_SOFTWARE,
  SOF_TIMESTAMPING_TX_SCHED,
  SOF_TIMESTAMPING_TX_SOFTWARE,
  SOL_PACKET,
  SOL_SOCKET,
} from "../../ffi/constants.ts";
import { SyscallError } from "../../ffi/errno.ts";
import { cmsghdr, scm_timestamping, sock_extended_err } from "../../ffi/layout.ts";
import { ReceiveBatch } from "../../ffi/message_batch.ts";
import type { Fd } from "../../ffi/fd.ts";
import { setOption } from "../../ffi/socket_options.ts";
import { readTimespecMs } from "../../ffi/system.ts";
import { type Clocks, measureAheadMs, SYSTEM_CLOCKS } from "./arrival_clock.ts";
import { enlargeReceiveBuffer } from "./buffers.ts";
import type { PacketSink } from "./transport.ts";

/** Packets of which the kernel notes the times at once, and how many more each millisecond (tests/bench/main.ts, ports). */
const BURST = 1536;
const PER_MS = 0.25;
/** Packets whose times may be outstanding; a power of two. */
const OUTSTANDING = 2048;
/** The longest wait for times, in milliseconds: a packet may wait for its link, or for the hardware address of its next hop. */
const PATIENCE_MS = 1000;
/** Times read in one call. */
const READ_TOGETHER = 64;
/** A packet that the driver takes so much later, in milliseconds, has waited for the link, and not for the processor. */
const QUEUED_MS = 0.05;
/** Times that lie outside those between which they must be, by more than this, do not count. */
const TOLERANCE_MS = 0.05;
/** Numbers the packets, reports times without copies of packets; without this nothing is reported. */
const REPORT = SOF_TIMESTAMPING_SOFTWARE | SOF_TIMESTAMPING_OPT_ID | SOF_TIMESTAMPING_OPT_TSONLY;
const NOTE = REPORT | SOF_TIMESTAMPING_TX_SCHED;
const NOTE_TWICE = NOTE | SOF_TIMESTAMPING_TX_SOFTWARE;
/** One call in so many requests the second note, though packets do not wait. */
const NOTE_TWICE_EVERY = 16;
/** Packets have waited for the link if one did this recently, in milliseconds. */
const QUEUED_RECENTLY_MS = 1000;
/** Bytes of the address of a sender of IPv4 or IPv6, in whole words. */
const SENDER_LEN = 32;
/** The times, and beside them the number of the packet, with the sender's address behind it. */
const CONTROL_LEN = cmsghdr.size + scm_timestamping.size + cmsghdr.size + sock_extended_err.size + SENDER_LEN;
/** Level and type of the control data that hold the number of a packet, by the kind of socket. */
const NUMBER_OF = {
  ip: [IPPROTO_IP, IP_RECVERR],
  ip6: [IPPROTO_IPV6, IPV6_RECVERR],
  packet: [SOL_PACKET, PACKET_TX_TIMESTAMP],
} as const;

/** Send timestamps of one socket. */
export class SendTimestamps {
  readonly #fd: Fd;
  readonly #clocks: Clocks;
  /** Level and type of the control data that hold the number of a packet. */
  readonly #level: number;
  readonly #type: number;
  readonly #batch = new ReceiveBatch({ count: READ_TOGETHER, slotLen: 8, controlLen: CONTROL_LEN });
  /** Of the packets sent last: their ids, and when each left as far as is known, at first when the call began that sent it. */
  readonly #ids = new Int32Array(OUTSTANDING);
  readonly #sentMs = new Float64Array(OUTSTANDING);
  /** The number that the kernel gives the next packet. */
  #next = 0;
  /** Until when times are waited for. */
  #untilMs = -Infinity;
  #budget = BURST;
  #budgetAt = 0;
  #usable = true;
  #flags = 0;
  #calls = 0;
  /** Notes that are still to come. */
  #awaited = 0;
  /** When a packet was last seen to have waited for the link. */
  #queuedAt = -Infinity;

  /** @param fd A raw socket of IPv4 or IPv6, or one of AF_PACKET. */
  constructor(fd: Fd, kind: keyof typeof NUMBER_OF, clocks: Clocks = SYSTEM_CLOCKS) {
    this.#fd = fd;
    [this.#level, this.#type] = NUMBER_OF[kind];
    this.#clocks = clocks;
    this.#set(REPORT);
    if (this.#usable) enlargeReceiveBuffer(fd);
  }

  /** Has the kernel note when the next `count` packets leave, or not; true if it does. */
  begin(count: number, nowMs: number): boolean {
    if (!this.#usable) return false;
    this.#budget = Math.min(BURST, this.#budget + (nowMs - this.#budgetAt) * PER_MS);
    this.#budgetAt = nowMs;
    if (this.#budget < count) {
      this.#set(REPORT);
      return false;
    }
    const isTwice = this.#calls++ % NOTE_TWICE_EVERY === 0 || nowMs - this.#queuedAt < QUEUED_RECENTLY_MS;
    return this.#set(isTwice ? NOTE_TWICE : NOTE);
  }

  /** The next packet of those was sent, by a call that began at `beforeMs`. */
  sent(id: number, beforeMs: number): void {
    const at = this.#next++ & OUTSTANDING - 1;
    this.#ids[at] = id;
    this.#sentMs[at] = beforeMs;
    this.#untilMs = beforeMs + PATIENCE_MS;
    this.#awaited += this.#flags === NOTE_TWICE ? 2 : 1;
    this.#budget--;
  }

  /** One of those was not sent. The kernel may have counted it or not, so that its numbers are no longer usable. */
  lost(): void {
    this.#set(0);
    this.#usable = false;
  }

  /** Passes the times that were noted to the sink. */
  read(sink: PacketSink, nowMs: number): void {
    if (this.#awaited === 0) return;
    if (nowMs > this.#untilMs) this.#awaited = 0;
    const batch = this.#batch;
    let aheadMs = NaN;
    for (let count = batch.count; count === batch.count;) {
      count = batch.receive(this.#fd, MSG_ERRQUEUE);
      this.#awaited = Math.max(0, this.#awaited - Math.max(0, count));
      for (let index = 0; index < count; index++) {
        if (Number.isNaN(aheadMs)) aheadMs = measureAheadMs(this.#clocks);
        this.#onTimestamp(sink, index, aheadMs);
      }
    }
  }

  #onTimestamp(sink: PacketSink, index: number, aheadMs: number): void {
    const { controls } = this.#batch;
    const timesAt = this.#batch.findControl(index, SOL_SOCKET, SO_TIMESTAMPING, scm_timestamping.size);
    const numberAt = this.#batch.findControl(index, this.#level, this.#type, sock_extended_err.size);
    if (timesAt < 0 || numberAt < 0 || !this.#usable) return;
    if (controls.getUint8(numberAt + sock_extended_err.ee_origin) !== SO_EE_ORIGIN_TIMESTAMPING) return;
    const number = controls.getUint32(numberAt + sock_extended_err.ee_data, true);
    if (number >= this.#next || number < this.#next - OUTSTANDING) return;
    const at = number & OUTSTANDING - 1;
    const sentMs = readTimespecMs(controls, timesAt) - aheadMs;
    const beforeMs = this.#sentMs[at]!;
    // The wall clock may have been set.
    if (sentMs < beforeMs - TOLERANCE_MS || sentMs > this.#clocks.scan() + TOLERANCE_MS) return;
    const isSecond = controls.getUint32(numberAt + sock_extended_err.ee_info, true) === SCM_TSTAMP_SND;
    if (isSecond && sentMs - beforeMs < QUEUED_MS) return;
    if (isSecond) this.#queuedAt = sentMs;
    this.#sentMs[at] = sentMs;
    if (this.#ids[at]! >= 0) sink.sent(this.#ids[at]!, sentMs);
  }

  /** Requests notes; true where the kernel takes the request. */
  #set(flags: number): boolean {
    if (!this.#usable || flags === this.#flags) return this.#usable;
    try {
      setOption(this.#fd, SOL_SOCKET, SO_TIMESTAMPING, flags);
      this.#flags = flags;
    } catch (error) {
      if (!(error instanceof SyscallError)) throw error;
      this.#usable = false;
    }
    return this.#usable;
  }
}

// Hot path: nothing here may allocate per packet.
/**
 * A transport over the kernel's sockets: a sender for all destinations, optionally a faster one for some, and a receiver.
 *
 * @module
 */

import { POLLIN, POLLOUT } from "../../ffi/constants.ts";
import { PollSet } from "../../ffi/poll.ts";
import { ipv4Destination } from "../wire/ipv4.ts";
import type { Receiver } from "./receiver.ts";
import { type PacketQueue, type Sender, SendQueue } from "./send_queue.ts";
import type { PacketSink, Transport, TransportCounters, TransportTraits } from "./transport.ts";
import type { AddressBook } from "../target/address_book.ts";

/** The largest number of packets that one `receive` returns. */
const RECEIVE_BATCH = 1024;
/**
 * The first wait for room that no poll reports (`ENOBUFS`): in the queue of a device, which has some at once, or in
 * the table of neighbours, where it takes three seconds. In milliseconds.
 */
const FIRST_ROOM_MS = 0.1;
/** The time between two reads of the kernel's count of dropped packets, in milliseconds. */
const DROPS_EVERY_MS = 50;

/** A general sender, optionally a faster one for some destinations, and a receiver. */
export class KernelTransport implements Transport {
  readonly traits: TransportTraits;
  readonly counters: TransportCounters = { sent: 0, received: 0, sendRetries: 0, receiveDrops: 0 };

  readonly #queue: SendQueue;
  readonly #preferred: PreferredSender | undefined;
  readonly #preferredQueue: PacketQueue | undefined;
  readonly #book: AddressBook;
  readonly #refusals: SendErrorForwarder;
  readonly #receiver: Receiver;
  readonly #poll = new PollSet(3);
  readonly #pause = new PollSet(0);
  /** The queue of the slot that was reserved last. */
  #current: PacketQueue;
  #dropsAt = -Infinity;
  /** The number of consecutive waits after ENOBUFS. */
  #blindWaits = 0;

  /** @param destinationOf Returns the address that a packet goes to, as a number; that of IPv4 if not given. */
  constructor(
    name: string,
    sender: Sender,
    receiver: Receiver,
    book: AddressBook,
    preferred?: PreferredSender,
    destinationOf: DestinationOf = ipv4Destination,
  ) {
    this.#book = book;
    this.#refusals = new SendErrorForwarder(book, destinationOf);
    this.#queue = this.#current = new SendQueue(sender);
    this.#preferred = preferred;
    this.#preferredQueue = preferred && (preferred.threadQueue?.() ?? new SendQueue(preferred));
    this.#receiver = receiver;
    this.traits = {
      name,
      batch: sender.count,
      receiveBatch: RECEIVE_BATCH,
    };
    this.#poll.set(0, receiver.fd, POLLIN);
  }

  /** The buffer that holds the slot that was reserved last. */
  get slots(): DataView {
    return this.#current.sender.slots;
  }

  reserve(host: number): number {
    this.#current = this.#preferred?.canSend(host) ? this.#preferredQueue! : this.#queue;
    return this.#current.reserve(this.#book.address(host));
  }

  commit(length: number, id = -1): void {
    this.#current.commit(length, id);
    if (this.#current === this.#queue) this.#preferred?.sentByKernel();
  }

  flush(sink: PacketSink, nowMs: number): number {
    if (this.#preferred === undefined) return this.#queue.flush(sink, this.counters);
    this.#preferred.refresh(nowMs);
    const waiting = this.#queue.flush(this.#refusals.forwardingTo(this.#preferred, sink), this.counters);
    if (waiting === 0) this.#preferred.kernelSendsDone();
    return waiting + this.#preferredQueue!.flush(sink, this.counters);
  }

  receive(sink: PacketSink, nowMs: number): number {
    // First, so that the time of sending is there when its reply is looked at.
    this.#queue.sender.timestamps?.read(sink, nowMs);
    this.#preferred?.timestamps?.read(sink, nowMs);
    this.#preferredQueue?.report?.(sink, this.counters);
    const count = this.#receiver.drain(sink, RECEIVE_BATCH, nowMs);
    this.counters.received += count;
    if (nowMs - this.#dropsAt >= DROPS_EVERY_MS) {
      this.#dropsAt = nowMs;
      this.counters.receiveDrops += this.#receiver.takeDrops();
    }
    return count;
  }

  async wait(timeoutMs: number): Promise<void> {
    const roomMs = this.#preferredQueue?.roomMs ?? 0;
    if (roomMs > 0) {
      // Replies wait too: to be woken by each block of them costs more than they gain.
      await this.#pause.pollUntil(roomMs);
      return;
    }
    this.#watch(1, this.#queue);
    if (this.#preferredQueue !== undefined) this.#watch(2, this.#preferredQueue);
    await this.#poll.pollUntil(Math.min(timeoutMs, this.#roomMs()));
  }

  [Symbol.dispose](): void {
    this.#queue.sender[Symbol.dispose]();
    this.#preferredQueue?.[Symbol.dispose]?.();
    this.#preferred?.[Symbol.dispose]();
    this.#receiver[Symbol.dispose]();
  }

  /** Returns the longest wait, in milliseconds, for buffer space that poll cannot report (ENOBUFS): it doubles each time. */
  #roomMs(): number {
    const isBlind = [this.#queue, this.#preferredQueue].some((queue) => queue?.blocked && !queue.awaitsBuffer);
    if (!isBlind) {
      this.#blindWaits = 0;
      return Infinity;
    }
    return FIRST_ROOM_MS * 2 ** Math.min(this.#blindWaits++, 10);
  }

  #watch(index: number, queue: PacketQueue): void {
    if (queue.blocked && queue.awaitsBuffer) this.#poll.set(index, queue.sender.fd, POLLOUT);
    else this.#poll.clear(index);
  }
}

/** Returns the address that a packet goes to, as a number. */
export type DestinationOf = (view: DataView, at: number) => number;

/** A sender to some destinations, faster than the one to all. */
export interface PreferredSender extends Sender {
  /** Makes its queue if a thread of its own sends its packets; missing or undefined if none does. */
  threadQueue?(): PacketQueue | undefined;
  /** Returns true if it can send packets to `host` now. */
  canSend(host: number): boolean;
  /** Updates the destinations that it can send to; called once per batch. */
  refresh(nowMs: number): void;
  /** Records that the packet for which {@linkcode canSend} last returned false is sent by the general sender. */
  sentByKernel(): void;
  /** Records a permanent send error of the general sender for a packet to `host`. */
  onSendError(host: number, errno: number): void;
  /** Records that all packets queued at the general sender have been sent or refused. */
  kernelSendsDone(): void;
}

/** A sink that passes refused packets to the preferred sender, too. */
class SendErrorForwarder implements PacketSink {
  readonly #book: AddressBook;
  readonly #destinationOf: DestinationOf;
  #preferred: PreferredSender | undefined;
  #sink: PacketSink | undefined;

  constructor(book: AddressBook, destinationOf: DestinationOf) {
    this.#book = book;
    this.#destinationOf = destinationOf;
  }

  forwardingTo(preferred: PreferredSender, sink: PacketSink): PacketSink {
    this.#preferred = preferred;
    this.#sink = sink;
    return this;
  }

  packet(view: DataView, at: number, length: number, nowMs: number): void {
    this.#sink!.packet(view, at, length, nowMs);
  }

  sent(id: number, sentMs: number): void {
    this.#sink!.sent(id, sentMs);
  }

  sendFailed(view: DataView, at: number, length: number, errno: number, id: number): void {
    this.#preferred!.onSendError(this.#book.find(this.#destinationOf(view, at)), errno);
    this.#sink!.sendFailed(view, at, length, errno, id);
  }
}

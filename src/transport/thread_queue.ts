// Hot path: nothing here may allocate per packet.
/**
 * Packets in the slots of a sender, sent by a thread of their own: the kernel's work for them, and on a link without delay that for
 * their replies, is done beside that of the engine.
 *
 * @module
 */

import { measureAheadMs, SYSTEM_CLOCKS } from "./arrival_clock.ts";
import type { PacketQueue, Sender } from "./send_queue.ts";
import {
  DONE,
  HAS_ENDED,
  IS_ENDING,
  IS_FULL,
  IS_WAITING,
  RETRIES,
  type SendTask,
  SendWords,
  TIMED,
  WRITTEN,
} from "./send_thread.ts";
import type { PacketSink, TransportCounters } from "./transport.ts";

/** The longest wait for the thread to end, in milliseconds: it is in a call for a few packets. */
const END_MS = 1000;

/** Bounds of the wait until half of the slots are free, in milliseconds. */
const LEAST_ROOM_MS = 0.1;
const MOST_ROOM_MS = 4;

/** A thread that runs {@linkcode SendTask}s. */
export interface SendThread {
  /** True once an error has ended it. */
  readonly hasFailed: boolean;
  /** Gives it its task. */
  begin(task: SendTask): void;
  /** Ends it. */
  end(): void;
}

/** A sender whose packets another thread can send. */
export interface SharedSender extends Sender {
  /** The address of its messages. */
  readonly messages: bigint;
}

/** The slots of one sender, as a ring. */
export class ThreadQueue implements PacketQueue {
  readonly sender: SharedSender;
  /** True after a flush that left no free slot, until half of the slots are free, and while the kernel has no room. */
  blocked = false;
  readonly awaitsBuffer = false;
  roomMs = 0;
  readonly #thread: SendThread;
  readonly #shared: SendWords;
  readonly #lengths: Uint16Array;
  readonly #ids: Int32Array;
  /** Packets written; those whose times, and whose results, were passed on: modulo 2^32. */
  #written = 0;
  #timed = 0;
  #done = 0;
  #retries = 0;
  /** When the packet was sent whose result was passed on last. */
  #doneMs = 0;
  /** The time that each takes, in milliseconds. */
  #eachMs = 0;

  /** The sender has a power of two slots. */
  constructor(sender: SharedSender, thread: SendThread) {
    const { count, fd, messages } = sender;
    const words = new SharedArrayBuffer(SendWords.lengthFor(count));
    this.sender = sender;
    this.#thread = thread;
    this.#shared = new SendWords(words, count);
    this.#ids = new Int32Array(count);
    this.#lengths = new Uint16Array(count);
    thread.begin({ words, fd: fd.number, messages, count, wallAheadMs: measureAheadMs(SYSTEM_CLOCKS) });
  }

  reserve(destination: number): number {
    const { sender } = this;
    if ((this.#written - this.#done | 0) === sender.count) return -1;
    const index = this.#written & sender.count - 1;
    sender.setDestination(index, destination);
    return index * sender.slotLen + sender.headerAt;
  }

  commit(length: number, id: number): void {
    const index = this.#written & this.sender.count - 1;
    this.#written = this.#written + 1 | 0;
    this.#ids[index] = id;
    if (this.#lengths[index] === length) return;
    this.#lengths[index] = length;
    this.sender.setLength(index, length);
  }

  /**
   * Lets the thread send what is written; it is not waited for.
   *
   * @returns The number of packets that still wait, if there is no room for others.
   * @throws {Error} If the thread has ended.
   */
  flush(sink: PacketSink, counters: TransportCounters): number {
    const { words } = this.#shared;
    if (this.#thread.hasFailed) throw new Error("Cannot send: the thread that sends has ended. Scan again");
    Atomics.store(words, WRITTEN, this.#written);
    if (Atomics.load(words, IS_WAITING) === 1) Atomics.notify(words, WRITTEN);
    this.report(sink, counters);
    const waiting = this.#written - this.#done | 0;
    const { count } = this.sender;
    const left = waiting - count / 2;
    const isFull = waiting === count || this.roomMs > 0 && left > 0;
    this.roomMs = isFull ? Math.min(MOST_ROOM_MS, Math.max(LEAST_ROOM_MS, left * this.#eachMs)) : 0;
    this.blocked = isFull || Atomics.load(words, IS_FULL) === 1;
    return this.blocked ? waiting : 0;
  }

  report(sink: PacketSink, counters: TransportCounters): void {
    const { sender } = this;
    const { words, errors, times } = this.#shared;
    const last = sender.count - 1;
    const done = Atomics.load(words, DONE);
    const timed = Atomics.load(words, TIMED);
    for (; this.#timed !== timed; this.#timed = this.#timed + 1 | 0) {
      const id = this.#ids[this.#timed & last]!;
      if (id >= 0) sink.sent(id, times[this.#timed & last]!);
    }
    if (this.#done !== done) {
      const latestMs = times[done - 1 & last]!;
      this.#eachMs = (latestMs - this.#doneMs) / (done - this.#done | 0);
      this.#doneMs = latestMs;
    }
    for (; this.#done !== done; this.#done = this.#done + 1 | 0) {
      const index = this.#done & last;
      const errno = errors[index]!;
      if (errno === 0) {
        counters.sent++;
        continue;
      }
      errors[index] = 0;
      const at = index * sender.slotLen + sender.headerAt;
      sink.sendFailed(sender.slots, at, this.#lengths[index]!, errno, this.#ids[index]!);
    }
    const retries = Atomics.load(words, RETRIES);
    counters.sendRetries += retries - this.#retries;
    this.#retries = retries;
  }

  /** Ends the thread: the socket of the sender may be closed then. */
  [Symbol.dispose](): void {
    const { words } = this.#shared;
    Atomics.store(words, IS_ENDING, 1);
    Atomics.notify(words, IS_ENDING);
    Atomics.notify(words, WRITTEN);
    if (!this.#thread.hasFailed) Atomics.wait(words, HAS_ENDED, 0, END_MS);
    this.#thread.end();
  }
}

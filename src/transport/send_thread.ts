// Hot path: nothing here may allocate per packet.
/**
 * A thread that sends the packets that another has written. It shares their memory, and words that each of the two threads
 * alone writes: how many packets are written, and how many are sent.
 *
 * @module
 */

import { PacketMessages } from "../../ffi/message_batch.ts";
import { measureAheadMs, SYSTEM_CLOCKS } from "./arrival_clock.ts";
import { isNoRoom } from "./send_errors.ts";

/** A word: the number of packets written so far, modulo 2^32. */
export const WRITTEN = 0;
/** A word: the number of packets of which the time of sending is known, as an estimate until they are sent. */
export const TIMED = 1;
/** A word: the number of packets sent or refused. */
export const DONE = 2;
/** A word: 1 while the thread waits for packets. */
export const IS_WAITING = 3;
/** Words: 1 while the kernel has no room, and the number of times that it had none. */
export const IS_FULL = 4;
export const RETRIES = 5;
/** Words: 1 once the thread is to end, and once it has ended. */
export const IS_ENDING = 6;
export const HAS_ENDED = 7;
const WORDS = 8;

/** The most packets of one call: its time is shared out among them, see send_queue.ts. */
const MOST = 64;
/** The most that a packet is expected to take, in milliseconds: where one took longer, the thread had to wait. */
const MOST_EACH_MS = 0.005;
/** The longest wait for packets at a time, and the wait for room, in milliseconds. */
const WAIT_MS = 100;
const ROOM_MS = 0.2;

/** The task of the thread. It can be sent to another thread. */
export interface SendTask {
  /** Memory for {@linkcode SendWords}. */
  readonly words: SharedArrayBuffer;
  /** The socket, the address of the messages, and their number, a power of two. */
  readonly fd: number;
  readonly messages: bigint;
  readonly count: number;
  /** By how much the wall clock is ahead of the scan's, in milliseconds: each thread counts from a time of its own. */
  readonly wallAheadMs: number;
}

/** The memory that both threads share besides the packets. */
export class SendWords {
  /** The words above. */
  readonly words: Int32Array<SharedArrayBuffer>;
  /** Of each slot, the errno with which the kernel refused its packet; 0 if it was sent. */
  readonly errors: Int32Array<SharedArrayBuffer>;
  /** Of each slot, when its packet left, on the scan's clock. */
  readonly times: Float64Array<SharedArrayBuffer>;

  /** Divides memory of {@linkcode SendWords.lengthFor} bytes. */
  constructor(memory: SharedArrayBuffer, count: number) {
    this.times = new Float64Array(memory, 0, count);
    this.errors = new Int32Array(memory, 8 * count, count);
    this.words = new Int32Array(memory, 12 * count, WORDS);
  }

  /** Returns the bytes needed for so many slots. */
  static lengthFor(count: number): number {
    return 12 * count + 4 * WORDS;
  }
}

/** Sends what is written, until it is to end. */
export function runSendThread({ words: memory, fd, messages, count, wallAheadMs }: SendTask): void {
  const { words, errors, times } = new SendWords(memory, count);
  const batch = new PacketMessages(messages, count);
  const aheadMs = measureAheadMs(SYSTEM_CLOCKS) - wallAheadMs;
  let eachMs = 0;
  let done = 0;
  while (Atomics.load(words, IS_ENDING) === 0) {
    const waiting = Atomics.load(words, WRITTEN) - done | 0;
    if (waiting === 0) {
      Atomics.store(words, IS_WAITING, 1);
      Atomics.wait(words, WRITTEN, done, WAIT_MS);
      Atomics.store(words, IS_WAITING, 0);
      continue;
    }
    const from = done & count - 1;
    const length = Math.min(waiting, MOST, count - from);
    const beforeMs = performance.now() + aheadMs;
    for (let at = 0; at < length; at++) times[from + at] = beforeMs + at * eachMs;
    Atomics.store(words, TIMED, done + length | 0);
    const result = batch.send(fd, from, length);
    if (result > 0) {
      const tookMs = (performance.now() + aheadMs - beforeMs) / result;
      for (let at = 0; at < result; at++) times[from + at] = beforeMs + at * tookMs;
      eachMs = Math.min(MOST_EACH_MS, tookMs);
      done = done + result | 0;
    } else if (isNoRoom(-result)) {
      Atomics.add(words, RETRIES, 1);
      Atomics.store(words, IS_FULL, 1);
      Atomics.wait(words, IS_ENDING, 0, ROOM_MS);
      continue;
    } else {
      errors[from] = -result;
      done = done + 1 | 0;
    }
    Atomics.store(words, IS_FULL, 0);
    Atomics.store(words, DONE, done);
  }
  Atomics.store(words, HAS_ENDED, 1);
  Atomics.notify(words, HAS_ENDED);
}

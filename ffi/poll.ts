/**
 * Waiting for descriptors: at once (poll(2)), or until something happens while the event loop lives on (ppoll(2) on a
 * thread of Deno's pool, about 50 us a call).
 *
 * @module
 */

import { check, ERRNO, lastErrno } from "./errno.ts";
import { pollfd, timespec } from "./layout.ts";
import { libc } from "./libc.ts";
import { pin, type PinnedBuffer } from "./memory.ts";
import type { Fd } from "./fd.ts";

/** Memory that one call on a pool thread reads: its own copy of the descriptors, and the timeout. */
interface Waiting {
  readonly descriptors: PinnedBuffer;
  readonly timeout: PinnedBuffer;
}

/** Memory that pool threads read now, which may not be freed. */
const inUse = new Set<Waiting>();

/** `struct pollfd[capacity]`, pinned. A place without a descriptor is skipped by the kernel. */
export class PollSet {
  readonly capacity: number;
  readonly #descriptors: PinnedBuffer;
  readonly #count: bigint;
  #spare: Waiting | undefined;

  constructor(capacity: number) {
    this.capacity = capacity;
    this.#descriptors = pin(capacity * pollfd.size);
    this.#count = BigInt(capacity);
    for (let index = 0; index < capacity; index++) this.clear(index);
  }

  /** Watches `fd` at `index` for `events`: `POLLIN`, `POLLOUT` or both. */
  set(index: number, fd: Fd, events: number): void {
    const { view } = this.#descriptors;
    view.setInt32(index * pollfd.size + pollfd.fd, fd.number, true);
    view.setInt16(index * pollfd.size + pollfd.events, events, true);
    view.setInt16(index * pollfd.size + pollfd.revents, 0, true);
  }

  /** Stops watching at `index`. */
  clear(index: number): void {
    const { view } = this.#descriptors;
    view.setInt32(index * pollfd.size + pollfd.fd, -1, true);
    view.setInt32(index * pollfd.size + pollfd.events, 0, true);
  }

  /** Returns what the last call found at `index`: 0, or `POLLIN`, `POLLOUT`, `POLLERR`, `POLLHUP`, `POLLNVAL`. */
  revents(index: number): number {
    return this.#descriptors.view.getInt16(index * pollfd.size + pollfd.revents, true);
  }

  /**
   * Polls all descriptors, for `timeoutMs` at most; the whole thread waits.
   *
   * @returns The number of descriptors that are ready.
   * @throws {SyscallError} If poll(2) fails: `EINVAL` beyond the descriptor limit.
   */
  pollNow(timeoutMs = 0): number {
    const endMs = timeoutMs > 0 ? performance.now() + timeoutMs : 0;
    let leftMs = Math.ceil(timeoutMs);
    for (;;) {
      const result = libc().poll(this.#descriptors.pointer, this.#count, leftMs);
      if (result !== -1) return result;
      const errno = lastErrno();
      if (errno !== ERRNO.EINTR) check(result, "poll");
      if (timeoutMs > 0) leftMs = Math.max(0, Math.ceil(endMs - performance.now()));
    }
  }

  /**
   * Waits until a descriptor that is watched now is ready, or for `timeoutMs` (fractions count). Changes made meanwhile do
   * not affect the wait; {@linkcode revents} is up to date when it ends.
   *
   * @returns The number of descriptors that are ready.
   * @throws {SyscallError} If poll(2) fails.
   */
  async pollUntil(timeoutMs: number): Promise<number> {
    const waiting = this.#takeWaiting();
    const endMs = performance.now() + timeoutMs;
    inUse.add(waiting);
    try {
      let leftMs = timeoutMs;
      for (;;) {
        writeTimeout(waiting.timeout.view, leftMs);
        const result = await libc().ppollAside(
          waiting.descriptors.pointer,
          this.#count,
          waiting.timeout.pointer,
          null,
        );
        // Its errno was the pool thread's. Looking again here finds the same error, if it was more than a signal.
        const ready = this.pollNow();
        leftMs = endMs - performance.now();
        if (ready > 0 || result >= 0 || leftMs <= 0) return ready;
      }
    } finally {
      inUse.delete(waiting);
      this.#spare = waiting;
    }
  }

  #takeWaiting(): Waiting {
    const waiting = this.#spare ??
      { descriptors: pin(this.capacity * pollfd.size), timeout: pin(timespec.size) };
    this.#spare = undefined;
    waiting.descriptors.bytes.set(this.#descriptors.bytes);
    return waiting;
  }
}

function writeTimeout(view: DataView, timeoutMs: number): void {
  const nanos = Math.max(0, Math.round(timeoutMs * 1e6));
  view.setBigInt64(timespec.tv_sec, BigInt(Math.floor(nanos / 1e9)), true);
  view.setBigInt64(timespec.tv_nsec, BigInt(nanos % 1e9), true);
}

// Hot path: add and look may not allocate.
/**
 * Watching thousands of descriptors: epoll(7) returns only those that are ready, where poll(2) goes through
 * all.
 *
 * @module
 */

import { EPOLL_CLOEXEC, EPOLL_CTL_ADD } from "./constants.ts";
import { check, ERRNO, lastErrno } from "./errno.ts";
import { epoll_event } from "./layout.ts";
import { libc } from "./libc.ts";
import { pin, type PinnedBuffer } from "./memory.ts";
import { Fd } from "./fd.ts";

/** A set of watched descriptors. Closing a descriptor takes it out. */
export class Epoll implements Disposable {
  /** Readable (`POLLIN`) while a descriptor of the set has something to say. */
  readonly fd: Fd;
  /** Descriptors that one {@linkcode Epoll.look} returns at most. */
  readonly batch: number;
  readonly #request = pin(epoll_event.size);
  readonly #found: PinnedBuffer;

  /** @throws {SyscallError} If epoll_create1(2) fails; `EMFILE` at the descriptor limit. */
  constructor(batch: number) {
    this.fd = new Fd(check(libc().epoll_create1(EPOLL_CLOEXEC), "epoll_create1"));
    this.batch = batch;
    this.#found = pin(batch * epoll_event.size);
  }

  /**
   * Watches a descriptor for `events` (`EPOLLIN`, `EPOLLOUT`; errors and hang-ups are always told).
   *
   * @param data 32 bits that are returned with its events.
   * @param tag 32 more.
   * @throws {SyscallError} If epoll_ctl(2) fails; `EEXIST`, and `ENOSPC` at the user's limit of watches.
   */
  add(fd: Fd, events: number, data: number, tag = 0): void {
    const { view, pointer } = this.#request;
    view.setUint32(epoll_event.events, events, true);
    view.setUint32(epoll_event.data, data, true);
    view.setUint32(epoll_event.data + 4, tag, true);
    check(libc().epoll_ctl(this.fd.number, EPOLL_CTL_ADD, fd.number, pointer), "epoll_ctl");
  }

  /**
   * Looks, without waiting, which descriptors have something to say: those that were told longest ago, or never, first.
   *
   * @returns How many, {@linkcode Epoll.batch} at most.
   * @throws {SyscallError} If epoll_wait(2) fails.
   */
  look(): number {
    for (;;) {
      const result = libc().epoll_wait(this.fd.number, this.#found.pointer, this.batch, 0);
      if (result !== -1) return result;
      const errno = lastErrno();
      if (errno !== ERRNO.EINTR) check(result, "epoll_wait");
    }
  }

  /** Returns the events of the `index`-th descriptor found last. */
  events(index: number): number {
    return this.#found.view.getUint32(index * epoll_event.size + epoll_event.events, true);
  }

  /** Returns the `data` of {@linkcode Epoll.add} for the `index`-th descriptor found last. */
  data(index: number): number {
    return this.#found.view.getUint32(index * epoll_event.size + epoll_event.data, true);
  }

  /** Returns the `tag` of {@linkcode Epoll.add} for the `index`-th descriptor found last. */
  tag(index: number): number {
    return this.#found.view.getUint32(index * epoll_event.size + epoll_event.data + 4, true);
  }

  [Symbol.dispose](): void {
    this.fd.close();
  }
}

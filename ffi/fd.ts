/**
 * Open descriptors, and the limit on their number.
 *
 * @module
 */

import * as C from "./constants.ts";
import { check } from "./errno.ts";
import { rlimit } from "./layout.ts";
import { libc } from "./libc.ts";
import { pin } from "./memory.ts";

/** A descriptor that is closed once: by `using`, by `close`, or by both. */
export class Fd implements Disposable {
  #number: number;
  readonly #ring: number;

  /** @param ring An io_uring that refers to the same file, see `referToFile` in io_uring.ts; -1 if there is none. */
  constructor(number: number, ring = -1) {
    this.#number = number;
    this.#ring = ring;
  }

  /** The descriptor's number; -1 once it is closed, so that a late use fails instead of reaching another's file. */
  get number(): number {
    return this.#number;
  }

  close(): void {
    const number = this.#giveUp();
    if (number === -1) return;
    // Whatever close(2) answers, on Linux the descriptor is gone.
    libc().close(number);
    if (this.#ring !== -1) libc().close(this.#ring);
  }

  /** Closes it without waiting, a socket of {@linkcode openPacketSocket} in the kernel, any other on a thread of Deno's pool. */
  closeAside(): void {
    if (this.#ring !== -1) return this.close();
    const number = this.#giveUp();
    if (number !== -1) void libc().closeAside(number);
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #giveUp(): number {
    const number = this.#number;
    this.#number = -1;
    return number;
  }
}

/**
 * Raises the limit on open descriptors as far as this process may, getrlimit(2).
 *
 * @returns The limit that holds from now on.
 * @throws {SyscallError} If getrlimit(2) fails.
 */
export function raiseDescriptorLimit(): number {
  const value = pin(rlimit.size);
  check(libc().getrlimit(C.RLIMIT_NOFILE, value.pointer), "getrlimit");
  const soft = value.view.getBigUint64(rlimit.rlim_cur, true);
  const hard = value.view.getBigUint64(rlimit.rlim_max, true);
  if (soft >= hard) return Number(soft);
  value.view.setBigUint64(rlimit.rlim_cur, hard, true);
  return Number(libc().setrlimit(C.RLIMIT_NOFILE, value.pointer) === -1 ? soft : hard);
}

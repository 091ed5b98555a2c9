/**
 * The terminal that a program runs on: whether it is ours at the moment, whether a key waits, and being stopped by Ctrl-Z.
 *
 * @module
 */

import { POLLIN, SIGTSTP } from "./constants.ts";
import { check } from "./errno.ts";
import { pollfd } from "./layout.ts";
import { libc } from "./libc.ts";
import { keepAlive, pin } from "./memory.ts";

const STDIN = 0;
/** More than any libc's `struct sigaction`. All of it zero is `SIG_DFL`, with no flag and an empty mask. */
const SIGACTION_LEN = 256;

/**
 * True while this process may read from the terminal on standard input and set its modes, tcgetpgrp(3). One in the
 * background that does is stopped.
 */
export function inForeground(): boolean {
  return libc().tcgetpgrp(STDIN) === libc().getpgrp();
}

/** True if reading from standard input would not wait: there is something to read, or nothing will ever be again. */
export function inputWaits(): boolean {
  const descriptor = pin(pollfd.size);
  descriptor.view.setInt32(pollfd.fd, STDIN, true);
  descriptor.view.setInt16(pollfd.events, POLLIN, true);
  const ready = libc().poll(descriptor.pointer, 1n, 0);
  keepAlive(descriptor);
  return ready > 0;
}

/**
 * Stops this process as Ctrl-Z would if nobody listened for it; returns when it goes on. Where nobody could let it go on
 * (an orphaned process group) the kernel does not stop it.
 *
 * @throws {SyscallError} If sigaction(2) fails.
 */
export function stopSelf(): void {
  const byDefault = pin(SIGACTION_LEN);
  const before = pin(SIGACTION_LEN);
  check(libc().sigaction(SIGTSTP, byDefault.pointer, before.pointer), "sigaction");
  libc().raise(SIGTSTP);
  check(libc().sigaction(SIGTSTP, before.pointer, null), "sigaction");
  keepAlive(byDefault);
  keepAlive(before);
}

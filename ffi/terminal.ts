/**
 * The controlling terminal and job control: foreground state, pending input, the type of standard output, Ctrl-Z
 * (SIGTSTP) and ignored signals; and the environment.
 *
 * @module
 */

import { POLLIN, SIGTSTP } from "./constants.ts";
import { check } from "./errno.ts";
import { pollfd } from "./layout.ts";
import { libc } from "./libc.ts";
import { keepAlive, pin } from "./memory.ts";

export { environmentVariable } from "./system.ts";

const STDIN = 0;
const STDOUT = 1;
// <unistd.h>, on every machine that Deno runs on
const SEEK_CUR = 1;
/** More than any libc's `struct sigaction`. All of it zero is `SIG_DFL`, with no flag and an empty mask. */
const SIGACTION_LEN = 256;
// <signal.h>, on every machine that Deno runs on
const SIG_IGN = 1n;
/** The offset of `sa_handler` in `struct sigaction`: the first member in every libc's layout. */
const SA_HANDLER = 0;
const SIGNALS = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGQUIT: 3,
  SIGUSR1: 10,
  SIGUSR2: 12,
  SIGTERM: 15,
  SIGTSTP,
  SIGXFSZ: 25,
} as const;

/**
 * True while this process may read from the terminal on standard input and set its modes, tcgetpgrp(3). A background
 * process that does so is stopped.
 */
export function inForeground(): boolean {
  return libc().tcgetpgrp(STDIN) === libc().getpgrp();
}

/** True if reading from standard input would not block: data is available, or end of file was reached. */
export function inputWaits(): boolean {
  const descriptor = pin(pollfd.size);
  descriptor.view.setInt32(pollfd.fd, STDIN, true);
  descriptor.view.setInt16(pollfd.events, POLLIN, true);
  const ready = libc().poll(descriptor.pointer, 1n, 0);
  keepAlive(descriptor);
  return ready > 0;
}

/** True if standard output is a file (or a device such as /dev/null): neither a pipe nor a terminal, which may be slow. */
export function outputIsFile(): boolean {
  return libc().lseek(STDOUT, 0n, SEEK_CUR) >= 0n;
}

/**
 * Stops this process by SIGTSTP with its default action; returns after SIGCONT. The kernel does not stop a process of an orphaned
 * process group, since no shell could continue it.
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

/**
 * True where a signal is ignored. A process may have inherited that: from nohup(1), or from a script that began it with `&`.
 *
 * @throws {SyscallError} If sigaction(2) fails.
 */
export function isIgnored(signal: keyof typeof SIGNALS): boolean {
  const present = pin(SIGACTION_LEN);
  check(libc().sigaction(SIGNALS[signal], null, present.pointer), "sigaction");
  keepAlive(present);
  return present.view.getBigUint64(SA_HANDLER, true) === SIG_IGN;
}

/**
 * Sets a signal's action to SIG_IGN.
 *
 * @throws {SyscallError} If sigaction(2) fails.
 */
export function ignore(signal: keyof typeof SIGNALS): void {
  const ignored = pin(SIGACTION_LEN);
  ignored.view.setBigUint64(SA_HANDLER, SIG_IGN, true);
  check(libc().sigaction(SIGNALS[signal], ignored.pointer, null), "sigaction");
  keepAlive(ignored);
}

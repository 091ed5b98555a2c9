/**
 * Numbers of system calls, which differ between machines, and calls by number.
 *
 * @module
 */

import { lastErrno, SyscallError } from "./errno.ts";
import { libc } from "./libc.ts";

/** Marks a call that a machine does not have. */
const NONE = -1;

/** By name, on x86_64 (`<asm/unistd_64.h>`) and on aarch64 (`<asm-generic/unistd.h>`). */
export const SYSCALL_NUMBERS = {
  accept: [43, 202],
  accept4: [288, 242],
  acct: [163, 89],
  add_key: [248, 217],
  adjtimex: [159, 171],
  bpf: [321, 280],
  capset: [126, 91],
  chroot: [161, 51],
  clock_adjtime: [305, 266],
  clock_settime: [227, 112],
  clone: [56, 220],
  clone3: [435, 435],
  delete_module: [176, 106],
  execve: [59, 221],
  execveat: [322, 281],
  faccessat2: [439, 439],
  fanotify_init: [300, 262],
  finit_module: [313, 273],
  fsconfig: [431, 431],
  fsmount: [432, 432],
  fsopen: [430, 430],
  fspick: [433, 433],
  gettid: [186, 178],
  init_module: [175, 105],
  io_uring_enter: [426, 426],
  io_uring_register: [427, 427],
  io_uring_setup: [425, 425],
  ioctl: [16, 29],
  ioperm: [173, NONE],
  iopl: [172, NONE],
  kcmp: [312, 272],
  kexec_file_load: [320, 294],
  kexec_load: [246, 104],
  keyctl: [250, 219],
  listen: [50, 201],
  lookup_dcookie: [212, 18],
  mknod: [133, NONE],
  mknodat: [259, 33],
  modify_ldt: [154, NONE],
  mount: [165, 40],
  mount_setattr: [442, 442],
  move_mount: [429, 429],
  name_to_handle_at: [303, 264],
  open_by_handle_at: [304, 265],
  open_tree: [428, 428],
  perf_event_open: [298, 241],
  personality: [135, 92],
  pidfd_getfd: [438, 438],
  pivot_root: [155, 41],
  prctl: [157, 167],
  process_madvise: [440, 440],
  process_vm_readv: [310, 270],
  process_vm_writev: [311, 271],
  ptrace: [101, 117],
  quotactl: [179, 60],
  quotactl_fd: [443, 443],
  reboot: [169, 142],
  request_key: [249, 218],
  seccomp: [317, 277],
  setdomainname: [171, 162],
  sethostname: [170, 161],
  setns: [308, 268],
  settimeofday: [164, 170],
  socket: [41, 198],
  swapoff: [168, 225],
  swapon: [167, 224],
  syslog: [103, 116],
  tgkill: [234, 131],
  umount2: [166, 39],
  unshare: [272, 97],
  userfaultfd: [323, 282],
  vhangup: [153, 58],
} as const;

/** A system call that has a number here. */
export type SyscallName = keyof typeof SYSCALL_NUMBERS;

/** The machines whose numbers are known. */
export type Machine = "x86_64" | "aarch64";

/** The number of a call, or -1 where the machine does not have it. */
export function syscallNumber(name: SyscallName, machine: Machine = Deno.build.arch): number {
  return SYSCALL_NUMBERS[name][machine === "x86_64" ? 0 : 1];
}

/**
 * Calls the kernel by number, in this thread alone.
 *
 * @throws {SyscallError} If it fails.
 */
export function syscall(name: SyscallName, ...args: readonly bigint[]): number {
  const [a = 0n, b = 0n, c = 0n, d = 0n, e = 0n] = args;
  const result = libc().syscall(BigInt(syscallNumber(name)), a, b, c, d, e);
  const errno = lastErrno();
  if (result === -1n) throw new SyscallError(name, errno);
  return Number(result);
}

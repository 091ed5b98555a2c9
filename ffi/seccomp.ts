/**
 * A filter of system calls, seccomp(2), for every thread of the process.
 *
 * @module
 */

import { assembleBpf, type BpfRow } from "./bpf.ts";
import * as C from "./constants.ts";
import { ERRNO, SyscallError } from "./errno.ts";
import { seccomp_data, sock_filter, sock_fprog } from "./layout.ts";
import { keepAlive, pin, pinBytes } from "./memory.ts";
import { type Machine, syscall, type SyscallName, syscallNumber } from "./syscalls.ts";

/** Calls that a scan has no use for once it has begun, and that someone who has taken it over would have. */
export const DENIED: readonly SyscallName[] = [
  // other programs, and the memory and descriptors of those that run
  ...(["execve", "execveat", "ptrace", "process_vm_readv", "process_vm_writev", "process_madvise"] as const),
  ...(["kcmp", "pidfd_getfd"] as const),
  // what the file system consists of, and ways around its permissions
  ...(["mount", "umount2", "pivot_root", "chroot", "open_tree", "move_mount", "mount_setattr"] as const),
  ...(["fsopen", "fsconfig", "fsmount", "fspick", "mknod", "mknodat", "quotactl", "quotactl_fd"] as const),
  ...(["name_to_handle_at", "open_by_handle_at", "fanotify_init", "lookup_dcookie"] as const),
  // namespaces
  ...(["setns", "unshare"] as const),
  // the kernel itself, and parts of it that are seldom needed and often attacked
  ...(["init_module", "finit_module", "delete_module", "kexec_load", "kexec_file_load", "bpf"] as const),
  ...(["perf_event_open", "userfaultfd", "io_uring_setup", "io_uring_enter", "io_uring_register"] as const),
  ...(["add_key", "request_key", "keyctl", "modify_ldt", "personality", "syslog"] as const),
  // the machine
  ...(["reboot", "swapon", "swapoff", "acct", "sethostname", "setdomainname", "vhangup", "iopl", "ioperm"] as const),
  ...(["settimeofday", "clock_settime", "clock_adjtime", "adjtimex"] as const),
  // connections from others: a debugger's, for one
  ...(["listen", "accept", "accept4"] as const),
];

/** Numbers from here on are x32's, which a filter for x86_64 sees as its own. */
const X32_BIT = 0x4000_0000;
const SOCK_TYPE_MASK = 0xf;
const NEW_NAMESPACE = C.CLONE_NEWNS | C.CLONE_NEWCGROUP | C.CLONE_NEWUTS | C.CLONE_NEWIPC | C.CLONE_NEWUSER |
  C.CLONE_NEWPID |
  C.CLONE_NEWNET;

/**
 * A program that answers EPERM to the calls in {@linkcode DENIED}, to those of another machine's numbering, to sockets
 * for raw packets, to input put into a terminal's queue, and to processes in namespaces of their own; everything else
 * goes on. The flags of clone3(2) lie in memory, where a filter cannot look: it answers ENOSYS, upon which every libc
 * begins its threads by clone(2).
 */
export function denyingFilter(machine: Machine = Deno.build.arch): Uint8Array<ArrayBuffer> {
  const { nr, arch, args } = seccomp_data;
  const arg = (index: number) => args + 8 * index;
  const number = (name: SyscallName) => syscallNumber(name, machine);
  const isX86 = machine === "x86_64";
  return assembleBpf([
    ["ld", arch],
    ["jeq", isX86 ? C.AUDIT_ARCH_X86_64 : C.AUDIT_ARCH_AARCH64, "next", "deny"],
    ["ld", nr],
    ...(isX86 ? [["jge", X32_BIT, "deny", "next"] satisfies BpfRow] : []),
    ...DENIED.map(number).filter((known) => known >= 0).map((known): BpfRow => ["jeq", known, "deny", "next"]),
    ["jeq", number("socket"), "socket", "next"],
    ["jeq", number("ioctl"), "ioctl", "next"],
    ["jeq", number("clone3"), "absent", "next"],
    ["jeq", number("clone"), "clone", "allow"],

    "socket:",
    ["ld", arg(0)], // family
    ["jeq", C.AF_UNIX, "allow", "next"],
    ["jeq", C.AF_NETLINK, "allow", "next"],
    ["jeq", C.AF_INET, "type", "next"],
    ["jeq", C.AF_INET6, "type", "deny"],
    "type:",
    ["ld", arg(1)],
    ["and", SOCK_TYPE_MASK],
    ["jeq", C.SOCK_RAW, "deny", "allow"],

    "ioctl:",
    ["ld", arg(1)], // request
    ["jeq", C.TIOCSTI, "deny", "next"],
    ["jeq", C.TIOCLINUX, "deny", "allow"],

    "clone:",
    ["ld", arg(0)], // flags
    ["jset", NEW_NAMESPACE, "deny", "allow"],

    "allow:",
    ["ret", C.SECCOMP_RET_ALLOW],
    "deny:",
    ["ret", C.SECCOMP_RET_ERRNO | ERRNO.EPERM],
    "absent:",
    ["ret", C.SECCOMP_RET_ERRNO | ERRNO.ENOSYS],
  ]);
}

/**
 * Has a filter decide on every call of every thread, for good. None of them may gain privileges by execve(2) from then
 * on. The calling thread must have forbidden that to itself before.
 *
 * @throws {SyscallError} If the kernel has no such filters (`ENOSYS`, `EINVAL`), or a thread has another (`ESRCH`).
 */
export function filterEveryThread(program: Uint8Array<ArrayBuffer>): void {
  const rows = pinBytes(program);
  const fprog = pin(sock_fprog.size);
  fprog.view.setUint16(sock_fprog.len, program.length / sock_filter.size, true);
  fprog.view.setBigUint64(sock_fprog.filter, rows.address, true);
  const { address } = fprog;
  const thread = syscall("seccomp", BigInt(C.SECCOMP_SET_MODE_FILTER), BigInt(C.SECCOMP_FILTER_FLAG_TSYNC), address);
  keepAlive([rows, fprog]);
  // The number of a thread that could not be made to have it.
  if (thread !== 0) throw new SyscallError("seccomp", ERRNO.ESRCH);
}

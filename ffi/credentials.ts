/**
 * The user, groups and capabilities of this process, and how to drop them.
 *
 * @module
 */

import * as C from "./constants.ts";
import { check, ERRNO, SyscallError } from "./errno.ts";
import { inEveryThread } from "./every_thread.ts";
import { __user_cap_data_struct, __user_cap_header_struct } from "./layout.ts";
import { libc } from "./libc.ts";
import { keepAlive, pin, type PinnedBuffer, pinString } from "./memory.ts";
import { openSocket } from "./socket.ts";
import { syscall } from "./syscalls.ts";
import { readTextFile } from "./system.ts";

/** The user that permission checks see. */
export function effectiveUser(): number {
  return libc().geteuid();
}

/** The group that permission checks see. */
export function effectiveGroup(): number {
  return libc().getegid();
}

/**
 * True if this process may open raw and packet sockets, which takes the same right (`CAP_NET_RAW`). A raw socket is
 * opened to find out: closing a packet socket takes milliseconds.
 *
 * @throws {SyscallError} If that fails for another reason than permission, such as the descriptor limit.
 */
export function canOpenRaw(): boolean {
  try {
    using _raw = openSocket(C.AF_INET, C.SOCK_RAW, C.IPPROTO_RAW);
    return true;
  } catch (error) {
    if (error instanceof SyscallError && REFUSALS.has(error.errno)) return false;
    throw error;
  }
}

/** No permission; or a sandbox, or a kernel, without such sockets. */
const REFUSALS: ReadonlySet<number> = new Set([
  ERRNO.EPERM,
  ERRNO.EACCES,
  ERRNO.EAFNOSUPPORT,
  ERRNO.EPROTONOSUPPORT,
  ERRNO.ESOCKTNOSUPPORT,
  ERRNO.ENOSYS,
]);

/** The calling thread's capabilities, capabilities(7): bit n of each is capability n. */
interface Capabilities {
  effective: bigint;
  permitted: bigint;
  inheritable: bigint;
}

/**
 * Reads the capabilities of a thread of this process, by its number; those of the calling thread by default.
 *
 * @throws {SyscallError} If capget(2) fails; `ESRCH` if there is no such thread.
 */
export function capabilities(thread = 0): Capabilities {
  const header = capabilityHeader(thread);
  const data = pin(2 * __user_cap_data_struct.size);
  check(libc().capget(header.pointer, data.pointer), "capget");
  keepAlive(header);
  const set = (field: number) =>
    BigInt(data.view.getUint32(field, true)) |
    BigInt(data.view.getUint32(__user_cap_data_struct.size + field, true)) << 32n;
  return {
    effective: set(__user_cap_data_struct.effective),
    permitted: set(__user_cap_data_struct.permitted),
    inheritable: set(__user_cap_data_struct.inheritable),
  };
}

/** Capabilities that are about files alone. */
const FILE_CAPABILITIES: readonly number[] = [C.CAP_CHOWN, C.CAP_DAC_OVERRIDE, C.CAP_DAC_READ_SEARCH, C.CAP_FOWNER];

function setOf(numbers: readonly number[]): bigint {
  return numbers.reduce((set, number) => set | 1n << BigInt(number), 0n);
}

/** `struct __user_cap_data_struct`, twice: 64 capabilities. */
function capabilityData({ effective, permitted, inheritable }: Capabilities): PinnedBuffer {
  const data = pin(2 * __user_cap_data_struct.size);
  const put = (field: number, set: bigint) => {
    data.view.setUint32(field, Number(set & 0xffffffffn), true);
    data.view.setUint32(__user_cap_data_struct.size + field, Number(set >> 32n), true);
  };
  put(__user_cap_data_struct.effective, effective);
  put(__user_cap_data_struct.permitted, permitted);
  put(__user_cap_data_struct.inheritable, inheritable);
  return data;
}

function setCapabilities(wanted: Capabilities): void {
  const header = capabilityHeader();
  const data = capabilityData(wanted);
  check(libc().capset(header.pointer, data.pointer), "capset");
  keepAlive([header, data]);
}

/**
 * Drops permanently every capability of the calling thread except those to keep, which become effective.
 *
 * @throws {SyscallError} If capset(2) fails.
 */
export function dropCapabilities(keep: readonly number[] = []): void {
  const kept = capabilities().permitted & setOf(keep);
  setCapabilities({ effective: kept, permitted: kept, inheritable: 0n });
}

/**
 * Drops permanently every capability of every thread, except those that the calling thread keeps.
 *
 * @throws {SyscallError} If capset(2) fails, or some thread cannot be made to call it.
 */
export function dropCapabilitiesEverywhere(keep: readonly number[]): void {
  dropCapabilities(keep);
  const header = capabilityHeader();
  const data = capabilityData({ effective: 0n, permitted: 0n, inheritable: 0n });
  const own = syscall("gettid");
  inEveryThread("capset", [header.address, data.address], (thread) => thread === own || hasNone(thread));
  keepAlive([header, data]);
}

function hasNone(thread: number): boolean {
  try {
    const { effective, permitted, inheritable } = capabilities(thread);
    return (effective | permitted | inheritable) === 0n;
  } catch (error) {
    // It has ended since it was listed.
    if (error instanceof SyscallError && error.errno === ERRNO.ESRCH) return true;
    throw error;
  }
}

function capabilityHeader(thread = 0): PinnedBuffer {
  const header = pin(__user_cap_header_struct.size);
  header.view.setUint32(__user_cap_header_struct.version, C._LINUX_CAPABILITY_VERSION_3, true);
  header.view.setInt32(__user_cap_header_struct.pid, thread, true);
  return header;
}

/**
 * Sets `no_new_privs` for the calling thread and its children: execve(2) can no longer grant privileges.
 *
 * @throws {SyscallError} If prctl(2) fails.
 */
export function forbidNewPrivileges(): void {
  check(libc().prctl(C.PR_SET_NO_NEW_PRIVS, 1n, 0n, 0n, 0n), "prctl");
}

/**
 * Forbids that to every thread. A filter of system calls for every thread does so too.
 *
 * @throws {SyscallError} If some thread cannot be made to.
 */
export function forbidNewPrivilegesEverywhere(): void {
  const isForbidden = (thread: number) => {
    try {
      return /^NoNewPrivs:\s*1$/m.test(readTextFile(`/proc/self/task/${thread}/status`));
    } catch (error) {
      if (error instanceof SyscallError && error.errno === ERRNO.ENOENT) return true;
      throw error;
    }
  };
  inEveryThread("prctl", [BigInt(C.PR_SET_NO_NEW_PRIVS), 1n, 0n, 0n, 0n], isForbidden);
}

/** Forbids that other processes of the same user read this one's memory, attach to it or take its descriptors. */
export function forbidTracing(): void {
  check(libc().prctl(C.PR_SET_DUMPABLE, 0n, 0n, 0n, 0n), "prctl");
}

/** A user of the system, and the group that its files get. */
export interface User {
  readonly uid: number;
  readonly gid: number;
}

/**
 * Takes the supplementary groups of a user, in every thread: those that the system's database has for `name`, or none.
 *
 * @throws {SyscallError} If this process may not.
 */
export function takeGroups(name: string | undefined, gid: number): void {
  if (name === undefined) {
    check(libc().setgroups(0n, null), "setgroups");
    return;
  }
  const text = pinString(name);
  check(libc().initgroups(text.pointer, gid), "initgroups");
  keepAlive(text);
}

/**
 * Becomes another user, in every thread of the process, for good: libc sees to the other threads, and the kernel takes
 * all capabilities from one that was root and is no longer. The calling thread may keep some. Supplementary groups stay.
 *
 * @throws {SyscallError} If this process may not; then it may be that only its group has changed.
 */
export function becomeUser({ uid, gid }: User, keep: readonly number[] = []): void {
  check(libc().setresgid(gid, gid, gid), "setresgid");
  if (keep.length > 0) check(libc().prctl(C.PR_SET_KEEPCAPS, 1n, 0n, 0n, 0n), "prctl");
  check(libc().setresuid(uid, uid, uid), "setresuid");
}

/**
 * Calls a function while this thread may do with files what a user may who has no capabilities: what it makes is that
 * user's. Nothing that the function leaves to other threads, or for later, is affected.
 *
 * @throws {SyscallError} If this thread may not (`EPERM`).
 */
export function withFileAccessOf<T>({ uid, gid }: User, action: () => T): T {
  const before = capabilities();
  const [ownUid, ownGid] = [effectiveUser(), effectiveGroup()];
  try {
    libc().setfsgid(gid);
    libc().setfsuid(uid);
    // Both return the previous number, and report no failure; no user has number 2^32 - 1.
    if (libc().setfsuid(UNCHANGED) !== uid || libc().setfsgid(UNCHANGED) !== gid) {
      throw new SyscallError("setfsuid", ERRNO.EPERM);
    }
    setCapabilities({ ...before, effective: capabilities().effective & ~setOf(FILE_CAPABILITIES) });
    return action();
  } finally {
    libc().setfsuid(ownUid);
    libc().setfsgid(ownGid);
    setCapabilities(before);
  }
}

const UNCHANGED = 0xffff_ffff;

/** The result of {@linkcode mayReplace}. */
type Access = "yes" | "no" | "unknown";

/**
 * True if this thread, as it is now, may make and remove files beside a path, and write the file there if there is one.
 * Not known before Linux 5.8.
 */
export function mayReplace(path: string): Access {
  const folder = path.includes("/") ? path.slice(0, path.lastIndexOf("/") + 1) : ".";
  const inFolder = access(folder, C.W_OK | C.X_OK);
  if (inFolder !== 0) return inFolder === ERRNO.ENOSYS || inFolder === ERRNO.EPERM ? "unknown" : "no";
  const itself = access(path, C.W_OK);
  return itself === 0 || itself === ERRNO.ENOENT ? "yes" : "no";
}

/** Asks whether this thread may do something with a file: 0, or an error number. */
function access(path: string, mode: number): number {
  const name = pinString(path);
  try {
    syscall("faccessat2", BigInt.asUintN(64, BigInt(C.AT_FDCWD)), name.address, BigInt(mode), BigInt(C.AT_EACCESS));
    return 0;
  } catch (error) {
    if (error instanceof SyscallError) return error.errno;
    throw error;
  } finally {
    keepAlive(name);
  }
}

/**
 * Who this process is, what it may do, and how it gives that up.
 *
 * @module
 */

import {
  _LINUX_CAPABILITY_VERSION_3,
  AF_INET,
  CAP_CHOWN,
  CAP_DAC_OVERRIDE,
  CAP_DAC_READ_SEARCH,
  CAP_FOWNER,
  IPPROTO_RAW,
  PR_GET_NO_NEW_PRIVS,
  PR_SET_NO_NEW_PRIVS,
  SOCK_RAW,
} from "./constants.ts";
import { check, ERRNO, SyscallError } from "./errno.ts";
import { __user_cap_data_struct, __user_cap_header_struct } from "./layout.ts";
import { libc } from "./libc.ts";
import { keepAlive, pin, type PinnedBuffer } from "./memory.ts";
import { openSocket } from "./socket.ts";

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
    using _raw = openSocket(AF_INET, SOCK_RAW, IPPROTO_RAW);
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
export interface Capabilities {
  effective: bigint;
  permitted: bigint;
  inheritable: bigint;
}

/**
 * Reads the calling thread's capabilities.
 *
 * @throws {SyscallError} If capget(2) fails.
 */
export function capabilities(): Capabilities {
  const header = capabilityHeader();
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

/** True if the calling thread has capability `number`, such as `CAP_NET_RAW`, in effect. */
export function hasCapability(number: number): boolean {
  return (capabilities().effective >> BigInt(number) & 1n) === 1n;
}

/** Capabilities that are about files alone. */
export const FILE_CAPABILITIES: readonly number[] = [CAP_CHOWN, CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH, CAP_FOWNER];

/**
 * Gives up every capability of the calling thread but some, for good. Threads that run already keep theirs.
 *
 * @throws {SyscallError} If capset(2) fails.
 */
export function dropCapabilities(keep: readonly number[] = []): void {
  const before = capabilities();
  const header = capabilityHeader();
  const data = pin(2 * __user_cap_data_struct.size);
  const kept = keep.reduce((set, number) => set | 1n << BigInt(number), 0n);
  const put = (field: number, set: bigint) => {
    data.view.setUint32(field, Number(set & kept & 0xffffffffn), true);
    data.view.setUint32(__user_cap_data_struct.size + field, Number((set & kept) >> 32n), true);
  };
  put(__user_cap_data_struct.effective, before.effective);
  put(__user_cap_data_struct.permitted, before.permitted);
  check(libc().capset(header.pointer, data.pointer), "capset");
  keepAlive([header, data]);
}

function capabilityHeader(): PinnedBuffer {
  const header = pin(__user_cap_header_struct.size);
  header.view.setUint32(__user_cap_header_struct.version, _LINUX_CAPABILITY_VERSION_3, true);
  return header;
}

/**
 * Forbids the calling thread, and whatever it starts, to gain privileges by execve(2), for good.
 *
 * @throws {SyscallError} If prctl(2) fails.
 */
export function forbidNewPrivileges(): void {
  check(libc().prctl(PR_SET_NO_NEW_PRIVS, 1n, 0n, 0n, 0n), "prctl");
}

/** True if the calling thread cannot gain privileges by execve(2). */
export function newPrivilegesForbidden(): boolean {
  return check(libc().prctl(PR_GET_NO_NEW_PRIVS, 0n, 0n, 0n, 0n), "prctl") === 1;
}

/**
 * Becomes another user, in every thread of the process, for good: libc sees to the other threads, and the kernel takes
 * all capabilities from one that was root and is no longer.
 *
 * @throws {SyscallError} If this process may not; then it may be that only its groups have changed.
 */
export function becomeUser(uid: number, gid: number): void {
  check(libc().setgroups(0n, null), "setgroups");
  check(libc().setresgid(gid, gid, gid), "setresgid");
  check(libc().setresuid(uid, uid, uid), "setresuid");
}

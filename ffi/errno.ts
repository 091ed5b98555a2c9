/**
 * errno: names of error numbers, the last error, and the exception for a failed call.
 *
 * @module
 */

import { errnoCell, libc } from "./libc.ts";

/** Error numbers by name, errno(3); the values of `<asm-generic/errno.h>`, the same on x86_64 and aarch64. */
export const ERRNO = {
  EPERM: 1,
  ENOENT: 2,
  ESRCH: 3,
  EINTR: 4,
  EIO: 5,
  ENXIO: 6,
  E2BIG: 7,
  EBADF: 9,
  EAGAIN: 11,
  ENOMEM: 12,
  EACCES: 13,
  EFAULT: 14,
  EBUSY: 16,
  EEXIST: 17,
  ENODEV: 19,
  ENOTDIR: 20,
  EISDIR: 21,
  EINVAL: 22,
  ENFILE: 23,
  EMFILE: 24,
  ENOTTY: 25,
  EFBIG: 27,
  ENOSPC: 28,
  ESPIPE: 29,
  EROFS: 30,
  EPIPE: 32,
  EDOM: 33,
  ERANGE: 34,
  ENOSYS: 38,
  ELOOP: 40,
  ENODATA: 61,
  ETIME: 62,
  ENOLINK: 67,
  EPROTO: 71,
  EBADMSG: 74,
  EOVERFLOW: 75,
  EUSERS: 87,
  ENOTSOCK: 88,
  EDESTADDRREQ: 89,
  EMSGSIZE: 90,
  EPROTOTYPE: 91,
  ENOPROTOOPT: 92,
  EPROTONOSUPPORT: 93,
  ESOCKTNOSUPPORT: 94,
  EOPNOTSUPP: 95,
  EPFNOSUPPORT: 96,
  EAFNOSUPPORT: 97,
  EADDRINUSE: 98,
  EADDRNOTAVAIL: 99,
  ENETDOWN: 100,
  ENETUNREACH: 101,
  ENETRESET: 102,
  ECONNABORTED: 103,
  ECONNRESET: 104,
  ENOBUFS: 105,
  EISCONN: 106,
  ENOTCONN: 107,
  ESHUTDOWN: 108,
  ETIMEDOUT: 110,
  ECONNREFUSED: 111,
  EHOSTDOWN: 112,
  EHOSTUNREACH: 113,
  EALREADY: 114,
  EINPROGRESS: 115,
  ESTALE: 116,
  EDQUOT: 122,
  ECANCELED: 125,
} as const;

const NAMES: ReadonlyMap<number, string> = new Map(Object.entries(ERRNO).map(([name, errno]) => [errno, name]));

/** Returns the name of an error number, such as `EPERM`, or `errno 250` for a number that is not in {@linkcode ERRNO}. */
export function errnoName(errno: number): string {
  return NAMES.get(errno) ?? `errno ${errno}`;
}

/** The error of a failed system call, with the call's name and its errno. */
export class SyscallError extends Error {
  override readonly name = "SyscallError";
  /** The call, such as `socket`. */
  readonly syscall: string;
  /** The error number. */
  readonly errno: number;
  /** The error's name, such as `EPERM`. */
  readonly code: string;

  constructor(syscall: string, errno: number) {
    const code = errnoName(errno);
    super(`${syscall}: ${code} (${errnoText(errno)})`);
    this.syscall = syscall;
    this.errno = errno;
    this.code = code;
  }
}

/** Returns the text of strerror(3) for an error number, such as `Operation not permitted`. */
export function errnoText(errno: number): string {
  const text = libc().strerror(errno);
  return text === null ? "unknown" : Deno.UnsafePointerView.getCString(text);
}

/**
 * Returns the errno of the call that has just returned -1. Call this first: any other Deno operation may change errno.
 */
export function lastErrno(): number {
  return errnoCell()[0]!;
}

/**
 * Returns a call's result unchanged, or throws if the call failed.
 *
 * @throws {SyscallError} If the result is -1.
 */
export function check(result: number, syscall: string): number {
  if (result === -1) throw new SyscallError(syscall, lastErrno());
  return result;
}

// Hot path: connectInet6 may not allocate.
/**
 * Socket addresses of IPv6.
 *
 * @module
 */

import { AF_INET6, SOCK_DGRAM } from "./constants.ts";
import { check, ERRNO, lastErrno } from "./errno.ts";
import { sockaddr_in6 } from "./layout.ts";
import { libc } from "./libc.ts";
import { pin, type PinnedBuffer } from "./memory.ts";
import type { Fd } from "./fd.ts";
import { openSocket } from "./socket.ts";

/** The offset of the 16 bytes of the address in a socket address. */
export const INET6_ADDRESS: number = sockaddr_in6.sin6_addr;

/** A `struct sockaddr_in6` in memory that the kernel reads and writes. The address stands at {@linkcode INET6_ADDRESS} of its view. */
export class Inet6 {
  readonly memory: PinnedBuffer = pin(sockaddr_in6.size);
  readonly view: DataView<ArrayBuffer> = this.memory.view;
  readonly #length = pin(4);

  constructor() {
    this.view.setUint16(sockaddr_in6.sin6_family, AF_INET6, true);
  }

  get port(): number {
    return this.view.getUint16(sockaddr_in6.sin6_port);
  }

  /**
   * Sets all but the address.
   *
   * @param scope The index of the interface of a link-local address, else 0.
   */
  set(port: number, scope: number): void {
    this.view.setUint16(sockaddr_in6.sin6_port, port);
    this.view.setUint32(sockaddr_in6.sin6_scope_id, scope, true);
  }

  /**
   * Takes the address and port that a socket is bound to.
   *
   * @throws {SyscallError} If getsockname(2) fails.
   */
  readName(fd: Fd): void {
    this.#length.view.setUint32(0, sockaddr_in6.size, true);
    check(libc().getsockname(fd.number, this.memory.pointer, this.#length.pointer), "getsockname");
  }
}

/** @throws {SyscallError} If bind(2) fails; `EADDRINUSE`, `EADDRNOTAVAIL`. */
export function bindInet6(fd: Fd, { memory }: Inet6): void {
  check(libc().bind(fd.number, memory.pointer, sockaddr_in6.size), "bind");
}

/** Begins to connect. Returns 0 or the errno, as {@linkcode connectInet4} does. */
export function connectInet6(fd: Fd, { memory }: Inet6): number {
  for (;;) {
    const result = libc().connect(fd.number, memory.pointer, sockaddr_in6.size);
    if (result !== -1) return 0;
    const errno = lastErrno();
    if (errno !== ERRNO.EINTR) return errno;
  }
}

/**
 * Finds out how the kernel would reach an address, without a packet: it replaces the address by its own, which it would send from.
 *
 * @returns 0 or the errno, such as `ENETUNREACH`.
 */
export function findSource6(address: Inet6): number {
  let socket: Fd;
  try {
    socket = openSocket(AF_INET6, SOCK_DGRAM, 0);
  } catch {
    // A kernel without IPv6.
    return ERRNO.EAFNOSUPPORT;
  }
  try {
    const errno = connectInet6(socket, address);
    if (errno === 0) address.readName(socket);
    return errno;
  } finally {
    socket.close();
  }
}

/**
 * The reference of an io_uring(7) to an open file.
 *
 * @module
 */

import { IORING_REGISTER_FILES } from "./constants.ts";
import { SyscallError } from "./errno.ts";
import { io_uring_params } from "./layout.ts";
import { libc } from "./libc.ts";
import { keepAlive, pin } from "./memory.ts";
import { syscall } from "./syscalls.ts";

/**
 * Lets an io_uring refer to an open file as well. When both descriptors are closed, or the process has ended, a worker of the
 * kernel gives up the last reference to the file: the process does not wait for what that takes.
 *
 * @returns The descriptor of the io_uring, or -1 if the kernel refuses one: it is older than 5.1, or forbids it.
 */
export function referToFile(fd: number): number {
  const params = pin(io_uring_params.size), files = pin(4);
  files.view.setInt32(0, fd, true);
  let ring = -1;
  try {
    ring = syscall("io_uring_setup", 1n, params.address);
    syscall("io_uring_register", BigInt(ring), BigInt(IORING_REGISTER_FILES), files.address, 1n);
    return ring;
  } catch (error) {
    if (!(error instanceof SyscallError)) throw error;
    if (ring !== -1) libc().close(ring);
    return -1;
  } finally {
    keepAlive([params, files]);
  }
}

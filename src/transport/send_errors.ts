/**
 * Errors of sending: the kernel has no room just now, or refuses the packet.
 *
 * @module
 */

import { ERRNO } from "../../ffi/errno.ts";

export { errnoName, errnoText } from "../../ffi/errno.ts";

/** Advice where the limit on open descriptors is reached: EMFILE, ENFILE. */
export const RAISE_LIMIT = "Raise the limit on open files (ulimit -n)";

/** True where the kernel has no room for a packet just now, and the same packet may be sent again. */
export function isNoRoom(errno: number): boolean {
  return errno === ERRNO.EAGAIN || errno === ERRNO.ENOBUFS || errno === ERRNO.EINTR || errno === ERRNO.ENOMEM;
}

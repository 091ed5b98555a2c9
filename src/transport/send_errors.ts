/**
 * What a refusal to send means: no room just now, no way to the host just now, or not allowed at all.
 *
 * @module
 */

import { ERRNO } from "../../ffi/errno.ts";

export { errnoName } from "../../ffi/errno.ts";

/** True where the kernel has no room for a packet just now, and the same packet may be sent again. */
export function isNoRoom(errno: number): boolean {
  return errno === ERRNO.EAGAIN || errno === ERRNO.ENOBUFS || errno === ERRNO.EINTR || errno === ERRNO.ENOMEM;
}

/** True where there is no way to the destination just now: its route or its interface is gone, or has never been there. */
export function isOutage(errno: number): boolean {
  return errno === ERRNO.ENETDOWN || errno === ERRNO.ENETUNREACH || errno === ERRNO.EHOSTUNREACH ||
    errno === ERRNO.ENODEV || errno === ERRNO.ENXIO || errno === ERRNO.EHOSTDOWN;
}

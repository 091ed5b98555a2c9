/**
 * Sizes of the kernel's socket buffers.
 *
 * @module
 */

import { SO_RCVBUF, SO_RCVBUFFORCE, SO_SNDBUF, SO_SNDBUFFORCE, SOL_SOCKET } from "../../ffi/constants.ts";
import { SyscallError } from "../../ffi/errno.ts";
import type { Fd } from "../../ffi/fd.ts";
import { setOption } from "../../ffi/socket_options.ts";

/** Bytes of packets that may wait to be read. */
const RECEIVE_LEN = 16 << 20;
/** Bytes of packets that may wait for the link. */
const SEND_LEN = 4 << 20;

/** Lets more packets wait to be read than is usual. */
export function enlargeReceiveBuffer(fd: Fd): void {
  enlarge(fd, SO_RCVBUFFORCE, SO_RCVBUF, RECEIVE_LEN);
}

/** Lets more packets wait for the link than is usual. */
export function enlargeSendBuffer(fd: Fd): void {
  enlarge(fd, SO_SNDBUFFORCE, SO_SNDBUF, SEND_LEN);
}

function enlarge(fd: Fd, forcing: number, option: number, length: number): void {
  try {
    setOption(fd, SOL_SOCKET, forcing, length);
  } catch (error) {
    if (!(error instanceof SyscallError)) throw error;
    // Without CAP_NET_ADMIN as much as the system permits (net.core.rmem_max, wmem_max): what there is no room for is counted, or sent later.
    setOption(fd, SOL_SOCKET, option, length);
  }
}

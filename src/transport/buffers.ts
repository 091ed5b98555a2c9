/**
 * Sizes of the kernel's socket buffers.
 *
 * @module
 */

import { SO_RCVBUFFORCE, SO_SNDBUFFORCE, SOL_SOCKET } from "../../ffi/constants.ts";
import { SyscallError } from "../../ffi/errno.ts";
import { type Fd, setOption } from "../../ffi/socket.ts";

/** Bytes of packets that may wait to be read. */
const RECEIVE_LEN = 16 << 20;
/** Bytes of packets that may wait for the link. */
const SEND_LEN = 4 << 20;

/** Lets more packets wait to be read than is usual. */
export function enlargeReceiveBuffer(fd: Fd): void {
  force(fd, SO_RCVBUFFORCE, RECEIVE_LEN);
}

/** Lets more packets wait for the link than is usual. */
export function enlargeSendBuffer(fd: Fd): void {
  force(fd, SO_SNDBUFFORCE, SEND_LEN);
}

function force(fd: Fd, option: number, length: number): void {
  try {
    setOption(fd, SOL_SOCKET, option, length);
  } catch (error) {
    // Needs CAP_NET_ADMIN, which a scanner can do without: what there is no room for is counted, or sent later.
    if (!(error instanceof SyscallError)) throw error;
  }
}

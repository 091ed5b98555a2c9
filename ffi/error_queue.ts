// Hot path: take may not allocate.
/**
 * The ICMP errors of a socket with `IP_RECVERR`, ip(7): their types, codes and senders, where errno has
 * only a few kinds and no sender. A connecting TCP socket keeps them since Linux 5.8; older kernels leave the queue empty.
 *
 * @module
 */

import {
  IP_RECVERR,
  IPPROTO_IP,
  MSG_DONTWAIT,
  MSG_ERRQUEUE,
  SO_EE_ORIGIN_ICMP,
  SO_EE_ORIGIN_LOCAL,
} from "./constants.ts";
import { cmsghdr, iovec, mmsghdr, msghdr, sock_extended_err, sockaddr_in } from "./layout.ts";
import { libc } from "./libc.ts";
import { pin } from "./memory.ts";
import type { Fd } from "./socket.ts";

const CONTROL_LEN = 128;
const ERROR_AT = cmsghdr.size;
const SENDER_AT = ERROR_AT + sock_extended_err.size;
const LEAST_LEN = SENDER_AT + sockaddr_in.size;

/** Takes errors from the queues of sockets, one at a time. */
export class ErrorQueue {
  /** Type of the ICMP error taken last. */
  type = 0;
  /** Code of the ICMP error taken last. */
  code = 0;
  /** The IPv4 address of who sent the ICMP error taken last. */
  from = 0;
  /** True where the error taken last is no ICMP error: this machine's kernel found it out by itself. */
  isLocal = false;
  readonly #message = pin(mmsghdr.size);
  readonly #vector = pin(iovec.size);
  readonly #quoted = pin(64);
  readonly #control = pin(CONTROL_LEN);

  constructor() {
    this.#vector.view.setBigUint64(iovec.iov_base, this.#quoted.address, true);
    this.#vector.view.setBigUint64(iovec.iov_len, BigInt(this.#quoted.bytes.length), true);
    const { view } = this.#message;
    view.setBigUint64(mmsghdr.msg_hdr + msghdr.msg_iov, this.#vector.address, true);
    view.setBigUint64(mmsghdr.msg_hdr + msghdr.msg_iovlen, 1n, true);
    view.setBigUint64(mmsghdr.msg_hdr + msghdr.msg_control, this.#control.address, true);
  }

  /** Takes the oldest error that waits on `fd`; false if there is none. */
  take(fd: Fd): boolean {
    const { view } = this.#message;
    const controlLenAt = mmsghdr.msg_hdr + msghdr.msg_controllen;
    view.setUint32(controlLenAt, CONTROL_LEN, true);
    const count = libc().recvmmsg(fd.number, this.#message.pointer, 1, MSG_ERRQUEUE | MSG_DONTWAIT, null);
    if (count !== 1 || view.getUint32(controlLenAt, true) < LEAST_LEN) return false;
    const control = this.#control.view;
    if (control.getInt32(cmsghdr.cmsg_level, true) !== IPPROTO_IP) return false;
    if (control.getInt32(cmsghdr.cmsg_type, true) !== IP_RECVERR) return false;
    const origin = control.getUint8(ERROR_AT + sock_extended_err.ee_origin);
    this.isLocal = origin === SO_EE_ORIGIN_LOCAL;
    if (origin !== SO_EE_ORIGIN_ICMP && !this.isLocal) return false;
    this.type = control.getUint8(ERROR_AT + sock_extended_err.ee_type);
    this.code = control.getUint8(ERROR_AT + sock_extended_err.ee_code);
    this.from = control.getUint32(SENDER_AT + sockaddr_in.sin_addr);
    return true;
  }
}

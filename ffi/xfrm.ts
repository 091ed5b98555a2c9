/**
 * IPsec policies, ip-xfrm(8): which packets the kernel encrypts, signs or blocks on their way out. What leaves by a
 * packet socket passes them by. Asking needs `CAP_NET_ADMIN`.
 *
 * @module
 */

import {
  AF_INET6,
  AF_UNSPEC,
  NETLINK_XFRM,
  XFRM_MSG_GETPOLICY,
  XFRM_MSG_NEWPOLICY,
  XFRM_POLICY_OUT,
  XFRMGRP_POLICY,
} from "./constants.ts";
import { ERRNO, SyscallError } from "./errno.ts";
import { xfrm_userpolicy_info } from "./layout.ts";
import { bodyAt, Netlink } from "./netlink.ts";

/** Octets of a request for all policies: `struct rtgenmsg`. */
const REQUEST_LEN = 1;

/** Whether outgoing IPv4 packets meet IPsec policies, now and later. */
export class PolicyWatch implements Disposable {
  readonly #news: Netlink | undefined;
  #any = false;

  /** @throws {SyscallError} If the kernel does not tell; `EPERM` for want of `CAP_NET_ADMIN`. */
  constructor() {
    using opening = new DisposableStack();
    try {
      // Listens before it asks: a policy that is made in between is heard of.
      this.#news = opening.use(new Netlink(NETLINK_XFRM, XFRMGRP_POLICY));
      using netlink = new Netlink(NETLINK_XFRM);
      this.#any = netlink.dump(XFRM_MSG_GETPOLICY, REQUEST_LEN, AF_UNSPEC, isOutboundPolicy).includes(true);
    } catch (error) {
      // A kernel that knows nothing of IPsec has no policies.
      if (!(error instanceof SyscallError) || error.errno !== ERRNO.EPROTONOSUPPORT) throw error;
    }
    opening.move();
  }

  /**
   * True where such a policy exists, or policies have changed since this was opened: what they are by then may be a
   * secret to a process that has given its privileges away.
   */
  any(): boolean {
    this.#any ||= this.#news?.hasNews() ?? false;
    return this.#any;
  }

  [Symbol.dispose](): void {
    this.#news?.[Symbol.dispose]();
  }
}

/** Whether an `XFRM_MSG_NEWPOLICY` message of `length` octets at `at` tells of a policy on outgoing IPv4 packets. */
export function isOutboundPolicy(view: DataView, at: number, length: number): boolean {
  const body = bodyAt(view, at, length, XFRM_MSG_NEWPOLICY, xfrm_userpolicy_info.size);
  if (body === -1 || view.getUint8(body + xfrm_userpolicy_info.dir) !== XFRM_POLICY_OUT) return false;
  return view.getUint16(body + xfrm_userpolicy_info["sel.family"], true) !== AF_INET6;
}

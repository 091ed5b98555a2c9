/**
 * IPsec policies, ip-xfrm(8): the packets that the kernel encrypts, signs or blocks on their way out. A packet socket bypasses
 * them. Reading them needs `CAP_NET_ADMIN`.
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
} from "../constants.ts";
import { ERRNO, SyscallError } from "../errno.ts";
import { xfrm_userpolicy_info } from "../layout.ts";
import { bodyAt } from "./message.ts";
import { Netlink } from "./socket.ts";

/** Bytes of a request for all policies: `struct rtgenmsg`. */
const REQUEST_LEN = 1;

/** Watches for IPsec policies on outgoing IPv4 packets. */
export class PolicyWatch implements Disposable {
  readonly #news: Netlink | undefined;
  #any = false;

  /** @throws {SyscallError} If the kernel refuses; `EPERM` without `CAP_NET_ADMIN`. */
  constructor() {
    using opening = new DisposableStack();
    try {
      // Joins the group before the dump, so that a policy made in between is seen.
      this.#news = opening.use(new Netlink(NETLINK_XFRM, XFRMGRP_POLICY));
      using netlink = new Netlink(NETLINK_XFRM);
      this.#any = netlink.dump(XFRM_MSG_GETPOLICY, REQUEST_LEN, AF_UNSPEC, isOutboundPolicy).includes(true);
    } catch (error) {
      // A kernel without IPsec has no policies.
      if (!(error instanceof SyscallError) || error.errno !== ERRNO.EPROTONOSUPPORT) throw error;
    }
    opening.move();
  }

  /**
   * Returns true if an outbound policy existed at the start, or any policy has changed since: after dropping its privileges, the
   * process cannot read the policies again.
   */
  any(): boolean {
    this.#any ||= this.#news?.hasNews() ?? false;
    return this.#any;
  }

  [Symbol.dispose](): void {
    this.#news?.[Symbol.dispose]();
  }
}

/** Returns true where an `XFRM_MSG_NEWPOLICY` message of `length` bytes at `at` is a policy on outgoing IPv4 packets. */
export function isOutboundPolicy(view: DataView, at: number, length: number): boolean {
  const body = bodyAt(view, at, length, XFRM_MSG_NEWPOLICY, xfrm_userpolicy_info.size);
  if (body === -1 || view.getUint8(body + xfrm_userpolicy_info.dir) !== XFRM_POLICY_OUT) return false;
  return view.getUint16(body + xfrm_userpolicy_info["sel.family"], true) !== AF_INET6;
}

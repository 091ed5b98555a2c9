/**
 * The reason that a port gets where the kernel refuses to send to it.
 *
 * @module
 */

import { ERRNO } from "../../ffi/errno.ts";
import { type Reason, REASONS } from "../result/outcome.ts";

const NO_ROUTE = codeOf("no-route");
const INTERFACE_DOWN = codeOf("interface-down");
const LOCAL_FIREWALL = codeOf("local-firewall");
const SEND_FAILED = codeOf("send-failed");

/** The code of the reason for which sending failed with `errno`. */
export function refusalReason(errno: number): number {
  switch (errno) {
    case ERRNO.ENETUNREACH:
    case ERRNO.EHOSTUNREACH:
    case ERRNO.EHOSTDOWN:
      return NO_ROUTE;
    case ERRNO.ENETDOWN:
    case ERRNO.ENODEV:
    case ERRNO.ENXIO:
      return INTERFACE_DOWN;
    // What a packet filter drops on its way out fails with this, nf_hook_slow in Linux' net/netfilter/core.c.
    case ERRNO.EPERM:
      return LOCAL_FIREWALL;
    default:
      return SEND_FAILED;
  }
}

function codeOf(reason: Reason): number {
  return REASONS.indexOf(reason);
}

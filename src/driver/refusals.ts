/**
 * The reason that a port gets where the kernel refuses to send to it.
 *
 * @module
 */

import { ERRNO } from "../../ffi/errno.ts";
import { reasonCode } from "../result/outcome.ts";

const UNROUTABLE = reasonCode("unroutable");
const INTERFACE_DOWN = reasonCode("interface-down");
const LOCAL_FIREWALL = reasonCode("local-firewall");
const SEND_FAILED = reasonCode("send-failed");

/** The code of the reason for which sending failed with `errno`. */
export function refusalReason(errno: number): number {
  switch (errno) {
    case ERRNO.ENETUNREACH:
    case ERRNO.EHOSTUNREACH:
    case ERRNO.EHOSTDOWN:
      return UNROUTABLE;
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

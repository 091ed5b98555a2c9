/**
 * The reason reported for a port if the kernel refuses to send to it.
 *
 * @module
 */

import { ERRNO } from "../../ffi/errno.ts";
import { reasonCode } from "../result/reasons.ts";

const UNROUTABLE = reasonCode("unroutable");
const INTERFACE_DOWN = reasonCode("interface-down");
const LOCAL_FIREWALL = reasonCode("local-firewall");
const SEND_FAILED = reasonCode("send-failed");

const REASONS: ReadonlyMap<number, number> = new Map([
  [ERRNO.ENETUNREACH, UNROUTABLE],
  [ERRNO.EHOSTUNREACH, UNROUTABLE],
  [ERRNO.EHOSTDOWN, UNROUTABLE],
  [ERRNO.ENETDOWN, INTERFACE_DOWN],
  [ERRNO.ENODEV, INTERFACE_DOWN],
  [ERRNO.ENXIO, INTERFACE_DOWN],
  // A packet that a packet filter drops on its way out fails with this, nf_hook_slow in Linux' net/netfilter/core.c.
  [ERRNO.EPERM, LOCAL_FIREWALL],
]);

/** The code of the reason for which sending failed with `errno`. */
export function refusalReason(errno: number): number {
  return REASONS.get(errno) ?? SEND_FAILED;
}

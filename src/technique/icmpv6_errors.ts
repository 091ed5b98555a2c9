/**
 * ICMPv6 errors and the reasons that they stand for (RFC 4443). None makes a port open.
 *
 * @module
 */

import { type Reason, reasonCode } from "../result/reasons.ts";
import { NOT_A_REPLY, type ReplyKind } from "../result/reply_kind.ts";

const DESTINATION_UNREACHABLE = 1;
const TIME_EXCEEDED = 3;
const PARAMETER_PROBLEM = 4;

/** Reasons by the code of destination unreachable: 1/0 is no-route in nmap, which is the name of another reason here. */
const UNREACHABLE: readonly Reason[] = [
  "net-unreach",
  "admin-prohibited",
  "beyond-scope",
  "host-unreach",
  "port-unreach",
  "admin-prohibited",
  "reject-route",
];
const UNREACHABLE_KINDS: readonly ReplyKind[] = UNREACHABLE.map(reasonCode);
/** Reasons by the code of parameter problem: an unknown option (2) shows nothing of a port. */
const PROBLEM_KINDS: readonly ReplyKind[] = [reasonCode("param-problem"), reasonCode("proto-unreach")];
const TIME_EXCEEDED_KIND = reasonCode("time-exceeded");

/** Returns the kind of an ICMPv6 message by type and code; {@linkcode NOT_A_REPLY} if it means nothing to a scan. */
export function icmpv6ErrorKind(type: number, code: number): ReplyKind {
  if (type === DESTINATION_UNREACHABLE) return UNREACHABLE_KINDS[code] ?? NOT_A_REPLY;
  if (type === PARAMETER_PROBLEM) return PROBLEM_KINDS[code] ?? NOT_A_REPLY;
  return type === TIME_EXCEEDED ? TIME_EXCEEDED_KIND : NOT_A_REPLY;
}

/**
 * The reason that goes with each kind of reply; the state is in the table of the technique. That a reply is genuine was decided
 * before.
 *
 * @module
 */

import { type Reason, reasonCode } from "../result/reasons.ts";

/** The kinds of reply in the order of their codes, each with its reason. */
export const REPLY_KINDS: readonly (readonly [kind: string, reason: Reason])[] = [
  ["syn-ack", "syn-ack"],
  ["syn", "split-handshake-syn"],
  ["rst", "reset"],
  ["icmp-net-unreach", "net-unreach"],
  ["icmp-host-unreach", "host-unreach"],
  ["icmp-proto-unreach", "proto-unreach"],
  ["icmp-port-unreach", "port-unreach"],
  ["icmp-net-prohibited", "net-prohibited"],
  ["icmp-host-prohibited", "host-prohibited"],
  ["icmp-admin-prohibited", "admin-prohibited"],
  ["icmp-time-exceeded", "time-exceeded"],
  ["connected", "conn-accept"],
  ["refused", "conn-refused"],
  ["rst-no-ack", "reset-no-ack"],
  // It decides nothing: a TCP that has sent a SYN drops it (RFC 9293 section 3.10.7.3).
  ["fin-ack", "no-response"],
  ["connected-reset", "conn-reset"],
];

/** The code of the reason that goes with a kind of reply, by its code. */
export const REASON_OF: Uint8Array = Uint8Array.from(REPLY_KINDS, ([, reason]) => reasonCode(reason));

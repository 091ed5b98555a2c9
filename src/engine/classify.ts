/**
 * The meaning of replies: a table from what was seen to state and reason, and which of two contradicting replies wins. That a reply is genuine was decided before.
 *
 * @module
 */

import { REPLY_KINDS } from "../driver/driver.ts";
import { CLOSED, FILTERED, OPEN, type Reason, REASONS, stateOf } from "../result/outcome.ts";
import { noteCode } from "./notes.ts";

const MEANING: Readonly<Record<typeof REPLY_KINDS[number], readonly [state: number, reason: Reason]>> = {
  "syn-ack": [OPEN, "syn-ack"],
  "syn": [OPEN, "split-handshake-syn"],
  "rst": [CLOSED, "reset"],
  "icmp-net-unreach": [FILTERED, "net-unreach"],
  "icmp-host-unreach": [FILTERED, "host-unreach"],
  "icmp-proto-unreach": [FILTERED, "proto-unreach"],
  "icmp-port-unreach": [FILTERED, "port-unreach"],
  "icmp-net-prohibited": [FILTERED, "net-prohibited"],
  "icmp-host-prohibited": [FILTERED, "host-prohibited"],
  "icmp-admin-prohibited": [FILTERED, "admin-prohibited"],
  "icmp-time-exceeded": [FILTERED, "time-exceeded"],
  "connected": [OPEN, "conn-accept"],
  "refused": [CLOSED, "conn-refused"],
  "rst-no-ack": [CLOSED, "reset-no-ack"],
  "connected-reset": [OPEN, "conn-reset"],
  // It decides nothing: a TCP that has sent a SYN drops it (RFC 9293 section 3.10.7.3).
  "fin-ack": [FILTERED, "no-response"],
};

/** The rank of undecided, of silence, of an ICMP error, of a RST and of a SYN-ACK, by code of the reason. */
const RANK_OF: Uint8Array = Uint8Array.from(REASONS, (reason) => {
  const state = stateOf(reason);
  if (state === "undecided") return 0;
  if (reason === "no-response") return 1;
  return state === "filtered" ? 2 : state === "closed" ? 3 : 4;
});

/**
 * The rule for replies to one probe that contradict each other: SYN-ACK over RST over ICMP error over silence, in whatever
 * order they arrive. True where the reason `code` wins over the reason `before` that a port was reported with.
 */
export function wins(code: number, before: number): boolean {
  return RANK_OF[code]! > RANK_OF[before]!;
}

/** The code of the note on a port with two replies; 0 where they do not contradict each other. */
export function contradiction(code: number, other: number): number {
  const high = Math.max(RANK_OF[code]!, RANK_OF[other]!);
  const low = Math.min(RANK_OF[code]!, RANK_OF[other]!);
  if (low < 2 || high === low) return 0;
  return noteCode(high === 3 ? "RST and ICMP error" : low === 3 ? "SYN-ACK and RST" : "SYN-ACK and ICMP error");
}

/** The state that a kind of evidence proves, by its code. */
export const STATE_OF: Uint8Array = Uint8Array.from(REPLY_KINDS, (name) => MEANING[name][0]);

/** The reason that goes with it, by the code of the evidence. */
export const REASON_OF: Uint8Array = Uint8Array.from(REPLY_KINDS, (name) => reasonCode(MEANING[name][1]));

/** The code of a reason. */
export function reasonCode(reason: Reason): number {
  return REASONS.indexOf(reason);
}

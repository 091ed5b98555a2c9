/**
 * What does an answer mean? A table from evidence to state and reason, and nothing else: whether the answer is genuine has
 * been settled before.
 *
 * @module
 */

import { EVIDENCE } from "../prober/prober.ts";
import { CLOSED, FILTERED, OPEN, type Reason, REASONS } from "../result.ts";

const MEANING: Readonly<Record<typeof EVIDENCE[number], readonly [state: number, reason: Reason]>> = {
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
};

/** The state that a kind of evidence proves, by its code. */
export const STATE_OF: Uint8Array = Uint8Array.from(EVIDENCE, (name) => MEANING[name][0]);

/** The reason that goes with it, by the code of the evidence. */
export const REASON_OF: Uint8Array = Uint8Array.from(EVIDENCE, (name) => reasonCode(MEANING[name][1]));

/** The code of a reason. */
export function reasonCode(reason: Reason): number {
  return REASONS.indexOf(reason);
}

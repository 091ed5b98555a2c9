/**
 * Reasons for the state of a port: numbers on the hot path, words everywhere else; the table is the only conversion.
 *
 * @module
 */

import type { State } from "./states.ts";

/** The ranks of reasons, the lowest first. Absence of a host, as its own link shows it, weighs as much as an ICMP error. */
export type Rank = "unknown" | "silence" | "absence" | "error" | "refuse" | "accept";

/**
 * Each reason for a state, in nmap's words where nmap has one: its rank, and its state where no technique says otherwise. The
 * order is that of the codes, which checkpoints hold: append only.
 */
export const REASON_ROWS: readonly (readonly [reason: Reason, rank: Rank, state: State])[] = [
  ["syn-ack", "accept", "open"],
  ["split-handshake-syn", "accept", "open"],
  ["reset", "refuse", "closed"],
  ["no-response", "silence", "filtered"],
  ["net-unreach", "error", "filtered"],
  ["host-unreach", "error", "filtered"],
  ["proto-unreach", "error", "filtered"],
  ["port-unreach", "error", "filtered"],
  ["net-prohibited", "error", "filtered"],
  ["host-prohibited", "error", "filtered"],
  ["admin-prohibited", "error", "filtered"],
  ["time-exceeded", "error", "filtered"],
  ["conn-accept", "accept", "open"],
  ["conn-refused", "refuse", "closed"],
  ["unroutable", "unknown", "undecided"],
  ["send-failed", "unknown", "undecided"],
  ["host-silent", "unknown", "undecided"],
  ["deadline", "unknown", "undecided"],
  ["interrupted", "unknown", "undecided"],
  ["not-asked", "unknown", "undecided"],
  ["reset-no-ack", "refuse", "closed"],
  ["neighbor-timeout", "error", "filtered"],
  ["no-carrier", "unknown", "undecided"],
  ["interface-down", "unknown", "undecided"],
  ["next-hop-silent", "unknown", "undecided"],
  ["local-firewall", "unknown", "undecided"],
  ["no-arp-response", "absence", "filtered"],
  ["conn-reset", "accept", "open"],
  ["no-route", "error", "filtered"],
  // Replies to probes of hosts, which show nothing of a port.
  ["arp-response", "refuse", "undecided"],
  ["echo-reply", "refuse", "undecided"],
  ["timestamp-reply", "refuse", "undecided"],
  ["mask-reply", "refuse", "undecided"],
  ["localhost-response", "refuse", "undecided"],
  // A RST of a host that resets probes to open ports too.
  ["rst-always", "refuse", "undecided"],
  // A reply to ARP by a station that replies for every address.
  ["proxy-arp", "unknown", "undecided"],
  ["host-timeout", "unknown", "undecided"],
  // ICMPv6 errors that ICMP has no like of.
  ["beyond-scope", "error", "filtered"],
  ["reject-route", "error", "filtered"],
  ["param-problem", "error", "filtered"],
  // A reply to a neighbor solicitation, which shows nothing of a port.
  ["nd-response", "refuse", "undecided"],
  ["udp-response", "accept", "open"],
  // Silence of a port while its host, or a router, could send no ICMP error.
  ["icmp-limited", "unknown", "undecided"],
];

/**
 * The observation that a state was concluded from.
 *
 * @example
 * ```ts
 * import { scan } from "@synscan/synscan";
 *
 * for await (const { port, reason } of scan({ targets: "127.0.0.1", ports: "1" })) {
 *   console.log(port, reason); // 1 reset
 * }
 * ```
 */
export type Reason =
  | "syn-ack"
  | "split-handshake-syn"
  | "reset"
  | "no-response"
  | "net-unreach"
  | "host-unreach"
  | "proto-unreach"
  | "port-unreach"
  | "net-prohibited"
  | "host-prohibited"
  | "admin-prohibited"
  | "time-exceeded"
  | "conn-accept"
  | "conn-refused"
  | "unroutable"
  | "send-failed"
  | "host-silent"
  | "deadline"
  | "interrupted"
  | "not-asked"
  | "reset-no-ack"
  | "neighbor-timeout"
  | "no-carrier"
  | "interface-down"
  | "next-hop-silent"
  | "local-firewall"
  | "no-arp-response"
  | "conn-reset"
  | "no-route"
  | "arp-response"
  | "echo-reply"
  | "timestamp-reply"
  | "mask-reply"
  | "localhost-response"
  | "rst-always"
  | "proxy-arp"
  | "host-timeout"
  | "beyond-scope"
  | "reject-route"
  | "param-problem"
  | "nd-response"
  | "udp-response"
  | "icmp-limited";

/** Every reason, in the order of the codes. */
export const REASONS: readonly Reason[] = REASON_ROWS.map(([reason]) => reason);

/** The code of a reason. */
export function reasonCode(reason: Reason): number {
  return REASONS.indexOf(reason);
}

/** A set of reasons: 1 at the code of each of its reasons, else 0. */
export type ReasonSet = Uint8Array;

/** Makes a set of reasons. */
export function reasonSet(reasons: Iterable<Reason>): ReasonSet {
  const set = new Uint8Array(REASONS.length);
  for (const reason of reasons) set[reasonCode(reason)] = 1;
  return set;
}

/**
 * Local conditions on which results of remote ports depend: whether probes were sent, and whether a missing reply was due to
 * the remote host. The engine uses only this interface; {@linkcode NO_FACTS} stands for a machine without problems.
 *
 * @module
 */

import { type Reason, REASONS } from "../result/reasons.ts";

/** The state of the next hop to a host since a probe was sent. */
export type HopState = number;
/** The next hop has replied since then: it did not cause missing replies. */
export const HOP_ANSWERS: HopState = 1;
/** The state is not known yet: call again later. */
export const HOP_PENDING: HopState = 0;
/** The host is on-link and has not replied to ARP during this scan. */
export const HOP_ABSENT: HopState = -1;
/** The host is on-link, has replied to ARP before, and no longer does. */
export const HOP_GONE: HopState = -2;

/** No problem: probes are sent. */
export const NO_PROBLEM = -1;
/** Codes of the reasons that are local facts. */
export const NO_CARRIER: number = codeOf("no-carrier");
export const INTERFACE_DOWN: number = codeOf("interface-down");
export const NEXT_HOP_SILENT: number = codeOf("next-hop-silent");
export const LOCAL_FIREWALL: number = codeOf("local-firewall");
export const UNROUTABLE: number = codeOf("unroutable");

/** Facts about this machine. Times are the engine's, in milliseconds. */
export interface LocalFacts {
  /** The number of times that a path has become usable again: probes sent before then without a reply do not count. */
  readonly recoveries: number;
  /** The number of paths from this machine to the targets: interfaces, and gateways behind them. */
  readonly wayCount: number;
  /** Reads the state of the machine where a read is due. Call it before every conclusion. */
  look(nowMs: number): void;
  /** Returns the code of the reason for which probes to `host` do not leave now; {@linkcode NO_PROBLEM} where they do. */
  problem(host: number): number;
  /** Returns true where one probe is to be sent although there is a problem, so that the kernel resolves the next hop again. */
  mayTry(host: number, nowMs: number): boolean;
  /** Returns the time before which probes to `host` may not have left. */
  validSince(host: number): number;
  /** Returns the state of the next hop to `host` since `sinceMs`; sends an ARP request where it is not known. */
  confirm(host: number, sinceMs: number, nowMs: number): HopState;
  /**
   * Returns the same of the other next hops by which probes to a port may leave, because of a multipath route or a rule about flows:
   * {@linkcode HOP_GONE} where one does not reply, which is noted as the reason why the port was not probed.
   *
   * @param protocol As of `Driver.flowProtocol`.
   */
  confirmFlow(host: number, port: number, protocol: number, sinceMs: number, nowMs: number): HopState;
  /**
   * The number of addresses on own links that were resolved, or could not be: when it grows, probes that
   * {@linkcode LocalFacts.resolve} has held back may be sent.
   */
  readonly resolutions: number;
  /**
   * Returns {@linkcode HOP_ANSWERS} where a probe to `host` may be sent, as far as its hardware address matters. One probe makes
   * the kernel resolve the address; all others wait ({@linkcode HOP_PENDING}) until it has, or until no host has replied
   * ({@linkcode HOP_ABSENT}): in the socket's send buffer they would take the room of probes to other hosts.
   */
  resolve(host: number, nowMs: number): HopState;
  /** Returns true where an ICMP error about a probe to `host`, sent by `from` (0 if unknown), is this machine's own. */
  isLocalError(host: number, from: number): boolean;
  /**
   * Notes that this machine has reported a probe to `host` as unreachable. Returns the code of the reason: {@linkcode NO_PROBLEM} where
   * the next hop did not reply, for which the kernel makes that error too.
   *
   * @param protocol As of `Driver.flowProtocol`; undefined if no other next hop is used.
   */
  unreachable(host: number, port: number, protocol: number | undefined, nowMs: number): number;
  /** Returns true for an address of this machine: nothing between may reply in its place. */
  isOwn(host: number): boolean;
  /** Returns true where packets to `host` pass a router, or a program of this machine that behaves like one. */
  isRouted(host: number): boolean;
  /** Notes that a port of `host` was not decided, for the local reason of this code. */
  notProbed(host: number, reason: number): void;
  /** Notes that a port of `host`, which has not replied to anything, has not replied. */
  noReply(host: number): void;
}

/** The facts of a machine without problems. */
export const NO_FACTS: LocalFacts = {
  recoveries: 0,
  wayCount: 0,
  look: () => {},
  problem: () => NO_PROBLEM,
  mayTry: () => true,
  validSince: () => 0,
  confirm: () => HOP_ANSWERS,
  confirmFlow: () => HOP_ANSWERS,
  resolutions: 0,
  resolve: () => HOP_ANSWERS,
  isLocalError: () => false,
  unreachable: () => NO_PROBLEM,
  isOwn: () => false,
  isRouted: () => false,
  notProbed: () => {},
  noReply: () => {},
};

function codeOf(reason: Reason): number {
  return REASONS.indexOf(reason);
}

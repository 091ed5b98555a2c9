/**
 * Facts about this machine, as far as conclusions about remote ports depend on them: whether what was sent can have left, and
 * whether silence was the remote host's. The engine knows only this interface; {@linkcode NO_FACTS} stands for a machine
 * that is never at fault.
 *
 * @module
 */

import { type Reason, REASONS } from "../result/outcome.ts";

/** Whether the next hop to a host is known to have been there after a probe was sent. */
export type HopState = number;
/** It is: silence was not its fault. */
export const HOP_ANSWERS: HopState = 1;
/** It is being found out: call again a little later. */
export const HOP_PENDING: HopState = 0;
/** The host is on an own link and has never answered ARP during this scan. */
export const HOP_ABSENT: HopState = -1;
/** The host is on an own link, answered ARP before, and does not any more. */
export const HOP_GONE: HopState = -2;

/** No reason: probes leave. */
export const NO_PROBLEM = -1;
/** Codes of the reasons that are local facts. */
export const NO_CARRIER: number = codeOf("no-carrier");
export const INTERFACE_DOWN: number = codeOf("interface-down");
export const NEXT_HOP_SILENT: number = codeOf("next-hop-silent");
export const LOCAL_FIREWALL: number = codeOf("local-firewall");

/** Facts about this machine. Times are the engine's, in milliseconds. */
export interface LocalFacts {
  /** How often a path has become usable again; what was silent while it was not says nothing. */
  readonly recoveries: number;
  /** How many ways lead out of this machine to the targets: interfaces, and gateways behind them. */
  readonly wayCount: number;
  /** Looks at the machine, where it is time to. Called before every conclusion. */
  look(nowMs: number): void;
  /** Code of the reason for which probes to `host` do not leave now; {@linkcode NO_PROBLEM} where they do. */
  problem(host: number): number;
  /** While there is a problem: whether one probe is to be sent, so that the kernel looks for the next hop again. */
  mayTry(host: number, nowMs: number): boolean;
  /** Probes to `host` that were sent before this time may not have left. */
  validSince(host: number): number;
  /** Whether the next hop to `host` has answered since `sinceMs`; asks it where that is not known. */
  confirm(host: number, sinceMs: number, nowMs: number): HopState;
  /**
   * Grows whenever an address on an own link was resolved, or not: what {@linkcode LocalFacts.resolve} has held back is to be
   * looked at again.
   */
  readonly resolutions: number;
  /**
   * Whether a probe to `host` may be sent, as far as its hardware address matters: {@linkcode HOP_ANSWERS} if so. One probe makes
   * the kernel resolve the address; all others wait ({@linkcode HOP_PENDING}) until it has, or until nothing has answered
   * ({@linkcode HOP_ABSENT}): in the socket's send buffer they would take the room of probes to other hosts.
   */
  resolve(host: number, nowMs: number): HopState;
  /** True where an ICMP error about a probe to `host`, sent by `from` (0 if unknown), is this machine's own. */
  isLocalError(host: number, from: number): boolean;
  /** This machine's kernel has reported a probe to `host` as unreachable. */
  unreachable(host: number, nowMs: number): void;
  /** True where packets to `host` pass a router, or a program of this machine that behaves like one. */
  isRouted(host: number): boolean;
  /** A port of `host` was not decided, for the local reason of this code. */
  notProbed(host: number, reason: number): void;
  /** A port of `host`, which has not replied to anything, has not replied. */
  noReply(host: number): void;
  /** The kernel has no room for a packet. */
  noRoom(nowMs: number): void;
}

/** The facts of a machine that is never at fault. */
export const NO_FACTS: LocalFacts = {
  recoveries: 0,
  wayCount: 0,
  look: () => {},
  problem: () => NO_PROBLEM,
  mayTry: () => true,
  validSince: () => 0,
  confirm: () => HOP_ANSWERS,
  resolutions: 0,
  resolve: () => HOP_ANSWERS,
  isLocalError: () => false,
  unreachable: () => {},
  isRouted: () => false,
  notProbed: () => {},
  noReply: () => {},
  noRoom: () => {},
};

function codeOf(reason: Reason): number {
  return REASONS.indexOf(reason);
}

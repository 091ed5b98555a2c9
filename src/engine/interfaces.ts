/**
 * The engine's surroundings: what it probes, what bounds it, what receives its results.
 *
 * @module
 */

import type { RateBounds } from "./rate.ts";
import type { TimeoutBounds } from "../base/rtt.ts";

/** The probes of a scan: an indexed sequence of host and port. */
export interface ProbeSource {
  /** The number of probes. */
  readonly size: number;
  /** Sets `host` and `port` to those of the probe at `position`. */
  locate(position: number): void;
  /** Address of the probe located last. */
  readonly host: number;
  /** Port of the probe located last. */
  readonly port: number;
  /** True for a host that was silent in an earlier pass; absent where there was none. */
  wasSilent?(host: number): boolean;
  /** True for a host that had been probed, without a decision on all of its ports, before the scan was resumed; absent where it was not. */
  wasPending?(host: number): boolean;
  /** Ports that ICMP errors had decided before the scan was resumed, and that were to be checked, as {@linkcode Remaining} has them. */
  readonly refused?: Uint32Array<ArrayBuffer> | undefined;
  /** Returns how many ports of a host are probed in the whole scan. */
  portCountOf(host: number): number;
  /** True where the probe located last is not to be sent any more: it was excluded when the scan was resumed. */
  readonly isExcluded?: boolean;
  /** True for a port that may be probed beside the scan: the scan does not probe it, and the user has not excluded it. */
  isSpare(host: number, port: number): boolean;
}

/** Numbers of each refused port in {@linkcode Remaining}. */
export const REFUSED_LEN = 4;

/** Probes of a scan that are left, of those that it has begun. */
export interface Remaining {
  /** Ports without a result: host and port, one pair after the other. */
  readonly pending: Uint32Array<ArrayBuffer>;
  /** Ports that ICMP errors have decided and that are to be checked: host, port, code of the reason, 1 if it was the host's own error. */
  readonly refused: Uint32Array<ArrayBuffer>;
}

/** The receiver of results. */
export interface ResultSink {
  /**
   * Takes the result of one port.
   *
   * @param state Code of the state.
   * @param reason Code of the reason.
   * @param ttl Time to live of the packet that decided; 0 if none.
   * @param rttMs Round trip in milliseconds; below 0 if unknown.
   * @param tries Probes sent.
   * @param from Sender of the packet that decided.
   * @param replaced Outcome code of the earlier result that this one replaces; below 0 if there is none.
   * @param note Code of the note on the port; 0 if there is none.
   */
  result(
    host: number,
    port: number,
    state: number,
    reason: number,
    ttl: number,
    rttMs: number,
    tries: number,
    from: number,
    replaced: number,
    note: number,
  ): void;
  /**
   * Takes that a router has reported a host as absent which has not replied. Missing where that says nothing of the host's ports.
   *
   * @param from The router.
   */
  absent?(host: number, from: number): void;
}

/** The bounds of a scan. */
export interface EngineLimits {
  /** Waits for replies. */
  readonly timeouts: TimeoutBounds;
  /** Probes a second. */
  readonly rate: RateBounds;
  /** Most retransmissions of a probe; Infinity leaves the number to the loss that is measured. */
  readonly maxRetries: number;
  /** Most probes in flight. */
  readonly maxInFlight: number;
  /**
   * True if new probes and retransmissions are sent in turn; else retransmissions go first. All probes are then sent for the first
   * time while those sent first are still retransmitted, so that at the end no time is spent waiting for late ICMP errors.
   */
  readonly takesTurns?: boolean;
  /** True where ports whose silence shows nothing, because of a limit of ICMP errors, are not probed again. */
  readonly defeatsIcmpLimit?: boolean;
  /** True where other engines probe the same hosts at the same time, so that they share what a host replies at most. */
  readonly sharesHosts?: boolean;
}

/** Counts of a scan that is under way. */
export interface EngineCounts {
  /** Ports decided by state code. */
  readonly byState: Float64Array;
  /** Hosts that replied, of those that are probed at one port only; `Engine.hostsUp` returns the others. */
  singlesUp: number;
  /** Replies that decided a port. */
  answered: number;
  /** Genuine replies that came after the result. */
  late: number;
  /** Further replies to a probe that was replied to. */
  duplicates: number;
  /** Segments that acknowledge a probe with FIN and without SYN. */
  finAcks: number;
}

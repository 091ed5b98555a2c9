// Hot path: nothing here may allocate per packet.
/**
 * Turns questions ("is port p of host h open?") into evidence. The engine knows only this interface; whether packets or
 * connect(2) stand behind it is not its business.
 *
 * @module
 */

import type { OutcomeTable } from "../result/outcome.ts";
import type { ReasonSet } from "../result/reasons.ts";
import type { ReplyKind } from "../result/reply_kind.ts";

/** The id of a probe whose departure is not reported. */
export const NO_ID = -1;
/** Attempts of one slot that ids tell apart; a power of two. */
export const ATTEMPTS_OF_ID = 4;

/** Names the `attempt`-th probe of an engine's slot, which is below 2^20. */
export function probeId(slot: number, attempt: number): number {
  return slot * ATTEMPTS_OF_ID + (attempt & (ATTEMPTS_OF_ID - 1));
}

/** The slot that an id names. */
export function slotOfId(id: number): number {
  return Math.floor(id / ATTEMPTS_OF_ID);
}

/** Returns the attempt that an id names, of `tries` attempts so far; below 0 if there is none. */
export function attemptOfId(id: number, tries: number): number {
  return tries - 1 - ((tries - 1 - id) & (ATTEMPTS_OF_ID - 1));
}

/** The receiver of replies. */
export interface ReplySink {
  /**
   * Takes a reply to a probe.
   *
   * @param host The host that was probed.
   * @param port The port that was probed, or what a technique without ports probes.
   * @param attempt The attempt that was replied to, from 0, modulo {@linkcode Driver.attemptPeriod}.
   * @param token The token given to `send`, as the reply carries it.
   * @param kind The code of the reason that the reply stands for, or `FIN_ACK`.
   * @param ttl Time to live of the packet as received; 0 where there was none.
   * @param from The sender: `host`, or a router.
   * @param odd True for a SYN-ACK with window 0, which SYN proxies send, and for a RST with a window, of user-mode stacks.
   * @param nowMs The time of arrival.
   * @param timed True if the kernel measured that time; false if it is the time of reading, which gives no round trip.
   * @returns True if the token proves that this is a reply to a probe of the scan.
   */
  onReply(
    host: number,
    port: number,
    attempt: number,
    token: number,
    kind: ReplyKind,
    ttl: number,
    from: number,
    odd: boolean,
    nowMs: number,
    timed: boolean,
  ): boolean;
  /**
   * Takes a reply that carries no token: `host`, `port`, `attempt` and so on are those of {@linkcode ReplySink.onReply}.
   *
   * @param strength `BY_HOST` if it counts for a probe in flight to its host, `UNPROVEN` if it counts only together with another.
   * @returns True if it may be a reply to a probe in flight.
   */
  onTokenlessReply(
    host: number,
    port: number,
    attempt: number,
    strength: number,
    kind: ReplyKind,
    ttl: number,
    from: number,
    nowMs: number,
  ): boolean;
  /** Returns the token of a remembered probe, for replies that carry parts of it; below 0 if there is none. */
  tokenOf(host: number, port: number, attempt: number): number;
  /** Returns true if a token is that of a remembered probe to `host`:`port`; for replies of which several numbers can be the token. */
  isInFlight(host: number, port: number, attempt: number, token: number): boolean;
  /** Takes the time at which the probe of this id left. */
  sent(id: number, sentMs: number): void;
  /**
   * Returns true if a RST is owed to a segment whose ACK is not of our SYN (RFC 9293 section 3.10.7.3). It carries no token: a RST
   * is sent only to a host and port with a probe in flight, once for each attempt.
   *
   * @param isSyn True for a SYN-ACK.
   */
  answersStrayAck(host: number, port: number, attempt: number, isSyn: boolean): boolean;
  /**
   * Takes the outcome of the attempt of this id at a host and port, which the kernel has matched: no token proves it.
   *
   * @param from The sender of what decided it, as in {@linkcode ReplySink.onReply}; `kind`, `nowMs` and `timed` as there.
   */
  onOutcome(
    id: number,
    host: number,
    port: number,
    kind: ReplyKind,
    from: number,
    nowMs: number,
    timed: boolean,
  ): void;
  /**
   * The reply to the attempt of this id at a host and port has arrived, but its kind will be known at `untilMs` only: until then the
   * probe neither times out nor is retransmitted.
   */
  keepsSocket(id: number, host: number, port: number, untilMs: number): void;
  /**
   * A probe could not be sent, for a reason other than want of room. It was not sent, and counts as no attempt.
   *
   * @param id Its {@linkcode probeId}.
   * @param reason Code of the reason, see `refusalReason`.
   */
  onSendError(id: number, reason: number): void;
}

/** Counts since the prober was opened. */
export interface DriverCounters {
  /** Probes sent (answers we owe, such as RSTs, not counted). */
  sent: number;
  /** Packets queued that were owed after replies, such as RSTs. */
  owed: number;
  /** Probes that found no room to send. */
  sendRetries: number;
  /** Probes that could not be sent for another reason, by errno name. */
  readonly sendErrors: Map<string, number>;
  /** Packets dropped before they were read. */
  receiveDrops: number;
  /** Packets that were damaged or answered nothing we had asked. */
  unmatched: number;
}

/** Returns counters that stand at 0. */
export function newCounters(): DriverCounters {
  return { sent: 0, owed: 0, sendRetries: 0, sendErrors: new Map(), receiveDrops: 0, unmatched: 0 };
}

/** A host that is reached without a router between. */
export const ON_LINK = 0;
/** Through a gateway. */
export const BEYOND_GATEWAY = 1;
/** Through a program of this machine: a tun or tap interface. */
export const BEYOND_PROGRAM = 2;

/** A way to ask whether a port is open. */
export interface Driver extends Disposable {
  /** True where the next attempt may leave before the one before is given up: probes cost little, and replies name theirs. */
  readonly overlaps: boolean;
  /** The state that each reason stands for. */
  readonly outcomes: OutcomeTable;
  /** Replies that hosts send at a limited rate. */
  readonly rationed: ReasonSet;
  /** The kind of ICMP error by which a host itself refuses a probe; absent where it has another reply for that. */
  readonly refusal?: ReplyKind | undefined;
  /** True where ports are probed, so that a port beside the scan can be, too. */
  readonly hasPorts: boolean;
  /** True where hosts as a whole are probed: what is probed of each is a kind of ping, and no port. */
  readonly probesHosts?: boolean;
  /** True where replies without a token count, so that probes have to be found by host and port. */
  readonly isTokenless: boolean;
  /** True for a port that probably has a service; absent where none is known. */
  readonly isLikely?: ((port: number) => boolean) | undefined;
  /** The time after an attempt before which silence shows nothing, in milliseconds; absent where it shows as much as later. */
  readonly leastSilenceMs?: number | undefined;
  /**
   * The protocol by which the kernel's policy rules choose the route of each probe: that of IP, or 0 for packets with headers of their own,
   * whose protocol and ports no rule sees. Absent where that is not known.
   */
  readonly flowProtocol?: number | undefined;
  /** The name of the transport. */
  readonly name: string;
  /** Probes that may be asked between two flushes. */
  readonly batch: number;
  /** Packets that one `drain` looks at, at most. */
  readonly drainBatch: number;
  /** Probes that may be unanswered at one time; Infinity where nothing bounds them. */
  readonly maxInFlight: number;
  readonly counters: DriverCounters;
  /**
   * The number of attempts that a reply can distinguish: it identifies the attempt modulo this number.
   * Attempts that cannot be told apart must be given the same token.
   */
  readonly attemptPeriod: number;
  /**
   * Puts a question in the queue; false when the queue is full and must be flushed first. Tokens are 32 bits.
   *
   * @param id A {@linkcode probeId}, with which {@linkcode ReplySink.sent} is told when the probe left. Attempts at one
   *   question have the same slot.
   * @param source The index of the address to send from, below {@linkcode Driver.sourceCount}.
   */
  send(host: number, port: number, attempt: number, token: number, id: number, source?: number): boolean;
  /** The number of addresses that each host is probed from, in turn; one if absent. */
  readonly sourceCount?: number;
  /** Queues the same with a TTL of 1, which no router forwards. Without it no TTLs are known. */
  sendNear?(host: number, port: number, attempt: number, token: number, id: number): boolean;
  /** The path to a host: {@linkcode ON_LINK} or a code that follows. Absent if every host is on the link, or paths are unknown. */
  readonly pathTo?: ((host: number) => number) | undefined;
  /** Sends what is queued; returns how many probes still wait for room. */
  flush(sink: ReplySink, nowMs: number): number;
  /** Passes received replies to the sink, at most one batch; returns the number of packets read. */
  drain(sink: ReplySink, nowMs: number): number;
  /** Tells the driver that a reply to the probe of this id is no longer expected. */
  cancel(id: number): void;
  /** Traces each packet as one line of text; undefined ends the trace. Absent in drivers without packets. */
  trace?(tell: ((line: string) => void) | undefined): void;
  /** Returns the shapes of SYN-ACKs by host, in the rows of a `ShapeTable`. Absent in drivers without packets. */
  shapeRows?(): Uint32Array;
  /** Resolves when a reply can be read, or after `timeoutMs`. */
  wait(timeoutMs: number): Promise<void>;
}

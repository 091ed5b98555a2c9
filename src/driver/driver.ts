// Hot path: nothing here may allocate per packet.
/**
 * Turns questions ("is port p of host h open?") into evidence. The engine knows only this interface; whether packets or
 * connect(2) stand behind it is not its business.
 *
 * @module
 */

import type { OutcomeTable } from "../result/outcome.ts";

/** The kind of a reply: one of the codes that follow. */
export type ReplyKind = number;

/** Code of a SYN-ACK. */
export const KIND_SYN_ACK: ReplyKind = 0;
/** Code of a bare SYN in answer to ours (simultaneous open, RFC 9293 section 3.5). */
export const KIND_SYN: ReplyKind = 1;
/** Code of a RST. */
export const KIND_RST: ReplyKind = 2;
/** Code of an ICMP error, type 3 code 0; the codes that follow are in the order of `ICMP_KINDS`. */
export const KIND_NET_UNREACH: ReplyKind = 3;
/** Code of an ICMP error, type 3 code 1. */
export const KIND_HOST_UNREACH: ReplyKind = 4;
/** Code of an ICMP error, type 3 code 3. */
export const KIND_PORT_UNREACH: ReplyKind = 6;
/** Code of an ICMP error, type 3 code 13. */
export const KIND_ADMIN_PROHIBITED: ReplyKind = 9;
/** Code of an ICMP error, type 11. */
export const KIND_TIME_EXCEEDED: ReplyKind = 10;
/** Code of a connection that connect(2) made. */
export const KIND_CONNECTED: ReplyKind = 11;
/** Code of a connection that was refused (`ECONNREFUSED`). */
export const KIND_REFUSED: ReplyKind = 12;

/** Code of a RST without ACK. */
export const KIND_RST_NO_ACK: ReplyKind = 13;
/** Code of a segment that acknowledges our SYN with FIN and without SYN. */
export const KIND_FIN_ACK: ReplyKind = 14;
/** Code of a connection that connect(2) made and the other side reset at once. */
export const KIND_CONNECTED_RESET: ReplyKind = 15;

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

/** The receiver of replies. */
export interface ReplySink {
  /**
   * Takes a reply to a probe.
   *
   * @param host The host that was probed.
   * @param port The port that was probed.
   * @param attempt The attempt that was replied to, from 0, modulo {@linkcode Driver.attemptPeriod}.
   * @param token The token given to `send`, as the reply carries it.
   * @param kind The kind of reply.
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
  /** Returns true if a token is that of a remembered probe to `host`:`port`; for replies with several candidates. */
  isInFlight(host: number, port: number, attempt: number, token: number): boolean;
  /** Takes the time at which the probe of this id left. */
  sent(id: number, sentMs: number): void;
  /**
   * Returns true if a RST is owed to a segment whose ACK is not of our SYN (RFC 9293 section 3.10.7.3). It carries no token: a RST
   * is sent only to a host and port with a probe in flight, once for each attempt.
   */
  answersStrayAck(host: number, port: number, attempt: number): boolean;
  /**
   * The reply to a probe has arrived, but its kind will be known at `untilMs` only: until then the probe neither times out nor is
   * retransmitted.
   */
  keepsSocket(host: number, port: number, attempt: number, token: number, untilMs: number): void;
  /**
   * A probe could not be sent, for a reason other than want of room. It was not sent, and counts as no attempt.
   *
   * @param reason Code of the reason, see `refusalReason`.
   */
  onSendError(host: number, port: number, attempt: number, token: number, reason: number): void;
}

/** Counts since the prober was opened. */
export interface DriverCounters {
  /** Probes sent (answers we owe, such as RSTs, not counted). */
  sent: number;
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
  return { sent: 0, sendRetries: 0, sendErrors: new Map(), receiveDrops: 0, unmatched: 0 };
}

/** A host that is reached without a router between. */
export const ON_LINK = 0;
/** Through a gateway. */
export const BEYOND_GATEWAY = 1;
/** Through a program of this machine: a tun or tap interface. */
export const BEYOND_PROGRAM = 2;

/** A way to ask whether a port is open. */
export interface Driver extends Disposable {
  /** The name of the technique. */
  readonly technique: string;
  /** True where the next attempt may leave before the one before is given up: probes cost little, and replies name theirs. */
  readonly overlaps: boolean;
  /** The state that each reason stands for. */
  readonly outcomes: OutcomeTable;
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
   */
  send(host: number, port: number, attempt: number, token: number, id: number): boolean;
  /** Queues the same with a TTL of 1, which no router forwards. Without it no TTLs are known. */
  sendNear?(host: number, port: number, attempt: number, token: number, id: number): boolean;
  /** The path to a host: {@linkcode ON_LINK} or a code that follows. Absent if every host is on the link, or paths are unknown. */
  readonly pathTo?: ((host: number) => number) | undefined;
  /** Sends what is queued; returns how many probes still wait for room. */
  flush(sink: ReplySink, nowMs: number): number;
  /** Passes received replies to the sink, at most one batch; returns the number of packets read. */
  drain(sink: ReplySink, nowMs: number): number;
  /** Tells the driver that a reply to this probe is no longer expected. */
  cancel(host: number, port: number, attempt: number, token: number): void;
  /** Traces each packet as one line of text; undefined ends the trace. Absent in drivers without packets. */
  trace?(tell: ((line: string) => void) | undefined): void;
  /** Resolves when a reply can be read, or after `timeoutMs`. */
  wait(timeoutMs: number): Promise<void>;
}

// Hot path: nothing here may allocate per packet.
/**
 * Turns questions ("is port p of host h open?") into evidence. The engine knows only this interface; whether packets or
 * connect(2) stand behind it is not its business.
 *
 * @module
 */

import type { OutcomeTable } from "../result/outcome.ts";

/** What was seen of a port. The numbers index {@linkcode REPLY_KINDS}. */
export type ReplyKind = number;

/** Names of the kinds of evidence, in the order of their codes. */
export const REPLY_KINDS = [
  "syn-ack",
  "syn",
  "rst",
  "icmp-net-unreach",
  "icmp-host-unreach",
  "icmp-proto-unreach",
  "icmp-port-unreach",
  "icmp-net-prohibited",
  "icmp-host-prohibited",
  "icmp-admin-prohibited",
  "icmp-time-exceeded",
  "connected",
  "refused",
  "rst-no-ack",
  "fin-ack",
  "connected-reset",
] as const;

/** Code of a SYN-ACK. */
export const KIND_SYN_ACK: ReplyKind = 0;
/** Code of a bare SYN in answer to ours (simultaneous open, RFC 9293 section 3.5). */
export const KIND_SYN: ReplyKind = 1;
/** Code of a RST. */
export const KIND_RST: ReplyKind = 2;
/** Code of an ICMP error, type 3 code 0; the codes that follow are in the order of {@linkcode REPLY_KINDS}. */
export const KIND_NET_UNREACH: ReplyKind = 3;
/** Code of an ICMP error, type 3 code 1. */
export const KIND_HOST_UNREACH: ReplyKind = 4;
/** Code of an ICMP error, type 3 code 2. */
export const KIND_PROTO_UNREACH: ReplyKind = 5;
/** Code of an ICMP error, type 3 code 3. */
export const KIND_PORT_UNREACH: ReplyKind = 6;
/** Code of an ICMP error, type 3 code 9. */
export const KIND_NET_PROHIBITED: ReplyKind = 7;
/** Code of an ICMP error, type 3 code 10. */
export const KIND_HOST_PROHIBITED: ReplyKind = 8;
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

/** The id of a probe that nobody wants to hear of. */
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

/** Who takes evidence. */
export interface ReplySink {
  /**
   * Something was seen of a probe.
   *
   * @param host The host that was asked, an IPv4 address.
   * @param port The port that was asked.
   * @param attempt Which attempt was answered, from 0, modulo {@linkcode Driver.attemptPeriod}.
   * @param token What `ask` was given, as the answer carries it.
   * @param kind What was seen.
   * @param ttl Time to live of the packet as received; 0 where there was none.
   * @param from Who sent it: `host`, or a router.
   * @param odd True for a SYN-ACK with window 0, which SYN proxies send, and for a RST with a window, of user-mode stacks.
   * @param nowMs When it arrived.
   * @param timed True where the kernel has told when; false where it is when that was noticed, which makes no round trip.
   * @returns True where the token proves that this answers a probe of ours.
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
  /** Whether a token is that of a probe to `host`:`port` that is remembered; for answers that can be read in two ways. */
  isInFlight(host: number, port: number, attempt: number, token: number): boolean;
  /** The probe that was asked with this id left at `sentMs`. */
  sent(id: number, sentMs: number): void;
  /**
   * Whether a segment whose ACK is not of our SYN is to be answered with a RST (RFC 9293 section 3.10.7.3). It carries no
   * token: it is answered only from a host and port that is being asked, once for each attempt.
   */
  answersStrayAck(host: number, port: number, attempt: number): boolean;
  /**
   * The answer to a probe is there, but what it is will be known at `untilMs` only: until then the probe is neither given up nor
   * asked again.
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
  /** How often there was no room to send. */
  sendRetries: number;
  /** Probes that could not be sent for another reason, by errno name. */
  readonly sendErrors: Map<string, number>;
  /** Packets dropped before they were read. */
  receiveDrops: number;
  /** Packets that were damaged or answered nothing we had asked. */
  unmatched: number;
}

/** How a host is reached: without a router between. */
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
  /** What lies beneath, for people. */
  readonly name: string;
  /** Probes that may be asked between two flushes. */
  readonly batch: number;
  /** Packets that one `drain` looks at, at most. */
  readonly drainBatch: number;
  /** Probes that may be unanswered at one time; Infinity where nothing bounds them. */
  readonly maxInFlight: number;
  readonly counters: DriverCounters;
  /**
   * How many attempts an answer tells apart: it tells the attempt modulo this number, so that with 1 it tells nothing.
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
  /** How a host is reached: {@linkcode ON_LINK} or a code that follows. Absent where every host is on the link, or unknown. */
  readonly pathTo?: ((host: number) => number) | undefined;
  /** Sends what is queued; returns how many probes still wait for room. */
  flush(sink: ReplySink, nowMs: number): number;
  /** Gives what has arrived to the sink, at most a bounded batch; returns how many packets were looked at. */
  drain(sink: ReplySink, nowMs: number): number;
  /** The engine waits no longer for an answer to this probe. */
  cancel(host: number, port: number, attempt: number, token: number): void;
  /** Tells of each packet from now on, a line each; undefined for silence. Where there are no packets, there is none. */
  trace?(tell: ((line: string) => void) | undefined): void;
  /** Resolves when something has arrived, or after `timeoutMs`. */
  wait(timeoutMs: number): Promise<void>;
}

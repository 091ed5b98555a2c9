/**
 * A sink that records the replies of a driver.
 *
 * @module
 */

import { ATTEMPTS_OF_ID, type ReplySink } from "../../src/driver/driver.ts";
import { REASONS } from "../../src/result/reasons.ts";
import { FIN_ACK } from "../../src/result/reply_kind.ts";
import { formatIpv4 } from "../../src/wire/address.ts";

/** A probe that a call is about. */
interface Probe {
  readonly host: number;
  readonly port: number;
  readonly attempt: number;
  readonly token: number;
}

/** One reply, as reported; of an outcome that the kernel has matched, `token` is the id. */
export interface Seen extends Probe {
  readonly kind: string;
  readonly ttl: number;
  readonly from: number;
  readonly odd: boolean;
  readonly nowMs: number;
  readonly timed: boolean;
}

/** One send error, as reported. */
interface Refused {
  readonly id: number;
  readonly reason: string | undefined;
}

/** Keeps every call. */
export class EvidenceLog implements ReplySink {
  readonly seen: Seen[] = [];
  readonly refusals: Refused[] = [];
  readonly strayAcks: Omit<Probe, "token">[] = [];
  /** True where SYN-ACKs without a token are answered. */
  answersSynAcks = false;
  readonly held: { readonly id: number; readonly host: number; readonly port: number; readonly untilMs: number }[] = [];
  readonly left: { readonly id: number; readonly sentMs: number }[] = [];

  /** `genuine`: true for a token of the scan; by default for every one. */
  constructor(readonly genuine: (token: number) => boolean = () => true) {}

  onReply(
    host: number,
    port: number,
    attempt: number,
    token: number,
    kind: number,
    ttl: number,
    from: number,
    odd: boolean,
    nowMs: number,
    timed: boolean,
  ): boolean {
    const name = kind === FIN_ACK ? "fin-ack" : REASONS[kind] ?? `kind ${kind}`;
    this.seen.push({ host, port, attempt, token, kind: name, ttl, from, odd, nowMs, timed });
    return this.genuine(token);
  }

  onTokenlessReply(
    host: number,
    port: number,
    attempt: number,
    _strength: number,
    kind: number,
    ttl: number,
    from: number,
    nowMs: number,
  ): boolean {
    return this.onReply(host, port, attempt, 0, kind, ttl, from, false, nowMs, true);
  }

  tokenOf(): number {
    return -1;
  }

  isInFlight(_host: number, _port: number, _attempt: number, token: number): boolean {
    return this.genuine(token);
  }

  answersStrayAck(host: number, port: number, attempt: number, isSyn: boolean): boolean {
    if (isSyn && !this.answersSynAcks) return false;
    this.strayAcks.push({ host, port, attempt });
    return true;
  }

  sent(id: number, sentMs: number): void {
    this.left.push({ id, sentMs });
  }

  onOutcome(
    id: number,
    host: number,
    port: number,
    kind: number,
    from: number,
    nowMs: number,
    timed: boolean,
  ): void {
    const attempt = id % ATTEMPTS_OF_ID;
    this.seen.push({ host, port, attempt, token: id, kind: REASONS[kind]!, ttl: 0, from, odd: false, nowMs, timed });
  }

  keepsSocket(id: number, host: number, port: number, untilMs: number): void {
    this.held.push({ id, host, port, untilMs });
  }

  onSendError(id: number, reason: number): void {
    this.refusals.push({ id, reason: REASONS[reason] });
  }

  /** `port kind` of each reply, by port. */
  kinds(): string[] {
    return this.seen.toSorted((a, b) => a.port - b.port).map(({ port, kind }) => `${port} ${kind}`);
  }

  /** `port kind sender` of each reply, by port. */
  senders(): string[] {
    return this.seen.toSorted((a, b) => a.port - b.port).map(({ port, kind, from }) =>
      `${port} ${kind} ${formatIpv4(from)}`
    );
  }
}

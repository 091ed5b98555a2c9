/**
 * A sink that writes down what a prober says.
 *
 * @module
 */

import { REPLY_KINDS, type ReplySink } from "../../src/driver/driver.ts";
import { REASONS } from "../../src/result/outcome.ts";
import { formatIpv4 } from "../../src/wire/address.ts";

/** One piece of evidence, as told. */
export interface Seen {
  readonly host: number;
  readonly port: number;
  readonly attempt: number;
  readonly token: number;
  readonly kind: string;
  readonly ttl: number;
  readonly from: number;
  readonly odd: boolean;
  readonly nowMs: number;
  readonly timed: boolean;
}

/** One refusal, as told. */
export interface Refused {
  readonly host: number;
  readonly port: number;
  readonly attempt: number;
  readonly token: number;
  readonly reason: string | undefined;
}

/** Keeps what it is told. */
export class EvidenceLog implements ReplySink {
  readonly seen: Seen[] = [];
  readonly refusals: Refused[] = [];
  readonly strayAcks: { readonly host: number; readonly port: number; readonly attempt: number }[] = [];
  readonly held: {
    readonly host: number;
    readonly port: number;
    readonly attempt: number;
    readonly token: number;
    readonly untilMs: number;
  }[] = [];
  readonly left: { readonly id: number; readonly sentMs: number }[] = [];
  /** Whether a token is one of ours; by default every one is. */
  readonly #genuine: (token: number) => boolean;

  constructor(genuine: (token: number) => boolean = () => true) {
    this.#genuine = genuine;
  }

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
    this.seen.push({
      host,
      port,
      attempt,
      token,
      kind: REPLY_KINDS[kind] ?? `kind ${kind}`,
      ttl,
      from,
      odd,
      nowMs,
      timed,
    });
    return this.#genuine(token);
  }

  isInFlight(_host: number, _port: number, _attempt: number, token: number): boolean {
    return this.#genuine(token);
  }

  answersStrayAck(host: number, port: number, attempt: number): boolean {
    this.strayAcks.push({ host, port, attempt });
    return true;
  }

  sent(id: number, sentMs: number): void {
    this.left.push({ id, sentMs });
  }

  keepsSocket(host: number, port: number, attempt: number, token: number, untilMs: number): void {
    this.held.push({ host, port, attempt, token, untilMs });
  }

  onSendError(host: number, port: number, attempt: number, token: number, reason: number): void {
    this.refusals.push({ host, port, attempt, token, reason: REASONS[reason] });
  }

  /** `port kind` of each piece of evidence, by port. */
  kinds(): string[] {
    return this.seen.toSorted((a, b) => a.port - b.port).map(({ port, kind }) => `${port} ${kind}`);
  }

  /** `port kind sender` of each piece of evidence, by port. */
  senders(): string[] {
    return this.seen.toSorted((a, b) => a.port - b.port).map(({ port, kind, from }) =>
      `${port} ${kind} ${formatIpv4(from)}`
    );
  }
}

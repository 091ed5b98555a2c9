/**
 * The limits of one sender of ICMP errors: each of our addresses has one of its own.
 *
 * @module
 */

import { CoveredLoss } from "./covered_loss.ts";
import { ErrorLimit } from "./icmp_limit.ts";

/** Ports that stay silent a second time, without a proven loss, from which on errors of a wide limit are taken to arrive. */
const ENOUGH_SILENT = 8;

/** The limit of the errors that one sender sends to one of our addresses. */
export class PeerLimit {
  readonly limit = new ErrorLimit();
  /** Probes in flight that were sent for a token. */
  reserved = 0;
}

/** The limits of one sender of errors, and the slots that wait for them. */
export class Limiter {
  /** By the index of our address. */
  readonly limits: readonly PeerLimit[];
  readonly loss = new CoveredLoss();
  readonly sender: number;
  /** The lists of slots of ports that probably have a service, and of others. */
  readonly queues: readonly [number, number];
  isActive = false;
  /** Ports that have stayed silent for more than one attempt that an error could have replied to. */
  silentAgain = 0;
  /** Ports that have become undecided. */
  undecided = 0;

  constructor(sender: number, sourceCount: number, queues: readonly [number, number]) {
    this.sender = sender;
    this.limits = Array.from({ length: sourceCount }, () => new PeerLimit());
    this.queues = queues;
  }

  /** True where no limit is known that is narrow. */
  get isWide(): boolean {
    return this.limits.every(({ limit }) => limit.isWide);
  }

  /** True where no limit is known. */
  get isUnlimited(): boolean {
    return this.limits.every(({ limit }) => limit.isUnlimited);
  }

  /** Returns how many tokens the last of so many silent attempts at a port is taken to have spent, where `lost` are proven lost on the path. */
  spentBy(attempts: number, lost: number): number {
    return this.isWide ? +(lost > 0 || this.silentAgain < ENOUGH_SILENT) : this.loss.spentBy(attempts);
  }

  /** Takes that the last of so many attempts at a port for a token of a limit has had no reply, as those before; it was sent at `sentMs`. */
  onCovered(limit: ErrorLimit, sentMs: number, attempts: number): void {
    if (!this.isWide) limit.onCovered(sentMs, this.loss.chanceSilent(attempts));
    this.loss.onSilence(attempts - 1);
  }
}

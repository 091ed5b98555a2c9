/**
 * Probes at a rate so slow that the reply to one is there long before the next is due. A liveness probe follows what is not replied to: where
 * it is, there was a reply to be had, and else the silence before it is void. While nothing is replied to but liveness probes, several probes
 * are sent at once, and one liveness probe follows them together: silent ports take no reply of the limit.
 *
 * @module
 */

import { EmptyTimes } from "./empty_times.ts";

/** A rate is slow where the time between two probes is so many times that of a reply, and so many milliseconds. */
export const SLOW_REPLIES = 8;
export const MIN_SLOW_GAP_MS = 50;
/** Most probes of a group. */
const MAX_GROUP = 8;
/** The time between two groups varies by this share, so that no port always meets the same moment of a limit. */
const SPREAD = 0.3;

/** Returns the longest time from a probe to the liveness probe that shows that it could have been replied to. */
export function latestMs(gapMs: number): number {
  return 2 * gapMs / SLOW_REPLIES;
}

/** The groups of probes to one host. Times are engine milliseconds. */
export class SlowGroups {
  /** When a liveness probe is due; Infinity if none is. */
  livenessAt = Infinity;
  #size = 1;
  /** Probes that are left of the present group, when its first was sent, and when the first of the next may be. */
  #left = 0;
  #sentAt = 0;
  #endsAt = 0;
  /** Times of probes whose silence is void. */
  readonly #void = new EmptyTimes();
  #dither = 0;

  /** True while more probes of a group are to be sent. */
  get isBegun(): boolean {
    return this.#left > 0;
  }

  /** Takes a probe that is sent; returns when the next may be that is no liveness probe. */
  onSent(nowMs: number, isLiveness: boolean, gapMs: number, replyMs: number): number {
    this.#left--;
    if (isLiveness) {
      // What could be replied to so much later shows nothing of the probes before.
      if (nowMs - this.#sentAt > latestMs(gapMs)) this.#void.add(this.#sentAt, nowMs);
      this.livenessAt = Infinity;
      this.#left = 0;
    } else {
      if (nowMs >= this.#endsAt) this.#begin(nowMs, gapMs);
      this.livenessAt = nowMs + replyMs;
    }
    return this.#left > 0 ? nowMs : this.#endsAt;
  }

  #begin(nowMs: number, gapMs: number): void {
    this.#dither = (this.#dither + 0.618034) % 1;
    this.#sentAt = nowMs;
    this.#left = this.#size - 1;
    this.#endsAt = nowMs + gapMs * (1 + SPREAD * (this.#dither - 0.5));
  }

  /** Takes a reply to a probe that is no liveness probe; returns true if none needs to be sent any more. */
  onReply(sentMs: number): boolean {
    if (this.livenessAt === Infinity || sentMs < this.#sentAt) return false;
    this.livenessAt = Infinity;
    this.#left = 0;
    // There may have been one reply to be had for the whole group.
    if (this.#size > 1) this.#void.add(this.#sentAt, this.#endsAt);
    this.#size = 1;
    return true;
  }

  /** Takes the reply to a liveness probe, or that there is none. */
  onLivenessProbe(sentMs: number, answered: boolean, gapMs: number): void {
    if (sentMs > this.#sentAt) this.#size = answered ? Math.min(MAX_GROUP, 2 * this.#size) : 1;
    if (!answered) this.#void.add(sentMs - (1 + SPREAD) * latestMs(gapMs), sentMs);
  }

  /** True for a probe whose silence shows nothing. */
  isVoid(sentMs: number): boolean {
    return this.#void.covers(sentMs, 0);
  }
}

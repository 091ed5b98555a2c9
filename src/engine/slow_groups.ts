/**
 * Probes at a rate so slow that a liveness probe can follow what is not replied to: where it is, there was a reply to be had, and else the
 * silence before it is void. It leaves shortly after, so that the limit allows no other reply meanwhile, but not at once, for it must not overtake
 * what it follows. While nothing is replied to but liveness probes, several probes are sent at once, and one liveness probe follows them together:
 * silent ports take no reply of the limit.
 *
 * @module
 */

import { EmptyTimes } from "./empty_times.ts";

/** The time from a probe to the liveness probe, unless a reply comes before, and the longest that shows anything, as shares of that between two groups. */
const LIVENESS_SHARE = 1 / 32;
const LATEST_SHARE = 1 / 4;
/** Most probes of a group. */
const MAX_GROUP = 8;
/** The time between two groups varies by this share, so that no port always meets the same moment of a limit. */
const SPREAD = 0.3;
/** Groups of which it is kept how they ended. */
const KEPT = 32;

/** Returns the longest time from a probe to the liveness probe that shows that it could have been replied to. */
export function latestMs(gapMs: number): number {
  return gapMs * LATEST_SHARE;
}

/** The groups of probes to one host. Times are engine milliseconds. */
export class SlowGroups {
  /** When a liveness probe is due; Infinity if none is. */
  livenessAt = Infinity;
  #size = 1;
  /** Probes that are left of the present group. */
  #left = 0;
  /** The number of groups, when the first probe of each was sent, and when the first of the next may be; and those of which the end is known. */
  #count = 0;
  readonly #sentAt = new Float64Array(KEPT);
  readonly #endsAt = new Float64Array(KEPT);
  readonly #isOver = new Uint8Array(KEPT);
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
    if (!isLiveness) {
      if (this.#count === 0 || nowMs >= this.#endsAt[this.#latest]!) this.#begin(nowMs, gapMs);
      this.livenessAt = nowMs + Math.min(replyMs, gapMs * LIVENESS_SHARE);
    } else {
      this.livenessAt = Infinity;
      this.#left = 0;
      // What could be replied to so much later shows nothing of the probes before.
      const sentMs = this.#sentAt[this.#latest]!;
      if (nowMs - sentMs > latestMs(gapMs)) this.#void.add(sentMs, nowMs);
    }
    return this.#left > 0 || this.#count === 0 ? nowMs : this.#endsAt[this.#latest]!;
  }

  get #latest(): number {
    return (this.#count + KEPT - 1) % KEPT;
  }

  #begin(nowMs: number, gapMs: number): void {
    this.#dither = (this.#dither + 0.618034) % 1;
    this.#left = this.#size - 1;
    const at = this.#count++ % KEPT;
    this.#sentAt[at] = nowMs;
    this.#endsAt[at] = nowMs + gapMs * (1 + SPREAD * (this.#dither - 0.5));
    this.#isOver[at] = 0;
  }

  /** Returns the place of the group that a probe was sent with, or -1. */
  #groupOf(sentMs: number): number {
    for (let i = 1; i <= Math.min(this.#count, KEPT); i++) {
      const at = (this.#count - i) % KEPT;
      if (sentMs >= this.#sentAt[at]!) return sentMs < this.#endsAt[at]! ? at : -1;
    }
    return -1;
  }

  /** Takes a reply to a probe that is no liveness probe; returns true for the first of its group, which shows as much as that to one. */
  onReply(sentMs: number): boolean {
    const at = this.#groupOf(sentMs);
    if (at < 0 || this.#isOver[at] === 1) return false;
    this.#isOver[at] = 1;
    if (at === this.#latest) {
      this.livenessAt = Infinity;
      this.#left = 0;
    }
    // There may have been one reply to be had for the whole group.
    if (this.#size > 1) this.#void.add(this.#sentAt[at]!, this.#endsAt[at]!);
    this.#size = 1;
    return true;
  }

  /** Takes the reply to a liveness probe, or that there is none; returns false if its group is known to have had a reply. */
  onLivenessProbe(sentMs: number, answered: boolean): boolean {
    const at = this.#groupOf(sentMs);
    if (at < 0) return true;
    if (this.#isOver[at] === 1) return false;
    this.#isOver[at] = 1;
    this.#size = answered ? Math.min(MAX_GROUP, 2 * this.#size) : 1;
    if (!answered) this.#void.add(this.#sentAt[at]!, this.#endsAt[at]!);
    return true;
  }

  /** True for a probe whose silence shows nothing. */
  isVoid(sentMs: number): boolean {
    return this.#void.covers(sentMs, 0);
  }
}

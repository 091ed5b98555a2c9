/**
 * The rate limiter of a host that loses most of what it is sent: because it caps its replies (BSD caps its RSTs, firewalls
 * ration them), because it is behind a narrow path of its own, or because the network loses that much by chance. Liveness probes
 * show how much of what it is sent the host can reply to, and move the rate. Where slower is no better, the loss was chance, and
 * the limit is given up.
 *
 * The constants are chosen by the table of tests/sim/capped_test.ts.
 *
 * @module
 */

import { latestMs, SlowGroups } from "./slow_groups.ts";

/** The lowest rate, in probes a second. */
const MIN_LIMIT_PPS = 0.25;
/** A rate below which too few of so many liveness probes come back where no rate is low enough. */
const HARDLY_ANY_PPS = 0.5;
const ENOUGH_AT_HARDLY_ANY = 15;
/** A rate this high is no limit: the limiter is given up. */
const UNLIMITED_PPS = 50_000;
/** One probe in so many is a liveness probe; more where the time between two, in milliseconds, would be too long, or fewer. */
const PROBES_PER_LIVENESS = 10;
const LIVENESS_GAP_MS = 25;
const MAX_LIVENESS_GAP_MS = 250;
/** The share of liveness probes that is to come back: the host is sent all that it can reply to, and not much more. */
const TARGET_SHARE = 0.7;
/** The change of the rate by one liveness probe, as a power of e, for each {@linkcode LIVENESS_GAP_MS} since the one before; and the most. */
const STEP = 0.5;
const MAX_STEP = 2;
/** And by all liveness probes together that leave until one is known to be lost. */
const STEP_PER_TIMEOUT = 3;
/** Weight of a liveness probe in the share of those that come back lately. */
const SHARE_WEIGHT = 0.12;
/** Weight of that share in the usual one, where it is above. */
const USUAL_WEIGHT = 0.2;
/** A host that replies to less than this share of liveness probes is overwhelmed: its silence proves nothing. */
const OVERWHELMED = 0.5;
/** A rate this many times lower should bring this many times more liveness probes back, or else it was not what lost them. */
const SLOWER = 3;
const BETTER = 1.5;
/** The least share that comes back where what is lost is lost by chance: below it, few liveness probes show nothing of whether slower is better. */
const LEAST_USUAL_SHARE = 0.25;
/** Liveness probes between two looks at that at least. */
const ENOUGH_LIVENESS = 10;
/** A rate is slow where the time between two probes is so many milliseconds. */
const MIN_SLOW_GAP_MS = 50;
/** The share of liveness probes that is to come back at a slow rate, and the change of the rate by one. */
const SLOW_TARGET_SHARE = 0.8;
const SLOW_STEP = 0.3;
/**
 * The share that comes back lately varies by so much around the usual one. At a slow rate, where replies to other probes count, too, it is above
 * the share of all.
 */
const EXCESS = 0.1;
const SLOW_EXCESS = 0.3;
/** At most this many milliseconds of sending are made up for at once. */
const CATCH_UP_MS = 20;

/** The rate limiter of one host. Times are engine milliseconds. */
export class HostLimiter {
  /** The host's index in the table of hosts. */
  readonly index: number;
  /** The list of slots that wait to be sent. */
  readonly queue: number;

  #isLimited = false;
  #since = 0;
  #ratePps = Infinity;
  #nextAt = 0;
  #untilLiveness = 0;
  readonly #groups = new SlowGroups();
  #replyMs = Infinity;
  #wasSlow = false;
  #dither = 0;
  #livenessProbes = 0;
  /** Share of liveness probes that come back lately, and that would at any rate. */
  #share = 0;
  #usualShare = 1;
  /** The rate and the share that show whether slower is better. */
  #ratePpsBefore = 0;
  #shareBefore = 0;
  #checkAtLiveness = 0;
  #seenAtHardlyAny = 0;
  #slowerSeen = 0;
  #slowerAnswered = 0;
  #overwhelmedFrom = 0;
  #overwhelmedUntil = 0;

  constructor(index: number, queue: number) {
    this.index = index;
    this.queue = queue;
  }

  /** True while the host is sent as much as the scan sends. */
  get free(): boolean {
    return !this.#isLimited;
  }

  /** True once most liveness probes come back at this rate: it was the rate that lost them. */
  get hasCap(): boolean {
    return this.#isLimited && this.#livenessProbes >= 2 * ENOUGH_LIVENESS && this.#share > OVERWHELMED &&
      this.#usualShare === 1;
  }

  /** True for a host that loses most of what it is sent however slowly that is. */
  get isHopeless(): boolean {
    return this.#isLimited && this.#seenAtHardlyAny >= ENOUGH_AT_HARDLY_ANY &&
      this.#share < OVERWHELMED * this.#usualShare;
  }

  /** When the next probe may be sent. */
  get nextAt(): number {
    return Math.min(this.#nextAt, this.livenessAt);
  }

  /** The time from a probe to the next liveness probe. */
  get livenessGapMs(): number {
    return this.isSlow ? latestMs(this.#gapMs) : this.#sampleGapMs;
  }

  /** True where a liveness probe follows whatever is not replied to. */
  get isSlow(): boolean {
    return this.#gapMs >= MIN_SLOW_GAP_MS;
  }

  /** The time between two probes. */
  get #gapMs(): number {
    return 1000 / this.#ratePps;
  }

  /** When a liveness probe is due that follows others; Infinity if none is. */
  get livenessAt(): number {
    return this.#groups.livenessAt;
  }

  /** The usual time between two probes that show how the rate goes. */
  get #sampleGapMs(): number {
    return this.#gapMs * (this.isSlow ? 1 : this.#probesPerLiveness());
  }

  /**
   * Begins to limit the rate of this host.
   *
   * @param answerPps The rate at which the host has replied so far.
   * @param share The share of liveness probes that came back so far.
   */
  begin(nowMs: number, answerPps: number, share: number): void {
    this.#isLimited = true;
    this.#since = nowMs;
    this.#ratePps = Math.max(MIN_LIMIT_PPS, answerPps);
    this.#nextAt = nowMs;
    this.#untilLiveness = 0;
    this.#groups.livenessAt = Infinity;
    this.#livenessProbes = 0;
    this.#share = share;
    this.#ratePpsBefore = this.#ratePps;
    this.#shareBefore = share;
    this.#checkAtLiveness = ENOUGH_LIVENESS;
    this.#seenAtHardlyAny = this.#slowerSeen = this.#slowerAnswered = 0;
    this.#overwhelmedFrom = this.#overwhelmedUntil = nowMs;
  }

  /** True where a liveness probe is to be sent next. */
  get livenessIsNext(): boolean {
    return this.livenessAt <= this.#nextAt && !this.#groups.isBegun || this.#untilLiveness <= 0 && !this.isSlow;
  }

  /**
   * Counts a liveness probe or another that was sent, and whose reply comes in `replyMs`.
   *
   * @returns True where the rate has become slow since the one before.
   */
  onSent(nowMs: number, isLiveness: boolean, replyMs: number): boolean {
    const wasSlow = this.#wasSlow;
    this.#replyMs = replyMs;
    this.#wasSlow = this.isSlow;
    if (this.#wasSlow) {
      this.#nextAt = this.#groups.onSent(nowMs, isLiveness, this.#gapMs, replyMs);
      return !wasSlow;
    }
    // Replies to other probes, which count at a slow rate alone, are more than a share of all.
    if (wasSlow) this.#share = Math.min(this.#share, this.#usualShare);
    this.#groups.livenessAt = Infinity;
    this.#nextAt = Math.max(this.#nextAt, nowMs - CATCH_UP_MS) + this.#gapMs;
    if (this.#untilLiveness-- > 0) return false;
    // Probes leave in bursts, of which the first fare best. The golden ratio spreads the liveness probes evenly over them.
    this.#dither = (this.#dither + 0.618034) % 1;
    this.#untilLiveness = Math.round(this.#probesPerLiveness() * (0.5 + this.#dither)) - 1;
    return false;
  }

  /** Takes that no liveness probe can be sent. */
  skipLiveness(): void {
    this.#groups.livenessAt = Infinity;
  }

  /** Takes a reply to another probe than a liveness probe. */
  onReply(sentMs: number): void {
    if (this.#isLimited && this.isSlow && this.#groups.onReply(sentMs)) this.#onOutcome(sentMs, true, this.#replyMs);
  }

  /** Takes a liveness probe that was sent at `sentMs` and has had a reply, or none for `timeoutMs`. */
  onLivenessProbe(sentMs: number, answered: boolean, timeoutMs: number): void {
    if (!this.#isLimited || sentMs < this.#since) return;
    if (!this.isSlow || this.#groups.onLivenessProbe(sentMs, answered)) this.#onOutcome(sentMs, answered, timeoutMs);
  }

  /** Takes that a liveness probe, or the group before it, has had a reply or none. */
  #onOutcome(sentMs: number, answered: boolean, timeoutMs: number): void {
    this.#livenessProbes++;
    this.#noteShare(sentMs, answered ? 1 : 0);
    const isSure = this.isSlow && this.#usualShare === 1;
    const target = (isSure ? SLOW_TARGET_SHARE : TARGET_SHARE) * this.#usualShare;
    const gapMs = this.#sampleGapMs;
    const step = this.isSlow
      ? SLOW_STEP
      : Math.min(MAX_STEP, STEP * gapMs / LIVENESS_GAP_MS, STEP_PER_TIMEOUT * gapMs / timeoutMs);
    this.#ratePps = Math.max(MIN_LIMIT_PPS, this.#ratePps * Math.exp(step * (answered ? 1 - target : -target)));
    this.#seenAtHardlyAny = this.#ratePps < HARDLY_ANY_PPS ? this.#seenAtHardlyAny + 1 : 0;
    if (this.#ratePps >= UNLIMITED_PPS) this.#isLimited = false;
    if (this.#ratePps <= this.#ratePpsBefore / SLOWER) this.#checkSlower(answered);
    else if (this.#ratePps === MIN_LIMIT_PPS && this.#share > OVERWHELMED * this.#usualShare) {
      this.#usualShare = Math.max(LEAST_USUAL_SHARE, this.#share);
    }
  }

  /** True where a probe sent at `sentMs` met a host that lost most of what it was sent: its silence proves nothing. */
  wasOverwhelmed(sentMs: number): boolean {
    return sentMs >= this.#overwhelmedFrom && sentMs < this.#overwhelmedUntil || this.#groups.isVoid(sentMs);
  }

  #noteShare(sentMs: number, outcome: number): void {
    this.#share += SHARE_WEIGHT * (outcome - this.#share);
    // More than usual comes back: the usual share was too low.
    const excess = this.isSlow ? SLOW_EXCESS : EXCESS;
    if (this.#share > this.#usualShare + excess) this.#usualShare += USUAL_WEIGHT * (this.#share - this.#usualShare);
    const was = this.#overwhelmedUntil === Infinity;
    const is = this.#share < OVERWHELMED * this.#usualShare;
    // The liveness probes that have brought the share down were lost before.
    if (is && !was) this.#overwhelmedFrom = sentMs - this.#sampleGapMs / SHARE_WEIGHT;
    if (is) this.#overwhelmedUntil = Infinity;
    else if (was) this.#overwhelmedUntil = sentMs;
  }

  /** Takes the present share as the usual one where slower is no better: packets are then lost by chance. */
  #checkSlower(answered: boolean): void {
    this.#slowerSeen++;
    if (answered) this.#slowerAnswered++;
    if (this.#livenessProbes < this.#checkAtLiveness || this.isSlow && this.#slowerSeen < ENOUGH_LIVENESS) return;
    // What came back lately was sent in part before the rate was so low, which matters where few are sent.
    const share = this.isSlow ? this.#slowerAnswered / this.#slowerSeen : this.#share;
    const gain = share / this.#shareBefore;
    if (gain < BETTER && gain > 1 / BETTER && share >= LEAST_USUAL_SHARE) this.#usualShare = share;
    this.#ratePpsBefore = this.#ratePps;
    this.#shareBefore = share;
    this.#checkAtLiveness = this.#livenessProbes + ENOUGH_LIVENESS;
    this.#slowerSeen = this.#slowerAnswered = 0;
  }

  #probesPerLiveness(): number {
    const most = this.#ratePps * LIVENESS_GAP_MS / 1000;
    const least = Math.max(2, this.#ratePps * MAX_LIVENESS_GAP_MS / 1000);
    return Math.max(most, Math.min(least, PROBES_PER_LIVENESS));
  }
}

/**
 * A host that loses most of what it is asked: because it answers at a capped rate (BSD caps its RSTs, firewalls
 * ration them), because it lies behind a narrow path of its own, or because the network loses that much by chance. It is
 * asked at a pace of its own. Pulses tell how much of what it is asked it can answer, and move the pace: a port that is known
 * to answer is asked again now and then. Where slower is no better, chance it was, and the pace is given up.
 *
 * The constants are chosen by the table of tests/sim/capped_test.ts.
 *
 * @module
 */

/** Questions a second that a pace is at least. */
const MIN_LIMIT_PPS = 2;
/** A pace this fast is no pace: the host is asked freely again. */
const UNLIMITED_PPS = 50_000;
/** One turn in so many is a pulse's; more where the time between two, in milliseconds, would be too long, or less. */
const PROBES_PER_LIVENESS = 10;
const LIVENESS_GAP_MS = 25;
const MAX_LIVENESS_GAP_MS = 250;
/** The share of pulses that is to come back: all that the host can answer is asked of it, and not much more. */
const TARGET_SHARE = 0.7;
/** How much one pulse moves the pace, as a power of e, for each {@linkcode LIVENESS_GAP_MS} since the one before; and at most. */
const STEP = 0.5;
const MAX_STEP = 2;
/** And for all pulses together that leave until it is known that one was lost. */
const STEP_PER_TIMEOUT = 3;
/** Weight of a pulse in the share of pulses that come back lately. */
const SHARE_WEIGHT = 0.12;
/** Weight of that share in the usual one, where it is above. */
const USUAL_WEIGHT = 0.2;
/** A host that answers less than this share of pulses is overwhelmed: its silence says nothing. */
const OVERWHELMED = 0.5;
/** A pace this many times slower should bring this many times more pulses back, or else it was not what lost them. */
const SLOWER = 3;
const BETTER = 1.5;
/** Pulses between two looks at that at least. */
const ENOUGH_LIVENESS = 10;
/** At most this many milliseconds of turns are made up for at once. */
const CATCH_UP_MS = 20;

/** The pace of one host. Times are engine milliseconds. */
export class HostLimiter {
  /** The host's index in the table of hosts. */
  readonly index: number;
  /** The list of slots that wait for their turn. */
  readonly queue: number;

  #paced = false;
  #since = 0;
  #ratePps = Infinity;
  #nextAt = 0;
  #untilLiveness = 0;
  #dither = 0;
  #livenessProbes = 0;
  /** Share of pulses that come back lately, and that would at any pace. */
  #share = 0;
  #usualShare = 1;
  /** The pace and the share from which it is seen whether slower is better. */
  #ratePpsBefore = 0;
  #shareBefore = 0;
  #checkAtLiveness = 0;
  #overwhelmedFrom = 0;
  #overwhelmedUntil = 0;

  constructor(index: number, queue: number) {
    this.index = index;
    this.queue = queue;
  }

  /** True while the host is asked as fast as the scan goes. */
  get free(): boolean {
    return !this.#paced;
  }

  /** True once most pulses come back at this pace: it was the pace that lost them. */
  get hasCap(): boolean {
    return this.#paced && this.#livenessProbes >= 2 * ENOUGH_LIVENESS && this.#share > OVERWHELMED &&
      this.#usualShare === 1;
  }

  /** When the next turn is due. */
  get nextAt(): number {
    return this.#nextAt;
  }

  /** The usual time between two pulses. */
  get livenessGapMs(): number {
    return this.#probesPerLiveness() * 1000 / this.#ratePps;
  }

  /**
   * Begins to ask this host at its own pace.
   *
   * @param answerPps The rate at which the host has answered so far.
   * @param share The share of pulses that came back so far.
   */
  begin(nowMs: number, answerPps: number, share: number): void {
    this.#paced = true;
    this.#since = nowMs;
    this.#ratePps = Math.max(MIN_LIMIT_PPS, answerPps);
    this.#nextAt = nowMs;
    this.#untilLiveness = 0;
    this.#livenessProbes = 0;
    this.#share = share;
    this.#usualShare = 1;
    this.#ratePpsBefore = this.#ratePps;
    this.#shareBefore = share;
    this.#checkAtLiveness = ENOUGH_LIVENESS;
    this.#overwhelmedFrom = this.#overwhelmedUntil = nowMs;
  }

  /** Whether the next turn is a pulse's, not a question's. */
  get livenessIsNext(): boolean {
    return this.#untilLiveness <= 0;
  }

  /** The turn was taken, by a pulse or a question. */
  onSent(nowMs: number): void {
    this.#nextAt = Math.max(this.#nextAt, nowMs - CATCH_UP_MS) + 1000 / this.#ratePps;
    if (this.#untilLiveness-- > 0) return;
    // Turns come in bursts, of which the first fare best. The golden ratio spreads the pulses evenly over them.
    this.#dither = (this.#dither + 0.618034) % 1;
    this.#untilLiveness = Math.round(this.#probesPerLiveness() * (0.5 + this.#dither)) - 1;
  }

  /** A pulse that was put at `sentMs` has been answered, or was not for `timeoutMs`. */
  onLivenessProbe(sentMs: number, answered: boolean, timeoutMs: number): void {
    if (!this.#paced || sentMs < this.#since) return;
    this.#livenessProbes++;
    this.#noteShare(sentMs, answered ? 1 : 0);
    const target = TARGET_SHARE * this.#usualShare;
    const gapMs = this.livenessGapMs;
    const step = Math.min(MAX_STEP, STEP * gapMs / LIVENESS_GAP_MS, STEP_PER_TIMEOUT * gapMs / timeoutMs);
    this.#ratePps = Math.max(MIN_LIMIT_PPS, this.#ratePps * Math.exp(step * (answered ? 1 - target : -target)));
    if (this.#ratePps >= UNLIMITED_PPS) this.#paced = false;
    if (this.#ratePps <= Math.max(MIN_LIMIT_PPS, this.#ratePpsBefore / SLOWER)) this.#checkSlower();
  }

  /** True where a question put at `sentMs` met a host that lost most of what it was asked: its silence says nothing. */
  wasOverwhelmed(sentMs: number): boolean {
    return sentMs >= this.#overwhelmedFrom && sentMs < this.#overwhelmedUntil;
  }

  #noteShare(sentMs: number, outcome: number): void {
    this.#share += SHARE_WEIGHT * (outcome - this.#share);
    // More than usual comes back: the usual was thought too low.
    if (this.#share > this.#usualShare) this.#usualShare += USUAL_WEIGHT * (this.#share - this.#usualShare);
    const was = this.#overwhelmedUntil === Infinity;
    const is = this.#share < OVERWHELMED * this.#usualShare;
    // The pulses that have brought the share down were lost before.
    if (is && !was) this.#overwhelmedFrom = sentMs - this.livenessGapMs / SHARE_WEIGHT;
    if (is) this.#overwhelmedUntil = Infinity;
    else if (was) this.#overwhelmedUntil = sentMs;
  }

  /** Where slower is no better, packets are lost by chance: that share of pulses is the usual one. */
  #checkSlower(): void {
    if (this.#livenessProbes < this.#checkAtLiveness) return;
    const gain = this.#share / this.#shareBefore;
    if (gain < BETTER && gain > 1 / BETTER) this.#usualShare = this.#share;
    this.#ratePpsBefore = this.#ratePps;
    this.#shareBefore = this.#share;
    this.#checkAtLiveness = this.#livenessProbes + ENOUGH_LIVENESS;
  }

  #probesPerLiveness(): number {
    const most = this.#ratePps * LIVENESS_GAP_MS / 1000;
    const least = Math.max(2, this.#ratePps * MAX_LIVENESS_GAP_MS / 1000);
    return Math.max(most, Math.min(least, PROBES_PER_LIVENESS));
  }
}

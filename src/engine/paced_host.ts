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
const MIN_PACE_PPS = 2;
/** A pace this fast is no pace: the host is asked freely again. */
const FREE_PACE_PPS = 50_000;
/** One turn in so many is a pulse's; more where the time between two, in milliseconds, would be too long, or less. */
const TURNS_PER_PULSE = 10;
const PULSE_GAP_MS = 25;
const MAX_PULSE_GAP_MS = 250;
/** The share of pulses that is to come back: all that the host can answer is asked of it, and not much more. */
const TARGET_SHARE = 0.7;
/** How much one pulse moves the pace, as a power of e, for each {@linkcode PULSE_GAP_MS} since the one before; and at most. */
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
const ENOUGH_PULSES = 10;
/** At most this many milliseconds of turns are made up for at once. */
const CATCH_UP_MS = 20;

/** The pace of one host. Times are engine milliseconds. */
export class PacedHost {
  /** The host's index in the table of hosts. */
  readonly index: number;
  /** The list of slots that wait for their turn. */
  readonly queue: number;

  #paced = false;
  #since = 0;
  #ratePps = Infinity;
  #nextAt = 0;
  #untilPulse = 0;
  #dither = 0;
  #pulses = 0;
  /** Share of pulses that come back lately, and that would at any pace. */
  #share = 0;
  #usualShare = 1;
  /** The pace and the share from which it is seen whether slower is better. */
  #ratePpsBefore = 0;
  #shareBefore = 0;
  #checkAtPulses = 0;
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
    return this.#paced && this.#pulses >= 2 * ENOUGH_PULSES && this.#share > OVERWHELMED && this.#usualShare === 1;
  }

  /** When the next turn is due. */
  get nextAt(): number {
    return this.#nextAt;
  }

  /** The usual time between two pulses. */
  get pulseGapMs(): number {
    return this.#turnsPerPulse() * 1000 / this.#ratePps;
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
    this.#ratePps = Math.max(MIN_PACE_PPS, answerPps);
    this.#nextAt = nowMs;
    this.#untilPulse = 0;
    this.#pulses = 0;
    this.#share = share;
    this.#usualShare = 1;
    this.#ratePpsBefore = this.#ratePps;
    this.#shareBefore = share;
    this.#checkAtPulses = ENOUGH_PULSES;
    this.#overwhelmedFrom = this.#overwhelmedUntil = nowMs;
  }

  /** Whether the next turn is a pulse's, not a question's. */
  get pulseIsNext(): boolean {
    return this.#untilPulse <= 0;
  }

  /** The turn was taken, by a pulse or a question. */
  tookTurn(nowMs: number): void {
    this.#nextAt = Math.max(this.#nextAt, nowMs - CATCH_UP_MS) + 1000 / this.#ratePps;
    if (this.#untilPulse-- > 0) return;
    // Turns come in bursts, of which the first fare best. The golden ratio spreads the pulses evenly over them.
    this.#dither = (this.#dither + 0.618034) % 1;
    this.#untilPulse = Math.round(this.#turnsPerPulse() * (0.5 + this.#dither)) - 1;
  }

  /** A pulse that was put at `sentMs` has been answered, or was not for `timeoutMs`. */
  sawPulse(sentMs: number, answered: boolean, timeoutMs: number): void {
    if (!this.#paced || sentMs < this.#since) return;
    this.#pulses++;
    this.#noteShare(sentMs, answered ? 1 : 0);
    const target = TARGET_SHARE * this.#usualShare;
    const gapMs = this.pulseGapMs;
    const step = Math.min(MAX_STEP, STEP * gapMs / PULSE_GAP_MS, STEP_PER_TIMEOUT * gapMs / timeoutMs);
    this.#ratePps = Math.max(MIN_PACE_PPS, this.#ratePps * Math.exp(step * (answered ? 1 - target : -target)));
    if (this.#ratePps >= FREE_PACE_PPS) this.#paced = false;
    if (this.#ratePps <= Math.max(MIN_PACE_PPS, this.#ratePpsBefore / SLOWER)) this.#checkSlower();
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
    if (is && !was) this.#overwhelmedFrom = sentMs - this.pulseGapMs / SHARE_WEIGHT;
    if (is) this.#overwhelmedUntil = Infinity;
    else if (was) this.#overwhelmedUntil = sentMs;
  }

  /** Where slower is no better, packets are lost by chance: that share of pulses is the usual one. */
  #checkSlower(): void {
    if (this.#pulses < this.#checkAtPulses) return;
    const gain = this.#share / this.#shareBefore;
    if (gain < BETTER && gain > 1 / BETTER) this.#usualShare = this.#share;
    this.#ratePpsBefore = this.#ratePps;
    this.#shareBefore = this.#share;
    this.#checkAtPulses = this.#pulses + ENOUGH_PULSES;
  }

  #turnsPerPulse(): number {
    const most = this.#ratePps * PULSE_GAP_MS / 1000;
    const least = Math.max(2, this.#ratePps * MAX_PULSE_GAP_MS / 1000);
    return Math.max(most, Math.min(least, TURNS_PER_PULSE));
  }
}

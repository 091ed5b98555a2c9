// Hot path: nothing here may allocate per packet.
/**
 * Finds the rate at which a token bucket fills: for a second or two probes are sent faster than the known limits allow, so that the bucket is
 * emptied; from then on errors come as tokens do. Probes beyond the limit cost nothing but themselves (tests/lab/udp_limits_test.ts).
 *
 * @module
 */

/**
 * The time between two probes of a trial, which a busy machine prolongs, that of later ones, for limits of a few errors a second, and the
 * longest trial, in milliseconds.
 */
const GAP_MS = 25;
const LATER_GAP_MS = 50;
const LONGEST_MS = 2000;
/** Most probes of a trial, and those of them after which the later gap is kept. */
const MAX_PROBES = 60;
const EARLY_PROBES = 40;
/**
 * Times between errors from which a rate is taken: the middle of four, of which three are alike, so that neither chance nor lost errors make
 * one.
 */
const TIMES = 4;
const ALIKE = 2.2;
/** Errors in a row, one for each probe, that show a rate by themselves; and those of them that kernels save up. */
const ENOUGH_IN_ROW = 12;
const SAVED = 6;

/** One trial of a bucket. Times are those at which probes were sent, in milliseconds. */
export class RateTrial {
  #beganMs = -Infinity;
  #isOver = false;
  /** When probes were sent, in their order, and their number. */
  readonly #sent = new Float64Array(MAX_PROBES);
  #count = 0;
  /** When the last probe with an error was sent, and the number of errors. */
  #lastMs = -Infinity;
  #errors = 0;
  /** True once a probe before one with an error has had none: the bucket was empty. */
  #isEmpty = false;
  /** A ring of times between errors since then. */
  readonly #times = new Float64Array(TIMES);
  readonly #sorted = new Float64Array(TIMES);
  #timed = 0;

  /** True while probes of the trial may be sent. */
  isOn(nowMs: number): boolean {
    if (this.#isOver || this.#count === MAX_PROBES) return false;
    return this.#count === 0 || nowMs - this.#beganMs < LONGEST_MS;
  }

  /** True for a probe that was sent in the course of the trial. */
  covers(sentMs: number): boolean {
    return !this.#isOver && this.#count > 0 && sentMs >= this.#beganMs && sentMs < this.#beganMs + LONGEST_MS;
  }

  /** Ends the trial. */
  end(): void {
    this.#isOver = true;
  }

  /** Returns when the next probe of the trial is to be sent. */
  nextAt(nowMs: number): number {
    const gapMs = this.#count < EARLY_PROBES ? GAP_MS : LATER_GAP_MS;
    return this.#count === 0 ? nowMs : Math.max(nowMs, this.#sent[this.#count - 1]! + gapMs);
  }

  /** Takes that a probe is sent. */
  onSent(nowMs: number): void {
    if (!this.isOn(nowMs)) return;
    if (this.#count === 0) this.#beganMs = nowMs;
    this.#sent[this.#count++] = nowMs;
  }

  /**
   * Takes an error in reply to a probe that was sent at `sentMs`, be it one of the trial or not; returns the errors a second that the bucket
   * allows, or 0 if that is not known yet.
   */
  onError(sentMs: number): number {
    if (!this.covers(sentMs) || sentMs <= this.#lastMs) return 0;
    const beforeMs = this.#lastMs;
    this.#lastMs = sentMs;
    this.#errors++;
    if (beforeMs < this.#beganMs) return 0;
    if (this.#hasSentBetween(beforeMs, sentMs)) this.#isEmpty = true;
    if (this.#isEmpty) return this.#onTime(sentMs - beforeMs);
    return this.#errors < ENOUGH_IN_ROW ? 0 : (this.#errors - SAVED) * 1000 / (sentMs - this.#beganMs);
  }

  /** Returns true if a probe of the trial was sent between these times. */
  #hasSentBetween(afterMs: number, beforeMs: number): boolean {
    for (let i = this.#count - 1; i >= 0 && this.#sent[i]! > afterMs; i--) if (this.#sent[i]! < beforeMs) return true;
    return false;
  }

  #onTime(ms: number): number {
    this.#times[this.#timed++ % TIMES] = ms;
    if (this.#timed < TIMES) return 0;
    this.#sorted.set(this.#times);
    const [least, second, third] = this.#sorted.sort() as unknown as [number, number, number];
    // Probes that were all replied to show no rate.
    return third > ALIKE * least || second < 1.5 * GAP_MS ? 0 : 2000 / (second + third);
  }
}

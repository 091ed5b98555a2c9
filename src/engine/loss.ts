/**
 * What silence is worth. An answer to a later attempt proves that the earlier ones were lost; from these proofs comes the
 * share of round trips that get lost, and from that how often silence must be asked before it means something.
 *
 * @module
 */

/**
 * The loss assumed before anything was measured, as if so many round trips had been seen and lost: silence is asked four
 * times where nothing ever answers. It is forgotten after some dozens of answers. Chosen by tests/sim/calibration_test.ts.
 */
const PRIOR_RETURNED = 9;
const PRIOR_LOST = 1;

/**
 * A host's own loss begins as if so many of its round trips had gone as those of the scan: at least, and at most where other
 * hosts tell of the scan.
 */
const HOST_PRIOR_SEEN = 8;
const HOST_PRIOR_SEEN_OF_MANY = 32;

/**
 * How many wrong verdicts a scan may expect before it asks again. The promise is one half; but twenty scans in a row should
 * not show one either, and one more attempt for silence costs little. Chosen by tests/sim/calibration_test.ts.
 */
const EXPECTED_WRONG_GOAL = 0.002;

/**
 * The same where not a single loss was proven, and no closed port is known whose replies to pulses would show that few are lost:
 * behind most firewalls this is an attempt in four.
 */
const EXPECTED_WRONG_GOAL_UNCHECKED = 0.01;

/** Bounds of how often silence is asked. */
const MIN_ATTEMPTS = 2;
const MAX_ATTEMPTS = 40;

/** So unlikely must a row of lost pulses be by chance before it counts as an outage (tests/sim/outage_test.ts). */
const CHANCE_OF_FALSE_OUTAGE = 0.001;
/** Lost pulses in a row that are no outage yet, even where nothing else is lost. */
const MIN_LOST_LIVENESS = 2;

/** Counts the round trips that came back, and those proven lost. */
export class LossMeter {
  /** Round trips that came back. */
  answered = 0;
  /** Round trips proven lost. */
  lost = 0;

  /** Reduces what was seen to the weight of `kept` round trips. */
  forget(kept: number): void {
    const scale = Math.min(1, kept / Math.max(1, this.answered + this.lost));
    this.answered *= scale;
    this.lost *= scale;
  }

  /** Share of round trips seen lost, 0 to 1. */
  get measured(): number {
    const seen = this.answered + this.lost;
    return seen <= 0 ? 0 : this.lost / seen;
  }
}

/** What is believed of the share of round trips that get lost: as if so many had come back, and so many had not. */
export class LossEstimate {
  #returned = PRIOR_RETURNED;
  #lost = PRIOR_LOST;
  #isProven = false;

  /** Believes what was seen of the whole scan. */
  ofScan(meter: LossMeter): this {
    this.#returned = Math.max(0, meter.answered) + PRIOR_RETURNED;
    this.#lost = meter.lost + PRIOR_LOST;
    this.#isProven = meter.lost > 0;
    return this;
  }

  /** Believes what was seen of one host, in a scan of which `meter` is known. */
  ofHost(returned: number, lost: number, meter: LossMeter): this {
    const { share } = this.ofScan(meter);
    const others = Math.max(0, meter.answered + meter.lost - returned - lost);
    const weight = Math.min(HOST_PRIOR_SEEN_OF_MANY, HOST_PRIOR_SEEN + others);
    this.#returned = Math.max(0, returned) + weight * (1 - share);
    this.#lost = lost + weight * share;
    this.#isProven ||= lost > 0;
    return this;
  }

  /** The share itself, 0 to 1. */
  get share(): number {
    return this.#lost / (this.#returned + this.#lost);
  }

  /**
   * The chance that all of `attempts` get lost: not the power of the share, but its mean over all that the share may be,
   * which is the larger the less has been seen (the moment of a beta distribution).
   */
  probabilityAllLost(attempts: number): number {
    let chance = 1;
    for (let i = 0; i < attempts; i++) chance *= (this.#lost + i) / (this.#returned + this.#lost + i);
    return chance;
  }

  /**
   * How often silence must be asked. Of the R questions that would be answered on a perfect network, the share q that loses
   * every attempt stays without an answer, and R (1 - q) = A are answered: A q / (1 - q) verdicts are expected to be wrong.
   *
   * @param answered Answers A that the whole scan will have.
   * @param isWitnessed True where pulses tell of losses.
   */
  attemptsNeeded(answered: number, isWitnessed: boolean): number {
    // A q / (1 - q) < goal is q < goal / (A + goal).
    const goal = this.#isProven || isWitnessed ? EXPECTED_WRONG_GOAL : EXPECTED_WRONG_GOAL_UNCHECKED;
    const wanted = goal / (answered + 1 + goal);
    let chance = 1;
    let attempts = 0;
    while (attempts < MIN_ATTEMPTS || (chance >= wanted && attempts < MAX_ATTEMPTS)) {
      chance *= (this.#lost + attempts) / (this.#returned + this.#lost + attempts);
      attempts++;
    }
    return attempts;
  }
}

/** How many pulses in a row must be lost before that means an outage, where the share `loss` is lost by chance. */
export function probesProvingOutage(loss: number): number {
  if (loss <= 0) return MIN_LOST_LIVENESS;
  const count = Math.ceil(Math.log(CHANCE_OF_FALSE_OUTAGE) / Math.log(Math.min(loss, 0.95)));
  return Math.max(MIN_LOST_LIVENESS, count);
}

/** Adds up the verdicts from silence, to say how many of them are expected to be wrong. */
export class SilenceLedger {
  #silent = 0;
  #missed = 0;

  /** A port was called filtered: `missed` is the chance that every attempt was lost, had the port answered each. */
  add(missed: number): void {
    this.#silent++;
    this.#missed += missed;
  }

  /** A port that had been called filtered answered after all. */
  remove(missed: number): void {
    this.#silent--;
    this.#missed = Math.max(0, this.#missed - missed);
  }

  /**
   * Verdicts expected to be wrong, where `answered` other questions were answered. Of R questions that would be answered,
   * the share m is missed: A = R (1 - m) answers are seen, and R m = A m / (1 - m) verdicts are wrong.
   */
  expectedWrong(answered: number): number {
    if (this.#silent === 0) return 0;
    const missed = this.#missed / this.#silent;
    // Half an answer more than was seen: that nothing has answered does not prove that nothing could.
    return Math.min(this.#silent, (answered + 0.5) * missed / Math.max(1e-9, 1 - missed));
  }
}

/**
 * The loss of a scan. A reply to a later attempt proves that the earlier ones were lost; from these the loss rate is
 * estimated, and from the loss rate the number of attempts after which a missing reply means that the port is filtered.
 *
 * @module
 */

/**
 * The loss assumed before anything was measured, as if so many round trips had been seen and lost: four attempts where nothing
 * ever replies. It is outweighed after some dozens of replies. Chosen by tests/sim/calibration_test.ts.
 */
const PRIOR_RETURNED = 9;
const PRIOR_LOST = 1;

/**
 * The same to state what may be wrong where nothing has shown that replies arrive: a third may be lost in one of five scans. Chosen by
 * tests/sim/udp_calibration_test.ts.
 */
const PRIOR_RETURNED_UNSEEN = 4;

/**
 * A host's own loss begins as if so many of its round trips had gone as those of the scan: at least, and at most where the
 * loss of the scan was measured on other hosts.
 */
const HOST_PRIOR_SEEN = 8;
const HOST_PRIOR_SEEN_OF_MANY = 32;

/**
 * The number of wrong results that a scan may expect before it retransmits. The promise is one half; but twenty scans in a row
 * should not show one either. Chosen by tests/sim/calibration_test.ts.
 */
const EXPECTED_WRONG_GOAL = 0.002;

/** The same where losses are proven, or the probes are so few that one more attempt at each costs hardly any time. */
export const EXPECTED_WRONG_GOAL_THOROUGH = 0.0005;

/**
 * The same where not a single loss was proven, and no closed port is known whose replies to liveness probes would show that few are lost:
 * behind most firewalls this is an attempt in four.
 */
const EXPECTED_WRONG_GOAL_UNCHECKED = 0.01;

/** Bounds of the number of attempts after which silence counts. */
export const MIN_ATTEMPTS = 2;
export const MAX_ATTEMPTS = 40;

/** The chance that a row of liveness probes is lost without an outage, below which it counts as one (tests/sim/outage_test.ts). */
const CHANCE_OF_FALSE_OUTAGE = 0.001;
/** Lost liveness probes in a row that are no outage yet, even where nothing else is lost. */
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
}

/** An estimate of the share of round trips that get lost: as if so many had come back, and so many had not. */
export class LossEstimate {
  #returned = PRIOR_RETURNED;
  #lost = PRIOR_LOST;
  #isProven = false;

  /** Takes what was measured of the whole scan. */
  ofScan(meter: Pick<LossMeter, "answered" | "lost">): this {
    this.#returned = Math.max(0, meter.answered) + PRIOR_RETURNED;
    this.#lost = meter.lost + PRIOR_LOST;
    this.#isProven = meter.lost > 0;
    return this;
  }

  /** The same where nothing may have been seen of a host that replies. */
  ofUnseen(meter: LossMeter): this {
    this.ofScan(meter);
    this.#returned += PRIOR_RETURNED_UNSEEN - PRIOR_RETURNED;
    return this;
  }

  /** Takes what was measured of one host, in a scan with the losses of `meter`. */
  ofHost(returned: number, lost: number, meter: LossMeter): this {
    const { share } = this.ofScan(meter);
    const others = Math.max(0, meter.answered + meter.lost - returned - lost);
    const weight = Math.min(HOST_PRIOR_SEEN_OF_MANY, HOST_PRIOR_SEEN + others);
    this.#returned = Math.max(0, returned) + weight * (1 - share);
    this.#lost = lost + weight * share;
    this.#isProven ||= lost > 0;
    return this;
  }

  /** The same for a host whose own round trips say most of it: those of the scan are the others' alone, so that none counts twice. */
  ofHostAndOthers(returned: number, lost: number, meter: LossMeter): this {
    const others = { answered: Math.max(0, meter.answered - returned), lost: Math.max(0, meter.lost - lost) };
    const { share } = this.ofScan(others);
    const weight = Math.min(HOST_PRIOR_SEEN_OF_MANY, PRIOR_RETURNED + PRIOR_LOST + others.answered + others.lost);
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
   * Returns the chance that all of `attempts` get lost: not the power of the share, but its mean over all that the share may be,
   * which is the larger the less has been seen (the moment of a beta distribution).
   */
  probabilityAllLost(attempts: number): number {
    let chance = 1;
    for (let i = 0; i < attempts; i++) chance *= (this.#lost + i) / (this.#returned + this.#lost + i);
    return chance;
  }

  /**
   * Returns the number of attempts after which silence counts. Of the R probes that would be replied to on a perfect network, the
   * share q that loses every attempt stays without a reply, and R (1 - q) = A get one: A q / (1 - q) results are expected to be wrong.
   *
   * @param answered Replies A that the whole scan will have.
   * @param isWitnessed True where liveness probes show losses.
   * @param isSmall True for a scan of few probes.
   * @param least The least number of attempts.
   */
  attemptsNeeded(answered: number, isWitnessed: boolean, isSmall = false, least: number = MIN_ATTEMPTS): number {
    // A q / (1 - q) < goal is q < goal / (A + goal).
    const goal = this.#isProven || isSmall
      ? EXPECTED_WRONG_GOAL_THOROUGH
      : isWitnessed
      ? EXPECTED_WRONG_GOAL
      : EXPECTED_WRONG_GOAL_UNCHECKED;
    const wanted = goal / (answered + 1 + goal);
    let chance = 1;
    let attempts = 0;
    while (attempts < least || (chance >= wanted && attempts < MAX_ATTEMPTS)) {
      chance *= (this.#lost + attempts) / (this.#returned + this.#lost + attempts);
      attempts++;
    }
    return attempts;
  }
}

/** Returns the number of liveness probes lost in a row that proves an outage, where the share `loss` is lost by chance. */
export function probesProvingOutage(loss: number): number {
  if (loss <= 0) return MIN_LOST_LIVENESS;
  const count = Math.ceil(Math.log(CHANCE_OF_FALSE_OUTAGE) / Math.log(Math.min(loss, 0.95)));
  return Math.max(MIN_LOST_LIVENESS, count);
}

/** A sum over the results from silence, from which the number of wrong ones is estimated. */
export class SilenceLedger {
  #silent = 0;
  #missed = 0;

  /** Adds a port that was reported as filtered: `missed` is the chance that every attempt was lost, had the port replied to each. */
  add(missed: number): void {
    this.#silent++;
    this.#missed += missed;
  }

  /** Removes a port that had been reported as filtered and replied after all. */
  remove(missed: number): void {
    this.#silent--;
    this.#missed = Math.max(0, this.#missed - missed);
  }

  /**
   * Returns the number of results expected to be wrong, where `answered` other probes were replied to. Of R probes that would be
   * replied to, the share m is missed: A = R (1 - m) replies are seen, and R m = A m / (1 - m) results are wrong.
   */
  expectedWrong(answered: number): number {
    if (this.#silent === 0) return 0;
    const missed = this.#missed / this.#silent;
    // Half a reply more than was seen: that nothing has replied does not prove that nothing could.
    return Math.min(this.#silent, (answered + 0.5) * missed / Math.max(1e-9, 1 - missed));
  }
}

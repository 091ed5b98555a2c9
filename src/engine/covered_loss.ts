/**
 * The loss of a host whose ICMP errors are limited, from the attempts that were sent while there was a token for their error.
 *
 * A reply is known at once, and a loss only when a later attempt at the same port comes back, which takes as long as the limit
 * has it: until then most losses are among the ports that are silent. So loss and share of silent ports are estimated together: each pair of
 * both weighs as much as it makes what was seen likely (Bayes, over a grid). A port that stays silent is then closed as often as these say.
 *
 * The constants are chosen by tests/lab/udp_calibration.ts.
 *
 * @module
 */

import { EXPECTED_WRONG_GOAL_THOROUGH, MAX_ATTEMPTS, MIN_ATTEMPTS } from "./loss.ts";

/** The losses that are weighed: as many, evenly spaced by the logarithm of their odds. */
const LOSSES = 48;
const [LEAST_ODDS, MOST_ODDS] = [-6, 4];
/** The shares of silent ports that are weighed. */
const SHARES = [0, 0.003, 0.01, 0.03, 0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 0.9, 0.97, 0.99, 0.997, 0.999];
const PAIRS = LOSSES * SHARES.length;

/** The weights of pairs before anything was seen. */
interface Prior {
  /** As if so many attempts had come back, and been lost. */
  readonly returned: number;
  readonly lost: number;
  /** The weight of each share of silent ports where that of none is 1. */
  readonly share: number;
}

/** Probes are sent as if a third may be lost in one of five scans, and as long as nothing tells the two apart, silence is loss. */
const CAUTIOUS: Prior = { returned: 7, lost: 2, share: 0.01 };
/** The number of wrong results is stated without that caution. */
const FAIR: Prior = { returned: 4, lost: 1, share: 1 };

/** Losses below this are little; where they are not, so many attempts at a port that is silent are each taken to have spent a token. */
const LITTLE_LOSS = 0.12;
const FIRST_ATTEMPTS = 1;

/** The chances of one number of attempts at a port to be all silent, by pair, and their logarithms. */
interface Silence {
  readonly chance: Float64Array;
  readonly log: Float64Array;
}

/** The pairs of loss and share, and logarithms of chances. */
class Grid {
  readonly loss = new Float64Array(PAIRS);
  readonly share = new Float64Array(PAIRS);
  /** The logarithms of the chances of a reply of a port, of a loss, and of none. */
  readonly reply = new Float64Array(PAIRS);
  readonly lost = new Float64Array(PAIRS);
  readonly kept = new Float64Array(PAIRS);
  readonly #silences: Silence[] = [];
  /** Weights of the pairs, of which counts they are, and from which beginning. Their sum is 1. */
  readonly weight = new Float64Array(PAIRS);
  weighed: CoveredLoss | undefined;
  prior = CAUTIOUS;

  constructor() {
    for (let at = 0; at < PAIRS; at++) {
      const odds = LEAST_ODDS + (MOST_ODDS - LEAST_ODDS) * Math.floor(at / SHARES.length) / (LOSSES - 1);
      this.loss[at] = 1 / (1 + Math.exp(-odds));
      this.share[at] = SHARES[at % SHARES.length]!;
      this.reply[at] = Math.log((1 - this.share[at]!) * (1 - this.loss[at]!));
      this.lost[at] = Math.log(this.loss[at]!);
      this.kept[at] = Math.log(1 - this.loss[at]!);
    }
  }

  /** Returns the chances of so many attempts at a port to be all silent. */
  silence(attempts: number): Silence {
    return this.#silences[attempts] ??= this.#silenceOf(attempts);
  }

  #silenceOf(attempts: number): Silence {
    const chance = this.share.map((share, at) => share + (1 - share) * this.loss[at]! ** attempts);
    return { chance, log: chance.map(Math.log) };
  }

  /** Returns the mean of values by pair. */
  mean(values: Float64Array): number {
    let sum = 0;
    for (let at = 0; at < PAIRS; at++) sum += this.weight[at]! * values[at]!;
    return sum;
  }

  /** Returns the chance that a port is closed of which so many attempts were silent. */
  chanceClosed(attempts: number): number {
    const { chance } = this.silence(Math.min(attempts, MAX_ATTEMPTS));
    let sum = 0;
    for (let at = 0; at < PAIRS; at++) sum += this.weight[at]! * (chance[at]! - this.share[at]!) / chance[at]!;
    return sum;
  }
}

/** Made when first needed. */
let grid: Grid | undefined;

/** Counts of attempts at the ports of one host. */
export class CoveredLoss {
  /** Attempts that an error came back for. */
  #returned = 0;
  /** Silent attempts at ports that an error came back for later. */
  #proven = 0;
  /** Ports without a reply, by the number of attempts that were silent. */
  readonly #silent = new Float64Array(MAX_ATTEMPTS + 1);
  /** Ports that are reported as silent, by the number of attempts; and how many of these are expected to be closed, below 0 if not known. */
  readonly #reported = new Float64Array(MAX_ATTEMPTS + 1);
  #wrong = 0;
  /** The number of attempts that is needed, 0 if not known, in a scan of so many probes. */
  #needed = 0;
  #probes = 0;

  /** Takes that one more attempt at a port was silent, after `before` others. */
  onSilence(before: number): void {
    if (before > 0) this.#silent[Math.min(before, MAX_ATTEMPTS)]!--;
    this.#silent[Math.min(before + 1, MAX_ATTEMPTS)]!++;
    this.#forget();
  }

  /** Takes that a port is closed of which `before` attempts were silent; `isCovered` where there was a token for the one that came back. */
  onReply(before: number, isCovered: boolean): void {
    if (before > 0) this.#silent[Math.min(before, MAX_ATTEMPTS)]!--;
    this.#proven += before;
    if (isCovered) this.#returned++;
    this.#forget();
  }

  /** Counts a port that is reported as silent after so many attempts, or takes that back (`ports` of -1): it has replied after all. */
  addSilent(attempts: number, ports = 1): void {
    this.#reported[Math.min(attempts, MAX_ATTEMPTS)]! += ports;
    this.#wrong = -1;
  }

  /** The number of ports reported as silent that are expected to be closed, as far as is known by now. */
  get expectedWrong(): number {
    if (this.#wrong >= 0) return this.#wrong;
    this.#wrong = 0;
    this.#reported.forEach((ports, attempts) => {
      if (ports > 0) this.#wrong += ports * this.#weigh(FAIR).chanceClosed(attempts);
    });
    return this.#wrong;
  }

  /** Returns the number of attempts after which silence counts, in a scan of so many probes. */
  attemptsNeeded(probes: number): number {
    if (this.#needed > 0 && probes === this.#probes) return this.#needed;
    const { loss, share, weight } = this.#weigh();
    const missed = new Float64Array(LOSSES);
    for (let at = 0; at < PAIRS; at++) missed[Math.floor(at / SHARES.length)]! += weight[at]! * (1 - share[at]!);
    this.#probes = probes;
    for (this.#needed = 1; this.#needed < MAX_ATTEMPTS; this.#needed++) {
      let sum = 0;
      for (let i = 0; i < LOSSES; i++) sum += missed[i]! *= loss[i * SHARES.length]!;
      if (this.#needed >= MIN_ATTEMPTS && sum < EXPECTED_WRONG_GOAL_THOROUGH / probes) break;
    }
    return this.#needed;
  }

  /** Returns how many tokens were spent, as is to be expected, by the last of `attempts` at a port, all of which were silent. */
  spentBy(attempts: number): number {
    return attempts > FIRST_ATTEMPTS || this.share < LITTLE_LOSS ? this.#weigh().chanceClosed(attempts) : 1;
  }

  /** The share of attempts that get lost, as is to be expected. */
  get share(): number {
    const made = this.#weigh();
    return made.mean(made.loss);
  }

  /** Returns the chance that the last of `attempts` at a port is silent as those before were, if there is a token. */
  chanceSilent(attempts: number): number {
    const made = this.#weigh();
    const last = Math.min(attempts, MAX_ATTEMPTS);
    return made.mean(made.silence(last).chance) / made.mean(made.silence(last - 1).chance);
  }

  #forget(): void {
    this.#needed = 0;
    this.#wrong = -1;
    if (grid?.weighed === this) grid.weighed = undefined;
  }

  /** Weighs each pair of loss and share of silent ports. */
  #weigh(from = CAUTIOUS): Grid {
    const made = grid ??= new Grid();
    if (made.weighed === this && made.prior === from) return made;
    made.weighed = this;
    made.prior = from;
    const { reply, lost, kept, share, weight } = made;
    const [ofShare, lostCount] = [Math.log(from.share), from.lost + this.#proven];
    for (let at = 0; at < PAIRS; at++) {
      weight[at] = this.#returned * reply[at]! + lostCount * lost[at]! +
        from.returned * kept[at]! + (share[at] === 0 ? 0 : ofShare);
    }
    for (let count = 1; count <= MAX_ATTEMPTS; count++) {
      const ports = this.#silent[count]!;
      if (ports === 0) continue;
      const { log } = made.silence(count);
      for (let at = 0; at < PAIRS; at++) weight[at]! += ports * log[at]!;
    }
    let most = -Infinity;
    for (let at = 0; at < PAIRS; at++) most = Math.max(most, weight[at]!);
    let sum = 0;
    for (let at = 0; at < PAIRS; at++) sum += weight[at] = Math.exp(weight[at]! - most);
    for (let at = 0; at < PAIRS; at++) weight[at]! /= sum;
    return made;
  }
}

/**
 * The loss of a host whose ICMP errors are limited, from the attempts that were sent while there was a token for their error.
 *
 * A reply is known at once, and a loss only when a later attempt at the same port comes back, which takes as long as the limit
 * has it: until then most losses are among the ports that are silent. So each of these counts as one that is closed, whose errors were
 * lost, as far as it is likely to be one: a share of ports that is estimated together with the loss, by expectation and maximization.
 *
 * The constants are chosen by tests/lab/udp_calibration.ts.
 *
 * @module
 */

/** The most attempts of a port that are told apart. */
const MAX_COUNT = 24;
/** The share of ports that reply to nothing where the estimate begins: as long as nothing tells the two apart, silence is loss. */
const FIRST_SHARE = 0.02;
const ROUNDS = 24;
/** The logarithm of how much likelier silent ports have to be than lost replies for silence to count as the former from the beginning. */
const CLEARLY = 3;

/** Counts of attempts at the ports of one host. */
export class CoveredLoss {
  /** Attempts that an error came back for. */
  returned = 0;
  /** Silent attempts at ports that an error came back for later. */
  #proven = 0;
  /** Ports without a reply, by the number of attempts that were silent. */
  readonly #silent = new Float64Array(MAX_COUNT + 1);
  #lost = 0;
  #isStale = false;

  /** Takes that one more attempt at a port was silent, after `before` others. */
  onSilence(before: number): void {
    if (before > 0) this.#silent[Math.min(before, MAX_COUNT)]!--;
    this.#silent[Math.min(before + 1, MAX_COUNT)]!++;
    this.#isStale = true;
  }

  /** Takes that a port is closed of which `before` attempts were silent; `isCovered` where there was a token for the one that came back. */
  onReply(before: number, isCovered: boolean): void {
    if (before > 0) this.#silent[Math.min(before, MAX_COUNT)]!--;
    this.#proven += before;
    if (isCovered) this.returned++;
    this.#isStale = true;
  }

  /** Attempts that are lost: those proven, and those expected among the silent ones. */
  get lost(): number {
    if (this.#isStale) this.#lost = this.#estimate();
    this.#isStale = false;
    return this.#lost;
  }

  #estimate(): number {
    const silent = this.#silent;
    let [ports, attempts] = [0, 0];
    for (let count = 1; count <= MAX_COUNT; count++) {
      ports += silent[count]!;
      attempts += count * silent[count]!;
    }
    if (ports === 0) return this.#proven;
    const asLost = this.#fit(this.#proven + attempts, FIRST_SHARE, ports);
    const asSilent = this.#fit(this.#proven, ports / (ports + this.returned + 1), ports);
    return asSilent.likelihood > asLost.likelihood + CLEARLY ? asSilent.lost : asLost.lost;
  }

  /** Fits loss and share of silent ports to what was seen, from a beginning; returns the lost attempts, and the logarithm of the likelihood. */
  #fit(lost: number, share: number, ports: number): { readonly lost: number; readonly likelihood: number } {
    const silent = this.#silent;
    let likelihood = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const loss = (lost + 1) / (lost + this.returned + 2);
      likelihood = this.returned * Math.log((1 - share) * (1 - loss)) + this.#proven * Math.log(loss);
      let [closed, lostOfSilent] = [0, 0];
      let missed = 1;
      for (let count = 1; count <= MAX_COUNT; count++) {
        missed *= loss;
        const chance = share + (1 - share) * missed;
        const weight = (1 - share) * missed / chance;
        closed += weight * silent[count]!;
        lostOfSilent += weight * count * silent[count]!;
        likelihood += silent[count]! * Math.log(chance);
      }
      lost = this.#proven + lostOfSilent;
      share = (ports - closed + FIRST_SHARE) / (ports + this.returned + 1);
    }
    return { lost, likelihood };
  }
}

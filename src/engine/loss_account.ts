// Hot path: nothing here may allocate per packet.
/**
 * Round trips and loss, by host and for the whole scan, as replies and liveness probes show them.
 *
 * Constants are chosen by tests/sim/outage_test.ts.
 *
 * @module
 */

import type { CoveredLoss } from "./covered_loss.ts";
import type { EngineState } from "./engine_state.ts";
import type { HostLimiters } from "./host_limiters.ts";
import type { IcmpErrors } from "./icmp_limiters.ts";
import type { LivenessTargets } from "./liveness_targets.ts";
import { GLOBAL } from "./host_table.ts";
import { LossEstimate, LossMeter, probesProvingOutage, SilenceLedger } from "./loss.ts";
import { FOR_LIVENESS, FOR_PATH_LIVENESS, FOR_RESULT } from "./probe_table.ts";
import { rttVariation, smoothedRtt } from "../base/rtt.ts";

/** A scan of no more probes than this is a small one. */
const FEW_PROBES = 256;
/** Round trips that still count after an outage or an overload. */
const KEPT_AFTER_OUTAGE = 50;
/** With fewer retransmissions than this, as the user may ask for, too much loss stays unproven for the proven to be its measure. */
const FEW_RETRIES = 8;

/** The shared state, and the policies that this one uses. */
type Parts = EngineState & { limiters: HostLimiters; icmp: IcmpErrors; targets: LivenessTargets };

/** The loss of a scan and of its hosts. */
export class LossAccount {
  /** The losses of the path, without what a host with a limited rate loses to its limit. */
  readonly path = new LossMeter();
  /** All that was lost. */
  readonly seen = new LossMeter();
  /** Results from silence of hosts that have replied, or may have had no time to. */
  readonly ledger = new SilenceLedger();
  /** Results from silence of hosts that were silent in an earlier pass too. */
  readonly silentLedger = new SilenceLedger();
  readonly #estimate = new LossEstimate();
  readonly #state: Parts;

  constructor(state: Parts) {
    this.#state = state;
  }

  /** Returns the estimated loss of a host; of a host that has not replied, that of the whole scan. Valid until the next call. */
  of(index: number): LossEstimate {
    if (index === GLOBAL) return this.#estimate.ofScan(this.path);
    const { returned, lost } = this.#state.hosts;
    return this.#estimate.ofHost(returned[index]!, lost[index]!, this.path);
  }

  /** Returns the loss of attempts for which there was an error, where the errors of a slot's host are limited. */
  #coveredOf(slot: number): CoveredLoss | undefined {
    const { icmp, table } = this.#state;
    return icmp.isOn ? icmp.lossOf(table.host[slot]!) : undefined;
  }

  /** Returns the estimated loss of a host. A host of many ports whose errors are not limited shows its loss by itself. */
  #ofHost(index: number): LossEstimate {
    if (index === GLOBAL || !this.#state.icmp.isOn) return this.of(index);
    const { returned, lost } = this.#state.hosts;
    return this.#estimate.ofHostAndOthers(returned[index]!, lost[index]!, this.path);
  }

  /** Returns the probability that a port which replies to every attempt has stayed silent. */
  probabilityMissed(slot: number, index: number): number {
    const { icmp, table: { countedTries } } = this.#state;
    // The bucket of a host that has sent no error may have been empty at the first attempt.
    return icmp.isOn && icmp.firstErrors.isUnproven(slot)
      ? this.#estimate.ofUnseen(this.path).probabilityAllLost(countedTries[slot]! - 1)
      : this.#ofHost(index).probabilityAllLost(countedTries[slot]!);
  }

  /** Counts a port of a host that is reported as filtered without a reply. */
  addSilent(slot: number, index: number): void {
    const covered = this.#coveredOf(slot);
    if (covered === undefined) this.#ledgerOf(slot, index).add(this.probabilityMissed(slot, index));
    else covered.addSilent(this.#state.table.countedTries[slot]!);
  }

  /** Takes back what {@linkcode LossAccount.addSilent} counted: the port has replied after all. `index` is that before the reply. */
  removeSilent(slot: number, index: number): void {
    const covered = this.#coveredOf(slot);
    if (covered === undefined) this.#ledgerOf(slot, index).remove(this.probabilityMissed(slot, index));
    else covered.addSilent(this.#state.table.countedTries[slot]!, -1);
  }

  /** Returns the number of results from silence that are expected to be wrong. */
  get expectedWrong(): number {
    const { counts, silentFound } = this.#state;
    const ofHosts = this.ledger.expectedWrong(counts.answered) + this.silentLedger.expectedWrong(silentFound);
    return ofHosts + this.#state.icmp.expectedWrong;
  }

  #ledgerOf(slot: number, index: number): SilenceLedger {
    return this.#state.isSilent(this.#state.table.host[slot]!, index) ? this.silentLedger : this.ledger;
  }

  /**
   * Returns after how many attempts the silence of a slot counts, given the loss and the replies that the whole scan is going to have.
   *
   * Of hosts that have been silent, few reply at all, and each of them is found by one reply: from then on it is a host like others. So
   * what could be missed of them is measured by how many have been found, and a single attempt may do where hardly anything is
   * lost, as far as liveness probes show that nothing is.
   */
  attemptsNeeded(slot: number, index: number): number {
    const { counts, source, position, hosts, limits, table, silentFound } = this.#state;
    const isWitnessed = hosts.livenessPort[index]! >= 0 || this.#state.targets.enough;
    const scale = source.size / Math.max(1, position);
    if (this.#state.isSilent(table.host[slot]!, index)) {
      return this.of(index).attemptsNeeded(silentFound * scale, isWitnessed, false, isWitnessed ? 1 : undefined);
    }
    // Where errors are limited, or an attempt begins when the one before is given up, one more takes its time.
    const isSmall = source.size <= FEW_PROBES && !this.#state.icmp.isOn && this.#state.driver.overlaps;
    const needed = this.#coveredOf(slot)?.attemptsNeeded(source.size) ??
      this.#ofHost(index).attemptsNeeded(counts.answered * scale, isWitnessed, isSmall);
    // Losses of such a host that another engine causes come in rows, which a share of losses does not express.
    return limits.sharesHosts && this.#state.limiters.wasLimited(index) ? 2 * needed + 2 : needed;
  }

  /** Takes from a reply its round trip, and that the host was there; `own` is false for a router's ICMP error. */
  measure(index: number, own: boolean, sentMs: number, waitedMs: number): void {
    const { srtt, variation } = this.#state.hosts;
    for (let i = GLOBAL;; i = index) {
      if (waitedMs >= 0) {
        variation[i] = rttVariation(srtt[i]!, variation[i]!, waitedMs);
        srtt[i] = smoothedRtt(srtt[i]!, waitedMs);
      }
      if (sentMs >= 0) this.noteAlive(i, sentMs);
      if (i === index || !own) return;
    }
  }

  /** Takes from a TCP reply to attempt `answered` what came back and what is proven lost. */
  addReply(slot: number, index: number, answered: number, sentMs: number): void {
    const { table, hosts, rate, limits } = this.#state;
    // Attempts that met a host which is known to have been unreachable prove nothing about the path.
    let lost = Math.max(0, answered - (table.tries[slot]! - table.countedTries[slot]!));
    let returned = 1;
    const limiter = this.#state.limiters.of(index);
    const isFree = limiter?.free !== false;
    if (table.purpose[slot] === FOR_RESULT) limiter?.onReply(sentMs);
    if (isFree) {
      rate.returned(sentMs);
      for (let before = 1; before <= lost; before++) rate.lost(table.sentAt(slot, answered - before));
    }
    if (limits.maxRetries < FEW_RETRIES && table.purpose[slot] === FOR_RESULT) {
      // What is lost every time that the user allows is never proven lost. Of those lost once the share p is lost, hence those
      // answered at the second attempt are p times those answered at the first; without a second only liveness probes tell.
      returned = limits.maxRetries === 0 ? 0 : lost === 0 ? 1 : lost === 1 ? -1 : 0;
      lost = lost === 1 ? 1 : 0;
    }
    this.seen.answered += returned;
    if (isFree) this.path.answered += returned;
    if (lost > 0) this.addLost(index, lost);
    // What is lost of probes for the liveness of the path counts for the path alone: so must what comes back of them.
    const { purpose } = table;
    const isOfHost = purpose[slot] !== FOR_PATH_LIVENESS &&
      (purpose[slot] !== FOR_LIVENESS || this.#countsLiveness(index));
    if (index !== GLOBAL && isOfHost) hosts.returned[index]! += returned;
  }

  /** Counts a liveness probe that was sent at `sentMs` and is proven lost. */
  addLostLiveness(index: number, sentMs: number): void {
    if (this.#state.limiters.of(index)?.free !== false) this.#state.rate.lost(sentMs);
    this.#addLostLiveness(index, 1);
  }

  #addLostLiveness(index: number, count: number): void {
    if (this.#countsLiveness(index)) this.addLost(index, count);
  }

  /** False where a lost liveness probe shows that its host had no reply left: what was sent just before does not count then. */
  #countsLiveness(index: number): boolean {
    const limiter = this.#state.limiters.of(index);
    return limiter?.free !== false || !limiter.isSlow;
  }

  /** Counts attempts to a host that are proven lost. */
  addLost(index: number, count: number): void {
    this.seen.lost += count;
    if (index !== GLOBAL) this.#state.hosts.lost[index]! += count;
    if (this.#state.limiters.of(index)?.free === false) return;
    this.path.lost += count;
    if (index !== GLOBAL && !this.#state.icmp.isOn && this.#state.limiters.isSuspect(index)) {
      const { returned, lost } = this.#state.hosts;
      // Counting starts anew: what the host lost until now is its own, and proves nothing about the path.
      for (const meter of [this.path, this.seen]) {
        meter.answered = Math.max(0, meter.answered - returned[index]!);
        meter.lost = Math.max(0, meter.lost - lost[index]!);
      }
      // What was sent before this step was not limited, whenever the reply that shows it has arrived.
      this.#state.limiters.begin(index, this.#state.clock.stepMs);
    }
  }

  /** Forgets the losses of a path that was overloaded until `untilMs` and is not any more: what was silent meanwhile is probed again. */
  forgetOverload(untilMs: number): void {
    const { countsSince } = this.#state.hosts;
    countsSince[GLOBAL] = Math.max(countsSince[GLOBAL]!, untilMs);
    this.path.forget(KEPT_AFTER_OUTAGE);
  }

  /** A host has replied to a probe that was sent at `sentMs`; liveness probes lost before were lost by chance or in an outage. */
  noteAlive(index: number, sentMs: number): void {
    const { hosts } = this.#state;
    if (sentMs > hosts.aliveAt[index]!) hosts.aliveAt[index] = sentMs;
    const unanswered = hosts.unansweredLiveness[index]!;
    if (unanswered === 0 || sentMs < hosts.silentSince[index]!) return;
    hosts.unansweredLiveness[index] = 0;
    // At a slow rate each lost liveness probe voids what it followed, and nothing else.
    if (!this.#countsLiveness(index)) return;
    const proof = probesProvingOutage(this.of(index).share);
    // An outage is no common loss; but where there was one before, outages are part of the loss to expect.
    if (unanswered < proof || hosts.countsSince[index]! > 0) {
      this.#addLostLiveness(index, Math.min(unanswered, proof));
    }
    if (unanswered < proof) return;
    hosts.countsSince[index] = Math.max(hosts.countsSince[index]!, sentMs);
    // The losses of the outage stay unknown, so that what came back before weighs too much: all the more where few probes follow that show any.
    const isLimited = this.#state.icmp.isOn;
    const kept = isLimited ? 0 : KEPT_AFTER_OUTAGE;
    hosts.forgetLoss(index, kept);
    if (index === GLOBAL || isLimited) this.path.forget(kept);
  }
}

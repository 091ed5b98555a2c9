// Hot path: nothing here may allocate per packet.
/**
 * Attempts that have timed out: what is retransmitted, and what the silence of a port means once it was probed often enough.
 *
 * The constants are chosen by tests/sim/outage_test.ts and tests/lab/weather_test.ts.
 *
 * @module
 */

import { HOP_ABSENT, HOP_ANSWERS, HOP_GONE, HOP_PENDING, NEXT_HOP_SILENT, NO_PROBLEM } from "../local/local.ts";
import { stateIn } from "../result/outcome.ts";
import { isError } from "../result/rank.ts";
import { reasonCode } from "../result/reasons.ts";
import { OPEN, stateCode, UNDECIDED } from "../result/states.ts";
import type { EngineState } from "./engine_state.ts";
import type { ProbeSender } from "./probe_sender.ts";
import type { RetransmitPolicy } from "./retransmit.ts";
import type { HostLimiters } from "./host_limiters.ts";
import type { IcmpErrors } from "./icmp_limiters.ts";
import type { LossAccount } from "./loss_account.ts";
import { noteCode } from "./notes.ts";
import type { Liveness } from "./liveness.ts";
import type { SendErrors } from "./send_errors.ts";
import type { Proxies } from "./proxies.ts";
import type { StraySegments } from "./strays.ts";
import type { AbsentHosts } from "./absent_hosts.ts";
import type { RefusalChecks } from "./refusal_checks.ts";
import type { Blocks } from "./blocks.ts";
import type { Results } from "./results.ts";
import { silenceCountsAt } from "./silence_time.ts";
import { GLOBAL } from "./host_table.ts";
import { delaysEnd, FOR_LIVENESS, FOR_NEAR, FOR_RESULT, IN_FLIGHT, QUEUED, READY_LIST } from "./probe_table.ts";

const NO_RESPONSE = reasonCode("no-response");
const NO_ARP_RESPONSE = reasonCode("no-arp-response");
const HOST_UNREACH = reasonCode("host-unreach");
const HOST_SILENT = reasonCode("host-silent");
const UDP_RESPONSE = reasonCode("udp-response");
const ICMP_LIMITED = reasonCode("icmp-limited");
const CLOSED_OR_FILTERED = stateCode("closed|filtered");
const UNPROVEN_REPLY = noteCode(
  "the reply repeats too little of the probe: anybody who knows the ports can have sent it",
);

/** Time between two looks for what is pending of absent hosts, and the wait for the state of a next hop, in milliseconds. */
const ABSENT_GAP_MS = 20;
const HOP_GAP_MS = 20;
/** The shared state, and the policies that this one uses. */
type Parts = EngineState & {
  sender: ProbeSender;
  retransmit: RetransmitPolicy;
  limiters: HostLimiters;
  loss: LossAccount;
  liveness: Liveness;
  sendErrors: SendErrors;
  proxies: Proxies;
  strays: StraySegments;
  results: Results;
  absent: AbsentHosts;
  icmp: IcmpErrors;
  checks: RefusalChecks;
  blocks: Blocks;
};

/** The timeouts of one engine. */
export class SilencePolicy {
  readonly #state: Parts;
  /** When to look again for what is pending of absent hosts, in engine time. */
  #absentAt = 0;
  /** The number of times that a local path had become usable again, as of the last look. */
  #recoveries = 0;

  constructor(state: Parts) {
    this.#state = state;
  }

  /** Looks at the paths out of this machine: what was silent before one became usable again proves nothing. */
  checkPaths(timeMs: number): void {
    const { local, hosts } = this.#state;
    local.look(timeMs);
    if (local.recoveries === this.#recoveries) return;
    this.#recoveries = local.recoveries;
    hosts.forgetSilence();
  }

  /** Takes the slots that have waited long enough. */
  expire(timeMs: number): void {
    const { wheel } = this.#state;
    for (let slot = wheel.expire(timeMs, READY_LIST); slot >= 0; slot = wheel.expire(timeMs, READY_LIST)) {
      this.#expireSlot(slot, timeMs);
    }
  }

  #expireSlot(slot: number, timeMs: number): void {
    const { table, wheel, hosts, local, retransmit, sender, sendErrors, limiters, icmp, strays } = this.#state;
    const host = table.host[slot]!;
    const index = hosts.find(host);
    const sentMs = table.lastSentAt(slot);
    // Round trips may have been measured since the wait began.
    const dueMs = this.#state.absent.dueMs(slot, index, sentMs + retransmit.waitMs(slot, index));
    if (dueMs > timeMs) {
      wheel.schedule(slot, Math.min(dueMs, timeMs + retransmit.provisionalMs()));
      return;
    }
    if (table.purpose[slot] !== FOR_RESULT) return this.giveUp(slot);
    const agreed = icmp.isOn && table.tries[slot]! > 1 ? strays.agreedKind(slot) : -1;
    if (agreed >= 0) return this.#decideUnproven(slot, agreed);
    const reporter = this.#state.absent.reporterOf(host);
    if (reporter !== 0) {
      this.decideAbsent(slot, reporter);
      return;
    }
    const problem = local.problem(host);
    if (problem !== NO_PROBLEM) {
      sender.cancel(slot);
      sendErrors.block(slot, problem, timeMs);
      return;
    }
    const notLeft = sentMs < local.validSince(host);
    const isVoid = notLeft || sentMs < hosts.silenceCountsSince(index);
    if (isVoid) table.countedTries[slot] = 0;
    else if (table.countedTries[slot]! > 0 && limiters.of(index)?.wasOverwhelmed(sentMs)) table.countedTries[slot]!--;
    else if (icmp.isOn && table.countedTries[slot]! > 0) {
      const isSilence = !strays.hasUnprovenError(slot) && icmp.onSilence(slot, sentMs);
      if (!isSilence) table.countedTries[slot]!--;
    }
    icmp.release(slot);
    const isRetransmitted = table.doubtful[slot] === 0 && retransmit.needsAttempt(slot, index, isVoid, notLeft);
    if (isRetransmitted && this.#isDefeated(slot, index)) {
      sender.cancel(slot);
      this.#state.results.decide(slot, CLOSED_OR_FILTERED, NO_RESPONSE);
    } else if (isRetransmitted && icmp.awaitsToken(slot) && icmp.firstErrors.isDue(slot, timeMs)) {
      icmp.firstErrors.retransmit(slot, index, timeMs, sender);
    } else if (isRetransmitted) sender.retransmit(slot, index);
    else this.#finalize(slot, index, sentMs, timeMs);
  }

  /** Takes a liveness probe, a control port or a probe with a TTL of 1 that stayed without a reply, or could not be sent. */
  giveUp(slot: number): void {
    const { table, hosts, local, blocks, sender, proxies, loss, limiters, retransmit, icmp } = this.#state;
    const purpose = table.purpose[slot]!;
    if (proxies.onSilent(slot)) {
      table.status[slot] = QUEUED;
      table.move(slot, READY_LIST);
      return;
    }
    const [host, sentMs] = [table.host[slot]!, table.lastSentAt(slot)];
    const couldReply = (!icmp.isOn || icmp.witness.onSilence(slot, sentMs)) && sentMs >= local.validSince(host) &&
      local.problem(host) === NO_PROBLEM;
    blocks.onSilent(slot, couldReply);
    sender.drop(slot);
    const index = purpose === FOR_LIVENESS ? hosts.find(host) : GLOBAL;
    if (purpose === FOR_NEAR) proxies.onNearSilent(host);
    if (!couldReply || delaysEnd(purpose)) return;
    // Where something sent later was replied to, this one was lost by chance.
    if (sentMs < hosts.aliveAt[index]!) loss.addLostLiveness(index, sentMs);
    else hosts.noteLivenessLost(index, sentMs);
    if (purpose !== FOR_LIVENESS) return;
    hosts.livenessLost[index]!++;
    limiters.of(index)?.onLivenessProbe(sentMs, false, retransmit.timeoutMs(index));
  }

  /** Decides a port of a host that replies to too little, however slowly it is probed. */
  giveUpHost(slot: number, index: number): void {
    this.#fellSilent(slot, index, false);
    this.#state.sender.cancel(slot);
    this.#state.results.decide(slot, UNDECIDED, HOST_SILENT);
  }

  /** Decides, or postpones, what the silence of a port means that was probed often enough. */
  #finalize(slot: number, index: number, sentMs: number, timeMs: number): void {
    const { table, wheel, hosts, liveness, retransmit, results, sender, icmp } = this.#state;
    const host = table.host[slot]!;
    if (this.#awaitsRefill(slot, index)) return icmp.firstErrors.retransmit(slot, index, timeMs, sender);
    if (this.#isTooEarly(slot, index, sentMs, timeMs) || this.#isLostInFlow(slot, sentMs, timeMs)) return;
    const witness = liveness.witnessOf(index);
    const isAlive = liveness.wasAlive(witness, sentMs, timeMs);
    const hop = isAlive && witness !== GLOBAL ? HOP_ANSWERS : liveness.confirmHop(witness, host, sentMs, timeMs);
    if (!isAlive && !hosts.isUnreachable(witness, timeMs)) {
      wheel.schedule(slot, timeMs + retransmit.gapMs(witness));
      liveness.probeSilent(witness, timeMs);
    } else if (hop === HOP_PENDING) {
      wheel.schedule(slot, timeMs + HOP_GAP_MS);
    } else if (hop === HOP_ABSENT && index === GLOBAL) {
      sender.cancel(slot);
      results.decide(slot, stateIn(this.#state.driver.outcomes, NO_ARP_RESPONSE), NO_ARP_RESPONSE);
    } else if (!isAlive || hop !== HOP_ANSWERS) {
      if (witness !== GLOBAL) this.#fellSilent(slot, witness, hop !== HOP_ANSWERS);
      results.decide(slot, UNDECIDED, HOST_SILENT);
    } else {
      this.#decideSilent(slot, index);
    }
  }

  /** Handles a slot whose probes another next hop of its flow may have lost. */
  #isLostInFlow(slot: number, sentMs: number, timeMs: number): boolean {
    const { table, local, driver: { flowProtocol }, wheel, sender, results } = this.#state;
    if (flowProtocol === undefined) return false;
    const hop = local.confirmFlow(table.host[slot]!, table.port[slot]!, flowProtocol, sentMs, timeMs);
    if (hop === HOP_PENDING) wheel.schedule(slot, timeMs + HOP_GAP_MS);
    if (hop !== HOP_GONE) return hop === HOP_PENDING;
    sender.cancel(slot);
    results.decide(slot, UNDECIDED, NEXT_HOP_SILENT);
    return true;
  }

  /** Schedules a slot again that has had less time than its host, or the driver, needs. */
  #isTooEarly(slot: number, index: number, sentMs: number, timeMs: number): boolean {
    // A host whose errors are checked was probed before.
    const leastMs = silenceCountsAt(this.#state, slot, this.#state.checks.isCheck(slot) ? -1 : index, sentMs);
    if (timeMs < leastMs) this.#state.wheel.schedule(slot, leastMs);
    return timeMs < leastMs;
  }

  /** Notes that a host which has replied is given up. */
  #fellSilent(slot: number, index: number, isGone: boolean): void {
    const { hosts: { address, aliveAt, answered, livenessAnswered }, table, clock, silences } = this.#state;
    const host = address[index]!;
    if (table.doubtful[slot]! > 0) silences.onUnreachable(host, table.doubtfulFrom[slot]!);
    if (silences.hasFallen(host)) return;
    const afterMs = Math.max(0, aliveAt[index]! - clock.beganMs);
    silences.fell({ host, afterMs, replies: answered[index]! + livenessAnswered[index]!, isGone, reportedBy: 0 });
  }

  /** Ends what is in flight to hosts that have been reported in the place of their ports, or waits to be sent to them. */
  endAbsent(timeMs: number): void {
    const { table, absent, sink } = this.#state;
    if (sink.absent === undefined || timeMs < this.#absentAt || !absent.takeNews()) return;
    this.#absentAt = timeMs + ABSENT_GAP_MS;
    for (let slot = 0; slot < table.capacity; slot++) {
      if (table.status[slot]! < IN_FLIGHT || table.purpose[slot] !== FOR_RESULT) continue;
      const reporter = absent.reporterOf(table.host[slot]!);
      if (reporter !== 0) this.decideAbsent(slot, reporter);
    }
  }

  /** Decides what is probed of a host that a router has reported as absent. */
  decideAbsent(slot: number, reporter: number): void {
    const { driver: { outcomes }, sender, results } = this.#state;
    sender.cancel(slot);
    results.decide(slot, stateIn(outcomes, HOST_UNREACH, false, true), HOST_UNREACH, reporter);
  }

  /** Decides a port by replies of this kind without a token. */
  #decideUnproven(slot: number, kind: number): void {
    const { table: { host, port }, notes, counts, results, sender, strays, driver: { outcomes } } = this.#state;
    const from = strays.senderOf(slot);
    if (kind === UDP_RESPONSE || isError(kind)) {
      notes.addPort(host[slot]!, port[slot]!, UNPROVEN_REPLY);
      sender.cancel(slot);
      counts.answered++;
    }
    if (from === host[slot]) this.#state.addUnproven(from);
    results.decide(slot, isError(kind) ? stateIn(outcomes, kind, from === host[slot]) : OPEN, kind, from);
    if (!isError(kind)) this.#state.proxies.onUnprovenOpen(from);
  }

  /** True for a slot that would be probed again at the pace of a limit, if the user waits for that. */
  #isDefeated(slot: number, index: number): boolean {
    const { limits, icmp, loss, strays } = this.#state;
    return limits.defeatsIcmpLimit === true && icmp.isOn && !strays.hasUnproven(slot) &&
      icmp.isPaced(slot, loss.attemptsNeeded(slot, index));
  }

  /** True for a slot of which too few attempts count, since for the others no error could be sent. */
  #isUncovered(slot: number, index: number): boolean {
    const { table: { tries, countedTries }, icmp, loss } = this.#state;
    return icmp.isOn && countedTries[slot]! < tries[slot]! && countedTries[slot]! < loss.attemptsNeeded(slot, index);
  }

  /** True for a slot that is probed again after a refill of its host's bucket: nothing else decides it. */
  #awaitsRefill(slot: number, index: number): boolean {
    const { icmp, strays, retransmit, table: { doubtful } } = this.#state;
    return icmp.awaitsToken(slot) && doubtful[slot] === 0 && strays.agreedKind(slot) < 0 &&
      retransmit.needsAttempt(slot, index, true, false);
  }

  /** Decides a port whose host, or the path to it, is known to have been there. */
  #decideSilent(slot: number, index: number): void {
    const { table, local, driver: { outcomes } } = this.#state;
    const { sender, results, strays, loss, icmp, silences, checks } = this.#state;
    const host = table.host[slot]!;
    const agreed = table.doubtful[slot]! > 0 ? -1 : strays.agreedKind(slot);
    if (agreed >= 0) return this.#decideUnproven(slot, agreed);
    sender.cancel(slot);
    if (table.doubtful[slot]! > 0) return results.decideDoubtful(slot);
    if (checks.isCheck(slot)) return results.decide(slot, stateIn(outcomes, NO_RESPONSE), NO_RESPONSE);
    if (icmp.awaitsToken(slot) || this.#isUncovered(slot, index)) {
      results.decide(slot, UNDECIDED, ICMP_LIMITED);
      return;
    }
    if (index === GLOBAL) {
      local.noReply(host);
      checks.addSilent(host, table.port[slot]!);
    }
    silences.onSilence(host);
    loss.addSilent(slot, index);
    results.decide(slot, stateIn(outcomes, NO_RESPONSE), NO_RESPONSE);
  }
}

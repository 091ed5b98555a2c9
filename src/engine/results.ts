// Hot path: nothing here may allocate per packet.
/**
 * Gives results to the sink: first ones, and those that a later reply replaces.
 *
 * @module
 */

import { outcomeCode, reasonOfOutcome, stateIn, stateOfOutcome } from "../result/outcome.ts";
import { contradiction, isError, refuses, weightOf, wins } from "../result/rank.ts";
import { reasonCode } from "../result/reasons.ts";
import type { EngineState } from "./engine_state.ts";
import type { ProbeSender } from "./probe_sender.ts";
import type { RefusalChecks } from "./refusal_checks.ts";
import type { IcmpErrors } from "./icmp_limiters.ts";
import type { Proxies } from "./proxies.ts";
import type { LossAccount } from "./loss_account.ts";
import { OPEN } from "../result/states.ts";
import { FOR_RESULT } from "./probe_table.ts";

const NO_RESPONSE = reasonCode("no-response");
const ICMP_LIMITED = reasonCode("icmp-limited");
const HOST_SILENT = reasonCode("host-silent");
const HOST_UNREACH = reasonCode("host-unreach");
const RESET = reasonCode("reset");
const NET_UNREACH = reasonCode("net-unreach");

/** The shared state, and the policies that this one uses. */
type Parts = EngineState & {
  sender: ProbeSender;
  loss: LossAccount;
  proxies: Proxies;
  icmp: IcmpErrors;
  checks: RefusalChecks;
};

/** The results of one engine. */
export class Results {
  readonly #state: Parts;

  constructor(state: Parts) {
    this.#state = state;
  }

  /** Decides the port of a slot, without a packet that decided by default, and releases the slot. */
  decide(
    slot: number,
    state: number,
    reason: number,
    from: number = this.#state.table.host[slot]!,
    ttl = 0,
    rttMs = -1,
    note: number = this.#noteOf(slot),
  ): void {
    if (this.#state.checks.isCheck(slot)) return this.#decideAgain(slot, state, reason, from, ttl, rttMs, note);
    this.#state.counts.byState[state]!++;
    if (reason === ICMP_LIMITED) this.#state.icmp.onUndecided(this.#state.table.host[slot]!);
    this.#state.table.reason[slot] = reason;
    this.#emit(slot, state, reason, ttl, rttMs, from, -1, note);
    this.#state.sender.release(slot, state);
  }

  /** Decides the port of a slot by the error that is kept for it. */
  decideDoubtful(slot: number): void {
    const { table: { host, port, doubtful, doubtfulFrom }, driver: { outcomes }, counts, checks } = this.#state;
    const [reason, from] = [doubtful[slot]!, doubtfulFrom[slot]!];
    counts.answered++;
    checks.add(host[slot]!, port[slot]!, reason, from);
    this.decide(slot, stateIn(outcomes, reason, false), reason, from);
  }

  /** Decides a port that an ICMP error has decided before: only another state is given to the sink. */
  #decideAgain(
    slot: number,
    state: number,
    reason: number,
    from: number,
    ttl: number,
    rttMs: number,
    note: number,
  ): void {
    const { table, counts, sender, checks } = this.#state;
    const replaced = checks.settle(slot, state, reason);
    const before = replaced < 0 ? ~replaced : replaced;
    if (replaced >= 0) {
      counts.late++;
      counts.byState[stateOfOutcome(before)]!--;
      counts.byState[state]!++;
      this.#emit(slot, state, reason, ttl, rttMs, from, before, note);
    }
    table.reason[slot] = replaced < 0 ? reasonOfOutcome(before) : reason;
    sender.release(slot, replaced < 0 ? stateOfOutcome(before) : state);
  }

  /** Gives a port of the source that was never probed a result without a slot. */
  skip(host: number, port: number, state: number, reason: number, from = 0): void {
    this.#state.counts.byState[state]!++;
    this.#state.sink.result(host, port, state, reason, 0, -1, 0, from, -1, 0);
  }

  /** Takes a reply to a decided slot: a duplicate, or one that came too late and replaces the result. */
  onLateReply(
    slot: number,
    attempt: number,
    state: number,
    reason: number,
    ttl: number,
    own: boolean,
    sentMs: number,
    waitedMs: number,
    rttMs: number,
    from: number,
  ): void {
    const { table, counts, clock, hosts } = this.#state;
    const host = table.host[slot]!;
    const before = table.state[slot]!;
    const replaced = table.reason[slot]!;
    const purpose = table.purpose[slot]!;
    const isResult = purpose === FOR_RESULT;
    if (isResult) this.#noteContradiction(slot, reason);
    const isLate = replaced === HOST_SILENT && !own && this.isDoubtful(hosts.find(host), reason);
    // What was silent beside errors is checked together with these.
    const isChecked = isError(reason) && this.#state.checks.keeps(host);
    if (isLate || isChecked || !wins(reason, replaced)) {
      counts.duplicates++;
      return;
    }
    if (isResult && replaced === NO_RESPONSE) this.#state.loss.removeSilent(slot, hosts.find(host));
    // The latest replies show most of how long round trips are.
    const index = this.#state.indexOfReply(host, own, purpose, clock.nowMs);
    this.#state.loss.measure(index, own, sentMs, waitedMs);
    table.state[slot] = state;
    table.reason[slot] = reason;
    if (!isResult || !refuses(replaced) && !this.#state.checks.replaces(host, table.port[slot]!)) return;
    const isSameProbe = table.answered[slot] === attempt && table.tries[slot]! <= this.#state.driver.attemptPeriod;
    if (refuses(replaced) && state === OPEN && isSameProbe) this.#state.proxies.onRefusedAndAccepted(host);
    table.answered[slot] = attempt;
    counts.late++;
    counts.byState[before]!--;
    counts.byState[state]!++;
    this.#emit(slot, state, reason, ttl, rttMs, from, outcomeCode(before, replaced), this.#noteOf(slot));
  }

  /**
   * True for a router's report that a host is unreachable which has replied before: either the host has gone away in the middle of
   * the scan, which proves nothing about the port, or a firewall rejects this port.
   */
  isDoubtful(index: number, reason: number): boolean {
    return (reason === HOST_UNREACH || reason === NET_UNREACH) && this.#state.hosts.answered[index]! > 0;
  }

  /** Adds a note to a port of which two replies contradict each other. */
  #noteContradiction(slot: number, reason: number): void {
    const { table, notes } = this.#state;
    const note = contradiction(reason, table.reason[slot]!);
    if (note === 0) return;
    notes.addPort(table.host[slot]!, table.port[slot]!, note);
    // Where some replies contradict each other others may: from now on decided slots are kept longer.
    this.#state.sender.keptWeight = weightOf(RESET);
  }

  #noteOf(slot: number): number {
    const { notes, table } = this.#state;
    return notes.of(table.host[slot]!, table.port[slot]!);
  }

  #emit(
    slot: number,
    state: number,
    reason: number,
    ttl: number,
    rttMs: number,
    from: number,
    replaced: number,
    note: number,
  ): void {
    const { sink, table: { host, port, tries } } = this.#state;
    sink.result(host[slot]!, port[slot]!, state, reason, ttl, rttMs, tries[slot]!, from, replaced, note);
  }
}

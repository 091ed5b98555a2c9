// Hot path: nothing here may allocate per packet, but for the first error of a host and the first other reply of a port.
/**
 * Ports that an ICMP error has decided, and pings. Such an error may be gone a second later, as while a route flaps, or meet a part of
 * the probes only, as where a firewall rejects those beyond a rate. So a sample of each host's is probed again at the end, once
 * errors have not come for a while. Where none gets another reply, that is all. Else the others are probed again too, at the pace at
 * which replies came, until a round changes nothing, or would take too much time.
 *
 * The constants are chosen by tests/sim/refusals_test.ts and tests/lab/refusals_test.ts.
 *
 * @module
 */

import { grown } from "../collections/grown.ts";
import { outcomeCode, stateIn } from "../result/outcome.ts";
import { isError } from "../result/rank.ts";
import { reasonCode } from "../result/reasons.ts";
import { UNDECIDED } from "../result/states.ts";
import { CheckPace } from "./check_pace.ts";
import type { Blocks } from "./blocks.ts";
import type { EngineState } from "./engine_state.ts";
import { GLOBAL } from "./host_table.ts";
import type { IcmpErrors } from "./icmp_limiters.ts";
import { REFUSED_LEN } from "./interfaces.ts";
import type { ProbeSender } from "./probe_sender.ts";
import { FOR_RESULT } from "./probe_table.ts";
import { DISPUTED, RefusedGroups, SAMPLE, SAMPLED, SETTLED, UNPROVEN } from "./refused_groups.ts";
import type { UnsettledRefusals } from "./silences.ts";

const NO_RESPONSE = reasonCode("no-response");
/** The time from the last error to the first probe that checks one, in milliseconds. */
const RECOVERY_MS = 1100;
/** Rounds end after so many, once they have taken so long in milliseconds, or at once where the next would take as long. */
const MIN_ROUNDS = 3;
const MAX_CHECK_MS = 180_000;
/** Ports that are kept; of others the sample of these shows how many are wrong. */
const MAX_REFUSED = 1 << 20;
/** Ports that a snapshot has. */
const MAX_SAVED = 1 << 16;

/** The shared state, and the policies that this one uses. */
type Parts = EngineState & { sender: ProbeSender; icmp: IcmpErrors; blocks: Blocks };

/** The refused ports of one engine. Times are engine milliseconds. */
export class RefusalChecks {
  /** Groups of which refusals stand although the last round still had other replies. */
  readonly unsettled: UnsettledRefusals[] = [];
  readonly #state: Parts;
  readonly #groups = new RefusedGroups();
  /** The refused ports, each with its group: 0 once another result has replaced the refusal. */
  #ports = new Uint16Array(64);
  #groupOf = new Uint32Array(64);
  #count = 0;
  /** Refused ports that are not kept, and the share of the first round that had another result. */
  #others = 0;
  #changedShare = 0;
  /** By slot, the place of its port among the refused ones plus 1; 0 for a slot that checks none. */
  #placeOf = new Uint32Array(0);
  /** Refused ports that a later reply to the first probe, or to one that checks it, has decided anew. */
  readonly #replaced = new Set<number>();
  #refusedAt = 0;
  #beganMs = -1;
  /** Of the present round: its number, the next port, probes in flight, all that were sent, and those with another result. */
  #round = 0;
  #at = 0;
  #inFlight = 0;
  #sent = 0;
  #changed = 0;
  readonly #pace = new CheckPace();
  /** Sources of groups of which the round has met further errors. */
  readonly #refusing = new Set<number>();

  constructor(state: Parts) {
    this.#state = state;
  }

  /** True while nothing is left to be probed again. */
  get isSettled(): boolean {
    return this.#count === 0;
  }

  /** When to call {@linkcode RefusalChecks.take}; Infinity while anything else is probed. */
  get nextAt(): number {
    const { position, source, open } = this.#state;
    if (this.#count === 0 || position < source.size || open !== this.#inFlight) return Infinity;
    if (this.#at === this.#count && this.#inFlight > 0) return Infinity;
    return this.#isNextOver() ? -Infinity : Math.max(this.#refusedAt + RECOVERY_MS, this.#pace.nextAt);
  }

  /** True where the next port is of a host whose time is up: it is taken without being sent, and waits for nothing. */
  #isNextOver(): boolean {
    let place = this.#at;
    while (place < this.#count && this.#groupOf[place] === 0) place++;
    return place < this.#count && this.#state.isOver(this.#groups.host[this.#groupOf[place]!]!);
  }

  /** Results of ports that were not kept which are expected to be wrong. */
  get expectedWrong(): number {
    return this.#others * this.#changedShare;
  }

  /** Takes that an ICMP error of `from` decides a port. */
  add(host: number, port: number, reason: number, from: number): void {
    const { icmp, limits, driver, clock } = this.#state;
    // Of UDP, silence and errors are settled together; a host that sends an error itself is there.
    if (icmp.isOn || limits.maxRetries === 0 || driver.probesHosts === true && from === host) return;
    this.#refusedAt = clock.nowMs;
    if (!this.#keep(host, port, reason, from)) this.#others++;
  }

  /** Takes that silence decides a port of a host that has not replied: where an error is gone later, so may that be for which there was none. */
  addSilent(host: number, port: number): void {
    if (this.keeps(host)) this.#keep(host, port, NO_RESPONSE, 0);
  }

  /** Takes that silence has decided a port of a host before it was found to cap its replies: the host is the sender of that silence. */
  addUnproven(host: number, port: number): void {
    if (this.#state.limits.maxRetries > 0) this.#keep(host, port, NO_RESPONSE, host);
  }

  /** True for a host of which results are checked. */
  keeps(host: number): boolean {
    return this.#count > 0 && this.#groups.has(host);
  }

  /** Returns the ports that are left to be checked, as `Remaining` has them; the first ones of many. */
  kept(): Uint32Array<ArrayBuffer> {
    const { host, from, reason } = this.#groups;
    const kept: number[] = [];
    for (let place = 0; place < this.#count && kept.length < REFUSED_LEN * MAX_SAVED; place++) {
      const group = this.#groupOf[place]!;
      if (group > 0) kept.push(host[group]!, this.#ports[place]!, reason[group]!, +(from[group] === host[group]));
    }
    return Uint32Array.from(kept);
  }

  /** Continues with the ports that were left when the scan was interrupted. Their routers have other numbers now: 0 stands for all. */
  restore(): void {
    const { source: { refused = [] }, clock } = this.#state;
    this.#refusedAt = clock.nowMs;
    for (let at = 0; at < refused.length; at += REFUSED_LEN) {
      const host = refused[at]!;
      this.#keep(host, refused[at + 1]!, refused[at + 2]!, refused[at + 3] === 1 ? host : 0);
    }
  }

  /** Keeps a port to be probed again; false if there are too many. */
  #keep(host: number, port: number, reason: number, from: number): boolean {
    const group = this.#count < MAX_REFUSED ? this.#groups.of(host, from, reason) : 0;
    if (group === 0) return false;
    if (this.#count === this.#ports.length) {
      this.#ports = grown(this.#ports, 2 * this.#count);
      this.#groupOf = grown(this.#groupOf, 2 * this.#count);
    }
    this.#ports[this.#count] = port;
    this.#groupOf[this.#count++] = group;
    this.#groups.size[group]!++;
    return true;
  }

  /** Returns the slot of a port to be probed again, or to be given up as the time of its host is up; -1 if there is none now. */
  take(): number {
    const { clock: { nowMs: timeMs }, sender, table } = this.#state;
    if (this.nextAt > timeMs) return -1;
    while (this.#at < this.#count && !this.#isWanted(this.#at)) this.#pass();
    if (this.#at === this.#count) {
      if (this.#inFlight === 0) this.#endRound(timeMs);
      return -1;
    }
    const host = this.#groups.host[this.#groupOf[this.#at]!]!;
    const slot = sender.enqueue(host, this.#ports[this.#at]!, FOR_RESULT);
    if (slot < 0) return -1;
    if (slot >= this.#placeOf.length) this.#placeOf = grown(this.#placeOf, table.capacity);
    this.#pass();
    this.#placeOf[slot] = this.#at;
    this.#inFlight++;
    if (this.#state.isOver(host)) return slot;
    if (this.#beganMs < 0) this.#beganMs = timeMs;
    this.#sent++;
    this.#pace.onSent(timeMs);
    return slot;
  }

  /** True for a slot whose port was refused and is probed again. */
  isCheck(slot: number): boolean {
    return slot < this.#placeOf.length && this.#placeOf[slot] !== 0;
  }

  /**
   * Takes the new result of a slot that checks one.
   *
   * @returns The outcome code of the result that it replaces; below 0, with that code's complement, if it replaces none.
   */
  settle(slot: number, state: number, reason: number): number {
    const place = this.#placeOf[slot]! - 1;
    const group = this.#groupOf[place]!;
    const { host, from, reason: reasons, mode, size, changed } = this.#groups;
    const before = outcomeCode(this.#stateOf(group), reasons[group]!);
    this.#placeOf[slot] = 0;
    this.#inFlight--;
    if (isError(reason)) this.#refusing.add(this.#groups.sourceOf(group));
    // Errors are rationed: silence is another result only where those of the host are no rule.
    const isProof = reason !== NO_RESPONSE || mode[group] === DISPUTED;
    const isChanged = isProof && !isError(reason) && state !== this.#stateOf(group) &&
      (state !== UNDECIDED || mode[group] === UNPROVEN);
    if (isChanged) {
      if (state !== UNDECIDED) this.#changed++;
      changed[group]!++;
      size[group]!--;
      this.#groupOf[place] = 0;
      this.#state.blocks.onOtherReply(host[group]!);
      if (reasons[group] !== NO_RESPONSE) this.#state.silences.onError(host[group]!, from[group]!, -1);
    }
    return isChanged && this.replaces(host[group]!, this.#ports[place]!) ? before : ~before;
  }

  /** Returns true, once, for a port whose refusal, or silence, a reply replaces; more often for ports of which none are kept. */
  replaces(host: number, port: number): boolean {
    if (this.#groups.count === 0) return true;
    const key = host * 0x1_0000 + port;
    if (this.#replaced.has(key)) return false;
    if (this.#replaced.size < MAX_REFUSED) this.#replaced.add(key);
    return true;
  }

  #stateOf(group: number): number {
    const { host, from, reason } = this.#groups;
    return stateIn(this.#state.driver.outcomes, reason[group]!, from[group] === host[group]);
  }

  /** True for a group of whose errors none has come again, not even one: its silence counts then, if that means another state. */
  #isSilent(group: number): boolean {
    const { mode, passed } = this.#groups;
    return mode[group] === SAMPLED && passed[group]! > 0 && !this.#refusing.has(this.#groups.sourceOf(group)) &&
      stateIn(this.#state.driver.outcomes, NO_RESPONSE) !== this.#stateOf(group);
  }

  /**
   * True for a refused port that the present round probes. Of the sample's, the first refused ones are as good as the last. Of hosts whose
   * time is up, only results that show nothing by themselves are.
   */
  #isWanted(place: number): boolean {
    const { hosts, driver } = this.#state;
    const { host, mode } = this.#groups;
    const group = this.#groupOf[place]!;
    if (group === 0 || mode[group]! < SAMPLED) return false;
    if (mode[group] !== UNPROVEN && this.#state.isOver(host[group]!)) return false;
    if (driver.probesHosts === true && hosts.find(host[group]!) !== GLOBAL) return false;
    return mode[group]! >= DISPUTED || this.#groups.isSampleNext(group);
  }

  #pass(): void {
    this.#groups.passed[this.#groupOf[this.#at++]!]!++;
  }

  /**
   * Ends a round. All refused ports of a group with another result are probed again; of one without, but whose errors come from where those
   * of such a group do, once more a sample, or a first one where its kind was skipped; and of a host with other results also what was silent. Others are settled.
   */
  #endRound(timeMs: number): void {
    const groups = this.#groups;
    const { host, reason, mode, size, passed, changed, count } = groups;
    if (this.#round === 0) this.#changedShare = this.#changed / Math.max(1, this.#sent);
    const other = { sources: new Set<number>(), kinds: new Set<number>(), hosts: new Set<number>() };
    for (let group = 1; group <= count; group++) {
      if (changed[group] === 0 && !this.#isSilent(group)) continue;
      other.sources.add(groups.sourceOf(group));
      other.kinds.add(groups.kindOf(group));
      other.hosts.add(host[group]!);
    }
    let left = 0;
    const next: UnsettledRefusals[] = [];
    for (let group = 1; group <= count; group++) {
      const isSilent = reason[group] === NO_RESPONSE;
      const isDue = groups.isNext(group, other);
      const isCut = size[group]! > 0 && (isDue || mode[group] === DISPUTED) && this.#state.isOver(host[group]!);
      const isNext = isDue && !isCut;
      if (isCut) this.#cut(group);
      const isDisputed = isSilent || changed[group]! > 0 || this.#isSilent(group);
      mode[group] = !isNext ? SETTLED : isDisputed ? DISPUTED : SAMPLED;
      passed[group] = changed[group] = 0;
      if (!isNext || size[group] === 0) continue;
      left += mode[group] === DISPUTED ? size[group]! : Math.min(SAMPLE, size[group]!);
      next.push(groups.at(group));
    }
    const roundMs = this.#changed === this.#sent ? 0 : this.#pace.roundMs(left, this.#changed);
    const isOver = roundMs + (this.#round < MIN_ROUNDS ? 0 : timeMs - this.#beganMs) >= MAX_CHECK_MS;
    if (isOver) this.unsettled.push(...next);
    if (left === 0 || isOver) this.#count = 0;
    this.#round++;
    this.#at = this.#sent = this.#changed = 0;
    this.#refusing.clear();
    this.#pace.begin(roundMs / Math.max(1, left));
  }

  /** Leaves refusals as they are although others like them had another result, because the time of their host is up. */
  #cut(group: number): void {
    this.#state.silences.timedOut.add(this.#groups.host[group]!);
    this.unsettled.push(this.#groups.at(group));
  }
}

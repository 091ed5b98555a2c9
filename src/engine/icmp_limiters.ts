// Hot path: nothing here may allocate per packet, but for the first error of a sender.
/**
 * Settles the silence of ports where ICMP errors tell closed ones: each sender of errors has a limit, and ports whose silence shows nothing
 * are probed again at the pace that it allows, those first that probably have a service. Until then every port is probed at full rate.
 *
 * @module
 */

import { grown } from "../collections/grown.ts";
import { probeId } from "../driver/driver.ts";
import { stateIn } from "../result/outcome.ts";
import { reasonCode } from "../result/reasons.ts";
import { CLOSED } from "../result/states.ts";
import type { CoveredLoss } from "./covered_loss.ts";
import type { EngineState } from "./engine_state.ts";
import { FirstErrors } from "./first_errors.ts";
import type { ErrorLimit } from "./icmp_limit.ts";
import { LimitedWitness } from "./limited_witness.ts";
import { Limiter, type PeerLimit } from "./peer_limits.ts";
import { IN_FLIGHT } from "./probe_table.ts";
import type { LossMeter } from "./loss.ts";
import type { LimitedErrors } from "./silences.ts";

const PORT_UNREACH = reasonCode("port-unreach");
/** The least time between two services for each thousand limits, and the longest, in milliseconds. */
const [SERVICE_GAP_MS, MAX_SERVICE_GAP_MS] = [1, 1000];
/** Attempts at full rate, at most, at a port that probably has a service. */
const MAX_SWEEPS = 12;

/** A sender of slots. */
interface SlotSender {
  /** Sends the next attempt of a slot from one of the addresses that hosts are probed from; false when there is no room. */
  send(slot: number, index: number, timeMs: number, source: number): boolean;
}

/** The shared state, and the policies that this one uses. */
type Parts = EngineState & { loss: { readonly path: LossMeter } };

/** The limits of the ICMP errors of one scan, as other policies see them. */
export type IcmpErrors = Pick<IcmpLimiters, keyof IcmpLimiters>;

/** The limits of the ICMP errors of one scan. */
export class IcmpLimiters {
  /** True where errors of hosts tell closed ports. */
  readonly isOn: boolean;
  /** Slots that wait. */
  queued = 0;
  /** Ports of hosts that have sent no error. */
  readonly firstErrors: FirstErrors;
  /** Liveness probes that cost a token. */
  readonly witness: LimitedWitness;
  readonly #state: Parts;
  readonly #bySender = new Map<number, Limiter>();
  readonly #byHost = new Map<number, Limiter>();
  /** Those of senders that are no targets: what a router does for one host, it does for its neighbours. */
  readonly #byNetwork = new Map<number, Limiter>();
  #active: Limiter[] = [];
  /** By slot, the place of its first attempt among those of all. */
  #order = new Uint32Array(0);
  #firsts = 0;
  /** By slot, the number of attempts whose silence was looked at: the wait after the last may be prolonged. */
  #judged = new Uint8Array(0);
  /** By slot, the number of attempts that were sent for a token and have had no reply. */
  #covered = new Uint8Array(0);
  /** By slot, the limit of which it holds a token. */
  readonly #holders: (PeerLimit | undefined)[] = [];
  #isQueued = new Uint8Array(0);
  /** By slot, 1 where the last attempt was sent at the pace of a limit. */
  #isPaced = new Uint8Array(0);
  #nextServiceAt = Infinity;
  #servicedAt = 0;

  constructor(state: Parts) {
    this.#state = state;
    this.firstErrors = new FirstErrors(state);
    this.witness = new LimitedWitness(state, (host) => this.#of(host));
    this.isOn = stateIn(state.driver.outcomes, PORT_UNREACH) === CLOSED;
  }

  /** When to call {@linkcode IcmpLimiters.service} next; Infinity while nothing waits. */
  get nextAt(): number {
    if (this.queued === 0) return Infinity;
    return Math.max(this.#nextServiceAt, this.#servicedAt + SERVICE_GAP_MS * (1 + this.#active.length / 1000));
  }

  /** Takes that the first attempt of a slot is sent. */
  onFirst(slot: number): void {
    if (slot >= this.#order.length) {
      this.#order = grown(this.#order, this.#state.table.capacity);
      this.#judged = grown(this.#judged, this.#state.table.capacity);
      this.#covered = grown(this.#covered, this.#state.table.capacity);
    }
    this.firstErrors.onFirst(slot);
    this.#order[slot] = ++this.#firsts;
    this.#judged[slot] = this.#covered[slot] = 0;
  }

  /** Takes an error in reply to an attempt that was sent at `sentMs`. */
  onError(slot: number, attempt: number, from: number, sentMs: number): void {
    const { host: hosts, tries, countedTries } = this.#state.table;
    const host = hosts[slot]!;
    // Attempts before the first error may have met an empty bucket.
    if (this.firstErrors.takeUnproven(slot)) {
      countedTries[slot] = Math.min(countedTries[slot]!, tries[slot]! - attempt);
    }
    const lost = Math.max(0, attempt - (tries[slot]! - countedTries[slot]!));
    let limiter = this.#bySender.get(from);
    if (limiter === undefined) {
      const { table, driver } = this.#state;
      limiter = new Limiter(from, driver.sourceCount ?? 1, [table.newList(), table.newList()]);
      this.#bySender.set(from, limiter);
      if (attempt > 0) { for (const { limit } of limiter.limits) limit.startEmpty(sentMs); }
    }
    this.#limitOf(limiter, slot, attempt).onError(sentMs, lost, attempt === 0 ? this.#order[slot] : 0);
    limiter.loss.onReply(this.#covered[slot]!, this.#holdsToken(slot, limiter));
    this.#covered[slot] = 0;
    if (from === host || !this.#byHost.has(host)) this.#byHost.set(host, limiter);
    if (from !== host) this.#byNetwork.set(this.#state.networkOf(host), limiter);
  }

  /**
   * Takes that an attempt of a slot that was sent at `sentMs` has had no reply; returns true if an error could have been sent. Of attempts at
   * full rate only the first counts: where one has met an empty bucket, so have those that follow at once.
   */
  onSilence(slot: number, sentMs: number): boolean {
    const { table: { host, tries, countedTries }, loss } = this.#state;
    const limiter = this.#of(host[slot]!);
    if (this.firstErrors.onSilence(slot, limiter?.sender)) countedTries[slot] = 1;
    if (limiter === undefined || this.#judged[slot] === tries[slot]) return true;
    this.#judged[slot] = tries[slot]!;
    const limit = this.#limitOf(limiter, slot, tries[slot]! - 1);
    const couldSend = limit.couldSend(sentMs);
    const spent = limiter.spentBy(this.#covered[slot]! + 1, loss.path.lost);
    limit.onSilence(sentMs, tries[slot] === 1 ? this.#order[slot]! : 0, spent);
    if (couldSend && countedTries[slot]! > 1) limiter.silentAgain++;
    // What is silent may have shown just now that nothing could be sent.
    const isApart = tries[slot] === 1 || limit.isUnlimited || this.#isPaced[slot] === 1;
    if (!couldSend || !isApart || !limit.couldSend(sentMs)) return false;
    if (this.#holdsToken(slot, limiter)) limiter.onCovered(limit, sentMs, ++this.#covered[slot]!);
    return true;
  }

  /** True for a slot whose silence does not count yet, since its host has sent no error, and may have had no token for one. */
  awaitsToken(slot: number): boolean {
    const { host } = this.#state.table;
    return this.isOn && this.#of(host[slot]!)?.sender !== host[slot] && this.firstErrors.awaitsToken(slot);
  }

  /**
   * Returns the loss of a host with a narrow limit, as attempts for its tokens show it; undefined for another. At full rate such a host replies
   * until its bucket is empty, and silence behind that counts for nothing: replies alone would show no loss.
   */
  lossOf(host: number): CoveredLoss | undefined {
    const limiter = this.#of(host);
    return limiter?.isWide === false ? limiter.loss : undefined;
  }

  /** Results from silence of hosts with narrow limits that are expected to be wrong. */
  get expectedWrong(): number {
    return this.#bySender.values().reduce((sum, { loss }) => sum + loss.expectedWrong, 0);
  }

  /** True for a slot whose last attempt was sent for a token, so that its reply and its silence alike show the loss. */
  #holdsToken(slot: number, { limits }: Limiter): boolean {
    const holder = this.#holders[slot];
    return holder !== undefined && limits.includes(holder);
  }

  /** True for a slot whose silence is to be settled at the pace of a limit, `needed` attempts at it being needed. */
  isPaced(slot: number, needed: number): boolean {
    const { table: { host, port, tries }, driver } = this.#state;
    const limiter = this.#of(host[slot]!);
    if (limiter === undefined || limiter.isUnlimited) return false;
    return tries[slot]! >= Math.min(MAX_SWEEPS, needed) || driver.isLikely?.(port[slot]!) !== true;
  }

  /** Moves a slot to the queue of its sender of errors. */
  enqueue(slot: number): void {
    const { table, driver, clock } = this.#state;
    const limiter = this.#of(table.host[slot]!)!;
    table.move(slot, limiter.queues[driver.isLikely?.(table.port[slot]!) === true ? 0 : 1]);
    if (slot >= this.#isQueued.length) {
      this.#isQueued = grown(this.#isQueued, table.capacity);
      this.#isPaced = grown(this.#isPaced, table.capacity);
    }
    this.#isQueued[slot] = 1;
    this.queued++;
    if (!limiter.isActive) this.#active.push(limiter);
    limiter.isActive = true;
    for (const { limit, reserved } of limiter.limits) {
      this.#nextServiceAt = Math.min(this.#nextServiceAt, limit.nextAt(clock.nowMs, reserved));
    }
  }

  /** True for a slot that waits, or has waited, for a limit. */
  isWaiting(slot: number): boolean {
    return this.#isQueued[slot] === 1 || this.#isPaced[slot] === 1;
  }

  /** Takes that the reply to the last attempt of a slot is not expected any more, or that it is decided. */
  release(slot: number): void {
    if (!this.isOn) return;
    this.witness.release(slot);
    if (slot < this.#isPaced.length) this.#isPaced[slot] = 0;
    if (this.#isQueued[slot] === 1) {
      this.#isQueued[slot] = 0;
      this.queued--;
    }
    const holder = this.#holders[slot];
    if (holder === undefined) return;
    this.#holders[slot] = undefined;
    holder.reserved--;
    this.#nextServiceAt = Math.min(this.#nextServiceAt, this.#state.clock.nowMs);
  }

  /** Sends what the limits allow; returns the number of probes. */
  service(timeMs: number, budget: number, sender: SlotSender): number {
    if (timeMs < this.nextAt) return 0;
    this.#servicedAt = timeMs;
    this.#nextServiceAt = timeMs + MAX_SERVICE_GAP_MS;
    let sent = 0;
    for (const limiter of this.#active) {
      for (let source = 0; source < limiter.limits.length; source++) {
        sent += this.#serve(limiter, source, timeMs, budget - sent, sender);
      }
    }
    if (this.#active.some(({ isActive }) => !isActive)) this.#active = this.#active.filter(({ isActive }) => isActive);
    return sent;
  }

  /** Sends what the limit of errors to one of our addresses allows; returns the number of probes. */
  #serve(limiter: Limiter, source: number, timeMs: number, budget: number, sender: SlotSender): number {
    const { limit } = limiter.limits[source]!;
    for (let sent = 0;; sent++) {
      const slot = this.#first(limiter, source, timeMs);
      limiter.isActive = slot >= 0;
      if (slot < 0) return sent;
      const dueMs = sent < budget
        ? Math.max(limit.nextAt(timeMs, limiter.limits[source]!.reserved), this.#apartAt(slot, limit, source, timeMs))
        : timeMs + SERVICE_GAP_MS;
      this.#nextServiceAt = Math.min(this.#nextServiceAt, dueMs);
      if (dueMs > timeMs || !this.#send(slot, limiter.limits[source]!, source, timeMs, sender)) return sent;
    }
  }

  #send(slot: number, own: PeerLimit, source: number, timeMs: number, sender: SlotSender): boolean {
    const { table, hosts } = this.#state;
    const hasToken = own.limit.hasToken(timeMs, own.reserved);
    if (!sender.send(slot, hosts.find(table.host[slot]!), timeMs, source)) return false;
    this.#isQueued[slot] = 0;
    this.queued--;
    // A probe that cannot be sent waits elsewhere.
    if (table.status[slot] !== IN_FLIGHT) return true;
    own.limit.onPaced(timeMs);
    this.#isPaced[slot] = 1;
    if (!hasToken) return true;
    this.#holders[slot] = own;
    own.reserved++;
    return true;
  }

  /** The slot to be sent next: of a port that probably has a service, unless its last attempt was sent too short a time ago. */
  #first(limiter: Limiter, source: number, timeMs: number): number {
    const { table } = this.#state;
    const [likely, other] = [table.first(limiter.queues[0]), table.first(limiter.queues[1])];
    if (likely < 0 || other < 0) return Math.max(likely, other);
    return this.#apartAt(likely, limiter.limits[source]!.limit, source, timeMs) <= timeMs ? likely : other;
  }

  /** Returns when an attempt of a slot meets another token than the last one did. */
  #apartAt(slot: number, limit: ErrorLimit, source: number, timeMs: number): number {
    const { table } = this.#state;
    const isSame = table.times.source[probeId(slot, table.tries[slot]! - 1)] === source;
    return table.lastSentAt(slot) + (isSame ? limit.apartMs(timeMs) : 0);
  }

  /** Returns the limit that an attempt of a slot met. */
  #limitOf({ limits }: Limiter, slot: number, attempt: number): ErrorLimit {
    return limits[this.#state.table.times.source[probeId(slot, attempt)]!]!.limit;
  }

  /** Counts a port that becomes undecided because of a limit. */
  onUndecided(host: number): void {
    const limiter = this.#of(host);
    if (limiter !== undefined) limiter.undecided++;
  }

  /** Returns the limits because of which ports have become undecided. */
  report(): LimitedErrors[] {
    return Array.from(this.#bySender.values(), ({ sender, undecided, limits }) => ({
      ...{ sender, undecided, perSecond: limits.reduce((sum, { limit }) => sum + limit.rate.perSecond, 0) },
    })).filter(({ undecided }) => undecided > 0);
  }

  #of(host: number): Limiter | undefined {
    return this.#byHost.get(host) ??
      (this.#byNetwork.size > 0 ? this.#byNetwork.get(this.#state.networkOf(host)) : undefined);
  }
}

// Hot path: nothing here may allocate per packet, but for the first error of a sender.
/**
 * Settles the silence of ports where ICMP errors tell closed ones: each sender of errors has a limit, and ports whose silence shows nothing
 * are probed again at the pace that it allows, those first that probably have a service. Until then every port is probed at full rate.
 *
 * @module
 */

import { grown } from "../collections/grown.ts";
import { stateIn } from "../result/outcome.ts";
import { reasonCode } from "../result/reasons.ts";
import { CLOSED } from "../result/states.ts";
import { CoveredLoss } from "./covered_loss.ts";
import type { EngineState } from "./engine_state.ts";
import { ErrorLimit } from "./icmp_limit.ts";
import { IN_FLIGHT } from "./probe_table.ts";
import type { LossMeter } from "./loss.ts";
import type { LimitedErrors } from "./silences.ts";

const PORT_UNREACH = reasonCode("port-unreach");
/** The least time between two services for each thousand limits, and the longest, in milliseconds. */
const SERVICE_GAP_MS = 1;
const MAX_SERVICE_GAP_MS = 1000;
/** Ports that stay silent a second time, without a proven loss, from which on errors are taken to arrive. */
const ENOUGH_SILENT = 8;
/** Attempts at full rate, at most, at a port that probably has a service. */
const MAX_SWEEPS = 12;
/** Errors of a sender that is no target are counted by networks of so many bits. */
const NETWORK_SHIFT = 8;

/** A sender of slots. */
interface SlotSender {
  /** Sends the next attempt of a slot; false when there is no room. */
  send(slot: number, index: number, timeMs: number): boolean;
}

/** The shared state, and the policies that this one uses. */
type Parts = EngineState & { loss: { readonly path: LossMeter } };

/** The limit of one sender of errors, and the slots that wait for it. */
class Limiter {
  readonly limit = new ErrorLimit();
  readonly loss = new CoveredLoss();
  readonly sender: number;
  /** The lists of slots of ports that probably have a service, and of others. */
  readonly queues: readonly [number, number];
  /** Probes in flight that were sent for a token. */
  reserved = 0;
  isActive = false;
  /** Ports that have stayed silent for more than one attempt that an error could have replied to. */
  silentAgain = 0;
  /** Ports that have become undecided. */
  undecided = 0;

  constructor(sender: number, queues: readonly [number, number]) {
    this.sender = sender;
    this.queues = queues;
  }
}

/** The limits of the ICMP errors of one scan. */
export class IcmpLimiters {
  /** True where errors of hosts tell closed ports. */
  readonly isOn: boolean;
  /** Slots that wait. */
  queued = 0;
  readonly #state: Parts;
  readonly #bySender = new Map<number, Limiter>();
  readonly #byHost = new Map<number, Limiter>();
  readonly #byNetwork = new Map<number, Limiter>();
  #active: Limiter[] = [];
  /** By slot, the place of its first attempt among those of all. */
  #order = new Uint32Array(0);
  #firsts = 0;
  /** By slot, the number of attempts whose silence was looked at: the wait after the last may be prolonged. */
  #judged = new Uint8Array(0);
  /** By slot, the number of attempts that were sent for a token and have had no reply. */
  #covered = new Uint8Array(0);
  /** By slot, the limiter of which it holds a token. */
  readonly #holders: (Limiter | undefined)[] = [];
  #isQueued = new Uint8Array(0);
  /** By slot, 1 where the last attempt was sent at the pace of a limit. */
  #isPaced = new Uint8Array(0);
  #nextServiceAt = Infinity;
  #servicedAt = 0;

  constructor(state: Parts) {
    this.#state = state;
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
    this.#order[slot] = ++this.#firsts;
    this.#judged[slot] = this.#covered[slot] = 0;
  }

  /** Takes an error in reply to an attempt that was sent at `sentMs`, before which `lost` attempts are proven lost. */
  onError(slot: number, attempt: number, from: number, sentMs: number, lost: number): void {
    const host = this.#state.table.host[slot]!;
    let limiter = this.#bySender.get(from);
    if (limiter === undefined) {
      const { table } = this.#state;
      limiter = new Limiter(from, [table.newList(), table.newList()]);
      this.#bySender.set(from, limiter);
    }
    limiter.limit.onError(sentMs, lost, attempt === 0 ? this.#order[slot] : 0);
    limiter.loss.onReply(this.#covered[slot]!, this.#holders[slot] === limiter);
    this.#covered[slot] = 0;
    if (from === host || !this.#byHost.has(host)) this.#byHost.set(host, limiter);
    if (from !== host) this.#byNetwork.set(host >>> NETWORK_SHIFT, limiter);
  }

  /**
   * Takes that an attempt of a slot that was sent at `sentMs` has had no reply; returns true if an error could have been sent. Of attempts at
   * full rate only the first counts: where one has met an empty bucket, so have those that follow at once.
   */
  onSilence(slot: number, sentMs: number): boolean {
    const { table: { host, tries, countedTries }, loss } = this.#state;
    const limiter = this.#of(host[slot]!);
    if (limiter === undefined || this.#judged[slot] === tries[slot]) return true;
    this.#judged[slot] = tries[slot]!;
    const { limit } = limiter;
    const couldSend = limit.couldSend(sentMs);
    limit.onSilence(
      sentMs,
      tries[slot] === 1 ? this.#order[slot]! : 0,
      loss.path.lost > 0 || limiter.silentAgain < ENOUGH_SILENT,
    );
    if (couldSend && countedTries[slot]! > 1) limiter.silentAgain++;
    // What is silent may have shown just now that nothing could be sent.
    const isApart = tries[slot] === 1 || limit.isUnlimited || this.#isPaced[slot] === 1;
    if (!couldSend || !isApart || !limit.couldSend(sentMs)) return false;
    if (this.#holders[slot] === limiter) limiter.loss.onSilence(this.#covered[slot]!++);
    return true;
  }

  /**
   * Returns the loss of a host with a narrow limit, as attempts for its tokens show it; undefined for another. At full rate such a host replies
   * until its bucket is empty, and silence behind that counts for nothing: replies alone would show no loss.
   */
  lossOf(host: number): CoveredLoss | undefined {
    const limiter = this.#of(host);
    return limiter?.limit.isWide === false ? limiter.loss : undefined;
  }

  /** True for a slot whose silence is to be settled at the pace of a limit, `needed` attempts at it being needed. */
  isPaced(slot: number, needed: number): boolean {
    const { table: { host, port, tries }, driver } = this.#state;
    const limiter = this.#of(host[slot]!);
    if (limiter === undefined || limiter.limit.isUnlimited) return false;
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
    this.#nextServiceAt = Math.min(this.#nextServiceAt, limiter.limit.nextAt(clock.nowMs, limiter.reserved));
  }

  /** True for a slot that waits, or has waited, for a limit. */
  isWaiting(slot: number): boolean {
    return this.#isQueued[slot] === 1 || this.#isPaced[slot] === 1;
  }

  /** Takes that the reply to the last attempt of a slot is not expected any more, or that it is decided. */
  release(slot: number): void {
    if (!this.isOn) return;
    if (slot < this.#isPaced.length) this.#isPaced[slot] = 0;
    if (this.#isQueued[slot] === 1) {
      this.#isQueued[slot] = 0;
      this.queued--;
    }
    const limiter = this.#holders[slot];
    if (limiter === undefined) return;
    this.#holders[slot] = undefined;
    limiter.reserved--;
    this.#nextServiceAt = Math.min(this.#nextServiceAt, this.#state.clock.nowMs);
  }

  /** Sends what the limits allow; returns the number of probes. */
  service(timeMs: number, budget: number, sender: SlotSender): number {
    if (timeMs < this.nextAt) return 0;
    this.#servicedAt = timeMs;
    let sent = 0;
    let nextMs = timeMs + MAX_SERVICE_GAP_MS;
    let isIdle = false;
    for (const limiter of this.#active) {
      for (;;) {
        const slot = this.#first(limiter, timeMs);
        if (slot < 0) {
          isIdle = true;
          limiter.isActive = false;
          break;
        }
        const dueMs = sent < budget
          ? Math.max(limiter.limit.nextAt(timeMs, limiter.reserved), this.#apartAt(slot, limiter))
          : timeMs + SERVICE_GAP_MS;
        nextMs = Math.min(nextMs, dueMs);
        if (dueMs > timeMs || !this.#send(slot, limiter, timeMs, sender)) break;
        sent++;
      }
    }
    if (isIdle) this.#active = this.#active.filter((limiter) => limiter.isActive);
    this.#nextServiceAt = nextMs;
    return sent;
  }

  #send(slot: number, limiter: Limiter, timeMs: number, sender: SlotSender): boolean {
    const { table, hosts } = this.#state;
    const hasToken = limiter.limit.hasToken(timeMs, limiter.reserved);
    if (!sender.send(slot, hosts.find(table.host[slot]!), timeMs)) return false;
    this.#isQueued[slot] = 0;
    this.queued--;
    // A probe that cannot be sent waits elsewhere.
    if (table.status[slot] !== IN_FLIGHT) return true;
    limiter.limit.onPaced(timeMs);
    this.#isPaced[slot] = 1;
    if (!hasToken) return true;
    this.#holders[slot] = limiter;
    limiter.reserved++;
    return true;
  }

  /** The slot to be sent next: of a port that probably has a service, unless its last attempt was sent too short a time ago. */
  #first(limiter: Limiter, timeMs: number): number {
    const { table } = this.#state;
    const [likely, other] = [table.first(limiter.queues[0]), table.first(limiter.queues[1])];
    return likely >= 0 && (other < 0 || this.#apartAt(likely, limiter) <= timeMs) ? likely : other;
  }

  /** Returns when an attempt of a slot meets another token than the last one did. */
  #apartAt(slot: number, { limit }: Limiter): number {
    return this.#state.table.lastSentAt(slot) + 1000 / limit.rate.perSecond;
  }

  /** Counts a port that becomes undecided because of a limit. */
  onUndecided(host: number): void {
    const limiter = this.#of(host);
    if (limiter !== undefined) limiter.undecided++;
  }

  /** Returns the limits because of which ports have become undecided. */
  report(): LimitedErrors[] {
    return Array.from(this.#bySender.values(), ({ sender, undecided, limit }) => ({
      ...{ sender, undecided, perSecond: limit.rate.perSecond },
    })).filter(({ undecided }) => undecided > 0);
  }

  #of(host: number): Limiter | undefined {
    return this.#byHost.get(host) ??
      (this.#byNetwork.size > 0 ? this.#byNetwork.get(host >>> NETWORK_SHIFT) : undefined);
  }
}

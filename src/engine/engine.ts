// Hot path: nothing here may allocate per packet.
/**
 * The engine's tick: receive, expire, refill, send. `step(now)` does what is due and returns when to call again; it reads no clock
 * and waits for nothing. The policies beside this file decide what is sent when, and what a reply or its absence means; packets,
 * connect(2) or a simulated network are behind the driver.
 *
 * @module
 */

import { reasonCode } from "../result/reasons.ts";
import { UNDECIDED } from "../result/states.ts";
import { GLOBAL } from "./host_table.ts";
import type { EngineCounts, Remaining } from "./interfaces.ts";
import { Policies, type PolicyParts } from "./policies.ts";
import { FOR_RESULT, IN_FLIGHT, QUEUED, READY_LIST } from "./probe_table.ts";
import type { SilenceReport } from "./silences.ts";

const HOST_TIMEOUT = reasonCode("host-timeout");
const ICMP_LIMITED = reasonCode("icmp-limited");

export type { PolicyParts as EngineParts } from "./policies.ts";
export type { EngineCounts, EngineLimits, ProbeSource, Remaining, ResultSink } from "./interfaces.ts";

/** Full receive batches in a row after which timers are looked at nevertheless. */
const MAX_FULL_DRAINS = 64;
/** The longest time between two steps, in milliseconds: counters are looked at no less often. */
const MAX_SLEEP_MS = 1000;
/** A time without room to send that is longer than this, in milliseconds, counts for no wait. */
const BLOCKED_MS = 20;
/** Time between two looks for room to send, in milliseconds. */
const BLOCKED_LOOK_MS = 5;
/** Time between two looks for hosts whose time is up, in milliseconds. */
const OVERDUE_GAP_MS = 50;
/** The rate is adjusted over this many milliseconds, and timeouts, at least. */
const RATE_INTERVAL_MS = 200;
const RATE_INTERVAL_TIMEOUTS = 3;

/** One scan, or one worker's share of it. */
export class Engine {
  readonly #state: Policies;
  #isEnded = false;
  /** True if a new probe is sent next, where these and retransmissions take turns. */
  #isNewNext = false;
  #fullDrains = 0;
  /** When to look again for hosts whose time is up, in the caller's time. */
  #overdueAt = 0;
  /** Since when the kernel has no room for what is queued, in the caller's time; below 0 while it has. */
  #fullSince = -1;

  constructor(parts: PolicyParts) {
    this.#state = new Policies(parts);
  }

  /** Counts of the scan so far. */
  get counts(): EngineCounts {
    return this.#state.counts;
  }

  /** True once every port is decided, and a reply that contradicts the last refusal has had time to arrive. */
  get finished(): boolean {
    return this.#isEnded || this.#allDecided && this.#state.clock.nowMs >= this.#state.matched.lingerUntil;
  }

  get #allDecided(): boolean {
    return this.#state.position >= this.#state.source.size && this.#state.open === 0 && this.#state.checks.isSettled;
  }

  /** Probes of the source that have been sent or are about to be. */
  get position(): number {
    return this.#state.position;
  }

  /** Probes that wait for a reply or to be sent. */
  get inFlight(): number {
    return this.#state.table.used;
  }

  /** Round trips that came back, and those proven lost. */
  get roundTrips(): { readonly answered: number; readonly lost: number } {
    return this.#state.loss.seen;
  }

  /** The present rate, in probes a second. */
  get ratePps(): number {
    return this.#state.rate.ratePps;
  }

  /** Results from silence that are expected to be wrong. */
  get expectedWrong(): number {
    return this.#state.loss.expectedWrong + this.#state.checks.expectedWrong;
  }

  /** Addresses of hosts that cap their replies. */
  get cappedHosts(): ReadonlySet<number> {
    return this.#state.limiters.cappedHosts;
  }

  /** Returns the addresses of the hosts that replied, of those that are probed at more than one port. */
  hostsUp(): Uint32Array<ArrayBuffer> {
    return this.#state.hostsUp();
  }

  /** True for a host that has replied, of those that are probed at more than one port. */
  isUp(host: number): boolean {
    return this.#state.isUp(host);
  }

  /** Returns what explains silence. */
  silences(): SilenceReport {
    return this.#state.silences.report(this.#state.icmp.report(), this.#state.checks.unsettled);
  }

  /** Returns the addresses of hosts for which something else seems to reply. */
  suspects(): number[] {
    return this.#state.proxies.suspects();
  }

  /** Returns the notes so far, in the rows of a `NoteTable`. */
  noteRows(): Uint32Array<ArrayBuffer> {
    return this.#state.proxies.noteRows();
  }

  /** Returns what is left of the probes that have been taken up. */
  remaining(): Remaining {
    const { host, port, capacity } = this.#state.table;
    const pairs: number[] = [];
    for (let slot = 0; slot < capacity; slot++) if (this.#isPending(slot)) pairs.push(host[slot]!, port[slot]!);
    return { pending: Uint32Array.from(pairs), refused: this.#state.checks.kept() };
  }

  /** While paused, no new port is probed; what is in flight goes on. */
  pause(isPaused: boolean): void {
    this.#state.refill.isPaused = isPaused;
  }

  /** Takes that another engine has had a router's report of an absent host. */
  reportAbsent(host: number, from: number): void {
    this.#state.absent.report(host, from);
  }

  /** Sets the rate not to be exceeded. */
  setMaxRate(maxPps: number): void {
    this.#state.rate.setMax(maxPps);
  }

  /**
   * Does what is due.
   *
   * @param nowMs The time, in milliseconds; it must not go back.
   * @returns When to call again at the latest; not after `nowMs` when there is more to do at once.
   */
  step(nowMs: number): number {
    this.#state.clock.begin(nowMs);
    this.#state.strays.begin(nowMs);
    const isIdle = this.#tick(nowMs);
    return this.#state.clock.promise(isIdle ? this.#nextAt(nowMs) : nowMs);
  }

  /** Ends the scan: what is in flight becomes undecided, for `reason` (a code). No further step is needed. */
  end(reason: number): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    const { table, local, icmp } = this.#state;
    for (let slot = 0; slot < table.capacity; slot++) {
      if (!this.#isPending(slot)) continue;
      const isBlocked = table.status[slot] === QUEUED && table.refusedAt[slot]! > 0;
      if (isBlocked) local.notProbed(table.host[slot]!, table.reason[slot]!);
      this.#state.results.decide(slot, UNDECIDED, icmp.isWaiting(slot) ? ICMP_LIMITED : reason);
    }
  }

  /** After {@linkcode Engine.end}: gives the next `count` ports that were never probed the state undecided. */
  skip(count: number, reason: number): void {
    this.#state.refill.skip(count, reason);
  }

  /** Receives, expires and sends once; true when nothing more can be done now. */
  #tick(nowMs: number): boolean {
    const { driver, clock } = this.#state;
    const received = driver.drain(this.#state.replies, nowMs);
    const timeMs = clock.advance(nowMs);
    if (this.#fullSince >= 0) return this.#retryFlush(nowMs, received);
    this.#state.silence.checkPaths(timeMs);
    this.#state.unresolved.release();
    const isFull = received >= driver.drainBatch;
    this.#fullDrains = isFull ? this.#fullDrains + 1 : 0;
    // Timers are looked at only once everything that has arrived was seen; a flood must not stop them for ever.
    if (!isFull || this.#fullDrains > MAX_FULL_DRAINS) this.#state.silence.expire(timeMs);
    this.#adjustRate(timeMs);
    this.#endOverdue(nowMs);
    this.#state.silence.endAbsent(timeMs);
    const skipped = this.#state.refill.skipExcluded();
    const owed = driver.counters.owed;
    const sent = this.#send(timeMs);
    const waiting = driver.flush(this.#state.replies, nowMs);
    if (waiting > 0) this.#fullSince = nowMs;
    // What is owed is sent before probes, and may have left no room for any.
    const hasSent = sent > 0 || driver.counters.owed !== owed;
    return !isFull && !hasSent && skipped === 0 && waiting === 0 || waiting > 0 && received === 0;
  }

  /**
   * Retries a flush for which the kernel had no room. Until it has, nothing is sent or given up: what is queued was not sent, and
   * the time until it is counts for nothing.
   */
  #retryFlush(nowMs: number, received: number): boolean {
    if (this.#state.driver.flush(this.#state.replies, nowMs) > 0) return received === 0;
    const blockedMs = nowMs - this.#fullSince;
    if (blockedMs > BLOCKED_MS) this.#state.clock.exclude(blockedMs);
    this.#fullSince = -1;
    return false;
  }

  #nextAt(nowMs: number): number {
    if (this.#fullSince >= 0) return nowMs + BLOCKED_LOOK_MS;
    const { clock, wheel, table, rate } = this.#state;
    const timerMs = wheel.next(clock.nowMs, MAX_SLEEP_MS);
    let nextMs = Math.min(
      timerMs,
      this.#state.sendErrors.nextAt,
      this.#state.unresolved.nextAt,
      this.#state.limiters.nextAt,
      this.#state.icmp.nextAt,
    );
    if (table.first(READY_LIST) >= 0 || this.#state.refill.isPossible) nextMs = Math.min(nextMs, rate.nextAt());
    nextMs = Math.min(nextMs, Math.max(this.#state.refill.checkAt, rate.nextAt()));
    if (this.#allDecided) nextMs = Math.min(nextMs, this.#state.matched.lingerUntil);
    return Math.max(nowMs + 0.05, clock.callerTime(nextMs));
  }

  /** Ends what is in flight to hosts whose time is up, or waits to be sent to them, ports that are probed again too. */
  #endOverdue(nowMs: number): void {
    const { timeouts, table, sender, results, silences } = this.#state;
    if (timeouts === undefined || nowMs < this.#overdueAt || !timeouts.canBeOver(nowMs)) return;
    this.#overdueAt = nowMs + OVERDUE_GAP_MS;
    for (let slot = 0; slot < table.capacity; slot++) {
      if (table.status[slot]! < IN_FLIGHT || table.purpose[slot] !== FOR_RESULT) continue;
      if (!timeouts.isOver(table.host[slot]!, nowMs)) continue;
      silences.timedOut.add(table.host[slot]!);
      sender.cancel(slot);
      results.decide(slot, UNDECIDED, HOST_TIMEOUT);
    }
  }

  /** Lowers or raises the rate by what was lost, on the path or on this machine. */
  #adjustRate(timeMs: number): void {
    const { rate } = this.#state;
    const intervalMs = Math.max(RATE_INTERVAL_MS, RATE_INTERVAL_TIMEOUTS * this.#state.retransmit.timeoutMs(GLOBAL));
    if (this.#state.localDrops.haveOccurred()) rate.squeeze(timeMs, intervalMs);
    const overloadedUntil = rate.overloadedUntil;
    rate.adjust(timeMs, intervalMs);
    if (rate.overloadedUntil > overloadedUntil) this.#state.loss.forgetOverload(rate.overloadedUntil);
  }

  /** Sends what may be sent, at most one batch; returns the number of probes. */
  #send(timeMs: number): number {
    const { table, driver, rate, hosts } = this.#state;
    const budget = Math.min(driver.batch, rate.available(timeMs));
    const { sender, liveness, silence } = this.#state;
    let sent = this.#state.limiters.service(timeMs, budget, sender, liveness, silence);
    sent += this.#state.icmp.service(timeMs, budget - sent, this.#state.sender);
    this.#state.sendErrors.retry(timeMs, this.#state.results);
    while (sent < budget) {
      const slot = this.#next();
      if (slot < 0) break;
      const index = hosts.find(table.host[slot]!);
      const limiter = this.#state.limiters.of(index);
      const isResult = table.purpose[slot] === FOR_RESULT;
      if (isResult && limiter?.free === false) {
        this.#state.limiters.enqueue(slot, limiter);
        continue;
      }
      const isRetransmitted = table.tries[slot]! > 0 || this.#state.limits.maxRetries === 0 ||
        this.#state.isSilent(table.host[slot]!, index);
      const isHeld = isResult && index === GLOBAL && this.#state.unresolved.holds(slot, timeMs);
      if (!isHeld && !this.#state.sender.send(slot, index, timeMs)) break;
      sent++;
      // Without a reply to a liveness probe sent at the same time, the silence of a retransmitted probe proves nothing.
      if (isResult && isRetransmitted && table.status[slot] === IN_FLIGHT) {
        this.#state.liveness.onRetransmit(this.#state.liveness.witnessOf(index), timeMs);
      }
    }
    return sent;
  }

  /** Returns the slot to send next, or -1 if there is none. */
  #next(): number {
    const { table, refill, limits } = this.#state;
    const retransmitted = table.first(READY_LIST);
    if (retransmitted >= 0 && !(limits.takesTurns && (this.#isNewNext = !this.#isNewNext))) return retransmitted;
    const slot = refill.take();
    return slot >= 0 ? slot : retransmitted;
  }

  /** True for a slot without a result: a port that is only probed again has one. */
  #isPending(slot: number): boolean {
    const { table: { status, purpose }, checks } = this.#state;
    return status[slot]! >= IN_FLIGHT && purpose[slot] === FOR_RESULT && !checks.isCheck(slot);
  }
}

// Hot path: nothing here may allocate per packet.
/**
 * Finds hosts that lose so much of what they are sent that they may cap their replies, and sends to each at its own rate.
 *
 * The constants are chosen by the table of tests/sim/capped_test.ts.
 *
 * @module
 */

import { reasonCode } from "../result/reasons.ts";
import type { EngineState } from "./engine_state.ts";
import { HostLimiter } from "./host_limit.ts";
import { DECIDED, FOR_RESULT, READY_LIST } from "./probe_table.ts";

const NO_RESPONSE = reasonCode("no-response");
/** Attempts proven lost that make a host suspect of capping its replies, and their share of its round trips. */
const CAP_LOST = 20;
const CAP_SHARE = 0.6;
/** Ports of a host, and probes in flight, below which no cap is worth looking for. */
const CAP_WAITING = 16;
/** The least time between two services, and the longest, in milliseconds. */
const SERVICE_GAP_MS = 1;
const MAX_SERVICE_GAP_MS = 1000;
/** The least time that a host's reply rate is measured over, in milliseconds. */
const MIN_MEASURED_MS = 50;

/** A sender of slots. */
interface SlotSender {
  /** Sends the next attempt of a slot; false when there is no room. */
  send(slot: number, index: number, timeMs: number): boolean;
}

/** A sender of liveness probes. */
interface HostProber {
  /** Sends a liveness probe to a host; false when there is none to send. */
  send(index: number, timeMs: number): boolean;
}

/** The shared state, and the policies that this one uses. */
type Parts = EngineState & {
  retransmit: { timeoutMs(index: number): number };
  checks: { addUnproven(host: number, port: number): void };
};

/** Decides slots of hosts that cannot be probed. */
interface Decider {
  /** Decides a port of a host that replies to too little. */
  giveUpHost(slot: number, index: number): void;
}

/** The limiters of the hosts of one scan. */
export class HostLimiters {
  readonly #state: Parts;
  /** Limiters of all hosts that have, or had, one, by index; and those that are in use. */
  readonly #limiters = new Map<number, HostLimiter>();
  #active: HostLimiter[] = [];
  readonly #capped = new Set<number>();
  #nextServiceAt = 0;
  #servicedAt = 0;
  #queued = 0;

  constructor(state: Parts) {
    this.#state = state;
  }

  /** Addresses of hosts that cap their replies. */
  get cappedHosts(): ReadonlySet<number> {
    return this.#capped;
  }

  /** Slots that wait for the limiter of their host, as of the last service. */
  get queued(): number {
    return this.#queued;
  }

  /** When to call {@linkcode HostLimiters.service} next; Infinity while no limiter is in use. */
  get nextAt(): number {
    return this.#active.length > 0 ? Math.max(this.#nextServiceAt, this.#servicedAt + SERVICE_GAP_MS) : Infinity;
  }

  /** The limiter of a host, if one is in use. */
  of(index: number): HostLimiter | undefined {
    return this.#active.length > 0 ? this.#limiters.get(index) : undefined;
  }

  /** True for a host that has, or had, a limiter. */
  wasLimited(index: number): boolean {
    return this.#limiters.has(index);
  }

  /** True for a host that keeps losing what it is sent: by chance, or because it is sent more than it replies to. */
  isSuspect(index: number): boolean {
    const { hosts: { address, returned, lost }, table, source } = this.#state;
    if (lost[index]! < CAP_LOST) return false;
    if (lost[index]! < CAP_SHARE * (returned[index]! + lost[index]!)) return false;
    // A few ports are soon replied to at any cap.
    return Math.min(table.used, source.portCountOf(address[index]!)) >= CAP_WAITING;
  }

  /** Begins to limit a host: what was counted of its loss is forgotten, and the first time its silence until now shows nothing. */
  begin(index: number, timeMs: number): void {
    let limiter = this.#limiters.get(index);
    if (limiter === undefined) {
      this.#distrustSilence(this.#state.hosts.address[index]!);
      limiter = new HostLimiter(index, this.#state.table.newList());
      this.#limiters.set(index, limiter);
    }
    if (!this.#active.includes(limiter)) this.#active.push(limiter);
    this.#nextServiceAt = timeMs;
    const { answered, firstAnswerAt, countsSince, livenessAnswered, livenessLost, returned, lost } = this.#state.hosts;
    const replies = answered[index]! + livenessAnswered[index]!;
    const share = (livenessAnswered[index]! + 1) / (livenessAnswered[index]! + livenessLost[index]! + 2);
    limiter.begin(timeMs, replies * 1000 / Math.max(MIN_MEASURED_MS, timeMs - firstAnswerAt[index]!), share);
    countsSince[index] = timeMs;
    returned[index] = lost[index] = 0;
  }

  /** Has the ports of a host checked that silence has decided; a limit is found long before the first of their slots is used again. */
  #distrustSilence(host: number): void {
    const { table, checks } = this.#state;
    for (let slot = 0; slot < table.capacity; slot++) {
      if (table.host[slot] !== host || table.status[slot] !== DECIDED || table.purpose[slot] !== FOR_RESULT) continue;
      if (table.reason[slot] === NO_RESPONSE) checks.addUnproven(host, table.port[slot]!);
    }
  }

  /** Moves a slot to the queue of its host's limiter. */
  enqueue(slot: number, limiter: HostLimiter): void {
    this.#state.table.move(slot, limiter.queue);
    this.#nextServiceAt = Math.min(this.#nextServiceAt, limiter.nextAt);
  }

  /** Returns the time in which a host usually replies, in milliseconds. */
  #replyMs(index: number): number {
    const { hosts: { srtt, variation }, retransmit } = this.#state;
    const timeoutMs = retransmit.timeoutMs(index);
    return srtt[index]! < 0 ? timeoutMs : Math.min(timeoutMs, srtt[index]! + 4 * variation[index]! + SERVICE_GAP_MS);
  }

  /** Sends what the limiters allow, at most once a millisecond; returns how many probes of the source that was. */
  service(timeMs: number, budget: number, sender: SlotSender, liveness: HostProber, silence: Decider): number {
    if (timeMs < this.nextAt) return 0;
    this.#servicedAt = timeMs;
    const { table, hosts } = this.#state;
    let sent = 0;
    let nextMs = timeMs + MAX_SERVICE_GAP_MS;
    let isOver = false;
    this.#queued = 0;
    for (const limiter of this.#active) {
      const { index, queue } = limiter;
      if (limiter.hasCap) this.#capped.add(hosts.address[index]!);
      while (limiter.isHopeless && table.first(queue) >= 0) silence.giveUpHost(table.first(queue), index);
      while (!limiter.free && timeMs >= limiter.nextAt && sent < budget) {
        const slot = table.first(queue);
        const isLivenessNext = limiter.livenessIsNext || slot < 0 && limiter.livenessAt <= timeMs;
        if (slot < 0 && !isLivenessNext) break;
        const isProbed = isLivenessNext && liveness.send(index, timeMs);
        if (!isProbed && limiter.livenessAt <= timeMs) {
          limiter.skipLiveness();
          continue;
        }
        if (!isProbed && !sender.send(slot, index, timeMs)) break;
        // Most of what was lost at a higher rate was lost to the limit, and shows nothing of what a slow rate loses.
        if (limiter.onSent(timeMs, isProbed, this.#replyMs(index))) hosts.forgetLoss(index, 0);
        sent++;
      }
      while (limiter.free && table.first(queue) >= 0) table.move(table.first(queue), READY_LIST);
      const dueMs = table.first(queue) >= 0 ? limiter.nextAt : limiter.livenessAt;
      nextMs = Math.min(nextMs, Math.max(timeMs, dueMs));
      if (limiter.free) isOver = true;
      this.#queued += table.count(queue);
    }
    if (isOver) this.#active = this.#active.filter((limiter) => !limiter.free);
    this.#nextServiceAt = nextMs;
    return sent;
  }
}

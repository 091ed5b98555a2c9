// Hot path: nothing here may allocate per packet.
/**
 * The schedule of attempts: timeouts from measured round trips, the number of attempts from measured loss.
 *
 * The constants are chosen by the times of tests/sim/loss_test.ts, and the spread by tests/sim/capped_test.ts.
 *
 * @module
 */

import type { EngineState } from "./engine_state.ts";
import type { HostLimiters } from "./host_limiters.ts";
import type { LossAccount } from "./loss_account.ts";
import { GLOBAL } from "./host_table.ts";
import { FOR_RESULT } from "./probe_table.ts";
import { answerTimeout } from "../base/rtt.ts";

/** The least gap between attempts from the third on: milliseconds, and a fraction of the timeout. */
const MIN_GAP_MS = 40;
const GAP_SHARE = 1 / 4;
/** The gaps of ports vary by this share of the usual one, and timeouts by so many milliseconds where the next attempt waits for them. */
const GAP_SPREAD = 0.8;
const TIMEOUT_SPREAD_MS = 20;
/** Attempts to a host whose replies other engines may take are spread over this share of the initial timeout. */
const STARVED_SHARE = 1 / 4;
/** The fractional part of the golden ratio, whose multiples spread evenly over 0 to 1. */
export const GOLDEN_RATIO = 0.618034;
/** A timer set before any RTT was measured is recomputed after this fraction of the initial timeout. */
const PROVISIONAL_SHARE = 1 / 8;
/** The maximum number of attempts of one probe, limited by the size of the counter. */
const MAX_TRIES = 250;
/** Time between two liveness probes that go along with retransmissions, in milliseconds, and retransmissions for each of them. */
export const LIVENESS_GAP_MS = 10;
const PROBES_PER_LIVENESS_PROBE = 8;
/** The end of a scan waits for replies that contradict its last refusal: round trips, and bounds in milliseconds. */
const LINGER_ROUND_TRIPS = 2;
const MIN_LINGER_MS = 5;
const MAX_LINGER_MS = 50;
/** The same where refused ports have sent further replies: as a multiple of the longest time that one took. */
const LINGER_LATEST = 2;
const MAX_LATE_LINGER_MS = 1000;

/** The shared state, and the policies that this one uses. */
type Parts = EngineState & {
  limiters: HostLimiters;
  loss: LossAccount;
  strays: { needsSecond(slot: number): boolean };
};

/** Returns a number from 0 to 1 that looks random, the same for the same attempt of a slot. */
function chanceOf(slot: number, tries: number): number {
  let mixed = Math.imul(slot + 1, 0x9e3779b1) ^ Math.imul(tries + 1, 0x85ebca6b);
  mixed = Math.imul(mixed ^ mixed >>> 15, 0x2c1b3c6d);
  mixed = Math.imul(mixed ^ mixed >>> 12, 0x297a2d39);
  return ((mixed ^ mixed >>> 15) >>> 0) / 2 ** 32;
}

/** The schedule of a scan's attempts. */
export class RetransmitPolicy {
  readonly #state: Parts;
  readonly #overlaps: boolean;

  constructor(state: Parts) {
    this.#state = state;
    this.#overlaps = state.overlaps;
  }

  /** Returns the host's retransmission timeout, in milliseconds. */
  timeoutMs(index: number): number {
    const { srtt, variation } = this.#state.hosts;
    return answerTimeout(srtt[index]!, variation[index]!, this.#state.limits.timeouts);
  }

  /** Returns the time from the last attempt to the next one, or to the result, in milliseconds. */
  waitMs(slot: number, index: number): number {
    return this.#ownWaitMs(slot, index) + (this.#mayBeStarved(slot, index) ? this.#spreadMs(slot) : 0);
  }

  #ownWaitMs(slot: number, index: number): number {
    const { table, limits } = this.#state;
    const timeoutMs = this.timeoutMs(index);
    if (table.purpose[slot] !== FOR_RESULT) return timeoutMs;
    const isLast = table.tries[slot]! > limits.maxRetries;
    if (this.#overlaps && this.#state.isSilent(table.host[slot]!, index)) {
      const isEnough = isLast || table.countedTries[slot]! >= this.#state.loss.attemptsNeeded(slot, index);
      return isEnough ? timeoutMs : Math.min(timeoutMs, this.gapMs(index));
    }
    const limiter = this.#state.limiters.of(index);
    // The silence of a host with a limited rate is judged once its liveness probes have shown how that rate went.
    if (limiter?.free === false) return timeoutMs + limiter.livenessGapMs;
    // Replies tell attempts apart, so that the third may leave before the second has timed out; the last is waited for.
    const isSpread = this.#state.hosts.livenessPort[index]! >= 0;
    const mayVary = !isLast && (this.#overlaps ? table.tries[slot]! >= 2 : isSpread);
    if (!mayVary || table.countedTries[slot]! >= this.#state.loss.attemptsNeeded(slot, index)) return timeoutMs;
    // In the same order each time, behind the same liveness probes, the last ports of a burst would never get one of the few replies that
    // a host has to give, and the liveness probes would show nothing of that.
    const chance = isSpread ? chanceOf(slot, table.tries[slot]!) : 0.5;
    if (!this.#overlaps) return timeoutMs + TIMEOUT_SPREAD_MS * chance;
    return Math.min(timeoutMs, this.gapMs(index) * (1 + GAP_SPREAD * (chance - 0.5)));
  }

  /**
   * True for a host of which no reply is known that it may cap, while other engines probe it too: they may take all that it replies.
   * Of attempts that are spread over time, unlike those of a burst, some arrive between theirs.
   */
  #mayBeStarved(slot: number, index: number): boolean {
    const { limits, hosts, table } = this.#state;
    return limits.sharesHosts === true && table.purpose[slot] === FOR_RESULT && hosts.livenessPort[index]! < 0;
  }

  #spreadMs(slot: number): number {
    const { limits, table } = this.#state;
    return limits.timeouts.initialMs * STARVED_SHARE * ((slot + table.tries[slot]!) * GOLDEN_RATIO % 1);
  }

  /** Returns the timer to set for an attempt that has just been sent, in milliseconds. */
  firstWaitMs(slot: number, index: number): number {
    const waitMs = this.waitMs(slot, index);
    return this.#state.hosts.srtt[GLOBAL]! < 0 ? Math.min(waitMs, this.provisionalMs()) : waitMs;
  }

  /** True where one more attempt is to be sent; `isVoid` where silence of those so far proves nothing, `notLeft` where they were not sent. */
  needsAttempt(slot: number, index: number, isVoid: boolean, notLeft: boolean): boolean {
    const { tries, countedTries } = this.#state.table;
    if (tries[slot]! >= MAX_TRIES || !notLeft && tries[slot]! > this.#state.limits.maxRetries) return false;
    return isVoid || this.#state.strays.needsSecond(slot) ||
      countedTries[slot]! < this.#state.loss.attemptsNeeded(slot, index);
  }

  /** The time between two attempts, and the least between two liveness probes to a silent host. */
  gapMs(index: number): number {
    const { initialMs } = this.#state.limits.timeouts;
    // A host that has never replied is waited for anyway, and loss comes in bursts.
    const leastMs = index === GLOBAL ? Math.max(MIN_GAP_MS, initialMs * PROVISIONAL_SHARE) : MIN_GAP_MS;
    return Math.max(leastMs, this.timeoutMs(index) * GAP_SHARE, 3 * this.livenessGapMs());
  }

  /** The time between two liveness probes that go along with retransmissions. */
  livenessGapMs(): number {
    return Math.max(LIVENESS_GAP_MS, PROBES_PER_LIVENESS_PROBE * 1000 / this.#state.rate.ratePps);
  }

  /** The longest wait before timeouts are recomputed, since RTTs may have been measured meanwhile. */
  provisionalMs(): number {
    const { minMs, initialMs } = this.#state.limits.timeouts;
    return Math.max(minMs, initialMs * PROVISIONAL_SHARE);
  }

  /**
   * The wait at the end of a scan after a refusal: a firewall refuses earlier than the host behind it replies. Further replies of
   * refused ports came up to `latestMs` after their probes, or none did.
   */
  lingerMs(latestMs: number): number {
    const usualMs = Math.min(
      MAX_LINGER_MS,
      Math.max(MIN_LINGER_MS, LINGER_ROUND_TRIPS * this.#state.hosts.srtt[GLOBAL]!),
    );
    return Math.max(usualMs, Math.min(MAX_LATE_LINGER_MS, LINGER_LATEST * latestMs));
  }
}

/**
 * The time that a dialogue over TCP has for its port, in milliseconds. The times for which the program was late, or had no room for a
 * connection, are not part of it.
 *
 * @module
 */

import type { DialogueOptions } from "./port_dialogue.ts";
import type { ReplyTimes } from "./reply_times.ts";

/** The highest intensity of a scan that is to end soon. */
const USUAL_INTENSITY = 7;
/** The longest time for a port that stays silent, without round trips. */
const SILENT_MS = 4600;
const THOROUGH_SILENT_MS = 15_000;
/** The part of it for the slow second look. */
export const SECOND_LOOK_MS = 1500;
/** More time for a silent port whose server serves one client at a time: probes follow one another. */
const SINGLE_MS = 2000;
/** The longest time for one port, without round trips. */
const MAX_PORT_MS = 8000;
const THOROUGH_PORT_MS = 30_000;
/** The waits for which there is time on a silent port, if the host's replies are so slow that each of them could take it all. */
const LEAST_ROUNDS = 8;
/** The waits of a port that follow one another, for the part of them that a host's round trip adds. */
const ROUNDS = 8;

/** The time for one port: more if many probes are wanted, and if round trips or replies of the host are slow. */
export class PortTime {
  /** True if many probes are wanted. */
  readonly isThorough: boolean;
  /** True if the server closes each connection beside another one. */
  isSingle = false;
  readonly #times: ReplyTimes;
  #beganMs = -1;
  /** Since when there is no room for a connection, and no other one; Infinity if there is. */
  #roomlessMs = Infinity;

  constructor({ intensity, times }: DialogueOptions) {
    this.isThorough = intensity > USUAL_INTENSITY;
    this.#times = times;
  }

  start(nowMs: number): void {
    this.#beganMs = nowMs;
  }

  /** A connection waits for room from now on, and there is no other one. */
  awaitRoom(nowMs: number): void {
    this.#roomlessMs = nowMs;
  }

  /** There is room for a connection. */
  onRoom(nowMs: number): void {
    this.#beganMs += Math.max(0, nowMs - this.#roomlessMs);
    this.#roomlessMs = Infinity;
  }

  /** Counts no time after `dueMs`, when something was due that is done now. */
  onLate(dueMs: number, nowMs: number): void {
    this.#beganMs += Math.max(0, nowMs - dueMs);
  }

  /** Returns true if the time is up. */
  isUp(nowMs: number): boolean {
    return nowMs - this.#beganMs > this.#budgetMs(MAX_PORT_MS, THOROUGH_PORT_MS);
  }

  /** Returns true if the time of a silent port is up. */
  isSilentUp(nowMs: number): boolean {
    return nowMs - this.#beganMs > this.#silentBudgetMs;
  }

  /** Returns the time that is left for probes on a silent port, before the second look. */
  probingLeftMs(nowMs: number): number {
    return this.#silentBudgetMs - SECOND_LOOK_MS - (nowMs - this.#beganMs);
  }

  /** Returns the wait for the reply to a probe of many: on a silent port of a slow host at most a part of the time that is left. */
  probeWaitMs(nowMs: number, hasReply: boolean): number {
    const { probeMs, leastProbeMs } = this.#times;
    return hasReply ? probeMs : Math.min(probeMs, Math.max(leastProbeMs, this.probingLeftMs(nowMs) / LEAST_ROUNDS));
  }

  get #silentBudgetMs(): number {
    return this.#budgetMs(SILENT_MS, THOROUGH_SILENT_MS) + (this.isSingle ? SINGLE_MS : 0);
  }

  #budgetMs(usualMs: number, thoroughMs: number): number {
    return (this.isThorough ? thoroughMs : usualMs) + ROUNDS * this.#times.extraMs;
  }
}

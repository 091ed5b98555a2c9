// Hot path: nothing here may allocate per packet.
/**
 * Takes slots of the probe table, sends their attempts, and releases them.
 *
 * @module
 */

import { probeId } from "../driver/driver.ts";
import { NO_PROBLEM } from "../local/local.ts";
import { reasonCode } from "../result/reasons.ts";
import { FILTERED } from "../result/states.ts";
import type { AbsentHosts } from "./absent_hosts.ts";
import type { EngineState } from "./engine_state.ts";
import type { RetransmitPolicy } from "./retransmit.ts";
import type { SendErrors } from "./send_errors.ts";
import type { HostLimiters } from "./host_limiters.ts";
import { GLOBAL } from "./host_table.ts";
import type { IcmpErrors } from "./icmp_limiters.ts";
import type { LossAccount } from "./loss_account.ts";
import {
  DECIDED,
  delaysEnd,
  FOR_CONTROL_PORT,
  FOR_NEAR,
  FOR_RESULT,
  FREE_LIST,
  IN_FLIGHT,
  QUEUED,
  READY_LIST,
  WEIGHT_OF_ERRORS,
} from "./probe_table.ts";

/** The time that decided slots are kept for late replies if there is room, in milliseconds. */
const LATE_MS = 4000;
/** The number of attempts of one slot that can be distinguished. */
const MAX_PERIOD = 250;

const NO_RESPONSE = reasonCode("no-response");

/** The shared state, and the policies that this one uses. */
type Parts = EngineState & {
  retransmit: RetransmitPolicy;
  sendErrors: SendErrors;
  limiters: HostLimiters;
  absent: AbsentHosts;
  strays: { reset(slot: number): void; hasUnproven(slot: number): boolean };
  icmp: IcmpErrors;
  loss: LossAccount;
};

/** The sender of one engine's probes. */
export class ProbeSender {
  readonly #state: Parts;
  /** Decided slots whose reason weighs no more than this are kept for late replies. */
  keptWeight = WEIGHT_OF_ERRORS;
  #auxiliaryAttempt = 0;

  constructor(state: Parts) {
    this.#state = state;
  }

  /** Queues a probe; returns its slot, or -1 if none is free. */
  enqueue(host: number, port: number, purpose: number): number {
    const { table, clock } = this.#state;
    const slot = table.take(READY_LIST, clock.nowMs - LATE_MS, this.keptWeight);
    if (slot < 0) return -1;
    table.host[slot] = host;
    table.port[slot] = port;
    this.#state.index?.add(slot);
    table.purpose[slot] = purpose;
    table.status[slot] = QUEUED;
    table.tries[slot] = purpose === FOR_RESULT || purpose === FOR_CONTROL_PORT ? 0 : this.#nextAuxiliaryAttempt();
    table.countedTries[slot] = 0;
    this.#state.strays.reset(slot);
    table.doubtful[slot] = 0;
    table.refusedAt[slot] = 0;
    if (delaysEnd(purpose)) this.#state.open++;
    return slot;
  }

  /**
   * Sends the next attempt of a slot; false when there is no room.
   *
   * @param source The index of the address to send from; each in turn if not given.
   */
  send(slot: number, index: number, timeMs: number, source = this.#nextSource(slot)): boolean {
    const { table, driver, local, rate, hosts } = this.#state;
    const host = table.host[slot]!;
    const problem = local.problem(host);
    if (problem !== NO_PROBLEM && !local.mayTry(host, timeMs)) {
      // New probes are taken no faster than they would be sent.
      if (table.refusedAt[slot] === 0) rate.spend();
      if (table.purpose[slot] === FOR_RESULT) this.#state.sendErrors.block(slot, problem, timeMs);
      else this.drop(slot);
      return true;
    }
    const attempt = table.tries[slot]!;
    const token = this.#token(slot, attempt);
    const id = probeId(slot, attempt);
    table.times.left[id] = -1;
    const isSent = table.purpose[slot] === FOR_NEAR
      ? driver.sendNear!(host, table.port[slot]!, attempt, token, id)
      : driver.send(host, table.port[slot]!, attempt, token, id, source);
    if (!isSent) return false;
    this.#state.timeouts?.begin(host, this.#state.clock.callerTime(timeMs));
    if (attempt === 0 && index === GLOBAL) this.#state.absent.begin(host, timeMs);
    rate.spend();
    const isVoid = attempt > 0 && table.lastSentAt(slot) < hosts.silenceCountsSince(index);
    if (isVoid) table.countedTries[slot] = 0;
    if (attempt === 0 && this.#state.icmp.isOn) this.#state.icmp.onFirst(slot);
    table.tries[slot] = attempt + 1;
    table.countedTries[slot]!++;
    table.times.set(slot, attempt, timeMs);
    table.times.source[id] = source;
    table.status[slot] = IN_FLIGHT;
    this.#state.wheel.schedule(slot, timeMs + this.#state.retransmit.firstWaitMs(slot, index));
    return true;
  }

  #nextSource(slot: number): number {
    const { driver: { sourceCount = 1 }, table: { tries } } = this.#state;
    return sourceCount === 1 ? 0 : (slot + tries[slot]!) % sourceCount;
  }

  /** Queues the next attempt of a slot. */
  retransmit(slot: number, index: number): void {
    this.cancel(slot);
    const { table } = this.#state;
    table.status[slot] = QUEUED;
    // It had been sent: what was refused before that is over.
    table.refusedAt[slot] = 0;
    const limiter = this.#state.limiters.of(index);
    const { icmp, strays, loss } = this.#state;
    const isPaced = icmp.isOn && !strays.hasUnproven(slot) && icmp.isPaced(slot, loss.attemptsNeeded(slot, index));
    if (limiter?.free === false) this.#state.limiters.enqueue(slot, limiter);
    else if (isPaced) icmp.enqueue(slot);
    else table.move(slot, READY_LIST);
  }

  /** Tells the driver that a reply to the last attempt of a slot is no longer expected. */
  cancel(slot: number): void {
    const attempt = this.#state.table.tries[slot]! - 1;
    if (attempt >= 0) this.#state.driver.cancel(probeId(slot, attempt));
  }

  /** Releases a slot without a reply and without reporting a result: for liveness and other auxiliary probes. */
  drop(slot: number): void {
    this.cancel(slot);
    this.#state.table.reason[slot] = NO_RESPONSE;
    this.release(slot, FILTERED);
  }

  /** Frees a slot with this result. Its columns are kept until the slot is reused, so that late replies can be matched to it. */
  release(slot: number, state: number): void {
    const { table } = this.#state;
    table.state[slot] = state;
    this.#state.icmp.release(slot);
    if (delaysEnd(table.purpose[slot]!)) this.#state.open--;
    table.status[slot] = DECIDED;
    table.move(slot, FREE_LIST);
  }

  #token(slot: number, attempt: number): number {
    const { correlator, driver, table: { host, port } } = this.#state;
    return correlator.seal(slot, host[slot]!, port[slot]!, attempt % driver.attemptPeriod);
  }

  /**
   * Returns the number of the attempt that an auxiliary probe is sent as, which selects its source port. An open port that has not
   * seen our RST to the probe before does not reply to another SYN from the same port (RFC 9293 section 3.10.7.4).
   */
  #nextAuxiliaryAttempt(): number {
    const period = Math.min(this.#state.driver.attemptPeriod, MAX_PERIOD);
    return this.#auxiliaryAttempt = (this.#auxiliaryAttempt + 1) % period;
  }
}

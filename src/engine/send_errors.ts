/**
 * Probes that this machine cannot send, or has not sent: they do not count as attempts and are sent again later: a
 * few at a time while the kernel still returns errors, more and more once it does not. A probe that cannot be sent for too
 * long gets the result undecided.
 *
 * The constants are chosen by tests/sim/outage_test.ts and tests/lab/weather_test.ts.
 *
 * @module
 */

import { LOCAL_FIREWALL, NO_PROBLEM } from "../local/local.ts";
import { reasonCode } from "../result/reasons.ts";
import { UNDECIDED } from "../result/states.ts";
import type { EngineState } from "./engine_state.ts";
import { BLOCKED_LIST, FOR_RESULT, IN_FLIGHT, QUEUED, READY_LIST } from "./probe_table.ts";

const SEND_FAILED = reasonCode("send-failed");
const HOST_UNREACH = reasonCode("host-unreach");
const TIME_EXCEEDED = reasonCode("time-exceeded");

/** The time that probes which cannot be sent are tried again, in milliseconds: without a way out, and where it is not allowed. */
const OUTAGE_RETRY_MS = 10_000;
const REFUSAL_RETRY_MS = 2000;
/** Time between two tries to send what could not be sent, in milliseconds. */
const REFUSAL_GAP_MS = 100;
/** Probes tried again at a time while the kernel goes on refusing. */
const FIRST_RETRIES = 8;

/** The receiver of probes that have waited too long. */
interface Decider {
  decide(slot: number, state: number, reason: number): void;
}

/** The probes of a scan that cannot be sent now. */
export class SendErrors {
  readonly #state: EngineState;
  #blockedUntil = 0;
  /** Refusals since some of the refused probes were last tried again, and how many are tried at a time. */
  #refused = 0;
  #retries = FIRST_RETRIES;

  constructor(state: EngineState) {
    this.#state = state;
  }

  /** When to call {@linkcode SendErrors.retry} next; Infinity while nothing is blocked. */
  get nextAt(): number {
    return this.#state.table.first(BLOCKED_LIST) >= 0 ? this.#blockedUntil : Infinity;
  }

  /** Takes the last probe of a slot back, which has not left this machine, to send it later. */
  notSent(slot: number, reason: number, timeMs: number): void {
    const { tries, countedTries } = this.#state.table;
    if (tries[slot]! > 0) tries[slot]!--;
    if (countedTries[slot]! > 0) countedTries[slot]!--;
    this.block(slot, reason, timeMs);
  }

  /** Blocks a slot that cannot be sent now, for the reason of this code. */
  block(slot: number, reason: number, timeMs: number): void {
    const { table, local } = this.#state;
    const since = table.refusedAt[slot]!;
    if (since === 0 || since < local.validSince(table.host[slot]!)) table.refusedAt[slot] = timeMs;
    table.reason[slot] = reason;
    table.status[slot] = QUEUED;
    table.move(slot, BLOCKED_LIST);
    this.#refused++;
    if (this.#blockedUntil < timeMs) this.#blockedUntil = timeMs + REFUSAL_GAP_MS;
  }

  /** Takes an ICMP error of this machine's own kernel, which proves nothing about the port. */
  onLocalError(slot: number, reason: number, timeMs: number): void {
    const { table, local, driver } = this.#state;
    const host = table.host[slot]!;
    const why = reason === HOST_UNREACH
      ? local.unreachable(host, table.port[slot]!, driver.flowProtocol, timeMs)
      : reason === TIME_EXCEEDED
      ? NO_PROBLEM
      : LOCAL_FIREWALL;
    if (table.status[slot] !== IN_FLIGHT || table.purpose[slot] !== FOR_RESULT) return;
    const problem = local.problem(host);
    if (problem !== NO_PROBLEM) this.notSent(slot, problem, timeMs);
    else if (why !== NO_PROBLEM) this.notSent(slot, why, timeMs);
  }

  /** Unblocks some of the slots, if it is time to, and decides those that have waited too long. */
  retry(timeMs: number, results: Decider): void {
    if (timeMs < this.nextAt) return;
    const { table, local } = this.#state;
    const isRefusing = this.#refused > 0;
    this.#retries = isRefusing ? FIRST_RETRIES : this.#retries * 4;
    this.#refused = 0;
    this.#blockedUntil = timeMs + REFUSAL_GAP_MS;
    const count = table.count(BLOCKED_LIST);
    for (let i = 0, retried = 0; i < count; i++) {
      const slot = table.first(BLOCKED_LIST);
      const reason = table.reason[slot]!;
      const isForbidden = reason === SEND_FAILED || reason === LOCAL_FIREWALL;
      if (isRefusing && timeMs - table.refusedAt[slot]! > (isForbidden ? REFUSAL_RETRY_MS : OUTAGE_RETRY_MS)) {
        local.notProbed(table.host[slot]!, reason);
        results.decide(slot, UNDECIDED, reason);
      } else {
        table.move(slot, retried++ < this.#retries ? READY_LIST : BLOCKED_LIST);
      }
    }
  }
}

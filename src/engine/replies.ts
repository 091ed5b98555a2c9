// Hot path: nothing here may allocate per packet.
/**
 * The receive path: matches each reply to its probe. It transmits nothing: a probe or packet that is owed after a reply is queued
 * and leaves with the next flush.
 *
 * @module
 */

import { attemptOfId, type ReplySink, slotOfId } from "../driver/driver.ts";
import { isError } from "../result/rank.ts";
import { FIN_ACK, UNPROVEN } from "../result/reply_kind.ts";
import type { EngineState } from "./engine_state.ts";
import type { MatchedReplies } from "./matched_replies.ts";
import { noteCode } from "./notes.ts";
import { FOR_RESULT, IN_FLIGHT, QUEUED, UNUSED } from "./probe_table.ts";
import type { SendErrors } from "./send_errors.ts";
import type { SilencePolicy } from "./silence_policy.ts";
import type { StraySegments } from "./strays.ts";

const FIN_WITHOUT_SYN = noteCode("FIN without SYN: a proxy on the path could not connect");

/** The shared state, and the policies that this one uses. */
type Parts = EngineState & {
  matched: MatchedReplies;
  sendErrors: SendErrors;
  strays: StraySegments;
  silence: SilencePolicy;
};

/** The receiver of one engine's replies. */
export class Replies implements ReplySink {
  readonly #state: Parts;

  constructor(state: Parts) {
    this.#state = state;
  }

  onReply(
    host: number,
    port: number,
    attempt: number,
    token: number,
    kind: number,
    ttl: number,
    from: number,
    odd: boolean,
    nowMs: number,
    timed: boolean,
  ): boolean {
    const { table, counts, notes } = this.#state;
    const slot = this.#slotOf(host, port, attempt, token);
    if (slot < 0) return false;
    if (!this.#isOf(slot, host, port) || attempt >= table.tries[slot]!) {
      // The token fits a slot that probes something else by now: a reply too late to be matched, hardly a forged one.
      counts.late++;
      return true;
    }
    if (kind === FIN_ACK) {
      counts.finAcks++;
      if (table.purpose[slot] === FOR_RESULT) notes.addPort(host, port, FIN_WITHOUT_SYN);
      return true;
    }
    this.#state.matched.take(slot, attempt, kind, ttl, from, odd, nowMs, timed);
    return true;
  }

  onTokenlessReply(
    host: number,
    port: number,
    attempt: number,
    strength: number,
    kind: number,
    ttl: number,
    from: number,
    nowMs: number,
  ): boolean {
    // What this machine reports of its own probes needs no proof.
    const isLocal = isError(kind) && this.#state.local.isLocalError(host, from);
    if (strength === UNPROVEN && !isLocal) return this.#state.strays.onUnproven(host, port, attempt, kind, from);
    const { index, table } = this.#state;
    const slot = index?.find(host, port) ?? -1;
    if (slot < 0 || attempt >= table.tries[slot]!) return false;
    this.#state.matched.take(slot, attempt, kind, ttl, from, false, nowMs, true);
    return true;
  }

  sent(id: number, sentMs: number): void {
    this.#state.table.times.left[id] = sentMs;
  }

  onOutcome(
    id: number,
    host: number,
    port: number,
    kind: number,
    from: number,
    nowMs: number,
    timed: boolean,
  ): void {
    const { table, counts } = this.#state;
    const slot = slotOfId(id);
    const attempt = this.#isOf(slot, host, port) ? attemptOfId(id, table.tries[slot]!) : -1;
    if (attempt < 0) counts.late++;
    else this.#state.matched.take(slot, attempt, kind, 0, from, false, nowMs, timed);
  }

  keepsSocket(id: number, host: number, port: number, untilMs: number): void {
    const { table, wheel, clock } = this.#state;
    const slot = slotOfId(id);
    if (!this.#isOf(slot, host, port)) return;
    // A retransmission that is queued waits too.
    if (table.status[slot] !== IN_FLIGHT && table.status[slot] !== QUEUED) return;
    table.status[slot] = IN_FLIGHT;
    wheel.schedule(slot, clock.engineTime(untilMs) + 1);
  }

  isInFlight(host: number, port: number, attempt: number, token: number): boolean {
    const { table } = this.#state;
    const slot = this.#slotOf(host, port, attempt, token);
    return this.#isOf(slot, host, port) && attempt < table.tries[slot]!;
  }

  onSendError(id: number, reason: number): void {
    const { table, clock } = this.#state;
    const slot = slotOfId(id);
    if (table.status[slot] !== IN_FLIGHT) return;
    if (table.purpose[slot] === FOR_RESULT) this.#state.sendErrors.notSent(slot, reason, clock.nowMs);
    else this.#state.silence.giveUp(slot);
  }

  tokenOf(host: number, port: number, attempt: number): number {
    const { index, table, correlator } = this.#state;
    const slot = index?.find(host, port) ?? -1;
    return slot < 0 || attempt >= table.tries[slot]! ? -1 : correlator.seal(slot, host, port, attempt);
  }

  answersStrayAck(host: number, port: number, attempt: number, isSyn: boolean): boolean {
    return this.#state.strays.onStrayAck(host, port, attempt, isSyn);
  }

  /** True for a slot whose probe is, or was, of this host and port. */
  #isOf(slot: number, host: number, port: number): boolean {
    const { table } = this.#state;
    return table.host[slot] === host && table.port[slot] === port && table.status[slot] !== UNUSED;
  }

  /** The slot in use that a token names; below 0 if there is none. That the slot is of this host and port is not checked. */
  #slotOf(host: number, port: number, attempt: number, token: number): number {
    const { table, correlator } = this.#state;
    const slot = correlator.open(token, host, port, attempt);
    return slot < table.capacity && table.status[slot] !== UNUSED ? slot : -1;
  }
}

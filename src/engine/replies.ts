// Hot path: nothing here may allocate per packet.
/**
 * The receive path: matches each reply to its probe and gives it to the policies. It transmits nothing: a probe or packet that is
 * owed after a reply is queued and leaves with the next flush.
 *
 * @module
 */

import { probeId, type ReplySink, slotOfId } from "../driver/driver.ts";
import { stateIn } from "../result/outcome.ts";
import { isError, refuses } from "../result/rank.ts";
import { reasonCode } from "../result/reasons.ts";
import { FIN_ACK, UNPROVEN } from "../result/reply_kind.ts";
import { OPEN } from "../result/states.ts";
import type { EngineState } from "./engine_state.ts";
import type { ProbeSender } from "./probe_sender.ts";
import type { RetransmitPolicy } from "./retransmit.ts";
import type { HostLimiters } from "./host_limiters.ts";
import type { LossAccount } from "./loss_account.ts";
import type { LivenessTargets } from "./liveness_targets.ts";
import type { SendErrors } from "./send_errors.ts";
import type { StraySegments } from "./strays.ts";
import type { Results } from "./results.ts";
import type { SilencePolicy } from "./silence_policy.ts";
import { GLOBAL } from "./host_table.ts";
import { NeighborTimeouts } from "./neighbor_timeout.ts";
import { noteCode } from "./notes.ts";
import {
  DECIDED,
  FOR_CONTROL_PORT,
  FOR_LIVENESS,
  FOR_NEAR,
  FOR_RESULT,
  IN_FLIGHT,
  QUEUED,
  UNUSED,
} from "./probe_table.ts";
import { type Proxies, SYN_PROXY } from "./proxies.ts";

const RESET = reasonCode("reset");
const RESET_NO_ACK = reasonCode("reset-no-ack");
const PORT_UNREACH = reasonCode("port-unreach");
const NEIGHBOR_TIMEOUT = reasonCode("neighbor-timeout");
const FIN_WITHOUT_SYN = noteCode("FIN without SYN: a proxy on the path could not connect");

/** The shared state, and the policies that this one uses. */
type Parts = EngineState & {
  sender: ProbeSender;
  retransmit: RetransmitPolicy;
  limiters: HostLimiters;
  loss: LossAccount;
  targets: LivenessTargets;
  sendErrors: SendErrors;
  proxies: Proxies;
  strays: StraySegments;
  results: Results;
  silence: SilencePolicy;
};

/** The receiver of one engine's replies. */
export class Replies implements ReplySink {
  readonly #state: Parts;
  readonly #neighborTimeouts = new NeighborTimeouts();
  readonly #overlaps: boolean;
  #lingerUntil = 0;

  constructor(state: Parts) {
    this.#state = state;
    this.#overlaps = state.overlaps;
  }

  /** Until when a reply may contradict the refusal that came last, in engine time. */
  get lingerUntil(): number {
    return this.#lingerUntil;
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
    if (table.host[slot] !== host || table.port[slot] !== port || attempt >= table.tries[slot]!) {
      // The token fits a slot that probes something else by now: a reply too late to be matched, hardly a forged one.
      counts.late++;
      return true;
    }
    if (kind === FIN_ACK) {
      counts.finAcks++;
      if (table.purpose[slot] === FOR_RESULT) notes.addPort(host, port, FIN_WITHOUT_SYN);
      return true;
    }
    this.#take(slot, attempt, kind, ttl, from, odd, nowMs, timed);
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
    if (strength === UNPROVEN) return this.#state.strays.onBareSyn(host, port, attempt);
    const { index, table } = this.#state;
    const slot = index?.find(host, port) ?? -1;
    if (slot < 0 || attempt >= table.tries[slot]!) return false;
    this.#take(slot, attempt, kind, ttl, from, false, nowMs, true);
    return true;
  }

  /** Takes the reply of this kind to an attempt of a slot. */
  #take(
    slot: number,
    attempt: number,
    kind: number,
    ttl: number,
    from: number,
    odd: boolean,
    nowMs: number,
    timed: boolean,
  ): void {
    const { table, counts, notes, clock, driver, local, hosts } = this.#state;
    const host = table.host[slot]!;
    const port = table.port[slot]!;
    const tries = table.tries[slot]!;
    const isIcmp = isError(kind);
    let reason = kind;
    const timeMs = clock.engineTime(nowMs);
    // Of attempts that cannot be told apart, the last is taken; its round trip is then unknown.
    const period = driver.attemptPeriod;
    const answered = attempt + Math.floor((tries - 1 - attempt) / period) * period;
    const sentMs = table.sentAt(slot, answered);
    if (isIcmp && local.isLocalError(host, from)) {
      this.#state.sendErrors.onLocalError(slot, kind, timeMs);
      return;
    }
    const isKnown = sentMs >= 0 && tries <= period;
    // Waits are computed from the engine's own times, so that its own delays are part of them; reported are the kernel's.
    let waitedMs = isKnown && sentMs <= timeMs ? timeMs - sentMs : -1;
    const leftMs = isKnown && timed ? table.leftAt[probeId(slot, answered)]! : -1;
    let rttMs = leftMs >= 0 && leftMs <= nowMs ? nowMs - leftMs : -1;
    let own = from === host;
    // A host that has sent another reply is there.
    if ((kind === RESET || kind === RESET_NO_ACK) && hosts.answered[hosts.find(host)] === 0) {
      const firstMs = timeMs - table.firstSentAt[slot]!;
      const pathMs = hosts.srtt[GLOBAL]!;
      if (this.#neighborTimeouts.isRstOfProxy(host, kind === RESET, waitedMs, rttMs, firstMs, pathMs)) {
        reason = NEIGHBOR_TIMEOUT;
        own = false;
        waitedMs = rttMs = -1;
      }
    }
    const state = stateIn(driver.outcomes, reason, own, odd);
    // An ICMP error, and a RST in the place of one, shows nothing of the host.
    const showsHost = !isIcmp && reason !== NEIGHBOR_TIMEOUT;
    const purpose = table.purpose[slot]!;
    const isDecided = table.status[slot] === DECIDED;
    const isProxied = odd && showsHost && !refuses(reason);
    if (isProxied && purpose === FOR_RESULT && !(isDecided && table.state[slot] === OPEN)) {
      notes.addPort(host, port, SYN_PROXY);
    }
    if (isDecided) {
      this.#state.results.onLateReply(slot, state, reason, ttl, own, sentMs, waitedMs, rttMs, from);
      return;
    }
    const index = this.#state.indexOfReply(host, own, purpose, timeMs);
    this.#state.loss.measure(index, own, sentMs, waitedMs, timeMs);
    if (showsHost) {
      this.#onHostReply(slot, index, state, reason, answered, sentMs, timeMs);
      if (purpose === FOR_RESULT) this.#state.proxies.onReply(slot, index, state, ttl, odd);
    }
    if (purpose !== FOR_RESULT) {
      this.#onAuxiliaryReply(slot, index, state, reason, showsHost, own, ttl, odd, sentMs, timeMs);
      return;
    }
    if (isIcmp) this.#state.silence.silences.onError(host, from);
    if (!own && this.#state.results.isDoubtful(index, reason)) {
      table.doubtful[slot] = reason;
      table.doubtfulFrom[slot] = from;
      return;
    }
    counts.answered++;
    if (kind === PORT_UNREACH && own) this.#state.proxies.onOwnUnreach(host);
    this.#state.results.decide(slot, state, reason, from, ttl, rttMs, isProxied ? SYN_PROXY : undefined);
    if (state !== OPEN && this.#overlaps) this.#lingerUntil = timeMs + this.#state.retransmit.lingerMs();
  }

  sent(id: number, sentMs: number): void {
    this.#state.table.leftAt[id] = sentMs;
  }

  keepsSocket(host: number, port: number, attempt: number, token: number, untilMs: number): void {
    const { table, wheel, clock } = this.#state;
    const slot = this.#slotOf(host, port, attempt, token);
    if (slot < 0 || table.host[slot] !== host || table.port[slot] !== port) return;
    // A retransmission that is queued waits too.
    if (table.status[slot] !== IN_FLIGHT && table.status[slot] !== QUEUED) return;
    table.status[slot] = IN_FLIGHT;
    wheel.schedule(slot, clock.engineTime(untilMs) + 1);
  }

  isInFlight(host: number, port: number, attempt: number, token: number): boolean {
    const { table } = this.#state;
    const slot = this.#slotOf(host, port, attempt, token);
    return slot >= 0 && table.host[slot] === host && table.port[slot] === port && attempt < table.tries[slot]!;
  }

  onSendError(id: number, reason: number): void {
    const { table, clock } = this.#state;
    const slot = slotOfId(id);
    if (table.status[slot] !== IN_FLIGHT) return;
    if (table.purpose[slot] === FOR_RESULT) this.#state.sendErrors.notSent(slot, reason, clock.nowMs);
    else this.#state.silence.giveUp(slot, clock.nowMs);
  }

  answersStrayAck(host: number, port: number, attempt: number): boolean {
    return this.#state.strays.onStrayAck(host, port, attempt);
  }

  /** The slot in use that a token names; below 0 if there is none. That the slot is of this host and port is not checked. */
  #slotOf(host: number, port: number, attempt: number, token: number): number {
    const { table, correlator } = this.#state;
    const slot = correlator.open(token, host, port, attempt);
    return slot < table.capacity && table.status[slot] !== UNUSED ? slot : -1;
  }

  /** Takes a reply to a probe that was not sent for a result, and releases its slot. */
  #onAuxiliaryReply(
    slot: number,
    index: number,
    state: number,
    reason: number,
    showsHost: boolean,
    own: boolean,
    ttl: number,
    odd: boolean,
    sentMs: number,
    timeMs: number,
  ): void {
    const { table, hosts } = this.#state;
    const host = table.host[slot]!;
    const port = table.port[slot]!;
    const purpose = table.purpose[slot]!;
    if (purpose === FOR_CONTROL_PORT) {
      if (state === OPEN) this.#state.proxies.onControlPortOpen(host, port, ttl);
    } else if (purpose === FOR_NEAR) {
      if (showsHost) this.#state.proxies.onNearReply(host, port, state === OPEN, odd);
    } else if (purpose === FOR_LIVENESS) {
      // A router's report that the host is unreachable is no sign of life.
      if (!own) {
        this.#state.silence.giveUp(slot, timeMs);
        return;
      }
      hosts.livenessAnswered[index]!++;
      this.#state.limiters.of(index)?.onLivenessProbe(sentMs, true, this.#state.retransmit.timeoutMs(index));
    }
    table.reason[slot] = reason;
    this.#state.sender.release(slot, state);
  }

  /** Takes from a reply of the host itself what it shows of the host and the path. */
  #onHostReply(
    slot: number,
    index: number,
    state: number,
    reason: number,
    answered: number,
    sentMs: number,
    timeMs: number,
  ): void {
    const { table, hosts, driver } = this.#state;
    this.#state.loss.addReply(slot, index, answered, sentMs, timeMs);
    const port = table.port[slot]!;
    // Liveness probes go to closed ports only. A server counts connections, even half open ones, and may lock out a client that
    // makes many; and RSTs are the replies that hosts cap.
    const isRepeatable = refuses(reason) && driver.rationed[reason] === 0;
    if (isRepeatable) this.#state.targets.answered(table.host[slot]!, port);
    if (index === GLOBAL) return;
    if (isRepeatable) hosts.livenessPort[index] = port;
    if (table.purpose[slot] !== FOR_RESULT) return;
    hosts.answered[index]!++;
    if (state !== OPEN) return;
    hosts.open[index]!++;
    this.#state.proxies.onOpen(index);
  }
}

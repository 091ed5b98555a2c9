// Hot path: nothing here may allocate per packet.
/**
 * The meaning of replies that were matched to a probe: results, round trips, and signs of life of hosts and paths.
 *
 * @module
 */

import { probeId } from "../driver/driver.ts";
import { stateIn } from "../result/outcome.ts";
import { isError, refuses } from "../result/rank.ts";
import { reasonCode } from "../result/reasons.ts";
import { OPEN } from "../result/states.ts";
import type { EngineState } from "./engine_state.ts";
import type { ProbeSender } from "./probe_sender.ts";
import type { RetransmitPolicy } from "./retransmit.ts";
import type { HostLimiters } from "./host_limiters.ts";
import type { IcmpErrors } from "./icmp_limiters.ts";
import type { LossAccount } from "./loss_account.ts";
import type { LivenessTargets } from "./liveness_targets.ts";
import type { SendErrors } from "./send_errors.ts";
import type { RefusalChecks } from "./refusal_checks.ts";
import type { Results } from "./results.ts";
import type { SilencePolicy } from "./silence_policy.ts";
import type { Blocks } from "./blocks.ts";
import type { AbsentHosts } from "./absent_hosts.ts";
import { GLOBAL } from "./host_table.ts";
import { NeighborTimeouts } from "./neighbor_timeout.ts";
import { DECIDED, FOR_CONTROL_PORT, FOR_LIVENESS, FOR_NEAR, FOR_RECHECK, FOR_RESULT } from "./probe_table.ts";
import { type Proxies, SYN_PROXY } from "./proxies.ts";

const RESET = reasonCode("reset");
const RESET_NO_ACK = reasonCode("reset-no-ack");
const PORT_UNREACH = reasonCode("port-unreach");
const NEIGHBOR_TIMEOUT = reasonCode("neighbor-timeout");

/** The shared state, and the policies that this one uses. */
type Parts = EngineState & {
  sender: ProbeSender;
  retransmit: RetransmitPolicy;
  limiters: HostLimiters;
  loss: LossAccount;
  targets: LivenessTargets;
  sendErrors: SendErrors;
  proxies: Proxies;
  results: Results;
  silence: SilencePolicy;
  absent: AbsentHosts;
  blocks: Blocks;
  icmp: IcmpErrors;
  checks: RefusalChecks;
};

/** The replies to one engine's probes. */
export class MatchedReplies {
  readonly #state: Parts;
  readonly #neighborTimeouts = new NeighborTimeouts();
  readonly #overlaps: boolean;
  /** When a port of another machine was refused last, and the longest time after its probe that a further reply of a refused port has come. */
  #refusedAt = -Infinity;
  #latestMs = 0;

  constructor(state: Parts) {
    this.#state = state;
    this.#overlaps = state.overlaps;
  }

  /** Until when a reply may contradict the refusal that came last, in engine time. */
  get lingerUntil(): number {
    return this.#refusedAt + this.#state.retransmit.lingerMs(this.#latestMs);
  }

  /** Takes the reply of this kind to an attempt of a slot. */
  take(
    slot: number,
    attempt: number,
    kind: number,
    ttl: number,
    from: number,
    odd: boolean,
    nowMs: number,
    timed: boolean,
  ): void {
    const { table, counts, notes, clock, driver, local, hosts, icmp } = this.#state;
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
    const leftMs = isKnown && timed ? table.times.left[probeId(slot, answered)]! : -1;
    let rttMs = leftMs >= 0 && leftMs <= nowMs ? nowMs - leftMs : -1;
    let own = from === host;
    // A host that has sent another reply is there.
    if ((kind === RESET || kind === RESET_NO_ACK) && hosts.answered[hosts.find(host)] === 0) {
      const firstMs = timeMs - table.times.first[slot]!;
      const pathMs = hosts.srtt[GLOBAL]!;
      if (this.#neighborTimeouts.isRstOfProxy(host, kind === RESET, waitedMs, rttMs, firstMs, pathMs)) {
        reason = NEIGHBOR_TIMEOUT;
        own = false;
        waitedMs = rttMs = -1;
      }
    }
    const ageMs = isKnown && sentMs <= timeMs ? timeMs - sentMs : -1;
    // Of a host that was probed before, no error is late.
    const isCheck = this.#state.checks.isCheck(slot);
    const isAbsent = isIcmp && !isCheck &&
      this.#state.absent.isShownBy(slot, hosts.find(host), reason, from, nowMs, ageMs);
    // The time in which a router looks for a host is no round trip.
    const mayHaveWaited = isIcmp && this.#state.absent.mayHaveWaited(slot, reason, from, timeMs);
    if (mayHaveWaited) waitedMs = rttMs = -1;
    const state = stateIn(driver.outcomes, reason, own, odd || isAbsent);
    // An ICMP error, and a RST in the place of one, shows nothing of the host, but for its own error that a port is closed.
    const isOwnRefusal = isIcmp && own && kind === driver.refusal;
    const showsHost = (!isIcmp || isOwnRefusal) && reason !== NEIGHBOR_TIMEOUT;
    const purpose = table.purpose[slot]!;
    const isDecided = table.status[slot] === DECIDED;
    const isProxied = odd && showsHost && !refuses(reason);
    if (isProxied && purpose === FOR_RESULT && !(isDecided && table.state[slot] === OPEN)) {
      notes.addPort(host, port, SYN_PROXY);
    }
    // The host is reported in the place of its ports.
    if (isAbsent && purpose === FOR_RESULT && this.#state.sink.absent !== undefined) {
      if (isDecided) counts.duplicates++;
      else this.#state.silence.decideAbsent(slot, from);
      return;
    }
    // The ports of a silent host are decided before a router has looked for it; its error says nothing more of each.
    if (isDecided && mayHaveWaited && this.#state.isSilent(host, hosts.find(host))) {
      counts.duplicates++;
      return;
    }
    if (isIcmp && icmp.isOn && sentMs >= 0 && !isDecided) {
      icmp.onError(slot, answered, from, sentMs);
    }
    if (isDecided) {
      if (showsHost) this.#state.absent.onReply(host);
      // The reply to another attempt is no second reply.
      if (refuses(table.reason[slot]!) && table.answered[slot] === answered) {
        this.#latestMs = Math.max(this.#latestMs, waitedMs);
      }
      this.#state.results.onLateReply(slot, answered, state, reason, ttl, own, sentMs, waitedMs, rttMs, from);
      return;
    }
    const index = this.#state.indexOfReply(host, own, purpose, timeMs);
    this.#state.loss.measure(index, own, sentMs, waitedMs);
    if (showsHost) {
      this.#state.absent.onReply(host);
      this.#onHostReply(slot, index, state, reason, answered, sentMs);
      if (purpose === FOR_RESULT) this.#state.proxies.onReply(slot, index, state, ttl, odd);
    }
    if (purpose !== FOR_RESULT) {
      this.#onAuxiliaryReply(slot, index, state, reason, showsHost, own, ttl, odd, sentMs);
      return;
    }
    if (isIcmp && !isOwnRefusal && !isCheck) this.#state.silences.onError(host, from);
    if (!own && !isCheck && this.#state.results.isDoubtful(index, reason)) {
      table.doubtful[slot] = reason;
      table.doubtfulFrom[slot] = from;
      return;
    }
    if (!isCheck) counts.answered++;
    table.answered[slot] = answered;
    if (!isCheck) this.#state.blocks.onReply(index, port, state, isIcmp && !isOwnRefusal);
    if (isIcmp && !isOwnRefusal && !isCheck && !isAbsent && reason !== NEIGHBOR_TIMEOUT) {
      this.#state.checks.add(host, port, reason, from);
    }
    if (kind === PORT_UNREACH && own && !isOwnRefusal) this.#state.proxies.onOwnUnreach(host);
    this.#state.results.decide(slot, state, reason, from, ttl, rttMs, isProxied ? SYN_PROXY : undefined);
    if (state !== OPEN && this.#overlaps && !local.isOwn(host)) this.#refusedAt = timeMs;
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
  ): void {
    const { table, hosts } = this.#state;
    const host = table.host[slot]!;
    const port = table.port[slot]!;
    const purpose = table.purpose[slot]!;
    if (purpose === FOR_CONTROL_PORT) {
      if (state === OPEN) this.#state.proxies.onControlPortOpen(host, port, ttl);
    } else if (purpose === FOR_NEAR) {
      if (showsHost) this.#state.proxies.onNearReply(host, port, state === OPEN, odd);
    } else if (purpose === FOR_RECHECK) {
      this.#state.blocks.onRecheck(slot, state, !showsHost);
    } else if (purpose === FOR_LIVENESS) {
      // A router's report that the host is unreachable is no sign of life.
      if (!own) {
        this.#state.silence.giveUp(slot);
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
  ): void {
    const { table, hosts, driver, icmp, limits } = this.#state;
    this.#state.loss.addReply(slot, index, answered, sentMs);
    const port = table.port[slot]!;
    // Liveness probes go to closed ports only. A server counts connections, even half open ones, and may lock out a client that
    // makes many; and RSTs are the replies that hosts cap.
    const isRepeatable = refuses(reason) && driver.rationed[reason] === 0;
    if (isRepeatable) this.#state.targets.answered(table.host[slot]!, port);
    if (index === GLOBAL) return;
    if (isRepeatable) hosts.livenessPort[index] = port;
    else if (icmp.isOn && limits.defeatsIcmpLimit !== true) {
      if (state === OPEN) hosts.servicePort[index] = port;
      else hosts.refusedPort[index] = port;
    }
    if (table.purpose[slot] !== FOR_RESULT) return;
    hosts.answered[index]!++;
    if (state !== OPEN) return;
    hosts.open[index]!++;
    this.#state.proxies.onOpen(table.host[slot]!);
  }
}

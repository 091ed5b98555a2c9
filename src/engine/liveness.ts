// Hot path: nothing here may allocate per packet.
/**
 * Liveness probes: ports that are known to reply are probed along with what is retransmitted, so that silence can be judged.
 * Silence of a host, or of the path to all of them, proves nothing while these stay without a reply too.
 *
 * The constants are chosen by the tables of tests/sim/loss_test.ts and tests/sim/outage_test.ts.
 *
 * @module
 */

import { HOP_ANSWERS, NO_PROBLEM } from "../local/local.ts";
import type { EngineState } from "./engine_state.ts";
import type { ProbeSender } from "./probe_sender.ts";
import type { IcmpErrors } from "./icmp_limiters.ts";
import type { LivenessTargets } from "./liveness_targets.ts";
import { GLOBAL } from "./host_table.ts";
import { FOR_LIVENESS, FOR_PATH_LIVENESS } from "./probe_table.ts";
import { GOLDEN_RATIO, LIVENESS_GAP_MS, type RetransmitPolicy } from "./retransmit.ts";

/** A burst of retransmissions has a liveness probe among its first so many. */
const BURST_LIVENESS_AT = 4;
/** While a host that has replied is silent, its next hop must have replied within so many milliseconds. */
const HOP_AGE_MS = 500;

/** The shared state, and the policies that this one uses. */
type Parts = EngineState & {
  sender: ProbeSender;
  retransmit: RetransmitPolicy;
  targets: LivenessTargets;
  icmp: IcmpErrors;
};

/** The liveness probes of a scan. */
export class Liveness {
  readonly #state: Parts;
  #dither = 0;

  constructor(state: Parts) {
    this.#state = state;
  }

  /** Returns the host whose liveness probes judge the silence of a host: itself if one of its ports is known to reply, else all. */
  witnessOf(index: number): number {
    const { livenessPort, refusedPort, servicePort } = this.#state.hosts;
    return livenessPort[index]! >= 0 || refusedPort[index]! >= 0 || servicePort[index]! >= 0 ? index : GLOBAL;
  }

  /**
   * Sends liveness probes along with the retransmissions to a host. Within a burst their spacing grows, and their position
   * varies, since the beginning of a burst loses fewer packets than its end.
   */
  onRetransmit(index: number, timeMs: number): void {
    const { burstSize, burstLivenessAt, burstEndsAt } = this.#state.hosts;
    let isDue = false;
    if (timeMs >= burstEndsAt[index]!) {
      // A burst that was too short for its liveness probe gets one nevertheless.
      isDue = burstLivenessAt[index]! < BURST_LIVENESS_AT;
      burstEndsAt[index] = timeMs + this.#state.retransmit.livenessGapMs();
      burstSize[index] = 0;
      burstLivenessAt[index] = BURST_LIVENESS_AT * this.#nextDither();
    }
    const size = ++burstSize[index]!;
    if (size >= burstLivenessAt[index]!) {
      burstLivenessAt[index] = BURST_LIVENESS_AT + size * (2 + 4 * this.#nextDither());
      isDue = true;
    }
    if (isDue) this.send(index, timeMs);
  }

  /** Sends a liveness probe to a host that is silent, unless the last one was sent a short while ago. */
  probeSilent(index: number, timeMs: number): void {
    const { hosts } = this.#state;
    if (timeMs < hosts.nextLivenessAt[index]!) return;
    if (!this.send(index, timeMs) && !this.#sendWitness(index, timeMs)) return;
    hosts.nextLivenessAt[index] = timeMs + hosts.livenessPause(index, timeMs, this.#state.retransmit.gapMs(index));
  }

  /** Sends a liveness probe to a host whose errors are limited: to a closed port if there is a token for that, else to a service. */
  #sendWitness(index: number, timeMs: number): boolean {
    const { hosts, local, icmp, sender, rate } = this.#state;
    const host = hosts.address[index]!;
    const refused = hosts.refusedPort[index]!;
    const isLimited = refused >= 0 && icmp.witness.mayProbe(host, hosts.aliveAt[index]!, timeMs);
    const port = isLimited ? refused : hosts.servicePort[index]!;
    if (port < 0 || local.problem(host) !== NO_PROBLEM || rate.available(timeMs) < 1) return false;
    const slot = sender.enqueue(host, port, FOR_LIVENESS);
    if (slot < 0) return false;
    icmp.onFirst(slot);
    if (isLimited) icmp.witness.reserve(slot);
    sender.send(slot, index, timeMs, 0);
    return true;
  }

  /** Sends, or queues, a liveness probe; false where no port is known that replies, or no slot is free. */
  send(index: number, timeMs: number): boolean {
    const { hosts, local, rate } = this.#state;
    let slot = -1;
    const port = hosts.livenessPort[index]!;
    if (port >= 0) {
      if (local.problem(hosts.address[index]!) !== NO_PROBLEM) return false;
      slot = this.#state.sender.enqueue(hosts.address[index]!, port, FOR_LIVENESS);
    } else if (index === GLOBAL && this.#state.targets.next()) {
      slot = this.#state.sender.enqueue(this.#state.targets.host, this.#state.targets.port, FOR_PATH_LIVENESS);
    }
    if (slot < 0) return false;
    // It goes ahead of its turn where that is a matter of milliseconds; else it waits for it.
    if (rate.ratePps * LIVENESS_GAP_MS >= 1000 || rate.available(timeMs) >= 1) {
      this.#state.sender.send(slot, index, timeMs);
    }
    return true;
  }

  /** True where a host is known to have replied to what was sent at about `sentMs`, or later; or where nothing can show that it did not. */
  wasAlive(index: number, sentMs: number, timeMs: number): boolean {
    if (index === GLOBAL && !this.#state.targets.enough) return true;
    if (this.#hasServiceAlone(index) && this.#state.hosts.isUnreachable(index, timeMs)) return true;
    // In a slow scan liveness probes are rare, and congestion rarer: one shortly before is enough.
    const gapMs = this.#state.retransmit.livenessGapMs();
    const graceMs = gapMs > LIVENESS_GAP_MS ? 2 * gapMs : 0;
    const { aliveAt, unansweredLiveness } = this.#state.hosts;
    // Once liveness probes stay without a reply, so may all else, until one is replied to.
    return aliveAt[index]! >= sentMs - graceMs && unansweredLiveness[index] === 0;
  }

  /** True for a host of which nothing but a service is known, which may ignore requests that are repeated. */
  #hasServiceAlone(index: number): boolean {
    const { livenessPort, refusedPort, servicePort } = this.#state.hosts;
    return servicePort[index]! >= 0 && refusedPort[index]! < 0 && livenessPort[index]! < 0;
  }

  /** Returns the state of the next hop to a host at `sentMs`: silence proves something only if the hop was there. */
  confirmHop(witness: number, host: number, sentMs: number, timeMs: number): number {
    const { local, hosts } = this.#state;
    // A reply from behind the router since then proves as much.
    const isOnlyWay = local.wayCount === 1 && local.isRouted(host);
    if (isOnlyWay && hosts.aliveAt[GLOBAL]! >= sentMs) return HOP_ANSWERS;
    // Confirmed again while it matters: a router that has taken over does not always announce that.
    const isSilent = hosts.unansweredLiveness[witness]! > 0;
    return local.confirm(host, isSilent ? Math.max(sentMs, timeMs - HOP_AGE_MS) : sentMs, timeMs);
  }

  #nextDither(): number {
    this.#dither = (this.#dither + GOLDEN_RATIO) % 1;
    return this.#dither;
  }
}

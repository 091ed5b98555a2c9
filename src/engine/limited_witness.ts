// Hot path: nothing here may allocate per packet.
/**
 * Liveness probes of hosts whose errors are limited: a closed port is probed once more where nothing else shows that its host is there. Its
 * error costs a token.
 *
 * @module
 */

import type { EngineState } from "./engine_state.ts";
import type { Limiter, PeerLimit } from "./peer_limits.ts";

/** Tokens without an error after which the probes that wait for more of them show nothing of the host. */
const STALLED_TOKENS = 4;

/** The liveness probes to closed ports in one engine. Times are engine milliseconds. */
export class LimitedWitness {
  readonly #table: EngineState["table"];
  readonly #limiterOf: (host: number) => Limiter | undefined;
  /** By slot, the limit of which it holds a token. */
  readonly #holders: (PeerLimit | undefined)[] = [];

  constructor({ table }: EngineState, limiterOf: (host: number) => Limiter | undefined) {
    this.#table = table;
    this.#limiterOf = limiterOf;
  }

  /**
   * True where a closed port may be probed: there is a token, and no other probe that waits for one is about to show as much.
   *
   * @param aliveAt When the last probe was sent that the host has replied to.
   */
  mayProbe(host: number, aliveAt: number, timeMs: number): boolean {
    const limiter = this.#limiterOf(host);
    if (limiter === undefined) return true;
    const { limit, reserved } = limiter.limits[0]!;
    const isShownByOthers = limiter.isActive && timeMs - aliveAt < STALLED_TOKENS * limit.apartMs(timeMs);
    return !isShownByOthers && limit.hasToken(timeMs, reserved);
  }

  /** Takes that the probe in a slot is about to be sent, from the first of the addresses that hosts are probed from. */
  reserve(slot: number): void {
    const own = this.#limiterOf(this.#table.host[slot]!)?.limits[0];
    if (own !== undefined) own.reserved++;
    this.#holders[slot] = own;
  }

  /** Takes that the probe in a slot has had no reply; returns true if one could have been sent. */
  onSilence(slot: number, sentMs: number): boolean {
    const limit = this.#holders[slot]?.limit;
    limit?.onSilence(sentMs, 0, 1);
    return limit?.couldSend(sentMs) !== false;
  }

  /** Takes that the reply to the probe in a slot, if it is one, is not expected any more. */
  release(slot: number): void {
    const own = this.#holders[slot];
    if (own === undefined) return;
    own.reserved--;
    this.#holders[slot] = undefined;
  }
}

/**
 * Packets that this machine drops or has no room for: the scan is then too fast for it, whatever the path carries.
 *
 * @module
 */

import type { EngineState } from "./engine_state.ts";

/** Retries for room in the send queue, between two squeezes of the rate, that do not slow the scan. */
const TOLERATED_SEND_RETRIES = 8;

/** The drops of this machine during one scan. */
export class LocalDrops {
  readonly #state: EngineState;
  #receiveDrops = 0;
  #sendRetries = 0;

  constructor(state: EngineState) {
    this.#state = state;
  }

  /** True where packets were dropped since the last call that returned true. */
  haveOccurred(timeMs: number): boolean {
    const { driver: { counters: { receiveDrops, sendRetries } }, local } = this.#state;
    if (receiveDrops <= this.#receiveDrops && sendRetries <= this.#sendRetries + TOLERATED_SEND_RETRIES) return false;
    if (sendRetries > this.#sendRetries) local.noRoom(timeMs);
    this.#receiveDrops = receiveDrops;
    this.#sendRetries = sendRetries;
    return true;
  }
}

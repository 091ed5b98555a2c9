/**
 * Packets that this machine drops, or cannot queue: the rate is then too high for this machine, not for the path.
 *
 * @module
 */

import type { EngineState } from "./engine_state.ts";

/** Retries because of a full send queue, between two reductions of the rate, that do not reduce it. */
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
  haveOccurred(): boolean {
    const { receiveDrops, sendRetries } = this.#state.driver.counters;
    if (receiveDrops <= this.#receiveDrops && sendRetries <= this.#sendRetries + TOLERATED_SEND_RETRIES) return false;
    this.#receiveDrops = receiveDrops;
    this.#sendRetries = sendRetries;
    return true;
  }
}

// Hot path: nothing here may allocate per packet.
/**
 * The pace at which refused ports are probed again: that at which other replies came before.
 *
 * @module
 */

/** The time in which a round sends its probes where the one before was too short, or had no other reply, to show a pace, in milliseconds. */
const ROUND_MS = 2000;
/** The share of the pace of other replies at which the next round is sent: a little below the limit of a firewall nothing is rejected. */
const PACE_SHARE = 0.9;

/** The pace of rounds. Times are engine milliseconds. */
export class CheckPace {
  /** When the present round's first probe and its last were sent. */
  #firstMs = -1;
  #lastMs = 0;
  /** When to send the next probe. */
  nextAt = 0;
  #gapMs = 0;
  /** The highest pace at which other replies came, for each millisecond. */
  #pace = 0;

  /** Begins a round with a probe each `gapMs`. */
  begin(gapMs: number): void {
    this.#firstMs = -1;
    this.#gapMs = gapMs;
  }

  /** Takes that a probe of the present round is sent. */
  onSent(timeMs: number): void {
    if (this.#firstMs < 0) this.#firstMs = timeMs;
    this.#lastMs = timeMs;
    this.nextAt = Math.max(this.nextAt, timeMs - this.#gapMs) + this.#gapMs;
  }

  /**
   * Returns the time in which the next round sends so many probes, once the present one has `changed` ports. What a firewall lets through of
   * a burst was saved up.
   */
  roundMs(left: number, changed: number): number {
    const elapsedMs = this.#lastMs - this.#firstMs;
    if (elapsedMs < ROUND_MS / 2) return ROUND_MS;
    // Few that are left may be about to change, which makes the limit no lower.
    this.#pace = Math.max(this.#pace, PACE_SHARE * changed / elapsedMs);
    return this.#pace === 0 ? ROUND_MS : left / this.#pace;
  }
}

/**
 * Time as an argument. The engine never reads a clock; whoever runs it hands it the time.
 *
 * @module
 */

/** Something that tells the time, in milliseconds from any fixed beginning, with fractions. */
export interface Clock {
  /** Milliseconds since the clock's beginning. Never goes back. */
  now(): number;
}

/** The machine's monotonic clock. */
export const systemClock: Clock = { now: () => performance.now() };

/** A clock that stands still until it is told to move, for simulated networks. */
export class ManualClock implements Clock {
  #nowMs = 0;

  now(): number {
    return this.#nowMs;
  }

  /** Moves on to `ms`; a time already past changes nothing. */
  advanceTo(ms: number): void {
    if (ms > this.#nowMs) this.#nowMs = ms;
  }
}

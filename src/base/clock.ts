/**
 * Time as an argument: the engine reads no clock of its own.
 *
 * @module
 */

/** A source of time in milliseconds, with fractions, from a fixed start. */
export interface Clock {
  /** Returns the milliseconds since the clock's start. The value never decreases. */
  now(): number;
}

/** The machine's monotonic clock. */
export const systemClock: Clock = { now: () => performance.now() };

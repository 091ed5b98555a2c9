/**
 * Time under a test's control.
 *
 * @module
 */
import type { Clock } from "../../src/base/clock.ts";

/** A clock that stands still until it is advanced. */
export class ManualClock implements Clock {
  #nowMs = 0;

  now(): number {
    return this.#nowMs;
  }

  /** Advances to `ms`; a time in the past changes nothing. */
  advanceTo(ms: number): void {
    if (ms > this.#nowMs) this.#nowMs = ms;
  }
}

/**
 * The engine's time: the caller's, less the time that the program stood still or the kernel had no room for packets. A
 * timeout that ran meanwhile would prove nothing.
 *
 * @module
 */

/** A step that comes this much later than promised, in milliseconds, means that the whole program stood still. */
const STANDSTILL_MS = 250;

/** The clock of one engine. Times are milliseconds. */
export class EngineClock {
  /** Engine time when the scan began. */
  readonly beganMs: number;
  /** Engine time of the present step, once packets were received. */
  nowMs = 0;
  /** Engine time of the present step, from its begin: all that was sent before is older. */
  stepMs = 0;
  #stoodStillMs = 0;
  #promisedAt = -1;

  constructor(beganMs: number) {
    this.beganMs = beganMs;
  }

  /** Begins a step at the caller's time. */
  begin(callerMs: number): void {
    if (this.#promisedAt >= 0 && callerMs - this.#promisedAt > STANDSTILL_MS) this.exclude(callerMs - this.#promisedAt);
    this.stepMs = this.engineTime(callerMs);
  }

  /** Notes the caller's time at which the next step was promised, and returns it. */
  promise(callerMs: number): number {
    return this.#promisedAt = callerMs;
  }

  /** Moves engine time to that of the caller. */
  advance(callerMs: number): number {
    return this.nowMs = this.engineTime(callerMs);
  }

  /** Leaves a span of time out. */
  exclude(spanMs: number): void {
    this.#stoodStillMs += spanMs;
  }

  engineTime(callerMs: number): number {
    return callerMs - this.#stoodStillMs;
  }

  callerTime(engineMs: number): number {
    return engineMs + this.#stoodStillMs;
  }
}

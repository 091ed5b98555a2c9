/**
 * Turns for the rest of the program, between two pieces of work.
 *
 * @module
 */

/** How long only those have a turn who wait for this work, in milliseconds. */
const YIELD_EVERY_MS = 25;
/** Promises in a row that who takes what was done may need for it; one who needs more waits for something else. */
const MOST_STEPS = 1000;

/** What breathing needs. */
export interface EventLoopYielderParts {
  /** Lets the event loop have a turn, and with it timers, signals, files and other threads. */
  readonly waitForEvents: () => Promise<void>;
  /** True while what was done waits to be taken. */
  readonly hasWaitingConsumer: () => boolean;
}

/**
 * Lets the rest of the program have its turn. Who takes what was done has one each time, for which promises are enough; the
 * event loop now and then, or when the taker waits for that too, since each of its turns takes up to a millisecond. Not by
 * `setImmediate` or `setTimeout`: for these Deno loads Node's timers, which takes 11 ms, and a short scan needs no other.
 */
export class EventLoopYielder {
  readonly #parts: EventLoopYielderParts;
  #yieldedAtMs = performance.now();

  constructor(parts: EventLoopYielderParts) {
    this.#parts = parts;
  }

  /** Resolves once others have had their turn. One call must have ended before the next. */
  async yield(): Promise<void> {
    const { hasWaitingConsumer: isAwaited, waitForEvents: turn } = this.#parts;
    for (let step = 0; isAwaited() && step < MOST_STEPS; step++) await undefined;
    if (!isAwaited() && performance.now() - this.#yieldedAtMs < YIELD_EVERY_MS) return;
    await turn();
    this.#yieldedAtMs = performance.now();
  }
}

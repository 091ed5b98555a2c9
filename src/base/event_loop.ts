/**
 * Yields to the event loop between two steps of the scan.
 *
 * @module
 */

/** The longest time without a turn of the event loop, in milliseconds, while nothing waits for one. */
const YIELD_EVERY_MS = 25;
/** Promise jobs in a row that a consumer may need to take the results; one that needs more waits for something else. */
const MOST_STEPS = 1000;

/** The callbacks of an {@linkcode EventLoopYielder}. */
interface EventLoopYielderParts {
  /** Resolves after a turn of the event loop: timers, signals, files and other threads. */
  readonly waitForEvents: () => Promise<void>;
  /** Returns true while results wait for their consumer. */
  readonly hasWaitingConsumer: () => boolean;
}

/**
 * Yields to the rest of the program. The consumer of results runs each time, for which promise jobs are enough. The event loop
 * runs every 25 ms, or when the consumer waits for it too, since each of its turns takes up to a millisecond. Without
 * `setImmediate` and `setTimeout`: for these Deno loads Node's timers, which takes 11 ms, and a short scan needs no other.
 */
export class EventLoopYielder {
  readonly #parts: EventLoopYielderParts;
  #yieldedAtMs = performance.now();

  constructor(parts: EventLoopYielderParts) {
    this.#parts = parts;
  }

  /** Resolves after the others have run. A call must have resolved before the next. */
  async yield(): Promise<void> {
    const { hasWaitingConsumer, waitForEvents } = this.#parts;
    for (let step = 0; hasWaitingConsumer() && step < MOST_STEPS; step++) await undefined;
    if (!hasWaitingConsumer() && performance.now() - this.#yieldedAtMs < YIELD_EVERY_MS) return;
    await waitForEvents();
    this.#yieldedAtMs = performance.now();
  }
}

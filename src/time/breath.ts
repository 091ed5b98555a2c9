/**
 * Turns for the rest of the program, between two pieces of work.
 *
 * @module
 */

/** How long nothing but what is ready at once has a turn, in milliseconds, where nobody waits for more. */
const TURN_EVERY_MS = 50;

/** What breathing needs. */
export interface BreathParts {
  /** Lets the event loop have a turn, and with it timers, signals, files and other threads. */
  readonly turn: () => Promise<void>;
  /** True while somebody waits for such a turn. */
  readonly isAwaited: () => boolean;
}

/**
 * Lets the rest of the program have its turn. What is ready at once has one each time, which takes some 15 us; the rest
 * of the event loop when somebody waits for it, and now and then. Not by `setImmediate` or `setTimeout`: for these Deno loads
 * Node's timers, which takes 11 ms, and a short scan needs no other.
 */
export class Breath implements Disposable {
  readonly #parts: BreathParts;
  readonly #channel = new MessageChannel();
  #wake = () => {};
  #turnedAtMs = performance.now();

  constructor(parts: BreathParts) {
    this.#parts = parts;
    this.#channel.port1.onmessage = () => this.#wake();
  }

  /** Resolves once others have had their turn. One call must have ended before the next. */
  async take(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      this.#channel.port2.postMessage(null);
    });
    if (!this.#parts.isAwaited() && performance.now() - this.#turnedAtMs < TURN_EVERY_MS) return;
    await this.#parts.turn();
    this.#turnedAtMs = performance.now();
  }

  [Symbol.dispose](): void {
    this.#channel.port1.close();
    this.#channel.port2.close();
  }
}

/**
 * Single keys while a scan runs. The terminal is switched to giving them as they are pressed only while this program is in its
 * foreground: one in the background that touches its terminal is stopped.
 *
 * @module
 */
import type { System } from "../system.ts";

const LOOK_EVERY_MS = 50;

/** Listens for keys until it is disposed of. */
export class Keyboard implements Disposable {
  readonly #system: System;
  readonly #timer: ReturnType<typeof setInterval>;
  readonly #onKey: (key: string) => void;
  #isRaw = false;

  constructor(world: System, onKey: (key: string) => void) {
    this.#system = world;
    this.#onKey = onKey;
    this.#timer = setInterval(() => this.#look(), LOOK_EVERY_MS);
    this.#look();
  }

  /** Gives the terminal back as it was; the next look takes it again. */
  release(): void {
    if (this.#isRaw && this.#system.inForeground()) this.#system.setRaw(false);
    this.#isRaw = false;
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    this.release();
  }

  #look(): void {
    if (!this.#system.inForeground()) return;
    if (!this.#isRaw) {
      this.#system.setRaw(true);
      this.#isRaw = true;
    }
    const typed = this.#system.readTyped();
    if (typed === null) return this[Symbol.dispose]();
    // A key such as an arrow comes as several characters that begin with an escape.
    for (const key of typed.startsWith("\x1b") ? [typed] : typed) this.#onKey(key);
  }
}

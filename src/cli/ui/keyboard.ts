/**
 * Single keys while a scan runs. The terminal is in raw mode only while this program is in its foreground: a background process
 * that changes its terminal is stopped.
 *
 * @module
 */
import type { System } from "../system.ts";

const POLL_MS = 50;

/** Reads keys until it is disposed of. */
export class Keyboard implements Disposable {
  readonly #system: System;
  readonly #timer: ReturnType<typeof setInterval>;
  readonly #onKey: (key: string) => void;
  #isRaw = false;

  constructor(system: System, onKey: (key: string) => void) {
    this.#system = system;
    this.#onKey = onKey;
    this.#timer = setInterval(() => this.#poll(), POLL_MS);
    this.#poll();
  }

  /** Restores the terminal; the next poll sets raw mode again. */
  release(): void {
    if (this.#isRaw && this.#system.inForeground()) this.#system.setRaw(false);
    this.#isRaw = false;
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    this.release();
  }

  #poll(): void {
    if (!this.#system.inForeground()) return;
    if (!this.#isRaw) {
      this.#system.setRaw(true);
      this.#isRaw = true;
    }
    const typed = this.#system.readTyped();
    if (typed === null) return this[Symbol.dispose]();
    // A key such as an arrow is several characters that begin with an escape.
    for (const key of typed.startsWith("\x1b") ? [typed] : typed) this.#onKey(key);
  }
}

/**
 * Runs an engine to its end: steps it, waits for packets, and yields to the event loop.
 *
 * @module
 */

import type { Driver } from "../driver/driver.ts";
import type { Clock } from "../base/clock.ts";
import type { Engine } from "./engine.ts";

/** The parts that are needed to run an engine. */
interface RunParts {
  readonly engine: Engine;
  readonly driver: Driver;
  readonly clock: Clock;
  /** Yields to the event loop. */
  readonly yieldToEventLoop: () => Promise<void>;
  /** When to step at the latest, however long there is nothing to do; Infinity by default. */
  readonly latestMs?: number;
  /** Called after each step; returns true to stop. */
  readonly afterStep?: (nowMs: number) => boolean;
}

/** The longest wait at a time, so that `afterStep` is called soon, in milliseconds. */
const WAIT_MS = 100;
/** The time that steps follow each other without a yield to the event loop, in milliseconds. */
const YIELD_MS = 4;

/** Resolves when everything is decided, or `afterStep` returns true. */
export async function run(parts: RunParts): Promise<void> {
  const { engine, driver, clock } = parts;
  let yieldedAt = clock.now();
  while (!engine.finished) {
    const nowMs = clock.now();
    const nextMs = engine.step(nowMs);
    if (parts.afterStep?.(nowMs)) return;
    if (engine.finished) return;
    if (nextMs > nowMs) {
      await driver.wait(Math.max(0, Math.min(nextMs, parts.latestMs ?? Infinity, nowMs + WAIT_MS) - nowMs));
      yieldedAt = clock.now();
    } else if (nowMs - yieldedAt >= YIELD_MS) {
      await parts.yieldToEventLoop();
      yieldedAt = clock.now();
    }
  }
}

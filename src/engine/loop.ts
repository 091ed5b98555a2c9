/**
 * Runs an engine to its end: steps it, waits for packets, and lets the rest of the program have its turn.
 *
 * @module
 */

import type { Driver } from "../driver/driver.ts";
import type { Clock } from "../base/clock.ts";
import type { Engine } from "./engine.ts";

/** What running needs beyond the engine. */
export interface RunParts {
  readonly engine: Engine;
  readonly prober: Driver;
  readonly clock: Clock;
  /** Lets other tasks of the program run. */
  readonly yieldToEventLoop: () => Promise<void>;
  /** When to step at the latest, however long there is nothing to do; Infinity by default. */
  readonly latestMs?: number;
  /** Called after each step; returns true to stop. */
  readonly afterStep?: (nowMs: number) => boolean;
}

/** The longest wait at a time, so that `afterStep` is heard soon, in milliseconds. */
const WAIT_MS = 100;
/** How long steps follow each other before the rest of the program gets its turn, in milliseconds. */
const YIELD_MS = 4;

/** Resolves when everything is decided, or `afterStep` says stop. */
export async function run(parts: RunParts): Promise<void> {
  const { engine, prober, clock } = parts;
  let breathedAt = clock.now();
  while (!engine.finished) {
    const nowMs = clock.now();
    const nextMs = engine.step(nowMs);
    if (parts.afterStep?.(nowMs)) return;
    if (engine.finished) return;
    if (nextMs > nowMs) {
      await prober.wait(Math.max(0, Math.min(nextMs, parts.latestMs ?? Infinity, nowMs + WAIT_MS) - nowMs));
      breathedAt = clock.now();
    } else if (nowMs - breathedAt >= YIELD_MS) {
      await parts.yieldToEventLoop();
      breathedAt = clock.now();
    }
  }
}

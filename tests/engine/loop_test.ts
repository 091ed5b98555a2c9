import { assert, assertEquals } from "@std/assert";
import type { Engine } from "../../src/engine/engine.ts";
import { run } from "../../src/engine/loop.ts";
import type { Driver } from "../../src/driver/driver.ts";
import { ManualClock } from "../support/clock.ts";

/** Runs an engine that wants its next step at each of these times after the one before; 0 for at once. */
async function script(
  delays: readonly number[],
  options: { readonly latestMs?: number; readonly stopAt?: number; readonly stepMs?: number } = {},
): Promise<{ steps: number[]; waits: number[]; yields: number }> {
  const clock = new ManualClock();
  const steps: number[] = [];
  const waits: number[] = [];
  let yields = 0;
  const engine = {
    get finished() {
      return steps.length >= delays.length;
    },
    step(nowMs: number) {
      steps.push(nowMs);
      clock.advanceTo(nowMs + (options.stepMs ?? 0));
      return nowMs + delays[steps.length - 1]!;
    },
  } as unknown as Engine;
  const driver = {
    wait(timeoutMs: number) {
      waits.push(timeoutMs);
      clock.advanceTo(clock.now() + timeoutMs);
      return Promise.resolve();
    },
  } as unknown as Driver;
  await run({
    engine,
    driver,
    clock,
    yieldToEventLoop: () => {
      yields++;
      return Promise.resolve();
    },
    ...options.latestMs === undefined ? {} : { latestMs: options.latestMs },
    afterStep: (nowMs) => nowMs >= (options.stopAt ?? Infinity),
  });
  return { steps, waits, yields };
}

Deno.test("run: steps follow each other at once where the engine wants it, and waits lie between where not", async () => {
  const { steps, waits } = await script([0, 5, 0, 20, 0]);
  assertEquals(steps, [0, 0, 5, 5, 25]);
  assertEquals(waits, [5, 20]);
});

Deno.test("run: no wait is longer than a tenth of a second, that the caller may be heard", async () => {
  const { waits } = await script([5000, 0]);
  assert(waits.every((ms) => ms <= 100), `${waits}`);
});

Deno.test("run: no wait goes past the latest time", async () => {
  const { steps, waits } = await script([60, 60, 60, 60], { latestMs: 80, stopAt: 80 });
  assertEquals(waits, [60, 20]);
  assertEquals(steps.at(-1), 80);
});

Deno.test("run: it ends as soon as the caller says so", async () => {
  const { steps } = await script([1, 1, 1, 1, 1, 1], { stopAt: 3 });
  assertEquals(steps, [0, 1, 2, 3]);
});

Deno.test("run: the rest of the program has its turn every few milliseconds", async () => {
  const { yields } = await script(Array.from({ length: 100 }, () => 0), { stepMs: 1 });
  assert(yields >= 15 && yields <= 35, `${yields} breaths in 100 ms`);
});

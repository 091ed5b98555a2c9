/**
 * The meaning of `-T0` to `-T5` and of the single flags: the table of `synscan help timing`.
 *
 * @module
 */

import { assertEquals, assertThrows } from "@std/assert";
import { UsageError } from "../../src/base/errors.ts";
import type { RateBounds } from "../../src/engine/rate.ts";
import { engineLimits, paceText } from "../../src/scan/timing.ts";
import type { ScanOptions, Timing } from "../../src/scan/options.ts";

const TARGET = { targets: "127.0.0.1" };

type Bounds = readonly [startPps: number, uncheckedPps: number, maxPps?: number];

const TEMPLATES: readonly [timing: Timing, initialMs: number, maxMs: number, near: Bounds, beyond: Bounds][] = [
  [0, 300_000, 300_000, [1 / 300, 1 / 300], [1 / 300, 1 / 300]],
  [1, 15_000, 15_000, [1 / 15, 1 / 15], [1 / 15, 1 / 15]],
  [2, 1000, 10_000, [2.5, 2.5], [2.5, 2.5]],
  [3, 1000, 10_000, [Infinity, Infinity], [1000, 10_000, 100_000]],
  [4, 500, 1250, [Infinity, Infinity], [4000, 50_000, 500_000]],
  [5, 250, 300, [Infinity, Infinity], [Infinity, Infinity]],
];

function boundsOf([startPps, uncheckedPps, maxPps = uncheckedPps]: Bounds): RateBounds {
  return { startPps, uncheckedPps, maxPps, minPps: 0 };
}

for (const [timing, initialMs, maxMs, near, beyond] of TEMPLATES) {
  Deno.test(`-T${timing}`, () => {
    const { timeouts, rate, maxInFlight } = engineLimits({ ...TARGET, timing }, false);
    assertEquals([timeouts.initialMs, timeouts.maxMs], [initialMs, maxMs]);
    assertEquals(rate, boundsOf(near));
    assertEquals(maxInFlight === 1, timing < 3);
    assertEquals(engineLimits({ ...TARGET, timing }, true).rate, boundsOf(beyond));
  });
}

type Pps = readonly [startPps: number, maxPps: number, minPps: number, uncheckedPps?: number];

const FLAGS: readonly [name: string, options: Partial<ScanOptions>, ...Pps][] = [
  ["--max-rate bounds start and growth", { maxRatePps: 500 }, 500, 500, 0],
  ["--max-rate may lift the bound, and begins with a quarter", { maxRatePps: 200_000 }, 50_000, 200_000, 0],
  ["--min-rate lifts start and bound", { minRatePps: 30_000 }, 30_000, 100_000, 30_000, 30_000],
  ["--min-rate above every bound", { minRatePps: 300_000 }, 300_000, 300_000, 300_000],
  ["--min-rate below the start changes only the floor", { minRatePps: 100 }, 1000, 100_000, 100, 10_000],
];

for (const [name, options, startPps, maxPps, minPps, uncheckedPps = maxPps] of FLAGS) {
  Deno.test(`beyond a gateway, ${name}`, () => {
    assertEquals(engineLimits({ ...TARGET, ...options }, true).rate, { startPps, uncheckedPps, maxPps, minPps });
  });
}

Deno.test("workers share the rate", () => {
  assertEquals(engineLimits({ ...TARGET, maxRatePps: 1000, minRatePps: 100 }, false, 4).rate, {
    startPps: 250,
    maxPps: 250,
    uncheckedPps: 250,
    minPps: 25,
  });
});

Deno.test("waits that the user gives bound each other", () => {
  const { timeouts } = engineLimits({ ...TARGET, timeoutMs: 5000, maxRttTimeoutMs: 50 }, false);
  assertEquals(timeouts, { initialMs: 50, minMs: 50, maxMs: 50 });
});

Deno.test("rates that contradict each other are refused", () => {
  assertThrows(() => engineLimits({ ...TARGET, minRatePps: 10, maxRatePps: 5 }, false), UsageError, "--min-rate");
});

const NEAR = "This machine and its own links";
const BEYOND = "Beyond a gateway, in the networks of others";

/** Options, and the bounds that are reported of them: nearby, or beyond a gateway. */
const REPORTED: readonly (readonly [Partial<ScanOptions>, boolean, says: string, wait?: string])[] = [
  [{}, false, "-T3: as fast as the kernel sends"],
  [
    {},
    true,
    "-T3: 1,000 probes/s to begin with, 10,000 probes/s at most, up to 100,000 probes/s while replies show that little is lost; " +
    "--max-rate, -T4 or -T5 raise that",
  ],
  [
    { timing: 4 },
    true,
    "-T4: 4,000 probes/s to begin with, 50,000 probes/s at most, up to 500,000 probes/s while replies show that little is lost; " +
    "--max-rate or -T5 raise that",
    "500 ms",
  ],
  [{ timing: 5 }, true, "-T5: as fast as the kernel sends", "250 ms"],
  [{ maxRatePps: 200 }, true, "-T3: 200 probes/s at most"],
  [{ minRatePps: 200, maxRatePps: 3000 }, false, "-T3: 3,000 probes/s at most, 200 probes/s at least"],
  [{ timing: 2 }, true, "-T2: one port at a time, 2.5 probes/s at most"],
  [{ timing: 0 }, false, "-T0: one port at a time, a probe in 300 s at most", "300 s"],
  [{ timing: 1, timeoutMs: 2500 }, false, "-T1: one port at a time, a probe in 15 s at most", "2.5 s"],
];

for (const [options, beyondGateway, says, wait = "1 s"] of REPORTED) {
  Deno.test(`said of ${JSON.stringify(options)} ${beyondGateway ? "beyond a gateway" : "nearby"}`, () => {
    const all = { ...TARGET, ...options };
    const text = `${beyondGateway ? BEYOND : NEAR}, at ${says}; replies are waited for ${wait} at first`;
    assertEquals(paceText(all, engineLimits(all, beyondGateway), beyondGateway), text);
  });
}

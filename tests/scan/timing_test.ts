/**
 * What `-T0` to `-T5` and the single flags mean: the table of `synscan help timing`.
 *
 * @module
 */

import { assertEquals, assertThrows } from "@std/assert";
import { UsageError } from "../../src/base/errors.ts";
import { engineLimits, paceText } from "../../src/scan/timing.ts";
import type { ScanOptions, Timing } from "../../src/scan/options.ts";

const TARGET = { targets: "127.0.0.1" };

const TEMPLATES: readonly [
  timing: Timing,
  initialMs: number,
  maxMs: number,
  near: readonly [startPps: number, maxPps: number],
  beyond: readonly [startPps: number, maxPps: number],
][] = [
  [0, 300_000, 300_000, [1 / 300, 1 / 300], [1 / 300, 1 / 300]],
  [1, 15_000, 15_000, [1 / 15, 1 / 15], [1 / 15, 1 / 15]],
  [2, 1000, 10_000, [2.5, 2.5], [2.5, 2.5]],
  [3, 1000, 10_000, [Infinity, Infinity], [1000, 10_000]],
  [4, 500, 1250, [Infinity, Infinity], [4000, 50_000]],
  [5, 250, 300, [Infinity, Infinity], [Infinity, Infinity]],
];

for (const [timing, initialMs, maxMs, near, beyond] of TEMPLATES) {
  Deno.test(`-T${timing}`, () => {
    const { timeouts, rate, maxInFlight } = engineLimits({ ...TARGET, timing }, false);
    assertEquals([timeouts.initialMs, timeouts.maxMs], [initialMs, maxMs]);
    assertEquals([rate.startPps, rate.maxPps], [...near]);
    assertEquals(maxInFlight === 1, timing < 3);
    const far = engineLimits({ ...TARGET, timing }, true).rate;
    assertEquals([far.startPps, far.maxPps], [...beyond]);
  });
}

const FLAGS: readonly [
  name: string,
  options: Partial<ScanOptions>,
  startPps: number,
  maxPps: number,
  minPps: number,
][] = [
  ["--max-rate bounds start and growth", { maxRatePps: 500 }, 500, 500, 0],
  ["--max-rate may lift the bound", { maxRatePps: 200_000 }, 1000, 200_000, 0],
  ["--min-rate lifts start and bound", { minRatePps: 30_000 }, 30_000, 30_000, 30_000],
  ["--min-rate below the start changes only the floor", { minRatePps: 100 }, 1000, 10_000, 100],
];

for (const [name, options, startPps, maxPps, minPps] of FLAGS) {
  Deno.test(`beyond a gateway, ${name}`, () => {
    assertEquals(engineLimits({ ...TARGET, ...options }, true).rate, { startPps, maxPps, minPps });
  });
}

Deno.test("workers share the rate", () => {
  assertEquals(engineLimits({ ...TARGET, maxRatePps: 1000, minRatePps: 100 }, false, 4).rate, {
    startPps: 250,
    maxPps: 250,
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

for (
  const [options, beyondGateway, says] of [
    [{}, false, `${NEAR}, at -T3: as fast as the kernel sends; answers are waited for 1 s at first`],
    [
      {},
      true,
      `${BEYOND}, at -T3: 1,000 probes/s to begin with, 10,000 probes/s at most; --max-rate, -T4 or -T5 raise that; ` +
      "answers are waited for 1 s at first",
    ],
    [
      { timing: 4 },
      true,
      `${BEYOND}, at -T4: 4,000 probes/s to begin with, 50,000 probes/s at most; --max-rate or -T5 raise that; ` +
      "answers are waited for 500 ms at first",
    ],
    [{ timing: 5 }, true, `${BEYOND}, at -T5: as fast as the kernel sends; answers are waited for 250 ms at first`],
    [{ maxRatePps: 200 }, true, `${BEYOND}, at -T3: 200 probes/s at most; answers are waited for 1 s at first`],
    [
      { minRatePps: 200, maxRatePps: 3000 },
      false,
      `${NEAR}, at -T3: 3,000 probes/s at most, 200 probes/s at least; answers are waited for 1 s at first`,
    ],
    [
      { timing: 2 },
      true,
      `${BEYOND}, at -T2: one port at a time, 2.5 probes/s at most; answers are waited for 1 s at first`,
    ],
    [
      { timing: 0 },
      false,
      `${NEAR}, at -T0: one port at a time, a probe in 300 s at most; answers are waited for 300 s at first`,
    ],
    [
      { timing: 1, timeoutMs: 2500 },
      false,
      `${NEAR}, at -T1: one port at a time, a probe in 15 s at most; answers are waited for 2.5 s at first`,
    ],
  ] as const satisfies readonly (readonly [Partial<ScanOptions>, boolean, string])[]
) {
  Deno.test(`said of ${JSON.stringify(options)} ${beyondGateway ? "beyond a gateway" : "nearby"}`, () => {
    const all = { ...TARGET, ...options };
    assertEquals(paceText(all, engineLimits(all, beyondGateway), beyondGateway), says);
  });
}

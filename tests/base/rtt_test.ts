import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { answerTimeout, rttVariation, smoothedRtt } from "../../src/base/rtt.ts";

const BOUNDS = { initialMs: 1000, minMs: 100, maxMs: 10_000 };

/** The timeout after these round trips. */
function timeoutAfter(samples: readonly number[], bounds = BOUNDS): number {
  let srtt = -1;
  let variation = 0;
  for (const sample of samples) {
    variation = rttVariation(srtt, variation, sample);
    srtt = smoothedRtt(srtt, sample);
  }
  return answerTimeout(srtt, variation, bounds);
}

Deno.test("rtt: the numbers of RFC 6298, section 2", () => {
  for (
    const [name, samples, timeoutMs] of [
      ["none: the initial timeout", [], 1000],
      ["one, R: R + 4 * R / 2", [200], 600],
      // The variation moves by a quarter, from the smoothed round trip as it was before: 75 + 100 / 4; 212.5 + 4 * 100.
      ["a longer one", [200, 300], 212.5 + 4 * 100],
      ["never below the least", [1, 1, 1], 100],
      ["never above the most", [9000], 10_000],
    ] as const
  ) assertAlmostEquals(timeoutAfter(samples), timeoutMs, 1e-9, name);
});

Deno.test("rtt: a steady round trip is waited for little longer than it takes", () => {
  const timeoutMs = timeoutAfter(Array.from({ length: 50 }, () => 300));
  assert(timeoutMs >= 300 && timeoutMs < 301, `${timeoutMs}`);
});

Deno.test("rtt: a round trip that varies is waited for at its longest", () => {
  const timeoutMs = timeoutAfter(Array.from({ length: 200 }, (_, i) => 300 + (i * 37) % 101));
  assert(timeoutMs > 400 && timeoutMs < 550, `${timeoutMs}`);
});

Deno.test("rtt: bounds of the user", () => {
  const bounds = { initialMs: 250, minMs: 50, maxMs: 300 };
  assertEquals([timeoutAfter([], bounds), timeoutAfter([1], bounds), timeoutAfter([2000], bounds)], [250, 50, 300]);
});

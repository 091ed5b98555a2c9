/**
 * Bounds of the user: time, repeats, rate, probes in flight, shards, the source port. A bound is kept, and what it costs is
 * said.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { reasonCode } from "../../src/result/reasons.ts";
import { engineLimits } from "../../src/scan/timing.ts";
import { FILTERED, UNDECIDED } from "../../src/result/states.ts";
import { LIMITS } from "../support/sim.ts";
import { ALL_CLOSED, assertRight, HALF_DROPPED, MIXED, simTest, SOME_ABSENT } from "./mixes.ts";

simTest("sim: a deadline ends on time, and what is not known by then is undecided", async ({ simulate }) => {
  const outcome = await simulate({
    ports: 10_000,
    limits: { rate: { startPps: 5000, maxPps: 5000, minPps: 0 } },
    conditions: { port: MIXED },
    untilMs: 1000,
  });
  const { engine, elapsedMs, results, twice } = outcome;
  assert(elapsedMs >= 1000 && elapsedMs < 1002, `${elapsedMs} ms`);
  assertEquals(engine.finished, false);
  const asked = engine.position;
  const before = results.filter((result) => result !== 255).length;
  engine.end(reasonCode("deadline"));
  assertEquals(engine.finished, true);
  assertEquals(results.filter((result) => result !== 255).length, asked);
  engine.skip(Infinity, reasonCode("not-asked"));
  assertEquals(results.filter((result) => result === 255).length, 0);
  assertEquals(twice, 0);
  assertEquals(engine.counts.byState[UNDECIDED], 10_000 - before);
  assert(before > 3500, `${before} decided`);
  assertEquals(outcome.wrong().filter((line) => !line.includes("undecided")), []);
});

simTest("sim: shards are disjoint, and together they are the scan", async ({ simulate }) => {
  const seen = new Uint8Array(3000);
  for (const index of [1, 2, 3, 4, 5, 6, 7]) {
    const conditions = { port: SOME_ABSENT, lossOut: 0.05, lossBack: 0.05 };
    const { results, given, engine } = await simulate({
      hosts: 30,
      ports: 100,
      shard: { index, count: 7 },
      conditions,
    });
    for (const [i, result] of results.entries()) if (result !== 255) seen[i]!++;
    assertEquals(given - engine.counts.late, results.filter((result) => result !== 255).length);
  }
  assert(seen.every((times) => times === 1));
});

simTest("sim: a hard cap of repeats is kept, and the scan says what that costs", async ({ scanned }) => {
  for (const maxRetries of [0, 1]) {
    const conditions = { port: ALL_CLOSED, lossOut: 0.1, lossBack: 0.1 };
    const { engine, driver, results } = await scanned({ ports: 5000, limits: { ...LIMITS, maxRetries }, conditions });
    const wrong = results.filter((result) => result === FILTERED).length;
    const questions = 5000 * (1 + maxRetries);
    assert(driver.counters.sent < questions + 200, `${driver.counters.sent} probes`);
    assert(wrong > 50, `${wrong} results wrong`);
    if (maxRetries === 0) assert(engine.expectedWrong >= 0.5, `${engine.expectedWrong} said to be wrong of ${wrong}`);
    else {
      const { expectedWrong } = engine;
      assert(expectedWrong > wrong / 2 && expectedWrong < wrong * 2, `${expectedWrong} said to be wrong of ${wrong}`);
    }
  }
});

simTest("sim: a hard cap of repeats on a host that rations its answers", async ({ scanned }) => {
  const conditions = { port: ALL_CLOSED, answerCap: () => ({ perSecond: 250, burst: 5 }) };
  const { engine, results } = await scanned({ ports: 1000, limits: { ...LIMITS, maxRetries: 2 }, conditions });
  const wrong = results.filter((result) => result === FILTERED).length;
  assert(engine.expectedWrong >= Math.min(0.5, wrong / 4), `${engine.expectedWrong} said to be wrong of ${wrong}`);
});

for (const timing of [0, 1, 2] as const) {
  simTest(`sim: -T${timing} asks one port at a time, and keeps its pause`, async ({ scanned }) => {
    const limits = engineLimits({ targets: "10.0.0.1", timing }, true);
    const pauseMs = 1000 / limits.rate.maxPps;
    let most = 0;
    let sent = 0;
    let sentAt = -Infinity;
    let closest = Infinity;
    const { wrong } = await scanned({
      ports: 12,
      limits,
      conditions: { port: HALF_DROPPED },
      afterStep: (engine, clock, network) => {
        most = Math.max(most, engine.inFlight);
        if (network.syns === sent) return;
        if (network.syns > sent + 1) closest = 0;
        else closest = Math.min(closest, clock.now() - sentAt);
        sent = network.syns;
        sentAt = clock.now();
      },
    });
    assertRight(wrong());
    // A liveness probe may be under way with the probe that it goes with.
    assert(most <= 2, `${most} probes in flight`);
    assert(closest >= 0.9 * pauseMs, `${closest} ms between two probes where ${pauseMs} are promised`);
  });
}

for (const sourcePorts of [1, 2]) {
  simTest(`sim: ${sourcePorts} source port(s), so that attempts cannot be told apart`, async ({ scanned }) => {
    for (const loss of [0, 0.1]) {
      for (const [delayMs, jitterMs] of [[1, 0], [100, 50], [300, 100]] as const) {
        const conditions = { port: MIXED, lossOut: loss, lossBack: loss, delayMs, jitterMs };
        const { wrong, elapsedMs } = await scanned({ ports: 500, sourcePorts, conditions });
        assertRight(wrong(), `${loss * 100} %, ${delayMs} ms`);
        assert(elapsedMs < 3000 + 25 * (delayMs + jitterMs), `${loss * 100} %, ${delayMs} ms: took ${elapsedMs} ms`);
      }
    }
  });
}

simTest("sim: a table of few slots carries a large scan", async ({ scanned }) => {
  for (const maxInFlight of [1, 7, 64]) {
    const { wrong } = await scanned({
      ports: 500,
      limits: { ...LIMITS, maxInFlight },
      conditions: { port: MIXED, lossOut: 0.05, lossBack: 0.05 },
    });
    assertRight(wrong(), `${maxInFlight} in flight`);
  }
});

simTest("sim: while held, nothing new is asked, and what is under way is decided", async ({ scanned }) => {
  let heldAt = -1;
  let position = 0;
  const { wrong } = await scanned({
    ports: 3000,
    limits: { rate: { startPps: 10_000, maxPps: 10_000, minPps: 0 } },
    conditions: { port: MIXED },
    afterStep: (engine, clock) => {
      if (heldAt < 0 && clock.now() > 50) {
        engine.pause(true);
        heldAt = clock.now();
        position = engine.position;
      } else if (heldAt > 0 && clock.now() < 1000) {
        assertEquals(engine.position, position);
      } else if (clock.now() > 1000) {
        engine.pause(false);
      }
      // Held, the engine may have nothing left to wait for.
      if (heldAt > 0 && clock.now() < 1000 && engine.inFlight === 0) clock.advanceTo(1001);
    },
  });
  assertRight(wrong());
});

simTest("sim: the rate can be changed in the middle", async ({ scanned }) => {
  let lowered = false;
  const { elapsedMs, wrong } = await scanned({
    ports: 3000,
    conditions: { port: ALL_CLOSED },
    afterStep: (engine, clock) => {
      if (lowered || clock.now() < 5) return;
      lowered = true;
      engine.setMaxRate(1000);
    },
  });
  assertRight(wrong());
  assert(elapsedMs > 1500 && elapsedMs < 3500, `${elapsedMs} ms`);
});

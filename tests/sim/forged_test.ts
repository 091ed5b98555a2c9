/**
 * Replies that were forged, came twice, or came too late.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { REASONS } from "../../src/result/reasons.ts";
import { CLOSED, FILTERED, OPEN } from "../../src/result/states.ts";
import { SIM_CLOSED, SIM_DROPPED, SIM_OPEN, SIM_SYN } from "../support/sim_network.ts";
import { LIMITS } from "../support/sim.ts";
import { ALL_CLOSED, assertRight, MIXED, ONE_OPEN, type Ports, simTest } from "./mixes.ts";

simTest("sim: forged SYN-ACKs, RSTs and ICMP errors decide nothing", async ({ scanned }) => {
  for (const port of [() => SIM_DROPPED, MIXED, ONE_OPEN] as readonly Ports[]) {
    const conditions = { port, forged: 9 };
    const { wrong, driver, network, results } = await scanned({ ports: 2000, conditions });
    assertRight(wrong());
    assert(driver.counters.unmatched >= 9 * 2000, `${driver.counters.unmatched} forged replies seen`);
    // Few are answered, where no other reply came: each open port's SYN-ACK gets its RST, and so do those of liveness probes.
    const open = results.filter((result) => result === OPEN).length;
    assert(
      network.resets >= open && network.resets < 1.5 * open + 400,
      `${network.resets} RSTs for ${open} open ports`,
    );
  }
});

simTest("sim: duplicates decide nothing twice", async ({ scanned }) => {
  const conditions = { port: MIXED, duplicates: 1, delayMs: 20 };
  const { wrong, engine } = await scanned({ ports: 2000, conditions });
  assertRight(wrong());
  assert(engine.counts.duplicates > 1000, `${engine.counts.duplicates} duplicates`);
  assertEquals(engine.roundTrips.lost, 0);
});

simTest("sim: the other end of a simultaneous open is open, when it says so twice", async ({ scanned }) => {
  const port: Ports = (_host, n) => n % 5 === 0 ? SIM_SYN : n % 5 === 1 ? SIM_DROPPED : SIM_CLOSED;
  for (const loss of [0, 0.05]) {
    const { wrong, reasons, results } = await scanned({
      ports: 20,
      conditions: { port, lossOut: loss, lossBack: loss },
    });
    assertRight(wrong());
    for (const [i, result] of results.entries()) {
      if (result === OPEN) assertEquals(REASONS[reasons[i]!], "split-handshake-syn");
    }
  }
});

simTest("sim: answers that come after their result replace it", async ({ scanned }) => {
  // Round trips of 400 to 1,000 ms, and a user who waits for 150.
  const limits = { ...LIMITS, timeouts: { initialMs: 150, minMs: 50, maxMs: 150 }, maxRetries: 0 };
  const pace = { startPps: 500, maxPps: 500, minPps: 0 };
  const conditions = { port: ALL_CLOSED, delayMs: 400, jitterMs: 600 };
  const { engine, given, results } = await scanned({ ports: 1000, limits: { ...limits, rate: pace }, conditions });
  const { byState, late } = engine.counts;
  assert(late > 500, `${late} late results`);
  assertEquals(given, 1000 + late);
  assertEquals(results.filter((result) => result === CLOSED).length, byState[CLOSED]);
  assertEquals(byState[CLOSED]! + byState[FILTERED]!, 1000);
  // The last probes were over before their answers came.
  assert(byState[CLOSED]! > 600, `${byState[CLOSED]} closed`);
});

simTest(
  "sim: an answer to a slot that has long been asked something else is late, and decides nothing",
  async ({ scanned }) => {
    const limits = {
      ...LIMITS,
      timeouts: { initialMs: 50, minMs: 50, maxMs: 50 },
      rate: { startPps: 2000, maxPps: 2000, minPps: 0 },
      maxRetries: 0,
      maxInFlight: 20,
    };
    const { engine, wrong } = await scanned({ ports: 2000, limits, conditions: { port: ONE_OPEN, delayMs: 30 } });
    assertRight(wrong());
    assertEquals(engine.counts.late, 0);
    const even: Ports = (_host, n) => n % 2 === 0 ? SIM_OPEN : SIM_DROPPED;
    const slow = await scanned({ ports: 2000, limits, conditions: { port: even, delayMs: 500 } });
    assert(slow.engine.counts.late > 500, `${slow.engine.counts.late} late`);
    for (let n = 1; n <= 2000; n += 2) assertEquals(slow.results[n - 1], FILTERED, `port ${n}`);
  },
);

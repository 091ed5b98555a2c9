/**
 * Whole scans through networks that lose, delay, double and reorder: no result may be wrong, and none may wait for long.
 *
 * @module
 */

import { assert, assertAlmostEquals } from "@std/assert";
import { CLOSED, FILTERED } from "../../src/result/states.ts";
import { SIM_CLOSED, SIM_DROPPED } from "../support/sim_network.ts";
import { LIMITS } from "../support/sim.ts";
import {
  ALL_CLOSED,
  assertRight,
  MIXED,
  MOSTLY_DROPPED,
  ONE_OPEN,
  type Ports,
  REJECTED,
  simTest,
  SOME_ABSENT,
} from "./mixes.ts";

const MIXES: readonly (readonly [name: string, port: Ports, ports: number, hosts?: number])[] = [
  ["all closed", ALL_CLOSED, 500],
  ["mixed", MIXED, 500],
  ["9 of 10 dropped", MOSTLY_DROPPED, 500],
  ["one open among dropped", ONE_OPEN, 500],
  ["refused by the host", REJECTED, 200],
  ["1 port", ALL_CLOSED, 1],
  ["3 ports", ALL_CLOSED, 3],
  ["20 ports", MIXED, 20],
  ["many hosts x 1 port", SOME_ABSENT, 1, 500],
  ["many hosts x 3 ports", SOME_ABSENT, 3, 200],
];

/** Milliseconds: the shortest round trip, and how much longer it can be. */
const DELAYS: readonly (readonly [delayMs: number, jitterMs: number])[] = [[1, 0], [30, 20], [100, 0], [300, 100]];

for (const loss of [0, 0.05, 0.1]) {
  simTest(
    `sim: ${loss * 100} % loss each way, 1 to 300 ms, duplicates, reordering, forged replies`,
    async ({ scanned }) => {
      for (const [name, port, ports, hosts = 1] of MIXES) {
        for (const [delayMs, jitterMs] of DELAYS) {
          for (const seed of [1, 2]) {
            const path = { lossOut: loss, lossBack: loss, delayMs, jitterMs, duplicates: 0.1, forged: 1 };
            const conditions = { port, ...path, seed: 101 * seed };
            const { wrong, elapsedMs, engine, driver } = await scanned({ hosts, ports, seed, conditions });
            const row = `${name}, ${delayMs}+${jitterMs} ms, seed ${seed}`;
            assertRight(wrong(), row);
            assert(engine.expectedWrong < 0.5, `${row}: ${engine.expectedWrong} results expected wrong`);
            assert(driver.counters.unmatched > 0, `${row}: no forged reply was seen`);
            // The slowest are few ports of which one is dropped: nothing else tells how much is lost.
            const mostMs = 2000 + 15 * (delayMs + jitterMs) + (loss > 0 ? 1000 : 0);
            assert(elapsedMs < mostMs, `${row}: took ${elapsedMs} ms`);
          }
        }
      }
    },
  );
}

simTest("sim: 20 % loss each way", async ({ scanned }) => {
  let wrongs = 0;
  for (const [name, port, ports, hosts = 1] of MIXES) {
    for (const [delayMs, jitterMs] of DELAYS) {
      const conditions = { port, lossOut: 0.2, lossBack: 0.2, delayMs, jitterMs, seed: 7 };
      const { wrong, elapsedMs } = await scanned({ hosts, ports, conditions });
      wrongs += wrong().length;
      assert(elapsedMs < 4000 + 20 * (delayMs + jitterMs), `${name}, ${delayMs} ms: took ${elapsedMs} ms`);
    }
  }
  assert(wrongs <= 1, `${wrongs} results wrong in ${MIXES.length * DELAYS.length} scans`);
});

/** The time after which refusals by ICMP errors are checked, and what that takes. */
const CHECK_MS = 1200;

/** The most time that scans may take on the simulated clock. */
const TIMES: readonly (readonly [
  name: string,
  port: Ports,
  ports: number,
  loss: number,
  delayMs: number,
  jitterMs: number,
  mostMs: number,
])[] = [
  ["all closed", ALL_CLOSED, 65_535, 0, 1, 0, 400],
  ["10 % loss", MIXED, 5000, 0.1, 1, 0, 800 + CHECK_MS],
  ["20 % loss", MIXED, 5000, 0.2, 1, 0, 1200 + CHECK_MS],
  ["10 % loss, 300 ms", MIXED, 5000, 0.1, 300, 100, 4000],
  ["20 % loss, 300 ms", MIXED, 5000, 0.2, 300, 100, 5000],
  ["the delay alone", ALL_CLOSED, 5000, 0, 300, 0, 400],
];

for (const [name, port, ports, loss, delayMs, jitterMs, mostMs] of TIMES) {
  simTest(`sim: in time: ${name}`, async ({ scanned }) => {
    for (const seed of [1, 2, 3]) {
      const conditions = { port, lossOut: loss, lossBack: loss, delayMs, jitterMs, seed };
      const { wrong, elapsedMs } = await scanned({ ports, seed, conditions });
      assertRight(wrong());
      assert(elapsedMs < mostMs, `seed ${seed}: ${elapsedMs} ms`);
    }
  });
}

for (
  const { name, limits, mostMs } of [
    { name: "by default", limits: LIMITS, mostMs: 3000 },
    { name: "-T5", limits: { ...LIMITS, timeouts: { initialMs: 250, minMs: 50, maxMs: 300 } }, mostMs: 1500 },
  ]
) {
  simTest(`sim: 65,535 dropped ports with one open among them, ${name}`, async ({ scanned }) => {
    const { wrong, elapsedMs, driver } = await scanned({ ports: 65_535, limits, conditions: { port: ONE_OPEN } });
    assertRight(wrong());
    assert(elapsedMs < mostMs, `${elapsedMs} ms`);
    assert(driver.counters.sent < 3 * 65_535, `${driver.counters.sent} probes`);
  });
}

simTest("sim: silence from hosts that never answered slows nothing", async ({ scanned }) => {
  const conditions = { port: () => SIM_DROPPED };
  const { elapsedMs, driver, results } = await scanned({ hosts: 50, ports: 100, conditions });
  assert(results.every((result) => result === FILTERED));
  // Three attempts or four, of which the first and the last are given the initial timeout.
  assert(elapsedMs < 3000, `${elapsedMs} ms`);
  assert(driver.counters.sent <= 4 * 5000, `${driver.counters.sent} probes`);
});

simTest("sim: hosts behind different losses are judged by their own", async ({ scanned }) => {
  // No network conditions loses by host, so that the lossy half loses what its ports do: every other SYN to it goes unanswered.
  let state = 1;
  const flaky = () => (state = Math.imul(state, 0x41c64e6d) + 12345 >>> 0) & 0x10000 ? SIM_CLOSED : SIM_DROPPED;
  const port: Ports = (host) => host % 2 === 0 ? SIM_CLOSED : flaky();
  const { results } = await scanned({ hosts: 2, ports: 1000, conditions: { port } });
  assert(results.every((result) => result === CLOSED));
});

simTest("sim: two hosts that reply among silent ones are judged by all that they lose", async ({ scanned }) => {
  // Probes for the liveness of the path go to these two alone, thousands of them to each.
  const port: Ports = (host) => host % 125 === 3 ? SIM_CLOSED : SIM_DROPPED;
  const rate = { startPps: 3000, maxPps: 3000, minPps: 0 };
  for (const seed of [1, 2, 3]) {
    const conditions = { port, lossOut: 0.1, lossBack: 0.1, seed: 7919 * seed };
    const { wrong, engine } = await scanned({ hosts: 250, ports: 100, seed, limits: { rate }, conditions });
    assertRight(wrong(), `seed ${seed}`);
    assert(engine.expectedWrong < 0.05, `seed ${seed}: ${engine.expectedWrong} results expected wrong`);
  }
});

simTest("sim: the loss that was met is reported", async ({ scanned }) => {
  for (const [each, both] of [[0, 0], [0.05, 0.0975], [0.1, 0.19], [0.2, 0.36]] as const) {
    const conditions = { port: MIXED, lossOut: each, lossBack: each };
    const { answered, lost } = (await scanned({ ports: 3000, conditions })).engine.roundTrips;
    assertAlmostEquals(lost / (answered + lost), both, 0.03, `${each} each way`);
  }
});

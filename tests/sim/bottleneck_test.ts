/**
 * Paths that carry less than is sent: the scan finds their rate, and what they drop makes no result wrong.
 *
 * @module
 */

import { assert } from "@std/assert";
import { LIMITS } from "../support/sim.ts";
import { SIM_CLOSED, SIM_DROPPED } from "../support/sim_network.ts";
import { ALL_CLOSED, assertRight, HALF_DROPPED, MIXED, MOSTLY_DROPPED, type Ports, scanned } from "./mixes.ts";

const POLITE = { startPps: 1000, maxPps: 10_000, minPps: 0 };
const UNBOUNDED = LIMITS.rate;

/** Paths of 5,000 packets a second, which alone need 4 s for 20,000 probes that are all answered. */
const PATHS: readonly (readonly [
  name: string,
  hosts: number,
  ports: number,
  port: Ports,
  rate: typeof POLITE,
  mostMs: number,
  mostSent: number,
  delayMs?: number,
  loss?: number,
])[] = [
  ["one host, polite", 1, 20_000, ALL_CLOSED, POLITE, 7000, 2],
  ["one host, unbounded", 1, 20_000, ALL_CLOSED, UNBOUNDED, 6000, 8],
  ["many hosts, polite", 20_000, 1, ALL_CLOSED, POLITE, 7000, 2],
  ["many hosts, unbounded", 20_000, 1, ALL_CLOSED, UNBOUNDED, 6000, 14],
  ["some hosts, some ports", 100, 100, MIXED, UNBOUNDED, 12_000, 20],
  ["half dropped", 1, 20_000, HALF_DROPPED, UNBOUNDED, 30_000, 15],
  ["half dropped, polite", 1, 20_000, HALF_DROPPED, POLITE, 35_000, 10],
  ["9 of 10 dropped", 1, 20_000, MOSTLY_DROPPED, UNBOUNDED, 45_000, 20],
  ["50 ms and 5 % loss each way", 1, 10_000, HALF_DROPPED, UNBOUNDED, 25_000, 20, 50, 0.05],
];

for (const [name, hosts, ports, port, rate, mostMs, mostSent, delayMs = 1, loss = 0] of PATHS) {
  Deno.test(`sim: a path of 5,000 packets a second: ${name}`, async () => {
    for (const seed of [1, 2]) {
      const conditions = { port, bottleneckPps: 5000, delayMs, lossOut: loss, lossBack: loss, seed };
      const { wrong, elapsedMs, driver, engine } = await scanned({ hosts, ports, seed, limits: { rate }, conditions });
      assertRight(wrong(), `seed ${seed}`);
      assert(elapsedMs < mostMs, `seed ${seed}: took ${elapsedMs} ms`);
      const each = driver.counters.sent / (hosts * ports);
      assert(each < mostSent, `seed ${seed}: ${each} probes for a probe`);
      assert(engine.expectedWrong < 0.5, `seed ${seed}: ${engine.expectedWrong} results expected wrong`);
    }
  });
}

/** A rate that grows beyond its usual bound while replies show that little is lost. */
const CHECKED = { ...POLITE, uncheckedPps: 10_000, maxPps: 100_000 };

/** Paths of 20,000 packets a second, which a checked rate may exceed: hosts, ports of each, and at most the milliseconds and the probes for a probe. */
const WIDER:
  readonly (readonly [name: string, hosts: number, ports: number, Ports, mostMs: number, mostSent: number])[] = [
    ["one host", 1, 60_000, ALL_CLOSED, 8000, 2],
    ["many hosts", 60_000, 1, ALL_CLOSED, 8000, 2],
    ["9 of 10 dropped", 1, 30_000, MOSTLY_DROPPED, 30_000, 12],
    ["hosts of which one in 20 replies", 200, 200, (host) => host % 20 === 0 ? SIM_CLOSED : SIM_DROPPED, 30_000, 9],
  ];

for (const [name, hosts, ports, port, mostMs, mostSent] of WIDER) {
  Deno.test(`sim: a path of 20,000 packets a second, where replies allow more than 10,000: ${name}`, async () => {
    for (const seed of [1, 2]) {
      const conditions = { port, bottleneckPps: 20_000, delayMs: 1, seed };
      const scan = { hosts, ports, seed, limits: { rate: CHECKED }, conditions };
      const { wrong, elapsedMs, driver, engine } = await scanned(scan);
      assertRight(wrong(), `seed ${seed}`);
      assert(elapsedMs < mostMs, `seed ${seed}: took ${elapsedMs} ms`);
      const each = driver.counters.sent / (hosts * ports);
      assert(each < mostSent, `seed ${seed}: ${each} probes for a probe`);
      assert(engine.expectedWrong < 0.5, `seed ${seed}: ${engine.expectedWrong} results expected wrong`);
    }
  });
}

for (const loss of [0, 0.1]) {
  Deno.test(`sim: --min-rate far above what the path carries, ${loss * 100} % loss each way`, async () => {
    const rate = { startPps: 1e7, maxPps: 1e7, minPps: 1e7 };
    const conditions = { port: MIXED, bottleneckPps: 50_000, lossOut: loss, lossBack: loss };
    const { wrong, elapsedMs } = await scanned({ ports: 20_000, limits: { rate }, conditions });
    assertRight(wrong());
    assert(elapsedMs < 8000, `${elapsedMs} ms`);
  });
}

Deno.test("sim: loss by chance does not throttle", async () => {
  const rate = { startPps: 1000, maxPps: 10_000, minPps: 0 };
  const times: number[] = [];
  for (const loss of [0, 0.1]) {
    const conditions = { port: ALL_CLOSED, lossOut: loss, lossBack: loss };
    const { wrong, elapsedMs } = await scanned({ hosts: 30_000, ports: 1, limits: { rate }, conditions });
    assertRight(wrong());
    times.push(elapsedMs);
  }
  // A quarter more has to be asked; the rest is what it costs to find out that it was chance.
  assert(times[1]! < 1.6 * times[0]! + 1000, `${times.join(" ms without, ")} ms with loss`);
});

Deno.test("sim: a scan stays within its rate, liveness probes included", async () => {
  const maxPps = 2000;
  const limits = { rate: { startPps: maxPps, maxPps, minPps: 0 } };
  const conditions = { port: MIXED, lossOut: 0.05, lossBack: 0.05 };
  const { driver, elapsedMs } = await scanned({ ports: 3000, limits, conditions });
  const most = maxPps * elapsedMs / 1000 + 40;
  assert(driver.counters.sent <= most, `${driver.counters.sent} probes where ${most} are allowed`);
});

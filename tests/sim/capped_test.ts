/**
 * Hosts that ration their answers: asked slower, alone, and never wrong.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { OPEN } from "../../src/result/outcome.ts";
import { SIM_CLOSED, SIM_DROPPED, SIM_OPEN, SIM_REJECT, type SimCap } from "../support/sim_network.ts";
import { LIMITS } from "../support/sim.ts";
import {
  ALL_CLOSED,
  assertRight,
  HALF_DROPPED,
  MIXED,
  MOSTLY_DROPPED,
  type Ports,
  REJECTED,
  scanned,
} from "./mixes.ts";

const BUCKET: SimCap = { perSecond: 250, burst: 5 };
const DEEP_BUCKET: SimCap = { perSecond: 250, burst: 250 };
const BY_SECOND: SimCap = { perSecond: 250, burst: 250, bySecond: true };

/** Caps, and what a scan may take: by the cap alone, so many answers at so many a second. */
const CAPS: readonly {
  readonly name: string;
  readonly port: Ports;
  readonly ports: number;
  readonly cap: SimCap;
  readonly mostMs: number;
  readonly loss?: number;
  readonly delayMs?: number;
}[] = [
  { name: "all closed: 4 s", port: ALL_CLOSED, ports: 1000, cap: BUCKET, mostMs: 6000 },
  { name: "all closed, burst 250: 3 s", port: ALL_CLOSED, ports: 1000, cap: DEEP_BUCKET, mostMs: 4500 },
  { name: "all closed, counted by the second: 3 s", port: ALL_CLOSED, ports: 1000, cap: BY_SECOND, mostMs: 6000 },
  { name: "half dropped: 2 s", port: HALF_DROPPED, ports: 1000, cap: BUCKET, mostMs: 5500 },
  { name: "half dropped, counted by the second: 1 s", port: HALF_DROPPED, ports: 1000, cap: BY_SECOND, mostMs: 4000 },
  { name: "mixed: 2.7 s", port: MIXED, ports: 1000, cap: BUCKET, mostMs: 8000 },
  { name: "9 of 10 dropped: 2 s", port: MOSTLY_DROPPED, ports: 5000, cap: BUCKET, mostMs: 6000 },
  { name: "9 of 10 dropped, burst 250: 1 s", port: MOSTLY_DROPPED, ports: 5000, cap: DEEP_BUCKET, mostMs: 3000 },
  { name: "1,000 a second: 5 s", port: ALL_CLOSED, ports: 5000, cap: { perSecond: 1000, burst: 20 }, mostMs: 7000 },
  { name: "50 a second: 6 s", port: ALL_CLOSED, ports: 300, cap: { perSecond: 50, burst: 5 }, mostMs: 14_000 },
  { name: "10 a second: 10 s", port: ALL_CLOSED, ports: 100, cap: { perSecond: 10, burst: 5 }, mostMs: 25_000 },
  {
    name: "10 a second, half dropped: 5 s",
    port: HALF_DROPPED,
    ports: 100,
    cap: { perSecond: 10, burst: 5 },
    mostMs: 30_000,
  },
  { name: "100 ms away: 4 s", port: ALL_CLOSED, ports: 1000, cap: BUCKET, delayMs: 100, mostMs: 8000 },
  { name: "300 ms away: 4 s", port: ALL_CLOSED, ports: 1000, cap: BUCKET, delayMs: 300, mostMs: 12_000 },
  { name: "behind 10 % loss each way: 5 s", port: ALL_CLOSED, ports: 1000, cap: BUCKET, loss: 0.1, mostMs: 25_000 },
  {
    name: "half dropped, behind 20 % loss: 3 s",
    port: HALF_DROPPED,
    ports: 1000,
    cap: BUCKET,
    loss: 0.2,
    mostMs: 60_000,
  },
];

for (const { name, port, ports, cap, mostMs, loss = 0, delayMs = 1 } of CAPS) {
  Deno.test(`sim: a host with a cap: ${name}`, async () => {
    for (const seed of [1, 2, 3]) {
      const conditions = { port, answerCap: () => cap, lossOut: loss, lossBack: loss, delayMs, seed: 7919 * seed };
      const { wrong, elapsedMs, engine } = await scanned({ ports, seed, conditions });
      assertRight(wrong(), `seed ${seed}`);
      assert(elapsedMs < mostMs, `seed ${seed}: took ${elapsedMs} ms`);
      assert(engine.expectedWrong < 0.5, `seed ${seed}: ${engine.expectedWrong} results expected wrong`);
    }
  });
}

Deno.test("sim: a host with a cap is named, and one without is not, whatever is lost", async () => {
  const capped = await scanned({ ports: 1000, conditions: { port: ALL_CLOSED, answerCap: () => BUCKET } });
  assertEquals([...capped.engine.cappedHosts], [0x0a000001]);
  for (const seed of [1, 2, 3, 4, 5, 6, 7, 8]) {
    const conditions = { port: MIXED, lossOut: 0.2, lossBack: 0.2, seed };
    const { engine } = await scanned({ ports: 2000, seed, conditions });
    assertEquals([...engine.cappedHosts], [], `seed ${seed}`);
  }
});

Deno.test("sim: of two hosts, the one without a cap is not slowed", async () => {
  const alone = await scanned({ hosts: 1, ports: 1000, firstHost: 0x0a000002, conditions: { port: ALL_CLOSED } });
  const answerCap = (host: number) => host === 0x0a000001 ? BUCKET : undefined;
  const both = await scanned({ hosts: 2, ports: 1000, conditions: { port: ALL_CLOSED, answerCap } });
  assertRight(both.wrong());
  const freeMs = Math.max(...both.decidedAt.subarray(1000));
  assert(freeMs < 2 * alone.elapsedMs + 20, `${freeMs} ms; alone ${alone.elapsedMs} ms`);
  assert(both.elapsedMs < 6000, `${both.elapsedMs} ms`);
});

Deno.test("sim: among many hosts with caps none waits for another", async () => {
  const { wrong, elapsedMs } = await scanned({
    hosts: 40,
    ports: 500,
    conditions: { port: ALL_CLOSED, answerCap: () => BUCKET },
  });
  assertRight(wrong());
  assert(elapsedMs < 6000, `${elapsedMs} ms`);
});

/**
 * ICMP errors are rationed too (Linux: one a second and destination), but a port that is refused and a port that is silent are
 * both filtered: to wait for every refusal would tell nothing more.
 */
Deno.test("sim: rationed refusals slow nothing", async () => {
  const cap: SimCap = { perSecond: 1, burst: 6 };
  const port: Ports = (_host, n) => n % 20 === 0 ? SIM_OPEN : SIM_REJECT + 13;
  const { wrong, elapsedMs, engine, results } = await scanned({
    ports: 1000,
    conditions: { port, answerCap: () => cap },
  });
  assertRight(wrong());
  assertEquals(results.filter((result) => result === OPEN).length, 50);
  assert(elapsedMs < 1000, `${elapsedMs} ms`);
  assertEquals([...engine.cappedHosts], []);
});

Deno.test("sim: a host that only refuses, some by silence, is decided", async () => {
  const conditions = { port: REJECTED, answerCap: () => ({ perSecond: 1, burst: 6 }) };
  const { wrong, elapsedMs } = await scanned({ ports: 400, conditions });
  assertRight(wrong());
  assert(elapsedMs < 3000, `${elapsedMs} ms`);
});

Deno.test("sim: a polite scan meets a cap", async () => {
  const limits = { ...LIMITS, rate: { startPps: 1000, maxPps: 10_000, minPps: 0 } };
  const port: Ports = (_host, n) => n % 2 === 0 ? SIM_CLOSED : SIM_DROPPED;
  for (const seed of [1, 2, 3]) {
    const conditions = { port, answerCap: () => BUCKET, seed };
    const { wrong, elapsedMs } = await scanned({ ports: 1000, seed, limits, conditions });
    assertRight(wrong(), `seed ${seed}`);
    assert(elapsedMs < 12_000, `seed ${seed}: took ${elapsedMs} ms`);
  }
});

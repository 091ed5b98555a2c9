/**
 * Hosts that ration their answers: asked slower, alone, and never wrong.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { CLOSED, OPEN, UNDECIDED } from "../../src/result/states.ts";
import { Random } from "../support/random.ts";
import {
  type NetworkConditions,
  SIM_CLOSED,
  SIM_DROPPED,
  SIM_ICMP,
  SIM_OPEN,
  SIM_REJECT,
  type SimCap,
} from "../support/sim_network.ts";
import { LIMITS } from "../support/sim.ts";
import { simulatePeers } from "../support/sim_peers.ts";
import {
  ALL_CLOSED,
  assertRight,
  HALF_DROPPED,
  MIXED,
  MOSTLY_DROPPED,
  type Ports,
  REJECTED,
  simTest,
} from "./mixes.ts";

const BUCKET: SimCap = { perSecond: 250, burst: 5 };
const DEEP_BUCKET: SimCap = { perSecond: 250, burst: 250 };
const BY_SECOND: SimCap = { perSecond: 250, burst: 250, bySecond: true };

const ONE: SimCap = { perSecond: 1, burst: 1 };
const TWO: SimCap = { perSecond: 2, burst: 5 };

/** Caps, and what a scan may take: by the cap alone, so many answers at so many a second. */
const CAPS: readonly (readonly [
  name: string,
  port: Ports,
  ports: number,
  cap: SimCap,
  mostMs: number,
  loss?: number,
  delayMs?: number,
  seeds?: readonly number[],
])[] = [
  ["all closed: 4 s", ALL_CLOSED, 1000, BUCKET, 6000],
  ["all closed, burst 250: 3 s", ALL_CLOSED, 1000, DEEP_BUCKET, 4500],
  ["all closed, counted by the second: 3 s", ALL_CLOSED, 1000, BY_SECOND, 6000],
  ["half dropped: 2 s", HALF_DROPPED, 1000, BUCKET, 5500],
  ["half dropped, counted by the second: 1 s", HALF_DROPPED, 1000, BY_SECOND, 4000],
  ["mixed: 2.7 s", MIXED, 1000, BUCKET, 8000],
  ["9 of 10 dropped: 2 s", MOSTLY_DROPPED, 5000, BUCKET, 6000],
  ["9 of 10 dropped, burst 250: 1 s", MOSTLY_DROPPED, 5000, DEEP_BUCKET, 3000],
  ["1,000 a second: 5 s", ALL_CLOSED, 5000, { perSecond: 1000, burst: 20 }, 7000],
  ["50 a second: 6 s", ALL_CLOSED, 300, { perSecond: 50, burst: 5 }, 14_000],
  ["10 a second: 10 s", ALL_CLOSED, 100, { perSecond: 10, burst: 5 }, 25_000],
  ["10 a second, half dropped: 5 s", HALF_DROPPED, 100, { perSecond: 10, burst: 5 }, 30_000],
  ["100 ms away: 4 s", ALL_CLOSED, 1000, BUCKET, 8000, 0, 100],
  ["300 ms away: 4 s", ALL_CLOSED, 1000, BUCKET, 12_000, 0, 300],
  ["behind 10 % loss each way: 5 s", ALL_CLOSED, 1000, BUCKET, 25_000, 0.1],
  ["half dropped, behind 20 % loss: 3 s", HALF_DROPPED, 1000, BUCKET, 60_000, 0.2],
  ["1 a second: 85 s", ALL_CLOSED, 90, { perSecond: 1, burst: 5 }, 120_000],
  ["1 a second, mixed: 74 s", MIXED, 90, ONE, 200_000],
  ["1 a second, counted by the second: 74 s", MIXED, 90, { ...ONE, bySecond: true }, 200_000],
  ["1 a second, 9 of 10 dropped: 9 s", MOSTLY_DROPPED, 90, ONE, 300_000],
  ["1 a second, 100 ms away: 74 s", MIXED, 90, ONE, 250_000, 0, 100],
  ["1 a second, behind 10 % loss each way: 92 s", MIXED, 90, ONE, 350_000, 0.1, 20],
  ["1 a second, behind 10 % loss each way that is taken for outages: 92 s", MIXED, 90, ONE, 350_000, 0.1, 1, [18, 35]],
  ["1 a second, behind 20 % loss each way: 130 s", MIXED, 90, { ...ONE, burst: 5 }, 350_000, 0.2, 50, [4, 34]],
  ["1 in 2 seconds: 96 s", MIXED, 60, { perSecond: 0.5, burst: 1 }, 300_000],
  ["2 a second, 300 ms away, ports silent before the cap is known: 36 s", MIXED, 90, TWO, 70_000, 0, 300, [18, 28, 33]],
  ["2 a second, half dropped, 300 ms away: 22 s", HALF_DROPPED, 90, { ...TWO, burst: 1 }, 180_000, 0, 300, [14]],
  ["2 a second, 9 of 10 dropped, 300 ms away: 5 s", MOSTLY_DROPPED, 90, { ...TWO, burst: 1 }, 200_000, 0, 300],
  ["3 a second, 300 ms away: 24 s", MIXED, 90, { perSecond: 3, burst: 5 }, 60_000, 0, 300],
  ["5 a second, 300 ms away: 15 s", MIXED, 90, { perSecond: 5, burst: 1 }, 50_000, 0, 300],
  ["10 a second, 100 ms away: 7 s", MIXED, 90, { perSecond: 10, burst: 1 }, 25_000, 0, 100],
];

for (const [name, port, ports, cap, mostMs, loss = 0, delayMs = 1, seeds = [1, 2, 3]] of CAPS) {
  simTest(`sim: a host with a cap: ${name}`, async ({ scanned }) => {
    for (const seed of seeds) {
      const conditions = { port, answerCap: () => cap, lossOut: loss, lossBack: loss, delayMs, seed: 7919 * seed };
      const { wrong, elapsedMs, engine } = await scanned({ ports, seed, conditions });
      assertRight(wrong(), `seed ${seed}`);
      assert(elapsedMs < mostMs, `seed ${seed}: took ${elapsedMs} ms`);
      assert(engine.expectedWrong < 0.5, `seed ${seed}: ${engine.expectedWrong} results expected wrong`);
    }
  });
}

/** Hosts with few closed ports among dropped ones: fewer replies than closed ports and liveness probes, but not so few that it is obvious. */
const STARVED: readonly (readonly [port: Ports, ports: number, cap: SimCap, delayMs: number, loss?: number])[] = [
  [MOSTLY_DROPPED, 120, { perSecond: 40, burst: 5 }, 50],
  [MOSTLY_DROPPED, 350, { perSecond: 50, burst: 8 }, 150],
  [MOSTLY_DROPPED, 350, { perSecond: 50, burst: 8 }, 150, 0.05],
  [MOSTLY_DROPPED, 140, { perSecond: 20, burst: 3 }, 300],
  [MOSTLY_DROPPED, 300, { perSecond: 30, burst: 5 }, 10],
  [(_host, port) => port % 5 === 0 ? SIM_CLOSED : SIM_DROPPED, 100, { perSecond: 20, burst: 2 }, 100],
  [(_host, port) => port % 3 === 0 ? SIM_CLOSED : SIM_DROPPED, 60, { perSecond: 20, burst: 5 }, 100],
];

for (const [port, ports, cap, delayMs, loss = 0] of STARVED) {
  for (const [name, sourcePorts] of [["that overlap", 16], ["one after the other", 1]] as const) {
    const host = `${ports} ports, ${cap.perSecond} a second, ${delayMs} ms away, ${100 * loss} % loss each way`;
    simTest(
      `sim: liveness probes leave a host with a cap replies for ports: ${host}, attempts ${name}`,
      async (over) => {
        for (let seed = 1; seed <= 8; seed++) {
          const conditions = { port, answerCap: () => cap, lossOut: loss, lossBack: loss, delayMs, seed: 7919 * seed };
          const { wrong } = await over.scanned({ ports, seed, sourcePorts, conditions });
          assertRight(wrong(), `seed ${seed}`);
        }
      },
    );
  }
}

simTest("sim: a host with a cap is named, and one without is not, whatever is lost", async ({ scanned }) => {
  const capped = await scanned({ ports: 1000, conditions: { port: ALL_CLOSED, answerCap: () => BUCKET } });
  assertEquals([...capped.engine.cappedHosts], [0x0a000001]);
  for (const seed of [1, 2, 3, 4, 5, 6, 7, 8]) {
    const conditions = { port: MIXED, lossOut: 0.2, lossBack: 0.2, seed };
    const { engine } = await scanned({ ports: 2000, seed, conditions });
    assertEquals([...engine.cappedHosts], [], `seed ${seed}`);
  }
});

simTest(
  "sim: a host that replies to one probe in ten seconds is given up, and none of its ports wrong",
  async (over) => {
    for (const seed of [1, 2, 3]) {
      const conditions = { port: ALL_CLOSED, answerCap: () => ({ perSecond: 0.1, burst: 8 }), seed };
      const { results, elapsedMs } = await over.scanned({ ports: 90, seed, conditions });
      const wrong = results.filter((state) => state !== CLOSED && state !== UNDECIDED).length;
      assertEquals([wrong, results.includes(UNDECIDED)], [0, true], `seed ${seed}`);
      assert(elapsedMs < 200_000, `seed ${seed}: took ${elapsedMs} ms`);
    }
  },
);

/** Of ten hosts, three reply to all probes, and the others in these ways. */
const KINDS: readonly ("cap 1" | "cap 2" | "silent" | "lossy" | "refusing" | undefined)[] = [
  ...["cap 1", "cap 2", "silent", "silent", "lossy", "refusing", "refusing"] as const,
  ...[undefined, undefined, undefined],
];

simTest("sim: many hosts that cap their replies, lose, refuse or are silent, in one scan", async ({ scanned }) => {
  const kindOf = (host: number) => KINDS[(host - 0x0a000001) % KINDS.length];
  const port: Ports = (host, n) => {
    const kind = kindOf(host);
    if (kind === "silent" || kind?.startsWith("cap") && n % 10 === 5) return SIM_DROPPED;
    if (kind === "refusing") return SIM_ICMP + 13;
    return n % 30 === 0 ? SIM_OPEN : SIM_CLOSED;
  };
  for (const seed of [1, 2]) {
    const random = new Random(seed);
    const conditions: NetworkConditions = {
      port,
      instead: (host) => kindOf(host) === "lossy" && random.chance(0.3) ? SIM_DROPPED : undefined,
      answerCap: (host) =>
        kindOf(host) === "cap 1" ? ONE : kindOf(host) === "cap 2" ? { perSecond: 2, burst: 2 } : undefined,
      seed,
    };
    const limits = { ...LIMITS, rate: { startPps: 1000, uncheckedPps: 10_000, maxPps: 100_000, minPps: 0 } };
    const { wrong, elapsedMs, engine } = await scanned({ hosts: 200, ports: 90, seed, limits, conditions });
    assertRight(wrong(), `seed ${seed}`);
    assert(engine.expectedWrong < 0.5, `seed ${seed}: ${engine.expectedWrong} results expected wrong`);
    assert(elapsedMs < 250_000, `seed ${seed}: took ${elapsedMs} ms, where the caps alone take 84 s`);
  }
});

simTest("sim: of two hosts, the one without a cap is not slowed", async ({ scanned }) => {
  const alone = await scanned({ hosts: 1, ports: 1000, firstHost: 0x0a000002, conditions: { port: ALL_CLOSED } });
  const answerCap = (host: number) => host === 0x0a000001 ? BUCKET : undefined;
  const both = await scanned({ hosts: 2, ports: 1000, conditions: { port: ALL_CLOSED, answerCap } });
  assertRight(both.wrong());
  const freeMs = Math.max(...both.decidedAt.subarray(1000));
  assert(freeMs < 2 * alone.elapsedMs + 20, `${freeMs} ms; alone ${alone.elapsedMs} ms`);
  assert(both.elapsedMs < 6000, `${both.elapsedMs} ms`);
});

simTest("sim: among many hosts with caps none waits for another", async ({ scanned }) => {
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
 * both filtered: to wait for every refusal would tell nothing more. The few that came are checked after a second.
 */
simTest("sim: rationed refusals cost no more than the check of a few", async ({ scanned }) => {
  const cap: SimCap = { perSecond: 1, burst: 6 };
  const port: Ports = (_host, n) => n % 20 === 0 ? SIM_OPEN : SIM_REJECT + 13;
  const { wrong, elapsedMs, engine, results } = await scanned({
    ports: 1000,
    conditions: { port, answerCap: () => cap },
  });
  assertRight(wrong());
  assertEquals(results.filter((result) => result === OPEN).length, 50);
  assert(elapsedMs < 2500, `${elapsedMs} ms`);
  assertEquals([...engine.cappedHosts], []);
});

simTest("sim: a host that only refuses, some by silence, is decided", async ({ scanned }) => {
  const conditions = { port: REJECTED, answerCap: () => ({ perSecond: 1, burst: 6 }) };
  const { wrong, elapsedMs } = await scanned({ ports: 400, conditions });
  assertRight(wrong());
  assert(elapsedMs < 3000, `${elapsedMs} ms`);
});

simTest("sim: a polite scan meets a cap", async ({ scanned }) => {
  const limits = { ...LIMITS, rate: { startPps: 1000, maxPps: 10_000, minPps: 0 } };
  const port: Ports = (_host, n) => n % 2 === 0 ? SIM_CLOSED : SIM_DROPPED;
  for (const seed of [1, 2, 3]) {
    const conditions = { port, answerCap: () => BUCKET, seed };
    const { wrong, elapsedMs } = await scanned({ ports: 1000, seed, limits, conditions });
    assertRight(wrong(), `seed ${seed}`);
    assert(elapsedMs < 12_000, `seed ${seed}: took ${elapsedMs} ms`);
  }
});

/** Scans of a host with a cap by engines that stand still now and then: their number, the cap, and seeds. */
const STALLED: readonly (readonly [engines: number, perSecond: number, seeds: readonly number[]])[] = [
  [1, 250, [1, 2, 3, 136]],
  [2, 250, [1, 2, 3, 4]],
  [4, 250, [1, 11, 13, 89]],
  [4, 50, [1, 7, 11, 42, 83, 107]],
];

for (const [engines, perSecond, seeds] of STALLED) {
  const name =
    `${perSecond} replies a second, ${engines} engine(s) that stand still up to 500 ms, packets read by the block`;
  Deno.test(`sim: a host with a cap: ${name}`, () => {
    const port: Ports = (_host, n) => n === 80 ? SIM_OPEN : SIM_CLOSED;
    const cap = { perSecond, burst: 5 };
    for (const seed of seeds) {
      const conditions = { port, answerCap: () => cap, blockMs: 20, seed };
      const limits = engines > 1 ? { sharesHosts: true } : {};
      const results = simulatePeers({ engines, seed, maxStallMs: 500, scan: { ports: 1000, limits, conditions } });
      const wrong = [...results].filter(([n, state]) => state !== (n === 80 ? OPEN : CLOSED));
      assertEquals([results.size, wrong.length], [1000, 0], `seed ${seed}: ${wrong[0]}`);
    }
  });
}

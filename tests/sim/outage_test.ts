/**
 * Bad network conditions in the middle of a scan: nothing gets through for a while, or never again; the scanner's own kernel refuses to
 * send; the whole program stands still. A result may be missing, and then the scan says so; it may never be wrong.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { REASONS } from "../../src/result/reasons.ts";
import { FILTERED, UNDECIDED } from "../../src/result/states.ts";
import { SIM_CLOSED, SIM_DROPPED } from "../support/sim_network.ts";
import { LIMITS, type SimOutcome } from "../support/sim.ts";
import { ALL_CLOSED, assertRight, MIXED, MOSTLY_DROPPED, ONE_OPEN, type Ports, simTest, SOME_ABSENT } from "./mixes.ts";

const ENETUNREACH = 101;
const EPERM = 1;

const SCANS: readonly (readonly [name: string, port: Ports, ports: number, hosts?: number])[] = [
  ["one host", MIXED, 20_000],
  ["one host, 9 of 10 dropped", MOSTLY_DROPPED, 5000],
  ["many hosts x 1 port", SOME_ABSENT, 1, 20_000],
  ["many hosts x 5 ports", SOME_ABSENT, 5, 2000],
];

for (const [name, port, ports, hosts = 1] of SCANS) {
  simTest(`sim: an outage of 2 s: ${name}`, async ({ scanned }) => {
    for (const fromMs of [20, 60, 110]) {
      for (const loss of [0, 0.05]) {
        const outages = [[fromMs, fromMs + 2000]] as const;
        const conditions = { port, lossOut: loss, lossBack: loss, outages };
        const { wrong, elapsedMs } = await scanned({ hosts, ports, conditions });
        assertRight(wrong(), `from ${fromMs} ms, ${loss * 100} % loss`);
        assert(elapsedMs < 6000, `${elapsedMs} ms`);
      }
    }
  });
}

simTest("sim: an outage while a single silent port is waited for", async ({ scanned }) => {
  // The answers come within 2 ms, the port that drops is retransmitted after 100 ms: into the outage.
  for (const fromMs of [2, 50, 99, 101, 150]) {
    for (const ports of [5, 100]) {
      const conditions = { port: ALL_CLOSED, outages: [[fromMs, fromMs + 1000]] as const, lossOut: 0.1, lossBack: 0.1 };
      const { wrong } = await scanned({ ports, conditions });
      assertRight(wrong(), `from ${fromMs} ms, ${ports} ports`);
    }
  }
});

simTest("sim: loss that comes in bursts", async ({ scanned }) => {
  // Every 200 ms nothing gets through for 20 to 60 ms.
  let wrongs = 0;
  for (const seed of [1, 2, 3, 4, 5, 6]) {
    const outages = Array.from({ length: 200 }, (_, i) => {
      const fromMs = 5 + i * 200 + (i * 37 * seed) % 100;
      return [fromMs, fromMs + 20 + (i * 13 * seed) % 40] as const;
    });
    for (const { ports, port } of [{ ports: 5000, port: MIXED }, { ports: 2000, port: MOSTLY_DROPPED }]) {
      const { wrong } = await scanned({ ports, seed, conditions: { port, outages, delayMs: 20, jitterMs: 10, seed } });
      wrongs += wrong().length;
    }
  }
  assertEquals(wrongs, 0);
});

simTest("sim: the path breaks for good: what was not answered is undecided, not filtered", async ({ scanned }) => {
  const conditions = { port: ALL_CLOSED, outages: [[20, Infinity]] as const };
  const { results, reasons, elapsedMs, engine } = await scanned({ ports: 20_000, conditions });
  assertEquals(results.filter((result) => result === FILTERED).length, 0);
  const undecided = results.filter((result) => result === UNDECIDED).length;
  assert(undecided > 10_000, `${undecided} undecided`);
  assertEquals(reasonsOf({ results, reasons }, UNDECIDED), ["host-silent"]);
  assertEquals(engine.counts.byState[UNDECIDED], undecided);
  assert(elapsedMs < 15_000, `${elapsedMs} ms`);
});

simTest("sim: the path to everybody breaks for good", async ({ scanned }) => {
  const conditions = { port: ALL_CLOSED, outages: [[20, Infinity]] as const };
  const { results, elapsedMs } = await scanned({ hosts: 20_000, ports: 1, conditions });
  assertEquals(results.filter((result) => result === FILTERED).length, 0);
  assert(elapsedMs < 15_000, `${elapsedMs} ms`);
});

simTest("sim: one host of several goes away", async ({ scanned }) => {
  let asked = 0;
  const port: Ports = (host) => host === 0x0a000001 && ++asked > 300 ? SIM_DROPPED : SIM_CLOSED;
  const { results, decidedAt } = await scanned({ hosts: 3, ports: 1000, conditions: { port } });
  const gone = results.subarray(0, 1000);
  assertEquals(gone.filter((result) => result === FILTERED).length, 0);
  assert(gone.filter((result) => result === UNDECIDED).length > 600);
  assert(results.subarray(1000).every((result) => result === 1), "the others are closed nevertheless");
  assert(Math.max(...decidedAt.subarray(1000)) < 500, "the others waited");
});

simTest("sim: hosts that are down are filtered where others answer, and where none does", async ({ scanned }) => {
  const some: Ports = (host) => host % 3 === 0 ? SIM_CLOSED : SIM_DROPPED;
  for (const port of [some, () => SIM_DROPPED]) {
    for (const [hosts, ports] of [[30, 10], [300, 1], [1, 300]] as const) {
      const { wrong, elapsedMs } = await scanned({ hosts, ports, conditions: { port } });
      assertRight(wrong(), `${hosts} x ${ports}`);
      assert(elapsedMs < 3500, `${hosts} x ${ports}: ${elapsedMs} ms`);
    }
  }
});

for (
  const [name, errno, reason] of [["no way", ENETUNREACH, "unroutable"], [
    "not allowed",
    EPERM,
    "local-firewall",
  ]] as const
) {
  simTest(`sim: the kernel refuses to send for 1.5 s: ${name}`, async ({ scanned }) => {
    for (const [row, port, ports, hosts = 1] of SCANS) {
      const conditions = { port, refusals: [{ fromMs: 20, untilMs: 1500, errno }] };
      const { wrong, elapsedMs } = await scanned({ hosts, ports, conditions });
      assertRight(wrong(), row);
      assert(elapsedMs < 5000, `${row}: ${elapsedMs} ms`);
    }
  });

  simTest(`sim: the kernel refuses to send for good: ${name}`, async ({ scanned }) => {
    const conditions = { port: ALL_CLOSED, refusals: [{ fromMs: 20, untilMs: Infinity, errno }] };
    const outcome = await scanned({ ports: 20_000, conditions });
    const { results, elapsedMs } = outcome;
    assertEquals(results.filter((result) => result === FILTERED).length, 0);
    assert(results.filter((result) => result === UNDECIDED).length > 10_000);
    assertEquals(reasonsOf(outcome, UNDECIDED), [reason]);
    assert(elapsedMs < 15_000, `${elapsedMs} ms`);
  });
}

simTest("sim: the program stands still for 10 s: no burst afterwards, nothing wrong", async ({ scanned }) => {
  for (const [name, port] of [["mixed", MIXED], ["one open", ONE_OPEN]] as const) {
    let stopped = false;
    let sentBefore = 0;
    let sentAfter = -1;
    const outcome = await scanned({
      ports: 9000,
      limits: { rate: { ...LIMITS.rate, startPps: 3000, maxPps: 3000 } },
      conditions: { port },
      afterStep: (_engine, clock, network) => {
        if (!stopped && clock.now() > 1000) {
          stopped = true;
          sentBefore = network.syns;
          clock.advanceTo(clock.now() + 10_000);
        } else if (stopped && sentAfter < 0 && clock.now() > 11_100) {
          sentAfter = network.syns;
        }
      },
    });
    assertRight(outcome.wrong(), name);
    const most = 3000 * 0.15;
    assert(sentAfter - sentBefore < most, `${name}: ${sentAfter - sentBefore} probes in the first 100 ms after`);
  }
});

simTest("sim: standing still does not make late answers of what arrived meanwhile", async ({ scanned }) => {
  let stopped = false;
  const { wrong, engine, driver } = await scanned({
    ports: 2000,
    conditions: { port: ALL_CLOSED, delayMs: 50 },
    afterStep: (_engine, clock) => {
      if (stopped || clock.now() < 30) return;
      stopped = true;
      clock.advanceTo(10_000);
    },
  });
  assertRight(wrong());
  assertEquals(engine.counts.late, 0);
  assertEquals(driver.counters.sent, 2000);
});

function reasonsOf({ results, reasons }: Pick<SimOutcome, "results" | "reasons">, state: number): string[] {
  return [...new Set([...reasons].filter((_, i) => results[i] === state).map((reason) => REASONS[reason]!))];
}

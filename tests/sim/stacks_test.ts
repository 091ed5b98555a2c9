/**
 * Hosts and kernels that are not like the textbook's, and tables that fill.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { OPEN } from "../../src/result/states.ts";
import { SIM_CLOSED, SIM_CLOSED_BARE, SIM_DROPPED, SIM_OPEN } from "../support/sim_network.ts";
import { LIMITS } from "../support/sim.ts";
import { ALL_CLOSED, assertRight, type Ports, simTest } from "./mixes.ts";

simTest("sim: RSTs that give the probe's number back close every port", async ({ scanned }) => {
  for (const ports of [1, 100, 5000]) {
    const { wrong, engine, network } = await scanned({ ports, conditions: { port: () => SIM_CLOSED_BARE } });
    assertRight(wrong(), `${ports} ports`);
    assertEquals([engine.counts.late, engine.counts.duplicates], [0, 0]);
    assert(network.syns < 1.1 * ports + 10, `${network.syns} SYNs for ${ports} ports`);
  }
});

simTest("sim: many hosts with caps, more probes than the table holds", async ({ scanned }) => {
  const { wrong, elapsedMs } = await scanned({
    hosts: 20,
    ports: 500,
    limits: { maxInFlight: 64 },
    conditions: { port: ALL_CLOSED, delayMs: 5, answerCap: () => ({ perSecond: 50, burst: 5 }) },
  });
  assertRight(wrong());
  // The cap alone makes it 10 s.
  assert(elapsedMs < 40_000, `${elapsedMs} ms`);
});

/** Open and dropped ports, as behind most firewalls: nothing may be asked whether the host is still there. */
const OPEN_OR_DROPPED: Ports = (_host, port) => port % 200 === 0 ? SIM_OPEN : SIM_DROPPED;

simTest("sim: an open port is asked once, however many dropped ports are beside it", async ({ scanned }) => {
  const asked = new Map<number, number>();
  const port: Ports = (host, port) => {
    asked.set(port, (asked.get(port) ?? 0) + 1);
    return OPEN_OR_DROPPED(host, port);
  };
  const rate = { startPps: 5000, maxPps: 5000, minPps: 0 };
  const { wrong, engine, network, elapsedMs } = await scanned({
    ports: 1000,
    limits: { rate },
    conditions: { port, delayMs: 50 },
  });
  assertEquals([200, 400, 600, 800, 1000].map((open) => asked.get(open)), [1, 1, 1, 1, 1]);
  assertRight(wrong());
  assertEquals(engine.roundTrips.lost, 0);
  // Three attempts at the others, for nothing tells how much is lost.
  assert(network.syns <= 3000 && elapsedMs < 1500, `${network.syns} SYNs, ${elapsedMs} ms`);
});

simTest(
  "sim: hosts that take seconds to answer are found, the sender that else is asked meanwhile",
  async ({ scanned }) => {
    const slow = (host: number) => host % 50 === 0;
    const limits = { rate: { startPps: 1000, maxPps: 10_000, minPps: 0 } };
    for (const slowMs of [1300, 2500]) {
      const { wrong, results } = await scanned({
        hosts: 20_000,
        ports: 1,
        limits,
        conditions: {
          port: (host) => slow(host) ? SIM_OPEN : host % 3 === 0 ? SIM_CLOSED : SIM_DROPPED,
          delayMs: 20,
          slowMs: (host) => slow(host) ? slowMs : 0,
        },
      });
      assertRight(wrong(), `${slowMs} ms`);
      assertEquals(results.filter((result) => result === OPEN).length, 400);
    }
  },
);

simTest("sim: what the kernel has no room for was not sent", async ({ scanned }) => {
  for (const untilMs of [300, 8000]) {
    const { wrong, network, engine } = await scanned({
      ports: 10,
      conditions: { port: (_host, port) => port === 7 ? SIM_OPEN : SIM_CLOSED, noRoom: [[0, untilMs]] },
    });
    assertRight(wrong(), `${untilMs} ms`);
    assertEquals([network.syns, engine.roundTrips.lost, engine.counts.duplicates], [10, 0, 0]);
  }
});

simTest(
  "sim: hosts that are asked one port are counted once, whatever is asked of them besides",
  async ({ scanned }) => {
    const port: Ports = (host) => host % 2 === 0 ? SIM_CLOSED : SIM_DROPPED;
    for (const loss of [0, 0.1]) {
      const rate = { startPps: 1000, maxPps: 1000, minPps: 0 };
      const { wrong, engine } = await scanned({
        hosts: 2000,
        ports: 1,
        limits: { ...LIMITS, rate },
        conditions: { port, lossOut: loss, lossBack: loss },
      });
      assertRight(wrong());
      assertEquals([engine.counts.singlesUp, engine.hostsUp().length], [1000, 0]);
    }
  },
);

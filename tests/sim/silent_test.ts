/**
 * Hosts that were silent in an earlier pass: few attempts, and nothing missed nevertheless.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import type { Engine } from "../../src/engine/engine.ts";
import { NO_FACTS } from "../../src/local/local.ts";
import { OPEN } from "../../src/result/states.ts";
import type { ManualClock } from "../support/clock.ts";
import type { SimScan } from "../support/sim.ts";
import { type NetworkConditions, SIM_CLOSED, SIM_DROPPED, SIM_ICMP, SIM_OPEN } from "../support/sim_network.ts";
import { type Over, simTest } from "./mixes.ts";

const FIRST = 0x0a000001;
const HOSTS = 150;
const PORTS = 100;
/** Hosts from the first on that replied in the pass before, and from the last on those with one open port that did not. */
const UP = 7;
const HIDDEN = 20;

/** Seven hosts with a RST for all but one port, many silent ones, and some that are silent but for one open port. */
function behaviour(host: number, port: number): number {
  const at = host - FIRST;
  if (at < UP) return port === 22 ? SIM_OPEN : SIM_CLOSED;
  return at >= HOSTS - HIDDEN && port === 1 + at % PORTS ? SIM_OPEN : SIM_DROPPED;
}

function scan(conditions: Partial<NetworkConditions>, more: Partial<SimScan> = {}): SimScan {
  return {
    conditions: { port: behaviour, ...conditions },
    ...{ hosts: HOSTS, ports: PORTS, firstHost: FIRST, wasSilent: (host) => host - FIRST >= UP },
    ...more,
  };
}

simTest("silent hosts: where nothing is lost, most of their ports get a single attempt", async ({ simulate }) => {
  const half = HOSTS / 2;
  const port = (host: number) => host - FIRST < half ? SIM_CLOSED : SIM_DROPPED;
  const rate = { startPps: 10_000, maxPps: 10_000, minPps: 0 };
  const outcome = await simulate(scan({ port }, { wasSilent: (host) => host - FIRST >= half, limits: { rate } }));
  assertEquals(outcome.wrong(), []);
  const attempts = (outcome.network.syns / PORTS - half) / half;
  assert(attempts < 1.5, `${attempts} attempts a port`);
});

simTest(
  "silent hosts: the replies of others let the rate grow beyond its usual bound, but not beyond the path",
  async ({ simulate }) => {
    const rate = { startPps: 1000, uncheckedPps: 5000, maxPps: 100_000, minPps: 0 };
    const many = { ports: 1000, limits: { rate } };
    const free = await simulate(scan({}, many));
    assertEquals(free.wrong(), []);
    const narrow = await simulate(scan({ bottleneckPps: 20_000 }, many));
    assertEquals(narrow.wrong(), []);
    assert(narrow.engine.expectedWrong < 0.5, `${narrow.engine.expectedWrong} expected to be wrong`);
    // At the usual bound the probes of silent hosts alone take half a minute.
    assert(free.elapsedMs < 12_000, `${free.elapsedMs} ms`);
    assert(narrow.elapsedMs < 23_000, `${narrow.elapsedMs} ms on a narrow path`);
  },
);

simTest(
  "silent hosts: where new probes and retransmissions take turns, the wait for late replies is over before the end",
  async ({ simulate }) => {
    const rate = { startPps: 5000, maxPps: 5000, minPps: 0 };
    const port = (host: number) => host % 50 === 0 ? SIM_CLOSED : SIM_DROPPED;
    const times: number[] = [];
    for (const takesTurns of [false, true]) {
      let allTakenAt = 0;
      const afterStep = (engine: Engine, clock: ManualClock) => {
        if (allTakenAt === 0 && engine.position === 10_000) allTakenAt = clock.now();
      };
      const conditions = { port, lossOut: 0.05, lossBack: 0.05 };
      const outcome = await simulate({ conditions, hosts: 10_000, ports: 1, limits: { rate, takesTurns }, afterStep });
      assertEquals(outcome.wrong(), []);
      const share = allTakenAt / outcome.elapsedMs;
      assert(takesTurns ? share < 0.6 : share > 0.75, `all sent once after ${share} of the time`);
      times.push(outcome.elapsedMs);
    }
    assert(times[1]! < 1.1 * times[0]!, times.join(" ms, in turns "));
  },
);

for (const [percent, seeds] of [[1, 4], [10, 8], [20, 4]] as const) {
  simTest(`silent hosts: with ${percent} % loss each way, no open port is missed`, async ({ simulate }) => {
    for (let seed = 1; seed <= seeds; seed++) {
      const loss = percent / 100;
      const outcome = await simulate(scan({ lossOut: loss, lossBack: loss, seed }, { seed }));
      assertEquals(outcome.wrong(), [], `seed ${seed}`);
      assert(outcome.engine.expectedWrong < 0.5, `seed ${seed}: ${outcome.engine.expectedWrong} expected to be wrong`);
    }
  });
}

simTest("silent hosts: an outage hides no open port", async ({ simulate }) => {
  const rate = { startPps: 5000, maxPps: 5000, minPps: 0 };
  for (let seed = 1; seed <= 4; seed++) {
    const outcome = await simulate(scan({ outages: [[700, 2500]], seed }, { seed, limits: { rate } }));
    assertEquals(outcome.wrong(), [], `seed ${seed}`);
  }
});

simTest("silent hosts: their attempts do not wait for each other", async ({ simulate }) => {
  // No host replies: nothing shows that few packets are lost, so that several attempts are needed.
  const port = () => SIM_DROPPED;
  const after = await simulate(scan({ port }, { wasSilent: () => true }));
  const anew = await simulate(scan({ port }, { wasSilent: () => false }));
  assertEquals([after.wrong(), anew.wrong()], [[], []]);
  assert(after.elapsedMs < 0.75 * anew.elapsedMs, `${after.elapsedMs} ms, ${anew.elapsedMs} ms`);
});

simTest("silent hosts: one that replies after all is a host like others from then on", async ({ simulate }) => {
  const port = (host: number, port: number) =>
    host - FIRST < UP
      ? behaviour(host, port)
      : host - FIRST === UP
      ? (port === 7 ? SIM_OPEN : SIM_CLOSED)
      : SIM_DROPPED;
  const outcome = await simulate(scan({ port, lossOut: 0.1, lossBack: 0.1 }));
  assertEquals(outcome.wrong(), []);
  assert(outcome.engine.isUp(FIRST + UP));
  assertEquals(outcome.results[UP * PORTS + 6], OPEN);
});

simTest("absent hosts: the time in which a router looks for them is no round trip", async ({ simulate }) => {
  const isAbsent = (host: number) => host - FIRST >= 3;
  // The ports of a firewall stay without a reply, and are waited for as long as round trips seem to be.
  const port = (host: number, port: number) =>
    isAbsent(host) ? SIM_ICMP + 1 : port % 4 === 0 ? SIM_DROPPED : SIM_CLOSED;
  const slowMs = (host: number) => isAbsent(host) ? 3070 : 0;
  const rate = { startPps: 1500, maxPps: 1500, minPps: 0 };
  const outcome = await simulate(
    scan({ port, slowMs }, { hosts: 20, ports: 100, wasSilent: () => false, limits: { rate } }),
  );
  assertEquals(outcome.wrong(), []);
  // All is sent within 3 s, and a second is waited for at first.

  assert(outcome.elapsedMs < 5000, `${outcome.elapsedMs} ms`);
});

simTest(
  "absent hosts: once a router has reported a host, nothing more of it is retransmitted",
  async ({ simulate }) => {
    const port = (host: number) => host - FIRST < 3 ? SIM_CLOSED : SIM_ICMP + 1;
    const slowMs = (host: number) => host - FIRST < 3 ? 0 : 3070;
    // One port in ten gets its error, as of a router that limits them.
    const some = (host: number, at: number) => host - FIRST >= 3 && at % 10 > 0 ? SIM_DROPPED : port(host);
    const rate = { startPps: 700, maxPps: 700, minPps: 0 };
    const run = (of: typeof some) =>
      simulate(scan({ port: of, slowMs }, { hosts: 20, wasSilent: () => false, limits: { rate } }));
    const reported = await run(some);
    const silent = await run((host) => host - FIRST < 3 ? SIM_CLOSED : SIM_DROPPED);
    assertEquals(reported.wrong(), []);
    assert(
      reported.network.syns < 0.8 * silent.network.syns,
      `${reported.network.syns} and ${silent.network.syns} probes`,
    );
  },
);

/** A host that its router reports after it has looked for it, by one error in so many. */
function reported(every: number): (host: number, port: number) => number {
  return (_host, port) => port % every === 0 ? SIM_ICMP + 1 : SIM_DROPPED;
}

const ROUTED = { ...NO_FACTS, isRouted: () => true };

/** Runs a scan of hosts that are reported in the place of their ports; returns them, each as often as it was reported. */
async function absentIn(
  { simulate }: Pick<Over, "simulate">,
  more: Partial<SimScan>,
  conditions: Partial<NetworkConditions>,
) {
  const absent: number[] = [];
  const sink = { result: () => {}, absent: (host: number) => absent.push(host - FIRST) };
  const outcome = await simulate(scan(conditions, { hosts: 1, wasSilent: () => false, sink, local: ROUTED, ...more }));
  return { outcome, absent };
}

simTest("absent hosts: a late error ends the probes of its host at once, in a scan of one host too", async (over) => {
  const rate = { startPps: 500, maxPps: 500, minPps: 0 };
  for (const [ports, every] of [[1, 1], [20, 7], [1000, 100], [3000, 1]] as const) {
    const port = reported(every);
    const { outcome, absent } = await absentIn(over, { ports, limits: { rate } }, { port, slowMs: () => 3070 });
    assertEquals(absent, [0], `${ports} ports`);
    assertEquals(outcome.given, ports, "each port has a result, which is withdrawn");
    assert(outcome.elapsedMs < 3400 + 20 * every, `${ports} ports: ${outcome.elapsedMs} ms`);
    assert(outcome.network.syns < 2000, `${outcome.network.syns} probes`);
  }
});

simTest("absent hosts: a program that stands still for a while takes a late error for what it is", async (over) => {
  let isLate = false;
  // What is excluded from the engine's time was time for the router.
  const afterStep = (_engine: Engine, clock: ManualClock) => {
    if (!isLate && clock.now() > 1500) clock.advanceTo(clock.now() + 400);
    isLate ||= clock.now() > 1500;
  };
  const { absent } = await absentIn(over, { ports: 20, afterStep }, { port: reported(1), slowMs: () => 3070 });
  assertEquals([absent, isLate], [[0], true]);
});

simTest("absent hosts: errors at once are those of a firewall, however rationed they are", async (over) => {
  const rate = { startPps: 500, maxPps: 500, minPps: 0 };
  for (const [hosts, every] of [[1, 1], [1, 20], [5, 50]] as const) {
    const { outcome, absent } = await absentIn(over, { hosts, ports: 400, limits: { rate } }, {
      port: reported(every),
    });
    assertEquals(absent, []);
    assertEquals(outcome.wrong(), []);
  }
});

simTest("absent hosts: a host that has replied to anything is never absent", async (over) => {
  let sent = 0;
  const { absent } = await absentIn(over, { ports: 20 }, {
    port: (_host, port) => port === 1 ? SIM_CLOSED : sent <= 20 ? SIM_DROPPED : SIM_ICMP + 1,
    slowMs: () => ++sent <= 20 ? 0 : 3070,
  });
  assert(sent > 20, "nothing was retransmitted");
  assertEquals(absent, []);
});

simTest("absent hosts: where no error comes, a silent host is not waited for any longer", async (over) => {
  const { outcome, absent } = await absentIn(over, { ports: 100 }, { port: () => SIM_DROPPED });
  assertEquals([absent, outcome.wrong()], [[], []]);
  assert(outcome.elapsedMs < 3400, `${outcome.elapsedMs} ms`);
});

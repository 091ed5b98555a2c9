/**
 * ICMP errors that are gone a while later, or meet a part of the probes only, and those that stay.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { proxyFindings } from "../../src/engine/proxies.ts";
import { stateCode, UP } from "../../src/result/states.ts";
import { pingKind, PingTechnique } from "../../src/technique/ping.ts";
import { FLAG_SCANS } from "../../src/technique/tcp_flags.ts";
import {
  type NetworkConditions,
  SIM_CLOSED,
  SIM_DROPPED,
  SIM_ICMP,
  SIM_OPEN,
  SIM_REJECT,
} from "../support/sim_network.ts";
import { assertRight, type Ports, simTest } from "./mixes.ts";

type Instead = NonNullable<NetworkConditions["instead"]>;

const PORTS = 1000;
/** Ports of each host that are probed again where all of them stay refused. */
const SAMPLE = 16;
const FIN = FLAG_SCANS.find(({ name }) => name === "fin")!;
const OPEN_OR_FILTERED = stateCode("open|filtered");

/** Every tenth port is open, the others are closed. */
const TENTH_OPEN: Ports = (_host, port) => port % 10 === 5 ? SIM_OPEN : SIM_CLOSED;

/** Half of the ports are rejected, always. */
const HALF_REJECTED: Ports = (host, port) => port % 2 === 0 ? SIM_ICMP + 1 : TENTH_OPEN(host, port);

/** Every probe is met by an error for a second. */
const flap = (error: number, fromMs = 0, untilMs = fromMs + 1000): Instead => (_h, _p, nowMs) =>
  nowMs >= fromMs && nowMs < untilMs ? error : undefined;

/** A firewall rejects probes beyond a rate, as nftables does (`limit rate over`). */
function beyond(perSecond: number, error: number): Instead {
  const burst = 5;
  let [tokens, atMs] = [burst, 0];
  return (_host, _port, nowMs) => {
    tokens = Math.min(burst, tokens + (nowMs - atMs) * perSecond / 1000);
    atMs = nowMs;
    if (tokens < 1) return error;
    tokens--;
    return undefined;
  };
}

const LOSSY = { lossOut: 0.1, lossBack: 0.1, delayMs: 20, jitterMs: 10 };
const RATE = { startPps: 5000, maxPps: 5000, minPps: 0 };

/** Makes conditions anew for each scan. */
const TRANSIENTS: Readonly<Record<string, () => Omit<NetworkConditions, "port">>> = {
  "a router that reports the host as unreachable for a second": () => ({ instead: flap(SIM_ICMP + 1) }),
  "the same in the middle": () => ({ instead: flap(SIM_ICMP + 1, 100) }),
  "the same where packets get lost": () => ({ instead: flap(SIM_ICMP + 1, 100), ...LOSSY }),
  "a network that is unreachable for a short while": () => ({ instead: flap(SIM_ICMP, 100, 150) }),
  "a firewall that rejects everything for a second": () => ({ instead: flap(SIM_ICMP + 13, 50) }),
  "a host that rejects everything for a second": () => ({ instead: flap(SIM_REJECT + 3) }),
  "a firewall that rejects beyond 500 a second": () => ({ instead: beyond(500, SIM_ICMP + 13) }),
  "a firewall that rejects beyond 100 a second": () => ({ instead: beyond(100, SIM_ICMP + 13) }),
  "a host that rejects beyond 500 a second": () => ({ instead: beyond(500, SIM_REJECT + 3) }),
  "that host where packets get lost": () => ({ instead: beyond(500, SIM_REJECT + 3), ...LOSSY }),
};

for (const [name, conditionsOf] of Object.entries(TRANSIENTS)) {
  simTest(`sim: refusals: no port is wrong behind ${name}`, async ({ scanned }) => {
    for (const [hosts, port] of [[1, TENTH_OPEN], [3, TENTH_OPEN], [1, HALF_REJECTED]] as const) {
      for (const seed of [1, 2]) {
        const conditions = { port, seed, ...conditionsOf() };
        const { wrong, engine } = await scanned({ hosts, ports: PORTS, seed, limits: { rate: RATE }, conditions });
        assertRight(wrong(), `${hosts} hosts, seed ${seed}`);
        assertEquals(engine.silences().unsettled, []);
        assert(engine.expectedWrong < 0.5, `${engine.expectedWrong} expected wrong`);
        assertEquals(proxyFindings(engine.noteRows()).blocked.size, 0, "whose ports all reply in the end");
      }
    }
  });
}

simTest("sim: refusals: a narrow limit is waited for, and no port is wrong", async ({ scanned }) => {
  for (const error of [SIM_ICMP + 13, SIM_REJECT + 3]) {
    const conditions = { port: TENTH_OPEN, instead: beyond(10, error) };
    const { wrong, engine, elapsedMs } = await scanned({ ports: PORTS, limits: { rate: RATE }, conditions });
    assertRight(wrong());
    assertEquals(engine.silences().unsettled, []);
    assertEquals(proxyFindings(engine.noteRows()).blocked.size, 0);
    assert(elapsedMs < 150_000, `${elapsedMs} ms, where the limit alone takes 100,000`);
  }
});

simTest(
  "sim: refusals: ports that a narrow limit leaves refused are counted, and the wait for them ends",
  async (over) => {
    const conditions = { port: TENTH_OPEN, instead: beyond(3, SIM_ICMP + 13) };
    const { wrong, engine, elapsedMs } = await over.scanned({ ports: PORTS, limits: { rate: RATE }, conditions });
    const [group, ...others] = engine.silences().unsettled;
    assertEquals([group?.ports, others], [wrong().length, []]);
    assert(group!.ports > 500, `${group!.ports} ports`);
    assert(elapsedMs < 15_000, `${elapsedMs} ms`);
  },
);

simTest(
  "sim: refusals: where all stay refused, a sample of each host is probed again, and once for all hosts",
  async (over) => {
    for (const error of [SIM_ICMP + 1, SIM_ICMP + 13, SIM_REJECT + 3]) {
      for (const [hosts, ports] of [[1, PORTS], [50, 200], [200, 1]] as const) {
        const times = [SIM_CLOSED, error].map(async (behaviour) => {
          const scan = { hosts, ports, limits: { rate: RATE }, conditions: { port: () => behaviour } };
          const { wrong, given, driver, elapsedMs } = await over.scanned(scan);
          assertRight(wrong());
          assertEquals(given, hosts * ports);
          const again = behaviour === error ? hosts * Math.min(ports, SAMPLE) : 0;
          assertEquals(driver.counters.sent, hosts * ports + again, `${hosts} hosts of ${ports} ports`);
          return elapsedMs;
        });
        const [closed, refused] = await Promise.all(times) as [number, number];
        const againMs = 1000 * hosts * Math.min(ports, SAMPLE) / RATE.maxPps;
        assert(refused - closed < 1200 + againMs, `${refused - closed} ms`);
      }
    }
  },
);

simTest("sim: refusals: what was silent beside errors that are gone is probed again too", async ({ scanned }) => {
  for (const names of [undefined, ["echo", "syn:443", "ack:80"]]) {
    // A kernel sends some errors at once, and then few.
    let errors = names === undefined ? 6 : 1;
    const instead: Instead = (_host, _port, nowMs) =>
      nowMs >= 1400 ? undefined : errors-- > 0 ? SIM_ICMP + 1 : SIM_DROPPED;
    const conditions = { port: TENTH_OPEN, instead };
    if (names === undefined) {
      const { wrong, engine } = await scanned({ ports: PORTS, conditions });
      assertRight(wrong());
      assert(engine.expectedWrong < 0.5, `${engine.expectedWrong} expected wrong`);
    } else {
      const technique = new PingTechnique(names.map((name) => pingKind(name)!));
      const { engine } = await scanned({ technique, ports: names.length, firstPort: 0, conditions });
      assert(engine.counts.byState[UP]! > 0);
    }
  }
});

simTest("sim: refusals: of many hosts few are probed again, and all if errors are no rule", async ({ scanned }) => {
  const hosts = 20_000;
  const scan = { hosts, ports: 1, limits: { rate: { startPps: 20_000, maxPps: 20_000, minPps: 0 } } };
  for (const error of [SIM_ICMP + 13, SIM_REJECT + 3]) {
    const steady = await scanned({ ...scan, conditions: { port: () => error } });
    assertRight(steady.wrong());
    assert(steady.driver.counters.sent < 1.12 * hosts, `${steady.driver.counters.sent} probes`);
    const { wrong } = await scanned({ ...scan, conditions: { port: TENTH_OPEN, instead: flap(error, 100, 900) } });
    assertRight(wrong());
  }
});

simTest("sim: refusals: half of the ports rejected for good cost the sample alone", async ({ scanned }) => {
  const conditions = { port: HALF_REJECTED };
  const { wrong, driver, engine } = await scanned({ ports: PORTS, limits: { rate: RATE }, conditions });
  assertRight(wrong());
  assert(driver.counters.sent <= PORTS + SAMPLE + 3, `${driver.counters.sent} probes`);
  assertEquals(engine.counts.late, 0);
});

simTest("sim: refusals: nothing is probed again where the user allows no retransmission", async ({ scanned }) => {
  const conditions = { port: () => SIM_ICMP + 13 };
  const { wrong, driver } = await scanned({ ports: PORTS, limits: { maxRetries: 0 }, conditions });
  assertRight(wrong());
  assertEquals(driver.counters.sent, PORTS);
});

simTest("sim: refusals: a limit of errors, whose silence shows nothing, changes no result", async ({ scanned }) => {
  const answerCap = () => ({ perSecond: 1, burst: 6 });
  for (const technique of [undefined, FIN]) {
    const scan = { ports: 200, conditions: { port: () => SIM_REJECT + 3, answerCap } };
    const { engine } = await scanned(technique === undefined ? scan : { ...scan, technique });
    assertEquals(engine.counts.late, 0);
    assertEquals(engine.silences().unsettled, []);
  }
});

simTest("sim: refusals: a FIN scan finds ports open|filtered that a router has refused for a second", async (over) => {
  const conditions = { port: TENTH_OPEN, instead: flap(SIM_ICMP + 1) };
  const { wrong, engine } = await over.scanned({ technique: FIN, ports: 200, conditions });
  assertRight(wrong());
  assertEquals(engine.counts.byState[OPEN_OR_FILTERED], 20);
});

simTest(
  "sim: refusals: a FIN scan finds open ports open|filtered that alone were refused for a while",
  async (over) => {
    // Others reply at once, so that errors are about silent ones.
    const conditions = { port: TENTH_OPEN, instead: flap(SIM_ICMP + 1, 50, 700) };
    const { wrong } = await over.scanned({ technique: FIN, ports: 200, conditions });
    assertRight(wrong());
  },
);

simTest("sim: refusals: a host is up that a router refuses pings to for a second, or beyond a rate", async (over) => {
  for (const names of [["echo"], ["echo", "syn:443", "ack:80"]]) {
    const technique = new PingTechnique(names.map((name) => pingKind(name)!));
    for (const instead of [() => flap(SIM_ICMP + 1), () => flap(SIM_ICMP + 13, 5), () => beyond(500, SIM_ICMP + 13)]) {
      const hosts = names.length === 1 ? 1000 : 254;
      const conditions = { port: () => SIM_CLOSED, instead: instead() };
      const scan = { technique, hosts, ports: names.length, firstPort: 0, limits: { rate: RATE }, conditions };
      const { engine, results } = await over.scanned(scan);
      const up = Array.from({ length: hosts }, (_, at) => {
        const kinds = results.subarray(at * names.length, (at + 1) * names.length);
        return kinds.includes(UP) ? 1 : 0;
      });
      assertEquals(up.filter((each) => each === 0).length, 0, `${names}: silent hosts of ${hosts}`);
      assertEquals(engine.silences().unsettled, []);
    }
  }
});

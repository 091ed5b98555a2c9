/** Traces on the simulated network: engine, driver and codec, with loss and routers that limit their errors. */
import { assertEquals, assertLess } from "@std/assert";
import { PacketDriver } from "../../src/driver/packet_driver.ts";
import { Engine } from "../../src/engine/engine.ts";
import { HostTimeouts } from "../../src/engine/host_timeouts.ts";
import { run } from "../../src/engine/loop.ts";
import { KnownRoutes } from "../../src/scan/trace_routes.ts";
import { type TraceJob, TraceSource } from "../../src/scan/trace_source.ts";
import { MarkedTokens } from "../../src/scan/trace_tokens.ts";
import type { PingKind } from "../../src/technique/ping.ts";
import { FLAG_SCANS } from "../../src/technique/tcp_flags.ts";
import { SYN } from "../../src/technique/tcp_syn.ts";
import { TraceTechnique } from "../../src/technique/trace.ts";
import { ManualClock } from "../support/clock.ts";
import { LIMITS } from "../support/sim.ts";
import { type Family, simHosts } from "../support/sim_ip.ts";
import { type NetworkConditions, SIM_CLOSED, SIM_OPEN, SimNetwork } from "../support/sim_network.ts";
import { simTest } from "./mixes.ts";

const HOST = 0x0a00_0101;
const OWN = 0x0a00_00fe;
const ACK = FLAG_SCANS.find(({ name }) => name === "ack")!;
const ROUTERS = [0xc000_0201, 0xc000_0202, 0, 0xc000_0204, 0xc000_0205];
const DISTANCE = ROUTERS.length + 1;
/** Linux: six errors at once, and then one a second. */
const LINUX_ERRORS = { perSecond: 1, burst: 6 };
/** Ports that are dropped, and the number of routers that they pass. */
const DROPPED = new Map([[1001, 1], [1002, 2], [1004, 4], [1005, 5]]);
const KINDS: readonly PingKind[] = [
  { name: "syn:22", tcp: SYN, port: 22 },
  { name: "syn:23", tcp: SYN, port: 23 },
  { name: "ack:23", tcp: ACK, port: 23 },
  ...[...DROPPED.keys()].map((port) => ({ name: `syn:${port}`, tcp: SYN, port })),
];
const OPEN_KIND = 0;
const SAMPLES = [3, 4, 5, 6];

async function trace(
  family: Family,
  jobs: readonly TraceJob[],
  conditions: Partial<NetworkConditions>,
  seed: number,
  timeouts?: HostTimeouts,
) {
  const clock = new ManualClock();
  const network = new SimNetwork(clock, {
    sendMs: 0.005,
    delayMs: 20,
    jitterMs: 5,
    seed,
    port: (_host, port) => port === 22 ? SIM_OPEN : SIM_CLOSED,
    routers: () => ROUTERS,
    dropsAfter: (_host, port) => DROPPED.get(port),
    answerCap: (host) => ROUTERS.includes(host) ? LINUX_ERRORS : undefined,
    ...conditions,
  });
  const { book, packets } = simHosts(family, OWN);
  const technique = new TraceTechnique(KINDS, packets);
  const driver = new PacketDriver({
    technique,
    transport: network,
    book,
    sources: { addresses: [OWN], indexFor: () => 0 },
    ports: { first: 61_000, count: 1 },
    ttl: 64,
  });
  const source = new TraceSource(jobs, new KnownRoutes(), clock.now());
  const engine = new Engine({
    ...{ source, driver, limits: LIMITS, sink: source, nowMs: clock.now(), timeouts },
    correlator: new MarkedTokens(technique, new Uint32Array([seed, 77])),
  });
  const afterStep = (nowMs: number) => {
    source.release(nowMs);
    return false;
  };
  for (;;) {
    await run({ engine, driver, clock, yieldToEventLoop: () => Promise.resolve(), afterStep });
    if (source.nextAtMs === Infinity) return { traced: source.traced(), network, clock, driver };
    await driver.wait(Math.max(0, source.nextAtMs - clock.now()));
    source.release(clock.now());
  }
}

const hopsOf = ({ route }: Awaited<ReturnType<typeof trace>>["traced"][number]) =>
  Array.from({ length: route.length }, (_, at) => at + 1 === route.end ? "host" : route.hop(at + 1)?.from ?? 0);

for (const loss of [0, 0.1]) {
  for (const kind of [OPEN_KIND, 1, 2]) {
    simTest(`traces: every hop by ${KINDS[kind]!.name} with ${loss * 100} % loss each way`, async ({ family }) => {
      for (let seed = 1; seed <= 10; seed++) {
        const job = { host: HOST, way: "1", distance: DISTANCE, kind, samples: [] };
        const { traced } = await trace(family, [job], { lossOut: loss, lossBack: loss }, seed);
        assertEquals(traced.map(hopsOf), [[...ROUTERS, "host"]], `seed ${seed}`);
      }
    });
  }

  simTest(`where filtered: the last hop of each port with ${loss * 100} % loss each way`, async ({ family }) => {
    for (let seed = 1; seed <= 10; seed++) {
      const job = { host: HOST, way: "1", distance: DISTANCE, kind: 1, samples: SAMPLES };
      const { traced } = await trace(family, [job], { lossOut: loss, lossBack: loss }, seed);
      assertEquals(traced[0]!.lastHops.map((last) => last?.ttl), [...DROPPED.values()], `seed ${seed}`);
    }
  });
}

simTest("traces: forty hosts behind routers that send one error a second", async ({ family }) => {
  const jobs = Array.from({ length: 40 }, (_, at) => (
    { host: HOST + at, way: "1", distance: DISTANCE, kind: 1, samples: at % 10 === 0 ? SAMPLES : [] }
  ));
  const { traced } = await trace(family, jobs, {}, 1);
  assertEquals(traced.length, 40);
  for (const found of traced) assertEquals(hopsOf(found), [...ROUTERS, "host"]);
  for (const { lastHops, job } of traced) {
    assertEquals(lastHops.map((last) => last?.ttl), job.samples.length === 0 ? [] : [...DROPPED.values()]);
  }
});

simTest("traces: forged replies change nothing", async ({ family }) => {
  const job = { host: HOST, way: "1", distance: DISTANCE, kind: 1, samples: SAMPLES };
  const { traced } = await trace(family, [job], { forged: 3, answerCap: () => undefined }, 3);
  assertEquals(traced.map(hopsOf), [[...ROUTERS, "host"]]);
  assertEquals(traced[0]!.lastHops.map((last) => last?.ttl), [...DROPPED.values()]);
});

simTest("traces: the path to a host whose time is up is what is known of it by then", async ({ family }) => {
  const job = { host: HOST, way: "1", distance: DISTANCE, kind: 1, samples: [] };
  const usual = await trace(family, [job], {}, 5);
  const timeouts = new HostTimeouts(60);
  const cut = await trace(family, [job], {}, 5, timeouts);
  const [known = []] = cut.traced.map(hopsOf);
  assertEquals(known.filter((hop) => hop !== 0).every((hop) => hop === "host" || ROUTERS.includes(hop)), true);
  assertEquals(known.includes(0), true);
  const sent = ({ driver }: typeof usual) => driver.counters.sent;
  assertLess(sent(cut), sent(usual));
  assertLess(cut.clock.now(), usual.clock.now());
});

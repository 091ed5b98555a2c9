/** The walks of traces through networks of routers, each a function of host and hop limit. */
import { assert, assertEquals } from "@std/assert";
import { reasonCode } from "../../src/result/reasons.ts";
import { hopLimitOf, kindOf } from "../../src/technique/trace.ts";
import { samplePositions } from "../../src/scan/trace_filters.ts";
import { namesOfHops } from "../../src/scan/trace_names.ts";
import { Pacer } from "../../src/scan/trace_pacer.ts";
import { KnownRoutes, MAX_HOPS } from "../../src/scan/trace_routes.ts";
import { type TracedHost, type TraceJob, TraceSource } from "../../src/scan/trace_source.ts";
import { guessedDistance, TraceTargets } from "../../src/scan/trace_targets.ts";
import { ResultBatcher } from "../../src/result/batch.ts";
import { FILTERED, OPEN, UNDECIDED } from "../../src/result/states.ts";

Deno.test("trace: hops have names by reverse DNS, and the scan has those of its targets alone", () => {
  const path = { ip: "192.0.2.7", proto: "tcp", port: 80, isReached: true, filtered: [] };
  const hops = [{ ttl: 1, ip: "203.0.113.1" }, { ttl: 2 }, { ttl: 3, ip: "192.0.2.7" }];
  const names = [{ ip: "192.0.2.7", name: "host.example" }, { ip: "203.0.113.1", name: "router.example" }];
  const { traces, hostnames } = namesOfHops([{ ...path, hops }], names, (ip) => ip === "192.0.2.7");
  assertEquals(traces[0]?.hops.map(({ hostname }) => hostname), ["router.example", undefined, "host.example"]);
  assertEquals(hostnames, [names[0]!]);
});

const RESET = reasonCode("reset");
const SYN_ACK = reasonCode("syn-ack");
const TIME_EXCEEDED = reasonCode("time-exceeded");
const NO_RESPONSE = reasonCode("no-response");
const HOST_UNREACH = reasonCode("host-unreach");

const HOST = 0x0a00_0101;

/** The routers on the way to a host, nearest first; 0 for one that is silent. */
type Routers = (host: number) => readonly number[];

/** The fate of a probe: the reason of its result, and the sender. */
interface Fate {
  readonly reason: number;
  readonly from: number;
}

/** A network without loss. */
function networkOf(routers: Routers): (host: number, hopLimit: number, kind: number) => Fate {
  return (host, hopLimit) => {
    const path = routers(host);
    if (hopLimit > path.length) return { reason: RESET, from: host };
    const from = path[hopLimit - 1]!;
    return from === 0 ? { reason: NO_RESPONSE, from: host } : { reason: TIME_EXCEEDED, from };
  };
}

/** Drops probes of these kinds behind the router at a distance, or before it. */
function dropping(network: ReturnType<typeof networkOf>, rules: ReadonlyMap<number, number>): typeof network {
  return (host, hopLimit, kind) => {
    const at = rules.get(kind);
    return at !== undefined && hopLimit > at ? { reason: NO_RESPONSE, from: host } : network(host, hopLimit, kind);
  };
}

interface Run {
  readonly traced: TracedHost[];
  /** Probes, in order. */
  readonly probes: { readonly host: number; readonly hopLimit: number; readonly kind: number; readonly atMs: number }[];
}

/** Traces jobs in a network that replies at once, in steps: all probes of a step are replied to in the next. */
function trace(jobs: readonly TraceJob[], network: ReturnType<typeof networkOf>): Run {
  const source = new TraceSource(jobs, new KnownRoutes(), 0);
  const probes: Run["probes"] = [];
  let nowMs = 0;
  for (let position = 0;;) {
    source.release(nowMs);
    const end = source.size;
    if (position === end) {
      if (source.nextAtMs === Infinity) break;
      nowMs = Math.max(nowMs, source.nextAtMs);
      continue;
    }
    nowMs++;
    for (; position < end; position++) {
      source.locate(position);
      const { host, port } = source;
      const [hopLimit, kind] = [hopLimitOf(port), kindOf(port)];
      probes.push({ host, hopLimit, kind, atMs: nowMs });
      const { reason, from } = network(host, hopLimit, kind);
      source.result(host, port, 0, reason, 60, reason === NO_RESPONSE ? -1 : 1, 1, from, -1, 0);
    }
  }
  return { traced: source.traced(), probes };
}

function job(host: number, distance: number, more: Partial<TraceJob> = {}): TraceJob {
  return { host, way: "1", distance, kind: 0, samples: [], ...more };
}

function hopsOf({ route }: TracedHost): (number | undefined)[] {
  return Array.from(
    { length: route.length },
    (_, at) => at + 1 === route.end ? route.target.host : route.hop(at + 1)?.from,
  );
}

const FIVE = () => [11, 12, 13, 14, 15];

for (const distance of [6, 5, 3, 8, 30]) {
  Deno.test(`trace: all hops of a host at distance 6 when ${distance} is guessed`, () => {
    const { traced: [found], probes } = trace([job(HOST, distance)], networkOf(FIVE));
    assertEquals(hopsOf(found!), [11, 12, 13, 14, 15, HOST]);
    assertEquals(new Set(probes.map(({ hopLimit }) => hopLimit)).size, probes.length);
    assert(probes.length <= Math.max(6, distance));
  });
}

Deno.test("trace: a silent router is a hop without an address, and is probed once more", () => {
  const { traced: [found], probes } = trace([job(HOST, 6)], networkOf(() => [11, 0, 13, 14, 0]));
  assertEquals(hopsOf(found!), [11, undefined, 13, 14, undefined, HOST]);
  const silent = probes.filter(({ hopLimit }) => hopLimit === 2);
  assertEquals(silent.length, 2);
  assert(silent[1]!.atMs - silent[0]!.atMs > 1000);
});

Deno.test("trace: a router that was silent for having sent too many errors is found later", () => {
  let probed = 0;
  const network = networkOf(FIVE);
  const { traced: [found] } = trace(
    [job(HOST, 6)],
    (host, hopLimit, kind) =>
      hopLimit === 4 && probed++ === 0 ? { reason: NO_RESPONSE, from: host } : network(host, hopLimit, kind),
  );
  assertEquals(hopsOf(found!), [11, 12, 13, 14, 15, HOST]);
});

Deno.test("trace: hosts of one network share the routers that were probed for the first", () => {
  const hosts = Array.from({ length: 200 }, (_, at) => HOST + at);
  const { traced, probes } = trace(hosts.map((host) => job(host, 6)), networkOf(FIVE));
  for (const found of traced) assertEquals(hopsOf(found), [11, 12, 13, 14, 15, found.job.host]);
  for (let hopLimit = 1; hopLimit < 5; hopLimit++) {
    assertEquals(probes.filter((probe) => probe.hopLimit === hopLimit).length, 1);
  }
  assertEquals(probes.filter(({ hopLimit }) => hopLimit === 5).length, 3);
  assertEquals(probes.filter(({ hopLimit }) => hopLimit === 6).length, 200);
});

Deno.test("trace: networks behind one router need few probes, and those behind others are told apart", () => {
  const behind = (host: number) => host >>> 16 === 0x0a00 ? 15 : 100 + (host >>> 8 & 0xff);
  const hosts = Array.from({ length: 256 }, (_, at) => [HOST + at * 256, 0x0b00_0001 + at * 256]).flat();
  const { traced, probes } = trace(
    hosts.map((host) => job(host, 6)),
    networkOf((host) => [11, 12, 13, 14, behind(host)]),
  );
  for (const found of traced) assertEquals(hopsOf(found), [11, 12, 13, 14, behind(found.job.host), found.job.host]);
  const last = probes.filter(({ hopLimit }) => hopLimit === 5);
  assertEquals(last.filter(({ host }) => behind(host) === 15).length, 24);
});

Deno.test("trace: hosts of one network behind different routers have their own last hop", () => {
  const hosts = Array.from({ length: 40 }, (_, at) => HOST + at);
  const routers = (host: number) => [11, 12, host % 2 === 0 ? 21 : 22];
  const { traced } = trace(hosts.map((host) => job(host, 4)), networkOf(routers));
  for (const found of traced) assertEquals(hopsOf(found), [...routers(found.job.host), found.job.host]);
});

Deno.test("trace: each of 65,536 hosts behind one router, and behind as many as there are networks", () => {
  const hosts = range(0, 0xffff).map((at) => 0x0a00_0000 + at);
  for (const last of [() => 14, (host: number) => 1000 + (host >>> 8 & 0xff)]) {
    const { traced, probes } = trace(hosts.map((host) => job(host, 5)), networkOf((host) => [11, 12, 13, last(host)]));
    assertEquals(traced.length, hosts.length);
    const { host } = traced[40_000]!.job;
    assertEquals(hopsOf(traced[40_000]!), [11, 12, 13, last(host), host]);
    assert(probes.length < hosts.length + 2000, String(probes.length));
  }
});

Deno.test("trace: a host that no longer answers ends after a row of silent hops", () => {
  const silent = networkOf(() => [11, 12, ...Array<number>(40).fill(0)]);
  const { traced: [found], probes } = trace([job(HOST, 4)], silent);
  assertEquals(hopsOf(found!), [11, 12]);
  assert(probes.every(({ hopLimit }) => hopLimit <= 8));
});

Deno.test("trace: a path without end is walked to the largest hop limit", () => {
  const { traced: [found] } = trace([job(HOST, 28)], networkOf(() => Array.from({ length: 60 }, (_, at) => 11 + at)));
  assertEquals(hopsOf(found!).length, MAX_HOPS);
});

Deno.test("trace: a router that reports the host as unreachable ends the way up", () => {
  const network = networkOf(FIVE);
  const { traced: [found] } = trace(
    [job(HOST, 5)],
    (host, hopLimit, kind) => hopLimit > 4 ? { reason: HOST_UNREACH, from: 14 } : network(host, hopLimit, kind),
  );
  assertEquals(hopsOf(found!), [11, 12, 13, 14]);
});

Deno.test("where filtered: the last hop of each port, by two probes where it is that of the first", () => {
  const samples = [1, 2, 3, 4, 5];
  const rules = new Map([[1, 3], [2, 3], [3, 1], [4, 5], [5, 0]]);
  const { traced: [found], probes } = trace([job(HOST, 6, { samples })], dropping(networkOf(FIVE), rules));
  assertEquals(found!.lastHops.map((last) => [last?.ttl, last?.from]), [[3, 13], [3, 13], [1, 11], [5, 15], [
    0,
    undefined,
  ]]);
  assertEquals(probes.filter(({ kind }) => kind === 2).length, 3);
});

Deno.test("where filtered: silent routers are none, and what replies after all is not filtered", () => {
  const network = dropping(networkOf(() => [11, 0, 13, 0, 15]), new Map([[1, 1], [2, 4]]));
  const { traced: [found] } = trace(
    [job(HOST, 6, { samples: [1, 2, 3] })],
    (host, hopLimit, kind) =>
      kind === 3 && hopLimit === 3 ? { reason: SYN_ACK, from: host } : network(host, hopLimit, kind),
  );
  assertEquals(found!.lastHops.map((last) => last?.ttl), [1, 3, undefined]);
});

Deno.test("where filtered: a router that was silent for having sent too many errors is not taken for a filter", () => {
  let probed = 0;
  const network = dropping(networkOf(FIVE), new Map([[1, 4]]));
  const { traced: [found] } = trace(
    [job(HOST, 6, { samples: [1] })],
    (host, hopLimit, kind) =>
      kind === 1 && hopLimit >= 2 && probed++ < 4 ? { reason: NO_RESPONSE, from: host } : network(host, hopLimit, kind),
  );
  assertEquals(found!.lastHops.map((last) => last?.ttl), [4]);
});

Deno.test("where filtered: probes that one router answers leave at its rate of errors", () => {
  const samples = Array.from({ length: 10 }, (_, at) => at + 1);
  const rules = new Map(samples.map((kind) => [kind, 5]));
  const { probes } = trace([job(HOST, 6, { samples })], dropping(networkOf(FIVE), rules));
  const last = probes.filter(({ hopLimit }) => hopLimit === 5).map(({ atMs }) => atMs);
  // Linux answers six at once and then one a second.
  last.forEach((atMs, at) => assert(last.filter((each) => each > atMs - 1000 && each <= atMs).length <= 6, `${at}`));
});

Deno.test("where filtered: the path to a host that replies to nothing", () => {
  const rules = new Map([[0, 3], [1, 3]]);
  const { traced: [found] } = trace([job(HOST, 0, { samples: [0, 1] })], dropping(networkOf(FIVE), rules));
  assertEquals(hopsOf(found!), [11, 12, 13]);
  assertEquals(found!.lastHops.map((last) => [last?.ttl, last?.from]), [[3, 13], [3, 13]]);
});

Deno.test("where filtered: nothing is said of probes that could not be sent", () => {
  const network = networkOf(FIVE);
  const { traced: [found] } = trace(
    [job(HOST, 6, { samples: [1] })],
    (host, hopLimit, kind) =>
      kind === 1 ? { reason: reasonCode("send-failed"), from: host } : network(host, hopLimit, kind),
  );
  assertEquals(found!.lastHops, [undefined]);
});

for (
  const [ttl, distance] of [[64, 1], [63, 2], [60, 5], [128, 1], [113, 16], [255, 1], [240, 16], [32, 1], [
    30,
    3,
  ]] as const
) {
  Deno.test(`trace: a reply with TTL ${ttl} comes from a host at distance ${distance}`, () => {
    assertEquals(guessedDistance(ttl), distance);
  });
}

const range = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, at) => first + at);

for (
  const [ports, most, expected] of [
    [[], 10, []],
    [[80], 10, [80]],
    [[80, 443], 1, [80]],
    [range(1, 8), 10, range(1, 8)],
    [[...range(81, 85), ...range(5000, 5999)], 10, [81, 82, 83, 84, 85, 5000, 5249, 5499, 5749, 5999]],
    [range(0, 500).map((at) => 2 * at), 5, [0, 250, 500, 750, 1000]],
  ] as const
) {
  Deno.test(`where filtered: ${most} of ${ports.length} ports from ${ports[0]} on are probed`, () => {
    assertEquals(samplePositions(ports, most).map((at) => ports[at]), [...expected]);
  });
}

Deno.test("where filtered: errors are asked of a router at its rate", () => {
  const pacer = new Pacer();
  assertEquals(Array.from({ length: 6 }, () => pacer.at(1, 1000)), [1000, 1000, 1000, 1000, 2050, 3100]);
  assertEquals(pacer.at(2, 1000), 1000);
  assertEquals(pacer.at(1, 60_000), 60_000);
});

/** Gives rows: host, port, state, reason, TTL. */
function targetsOf(rows: readonly (readonly [number, number, number, number, number, number?])[]): TraceTargets {
  const targets = new TraceTargets(true);
  const batcher = new ResultBatcher((batch) => targets.add(batch, 0));
  for (const [host, port, state, reason, ttl, from = host] of rows) {
    batcher.result(host, port, state, reason, ttl, 1, 1, from, -1, 0);
  }
  batcher.flush();
  return targets;
}

Deno.test("trace: the probe of a closed port serves before that of an open one, and the reply of another sender not at all", () => {
  const targets = targetsOf([
    [HOST, 80, OPEN, SYN_ACK, 60],
    [HOST, 81, 1, RESET, 61],
    [HOST, 82, OPEN, SYN_ACK, 62],
    [HOST + 1, 80, OPEN, SYN_ACK, 60],
    [HOST + 2, 80, FILTERED, HOST_UNREACH, 60, 7],
    [HOST + 3, 80, UNDECIDED, reasonCode("deadline"), 0],
  ]);
  assertEquals(targets.hosts().map(({ host, answer }) => [host, answer?.port]), [[HOST, 81], [HOST + 1, 80]]);
});

Deno.test("where filtered: a port that replies late is none, and a snapshot keeps the others", () => {
  const targets = targetsOf([
    [HOST, 80, FILTERED, NO_RESPONSE, 0],
    [HOST, 81, FILTERED, NO_RESPONSE, 0],
    [HOST, 83, FILTERED, NO_RESPONSE, 0],
    [HOST, 80, OPEN, SYN_ACK, 60],
    [HOST + 1, 80, FILTERED, NO_RESPONSE, 0],
  ]);
  const resumed = new TraceTargets(true);
  resumed.resume(targets.kept(), () => true);
  for (const each of [targets, resumed]) {
    assertEquals(each.hosts().map(({ host, answer, filtered }) => [host, answer?.port, filtered?.ports]), [
      [HOST, 80, [81, 83]],
      [HOST + 1, undefined, [80]],
    ]);
  }
  const excluded = new TraceTargets(true);
  excluded.resume(targets.kept(), (host, _pass, port) => host === HOST && port !== 83);
  assertEquals(excluded.hosts().map(({ host, filtered }) => [host, filtered?.ports]), [[HOST, [81]]]);
});

Deno.test("where filtered: of many hosts some are traced, with a port each, and the others are counted", () => {
  const ports = range(1, 20);
  const targets = targetsOf(
    range(0, 99).flatMap((at) => ports.map((port) => [HOST + at, port, FILTERED, NO_RESPONSE, 0] as const)),
  );
  const hosts = targets.hosts();
  assertEquals([hosts.length, targets.leftOut], [64, 36]);
  assert(hosts.every(({ filtered }) => filtered?.samples.length === 2));
});

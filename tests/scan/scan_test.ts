/**
 * The library's face: scans of this machine's own loopback through the real kernel, with listeners of the test's own.
 *
 * @module
 */

import { assert, assertEquals, assertRejects } from "@std/assert";
import { getAvailablePort } from "@std/net/get-available-port";
import { canOpenRaw } from "../../ffi/credentials.ts";
import {
  planScan,
  type PortResult,
  scan,
  type ScanOptions,
  type ScanSnapshot,
  UsageError,
} from "../support/library.ts";
import { ResultBatcher, type ResultColumns } from "../../src/result/batch.ts";
import { outcomeCode } from "../../src/result/outcome.ts";
import { reasonCode } from "../../src/result/reasons.ts";
import { CLOSED, FILTERED } from "../../src/result/states.ts";
import { portTiers } from "../../src/target/port_tiers.ts";

const ROOT = canOpenRaw();
const TECHNIQUES = ROOT ? (["syn", "connect"] as const) : (["connect"] as const);
if (!ROOT) console.log("scan_test: SYN scans are skipped, for raw sockets take root (or CAP_NET_RAW)");

/** Listens on a port of loopback. */
function listen(): Disposable & { readonly port: number } {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return { port: listener.addr.port, [Symbol.dispose]: () => listener.close() };
}

async function results(options: ScanOptions): Promise<PortResult[]> {
  return await Array.fromAsync(scan(options));
}

for (const technique of TECHNIQUES) {
  Deno.test(`scan by ${technique} finds what listens on loopback, and nothing else`, async () => {
    using listener = listen();
    const closed = getAvailablePort();
    const found = await results({ targets: "127.0.0.1", ports: [listener.port, closed], technique });
    assertEquals(
      found.map(({ port, state, reason, ip, tries, late }) => ({ port, state, reason, ip, tries, late }))
        .toSorted((a, b) => b.state.localeCompare(a.state)),
      ([["open", listener.port, "syn-ack", "conn-accept"], ["closed", closed, "reset", "conn-refused"]] as const).map(
        ([state, port, reply, result]) => {
          const reason = technique === "syn" ? reply : result;
          return { port, state, reason, ip: "127.0.0.1", tries: 1, late: false };
        },
      ),
    );
  });

  Deno.test(`scan by ${technique} says of itself what it did`, async () => {
    using listener = listen();
    const running = scan({ targets: "127.0.0.1-3", ports: [listener.port], technique });
    const plan = await running.plan;
    assertEquals([plan.hosts, plan.probes, plan.technique], [3, 3, technique]);
    const states = (await Array.fromAsync(running)).map(({ ip, state }) => `${ip} ${state}`).sort();
    assertEquals(states, ["127.0.0.1 open", "127.0.0.2 closed", "127.0.0.3 closed"]);
    const { open, closed, undecided, hostsUp, ended, trusted } = await running.summary;
    assertEquals({ open, closed, undecided, hostsUp }, { open: 1, closed: 2, undecided: 0, hostsUp: 3 });
    assertEquals([ended, trusted], ["done", true]);
    assertEquals(running.progress().decided, 3);
  });
}

Deno.test({
  name: "an excluded port is not probed, not even to find out what answers for a host",
  ignore: !ROOT,
  fn: async () => {
    using listeners = new DisposableStack();
    for (let port = 9100; port < 9120; port++) {
      const listener = Deno.listen({ hostname: "127.8.9.10", port });
      listeners.defer(() => listener.close());
    }
    const options: ScanOptions = { targets: "127.8.9.10", ports: "9100-9119" };
    const probed = async (excludePorts: string) => {
      const ports = new Set<number>();
      const onPacket = (line: string) => {
        const [, port] = /^SENT TCP \S+ > 127\.8\.9\.10:(\d+) S/.exec(line) ?? [];
        if (port !== undefined) ports.add(Number(port));
      };
      await results({ ...options, excludePorts, onPacket });
      return ports;
    };
    assertEquals((await probed("9119")).size, 19 + 3, "canaries");
    assertEquals([...await probed("9119,10000-65535")].sort(), Array.from({ length: 19 }, (_, i) => 9100 + i));
  },
});

Deno.test("the summary's rate is the one at which probes left", async () => {
  const beganMs = performance.now();
  const running = scan({ targets: "127.0.0.1", ports: "1-300", maxRatePps: 1000 });
  await Array.fromAsync(running);
  const { ratePps, sent } = await running.summary;
  const least = 300 / (performance.now() - beganMs) * 1000;
  assertEquals(sent, 300);
  assert(ratePps > least && ratePps < 1200, `said ${ratePps} probes a second`);
});

Deno.test("an abort ends a scan: the results are complete, the rest undecided", async () => {
  const controller = new AbortController();
  // A port a second, so that nothing but the abort can end it soon.
  const running = scan({ targets: "127.0.0.1", ports: "1-50", technique: "connect", maxRatePps: 1 }, {
    signal: controller.signal,
  });
  const states: string[] = [];
  for await (const { state } of running) {
    states.push(state);
    controller.abort();
  }
  const summary = await running.summary;
  assertEquals(summary.ended, "interrupted");
  assertEquals(states.length, 50);
  assertEquals(states.filter((state) => state === "undecided").length, summary.undecided);
  assert(summary.undecided >= 40);
  assertEquals(summary.trusted, false);
});

Deno.test("who leaves the results ends the scan", async () => {
  for (const leave of ["break", "return", "throw"] as const) {
    const running = scan({ targets: "127.0.0.1", ports: "1-50", technique: "connect", maxRatePps: 20 });
    const take = async () => {
      for await (const _ of running) {
        if (leave === "break") break;
        if (leave === "return") return;
        throw new Error("the reader's own");
      }
    };
    await take().catch(() => {});
    const summary = await running.summary;
    assertEquals(summary.ended, "interrupted", leave);
    assert(summary.sent < 20, `${summary.sent} probes were sent`);
  }
});

Deno.test({
  name: "who asks only for the summary gets it, and no results after it",
  ignore: !ROOT, // connect(2) would take too long for so many.
  fn: async () => {
    const running = scan({ targets: "127.0.0.1-3", ports: "1-65535", workers: 1 });
    const summary = await running.summary;
    assertEquals([summary.ended, summary.undecided], ["done", 0]);
    await assertRejects(() => Array.fromAsync(running), TypeError, "only the summary");
  },
});

Deno.test("a deadline ends a scan on time", async () => {
  const running = scan({ targets: "127.0.0.1", ports: "1-50", technique: "connect", maxRatePps: 1, deadlineMs: 100 });
  const found = await Array.fromAsync(running);
  const summary = await running.summary;
  assertEquals(summary.ended, "deadline");
  assertEquals(found.length, 50);
  assert(found.some(({ reason }) => reason === "not-asked"));
  assert(summary.elapsedMs < 20_000, `took ${summary.elapsedMs} ms of the 49 s of the whole scan`);
});

Deno.test("a deadline ends a scan on time, however much of it was never asked", async () => {
  const before = performance.now();
  const running = scan({
    targets: "127.0.1.0/24",
    ports: "0-65535",
    technique: "connect",
    maxRatePps: 10,
    deadlineMs: 200,
  });
  const found = await Array.fromAsync(running);
  const summary = await running.summary;
  assertEquals([summary.ended, summary.undecided], ["deadline", summary.probes - summary.open - summary.closed]);
  assert(found.length < 100, "more than can be told one by one are only counted");
  assert(performance.now() - before < 20_000);
});

const ASKED: readonly (readonly [ports: string, options: ScanOptions])[] = [
  ["7,9,22", { targets: "127.0.0.1", ports: "7-9,22", excludePorts: "8" }],
  ["80,443", { targets: ["127.0.0.1:443", "127.0.0.2"], ports: "80" }],
  ["80", { targets: "127.0.0.1", ports: "http" }],
  ["80,443", { targets: "127.0.0.1", topPorts: 2 }],
];

for (const [text, options] of ASKED) {
  Deno.test(`the plan has every port that some host is asked for: ${text}, of ${JSON.stringify(options)}`, async () => {
    const running = scan({ ...options, technique: "connect" });
    assertEquals((await running.plan).ports, { count: text.split(",").length, text });
    await running.summary;
  });
}

Deno.test("an error reaches whoever waits for results, plan or summary", async () => {
  const running = scan({ targets: "no-such-host.invalid" });
  await assertRejects(() => Array.fromAsync(running), UsageError, "no-such-host.invalid");
  await assertRejects(() => running.plan, UsageError);
  await assertRejects(() => running.summary, UsageError);
});

const BAD: readonly [name: string, options: ScanOptions, kind: new (message: string) => Error][] = [
  ["an address that is none", { targets: "300.1.2.3" }, UsageError],
  ["no target", { targets: [] }, UsageError],
  ["a port out of range", { targets: "127.0.0.1", ports: [65536] }, UsageError],
  ["ports in two ways", { targets: "127.0.0.1", ports: "1", topPorts: 10 }, UsageError],
  ["everything excluded", { targets: "127.0.0.1", exclude: ["127.0.0.0/8"] }, UsageError],
  ["a time to live of 0", { targets: "127.0.0.1", ttl: 0 }, UsageError],
  ["source port 0", { targets: "127.0.0.1", sourcePort: 0 }, UsageError],
  ["a shard beyond the last", { targets: "127.0.0.1", shard: { index: 3, count: 2 } }, UsageError],
  ["no workers", { targets: "127.0.0.1", workers: 0 }, UsageError],
  ["rates that contradict", { targets: "127.0.0.1", minRatePps: 10, maxRatePps: 5 }, UsageError],
  ["an interface that is none", { targets: "127.0.0.1", interface: "nosuch0" }, UsageError],
  ["a source that is no address", { targets: "127.0.0.1", sourceIp: "localhost" }, UsageError],
];

for (const [name, options, kind] of BAD) {
  Deno.test(`scan refuses ${name}`, async () => {
    const error = await assertRejects(() => Array.fromAsync(scan(options)), kind);
    assertEquals(error.message.split("\n").length, 1, error.message);
  });
}

Deno.test("results can be taken once", async () => {
  const running = scan({ targets: "127.0.0.1", ports: [1], technique: "connect" });
  await Array.fromAsync(running);
  await assertRejects(() => Array.fromAsync(running), TypeError, "twice");
});

Deno.test("planScan tells what would be probed, and opens nothing", async () => {
  const plan = await planScan({ targets: ["10.0.0.0/30", "10.0.0.9:22"], ports: "80,443", exclude: ["10.0.0.2"] });
  assertEquals({ hosts: plan.hosts, probes: plan.probes }, { hosts: 4, probes: 7 });
  assertEquals([...plan.entries()], [
    { ip: "10.0.0.0-10.0.0.1", ports: "80,443" },
    { ip: "10.0.0.3", ports: "80,443" },
    { ip: "10.0.0.9", ports: "22" },
  ]);
});

Deno.test("planScan: a scan of one protocol takes ports that name it, as lists of open UDP ports do", async () => {
  const [targets, udp] = [["10.0.0.1:U:53", "[2001:db8::1]:U:53"], { ports: "9", technique: "udp" }] as const;
  const listedOf = async (options: ScanOptions) => [...(await planScan(options)).entries()];
  const plain = targets.map((target) => target.replace("U:", ""));
  const list = { name: "list", text: targets.join("\n") };
  const lines = await listedOf({ targets: plain, ...udp });
  assertEquals(lines.length, 2);
  assertEquals(await listedOf({ targets, ...udp }), lines);
  assertEquals(await listedOf({ targets: [], targetLists: [list], ...udp }), lines);
});

/** What a plan lists, port by port. */
async function listed(options: ScanOptions): Promise<string[]> {
  const plan = await planScan(options);
  const found: string[] = [];
  for (const { ip, ports } of plan.entries()) {
    const [first = "", last = first] = ip.split("-");
    const net = first.slice(0, first.lastIndexOf(".") + 1);
    for (let host = Number(first.slice(net.length)); host <= Number(last.slice(net.length)); host++) {
      for (const range of ports.split(",")) {
        const [from = "", to = from] = range.split("-");
        for (let port = Number(from); port <= Number(to); port++) found.push(`${net}${host}:${port}`);
      }
    }
  }
  const hosts = new Set(found.map((entry) => entry.split(":")[0]));
  assertEquals([plan.probes, plan.hosts], [found.length, hosts.size]);
  return found;
}

Deno.test("planScan lists the ports of a shard, as many as it says, and all shards make the whole", async () => {
  for (const ports of ["1-9", "80"]) {
    const options: ScanOptions = { targets: ["10.0.0.0/28", "10.0.0.3:7"], ports, seed: 5 };
    const shards: string[] = [];
    for (const index of [1, 2, 3]) shards.push(...await listed({ ...options, shard: { index, count: 3 } }));
    assertEquals(shards.sort(), (await listed(options)).sort());
  }
});

Deno.test("planScan: a scan that finds hosts probes no port, and shards of UDP have whole hosts", async () => {
  const targets = ["10.0.0.0/30", "10.0.0.9:22"];
  const found = await planScan({ targets, hostsOnly: true });
  assertEquals([found.hosts, found.probes, found.portsOfEach, found.technique], [5, 0, 0, "ping"]);
  assertEquals([...found.entries()], [{ ip: "10.0.0.0-10.0.0.3", ports: "" }, { ip: "10.0.0.9", ports: "" }]);
  const shared: ScanOptions = { targets: "127.0.0.1-4", ports: "T:22,U:53", technique: ["syn", "udp"], seed: 5 };
  const plans = await Promise.all([1, 2].map((index) => planScan({ ...shared, shard: { index, count: 2 } })));
  assertEquals(plans.map(({ hosts, probes }) => [hosts, probes]), [[2, 4], [2, 4]]);
  assertEquals(plans.map((plan) => [...plan.entries()].map(({ ip, ports }) => `${ip} ${ports}`)), [
    ["127.0.0.1 T:22", "127.0.0.3 T:22", "127.0.0.1 U:53", "127.0.0.3 U:53"],
    ["127.0.0.2 T:22", "127.0.0.4 T:22", "127.0.0.2 U:53", "127.0.0.4 U:53"],
  ]);
});

Deno.test("planScan: what a shard would probe is what it probes", async () => {
  const shard = { index: 2, count: 3 };
  const options: ScanOptions = { targets: "127.0.0.1-2", ports: "1-9", seed: 5, technique: "connect", shard };
  const probed = (await results(options)).map(({ ip, port }) => `${ip}:${port}`);
  assertEquals(probed.sort(), (await listed(options)).sort());
});

Deno.test("more workers than there can be are told of, where they were asked for", async () => {
  const one = { targets: "127.0.0.1", ports: "1-9" };
  const rows: [options: ScanOptions, why: string][] = [
    [{ ...one, workers: 4, technique: "connect" }, "connect(2)"],
    ...ROOT
      ? [
        [{ ...one, workers: 4, onPacket: () => {} }, "packets are traced"],
        [{ ...one, workers: 4, sourcePort: 40_404 }, "one source port"],
        [{ ...one, workers: 4, timing: 2, ports: "1", maxRatePps: 100 }, "one port at a time"],
      ] as [ScanOptions, string][]
      : [],
  ];
  for (const [options, why] of rows) {
    for (const workers of [4, 1, undefined]) {
      const { workers: _, ...others } = options;
      const running = scan(workers === undefined ? others : { ...others, workers });
      const plan = await running.plan;
      await running.summary;
      assertEquals(plan.workers, 1);
      const told = plan.warnings.filter((warning) => warning.startsWith("One worker instead of 4"));
      assertEquals(told.length, workers === 4 ? 1 : 0, `${why}, ${workers} workers`);
      if (workers === 4) assert(told[0]?.includes(why), told[0]);
    }
  }
});

Deno.test("the plan says how hard the scan presses", async () => {
  const running = scan({ targets: "127.0.0.1", ports: "1-9", technique: "connect", maxRatePps: 5000, timing: 4 });
  const { notes: why } = await running.plan;
  const line = "This machine and its own links, at -T4: 5,000 probes/s at most; replies are waited for 500 ms at first";
  assert(why.includes(line), why.join("\n"));
  await running.summary;
});

Deno.test("shards of one seed are disjoint and cover the whole", async () => {
  const seen: number[] = [];
  for (const index of [1, 2, 3]) {
    const part = await results({
      targets: "127.0.0.1",
      ports: "1-100",
      technique: "connect",
      seed: 42,
      shard: { index, count: 3 },
    });
    seen.push(...part.map(({ port }) => port));
  }
  assertEquals(seen.sort((a, b) => a - b), Array.from({ length: 100 }, (_, i) => i + 1));
});

for (const workers of ROOT ? [1, 2] : [1]) {
  Deno.test(`what is left of a scan with ${workers} worker(s) makes the whole with what was found`, async () => {
    const options: ScanOptions = {
      targets: "127.0.0.1-4",
      ports: "1-500",
      technique: ROOT ? "syn" : "connect",
      workers,
      maxRatePps: 4000,
    };
    const seen: string[] = [];
    let rest: ScanSnapshot | undefined;
    let elapsedMs = 0;
    // Left three times, at different moments; the last run goes to the end.
    for (const leaveAfter of [100, 700, 900, Infinity]) {
      const controller = new AbortController();
      const running = scan(options, { signal: controller.signal, ...(rest === undefined ? {} : { resume: rest }) });
      let taken = 0;
      for await (const batch of running.batches()) {
        if (controller.signal.aborted) continue;
        for (const { ip, port } of batch) seen.push(`${ip}:${port}`);
        taken += batch.length;
        if (taken < leaveAfter) continue;
        rest = JSON.parse(JSON.stringify(await running.snapshot())) as ScanSnapshot;
        assertEquals(rest.taken, taken);
        assertEquals(sum(rest.done.byState), seen.length);
        assert(rest.done.elapsedMs > elapsedMs);
        ({ elapsedMs } = rest.done);
        controller.abort();
      }
      if (leaveAfter < Infinity) continue;
      // What the last run says of itself is of the whole.
      const summary = await running.summary;
      const { undecided, probes, open, closed, filtered, hostsUp, answered } = summary;
      assertEquals({ undecided, probes, hostsUp, answered }, {
        undecided: 0,
        probes: 2000,
        hostsUp: 4,
        answered: 2000,
      });
      assertEquals(open + closed + filtered, 2000);
      assert(summary.elapsedMs > elapsedMs);
      assertEquals([running.progress().decided, running.progress().probes], [2000, 2000]);
    }
    assertEquals(seen.length, 2000);
    assertEquals(new Set(seen).size, 2000);
  });
}

Deno.test("scan: common ports come first, also in a scan that is resumed among them and after them", async () => {
  const options: ScanOptions = { targets: "127.0.0.1-8", ports: "1-2000", workers: 1, maxRatePps: 4000, seed: 3 };
  const common = portTiers("tcp").map((tier) => [...tier].filter((port) => port <= 2000).length * 8);
  const ends = common.map((_, tier) => sum(common.slice(0, tier + 1)));
  const seen: number[] = [];
  let rest: ScanSnapshot | undefined;
  const positions: number[] = [];
  for (const leaveAt of [1, 60, 150, 300, 3000, Infinity]) {
    const controller = new AbortController();
    const running = scan(options, { signal: controller.signal, ...(rest === undefined ? {} : { resume: rest }) });
    for await (const batch of running.batches()) {
      if (controller.signal.aborted) continue;
      for (const { port } of batch) seen.push(port);
      if (seen.length < leaveAt) continue;
      rest = JSON.parse(JSON.stringify(await running.snapshot())) as ScanSnapshot;
      positions.push(rest.parts[0]![0]!.position);
      controller.abort();
    }
  }
  assertEquals(seen.length, 16_000);
  for (let port = 1; port <= 2000; port++) assertEquals(seen.filter((each) => each === port).length, 8, `${port}`);
  // Probes in flight are probed again first, so that a few others may precede them.
  const slack = 100;
  portTiers("tcp").forEach((tier, at) => {
    const last = seen.findLastIndex((port) => tier.has(port));
    assert(
      last < ends[at]! + slack,
      `the last port of tier ${at + 1} of ${ends} is ${last + 1}.; left at ${positions}`,
    );
  });
  assert(positions.some((at) => at < ends[2]!) && positions.some((at) => at >= ends[2]!), `${positions} of ${ends}`);
});

for (const workers of ROOT ? [1, 2] : [1]) {
  Deno.test(`what is left of a scan with ${workers} worker(s) can be asked for twice at once`, async () => {
    const controller = new AbortController();
    const options: ScanOptions = { targets: "127.0.0.1", ports: "1-2000", workers, maxRatePps: 1000 };
    const running = scan(options, { signal: controller.signal });
    for await (const batch of running.batches()) {
      if (controller.signal.aborted) continue;
      const rests = await Promise.all([running.snapshot(), running.snapshot(), running.snapshot()]);
      // Everything is either taken, or left.
      for (const { taken, done } of rests) assertEquals([taken, sum(done.byState)], [batch.length, batch.length]);
      controller.abort();
    }
  });
}

/** What is left of a scan after its first results. */
async function restOf(options: ScanOptions): Promise<ScanSnapshot> {
  const controller = new AbortController();
  const running = scan(options, { signal: controller.signal });
  let rest: ScanSnapshot | undefined;
  for await (const _ of running.batches()) {
    rest ??= await running.snapshot();
    controller.abort();
  }
  return rest!;
}

Deno.test("a scan of other targets cannot go on with what was left", async () => {
  const rest = await restOf({ targets: "127.0.0.1", ports: "1-5", technique: "connect" });
  for (const [ports, says] of [["1", "5 ports"], ["1-4,6", "no longer those of the scan"]] as const) {
    const running = scan({ targets: "127.0.0.1", ports, technique: "connect" }, { resume: rest });
    await assertRejects(() => Array.fromAsync(running), UsageError, says);
  }
});

Deno.test("a shard cannot go on with what was left of another", async () => {
  const options: ScanOptions = { targets: "127.0.0.1", ports: "1-9", technique: "connect", seed: 3, maxRatePps: 20 };
  const rest = await restOf({ ...options, shard: { index: 1, count: 2 } });
  for (const shard of [{ index: 2, count: 2 }, undefined]) {
    const running = scan({ ...options, ...(shard === undefined ? {} : { shard }) }, { resume: rest });
    await assertRejects(() => Array.fromAsync(running), UsageError, "was shard 1/2");
  }
});

Deno.test("scan: results that were not read are the first of a resumed scan, and count in its summary", async () => {
  const options: ScanOptions = { targets: "127.0.0.1", ports: "1-5", technique: "connect" };
  const left = await restOf({ ...options, maxRatePps: 20 });
  const rows: ResultColumns[] = [];
  const batcher = new ResultBatcher((batch) => rows.push(batch));
  const noResponse = outcomeCode(FILTERED, reasonCode("no-response"));
  // Port 3 was filtered and read; its late reply, and that of port 4, were not.
  for (const [port, replaced] of [[3, noResponse], [4, -1]] as const) {
    batcher.result(0x7f000001, port, CLOSED, reasonCode("conn-refused"), 0, 1.5, 1, 0x7f000001, replaced, 0);
    batcher.flush();
  }
  const before: ScanSnapshot = {
    ...left,
    taken: 3,
    parts: [[{ position: 5, pending: [0x7f000001, 5] }]],
    undelivered: rows.map((each) => ({ pass: 0, rows: [...each] })),
    done: { ...left.done, byState: [0, 2, 1, 0, 0, 0, 0] },
  };
  const running = scan(options, { resume: JSON.parse(JSON.stringify(before)) });
  const found = await Array.fromAsync(running);
  assertEquals(found.map(({ port, state, replaces, rttMs }) => [port, state, replaces, port < 5 ? rttMs : 0]), [
    [3, "closed", "no-response", 1.5],
    [4, "closed", undefined, 1.5],
    [5, "closed", undefined, 0],
  ]);
  const { closed, filtered, undecided } = await running.summary;
  assertEquals({ closed, filtered, undecided }, { closed: 5, filtered: 0, undecided: 0 });
});

Deno.test("a scan that goes on keeps the addresses that its names had", async () => {
  const options: ScanOptions = { targets: "localhost", family: 4, ports: "1-5", technique: "connect", maxRatePps: 1 };
  const rest = await restOf(options);
  assertEquals(rest.names, [["localhost", [0x7f000001]]]);
  // As if the name meant another address now.
  const elsewhere: ScanSnapshot = { ...rest, names: [["localhost", [0x7f000002]]] };
  await assertRejects(() => Array.fromAsync(scan(options, { resume: elsewhere })), UsageError, "no longer those");
});

Deno.test("scan: an exclusion list that is empty is refused; one of comments alone excludes nothing", async () => {
  const options = (text: string): ScanOptions => ({
    targets: "127.0.0.1",
    ports: "1",
    technique: "connect",
    excludeLists: [{ name: "lost", text }],
  });
  for (const text of ["", " \n\t"]) {
    await assertRejects(() => planScan(options(text)), UsageError, 'Cannot read exclusions in "lost": it is empty');
  }
  assertEquals((await planScan(options("# none\n"))).hosts, 1);
});

function sum(counts: readonly number[]): number {
  return counts.reduce((all, count) => all + count, 0);
}

Deno.test("importing the library needs no permission", async () => {
  const { success } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", "--no-prompt", `await import(${JSON.stringify(new URL("../../mod.ts", import.meta.url).href)})`],
    cwd: new URL("..", import.meta.url),
  }).output();
  assert(success);
});

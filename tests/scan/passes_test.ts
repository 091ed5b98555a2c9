/** Scans of several techniques: passes over the same space, of this machine's own loopback. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { canOpenRaw } from "../../ffi/credentials.ts";
import {
  planScan,
  type PortResult,
  scan,
  type ScanOptions,
  type ScanSnapshot,
  UsageError,
} from "../support/library.ts";

const ROOT = canOpenRaw();
if (!ROOT) console.log("passes_test: scans are skipped, for raw sockets take root (or CAP_NET_RAW)");

function test(name: string, fn: () => Promise<void>): void {
  Deno.test({ name, ignore: !ROOT, fn });
}

function listen(): Disposable & { readonly port: number } {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return { port: listener.addr.port, [Symbol.dispose]: () => listener.close() };
}

const keyOf = ({ technique, port }: PortResult) => `${technique} ${port}`;

test("passes: two techniques give a state each, the one that shows open ports first", async () => {
  using listener = listen();
  const closed = listener.port === 1 ? 2 : 1;
  const running = scan({
    targets: "127.0.0.1",
    ports: [listener.port, closed],
    technique: ["ack", "fin", "syn", "ack"],
  });
  const { technique, probes } = await running.plan;
  assertEquals([technique, probes], ["syn+fin+ack", 6]);
  const found = await Array.fromAsync(running);
  assertEquals(
    found.map((result) => `${result.proto} ${keyOf(result)} ${result.state} ${result.reason}`).sort(),
    [
      `tcp ack ${closed} unfiltered reset`,
      `tcp ack ${listener.port} unfiltered reset`,
      `tcp fin ${closed} closed reset`,
      `tcp fin ${listener.port} open|filtered no-response`,
      `tcp syn ${closed} closed reset`,
      `tcp syn ${listener.port} open syn-ack`,
    ].sort(),
  );
  assertEquals(found.slice(0, 2).map((result) => result.technique), ["syn", "syn"]);
  const { open, openFiltered, closed: count, unfiltered, undecided, hostsUp, hosts, trusted } = await running.summary;
  assertEquals({ open, openFiltered, count, unfiltered, undecided, hostsUp, hosts, trusted }, {
    ...{ open: 1, openFiltered: 1, count: 2, unfiltered: 2, undecided: 0, hostsUp: 1, hosts: 1, trusted: true },
  });
  assertEquals(running.progress().decided, 6);
});

test("passes: a host that one port is probed of counts once, whatever the number of techniques", async () => {
  const { hostsUp, hosts } = await scan({ targets: "127.0.0.1-4", ports: "1", technique: ["syn", "ack", "null"] })
    .summary;
  assertEquals([hosts, hostsUp], [4, 4]);
});

test("passes: each technique sends from source ports of its own", async () => {
  const ports = new Map<string, Set<number>>();
  const onPacket = (line: string) => {
    const { port, flags } = /^SENT TCP 127\.0\.0\.1:(?<port>\d+) > \S+ (?<flags>[A-Z]+)/.exec(line)?.groups ?? {};
    if (flags === "S" || flags === "A") ports.set(flags, (ports.get(flags) ?? new Set()).add(Number(port)));
  };
  await scan({ targets: "127.0.0.1", ports: "1-9", technique: ["syn", "ack"], onPacket }).summary;
  assertEquals([...ports.keys()].sort(), ["A", "S"]);
  assert(ports.get("A")!.isDisjointFrom(ports.get("S")!));
});

test("passes: two workers decide each port once for each technique", async () => {
  const running = scan({ targets: "127.0.0.1", ports: "1-2000", technique: ["syn", "ack"], workers: 2 });
  const found = await Array.fromAsync(running);
  assertEquals([found.length, new Set(found.map(keyOf)).size], [4000, 4000]);
  const { workers, undecided, trusted } = await running.summary;
  assertEquals([workers, undecided, trusted], [2, 0, true]);
});

const SLOW: ScanOptions = {
  targets: "127.0.0.1",
  ports: "1-300",
  technique: ["syn", "ack"],
  maxRatePps: 1500,
  seed: 5,
};

for (const workers of [1, 2]) {
  test(`passes: what was left of a scan is done in each pass, with every port once (${workers} at work)`, async () => {
    for (const most of [40, 280, 330, 580]) {
      const first: PortResult[] = [];
      let rest: ScanSnapshot | undefined;
      const running = scan({ ...SLOW, workers });
      for await (const batch of running.batches()) {
        first.push(...Array.from(batch, (cursor) => ({ ...cursor, technique: cursor.technique, port: cursor.port })));
        if (first.length < most) continue;
        rest = await running.snapshot();
        break;
      }
      assertEquals(rest?.parts.map((passes) => passes.length), Array(workers).fill(2));
      // As a checkpoint keeps it.
      const resumed = scan(SLOW, { resume: JSON.parse(JSON.stringify(rest)) });
      const second = await Array.fromAsync(resumed);
      const all = [...first, ...second].map(keyOf);
      assertEquals([all.length, new Set(all).size], [600, 600], `${most}`);
      const { open, closed, unfiltered, undecided, sent, hostsUp } = await resumed.summary;
      // A program of this machine may listen on one of the ports.
      assertEquals({ decided: open + closed, unfiltered, undecided, hostsUp }, {
        decided: 300,
        unfiltered: 300,
        undecided: 0,
        hostsUp: 1,
      });
      assert(sent >= 600, `${sent} sent`);
      assertEquals((await resumed.plan).technique, "syn+ack");
    }
  });
}

test("passes: a scan goes on with the techniques that it had", async () => {
  const running = scan(SLOW);
  let rest: ScanSnapshot | undefined;
  for await (const _ of running.batches()) {
    rest = await running.snapshot();
    break;
  }
  const other = scan({ ...SLOW, technique: ["syn", "fin"] }, { resume: rest! });
  await assertRejects(() => Array.fromAsync(other), UsageError, "syn+ack, and not syn+fin");
});

for (const deadlineMs of [100, 300]) {
  test(`passes: a deadline after ${deadlineMs} ms ends all of them, with every port reported or counted`, async () => {
    const running = scan({ ...SLOW, deadlineMs });
    const found = await Array.fromAsync(running);
    const summary = await running.summary;
    assertEquals([summary.ended, found.length, new Set(found.map(keyOf)).size], ["deadline", 600, 600]);
    assertEquals(found.filter(({ state }) => state === "undecided").length, summary.undecided);
    assert(summary.undecided > 100, `${summary.undecided}`);
    assertEquals(summary.trusted, false);
  });
}

Deno.test("passes: techniques that exclude each other are refused", async () => {
  const refused: readonly [ScanOptions["technique"], object, string][] = [
    [["connect", "fin"], {}, "by fin and connect at once"],
    [["syn", "fin"], { scanFlags: 3 }, "flags of your own"],
    ["connect", { scanFlags: 3 }, "by connect with TCP flags of its own"],
    ["udp", { scanFlags: 3 }, "by udp with TCP flags"],
    ["syn", { defeatIcmpRateLimit: true }, "without a UDP scan"],
    ["connect", { synOptions: "mss" }, "by connect with TCP options of its own"],
    ["connect", { transport: "sendto" }, "by connect with a transport of its own"],
    ["connect", { onPacket: () => {} }, "by connect with packets to be seen"],
    [["fin", "ack"], { synOptions: "mss" }, "TCP options of mss without a SYN"],
    ["syn", { synOptions: "mss", scanFlags: 1 }, "TCP options of mss without a SYN"],
    [[], {}, "or an array of these"],
    [["syn", "sin"], {}, 'technique ["syn","sin"]'],
  ];
  for (const [technique, more, says] of refused) {
    const options: ScanOptions = { targets: "127.0.0.1", ports: "1", technique: technique!, ...more };
    await assertRejects(() => scan(options).summary, UsageError, says);
    await assertRejects(() => planScan(options), UsageError, says);
  }
});

Deno.test("passes: a plan counts each port once for each technique", async () => {
  const options: ScanOptions = { targets: "192.0.2.0/30", ports: "1-10", technique: ["xmas", "syn"] };
  const { technique, probes, hosts, portsOfEach } = await planScan(options);
  assertEquals({ technique, probes, hosts, portsOfEach }, {
    technique: "syn+xmas",
    probes: 80,
    hosts: 4,
    portsOfEach: 10,
  });
});

/**
 * Batches of results, most of them of silent ports: from a real kernel, by one worker and by two.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { type PortResult, scan, toResult } from "../support/library.ts";
import { withFolder } from "../support/folder.ts";
import { FAMILIES, type Family, forFamilies, MIXED } from "../support/families.ts";
import { chain, delay, Lab, labTest, rule } from "../support/lab.ts";
import { SYNSCAN } from "../support/lab_synscan.ts";
import { assertTruth, type GroundTruth, groundTruth } from "../support/lab_verdicts.ts";
import { enterNetns } from "../support/netns.ts";
import { until } from "../support/program.ts";

/** A host, and an address of it at which it drops everything. */
const [HOST, MUTE] = [2, 3];
const PORTS = "1-2000";

function truthOf(family: Family): GroundTruth {
  const [host, mute] = [family.hosts(1, HOST), family.hosts(1, MUTE)];
  return groundTruth([
    [host, PORTS, "closed", "reset"],
    [host, "22,80", "open", "syn-ack"],
    [host, "81-900,1500", "filtered", "no-response"],
    [mute, PORTS, "filtered", "no-response"],
  ]);
}

function oneHost(family = MIXED): Promise<Lab> {
  const drops = family.each(({ header, address }) => `${header} daddr ${address(1, MUTE)} tcp dport 1-65535 drop`);
  return Lab.create({
    spaces: {
      scanner: {},
      target: { listen: "22,80", chains: [chain("input", [...drops, rule.drop("81-900,1500")])] },
    },
    links: [{
      between: ["scanner", "target"],
      addresses: [family.onLink(1, 1), `${family.onLink(1, HOST)} ${family.onLink(1, MUTE)}`],
    }],
  });
}

labTest("lab: results: copies and batches are the same, by one worker or by two", [], async () => {
  await using lab = await oneHost();
  using _inside = enterNetns(lab.name("scanner"));
  // By two workers both families at once.
  for (const [family, workers] of [...FAMILIES.map((family) => [family, 1] as const), [MIXED, 2] as const]) {
    const targets = [...family.hosts(1, HOST), ...family.hosts(1, MUTE)];
    const options = { targets, ports: PORTS, timing: 5, workers } as const;
    const kept: PortResult[] = [];
    for await (const result of scan(options)) kept.push(result);
    const running = scan(options);
    const batched: PortResult[] = [];
    for await (const batch of running.batches()) {
      if (batch.proto === "tcp") { for (const result of batch) batched.push(toResult(result)); }
    }
    for (const results of [kept, batched]) {
      assertTruth(truthOf(family), results, `${family.name}, ${workers} worker(s)`);
      assert(results.some(({ rttMs }) => rttMs !== undefined), "no round trip was measured");
    }
    // A port has a round trip only where both of its times were measured, which differs from scan to scan.
    const withoutTimes = (results: readonly PortResult[]) =>
      results.map(({ rttMs: _, tries, ...others }) => ({ ...others, isProbed: tries > 0 }))
        .sort((one, other) => one.port - other.port || (one.ip < other.ip ? -1 : 1));
    assertEquals(withoutTimes(batched), withoutTimes(kept));
    const { open, closed, filtered, trusted } = await running.summary;
    const times = family.versions.length;
    assertEquals([open, closed, filtered, trusted], [2 * times, 1177 * times, 2821 * times, true]);
  }
});

/** Silent ports, and one that replies. */
const MOSTLY_SILENT = "81-900,2000";

labTest("lab: results: a resumed scan reports those that were not taken, each once", [], async () => {
  await using lab = await oneHost();
  using _inside = enterNetns(lab.name("scanner"));
  for (const [family, workers] of [...FAMILIES.map((family) => [family, 1] as const), [MIXED, 2] as const]) {
    const targets = family.hosts(1, HOST);
    const options = { targets, ports: MOSTLY_SILENT, maxRatePps: 2000 * targets.length, timing: 5 } as const;
    const taken: string[] = [];
    const leave = new AbortController();
    const first = scan({ ...options, workers }, { signal: leave.signal });
    const batches = first.batches()[Symbol.asyncIterator]();
    let hosts = 0;
    while (taken.length < 100 || hosts < targets.length) {
      const batch = (await batches.next()).value!;
      if (batch.proto === "host") hosts += batch.length;
      else for (const { ip, port } of batch) taken.push(`${ip} ${port}`);
    }
    // Further results wait.
    await delay(100);
    const snapshot = await first.snapshot();
    assertEquals([snapshot.taken, hosts], [taken.length + targets.length, targets.length]);
    assert(taken.length < 820, "the scan had ended");
    leave.abort();
    const second = scan({ ...options, workers }, { resume: snapshot });
    for await (const { ip, port } of second) taken.push(`${ip} ${port}`);
    const ports = [...Array.from({ length: 820 }, (_, i) => 81 + i), 2000];
    assertEquals(taken.sort(), targets.flatMap((ip) => ports.map((port) => `${ip} ${port}`)).sort());
    const { open, closed, filtered } = await second.summary;
    assertEquals([open, closed, filtered], [0, targets.length, 820 * targets.length]);
  }
});

labTest(
  "lab: results: after Ctrl-C and resume, each silent port is counted once",
  [],
  (t) =>
    forFamilies(t, async (family) => {
      await using lab = await oneHost(family);
      await withFolder((folder) => checkResumed(lab, family, folder));
    }),
);

async function checkResumed(lab: Lab, family: Family, folder: string): Promise<void> {
  const run = (argv: readonly string[], meanwhile?: (child: Deno.ChildProcess) => Promise<void>) =>
    lab.run("scanner", ["env", "-C", folder, ...SYNSCAN, ...argv], meanwhile === undefined ? {} : { meanwhile });
  const asked = ["-n", "-T5", "-p", MOSTLY_SILENT, ...family.hosts(1, HOST)];
  const whole = await run(asked);
  const before = lab.packets("target", "scanner").received;
  const cut = await run(["--max-rate", "1000", ...asked], async (child) => {
    await until(() => lab.packets("target", "scanner").received > before + 200);
    child.kill("SIGINT");
  });
  const [, checkpoint = ""] = /synscan resume (\S+)/.exec(cut.stderr) ?? [];
  assert(checkpoint !== "", cut.stderr);
  const resumed = await run(["resume", checkpoint]);
  assertEquals(resumed.code, 0, resumed.stderr);
  // The round trip of ARP differs from run to run.
  const hosts = (text: string) => text.split("\nsynscan done")[0]!.replaceAll(/\(\d+\.\d+ ms\)/g, "");
  assertEquals(hosts(resumed.stdout), hosts(whole.stdout));
  const counts = Array.from(resumed.stdout.matchAll(/Not shown: (\d+) filtered/g), ([, count]) => count);
  assertEquals(counts, family.versions.map(() => "820"));
}

/**
 * Batches of results, most of them of silent ports: from a real kernel, by one worker and by two.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { type PortResult, scan, toResult } from "../support/library.ts";
import { withFolder } from "../support/folder.ts";
import { chain, delay, type Lab, labTest, linkedLab, rule } from "../support/lab.ts";
import { SYNSCAN } from "../support/lab_synscan.ts";
import { assertTruth, groundTruth } from "../support/lab_verdicts.ts";
import { enterNetns } from "../support/netns.ts";
import { until } from "../support/program.ts";

const HOST = "10.64.1.2";
const ABSENT = "10.64.1.3";
const PORTS = "1-2000";
const TRUTH = groundTruth([
  [HOST, PORTS, "closed", "reset"],
  [HOST, "22,80", "open", "syn-ack"],
  [HOST, "81-900,1500", "filtered", "no-response"],
  [ABSENT, PORTS, "filtered", "no-response"],
]);

function oneHost(): Promise<Lab> {
  return linkedLab({
    scanner: {},
    target: {
      listen: "22,80",
      local: [`${ABSENT}/32`],
      chains: [chain("input", [`ip daddr ${ABSENT} drop`, rule.drop("81-900,1500")])],
    },
  });
}

labTest("lab: results: copies and batches are the same, by one worker or by two", [], async () => {
  await using lab = await oneHost();
  using _inside = enterNetns(lab.name("scanner"));
  for (const workers of [1, 2]) {
    const options = { targets: [HOST, ABSENT], ports: PORTS, timing: 5, workers } as const;
    const kept: PortResult[] = [];
    for await (const result of scan(options)) kept.push(result);
    const running = scan(options);
    const batched: PortResult[] = [];
    for await (const batch of running.batches()) {
      if (batch.proto === "tcp") { for (const result of batch) batched.push(toResult(result)); }
    }
    for (const results of [kept, batched]) {
      assertTruth(TRUTH, results, `${workers} worker(s)`);
      assert(results.some(({ rttMs }) => rttMs !== undefined), "no round trip was measured");
    }
    // A port has a round trip only where both of its times were measured, which differs from scan to scan.
    const withoutTimes = (results: readonly PortResult[]) =>
      results.map(({ rttMs: _, tries, ...others }) => ({ ...others, isProbed: tries > 0 }))
        .sort((one, other) => one.port - other.port || (one.ip < other.ip ? -1 : 1));
    assertEquals(withoutTimes(batched), withoutTimes(kept));
    const { open, closed, filtered, trusted } = await running.summary;
    assertEquals([open, closed, filtered, trusted], [2, 1177, 2821, true]);
  }
});

/** Counts the packets that the target has received. */
function packetsAt(lab: Lab): number {
  const [link] = JSON.parse(lab.set("target", ["ip", "-s", "-j", "link", "show", "scanner"]));
  return link.stats64.rx.packets;
}

/** Silent ports, and one that replies. */
const MOSTLY_SILENT = "81-900,2000";

labTest("lab: results: a resumed scan reports those that were not taken, each once", [], async () => {
  await using lab = await oneHost();
  using _inside = enterNetns(lab.name("scanner"));
  const options = { targets: HOST, ports: MOSTLY_SILENT, maxRatePps: 2000, timing: 5 } as const;
  for (const workers of [1, 2]) {
    const taken: number[] = [];
    const leave = new AbortController();
    const first = scan({ ...options, workers }, { signal: leave.signal });
    const batches = first.batches()[Symbol.asyncIterator]();
    let hosts = 0;
    while (taken.length < 100) {
      const batch = (await batches.next()).value!;
      if (batch.proto === "host") hosts += batch.length;
      else for (const { port } of batch) taken.push(port);
    }
    // Further results wait.
    await delay(100);
    const snapshot = await first.snapshot();
    assertEquals([snapshot.taken, hosts], [taken.length + 1, 1]);
    assert(taken.length < 820, "the scan had ended");
    leave.abort();
    const second = scan({ ...options, workers }, { resume: snapshot });
    for await (const { port } of second) taken.push(port);
    assertEquals(taken.sort((a, b) => a - b), [...Array.from({ length: 820 }, (_, i) => 81 + i), 2000]);
    const { open, closed, filtered } = await second.summary;
    assertEquals([open, closed, filtered], [0, 1, 820]);
  }
});

labTest("lab: results: after Ctrl-C and resume, each silent port is counted once", [], async () => {
  await using lab = await oneHost();
  await withFolder(async (folder) => {
    const run = (argv: readonly string[], meanwhile?: (child: Deno.ChildProcess) => Promise<void>) =>
      lab.run("scanner", ["env", "-C", folder, ...SYNSCAN, ...argv], meanwhile === undefined ? {} : { meanwhile });
    const asked = ["-n", "-T5", "-p", MOSTLY_SILENT, HOST];
    const whole = await run(asked);
    const before = packetsAt(lab);
    const cut = await run(["--max-rate", "1000", ...asked], async (child) => {
      await until(() => packetsAt(lab) > before + 200);
      child.kill("SIGINT");
    });
    const [, checkpoint = ""] = /synscan resume (\S+)/.exec(cut.stderr) ?? [];
    assert(checkpoint !== "", cut.stderr);
    const resumed = await run(["resume", checkpoint]);
    assertEquals(resumed.code, 0, resumed.stderr);
    // The round trip of ARP differs from run to run.
    const hosts = (text: string) => text.split("\nsynscan done")[0]!.replace(/\(\d+\.\d\d ms\)/, "");
    assertEquals(hosts(resumed.stdout), hosts(whole.stdout));
    assertEquals(/Not shown: (\d+) filtered/.exec(resumed.stdout)?.[1], "820");
  });
});

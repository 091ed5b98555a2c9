/**
 * Results that are lent, most of them of ports that gave no answer: of a real kernel, by one worker and by two.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { type PortResult, scan, toResult } from "../../mod.ts";
import { withFolder } from "../support/folder.ts";
import { chain, delay, Lab, labTest, rule } from "../support/lab.ts";
import { SYNSCAN } from "../support/lab_synscan.ts";
import { assertTruth, groundTruth } from "../support/lab_verdicts.ts";
import { enterNetns } from "../support/netns.ts";

const HOST = "10.64.1.2";
const NOBODY = "10.64.1.3";
const PORTS = "1-2000";
const TRUTH = groundTruth([
  [HOST, PORTS, "closed", "reset"],
  [HOST, "22,80", "open", "syn-ack"],
  [HOST, "81-900,1500", "filtered", "no-response"],
  [NOBODY, PORTS, "filtered", "no-response"],
]);

function oneHost(): Promise<Lab> {
  return Lab.create({
    spaces: {
      scanner: {},
      target: {
        listen: "22,80",
        local: [`${NOBODY}/32`],
        chains: [chain("input", [`ip daddr ${NOBODY} drop`, rule.drop("81-900,1500")])],
      },
    },
    links: [{ between: ["scanner", "target"], addresses: ["10.64.1.1/24", `${HOST}/24`] }],
  });
}

labTest("lab: results are the same, be they kept or lent, of one worker or of two", [], async () => {
  await using lab = await oneHost();
  using _inside = enterNetns(lab.name("scanner"));
  for (const workers of [1, 2]) {
    const options = { targets: [HOST, NOBODY], ports: PORTS, timing: 5, workers } as const;
    const kept: PortResult[] = [];
    for await (const result of scan(options)) kept.push(result);
    const running = scan(options);
    const lent: PortResult[] = [];
    for await (const batch of running.batches()) for (const result of batch) lent.push(toResult(result));
    for (const results of [kept, lent]) assertTruth(TRUTH, results, `${workers} worker(s)`);
    // A port has a round trip only where both of its times were measured, which differs from scan to scan.
    const withoutTimes = (results: readonly PortResult[]) =>
      results.map(({ rttMs: _, tries, ...others }) => ({ ...others, isProbed: tries > 0 }))
        .sort((one, other) => one.port - other.port || (one.ip < other.ip ? -1 : 1));
    assertEquals(withoutTimes(lent), withoutTimes(kept));
    const { open, closed, filtered, trusted } = await running.summary;
    assertEquals([open, closed, filtered, trusted], [2, 1177, 2821, true]);
  }
});

/** Silent ports, and one that answers. */
const MOSTLY_SILENT = "81-900,2000";

labTest("lab: what is left of a scan is beyond the results that were lent, neither more nor less", [], async () => {
  await using lab = await oneHost();
  using _inside = enterNetns(lab.name("scanner"));
  const options = { targets: HOST, ports: MOSTLY_SILENT, maxRatePps: 2000, timing: 5 } as const;
  for (const workers of [1, 2]) {
    const told: number[] = [];
    const leave = new AbortController();
    const first = scan({ ...options, workers }, { signal: leave.signal });
    const batches = first.batches()[Symbol.asyncIterator]();
    while (told.length < 100) for (const { port } of (await batches.next()).value ?? []) told.push(port);
    // Others wait to be taken.
    await delay(100);
    const rest = await first.snapshot();
    assertEquals(rest.taken, told.length);
    assert(told.length < 820, "the scan had ended");
    leave.abort();
    const second = scan({ ...options, workers }, { resume: rest });
    for await (const { port } of second) told.push(port);
    assertEquals(told.sort((a, b) => a - b), [...Array.from({ length: 820 }, (_, i) => 81 + i), 2000]);
    const { open, closed, filtered } = await second.summary;
    assertEquals([open, closed, filtered], [0, 1, 820]);
  }
});

labTest("lab: after Ctrl-C and resume, each silent port is counted once", [], async () => {
  await using lab = await oneHost();
  await withFolder(async (folder) => {
    const run = (...argv: readonly string[]) => lab.run("scanner", ["env", "-C", folder, ...argv]);
    const asked = ["-T5", "-p", MOSTLY_SILENT, HOST];
    const whole = await run(...SYNSCAN, ...asked);
    const cut = await run("timeout", "-s", "INT", "1.2", ...SYNSCAN, "--max-rate", "1000", ...asked);
    const [, checkpoint = ""] = /synscan resume (\S+)/.exec(cut.stderr) ?? [];
    assert(checkpoint !== "", cut.stderr);
    const resumed = await run(...SYNSCAN, "resume", checkpoint);
    assertEquals(resumed.code, 0, resumed.stderr);
    const hosts = (text: string) => text.split("\nsynscan done")[0];
    assertEquals(hosts(resumed.stdout), hosts(whole.stdout));
    assertEquals(/Not shown: (\d+) filtered/.exec(resumed.stdout)?.[1], "820");
  });
});

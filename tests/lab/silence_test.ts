/**
 * Ports that gave no answer, taken apart from the results: of a real kernel, by one worker and by two.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { type Scan, scan, type SilenceSink } from "../../mod.ts";
import { formatIpv4 } from "../../src/wire/address.ts";
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

labTest("lab: results, and the ports that gave no answer, make the whole", [], async () => {
  await using lab = await oneHost();
  using _inside = enterNetns(lab.name("scanner"));
  for (const workers of [1, 2]) {
    const silent: { ip: string; port: number; state: string; reason: string }[] = [];
    const silence: SilenceSink = (host, port, tries, service, name) => {
      assert(tries >= 2);
      assertEquals([service, name], [port === 110 ? "pop3" : port === 443 ? "https" : service, undefined]);
      silent.push({ ip: formatIpv4(host), port, state: "filtered", reason: "no-response" });
    };
    const running: Scan = scan({ targets: [HOST, NOBODY], ports: PORTS, timing: 5, workers }, { silence });
    const found: typeof silent = [];
    for await (const batch of running.batches()) found.push(...batch);
    assertTruth(TRUTH, [...found, ...silent], `${workers} worker(s)`);
    assertEquals(found.filter(({ reason }) => reason === "no-response"), []);
    const { open, closed, filtered, trusted } = await running.summary;
    assertEquals([open, closed, filtered, trusted], [2, 1177, 2821, true]);
  }
});

labTest("lab: a report is the same whether each silent port was a result or not", [], async () => {
  await using lab = await oneHost();
  // The ports that are told of one by one are the same; a filter that everything passes wants to see each.
  const report = async (...args: string[]) => {
    const argv = [...SYNSCAN, "-T5", "-p", PORTS, ...args, HOST, NOBODY];
    const { code, stdout, stderr } = await lab.run("scanner", argv);
    assertEquals(code, 0, stderr);
    return stdout.replace(/[\d.]+ s;.*/, "");
  };
  for (const format of [["-v", "--reason"], ["--json", "--open"]]) {
    const hosts = (text: string) =>
      text.split("\n").filter((line) => !/^# |"type":"(start|summary)"/.test(line))
        .map((line) => line.replace(/"rtt_ms":[\d.]+/, "")).sort();
    const [apart, whole] = [await report(...format), await report(...format, "--filter", "port>0")];
    assertEquals(hosts(apart), hosts(whole), format.join(" "));
  }
});

/** Silent ports, and one that answers. */
const MOSTLY_SILENT = "81-900,2000";

labTest("lab: what is left of a scan is beyond the silence that was told, neither more nor less", [], async () => {
  await using lab = await oneHost();
  using _inside = enterNetns(lab.name("scanner"));
  const options = { targets: HOST, ports: MOSTLY_SILENT, maxRatePps: 2000, timing: 5 } as const;
  for (const workers of [1, 2]) {
    const told: number[] = [];
    const silence: SilenceSink = (_host, port) => void told.push(port);
    const leave = new AbortController();
    const first = scan({ ...options, workers }, { silence, signal: leave.signal });
    const batches = first.batches();
    const result = batches[Symbol.asyncIterator]().next();
    while (told.length < 100) await delay(20);
    const rest = await first.rest();
    const before = told.length;
    // From now on silence is among the results.
    await delay(100);
    assertEquals(told.length, before);
    assert(before < 820, "the scan had ended");
    leave.abort();
    const { value } = await result;
    if (rest.taken > 0) told.push(...(value ?? []).map(({ port }: { port: number }) => port));
    const second = scan({ ...options, workers }, { rest, silence });
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

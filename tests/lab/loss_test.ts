/**
 * Networks that lose packets and hosts that ration their answers: slower, never wrong.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { chain, Lab, labTest, linkedLab, rule } from "../support/lab.ts";
import { runSynscan } from "../support/lab_synscan.ts";
import { assertTruth, groundTruth } from "../support/lab_verdicts.ts";

const TARGET = "10.64.1.2";

function pair(chains: readonly string[], listen: string): Promise<Lab> {
  return linkedLab({ scanner: {}, target: { listen, chains } });
}

for (const percent of [10, 20]) {
  labTest(`lab: ${percent} % loss each way, 5,000 ports, three scans`, [], async (t) => {
    await using lab = await pair(
      [chain("input", [rule.lose(percent)]), chain("output", [rule.lose(percent)])],
      "1000-1049",
    );
    const truth = groundTruth([
      [TARGET, "1-5000", "closed", "reset"],
      [TARGET, "1000-1049", "open", "syn-ack"],
    ]);
    for (const run of [1, 2, 3]) {
      await t.step(`scan ${run}`, async () => {
        const { ports, code, stderr } = await runSynscan(lab, "scanner", [TARGET, "-p", "1-5000"]);
        assertTruth(truth, ports, "synscan");
        assertEquals(code, 0, stderr);
      });
    }
  });
}

labTest("lab: loss, with dropped ports among the answering ones", [], async () => {
  await using lab = await pair(
    [chain("input", [rule.drop("2000-2099"), rule.lose(10)]), chain("output", [rule.lose(10)])],
    "1000-1009",
  );
  const { ports } = await runSynscan(lab, "scanner", [TARGET, "-p", "1-3000"]);
  assertTruth(
    groundTruth([
      [TARGET, "1-3000", "closed", "reset"],
      [TARGET, "1000-1009", "open", "syn-ack"],
      [TARGET, "2000-2099", "filtered", "no-response"],
    ]),
    ports,
    "synscan",
  );
});

for (const workers of [1, 2]) {
  labTest(`lab: a host that sends 250 RSTs a second, ${workers} worker(s)`, [], async () => {
    await using lab = await pair([chain("output", [rule.capResets(250)])], "80");
    const run = await runSynscan(lab, "scanner", [TARGET, "-p", "1-1000", "--workers", `${workers}`]);
    const truth = groundTruth([[TARGET, "1-1000", "closed", "reset"], [TARGET, "80", "open", "syn-ack"]]);
    assertTruth(truth, run.ports, "synscan");
    assertEquals([run.code, run.summary.workers], [0, workers], run.stderr);
    assert(run.elapsedMs < 50_000, `took ${run.elapsedMs} ms where the limit itself takes 4,000`);
  });
}

labTest("lab: a host that sends 250 RSTs a second beside one that does not", [], async () => {
  await using lab = await Lab.create({
    spaces: {
      scanner: {},
      capped: { listen: "80", chains: [chain("output", [rule.capResets(250)])] },
      free: { listen: "80" },
    },
    bridges: [{ name: "lan", members: { scanner: "10.64.1.1/24", capped: "10.64.1.2/24", free: "10.64.1.3/24" } }],
  });
  const hosts = ["10.64.1.2", "10.64.1.3"];
  const run = await runSynscan(lab, "scanner", [...hosts, "-p", "1-1000"]);
  const truth = groundTruth([[hosts, "1-1000", "closed", "reset"], [hosts, "80", "open", "syn-ack"]]);
  assertTruth(truth, run.ports, "synscan");
  assert(run.elapsedMs < 50_000, `took ${run.elapsedMs} ms`);
});

labTest("lab: a host whose ICMP errors are rationed as Linux does", [], async () => {
  await using lab = await Lab.create({
    spaces: {
      scanner: {},
      // 6168 and 1000 are the kernel's own defaults: one error a second and destination, after a burst of six.
      target: {
        listen: "80",
        sysctls: { "net.ipv4.icmp_ratemask": 6168, "net.ipv4.icmp_ratelimit": 1000 },
        chains: [chain("input", [rule.reject("100-199", "admin-prohibited")])],
      },
    },
    links: [{ between: ["scanner", "target"], addresses: ["10.64.1.1/24", `${TARGET}/24`] }],
  });
  const run = await runSynscan(lab, "scanner", [TARGET, "-p", "1-300"], { timeoutMs: 100_000 });
  const truth = groundTruth([
    [TARGET, "1-300", "closed", "reset"],
    [TARGET, "80", "open", "syn-ack"],
    [TARGET, "100-199", "filtered", "admin-prohibited", "no-response"],
  ]);
  assertTruth(truth, run.ports, "synscan");
  assert(run.elapsedMs < 90_000, `took ${run.elapsedMs} ms`);
});

labTest("lab: 65,535 dropped ports and one open, -T5", [], async () => {
  await using lab = await pair([chain("input", ["tcp dport != 4443 drop"])], "4443");
  const run = await runSynscan(lab, "scanner", ["-T5", TARGET, "-p", "0-65535"], { timeoutMs: 100_000 });
  const truth = groundTruth([[TARGET, "0-65535", "filtered", "no-response"], [TARGET, "4443", "open", "syn-ack"]]);
  assertTruth(truth, run.ports, "synscan");
  assert(run.elapsedMs < 90_000, `took ${run.elapsedMs} ms`);
});

labTest("lab: asked for more than the machine can send", [], async () => {
  await using lab = await pair([], "80");
  const run = await runSynscan(lab, "scanner", ["--min-rate", "10000000", TARGET, "-p", "0-65535"]);
  const truth = groundTruth([[TARGET, "0-65535", "closed", "reset"], [TARGET, "80", "open", "syn-ack"]]);
  assertTruth(truth, run.ports, "synscan");
  assert(run.summary.rate_pps > 0 && run.summary.rate_pps < 10_000_000);
});

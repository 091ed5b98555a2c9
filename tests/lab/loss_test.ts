/**
 * Networks that lose packets and hosts that limit their replies: slower, never wrong.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { FAMILIES, type Family, forFamilies, MIXED } from "../support/families.ts";
import { chain, Lab, labTest, rule } from "../support/lab.ts";
import { runSynscan } from "../support/lab_synscan.ts";
import { assertTruth, groundTruth } from "../support/lab_verdicts.ts";
import { stepsAtOnce } from "../support/steps.ts";

function pair(family: Family, chains: readonly string[], listen: string, sysctls = {}): Promise<Lab> {
  return Lab.create({
    spaces: { scanner: {}, target: { listen, chains, sysctls } },
    links: [{ between: ["scanner", "target"], addresses: family.link(1) }],
  });
}

for (const percent of [10, 20]) {
  labTest(`lab: ${percent} % loss each way, 5,000 ports, three scans`, [], (t) =>
    forFamilies(t, async (family) => {
      const targets = family.hosts(1, 2);
      await using lab = await pair(
        family,
        [chain("input", [rule.lose(percent)]), chain("output", [rule.lose(percent)])],
        "1000-1049",
      );
      const truth = groundTruth([[targets, "1-5000", "closed", "reset"], [targets, "1000-1049", "open", "syn-ack"]]);
      for (const run of [1, 2, 3]) {
        const { ports, code, stderr } = await runSynscan(lab, "scanner", [...targets, "-p", "1-5000"]);
        assertTruth(truth, ports, `synscan, scan ${run}`);
        assertEquals(code, 0, stderr);
      }
    }));
}

for (const transport of ["ethernet", "sendmmsg"]) {
  labTest(
    `lab: loss, with dropped ports among those that reply, by ${transport}`,
    [],
    (t) =>
      forFamilies(t, async (family) => {
        const targets = family.hosts(1, 2);
        await using lab = await pair(
          family,
          [chain("input", [rule.drop("2000-2099"), rule.lose(10)]), chain("output", [rule.lose(10)])],
          "1000-1009",
        );
        const args = [...targets, "-p", "1-3000", "--transport", transport];
        const { ports, summary } = await runSynscan(lab, "scanner", args);
        assertTruth(
          groundTruth([
            [targets, "1-3000", "closed", "reset"],
            [targets, "1000-1009", "open", "syn-ack"],
            [targets, "2000-2099", "filtered", "no-response"],
          ]),
          ports,
          "synscan",
        );
        assertEquals(summary.transport, transport);
      }),
  );
}

/** Hosts that send 250 RSTs a second: alone, scanned by some workers, or beside one that sends all. */
const CAPPED = [
  { name: "alone, 1 worker", workers: 1, isAlone: true },
  { name: "alone, 2 workers", workers: 2, isAlone: true },
  { name: "beside a host that does not", workers: 1, isAlone: false },
];

labTest("lab: a host that sends 250 RSTs a second", [], (t) =>
  stepsAtOnce(
    t,
    CAPPED.flatMap((kind) => FAMILIES.map((family) => ({ ...kind, family }))),
    ({ family, name }) => `${family.name}, ${name}`,
    async ({ family, workers, isAlone }) => {
      await using lab = await Lab.create({
        spaces: {
          scanner: {},
          capped: { listen: "80", chains: [chain("output", [rule.capResets(250)])] },
          free: { listen: "80" },
        },
        bridges: [{
          name: "lan",
          members: { scanner: family.onLink(1, 1), capped: family.onLink(1, 2), free: family.onLink(1, 3) },
        }],
      });
      const hosts = [2, ...isAlone ? [] : [3]].flatMap((host) => family.hosts(1, host));
      const run = await runSynscan(lab, "scanner", [...hosts, "-p", "1-1000", "--workers", `${workers}`]);
      const truth = groundTruth([[hosts, "1-1000", "closed", "reset"], [hosts, "80", "open", "syn-ack"]]);
      assertTruth(truth, run.ports, "synscan");
      assertEquals([run.code, run.summary.workers], [0, workers], run.stderr);
      assert(run.elapsedMs < 50_000, `took ${run.elapsedMs} ms where the limit itself takes 4,000 a family`);
    },
  ));

labTest(
  "lab: a host that sends 2 RSTs a second, with dropped ports among those that reply",
  [],
  (t) =>
    forFamilies(t, async (family) => {
      const targets = family.hosts(1, 2);
      const chains = [chain("input", [rule.drop("110-114")]), chain("output", [rule.capResets(2, 2)])];
      await using lab = await pair(family, chains, "80");
      const run = await runSynscan(lab, "scanner", [...targets, "-p", "80-119"]);
      const truth = groundTruth([
        [targets, "80-119", "closed", "reset"],
        [targets, "80", "open", "syn-ack"],
        [targets, "110-114", "filtered", "no-response"],
      ]);
      assertTruth(truth, run.ports, "synscan");
      assertEquals([run.code, run.summary.trusted], [0, true], run.stderr);
    }),
);

labTest(
  "lab: a scan of a host that sends a SYN-ACK a second, and all RSTs, is not trusted",
  [],
  (t) =>
    forFamilies(t, async (family) => {
      const targets = family.hosts(1, 2);
      const limit = "tcp flags & (syn|ack) == (syn|ack) limit rate over 1/second burst 1 packets drop";
      await using lab = await pair(family, [chain("output", [limit])], "100-115");
      const run = await runSynscan(lab, "scanner", [...targets, "-p", "50-139"]);
      assert(
        run.ports.some(({ port, state }) => port >= 100 && port <= 115 && state === "filtered"),
        "none was missed",
      );
      assertEquals([run.code, run.summary.trusted], [3, false], run.stderr);
      assert(run.summary.warnings.some((warning) => warning.includes("(limited)")), run.stderr);
    }),
);

labTest("lab: a host whose ICMP errors are limited as Linux does", [], (t) =>
  forFamilies(t, async (family) => {
    const targets = family.hosts(1, 2);
    const chains = [chain("input", [rule.reject("100-199", "admin-prohibited")])];
    await using lab = await pair(family, chains, "80", family.limitedErrors());
    const run = await runSynscan(lab, "scanner", [...targets, "-p", "1-300"]);
    const truth = groundTruth([
      [targets, "1-300", "closed", "reset"],
      [targets, "80", "open", "syn-ack"],
      [targets, "100-199", "filtered", "admin-prohibited", "no-response"],
    ]);
    assertTruth(truth, run.ports, "synscan");
    assert(run.ports.some(({ reason }) => reason === "no-response"), "every error was sent");
    assert(run.elapsedMs < 90_000, `took ${run.elapsedMs} ms`);
  }));

// These two keep the machine busy: one scan of both families does.
labTest("lab: 65,535 dropped ports and one open, -T5", [], async () => {
  const targets = MIXED.hosts(1, 2);
  await using lab = await pair(MIXED, [chain("input", ["tcp dport != 4443 drop"])], "4443");
  const run = await runSynscan(lab, "scanner", ["-T5", ...targets, "-p", "0-65535"]);
  const truth = groundTruth([[targets, "0-65535", "filtered", "no-response"], [targets, "4443", "open", "syn-ack"]]);
  assertTruth(truth, run.ports, "synscan");
  assert(run.elapsedMs < 90_000, `took ${run.elapsedMs} ms`);
});

labTest("lab: asked for more than the machine can send", [], async () => {
  const targets = MIXED.hosts(1, 2);
  await using lab = await pair(MIXED, [], "80");
  const run = await runSynscan(lab, "scanner", ["--min-rate", "10000000", ...targets, "-p", "0-65535"]);
  const truth = groundTruth([[targets, "0-65535", "closed", "reset"], [targets, "80", "open", "syn-ack"]]);
  assertTruth(truth, run.ports, "synscan");
  assert(run.summary.rate_pps > 0 && run.summary.rate_pps < 10_000_000);
});

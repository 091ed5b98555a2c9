/**
 * Every port of a host, and a port of 65,536 hosts. How fast is the benchmark's business; the bounds here only keep a
 * hanging scan from passing.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { type Lab, labTest, linkedLab } from "../support/lab.ts";
import { runSynscan } from "../support/lab_synscan.ts";
import { assertTruth, groundTruth, hostsFrom } from "../support/lab_verdicts.ts";

const TRANSPORTS = ["sendto", "sendmmsg", "ethernet"];
const PATIENCE_MS = 55_000;

/** A space that is 65,536 hosts, reached through a gateway, with one port open. */
function manyHosts(): Promise<Lab> {
  return linkedLab({
    scanner: { routes: ["10.65.0.0/16 via 10.64.1.2"] },
    target: { local: ["10.65.0.0/16"], listen: "443" },
  });
}

labTest("lab: 65,536 ports of one host", [], async (t) => {
  await using lab = await manyHosts();
  const truth = groundTruth([["10.64.1.2", "0-65535", "closed", "reset"], ["10.64.1.2", "443", "open", "syn-ack"]]);
  for (const transport of TRANSPORTS) {
    await t.step(transport, async () => {
      const run = await runSynscan(lab, "scanner", ["10.64.1.2", "-p", "0-65535", "--transport", transport]);
      assertTruth(truth, run.ports, "synscan");
      const { probes, open, closed, filtered, undecided } = run.summary;
      assertEquals([probes, open, closed, filtered, undecided], [65_536, 1, 65_535, 0, 0]);
      assertEquals(run.code, 0, run.stderr);
      assert(run.elapsedMs < PATIENCE_MS);
    });
  }
});

labTest("lab: one port of 65,536 hosts", [], async (t) => {
  await using lab = await manyHosts();
  const truth = groundTruth([[hostsFrom("10.65.0.0", 65_536), "443", "open", "syn-ack"]]);
  for (const transport of TRANSPORTS) {
    await t.step(transport, async () => {
      const run = await runSynscan(lab, "scanner", ["-T5", "10.65.0.0/16", "-p", "443", "--transport", transport]);
      assertTruth(truth, run.ports, "synscan");
      assertEquals([run.summary.probes, run.summary.open], [65_536, 65_536]);
      assertEquals(run.code, 0, run.stderr);
      assert(run.elapsedMs < PATIENCE_MS);
    });
  }
});

labTest("lab: connect(2) to 20,000 ports of one host", [], async () => {
  await using lab = await manyHosts();
  const truth = groundTruth([
    ["10.65.1.2", "1-20000", "closed", "conn-refused"],
    ["10.65.1.2", "443", "open", "conn-accept"],
  ]);
  const run = await runSynscan(lab, "scanner", ["-sT", "10.65.1.2", "-p", "1-20000"]);
  assertTruth(truth, run.ports, "synscan -sT");
  assert(run.elapsedMs < PATIENCE_MS);
});

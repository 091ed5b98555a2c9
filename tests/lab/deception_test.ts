/**
 * A middlebox that answers for every port.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { Lab, labTest } from "../support/lab.ts";
import { runSynscan } from "../support/lab_synscan.ts";

labTest("lab: a host on which every port answers is labelled", [], async () => {
  const everyPort = "chain answer { type nat hook prerouting priority dstnat; tcp dport 1-65535 redirect to :80; }";
  await using lab = await Lab.create({
    spaces: { scanner: {}, proxy: { listen: "80", chains: [everyPort] }, honest: { listen: "80" } },
    bridges: [{ name: "lan", members: { scanner: "10.64.1.1/24", proxy: "10.64.1.2/24", honest: "10.64.1.3/24" } }],
  });
  const { summary } = await runSynscan(lab, "scanner", ["10.64.1.2-3", "-p", "1-1000"]);
  assertEquals(summary.suspects, [{ ip: "10.64.1.2", suspect: "syn-proxy" }]);
});

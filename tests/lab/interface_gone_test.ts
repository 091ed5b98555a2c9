/**
 * An interface that disappears in the middle of a scan, whose privileges are gone by then.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { chain, Lab, labTest } from "../support/lab.ts";
import { runSynscan } from "../support/lab_synscan.ts";
import { until } from "../support/program.ts";

/** The target's addresses, one for each scan. */
const HOSTS = ["10.66.1.2", "10.66.1.3"];
const PORTS = 3000;

/** Counts the packets that came to each of the target's addresses. */
function received(lab: Lab): number[] {
  const rules = lab.set("target", ["nft", "list", "chain", "inet", "lab", "input"]);
  return [...rules.matchAll(/counter packets (\d+)/g)].map(([, count]) => Number(count));
}

const WAYS = [["-sS", "--workers", "2", "-e", "gone0"], ["-sT", "-e", "gone0"]];

labTest("lab: probes by an interface that disappears are undecided, without privileges too", [], async (t) => {
  await using lab = await Lab.create({
    spaces: {
      scanner: {},
      target: { listen: "80", chains: [chain("input", HOSTS.map((host) => `ip daddr ${host} tcp flags syn counter`))] },
    },
    bridges: [{ name: "gone0", members: { scanner: "10.66.1.1/24", target: `${HOSTS[0]}/24` } }],
  });
  lab.ip("target", `address add ${HOSTS[1]}/24 dev gone0`);
  const scans = WAYS.map((way, index) =>
    runSynscan(lab, "scanner", [...way, "--max-rate", "300", "-p", `1-${PORTS}`, "-v", HOSTS[index]!], {
      timeoutMs: 150_000,
    })
  );
  await until(() => received(lab).every((count) => count > 300));
  lab.ip("scanner", "link delete gone0");
  for (const [index, { code, summary, ports, stderr }] of (await Promise.all(scans)).entries()) {
    await t.step(WAYS[index]!.join(" "), () => {
      assert(/continues as nobody \(user 65534\) with no capabilities/.test(stderr), stderr);
      assertEquals([code, summary.trusted], [3, false], stderr);
      const decided = ports.filter(({ state }) => state === "closed" || state === "open").length;
      assert(decided > 100, `${decided} decided`);
      // What was on its way when it disappeared may be lost like any packet.
      assert(summary.filtered < 20, `${summary.filtered} filtered`);
      assert(summary.undecided > 500, `${summary.undecided} undecided`);
      assertEquals(summary.open + summary.closed + summary.filtered + summary.undecided, PORTS);
    });
  }
});

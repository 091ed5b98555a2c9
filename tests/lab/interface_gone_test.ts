/**
 * An interface that disappears in the middle of a scan, whose privileges are gone by then.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { FAMILIES, type Family, MIXED } from "../support/families.ts";
import { chain, Lab, labTest } from "../support/lab.ts";
import { runSynscan } from "../support/lab_synscan.ts";
import { until } from "../support/program.ts";
import { stepsAtOnce } from "../support/steps.ts";

const PORTS = 3000;
const WAYS = [["-sS", "--workers", "2", "-e", "gone0"], ["-sT", "-e", "gone0"]];

/** The scans, each of a host of its own. */
const SCANS = WAYS.flatMap((way) => FAMILIES.map((family) => ({ way, family })))
  .map((scan, index) => ({ ...scan, host: 2 + index }));

/** Counts the packets that came to the target's addresses of a scan. */
function received(lab: Lab, { family, host }: { readonly family: Family; readonly host: number }): number {
  const rules = lab.set("target", ["nft", "list", "chain", "inet", "lab", "input"]);
  return family.hosts(1, host).reduce((sum, ip) => {
    const [, count] = new RegExp(`daddr ${ip.replaceAll(".", "\\.")} .*counter packets (\\d+)`).exec(rules) ?? [];
    return sum + Number(count);
  }, 0);
}

labTest("lab: probes by an interface that disappears are undecided, without privileges too", [], async (t) => {
  const counters = SCANS.flatMap(({ host }) =>
    MIXED.each(({ header, address }) => `${header} daddr ${address(1, host)} tcp flags syn counter`)
  );
  await using lab = await Lab.create({
    spaces: { scanner: {}, target: { listen: "80", chains: [chain("input", counters)] } },
    bridges: [{
      name: "gone0",
      members: {
        scanner: MIXED.onLink(1, 1),
        target: SCANS.map(({ host }) => MIXED.onLink(1, host)).join(" "),
      },
    }],
  });
  const running = Promise.all(SCANS.map(({ way, family, host }) => {
    const ports = `1-${PORTS / family.versions.length}`;
    const args = [...way, "--max-rate", "300", "-p", ports, "-v", ...family.hosts(1, host)];
    return runSynscan(lab, "scanner", args);
  }));
  await until(() => SCANS.every((scan) => received(lab, scan) > 300));
  lab.ip("scanner", "link delete gone0");
  const runs = await running;
  await stepsAtOnce(
    t,
    SCANS.map((scan, index) => ({ ...scan, run: runs[index]! })),
    ({ way, family }) => `${family.name}, ${way.join(" ")}`,
    ({ run: { code, summary, ports, stderr } }) => {
      assert(/continues as nobody \(user 65534\) with no capabilities/.test(stderr), stderr);
      assertEquals([code, summary.trusted], [3, false], stderr);
      const decided = ports.filter(({ state }) => state === "closed" || state === "open").length;
      assert(decided > 100, `${decided} decided`);
      // What was on its way when it disappeared may be lost like any packet.
      assert(summary.filtered < 20, `${summary.filtered} filtered`);
      assert(summary.undecided > 500, `${summary.undecided} undecided`);
      assertEquals(summary.open + summary.closed + summary.filtered + summary.undecided, PORTS);
      return Promise.resolve();
    },
  );
});

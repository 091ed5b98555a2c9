/**
 * An interface that disappears in the middle of a scan, whose privileges are gone by then.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { delay, Lab, labTest } from "../support/lab.ts";
import { runSynscan } from "../support/lab_synscan.ts";

const HOST = "10.66.1.2";
const PORTS = 3000;

async function shown(lab: Lab): Promise<string> {
  return (await lab.run("scanner", ["ip", "-s", "-j", "link", "show", "gone0"])).stdout.replaceAll(/\s/g, "");
}

const WAYS = [["-sS", "--workers", "2", "-e", "gone0"], ["-sT", "-e", "gone0"]];

labTest("lab: probes by an interface that disappears are undecided, without privileges too", [], async (t) => {
  await using lab = await Lab.create({
    spaces: { scanner: {}, target: { listen: "80" } },
    bridges: [{ name: "gone0", members: { scanner: "10.66.1.1/24", target: `${HOST}/24` } }],
  });
  const scans = WAYS.map((way) =>
    runSynscan(lab, "scanner", [...way, "--max-rate", "500", "-p", `1-${PORTS}`, "-v", HOST])
  );
  // Both send some 500 a second: until each has, and not longer.
  const sent = async () => Number(/"tx":\{"bytes":\d+,"packets":(\d+)/.exec(await shown(lab))?.[1]);
  for (let round = 0; round < 300 && !(await sent() > 1500); round++) await delay(50);
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

/**
 * Many hosts beyond a gateway: a first round, then the ports of hosts that have replied, and those of silent hosts last.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { chain, delay, Lab, labTest } from "../support/lab.ts";
import { readSynscanJson, runSynscan, SYNSCAN } from "../support/lab_synscan.ts";

const UP = "10.66.0.10";
/** Drops pings and SYNs, but for one port. */
const HIDDEN = "10.66.0.20";
/** The router rejects what goes there. */
const REJECTED = "10.66.0.25";
const HIDDEN_PORT = 133;
const OPEN = [`${UP} ${HIDDEN_PORT}`, `${UP} 22`, `${HIDDEN} ${HIDDEN_PORT}`];

/** A router with a link of 32 addresses, of which two have a host. */
function behindRouter(rate = {}): Promise<Lab> {
  const forward = chain("forward", [`ip daddr ${REJECTED} reject with icmp type host-unreachable`]);
  const isHidden = `ip daddr ${HIDDEN} tcp dport != ${HIDDEN_PORT} drop`;
  const input = chain("input", [isHidden, `ip daddr ${HIDDEN} meta l4proto icmp drop`]);
  return Lab.create({
    spaces: {
      scanner: { routes: ["default via 10.64.1.2"] },
      router: { forward: true, chains: [forward], sysctls: rate },
      hosts: {
        local: [`${HIDDEN}/32`],
        listen: `22,${HIDDEN_PORT}`,
        chains: [input],
        routes: ["default via 10.66.0.1"],
      },
    },
    links: [
      { between: ["scanner", "router"], addresses: ["10.64.1.1/24", "10.64.1.2/24"] },
      { between: ["router", "hosts"], addresses: ["10.66.0.1/27", `${UP}/27`] },
    ],
  });
}

labTest(
  "lab: beyond a gateway: a host that replies to no ping is found, and absent ones are reported once",
  [],
  async () => {
    await using lab = await behindRouter();
    const { code, ports, hosts, summary } = await runSynscan(lab, "scanner", ["10.66.0.1-30", "-p", "1-200"]);
    const open = ports.filter(({ state }) => state === "open").map(({ ip, port }) => `${ip} ${port}`).sort();
    assertEquals(open, OPEN);
    const absent = hosts.filter(({ state }) => state === "absent");
    // Kernels limit such errors to 1,000 a second, and to 50 at a time: not every host is reported.
    assert(absent.length > 10 && absent.length <= 26, `${absent.length} hosts reported as absent`);
    assertEquals(new Set(absent.map(({ reason }) => reason)), new Set(["host-unreach"]));
    assert(!ports.some(({ ip }) => absent.some((host) => host.ip === ip)), "ports of an absent host were probed");
    const rejected = ports.filter(({ ip }) => ip === REJECTED);
    assertEquals(
      new Set(rejected.map(({ state, reason }) => `${state} ${reason}`)),
      new Set(["filtered host-unreach"]),
    );
    assertEquals([code, rejected.length, summary.probes], [0, 200, (30 - absent.length) * 200]);
  },
);

labTest("lab: beyond a gateway: a scan that is killed in either pass goes on where it was", [], async () => {
  await using lab = await behindRouter();
  const folder = lab.folder();
  const checkpoint = `${folder}/checkpoint`;
  const report = `${folder}/report.json`;
  const scan = ["10.66.0.1-30", "-p", "1-200", "--max-rate", "1500", "-n", "--checkpoint", checkpoint, "-oJ", report];
  const run = (args: readonly string[], killAfterMs: number) =>
    lab.run("scanner", [...SYNSCAN, ...args], {
      meanwhile: async (child) => {
        while (killAfterMs < Infinity && !hasContent(checkpoint)) await delay(20);
        if (killAfterMs === Infinity) return;
        await delay(killAfterMs);
        child.kill("SIGKILL");
      },
    });
  // The pings take more than 3 s, and the ports about as long.
  assertEquals((await run(scan, 1500)).code, 137);
  assertEquals((await run(["resume", checkpoint], 4500)).code, 137);
  const { code, stderr } = await run(["resume", checkpoint], Infinity);
  assertEquals(code, 0, stderr);
  const { ports, hosts, summary } = readSynscanJson(Deno.readTextFileSync(report));
  const absent = hosts.filter(({ state }) => state === "absent").length;
  const keys = new Set(ports.map(({ ip, port }) => `${ip} ${port}`));
  assertEquals([keys.size, ports.length, summary?.probes], Array(3).fill((30 - absent) * 200));
  const open = ports.filter(({ state }) => state === "open").map(({ ip, port }) => `${ip} ${port}`).sort();
  assertEquals(open, OPEN);
});

function hasContent(path: string): boolean {
  try {
    return Deno.statSync(path).size > 0;
  } catch {
    return false;
  }
}

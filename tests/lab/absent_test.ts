/**
 * A host that is absent behind a router: one line in the place of its ports, in every kind of scan and of report.
 *
 * @module
 */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { chain, delay, Lab, labTest } from "../support/lab.ts";
import { readSynscanJson, runSynscan, SYNSCAN } from "../support/lab_synscan.ts";

const UP = "10.66.0.10";
/** The router rejects what goes there, at once. */
const REJECTED = "10.66.0.25";
const ROUTER = "10.64.1.2";

/** A router with a link of 32 addresses, of which one has a host. */
function behindRouter(): Promise<Lab> {
  return Lab.create({
    spaces: {
      scanner: { routes: [`default via ${ROUTER}`] },
      router: {
        forward: true,
        chains: [chain("forward", [`ip daddr ${REJECTED} reject with icmp type host-unreachable`])],
      },
      hosts: { listen: "22", routes: ["default via 10.66.0.1"] },
    },
    links: [
      { between: ["scanner", "router"], addresses: ["10.64.1.1/24", `${ROUTER}/24`] },
      { between: ["router", "hosts"], addresses: ["10.66.0.1/27", `${UP}/27`] },
    ],
  });
}

labTest("lab: absent: a host behind a router is one line, in every kind of scan", [], async (t) => {
  await using lab = await behindRouter();
  const run = (args: readonly string[]) => runSynscan(lab, "scanner", args);
  const isAbsent = (args: readonly string[], ip: string) =>
    t.step({
      name: `${args.join(" ")} ${ip}`.trim(),
      ...{ sanitizeOps: false, sanitizeResources: false, sanitizeExit: false },
      fn: async () => {
        const { code, ports, hosts, summary } = await run([...args, ip]);
        assertEquals(ports, []);
        assertEquals(hosts.map((host) => [host.ip, host.state, host.reason]), [[ip, "absent", "host-unreach"]]);
        const { hosts: count, hosts_absent: absent, hosts_up: up, probes, filtered, warnings } = summary;
        assertEquals([code, count, absent, up, probes, filtered, warnings], [0, 1, 1, 0, 0, 0, []]);
      },
    });
  const ports = async (args: readonly string[], expected: Record<string, number>) => {
    const { ports, hosts, summary } = await run(args);
    const counts = Object.groupBy(ports, ({ ip, state, reason }) => `${ip} ${state} ${reason}`);
    assertEquals(Object.fromEntries(Object.entries(counts).map(([key, all]) => [key, all!.length])), expected);
    return { hosts, summary };
  };
  await isAbsent([], "10.66.0.2");
  // A kernel sends some 200 errors at a time: fewer probes may wait for their hosts.
  const others = async () => {
    const { hosts, summary } = await ports(["-p", "21-22", `10.66.0.9-11`], {
      [`${UP} open syn-ack`]: 1,
      [`${UP} closed reset`]: 1,
    });
    assertEquals(hosts.filter(({ state }) => state === "absent").map(({ ip }) => ip), ["10.66.0.9", "10.66.0.11"]);
    assertEquals([summary.hosts, summary.hosts_up, summary.hosts_absent, summary.probes], [3, 1, 2, 2]);
  };
  await Promise.all([
    others(),
    isAbsent(["-p", "80"], "10.66.0.3"),
    isAbsent(["-sT", "-p", "1-10"], "10.66.0.4"),
    isAbsent(["-sT", "-p", "80"], "10.66.0.5"),
    isAbsent(["-p", "1-10", "--workers", "2"], "10.66.0.6"),
    isAbsent(["-sS", "-sA", "-sF", "-p", "1-5"], "10.66.0.7"),
    ports(["-p", "1-5", "-Pn", "10.66.0.8"], { "10.66.0.8 filtered host-unreach": 5 }),
    ports(["-p", "1-50", REJECTED], { [`${REJECTED} filtered host-unreach`]: 50 }),
  ]);
});

labTest("lab: absent: reports, merged shards and a resumed scan have a host behind a router once", [], async () => {
  await using lab = await behindRouter();
  const resumed = checkResumed(lab);
  const folder = lab.folder();
  const ip = "10.66.0.2";
  const synscan = (args: readonly string[]) => lab.run("scanner", [...SYNSCAN, ...args]);
  const shard = (index: number) => `${folder}/shard${index}.json`;
  const [table] = await Promise.all([
    synscan(["-n", "-p", "1-20", "-oA", `${folder}/all`, "--db", `${folder}/history.db`, ip]),
    ...[1, 2].map((index) =>
      synscan(["-n", "-p", "1-20", "--seed", "5", "--shard", `${index}/2`, "-oJ", shard(index), "10.66.0.3"])
    ),
  ]);
  assertEquals(table.code, 0, table.stderr);
  assertMatch(table.stdout, /Not shown: 1 host out of reach \(host-unreach\)/);
  assertMatch(table.stdout, /1 host \(0 up, 1 absent\), 0 ports/);
  const read = (name: string) => Deno.readTextFileSync(`${folder}/${name}`);
  const xml = read("all.xml");
  assertMatch(xml, /<status state="down" reason="host-unreach" reason_ttl="0"\/>\n<address addr="10\.66\.0\.2"/);
  assertMatch(xml, /<hosts up="0" down="1" total="1"\/>/);
  assert(!xml.includes("<port"), "XML has ports of an absent host");
  assertMatch(read("all.gnmap"), /^Host: 10\.66\.0\.2 \(\)\tStatus: Down$/m);
  const shown = await synscan(["show", "1", "--db", `${folder}/history.db`]);
  assertMatch(
    shown.stdout,
    /^Not shown: 1 host out of reach \(host-unreach\)\n\nsynscan done: 1 host \(0 up, 1 absent\)/,
  );
  const merged = await synscan(["merge", "--json", shard(1), shard(2)]);
  assertEquals(merged.code, 0, merged.stderr);
  const { ports, hosts, summary } = readSynscanJson(merged.stdout);
  assertEquals(ports, []);
  assertEquals(hosts.map((host) => [host.ip, host.state, host.reason]), [["10.66.0.3", "absent", "host-unreach"]]);
  assertEquals([summary?.hosts, summary?.hosts_absent, summary?.probes], [1, 1, 0]);
  await resumed;
});

/** Checks that a scan that is killed before a router reports its host goes on to that report. */
async function checkResumed(lab: Lab): Promise<void> {
  const folder = lab.folder();
  const checkpoint = `${folder}/checkpoint`;
  const report = `${folder}/report.json`;
  const run = (args: readonly string[], killAfterMs = Infinity) =>
    lab.run("scanner", [...SYNSCAN, ...args], {
      meanwhile: async (child) => {
        if (killAfterMs === Infinity) return;
        while (!hasContent(checkpoint)) await delay(20);
        await delay(killAfterMs);
        child.kill("SIGKILL");
      },
    });
  const scan = ["-n", "-p", "1-20", "--checkpoint", checkpoint, "-oJ", report, "10.66.0.4"];
  assertEquals((await run(scan, 200)).code, 137);
  // The router has given up by then, and looks for the host again.
  await delay(3500);
  const { code, stderr } = await run(["resume", checkpoint]);
  assertEquals(code, 0, stderr);
  const { ports, hosts, summary } = readSynscanJson(Deno.readTextFileSync(report));
  assertEquals(ports, []);
  assertEquals(hosts.map((host) => [host.ip, host.state]), [["10.66.0.4", "absent"]]);
  assertEquals([summary?.hosts_absent, summary?.probes, summary?.filtered], [1, 0, 0]);
}

function hasContent(path: string): boolean {
  try {
    return Deno.statSync(path).size > 0;
  } catch {
    return false;
  }
}

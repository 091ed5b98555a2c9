/**
 * Paths through routers of real kernels: one that balances load over two ways by ports, one that sends no ICMP, and one in front of the
 * hosts. Each drops some ports, and all but the mute one limit their ICMP errors as Linux does by default.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import type { Trace } from "../../src/result/trace.ts";
import { chain, Lab, type LabSpec, labTest, rule, type SpaceSpec } from "../support/lab.ts";
import { runSynscan } from "../support/lab_synscan.ts";

const BALANCER = "10.65.1.2";
const LEFT = ["10.65.2.2", "10.65.4.2"];
const RIGHT = ["10.65.3.2", "10.65.5.2"];
const LAST_ROUTER = "10.65.8.2";
/** The host of which everything is dropped. */
const SILENT_HOST = "10.65.10.15";

/** A router with Linux's default rate of ICMP errors: six at once to an address, and then one a second. */
function router(routes: readonly string[], more: SpaceSpec = {}): SpaceSpec {
  return { forward: true, routes, ...more, sysctls: { "net.ipv4.icmp_ratemask": 6168, ...more.sysctls } };
}

/** scanner - balancer - (left - left2 | right - right2) - mute - last - target. */
const LAB: LabSpec = {
  spaces: {
    // Not by default: programs of other addresses would use up the errors that the balancer may send.
    scanner: { routes: [`10.65.0.0/16 via ${BALANCER}`] },
    balancer: router(["10.65.0.0/16 nexthop via 10.65.2.2 nexthop via 10.65.3.2"], {
      sysctls: { "net.ipv4.fib_multipath_hash_policy": 1 },
      chains: [chain("forward", [rule.drop("83")]), chain("prerouting", ["ip ttl 1 meta l4proto tcp counter"])],
    }),
    left: router(["10.65.1.0/24 via 10.65.2.1", "default via 10.65.4.2"]),
    right: router(["10.65.1.0/24 via 10.65.3.1", "default via 10.65.5.2"]),
    left2: router(["10.65.1.0/24 via 10.65.4.1", "default via 10.65.6.2"]),
    right2: router(["10.65.1.0/24 via 10.65.5.1", "default via 10.65.7.2"]),
    mute: {
      forward: true,
      routes: ["10.65.1.0/24 via 10.65.6.1", "default via 10.65.8.2"],
      chains: [chain("forward", [rule.drop("84")]), chain("output", ["icmp type time-exceeded drop"])],
    },
    last: router(["default via 10.65.8.1", "10.65.10.0/24 via 10.65.9.2"], {
      chains: [chain("forward", [rule.drop("81-82,5000-5099"), `ip daddr ${SILENT_HOST} drop`])],
    }),
    target: {
      local: ["10.65.10.0/28"],
      routes: ["default via 10.65.9.1"],
      chains: [chain("input", [rule.drop("85")])],
      listen: "80",
    },
  },
  links: [
    { between: ["scanner", "balancer"], addresses: ["10.65.1.1/24", "10.65.1.2/24"] },
    { between: ["balancer", "left"], addresses: ["10.65.2.1/24", "10.65.2.2/24"] },
    { between: ["balancer", "right"], addresses: ["10.65.3.1/24", "10.65.3.2/24"] },
    { between: ["left", "left2"], addresses: ["10.65.4.1/24", "10.65.4.2/24"] },
    { between: ["right", "right2"], addresses: ["10.65.5.1/24", "10.65.5.2/24"] },
    { between: ["left2", "mute"], addresses: ["10.65.6.1/24", "10.65.6.2/24"] },
    { between: ["right2", "mute"], addresses: ["10.65.7.1/24", "10.65.7.2/24"] },
    { between: ["mute", "last"], addresses: ["10.65.8.1/24", "10.65.8.2/24"] },
    { between: ["last", "target"], addresses: ["10.65.9.1/24", "10.65.9.2/24"] },
  ],
};

/** Checks the hops to a host: those between the balancer and the mute router are of one way. */
function assertPath(hops: readonly { readonly ip?: string | null | undefined }[] | undefined, host: string): void {
  const found = hops?.map(({ ip }) => ip ?? null) ?? [];
  const way = found[1] === LEFT[0] ? LEFT : RIGHT;
  assertEquals(found, [BALANCER, ...way, null, LAST_ROUTER, host]);
}

labTest("trace: paths through routers that balance load, stay silent and drop ports", [], async (t) => {
  await using lab = await Lab.create(LAB);
  const scan = (args: string) => runSynscan(lab, "scanner", args.split(" "));

  await t.step("trace: the hops of a host with an open or a closed port, in any of several ways", async () => {
    for (const [port, flags] of [[80, "-n"], [86, "-g 5353 -v"]] as const) {
      const { hosts: [host], summary, code, stderr } = await scan(`10.65.10.2 -p ${port} --traceroute ${flags}`);
      assert(!stderr.includes("in use"), stderr);
      assertPath(host?.trace?.hops, "10.65.10.2");
      assertEquals([host?.trace?.reached, host?.trace?.port, code], [true, port, 0]);
      assertEquals([summary.ended, summary.trusted], ["done", true]);
    }
  });

  await t.step("trace: hosts of one network, whose first router is probed once", async () => {
    const countOf = () => Number(/counter packets (\d+)/.exec(lab.set("balancer", ["nft", "list", "ruleset"]))![1]);
    const before = countOf();
    const { hosts } = await scan("10.65.10.0-14 -p 80 --traceroute --exclude 10.65.10.7");
    assertEquals(hosts.length, 14);
    for (const { ip, trace } of hosts) assertPath(trace?.hops, ip);
    assertEquals(hosts.filter(({ trace }) => trace?.shared === undefined).length, 1);
    // One, and one more if its reply took longer than was waited for.
    const count = countOf() - before;
    assert(count === 1 || count === 2, String(count));
  });

  await t.step(
    "where filtered: the router whose rule drops a port, and the last one before a silent router",
    async () => {
      const { hosts } = await scan(`10.65.10.2 -p 80-85,5000-5099 --where-filtered -T4`);
      const rows = hosts[0]?.where_filtered?.map(({ ports, after_hop, ip }) => [ports, after_hop, ip]) ?? [];
      const isLeft = hosts[0]?.trace?.hops.some(({ ip }) => ip === LEFT[0]) === true;
      const byMute = rows.find(([ports]) => ports === "84");
      // The probes of another port may take the other way.
      assert([LEFT[1], RIGHT[1]].includes(String(byMute?.[2])), JSON.stringify({ rows, isLeft }));
      assertEquals(rows.filter((row) => row !== byMute), [
        ["81-82,85,5000-5099", 5, LAST_ROUTER],
        ["83", 1, BALANCER],
      ]);
    },
  );

  await t.step("trace: by echo requests to a host that replies to nothing else", async () => {
    const options = { targets: "10.65.10.4", ports: "5000", pings: ["echo"], traceroute: true, timing: 4 };
    const program = `import { scan } from ${JSON.stringify(new URL("../../src/scan/scan.ts", import.meta.url))};
      console.log(JSON.stringify((await scan(${JSON.stringify(options)}).summary).traces));`;
    const config = new URL("../../deno.json", import.meta.url).pathname;
    const { stdout, stderr } = await lab.run("scanner", [Deno.execPath(), "eval", "--config", config, program]);
    const [trace] = JSON.parse(stdout || stderr) as Trace[];
    assertPath(trace?.hops, "10.65.10.4");
    assertEquals([trace?.proto, trace?.port], ["icmp", undefined]);
  });

  await t.step("where filtered: the path to a host that replies to nothing", async () => {
    const { hosts: [host] } = await scan(`${SILENT_HOST} -p 443 --where-filtered -T4`);
    assertEquals(host?.trace?.reached, false);
    assertEquals(host?.trace?.hops.length, 5);
    assertEquals(host?.where_filtered?.map(({ ports, after_hop, ip }) => [ports, after_hop, ip]), [
      ["443", 5, LAST_ROUTER],
    ]);
  });
});

/**
 * Paths through routers of real kernels: one that balances load over two ways by ports, one that sends no ICMP, and one in front of the
 * hosts. Each drops some ports, and all but the mute one limit their ICMP errors as Linux does by default.
 *
 * @module
 */

import { assert, assertEquals, assertMatch } from "@std/assert";
import type { Trace } from "../../src/result/trace.ts";
import { block, type Family, forFamilies, type Version } from "../support/families.ts";
import { chain, Lab, labTest, rule, type SpaceSpec } from "../support/lab.ts";
import { runSynscan } from "../support/lab_synscan.ts";

/** The prefix of all networks of a lab. */
const EVERYTHING = { IPv4: "10.64.0.0/16", IPv6: "fd64::/16" } as const;
/** The networks before the balancer, of the two ways behind it, before the last router, and of the hosts. */
const BEFORE = 1;
const [LEFT, RIGHT] = [[2, 4], [3, 5]] as const;
const LAST = 8;
const HOSTS = 10;
/** The host of which everything is dropped. */
const SILENT_HOST = 15;

/** Returns a lab: scanner - balancer - (left - left2 | right - right2) - mute - last - target. */
function create(family: Family): Promise<Lab> {
  /** A router with Linux's default rate of ICMP errors: some at once to an address, and then a few a second. */
  const router = (routes: readonly string[], more: SpaceSpec = {}): SpaceSpec => (
    { forward: true, routes, ...more, sysctls: { ...family.limitedErrors(), ...more.sysctls } }
  );
  const everythingVia = (...networks: readonly number[]) =>
    family.each(({ name, address }) => {
      const hops = networks.map((network) => `via ${address(network, 2)}`);
      return `${EVERYTHING[name]} ${hops.length === 1 ? hops[0] : hops.map((hop) => `nexthop ${hop}`).join(" ")}`;
    });
  /** Back to the scanner, and on to the hosts. */
  const between = (back: number, on: number) => [...family.routesVia(back, 1, BEFORE), ...family.routesVia(on, 2)];
  return Lab.create({
    spaces: {
      // Not by default: programs of other addresses would use up the errors that the balancer may send.
      scanner: { routes: everythingVia(BEFORE) },
      balancer: router(everythingVia(2, 3), {
        sysctls: { "net.ipv4.fib_multipath_hash_policy": 1, "net.ipv6.fib_multipath_hash_policy": 1 },
        chains: [
          chain("forward", [rule.drop("83")]),
          chain(
            "prerouting",
            family.each(({ header }) => `${header} ${header === "ip" ? "ttl" : "hoplimit"} 1 meta l4proto tcp counter`),
          ),
        ],
      }),
      left: router(between(2, 4)),
      right: router(between(3, 5)),
      left2: router(between(4, 6)),
      right2: router(between(5, 7)),
      mute: {
        forward: true,
        routes: between(6, 8),
        chains: [
          chain("forward", [rule.drop("84")]),
          chain("output", family.each(({ icmp }) => `${icmp} type time-exceeded drop`)),
        ],
      },
      last: router([...family.routesVia(LAST, 1), ...family.routesVia(9, 2, HOSTS)], {
        chains: [
          chain("forward", [
            rule.drop("81-82,5000-5099"),
            ...family.each(({ header, address }) => `${header} daddr ${address(HOSTS, SILENT_HOST)} drop`),
          ]),
        ],
      }),
      target: {
        local: family.each((version) => block(version, HOSTS, 0, 16)),
        routes: family.routesVia(9, 1),
        chains: [chain("input", [rule.drop("85")])],
        listen: "80",
      },
    },
    links: [
      { between: ["scanner", "balancer"], addresses: family.link(BEFORE) },
      { between: ["balancer", "left"], addresses: family.link(2) },
      { between: ["balancer", "right"], addresses: family.link(3) },
      { between: ["left", "left2"], addresses: family.link(4) },
      { between: ["right", "right2"], addresses: family.link(5) },
      { between: ["left2", "mute"], addresses: family.link(6) },
      { between: ["right2", "mute"], addresses: family.link(7) },
      { between: ["mute", "last"], addresses: family.link(LAST) },
      { between: ["last", "target"], addresses: family.link(9) },
    ],
  });
}

/** A hop as reports have it. */
type Hops = readonly { readonly ip?: string | null | undefined }[] | undefined;

/** Returns the version of an address of a family. */
function versionOf(family: Family, ip: string): Version {
  return family.versions.find(({ header }) => (header === "ip6") === ip.includes(":"))!;
}

/** Checks the hops to a host: those between the balancer and the mute router are of one way. */
function assertPath(family: Family, hops: Hops, host: string): void {
  const { address } = versionOf(family, host);
  const found = hops?.map(({ ip }) => ip ?? null) ?? [];
  const way = found[1] === address(LEFT[0], 2) ? LEFT : RIGHT;
  assertEquals(found, [address(BEFORE, 2), ...way.map((network) => address(network, 2)), null, address(LAST, 2), host]);
}

labTest(
  "trace: paths through routers that balance load, stay silent and drop ports",
  [],
  (t) =>
    forFamilies(t, async (family) => {
      await using lab = await create(family);
      const scan = (...args: string[]) => runSynscan(lab, "scanner", args);
      const targets = family.hosts(HOSTS, 2);

      // Those of a host that pings find.
      const pinged = await scan(...targets, "-sn", "--traceroute");
      assertEquals(pinged.hosts.map(({ ip }) => ip), targets);
      for (const { ip, trace } of pinged.hosts) assertPath(family, trace?.hops, ip);
      const near = await scan(...family.hosts(BEFORE, 2), "-sn", "--traceroute");
      assertMatch(near.stderr, /^Paths to this machine and to hosts on own links are left out/);

      // The hops of a host with an open or a closed port, in any of several ways.
      for (const [port, flags] of [[80, ["-n"]], [86, ["-g", "5353", "-v"]]] as const) {
        const { hosts, summary, code, stderr } = await scan(...targets, "-p", `${port}`, "--traceroute", ...flags);
        assert(!stderr.includes("in use"), stderr);
        assertEquals(hosts.map(({ ip }) => ip), targets);
        for (const { ip, trace } of hosts) {
          assertPath(family, trace?.hops, ip);
          assertEquals([trace?.reached, trace?.port], [true, port]);
        }
        assertEquals([code, summary.ended, summary.trusted], [0, "done", true]);
      }

      // Hosts of one network, whose first router is probed once.
      const countsOf = () =>
        [...lab.set("balancer", ["nft", "list", "ruleset"]).matchAll(/counter packets (\d+)/g)].map(([, n]) =>
          Number(n)
        );
      const before = countsOf();
      const networks = family.each(({ address }) => `${address(HOSTS, 0)}-${address(HOSTS, 14)}`);
      const { hosts } = await scan(...networks, "-p", "80", "--traceroute", "--exclude", family.hosts(HOSTS, 7).join());
      assertEquals(hosts.length, 14 * targets.length);
      for (const { ip, trace } of hosts) assertPath(family, trace?.hops, ip);
      assertEquals(hosts.filter(({ trace }) => trace?.shared === undefined).length, targets.length);
      // One, and one more if its reply took longer than was waited for.
      for (const [at, count] of countsOf().entries()) {
        assert([1, 2].includes(count - before[at]!), `${count - before[at]!}`);
      }

      // The router whose rule drops a port, and the last one before a silent router.
      const filtered = await scan(...targets, "-p", "80-85,5000-5099", "--where-filtered", "-T4");
      assertEquals(filtered.hosts.length, targets.length);
      for (const { ip, where_filtered: where = [] } of filtered.hosts) {
        const { address } = versionOf(family, ip);
        const rows = where.map(({ ports, after_hop, ip }) => [ports, after_hop, ip]);
        const byMute = rows.find(([ports]) => ports === "84");
        // The probes of another port may take the other way.
        assert(
          [LEFT[1], RIGHT[1]].map((network) => address(network, 2)).includes(`${byMute?.[2]}`),
          JSON.stringify(rows),
        );
        assertEquals(rows.filter((row) => row !== byMute), [
          ["81-82,85,5000-5099", 5, address(LAST, 2)],
          ["83", 1, address(BEFORE, 2)],
        ]);
      }

      // By echo requests to a host that replies to nothing else.
      const echoed = family.hosts(HOSTS, 4);
      const options = { targets: echoed, ports: "5000", pings: ["echo"], traceroute: true, timing: 4 };
      const program = `import { scan } from ${JSON.stringify(new URL("../../src/scan/scan.ts", import.meta.url))};
      console.log(JSON.stringify((await scan(${JSON.stringify(options)}).summary).traces));`;
      const config = new URL("../../deno.json", import.meta.url).pathname;
      const { stdout, stderr } = await lab.run("scanner", [Deno.execPath(), "eval", "--config", config, program]);
      const traces = JSON.parse(stdout || stderr) as Trace[];
      assertEquals(traces.length, echoed.length);
      for (const trace of traces) {
        assertPath(family, trace.hops, trace.ip);
        assertEquals([trace.proto, trace.port], ["icmp", undefined]);
      }

      // The path to a host that replies to nothing.
      const silent = family.hosts(HOSTS, SILENT_HOST);
      const unreached = await scan(...silent, "-p", "443", "--where-filtered", "-T4");
      assertEquals(unreached.hosts.map(({ ip }) => ip), silent);
      for (const { ip, trace, where_filtered: where } of unreached.hosts) {
        assertEquals([trace?.reached, trace?.hops.length], [false, 5]);
        assertEquals(where?.map(({ ports, after_hop, ip }) => [ports, after_hop, ip]), [
          ["443", 5, versionOf(family, ip).address(LAST, 2)],
        ]);
      }
    }),
);

/**
 * Shards, merge and resume where hosts are discovered first: on an own link, and beyond a router, with names and paths.
 *
 * @module
 */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { readCheckpoint } from "../../src/checkpoint/checkpoint.ts";
import type { ScanSnapshot } from "../../src/scan/snapshot.ts";
import { block, FAMILIES, type Family, forFamilies, IPV4, IPV6, MIXED, type Version } from "../support/families.ts";
import { chain, delay, Lab, labTest, rule } from "../support/lab.ts";
import { reverseZones, serveZones } from "../support/lab_dns.ts";
import { type HostLine, readSynscanJson, SYNSCAN } from "../support/lab_synscan.ts";

/** The own link of the scanner, the network of 24 hosts, and the link between it and the router. */
const [NEAR, HOSTS, BEHIND] = [66, 67, 68];
const [SCANNER, ROUTER] = [1, 2];
/** The hosts of the own link; the second is excluded. */
const MEMBERS = { one: 10, two: 11, three: 12 };
/** Hosts of a network. */
type Range = readonly [network: number, first: number, last: number];
const EXCLUDED: readonly Range[] = [[NEAR, 11, 11], [NEAR, 20, 21], [HOSTS, 5, 5], [HOSTS, 26, 26]];
const PORTS = 100;
const PORTS_FLAG = ["-p", `1-${PORTS}`];

function range({ address }: Version, ...[network, first, last]: Range): string {
  return `${address(network, first)}-${address(network, last)}`;
}

function scanOf(family: Family): string[] {
  const excluded = family.each((version) => EXCLUDED.map((each) => range(version, ...each)));
  return [
    ...["-R", "--dns-servers", IPV4.address(NEAR, ROUTER), "--traceroute", "--exclude", excluded.join()],
    ...family.each((version) => [range(version, NEAR, 1, 30), range(version, HOSTS, 0, 26)]),
  ];
}

/** Statements that count packets to excluded addresses, and what resolves them on the own link. */
function countsOfExcluded(): string[] {
  const set = (version: Version) => EXCLUDED.map((each) => range(version, ...each)).join(", ");
  // Solicited-node multicast addresses have the last 24 bits of the address (RFC 4291 section 2.7.1).
  const solicited = EXCLUDED.filter(([network]) => network === NEAR)
    .map(([, first, last]) => `ff02::1:ff00:${first.toString(16)}-ff02::1:ff00:${last.toString(16)}`).join(", ");
  return [
    "add table arp seen; add chain arp seen input { type filter hook input priority 0; }",
    `add rule arp seen input arp daddr ip { ${set(IPV4)} } counter`,
    "add table inet seen; add chain inet seen ahead { type filter hook prerouting priority -400; }",
    `add rule inet seen ahead ip daddr { ${set(IPV4)} } counter`,
    `add rule inet seen ahead ip6 daddr { ${set(IPV6)}, ${solicited} } counter`,
  ];
}
const COUNTING = ["one", "two", "router"];

/**
 * Own links, and a router in front of 24 hosts and some addresses of none. Four of each version are silent: of more than eight
 * hosts a whole scan lists states that its shards do not.
 */
async function madeLab(): Promise<Lab> {
  const dropped = MIXED.each((version) => `${version.header} daddr ${range(version, HOSTS, 20, 21)} drop`);
  const lab = await Lab.create({
    spaces: {
      scanner: { routes: MIXED.routesVia(NEAR, ROUTER) },
      ...{ one: { listen: "22" }, two: {}, three: {} },
      router: { forward: true, routes: MIXED.routesVia(BEHIND, 2, HOSTS) },
      hosts: {
        local: MIXED.each((version) => [block(version, HOSTS, 0, 16), block(version, HOSTS, 16, 8)]),
        chains: [chain("input", [rule.drop("30-39"), ...dropped])],
        routes: MIXED.routesVia(BEHIND, 1),
        listen: "22,80",
      },
    },
    bridges: [{
      name: "lan",
      members: Object.fromEntries(
        Object.entries({ scanner: SCANNER, router: ROUTER, ...MEMBERS })
          .map(([name, host]) => [name, MIXED.onLink(NEAR, host)]),
      ),
    }],
    links: [{ between: ["router", "hosts"], addresses: MIXED.link(BEHIND) }],
  });
  for (const name of COUNTING) lab.set(name, ["nft", countsOfExcluded().join("; ")]);
  const named = [NEAR, HOSTS].flatMap((network) =>
    Array.from({ length: 32 }, (_, host) => MIXED.hosts(network, host)).flat()
  );
  await serveZones(lab, "router", reverseZones(named, nameOf));
  return lab;
}

/** The name that the zones have for an address. */
function nameOf(address: string): string {
  return `h${address.replace(/[.:]/g, "-")}.example`;
}

/** Fails unless each version has hosts behind the router with names and paths. */
function assertPaths(hosts: readonly string[], family: Family): void {
  for (const { address } of family.versions) {
    const [ip, router] = [address(HOSTS, 3), address(NEAR, ROUTER)];
    assert(hosts.some((host) => host.replace(" up", " ") === `${ip}   ${nameOf(ip)} true ${router},${ip}`), ip);
  }
}

/** The number of packets to excluded addresses: those that resolve them, and those that came to hosts or the router. */
function packetsToExcluded(lab: Lab): number {
  const rulesets = COUNTING.map((name) => lab.set(name, ["nft", "list", "ruleset"])).join();
  const counts = [...rulesets.matchAll(/counter packets (\d+)/g)].map(([, count]) => Number(count));
  assertEquals(counts.length, 3 * COUNTING.length);
  return counts.reduce((sum, count) => sum + count, 0);
}

/** The results of a file without times: ports and hosts, in order. */
function resultsOf(text: string): { readonly ports: string[]; readonly hosts: string[]; readonly summary: string } {
  const { ports, hosts, summary } = readSynscanJson(text);
  const { hosts_up, hosts_absent, probes, open, closed, filtered, undecided, ended, trusted } = summary!;
  return {
    ports: ports.map(({ ip, port, state, reason }) => `${ip} ${port} ${state} ${reason}`).sort(),
    hosts: hosts.map(hostText).sort(),
    summary: JSON.stringify({ hosts_up, hosts_absent, probes, open, closed, filtered, undecided, ended, trusted }),
  };
}

function hostText({ ip, state, mac, hostname, trace }: HostLine): string {
  return [ip, state, mac, hostname, trace?.reached, trace?.hops.map((hop) => hop.ip)].join(" ");
}

labTest(
  "shards: hosts are divided where they are discovered, and merged shards are the whole scan",
  ["nsd"],
  async (t) => {
    await using lab = await madeLab();
    await forFamilies(t, (family) => checkShards(lab, family));
    assertEquals(packetsToExcluded(lab), 0);
  },
);

async function checkShards(lab: Lab, family: Family): Promise<void> {
  const folder = lab.folder();
  const read = (name: string) => Deno.readTextFileSync(`${folder}/${name}.json`);
  const scan = async (name: string, more: readonly string[]) => {
    const { code, stderr } = await lab.run("scanner", [
      ...SYNSCAN,
      "-q",
      "-oJ",
      `${folder}/${name}.json`,
      ...more,
      ...PORTS_FLAG,
      ...scanOf(family),
    ]);
    assertEquals(code, 0, `${name}: ${stderr}`);
  };
  await Promise.all([
    scan("whole", ["--seed", "7"]),
    // Machines have different numbers of workers.
    ...[1, 2, 3].map((index) => scan(`s-${index}`, ["--seed", "7", "--shard", `${index}/3`, "--workers", `${index}`])),
  ]);
  const files = [1, 2, 3].map((index) => `${folder}/s-${index}.json`);
  const merged = await lab.run("scanner", [...SYNSCAN, "merge", "-q", ...files, "-oJ", `${folder}/merged.json`]);
  assertEquals([merged.code, merged.stderr], [0, ""]);
  const [whole, union] = [resultsOf(read("whole")), resultsOf(read("merged"))];
  assertEquals(union, whole);
  assertEquals(new Set(union.ports).size, union.ports.length);
  // No host is in two shards: neither its ports, nor its name or path.
  const lists = [1, 2, 3].map((index) => readSynscanJson(read(`s-${index}`)));
  const sets = lists.map(({ ports, hosts }) => new Set([...ports, ...hosts].map(({ ip }) => ip)));
  const all = sets.flatMap((set) => [...set]);
  assertEquals(new Set(all).size, all.length);
  const times = family.versions.length;
  for (const set of sets) assert(set.size >= 14 * times && set.size <= 19 * times, `${set.size} hosts`);
  // The whole has what is to be compared.
  const hosts = whole.hosts.map((host) => host.replace(/ [\da-f:]{17} /, " MAC "));
  for (const { address } of family.versions) {
    const [up, absent] = [address(NEAR, MEMBERS.three), address(NEAR, 15)];
    assert(hosts.includes(`${up} up MAC ${nameOf(up)} true ${up}`), up);
    assert(hosts.some((host) => host.startsWith(`${absent} absent  ${nameOf(absent)}`)), absent);
  }
  assertPaths(whole.hosts, family);

  await Deno.remove(files[1]!);
  const partial = await lab.run("scanner", [...SYNSCAN, "merge", files[0]!, files[2]!]);
  assertEquals(partial.code, 3);
  assertMatch(partial.stdout, /^Warning: Shard 2\/3 is missing: [\d,]+ ports are undecided$/m);
  assertMatch(
    partial.stderr,
    /^Shard 2\/3 is missing\. To supply it: synscan .*-oJ \S+\/s-2\.json --seed 7 --shard 2\/3 /,
  );
}

labTest("shards: a dry run lists the hosts that the shard probes, where hosts are found first", [], async () => {
  await using lab = await Lab.create({
    spaces: { scanner: {}, peer: { listen: "22" } },
    links: [{ between: ["scanner", "peer"], addresses: ["10.66.1.1/24", "10.66.1.2/24"] }],
  });
  const addresses = [1, 2, 3, 4, 5].map((host) => `10.66.1.${host}`);
  for (const flags of [["-p", "22,80"], ["-sn"], ["-sS", "-sU", "-p", "T:22,U:9"]]) {
    const seen: string[] = [];
    for (const index of [1, 2]) {
      const scan = [...SYNSCAN, "-n", "--json", "--seed", "3", "--shard", `${index}/2`, ...flags, "10.66.1.1-5"];
      const probed = readSynscanJson((await lab.run("scanner", scan)).stdout);
      const dry = await lab.run("scanner", [...scan, "--dry-run"]);
      const listed = dry.stdout.trimEnd().split("\n").map((line) => JSON.parse(line));
      const hosts = new Set(listed.map(({ ip }) => ip));
      assertEquals([...hosts].sort(), [...new Set(probed.hosts.map(({ ip }) => ip))].sort(), flags.join(" "));
      assertEquals(listed.every(({ ports }) => (ports === "") === flags.includes("-sn")), true);
      const what = flags.includes("-sn") ? "ping" : "probe";
      assertMatch(dry.stderr, new RegExp(`^Would ${what} .*${hosts.size} hosts`));
      seen.push(...hosts);
    }
    assertEquals(seen.sort(), addresses);
  }
});

/** The remaining work in a checkpoint; undefined while the scan has not begun. */
function restIn(path: string): ScanSnapshot | undefined {
  try {
    return readCheckpoint(Deno.readFileSync(path)).rest as ScanSnapshot | null ?? undefined;
  } catch {
    return undefined;
  }
}

/** The place of a scan: its first pass that is not over, and how far that has come; the number of passes if all are over. */
function placeOf({ parts }: ScanSnapshot): { readonly pass: number; readonly position: number } {
  const passes = parts[0]!;
  const at = passes.findIndex(({ position, pending }) => position < Number.MAX_SAFE_INTEGER || pending.length > 0);
  return at < 0 ? { pass: passes.length, position: 0 } : { pass: at, position: passes[at]!.position };
}

/** A part of a scan in which it is killed. */
interface Killed {
  readonly part: string;
  /** The scan: its ports and pings. */
  readonly scan: readonly string[];
  /** Packets a second of each version, so that the part takes long enough. */
  readonly rate?: number;
  /** The number of the pass, of which each version has one; behind the last one paths are traced and names looked up. */
  readonly pass: number;
}

const PINGS = ["-p", "22,80", "-PE", "-PS22"];
const ONE_PORT = ["-p", "22"];
const KILLED: readonly Killed[] = [
  { part: "the ARP or ND pass", scan: PORTS_FLAG, rate: 20, pass: 0 },
  { part: "the first round", scan: PORTS_FLAG, rate: 60, pass: 1 },
  { part: "the pings", scan: PINGS, rate: 30, pass: 1 },
  { part: "the ports", scan: PORTS_FLAG, rate: 1000, pass: 2 },
  { part: "the traces", scan: ONE_PORT, rate: 40, pass: Infinity },
  { part: "the names", scan: ONE_PORT, pass: Infinity },
];

labTest("resume: killed in any pass, or while paths are traced and names looked up, nothing is lost or doubled", [
  "nsd",
], async (t) => {
  await using lab = await madeLab();
  const wholes = FAMILIES.map((family) => wholesOf(lab, family));
  const cutters = FAMILIES.map((family, at) => cutterOf(lab, family, wholes[at]!));
  const cutOff = (parts: readonly Killed[]) => Promise.all(cutters.map((cut) => Promise.all(parts.map(cut))));
  const [resumptions] = await Promise.all([cutOff(KILLED.slice(0, -1)), ...wholes]);
  // Names take some seconds: each scan, which has a port of its own, gets few replies of the server.
  const slow = [
    "add table inet slow; add set inet slow scans { type inet_service; flags dynamic; }",
    "add chain inet slow in { type filter hook input priority 0; }",
    "add rule inet slow in udp dport 53 update @scans { udp sport limit rate over 2/second burst 1 packets } drop",
  ];
  lab.set("router", ["nft", slow.join("; ")]);
  const ofNames = await cutOff(KILLED.slice(-1));
  lab.set("router", ["nft", "delete table inet slow"]);
  await forFamilies(t, async (family) => {
    const at = FAMILIES.indexOf(family);
    await Promise.all([...resumptions[at]!, ...ofNames[at]!].map((resume) => resume()));
  });
  assertEquals(packetsToExcluded(lab), 0);
});

/** Cuts a scan off in a part; returns a function that resumes it and compares it with a scan that was not cut off. */
type Cutter = (killed: Killed) => Promise<() => Promise<void>>;

/** The results of scans that were not cut off, by their ports and pings. */
type Wholes = ReadonlyMap<readonly string[], ReturnType<typeof resultsOf>>;

async function wholesOf(lab: Lab, family: Family): Promise<Wholes> {
  const wholes = new Map<readonly string[], ReturnType<typeof resultsOf>>();
  // One after the other: on a machine that is too busy a trace takes a late reply for none.
  for (const scan of [PORTS_FLAG, PINGS, ONE_PORT]) {
    const { stdout } = await lab.run("scanner", [...SYNSCAN, "--json", ...scan, ...scanOf(family)]);
    wholes.set(scan, resultsOf(stdout));
  }
  for (const { hosts } of wholes.values()) assertPaths(hosts, family);
  return wholes;
}

function cutterOf(lab: Lab, family: Family, wholes: Promise<Wholes>): Cutter {
  const times = family.versions.length;
  const targets = scanOf(family);
  return async ({ part, scan, rate, pass }) => {
    const folder = lab.folder();
    const [checkpoint, report] = [`${folder}/ck`, `${folder}/r.json`];
    const pace = rate === undefined ? [] : ["--max-rate", `${rate * times}`];
    const args = ["-q", "--workers", "1", "--checkpoint", checkpoint, "-oJ", report, ...pace, ...scan, ...targets];
    const isThere = () => {
      const rest = restIn(checkpoint);
      if (rest === undefined) return false;
      const place = placeOf(rest);
      const last = rest.parts[0]!.length;
      // Of a mixed scan that of IPv6, which comes after that of IPv4.
      const due = Math.min(pass * times + times - 1, last);
      return place.pass === due && (place.position > 3 || place.pass === last);
    };
    const killed = await lab.run("scanner", [...SYNSCAN, ...args], {
      meanwhile: async (child) => {
        let isOver = false;
        child.status.then(() => isOver = true);
        while (!isOver && !isThere()) await delay(20);
        if (!isOver) child.kill("SIGKILL");
      },
    });
    assertEquals(killed.code, 137, `${family.name}, ${part}: ${killed.stderr}`);
    return async () => {
      const { code, stderr } = await lab.run("scanner", [...SYNSCAN, "resume", checkpoint, "--max-rate", "100k"]);
      assertEquals(code, 0, `${family.name}, ${part}: ${stderr}`);
      assertEquals(resultsOf(Deno.readTextFileSync(report)), (await wholes).get(scan), part);
    };
  };
}

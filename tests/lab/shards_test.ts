/**
 * Shards, merge and resume where hosts are discovered first: on an own link, and beyond a router, with names and paths.
 *
 * @module
 */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { readCheckpoint } from "../../src/checkpoint/checkpoint.ts";
import type { ScanSnapshot } from "../../src/scan/snapshot.ts";
import { chain, delay, Lab, labTest, rule } from "../support/lab.ts";
import { serveZones } from "../support/lab_dns.ts";
import { type HostLine, readSynscanJson, SYNSCAN } from "../support/lab_synscan.ts";
import { hostsFrom } from "../support/lab_verdicts.ts";

const ROUTER = "10.66.0.2";
/** The hosts of the own link; the second is excluded. */
const MEMBERS = { one: "10.66.0.10", two: "10.66.0.11", three: "10.66.0.12" };
const EXCLUDED = ["10.66.0.11", "10.66.0.20-21", "10.67.0.5", "10.67.0.26"];
const IN_SET = "{ 10.66.0.11, 10.66.0.20-10.66.0.21, 10.67.0.5, 10.67.0.26 }";
const PORTS = 100;
const PORTS_FLAG = ["-p", `1-${PORTS}`];
const SCAN = [
  ...["-R", "--dns-servers", ROUTER, "--traceroute", "--exclude", EXCLUDED.join()],
  ...["10.66.0.1-30", "10.67.0.0-27"],
];

/** Own links, and a router in front of 24 hosts and some addresses of none. */
async function madeLab(): Promise<Lab> {
  const dropped = [rule.drop("30-39"), `ip daddr 10.67.0.20-10.67.0.22 drop`];
  const lab = await Lab.create({
    spaces: {
      scanner: { routes: [`default via ${ROUTER}`] },
      ...{ one: { listen: "22" }, two: {}, three: {} },
      router: {
        forward: true,
        routes: ["10.67.0.0/24 via 10.68.0.2"],
        chains: [chain("prerouting", [`ip daddr ${IN_SET} counter`])],
        sysctls: { "net.ipv4.icmp_ratelimit": 0 },
      },
      hosts: {
        local: ["10.67.0.0/28", "10.67.0.16/29"],
        chains: [chain("input", dropped)],
        routes: ["default via 10.68.0.1"],
        ...{ listen: "22,80", sysctls: { "net.ipv4.icmp_ratelimit": 0 } },
      },
    },
    bridges: [{
      name: "lan",
      members: {
        ...{ scanner: "10.66.0.1/27", router: `${ROUTER}/27` },
        ...Object.fromEntries(Object.entries(MEMBERS).map(([name, ip]) => [name, `${ip}/27`])),
      },
    }],
    links: [{ between: ["router", "hosts"], addresses: ["10.68.0.1/24", "10.68.0.2/24"] }],
  });
  const table = "add table arp seen; add chain arp seen input { type filter hook input priority 0; }; ";
  for (const name of ["one", "two", "router"]) {
    lab.set(name, ["nft", `${table}add rule arp seen input arp daddr ip ${IN_SET} counter`]);
  }
  const namesOf = (network: string) =>
    hostsFrom(`${network}.0`, 32).map((ip) => `${ip.split(".").at(-1)} PTR h${ip.replaceAll(".", "-")}.example.`);
  await serveZones(lab, "router", {
    "0.66.10.in-addr.arpa": namesOf("10.66.0"),
    "0.67.10.in-addr.arpa": namesOf("10.67.0"),
  });
  return lab;
}

/** The line of a host behind the router. */
const PATH = /^10\.67\.0\.3 (?:up)? {2}h10-67-0-3\.example true 10\.66\.0\.2,10\.67\.0\.3$/m;

/** The number of packets to excluded addresses: requests of ARP, and what came to the router. */
function packetsToExcluded(lab: Lab): number {
  const rulesets = ["one", "two", "router"].map((name) => lab.set(name, ["nft", "list", "ruleset"])).join();
  const counts = [...rulesets.matchAll(/counter packets (\d+)/g)].map(([, count]) => Number(count));
  assertEquals(counts.length, 4);
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
  async () => {
    await using lab = await madeLab();
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
        ...SCAN,
      ]);
      assertEquals(code, 0, `${name}: ${stderr}`);
    };
    await scan("whole", ["--seed", "7"]);
    // Machines have different numbers of workers.
    await Promise.all(
      [1, 2, 3].map((index) => scan(`s-${index}`, ["--seed", "7", "--shard", `${index}/3`, "--workers", `${index}`])),
    );
    assertEquals(packetsToExcluded(lab), 0);
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
    for (const set of sets) assert(set.size >= 14 && set.size <= 19, `${set.size} hosts`);
    // The whole has what is to be compared.
    assertMatch(whole.hosts.join("\n"), /^10\.66\.0\.12 up [\da-f:]{17} h10-66-0-12\.example true 10\.66\.0\.12$/m);
    assertMatch(whole.hosts.join("\n"), /^10\.66\.0\.15 absent {2}h10-66-0-15\.example/m);
    assertMatch(whole.hosts.join("\n"), PATH);

    await Deno.remove(files[1]!);
    const partial = await lab.run("scanner", [...SYNSCAN, "merge", files[0]!, files[2]!]);
    assertEquals(partial.code, 3);
    assertMatch(partial.stdout, /^Warning: Shard 2\/3 is missing: [\d,]+ ports are undecided$/m);
    assertMatch(
      partial.stderr,
      /^Shard 2\/3 is missing\. To supply it: synscan .*-oJ \S+\/s-2\.json --seed 7 --shard 2\/3 /,
    );
  },
);

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
  /** Packets a second, so that the part takes long enough. */
  readonly rate?: string;
  /** The number of the pass; behind the last one paths are traced and names looked up. */
  readonly pass: number;
}

const PINGS = ["-p", "22,80", "-PE", "-PS22"];
const ONE_PORT = ["-p", "22"];
const KILLED: readonly Killed[] = [
  { part: "the ARP pass", scan: PORTS_FLAG, rate: "20", pass: 0 },
  { part: "the first round", scan: PORTS_FLAG, rate: "60", pass: 1 },
  { part: "the pings", scan: PINGS, rate: "30", pass: 1 },
  { part: "the ports", scan: PORTS_FLAG, rate: "1000", pass: 2 },
  { part: "the traces", scan: ONE_PORT, rate: "40", pass: Infinity },
  { part: "the names", scan: ONE_PORT, pass: Infinity },
];

labTest("resume: killed in any pass, or while paths are traced and names looked up, nothing is lost or doubled", [
  "nsd",
], async () => {
  await using lab = await madeLab();
  const wholes = new Map<readonly string[], ReturnType<typeof resultsOf>>();
  for (const scan of [PORTS_FLAG, PINGS, ONE_PORT]) {
    wholes.set(scan, resultsOf((await lab.run("scanner", [...SYNSCAN, "--json", ...scan, ...SCAN])).stdout));
  }
  for (const { hosts } of wholes.values()) assertMatch(hosts.join("\n"), PATH);
  const cutOff = async ({ part, scan, rate, pass }: Killed) => {
    const folder = lab.folder();
    const [checkpoint, report] = [`${folder}/ck`, `${folder}/r.json`];
    const pace = rate === undefined ? [] : ["--max-rate", rate];
    const args = ["-q", "--workers", "1", "--checkpoint", checkpoint, "-oJ", report, ...pace, ...scan, ...SCAN];
    const isThere = () => {
      const rest = restIn(checkpoint);
      if (rest === undefined) return false;
      const place = placeOf(rest);
      const last = rest.parts[0]!.length;
      return place.pass === Math.min(pass, last) && (place.position > 3 || place.pass === last);
    };
    const killed = await lab.run("scanner", [...SYNSCAN, ...args], {
      meanwhile: async (child) => {
        let isOver = false;
        child.status.then(() => isOver = true);
        while (!isOver && !isThere()) await delay(20);
        if (!isOver) child.kill("SIGKILL");
      },
    });
    assertEquals(killed.code, 137, `${part}: ${killed.stderr}`);
    return async () => {
      const { code, stderr } = await lab.run("scanner", [...SYNSCAN, "resume", checkpoint, "--max-rate", "100k"]);
      assertEquals(code, 0, `${part}: ${stderr}`);
      assertEquals(resultsOf(Deno.readTextFileSync(report)), wholes.get(scan), part);
    };
  };
  const resumptions = await Promise.all(KILLED.slice(0, -1).map(cutOff));
  // Names take some seconds; the few replies of the server are for this scan alone.
  const slow = "add chain inet slow in { type filter hook input priority 0; }; ";
  const limit = "add rule inet slow in udp dport 53 limit rate over 5/second burst 1 packets drop";
  lab.set("router", ["nft", `add table inet slow; ${slow}${limit}`]);
  resumptions.push(await cutOff(KILLED.at(-1)!));
  lab.set("router", ["nft", "delete table inet slow"]);
  await Promise.all(resumptions.map((resume) => resume()));
  assertEquals(packetsToExcluded(lab), 0);
});

/** Names of hosts by DNS servers that lose, forge and delay replies, and by a real one. */
import { assert, assertEquals } from "@std/assert";
import { parseIpv4 } from "../../src/wire/address.ts";
import { chain, Lab, labTest, linkedLab } from "../support/lab.ts";
import { serveZones } from "../support/lab_dns.ts";
import { readSynscanJson, SYNSCAN } from "../support/lab_synscan.ts";
import { hostsFrom } from "../support/lab_verdicts.ts";

const SERVER = "10.64.1.2";
const NETWORK = "10.67.0";
const HOSTS = hostsFrom(`${NETWORK}.0`, 256);

async function namesOf(lab: Lab, ...args: readonly string[]): Promise<Map<string, string | undefined>> {
  const { stdout, stderr } = await lab.run("scanner", [...SYNSCAN, "--json", ...args]);
  const { hosts, summary } = readSynscanJson(stdout);
  assert(summary !== undefined, stderr);
  assertEquals(summary.warnings, []);
  return new Map(hosts.map(({ ip, hostname }) => [ip, hostname]));
}

function target(chains: readonly string[] = []) {
  return { scanner: { routes: [`default via ${SERVER}`] }, target: { local: [`${NETWORK}.0/24`], chains } };
}

labTest("names: a server that loses 20 %, forges and delays replies gives no wrong name", [], async () => {
  await using lab = await linkedLab(target());
  const script = new URL("../support/lab_forger.ts", import.meta.url).pathname;
  await lab.serve("target", [Deno.execPath(), "run", "--allow-all", script]);
  const found = await namesOf(lab, "-p", "1-3", "--dns-servers", `${SERVER}:5353`, `${NETWORK}.0/24`);
  assertEquals(found, new Map(HOSTS.map((ip) => [ip, `h${parseIpv4(ip)!}.example`])));
});

labTest("names: of hosts of both address families, by one server", ["nsd"], async () => {
  const addresses = [`${SERVER.slice(0, -1)}1/24 fd66:30::1/64`, `${SERVER}/24 fd66:30::2/64`] as const;
  await using lab = await Lab.create({
    spaces: { scanner: {}, target: {} },
    links: [{ between: ["scanner", "target"], addresses }],
  });
  const zone = "0.0.0.0.0.0.0.0.0.3.0.0.6.6.d.f.ip6.arpa";
  await serveZones(lab, "target", {
    "64.10.in-addr.arpa": ["2.1 PTR four.example."],
    [zone]: [`2.${"0.".repeat(14)}0 PTR six.example.`],
  });
  for (const technique of ["-sS", "-sT"]) {
    const found = await namesOf(lab, technique, "-p", "1-3", "--dns-servers", SERVER, SERVER, "fd66:30::2");
    assertEquals([...found], [[SERVER, "four.example"], ["fd66:30::2", "six.example"]], technique);
  }
});

labTest(
  "names: a real server behind a loss of 20 % each way, with aliases and hosts that do not reply",
  ["nsd"],
  async () => {
    const lose = "udp sport 53 numgen random mod 100 < 20 drop";
    const chains = [
      chain("input", ["udp dport 53 numgen random mod 100 < 20 drop", `ip daddr ${NETWORK}.200/29 tcp dport 1-3 drop`]),
      chain("output", [lose]),
    ];
    await using lab = await linkedLab(target(chains));
    const last = (ip: string) => Number(ip.split(".").at(-1));
    // As RFC 2317 delegates the names of a /26.
    await serveZones(lab, "target", {
      "67.10.in-addr.arpa": HOSTS.filter((ip) => last(ip) % 5 > 0).map((ip) =>
        last(ip) < 64 ? `${last(ip)}.0 CNAME ${last(ip)}.0/26.0` : `${last(ip)}.0 PTR Host${last(ip)}.Example.`
      ).concat(HOSTS.slice(0, 64).map((ip) => `${last(ip)}.0/26.0 PTR host${last(ip)}.example.`)),
    });
    const expected = new Map(HOSTS.map((ip) => [ip, last(ip) % 5 > 0 ? `host${last(ip)}.example` : undefined]));
    const found = await namesOf(lab, "-R", "-p", "1-3", "--dns-servers", SERVER, `${NETWORK}.0/24`);
    for (const [ip, name] of expected) {
      // A host without reply and without a name has no line.
      const isSilent = last(ip) >= 200 && last(ip) < 208;
      assertEquals(found.get(ip), name, ip);
      assertEquals(found.has(ip), !isSilent || name !== undefined, ip);
    }
  },
);

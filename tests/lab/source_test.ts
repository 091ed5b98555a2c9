/**
 * Source address, port, interface and TTL of packets, as captured by tshark on each of two interfaces.
 *
 * @module
 */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { ALL_FAMILIES, FAMILIES, type Family, forFamilies, MIXED, prefixOf } from "../support/families.ts";
import { chain, Lab, labTest } from "../support/lab.ts";
import { runSynscan, SYNSCAN } from "../support/lab_synscan.ts";
import { assertTruth, groundTruth } from "../support/lab_verdicts.ts";
import { stepsAtOnce } from "../support/steps.ts";

/** The networks of two interfaces, and the one behind both. */
const [FIRST, SECOND, BEHIND] = [1, 2, 65];
/** A host behind both, and the scanner's other address of the second interface. */
const [HOST, SOURCE] = [9, 7];
/** Each way of sending, told apart on the wire by its source port. */
const TRANSPORTS = [["sendto", "4321"], ["sendmmsg", "4322"], ["auto", "4323"]] as const;
const TTL = "33";
/** Connections have a port each, but may have a time to live of their own. */
const CONNECT_TTL = "35";

/** A scanner with two interfaces, two addresses on the second, and a host that is reached by the first unless told otherwise. */
async function twoWays(family: Family): Promise<Lab> {
  const lab = await Lab.create({
    spaces: { scanner: {}, target: { listen: "80", local: family.each((version) => prefixOf(version, BEHIND)) } },
    bridges: [FIRST, SECOND].map((network) => ({
      name: `lan${network}`,
      members: { scanner: family.onLink(network, 1), target: family.onLink(network, 2) },
    })),
  });
  for (const address of family.onLink(SECOND, SOURCE).split(" ")) {
    lab.ip("scanner", `address add ${address} dev lan2${address.includes(":") ? " nodad" : ""}`);
  }
  for (const network of [FIRST, SECOND]) {
    for (const route of family.routesVia(network, 2, BEHIND)) {
      lab.ip("scanner", `route add ${route} metric ${100 * network}`);
    }
  }
  return lab;
}

/** Returns source address, source port, TTL and SYN flag of captured packets to the hosts. */
async function toHosts(lab: Lab, file: string, family: Family): Promise<string[][]> {
  const names = ["ip.src", "ipv6.src", "tcp.srcport", "ip.ttl", "ipv6.hlim", "tcp.flags.syn"];
  const fields = names.flatMap((field) => ["-e", field]);
  const hosts = family.each(({ header, address }) =>
    `${header === "ip" ? "ip" : "ipv6"}.dst == ${address(BEHIND, HOST)}`
  );
  const filter = `tcp && (${hosts.join(" || ")})`;
  const { stdout } = await lab.run("scanner", ["tshark", "-r", file, "-Y", filter, "-T", "fields", ...fields]);
  return stdout.split("\n").filter((line) => line !== "").map((line) => {
    const [source, source6, port, ttl, hops, syn] = line.split("\t");
    return [source || source6!, port!, ttl || hops!, syn!];
  });
}

/** The different rows, in order. */
function distinct(rows: readonly string[][]): string[][] {
  return [...new Map(rows.map((row) => [row.join(), row])).values()].sort();
}

labTest(
  "lab: address, port, interface and time to live are what was asked for",
  ["tshark", "dumpcap"],
  (t) =>
    forFamilies(t, async (family) => {
      await using lab = await twoWays(family);
      const hosts = family.hosts(BEHIND, HOST);
      const sources = family.hosts(SECOND, SOURCE);
      const asked = ["--source-ip", sources.join(), "--interface", "lan2"];
      const truth = groundTruth([
        [hosts, "79-83", "closed", "reset", "conn-refused"],
        [hosts, "80", "open", "syn-ack", "conn-accept"],
      ]);
      const scan = async (...args: string[]) => {
        const run = await runSynscan(lab, "scanner", [...hosts, "-p", "79-83", ...args]);
        assertTruth(truth, run.ports, "synscan");
        assertEquals(run.code, 0, run.stderr);
      };
      const stops = [await lab.capture("scanner", "lan1"), await lab.capture("scanner", "lan2")];
      for (const [transport, port] of TRANSPORTS) {
        await scan(...asked, "--source-port", port, "--ttl", TTL, "--transport", transport);
      }
      // Connections have one address to leave from: in a scan of both families the kernel chooses some of the interface.
      const isMixed = family.versions.length > 1;
      await scan(...isMixed ? ["--interface", "lan2"] : asked, "--ttl", CONNECT_TTL, "-sT");
      await scan();
      const [first, second] = await Promise.all(stops.map(async (stop) => toHosts(lab, await stop(), family)));
      const connected = second!.filter(([, , ttl]) => ttl === CONNECT_TTL);

      for (const [transport, port] of TRANSPORTS) {
        const sent = second!.filter((row) => row[1] === port).map((row) => row.slice(0, 3));
        assertEquals(distinct(sent), distinct(sources.map((source) => [source, port, TTL])), transport);
      }
      const connectedFrom = distinct(connected.map(withoutPort));
      if (isMixed) assertEquals(connectedFrom.length, sources.length, `${connectedFrom}`);
      else assertEquals(connectedFrom, [[sources[0]!, CONNECT_TTL]]);
      // Nothing else leaves by the interface asked for.
      const ports: readonly string[] = TRANSPORTS.map(([, port]) => port);
      assertEquals(second!.filter((row) => !connected.includes(row) && !ports.includes(row[1]!)), []);
      // By the other leaves only what was sent without being asked, as the kernel chose. It may refuse a late SYN-ACK by itself, the
      // way it chooses.
      const unasked = first!.filter(([, , , syn]) => syn === "1" || syn === "True");
      assertEquals(distinct(unasked.map(withoutPort)), distinct(family.hosts(FIRST, 1).map((ip) => [ip, "64"])));
      // The Ethernet sender is used: hardly a probe goes by raw IP.
      lab.rules("scanner", [chain("output", ["tcp flags & (syn | rst) == syn counter"])]);
      const run = await runSynscan(lab, "scanner", [...hosts, "-p", "1-3000", ...asked]);
      const [, counted] = /counter packets (\d+)/.exec(lab.set("scanner", ["nft", "list", "ruleset"])) ?? [];
      assertEquals([run.summary.transport, Number(counted) < 1000], ["ethernet", true], `${counted} probes by raw IP`);
    }),
);

function withoutPort([address = "", , ttl = ""]: readonly string[]): string[] {
  return [address, ttl];
}

labTest("lab: an interface is known by its alternative names too", [], async (t) => {
  await using lab = await twoWays(MIXED);
  const altName = "the-second-of-two-interfaces";
  for (const name of ["l2", altName]) {
    lab.set("scanner", ["ip", "link", "property", "add", "dev", "lan2", "altname", name]);
  }
  await stepsAtOnce(
    t,
    ["-sS", "-sT"].flatMap((technique) => FAMILIES.map((family) => ({ technique, family }))),
    ({ technique, family }) => `${family.name}, ${technique}`,
    async ({ technique, family }) => {
      const hosts = family.hosts(BEHIND, HOST);
      const run = await runSynscan(lab, "scanner", [...hosts, "-p", "79-81", technique, "-e", altName]);
      const truth = groundTruth([
        [hosts, "79-81", "closed", "reset", "conn-refused"],
        [hosts, "80", "open", "syn-ack", "conn-accept"],
      ]);
      assertTruth(truth, run.ports, `synscan ${technique}`);
    },
  );
  const argv = [...SYNSCAN, "-n", ...MIXED.hosts(BEHIND, HOST), "-p", "80", "-e", "lan3"];
  const { stderr } = await lab.run("scanner", argv);
  assertStringIncludes(stderr, `lan2, l2, ${altName}`);
});

labTest("lab: -e is the zone of link-local targets that are written without one", [], async () => {
  await using lab = await Lab.create({
    spaces: { scanner: {}, target: {} },
    links: [{ between: ["scanner", "target"], addresses: ["10.64.1.1/24", "10.64.1.2/24"] }],
  });
  lab.ip("target", "-6 address add fe80::66:2/64 dev scanner nodad");
  await lab.listen("target", "22", "::");
  const host = "fe80::66:2%target";
  const truth = groundTruth([[[host], "22", "open", "syn-ack", "conn-accept"], [
    [host],
    "23",
    "closed",
    "reset",
    "conn-refused",
  ]]);
  for (const technique of ["-sS", "-sT"]) {
    for (
      const more of [["fe80::66:2"], [host, "[fe80::66:2]:22,23"], [
        "fe80::66:1-3",
        "--exclude",
        "fe80::66:1,fe80::66:3",
      ]]
    ) {
      const { ports } = await runSynscan(lab, "scanner", [technique, "-p", "22-23", "-e", "target", ...more]);
      assertTruth(truth, ports, more.join(" "));
    }
  }
  for (
    const [args, why] of [
      [["fe80::66:2"], "it is a link-local address without its interface"],
      [["-e", "target", "fe80::66:2%lo"], "its zone is lo, and packets are to leave by target"],
    ] as const
  ) {
    const { code, stderr } = await lab.run("scanner", [...SYNSCAN, "-n", "-p", "22", ...args]);
    assertEquals([code, stderr.trimEnd().split("\n").length], [1, 1], stderr);
    assertStringIncludes(stderr, why);
  }
});

labTest(
  "source: silence to an address that is none of this machine is not trusted until a reply came",
  [],
  async (t) => {
    const [ipv4, ipv6] = ALL_FAMILIES;
    await stepsAtOnce(t, [ipv4, ipv6], ({ name }) => name, async (family) => {
      await using lab = await Lab.create({
        spaces: { scanner: {}, target: { listen: "80", chains: [chain("input", ["tcp dport 82 drop"])] } },
        links: [{ between: ["scanner", "target"], addresses: family.link(FIRST) }],
      });
      const [target, foreign] = [family.hosts(FIRST, 2), family.hosts(SECOND, 7)];
      const scan = () => runSynscan(lab, "scanner", ["-S", foreign[0]!, "-p", "80,82", ...target]);
      const warning = `No reply came to ${foreign[0]}, which is no address of this machine: silence shows nothing`;
      const unheard = await scan();
      assertEquals(unheard.ports.map(({ state }) => state), ["filtered", "filtered"]);
      assertEquals([unheard.code, unheard.summary.warnings.includes(warning)], [3, true]);
      for (const route of family.routesVia(FIRST, 1, SECOND)) lab.ip("target", `route add ${route}`);
      const heard = await scan();
      assertEquals(heard.ports.map(({ state }) => state).toSorted(), ["filtered", "open"]);
      assertEquals([heard.code, heard.summary.warnings.includes(warning)], [0, false]);
    });
  },
);

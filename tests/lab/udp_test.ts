/**
 * UDP scans of real kernels that send every ICMP error.
 *
 * @module
 */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { ALL_FAMILIES, FAMILIES, type Family, forFamilies, MIXED } from "../support/families.ts";
import { chain, labTest } from "../support/lab.ts";
import { asUser, readSynscanJson, runSynscan, SYNSCAN } from "../support/lab_synscan.ts";
import {
  errorsSentBy,
  FAR_NETWORK,
  farUdpLab,
  NEAR_NETWORK,
  portsOf,
  UDP_SERVERS,
  udpLab,
} from "../support/lab_udp.ts";
import { assertTruth, type GroundTruth, groundTruth } from "../support/lab_verdicts.ts";
import { runNmap } from "../support/nmap_xml.ts";
import { stepsAtOnce } from "../support/steps.ts";

const CLOSED = "closed port-unreach";
const isUdp = ({ proto }: { proto: string }) => proto === "udp";

/** Rules of a router, and of the target: errors from either, and silence. Of 1434 some probes have no token. */
const ROUTER = [
  chain("forward", ["udp dport { 1002, 1434 } reject with icmpx port-unreachable", "udp dport 1003 drop"]),
];
const TARGET = [chain("input", ["udp dport 1000 reject with icmpx admin-prohibited", "udp dport 1001 drop"])];
const FAR_PORTS = "53,69,123,161,1000-1004,1434";

function farTruth(hosts: readonly string[]): GroundTruth {
  return groundTruth([
    [hosts, "53,69,123,161", "open", "udp-response"],
    [hosts, "1000", "filtered", "admin-prohibited"],
    [hosts, "1001,1003", "open|filtered", "no-response"],
    [hosts, "1002,1434", "filtered", "port-unreach"],
    [hosts, "1004", "closed", "port-unreach"],
  ]);
}

for (const isUser of [false, true]) {
  const whose = isUser ? " without privileges" : "";
  const needs = isUser ? ["setpriv"] : [];
  const { tcp, open, refused } = isUser
    ? { tcp: "-sT", open: "conn-accept", refused: "conn-refused" }
    : { tcp: "-sS", open: "syn-ack", refused: "reset" };

  labTest(`lab: -sU with TCP${whose}, a firewall in front, and a host without a limit`, needs, async (t) => {
    await using lab = await udpLab();
    const run = (...args: string[]) => runSynscan(lab, "scanner", ["-sU", ...args], { isUser });
    const ofEach = (family: Family, ports: readonly number[]) =>
      ports.flatMap((port) => family.versions.map(() => port));
    await t.step("both protocols", (t) =>
      forFamilies(t, async (family) => {
        const both = await run(tcp, "-p", "U:53,69,1000,1434,T:80", ...family.hosts(NEAR_NETWORK, 2));
        assertEquals(
          portsOf(both.ports),
          new Map([
            [CLOSED, ofEach(family, [1000, 1434])],
            ["open udp-response", ofEach(family, [53, 69])],
            [`closed ${refused}`, ofEach(family, [80])],
          ]),
        );
        assertEquals([both.summary.undecided, both.code], [0, 0]);
      }));
    // The ports that probes leave from are among these: one scan at a time.
    for (const family of FAMILIES) {
      await t.step(`own addresses, ${family.name}`, async () => {
        const own = family.each(({ loopback, address }) => [loopback, address(NEAR_NETWORK, 1)]);
        const { ports } = await run("-p", "61000-65535", ...own);
        assertEquals([...portsOf(ports).keys(), ports.length], [CLOSED, 4536 * own.length]);
      });
    }
    lab.rules("target", TARGET);
    // Both families at once are scanned through a firewall beyond a router.
    const single = ALL_FAMILIES.filter((family) => family !== MIXED);
    await stepsAtOnce(t, single, ({ name }) => `a firewall, ${name}`, async (family) => {
      const behind = await run("-p", "1000-1002", ...family.hosts(NEAR_NETWORK, 2));
      assertEquals(
        portsOf(behind.ports),
        new Map([
          [CLOSED, ofEach(family, [1002])],
          ["filtered admin-prohibited", ofEach(family, [1000])],
          ["open|filtered no-response", ofEach(family, [1001])],
        ]),
      );
    });
  });

  labTest(
    `lab: -sU with TCP${whose} finds the truth beyond a router, which it takes for no host, as nmap does`,
    ["nmap", ...needs],
    async (t) => {
      await using lab = await farUdpLab({ router: { chains: ROUTER }, target: { chains: TARGET } });
      await lab.listen("target", "22", "::");
      const before = await errorsSentBy(lab, "scanner");
      await forFamilies(t, async (family) => {
        const hosts = family.hosts(FAR_NETWORK, 2);
        const args = [tcp, "-sU", "-p", `T:22-23,U:${FAR_PORTS}`, ...hosts];
        const { ports, summary, code } = await runSynscan(lab, "scanner", args, { isUser });
        assertTruth(farTruth(hosts), ports.filter(isUdp), "synscan -sU");
        const tcpTruth = groundTruth([[hosts, "22", "open", open], [hosts, "23", "closed", refused]]);
        assertTruth(tcpTruth, ports.filter((line) => !isUdp(line)), `synscan ${tcp}`);
        assertEquals(
          ports.filter(({ port }) => port === 1002 || port === 1434).map(({ from }) => from).sort(),
          family.hosts(NEAR_NETWORK, 2).flatMap((router) => [router, router]).sort(),
        );
        assertEquals([summary.undecided, code], [0, 0]);
      });
      // The kernel of the scanner has sent no error in reply to a reply.
      assertEquals(await errorsSentBy(lab, "scanner"), before);
      if (isUser) return;
      await stepsAtOnce(t, MIXED.versions, ({ name }) => `nmap, ${name}`, async (version) => {
        const host = version.address(FAR_NETWORK, 2);
        const truth = farTruth([host]);
        const seen = await runNmap(lab, "scanner", [...version.nmap, "-sU", "-p", FAR_PORTS, host]);
        const differing = seen.filter(({ port, state }) => truth.get(`${host}:${port}`)!.state !== state);
        // Its payload for TFTP is another one, and the reply from another port is no reply to it.
        assertEquals(differing.map(({ port }) => port).filter((port) => port !== 69), []);
      });
    },
  );
}

labTest("lab: -sU without privileges: what the kernel refuses is one line", ["setpriv"], async (t) => {
  await using lab = await udpLab();
  await stepsAtOnce(t, MIXED.versions, ({ name }) => name, async ({ address }) => {
    const [target, own, other] = [2, 1, 77].map((host) => address(NEAR_NETWORK, host)) as [string, string, string];
    const rows: readonly (readonly [string, RegExp])[] = [
      ["-sU -sS", /^Cannot open raw sockets: CAP_NET_RAW is missing\. .* or scan with -sT$/],
      ["-sU --transport ethernet", /^Cannot open raw sockets: /],
      ["-sU -g 53", /^Cannot send datagrams from port 53: .* Ports below 1024 need root: give another, or none$/],
      [
        `-sU -S ${other}`,
        new RegExp(`^Cannot send from ${other} without raw sockets: it is no address of this machine\\. `),
      ],
    ];
    for (const [flags, says] of rows) {
      const argv = asUser([...SYNSCAN, "--no-config", "-n", ...flags.split(" "), target]);
      const { code, stdout, stderr } = await lab.run("scanner", argv);
      assertEquals([code, stdout], [2, ""], stderr);
      assertMatch(stderr.trimEnd(), says);
      assertEquals(stderr.split("\n").length, 2, stderr);
    }
    const args = ["-sU", "-g", "40000", "-S", own, "-p", "53,123,1000", target];
    const from = await runSynscan(lab, "scanner", args, { isUser: true });
    assertEquals(portsOf(from.ports), new Map([["open udp-response", [53, 123]], [CLOSED, [1000]]]));
  });
});

labTest("lab: no payload draws more than three times its own size", [], async () => {
  await using lab = await udpLab();
  const script = new URL("udp_amplification.ts", import.meta.url).pathname;
  const target = MIXED.hosts(NEAR_NETWORK, 2)[0]!;
  const argv = [Deno.execPath(), "run", "--no-config", "--unstable-net", "--allow-net", script, target];
  const { code, stdout, stderr } = await lab.run("scanner", argv);
  assertEquals(code, 0, stdout + stderr);
  const answered = stdout.trim().split("\n").map((line) => Number(/(\d+):/.exec(line)?.[1]));
  assertEquals([...new Set(answered)].sort((one, other) => one - other), UDP_SERVERS);
});

labTest("lab: -sU of a link-local address with its zone, in every format", ["xmllint"], async () => {
  await using lab = await udpLab({ serve: ["::"] });
  lab.ip("target", "-6 address add fe80::66:2/64 dev scanner nodad");
  const host = "fe80::66:2%target";
  const base = `${lab.folder()}/all`;
  const argv = [...SYNSCAN, "-n", "-sU", "-p", "53,69,1000", "-oA", base, host];
  const { code, stdout, stderr } = await lab.run("scanner", argv);
  assertEquals([code, stderr], [0, ""]);
  assertStringIncludes(stdout, "53/udp");
  const { ports } = readSynscanJson(Deno.readTextFileSync(`${base}.json`));
  const truth = groundTruth([[host, "53,69", "open", "udp-response"], [host, "1000", "closed", "port-unreach"]]);
  assertTruth(truth, ports, "synscan -sU");
  const valid = ["xmllint", "--noout", "--dtdvalid", "/usr/share/nmap/nmap.dtd", `${base}.xml`];
  assertEquals((await lab.run("scanner", valid)).code, 0);
  assertStringIncludes(Deno.readTextFileSync(`${base}.xml`), '<port protocol="udp" portid="53"><state state="open"');
  assertStringIncludes(Deno.readTextFileSync(`${base}.gnmap`), "53/open/udp//domain///");
  assertStringIncludes(Deno.readTextFileSync(`${base}.nmap`), `Nmap scan report for ${host}`);
});

labTest(
  "lab: a firewall of the scanner that drops datagrams is local trouble, on own links and beyond",
  [],
  async (t) => {
    await using lab = await farUdpLab();
    const cases = [NEAR_NETWORK, FAR_NETWORK].flatMap((network) => FAMILIES.map((family) => ({ network, family })));
    lab.rules("scanner", [chain("output", ["meta l4proto udp drop"])]);
    await stepsAtOnce(
      t,
      cases,
      ({ network, family }) => `${family.name}, network ${network}`,
      async ({ network, family }) => {
        const hosts = family.hosts(network, 2);
        const { ports, summary, code } = await runSynscan(lab, "scanner", ["-sU", "-p", "1-300", ...hosts]);
        assertEquals(
          [...portsOf(ports)].map(([key, { length }]) => [key, length]),
          [["undecided local-firewall", 300 * hosts.length]],
        );
        assert(
          summary.warnings.some((line) => line.includes("firewall of this machine refuses to send")),
          `${summary.warnings}`,
        );
        assertEquals([code, summary.trusted], [3, false]);
      },
    );
    // What it lets pass is probed.
    lab.rules("scanner", [chain("output", ["udp dport 1000-1002 drop"])]);
    await t.step("some are dropped", (t) =>
      forFamilies(t, async (family) => {
        const hosts = family.hosts(FAR_NETWORK, 2);
        const { ports } = await runSynscan(lab, "scanner", ["-sU", "-p", "1000-1005", ...hosts]);
        assertTruth(
          groundTruth([
            [hosts, "1000-1002", "undecided", "local-firewall"],
            [hosts, "1003-1005", "closed", "port-unreach"],
          ]),
          ports,
          "synscan -sU",
        );
      }));
    // Datagrams and errors that it drops as they come in have been read before.
    lab.rules("scanner", [chain("input", ["meta l4proto { udp, icmp } drop", "icmpv6 type != { 135, 136 } drop"])]);
    await t.step("what comes in is dropped", (t) =>
      forFamilies(t, async (family) => {
        const hosts = family.hosts(FAR_NETWORK, 2);
        const { ports } = await runSynscan(lab, "scanner", ["-sU", "-p", "53,1000", ...hosts]);
        const truth = groundTruth([[hosts, "53", "open", "udp-response"], [hosts, "1000", "closed", "port-unreach"]]);
        assertTruth(truth, ports, "synscan -sU");
      }));
  },
);

labTest("lab: -sU over a link with a small MTU sends every port a request that fits", [], async (t) => {
  // IPv6 needs links of 1,280 bytes (RFC 8200 section 5).
  const [family] = ALL_FAMILIES;
  for (const mtu of [1227, 576, 100]) {
    await t.step(`${mtu} bytes`, async () => {
      await using lab = await farUdpLab({ family });
      lab.ip("scanner", `link set router mtu ${mtu}`);
      lab.ip("router", `link set scanner mtu ${mtu}`);
      const { ports, summary, code } = await runSynscan(lab, "scanner", [
        ...["-sU", "-p", "80,443,500,784,853", ...family.hosts(FAR_NETWORK, 2)],
      ]);
      assertEquals(portsOf(ports), new Map([[CLOSED, [80, 443, 500, 784, 853]]]));
      assertEquals([summary.undecided, code], [0, 0]);
    });
  }
});

/**
 * UDP scans of real kernels, whose limits of ICMP errors are on.
 *
 * @module
 */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { chain, Lab, labTest, linkedLab } from "../support/lab.ts";
import { asUser, runSynscan, SYNSCAN } from "../support/lab_synscan.ts";
import { LINUX_LIMITS, NO_LIMITS, portsOf, startUdpServers, UDP_SERVERS } from "../support/lab_udp.ts";

const TARGET = "10.64.1.2";
async function udpLab(sysctls: Readonly<Record<string, number>>): Promise<Lab> {
  const lab = await linkedLab({ scanner: {}, target: { sysctls } });
  await startUdpServers(lab, "target", TARGET);
  return lab;
}

const CLOSED = "closed port-unreach";
const LIMITED = "undecided icmp-limited";

/** The announcement of a scan without privileges. */
const ANNOUNCED =
  "No right to open raw sockets: UDP scan (-sU) through sockets of the kernel. Use sudo for raw packets\n";

for (const isUser of [false, true]) {
  const whose = isUser ? " without privileges" : "";
  const needs = isUser ? ["setpriv"] : [];

  labTest(
    `lab: -sU${whose} finds every server at once, and says nothing of ports that no error can be about`,
    needs,
    async () => {
      await using lab = await udpLab(LINUX_LIMITS);
      const { ports, summary, code, stderr } = await runSynscan(lab, "scanner", ["-sU", "--deadline", "6s", TARGET], {
        isUser,
      });
      const found = portsOf(ports);
      assertEquals(found.get("open udp-response"), UDP_SERVERS);
      const [closed, limited] = [found.get(CLOSED)?.length ?? 0, found.get(LIMITED)?.length ?? 0];
      // The burst, and one a second; how many of these depends on how busy the machine is.
      assert(closed >= (isUser ? 3 : 6) && closed <= 14, `${closed} closed`);
      assertEquals([closed + limited, code], [90, 3]);
      const isLimited = (line: string) => line.includes("limits its ICMP errors to 1 a second");
      assert(summary.warnings.some(isLimited), `${summary.warnings}`);
      assertEquals(stderr.startsWith(ANNOUNCED), isUser, stderr);
    },
  );

  labTest(`lab: -sU with TCP${whose}, a firewall in front, and a host without a limit`, needs, async () => {
    await using lab = await udpLab(NO_LIMITS);
    const run = (...args: string[]) => runSynscan(lab, "scanner", ["-sU", ...args], { isUser });
    const both = await run(isUser ? "-sT" : "-sS", "-p", "U:53,69,1000,1434,T:80", TARGET);
    assertEquals(
      portsOf(both.ports),
      new Map([
        [CLOSED, [1000, 1434]],
        ["open udp-response", [53, 69]],
        [isUser ? "closed conn-refused" : "closed reset", [80]],
      ]),
    );
    assertEquals([both.summary.undecided, both.code], [0, 0]);
    // The ports that probes leave from are among these.
    const own = await run("-p", "61000-65535", "127.0.0.1");
    assertEquals([...portsOf(own.ports).keys(), own.ports.length], [CLOSED, 4536]);
    lab.rules("target", [chain("input", ["udp dport 1000 reject with icmpx admin-prohibited", "udp dport 1001 drop"])]);
    const behind = await run("-p", "1000-1002", TARGET);
    assertEquals(
      portsOf(behind.ports),
      new Map([[CLOSED, [1002]], ["filtered admin-prohibited", [1000]], ["open|filtered no-response", [1001]]]),
    );
  });

  labTest(`lab: -sU${whose}: a port is closed only where its host says so, and not a router`, needs, async () => {
    const ROUTER = "10.64.1.2";
    await using lab = await Lab.create({
      spaces: {
        scanner: { routes: [`default via ${ROUTER}`] },
        router: {
          forward: true,
          sysctls: NO_LIMITS,
          // Of one of these the probe has a token, of the other none.
          chains: [chain("forward", ["udp dport { 1000, 1434 } reject with icmp type port-unreachable"])],
        },
        host: { routes: ["default via 10.66.0.1"], sysctls: NO_LIMITS },
      },
      links: [
        { between: ["scanner", "router"], addresses: ["10.64.1.1/24", `${ROUTER}/24`] },
        { between: ["router", "host"], addresses: ["10.66.0.1/24", "10.66.0.10/24"] },
      ],
    });
    const args = ["-sU", "-p", "1000,1001,1433,1434", "10.66.0.10"];
    const { ports } = await runSynscan(lab, "scanner", args, { isUser });
    assertEquals(portsOf(ports), new Map([[CLOSED, [1001, 1433]], ["filtered port-unreach", [1000, 1434]]]));
  });
}

labTest("lab: -sU without privileges: what the kernel refuses is one line", ["setpriv"], async () => {
  await using lab = await udpLab(NO_LIMITS);
  const rows: readonly (readonly [string, RegExp])[] = [
    ["-sU -sS", /^Cannot open raw sockets: CAP_NET_RAW is missing\. .* or scan with -sT$/],
    ["-sU --transport ethernet", /^Cannot open raw sockets: /],
    ["-sU -g 53", /^Cannot send datagrams from port 53: .* Ports below 1024 need root: give another, or none$/],
    ["-sU -S 10.64.1.77", /^Cannot send from 10\.64\.1\.77 without raw sockets: it is no address of this machine\. /],
  ];
  for (const [flags, says] of rows) {
    const argv = asUser([...SYNSCAN, "--no-config", "-n", ...flags.split(" "), TARGET]);
    const { code, stdout, stderr } = await lab.run("scanner", argv);
    assertEquals([code, stdout], [2, ""], stderr);
    assertMatch(stderr.trimEnd(), says);
    assertEquals(stderr.split("\n").length, 2, stderr);
  }
  const from = await runSynscan(
    lab,
    "scanner",
    ["-sU", "-g", "40000", "-S", "10.64.1.1", "-p", "53,123,1000", TARGET],
    {
      isUser: true,
    },
  );
  assertEquals(portsOf(from.ports), new Map([["open udp-response", [53, 123]], [CLOSED, [1000]]]));
});

labTest("lab: no payload draws more than three times its own size", [], async () => {
  await using lab = await udpLab(NO_LIMITS);
  const script = new URL("udp_amplification.ts", import.meta.url).pathname;
  const argv = [Deno.execPath(), "run", "--no-config", "--unstable-net", "--allow-net", script, TARGET];
  const { code, stdout, stderr } = await lab.run("scanner", argv);
  assertEquals(code, 0, stdout + stderr);
  const answered = stdout.trim().split("\n").map((line) => Number(/(\d+):/.exec(line)?.[1]));
  assertEquals([...new Set(answered)].sort((one, other) => one - other), UDP_SERVERS);
});

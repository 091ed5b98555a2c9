/**
 * UDP scans of real kernels, whose limits of ICMP errors are on.
 *
 * @module
 */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { chain, type Lab, labTest, linkedLab } from "../support/lab.ts";
import { asUser, runSynscan, SYNSCAN } from "../support/lab_synscan.ts";
import {
  errorsSentBy,
  FAR,
  farUdpLab,
  type KernelLimits,
  LINUX_LIMITS,
  NO_LIMITS,
  portsOf,
  startUdpServers,
  UDP_SERVERS,
} from "../support/lab_udp.ts";
import { assertTruth, groundTruth } from "../support/lab_verdicts.ts";

const TARGET = "10.64.1.2";
async function udpLab(sysctls: KernelLimits): Promise<Lab> {
  const lab = await linkedLab({ scanner: {}, target: { sysctls } });
  await startUdpServers(lab, "target", TARGET);
  return lab;
}

const CLOSED = "closed port-unreach";

/** The announcement of a scan without privileges. */
const ANNOUNCED =
  "No right to open raw sockets: UDP scan (-sU) through sockets of the kernel. Use sudo for raw packets\n";

/** Returns the number of undecided ports. Where the deadline comes while a probe is in flight, that is the reason. */
function undecidedIn(found: ReadonlyMap<string, readonly number[]>): number {
  return [...found].reduce((sum, [key, ports]) => key.startsWith("undecided") ? sum + ports.length : sum, 0);
}

/** Sends datagrams to a closed port of a host, one each 10 ms for two seconds: it has no errors left meanwhile. */
async function useUpErrors(lab: Lab, host: string): Promise<void> {
  const any = host.includes(":") ? "::" : "0.0.0.0";
  const to = `{ transport: "udp", hostname: "${host}", port: 9 }`;
  const script = `const socket = Deno.listenDatagram({ transport: "udp", hostname: "${any}", port: 0 });
for (let i = 0; i < 200; i++) {
  await socket.send(new Uint8Array(1), ${to});
  await new Promise((resolve) => setTimeout(resolve, 10));
}`;
  const { code, stderr } = await lab.run("scanner", [Deno.execPath(), "eval", "--unstable-net", script]);
  assertEquals(code, 0, stderr);
}

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
      const closed = found.get(CLOSED)?.length ?? 0;
      // The burst, and one a second; how many of these depends on how busy the machine is.
      assert(closed >= (isUser ? 3 : 6) && closed <= 14, `${closed} closed`);
      assertEquals([closed + undecidedIn(found), code], [90, 3]);
      const isLimited = (line: string) => line.includes("limits its ICMP errors to 1 a second");
      assert(summary.warnings.some(isLimited), `${summary.warnings}`);
      assertEquals(stderr.startsWith(ANNOUNCED), isUser, stderr);
    },
  );

  labTest(
    `lab: -sU${whose} of a host that has no errors left at first takes no closed port for open`,
    needs,
    async () => {
      await using lab = await farUdpLab({ sysctls: LINUX_LIMITS });
      for (const host of FAR) {
        const scan = runSynscan(lab, "scanner", ["-sU", "--deadline", "8s", host], { isUser });
        const [{ ports, summary }] = await Promise.all([scan, useUpErrors(lab, host)]);
        const found = portsOf(ports);
        assertEquals(found.get("open udp-response"), UDP_SERVERS, host);
        const closed = found.get(CLOSED)?.length ?? 0;
        assertEquals(closed + undecidedIn(found), 90, `${host}: ${[...found.keys()]}`);
        assert(closed >= 1, `${closed} closed of ${host}`);
        assertMatch(summary.warnings.join("\n"), /limits its ICMP errors to /);
      }
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
}

labTest("lab: -sU -sT without privileges finds the truth over IPv4 and IPv6, and takes no router for its host", [
  "setpriv",
], async () => {
  // Of 1434 some probes have no token.
  const router = [
    chain("forward", ["udp dport { 1002, 1434 } reject with icmpx port-unreachable", "udp dport 1003 drop"]),
  ];
  const target = [chain("input", ["udp dport 1000 reject with icmpx admin-prohibited", "udp dport 1001 drop"])];
  await using lab = await farUdpLab({ sysctls: NO_LIMITS, router: { chains: router }, target: { chains: target } });
  await lab.listen("target", "22", "::");
  const before = await errorsSentBy(lab, "scanner");
  const isUser = true;
  const ports = "T:22-23,U:53,69,123,161,1000-1004,1434";
  const { ports: seen, summary, code } = await runSynscan(lab, "scanner", ["-sT", "-sU", "-p", ports, ...FAR], {
    isUser,
  });
  const udp = groundTruth([
    [FAR, "53,69,123,161", "open", "udp-response"],
    [FAR, "1000", "filtered", "admin-prohibited"],
    [FAR, "1001,1003", "open|filtered", "no-response"],
    [FAR, "1002,1434", "filtered", "port-unreach"],
    [FAR, "1004", "closed", "port-unreach"],
  ]);
  const tcp = groundTruth([[FAR, "22", "open", "conn-accept"], [FAR, "23", "closed", "conn-refused"]]);
  const isUdp = ({ proto }: { proto: string }) => proto === "udp";
  assertTruth(udp, seen.filter(isUdp), "synscan -sU");
  assertTruth(tcp, seen.filter((line) => !isUdp(line)), "synscan -sT");
  assertEquals(
    seen.filter(({ port }) => port === 1002 || port === 1434).map(({ from }) => from).sort(),
    ["10.64.1.2", "10.64.1.2", "fd64:1::2", "fd64:1::2"],
  );
  assertEquals([summary.undecided, code], [0, 0]);
  assertEquals(await errorsSentBy(lab, "scanner"), before);
  // The ports that probes leave from are among these.
  for (const own of ["::1", "fd64:1::1"]) {
    const scan = await runSynscan(lab, "scanner", ["-sU", "-p", "61000-65535", own], { isUser });
    assertEquals([...portsOf(scan.ports).keys(), scan.ports.length], [CLOSED, 4536], own);
  }
});

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

/**
 * UDP scans of real kernels that limit their ICMP errors.
 *
 * @module
 */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { type Family, forFamilies, MIXED } from "../support/families.ts";
import { type Lab, labTest } from "../support/lab.ts";
import { type PortLine, runSynscan } from "../support/lab_synscan.ts";
import { FAR_NETWORK, farUdpLab, LINUX_LIMITS, portsOf, UDP_SERVERS } from "../support/lab_udp.ts";
import { assertTruth, groundTruth } from "../support/lab_verdicts.ts";

/** The announcement of a scan without privileges. */
const ANNOUNCED =
  "No right to open raw sockets: UDP scan (-sU) through sockets of the kernel. Use sudo for raw packets\n";

/** The number of closed ports that a host shows in 6 s, its burst among them, and what is stated of its limit. */
const SHOWN = {
  IPv4: { least: 6, leastOfUser: 3, most: 14, perSecond: [1, 1] },
  IPv6: { least: 20, leastOfUser: 20, most: 70, perSecond: [5, 13] },
} as const;

/** Ports of which a host that sends an error a second shows all in a few seconds, so that those of the other family are probed as well. */
const FEW_CLOSED = "1000-1007";
const FEW = `${UDP_SERVERS.join()},${FEW_CLOSED}`;

/** Returns the number of undecided ports. Where the deadline comes while a probe is in flight, that is the reason. */
function undecidedIn(found: ReadonlyMap<string, readonly number[]>): number {
  return [...found].reduce((sum, [key, ports]) => key.startsWith("undecided") ? sum + ports.length : sum, 0);
}

/** Checks that all servers and all of the few closed ports were found. */
function assertFew(hosts: readonly string[], ports: readonly PortLine[]): void {
  const truth = groundTruth([
    [hosts, UDP_SERVERS.join(), "open", "udp-response"],
    [hosts, FEW_CLOSED, "closed", "port-unreach"],
  ]);
  assertTruth(truth, ports, "synscan -sU");
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

/** Checks the usual ports of a host of one family, which shows a part of the closed ones until the deadline. */
async function checkShown(lab: Lab, family: Family, isUser: boolean): Promise<void> {
  const args = ["-sU", "--deadline", "6s", ...family.hosts(FAR_NETWORK, 2)];
  const { ports, summary, code, stderr } = await runSynscan(lab, "scanner", args, { isUser });
  const found = portsOf(ports);
  assertEquals(found.get("open udp-response"), UDP_SERVERS);
  const closed = found.get("closed port-unreach")?.length ?? 0;
  const { least, leastOfUser, most, perSecond: [slowest, fastest] } = SHOWN[family.versions[0]!.name];
  // The burst, and what comes each second; how many of these depends on how busy the machine is.
  assert(closed >= (isUser ? leastOfUser : least) && closed <= most, `${closed} closed`);
  assertEquals([closed + undecidedIn(found), code], [90, 3]);
  const limit = /limits its ICMP errors to ([\d.]+) a second/.exec(summary.warnings.join("\n"))?.[1];
  assert(Number(limit) >= slowest && Number(limit) <= fastest, `${summary.warnings}`);
  assertEquals(stderr.startsWith(ANNOUNCED), isUser, stderr);
}

for (const isUser of [false, true]) {
  const whose = isUser ? " without privileges" : "";
  const needs = isUser ? ["setpriv"] : [];

  labTest(
    `lab: -sU${whose} finds every server at once, and says nothing of ports that no error can be about`,
    needs,
    (t) =>
      forFamilies(t, async (family) => {
        await using lab = await farUdpLab({ family, sysctls: LINUX_LIMITS });
        if (family !== MIXED) return await checkShown(lab, family, isUser);
        const hosts = family.hosts(FAR_NETWORK, 2);
        const { ports, code } = await runSynscan(lab, "scanner", ["-sU", "-p", FEW, ...hosts], { isUser });
        assertFew(hosts, ports);
        assertEquals(code, 0);
      }),
  );

  labTest(
    `lab: -sU${whose} of a host that has no errors left at first takes no closed port for open`,
    needs,
    (t) =>
      forFamilies(t, async (family) => {
        await using lab = await farUdpLab({ family, sysctls: LINUX_LIMITS });
        const hosts = family.hosts(FAR_NETWORK, 2);
        const asked = family === MIXED ? ["-p", FEW] : ["--deadline", "8s"];
        const scan = runSynscan(lab, "scanner", ["-sU", ...asked, ...hosts], { isUser });
        const [{ ports, summary }] = await Promise.all([scan, ...hosts.map((host) => useUpErrors(lab, host))]);
        if (family === MIXED) return assertFew(hosts, ports);
        assertMatch(summary.warnings.join("\n"), /limits its ICMP errors to /);
        const found = portsOf(ports);
        assertEquals(found.get("open udp-response"), UDP_SERVERS);
        const closed = found.get("closed port-unreach")?.length ?? 0;
        assertEquals(closed + undecidedIn(found), 90, `${[...found.keys()]}`);
        assert(closed >= 1, `${closed} closed`);
      }),
  );
}

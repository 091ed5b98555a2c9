/**
 * UDP scans of real kernels, whose limits of ICMP errors are on.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { chain, type Lab, labTest, linkedLab } from "../support/lab.ts";
import { runSynscan } from "../support/lab_synscan.ts";
import { LINUX_LIMITS, NO_LIMITS, portsOf, startUdpServers, UDP_SERVERS } from "../support/lab_udp.ts";

const TARGET = "10.64.1.2";

async function udpLab(sysctls: Readonly<Record<string, number>>): Promise<Lab> {
  const lab = await linkedLab({ scanner: {}, target: { sysctls } });
  await startUdpServers(lab, "target", TARGET);
  return lab;
}

const CLOSED = "closed port-unreach";
const LIMITED = "undecided icmp-limited";

labTest("lab: -sU finds every server at once, and says nothing of ports that no error can be about", [], async () => {
  await using lab = await udpLab(LINUX_LIMITS);
  const { ports, summary, code } = await runSynscan(lab, "scanner", ["-sU", "--deadline", "6s", TARGET]);
  const found = portsOf(ports);
  assertEquals(found.get("open udp-response"), UDP_SERVERS);
  const [closed, limited] = [found.get(CLOSED)?.length ?? 0, found.get(LIMITED)?.length ?? 0];
  // The burst, and one a second; how many of these depends on how busy the machine is.
  assert(closed >= 6 && closed <= 14, `${closed} closed`);
  assertEquals([closed + limited, code], [90, 3]);
  assert(summary.warnings.some((line) => line.includes("limits its ICMP errors to 1 a second")), `${summary.warnings}`);
});

labTest("lab: -sU -sS, a firewall in front, and a host without a limit", [], async () => {
  await using lab = await udpLab(NO_LIMITS);
  const both = await runSynscan(lab, "scanner", ["-sU", "-sS", "-p", "U:53,69,1000,T:80", TARGET]);
  assertEquals(
    portsOf(both.ports),
    new Map([[CLOSED, [1000]], ["open udp-response", [53, 69]], ["closed reset", [80]]]),
  );
  assertEquals([both.summary.probes, both.summary.undecided], [4, 0]);
  // The ports that probes leave from are among these.
  const own = await runSynscan(lab, "scanner", ["-sU", "-p", "61000-65535", "127.0.0.1"]);
  assertEquals([...portsOf(own.ports).keys(), own.ports.length], [CLOSED, 4536]);
  lab.rules("target", [chain("input", ["udp dport 1000 reject with icmpx admin-prohibited", "udp dport 1001 drop"])]);
  const behind = await runSynscan(lab, "scanner", ["-sU", "-p", "1000-1002", TARGET]);
  assertEquals(
    portsOf(behind.ports),
    new Map([[CLOSED, [1002]], ["filtered admin-prohibited", [1000]], ["open|filtered no-response", [1001]]]),
  );
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

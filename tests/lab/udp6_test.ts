/**
 * UDP scans of real kernels over IPv6, and of both address families at once.
 *
 * @module
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { chain, Lab, labTest } from "../support/lab.ts";
import { readSynscanJson, runSynscan, SYNSCAN } from "../support/lab_synscan.ts";
import {
  errorsSentBy,
  FAR,
  farUdpLab,
  LINUX_LIMITS,
  NO_LIMITS,
  portsOf,
  startUdpServers,
  UDP_SERVERS,
} from "../support/lab_udp.ts";
import { assertTruth, groundTruth } from "../support/lab_verdicts.ts";
import { runNmap } from "../support/nmap_xml.ts";

/** Rules of a router, and of the target: errors from either, and silence. */
const ROUTER = [chain("forward", ["udp dport 1002 reject with icmpx port-unreachable", "udp dport 1003 drop"])];
const TARGET = [chain("input", ["udp dport 1000 reject with icmpx admin-prohibited", "udp dport 1001 drop"])];

labTest(
  "lab: -sU finds the truth over IPv4 and IPv6 in one scan, with TCP, as nmap does of each",
  ["nmap"],
  async () => {
    await using lab = await farUdpLab({ sysctls: NO_LIMITS, router: { chains: ROUTER }, target: { chains: TARGET } });
    await lab.listen("target", "22", "::");
    const before = await errorsSentBy(lab, "scanner");
    const ports = "T:22-23,U:53,69,123,161,1000-1004";
    const { ports: seen, summary, code } = await runSynscan(lab, "scanner", ["-sS", "-sU", "-p", ports, ...FAR]);
    const udp = groundTruth([
      [FAR, "53,69,123,161", "open", "udp-response"],
      [FAR, "1000", "filtered", "admin-prohibited"],
      [FAR, "1001,1003", "open|filtered", "no-response"],
      [FAR, "1002", "filtered", "port-unreach"],
      [FAR, "1004", "closed", "port-unreach"],
    ]);
    const tcp = groundTruth([[FAR, "22", "open", "syn-ack"], [FAR, "23", "closed", "reset"]]);
    const isUdp = ({ proto }: { proto: string }) => proto === "udp";
    assertTruth(udp, seen.filter(isUdp), "synscan -sU");
    assertTruth(tcp, seen.filter((line) => !isUdp(line)), "synscan -sS");
    assertEquals(
      seen.filter(({ port }) => port === 1002).map(({ from }) => from).sort(),
      ["10.64.1.2", "fd64:1::2"],
    );
    assertEquals([summary.undecided, code], [0, 0]);
    // The kernel of the scanner has sent no error in reply to a reply.
    assertEquals(await errorsSentBy(lab, "scanner"), before);
    const nmap = await runNmap(lab, "scanner", ["-6", "-sU", "-p", "53,69,123,161,1000-1004", FAR[1]]);
    const differing = nmap.filter(({ port, state }) => udp.get(`${FAR[1]}:${port}`)!.state !== state);
    // Its payload for TFTP is another one, and the reply from another port is no reply to it.
    assertEquals(differing.map(({ port }) => port).filter((port) => port !== 69), []);
  },
);

labTest("lab: -sU over IPv6 settles closed ports at ten a second, and no result is wrong", [], async () => {
  await using lab = await farUdpLab({ sysctls: LINUX_LIMITS, serve: FAR[1] });
  const { ports, summary, elapsedMs } = await runSynscan(lab, "scanner", ["-sU", "--deadline", "6s", FAR[1]]);
  const found = portsOf(ports);
  assertEquals(found.get("open udp-response"), UDP_SERVERS);
  const [closed, limited] = ["closed port-unreach", "undecided icmp-limited"].map((key) => found.get(key)?.length ?? 0);
  assertEquals(closed! + limited!, 90);
  // The burst, and ten a second; how many of these depends on how busy the machine is.
  assert(closed! >= 20 && closed! <= 70, `${closed} closed in ${elapsedMs} ms`);
  const limit = /limits its ICMP errors to ([\d.]+) a second/.exec(summary.warnings.join("\n"))?.[1];
  assert(Number(limit) >= 5 && Number(limit) <= 13, `${summary.warnings}`);
});

labTest("lab: -sU of a link-local address with its zone, in every format", ["xmllint"], async () => {
  await using lab = await Lab.create({
    spaces: { scanner: {}, target: { sysctls: NO_LIMITS } },
    links: [{ between: ["scanner", "target"], addresses: ["10.64.1.1/24 fd64:1::1/64", "10.64.1.2/24 fd64:1::2/64"] }],
  });
  lab.ip("target", "-6 address add fe80::66:2/64 dev scanner nodad");
  await startUdpServers(lab, "target", "::");
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

labTest("lab: -sU over IPv6 of own addresses and of loopback", [], async () => {
  await using lab = await farUdpLab({ sysctls: NO_LIMITS, serve: FAR[1] });
  // The ports that probes leave from are among these.
  for (const own of ["::1", "fd64:1::1"]) {
    const { ports } = await runSynscan(lab, "scanner", ["-sU", "-p", "61000-65535", own]);
    assertEquals([...portsOf(ports).keys(), ports.length], ["closed port-unreach", 4536], own);
  }
});

labTest(
  "lab: a firewall of the scanner that drops datagrams is local trouble, on own links and beyond, by both families",
  [],
  async () => {
    await using lab = await farUdpLab({ sysctls: NO_LIMITS, serve: FAR[1] });
    const near = ["10.64.1.2", "fd64:1::2"];
    lab.rules("scanner", [chain("output", ["meta l4proto udp drop"])]);
    for (const host of [...near, ...FAR]) {
      const { ports, summary, code } = await runSynscan(lab, "scanner", ["-sU", "-p", "1-300", host]);
      assertEquals(
        [...portsOf(ports)].map(([key, { length }]) => [key, length]),
        [["undecided local-firewall", 300]],
        host,
      );
      assert(
        summary.warnings.some((line) => line.includes("firewall of this machine refuses to send")),
        `${summary.warnings}`,
      );
      assertEquals([code, summary.trusted], [3, false], host);
    }
    // What it lets pass is probed.
    lab.rules("scanner", [chain("output", ["udp dport 1000-1002 drop"])]);
    const { ports } = await runSynscan(lab, "scanner", ["-sU", "-p", "1000-1005", ...FAR]);
    assertTruth(
      groundTruth([[FAR, "1000-1002", "undecided", "local-firewall"], [FAR, "1003-1005", "closed", "port-unreach"]]),
      ports,
      "synscan -sU",
    );
    // Datagrams and errors that it drops as they come in have been read before.
    lab.rules("scanner", [chain("input", ["meta l4proto { udp, icmp } drop", "icmpv6 type != { 135, 136 } drop"])]);
    const received = await runSynscan(lab, "scanner", ["-sU", "-p", "53,1000", ...FAR]);
    const answered = groundTruth([[FAR, "1000", "closed", "port-unreach"], [FAR[1], "53", "open", "udp-response"]]);
    answered.set(`${FAR[0]}:53`, { state: "closed", reasons: ["port-unreach"] });
    assertTruth(answered, received.ports, "synscan -sU");
  },
);

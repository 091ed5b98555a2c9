/**
 * Scans from several addresses of one machine.
 *
 * @module
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { chain, Lab, labTest } from "../support/lab.ts";
import { runSynscan, SYNSCAN } from "../support/lab_synscan.ts";
import { type KernelLimits, LINUX_LIMITS, NO_LIMITS, portsOf } from "../support/lab_udp.ts";
import { assertTruth, groundTruth } from "../support/lab_verdicts.ts";

const OWN = ["10.64.1.1", "10.64.1.11", "10.64.1.12", "10.64.1.13"];
const OWN6 = ["fd64:1::1", "fd64:1::11", "fd64:1::12", "fd64:1::13"];
const HOSTS = ["10.64.1.2", "fd64:1::2"] as const;

function sourcesLab(sysctls: KernelLimits, chains: readonly string[] = []): Promise<Lab> {
  const own = [...OWN.map((address) => `${address}/24`), ...OWN6.map((address) => `${address}/64`)].join(" ");
  return Lab.create({
    spaces: { scanner: {}, target: { sysctls, chains } },
    links: [{
      between: ["scanner", "target"],
      addresses: [own, HOSTS.map((host, i) => `${host}/${[24, 64][i]}`).join(" ")],
    }],
  });
}

for (const isUser of [false, true]) {
  const whose = isUser ? " without privileges" : "";
  const title = `lab: -sU${whose} from four addresses gets the errors of four, by both families`;
  labTest(title, isUser ? ["setpriv"] : [], () => useFourBuckets(isUser));
}

async function useFourBuckets(isUser: boolean): Promise<void> {
  await using lab = await sourcesLab(LINUX_LIMITS);
  // The bursts, and up to a deadline of 4 s what each address gets, which is more than one address could get.
  for (const [host, own, least, most, one] of [[HOSTS[0], OWN, 24, 44, 10], [HOSTS[1], OWN6, 60, 184, 46]] as const) {
    const args = ["-sU", "-p", "1-200", "--deadline", "4s", "-S", own.join(), host];
    const { ports, summary } = await runSynscan(lab, "scanner", args, { isUser });
    const found = portsOf(ports);
    const closed = found.get("closed port-unreach")?.length ?? 0;
    assert(closed >= least && closed <= most && least > one, `${host}: ${closed} closed`);
    assertEquals(closed + (found.get("undecided icmp-limited")?.length ?? 0), 200);
    const limit = /limits its ICMP errors to ([\d.]+) a second/.exec(summary.warnings.join("\n"))?.[1];
    assert(Number(limit) >= own.length, `${summary.warnings}`);
  }
}

labTest("lab: -sS and -sU of both families from several addresses, each of which probes", [], async () => {
  const counters = [
    ...OWN.map((own) => `ip saddr ${own} counter`),
    ...OWN6.map((own) => `ip6 saddr ${own} udp dport 1-60 counter`),
  ];
  await using lab = await sourcesLab(NO_LIMITS, [chain("input", counters)]);
  await lab.listen("target", "22", "::");
  const args = ["-sS", "-sU", "-p", "T:1-60,U:1-60", "-S", [...OWN, ...OWN6].join(), ...HOSTS];
  const { ports, summary } = await runSynscan(lab, "scanner", args);
  const tcp = groundTruth([[HOSTS, "1-60", "closed", "reset"], [HOSTS, "22", "open", "syn-ack"]]);
  assertTruth(tcp, ports.filter(({ proto }) => proto === "tcp"), "-sS");
  const udp = ports.filter(({ proto }) => proto !== "tcp");
  assertTruth(groundTruth([[HOSTS, "1-60", "closed", "port-unreach"]]), udp, "-sU");
  assertEquals(summary.undecided, 0);
  const { stdout } = await lab.run("target", ["nft", "list", "ruleset"]);
  const counts = [...stdout.matchAll(/counter packets (\d+)/g)].map(([, count]) => Number(count));
  assertEquals(counts.length, 8);
  // A quarter of 60 at least, but for a few that are probed twice from another address.
  for (const count of counts) assert(count >= 10, `${counts}`);
});

labTest("lab: an address of a local route is one of this machine", [], async () => {
  await using lab = await sourcesLab(NO_LIMITS);
  lab.ip("scanner", "route add local 10.65.0.0/16 dev lo");
  for (const [source, target] of [["127.0.0.5", "127.0.0.1"], ["10.65.1.2", "10.64.1.1"]] as const) {
    await lab.listen("scanner", "22", target);
    const { ports, summary } = await runSynscan(lab, "scanner", ["-p", "22-23", "-S", source, target]);
    assertTruth(groundTruth([[[target], "23", "closed", "reset"], [[target], "22", "open", "syn-ack"]]), ports, source);
    assertEquals(summary.warnings, [], source);
  }
});

labTest("lab: addresses to send from that make no sense are refused in one line", [], async () => {
  await using lab = await sourcesLab(NO_LIMITS);
  for (
    const [sources, targets, why] of [
      [
        "10.64.1.1,10.64.1.99",
        HOSTS[0],
        "Cannot send from 10.64.1.99: of several addresses each has to be one of this machine",
      ],
      ["10.64.1.1,10.64.1.1", HOSTS[0], "Cannot send from 10.64.1.1 twice"],
      ["10.64.1.1,", HOSTS[0], 'Cannot send from "10.64.1.1,": an address of the list is empty'],
      ["10.64.1.1,x", HOSTS[0], "Cannot send from x: it is not an IPv4 address"],
      ["10.64.1.1,10.64.1.11", HOSTS[1], "to targets of IPv6: it is of the other address family"],
      ["fd64:1::1,fd64:1::11", HOSTS.join(" "), "to targets of IPv4: it is of the other address family"],
      ["10.64.1.1,10.64.1.11", `-sT ${HOSTS[0]}`, "Cannot scan by connect with several addresses to send from"],
      [OWN.join() + ",10.64.1.99".repeat(64), HOSTS[0], "Cannot send from 10.64.1.99 twice"],
    ] as const
  ) {
    const argv = [...SYNSCAN, "-n", "-sU", "-p", "1", "-S", sources, ...targets.split(" ")];
    const { code, stdout, stderr } = await lab.run(
      "scanner",
      targets.startsWith("-sT") ? argv.filter((each) => each !== "-sU") : argv,
    );
    assertEquals([code, stdout, stderr.trimEnd().split("\n").length], [1, "", 1], stderr);
    assertStringIncludes(stderr, why);
  }
});

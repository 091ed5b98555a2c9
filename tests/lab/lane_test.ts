/**
 * The transport that a scan uses, and scans during which the next hop changes.
 *
 * @module
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { PACKET_RX_RING, SOL_PACKET } from "../../ffi/constants.ts";
import { ERRNO } from "../../ffi/errno.ts";
import { chain, delay, Lab, labTest } from "../support/lab.ts";
import { runSynscan, SYNSCAN, type SynscanRun } from "../support/lab_synscan.ts";
import { assertTruth, groundTruth, hostsFrom } from "../support/lab_verdicts.ts";

const ETHERNET = "10.64.1.2";
const TUN = "10.64.2.2";
const OPEN = "22,80";

/** A scanner with an Ethernet link, a tun device and its loopback. */
function threeLinks(): Promise<Lab> {
  return Lab.create({
    spaces: { scanner: { listen: OPEN }, target: { listen: OPEN }, far: { listen: OPEN } },
    links: [
      { between: ["scanner", "target"], addresses: ["10.64.1.1/24", `${ETHERNET}/24`] },
      { between: ["scanner", "far"], addresses: ["10.64.2.1/24", `${TUN}/24`], tunDelayMs: 1 },
    ],
  });
}

const NO_LANE = "replies read by recvmmsg, since they are few; no Ethernet sender, because";
/** Each target and transport flag, the transport that is used, and a part of the note of `-v`. */
const WAYS:
  readonly (readonly [name: string, target: string, args: readonly string[], transport: string, note: string])[] = [
    ["Ethernet", ETHERNET, [], "ethernet", "straight to the link target"],
    ["Ethernet, lane demanded", ETHERNET, ["--transport", "ethernet"], "ethernet", "ethernet"],
    ["Ethernet, raw IP demanded", ETHERNET, ["--transport", "sendmmsg"], "sendmmsg", `${NO_LANE} raw IP was asked for`],
    ["Ethernet, plain demanded", ETHERNET, ["--transport", "sendto"], "sendto", "as asked for"],
    ["loopback", "127.0.0.1", [], "sendmmsg", NO_LANE],
    ["this machine's own address", "10.64.1.1", [], "sendmmsg", NO_LANE],
    ["a tun device", TUN, [], "sendmmsg", NO_LANE],
  ];

function truthOf(target: string): ReturnType<typeof groundTruth> {
  return groundTruth([[target, "1-100", "closed", "reset"], [target, OPEN, "open", "syn-ack"]]);
}

labTest("lab: the transport is the fastest that serves, and -v says why", ["gcc"], async (t) => {
  await using lab = await threeLinks();
  for (const [name, target, args, transport, note] of WAYS) {
    await t.step(name, async () => {
      const run = await runSynscan(lab, "scanner", ["-v", ...args, target, "-p", "1-100"]);
      assertTruth(truthOf(target), run.ports, "synscan");
      assertEquals([run.summary.transport, run.code], [transport, 0]);
      const lines = run.stderr.split("\n").filter((line) => line.startsWith(`Transport ${transport}: `));
      assertEquals(lines.length, 1, run.stderr);
      assertStringIncludes(lines[0]!, note);
    });
  }
  await t.step("several at once: the lane for what is on the link, raw IP for the rest", async () => {
    const targets = [ETHERNET, TUN, "127.0.0.1"];
    const run = await runSynscan(lab, "scanner", [...targets, "-p", "1-100"]);
    assertTruth(new Map(targets.flatMap((target) => [...truthOf(target)])), run.ports, "synscan");
    assertEquals(run.summary.transport, "ethernet");
  });
  for (const target of ["127.0.0.1", TUN]) {
    await t.step(`a lane demanded to ${target}`, async () => {
      const argv = [...SYNSCAN, "-n", "--transport", "ethernet", target, "-p", "80"];
      const { code, stdout, stderr } = await lab.run("scanner", argv);
      assertEquals([code, stdout, stderr.trimEnd().split("\n").length], [2, "", 1]);
      assertStringIncludes(stderr, "Cannot send by Ethernet: ");
    });
  }
});

/** So many ports that their replies are read from a ring. */
const MANY = "1-3000";

labTest("lab: a kernel without the ring of packets is served by sendto", ["gcc"], async (t) => {
  await using lab = await threeLinks();
  const refuse = await lab.compile(new URL("refuse_option.c", import.meta.url));
  const ringless = [refuse, `${SOL_PACKET}`, `${PACKET_RX_RING}`, `${ERRNO.EINVAL}`, ...SYNSCAN];
  for (const target of [ETHERNET, "127.0.0.1"]) {
    await t.step(target, async () => {
      const { code, stdout, stderr } = await lab.run("scanner", [...ringless, "-n", "-v", target, "-p", MANY]);
      assertEquals(code, 0, stderr);
      assertStringIncludes(stderr, "Transport sendto: the kernel gives no ring of received packets (EINVAL)");
      assertStringIncludes(stdout, "Not shown: 2,998 closed (reset)");
    });
  }
  await t.step("but not where the ring was demanded", async () => {
    const argv = [...ringless, "--transport", "sendmmsg", ETHERNET, "-p", MANY];
    const { code, stdout, stderr } = await lab.run("scanner", argv);
    assertEquals([code, stdout, stderr.trimEnd().split("\n").length], [2, "", 1], stderr);
    assertStringIncludes(stderr, "EINVAL");
  });
});

const HOST = "10.65.0.9";
const PORTS = 12_000;
const LISTENING = "22,80,8000-8009";

/** A host behind two gateways, which are themselves that host; the scanner counts what it sends by raw IP. */
function twoGateways(): Promise<Lab> {
  const gateway = { listen: LISTENING, local: ["10.65.0.0/16"] };
  return Lab.create({
    spaces: {
      scanner: {
        routes: ["10.65.0.0/16 via 10.64.1.2"],
        chains: [chain("output", ["tcp flags & (syn | rst) == syn counter"])],
      },
      first: gateway,
      second: gateway,
    },
    bridges: [{ name: "lan", members: { scanner: "10.64.1.1/24", first: "10.64.1.2/24", second: "10.64.1.3/24" } }],
  });
}

/** Scans through the first gateway, and does something when a third of the probes have come there. */
function scanMeanwhile(lab: Lab, act: () => void): Promise<SynscanRun> {
  return runSynscan(lab, "scanner", [HOST, "-p", `1-${PORTS}`, "--max-rate", "8000"], {
    meanwhile: async () => {
      for (const begin = received(lab, "first"); received(lab, "first") - begin < PORTS / 3;) await delay(20);
      act();
    },
  });
}

function received(lab: Lab, space: string): number {
  const [link] = JSON.parse(lab.set(space, ["ip", "-s", "-j", "link", "show", "lan"]));
  return link.stats64.rx.packets;
}

/** Probes that left by raw IP: what the lane sends passes below the packet filter. */
function sentByRawIp(lab: Lab): number {
  return Number(
    /counter packets (\d+)/.exec(lab.set("scanner", ["nft", "list", "chain", "inet", "lab", "output"]))?.[1],
  );
}

function assertRight(run: SynscanRun): void {
  const truth = groundTruth([[HOST, `1-${PORTS}`, "closed", "reset"], [HOST, LISTENING, "open", "syn-ack"]]);
  assertTruth(truth, run.ports, "synscan");
  assertEquals([run.code, run.summary.transport], [0, "ethernet"], run.stderr);
  assert(run.elapsedMs < 50_000, `took ${run.elapsedMs} ms`);
}

labTest("lab: the kernel forgets the gateway's hardware address in the middle", [], async () => {
  await using lab = await twoGateways();
  const run = await scanMeanwhile(lab, () => lab.ip("scanner", "neigh flush dev lan"));
  assertRight(run);
  assert(sentByRawIp(lab) < run.summary.sent / 2, `${sentByRawIp(lab)} of ${run.summary.sent} probes by raw IP`);
});

labTest("lab: the gateway gets another hardware address in the middle", [], async () => {
  await using lab = await twoGateways();
  const run = await scanMeanwhile(lab, () => {
    lab.ip("first", "link set lan address 02:00:00:00:64:02");
    lab.ip("scanner", "neigh flush dev lan");
  });
  assertRight(run);
  assert(sentByRawIp(lab) < run.summary.sent / 2, `${sentByRawIp(lab)} of ${run.summary.sent} probes by raw IP`);
});

labTest("lab: the gateway gets another hardware address and does not say so", [], async () => {
  await using lab = await twoGateways();
  const addressOf = (space: string) => JSON.parse(lab.set(space, ["ip", "-j", "link", "show", "lan"]))[0].address;
  const [own, old] = [addressOf("scanner"), addressOf("first")];
  // A second until the kernel asks whether a stale address is still right, and 0.3 until it gives it up.
  const haste = ["net.ipv4.neigh.lan.delay_first_probe_time=1", "net.ipv4.neigh.lan.retrans_time_ms=100"];
  lab.set("scanner", ["sysctl", "-qw", ...haste]);
  // A question of the gateway's own would tell.
  const silent =
    "table arp lab { chain output { type filter hook output priority filter; arp operation request drop; }; }";
  const run = await scanMeanwhile(lab, () => {
    lab.set("first", ["nft", silent]);
    lab.ip("first", "link set lan address 02:00:00:00:64:02");
    lab.ip("first", `neigh replace 10.64.1.1 lladdr ${own} nud permanent dev lan`);
    lab.ip("scanner", `neigh replace 10.64.1.2 lladdr ${old} nud stale dev lan`);
  });
  assertRight(run);
});

labTest("lab: another gateway takes over in the middle", [], async () => {
  await using lab = await twoGateways();
  const run = await scanMeanwhile(lab, () => {
    lab.rules("first", [chain("input", ["ip daddr 10.65.0.0/16 drop"])]);
    lab.ip("scanner", "route replace 10.65.0.0/16 via 10.64.1.3");
  });
  assertRight(run);
  assert(received(lab, "second") > PORTS / 3, `${received(lab, "second")} packets came to the second gateway`);
});

labTest("lab: a part of the network gets another gateway in the middle", [], async (t) => {
  // Half of the hosts; one of them.
  for (const part of ["10.65.0.128/25", "10.65.0.77/32"]) {
    await t.step(part, async () => {
      await using lab = await twoGateways();
      const args = ["10.65.0.0/24", "-p", "20-79", "--max-rate", "8000"];
      const run = await runSynscan(lab, "scanner", args, {
        meanwhile: async () => {
          for (const begin = received(lab, "first"); received(lab, "first") - begin < 4000;) await delay(20);
          lab.rules("first", [chain("input", [`ip daddr ${part} drop`])]);
          lab.ip("scanner", `route add ${part} via 10.64.1.3`);
        },
      });
      const hosts = hostsFrom("10.65.0.0", 256);
      assertTruth(
        groundTruth([[hosts, "20-79", "closed", "reset"], [hosts, "22", "open", "syn-ack"]]),
        run.ports,
        "synscan",
      );
      assertEquals([run.code, run.summary.transport], [0, "ethernet"], run.stderr);
      assert(run.elapsedMs < 50_000, `took ${run.elapsedMs} ms`);
    });
  }
});

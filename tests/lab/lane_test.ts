/**
 * The transport that a scan uses, and scans during which the next hop changes.
 *
 * @module
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { PACKET_RX_RING, SOL_PACKET } from "../../ffi/constants.ts";
import { ERRNO } from "../../ffi/errno.ts";
import { block, FAMILIES, type Family, forFamilies, MIXED, prefixOf, type Version } from "../support/families.ts";
import { chain, delay, Lab, labTest } from "../support/lab.ts";
import { runSynscan, SYNSCAN, type SynscanRun } from "../support/lab_synscan.ts";
import { assertTruth, groundTruth, hostsFrom } from "../support/lab_verdicts.ts";
import { stepsAtOnce } from "../support/steps.ts";

/** The Ethernet link, and a tun device. */
const [LINK, TUN] = [1, 2];
const OPEN = "22,80";

/** A scanner with an Ethernet link, a tun device and its loopback. */
function threeLinks(): Promise<Lab> {
  return Lab.create({
    spaces: { scanner: { listen: OPEN }, target: { listen: OPEN }, far: { listen: OPEN } },
    links: [
      { between: ["scanner", "target"], addresses: MIXED.link(LINK) },
      { between: ["scanner", "far"], addresses: MIXED.link(TUN), tunDelayMs: 1 },
    ],
  });
}

/** Returns the targets of a family. */
type TargetsOf = (family: Family) => string[];

const onLink: TargetsOf = (family) => family.hosts(LINK, 2);
const onTun: TargetsOf = (family) => family.hosts(TUN, 2);
const onLoopback: TargetsOf = (family) => family.each(({ loopback }) => loopback);

/** The families of scans that need no lab of their own, and are many: IPv6 alone is chosen as in a scan of both. */
const MANY_SCANS = FAMILIES.filter(({ name }) => name !== "IPv6");

const NO_LANE = "replies read by recvmmsg, since they are few; no Ethernet sender, because";
/** Each target and transport flag, the transport that is used, and a part of the note of `-v`. */
const WAYS:
  readonly (readonly [name: string, targets: TargetsOf, args: readonly string[], transport: string, note: string])[] = [
    ["Ethernet", onLink, [], "ethernet", "straight to the link target"],
    ["Ethernet, lane demanded", onLink, ["--transport", "ethernet"], "ethernet", "ethernet"],
    ["Ethernet, raw IP demanded", onLink, ["--transport", "sendmmsg"], "sendmmsg", `${NO_LANE} raw IP was asked for`],
    ["Ethernet, plain demanded", onLink, ["--transport", "sendto"], "sendto", "as asked for"],
    ["loopback", onLoopback, [], "sendmmsg", NO_LANE],
    ["this machine's own address", (family) => family.hosts(LINK, 1), [], "sendmmsg", NO_LANE],
    ["a tun device", onTun, [], "sendmmsg", NO_LANE],
  ];

function truthOf(targets: readonly string[]): ReturnType<typeof groundTruth> {
  return groundTruth([[targets, "1-100", "closed", "reset"], [targets, OPEN, "open", "syn-ack"]]);
}

labTest("lab: the transport is the fastest that serves, and -v says why", ["gcc"], async (t) => {
  await using lab = await threeLinks();
  for (const [name, targetsOf, args, transport, note] of WAYS) {
    await t.step(name, (t) =>
      stepsAtOnce(t, MANY_SCANS, ({ name }) => name, async (family) => {
        const targets = targetsOf(family);
        const run = await runSynscan(lab, "scanner", ["-v", ...args, ...targets, "-p", "1-100"]);
        assertTruth(truthOf(targets), run.ports, "synscan");
        assertEquals([run.summary.transport, run.code], [transport, 0]);
        const lines = run.stderr.split("\n").filter((line) => line.startsWith(`Transport ${transport}: `));
        assertEquals(lines.length, 1, run.stderr);
        assertStringIncludes(lines[0]!, note);
      }));
  }
  await t.step(
    "several at once: the lane for what is on the link, raw IP for the rest",
    (t) =>
      stepsAtOnce(t, MANY_SCANS, ({ name }) => name, async (family) => {
        const targets = [onLink, onTun, onLoopback].flatMap((of) => of(family));
        const run = await runSynscan(lab, "scanner", [...targets, "-p", "1-100"]);
        assertTruth(truthOf(targets), run.ports, "synscan");
        assertEquals(run.summary.transport, "ethernet");
      }),
  );
  for (const [name, targetsOf] of [["loopback", onLoopback], ["a tun device", onTun]] as const) {
    await t.step(`a lane demanded to ${name}`, (t) =>
      stepsAtOnce(t, MANY_SCANS, ({ name }) => name, async (family) => {
        const argv = [...SYNSCAN, "-n", "--transport", "ethernet", ...targetsOf(family), "-p", "80"];
        const { code, stdout, stderr } = await lab.run("scanner", argv);
        assertEquals([code, stdout, stderr.trimEnd().split("\n").length], [2, "", 1]);
        assertStringIncludes(stderr, "Cannot send by Ethernet: ");
      }));
  }
});

/** So many ports that their replies are read from a ring. */
const MANY = "1-3000";

labTest("lab: a kernel without the ring of packets is served by sendto", ["gcc"], async (t) => {
  await using lab = await threeLinks();
  const refuse = await lab.compile(new URL("refuse_option.c", import.meta.url));
  const ringless = [refuse, `${SOL_PACKET}`, `${PACKET_RX_RING}`, `${ERRNO.EINVAL}`, ...SYNSCAN];
  for (const [name, targetsOf] of [["Ethernet", onLink], ["loopback", onLoopback]] as const) {
    await t.step(name, (t) =>
      stepsAtOnce(t, MANY_SCANS, ({ name }) => name, async (family) => {
        const argv = [...ringless, "-n", "-v", ...targetsOf(family), "-p", MANY];
        const { code, stdout, stderr } = await lab.run("scanner", argv);
        assertEquals(code, 0, stderr);
        assertStringIncludes(stderr, "Transport sendto: the kernel gives no ring of received packets (EINVAL)");
        assertEquals(
          stdout.match(/Not shown: 2,998 closed \(reset\)/g)?.length,
          family.versions.length,
          stdout,
        );
      }));
  }
  await t.step(
    "but not where the ring was demanded",
    (t) =>
      stepsAtOnce(t, MANY_SCANS, ({ name }) => name, async (family) => {
        const argv = [...ringless, "--transport", "sendmmsg", ...onLink(family), "-p", MANY];
        const { code, stdout, stderr } = await lab.run("scanner", argv);
        assertEquals([code, stdout, stderr.trimEnd().split("\n").length], [2, "", 1], stderr);
        assertStringIncludes(stderr, "EINVAL");
      }),
  );
});

/** The network behind the gateways. */
const BEHIND = 65;
/** Probes of a scan, half of each family if it is of both. */
const PROBES = 12_000;
const portsOf = ({ versions }: Family) => `1-${PROBES / versions.length}`;
const LISTENING = "22,80,5000-5009";

/** A host behind two gateways, which are themselves that host; the scanner counts what it sends by raw IP. */
function twoGateways(family: Family): Promise<Lab> {
  const gateway = { listen: LISTENING, local: family.each((version) => prefixOf(version, BEHIND)) };
  return Lab.create({
    spaces: {
      scanner: {
        routes: family.routesVia(LINK, 2, BEHIND),
        chains: [chain("output", ["tcp flags & (syn | rst) == syn counter"])],
      },
      first: gateway,
      second: gateway,
    },
    bridges: [{
      name: "lan",
      members: { scanner: family.onLink(LINK, 1), first: family.onLink(LINK, 2), second: family.onLink(LINK, 3) },
    }],
  });
}

/** A scan through the first gateway during which something changed; removes its lab. */
interface ChangedScan extends AsyncDisposable {
  readonly lab: Lab;
  readonly run: SynscanRun;
  /** Packets that had come to the first gateway when the change was made. */
  readonly before: number;
}

/**
 * Scans through the first gateway, and changes something when a third of the probes have come there; in a scan of both families
 * shortly before those of IPv4 end, and those of IPv6 begin. On a busy machine the change may come too late to matter: then all is
 * done again.
 */
async function scanWithChange(
  family: Family,
  change: (lab: Lab) => void,
  { probes, args } = { probes: PROBES, args: [...family.hosts(BEHIND, 9), "-p", portsOf(family)] },
): Promise<ChangedScan> {
  const [part, most] = family.versions.length === 1
    ? [probes / 3, probes * 2 / 3]
    : [probes / 2 - 1000, probes * 3 / 4];
  let before = Infinity;
  for (let tries = 0; tries < 5; tries++) {
    const lab = await twoGateways(family);
    try {
      const run = await runSynscan(lab, "scanner", [...args, "--max-rate", "4000"], {
        meanwhile: async (child) => {
          let hasEnded = false;
          child.status.then(() => hasEnded = true);
          const came = () => lab.packets("first", "lan").received;
          for (const begin = came(); !hasEnded && came() - begin < part;) await delay(20);
          change(lab);
          before = hasEnded ? Infinity : came();
        },
      });
      if (before <= most) return { lab, run, before, [Symbol.asyncDispose]: () => lab[Symbol.asyncDispose]() };
    } catch (error) {
      await lab[Symbol.asyncDispose]();
      throw error;
    }
    await lab[Symbol.asyncDispose]();
  }
  throw new Error(
    `Cannot change anything in time: ${before} of ${probes} probes had come. Try on a machine with less load`,
  );
}

/** Probes that left by raw IP: what the lane sends passes below the packet filter. */
function sentByRawIp(lab: Lab): number {
  return Number(
    /counter packets (\d+)/.exec(lab.set("scanner", ["nft", "list", "chain", "inet", "lab", "output"]))?.[1],
  );
}

function assertRight(run: SynscanRun, family: Family, targets: string[] = family.hosts(BEHIND, 9)): void {
  const truth = groundTruth([[targets, portsOf(family), "closed", "reset"], [targets, LISTENING, "open", "syn-ack"]]);
  assertTruth(truth, run.ports, "synscan");
  assertEquals([run.code, run.summary.transport], [0, "ethernet"], run.stderr);
  assert(run.elapsedMs < 50_000, `took ${run.elapsedMs} ms`);
}

labTest(
  "lab: the kernel forgets the gateway's hardware address in the middle",
  [],
  (t) =>
    forFamilies(t, async (family) => {
      await using scan = await scanWithChange(family, (lab) => lab.ip("scanner", "neigh flush dev lan"));
      const { lab, run } = scan;
      assertRight(run, family);
      assert(sentByRawIp(lab) < run.summary.sent / 2, `${sentByRawIp(lab)} of ${run.summary.sent} probes by raw IP`);
    }),
);

labTest("lab: the gateway gets another hardware address in the middle", [], (t) =>
  forFamilies(t, async (family) => {
    await using scan = await scanWithChange(family, (lab) => {
      lab.ip("first", "link set lan address 02:00:00:00:64:02");
      lab.ip("scanner", "neigh flush dev lan");
    });
    const { lab, run } = scan;
    assertRight(run, family);
    assert(sentByRawIp(lab) < run.summary.sent / 2, `${sentByRawIp(lab)} of ${run.summary.sent} probes by raw IP`);
  }));

/** Rules by which a gateway looks for no other host. */
const SILENT = [
  "table arp lab { chain output { type filter hook output priority filter; arp operation request drop; }; }",
  "table inet lab { chain output { type filter hook output priority filter; icmpv6 type nd-neighbor-solicit drop; }; }",
];

labTest(
  "lab: the gateway gets another hardware address and does not say so",
  [],
  (t) =>
    forFamilies(t, async (family) => {
      await using scan = await scanWithChange(family, (lab) => {
        const addressOf = (space: string) => JSON.parse(lab.set(space, ["ip", "-j", "link", "show", "lan"]))[0].address;
        const [own, old] = [addressOf("scanner"), addressOf("first")];
        // A second until the kernel asks whether a stale address is still right, and 0.3 until it gives it up.
        const haste = ["delay_first_probe_time=1", "retrans_time_ms=100"].flatMap((setting) =>
          ["ipv4", "ipv6"].map((name) => `net.${name}.neigh.lan.${setting}`)
        );
        lab.set("scanner", ["sysctl", "-qw", ...haste]);
        // The scanner would learn the new address from a request of the gateway's own.
        for (const silent of SILENT) lab.set("first", ["nft", silent]);
        lab.ip("first", "link set lan address 02:00:00:00:64:02");
        for (const { address } of family.versions) {
          lab.ip("first", `neigh replace ${address(LINK, 1)} lladdr ${own} nud permanent dev lan`);
          lab.ip("scanner", `neigh replace ${address(LINK, 2)} lladdr ${old} nud stale dev lan`);
        }
      });
      assertRight(scan.run, family);
    }),
);

labTest(
  "lab: a host on the own link gets another hardware address and does not say so",
  [],
  (t) =>
    forFamilies(t, async (family) => {
      const targets = family.hosts(LINK, 2);
      const change = (lab: Lab) => {
        const [{ address: own }] = JSON.parse(lab.set("scanner", ["ip", "-j", "link", "show", "lan"]));
        for (const silent of SILENT) lab.set("first", ["nft", silent]);
        lab.ip("first", "link set lan address 02:00:00:00:64:02");
        for (const { address } of family.versions) {
          lab.ip("first", `neigh replace ${address(LINK, 1)} lladdr ${own} nud permanent dev lan`);
        }
      };
      const args = [...targets, "-p", portsOf(family)];
      await using scan = await scanWithChange(family, change, { probes: PROBES, args });
      assertRight(scan.run, family, targets);
    }),
);

labTest("lab: another gateway takes over in the middle", [], (t) =>
  forFamilies(t, async (family) => {
    await using scan = await scanWithChange(family, (lab) => {
      const drops = family.each((version) => `${version.header} daddr ${prefixOf(version, BEHIND)} drop`);
      lab.rules("first", [chain("input", drops)]);
      for (const route of family.routesVia(LINK, 3, BEHIND)) lab.ip("scanner", `route replace ${route}`);
    });
    const { lab, run, before } = scan;
    assertRight(run, family);
    const [left, came] = [PROBES - before, lab.packets("second", "lan").received];
    assert(came > left * 3 / 4, `${came} packets came to the second gateway; ${left} probes were left`);
  }));

labTest("lab: a part of the network gets another gateway in the middle", [], async (t) => {
  // Half of the hosts; one of them.
  for (const isHalf of [true, false]) {
    await t.step(isHalf ? "half of the hosts" : "one host", (t) =>
      forFamilies(t, async (family) => {
        const count = 256 / family.versions.length;
        const partOf = (version: Version) =>
          isHalf ? block(version, BEHIND, count / 2, count / 2) : block(version, BEHIND, 77, 1);
        const targets = family.each((version) => block(version, BEHIND, 0, count));
        await using scan = await scanWithChange(family, (lab) => {
          // At all times, packets that take the kernel's route are replied to.
          for (const version of family.versions) {
            lab.ip("scanner", `route add ${partOf(version)} via ${version.address(LINK, 3)}`);
          }
          const drops = family.each((version) => `${version.header} daddr ${partOf(version)} drop`);
          lab.rules("first", [chain("input", drops)]);
        }, { probes: 256 * 60, args: [...targets, "-p", "20-79"] });
        const { run } = scan;
        const hosts = family.each(({ address }) => hostsFrom(address(BEHIND, 0), count));
        const truth = groundTruth([[hosts, "20-79", "closed", "reset"], [hosts, "22", "open", "syn-ack"]]);
        assertTruth(truth, run.ports, "synscan");
        assertEquals([run.code, run.summary.transport], [0, "ethernet"], run.stderr);
        assert(run.elapsedMs < 50_000, `took ${run.elapsedMs} ms`);
      }));
  }
});

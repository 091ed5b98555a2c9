/**
 * Every TCP technique against real kernels, the truth and nmap: ports that are open, closed, dropped, refused by the host's
 * firewall or by a router's with each ICMP error, or reset by either.
 *
 * nmap differs from synscan, and from the truth, in these points only:
 * - `-sT`: nmap knows an ICMP error by errno alone, which several errors share. A port unreachable is a closed port to it.
 * - `-sT`: nmap does not name the sender of an ICMP error.
 * - IPv6's error "no route to destination" is `no-route` to nmap.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { FAMILIES, type Family, forFamilies, type IcmpError, MIXED, type Version } from "../support/families.ts";
import { chain, Lab, labTest, rule } from "../support/lab.ts";
import { runSynscan } from "../support/lab_synscan.ts";
import { assertTruth, type GroundTruth, groundTruth, type Sighting, type TruthRow } from "../support/lab_verdicts.ts";
import { runNmap } from "../support/nmap_xml.ts";
import { stepsAtOnce } from "../support/steps.ts";

/** The link to the router, and the one behind it to the target. */
const [NEAR, BEHIND] = [3, 4];
/** The first of the ports that the host's firewall rejects, with a code each, and of those that the router's does. */
const BY_HOST = 110;
const BY_ROUTER = 130;
const PORTS = "22,80-82,101-102,110-116,120,130-136,140";
/** Closed ports, by which loss is measured: ICMP errors do not count, as hosts limit them. */
const CLOSED_PORTS = "200-299";

interface Technique {
  readonly flags: string;
  /** The states of a port that is open, closed or drops probes, as a Linux kernel and its firewall make them. */
  readonly open: string;
  readonly closed: string;
  readonly silent: string;
  /** The reasons of an open and of a closed port. */
  readonly reasons: readonly [open: string, closed: string];
}

const RESETS = ["reset", "reset"] as const;
const IGNORES = ["no-response", "reset"] as const;
const TECHNIQUES: readonly Technique[] = [
  { flags: "-sS", open: "open", closed: "closed", silent: "filtered", reasons: ["syn-ack", "reset"] },
  { flags: "-sT", open: "open", closed: "closed", silent: "filtered", reasons: ["conn-accept", "conn-refused"] },
  { flags: "-sF", open: "open|filtered", closed: "closed", silent: "open|filtered", reasons: IGNORES },
  { flags: "-sN", open: "open|filtered", closed: "closed", silent: "open|filtered", reasons: IGNORES },
  { flags: "-sX", open: "open|filtered", closed: "closed", silent: "open|filtered", reasons: IGNORES },
  // Linux resets a FIN with ACK at an open port too.
  { flags: "-sM", open: "closed", closed: "closed", silent: "open|filtered", reasons: RESETS },
  { flags: "-sA", open: "unfiltered", closed: "unfiltered", silent: "filtered", reasons: RESETS },
  // Linux sends every RST with window 0.
  { flags: "-sW", open: "closed", closed: "closed", silent: "filtered", reasons: RESETS },
  {
    flags: "-sS --scanflags SYNPSH",
    open: "open",
    closed: "closed",
    silent: "filtered",
    reasons: ["syn-ack", "reset"],
  },
  {
    flags: "-sF --scanflags URG",
    open: "open|filtered",
    closed: "closed",
    silent: "open|filtered",
    reasons: IGNORES,
  },
  { flags: "-sA --scanflags PSHACK", open: "unfiltered", closed: "unfiltered", silent: "filtered", reasons: RESETS },
];

/** The scans of each technique, by family, and so many at a time. */
const SCANS = TECHNIQUES.flatMap((technique) => FAMILIES.map((family) => ({ technique, family })));
const AT_ONCE = 4;
const nameOf = ({ technique, family }: typeof SCANS[number]) => `${technique.flags}, ${family.name}`;

function truthOf(family: Family, technique: Technique, scanner: "synscan" | "nmap" = "synscan"): GroundTruth {
  const { flags, open, closed, silent, reasons: [ofOpen, ofClosed] } = technique;
  const isNmapConnect = scanner === "nmap" && flags === "-sT";
  const ofError = ({ reason, nmap, byErrno }: IcmpError) => {
    if (isNmapConnect) return byErrno;
    return ["filtered", scanner === "nmap" ? nmap ?? reason : reason] as const;
  };
  return groundTruth(family.each((version) => {
    const target = version.address(BEHIND, 2);
    return [
      [target, PORTS, closed, ofClosed],
      [target, "22,80", open, isNmapConnect ? "syn-ack" : ofOpen],
      [target, "101-102", silent, "no-response"],
      ...[BY_HOST, BY_ROUTER].flatMap((first) =>
        version.errors.map((error, i): TruthRow => [target, `${first + i}`, ...ofError(error)])
      ),
      // Firewalls reset whatever the probe is.
      [target, "120,140", closed, ofClosed],
    ];
  }));
}

/** Fails unless the router sent the ICMP errors for its ports, and for no others. */
function assertRouterErrors(family: Family, ports: readonly Sighting[], who: string): void {
  for (const version of family.versions) {
    const [router, target] = [version.address(NEAR, 1), version.address(BEHIND, 2)];
    const found = ports.filter(({ ip, from }) => ip === target && from === router).map(({ port }) => port).toSorted();
    assertEquals(found, version.errors.map((_, i) => BY_ROUTER + i), who);
  }
}

/** A host behind a router, whose link to the scanner loses this share of the packets each way. */
function flagsLab(lossPercent: number): Promise<Lab> {
  const lose = lossPercent === 0 ? [] : [rule.lose(lossPercent)];
  return Lab.create({
    spaces: {
      scanner: { routes: MIXED.routesVia(NEAR, 1) },
      router: {
        forward: true,
        chains: [
          // What the router itself sends passes no prerouting.
          chain("prerouting", lose),
          chain("output", lose),
          chain("forward", [...MIXED.rejections(BY_ROUTER), rule.reset("140")]),
        ],
      },
      target: {
        listen: "22,80",
        routes: MIXED.routesVia(BEHIND, 1),
        chains: [chain("input", [rule.drop("101-102"), ...MIXED.rejections(BY_HOST), rule.reset("120")])],
      },
    },
    links: [
      { between: ["router", "scanner"], addresses: MIXED.link(NEAR) },
      { between: ["router", "target"], addresses: MIXED.link(BEHIND) },
    ],
  });
}

labTest("lab: flags: every technique gives nmap's states and reasons", ["nmap"], async (t) => {
  await using lab = await flagsLab(0);
  await stepsAtOnce(t, SCANS, nameOf, async ({ technique, family }) => {
    const { flags } = technique;
    const args = [...flags.split(" "), "-p", PORTS];
    const run = async () => {
      const { ports } = await runSynscan(lab, "scanner", [...args, ...family.hosts(BEHIND, 2)]);
      assertTruth(truthOf(family, technique), ports, `synscan ${flags}`);
      assertRouterErrors(family, ports, `synscan ${flags}`);
    };
    // nmap scans one family at a time.
    const runOther = async (version: Version) => {
      const words = [...version.nmap, "-T4", "--max-retries", "2", ...args, version.address(BEHIND, 2)];
      const others = await runNmap(lab, "scanner", words);
      assertTruth(truthOf(family, technique, "nmap"), others, `nmap ${flags}`);
      if (flags === "-sT") assertEquals(others.filter(({ from }) => from !== undefined), []);
      else assertRouterErrors(family, others, `nmap ${flags}`);
    };
    await Promise.all([run(), ...family === MIXED ? [] : family.versions.map(runOther)]);
  }, AT_ONCE);
});

labTest("lab: flags: every technique finds the same at 10 % loss each way", [], async (t) => {
  await using lab = await flagsLab(10);
  await stepsAtOnce(t, SCANS, nameOf, async ({ technique, family }) => {
    const { flags, closed, reasons } = technique;
    const targets = family.hosts(BEHIND, 2);
    const args = [...flags.split(" "), "-p", `${PORTS},${CLOSED_PORTS}`, ...targets];
    const { ports } = await runSynscan(lab, "scanner", args);
    const more = groundTruth([[targets, CLOSED_PORTS, closed, reasons[1]]]);
    assertTruth(new Map([...truthOf(family, technique), ...more]), ports, `synscan ${flags}`);
    assertRouterErrors(family, ports, `synscan ${flags}`);
  }, AT_ONCE);
});

labTest("lab: flags: a RST with a window is an open port to -sW alone", ["nmap", "gcc"], async (t) => {
  // Linux sends none: a program replies in its place, as old BSD stacks do.
  await using lab = await Lab.create({
    spaces: { scanner: {}, target: { chains: [chain("input", ["meta l4proto tcp drop"])] } },
    links: [{ between: ["scanner", "target"], addresses: MIXED.link(4) }],
  });
  const responder = await lab.compile(new URL("responder.c", import.meta.url));
  await lab.serve("target", [responder, "window", "scanner", "4096", "1460", "64", "22,80"]);
  await forFamilies(t, async (family) => {
    for (const [flags, open, closed] of [["-sW", "open", "closed"], ["-sA", "unfiltered", "unfiltered"]] as const) {
      const args = [flags, "-p", "20-90"];
      const truthOf = (targets: readonly string[]) =>
        groundTruth([[targets, "20-90", closed, "reset"], [targets, "22,80", open, "reset"]]);
      const targets = family.hosts(4, 2);
      const { ports } = await runSynscan(lab, "scanner", [...args, ...targets]);
      assertTruth(truthOf(targets), ports, `synscan ${flags}`);
      // It takes one version at a time.
      const [version] = family.versions;
      if (family.versions.length > 1 || version === undefined) continue;
      assertTruth(
        truthOf(targets),
        await runNmap(lab, "scanner", [...version.nmap, ...args, ...targets]),
        `nmap ${flags}`,
      );
    }
  });
});

labTest("lab: SYN options: every layout finds the same by each transport", [], async (t) => {
  await using lab = await flagsLab(0);
  const layouts = ["none", "mss", "windows", "linux", "bsd"];
  await stepsAtOnce(
    t,
    layouts.flatMap((layout) => ["ethernet", "sendmmsg"].map((transport) => ({ layout, transport }))),
    ({ layout, transport }) => `${layout}, ${transport}`,
    async ({ layout, transport }) => {
      const args = ["--syn-options", layout, "--transport", transport, "-p", PORTS, ...MIXED.hosts(BEHIND, 2)];
      const { ports } = await runSynscan(lab, "scanner", args);
      assertTruth(truthOf(MIXED, TECHNIQUES[0]!), ports, `synscan ${layout} ${transport}`);
    },
    AT_ONCE,
  );
});

/**
 * Every TCP technique against real kernels, the truth and nmap: ports that are open, closed, dropped, refused by the host's
 * firewall or by a router's with each ICMP error, or reset by either.
 *
 * nmap differs from synscan, and from the truth, in these points only:
 * - `-sT`: nmap knows an ICMP error by errno alone, which several errors share. A port unreachable is a closed port to it.
 * - `-sT`: nmap does not name the sender of an ICMP error.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { chain, ICMP_REASONS, type IcmpCode, Lab, labTest, linkedLab, rule } from "../support/lab.ts";
import { runSynscan } from "../support/lab_synscan.ts";
import { assertTruth, type GroundTruth, groundTruth, type Sighting, type TruthRow } from "../support/lab_verdicts.ts";
import { runNmap } from "../support/nmap_xml.ts";

const ROUTER = "10.64.3.1";
const TARGET = "10.64.4.2";
const CODES = Object.keys(ICMP_REASONS) as IcmpCode[];
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

/** nmap's results of `-sT` for the errno of each ICMP error. */
const NMAP_CONNECT: Readonly<Record<IcmpCode, readonly [state: string, reason: string]>> = {
  "net-unreachable": ["filtered", "net-unreach"],
  "host-unreachable": ["filtered", "host-unreach"],
  "prot-unreachable": ["filtered", "proto-unreach"],
  "port-unreachable": ["closed", "conn-refused"],
  "net-prohibited": ["filtered", "net-unreach"],
  "host-prohibited": ["filtered", "host-unreach"],
  "admin-prohibited": ["filtered", "host-unreach"],
};

function truthOf(technique: Technique, scanner: "synscan" | "nmap" = "synscan"): GroundTruth {
  const { flags, open, closed, silent, reasons: [ofOpen, ofClosed] } = technique;
  const isNmapConnect = scanner === "nmap" && flags === "-sT";
  const ofCode = (code: IcmpCode) => isNmapConnect ? NMAP_CONNECT[code] : ["filtered", ICMP_REASONS[code]] as const;
  return groundTruth([
    [TARGET, PORTS, closed, ofClosed],
    [TARGET, "22,80", open, isNmapConnect ? "syn-ack" : ofOpen],
    [TARGET, "101-102", silent, "no-response"],
    ...[BY_HOST, BY_ROUTER].flatMap((first) =>
      CODES.map((code, i): TruthRow => [TARGET, `${first + i}`, ...ofCode(code)])
    ),
    // Firewalls reset whatever the probe is.
    [TARGET, "120,140", closed, ofClosed],
  ]);
}

/** The ports for which the router sent an ICMP error. */
function reportedByRouter(ports: readonly Sighting[]): number[] {
  return ports.filter(({ from }) => from === ROUTER).map(({ port }) => port).toSorted();
}

const ROUTER_PORTS = CODES.map((_, i) => BY_ROUTER + i);

/** A host behind a router, whose link to the scanner loses this share of the packets each way. */
function flagsLab(lossPercent: number): Promise<Lab> {
  const lose = lossPercent === 0 ? [] : [rule.lose(lossPercent)];
  const rejects = (first: number) => CODES.map((code, i) => rule.reject(`${first + i}`, code));
  const sysctls = { "net.ipv4.icmp_ratelimit": 0 };
  return Lab.create({
    spaces: {
      scanner: { routes: [`default via ${ROUTER}`] },
      router: {
        forward: true,
        sysctls,
        chains: [
          // What the router itself sends passes no prerouting.
          chain("prerouting", lose),
          chain("output", lose),
          chain("forward", [...rejects(BY_ROUTER), rule.reset("140")]),
        ],
      },
      target: {
        listen: "22,80",
        routes: ["default via 10.64.4.1"],
        sysctls,
        chains: [chain("input", [rule.drop("101-102"), ...rejects(BY_HOST), rule.reset("120")])],
      },
    },
    links: [
      { between: ["scanner", "router"], addresses: ["10.64.3.2/24", `${ROUTER}/24`] },
      { between: ["router", "target"], addresses: ["10.64.4.1/24", `${TARGET}/24`] },
    ],
  });
}

labTest("lab: flags: every technique gives nmap's states and reasons", ["nmap"], async (t) => {
  await using lab = await flagsLab(0);
  for (const technique of TECHNIQUES) {
    const { flags } = technique;
    await t.step(flags, async () => {
      const args = [...flags.split(" "), "-p", PORTS, TARGET];
      const [{ ports }, others] = await Promise.all([
        runSynscan(lab, "scanner", args),
        runNmap(lab, "scanner", ["-T4", "--max-retries", "2", ...args]),
      ]);
      assertTruth(truthOf(technique), ports, `synscan ${flags}`);
      assertTruth(truthOf(technique, "nmap"), others, `nmap ${flags}`);
      assertEquals(reportedByRouter(ports), ROUTER_PORTS, `synscan ${flags}`);
      assertEquals(reportedByRouter(others), flags === "-sT" ? [] : ROUTER_PORTS, `nmap ${flags}`);
    });
  }
});

labTest("lab: flags: every technique finds the same at 10 % loss each way", [], async (t) => {
  await using lab = await flagsLab(10);
  for (const technique of TECHNIQUES) {
    const { flags } = technique;
    await t.step(flags, async () => {
      const args = [...flags.split(" "), "-p", `${PORTS},${CLOSED_PORTS}`, TARGET];
      const { ports } = await runSynscan(lab, "scanner", args);
      const { closed, reasons } = technique;
      const more = groundTruth([[TARGET, CLOSED_PORTS, closed, reasons[1]]]);
      assertTruth(new Map([...truthOf(technique), ...more]), ports, `synscan ${flags}`);
      assertEquals(reportedByRouter(ports), ROUTER_PORTS, `synscan ${flags}`);
    });
  }
});

labTest("lab: flags: a RST with a window is an open port to -sW alone", ["nmap", "gcc"], async (t) => {
  // Linux sends none: a program replies in its place, as old BSD stacks do.
  await using lab = await linkedLab(
    { scanner: {}, target: { chains: [chain("input", ["meta l4proto tcp drop"])] } },
    "10.64.4",
  );
  const responder = await lab.compile(new URL("responder.c", import.meta.url));
  await lab.serve("target", [responder, "window", "scanner", "4096", "1460", "64", "22,80"]);
  for (const [flags, open, closed] of [["-sW", "open", "closed"], ["-sA", "unfiltered", "unfiltered"]] as const) {
    await t.step(flags, async () => {
      const args = [flags, "-p", "20-90", TARGET];
      const truth = groundTruth([[TARGET, "20-90", closed, "reset"], [TARGET, "22,80", open, "reset"]]);
      assertTruth(truth, (await runSynscan(lab, "scanner", args)).ports, `synscan ${flags}`);
      assertTruth(truth, await runNmap(lab, "scanner", args), `nmap ${flags}`);
    });
  }
});

labTest("lab: SYN options: every layout finds the same by each transport", [], async (t) => {
  await using lab = await flagsLab(0);
  for (const layout of ["none", "mss", "windows", "linux", "bsd"]) {
    await t.step(layout, async () => {
      for (const transport of ["ethernet", "sendmmsg"]) {
        const args = ["--syn-options", layout, "--transport", transport, "-p", PORTS, TARGET];
        const { ports } = await runSynscan(lab, "scanner", args);
        assertTruth(truthOf(TECHNIQUES[0]!), ports, `synscan ${layout} ${transport}`);
      }
    });
  }
});

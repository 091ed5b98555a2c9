/**
 * Every technique with other flags than SYN against real kernels, the truth and nmap.
 *
 * @module
 */

import { chain, ICMP_REASONS, type IcmpCode, type Lab, labTest, linkedLab, rule } from "../support/lab.ts";
import { runSynscan } from "../support/lab_synscan.ts";
import { assertTruth, type GroundTruth, groundTruth, type TruthRow } from "../support/lab_verdicts.ts";
import { runNmap } from "../support/nmap_xml.ts";

const TARGET = "10.64.4.2";
const PORTS = "22,80-82,101-102,110-116,120";
const CODES = Object.keys(ICMP_REASONS) as IcmpCode[];

/** The states of a port that is open, closed or drops probes, as a Linux kernel and its firewall make them. */
const TECHNIQUES: readonly (readonly [flags: string, open: string, closed: string, silent: string])[] = [
  ["-sS", "open", "closed", "filtered"],
  ["-sF", "open|filtered", "closed", "open|filtered"],
  ["-sN", "open|filtered", "closed", "open|filtered"],
  ["-sX", "open|filtered", "closed", "open|filtered"],
  // Linux resets a FIN with ACK at an open port too.
  ["-sM", "closed", "closed", "open|filtered"],
  ["-sA", "unfiltered", "unfiltered", "filtered"],
  ["-sW", "closed", "closed", "filtered"],
  ["-sS --scanflags SYNPSH", "open", "closed", "filtered"],
  ["-sF --scanflags URG", "open|filtered", "closed", "open|filtered"],
  ["-sA --scanflags PSHACK", "unfiltered", "unfiltered", "filtered"],
];

function truthOf([flags, open, closed, silent]: typeof TECHNIQUES[number]): GroundTruth {
  const isSyn = flags.startsWith("-sS");
  const ofOpen = isSyn ? "syn-ack" : open === "open|filtered" ? "no-response" : "reset";
  return groundTruth([
    [TARGET, PORTS, closed, "reset"],
    [TARGET, "22,80", open, ofOpen],
    [TARGET, "101-102", silent, "no-response"],
    ...CODES.map((code, i): TruthRow => [TARGET, `${110 + i}`, "filtered", ICMP_REASONS[code]]),
    // The firewall resets whatever the probe is.
    [TARGET, "120", closed, "reset"],
  ]);
}

/** Two hosts on a link that loses this share of the packets each way. */
function flagsLab(lossPercent: number): Promise<Lab> {
  const lose = lossPercent === 0 ? [] : [rule.lose(lossPercent)];
  return linkedLab({
    scanner: {},
    target: {
      listen: "22,80",
      sysctls: { "net.ipv4.icmp_ratelimit": 0 },
      chains: [
        chain("input", [
          ...lose,
          rule.drop("101-102"),
          ...CODES.map((code, i) => rule.reject(`${110 + i}`, code)),
          rule.reset("120"),
        ]),
        chain("output", lose),
      ],
    },
  }, "10.64.4");
}

labTest("lab: flags: every technique gives nmap's states and reasons", ["nmap"], async (t) => {
  await using lab = await flagsLab(0);
  for (const technique of TECHNIQUES) {
    await t.step(technique[0], async () => {
      const args = [...technique[0].split(" "), "-p", PORTS, TARGET];
      const truth = truthOf(technique);
      const [{ ports }, others] = await Promise.all([
        runSynscan(lab, "scanner", args),
        runNmap(lab, "scanner", ["-T4", "--max-retries", "2", ...args]),
      ]);
      assertTruth(truth, ports, `synscan ${technique[0]}`);
      assertTruth(truth, others, `nmap ${technique[0]}`);
    });
  }
});

labTest("lab: flags: every technique finds the same at 10 % loss each way", [], async (t) => {
  await using lab = await flagsLab(10);
  for (const technique of TECHNIQUES) {
    await t.step(technique[0], async () => {
      const { ports } = await runSynscan(lab, "scanner", [...technique[0].split(" "), "-p", PORTS, TARGET]);
      assertTruth(truthOf(technique), ports, `synscan ${technique[0]}`);
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

/**
 * Scans on networks that fail: what is true, what a scan said, and whether it claimed too much.
 *
 * @module
 */

import type { Family } from "./families.ts";
import { chain, delay, Lab, rule } from "./lab.ts";
import { runSynscan } from "./lab_synscan.ts";
import { Random } from "./random.ts";

/** A way for a network to behave. */
interface Kind {
  readonly name: string;
  /** Changes the lab before the scan. */
  readonly before?: (lab: Lab) => void;
  /** Changes it once a part of the probes has arrived. */
  readonly after?: (lab: Lab) => Promise<void> | void;
  /** True where nothing is lost for good: everything is to be found out. */
  readonly learnsAll: boolean;
}

/** What came of one scan. */
export interface Trial {
  readonly seed: number;
  readonly wrong: number;
  readonly expectedWrong: number;
  readonly undecided: number;
  readonly trusted: boolean;
  readonly elapsedMs: number;
  /** What the scan should not have said; empty where all is well. */
  readonly faults: readonly string[];
}

/** The links of the machine to the router, and of the router to the target. */
const [NEAR, BEHIND] = [71, 72];
const PORTS = 1000;
const RATE = 1000;
/** Packets after which the network may fail. */
const FIRST_MOMENT = 30;

/** Chains that drop one packet in ten each way. */
const LOSSY = [chain("forward", [rule.lose(10)])];

/** The kinds of network, in the order in which they are tried. */
export const KINDS: readonly Kind[] = [
  { name: "healthy", learnsAll: true },
  { name: "10 % loss", learnsAll: true, before: (lab) => lab.rules("router", LOSSY) },
  { name: "gateway lost", learnsAll: false, after: (lab) => lab.ip("router", "address flush dev machine") },
  {
    name: "carrier lost and restored",
    learnsAll: true,
    after: async (lab) => {
      lab.ip("router", "link set machine down");
      await delay(1500);
      lab.ip("router", "link set machine up");
    },
  },
  { name: "target lost", learnsAll: false, after: (lab) => lab.ip("target", "link set router down") },
];

/** Runs one scan of a kind of network. The same seed has the same ports, and fails after the same number of probes. */
export async function trialOf(kind: Kind, family: Family, seed: number): Promise<Trial> {
  const random = new Random(seed);
  const states = Array.from({ length: PORTS }, () => ["open", "closed", "closed", "filtered"][random.below(4)]!);
  const portsThat = (state: string) => states.flatMap((each, i) => each === state ? [i + 1] : []).join();
  await using lab = await Lab.create({
    spaces: {
      machine: { routes: family.routesVia(NEAR, 2) },
      router: { forward: true },
      target: {
        routes: family.routesVia(BEHIND, 1),
        listen: portsThat("open"),
        chains: [chain("input", [rule.drop(portsThat("filtered"))])],
      },
    },
    links: [
      { between: ["machine", "router"], addresses: family.link(NEAR) },
      { between: ["router", "target"], addresses: family.link(BEHIND) },
    ],
  });
  kind.before?.(lab);
  // Not before the first reply: who has never seen a host cannot know that it was there.
  const targets = family.hosts(BEHIND, 2);
  const count = PORTS * targets.length;
  const moment = FIRST_MOMENT + random.below(count - FIRST_MOMENT);
  const run = await runSynscan(lab, "machine", [...targets, "-p", `1-${PORTS}`, "--max-rate", `${RATE}`], {
    meanwhile: async () => {
      if (kind.after === undefined) return;
      await arrived(lab, moment);
      await kind.after(lab);
    },
  });
  const { summary } = run;
  const wrong = run.ports.filter(({ port, state }) => state !== "undecided" && state !== states[port - 1]);
  const faults: string[] = [];
  // A host that is gone before its own pass is absent: no port of it is probed.
  const absent = run.hosts.filter(({ state }) => state === "absent").length;
  if (run.ports.length + PORTS * absent !== count) faults.push(`${run.ports.length} ports reported`);
  if (kind.learnsAll && absent > 0) faults.push(`${absent} hosts reported as absent`);
  if (wrong.length > summary.expected_wrong + 0.5) {
    faults.push(`${wrong.length} ports wrong, such as ${wrong[0]!.port} ${wrong[0]!.state} (${wrong[0]!.reason})`);
  }
  if (summary.trusted !== (summary.undecided === 0 && summary.expected_wrong < 0.5)) faults.push("trusted is wrong");
  if (run.code !== (summary.trusted ? 0 : 3)) faults.push(`exit status ${run.code}`);
  if (kind.learnsAll && summary.undecided > 0) faults.push(`${summary.undecided} ports undecided`);
  return {
    seed,
    wrong: wrong.length,
    expectedWrong: summary.expected_wrong,
    undecided: summary.undecided,
    trusted: summary.trusted,
    elapsedMs: run.elapsedMs,
    faults,
  };
}

/** Resolves once so many packets have come to the router, or after 20 seconds. */
async function arrived(lab: Lab, packets: number): Promise<void> {
  for (let looks = 0; looks < 1000 && lab.packets("router", "machine").received < packets; looks++) await delay(20);
}

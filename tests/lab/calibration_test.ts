/** Several techniques in one scan against real kernels: a host that resets probes to open ports too, and one that does not. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { FAMILIES } from "../support/families.ts";
import { chain, Lab, labTest, rule } from "../support/lab.ts";
import { type PortLine, runSynscan } from "../support/lab_synscan.ts";
import { stepsAtOnce } from "../support/steps.ts";

const LINK = 5;
/** Resets FIN, NULL and Xmas probes on all ports, as some firewalls and stacks do. */
const RESET_ALL = "tcp flags & (syn | rst | ack) == 0 reject with tcp reset";

/** Counts results by technique, state and reason. */
function countsOf(ports: readonly (PortLine & { readonly technique?: string })[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { technique, state, reason } of ports) {
    const key = `${technique} ${state} ${reason}`;
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
}

/** The hosts: a firewall of one resets everything. */
const KINDS = [
  { name: "resets", rules: [RESET_ALL], lossPercent: 0 },
  { name: "resets, 10 % loss", rules: [RESET_ALL], lossPercent: 10 },
  { name: "ignores", rules: [], lossPercent: 0 },
] as const;

labTest(
  "lab: calibration: a host that resets everything is told from one that has closed ports",
  [],
  (t) =>
    stepsAtOnce(
      t,
      KINDS.flatMap((kind) => FAMILIES.map((family) => ({ ...kind, family }))),
      ({ name, family }) => `${family.name}, ${name}`,
      async ({ rules, lossPercent, family }) => {
        const lose = lossPercent === 0 ? [] : [chain("prerouting", [rule.lose(lossPercent)])];
        await using lab = await Lab.create({
          spaces: { scanner: { chains: lose }, target: { listen: "22,80", chains: [...lose, chain("input", rules)] } },
          links: [{ between: ["scanner", "target"], addresses: family.link(LINK) }],
        });
        const flags = ["-sX", "-sF", "-sS", "-sN", "-sA"];
        const targets = family.hosts(LINK, 2);
        const { ports, hosts, summary, code } = await runSynscan(lab, "scanner", [
          ...flags,
          "-p",
          "20-119",
          ...targets,
        ]);
        const times = targets.length;
        const isReset = rules.length > 0;
        assertEquals(countsOf(ports), {
          ...{ "syn open syn-ack": 2 * times, "syn closed reset": 98 * times, "ack unfiltered reset": 100 * times },
          ...Object.fromEntries(
            ["fin", "null", "xmas"].flatMap((technique): [string, number][] =>
              isReset ? [[`${technique} undecided rst-always`, 100 * times]] : [
                [`${technique} open|filtered no-response`, 2 * times],
                [`${technique} closed reset`, 98 * times],
              ]
            ),
          ),
        });
        const notes = hosts.flatMap(({ notes = [] }) => notes);
        assertEquals(notes.filter((note) => note.startsWith("rst-always")).length, isReset ? times : 0);
        assertEquals([code, summary.undecided, summary.trusted], isReset ? [3, 300 * times, false] : [0, 0, true]);
        if (isReset) {
          assertStringIncludes(summary.warnings.join("\n"), `${300 * times} closed results became undecided`);
        }
      },
    ),
);

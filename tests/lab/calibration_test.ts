/** Several techniques in one scan against real kernels: a host that resets probes to open ports too, and one that does not. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { chain, labTest, linkedLab, rule } from "../support/lab.ts";
import { type PortLine, runSynscan } from "../support/lab_synscan.ts";

const TARGET = "10.64.5.2";
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

labTest("lab: calibration: a host that resets everything is told from one that has closed ports", [], async (t) => {
  for (
    const [name, rules, lossPercent] of [["resets", [RESET_ALL], 0], ["resets, 10 % loss", [RESET_ALL], 10], [
      "ignores",
      [],
      0,
    ]] as const
  ) {
    await t.step(name, async () => {
      const lose = lossPercent === 0 ? [] : [chain("prerouting", [rule.lose(lossPercent)])];
      await using lab = await linkedLab(
        { scanner: { chains: lose }, target: { listen: "22,80", chains: [...lose, chain("input", rules)] } },
        "10.64.5",
      );
      const flags = ["-sX", "-sF", "-sS", "-sN", "-sA"];
      const { ports, hosts, summary, code } = await runSynscan(lab, "scanner", [...flags, "-p", "20-119", TARGET]);
      const each = ["fin", "null", "xmas"];
      const isReset = rules.length > 0;
      assertEquals(countsOf(ports), {
        ...{ "syn open syn-ack": 2, "syn closed reset": 98, "ack unfiltered reset": 100 },
        ...Object.fromEntries(
          each.flatMap((technique): [string, number][] =>
            isReset
              ? [[`${technique} undecided rst-always`, 100]]
              : [[`${technique} open|filtered no-response`, 2], [`${technique} closed reset`, 98]]
          ),
        ),
      });
      const notes = hosts.flatMap(({ notes = [] }) => notes);
      assertEquals(notes.filter((note) => note.startsWith("rst-always")).length, isReset ? 1 : 0);
      assertEquals([code, summary.undecided, summary.trusted], isReset ? [3, 300, false] : [0, 0, true]);
      if (isReset) assertStringIncludes(summary.warnings.join("\n"), "300 closed results became undecided");
    });
  }
});

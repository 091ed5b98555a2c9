/**
 * Whole scans by connect(2), on real kernels.
 */

import { assert, assertEquals, assertLess } from "@std/assert";
import { cpuUsage } from "node:process";
import { scan } from "../../src/scan/scan.ts";
import type { PortResult } from "../../src/result/port_result.ts";
import type { Summary } from "../../src/result/summary.ts";
import { MIXED } from "../support/families.ts";
import { chain, Lab, labTest, rule } from "../support/lab.ts";
import { enterNetns } from "../support/netns.ts";

/** Both families in one scan: each is judged for itself. */
const TARGETS = MIXED.hosts(1, 2);

function targetLab(chains: readonly string[]): Promise<Lab> {
  return Lab.create({
    spaces: { scanner: {}, target: { listen: "22,80,1000-1099", chains } },
    links: [{ between: ["scanner", "target"], addresses: MIXED.link(1) }],
  });
}

async function scanIn(lab: Lab, ports: string): Promise<{ results: PortResult[]; summary: Summary }> {
  using _inside = enterNetns(lab.name("scanner"));
  const running = scan({ targets: TARGETS, ports, technique: "connect" });
  const results: PortResult[] = [];
  for await (const result of running) results.push(result);
  return { results, summary: await running.summary };
}

function portsIn(results: readonly PortResult[], state: string): number[] {
  return results.filter((result) => result.state === state).map(({ port }) => port).toSorted((a, b) => a - b);
}

const OPEN = [22, 80, ...Array.from({ length: 100 }, (_, i) => 1000 + i)];

labTest("connect scan: every port of a host, each once, and right", [], async () => {
  await using lab = await targetLab([
    chain("input", [rule.drop("3000-3009"), rule.reject("3010", "admin-prohibited")]),
  ]);
  const { user: userBefore, system: systemBefore } = cpuUsage();
  const { results: all, summary } = await scanIn(lab, "-");
  for (const target of TARGETS) {
    const results = all.filter(({ ip }) => ip === target);
    assertEquals([results.length, new Set(results.map(({ port }) => port)).size], [65535, 65535]);
    assertEquals(portsIn(results, "open"), OPEN);
    assertEquals(portsIn(results, "filtered"), Array.from({ length: 11 }, (_, i) => 3000 + i));
    assertEquals(results.find(({ port }) => port === 3010)!.reason, "admin-prohibited");
  }
  const { closed, trusted, late, duplicates } = summary;
  assertEquals([closed, trusted, late, duplicates], [TARGETS.length * (65535 - 113), true, 0, 0]);
  // Of the processor, in microseconds: on a busy machine it takes longer.
  const { user, system } = cpuUsage();
  assertLess(user - userBefore + system - systemBefore, 20e6 * TARGETS.length);
});

labTest("connect scan: with a tenth lost each way, every port is right", [], async () => {
  await using lab = await targetLab([chain("input", [rule.lose(10)]), chain("output", [rule.lose(10)])]);
  const { results, summary } = await scanIn(lab, "1-5000");
  for (const target of TARGETS) {
    const ofTarget = results.filter(({ ip }) => ip === target);
    assertEquals([ofTarget.length, portsIn(ofTarget, "open")], [5000, OPEN]);
    assertEquals(portsIn(ofTarget, "filtered"), []);
  }
  assertEquals(summary.undecided, 0);
  const loss = summary.loss ?? 0;
  assert(loss > 0.1 && loss < 0.3, `${loss}`);
});

/**
 * Scans of several techniques: a state for each, whatever the network loses, forges or holds back.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { OPEN } from "../../src/result/states.ts";
import { FLAG_SCANS } from "../../src/technique/tcp_flags.ts";
import { SYN } from "../../src/technique/tcp_syn.ts";
import type { SimOutcome, SimScan } from "../support/sim.ts";
import type { Family } from "../support/sim_ip.ts";
import { type NetworkConditions, SIM_CLOSED } from "../support/sim_network.ts";
import { assertRight, MIXED, REJECTED, scanned, simTest } from "./mixes.ts";

/** Scans by SYN and then by each other technique over one network, as the passes of one scan do. */
async function passes(family: Family, scan: SimScan): Promise<Map<string, SimOutcome>> {
  const outcomes = new Map<string, SimOutcome>();
  let after: SimOutcome | undefined;
  for (const technique of [SYN, ...FLAG_SCANS]) {
    after = await scanned({ ...scan, family, technique, ...(after === undefined ? {} : { after }) });
    outcomes.set(technique.name, after);
  }
  return outcomes;
}

const ROWS: readonly (readonly [string, NetworkConditions, ports: number])[] = [
  ["nothing lost", { port: MIXED }, 500],
  ["10 % lost each way", { port: MIXED, lossOut: 0.1, lossBack: 0.1, delayMs: 20, jitterMs: 10 }, 500],
  ["forged replies to each probe", { port: MIXED, forged: 9 }, 500],
  ["each reply twice, and forged ones", { port: MIXED, duplicates: 1, forged: 3, delayMs: 20 }, 500],
  ["RSTs capped at 100 a second", { port: MIXED, answerCap: () => ({ perSecond: 100, burst: 100 }) }, 300],
  ["RSTs capped each second, 5 % lost", {
    port: MIXED,
    answerCap: () => ({ perSecond: 100, burst: 100, bySecond: true }),
    lossOut: 0.05,
    lossBack: 0.05,
  }, 200],
  ["ICMP errors of the host itself, 10 % lost", { port: REJECTED, lossOut: 0.1, lossBack: 0.1 }, 300],
];

for (const [name, conditions, ports] of ROWS) {
  simTest(`sim: each technique shows the truth of each port: ${name}`, async ({ family }) => {
    for (const [technique, { wrong, engine, driver }] of await passes(family, { conditions, ports })) {
      assertRight(wrong(), technique);
      assert(engine.expectedWrong < 0.5, `${technique}: ${engine.expectedWrong} expected wrong`);
      if (conditions.forged !== undefined) assert(driver.counters.unmatched >= conditions.forged * ports, technique);
    }
  });
}

simTest("sim: a reply to one technique decides nothing of the next", async ({ scanned }) => {
  // SYN gives up before the replies come; they arrive while FIN is under way.
  const limits = { timeouts: { initialMs: 100, minMs: 50, maxMs: 100 }, maxRetries: 0 };
  const conditions = { port: () => SIM_CLOSED, delayMs: 400, jitterMs: 100 };
  const syn = await scanned({ ports: 200, conditions, limits });
  const fin = await scanned({ ports: 200, conditions, after: syn, technique: FLAG_SCANS[0]! });
  assertRight(fin.wrong());
  assert(fin.driver.counters.unmatched > 100, `${fin.driver.counters.unmatched} late replies to SYN`);
});

simTest("sim: only a SYN-ACK is owed a RST, and no other technique begins a connection", async ({ family }) => {
  const outcomes = await passes(family, { ports: 300, conditions: { port: MIXED } });
  const [{ network, results }] = [...outcomes.values()] as [SimOutcome];
  assertEquals(results.filter((state) => state === OPEN).length, 30);
  assert(network.resets >= 30 && network.resets < 100, `${network.resets} RSTs`);
});

simTest(
  "sim: a host that resets everything shows its open ports closed to FIN, Null and Xmas, and to no other",
  async ({ family }) => {
    const conditions = { port: MIXED, resetsAll: () => true };
    for (const [technique, { wrong }] of await passes(family, { ports: 200, conditions })) {
      const open = wrong().filter((text) => text.includes("closed (reset) not open|filtered"));
      assertEquals(open.length, ["fin", "null", "xmas"].includes(technique) ? 20 : 0, technique);
      assertEquals(wrong().length, open.length, technique);
    }
  },
);

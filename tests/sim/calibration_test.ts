/**
 * Does the scan know how far to trust itself? Over many seeds, what it promises is held against what came of it.
 *
 * @module
 */

import { assert } from "@std/assert";
import { LIMITS } from "../support/sim.ts";
import { ALL_CLOSED, MIXED, MOSTLY_DROPPED, scanned } from "./mixes.ts";

const ROWS = [
  { name: "10 ports", ports: 10, port: MIXED, seeds: 60 },
  { name: "200 ports", ports: 200, port: MIXED, seeds: 40 },
  { name: "200 ports, 9 of 10 dropped", ports: 200, port: MOSTLY_DROPPED, seeds: 40 },
  { name: "2,000 ports", ports: 2000, port: MIXED, seeds: 20 },
  { name: "2,000 ports, 9 of 10 dropped", ports: 2000, port: MOSTLY_DROPPED, seeds: 20 },
];

Deno.test("sim: results expected wrong and results wrong, over many seeds", async () => {
  for (const loss of [0.05, 0.1, 0.2]) {
    for (const { name, ports, port, seeds } of ROWS) {
      let wrong = 0;
      let promised = 0;
      for (let seed = 1; seed <= seeds; seed++) {
        const conditions = { port, lossOut: loss, lossBack: loss, delayMs: 20, jitterMs: 10, seed: seed * 7919 };
        const outcome = await scanned({ ports, seed, conditions });
        wrong += outcome.wrong().length;
        promised += outcome.engine.expectedWrong;
      }
      const row = `${name}, ${loss * 100} % each way: ${wrong} wrong in ${seeds} scans, ${promised} promised`;
      assert(promised / seeds < 0.05, row);
      // The promise to keep is one half; with these numbers of scans, more than this is no chance.
      assert(wrong / seeds < 0.1, row);
    }
  }
});

Deno.test("sim: where repeats are capped, as many are wrong as were said", async () => {
  for (const [maxRetries, loss] of [[1, 0.05], [1, 0.1], [2, 0.1], [2, 0.2], [4, 0.2]] as const) {
    let wrong = 0;
    let promised = 0;
    for (let seed = 1; seed <= 30; seed++) {
      const conditions = { port: MIXED, lossOut: loss, lossBack: loss, seed: seed * 7919 };
      const outcome = await scanned({ ports: 1000, seed, limits: { ...LIMITS, maxRetries }, conditions });
      wrong += outcome.wrong().length;
      promised += outcome.engine.expectedWrong;
    }
    const row = `${loss * 100} % each way, ${maxRetries} repeats: ${wrong} wrong, ${promised} promised`;
    assert(wrong < 1.5 * promised + 5 && promised < 1.5 * wrong + 5, row);
  }
});

Deno.test("sim: the only host of a scan, and the only port, is hardly ever missed where 10 % are lost each way", async () => {
  for (const family of [4, 6] as const) {
    let wrong = 0;
    for (let seed = 1; seed <= 2000; seed++) {
      const conditions = { port: ALL_CLOSED, lossOut: 0.1, lossBack: 0.1, seed: seed * 7919 };
      wrong += (await scanned({ family, ports: 1, seed, conditions })).wrong().length;
    }
    // Of five attempts 0.19 ** 5 fail, which is half a result in 2,000; three would miss 14.
    assert(wrong <= 4, `${wrong} wrong in 2,000 scans`);
  }
});

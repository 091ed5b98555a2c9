/**
 * Calibration of UDP scans on the simulated network: the share of results from silence that are wrong, as promised and as seen, over losses,
 * limits of ICMP errors and shares of servers. `deno task lab:udp-calibration [SCANS]`.
 *
 * The shares have to be within a factor of 2 in all cells together, and in each that has enough counts. Without loss no result is wrong: a scan
 * cannot know that there is none, and what it promises is an upper bound.
 *
 * @module
 */

import { type ErrorLimit, simulateUdp } from "../support/sim_udp.ts";

const SCANS = Number(Deno.args[0] ?? 50);
const PORTS = Array.from({ length: 100 }, (_, index) => 20_001 + index);
const LIMITS: readonly ErrorLimit[] = [
  { burst: Infinity, perSecond: Infinity },
  { burst: 6, perSecond: 1 },
  { burst: 6, perSecond: 10 },
  { burst: 200, perSecond: 200 },
  { burst: 20, perSecond: 3 },
];
const LOSSES = [0, 0.02, 0.05, 0.1, 0.2];
/** Of so many ports one is silent. */
const SILENT = [4, 10, 50];

/** Wrong results, promised or seen, from which on a cell is judged, and the factor by which the two may differ. */
const ENOUGH = 10;
const FACTOR = 2;

/** True for counts of which the larger is enough, and more than the factor of the other. */
function differs(wrong: number, promised: number): boolean {
  return Math.max(wrong, promised) >= ENOUGH && Math.max(wrong, promised) > FACTOR * Math.min(wrong, promised);
}

console.log("limit     loss each way  silent ports  seconds  results from silence  wrong  promised");
let [allWrong, allPromised] = [0, 0];
for (const limit of LIMITS) {
  for (const loss of LOSSES) {
    for (const every of SILENT) {
      let [silent, wrong, promised, ms] = [0, 0, 0, 0];
      for (let seed = 1; seed <= SCANS; seed++) {
        const port = (_host: number, each: number) => each % every === 0 ? "silent" : "closed";
        const { results, engine, elapsedMs } = await simulateUdp({
          conditions: { port, limit, loss, seed: Math.imul(100 * seed + every, 0x9e3779b1) },
          ports: PORTS,
          seed,
        });
        for (const each of PORTS) {
          if (results.get(`0:${each}`) !== "open|filtered no-response") continue;
          silent++;
          if (each % every !== 0) wrong++;
        }
        promised += engine.expectedWrong;
        ms += elapsedMs;
      }
      allWrong += wrong;
      if (loss > 0) allPromised += promised;
      const cells = [`${limit.burst}+${limit.perSecond}/s`, `${100 * loss} %`, `1 in ${every}`];
      const isOff = loss > 0 && differs(wrong, promised);
      if (isOff) Deno.exitCode = 1;
      const counts = [(ms / SCANS / 1000).toFixed(1), silent, wrong, promised.toFixed(2)];
      console.log([...cells, ...counts, isOff ? "more than a factor of 2" : ""].join("\t").trimEnd());
    }
  }
}
console.log(`in all ${allWrong} wrong, ${allPromised.toFixed(1)} promised where there is loss`);
if (differs(allWrong, allPromised)) Deno.exitCode = 1;

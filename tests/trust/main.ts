/**
 * How far scans can be trusted, on real kernels: scans of 1,000 ports on a healthy network, under loss, and with the gateway,
 * the carrier or the target lost at a random moment. No port may be wrong beyond what the scan itself expects, and `trusted`
 * must be false exactly where something could not be learned. Needs root.
 *
 *     deno task lab:trust [--runs 20] [--kind NAME] [--seed 1]
 *
 * @module
 */

import { parseArgs } from "@std/cli/parse-args";
import { KINDS, type Trial, trialOf } from "../support/trust.ts";

const flags = parseArgs(Deno.args, { string: ["runs", "kind", "seed"], default: { runs: "20", seed: "1" } });
const runs = Number(flags.runs);
const kinds = KINDS.filter(({ name }) => flags.kind === undefined || name.includes(flags.kind));
if (kinds.length === 0 || !(runs > 0)) {
  console.error(`Cannot run: kinds are ${KINDS.map(({ name }) => name).join(", ")}, runs are above 0`);
  Deno.exit(1);
}

let failures = 0;
for (const kind of kinds) {
  const trials: Trial[] = [];
  for (let run = 0; run < runs; run++) {
    const trial = await trialOf(kind, Number(flags.seed) * 1000 + run);
    trials.push(trial);
    if (trial.faults.length > 0) console.log(`${kind.name}, seed ${trial.seed}: ${trial.faults.join("; ")}`);
  }
  const sum = (number: (trial: Trial) => number) => trials.reduce((all, trial) => all + number(trial), 0);
  const bad = sum(({ faults }) => faults.length > 0 ? 1 : 0);
  failures += bad;
  const times = trials.map(({ elapsedMs }) => elapsedMs).toSorted((a, b) => a - b);
  console.log(
    `${kind.name}: ${runs} scans, ${sum(({ wrong }) => wrong)} ports wrong (${
      sum(({ expectedWrong }) => expectedWrong).toFixed(2)
    } expected), ${sum(({ undecided }) => undecided)} undecided, ${
      sum(({ trusted }) => trusted ? 1 : 0)
    } trusted, median ${(times[times.length >> 1]! / 1000).toFixed(1)} s, ${bad} scans at fault`,
  );
}
Deno.exit(failures === 0 ? 0 : 1);

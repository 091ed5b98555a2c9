/**
 * How far scans can be trusted, on real kernels: scans of 1,000 ports on a healthy network, under loss, and with the gateway,
 * the carrier or the target lost at a random moment. No port may be wrong beyond what the scan itself expects, and `trusted`
 * must be false exactly where something could not be learned. Needs root.
 *
 *     deno task lab:trust [--runs 20] [--kind NAME] [--family IPv4|IPv6|mixed] [--seed 1]
 *
 * @module
 */

import { parseArgs } from "@std/cli/parse-args";
import { FAMILIES } from "../support/families.ts";
import { KINDS, type Trial, trialOf } from "../support/trust.ts";

const flags = parseArgs(Deno.args, { string: ["runs", "kind", "family", "seed"], default: { runs: "20", seed: "1" } });
const runs = Number(flags.runs);
const kinds = KINDS.filter(({ name }) => flags.kind === undefined || name.includes(flags.kind));
const families = FAMILIES.filter(({ name }) => flags.family === undefined || name === flags.family);
if (kinds.length === 0 || families.length === 0 || !(runs > 0)) {
  const names = (all: readonly { readonly name: string }[]) => all.map(({ name }) => name).join(", ");
  console.error(`Cannot run: kinds are ${names(KINDS)}, families are ${names(FAMILIES)}, runs are above 0`);
  Deno.exit(1);
}

let failures = 0;
for (const { kind, family } of kinds.flatMap((kind) => families.map((family) => ({ kind, family })))) {
  const name = `${kind.name}, ${family.name}`;
  const trials: Trial[] = [];
  for (let run = 0; run < runs; run++) {
    const trial = await trialOf(kind, family, Number(flags.seed) * 1000 + run);
    trials.push(trial);
    if (trial.faults.length > 0) console.log(`${name}, seed ${trial.seed}: ${trial.faults.join("; ")}`);
  }
  const sum = (number: (trial: Trial) => number) => trials.reduce((all, trial) => all + number(trial), 0);
  const bad = sum(({ faults }) => faults.length > 0 ? 1 : 0);
  failures += bad;
  const times = trials.map(({ elapsedMs }) => elapsedMs).toSorted((a, b) => a - b);
  console.log(
    `${name}: ${runs} scans, ${sum(({ wrong }) => wrong)} ports wrong (${
      sum(({ expectedWrong }) => expectedWrong).toFixed(2)
    } expected), ${sum(({ undecided }) => undecided)} undecided, ${
      sum(({ trusted }) => trusted ? 1 : 0)
    } trusted, median ${(times[times.length >> 1]! / 1000).toFixed(1)} s, ${bad} scans at fault`,
  );
}
Deno.exit(failures === 0 ? 0 : 1);

/**
 * Measures a rate-limited scan with and without 200,000 forged packets a second, and fails where a state is wrong or the scan
 * takes more than 1.5 times as long.
 *
 * @module
 */

import { createFloodLab, type FloodedScan, scanFlooded, scanOnce } from "../support/lab_flood.ts";

const PORTS = 10_000;
const RATE = 1900;
const FLOOD_PPS = 200_000;
const FLOOD_SECONDS = 5;
const MOST = 1.5;

await using lab = await createFloodLab();
const text = ({ wrong, elapsedMs, trusted, sent, unmatched, receiveDrops }: FloodedScan) =>
  `${(elapsedMs / 1000).toFixed(2)} s, ${wrong.length} of ${PORTS} states wrong, ${trusted ? "" : "not "}trusted, ` +
  `${sent} probes sent, ${unmatched} unmatched, ${receiveDrops} dropped on arrival`;
let failed = false;
for (let round = 1; round <= 3; round++) {
  const calm = await scanOnce(lab, PORTS, RATE);
  const { scan, flood } = await scanFlooded(lab, PORTS, RATE, FLOOD_PPS, FLOOD_SECONDS);
  const ratio = scan.elapsedMs / calm.elapsedMs;
  const pps = Math.round(flood.sent / flood.seconds);
  console.log(`round ${round}`);
  console.log(`  calm:    ${text(calm)}`);
  console.log(
    `  flooded: ${text(scan)}; ${flood.sent} forged packets in ${flood.seconds} s (${pps}/s), ratio ${
      ratio.toFixed(2)
    }`,
  );
  for (const line of [...calm.wrong, ...scan.wrong].slice(0, 10)) console.log(`  WRONG ${line}`);
  failed ||= calm.wrong.length + scan.wrong.length > 0 || ratio > MOST;
}
Deno.exitCode = failed ? 1 : 0;

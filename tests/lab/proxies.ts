/**
 * Prints the confusion table of proxies: what is suspected and noted of each host of the lab, and whether that is right.
 *
 * @module
 */

import { createProxyLab, differences, lackingOf, PROXY_CASES, runProxyCase } from "../support/lab_proxies.ts";

await using lab = await createProxyLab();
let failed = 0;
for (const each of PROXY_CASES) {
  const missing = lackingOf(each);
  if (missing !== "") {
    console.log(`skip  ${each.name}: ${missing}`);
    continue;
  }
  const outcome = await runProxyCase(lab, each);
  const wrong = differences(each, outcome);
  if (wrong.length > 0) failed++;
  const { suspect, notes, trusted, open, listed, elapsedMs } = outcome;
  console.log(
    `${wrong.length > 0 ? "WRONG" : "right"} ${each.name} (${(elapsedMs / 1000).toFixed(1)} s): ` +
      `suspect ${suspect || "none"}, ${trusted ? "trusted" : "not trusted"}, ${open} open ` +
      `(listed: table ${listed.table}, grepable ${listed.grepable}, XML ${listed.xml})`,
  );
  for (const note of notes) console.log(`        note  ${note}`);
  for (const line of wrong) console.log(`        WRONG ${line}`);
}
console.log(failed === 0 ? "All right" : `${failed} wrong`);
Deno.exitCode = failed === 0 ? 0 : 1;

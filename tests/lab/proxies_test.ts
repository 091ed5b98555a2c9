/**
 * Hosts for which something else answers, and those that only look so, on real kernels. The quick cases; `deno task proxies`
 * runs all and prints the table.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { labTest } from "../support/lab.ts";
import { createProxyLab, differences, lackingOf, PROXY_CASES, runProxyCase } from "../support/lab_proxies.ts";

labTest("lab: proxies: no false suspicion, none missed, no open port hidden", ["gcc"], async (t) => {
  await using lab = await createProxyLab();
  for (const each of PROXY_CASES.filter(({ slow }) => slow !== true)) {
    const missing = lackingOf(each);
    await t.step({
      name: missing === "" ? each.name : `${each.name} [skipped: ${missing}]`,
      ignore: missing !== "",
      fn: async () => assertEquals(differences(each, await runProxyCase(lab, each)), []),
    });
  }
});

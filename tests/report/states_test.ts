/**
 * The states of nmap's other techniques in every format, as nmap writes them.
 */
import { assertEquals, assertStringIncludes } from "@std/assert";
import type { PortResult } from "../../src/result/port_result.ts";
import type { Reason } from "../../src/result/reasons.ts";
import { type State, STATES } from "../../src/result/states.ts";
import { stateCounts } from "../../src/result/summary.ts";
import { result, summary } from "../support/results.ts";
import { inFormats } from "../support/writers.ts";

const ROWS: readonly (readonly [State, Reason])[] = [["unfiltered", "reset"], ["open|filtered", "no-response"], [
  "closed|filtered",
  "no-response",
]];

/** Two hosts with a closed port and a port in a state; the second has 30 more, so that they are only counted. */
function resultsIn(state: State, reason: Reason): PortResult[] {
  const quiet = reason === "no-response" ? { ttl: undefined, rttMs: undefined } : {};
  const one = (ip: string, port: number) => result({ ip, port, state, reason, ...quiet });
  return [
    one("10.0.0.1", 80),
    result({ port: 443 }),
    one("10.0.0.2", 80),
    result({ ip: "10.0.0.2", port: 443 }),
    ...Array.from({ length: 30 }, (_, at) => one("10.0.0.2", 1000 + at)),
  ];
}

function written(results: readonly PortResult[], openOnly: boolean): Record<string, string> {
  const counts = stateCounts(STATES.map((state) => results.filter((each) => each.state === state).length));
  const ended = summary({ hosts: 2, hostsUp: 2, ...counts });
  return inFormats(results, { ports: { count: 1, text: "80" } }, ended, { openOnly, reason: true });
}

for (const [state, reason] of ROWS) {
  Deno.test(`states: ${state} in every format, as nmap writes it`, () => {
    const { table, normal, grepable, xml, csv, json, html, list } = written(resultsIn(state, reason), false);
    assertStringIncludes(table!, `80/tcp  ${state.padEnd(state.length)} unknown ${reason}\n`);
    assertStringIncludes(table!, `Not shown: 31 ${state} (${reason})\n`);
    assertStringIncludes(normal!, `Not shown: 31 ${state} tcp ports (${reason})\n`);
    assertStringIncludes(grepable!, `Host: 10.0.0.1 ()\tPorts: 80/${state}/tcp/////, 443/closed/tcp/////`);
    assertStringIncludes(grepable!, `Host: 10.0.0.2 ()\tPorts: 443/closed/tcp/////\tIgnored State: ${state} (31)\n`);
    assertStringIncludes(xml!, `<port protocol="tcp" portid="80"><state state="${state}" reason="${reason}" `);
    assertStringIncludes(xml!, `<extraports state="${state}" count="31">\n<extrareasons reason="${reason}" count="31"`);
    assertStringIncludes(csv!, `10.0.0.1,80,tcp,${state},${reason},`);
    assertStringIncludes(json!, `"ip":"10.0.0.1","port":80,"proto":"tcp","state":"${state}","reason":"${reason}"`);
    assertStringIncludes(html!, `["${state}","${reason}",31]`);
    assertEquals(list, "#masscan\n# end\n");
  });

  Deno.test(`states: --open with ${state}, as nmap`, () => {
    const { table, grepable, xml, csv, json, html } = written(resultsIn(state, reason), true);
    const isShown = state !== "closed|filtered";
    const row = `80/tcp ${state} unknown ${reason}\n`;
    assertEquals([table!.includes(row), grepable!.includes(`80/${state}/tcp`)], [isShown, isShown]);
    assertEquals([xml!.includes(`portid="80"`), xml!.includes(`portid="443"`)], [isShown, false]);
    assertEquals([csv, json].map((text) => text!.includes(state)), [isShown, isShown]);
    assertEquals(csv!.includes("closed,"), false);
    assertEquals(/"rows":\[0,80,/.test(html!), isShown);
  });
}

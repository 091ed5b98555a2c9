/**
 * Millions of hosts: memory follows what is in flight and what was found, not what is asked.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import type { Family } from "../support/sim_ip.ts";
import type { BigOutcome } from "./big_scan.ts";

/** A whole /8 takes half a minute, so that it has to be asked for. */
const WHOLE = Deno.env.get("SYNSCAN_BIG") === "1";
const HOSTS = WHOLE ? 2 ** 24 : 2_000_000;
const NAME = WHOLE ? "a /8" : "2 million hosts (SYNSCAN_BIG=1 for a whole /8)";
/** The most memory of a scan of a whole /8, the runtime's own 50 MB included. */
const MOST_OCTETS = 110_000_000;
/** Memory that four times as many hosts may take in addition: tables that follow what is in flight vary a little. */
const GROWTH_OCTETS = 1_000_000;
/** And for each host that was found: its shape, in tables that double. */
const OCTETS_OF_FOUND = 100;

async function scanned(hosts: number, family: Family): Promise<BigOutcome> {
  const program = new URL("big_scan.ts", import.meta.url).pathname;
  const args = ["run", "--no-check", "--allow-all", "--v8-flags=--expose-gc", program, `${hosts}`, `${family}`];
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), { args }).output();
  const decoder = new TextDecoder();
  assertEquals(code, 0, decoder.decode(stderr));
  return JSON.parse(decoder.decode(stdout));
}

for (const family of [4, 6] as const) {
  Deno.test(`sim: one port of ${NAME} over IPv${family}: all found, and the peak of memory under 110 MB`, async () => {
    const quarter = await scanned(HOSTS / 4, family);
    const whole = await scanned(HOSTS, family);
    for (const { found, there } of [quarter, whole]) assertEquals(found, there);
    assert(whole.sent > 2 * HOSTS, `${whole.sent} probes`);
    if (WHOLE) console.log(`${HOSTS} hosts, ${whole.sent} probes: ${Math.round(whole.peak / 1e6)} MB at the most`);
    assert(whole.peak < MOST_OCTETS, `${whole.peak} bytes`);
    const growth = whole.kept - quarter.kept;
    const most = GROWTH_OCTETS + OCTETS_OF_FOUND * (whole.found - quarter.found);
    assert(growth < most, `${growth} bytes more than for a quarter of it`);
  });
}

/**
 * Ten million probes: memory follows what is in flight and what was found, not what is asked.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { OPEN } from "../../src/result.ts";
import { SIM_DROPPED, SIM_OPEN } from "../../src/transport/sim_network.ts";
import { simulate } from "../support/sim.ts";
import type { Ports } from "./mixes.ts";

const HOSTS = 5_000_000;
/** One host in a hundred is there. */
const RARE: Ports = (host) => Math.imul(host, 0x9e3779b1) >>> 0 < 0.01 * 2 ** 32 ? SIM_OPEN : SIM_DROPPED;

Deno.test("sim: 5 million hosts x 1 port, 10 million probes: all found, in bounded memory", async () => {
  let there = 0;
  for (let i = 0; i < HOSTS; i++) if (RARE(0x0b000000 + i, 1) === SIM_OPEN) there++;
  const samples: number[] = [];
  let nextAt = 2_000_000;
  const { engine, prober } = await simulate({
    hosts: HOSTS,
    ports: 1,
    firstHost: 0x0b000000,
    forget: true,
    weather: { port: RARE },
    afterStep: ({ position }) => {
      if (position < nextAt) return;
      nextAt += 250_000;
      const { heapUsed, external } = Deno.memoryUsage();
      samples.push(heapUsed + external);
    },
  });
  assertEquals(engine.counts.byState[OPEN], there);
  assert(prober.counters.sent > 10_000_000, `${prober.counters.sent} probes`);
  // From the second to the last million hosts; the garbage collector comes when it likes, hence the least of some.
  const least = (part: number[]) => Math.min(...part);
  const growth = least(samples.slice(-6)) - least(samples.slice(0, 6));
  assert(growth < 1_000_000, `${growth} octets more`);
  assert(least(samples) < 120_000_000, `${least(samples)} octets`);
});

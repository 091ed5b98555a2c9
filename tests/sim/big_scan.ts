/**
 * A scan of one port of many hosts on the simulated network, as a program of its own: its memory is no host else's. Arguments: the
 * number of hosts, and the version of IP. Prints what came of it as JSON.
 *
 * @module
 */

import { OPEN } from "../../src/result/states.ts";
import { SIM_DROPPED, SIM_LINUX } from "../support/sim_network.ts";
import { simulate } from "../support/sim.ts";
import type { Ports } from "./mixes.ts";

/** The outcome of the scan. */
export interface BigOutcome {
  /** Hosts that are there. */
  readonly there: number;
  readonly found: number;
  readonly sent: number;
  /** The most memory that the process ever had, in bytes, with whatever V8 had not collected yet. */
  readonly peak: number;
  /** Bytes in use at the end. */
  readonly kept: number;
}

const FIRST = 0x0b000000;
/** One host in a hundred is there. Of its connections the simulated network keeps nothing, so that the memory is that of the scan. */
const RARE: Ports = (host) => Math.imul(host, 0x9e3779b1) >>> 0 < 0.01 * 2 ** 32 ? SIM_LINUX : SIM_DROPPED;

const hosts = Number(Deno.args[0]);
const family = Deno.args[1] === "6" ? 6 : 4;
let there = 0;
for (let i = 0; i < hosts; i++) if (RARE(FIRST + i, 1) === SIM_LINUX) there++;
const { engine, driver } = await simulate({
  family,
  hosts,
  ports: 1,
  firstHost: FIRST,
  forget: true,
  conditions: { port: RARE },
});
// What the kernel has counted, proc_pid_status(5): no sample can have missed it.
const [, peakKib] = /^VmHWM:\s+(\d+) kB$/m.exec(Deno.readTextFileSync("/proc/self/status")) ?? [];
const outcome: BigOutcome = {
  there,
  found: engine.counts.byState[OPEN]!,
  sent: driver.counters.sent,
  peak: Number(peakKib) * 1024,
  kept: keptOctets(),
};
console.log(JSON.stringify(outcome));

/** The memory that the program holds after garbage collection; it runs with `--v8-flags=--expose-gc`. */
function keptOctets(): number {
  // One collection leaves what others have just let go.
  for (let i = 0; i < 3; i++) (globalThis as unknown as { gc(): void }).gc();
  const { heapUsed, external } = Deno.memoryUsage();
  return heapUsed + external;
}

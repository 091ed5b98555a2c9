/**
 * The time that service detection takes, with small servers in network namespaces, against the goals.
 *
 *   deno task lab:services
 *
 * Needs root, and gcc for the far host.
 *
 * @module
 */

import { Lab, type LabSpec } from "../support/lab.ts";
import type { SummaryLine } from "../support/lab_synscan.ts";
import { MOD } from "../support/program.ts";

/** A measurement: servers by kind and ports, and the time to identify these ports. */
interface Goal {
  readonly name: string;
  readonly servers: readonly string[];
  readonly ports: string;
  readonly mostMs: number;
  readonly isFar?: boolean;
}

/** Ports that no probe is made for. Of each 1,000 ports as many speak first, reply to GET, close without a byte and stay silent as of the recorded servers. */
const MIX = ["ssh:40000-40259", "http:40260-40739", "late:40740-40759", "closing:40760-40949", "silent:40950-40999"];

const GOALS: readonly Goal[] = [
  { name: "one silent port", servers: ["silent:9"], ports: "9", mostMs: 5000 },
  { name: "100 SSH banners", servers: ["ssh:40000-40099"], ports: "40000-40099", mostMs: 300 },
  { name: "100 HTTP servers", servers: ["http:40000-40099"], ports: "40000-40099", mostMs: 1000 },
  { name: "1,000 ports", servers: MIX, ports: "40000-40999", mostMs: 10_000 },
  { name: "1,000 ports, 50 ms", servers: MIX, ports: "40000-40999", mostMs: 15_000, isFar: true },
];

/** The rounds of each measurement, of which the fastest counts: the machine may do other things meanwhile. */
const ROUNDS = 3;

const talkers = new URL("../support/lab_talkers.ts", import.meta.url).pathname;

async function measure({ servers, ports, isFar = false }: Goal): Promise<number> {
  const link = { between: ["near", "far"], addresses: ["10.64.1.1/24", "10.64.1.2/24"] } as const;
  const spec: LabSpec = { spaces: { near: {}, far: {} }, links: [isFar ? { ...link, tunDelayMs: 25 } : link] };
  await using lab = await Lab.create(spec);
  await lab.serve("far", [Deno.execPath(), "run", "--no-config", "--allow-all", talkers, ...servers]);
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const line = [Deno.execPath(), "run", "--no-prompt", "-A", MOD, "-n", "-sV", "--json", "-p", ports, "10.64.1.2"];
    const { code, stdout, stderr } = await lab.run("near", line);
    if (code !== 0) throw new Error(stderr);
    times.push((JSON.parse(stdout.trim().split("\n").at(-1)!) as SummaryLine).elapsed_ms);
  }
  return Math.min(...times);
}

for (const goal of GOALS) {
  const elapsedMs = await measure(goal);
  console.log(`${goal.name.padEnd(20)} ${elapsedMs.toFixed(0).padStart(6)} ms, goal ${goal.mostMs} ms`);
}

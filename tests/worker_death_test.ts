/**
 * Real workers that die in the middle of a scan: the scan says so, and no port is missing without a word.
 *
 * @module
 */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { canOpenRaw } from "../ffi/credentials.ts";
import { scan, type Summary } from "./support/library.ts";
import { readSynscanJson, SYNSCAN } from "./support/lab_synscan.ts";
import { type Death, letWorkersDie } from "./support/dying_workers.ts";

const PORTS = 4000;
/** So that a scan takes a second; each worker has half of it. */
const RATE = 4000;
const IGNORE = !canOpenRaw(); // Raw sockets take root; `sudo deno task test` runs it.

/** How many ports the warning says are undecided for want of the worker. */
function toldMissing(warnings: readonly string[]): number {
  const told = warnings.filter((warning) => warning.startsWith("Worker 2 died ("));
  assertEquals(told.length, 1, warnings.join("\n"));
  assertMatch(told[0]!, /The end of a worker/);
  const [, count = ""] = /: ([\d,]+) of its ports are undecided\. Scan them again$/.exec(told[0]!) ?? [];
  return Number(count.replaceAll(",", ""));
}

/** Scans with a worker that dies; what is decided is decided once. */
async function scanWhileDying(death: Death): Promise<{ decided: number; summary: Summary }> {
  using _dying = letWorkersDie(death);
  const running = scan({ targets: "127.0.0.1", ports: `1-${PORTS}`, workers: 2, maxRatePps: RATE });
  const decided = (await Array.fromAsync(running)).filter(({ state }) => state !== "undecided");
  assertEquals(new Set(decided.map(({ port }) => port)).size, decided.length);
  return { decided: decided.length, summary: await running.summary };
}

Deno.test({
  name: "a worker that dies in the middle leaves its ports undecided, and the summary says so",
  ignore: IGNORE,
  fn: async () => {
    const { decided, summary } = await scanWhileDying("in the middle");
    assertEquals([summary.ended, summary.trusted, summary.probes], ["failed", false, PORTS]);
    const missing = toldMissing(summary.warnings);
    assertEquals([summary.undecided, decided + missing], [missing, PORTS]);
    // This thread's half is whole, and of the other's there is what it had told.
    assert(missing > 0 && missing < PORTS / 2, `${missing} ports are missing`);
  },
});

Deno.test({
  name: "a worker that dies before it has begun has its ports scanned by another",
  ignore: IGNORE,
  fn: async () => {
    const { decided, summary } = await scanWhileDying("at its beginning");
    assertEquals([decided, summary.undecided, summary.ended, summary.trusted], [PORTS, 0, "done", true]);
  },
});

Deno.test({
  name: "a worker that dies ends the program with status 3",
  ignore: IGNORE,
  fn: async () => {
    const [program, ...words] = SYNSCAN;
    const preload = ["--preload", new URL("support/dying_workers.ts", import.meta.url).pathname];
    const scanned = ["--json", "--workers", "2", "--max-rate", `${RATE}`, "-p", `1-${PORTS}`, "127.0.0.1"];
    const { code, stdout, stderr } = await new Deno.Command(program!, {
      args: [words[0]!, ...preload, ...words.slice(1), ...scanned],
      env: { SYNSCAN_WORKERS_DIE: "1" },
    }).output();
    const { ports, summary } = readSynscanJson(new TextDecoder().decode(stdout));
    assertEquals(code, 3, new TextDecoder().decode(stderr));
    assertEquals([summary?.ended, summary?.trusted], ["failed", false]);
    const missing = toldMissing(summary?.warnings ?? []);
    assertEquals(ports.filter(({ state }) => state !== "undecided").length + missing, PORTS);
  },
});

/**
 * How many workers divide a scan when nobody says: from its size, the cores, the technique and the permissions.
 *
 * @module
 */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { canOpenRaw } from "../ffi/credentials.ts";
import { scan, type ScanOptions, type ScanPlan } from "./support/library.ts";

const MOD = new URL("../mod.ts", import.meta.url).pathname;
const RAW = canOpenRaw(); // Raw sockets take root; `sudo deno task test` runs what needs them.
/** A scan never has more than this unless told. */
const MOST = Math.min(navigator.hardwareConcurrency, 4);

/** What is decided before the first probe of a scan, which is then given up. */
async function planOf(options: Omit<ScanOptions, "targets">): Promise<ScanPlan> {
  const controller = new AbortController();
  const running = scan({ targets: TEN_HOSTS, ...options }, { signal: controller.signal });
  const plan = await running.plan;
  controller.abort();
  for await (const _ of running.batches());
  return plan;
}

const TEN_HOSTS = "127.1.0.1-10";
const BIG = "1-65535";
const ROWS: readonly (readonly [name: string, options: Omit<ScanOptions, "targets">, workers: number, why?: string])[] =
  [
    ["500,000 ports", { ports: "1-50000" }, 1],
    ["500,010 ports", { ports: "1-50001" }, Math.min(2, MOST)],
    ["a shard of half of them", { ports: "1-60000", shard: { index: 1, count: 2 }, seed: 1 }, 1],
    ["all ports with a rate not to be exceeded", { ports: BIG, maxRatePps: 50_000 }, 1],
    ["all ports, one at a time", { ports: BIG, timing: 2 }, 1],
    ["all ports from one source port", { ports: BIG, sourcePort: 61_234 }, 1],
    ["all ports with every packet told", { ports: BIG, onPacket: () => {} }, 1],
    ["all ports by connect(2)", { ports: BIG, technique: "connect" }, 1],
    ["30 ports with 3 workers asked for", { ports: "1-3", workers: 3 }, 3, "3 workers divide the scan"],
    ["10 ports with 20 workers asked for", { ports: "1", workers: 20 }, 10],
    [
      "2 workers asked for, and one source port",
      { ports: BIG, sourcePort: 61_234, workers: 2 },
      1,
      "One worker instead of 2: there is one source port",
    ],
    [
      "2 workers asked for, and connect(2)",
      { ports: BIG, technique: "connect", workers: 2 },
      1,
      "One worker instead of 2: connect(2) is the kernel's work",
    ],
  ];

for (const [name, options, workers, why] of ROWS) {
  Deno.test({
    name: `workers: ${name}`,
    ignore: !RAW && options.technique !== "connect",
    fn: async () => {
      const plan = await planOf(options);
      assertEquals(plan.workers, workers);
      const said = [...plan.notes, ...plan.warnings];
      assertEquals(said.includes(why ?? ""), why !== undefined, said.join("\n"));
    },
  });
}

Deno.test({
  name: "workers: as many as the cores, at most four, for millions of ports",
  ignore: !RAW,
  fn: async () => {
    const controller = new AbortController();
    const running = scan({ targets: "127.1.0.0/26", ports: "1-50000" }, { signal: controller.signal });
    assertEquals((await running.plan).workers, MOST);
    controller.abort();
    for await (const _ of running.batches());
  },
});

/** Runs the program with some permissions, perhaps on one core only. */
async function run(rights: readonly string[], args: readonly string[], before: readonly string[] = []) {
  const argv = [...before, Deno.execPath(), "run", "--no-prompt", ...rights, MOD, ...args];
  const { code, stdout, stderr } = await new Deno.Command(argv[0]!, { args: argv.slice(1) }).output();
  return { code, out: new TextDecoder().decode(stdout), err: new TextDecoder().decode(stderr) };
}

const SHORT = ["-v", "--deadline", "100ms", "-p", BIG, TEN_HOSTS];

Deno.test({
  name: "workers: one where their code may not be read, which -v says",
  ignore: !RAW,
  fn: async () => {
    const { err } = await run(["--allow-ffi"], SHORT);
    assertStringIncludes(err, ", 1 worker)");
    assertEquals(err.includes("One worker: more need --allow-read, to read their own code\n"), MOST > 1, err);
  },
});

Deno.test({
  name: "workers: refused where they were asked for and their code may not be read",
  ignore: !RAW,
  fn: async () => {
    const { code, out, err } = await run(["--allow-ffi"], ["--workers", "2", "-p", "1-2", "127.0.0.1"]);
    assertEquals([code, out], [2, ""]);
    assertEquals(err, "Cannot start 2 workers: that takes the permission to read their code. Add --allow-read\n");
  },
});

Deno.test({
  name: "workers: one for a process that may use one core only",
  ignore: !RAW || !await isThere("taskset"), // Debian's util-linux has it.
  fn: async () => {
    const { err } = await run(["--allow-ffi", "--allow-read"], SHORT, ["taskset", "--cpu-list", "0"]);
    assertStringIncludes(err, ", 1 worker)");
  },
});

async function isThere(program: string): Promise<boolean> {
  try {
    return (await new Deno.Command(program, { args: ["--version"], stdout: "null" }).output()).success;
  } catch {
    return false;
  }
}

/** The shard of a job: `--shard auto`, by the variables that schedulers set. */
import { assertEquals, assertMatch, assertThrows } from "@std/assert";
import { UsageError } from "../../../src/base/errors.ts";
import { shardOfJob } from "../../../src/cli/args/job_shard.ts";
import { withFolder } from "../../support/folder.ts";
import { ended, MOD, start } from "../../support/program.ts";
import { runMain } from "../fake.ts";

const slurm = (id: number, min: number, max: number, step: number, count?: number): Record<string, string> => ({
  ...{ SLURM_ARRAY_TASK_ID: `${id}`, SLURM_ARRAY_TASK_MIN: `${min}`, SLURM_ARRAY_TASK_MAX: `${max}` },
  ...{ SLURM_ARRAY_TASK_STEP: `${step}`, ...(count === undefined ? {} : { SLURM_ARRAY_TASK_COUNT: `${count}` }) },
});
const kubernetes = (index: string, count?: string): Record<string, string> => ({
  JOB_COMPLETION_INDEX: index,
  ...(count === undefined ? {} : { SYNSCAN_SHARDS: count }),
});
const parallel = (seq: string, count: string): Record<string, string> => ({ PARALLEL_SEQ: seq, SYNSCAN_SHARDS: count });

const RIGHT: readonly (readonly [variables: Record<string, string>, shard: string])[] = [
  [slurm(0, 0, 7, 1, 8), "1/8"],
  [slurm(7, 0, 7, 1, 8), "8/8"],
  [slurm(1, 1, 8, 1, 8), "1/8"],
  [slurm(9, 3, 17, 2, 8), "4/8"],
  // The last index is the one that was typed, or the last that the step reaches.
  [slurm(6, 0, 7, 3, 3), "3/3"],
  [slurm(6, 0, 6, 3, 3), "3/3"],
  [slurm(5, 5, 5, 1, 1), "1/1"],
  [slurm(101, 100, 103, 1), "2/4"],
  [kubernetes("0", "8"), "1/8"],
  [kubernetes("7", "8"), "8/8"],
  [parallel("1", "3"), "1/3"],
  [parallel("3", "3"), "3/3"],
];

for (const [variables, shard] of RIGHT) {
  Deno.test(`job shard: ${JSON.stringify(variables)} is ${shard}`, () => {
    assertEquals(shardOfJob({ env: (name) => variables[name], isAllowed: () => true }), shard);
  });
}

const WRONG: readonly (readonly [variables: Record<string, string>, why: RegExp])[] = [
  [{}, /this is no task of a job/],
  [{ SYNSCAN_SHARDS: "3" }, /this is no task of a job/],
  [kubernetes("3"), /JOB_COMPLETION_INDEX is set, but not SYNSCAN_SHARDS/],
  [kubernetes("8", "8"), /JOB_COMPLETION_INDEX is 8, and SYNSCAN_SHARDS is 8/],
  [kubernetes("x", "8"), /JOB_COMPLETION_INDEX is "x", and no number/],
  [kubernetes("1", "-8"), /SYNSCAN_SHARDS is "-8", and no number/],
  [kubernetes("1", ""), /SYNSCAN_SHARDS is not set/],
  [parallel("0", "3"), /PARALLEL_SEQ is 0, and SYNSCAN_SHARDS is 3/],
  [parallel("4", "3"), /PARALLEL_SEQ is 4, and SYNSCAN_SHARDS is 3/],
  // An array of 1, 3 and 7.
  [slurm(3, 1, 7, 1, 3), /task 3 of 3 is none of the array 1-7:1/],
  [slurm(4, 3, 17, 2, 8), /task 4 of 8 is none of the array 3-17:2/],
  [slurm(9, 3, 17, 0, 8), /SLURM_ARRAY_TASK_STEP is "0", and no number/],
  [{ SLURM_ARRAY_TASK_ID: "3" }, /SLURM_ARRAY_TASK_MIN is not set/],
  [{ ...slurm(0, 0, 7, 1, 8), ...parallel("1", "3") }, /SLURM_ARRAY_TASK_ID and PARALLEL_SEQ are both set/],
];

for (const [variables, why] of WRONG) {
  Deno.test(`job shard: ${JSON.stringify(variables)} is refused`, () => {
    const { message } = assertThrows(
      () => shardOfJob({ env: (name) => variables[name], isAllowed: () => true }),
      UsageError,
    );
    assertMatch(message, why);
    assertMatch(message, /^Cannot use --shard auto: [^\n]*\. Write --shard I\/N$/);
  });
}

Deno.test("job shard: auto is the shard of the job, in the scan and in the names of reports", async () => {
  const env = { SLURM_ARRAY_TASK_ID: "5", ...slurm(5, 4, 15, 1, 12) };
  const { status, world, scanner } = await runMain(
    "--shard auto --seed 7 -oJ s-%i-of-%%.json -oA %i/all 10.0.0.1",
    {},
    { env },
  );
  assertEquals([status, scanner.asked[0]?.shard], [0, { index: 2, count: 12 }], world.stderr);
  assertEquals([...world.written.keys()].slice(0, 2), ["s-02-of-%.json", "02/all.nmap"]);
});

Deno.test("job shard: outside a job auto is one line and exit 1, without the right to read the environment exit 2", async () => {
  const outside = await runMain("--shard auto --seed 7 10.0.0.1");
  assertEquals([outside.status, outside.world.stderr.trimEnd().split("\n").length], [1, 1]);
  assertMatch(outside.world.stderr, /^Cannot use --shard auto: this is no task of a job/);
  const denied = await runMain("--shard auto --seed 7 10.0.0.1", {}, { denied: ["env"], env: slurm(0, 0, 7, 1, 8) });
  assertEquals([denied.status, denied.scanner.asked.length], [2, 0]);
  assertMatch(
    denied.world.stderr,
    /^Cannot use --shard auto: it needs the right to read the environment\. Add --allow-env [^\n]*\n$/,
  );
});

Deno.test("job shard: the installed and the compiled program may read every variable", async () => {
  const { tasks } = JSON.parse(await Deno.readTextFile(new URL("../../../deno.json", import.meta.url)));
  const readme = await Deno.readTextFile(new URL("../../../README.md", import.meta.url));
  const [install = ""] = /^deno install .*$/m.exec(readme) ?? [];
  const names = [slurm(0, 0, 7, 1, 8), kubernetes("0", "8"), parallel("1", "3")].flatMap(Object.keys);
  for (const line of [tasks.compile, install]) {
    const [, allowed = ""] = /--allow-env=(\S+)/.exec(line) ?? [];
    assertEquals(names.filter((name) => !allowed.split(",").includes(name)), [], line);
  }
});

function isThere(program: string): boolean {
  return new Deno.Command("sh", { args: ["-c", `command -v ${program}`], stdout: "null" }).outputSync().success;
}

const HAS_PARALLEL = isThere("parallel");

Deno.test({
  name: `job shard: GNU parallel scans the shards, which merge into one scan${
    HAS_PARALLEL ? "" : " (skipped: no parallel)"
  }`,
  ignore: !HAS_PARALLEL,
  fn: () =>
    withFolder(async (folder) => {
      const scan = `-A ${MOD} --shard auto --seed 7 -sT -n -q -oJ found-%i.json -p 1-9 127.0.0.1-3`;
      const args = ["-n0", "-j2", Deno.execPath(), "run", ...scan.split(" "), ":::", "a", "b", "c"];
      const env = { SYNSCAN_SHARDS: "3", XDG_CONFIG_HOME: folder, PARALLEL_HOME: folder };
      const jobs = await ended(start(["parallel", "--will-cite", ...args], { cwd: folder, env }));
      assertEquals(
        [
          jobs.code,
          [...Deno.readDirSync(folder)].filter(({ name }) => /^found-[123]\.json$/.test(name)).length,
        ],
        [0, 3],
        jobs.err,
      );
      const files = [1, 2, 3].map((index) => `found-${index}.json`);
      const merged = await ended(
        start([Deno.execPath(), "run", "-A", MOD, "merge", "-q", ...files], { cwd: folder, env }),
      );
      assertEquals([merged.code, merged.err], [0, ""]);
    }),
});

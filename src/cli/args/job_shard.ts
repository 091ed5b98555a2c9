/**
 * The shard that a job scheduler has given to this process, by the variables of its environment: `--shard auto`.
 *
 * @module
 */
import { CannotScanError, UsageError } from "../../base/errors.ts";
import type { System } from "../system.ts";

/** The variable with the number of shards, for schedulers that do not tell it. */
const COUNT = "SYNSCAN_SHARDS";
const FLAG = "--shard";
const SLURM = "SLURM_ARRAY_TASK_";

type Environment = Pick<System, "env" | "isAllowed">;
type Variables = Environment["env"];

/** The schedulers: the variable that shows that a process is one of its tasks, and the shard of the task. */
const SCHEDULERS: readonly (readonly [variable: string, shardOf: (env: Variables) => string])[] = [
  [`${SLURM}ID`, slurmShard],
  ["JOB_COMPLETION_INDEX", (env) => countedShard(env, "JOB_COMPLETION_INDEX", 0)],
  ["PARALLEL_SEQ", (env) => countedShard(env, "PARALLEL_SEQ", 1)],
];

/** Every variable that is read. */
const VARIABLES = [
  ...["ID", "MIN", "MAX", "STEP", "COUNT"].map((name) => SLURM + name),
  ...["JOB_COMPLETION_INDEX", "PARALLEL_SEQ", COUNT],
];

/**
 * Returns the shard of the task that this process is, as `3/8`.
 *
 * @throws {UsageError} If it is no task of a job, or the variables contradict each other.
 * @throws {CannotScanError} If the environment may not be read.
 */
export function shardOfJob({ env, isAllowed }: Environment): string {
  if (!VARIABLES.some((variable) => isAllowed({ name: "env", variable }))) {
    throw new CannotScanError(
      `Cannot use ${FLAG} auto: it needs the right to read the environment. Add --allow-env to deno run, or write ${FLAG} I/N`,
    );
  }
  const found = SCHEDULERS.filter(([variable]) => env(variable) !== undefined);
  const [[, shardOf] = []] = found;
  if (found.length > 1) throw refusal(`${found.map(([name]) => name).join(" and ")} are both set`);
  if (shardOf !== undefined) return shardOf(env);
  throw refusal(`this is no task of a job: none of ${SCHEDULERS.map(([name]) => name).join(", ")} is set`);
}

/** Returns the shard of a task of a Slurm array, whose indices have any beginning and step: `--array=3-17:2`. */
function slurmShard(env: Variables): string {
  const id = wholeIn(env, `${SLURM}ID`);
  const [min, max, step] = [wholeIn(env, `${SLURM}MIN`), wholeIn(env, `${SLURM}MAX`), wholeIn(env, `${SLURM}STEP`, 1)];
  const count = Math.floor((max - min) / step) + 1;
  const told = env(`${SLURM}COUNT`);
  const at = (id - min) / step;
  const isRegular = at >= 0 && at < count && Number.isInteger(at) && (told === undefined || Number(told) === count);
  if (isRegular) return `${at + 1}/${count}`;
  throw refusal(
    `task ${id} of ${
      told ?? "an unknown number"
    } is none of the array ${min}-${max}:${step}, whose indices must have one step`,
  );
}

/** Returns the shard of a task that knows its index, whose first is `first`; a variable of the user has the number of tasks. */
function countedShard(env: Variables, variable: string, first: number): string {
  const at = wholeIn(env, variable) - first;
  if (env(COUNT) === undefined) throw refusal(`${variable} is set, but not ${COUNT}, the number of shards`);
  const count = wholeIn(env, COUNT);
  if (at >= 0 && at < count) return `${at + 1}/${count}`;
  throw refusal(`${variable} is ${at + first}, and ${COUNT} is ${count}`);
}

function wholeIn(env: Variables, variable: string, least = 0): number {
  const text = env(variable) ?? "";
  const value = Number(text);
  if (/^\d{1,9}$/.test(text) && value >= least) return value;
  throw refusal(`${variable} is ${text === "" ? "not set" : JSON.stringify(text)}, and no number`);
}

function refusal(why: string): UsageError {
  return new UsageError(`Cannot use ${FLAG} auto: ${why}. Write ${FLAG} I/N`);
}

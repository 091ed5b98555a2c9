/**
 * Scans a network by an array of eight tasks of a real Slurm, of which one is killed and queued again, and merges the shards.
 *
 *   deno task bench slurm [--ports N]
 *
 * slurmctld, two slurmds and the targets are in network namespaces; munge and Slurm are Debian's. Needs root.
 *
 * @module
 */

import { delay, Lab, lacking } from "../support/lab.ts";
import { readSynscanJson, SYNSCAN } from "../support/lab_synscan.ts";

const TASKS = 8;
const NODES = ["node1", "node2"];
/** The first of the ports, which is open on every host: 1,024 hosts. */
const OPEN = 22;
const NETWORK = "10.200.0.0/22";
/** The first index of arrays, and their step. */
const FIRST = 3;
const STEP = 2;
const KILLED = 4;
/** The longest time of an array, in milliseconds. */
const PATIENCE_MS = 300_000;
/** The bound of the issue: 8 tasks against one scan with two workers, plus the same array of `true`. */
const BOUND = 1.3;
const TOOLS = ["root", "slurmctld", "slurmd", "sbatch", "munged"];

/** Runs the benchmark; returns true if everything holds. */
export async function benchSlurm(args: readonly string[]): Promise<boolean> {
  const missing = lacking(TOOLS);
  if (missing !== "") throw new Error(`Cannot start Slurm: ${missing}`);
  const ports = Number(args[args.indexOf("--ports") + 1] ?? 1024) || 1024;
  await using cluster = await Cluster.create();
  const scan = ["-n", "-q", "-T5", "-p", `${OPEN}-${OPEN + ports - 1}`, "--seed", "7", "--open", NETWORK];
  const results: [what: string, value: string, isRight: boolean][] = [];
  const check = (what: string, value: string, isRight: boolean) => {
    results.push([what, value, isRight]);
    console.log(`${isRight ? "ok  " : "FAIL"} ${what}: ${value}`);
  };
  const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;

  const text = ({ wallMs, cpuMs }: Cost) => `${seconds(wallMs)}, CPU ${seconds(cpuMs)}`;
  const arrays = await cluster.timed(["true"]);
  console.log(`     array of true: ${text(arrays)}`);
  const one = await cluster.scan("node1", [...scan, "--workers", "2", "-oJ", `${cluster.folder}/whole.json`]);
  console.log(`     one scan with two workers: ${text(one)}`);
  const task = [...SYNSCAN, "--shard", "auto", "--workers", "1", ...scan, "-oJ", `${cluster.folder}/found-%i.json`];
  const shards = await cluster.timed(task);
  // Other programs on the machine change the CPU time little.
  const bound = { wallMs: BOUND * one.wallMs + arrays.wallMs, cpuMs: BOUND * one.cpuMs + arrays.cpuMs };
  check(`array of ${TASKS} scans`, `${text(shards)}; bound ${text(bound)}`, shards.wallMs <= bound.wallMs);
  const whole = resultsIn(`${cluster.folder}/whole.json`);
  const all = Array.from({ length: TASKS }, (_, at) => `${cluster.folder}/found-${at + 1}.json`);
  const merged = async (files: readonly string[]) => {
    const out = `${cluster.folder}/merged.json`;
    const finished = await cluster.run([...SYNSCAN, "merge", "-q", ...files, "-oJ", out]);
    return { ...finished, results: finished.code === 1 ? undefined : resultsIn(out) };
  };
  const checkWhole = ({ code, stderr, results }: Awaited<ReturnType<typeof merged>>, what: string) => {
    const isSame = results !== undefined && results.keys.size === whole.keys.size &&
      whole.keys.isSubsetOf(results.keys);
    check(
      what,
      `exit ${code}, ${results?.keys.size} of ${whole.keys.size} ports, ${results?.count} lines ${stderr}`,
      code === 0 && isSame && results.count === results.keys.size,
    );
    check(`${what}: ports to decide`, `${results?.probes} of ${whole.probes}`, results?.probes === whole.probes);
  };
  checkWhole(await merged(all), "merged shards are the whole scan");

  for (const file of all) await Deno.remove(file);
  const job = await cluster.submit(`exec ${quoted(task)}`);
  const victim = `${job}_${FIRST + STEP * (KILLED - 1)}`;
  await cluster.until(() => hasLines(`${cluster.folder}/found-${KILLED}.json`, 2));
  await cluster.control("scancel", "--batch", "--signal=KILL", victim);
  await cluster.until(async () => !(await cluster.states(job)).some(([id]) => id === victim));
  await cluster.control("scontrol", "requeuehold", victim);
  await cluster.until(async () =>
    (await cluster.states(job)).every(([id, state]) => id === victim && state === "PENDING")
  );
  const others = all.filter((_, at) => at + 1 !== KILLED);
  const without = await merged(others);
  const named = `Shard ${KILLED}/${TASKS} is missing. To supply it: `;
  check(
    "merge without the killed task",
    `exit ${without.code}: ${without.stderr.trim().split("\n").at(-1)}`,
    without.code === 3 && without.stderr.includes(named),
  );
  const cut = await merged(all);
  check(
    "merge with what the killed task left",
    `exit ${cut.code}: ${cut.stderr.trim()}`,
    cut.code === 1 && cut.stderr.includes(`shard ${KILLED}/${TASKS}`),
  );
  await cluster.control("scontrol", "release", victim);
  await cluster.until(async () => (await cluster.states(job)).length === 0);
  checkWhole(await merged(all), "merged after the killed task was queued again");
  return results.every(([, , isRight]) => isRight);
}

function hasLines(path: string, count: number): boolean {
  try {
    return Deno.readTextFileSync(path).split("\n").length > count;
  } catch {
    return false;
  }
}

/** The open ports of a file, and the number of its lines of ports. */
function resultsIn(path: string): { readonly keys: Set<string>; readonly count: number; readonly probes: number } {
  const { ports, summary } = readSynscanJson(Deno.readTextFileSync(path));
  return {
    keys: new Set(ports.map(({ ip, port, state }) => `${ip} ${port} ${state}`)),
    count: ports.length,
    probes: summary?.probes ?? 0,
  };
}

/** The time of a command, and the time that it used processors. */
interface Cost {
  readonly wallMs: number;
  readonly cpuMs: number;
}

/** Returns a line of bash that runs a command and prints its user and system time. */
function timedText(command: readonly string[]): string {
  return `TIMEFORMAT='cpu %U %S'; time ${quoted(command)}`;
}

function quoted(command: readonly string[]): string {
  return command.map((word) => `'${word}'`).join(" ");
}

/** Returns the time in the last line that such a line has printed, in milliseconds. */
function cpuIn(text: string): number {
  const [, user = "0", system = "0"] = [...text.matchAll(/^cpu ([\d.]+) ([\d.]+)$/gm)].at(-1) ?? [];
  return (Number(user) + Number(system)) * 1000;
}

/** A Slurm with two nodes of four processors each, and a network to scan. */
class Cluster implements AsyncDisposable {
  readonly folder: string;
  readonly #lab: Lab;

  private constructor(lab: Lab) {
    this.#lab = lab;
    this.folder = lab.folder();
  }

  static async create(): Promise<Cluster> {
    const members = Object.fromEntries(["control", ...NODES].map((name, at) => [name, `10.64.9.${at + 1}/24`]));
    const lab = await Lab.create({
      spaces: {
        control: {},
        ...Object.fromEntries(NODES.map((name, at) => [name, { routes: [`${NETWORK} via 10.64.${at + 1}.254`] }])),
        target: { local: [NETWORK], listen: `${OPEN}` },
      },
      bridges: [{ name: "lan", members }],
      links: NODES.map((name, at) => ({
        between: [name, "target"],
        addresses: [`10.64.${at + 1}.1/24`, `10.64.${at + 1}.254/24`],
      })),
    });
    const cluster = new Cluster(lab);
    try {
      await cluster.#start();
      return cluster;
    } catch (error) {
      await lab[Symbol.asyncDispose]();
      throw error;
    }
  }

  async #start(): Promise<void> {
    const { folder } = this;
    await Deno.chmod(folder, 0o755);
    await Deno.writeFile(`${folder}/munge.key`, crypto.getRandomValues(new Uint8Array(1024)), { mode: 0o400 });
    const socket = `${folder}/munge.socket`;
    await this.#serve("control", [
      ...["munged", "--foreground", "--force", `--socket=${socket}`, `--key-file=${folder}/munge.key`],
      ...[`--pid-file=${folder}/munge.pid`, `--seed-file=${folder}/munge.seed`, `--log-file=${folder}/munge.log`],
    ]);
    await this.until(() => Deno.statSync(socket) !== undefined);
    const nodes = NODES.map((name, at) =>
      `NodeName=${name} NodeAddr=10.64.9.${at + 2} NodeHostname=${name} CPUs=${TASKS / NODES.length} State=UNKNOWN`
    );
    const settings = [
      ...["ClusterName=lab", "SlurmctldHost=control(10.64.9.1)", "SlurmUser=root", "SlurmdUser=root"],
      ...["AuthType=auth/munge", `AuthInfo=socket=${socket}`, "CryptoType=crypto/munge", "MpiDefault=none"],
      ...[`StateSaveLocation=${folder}/state`, `SlurmdSpoolDir=${folder}/%n`, "ProctrackType=proctrack/linuxproc"],
      ...[`SlurmctldPidFile=${folder}/ctld.pid`, `SlurmdPidFile=${folder}/%n.pid`, "TaskPlugin=task/none"],
      ...[`SlurmctldLogFile=${folder}/ctld.log`, `SlurmdLogFile=${folder}/%n.log`, "ReturnToService=2"],
      ...["SelectType=select/cons_tres", "SelectTypeParameters=CR_CPU", "SlurmdParameters=config_overrides"],
      ...["JobRequeue=1", "SchedulerParameters=batch_sched_delay=0,sched_min_interval=0", "KillWait=2"],
      ...nodes,
      `PartitionName=all Nodes=${NODES.join()} Default=YES MaxTime=INFINITE State=UP`,
    ];
    await Deno.writeTextFile(`${folder}/slurm.conf`, `${settings.join("\n")}\n`);
    await Deno.mkdir(`${folder}/state`);
    // Each has a host name of its own.
    const serveAs = (name: string, daemon: string) =>
      this.#serve(name, ["unshare", "--uts", "sh", "-c", `hostname ${name}; exec ${daemon} -f ${folder}/slurm.conf`]);
    await serveAs("control", "slurmctld -D");
    for (const name of NODES) {
      await Deno.mkdir(`${folder}/${name}`);
      await serveAs(name, `slurmd -D -N ${name}`);
    }
    await this.until(async () => (await this.run(["sinfo", "-h", "-o", "%T"])).stdout.trim() === "idle");
  }

  async #serve(space: string, argv: readonly string[]): Promise<void> {
    await this.#lab.serve(space, ["sh", "-c", 'echo started; exec "$@"', "sh", ...argv]);
  }

  /** Runs a program beside slurmctld. */
  async run(argv: readonly string[]): Promise<Awaited<ReturnType<Lab["run"]>>> {
    return await this.#lab.run("control", ["env", `SLURM_CONF=${this.folder}/slurm.conf`, ...argv]);
  }

  /** Scans on a node, without Slurm. */
  async scan(node: string, args: readonly string[]): Promise<Cost> {
    const command = ["bash", "-c", timedText([...SYNSCAN, ...args])];
    const { code, stderr, elapsedMs } = await this.#lab.run(node, command, { timeoutMs: PATIENCE_MS });
    if (code !== 0) throw new Error(`The scan failed: ${stderr}`);
    return { wallMs: elapsedMs, cpuMs: cpuIn(stderr) };
  }

  /** Submits an array of tasks that run this line of bash; returns the number of the job. */
  async submit(line: string): Promise<string> {
    const { folder } = this;
    const last = FIRST + STEP * (TASKS - 1);
    await Deno.writeTextFile(`${folder}/job.sh`, `#!/bin/bash\n${line}\n`);
    const array = [`--array=${FIRST}-${last}:${STEP}`, "--requeue", `--output=${folder}/task-%a.log`, "--chdir=/"];
    const { code, stdout, stderr } = await this.run(["sbatch", "--parsable", ...array, `${folder}/job.sh`]);
    if (code !== 0) throw new Error(`Cannot submit: ${stderr}`);
    return stdout.trim();
  }

  /** Runs an array of tasks to its end. */
  async timed(command: readonly string[]): Promise<Cost> {
    const beganMs = performance.now();
    const job = await this.submit(timedText(command));
    await this.until(async () => (await this.states(job)).length === 0);
    const wallMs = performance.now() - beganMs;
    const logs = Array.from({ length: TASKS }, (_, at) => `${this.folder}/task-${FIRST + STEP * at}.log`);
    return { wallMs, cpuMs: logs.reduce((sum, log) => sum + cpuIn(Deno.readTextFileSync(log)), 0) };
  }

  /** Returns the tasks of a job that have not ended, and their states. */
  async states(job: string): Promise<[id: string, state: string][]> {
    const { stdout } = await this.run(["squeue", "-h", "-r", "-j", job, "-o", "%i %T"]);
    return stdout.trimEnd().split("\n").filter((line) => line !== "").map((line) =>
      line.split(" ") as [string, string]
    );
  }

  /** Runs a command of Slurm. */
  async control(...command: readonly string[]): Promise<void> {
    const { code, stderr } = await this.run(command);
    if (code !== 0) throw new Error(`Cannot run ${command.join(" ")}: ${stderr}`);
  }

  /** Resolves once a condition holds; what it reads may be missing. */
  async until(holds: () => boolean | Promise<boolean>): Promise<void> {
    for (const beganMs = performance.now(); performance.now() - beganMs < PATIENCE_MS;) {
      try {
        if (await holds()) return;
      } catch (error) {
        if (!(error instanceof Deno.errors.NotFound)) throw error;
      }
      await delay(50);
    }
    throw new Error(`Waited ${PATIENCE_MS / 1000} s for: ${holds}; logs are in ${this.folder}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#lab[Symbol.asyncDispose]();
  }
}

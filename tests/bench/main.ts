/**
 * Compares synscan with its peers and with the limits of the machine, in labs of network namespaces, against ground truth.
 *
 *   deno task bench [--quick] [--only NAME[,NAME]] [--runs N] [--peer PATH]... [--limit SECONDS] [--json] [--list]
 *   deno task bench --previous DIR [--only NAME[,NAME]] [--runs N]
 *   deno task bench services ...    identifies real servers: see tests/services/bench.ts
 *   deno task bench recog ...       compares products with another corpus: see tests/bench/recog.ts
 *   deno task bench memory          simulates scans of up to 2^24 hosts: see tests/bench/memory.ts
 *   deno task bench slurm ...       scans by an array of a real Slurm: see tests/bench/slurm.ts
 *
 * With `--previous` the only peer is the build in another directory: it must not be faster than this one beyond noise.
 *
 * Needs root. Tools that are not installed are left out; `--peer` adds others, recognised by their names (nmap, masscan,
 * zmap). Runs of the tools of one scenario are interleaved, so that a busy moment of the machine meets all of them.
 *
 * @module
 */

import { parseArgs } from "@std/cli/parse-args";
import { exists, Lab, lacking } from "../support/lab.ts";
import { compare, type GroundTruth } from "../support/lab_verdicts.ts";
import { type Bar, type Contestant, type Scenario, SCENARIOS } from "./peers/scenarios.ts";
import { findTools, type Tool } from "./peers/tools.ts";

const USAGE =
  "deno task bench [--quick] [--only NAME[,NAME]] [--runs N] [--peer PATH]... [--previous DIR] [--limit SECONDS] " +
  "[--json] [--list]";

const ROOT = new URL("../../", import.meta.url).pathname;
/** The least time of a previous build, as a multiple of that of this one: what differs by less is noise. */
const PREVIOUS_LEAST = 0.93;

/** One run of one tool. */
interface Run {
  readonly wallMs: number;
  /** User and system time together. */
  readonly cpuMs: number;
  readonly peakMb: number;
  readonly code: number;
  readonly ratePps: number;
  readonly right: number;
  readonly wrong: number;
  readonly missing: number;
  readonly watchedMs: number | undefined;
  readonly examples: readonly string[];
}

/** All runs of one tool in one scenario, summed up: medians, and the worst of what was wrong. */
interface Row {
  readonly scenario: string;
  readonly tool: string;
  readonly runs: number;
  readonly wallMs: number;
  readonly wallLeastMs: number;
  readonly wallMostMs: number;
  readonly ratePps: number;
  readonly cpuMs: number;
  readonly peakMb: number;
  readonly right: number;
  readonly wrong: number;
  readonly missing: number;
  readonly watchedMs: number | undefined;
  /** Its wall time, and its rate, as multiples of those of the one it is compared with. */
  readonly times: number;
  readonly rateTimes: number;
  /** The same of its CPU time, which other programs on the machine hardly change. */
  readonly cpuTimes: number;
  /** The same of its peak memory. */
  readonly peakTimes: number;
  readonly bar: string;
  readonly met: boolean | undefined;
  readonly examples: readonly string[];
}

/** The cost of a run, as printed by measure.c. */
interface Cost {
  readonly wall: number;
  readonly user: number;
  readonly system: number;
  readonly peak: number;
  readonly code: number;
}

interface Settings {
  readonly quick: boolean;
  readonly runs: number;
  readonly limitS: number;
  /** The directory of a previous build, which ends with a slash. */
  readonly previous: string | undefined;
  readonly tools: readonly Tool[];
}

async function runScenario(scenario: Scenario, settings: Settings): Promise<Row[]> {
  await using lab = await Lab.create(scenario.lab);
  const meter = await lab.compile(new URL("peers/measure.c", import.meta.url));
  const all = withPrevious(await scenario.contestants(lab, settings.tools), settings.previous);
  const contestants = settings.quick ? all.filter(({ slow }) => !slow) : all;
  const runs = new Map<string, Run[]>(contestants.map(({ name }) => [name, []]));
  const most = Math.max(...contestants.map((contestant) => runsOf(contestant, settings)));
  for (let round = 0; round < most; round++) {
    for (const contestant of contestants) {
      if (round >= runsOf(contestant, settings)) continue;
      progress(`${scenario.name}: ${contestant.name}, run ${round + 1}`);
      runs.get(contestant.name)?.push(await runOnce(lab, meter, contestant, settings));
    }
  }
  progress("");
  const rows: Row[] = [];
  for (const contestant of contestants) {
    const index = contestant.against === undefined
      ? 0
      : contestants.findIndex(({ name }) => name === contestant.against);
    if (index < 0) throw new Error(`Cannot compare ${contestant.name} with ${contestant.against}: it does not compete`);
    rows.push(sumUp(scenario, contestant, runs.get(contestant.name) ?? [], rows[index]));
  }
  return rows;
}

/** Lets each contestant of this build compete with the same one of a previous build. */
function withPrevious(contestants: readonly Contestant[], previous: string | undefined): readonly Contestant[] {
  if (previous === undefined) return contestants;
  const isOwn = (word: string) => word.startsWith(ROOT);
  return contestants.flatMap((contestant) => {
    const { bar: _, name, argv, ...rest } = contestant;
    if (!argv("").some(isOwn)) return [contestant];
    const before: Contestant = {
      ...rest,
      name: `${name} (previous)`,
      argv: (file) => argv(file).map((word) => isOwn(word) ? previous + word.slice(ROOT.length) : word),
      bar: { slower: PREVIOUS_LEAST },
      against: name,
    };
    return [contestant, before];
  });
}

function runsOf({ slow, runs }: Contestant, settings: Settings): number {
  return settings.quick || slow ? 1 : runs ?? settings.runs;
}

async function runOnce(lab: Lab, meter: string, contestant: Contestant, settings: Settings): Promise<Run> {
  const answerFile = Deno.makeTempFileSync({ prefix: "synlab" }), costFile = `${answerFile}.cost`;
  try {
    const { watch } = contestant;
    const stop = watch === undefined ? undefined : await lab.capture(watch.space, watch.device);
    const argv = [meter, costFile, String(settings.limitS), ...contestant.argv(answerFile)];
    const { stderr } = await lab.run("scanner", argv, { timeoutMs: (settings.limitS + 10) * 1000 });
    const cost: Cost = JSON.parse(Deno.readTextFileSync(costFile));
    const answer = Deno.readTextFileSync(answerFile);
    return {
      ...judge(contestant, answer, cost, stderr),
      watchedMs: stop === undefined ? undefined : await timeWatched(lab, await stop()),
    };
  } finally {
    for (const file of [answerFile, costFile]) await Deno.remove(file).catch(() => {});
  }
}

function judge(contestant: Contestant, answer: string, cost: Cost, stderr: string): Omit<Run, "watchedMs"> {
  const truth = contestant.openOnly ? openPorts(contestant.truth) : contestant.truth;
  const sendsOnly = truth.size === 0;
  const { right, wrong, missing, unexpected } = compare(truth, sendsOnly ? [] : contestant.read(answer));
  const stopped = cost.code === 137 ? "stopped at the limit" : `status ${cost.code}: ${stderr.trim().slice(-200)}`;
  return {
    wallMs: cost.wall,
    cpuMs: cost.user + cost.system,
    peakMb: cost.peak / 1024,
    code: cost.code,
    ratePps: contestant.ratePps?.(answer) ?? contestant.truth.size / cost.wall * 1000,
    right,
    wrong: wrong.length + unexpected.length,
    missing: missing.length,
    examples: [...(cost.code === 0 || sendsOnly ? [] : [stopped]), ...wrong.slice(0, 2), ...unexpected.slice(0, 2)],
  };
}

function openPorts(truth: GroundTruth): GroundTruth {
  return new Map([...truth].filter(([, { state }]) => state === "open"));
}

/** Time between the first and the last TCP packet of a capture, in milliseconds. */
async function timeWatched(lab: Lab, file: string): Promise<number> {
  const argv = ["tshark", "-r", file, "-Y", "tcp", "-T", "fields", "-e", "frame.time_epoch"];
  const { stdout } = await lab.run("scanner", argv);
  const times = stdout.trimEnd().split("\n").map(Number);
  return ((times.at(-1) ?? 0) - (times[0] ?? 0)) * 1000;
}

function sumUp(scenario: Scenario, { name, bar, openOnly }: Contestant, runs: readonly Run[], against?: Row): Row {
  const middle = (of: (run: Run) => number) => median(runs.map(of));
  const wallMs = middle((run) => run.wallMs), ratePps = middle((run) => run.ratePps);
  const watchedMs = runs[0]?.watchedMs === undefined ? undefined : middle((run) => run.watchedMs ?? 0);
  const times = against === undefined ? 1 : wallMs / against.wallMs;
  const rateTimes = against === undefined ? 1 : ratePps / against.ratePps;
  const cpuMs = middle((run) => run.cpuMs), peakMb = middle((run) => run.peakMb);
  const peakTimes = against === undefined ? 1 : peakMb / against.peakMb;
  const walls = runs.map((run) => run.wallMs);
  return {
    scenario: scenario.name,
    tool: openOnly ? `${name} (open only)` : name,
    runs: runs.length,
    wallMs,
    wallLeastMs: Math.min(...walls),
    wallMostMs: Math.max(...walls),
    ratePps,
    cpuMs,
    peakMb,
    right: Math.min(...runs.map((run) => run.right)),
    wrong: Math.max(...runs.map((run) => run.wrong)),
    missing: Math.max(...runs.map((run) => run.missing)),
    watchedMs,
    times,
    rateTimes,
    cpuTimes: against === undefined ? 1 : cpuMs / against.cpuMs,
    peakTimes,
    bar: describeBar(bar),
    met: bar === undefined ? undefined : (bar.slower !== undefined || runs.every(isRight)) &&
      (bar.slower === undefined || times >= bar.slower) &&
      (bar.within === undefined || times <= bar.within) &&
      (bar.longerMs === undefined || wallMs <= (against?.wallMs ?? Infinity) + bar.longerMs) &&
      (bar.faster === undefined || rateTimes >= bar.faster) &&
      (bar.peakWithin === undefined || peakTimes <= bar.peakWithin) &&
      (bar.withinMs === undefined || wallMs <= bar.withinMs) &&
      (bar.watchedWithinMs === undefined || (watchedMs ?? 0) <= bar.watchedWithinMs),
    examples: runs.flatMap((run) => run.examples).slice(0, 3),
  };
}

function isRight({ code, right, wrong, missing }: Run): boolean {
  // Who only sends learns nothing, and may say so by its status.
  const sendsOnly = right + wrong + missing === 0;
  return (code === 0 || sendsOnly && code === 3) && wrong === 0 && missing === 0;
}

function describeBar(bar: Bar | undefined): string {
  const words = bar !== undefined && bar.slower === undefined ? ["right"] : [];
  if (bar?.slower !== undefined) words.push(`time >= ${bar.slower} x`);
  if (bar?.within !== undefined) words.push(`time <= ${bar.within} x`);
  if (bar?.longerMs !== undefined) words.push(`<= ${bar.longerMs / 1000} s longer`);
  if (bar?.faster !== undefined) words.push(`rate >= ${bar.faster} x`);
  if (bar?.peakWithin !== undefined) words.push(`peak <= ${bar.peakWithin} x`);
  if (bar?.withinMs !== undefined) words.push(`<= ${bar.withinMs / 1000} s`);
  if (bar?.watchedWithinMs !== undefined) words.push(`watched <= ${bar.watchedWithinMs / 1000} s`);
  return words.join(", ");
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b), half = sorted.length >> 1;
  const upper = sorted[half] ?? NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[half - 1] ?? NaN)) / 2;
}

const COLUMNS: readonly (readonly [title: string, cell: (row: Row) => string])[] = [
  ["runs", (row) => String(row.runs)],
  ["wall s", (row) => seconds(row.wallMs)],
  ["least-most", (row) => `${seconds(row.wallLeastMs)}-${seconds(row.wallMostMs)}`],
  ["probes/s", (row) => Math.round(row.ratePps).toLocaleString("en")],
  ["cpu s", (row) => seconds(row.cpuMs)],
  ["peak MB", (row) => row.peakMb.toFixed(0)],
  ["right", (row) => row.right.toLocaleString("en")],
  ["wrong", (row) => row.wrong.toLocaleString("en")],
  ["missing", (row) => row.missing.toLocaleString("en")],
  ["watched s", (row) => row.watchedMs === undefined ? "" : seconds(row.watchedMs)],
  ["time x", (row) => row.times.toFixed(2)],
  ["rate x", (row) => Number.isFinite(row.rateTimes) ? row.rateTimes.toFixed(2) : ""],
  ["cpu x", (row) => row.cpuTimes.toFixed(2)],
  ["peak x", (row) => row.peakTimes.toFixed(2)],
  ["", (row) => row.met === undefined ? "" : `${row.bar}: ${row.met ? "met" : "MISSED"}`],
];

function seconds(ms: number): string {
  return (ms / 1000).toFixed(2);
}

function printTable(scenario: Scenario, rows: readonly Row[]): void {
  const width = Math.max(...rows.map(({ tool }) => tool.length));
  const cells = rows.map((row) => COLUMNS.map(([, cell]) => cell(row)));
  const widths = COLUMNS.map(([title], i) => Math.max(title.length, ...cells.map((line) => line[i]?.length ?? 0)));
  const print = (tool: string, line: readonly string[]) =>
    console.log(`${tool.padEnd(width)}  ${line.map((cell, i) => cell.padStart(widths[i] ?? 0)).join("  ")}`.trimEnd());
  console.log(`\n${scenario.name}: ${scenario.title}`);
  print("", COLUMNS.map(([title]) => title));
  rows.forEach((row, i) => print(row.tool, cells[i] ?? []));
  for (const { tool, examples } of rows) for (const example of examples) console.log(`  ${tool}: ${example}`);
}

const encoder = new TextEncoder();

function progress(line: string): void {
  if (Deno.stderr.isTerminal()) Deno.stderr.writeSync(encoder.encode(`\r\x1b[K${line}`));
}

async function main(): Promise<void> {
  const flags = parseArgs(Deno.args, {
    boolean: ["quick", "json", "list"],
    string: ["only", "peer", "previous", "runs", "limit"],
    collect: ["peer"],
    default: { runs: "3", limit: "300" },
    unknown: (arg) => {
      console.error(`Cannot measure with ${arg}. Usage:\n  ${USAGE}`);
      Deno.exit(1);
    },
  });
  if (flags.list) {
    for (const { name, title } of SCENARIOS) console.log(`${name.padEnd(10)}${title}`);
    return;
  }
  const missing = lacking(["root", "gcc", "ip", "nsenter", "nft", "ethtool", "dumpcap", "tshark"]);
  if (missing !== "") {
    console.error(`Cannot measure: ${missing}`);
    Deno.exit(2);
  }
  const only = flags.only?.split(",");
  const nameless = only?.find((name) => !SCENARIOS.some((scenario) => scenario.name === name));
  if (nameless !== undefined) {
    console.error(`Cannot measure ${nameless}: there is no such scenario. --list names them`);
    Deno.exit(1);
  }
  const previous = flags.previous?.replace(/\/*$/, "/");
  if (previous !== undefined && !exists(`${previous}mod.ts`)) {
    console.error(`Cannot compare with ${flags.previous}: there is no mod.ts. Name the directory of a build`);
    Deno.exit(1);
  }
  const settings: Settings = {
    quick: flags.quick,
    runs: Number(flags.runs),
    limitS: Number(flags.limit),
    previous,
    tools: previous === undefined ? await findTools(flags.peer) : [],
  };
  const rows: Row[] = [];
  for (const scenario of SCENARIOS.filter(({ name }) => only?.includes(name) ?? true)) {
    const measured = await runScenario(scenario, settings);
    if (!flags.json) printTable(scenario, measured);
    if (previous === undefined) { for (const line of scenario.absent?.(settings.tools) ?? []) console.error(line); }
    rows.push(...measured);
  }
  if (flags.json) console.log(JSON.stringify(rows));
  else {console.log(
      "\ntime x, rate x, cpu x and peak x: against the first of its block, or the one it is compared with",
    );}
}

const args = Deno.args.slice(1);
switch (Deno.args[0]) {
  case "slurm":
    Deno.exit(await (await import("./slurm.ts")).benchSlurm(args) ? 0 : 1);
    break;
  case "memory":
    Deno.exit(await (await import("./memory.ts")).benchMemory() ? 0 : 1);
    break;
  case "recog":
    (await import("./recog.ts")).benchRecog(args);
    break;
  case "services":
    await (await import("../services/bench.ts")).benchServices(args);
    break;
  default:
    await main();
}

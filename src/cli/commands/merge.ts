/**
 * `synscan merge FILE...`: joins the results of shards, which machines have scanned apart, into the reports of one scan.
 *
 * @module
 */
import { UsageError } from "../../base/errors.ts";
import { counted, grouped } from "../../base/text.ts";
import { journalPath } from "../../checkpoint/paths.ts";
import { newAggregator } from "../../report/formats.ts";
import { portsOfEach, type ScanHead } from "../../report/writer.ts";
import { probesHosts } from "../../result/pass.ts";
import { joinSummaries } from "../../result/joined_summary.ts";
import type { HostAddresses, ResultList } from "../../result/port_result.ts";
import { isOwnAnswer } from "../../result/rank.ts";
import type { Summary } from "../../result/summary.ts";
import { passesIn } from "../../scan/passes.ts";
import { parsePorts } from "../../target/ports.ts";
import type { CommandLine } from "../args/command_line.ts";
import { refuseReportsOfHosts } from "../args/contradictions.ts";
import { commandOfShard } from "../args/shard_command.ts";
import { EXIT } from "../exit.ts";
import { FileCheck } from "../files.ts";
import { readText } from "../inputs.ts";
import { outputsOf, remarksOnStderr } from "../output_choice.ts";
import { openReport } from "../report.ts";
import { ReportSet } from "../report_set.ts";
import { SessionRecord } from "../session_record.ts";
import { AbsentInShards } from "../shards/absent_hosts.ts";
import { readCheckpointShard } from "../shards/checkpoint_shard.ts";
import { readJsonShard } from "../shards/json_shard.ts";
import { commonBook, type Shard, type ShardBatch, ShardNames } from "../shards/shard.ts";
import { checkTogether, type MissingShards, missingShards } from "../shards/together.ts";
import type { System } from "../system.ts";
import { Vendors } from "../vendors.ts";
import { VERSION } from "../version.ts";
import { openCheckpoint } from "./resume.ts";

const CHECKPOINT = /^\{"synscan":"checkpoint"/;
/** Options with which a file of JSON lines has some of the results only. */
const LESS_THAN_ALL = /^--(?:open|filter|changed)\b/;
const JOURNAL = /^\{"synscan":"journal"/;

/** Joins shards; resolves to the exit status. Nothing is written if they do not belong together. */
export async function merge(args: readonly string[], line: CommandLine, system: System): Promise<number> {
  using opened = new DisposableStack();
  const shards: Shard[] = [];
  const ipv6 = new Map<string, number>();
  for (const path of line.operands) shards.push(await readShard(path, { opened, ipv6 }, system));
  shards.sort((one, other) => one.share.index - other.share.index);
  checkTogether(shards);
  const missing = missingShards(shards);
  const say = (text: string) => system.writeStderr(`${text}\n`);
  const joined = new JoinedShards(shards, missing);
  const head = joined.head(args);
  if (head.probes === 0) refuseReportsOfHosts("shards that found hosts alone", line.outputs);
  const vendors = new Vendors(system);
  await vendors.open(line);
  const known = new Map(shards.flatMap((shard) => [...shard.vendors]));
  const aggregator = newAggregator(line.verbosity, {
    openOnly: line.openOnly,
    vendorOf: (mac) => known.get(mac) ?? vendors.of(mac),
  });
  let hasReports = true;
  const reports = new ReportSet({ failed: say, noneLeft: () => hasReports = false });
  const record = new SessionRecord({ line, system, resumed: undefined, say, failed: say });
  await record.open(opened);
  const files = new FileCheck(line, system);
  for (const output of outputsOf(line)) {
    reports.add(opened.use(await openReport(output, { line, system, aggregator, files })));
  }
  record.begin({ head, space: shards[0]!.share.key, targets: head.targets ?? "", names: joined.names });
  await reports.toAll((report) => report.start(head));
  for (const { batch, timeMs } of joined.batches()) {
    if (!hasReports && line.db === undefined) break;
    record.add(batch, timeMs);
    await vendors.meet(batch);
    const shown = line.filter === undefined || probesHosts(batch) ? batch : batch.filter(line.filter);
    await reports.toAll((report) => report.results(shown, timeMs));
  }
  const summary = joined.summary();
  const endedAtMs = joined.endedAtMs;
  const isPart = line.filter !== undefined || shards[0]!.options.some((option) => LESS_THAN_ALL.test(option));
  if (!isPart && summary.undecided > 0) aggregator.countNotProbed(portsOfEach(head));
  record.finish(summary, endedAtMs);
  await reports.toAll((report) => report.end(summary, endedAtMs));
  for (const remark of remarksOnStderr(line, summary)) say(remark);
  for (const text of remedies(shards, missing)) say(text);
  if (reports.hasFailed || record.hasFailed) return EXIT.cannot;
  return summary.trusted && summary.ended === "done" || reports.isPipeClosed ? EXIT.done : EXIT.untrusted;
}

async function readShard(
  path: string,
  { opened, ipv6 }: { readonly opened: DisposableStack; readonly ipv6: Map<string, number> },
  system: System,
): Promise<Shard> {
  const text = await readText(path, "synscan merge", system);
  if (!CHECKPOINT.test(text) && !JOURNAL.test(text)) return await readJsonShard(path, text, ipv6);
  const checkpoint = JOURNAL.test(text) ? checkpointOf(path) : path;
  const found = openCheckpoint("Cannot merge", checkpoint, system);
  opened.use(found.journal);
  return readCheckpointShard(checkpoint, found);
}

/** Returns the path of the checkpoint that a journal stands beside. */
function checkpointOf(path: string): string {
  const checkpoint = path.slice(0, -journalPath("").length);
  if (journalPath(checkpoint) === path) return checkpoint;
  throw new UsageError(
    `Cannot merge "${path}": a journal needs its checkpoint. Name the file that was given to --checkpoint`,
  );
}

/** Returns a line for each shard that is missing or unfinished, with the command that supplies it. */
function remedies(shards: readonly Shard[], { count, first }: MissingShards): string[] {
  const [{ args, share }] = shards as [Shard];
  const lines = shards.flatMap(({ path, share: { index, count }, remedy }) =>
    remedy === undefined ? [] : [`Shard ${index}/${count} in ${path} is unfinished. To finish it: ${remedy}`]
  );
  for (const index of first) {
    lines.push(`Shard ${index}/${share.count} is missing. To supply it: ${commandOfShard(args, share, index)}`);
  }
  if (count > first.length) lines.push(`${counted(count - first.length, "more shard")} are missing`);
  return lines;
}

/** The shards of a scan as one scan. */
class JoinedShards {
  readonly names: ShardNames;
  readonly #shards: readonly Shard[];
  readonly #missing: MissingShards;
  readonly #absent: AbsentInShards;
  readonly #book: HostAddresses;
  /** Hosts that have replied. A host is in several shards if probes are divided. */
  readonly #up = new Set<string>();

  constructor(shards: readonly Shard[], missing: MissingShards) {
    this.#shards = shards;
    this.#missing = missing;
    this.#book = commonBook(shards);
    this.#absent = new AbsentInShards(shards, this.#book);
    this.names = new ShardNames(new Map(shards.flatMap(({ names }) => [...names])), this.#ports ?? "");
  }

  /** When the last shard ended, in milliseconds since 1970. */
  get endedAtMs(): number {
    return Math.max(...this.#shards.map(({ startedAtMs, summary }) => Math.round(startedAtMs + summary.elapsedMs)));
  }

  /** Hosts of the whole scan. */
  get #hosts(): number {
    return Math.max(...this.#shards.map(({ share }) => share.hosts));
  }

  get #ports(): string | undefined {
    return this.#shards.find(({ ports }) => ports !== undefined)?.ports;
  }

  head(args: readonly string[]): ScanHead {
    const shards = this.#shards;
    const [{ share, technique, options }] = shards as [Shard];
    const ports = this.#ports;
    const udpPorts = shards.find(({ udpPorts }) => udpPorts !== undefined)?.udpPorts;
    const hostnames = new Map(shards.flatMap(({ summary }) => summary.hostnames.map(({ ip, name }) => [ip, name])));
    return {
      ...{ hosts: this.#hosts, probes: share.probes, technique, options, args, version: VERSION },
      ports: ports === undefined ? undefined : countedPorts(ports),
      ...udpPorts === undefined ? {} : { udpPorts: countedPorts(udpPorts) },
      detectsServices: shards.some((shard) => shard.detectsServices),
      passes: passesIn(technique).filter((pass) => !probesHosts(pass)),
      share: { ...share, hosts: this.#hosts, index: 1, count: 1 },
      startedAtMs: Math.min(...shards.map(({ startedAtMs }) => startedAtMs)),
      targets: shards.find(({ targets }) => targets !== undefined)?.targets ?? "",
      ...{ names: this.names, hostnames: { of: (ip) => hostnames.get(ip) } },
    };
  }

  *batches(): Iterable<ShardBatch> {
    for (const shard of this.#shards) {
      for (const { batch, timeMs } of shard.batches(this.#book)) {
        this.#noteUp(batch);
        yield { batch: this.#absent.without(batch), timeMs };
      }
    }
  }

  #noteUp(batch: ResultList): void {
    if (this.#shards[0]!.share.by === "host") return;
    for (const result of batch) if (isOwnAnswer(result)) this.#up.add(result.ip);
  }

  /** Returns the summary, once all batches were read. */
  summary(): Summary {
    const shards = this.#shards;
    const [{ share: { by, probes } }] = shards as [Shard];
    const sum = (of: (shard: Shard) => number) => shards.reduce((all, shard) => all + of(shard), 0);
    const most = (of: (shard: Shard) => number) => Math.max(...shards.map(of));
    const isComplete = this.#missing.count === 0 && shards.every(({ remedy }) => remedy === undefined);
    const missing = Math.max(0, probes - sum((shard) => shard.probes));
    const hostsOf = by === "host" ? sum : most;
    const summary = joinSummaries(shards, {
      hosts: isComplete ? this.#hosts : hostsOf(({ summary }) => summary.hosts),
      hostsUp: by === "host" ? sum(upIn) : Math.max(this.#up.size, most(upIn)),
      ...{ missing, isComplete, warnings: this.#warnings(missing) },
    });
    return this.#absent.correct(summary);
  }

  /** Returns the warning about shards that are missing or unfinished. */
  #warnings(ports: number): string[] {
    const { count, first } = this.#missing;
    const shards = this.#shards;
    const name = (index: number) => `${index}/${shards[0]!.share.count}`;
    const unfinished = shards.filter(({ remedy }) => remedy !== undefined);
    const undecided = ports === 0 ? "" : `: ${counted(ports, "port")} ${ports === 1 ? "is" : "are"} undecided`;
    const named = (indices: readonly number[], all: number, what: string) =>
      `${all === 1 ? "Shard" : "Shards"} ${indices.map(name).join(", ")}${
        all > indices.length ? ` and ${grouped(all - indices.length)} more` : ""
      } ${all === 1 ? "is" : "are"} ${what}`;
    const texts = [
      ...(count === 0 ? [] : [named(first, count, "missing")]),
      ...(unfinished.length === 0
        ? []
        : [named(unfinished.map(({ share }) => share.index), unfinished.length, "unfinished")]),
    ];
    return texts.length === 0 ? [] : [texts.join("; ") + undecided];
  }
}

function upIn({ summary }: Shard): number {
  return summary.hostsUp;
}

/** Returns ports as text, and their number. */
function countedPorts(text: string): { readonly count: number; readonly text: string } {
  return { text, count: text === "" ? 0 : parsePorts(text).size };
}

/**
 * The history of scans, as the command line has it: scans are recorded in it, listed, shown again and compared.
 *
 * @module
 */
import { UsageError } from "../../base/errors.ts";
import type { Baseline } from "../../store/baseline.ts";
import type { History, ShownHost } from "../../store/history.ts";
import type { ScanDiff } from "../../store/diff.ts";
import { refuseNoFile } from "../../store/path.ts";
import type { ScanRecorder, ScanSoFar, ScanStart } from "../../store/recorder.ts";
import type { ScanChanges } from "../../report/changes.ts";
import { newAggregator, writerOf } from "../../report/formats.ts";
import { portsOfEach } from "../../report/writer.ts";
import { recordsJson, recordsText, summaryOf } from "../../store/records.ts";
import { quote } from "../../base/quote.ts";
import { hangingLines } from "../../base/wrap.ts";
import { hostBatch } from "../shards/host_lines.ts";
import { commonBook } from "../shards/shard.ts";
import type { CommandLine } from "../args/command_line.ts";
import { refuseReportsOfHosts } from "../args/contradictions.ts";
import { DIFF_STATUS, EXIT } from "../exit.ts";
import { isColored, lineWidth, outputsOf, remarksOnStderr } from "../output_choice.ts";
import { fileSink, stdoutSink } from "../sinks.ts";
import { readText } from "../inputs.ts";
import { noRightTo } from "../permissions.ts";
import type { System } from "../system.ts";

/**
 * Opens the history. What reads databases is loaded only then.
 *
 * @throws {UsageError} if none was named, or there is none.
 * @throws {CannotScanError} if it may not be opened, or is damaged.
 */
export async function openHistory(
  path: string | undefined,
  { write, why }: { readonly write: boolean; readonly why: string },
  system: System,
): Promise<History> {
  if (path === undefined) throw new UsageError(`Cannot open a history ${why}: none is named. Name it with --db FILE`);
  refuseNoFile(path);
  const rights = write ? ["read", "write"] as const : ["read"] as const;
  if (!rights.every((name) => system.isAllowed({ name, path }))) {
    throw noRightTo(`Cannot open ${quote(path)}: --db`, ...rights);
  }
  const { History } = await import("../../store/history.ts");
  return write ? system.asLaterUser(() => History.open(path, { write })) : History.open(path, { write });
}

/** A scan that is being recorded. */
export interface Recording {
  readonly history: History;
  readonly recorder: ScanRecorder;
  /** The results of the last scan of the same targets; `undefined` if there is none, or what is new is not to be told. */
  readonly earlier: Baseline | undefined;
}

/** Begins to record a scan, or with `before` resumes one. With `changed`, what is new is to be told. */
export function beginRecording(
  history: History,
  start: ScanStart,
  { changed, before }: { readonly changed: boolean; readonly before?: ScanSoFar },
): Recording {
  // What it found takes a while to read.
  const typed = { targets: start.targets, ports: start.head.ports?.text ?? null };
  const last = changed ? history.lastOf(start.space, before?.id, typed, start.head.technique) : undefined;
  const earlier = last === undefined ? undefined : history.baseline(last);
  return { history, earlier, recorder: before === undefined ? history.begin(start) : history.resume(before, start) };
}

/** Hosts, and ports, that a report of changes lists. */
const CHANGES_LISTED = 2000;

/** Returns the changes from the scan before to a finished scan; `undefined` if there is none to compare with. */
export function changesOf(history: History, scan: number): ScanChanges | undefined {
  try {
    return history.diff(undefined, String(scan)).changes(CHANGES_LISTED);
  } catch (error) {
    // It is the first of its targets, or no port was decided in both.
    if (error instanceof UsageError) return undefined;
    throw error;
  }
}

/** `synscan history`. */
export async function listHistory(line: CommandLine, system: System): Promise<number> {
  using history = await openHistory(line.db, { write: false, why: "to list its scans" }, system);
  const scans = history.scans();
  const isJson = line.outputs.length > 0;
  const text = isJson ? recordsJson(scans) : hangingLines(recordsText(scans), lineWidth(system));
  await stdoutSink(system).add(text, "");
  return EXIT.done;
}

/** `synscan show [SCAN]`. */
export async function showScan(line: CommandLine, system: System): Promise<number> {
  const { openOnly, reason, verbosity, fields, filter, quiet } = line;
  using history = await openHistory(line.db, { write: false, why: "to show a scan" }, system);
  const scan = history.scan(line.operands[0] ?? "last");
  if (scan.head.probes === 0) refuseReportsOfHosts(`scan ${scan.id}, which found hosts alone,`, line.outputs);
  const addresses = commonBook([{ addresses: new Set(history.ipv6Hosts(scan)), book: undefined }]);
  for (const { format, path, flag } of outputsOf(line)) {
    const color = path === "-" && isColored(line, system);
    const columns = path === "-" ? lineWidth(system) : undefined;
    const FormatWriter = await writerOf(format);
    const style = { openOnly, reason, verbosity, fields, color, quiet, columns };
    const aggregator = newAggregator(verbosity, { openOnly, addresses });
    if (filter !== undefined) aggregator.listMatches();
    else if (scan.ended !== "done") aggregator.countNotProbed(portsOfEach(scan.head));
    const writer = new FormatWriter(style, aggregator);
    const changes = writer.compared && changesOf(history, scan.id);
    if (changes !== undefined) writer.compared?.(changes);
    using sink = path === "-" ? stdoutSink(system) : fileSink(path, flag, system);
    const hosts = (found: readonly ShownHost[]) => void writer.hosts?.(hostBatch(found, addresses));
    for (const piece of history.show(scan, writer, filter, hosts)) {
      if (piece.length > 0) await sink.add(piece, writer.tail?.() ?? "");
    }
    sink.finish();
  }
  for (const remark of remarksOnStderr(line, summaryOf(scan, 0))) system.writeStderr(`${remark}\n`);
  return EXIT.done;
}

/** The name of a scan, or of several that are taken together. */
const SCANS = /^@?(?:last|\d+(?:\+\d+)*)$/;

/** `synscan diff FILE FILE`: in a history of their own, which is gone afterwards. */
async function diffFiles({ operands, outputs }: CommandLine, system: System): Promise<number> {
  if (operands.length !== 2 || operands.some((name) => SCANS.test(name))) {
    throw new UsageError(
      `Cannot compare ${operands.map((name) => quote(name)).join(" with ")}: give either two scans of the history or ` +
        "two files. Name two of the same kind",
    );
  }
  const files = [];
  for (const path of operands) files.push({ path, text: await readText(path, "synscan diff", system) });
  const { compareFiles } = await import("./compare_files.ts");
  const folder = await Deno.makeTempDir();
  try {
    using history = compareFiles(files, `${folder}/files.db`);
    const diff = history.diff("1", "2");
    files.forEach(({ path }, at) => outputs.length === 0 && system.writeStderr(`Scan ${at + 1} is ${quote(path)}\n`));
    return await writeDiff(diff, outputs.length > 0, system);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** `synscan diff [A [B]]`. */
export async function diffScans(line: CommandLine, system: System): Promise<number> {
  if (line.operands.some((name) => !SCANS.test(name))) return await diffFiles(line, system);
  using history = await openHistory(line.db, { write: false, why: "to compare scans" }, system);
  const [before, after] = line.operands;
  return await writeDiff(history.diff(before, after), line.outputs.length > 0, system);
}

/** Writes a comparison to standard output; resolves to the exit status. */
async function writeDiff(diff: ScanDiff, isJson: boolean, system: System): Promise<number> {
  const sink = stdoutSink(system);
  const columns = isJson ? undefined : lineWidth(system);
  for (const text of isJson ? diff.json() : diff.text()) await sink.add(hangingLines(text, columns), "");
  return diff.isDifferent ? DIFF_STATUS.different : DIFF_STATUS.same;
}

/**
 * The history of scans, as the command line has it: scans are recorded in it, listed, shown again and compared.
 *
 * @module
 */
import { UsageError } from "../../base/errors.ts";
import type { History } from "../../store/history.ts";
import { refuseNoFile } from "../../store/path.ts";
import type { ScanRecorder, ScanSoFar, ScanStart } from "../../store/recorder.ts";
import type { ResultFilter } from "../../report/filter.ts";
import type { ScanChanges } from "../../report/changes.ts";
import { newAggregator, writerOf } from "../../report/formats.ts";
import { recordsJson, recordsText, summaryOf } from "../../store/records.ts";
import type { ProbedPort, Writer } from "../../report/writer.ts";
import type { ResultList } from "../../result/port_result.ts";
import type { State } from "../../result/states.ts";
import type { Summary } from "../../result/summary.ts";
import { quote } from "../../base/quote.ts";
import type { CommandLine } from "../args/command_line.ts";
import { DIFF_STATUS, EXIT } from "../exit.ts";
import { fileSink, isColored, lineWidth, outputsOf, remarksOnStderr, stdoutSink } from "../output.ts";
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

/** A scan that is being recorded, and what the one before it found. */
export class Recording {
  /** The scan's number. */
  readonly id: number;
  readonly #history: History;
  readonly #recorder: ScanRecorder;
  /** Passes what is new since the last scan of the same targets, where that is to be told. */
  readonly isNews: ResultFilter;
  /** True where there is such a scan. */
  readonly hasEarlier: boolean;
  /** The state that a port had in it. */
  readonly stateBefore: (probed: ProbedPort) => State | undefined;

  /** With `before`, it is a scan that was begun before; with `changed`, what is new is to be told. */
  constructor(history: History, start: ScanStart, { changed, before }: { changed: boolean; before?: ScanSoFar }) {
    this.#history = history;
    // What it found takes a while to read.
    const earlier = changed
      ? history.lastOf(
        start.space,
        before?.id,
        { targets: start.targets, ports: start.head.ports?.text },
        start.head.technique,
      )
      : undefined;
    const baseline = earlier === undefined ? undefined : history.baseline(earlier);
    this.hasEarlier = baseline !== undefined;
    this.isNews = baseline === undefined ? () => true : (result) => baseline.isNews(result);
    this.stateBefore = (probed) => baseline?.stateOf(probed);
    this.#recorder = before === undefined ? history.begin(start) : history.resume(before, start);
    this.id = this.#recorder.id;
  }

  /** Has all that was added written; false where another process is writing. Throws as {@linkcode Recording.add}. */
  flush(nowMs: number): boolean {
    return this.#recorder.flush(nowMs);
  }

  /** Takes results. Throws a `CannotScanError` if they cannot be written. */
  add(batch: ResultList, nowMs: number): void {
    this.#recorder.add(batch, nowMs);
  }

  /** Takes the scan's own word. Throws as {@linkcode Recording.add}. */
  finish(summary: Summary, endedAtMs: number): void {
    this.#recorder.finish(summary, endedAtMs);
  }

  /** Returns the changes since the previous scan, once this one is finished; `undefined` if there is none to compare with. */
  changes(): ScanChanges | undefined {
    return changesOf(this.#history, this.id);
  }
}

/** Hosts, and ports, that a report of changes lists. */
const CHANGES_LISTED = 2000;

function changesOf(history: History, scan: number): ScanChanges | undefined {
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
  await stdoutSink(system).add(line.outputs.length > 0 ? recordsJson(scans) : recordsText(scans), "");
  return EXIT.done;
}

/** `synscan show [SCAN]`. */
export async function showScan(line: CommandLine, system: System): Promise<number> {
  const { openOnly, reason, verbosity, fields, filter, quiet } = line;
  using history = await openHistory(line.db, { write: false, why: "to show a scan" }, system);
  const scan = history.scan(line.operands[0] ?? "last");
  for (const { format, path, flag } of outputsOf(line)) {
    const color = path === "-" && isColored(line, system);
    const columns = path === "-" ? lineWidth(system) : undefined;
    const FormatWriter = await writerOf(format);
    const writer = new FormatWriter(
      { openOnly, reason, verbosity, fields, color, quiet, columns },
      newAggregator(verbosity),
    );
    if (writer.compared !== undefined) {
      const changes = changesOf(history, scan.id);
      if (changes !== undefined) writer.compared(changes);
    }
    using sink = path === "-" ? stdoutSink(system) : fileSink(path, flag, system);
    for (const piece of history.show(scan, filter === undefined ? writer : filtered(writer, filter))) {
      if (piece.length > 0) await sink.add(piece, writer.tail?.() ?? "");
    }
    sink.finish();
  }
  for (const remark of remarksOnStderr(line, summaryOf(scan, 0))) system.writeStderr(`${remark}\n`);
  return EXIT.done;
}

/** A writer that is told only of what passes. */
function filtered(writer: Writer, filter: ResultFilter): Writer {
  return {
    start: (head) => writer.start(head),
    results: (batch: ResultList, nowMs) => writer.results(batch.filter(filter), nowMs),
    tail: () => writer.tail?.() ?? "",
    end: (summary, endedAtMs) => writer.end(summary, endedAtMs),
  };
}

/** `synscan diff FILE FILE`: in a history of their own, which is gone afterwards. */
async function diffFiles({ operands, outputs }: CommandLine, system: System): Promise<number> {
  if (operands.length !== 2 || operands.some((name) => /^@?(?:last|\d+(?:\+\d+)*)$/.test(name))) {
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
    const sink = stdoutSink(system);
    files.forEach(({ path }, at) => outputs.length === 0 && system.writeStderr(`Scan ${at + 1} is ${quote(path)}\n`));
    for (const text of outputs.length > 0 ? diff.json() : diff.text()) await sink.add(text, "");
    return diff.isDifferent ? DIFF_STATUS.different : DIFF_STATUS.same;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** `synscan diff [A [B]]`. */
export async function diffScans(line: CommandLine, system: System): Promise<number> {
  if (line.operands.some((name) => !/^@?(?:last|\d+(?:\+\d+)*)$/.test(name))) return await diffFiles(line, system);
  using history = await openHistory(line.db, { write: false, why: "to compare scans" }, system);
  const [before, after] = line.operands;
  const diff = history.diff(before, after);
  const sink = stdoutSink(system);
  for (const text of line.outputs.length > 0 ? diff.json() : diff.text()) await sink.add(text, "");
  return diff.isDifferent ? DIFF_STATUS.different : DIFF_STATUS.same;
}

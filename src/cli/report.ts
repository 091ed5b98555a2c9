/**
 * A report: one format, being written to one place.
 *
 * @module
 */
import type { KeptOutput } from "../checkpoint/checkpoint.ts";
import type { ScanChanges } from "../report/changes.ts";
import { writerOf } from "../report/formats.ts";
import type { HostAggregator } from "../report/host_aggregator.ts";
import { Utf8Buffer } from "../report/utf8.ts";
import type { Piece, ReportOptions, ScanHead, Writer } from "../report/writer.ts";
import { probesHosts } from "../result/pass.ts";
import type { ResultList } from "../result/port_result.ts";
import type { Progress, Summary } from "../result/summary.ts";
import type { CommandLine, Output } from "./args/command_line.ts";
import type { FileCheck } from "./files.ts";
import { isColored, lineWidth } from "./output_choice.ts";
import { fileSink, type Sink, stdoutSink } from "./sinks.ts";
import type { System } from "./system.ts";
import type { WriteDeadline } from "./write_deadline.ts";

/** Bytes of a document's end that are written together: most documents are replaced by their last state in one step. */
const END_PIECE = 1 << 20;
/** Formats that give nothing of a host before its last port is known. */
const LATE_FORMATS: ReadonlySet<string> = new Set(["xml", "normal", "grepable"]);

/** One format, being written to one place. */
export class Report implements Disposable {
  readonly #writer: Writer;
  readonly #sink: Sink;
  readonly #output: Pick<KeptOutput, "format" | "path">;
  readonly #kept: KeptOutput | undefined;
  readonly #another: (book: HostAggregator) => Writer;
  #head: ScanHead | undefined;

  /** `another` makes another writer of its kind. With `kept`, the report was begun before. */
  constructor(
    output: Pick<KeptOutput, "format" | "path">,
    { writer, another }: { readonly writer: Writer; readonly another: (book: HostAggregator) => Writer },
    sink: Sink,
    kept?: KeptOutput,
  ) {
    this.#another = another;
    this.#output = { format: output.format, path: output.path };
    this.#writer = writer;
    this.#sink = sink;
    this.#kept = kept;
  }

  /** Opens the document, or resumes one. */
  async start(head: ScanHead): Promise<void> {
    this.#head = head;
    const text = this.#writer.start(head);
    await this.#sink.add(this.#kept === undefined ? text : "", this.#tail());
  }

  /** Adds results of the scan before it was resumed. A report that was begun then has their text already. */
  async replay(batch: ResultList, timeMs: number): Promise<void> {
    if (this.#kept === undefined) await this.results(batch, timeMs);
    else this.#write(batch, timeMs);
  }

  /** True where the name of a host stands beside each of its ports. */
  get hasHostnames(): boolean {
    return this.#output.format === "csv";
  }

  /** True where results come to it only at its end, and what it holds meanwhile can be replaced. */
  get isLate(): boolean {
    return LATE_FORMATS.has(this.#output.format) && this.#sink.written().bytes !== null;
  }

  /** Returns the rest of the document if the scan ended now, in pieces. `book` is a copy of its aggregator. */
  ending(book: HostAggregator, summary: Summary, nowMs: number): Iterable<string> {
    const writer = this.#another(book);
    if (this.#head !== undefined) writer.start(this.#head);
    return writer.end(summary, nowMs);
  }

  /** Puts an ending behind it, for as long as it has none of its own. */
  async endFor(now: string): Promise<void> {
    await this.#sink.add("", now);
  }

  /** Returns its written length. */
  keep(): KeptOutput {
    return { ...this.#output, ...this.#sink.written() };
  }

  /** Has what was written brought to the disk. */
  sync(): Promise<void> {
    return this.#sink.sync();
  }

  #tail(): string {
    return this.#writer.tail?.() ?? "";
  }

  /** Adds results. */
  async results(batch: ResultList, nowMs: number): Promise<void> {
    const piece = this.#write(batch, nowMs);
    if (piece.length > 0) await this.#sink.add(piece, this.#tail());
  }

  #write(batch: ResultList, nowMs: number): Piece {
    return probesHosts(batch) ? this.#writer.hosts?.(batch) ?? "" : this.#writer.results(batch, nowMs);
  }

  /** Writes the progress of the scan, if the format has a record for it. */
  async progress(progress: Progress): Promise<void> {
    const text = this.#writer.progress?.(progress) ?? "";
    if (text !== "") await this.#sink.add(text, this.#tail());
  }

  /** True if the format can show the changes since an earlier scan. */
  get wantsChanges(): boolean {
    return this.#writer.compared !== undefined;
  }

  /** Accepts the changes since an earlier scan; call this before the report ends. */
  compared(changes: ScanChanges): void {
    this.#writer.compared?.(changes);
  }

  /** Closes the document. */
  async end(summary: Summary, endedAtMs: number): Promise<void> {
    // Bytes take less memory than text, which is copied to be written.
    const text = new Utf8Buffer();
    for (const piece of this.#writer.end(summary, endedAtMs)) {
      text.addText(piece);
      if (text.bytes.length < END_PIECE) continue;
      await this.#sink.add(text.bytes, this.#tail());
      text.clear();
    }
    if (text.bytes.length > 0) await this.#sink.add(text.bytes, this.#tail());
    this.#sink.finish();
  }

  /** Leaves nothing behind of a document that was not begun. */
  discard(): void {
    this.#sink.discard();
  }

  [Symbol.dispose](): void {
    this.#sink[Symbol.dispose]();
  }
}

/** The parts of a report besides its place. */
interface ReportParts {
  readonly line: CommandLine;
  readonly system: System;
  readonly aggregator: HostAggregator;
  readonly files: FileCheck;
  /** The written part of a report that is continued. */
  readonly kept?: KeptOutput | undefined;
  readonly patience?: WriteDeadline;
  /** Called before something appears on standard output. */
  readonly beforeWrite?: () => void;
  readonly stateBefore?: ReportOptions["stateBefore"];
}

/**
 * Opens a report.
 *
 * @throws {UsageError} If there is no such place.
 * @throws {CannotScanError} If it may not be written.
 */
export async function openReport({ format, path, flag }: Output, parts: ReportParts): Promise<Report> {
  const { line, system, aggregator, files, kept, patience, beforeWrite, stateBefore } = parts;
  const { openOnly, reason, verbosity, fields, quiet } = line;
  const color = path === "-" && isColored(line, system);
  const columns = path === "-" ? lineWidth(system) : undefined;
  const FormatWriter = await writerOf(format);
  const waits = patience === undefined ? {} : { patience };
  const sink = path === "-"
    ? stdoutSink(system, beforeWrite, patience)
    : fileSink(path, flag, system, { files, kept, ...waits });
  const options = { openOnly, reason, verbosity, fields, color, quiet, columns, stateBefore };
  const another = (aggregator: HostAggregator) => new FormatWriter(options, aggregator);
  return new Report({ format, path }, { writer: another(aggregator), another }, sink, kept);
}

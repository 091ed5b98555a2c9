/**
 * The record of a running scan in the history: begun with the scan, and given up at the first failure, after which the reports
 * continue.
 *
 * @module
 */
import { CannotScanError } from "../base/errors.ts";
import type { KeptOutput } from "../checkpoint/checkpoint.ts";
import type { ScanChanges } from "../report/changes.ts";
import type { PortResult, ResultList } from "../result/port_result.ts";
import type { Summary } from "../result/summary.ts";
import type { Baseline } from "../store/baseline.ts";
import type { History } from "../store/history.ts";
import type { ScanSoFar, ScanStart } from "../store/recorder.ts";
import type { CommandLine } from "./args/command_line.ts";
import type { Resumed } from "./checkpoint_writer.ts";
import type { Recording } from "./commands/history.ts";
import type { System } from "./system.ts";

/** The parts of a {@linkcode SessionRecord}. */
interface SessionRecordParts {
  readonly line: Pick<CommandLine, "db" | "changed">;
  readonly system: System;
  /** The scan to resume. */
  readonly resumed: Resumed | undefined;
  readonly say: (text: string) => void;
  /** Called with the message once the history cannot be written. */
  readonly failed: (message: string) => void;
}

/** The record of one scan, if it has one. */
export class SessionRecord {
  readonly #parts: SessionRecordParts;
  /** Begins the recording. */
  #begin: ((start: ScanStart, before: ScanSoFar | undefined) => Recording) | undefined;
  #recording: Recording | undefined;
  #hasFailed = false;

  constructor(parts: SessionRecordParts) {
    this.#parts = parts;
  }

  get hasFailed(): boolean {
    return this.#hasFailed;
  }

  /** The results of the scan before, if only changes are reported. */
  get earlier(): Baseline | undefined {
    return this.#recording?.earlier;
  }

  /** Opens the history that the command line names. */
  async open(opened: DisposableStack): Promise<void> {
    const { line: { db, changed }, system } = this.#parts;
    if (db === undefined) return;
    const { beginRecording, openHistory } = await import("./commands/history.ts");
    const history: History = opened.use(await openHistory(db, { write: true, why: "to record the scan" }, system));
    this.#begin = (start, before) =>
      beginRecording(history, start, { changed, ...(before === undefined ? {} : { before }) });
  }

  /** Begins the recording, or resumes that of a resumed scan. */
  begin(start: ScanStart): void {
    this.#recording = this.#begin?.(start, this.#before());
  }

  /** Says what a user who resumes a scan, or wants the changes only, may not expect. */
  announce(): void {
    if (this.#recording === undefined) return;
    const { line, resumed, say } = this.#parts;
    if (resumed?.rest !== undefined && this.#recording.recorder.id !== this.#before()?.id) {
      say("What is left of the scan is recorded as a scan of its own");
    }
    if (line.changed && this.#recording.earlier === undefined) {
      say("The history has no earlier scan of these targets and ports: everything is new");
    }
  }

  add(batch: ResultList, nowMs: number): void {
    this.#write(({ recorder }) => recorder.add(batch, nowMs));
  }

  /** Writes what was added; returns false if that has to wait. */
  flush(nowMs: number): boolean {
    return this.#write(({ recorder }) => recorder.flush(nowMs)) ?? true;
  }

  /** Returns what is news of the ports of hosts that are absent, which were not probed. */
  lost(): Iterable<PortResult> {
    const { earlier, recorder } = this.#recording ?? {};
    return earlier === undefined ? [] : recorder!.lost(earlier);
  }

  finish(summary: Summary, endedAtMs: number): void {
    this.#write(({ recorder }) => recorder.finish(summary, endedAtMs));
  }

  /** Returns the changes since the scan before, once the recording is finished. */
  async changes(): Promise<ScanChanges | undefined> {
    if (this.#recording === undefined) return undefined;
    const { changesOf } = await import("./commands/history.ts");
    return this.#write(({ history, recorder }) => changesOf(history, recorder.id));
  }

  /** Returns what a checkpoint keeps of it. */
  keep(): KeptOutput[] {
    const { db } = this.#parts.line;
    if (db === undefined || this.#recording === undefined || this.#hasFailed) return [];
    return [{ format: "history", path: db, bytes: null, scan: this.#recording.recorder.id }];
  }

  /** Returns the record of a resumed scan. */
  #before(): ScanSoFar | undefined {
    const { line, resumed: { rest, checkpoint } = {} } = this.#parts;
    const kept = checkpoint?.outputs.find(({ format, path }) => format === "history" && path === line.db);
    return rest === undefined || kept?.scan === undefined ? undefined : { id: kept.scan, byState: rest.done.byState };
  }

  #write<T>(act: (recording: Recording) => T): T | undefined {
    if (this.#recording === undefined || this.#hasFailed) return undefined;
    try {
      return act(this.#recording);
    } catch (error) {
      if (!(error instanceof CannotScanError)) throw error;
      this.#hasFailed = true;
      this.#parts.failed(error.message);
      return undefined;
    }
  }
}

/**
 * Writes checkpoints of a running scan, so that it can be resumed: about twice a second with `--checkpoint`, and otherwise when
 * the user interrupts the scan.
 *
 * @module
 */
import { type Checkpoint, type KeptOutput, writeCheckpoint } from "../checkpoint/checkpoint.ts";
import { CheckpointError, type CheckpointTrouble } from "../checkpoint/error.ts";
import { CheckpointFile } from "../checkpoint/file.ts";
import { Journal, type JournalBatch, type JournalState, newScanKey } from "../checkpoint/journal.ts";
import { draftPath, journalPath } from "../checkpoint/paths.ts";
import { CannotScanError, UsageError } from "../base/errors.ts";
import type { ScanOptions } from "../scan/options.ts";
import type { ScanSnapshot } from "../scan/snapshot.ts";
import { quote } from "../base/quote.ts";
import type { CommandLine } from "./args/command_line.ts";
import type { SnapshotWanted } from "./events.ts";
import { whyNot } from "./why_not.ts";
import { currentFolder } from "./files.ts";
import { noRightTo } from "./permissions.ts";
import type { System } from "./system.ts";

/** Time until the first checkpoint, in milliseconds. */
const FIRST_MS = 100;
/** The shortest interval between two checkpoints, in milliseconds. */
const EVERY_MS = 500;
/** Checkpoints may take one part in this many of the time. */
const COST_SHARE = 20;
/** The longest wait for the last snapshot of a scan, in milliseconds. */
const LAST_SNAPSHOT_MS = 1000;
/** Names tried for a checkpoint if the user gave none. */
const MAX_NAMES = 100;

/** The fields of a checkpoint that do not change while a scan runs. */
export type ScanIdentity = Pick<Checkpoint, "args" | "given" | "operands" | "sourceIp" | "folder" | "startedAtMs">;
/** A scan that is resumed. */
export interface Resumed {
  readonly checkpoint: Checkpoint;
  /** Its snapshot; undefined if it had not begun. */
  readonly rest: ScanSnapshot | undefined;
  readonly file: CheckpointFile;
  /** The results that its reports have received. */
  readonly journal: Journal;
  /** The file's path as the user wrote it. */
  readonly shownPath: string;
}
/** The fields that change. `sync` flushes the outputs to disk. */
export interface ScanState extends Pick<Checkpoint, "technique"> {
  readonly rest: ScanSnapshot;
  readonly outputs: readonly KeptOutput[];
  sync(): Promise<void>;
}

/** Writes the checkpoints of one scan. */
export class CheckpointWriter implements SnapshotWanted, Disposable {
  readonly #system: System;
  readonly #identity: ScanIdentity;
  readonly #report: (text: string) => void;
  #file: CheckpointFile | undefined;
  /** Without a checkpoint it is held in memory, and then in a temporary file; undefined once it could not be written. */
  #journal: Journal | undefined;
  /** The file's path as the user would write it. */
  #shownPath: string | undefined;
  #isDue = false;
  #wake = () => {};
  #timer: ReturnType<typeof setTimeout> | undefined;
  #saving: Promise<void> = Promise.resolve();
  /** Ends the scan after the next snapshot, if that is its last. */
  #end: (() => void) | undefined;
  #isOver = false;
  #hasFailed = false;
  /** True if the file existed before. */
  #isOld = false;

  /** `report` shows an error to the user. */
  constructor(system: System, identity: ScanIdentity, report: (text: string) => void) {
    this.#system = system;
    this.#identity = identity;
    this.#report = report;
    this.#journal = new Journal(newScanKey(), () => openTemporary(system));
  }

  get isDue(): boolean {
    return this.#isDue;
  }

  onDue(wake: () => void): void {
    this.#wake = wake;
  }

  taken(): void {
    this.#isDue = false;
    this.#schedule(EVERY_MS);
  }

  /**
   * Writes the scan to a new file from now on.
   *
   * @throws {UsageError} If it exists and is not empty.
   * @throws {CannotScanError} If it cannot be written.
   */
  async begin(path: string): Promise<void> {
    if (!mayKeep(path, this.#system)) {
      throw noRightTo(`Cannot keep a checkpoint in ${quote(path)}: that`, "read", "write");
    }
    try {
      this.#shownPath = path;
      const scan = newScanKey();
      const file = this.#file = this.#system.asLaterUser(() => CheckpointFile.create(path));
      const journalFile = this.#system.asLaterUser(() => file.createJournal());
      const journal = this.#journal = new Journal(scan, () => journalFile);
      const bytes = await writeCheckpoint({
        ...this.#identity,
        ...{ technique: null, rest: null, journal: journal.flush(), outputs: [] },
      });
      this.#system.asLaterUser(() => file.replaceNow(bytes));
    } catch (error) {
      this.#file?.removeNow();
      throw checkpointError(`Cannot keep a checkpoint in ${quote(path)}`, path, error);
    }
    this.#schedule(FIRST_MS);
  }

  /**
   * Continues to write the scan to the file from which it was read.
   *
   * @throws {CannotScanError} If it cannot be written.
   */
  resume({ file, journal, shownPath }: Resumed): void {
    try {
      this.#system.asLaterUser(() => file.tryToReplace());
    } catch (error) {
      throw checkpointError(`Cannot keep a checkpoint in ${quote(shownPath)}`, shownPath, error);
    }
    this.#file = file;
    this.#journal = journal;
    this.#shownPath = shownPath;
    this.#isOld = true;
    this.#schedule(FIRST_MS);
  }

  missed(): void {
    this.#endIfLast();
  }

  /** Writes a checkpoint of the scan. `state` must not change afterwards. */
  keep(state: ScanState): void {
    this.#clearTimer();
    const journal = this.#flushed();
    if (journal !== undefined) {
      this.#saving = this.#saving.then(async () => {
        const costMs = await this.#save(state, journal);
        this.#schedule(Math.max(EVERY_MS, costMs * COST_SHARE));
      });
    }
    this.#endIfLast();
  }

  /** Adds results to the journal, once the reports have received them. */
  record(batch: JournalBatch): void {
    try {
      if (!this.#isOver) this.#journal?.add(batch);
    } catch (error) {
      this.#loseJournal(error);
    }
  }

  #flushed(): JournalState | undefined {
    try {
      return this.#journal?.flush();
    } catch (error) {
      this.#loseJournal(error);
      return undefined;
    }
  }

  /** Stops writing. The last checkpoint stays valid: its journal is not changed. */
  #loseJournal(error: unknown): void {
    this.#journal?.[Symbol.dispose]();
    this.#journal = undefined;
    if (this.#file !== undefined) this.#reportFailure(error);
    this.stop();
  }

  #reportFailure(error: unknown): void {
    const path = quote(this.#shownPath ?? "");
    this.#report(`Cannot keep the scan in ${path}: ${whyNot(error)}. The scan goes on without`);
  }

  /** Writes one more checkpoint, and then ends the scan by `end`. */
  endAfterLast(end: () => void): void {
    if (this.#isOver || this.#file === undefined && defaultPaths(this.#system).length === 0) return end();
    // The reader of a report may be slow; the end of the scan does not wait for it.
    const timer = setTimeout(end, LAST_SNAPSHOT_MS);
    this.#end = () => {
      clearTimeout(timer);
      end();
    };
    this.#becomeDue();
  }

  /** Stops writing: the scan can be resumed from the last checkpoint. */
  stop(): void {
    this.#isOver = true;
    this.#clearTimer();
  }

  /** Ends with the scan: a finished scan needs no checkpoint, and for another the command to resume it is shown. */
  async finish(isDone: boolean): Promise<void> {
    this.stop();
    await this.#saving;
    if (this.#file === undefined) return;
    if (isDone) this.#remove(this.#file);
    else this.#report(`To go on: synscan resume ${shellWord(this.#shownPath ?? this.#file.path)}`);
  }

  /** Removes at once the files of a scan that has not begun. */
  discard(): void {
    this.stop();
    if (this.#file !== undefined && !this.#isOld) this.#file.removeNow();
  }

  [Symbol.dispose](): void {
    this.stop();
    this.#journal?.[Symbol.dispose]();
    this.#file?.[Symbol.dispose]();
  }

  #endIfLast(): void {
    if (this.#end === undefined) return;
    this.stop();
    this.#end();
  }

  #schedule(waitMs: number): void {
    this.#clearTimer();
    if (this.#isOver || this.#file === undefined) return;
    this.#timer = setTimeout(() => this.#becomeDue(), waitMs);
  }

  #clearTimer(): void {
    // Timers are loaded on first use, which takes 11 ms.
    if (this.#timer !== undefined) clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #becomeDue(): void {
    this.#isDue = true;
    this.#wake();
  }

  /** Resolves to the time for which it blocked the scan, in milliseconds. */
  async #save({ technique, rest, outputs, sync }: ScanState, journal: JournalState): Promise<number> {
    const isWanted = this.#file !== undefined;
    let costMs = 0;
    try {
      await sync();
      const file = this.#file ??= this.#createDefault();
      if (file === undefined) return costMs;
      await this.#journal?.sync();
      const before = performance.now();
      const bytes = writeCheckpoint({
        ...this.#identity,
        technique,
        journal,
        outputs,
        rest,
      });
      costMs = performance.now() - before;
      await file.replace(await bytes);
    } catch (error) {
      if (!isWanted) this.#giveUp();
      else if (!this.#hasFailed) this.#reportFailure(error);
      this.#hasFailed = isWanted;
    }
    return costMs;
  }

  /** Removes a file that the user did not ask for and that cannot be written, without a message. */
  #giveUp(): void {
    this.#file?.removeNow();
    this.#file?.[Symbol.dispose]();
    this.#file = undefined;
  }

  #createDefault(): CheckpointFile | undefined {
    for (const path of defaultPaths(this.#system)) {
      try {
        this.#shownPath = path;
        const file = CheckpointFile.create(path);
        try {
          this.#journal?.moveTo(file.createJournal());
        } catch (error) {
          file.removeNow();
          file[Symbol.dispose]();
          throw error;
        }
        return file;
      } catch (error) {
        const isTaken = error instanceof CheckpointError || error instanceof Deno.errors.PermissionDenied;
        if (!isTaken) throw error;
      }
    }
    return undefined;
  }

  #remove(file: CheckpointFile): void {
    try {
      file.remove();
    } catch (error) {
      this.#report(`Cannot remove the checkpoint ${quote(file.path)}: ${whyNot(error)}`);
    }
  }
}

/** Opens a file without a name: the journal of a scan without a checkpoint, in case it is interrupted. */
function openTemporary(system: System): Deno.FsFile {
  const path = Deno.makeTempFileSync({ dir: temporaryFolder(system), prefix: "synscan-" });
  try {
    return Deno.openSync(path, { read: true, write: true });
  } finally {
    Deno.removeSync(path);
  }
}

function temporaryFolder(system: System): string {
  return system.env("TMPDIR") || "/tmp";
}

/** Returns true if Deno permits a checkpoint at a path. */
export function mayKeep(path: string, system: System): boolean {
  return [path, draftPath(path), journalPath(path)].every((each) =>
    system.isAllowed({ name: "write", path: each }) && system.isAllowed({ name: "read", path: each })
  );
}

/**
 * Returns the paths to try for a checkpoint without a name: in this directory, or else in the temporary directory, since the
 * user that the program has become may have no write access here.
 */
function defaultPaths(system: System): string[] {
  const time = new Date().toISOString().slice(0, 16).replaceAll(/[:-]/g, "").replace("T", "-");
  return ["", `${temporaryFolder(system)}/`].flatMap((folder) =>
    Array.from({ length: MAX_NAMES }, (_, index) => {
      const number = index === 0 ? "" : `-${index + 1}`;
      return `${folder}synscan-${time}${number}.checkpoint`;
    })
  ).filter((path) => mayKeep(path, system));
}

/** Returns the identity of a new scan: its effective flags, and the targets that the user entered. */
export function identityOf(
  begun: {
    readonly args: readonly string[];
    readonly line: CommandLine;
    readonly options: ScanOptions;
    readonly startedAtMs: number;
  },
  system: System,
): ScanIdentity {
  const { args, line, options: { targets: entered, sourceIp }, startedAtMs } = begun;
  const isEntered = line.targets.length + line.targetFiles.length === 0;
  return {
    args,
    // The line has targets from --range among its own.
    given: line.effective.filter(({ name }) => name !== "--range"),
    operands: isEntered ? [entered].flat() : line.targets,
    sourceIp: sourceIp ?? null,
    folder: currentFolder(system),
    startedAtMs,
  };
}

const TROUBLES: Readonly<Record<CheckpointTrouble, (path: string) => string>> = {
  empty: () => "nothing was written to it yet. Start the scan again",
  foreign: () => "it is not a checkpoint. Give the file that was given to --checkpoint",
  newer: () => "a newer synscan wrote it. Use that one",
  older: () => "an older synscan wrote it. Use that one, or start the scan again",
  damaged: () => "it is damaged. Start the scan again",
  "in use": () => "another synscan process uses it. Wait until that ends, or end it",
  "journal missing": (path) =>
    `its journal ${quote(journalPath(path))} is missing. Put it back, or start the scan again`,
  "journal cut": (path) => `its journal ${quote(journalPath(path))} is cut. Put it back whole, or start the scan again`,
  "journal damaged": (path) =>
    `its journal ${quote(journalPath(path))} is damaged. Put it back, or start the scan again`,
  "journal of another scan": (path) =>
    `${quote(journalPath(path))} is the journal of another scan. Put its own back, or start the scan again`,
  "journal of another version": (path) =>
    `another version of synscan wrote its journal ${quote(journalPath(path))}. Use that version`,
  "beside something": (path) => `${quote(journalPath(path))} exists and is not a journal. Name another file`,
  exists: (path) => `it is not empty. To resume the scan saved in it: synscan resume ${shellWord(path)}`,
};

/** Returns the error of a checkpoint for the user; `what` begins its message. */
export function checkpointError(what: string, path: string, error: unknown): Error {
  if (error instanceof CheckpointError) {
    const message = `${what}: ${TROUBLES[error.trouble](path)}`;
    return error.trouble === "in use" ? new CannotScanError(message) : new UsageError(message);
  }
  const message = `${what}: ${whyNot(error)}. Name another file`;
  const isMistake = error instanceof Deno.errors.NotFound || error instanceof Deno.errors.IsADirectory ||
    error instanceof Deno.errors.NotADirectory;
  return isMistake ? new UsageError(message) : new CannotScanError(message);
}

/** Quotes a text as one word of a shell. */
function shellWord(text: string): string {
  return /^[\w./:@%+=,-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

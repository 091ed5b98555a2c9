/**
 * Writes checkpoints of a running scan, so that it can be resumed: about twice a second with `--checkpoint`, and otherwise when
 * the user interrupts the scan.
 *
 * @module
 */
import { type Checkpoint, writeCheckpoint } from "../checkpoint/checkpoint.ts";
import { CheckpointError, TROUBLES } from "../checkpoint/error.ts";
import type { FileRecord } from "../checkpoint/encoding.ts";
import { decodeFindings } from "../checkpoint/findings.ts";
import { createJournal, removeCheckpoint, replaceCheckpoint, tryToReplace, writeFirst } from "../checkpoint/file.ts";
import { FINDINGS, Journal, type JournalState, newScanKey, RESULTS, SHAPES } from "../checkpoint/journal.ts";
import { draftPath, journalPath } from "../checkpoint/paths.ts";
import { CannotScanError, UsageError } from "../base/errors.ts";
import type { Finding } from "../result/finding.ts";
import type { ResultList } from "../result/port_result.ts";
import type { ScanOptions } from "../scan/options.ts";
import { resultsIn } from "../scan/service_names.ts";
import { newShapes, type ScanSnapshot } from "../scan/snapshot.ts";
import { quote, shellWord } from "../base/quote.ts";
import type { CommandLine } from "./args/command_line.ts";
import type { SnapshotWanted } from "./events.ts";
import { isDirectory, whyNot } from "./why_not.ts";
import { currentFolder } from "./files.ts";
import { noRightTo } from "./permissions.ts";
import type { ScanPlanView } from "./scanner.ts";
import type { System } from "./system.ts";
import { VERSION } from "./version.ts";

/** Time until the first checkpoint, in milliseconds. */
const FIRST_MS = 100;
/** The shortest interval between two checkpoints, in milliseconds. */
const EVERY_MS = 500;
/** Checkpoints may take one part in this many of the time. */
const COST_SHARE = 20;
/** The longest wait for the last snapshot of a scan, in milliseconds. */
const LAST_SNAPSHOT_MS = 1000;

/** The beginning of an error. */
const KEEP = "Cannot keep a checkpoint in";

/** The fields of a checkpoint that do not change while a scan runs. */
type ScanIdentity = Pick<
  Checkpoint,
  "version" | "args" | "given" | "operands" | "sourceIp" | "folder" | "startedAtMs"
>;
/** The path of a checkpoint: absolute for a scan that is resumed, and as the user wrote it. */
interface CheckpointPath {
  readonly file: string;
  readonly shown: string;
}
/** A scan that is resumed. */
export interface Resumed {
  readonly checkpoint: Checkpoint;
  /** Its snapshot; undefined if it had not begun. */
  readonly rest: ScanSnapshot | undefined;
  /** The results that its reports have received. */
  readonly journal: Journal;
  readonly path: CheckpointPath;
}
/** The fields that change. `sync` flushes the outputs to disk. */
export interface ScanState extends Pick<Checkpoint, "technique" | "outputs"> {
  readonly rest: ScanSnapshot;
  sync(): Promise<void>;
}

/** Writes the checkpoints of one scan. */
export class CheckpointWriter implements SnapshotWanted, Disposable {
  readonly #system: System;
  readonly #identity: ScanIdentity;
  readonly #report: (text: string) => void;
  /** Without a checkpoint it is held in memory, and then in a temporary file. */
  #journal: Journal;
  /** Undefined while there is no checkpoint. */
  #path: CheckpointPath | undefined;
  /** The shapes in the journal. */
  readonly #shapes = new Set<number>();
  #isDue = false;
  #wake = () => {};
  #timer: ReturnType<typeof setTimeout> | undefined;
  #saving: Promise<void> = Promise.resolve();
  /** Ends the scan after the next snapshot, if that is its last. */
  #end: (() => void) | undefined;
  #isOver = false;
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
  begin(path: string): void {
    using undo = new DisposableStack();
    undo.defer(() => this.discard());
    const create = () => {
      this.#create(path);
      writeFirst(path, this.#encode({ technique: null, rest: null, outputs: [] }, this.#journal.flush()));
    };
    withCheckpoint(KEEP, { file: path, shown: path }, this.#system, () => this.#system.asLaterUser(create));
    undo.move();
    this.#schedule(FIRST_MS);
  }

  /**
   * Continues to write the scan to the file from which it was read.
   *
   * @throws {CannotScanError} If it cannot be written.
   */
  resume({ path, journal }: Resumed): void {
    withCheckpoint(KEEP, path, this.#system, () => this.#system.asLaterUser(() => tryToReplace(path.file)));
    this.#path = path;
    this.#journal = journal;
    newShapes(journal.shapes, this.#shapes);
    this.#isOld = true;
    this.#schedule(FIRST_MS);
  }

  missed(): void {
    this.#end?.();
  }

  /** Writes a checkpoint of the scan. `state` must not change afterwards. */
  keep(state: ScanState): void {
    this.#clearTimer();
    const { done } = state.rest;
    const body = newShapes(done.shapes, this.#shapes);
    if (body.length > 0) this.record({ kind: SHAPES, pass: 0, timeMs: 0, body });
    const journal = this.#tryTo(() => this.#journal.flush());
    if (journal !== undefined) {
      const rest = { ...state.rest, done: { ...done, shapes: [] } };
      this.#saving = this.#saving.then(() => this.#save({ ...state, rest }, journal));
    }
    this.#end?.();
  }

  /** Adds a record to the journal: results, once the reports have received them. */
  record(record: FileRecord): void {
    this.#tryTo(() => this.#journal.add(record));
  }

  /** Performs an action on the journal, unless writing has stopped. */
  #tryTo<T>(action: () => T): T | undefined {
    if (this.#isOver) return undefined;
    try {
      return action();
    } catch (error) {
      this.#fail(error);
      return undefined;
    }
  }

  /** Stops writing. The last checkpoint stays valid: its part of the journal is not changed. */
  #fail(error: unknown): void {
    this.stop();
    if (this.#path === undefined) return;
    this.#report(`Cannot keep the scan in ${quote(this.#path.shown)}: ${whyNot(error)}. The scan goes on without`);
  }

  /** Writes one more checkpoint, and then ends the scan by `end`. */
  endAfterLast(end: () => void): void {
    if (this.#isOver || this.#path === undefined && defaultPaths(this.#system).length === 0) return end();
    // The reader of a report may be slow; the end of the scan does not wait for it.
    const timer = setTimeout(end, LAST_SNAPSHOT_MS);
    this.#end = () => {
      clearTimeout(timer);
      this.stop();
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
    if (this.#path === undefined) return;
    if (!isDone) return this.#report(`To go on: ${resumeCommand(this.#path.shown)}`);
    const failure = removeCheckpoint(this.#path.file);
    if (failure !== undefined) {
      this.#report(`Cannot remove the checkpoint ${quote(this.#path.shown)}: ${whyNot(failure)}`);
    }
  }

  /** Removes at once the files of a scan that has not begun. */
  discard(): void {
    this.stop();
    if (this.#path !== undefined && !this.#isOld) removeCheckpoint(this.#path.file);
  }

  [Symbol.dispose](): void {
    this.stop();
    this.#journal[Symbol.dispose]();
  }

  #schedule(waitMs: number): void {
    this.#clearTimer();
    if (this.#isOver || this.#path === undefined) return;
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

  async #save(state: ScanState, journal: JournalState): Promise<void> {
    const isWanted = this.#path !== undefined;
    try {
      await state.sync();
      if (!isWanted) this.#createDefault();
      if (this.#path === undefined) return;
      await this.#journal.sync();
      const beforeMs = performance.now();
      const bytes = this.#encode(state, journal);
      const costMs = performance.now() - beforeMs;
      await replaceCheckpoint(this.#path.file, bytes);
      this.#schedule(Math.max(EVERY_MS, costMs * COST_SHARE));
    } catch (error) {
      if (isWanted) return this.#fail(error);
      // The user did not ask for this file.
      if (this.#path !== undefined) removeCheckpoint(this.#path.file);
      this.#path = undefined;
    }
  }

  #encode(state: Pick<Checkpoint, "technique" | "rest" | "outputs">, journal: JournalState): Uint8Array {
    const { technique, rest, outputs } = state;
    return writeCheckpoint({ ...this.#identity, technique, journal, outputs, rest });
  }

  /** Creates the journal of a new checkpoint. */
  #create(path: string): void {
    const file = createJournal(path);
    this.#path = { file: path, shown: path };
    this.#journal.moveTo(file);
  }

  #createDefault(): void {
    for (const path of defaultPaths(this.#system)) {
      try {
        return this.#create(path);
      } catch (error) {
        if (!(error instanceof Deno.errors.PermissionDenied)) throw error;
      }
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
function mayKeep(path: string, system: System): boolean {
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
  const name = `synscan-${time}-${Deno.pid}.checkpoint`;
  return [name, `${temporaryFolder(system)}/${name}`].filter((path) => mayKeep(path, system));
}

/** Returns the identity of a new scan: its effective flags, and the targets that the user entered. */
export function identityOf(
  args: readonly string[],
  line: CommandLine,
  { targets: entered, sourceIp }: ScanOptions,
  system: System,
): ScanIdentity {
  const isEntered = line.targets.length + line.targetFiles.length === 0;
  return {
    ...{ version: VERSION, args },
    // The line has targets from --range among its own.
    given: line.effective.filter(({ name }) => name !== "--range"),
    operands: isEntered ? [entered].flat() : line.targets,
    sourceIp: sourceIp ?? null,
    folder: currentFolder(system),
    startedAtMs: line.typedAtMs,
  };
}

/**
 * Performs an action on the files of a checkpoint. `what` begins the message of an error.
 *
 * @throws {UsageError} If the path is wrong, or the file is not a checkpoint, or an existing one where none may be.
 * @throws {CannotScanError} If the files cannot be used.
 */
export function withCheckpoint<T>(what: string, { file, shown }: CheckpointPath, system: System, action: () => T): T {
  if (!mayKeep(file, system)) throw noRightTo(`${what} ${quote(shown)}: that`, "read", "write");
  try {
    return action();
  } catch (error) {
    throw checkpointError(`${what} ${quote(shown)}`, shown, error);
  }
}

/** Returns the error of a checkpoint for the user; `what` begins its message. */
export function checkpointError(what: string, path: string, error: unknown): Error {
  if (error instanceof CheckpointError) {
    const message = `${what}: ${TROUBLES[error.trouble](quote(journalPath(path)), resumeCommand(path))}`;
    return error.trouble === "in use" ? new CannotScanError(message) : new UsageError(message);
  }
  const message = `${what}: ${whyNot(error)}. Name another file`;
  return error instanceof Deno.errors.NotFound || isDirectory(error)
    ? new UsageError(message)
    : new CannotScanError(message);
}

/** Returns the command that resumes a scan, its path quoted as one word of a shell. */
export function resumeCommand(path: string): string {
  return `synscan resume ${shellWord(path)}`;
}

/**
 * Yields the results in the journal of a scan with these passes, addresses and names.
 *
 * @throws {CheckpointError} If the journal is damaged.
 */
export function* resultsOf(
  journal: Journal,
  { passes, addresses, names }: Pick<ScanPlanView, "passes" | "addresses" | "names">,
): Generator<{ readonly batch: ResultList; readonly timeMs: number }> {
  const found = new Map<string, Finding>();
  for (const { kind, pass, timeMs, body } of journal.records()) {
    if (kind !== RESULTS && kind !== FINDINGS) continue;
    if (pass >= passes.length) throw new CheckpointError("journal damaged");
    if (kind === FINDINGS) {
      for (const { host, port, finding } of decodeFindings(body)) found.set(`${pass} ${host} ${port}`, finding);
      continue;
    }
    const findingOf = (host: number, port: number) => found.get(`${pass} ${host} ${port}`);
    const batch = resultsIn(body, passes[pass]!, addresses, names, found.size === 0 ? undefined : findingOf);
    yield { batch, timeMs };
  }
}

/**
 * Keeps a scan in a checkpoint while it runs, so that it can be gone on with: about twice a second where `--checkpoint` asks
 * for it, and otherwise when the scan is ended by hand.
 *
 * @module
 */
import { type Checkpoint, type KeptOutput, writeCheckpoint } from "../checkpoint/checkpoint.ts";
import type { Kept } from "../checkpoint/encoding.ts";
import { CheckpointError, type CheckpointTrouble } from "../checkpoint/error.ts";
import { CheckpointFile, draftPath, journalPath } from "../checkpoint/file.ts";
import { Journal, type JournalState, newScanKey } from "../checkpoint/journal.ts";
import { CannotScanError, UsageError } from "../base/errors.ts";
import type { ScanOptions } from "../scan/options.ts";
import type { Exclusions, ScanSnapshot } from "../scan/snapshot.ts";
import { quote } from "../base/quote.ts";
import type { CommandLine } from "./args/command_line.ts";
import type { SnapshotWanted } from "./events.ts";
import { whyNot } from "./output.ts";
import type { System } from "./system.ts";

/** When the scan is kept first. */
const FIRST_MS = 100;
/** From one time to the next, at least. */
const EVERY_MS = 500;
/** To keep a scan may take this share of the time: one part in so many. */
const COST_SHARE = 20;
/** How long the end of a scan waits for its last moment. */
const LAST_SNAPSHOT_MS = 1000;
/** Names tried for a checkpoint that nobody has named. */
const MAX_NAMES = 100;

/** What stays as it is while a scan runs. */
export type ScanIdentity = Pick<Checkpoint, "args" | "given" | "operands" | "sourceIp" | "folder" | "startedAtMs">;
/** A scan that was begun before. */
export interface Resumed {
  readonly checkpoint: Checkpoint;
  /** What is left of it; undefined where it had not begun. */
  readonly rest: ScanSnapshot | undefined;
  readonly file: CheckpointFile;
  /** The results that its reports were given. */
  readonly journal: Journal;
  /** The file's path as a person has written it. */
  readonly shownPath: string;
}
/** What changes. `sync` has the outputs written to their disks. */
export interface ScanState extends Pick<Checkpoint, "technique"> {
  readonly rest: ScanSnapshot;
  readonly outputs: readonly KeptOutput[];
  sync(): Promise<void>;
}

/** Keeps one scan. */
export class CheckpointWriter implements SnapshotWanted, Disposable {
  readonly #system: System;
  readonly #identity: ScanIdentity;
  readonly #say: (text: string) => void;
  #file: CheckpointFile | undefined;
  /** Without a checkpoint it is kept in memory, and then in a temporary file; undefined once it could not be written. */
  #journal: Journal | undefined;
  /** The file's path as a person would write it. */
  #shownPath: string | undefined;
  #isDue = false;
  #wake = () => {};
  #timer: ReturnType<typeof setTimeout> | undefined;
  #saving: Promise<void> = Promise.resolve();
  /** Ends the scan, where the next moment is its last. */
  #end: (() => void) | undefined;
  #isOver = false;
  #hasFailed = false;
  /** True where the file was there before. */
  #isOld = false;

  /** `say` tells a person what goes wrong on the way. */
  constructor(world: System, identity: ScanIdentity, say: (text: string) => void) {
    this.#system = world;
    this.#identity = identity;
    this.#say = say;
    this.#journal = new Journal(newScanKey(), () => openTemporary(world));
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
   * Keeps the scan in a new file from now on.
   *
   * @throws {UsageError} If there is something in it.
   * @throws {CannotScanError} If it cannot be written.
   */
  async begin(path: string): Promise<void> {
    if (!mayKeep(path, this.#system)) {
      throw new CannotScanError(
        `Cannot keep a checkpoint in ${
          quote(path)
        }: that needs the right to read and write files. Add --allow-read and ` +
          "--allow-write to deno run",
      );
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
      await this.#file?.remove().catch(() => {});
      throw inWords(`Cannot keep a checkpoint in ${quote(path)}`, path, error);
    }
    this.#schedule(FIRST_MS);
  }

  /**
   * Goes on keeping the scan in a file from which it was read.
   *
   * @throws {CannotScanError} If it cannot be written.
   */
  resume({ file, journal, shownPath }: Resumed): void {
    try {
      this.#system.asLaterUser(() => file.tryToReplace());
    } catch (error) {
      throw inWords(`Cannot keep a checkpoint in ${quote(shownPath)}`, shownPath, error);
    }
    this.#file = file;
    this.#journal = journal;
    this.#shownPath = shownPath;
    this.#isOld = true;
    this.#schedule(FIRST_MS);
  }

  missed(): void {
    this.#endWhereLast();
  }

  /** Keeps the scan as it is now. `state` must not change with it. */
  keep(state: ScanState): void {
    this.#forgetTimer();
    const journal = this.#flushed();
    if (journal !== undefined) {
      this.#saving = this.#saving.then(async () => {
        const costMs = await this.#save(state, journal);
        this.#schedule(Math.max(EVERY_MS, costMs * COST_SHARE));
      });
    }
    this.#endWhereLast();
  }

  /** Adds results to the journal, once the reports were given them. */
  record(rows: Uint32Array, timeMs: number): void {
    try {
      if (!this.#isOver) this.#journal?.add(rows, timeMs);
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

  /** Keeps nothing any more. The last checkpoint stays valid: its journal is not changed. */
  #loseJournal(error: unknown): void {
    this.#journal?.[Symbol.dispose]();
    this.#journal = undefined;
    if (this.#file !== undefined) this.#reportFailure(error);
    this.stop();
  }

  #reportFailure(error: unknown): void {
    const path = quote(this.#shownPath ?? "");
    this.#say(`Cannot keep the scan in ${path}: ${whyNot(error)}. The scan goes on without`);
  }

  /** Has the scan kept once more, and then ended by `end`. */
  endAfterLast(end: () => void): void {
    if (this.#isOver || this.#file === undefined && defaultPaths(this.#system).length === 0) return end();
    // Whoever reads what is written may be slow; the end is not to wait for that.
    const timer = setTimeout(end, LAST_SNAPSHOT_MS);
    this.#end = () => {
      clearTimeout(timer);
      end();
    };
    this.#becomeDue();
  }

  /** Keeps nothing any more: what was kept last is what can be gone on with. */
  stop(): void {
    this.#isOver = true;
    this.#forgetTimer();
  }

  /** The scan has ended: where all of it was done there is nothing to go on with, and otherwise it is told how. */
  async finish(isDone: boolean): Promise<void> {
    this.stop();
    await this.#saving;
    if (this.#file === undefined) return;
    if (isDone) await this.#remove(this.#file);
    else this.#say(`To go on: synscan resume ${shellWord(this.#shownPath ?? this.#file.path)}`);
  }

  /** Removes at once what was made for a scan that has not begun. */
  discard(): void {
    this.stop();
    if (this.#file !== undefined && !this.#isOld) this.#file.removeNow();
  }

  [Symbol.dispose](): void {
    this.stop();
    this.#journal?.[Symbol.dispose]();
    this.#file?.[Symbol.dispose]();
  }

  #endWhereLast(): void {
    if (this.#end === undefined) return;
    this.stop();
    this.#end();
  }

  #schedule(waitMs: number): void {
    this.#forgetTimer();
    if (this.#isOver || this.#file === undefined) return;
    this.#timer = setTimeout(() => this.#becomeDue(), waitMs);
  }

  #forgetTimer(): void {
    // Without timers none is loaded: that takes 11 ms.
    if (this.#timer !== undefined) clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #becomeDue(): void {
    this.#isDue = true;
    this.#wake();
  }

  /** Resolves to how long the scan had to wait for it, in milliseconds. */
  async #save({ technique, rest, outputs, sync }: ScanState, journal: JournalState): Promise<number> {
    const isAsked = this.#file !== undefined;
    let costMs = 0;
    try {
      await sync();
      const file = this.#file ??= this.#createDefault();
      if (file === undefined) return costMs;
      await this.#journal?.sync();
      const before = performance.now();
      const bytes = writeCheckpoint({ ...this.#identity, technique, journal, outputs, rest: keptRest(rest) });
      costMs = performance.now() - before;
      await file.replace(await bytes);
    } catch (error) {
      if (!isAsked) await this.#giveUp();
      else if (!this.#hasFailed) this.#reportFailure(error);
      this.#hasFailed = isAsked;
    }
    return costMs;
  }

  /** Nobody has asked for a file: where there can be none, nothing is said of it. */
  async #giveUp(): Promise<void> {
    await this.#file?.remove().catch(() => {});
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

  async #remove(file: CheckpointFile): Promise<void> {
    try {
      await file.remove();
    } catch (error) {
      this.#say(`Cannot remove the checkpoint ${quote(file.path)}: ${whyNot(error)}`);
    }
  }
}

/** Opens a file that nothing leads to: the journal of a scan without a checkpoint, in case it is interrupted. */
function openTemporary(world: System): Deno.FsFile {
  const path = Deno.makeTempFileSync({ dir: temporaryFolder(world), prefix: "synscan-" });
  try {
    return Deno.openSync(path, { read: true, write: true });
  } finally {
    Deno.removeSync(path);
  }
}

function temporaryFolder(world: System): string {
  return world.env("TMPDIR") || "/tmp";
}

/** Whether a checkpoint may be kept there, as far as Deno goes. */
export function mayKeep(path: string, world: System): boolean {
  return [path, draftPath(path), journalPath(path)].every((each) =>
    world.isAllowed({ name: "write", path: each }) && world.isAllowed({ name: "read", path: each })
  );
}

/**
 * Where a scan may be kept that nobody has asked to be kept: in this directory, or else where everyone may write, for the
 * user that the program has become may not be one who may write here.
 */
function defaultPaths(world: System): string[] {
  const time = new Date().toISOString().slice(0, 16).replaceAll(/[:-]/g, "").replace("T", "-");
  return ["", `${temporaryFolder(world)}/`].flatMap((folder) =>
    Array.from({ length: MAX_NAMES }, (_, index) => {
      const number = index === 0 ? "" : `-${index + 1}`;
      return `${folder}synscan-${time}${number}.checkpoint`;
    })
  ).filter((path) => mayKeep(path, world));
}

/** What stays of a scan that begins: what is in effect, and what a person has answered. */
export function identityOf(
  begun: {
    readonly args: readonly string[];
    readonly line: CommandLine;
    readonly options: ScanOptions;
    readonly startedAtMs: number;
  },
  world: System,
): ScanIdentity {
  const { args, line, options: { targets: answered, sourceIp }, startedAtMs } = begun;
  const isAsked = line.targets.length + line.targetFiles.length === 0;
  return {
    args,
    // The line has targets from --range among its own.
    given: line.effective.filter(({ name }) => name !== "--range"),
    operands: isAsked ? [answered].flat() : line.targets,
    sourceIp: sourceIp ?? null,
    folder: currentFolder(world),
    startedAtMs,
  };
}

/** The directory that paths begin in; `null` where that may not be known. */
export function currentFolder(world: System): string | null {
  return world.isAllowed({ name: "read" }) ? Deno.cwd() : null;
}

/** What is left of a scan, with its long lists as columns. */
function keptRest(rest: ScanSnapshot): Kept {
  return {
    ...rest,
    parts: rest.parts.map(({ position, pending }) => ({ position, pending: Uint32Array.from(pending) })),
    done: {
      ...rest.done,
      hostsUp: Uint32Array.from(rest.done.hostsUp),
      cappedHosts: Uint32Array.from(rest.done.cappedHosts),
      suspects: Uint32Array.from(rest.done.suspects),
      notes: Uint32Array.from(rest.done.notes),
    },
    excluded: exclusionColumns(rest.excluded),
    removed: exclusionColumns(rest.removed),
  };
}

function exclusionColumns({ hosts, ports }: Exclusions): Kept {
  return { hosts: Uint32Array.from(hosts), ports: Uint32Array.from(ports) };
}

function exclusionsIn({ hosts, ports }: Exclusions): Exclusions {
  return { hosts: [...hosts], ports: [...ports] };
}

/** What is left of a scan, as the library takes it. */
export function restFrom(kept: Kept): ScanSnapshot {
  const rest = kept as unknown as ScanSnapshot;
  const { hostsUp, cappedHosts, suspects, notes } = rest.done;
  return {
    ...rest,
    parts: rest.parts.map(({ position, pending }) => ({ position, pending: [...pending] })),
    done: {
      ...rest.done,
      ...{ hostsUp: [...hostsUp], cappedHosts: [...cappedHosts], suspects: [...suspects], notes: [...notes] },
    },
    excluded: exclusionsIn(rest.excluded),
    removed: exclusionsIn(rest.removed),
  };
}

const TROUBLES: Readonly<Record<CheckpointTrouble, (path: string) => string>> = {
  empty: () => "nothing was written to it yet. Begin the scan anew",
  foreign: () => "it is no checkpoint of a scan. Name the file that --checkpoint named",
  newer: () => "a newer synscan wrote it. Use that one",
  older: () => "an older synscan wrote it. Use that one, or begin the scan anew",
  damaged: () => "it is damaged. Begin the scan anew",
  "in use": () => "another synscan is at it. Wait for its end, or end it",
  "journal missing": (path) =>
    `its journal ${quote(journalPath(path))} is missing. Put it back, or begin the scan anew`,
  "journal cut": (path) => `its journal ${quote(journalPath(path))} is cut. Put it back whole, or begin the scan anew`,
  "journal damaged": (path) =>
    `its journal ${quote(journalPath(path))} is damaged. Put it back, or begin the scan anew`,
  "journal of another scan": (path) =>
    `${quote(journalPath(path))} is the journal of another scan. Put its own back, or begin the scan anew`,
  "journal of another version": (path) =>
    `another version of synscan wrote its journal ${quote(journalPath(path))}. Use that version`,
  "beside something": (path) => `there is something in ${quote(journalPath(path))} already. Name another file`,
  exists: (path) => `there is something in it. To go on with that: synscan resume ${shellWord(path)}`,
};

/** An error about a checkpoint in the user's words; `what` says what cannot be done. */
export function inWords(what: string, path: string, error: unknown): Error {
  if (error instanceof CheckpointError) {
    const message = `${what}: ${TROUBLES[error.trouble](path)}`;
    return error.trouble === "in use" ? new CannotScanError(message) : new UsageError(message);
  }
  const message = `${what}: ${whyNot(error)}. Name another file`;
  const isMistake = error instanceof Deno.errors.NotFound || error instanceof Deno.errors.IsADirectory ||
    error instanceof Deno.errors.NotADirectory;
  return isMistake ? new UsageError(message) : new CannotScanError(message);
}

/** Text as one word of a shell. */
function shellWord(text: string): string {
  return /^[\w./:@%+=,-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

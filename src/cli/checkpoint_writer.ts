/**
 * Keeps a scan in a checkpoint while it runs, so that it can be gone on with: about twice a second where `--checkpoint` asks
 * for it, and otherwise when the scan is ended by hand.
 *
 * @module
 */
import { type Checkpoint, type KeptOutput, writeCheckpoint } from "../checkpoint/checkpoint.ts";
import type { Kept } from "../checkpoint/encoding.ts";
import { CheckpointError, type CheckpointTrouble } from "../checkpoint/error.ts";
import { CheckpointFile, discoveriesPath, draftPath } from "../checkpoint/file.ts";
import { DiscoveryLog, NO_FINDINGS, writeDiscoveries } from "../checkpoint/findings.ts";
import { CannotScanError, UsageError } from "../base/errors.ts";
import type { ScanOptions } from "../scan/options.ts";
import type { Exclusions, ScanSnapshot } from "../scan/snapshot.ts";
import { quote } from "../base/quote.ts";
import type { CommandLine } from "./args/command_line.ts";
import { type DiscoveredHosts, HostLists, type ReportDiscoveries, savedDiscoveries } from "./discovered_hosts.ts";
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
  /** What was found until then: as it is kept, as reports take it, and the lists of hosts in it. */
  readonly log: DiscoveryLog;
  readonly findings: readonly DiscoveredHosts[];
  readonly lists: HostLists;
  /** The file's path as a person has written it. */
  readonly shownPath: string;
}
/** What changes. `sync` has the outputs written to their disks. */
export interface ScanState extends Pick<Checkpoint, "technique" | "book"> {
  readonly rest: ScanSnapshot;
  /** What was found since the state before. */
  readonly findings: ReportDiscoveries;
  readonly outputs: readonly KeptOutput[];
  sync(): Promise<void>;
}

/** Keeps one scan. */
export class CheckpointWriter implements SnapshotWanted, Disposable {
  readonly #system: System;
  readonly #identity: ScanIdentity;
  readonly #say: (text: string) => void;
  #file: CheckpointFile | undefined;
  #log = new DiscoveryLog();
  #lists = new HostLists();
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
      // Made first, so that the file is empty for as short a time as can be.
      const bytes = await writeCheckpoint({ ...this.#identity, ...NOT_BEGUN });
      this.#shownPath = path;
      this.#system.asLaterUser(() => {
        this.#file = CheckpointFile.create(path);
        this.#file.replaceNow(bytes);
      });
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
  resume({ file, log, lists, shownPath }: Resumed): void {
    try {
      this.#system.asLaterUser(() => file.tryToReplace());
    } catch (error) {
      throw inWords(`Cannot keep a checkpoint in ${quote(shownPath)}`, shownPath, error);
    }
    this.#file = file;
    this.#log = log;
    this.#lists = lists;
    this.#shownPath = shownPath;
    this.#isOld = true;
    this.#schedule(FIRST_MS);
  }

  missed(): void {
    this.#endWhereLast();
  }

  /** Keeps the scan as it is now. `state` must not change with it. */
  keep(state: ScanState): void {
    const before = performance.now();
    const { rest, findings } = state;
    const found = savedDiscoveries({ ...findings, lists: this.#lists.change(rest.done) });
    const piece = found === undefined ? undefined : writeDiscoveries(found);
    const costMs = performance.now() - before;
    this.#forgetTimer();
    this.#saving = this.#saving.then(async () => {
      if (piece !== undefined) this.#log.add(await piece);
      const moreMs = await this.#save(state);
      this.#schedule(Math.max(EVERY_MS, (costMs + moreMs) * COST_SHARE));
    });
    this.#endWhereLast();
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
  async #save({ technique, book, rest, outputs, sync }: ScanState): Promise<number> {
    const isAsked = this.#file !== undefined;
    let costMs = 0;
    try {
      await sync();
      const file = this.#file ??= this.#createDefault();
      if (file === undefined) return costMs;
      const findings = await this.#log.keep(file);
      const before = performance.now();
      const kept = { ...rest, done: this.#lists.without(rest.done) };
      const bytes = writeCheckpoint({ ...this.#identity, technique, book, findings, outputs, rest: keptRest(kept) });
      costMs = performance.now() - before;
      await file.replace(await bytes);
    } catch (error) {
      if (!isAsked) await this.#giveUp();
      else if (!this.#hasFailed) {
        const path = quote(this.#shownPath ?? "");
        this.#say(`Cannot keep the scan in ${path}: ${whyNot(error)}. The scan goes on without`);
      }
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
        return CheckpointFile.create(path);
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

const NOT_BEGUN = { technique: null, book: null, findings: NO_FINDINGS, rest: null, outputs: [] };

/** Whether a checkpoint may be kept there, as far as Deno goes. */
export function mayKeep(path: string, world: System): boolean {
  return [path, draftPath(path), discoveriesPath(path)].every((each) =>
    world.isAllowed({ name: "write", path: each }) && world.isAllowed({ name: "read", path: each })
  );
}

/**
 * Where a scan may be kept that nobody has asked to be kept: in this directory, or else where everyone may write, for the
 * user that the program has become may not be one who may write here.
 */
function defaultPaths(world: System): string[] {
  const time = new Date().toISOString().slice(0, 16).replaceAll(/[:-]/g, "").replace("T", "-");
  return ["", `${world.env("TMPDIR") || "/tmp"}/`].flatMap((folder) =>
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
    done: { ...rest.done },
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

/** What is left of a scan, as the library takes it, with the lists of hosts. */
export function restFrom(kept: Kept, lists: HostLists): ScanSnapshot {
  const rest = kept as unknown as ScanSnapshot;
  return {
    ...rest,
    parts: rest.parts.map(({ position, pending }) => ({ position, pending: [...pending] })),
    done: lists.into(rest.done),
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
  "without its findings": (path) =>
    `what was found until then is not in ${
      quote(discoveriesPath(path))
    } as it was written. Put that back, or begin anew`,
  "beside something": (path) => `there is something in ${quote(discoveriesPath(path))} already. Name another file`,
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

/**
 * The files that a command line names, and what may not be one file: a report over a list of targets, two reports, a report
 * over the history.
 *
 * @module
 */
import { draftPath, journalPath } from "../checkpoint/paths.ts";
import { CannotScanError, UsageError } from "../base/errors.ts";
import { quote } from "../base/quote.ts";
import type { CommandLine } from "./args/command_line.ts";
import type { FileIdentity } from "./identity.ts";
import type { StandardStream, System } from "./system.ts";

/** A file that a command line names, or a standard stream. */
interface NamedFile {
  readonly path: string;
  /** The data written to it, or read from it. */
  readonly what: string;
  /** The verb of `what`, for a file that is only read. */
  readonly isRead?: "is read" | "are read";
  readonly stream?: StandardStream;
}

/** Returns the working directory; `null` if it may not be read. */
export function currentFolder(system: System): string | null {
  return system.isAllowed({ name: "read" }) ? Deno.cwd() : null;
}

const REPORT = "a report";
const HISTORY = "the history";
const CHECKPOINT = "a checkpoint";
/** Files that SQLite puts beside a database. */
const DATABASE_SUFFIXES = ["-wal", "-shm", "-journal"] as const;

/** The files that a command line names. */
export function filesOf(line: CommandLine): NamedFile[] {
  const { outputs, checkpoint, db, targetFiles, excludeFiles, portsFile, vendorsFile, configPath } = line;
  const files: NamedFile[] = outputs.map(({ path }) => ({ path, what: REPORT }));
  if (checkpoint !== undefined) {
    for (const path of [checkpoint, draftPath(checkpoint), journalPath(checkpoint)]) {
      files.push({ path, what: CHECKPOINT });
    }
  }
  if (db !== undefined) {
    for (const suffix of ["", ...DATABASE_SUFFIXES]) files.push({ path: `${db}${suffix}`, what: HISTORY });
  }
  for (const path of targetFiles) files.push({ path, what: "targets", isRead: "are read" });
  for (const path of excludeFiles) files.push({ path, what: "exclusions", isRead: "are read" });
  if (portsFile !== undefined) files.push({ path: portsFile, what: "ports", isRead: "are read" });
  if (vendorsFile !== undefined) files.push({ path: vendorsFile, what: "vendors", isRead: "are read" });
  if (line.subcommand === "merge") {
    for (const path of line.operands) files.push({ path, what: "results", isRead: "are read" });
  }
  if (configPath !== undefined) files.push({ path: configPath, what: "the configuration", isRead: "is read" });
  // Nothing that is written to /dev/null destroys anything.
  return files.filter(({ path }) => path !== "-" && path !== "/dev/null");
}

/** A stand-in for the current directory while it is not known. */
const SOMEWHERE = "/a/folder/that/may/not/be/known";

/** The same for every way to write a path, but for links. */
export function placeOf(path: string, folder: string = SOMEWHERE): string {
  // Not by node:path, which takes 14 ms to load. A URL of no known scheme knows no other separator than the slash.
  const url = new URL("path:/");
  url.pathname = (path.startsWith("/") ? path : `${folder}/${path}`).replaceAll("%", "%25").replaceAll(/\/+/g, "/");
  return url.pathname;
}

/**
 * Refuses files that would destroy what another flag needs. `idOf` returns the same for two that are one; undefined where it
 * does not matter.
 *
 * @throws {UsageError} If two are one file, and at least one of them is written.
 */
export function refuseSharedFiles(files: readonly NamedFile[], idOf: (file: NamedFile) => string | undefined): void {
  const written = new Map<string, NamedFile>();
  for (const file of files) {
    if (file.isRead !== undefined) continue;
    const id = idOf(file);
    if (id === undefined) continue;
    const other = written.get(id);
    if (other === undefined) written.set(id, file);
    else if (!isOnePlace(other, file)) throw shared(other, file);
  }
  for (const file of files) {
    const id = file.isRead === undefined ? undefined : idOf(file);
    const other = id === undefined ? undefined : written.get(id);
    if (other !== undefined) throw shared(other, file);
  }
}

/** True for standard output and error, and for a checkpoint that is named twice: as it is resumed, and as it was asked for. */
function isOnePlace(one: NamedFile, other: NamedFile): boolean {
  return one.stream !== undefined && other.stream !== undefined || one.what === other.what && one.what === CHECKPOINT;
}

function shared(written: NamedFile, other: NamedFile): UsageError {
  const remedy = "Give each a different file name";
  const stream = written.stream === undefined ? other : written;
  if (stream.stream !== undefined) {
    const file = stream === written ? other : written;
    const what = file.isRead === undefined ? `Cannot write ${file.what} to` : `Cannot read ${file.what} from`;
    return new UsageError(`${what} ${quote(file.path)}: ${stream.path} is that file. ${remedy}`);
  }
  const isOneName = other.path === written.path;
  const where = quote(written.path) + (isOneName ? "" : ` and ${quote(other.path)}`);
  const oneFile = isOneName ? "" : ", which are one file";
  if (other.isRead !== undefined) {
    return new UsageError(
      `Cannot write ${written.what} to ${where}${oneFile}: ${other.what} ${other.isRead} from there. ${remedy}`,
    );
  }
  const both = written.what === other.what ? "two reports" : `${written.what} and ${other.what}`;
  return new UsageError(`Cannot write ${both} to ${where}${oneFile}. ${remedy}`);
}

/** Facts besides the command line. */
interface Surroundings {
  /** The file of a scan that is resumed. */
  readonly checkpoint?: string | undefined;
  /** The directory that paths begin in, where that may be known. */
  readonly folder?: string | undefined;
}

/** Files by device and inode. */
export class FileCheck {
  readonly #system: System;
  readonly #files: readonly NamedFile[];
  readonly #folder: string | undefined;
  /** True where the history is written. */
  readonly #isRecorded: boolean;
  /** The files that are open by now, by path: what a path leads to may change. */
  readonly #opened = new Map<string, string>();

  constructor(line: CommandLine, system: System, { checkpoint, folder }: Surroundings = {}) {
    this.#system = system;
    this.#folder = folder;
    this.#isRecorded = line.subcommand === undefined || line.subcommand === "merge";
    const isStdin = [...line.targetFiles, ...line.excludeFiles, line.portsFile].includes("-");
    this.#files = [
      { path: "standard output", what: "", stream: 1 },
      { path: "standard error", what: "", stream: 2 },
      // A scan that is resumed stays in its file, whatever its command line called that.
      ...filesOf(checkpoint === undefined ? line : { ...line, checkpoint }),
      ...(isStdin ? [{ path: "standard input", what: "targets", isRead: "are read", stream: 0 } as const] : []),
    ];
  }

  /**
   * Checks every file before anything is opened.
   *
   * @throws {UsageError} If two are one that may not be, if one cannot be written by its kind, or if, for root, one is reached
   *   by somebody else's symbolic link.
   */
  before(): void {
    // Most scans name no file.
    if (this.#files.length === 2) return;
    for (const file of this.#files) {
      if (file.isRead !== undefined || file.stream !== undefined) continue;
      const identity = this.#system.identify(file.path);
      if (identity === undefined) continue;
      if (file.what === REPORT) refuseKind(file, identity);
      if (file.what !== HISTORY || this.#isRecorded) this.#refuseLink(file, identity);
    }
    this.#refuseShared();
    this.#refusePipesReadTwice();
  }

  /** Checks once more, with the file that was opened at a path: it may have become another one since. */
  opened(path: string, id: string): void {
    this.#opened.set(path, id);
    this.#refuseShared();
  }

  #refuseShared(): void {
    refuseSharedFiles(this.#files, (file) => this.#idOf(file));
  }

  #idOf({ path, stream }: NamedFile): string | undefined {
    const opened = this.#opened.get(path);
    if (opened !== undefined) return opened;
    const identity = this.#system.identify(stream ?? path);
    if (stream !== undefined) {
      const isShared = identity?.kind === "file" || identity?.kind === "pipe" && stream !== 0;
      return isShared ? identity.id : undefined;
    }
    // Terminals and the like take from everybody.
    if (identity?.kind === "character device") return undefined;
    return identity?.id ?? placeOf(path, this.#folder);
  }

  #refusePipesReadTwice(): void {
    const read = new Set<string>();
    for (const file of this.#files) {
      if (file.isRead === undefined || file.stream !== undefined) continue;
      const identity = this.#system.identify(file.path);
      if (identity?.kind !== "pipe") continue;
      if (read.has(identity.id)) {
        throw new UsageError(`Cannot read ${quote(file.path)} twice: it is a pipe. Name it once, or use a file`);
      }
      read.add(identity.id);
    }
  }

  /**
   * Root follows a symbolic link only where it is the user's: others can put one where a report is expected, to have root
   * destroy a file that they may not write themselves.
   */
  #refuseLink({ path, what: data }: NamedFile, { isLink, links, owner, path: target }: FileIdentity): void {
    if (links.length === 0 || this.#system.effectiveUser() !== 0) return;
    const user = Number(this.#system.environ("SUDO_UID") ?? 0);
    const foreign = links.find((link) => link.owner !== 0 && link.owner !== user);
    if (foreign === undefined && (!isLink || owner === user || target === undefined)) return;
    const what = `${isLink ? "it is" : "its path has"} a symbolic link to ${quote(target ?? "an open file")}`;
    throw new UsageError(
      `Cannot write ${data} to ${quote(path)} as root: ${what}, and link and file are not both the user's own. Name ` +
        `${quote(target ?? "that file")} itself, if that is meant`,
    );
  }
}

function refuseKind({ path, what }: NamedFile, { kind }: FileIdentity): void {
  if (kind === "directory") {
    throw new UsageError(`Cannot write ${what} to ${quote(path)}: it is a directory. Name a file`);
  }
  if (kind === "socket" || kind === "block device") {
    throw new CannotScanError(`Cannot write ${what} to ${quote(path)}: it is a ${kind}. Name a file or a pipe`);
  }
}

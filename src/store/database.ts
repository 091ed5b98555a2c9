/**
 * Opening a history's file: its owner and version, and the errors of one that cannot be used.
 *
 * @module
 */
import { DatabaseSync } from "node:sqlite";
import { CannotScanError, UsageError } from "../base/errors.ts";
import { printable } from "../base/text.ts";
import { refuseNoFile } from "./path.ts";
import { APPLICATION_ID, createLaterTables, createTables, VERSION } from "./schema.ts";

/** The longest wait for another process that writes, in milliseconds. */
export const PATIENT_MS = 10_000;
const RETRY_MS = 20;
/** The length of the index of a write-ahead log, which is made with it, sqlite.org/walformat.html. */
const INDEX_LEN = 1 << 15;

/** Options of opening a file. */
export interface OpenOptions {
  /** True to write: the file is made if there is none. */
  readonly write: boolean;
}

/**
 * Opens a file.
 *
 * @throws {UsageError} if there is no such file or directory, an empty file is opened for reading, or the name is not a valid file name.
 * @throws {CannotScanError} if it is not a history, has another version, cannot be opened because of permissions, or is damaged.
 */
export function openDatabase(path: string, { write }: OpenOptions): DatabaseSync {
  refuseNoFile(path);
  return explaining(path, write ? "write" : "read", () => {
    const db = write ? new DatabaseSync(path, { timeout: PATIENT_MS }) : openToRead(path);
    try {
      // A file from a stranger may hold views that call functions.
      db.exec("PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON");
      if (write) prepareToWrite(db, path);
      else if (isEmpty(db, path)) {
        throw new UsageError(`Cannot read the history ${named(path)}: it is empty. Scan with --db first`);
      }
      return db;
    } catch (error) {
      if (db.isOpen) db.close();
      throw error;
    }
  });
}

/** Opens a file for reading, even if SQLite cannot create its lock files because the directory is not writable. */
function openToRead(path: string): DatabaseSync {
  try {
    const db = new DatabaseSync(path, { readOnly: true, timeout: PATIENT_MS });
    try {
      // With a write-ahead log, only reading fails.
      db.exec("PRAGMA user_version");
      return db;
    } catch (error) {
      db.close();
      throw error;
    }
  } catch (error) {
    if (!/unable to open|readonly/.test(String(error)) || !/file/.test(lookAt(path))) throw error;
    const log = ["-wal", "-journal"].map((suffix) => `${path}${suffix}`)
      .find((name) => !["missing", "empty file"].includes(lookAt(name)));
    if (log !== undefined) {
      const why = "beside it has changes that are not in it yet, and SQLite cannot write to their directory";
      const remedy = "Copy both files to one that can be written, and name the copy with --db";
      throw new CannotScanError(`Cannot read the history ${named(path)}: ${named(log)} ${why}. ${remedy}`);
    }
    try {
      // Nothing writes to it: the file alone is all there is, and needs no locks.
      return new DatabaseSync(immutableUri(path), { readOnly: true });
    } catch (second) {
      throw second instanceof Deno.errors.NotCapable ? second : error;
    }
  }
}

/** The URI of a file that does not change, sqlite.org/uri.html. */
function immutableUri(path: string): string {
  // Two slashes would begin the name of a host.
  const escaped = path.replace(/^\/+/, "/").split("/").map(encodeURIComponent).join("/");
  return `file:${escaped}?immutable=1`;
}

/**
 * Runs `change` as one atomic transaction. A power failure may lose the last transactions, unless they are durable: a durable
 * transaction, and all before it, is on the disk when this function returns.
 */
export function transaction(db: DatabaseSync, change: () => void, how: { readonly isDurable?: boolean } = {}): void {
  const { isDurable = false } = how;
  // With a write-ahead log, only FULL has a commit wait for the disk.
  if (isDurable) db.exec("PRAGMA synchronous = FULL");
  try {
    db.exec("BEGIN IMMEDIATE");
    try {
      change();
      // A commit of nothing new does not wait for what was written before; this always writes a page.
      if (isDurable) db.exec(`PRAGMA application_id = ${APPLICATION_ID}`);
      db.exec("COMMIT");
    } catch (error) {
      // A full disk may have ended the transaction already.
      if (db.isTransaction) db.exec("ROLLBACK");
      throw error;
    }
  } finally {
    if (isDurable) db.exec("PRAGMA synchronous = NORMAL");
  }
}

/** Returns true if the error means that another process is writing (SQLITE_BUSY). */
export function isBusy(error: unknown): boolean {
  return error instanceof Error && /database (table )?is locked/.test(error.message);
}

/** Runs `action`; converts SQLite errors as {@linkcode explained} does. */
export function explaining<T>(path: string, aim: "read" | "write", action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw explained(path, aim, error);
  }
}

/** Converts an SQLite error to an error for the user, with cause and remedy. Returns other errors unchanged. */
export function explained(path: string, aim: "read" | "write", error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof CannotScanError || error instanceof UsageError) return error;
  const cannot = `Cannot ${aim} the history ${named(path)}`;
  if (error instanceof Deno.errors.NotCapable) {
    const rights = aim === "write" ? "--allow-read and --allow-write" : "--allow-read";
    return new CannotScanError(`${cannot}: that needs the right to use files. Add ${rights} to deno run`);
  }
  const { code } = error as { code?: unknown };
  if (code !== "ERR_SQLITE_ERROR" && code !== "ERR_OUT_OF_RANGE") return error;
  const isUnopened = /unable to open/.test(error.message);
  const misnamed = whyMisnamed(path, aim, isUnopened);
  if (misnamed !== undefined) return new UsageError(`${cannot}: ${misnamed}`);
  const cause = aim === "write" && /unable to open|readonly|disk I\/O/.test(error.message) ? errorBeside(path) : "";
  const [, why] = TROUBLES.find(([says]) => says.test(`${aim}: ${code}: ${error.message}${cause}`)) ?? [];
  return new CannotScanError(`${cannot}: ${why ?? `${printable(error.message)}. Name another file for --db`}`);
}

const TROUBLES: readonly (readonly [says: RegExp, why: string])[] = [
  // A whole number that is none of ours: they all fit.
  [/ERR_OUT_OF_RANGE|malformed/, "it is damaged. Restore it from a copy, or name another file for --db"],
  [
    /^read.*readonly/,
    "SQLite needs the right to write its directory, for its locks. Copy it to a directory that can be written, and name the " +
    "copy with --db",
  ],
  [/not a database/, "it is no SQLite database. Name another file for --db"],
  [/os error 30\b/, "the file system is read-only. Name another file for --db"],
  [/is full|os error 28\b/, "the disk is full. Make room; what had been written before is kept"],
  [
    /os error 27\b/,
    "a file has reached the limit on its size (ulimit -f). Raise it; what had been written before is kept",
  ],
  [/is locked/, "another program holds it. End that program, or name another file for --db"],
  [/readonly/, "it may not be written. Ask its owner for the right, or name another file for --db"],
  [/disk I\/O/, "the disk does not read or write. Look at the disk, or name another file for --db"],
  [/unable to open/, "permission denied. Ask its owner for the right, or name another file for --db"],
];

// SQLite does not say why it cannot open a file; the file system does.
function whyMisnamed(path: string, aim: "read" | "write", isUnopened: boolean): string | undefined {
  const found = lookAt(path);
  if (found === "directory") return "it is a directory. Name a file for --db";
  if (!isUnopened || found !== "missing") return undefined;
  const folder = path.slice(0, path.lastIndexOf("/") + 1);
  if (lookAt(folder || ".") === "missing") {
    return `there is no directory ${named(folder)}. Make it, or name another file for --db`;
  }
  return aim === "read" ? "there is no such file. Scan with --db first, which makes it" : undefined;
}

/** Returns the system's error where SQLite cannot make its files beside a database; empty if there is none. SQLite does not give it. */
function errorBeside(path: string): string {
  try {
    const probe = `${lookAt(path) === "missing" ? path : Deno.realPathSync(path)}-probe`;
    using file = Deno.openSync(probe, { write: true, createNew: true });
    try {
      for (let room = INDEX_LEN; room > 0;) room -= file.writeSync(new Uint8Array(room));
      // Beyond a limit on the size of files, as one of the others is about to be.
      file.truncateSync(INDEX_LEN + Math.max(...["", "-wal"].map((suffix) => sizeOf(`${path}${suffix}`))));
    } finally {
      Deno.removeSync(probe);
    }
    return "";
  } catch (error) {
    return String(error);
  }
}

function sizeOf(path: string): number {
  return lookAt(path) === "file" ? Deno.statSync(path).size : 0;
}

function lookAt(path: string): "directory" | "file" | "empty file" | "missing" | "unknown" {
  try {
    const { isDirectory, size } = Deno.statSync(path);
    return isDirectory ? "directory" : size > 0 ? "file" : "empty file";
  } catch (error) {
    return error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory ? "missing" : "unknown";
  }
}

function prepareToWrite(db: DatabaseSync, path: string): void {
  isEmpty(db, path);
  useWal(db);
  db.exec("PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 4000; PRAGMA cache_size = -16384");
  transaction(db, () => {
    // Another process may have made them since.
    if (isEmpty(db, path)) createTables(db);
    createLaterTables(db);
    // Written even where nothing changes: only a write shows that the file may be written.
    db.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${VERSION}`);
  });
}

// Two processes that make the same file at the same time are in each other's way here, and SQLite does not wait.
function useWal(db: DatabaseSync): void {
  for (let waitedMs = 0;; waitedMs += RETRY_MS) {
    try {
      db.exec("PRAGMA journal_mode = WAL");
      return;
    } catch (error) {
      if (!isBusy(error) || waitedMs >= PATIENT_MS) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RETRY_MS);
    }
  }
}

/** Returns true for a file without tables, and refuses one whose tables are not those of {@linkcode VERSION}. */
function isEmpty(db: DatabaseSync, path: string): boolean {
  const { application, version, tables } = db.prepare(
    "SELECT application_id AS application, user_version AS version, (SELECT count(*) FROM sqlite_schema) AS tables " +
      "FROM pragma_application_id, pragma_user_version",
  ).get() as Record<string, number>;
  if (application === 0 && version === 0 && tables === 0) return true;
  if (application !== APPLICATION_ID) {
    const why = "it is another program's database. Name another file for --db";
    throw new CannotScanError(`Cannot use ${named(path)} as a history: ${why}`);
  }
  if (version === VERSION) return false;
  const [other, advice] = version! > VERSION ? ["a newer", "Use the newer synscan, or name"] : ["an older", "Name"];
  throw new CannotScanError(
    `Cannot use the history ${named(path)}: ${other} synscan made it (version ${version}, this one uses ${VERSION}). ` +
      `${advice} another file for --db`,
  );
}

function named(path: string): string {
  return `"${printable(path)}"`;
}

/**
 * The file of a checkpoint. It is replaced as a whole: a reader finds the last checkpoint or the previous one, even if
 * the writer was killed. The process that uses it holds a lock on it (flock(2)) until it ends. The journal is in the same folder.
 *
 * @module
 */
import { CheckpointError } from "./error.ts";
import { beginsAsJournal } from "./journal.ts";
import { draftPath, journalPath } from "./paths.ts";

/** The results belong to the user: the folder may be readable by everyone. */
const PRIVATE = 0o600;

/** A file that this process alone may replace. */
export class CheckpointFile implements Disposable {
  readonly path: string;
  #held: Deno.FsFile;
  /** True once this process has made or opened the journal. */
  #hasJournal = false;
  #isClosed = false;

  private constructor(path: string, held: Deno.FsFile) {
    this.path = path;
    this.#held = held;
  }

  /**
   * Locks a path for a new checkpoint. An empty file may exist there, and a journal whose checkpoint was removed.
   *
   * @throws {CheckpointError} If there is a file of another kind, or another process holds the lock.
   * @throws {Error} Errors of Deno's, if it cannot be written.
   */
  static create(path: string): CheckpointFile {
    refuseDevice(path);
    refuseSomething(journalPath(path));
    const held = openOrCreate(path);
    try {
      lock(held);
      if (held.seekSync(0, Deno.SeekMode.End) > 0) throw new CheckpointError("exists");
      return new CheckpointFile(path, held);
    } catch (error) {
      held.close();
      throw error;
    }
  }

  /**
   * Locks an existing checkpoint and reads it.
   *
   * @throws {CheckpointError} If another process holds the lock.
   * @throws {Error} Errors of Deno's, if it cannot be read.
   */
  static open(path: string): { readonly file: CheckpointFile; readonly bytes: Uint8Array<ArrayBuffer> } {
    for (;;) {
      refuseDevice(path);
      const held = Deno.openSync(path, { read: true });
      try {
        lock(held);
        // Another process may have replaced it before the lock was ours.
        if (isAt(held, path)) return { file: new CheckpointFile(path, held), bytes: Deno.readFileSync(path) };
      } catch (error) {
        held.close();
        throw error;
      }
      held.close();
    }
  }

  /**
   * Replaces the content of the checkpoint. Calls must not overlap.
   *
   * @throws {Error} Errors of Deno's, if it cannot be written; the previous content is kept.
   */
  async replace(bytes: Uint8Array): Promise<void> {
    const file = this.#newDraft();
    try {
      for (let at = 0; at < bytes.length;) at += await file.write(bytes.subarray(at));
      await file.syncData();
      this.#takeDraft(file);
    } catch (error) {
      this.#dropDraft(file);
      throw error;
    }
  }

  /** Replaces the content synchronously, without waiting for the disk. Throws as {@linkcode replace} does. */
  replaceNow(bytes: Uint8Array): void {
    const file = this.#newDraft();
    try {
      for (let at = 0; at < bytes.length;) at += file.writeSync(bytes.subarray(at));
      this.#takeDraft(file);
    } catch (error) {
      this.#dropDraft(file);
      throw error;
    }
  }

  /**
   * Tests whether the checkpoint can be replaced, without changing it.
   *
   * @throws {Error} Errors of Deno's, if it could not be replaced.
   */
  tryToReplace(): void {
    this.#dropDraft(this.#newDraft());
  }

  // A new file, so that no link can lead elsewhere.
  #newDraft(): Deno.FsFile {
    removeNow(draftPath(this.path));
    return Deno.openSync(draftPath(this.path), { write: true, createNew: true, mode: PRIVATE });
  }

  #takeDraft(file: Deno.FsFile): void {
    lock(file);
    Deno.renameSync(draftPath(this.path), this.path);
    this.#held.close();
    this.#held = file;
  }

  #dropDraft(file: Deno.FsFile): void {
    file.close();
    removeNow(draftPath(this.path));
  }

  /**
   * Creates the journal. A journal whose checkpoint was removed is replaced.
   *
   * @throws {CheckpointError} If there is a file of another kind.
   * @throws {Error} Errors of Deno's, if it cannot be written.
   */
  createJournal(): Deno.FsFile {
    const path = journalPath(this.path);
    refuseSomething(path);
    removeNow(path);
    // A new file, so that no link can lead elsewhere.
    const file = Deno.openSync(path, { read: true, write: true, createNew: true, mode: PRIVATE });
    this.#hasJournal = true;
    return file;
  }

  /**
   * Opens the journal that was written with this checkpoint.
   *
   * @throws {CheckpointError} If there is none.
   * @throws {Error} Errors of Deno's, if it cannot be read or written.
   */
  openJournal(): Deno.FsFile {
    const path = journalPath(this.path);
    try {
      if (!Deno.lstatSync(path).isFile) throw new CheckpointError("journal missing");
      const file = Deno.openSync(path, { read: true, write: true });
      this.#hasJournal = true;
      return file;
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) throw new CheckpointError("journal missing");
      throw error;
    }
  }

  /** Removes the files: nothing is left to resume. */
  remove(): void {
    for (const path of this.#paths()) removeNow(path);
  }

  /** Removes the files at once, without waiting and without an error: the process is about to end. */
  removeNow(): void {
    for (const path of this.#paths()) {
      try {
        Deno.removeSync(path);
      } catch {
        continue;
      }
    }
  }

  /** Releases the lock. */
  [Symbol.dispose](): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#held.close();
  }

  /** The files of this checkpoint. The journal comes last: neither is of use without the other. */
  #paths(): string[] {
    const [own, journal] = [[draftPath(this.path), this.path], journalPath(this.path)];
    try {
      // Also the journal of a process that was killed before this one.
      return this.#hasJournal || beginsAsJournal(firstBytes(journal)) ? [...own, journal] : own;
    } catch {
      return own;
    }
  }
}

// Not by one call that may create: that would create what a symbolic link to nothing leads to.
function openOrCreate(path: string): Deno.FsFile {
  try {
    return Deno.openSync(path, { write: true, createNew: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
    return Deno.openSync(path, { write: true });
  }
}

// To open a pipe, or to read a device, might take for ever.
function refuseDevice(path: string): void {
  try {
    const { isFile, isDirectory } = Deno.statSync(path);
    if (!isFile && !isDirectory) throw new CheckpointError("foreign");
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

/** Throws if the path of a journal has a file that is not a journal. */
function refuseSomething(path: string): void {
  try {
    if (!Deno.lstatSync(path).isFile || !beginsAsJournal(firstBytes(path))) {
      throw new CheckpointError("beside something");
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

function firstBytes(path: string): Uint8Array {
  using file = Deno.openSync(path, { read: true });
  const bytes = new Uint8Array(64);
  return bytes.subarray(0, file.readSync(bytes) ?? 0);
}

function lock(file: Deno.FsFile): void {
  let isOurs = true;
  try {
    isOurs = file.tryLockSync(true);
  } catch {
    // Some file systems have no locks; then other processes cannot be excluded.
  }
  if (!isOurs) throw new CheckpointError("in use");
}

function isAt(file: Deno.FsFile, path: string): boolean {
  const [one, other] = [file.statSync(), Deno.statSync(path)];
  return one.ino === other.ino && one.dev === other.dev;
}

function removeNow(path: string): void {
  try {
    Deno.removeSync(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

/**
 * The file of a checkpoint. It is replaced as a whole: a reader finds the last checkpoint or the previous one, even if
 * the writer was killed. The process that uses it holds a lock on it (flock(2)) until it ends. The journal is in the same folder.
 *
 * @module
 */
import { beginsAs } from "./encoding.ts";
import { CheckpointError } from "./error.ts";
import { writeFull } from "./journal.ts";
import { draftPath, journalPath } from "./paths.ts";

/** The results belong to the user: the folder may be readable by everyone. */
const PRIVATE = 0o600;

/** A file that this process alone may replace. */
export class CheckpointFile implements Disposable {
  readonly path: string;
  #held: Deno.FsFile;

  private constructor(path: string, held: Deno.FsFile) {
    this.path = path;
    this.#held = held;
  }

  /**
   * Locks a path for a new checkpoint, and creates its journal. An empty file may exist there, and a journal whose checkpoint was
   * removed.
   *
   * @throws {CheckpointError} If there is a file of another kind, or another process holds the lock.
   * @throws {Error} Errors of Deno's, if it cannot be written.
   */
  static create(path: string): { readonly file: CheckpointFile; readonly journal: Deno.FsFile } {
    refuseDevice(path);
    refuseSomething(journalPath(path));
    using undo = new DisposableStack();
    const held = undo.use(openOrCreate(path));
    lock(held);
    if (held.statSync().size > 0) throw new CheckpointError("exists");
    undo.defer(() => removeNow(path));
    const journal = newFile(journalPath(path));
    undo.move();
    return { file: new CheckpointFile(path, held), journal };
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
      using undo = new DisposableStack();
      const held = undo.use(Deno.openSync(path, { read: true }));
      lock(held);
      // Another process may have replaced it before the lock was ours.
      if (!isAt(held, path)) continue;
      const bytes = Deno.readFileSync(path);
      undo.move();
      return { file: new CheckpointFile(path, held), bytes };
    }
  }

  /** Writes the first checkpoint, which replaces none, without waiting for the disk. */
  begin(bytes: Uint8Array): void {
    writeFull(this.#held, bytes);
  }

  /**
   * Replaces the content of the checkpoint. Calls must not overlap.
   *
   * @throws {Error} Errors of Deno's, if it cannot be written; the previous content is kept.
   */
  async replace(bytes: Uint8Array): Promise<void> {
    const draft = newFile(draftPath(this.path));
    try {
      writeFull(draft, bytes);
      await draft.syncData();
      lock(draft);
      Deno.renameSync(draftPath(this.path), this.path);
    } catch (error) {
      draft.close();
      removeNow(draftPath(this.path));
      throw error;
    }
    this.#held.close();
    this.#held = draft;
  }

  /**
   * Tests whether the checkpoint can be replaced, without changing it.
   *
   * @throws {Error} Errors of Deno's, if it could not be replaced.
   */
  tryToReplace(): void {
    newFile(draftPath(this.path)).close();
    removeNow(draftPath(this.path));
  }

  /** Removes the files: nothing is left to resume. Returns the first error, if there was one. */
  remove(): unknown {
    let failure: unknown;
    // The journal comes last: a checkpoint is of no use without it.
    for (const path of [draftPath(this.path), this.path, journalPath(this.path)]) {
      try {
        removeNow(path);
      } catch (error) {
        failure ??= error;
      }
    }
    return failure;
  }

  /** Releases the lock. */
  [Symbol.dispose](): void {
    this.#held[Symbol.dispose]();
  }
}

/**
 * Opens the journal of an existing checkpoint.
 *
 * @throws {CheckpointError} If there is none.
 * @throws {Error} Errors of Deno's, if it cannot be read or written.
 */
export function openJournal(path: string): Deno.FsFile {
  try {
    if (Deno.lstatSync(journalPath(path)).isFile) return Deno.openSync(journalPath(path), { read: true, write: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  throw new CheckpointError("journal missing");
}

/** Creates a file in place of any that is there: a new one, so that no link can lead elsewhere. */
function newFile(path: string): Deno.FsFile {
  removeNow(path);
  return Deno.openSync(path, { read: true, write: true, createNew: true, mode: PRIVATE });
}

// Not by one call that may create: that would create what a symbolic link to nothing leads to.
function openOrCreate(path: string): Deno.FsFile {
  try {
    return Deno.openSync(path, { write: true, createNew: true, mode: PRIVATE });
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
    if (Deno.lstatSync(path).isFile) {
      using file = Deno.openSync(path, { read: true });
      const bytes = new Uint8Array(64);
      if (beginsAs("journal", bytes.subarray(0, file.readSync(bytes) ?? 0))) return;
    }
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return;
    throw error;
  }
  throw new CheckpointError("beside something");
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

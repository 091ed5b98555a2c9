/**
 * The files of a checkpoint. The checkpoint is replaced as a whole: a reader finds the last one or the previous one, even if
 * the writer was killed. The journal is in the same folder, and the process that uses it holds a lock on it (flock(2)) until it ends.
 *
 * @module
 */
import { beginsAs } from "./encoding.ts";
import { CheckpointError } from "./error.ts";
import { draftPath, journalPath } from "./paths.ts";

/** The results belong to the user: the folder may be readable by everyone. */
const PRIVATE = 0o600;

/**
 * Creates and locks the journal of a new checkpoint. An empty file may exist at the checkpoint's path, and at the journal's one whose
 * checkpoint was removed.
 *
 * @throws {CheckpointError} If there is a file of another kind, or another process holds the lock.
 * @throws {Error} Errors of Deno's, if it cannot be written.
 */
export function createJournal(path: string): Deno.FsFile {
  sizeAt(path);
  const place = journalPath(path);
  const found = ifThere(() => Deno.lstatSync(place));
  if (found !== undefined && !found.isFile) throw new CheckpointError("beside something");
  using undo = new DisposableStack();
  const options = { read: true, write: true, createNew: found === undefined, mode: PRIVATE };
  const journal = undo.use(Deno.openSync(place, options));
  if (found === undefined) undo.defer(() => removeNow(place));
  lock(journal);
  if (found !== undefined && !beginsAsJournal(journal)) throw new CheckpointError("beside something");
  if (sizeAt(path) > 0) throw new CheckpointError("exists");
  undo.move();
  return journal;
}

/**
 * Opens and locks the journal of a checkpoint.
 *
 * @throws {CheckpointError} If there is none, or another process holds the lock.
 * @throws {Error} Errors of Deno's, if it cannot be read or written.
 */
export function openJournal(path: string): Deno.FsFile {
  const place = journalPath(path);
  if (ifThere(() => Deno.lstatSync(place))?.isFile !== true) throw new CheckpointError("journal missing");
  using undo = new DisposableStack();
  const journal = undo.use(Deno.openSync(place, { read: true, write: true }));
  lock(journal);
  undo.move();
  return journal;
}

/**
 * Returns the bytes of a checkpoint.
 *
 * @throws {CheckpointError} If there is a device.
 * @throws {Error} Errors of Deno's, if it cannot be read.
 */
export function checkpointBytes(path: string): Uint8Array {
  sizeAt(path);
  return Deno.readFileSync(path);
}

/**
 * Writes the first checkpoint, in place of an empty file.
 *
 * @throws {Error} Errors of Deno's, if it cannot be written.
 */
export function writeFirst(path: string, bytes: Uint8Array): void {
  using file = newFile(path);
  writeFull(file, bytes);
}

/**
 * Replaces a checkpoint. Calls must not overlap.
 *
 * @throws {Error} Errors of Deno's, if it cannot be written; the previous checkpoint is kept.
 */
export async function replaceCheckpoint(path: string, bytes: Uint8Array): Promise<void> {
  using draft = newFile(draftPath(path));
  try {
    writeFull(draft, bytes);
    await draft.syncData();
    Deno.renameSync(draftPath(path), path);
  } catch (error) {
    removeNow(draftPath(path));
    throw error;
  }
}

/**
 * Tests whether a checkpoint can be replaced, without changing it.
 *
 * @throws {Error} Errors of Deno's, if it could not be replaced.
 */
export function tryToReplace(path: string): void {
  newFile(draftPath(path)).close();
  removeNow(draftPath(path));
}

/** Removes the files: nothing is left to resume. Returns the first error, if there was one. */
export function removeCheckpoint(path: string): unknown {
  let failure: unknown;
  // The journal comes last: a checkpoint is of no use without it.
  for (const each of [draftPath(path), path, journalPath(path)]) {
    try {
      removeNow(each);
    } catch (error) {
      failure ??= error;
    }
  }
  return failure;
}

/** Writes all of the bytes. */
export function writeFull(file: Deno.FsFile, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) at += file.writeSync(bytes.subarray(at));
}

/** Creates a file in place of any that is there: a new one, so that no link can lead elsewhere. */
function newFile(path: string): Deno.FsFile {
  removeNow(path);
  return Deno.openSync(path, { write: true, createNew: true, mode: PRIVATE });
}

/** Returns the size of a file, or 0. Throws for a device, which could be read for ever, and for a link to nothing. */
function sizeAt(path: string): number {
  if (ifThere(() => Deno.lstatSync(path)) === undefined) return 0;
  const { isDirectory, isFile, size } = Deno.statSync(path);
  if (isDirectory) throw new Deno.errors.IsADirectory();
  if (!isFile) throw new CheckpointError("foreign");
  return size;
}

function beginsAsJournal(file: Deno.FsFile): boolean {
  const bytes = new Uint8Array(64);
  return beginsAs("journal", bytes.subarray(0, file.readSync(bytes) ?? 0));
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

function removeNow(path: string): void {
  ifThere(() => Deno.removeSync(path));
}

/** Returns the result of an action; undefined if its file does not exist. */
function ifThere<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

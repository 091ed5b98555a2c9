/**
 * A checkpoint's file. It is replaced as a whole: whoever reads it finds the last state or the one before, whatever happened
 * to the writer. Whoever has it holds a lock on it (flock(2)), which ends with the process.
 *
 * @module
 */
import { CheckpointError } from "./error.ts";

/** Where the next state is written before it takes the place of the last. */
export function draftPath(path: string): string {
  return `${path}.new`;
}

/** A file that this process alone may replace. */
export class CheckpointFile implements Disposable {
  readonly path: string;
  #held: Deno.FsFile;
  #isClosed = false;

  private constructor(path: string, held: Deno.FsFile) {
    this.path = path;
    this.#held = held;
  }

  /**
   * Takes a place for a new checkpoint. An empty file may be there.
   *
   * @throws {CheckpointError} If there is something, or someone else has it.
   * @throws {Error} Errors of Deno's, if it cannot be written.
   */
  static create(path: string): CheckpointFile {
    refuseDevice(path);
    const held = Deno.openSync(path, { write: true, create: true });
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
   * Takes a checkpoint that is there, and gives what it says.
   *
   * @throws {CheckpointError} If someone else has it.
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
   * Replaces what it says. One call must have ended before the next.
   *
   * @throws {Error} Errors of Deno's, if it cannot be written; what it said before is kept.
   */
  async replace(bytes: Uint8Array): Promise<void> {
    const draft = draftPath(this.path);
    await removeIfThere(draft);
    // A new file, so that no link can lead elsewhere.
    const file = await Deno.open(draft, { write: true, createNew: true });
    try {
      for (let at = 0; at < bytes.length;) at += await file.write(bytes.subarray(at));
      await file.syncData();
      lock(file);
      await Deno.rename(draft, this.path);
    } catch (error) {
      file.close();
      await removeIfThere(draft);
      throw error;
    }
    this.#held.close();
    this.#held = file;
  }

  /** Removes it: there is nothing to go on with. */
  async remove(): Promise<void> {
    await removeIfThere(draftPath(this.path));
    await removeIfThere(this.path);
  }

  /** Removes it at once, as far as that goes: whoever is ending cannot wait, and has nobody to tell. */
  removeNow(): void {
    for (const path of [draftPath(this.path), this.path]) {
      try {
        Deno.removeSync(path);
      } catch {
        continue;
      }
    }
  }

  /** Lets others have it. */
  [Symbol.dispose](): void {
    if (!this.#isClosed) this.#held.close();
    this.#isClosed = true;
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

function lock(file: Deno.FsFile): void {
  let isOurs = true;
  try {
    isOurs = file.tryLockSync(true);
  } catch {
    // Some file systems have no locks; then nobody can be kept out.
  }
  if (!isOurs) throw new CheckpointError("in use");
}

function isAt(file: Deno.FsFile, path: string): boolean {
  const [one, other] = [file.statSync(), Deno.statSync(path)];
  return one.ino === other.ino && one.dev === other.dev;
}

async function removeIfThere(path: string): Promise<void> {
  try {
    await Deno.remove(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

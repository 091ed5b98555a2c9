/**
 * The journal of a scan: an append-only file beside the checkpoint with every result that the reports were given, so that
 * `resume` can give them to fresh writers, and with what else is known of each host: a checkpoint does not grow with the hosts found. The checkpoint holds the length of the journal; what stands behind that was written by a
 * process that was killed before its next checkpoint, and is overwritten.
 *
 * @module
 */
import {
  bytesOf,
  checksum,
  type FileRecord,
  HEAD_LEN,
  headOf,
  readHead,
  readRecords,
  recordWords,
  writeRecord,
} from "./encoding.ts";
import { CheckpointError } from "./error.ts";
import { writeFull } from "./file.ts";

/** The kind of a record that is a batch of results of one pass, 24 bytes each, at the time when the reports were given it. */
export const RESULTS = 1;
/** The kind of a record with shapes of SYN-ACKs that no earlier record has, in the rows of a snapshot. */
export const SHAPES = 2;
/** The kind of a record with what service detection found at ports whose results come next. */
export const FINDINGS = 3;
/** 32-bit words that are written together: 256 KiB. */
const BUFFER_WORDS = 1 << 16;

/** A journal at one moment, as its checkpoint has it. */
export interface JournalState {
  /** The key that checkpoint and journal of one scan share. */
  readonly scan: string;
  readonly bytes: number;
}

/** Returns a key for a new scan. */
export function newScanKey(): string {
  return crypto.getRandomValues(new Uint8Array(8)).toHex();
}

/** The journal of one scan. */
export class Journal implements Disposable {
  /** The shapes that it held when it was opened. */
  readonly shapes: number[] = [];
  readonly #scan: string;
  readonly #openFile: () => Deno.FsFile;
  #file: Deno.FsFile | undefined;
  #words = new Uint32Array(BUFFER_WORDS);
  readonly #seed: number;
  /** Words in the buffer, and bytes in the file. */
  #used = HEAD_LEN / 4;
  #written = 0;

  /** `openFile` is called when the first bytes have to be written. */
  constructor(scan: string, openFile: () => Deno.FsFile) {
    this.#scan = scan;
    this.#openFile = openFile;
    const head = headOf("journal", scan);
    this.#seed = checksum(head);
    bytesOf(this.#words).set(head);
  }

  /**
   * Opens a journal as far as its checkpoint knows it, and checks all of that.
   *
   * @throws {CheckpointError} If it is cut, damaged, of another scan or of another version.
   */
  static open(file: Deno.FsFile, { scan, bytes }: JournalState): Journal {
    const head = new Uint8Array(HEAD_LEN);
    file.seekSync(0, Deno.SeekMode.Start);
    if (!readFull(file, head)) throw new CheckpointError("journal cut");
    if (scanIn(head) !== scan) throw new CheckpointError("journal of another scan");
    if (file.statSync().size < bytes) throw new CheckpointError("journal cut");
    const journal = new Journal(scan, () => file);
    journal.#file = file;
    journal.#used = 0;
    journal.#written = bytes;
    for (const { kind, body } of journal.records()) {
      if (kind === SHAPES) { for (const word of body) journal.shapes.push(word); }
    }
    return journal;
  }

  /** Adds a record. */
  add(record: FileRecord): void {
    const length = recordWords(record.body.length);
    if (this.#used + length > this.#words.length) this.flush();
    if (length > this.#words.length) this.#words = new Uint32Array(length);
    this.#used = writeRecord(this.#words, this.#used, record, this.#seed);
  }

  /**
   * Writes what was added, and returns the journal's state.
   *
   * @throws {Error} Errors of Deno's, if it cannot be written; what was written before is as it was.
   */
  flush(): JournalState {
    if (this.#used > 0) {
      const file = this.#file ??= this.#openFile();
      file.truncateSync(this.#written);
      file.seekSync(this.#written, Deno.SeekMode.Start);
      writeFull(file, bytesOf(this.#words.subarray(0, this.#used)));
      this.#written += this.#used * 4;
      this.#used = 0;
    }
    return { scan: this.#scan, bytes: this.#written };
  }

  /** Has what was written brought to the disk. */
  async sync(): Promise<void> {
    await this.#file?.syncData();
  }

  /**
   * Goes on in another file, with a copy of what was written.
   *
   * @throws {Error} Errors of Deno's, if it cannot be written.
   */
  moveTo(file: Deno.FsFile): void {
    const old = this.#file;
    file.truncateSync();
    const piece = new Uint8Array(BUFFER_WORDS);
    old?.seekSync(0, Deno.SeekMode.Start);
    for (let left = this.#written; old !== undefined && left > 0; left -= piece.length) {
      const part = piece.subarray(0, left);
      if (!readFull(old, part)) throw new CheckpointError("journal cut");
      writeFull(file, part);
    }
    this.#file = file;
    old?.close();
  }

  /** Reads the records in the order in which they were added. Nothing may be added meanwhile. */
  *records(): Generator<FileRecord> {
    const file = this.#file;
    if (file === undefined) return;
    file.seekSync(HEAD_LEN, Deno.SeekMode.Start);
    yield* readRecords((bytes) => readFull(file, bytes), this.#written, this.#seed, "journal damaged");
  }

  [Symbol.dispose](): void {
    this.#file?.close();
    this.#file = undefined;
  }
}

function scanIn(head: Uint8Array): string {
  try {
    return readHead("journal", head);
  } catch (error) {
    const isOther = error instanceof CheckpointError && (error.trouble === "newer" || error.trouble === "older");
    throw new CheckpointError(isOther ? "journal of another version" : "journal damaged");
  }
}

/** Fills `bytes` from a file; false if the file ends before. */
function readFull(file: Deno.FsFile, bytes: Uint8Array): boolean {
  for (let at = 0; at < bytes.length;) {
    const count = file.readSync(bytes.subarray(at));
    if (count === null) return false;
    at += count;
  }
  return true;
}

/**
 * The journal of a scan: an append-only file beside the checkpoint with every result that the reports were given, so that
 * `resume` can give them to fresh writers. A line of 72 bytes, and records behind it, all numbers little-endian:
 *
 * ```text
 * {"synscan":"journal","version":2,"scan":"<16 hexadecimal digits>"}   padded with spaces, ends with a line feed
 * kind u16, pass u16, bytes of the body u32, time f64 (milliseconds since 1970), body; its length is a multiple of 8
 * ```
 *
 * Kind 1 is a batch of results of one pass of the scan, 24 bytes each. The checkpoint holds the length of the journal and a hash of all of it; what
 * stands behind that length was written by a process that was killed before its next checkpoint, and is overwritten.
 *
 * @module
 */
import { CheckpointError } from "./error.ts";

/** The version written here. One more whenever an older program could not read it. */
export const JOURNAL_VERSION = 2;
/** Length of the first line. */
const HEAD_BYTES = 72;
const HEAD = '{"synscan":"journal"';
/** Length of a record's numbers, in 32-bit words. */
const RECORD_WORDS = 4;
const KIND_RESULTS = 1;
const KIND_MASK = 0xffff;
const PASS_SHIFT = 16;
const ROW_BYTES = 24;
/** 32-bit words that are written together: 256 KiB. */
const BUFFER_WORDS = 1 << 16;
const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/** A journal at one moment, as its checkpoint has it. */
export interface JournalState {
  /** The key that checkpoint and journal of one scan share. */
  readonly scan: string;
  readonly bytes: number;
  /** FNV-1a over the 32-bit words of these bytes. It reveals damage, not forgery. */
  readonly hash: number;
}

/** A batch of results, and the time at which the reports were given it. */
export interface JournalBatch {
  readonly rows: Uint32Array<ArrayBuffer>;
  /** The number of the pass that the results are of. */
  readonly pass: number;
  readonly timeMs: number;
}

/** Returns a key for a new scan. */
export function newScanKey(): string {
  return crypto.getRandomValues(new Uint8Array(8)).toHex();
}

/** Returns true if these bytes begin as a journal does. */
export function beginsAsJournal(bytes: Uint8Array): boolean {
  return new TextDecoder().decode(bytes.subarray(0, HEAD.length)) === HEAD;
}

/** The journal of one scan. */
export class Journal implements Disposable {
  readonly #scan: string;
  readonly #openFile: () => Deno.FsFile;
  #file: Deno.FsFile | undefined;
  readonly #words = new Uint32Array(BUFFER_WORDS);
  readonly #times = new Float64Array(this.#words.buffer);
  /** Words in the buffer, bytes in the file, and their hash. */
  #used = 0;
  #written = 0;
  #hash = FNV_OFFSET;
  /** True if more may stand in the file than was written. */
  #hasTail = false;

  /** `openFile` is called when the first bytes have to be written. */
  constructor(scan: string, openFile: () => Deno.FsFile) {
    this.#scan = scan;
    this.#openFile = openFile;
    const head = `{"synscan":"journal","version":${JOURNAL_VERSION},"scan":"${scan}"}`.padEnd(HEAD_BYTES - 1) + "\n";
    new TextEncoder().encodeInto(head, new Uint8Array(this.#words.buffer));
    this.#used = HEAD_BYTES / 4;
  }

  /**
   * Opens a journal as far as its checkpoint knows it, and checks all of that.
   *
   * @throws {CheckpointError} If it is cut, damaged, of another scan or of another version.
   */
  static open(file: Deno.FsFile, { scan, bytes, hash }: JournalState): Journal {
    const journal = new Journal(scan, () => file);
    const head = new Uint8Array(HEAD_BYTES);
    file.seekSync(0, Deno.SeekMode.Start);
    if (!readFull(file, head)) throw new CheckpointError("journal cut");
    checkHead(head, scan);
    if (file.statSync().size < bytes) throw new CheckpointError("journal cut");
    for (const piece of piecesOf(file, bytes)) journal.#hash = hashOf(piece, journal.#hash);
    if (journal.#hash !== hash) throw new CheckpointError("journal damaged");
    journal.#file = file;
    journal.#used = 0;
    journal.#written = bytes;
    journal.#hasTail = true;
    return journal;
  }

  /** Adds a batch of results of one pass. */
  add({ rows, pass, timeMs }: JournalBatch): void {
    if (rows.length === 0) return;
    if (this.#used + RECORD_WORDS + rows.length > BUFFER_WORDS) this.flush();
    const words = this.#words;
    const at = this.#used;
    words[at] = KIND_RESULTS | pass << PASS_SHIFT;
    words[at + 1] = rows.byteLength;
    this.#times[at / 2 + 1] = timeMs;
    words.set(rows, at + RECORD_WORDS);
    this.#used = at + RECORD_WORDS + rows.length;
  }

  /**
   * Writes what was added, and returns the journal's state.
   *
   * @throws {Error} Errors of Deno's, if it cannot be written; what was written before is as it was.
   */
  flush(): JournalState {
    if (this.#used > 0) {
      const file = this.#file ??= this.#openFile();
      if (this.#hasTail) file.truncateSync(this.#written);
      this.#hasTail = true;
      file.seekSync(this.#written, Deno.SeekMode.Start);
      const part = this.#words.subarray(0, this.#used);
      writeFull(file, bytesOf(part));
      this.#hasTail = false;
      this.#hash = hashOf(part, this.#hash);
      this.#written += part.byteLength;
      this.#used = 0;
    }
    return { scan: this.#scan, bytes: this.#written, hash: this.#hash };
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
    if (old !== undefined) { for (const piece of piecesOf(old, this.#written)) writeFull(file, bytesOf(piece)); }
    this.#file = file;
    old?.close();
  }

  /** Reads the batches of results in the order in which they were added. Nothing may be added meanwhile. */
  *batches(): Generator<JournalBatch> {
    const file = this.#file;
    const head = new Uint32Array(RECORD_WORDS);
    const times = new Float64Array(head.buffer);
    for (let at = HEAD_BYTES; file !== undefined && at < this.#written;) {
      file.seekSync(at, Deno.SeekMode.Start);
      if (!readFull(file, bytesOf(head))) throw new CheckpointError("journal cut");
      const [what, length] = head as unknown as [number, number];
      const kind = what & KIND_MASK;
      at += head.byteLength + length;
      if (kind !== KIND_RESULTS || length % ROW_BYTES !== 0 || at > this.#written) {
        throw new CheckpointError("journal damaged");
      }
      const rows = new Uint32Array(length / 4);
      if (!readFull(file, bytesOf(rows))) throw new CheckpointError("journal cut");
      yield { rows, pass: what >>> PASS_SHIFT, timeMs: times[1]! };
    }
  }

  [Symbol.dispose](): void {
    this.#file?.close();
    this.#file = undefined;
  }
}

function checkHead(head: Uint8Array, scan: string): void {
  if (!beginsAsJournal(head)) throw new CheckpointError("journal damaged");
  let line: { readonly version?: unknown; readonly scan?: unknown };
  try {
    line = JSON.parse(new TextDecoder().decode(head));
  } catch {
    throw new CheckpointError("journal damaged");
  }
  if (line.version !== JOURNAL_VERSION) throw new CheckpointError("journal of another version");
  if (line.scan !== scan) throw new CheckpointError("journal of another scan");
}

function bytesOf(words: Uint32Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(words.buffer as ArrayBuffer, words.byteOffset, words.byteLength);
}

function hashOf(words: Uint32Array, hash: number): number {
  for (let at = 0; at < words.length; at++) hash = Math.imul(hash ^ words[at]!, FNV_PRIME);
  return hash >>> 0;
}

/** Reads the first `bytes` of a file in pieces; each is valid until the next. */
function* piecesOf(file: Deno.FsFile, bytes: number): Generator<Uint32Array> {
  const words = new Uint32Array(BUFFER_WORDS);
  file.seekSync(0, Deno.SeekMode.Start);
  for (let at = 0; at < bytes; at += words.byteLength) {
    const piece = words.subarray(0, (bytes - at) / 4);
    if (!readFull(file, bytesOf(piece))) throw new CheckpointError("journal cut");
    yield piece;
  }
}

function writeFull(file: Deno.FsFile, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) at += file.writeSync(bytes.subarray(at));
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

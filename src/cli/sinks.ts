/**
 * The destinations of reports. A report that goes to a file is whole after every batch: what would have to follow is written behind
 * it each time, and overwritten by the next, so that neither a full disk nor a kill leaves it cut off. (A kill in the
 * microseconds of one write may: the kernel ends that between two pages.)
 *
 * @module
 */
import { NoReaderError } from "../../ffi/file.ts";
import { CannotScanError, UsageError } from "../base/errors.ts";
import { quote } from "../base/quote.ts";
import type { KeptOutput } from "../checkpoint/checkpoint.ts";
import { checksum } from "../checkpoint/encoding.ts";
import { Utf8Buffer } from "../report/utf8.ts";
import type { Piece } from "../report/writer.ts";
import type { FileCheck } from "./files.ts";
import { noRightTo } from "./permissions.ts";
import type { OutputFile, System } from "./system.ts";
import { isDirectory, whyNot } from "./why_not.ts";
import { stalled, StalledReader, writeAll, type WriteDeadline } from "./write_deadline.ts";

/** Standard output was closed by its reader (EPIPE). */
export class ClosedPipe extends Error {
  override readonly name = "ClosedPipe";
}

/** The written length of a destination. */
type Written = Pick<KeptOutput, "bytes" | "print">;

/** A place for text. */
export interface Sink extends Disposable {
  /**
   * Adds a piece. `tail` is what would have to follow for the whole to be valid.
   *
   * @throws {ClosedPipe} if the reader has closed it.
   * @throws {CannotScanError} if it cannot be written; what was added before is still there, and whole.
   */
  add(piece: Piece, tail: string): Promise<void>;
  /** The document so far, without its tail. */
  written(): Written;
  /** Has what was written brought to the disk. */
  sync(): Promise<void>;
  /**
   * Makes sure that the finished document is where it was to be.
   *
   * @throws {CannotScanError} if its file was removed or replaced meanwhile.
   */
  finish(): void;
  /** Removes what was made for a document that is not begun. */
  discard(): void;
}

/** A report that is continued is still the one that was written, if so many bytes before the end are. */
const FINGERPRINT_LEN = 4096;
const NEWLINE = 0x0a;
const NOTHING: Written = { bytes: 0 };

/** Standard output. `beforeWrite` is called each time that something is about to appear. */
export function stdoutSink(system: System, beforeWrite: () => void = () => {}, patience?: WriteDeadline): Sink {
  const text = new Utf8Buffer();
  return {
    async add(piece) {
      if (piece.length > 0) beforeWrite();
      try {
        await writeAll((bytes) => system.writeStdout(bytes), text.only(piece), patience);
      } catch (error) {
        if (error instanceof Deno.errors.BrokenPipe) throw new ClosedPipe();
        if (error instanceof StalledReader) throw stalled("standard output");
        throw new CannotScanError(`Cannot write to standard output: ${whyNot(error)}`);
      }
    },
    written: () => ({ bytes: null }),
    sync: () => Promise.resolve(),
    finish: () => {},
    discard: () => {},
    [Symbol.dispose]: () => {},
  };
}

/** The options of a file sink. */
interface FileSinkOptions {
  /** Told of the file once it is open; may refuse it. */
  readonly files?: FileCheck;
  /** The written length of a file that is continued. */
  readonly kept?: Written | undefined;
  readonly patience?: WriteDeadline;
}

/**
 * A file, emptied with the first text that is added. If it is resumed, it is cut off behind what `kept` says was
 * written; `null` bytes keep all that is there.
 *
 * @throws {UsageError} if there is no such place, or what was written is not there any more.
 * @throws {CannotScanError} if it may not be written, by the rights of Deno or of the system.
 */
export function fileSink(
  path: string,
  flag: string,
  system: System,
  { files, kept = NOTHING, patience }: FileSinkOptions = {},
): Sink {
  const mustExist = kept.bytes !== null && kept.bytes > 0;
  const mayWrite = (each: string) => system.isAllowed({ name: "write", path: each });
  if (!mayWrite(path) || !mayWrite(system.identify(path)?.path ?? path)) {
    throw noRightTo(`Cannot write ${quote(path)}: ${flag}`, "write");
  }
  if (!system.isAllowed({ name: "ffi" })) {
    throw new CannotScanError(
      `Cannot write ${quote(path)}: ${flag} needs the C library's functions for files. Add --allow-ffi to deno run`,
    );
  }
  if (mustExist && !system.isAllowed({ name: "read", path })) {
    throw new CannotScanError(
      `Cannot continue the report ${quote(path)}: that needs the right to read it. Add --allow-read to deno run`,
    );
  }
  let file: OutputFile | undefined;
  try {
    file = system.openOutput(path, { mustExist });
    files?.opened(path, file.id);
    return new FileSink(file, path, kept, patience);
  } catch (error) {
    file?.discard();
    file?.close();
    if (error instanceof UsageError) throw error;
    if (error instanceof NoReaderError) {
      throw new CannotScanError(
        `Cannot write ${quote(path)} for ${flag}: no process reads ${quote(path)}. Start one first`,
      );
    }
    const message = `Cannot write ${quote(path)} for ${flag}: ${whyNot(error)}. Name another file`;
    if (error instanceof Deno.errors.NotFound || isDirectory(error)) throw new UsageError(message);
    throw new CannotScanError(message);
  }
}

class FileSink implements Sink {
  readonly #file: OutputFile;
  readonly #text = new Utf8Buffer();
  readonly #path: string;
  readonly #deadline: WriteDeadline | undefined;
  /** Bytes of the document so far, without its tail. */
  #wholeLen: number;
  #fileLen = Infinity;
  #tail: Uint8Array<ArrayBuffer> = new Uint8Array();
  /** The last bytes of the document. */
  #last: Uint8Array = new Uint8Array();

  constructor(file: OutputFile, path: string, { bytes, print }: Written, patience: WriteDeadline | undefined) {
    this.#file = file;
    this.#path = path;
    this.#deadline = patience;
    this.#wholeLen = bytes ?? file.openedLen;
    if (bytes === null || bytes === 0) return;
    const refuse = (why: string) =>
      new UsageError(`Cannot continue the report ${quote(path)}: ${why}. Start the scan again, with another file`);
    if (!file.seekable) throw refuse("it is no file any more");
    if (file.openedLen < bytes) throw refuse("there is less in it than was written");
    this.#last = file.readAt(Math.max(0, bytes - FINGERPRINT_LEN), Math.min(bytes, FINGERPRINT_LEN));
    // What follows may be anything: a scan that was killed has written on.
    if (print !== undefined && checksum(this.#last) !== print) throw refuse("it is not what the scan has written");
  }

  written(): Written {
    if (!this.#file.seekable) return { bytes: null };
    return { bytes: this.#wholeLen, ...(this.#last.length === 0 ? {} : { print: checksum(this.#last) }) };
  }

  discard(): void {
    this.#file.discard();
  }

  finish(): void {
    if (!this.#file.seekable || this.#file.isInPlace()) return;
    throw new CannotScanError(
      `Cannot complete ${quote(this.#path)}: it was removed or replaced while it was written. Its report is lost`,
    );
  }

  async sync(): Promise<void> {
    if (this.#file.seekable) await this.#file.sync();
  }

  async add(piece: Piece, tail: string): Promise<void> {
    try {
      if (!this.#file.seekable) {
        await writeAll((bytes) => this.#file.write(bytes), this.#text.only(piece), this.#deadline);
        return;
      }
      this.#wholeLen += await this.#put(piece, tail);
    } catch (error) {
      if (error instanceof StalledReader) throw stalled(quote(this.#path));
      await this.#restore();
      const what = `Cannot write to ${quote(this.#path)}`;
      if (error instanceof Deno.errors.BrokenPipe) {
        throw new CannotScanError(`${what}: the process that read it has closed it. Its report is incomplete`);
      }
      const kept = this.#file.seekable ? ". What had been written before is kept, and whole" : "";
      throw new CannotScanError(`${what}: ${whyNot(error)}${kept}`);
    }
  }

  [Symbol.dispose](): void {
    this.#file.close();
  }

  /** Writes a piece and the tail together, and returns the number of bytes of the piece. */
  async #put(piece: Piece, tail: string): Promise<number> {
    const text = this.#text;
    text.clear();
    text.add(piece);
    const pieceLen = text.bytes.length;
    text.add(tail);
    let bytes = text.bytes;
    const newLen = bytes.length;
    const [textBytes, tailBytes] = [bytes.subarray(0, pieceLen), bytes.subarray(pieceLen)];
    // A tail alone that becomes shorter is filled up with empty lines, which mean nothing behind any document: to cut it off
    // would be a second step, and a kill might come between.
    if (textBytes.length === 0 && this.#fileLen !== Infinity && newLen < this.#fileLen - this.#wholeLen) {
      bytes = new Uint8Array(this.#fileLen - this.#wholeLen).fill(NEWLINE, newLen);
      bytes.set(tailBytes);
    }
    this.#file.seek(this.#wholeLen);
    if (this.#fileLen === Infinity) this.#file.truncate(this.#wholeLen);
    await writeAll((piece) => this.#file.write(piece), bytes);
    const end = this.#wholeLen + bytes.length;
    if (this.#fileLen !== Infinity && end < this.#fileLen) this.#file.truncate(end);
    this.#fileLen = end;
    this.#last = lastOf(this.#last, textBytes);
    this.#tail = tailBytes.slice();
    return textBytes.length;
  }

  /** Cuts off what was written in part; the room that frees is enough for the tail that stood there. */
  async #restore(): Promise<void> {
    if (!this.#file.seekable) return;
    try {
      this.#file.truncate(this.#wholeLen);
      this.#file.seek(this.#wholeLen);
      await writeAll((piece) => this.#file.write(piece), this.#tail);
    } catch {
      return;
    }
  }
}

/** The last bytes of two pieces. */
function lastOf(one: Uint8Array, other: Uint8Array): Uint8Array {
  if (other.length >= FINGERPRINT_LEN) return other.slice(-FINGERPRINT_LEN);
  const kept = one.subarray(Math.max(0, one.length + other.length - FINGERPRINT_LEN));
  const last = new Uint8Array(kept.length + other.length);
  last.set(kept);
  last.set(other, kept.length);
  return last;
}

/**
 * The destinations of reports. A report that goes to a file is whole after every batch: what would have to follow is written behind
 * it each time, and overwritten by the next, so that neither a full disk nor a kill leaves it cut off. (A kill in the
 * microseconds of one write may: the kernel ends that between two pages.)
 *
 * @module
 */
import { setColorEnabled } from "@std/fmt/colors";
import type { KeptOutput } from "../checkpoint/checkpoint.ts";
import { NoReaderError } from "../../ffi/file.ts";
import { fingerprint, FINGERPRINT_LEN } from "../checkpoint/fingerprint.ts";
import { CannotScanError, UsageError } from "../base/errors.ts";
import type { ResultList } from "../result/port_result.ts";
import type { Progress, Summary } from "../result/summary.ts";
import type { ScanChanges } from "../report/changes.ts";
import { remarksOn } from "../report/closing.ts";
import type { HostAggregator } from "../report/host_aggregator.ts";
import { Utf8Buffer } from "../report/utf8.ts";
import type { Piece, ScanHead, Writer } from "../report/writer.ts";
import { quote } from "../base/quote.ts";
import type { CommandLine, Output } from "./args/command_line.ts";
import type { FileCheck } from "./files.ts";
import { noRightTo } from "./permissions.ts";
import type { OutputFile, System } from "./system.ts";

/** Standard output was closed by its reader (EPIPE). */
export class ClosedPipe extends Error {
  override readonly name = "ClosedPipe";
}

/** The written length of a destination. */
export type Written = Pick<KeptOutput, "bytes" | "print">;

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

/** True where the table on standard output has colour. */
export function isColored({ color }: CommandLine, { stdoutIsTerminal, colorAllowed }: System): boolean {
  const isColored = color === "always" || color === "auto" && stdoutIsTerminal && colorAllowed;
  // The package starts with colour off if NO_COLOR is set, which --color always overrides.
  if (isColored) setColorEnabled(true);
  return isColored;
}

/** Columns that lines on standard output are broken for; undefined where it is no terminal. */
export function lineWidth(system: System): number | undefined {
  const columns = system.stdoutIsTerminal ? system.columns() : 0;
  return columns > 0 ? columns - 1 : undefined;
}

/** Returns the warnings of a scan that -q moves to standard error. The summary in JSON has them already. */
export function remarksOnStderr(line: CommandLine, summary: Summary): string[] {
  const { format } = outputsOf(line).find(({ path }) => path === "-")!;
  return line.quiet && format !== "json" ? remarksOn(summary) : [];
}

/** Returns the requested reports; the table goes to standard output unless another report does. */
export function outputsOf({ outputs }: CommandLine): readonly Output[] {
  return outputs.some(({ path }) => path === "-") ? outputs : [{ format: "table", path: "-", flag: "" }, ...outputs];
}

/** The longest wait for a pipe that is full; the first waits are shorter. */
const RETRY_MS = 5;
/** Characters of a document's end that are written together: most documents are replaced by their last state in one step. */
const END_PIECE = 1 << 20;
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
export interface FileSinkOptions {
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
    const message = `Cannot write ${quote(path)} for ${flag}: ${whyNot(error)}`;
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
    if (print !== undefined && fingerprint(this.#last) !== print) throw refuse("it is not what the scan has written");
  }

  written(): Written {
    if (!this.#file.seekable) return { bytes: null };
    return { bytes: this.#wholeLen, ...(this.#last.length === 0 ? {} : { print: fingerprint(this.#last) }) };
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
  return Uint8Array.of(...one, ...other).slice(-FINGERPRINT_LEN);
}

async function writeAll(
  write: (bytes: Uint8Array<ArrayBuffer>) => Promise<number>,
  bytes: Uint8Array<ArrayBuffer>,
  patience?: WriteDeadline,
): Promise<void> {
  let waits = 0;
  for (let at = 0; at < bytes.length;) {
    try {
      const writing = write(bytes.subarray(at));
      at += await (patience?.bound(writing) ?? writing);
      waits = 0;
    } catch (error) {
      // A pipe that is full, and non-blocking: ours, or another process shares it.
      if (!(error instanceof Deno.errors.WouldBlock)) throw error;
      const retry = new Promise<void>((resolve) => setTimeout(resolve, Math.min(waits++, RETRY_MS)));
      await (patience?.bound(retry, false) ?? retry);
    }
  }
}

/** Thrown where a reader does not read, and the wait for it is over. */
export class StalledReader extends Error {
  override readonly name = "StalledReader";
}

/** The wait for readers that do not read: without end, until it is limited. */
export class WriteDeadline implements Disposable {
  /** Ends the waits that are under way. */
  readonly #waits = new Set<() => void>();
  #progressedAtMs = 0;
  #timer: ReturnType<typeof setInterval> | undefined;
  #isOver = false;

  /** Passes a promise on; rejects instead once the wait is over. `isProgress` tells that something is written with it. */
  bound<T>(promise: Promise<T>, isProgress = true): Promise<T> {
    // Not by Promise.race with a promise that lives long: each call would leave a reaction on that.
    return new Promise<T>((resolve, reject) => {
      const end = () => reject(new StalledReader());
      if (this.#isOver) return end();
      this.#waits.add(end);
      promise.then((value) => {
        if (isProgress) this.#progressedAtMs = performance.now();
        resolve(value);
      }, reject).finally(() => this.#waits.delete(end));
    });
  }

  /** Ends the wait as soon as nothing has been written for `spanMs`. */
  limit(spanMs: number): void {
    this.#progressedAtMs = performance.now();
    this.#timer ??= setInterval(() => {
      if (performance.now() - this.#progressedAtMs < spanMs) return;
      if (this.#waits.size === 0) return;
      this.#isOver = true;
      for (const end of this.#waits) end();
    }, spanMs / 4);
  }

  [Symbol.dispose](): void {
    // Only a timer that there is: the first use of any loads Node's timers, which takes 11 ms.
    if (this.#timer !== undefined) clearInterval(this.#timer);
  }
}

/** A {@linkcode StalledReader} in the user's words. */
function stalled(place: string): StalledReader {
  return new StalledReader(
    `Cannot write to ${place}: the process that reads it takes nothing. Its report is incomplete`,
  );
}

function isDirectory(error: unknown): boolean {
  return error instanceof Deno.errors.IsADirectory || error instanceof Deno.errors.NotADirectory;
}

/** Returns the reason of a system error in a few words. */
export function whyNot(error: unknown): string {
  if (error instanceof Deno.errors.NotFound) return "no such file or directory";
  if (error instanceof Deno.errors.PermissionDenied) {
    return /^permission denied to /.test(error.message) ? error.message : "permission denied";
  }
  if (error instanceof Deno.errors.IsADirectory) return "it is a directory";
  if (error instanceof Deno.errors.NotADirectory) return "a part of its path is no directory";
  if (error instanceof Deno.errors.InvalidData) return "it is not text in UTF-8";
  const message = error instanceof Error ? error.message : String(error);
  const system = /^(.*?) \(os error \d+\)/.exec(message)?.[1] ?? message.split("\n")[0] ?? "";
  return system.charAt(0).toLowerCase() + system.slice(1);
}

/** Formats that give nothing of a host before its last port is known. */
const LATE_FORMATS: ReadonlySet<string> = new Set(["xml", "normal", "grepable"]);

/** One format, being written to one place. */
export class Report implements Disposable {
  readonly #writer: Writer;
  readonly #sink: Sink;
  readonly #output: Pick<KeptOutput, "format" | "path">;
  readonly #kept: KeptOutput | undefined;
  readonly #another: (book: HostAggregator) => Writer;
  #head: ScanHead | undefined;

  /** `another` makes another writer of its kind. With `kept`, the report was begun before. */
  constructor(
    output: Pick<KeptOutput, "format" | "path">,
    { writer, another }: { readonly writer: Writer; readonly another: (book: HostAggregator) => Writer },
    sink: Sink,
    kept?: KeptOutput,
  ) {
    this.#another = another;
    this.#output = { format: output.format, path: output.path };
    this.#writer = writer;
    this.#sink = sink;
    this.#kept = kept;
  }

  /** Opens the document, or resumes one. */
  async start(head: ScanHead): Promise<void> {
    this.#head = head;
    const text = this.#writer.start(head);
    await this.#sink.add(this.#kept === undefined ? text : "", this.#tail());
  }

  /** Adds results of the scan before it was resumed. A report that was begun then has their text already. */
  async replay(batch: ResultList, timeMs: number): Promise<void> {
    if (this.#kept === undefined) await this.results(batch, timeMs);
    else this.#writer.results(batch, timeMs);
  }

  /** True where the name of a host stands beside each of its ports. */
  get hasHostnames(): boolean {
    return this.#output.format === "csv";
  }

  /** True where results come to it only at its end, and what it holds meanwhile can be replaced. */
  get isLate(): boolean {
    return LATE_FORMATS.has(this.#output.format) && this.#sink.written().bytes !== null;
  }

  /** Returns the rest of the document if the scan ended now, in pieces. `book` is a copy of its aggregator. */
  ending(book: HostAggregator, summary: Summary, nowMs: number): Iterable<string> {
    const writer = this.#another(book);
    if (this.#head !== undefined) writer.start(this.#head);
    return writer.end(summary, nowMs);
  }

  /** Puts an ending behind it, for as long as it has none of its own. */
  async endFor(now: string): Promise<void> {
    await this.#sink.add("", now);
  }

  /** Returns its written length. */
  keep(): KeptOutput {
    return { ...this.#output, ...this.#sink.written() };
  }

  /** Has what was written brought to the disk. */
  sync(): Promise<void> {
    return this.#sink.sync();
  }

  #tail(): string {
    return this.#writer.tail?.() ?? "";
  }

  /** Adds results. */
  async results(batch: ResultList, nowMs: number): Promise<void> {
    const piece = this.#writer.results(batch, nowMs);
    if (piece.length > 0) await this.#sink.add(piece, this.#tail());
  }

  /** Writes the progress of the scan, if the format has a record for it. */
  async progress(progress: Progress): Promise<void> {
    const text = this.#writer.progress?.(progress) ?? "";
    if (text !== "") await this.#sink.add(text, this.#tail());
  }

  /** True if the format can show the changes since an earlier scan. */
  get wantsChanges(): boolean {
    return this.#writer.compared !== undefined;
  }

  /** Accepts the changes since an earlier scan; call this before the report ends. */
  compared(changes: ScanChanges): void {
    this.#writer.compared?.(changes);
  }

  /** Closes the document. */
  async end(summary: Summary, endedAtMs: number): Promise<void> {
    let text = "";
    for (const piece of this.#writer.end(summary, endedAtMs)) {
      text += piece;
      if (text.length < END_PIECE) continue;
      await this.#sink.add(text, this.#tail());
      text = "";
    }
    if (text !== "") await this.#sink.add(text, this.#tail());
    this.#sink.finish();
  }

  /** Leaves nothing behind of a document that was not begun. */
  discard(): void {
    this.#sink.discard();
  }

  [Symbol.dispose](): void {
    this.#sink[Symbol.dispose]();
  }
}

/**
 * Where reports go. A report that goes to a file is whole after every batch: what would have to follow is written behind
 * it each time, and overwritten by the next, so that neither a full disk nor a kill leaves it cut off.
 *
 * @module
 */
import type { KeptOutput } from "../checkpoint/checkpoint.ts";
import { CannotScanError, UsageError } from "../errors.ts";
import type { PortResult, Progress, Summary } from "../result.ts";
import type { Memory, ScanHead, Writer } from "../report/writer.ts";
import { quote } from "../targets/quote.ts";
import type { OutputFile, World } from "./world.ts";

/** Whoever read standard output hung up. */
export class ClosedPipe extends Error {
  override readonly name = "ClosedPipe";
}

/** A place for text. */
export interface Sink extends Disposable {
  /**
   * Adds text. `tail` is what would have to follow for the whole to be valid.
   *
   * @throws {ClosedPipe} if nobody reads any more.
   * @throws {CannotScanError} if it cannot be written; what was added before is still there, and whole.
   */
  add(text: string, tail: string): Promise<void>;
  /** Octets of the document so far, without its tail; `null` where what was written cannot be cut off again. */
  readonly wholeLen: number | null;
  /** Has what was written brought to the disk. */
  sync(): Promise<void>;
}

const encoder = new TextEncoder();
const RETRY_MS = 5;

/** Standard output. `beforeWrite` is called each time that something is about to appear. */
export function stdoutSink(world: World, beforeWrite: () => void = () => {}): Sink {
  return {
    async add(text) {
      if (text !== "") beforeWrite();
      try {
        await writeAll((bytes) => world.writeStdout(bytes), encoder.encode(text));
      } catch (error) {
        if (error instanceof Deno.errors.BrokenPipe) throw new ClosedPipe();
        throw new CannotScanError(`Cannot write to standard output: ${whyNot(error)}`);
      }
    },
    wholeLen: null,
    sync: () => Promise.resolve(),
    [Symbol.dispose]: () => {},
  };
}

/**
 * A file, emptied with the first text that is added. Where `keptLen` octets of it are to be gone on with, it is cut off behind
 * them instead; `null` keeps all that is there.
 *
 * @throws {UsageError} if there is no such place.
 * @throws {CannotScanError} if it may not be written, by the rights of Deno or of the system.
 */
export function fileSink(path: string, flag: string, world: World, keptLen: number | null = 0): Sink {
  if (!world.isAllowed({ name: "write", path })) {
    throw new CannotScanError(
      `Cannot write ${quote(path)}: ${flag} needs the right to write files. Add --allow-write to deno run`,
    );
  }
  try {
    const file = world.openOutput(path, { mustExist: keptLen !== null && keptLen > 0 });
    if (keptLen === null || !file.seekable || file.openedLen >= keptLen) {
      return new FileSink(file, path, keptLen ?? file.openedLen);
    }
    file.close();
    throw new UsageError(`Cannot go on with ${quote(path)}: there is less in it than was written. Begin the scan anew`);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const message = `Cannot write ${quote(path)} for ${flag}: ${whyNot(error)}`;
    if (error instanceof Deno.errors.NotFound || isDirectory(error)) throw new UsageError(message);
    throw new CannotScanError(message);
  }
}

class FileSink implements Sink {
  readonly #file: OutputFile;
  readonly #path: string;
  /** Octets of the document so far, without its tail. */
  #wholeLen: number;
  #fileLen = Infinity;
  #tail: Uint8Array = new Uint8Array();

  constructor(file: OutputFile, path: string, keptLen: number) {
    this.#file = file;
    this.#path = path;
    this.#wholeLen = keptLen;
  }

  get wholeLen(): number | null {
    return this.#file.seekable ? this.#wholeLen : null;
  }

  async sync(): Promise<void> {
    if (this.#file.seekable) await this.#file.sync();
  }

  async add(text: string, tail: string): Promise<void> {
    const bytes = encoder.encode(text);
    try {
      if (!this.#file.seekable) {
        await writeAll((piece) => this.#file.write(piece), bytes);
        return;
      }
      const tailBytes = encoder.encode(tail);
      await this.#put(bytes, tailBytes);
      this.#wholeLen += bytes.length;
      this.#tail = tailBytes;
    } catch (error) {
      await this.#restore();
      if (error instanceof Deno.errors.BrokenPipe) throw new ClosedPipe();
      throw new CannotScanError(
        `Cannot write to ${quote(this.#path)}: ${whyNot(error)}. What had been written before is kept, and whole`,
      );
    }
  }

  [Symbol.dispose](): void {
    this.#file.close();
  }

  async #put(text: Uint8Array, tail: Uint8Array): Promise<void> {
    const bytes = new Uint8Array(text.length + tail.length);
    bytes.set(text);
    bytes.set(tail, text.length);
    this.#file.seek(this.#wholeLen);
    if (this.#fileLen === Infinity) this.#file.truncate(this.#wholeLen);
    await writeAll((piece) => this.#file.write(piece), bytes);
    const end = this.#wholeLen + bytes.length;
    if (this.#fileLen !== Infinity && end < this.#fileLen) this.#file.truncate(end);
    this.#fileLen = end;
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

async function writeAll(write: (bytes: Uint8Array) => Promise<number>, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) {
    try {
      at += await write(bytes.subarray(at));
    } catch (error) {
      // Whoever shares the pipe has made it non-blocking.
      if (!(error instanceof Deno.errors.WouldBlock)) throw error;
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
}

function isDirectory(error: unknown): boolean {
  return error instanceof Deno.errors.IsADirectory || error instanceof Deno.errors.NotADirectory;
}

/** Why the system refused, in a few words. */
export function whyNot(error: unknown): string {
  if (error instanceof Deno.errors.NotFound) return "no such file or directory";
  if (error instanceof Deno.errors.PermissionDenied) return "permission denied";
  if (error instanceof Deno.errors.IsADirectory) return "it is a directory";
  if (error instanceof Deno.errors.NotADirectory) return "a part of its path is no directory";
  if (error instanceof Deno.errors.InvalidData) return "it is not text in UTF-8";
  const message = error instanceof Error ? error.message : String(error);
  const system = /^(.*?) \(os error \d+\)/.exec(message)?.[1] ?? message.split("\n")[0] ?? "";
  return system.charAt(0).toLowerCase() + system.slice(1);
}

/** One format, being written to one place. */
export class Report implements Disposable {
  readonly #writer: Writer;
  readonly #sink: Sink;
  readonly #output: Pick<KeptOutput, "format" | "path">;
  readonly #kept: KeptOutput | undefined;

  /** With `kept`, it is one that was begun before. */
  constructor(output: Pick<KeptOutput, "format" | "path">, writer: Writer, sink: Sink, kept?: KeptOutput) {
    this.#output = { format: output.format, path: output.path };
    this.#writer = writer;
    this.#sink = sink;
    this.#kept = kept;
  }

  /** Opens the document, or goes on with one. */
  async start(head: ScanHead): Promise<void> {
    const text = this.#writer.start(head);
    if (this.#kept?.memory) this.#writer.recall?.(this.#kept.memory as Memory);
    await this.#sink.add(this.#kept === undefined ? text : "", this.#writer.tail());
  }

  /** How far it is written. */
  keep(): KeptOutput {
    return { ...this.#output, octets: this.#sink.wholeLen, memory: this.#writer.remember?.() ?? null };
  }

  /** Has what was written brought to the disk. */
  sync(): Promise<void> {
    return this.#sink.sync();
  }

  /** Adds results. */
  async results(batch: readonly PortResult[], nowMs: number): Promise<void> {
    const text = this.#writer.results(batch, nowMs);
    if (text !== "") await this.#sink.add(text, this.#writer.tail());
  }

  /** Says where the scan stands, where the format has a place for it. */
  async progress(progress: Progress): Promise<void> {
    const text = this.#writer.progress?.(progress) ?? "";
    if (text !== "") await this.#sink.add(text, this.#writer.tail());
  }

  /** Closes the document. */
  async end(summary: Summary, endedAtMs: number): Promise<void> {
    for (const text of this.#writer.end(summary, endedAtMs)) await this.#sink.add(text, this.#writer.tail());
  }

  [Symbol.dispose](): void {
    this.#sink[Symbol.dispose]();
  }
}

/**
 * The encoding of checkpoints and journals: a line of 72 bytes, and records behind it, all numbers little-endian.
 *
 * ```text
 * {"synscan":"journal","version":10,"scan":"<16 hexadecimal digits>"}   padded with spaces, ends with a line feed
 * checksum u32, kind u16, pass u16, words of the body u32, 0 u32, time f64 (milliseconds since 1970), body
 * ```
 *
 * A body is padded to a multiple of two words of 32 bits. The checksum is of the first line and of the record behind the checksum.
 *
 * @module
 */
import { CheckpointError, type CheckpointTrouble } from "./error.ts";

/** The version of both files written here. One more whenever programs of two versions could not read one of them alike. */
export const VERSION = 10;
/** Length of the first line in bytes. */
export const HEAD_LEN = 72;
/** Length of a record without its body, in 32-bit words. */
const RECORD_WORDS = 6;
const KIND_MASK = 0xffff;
const PASS_SHIFT = 16;
/** The index of the time among the doubles of a record. */
const TIME = 2;
const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/** The two kinds of files. */
type FileKind = "checkpoint" | "journal";

/** One record of a file. */
export interface FileRecord {
  readonly kind: number;
  /** The number of the pass that it is about. */
  readonly pass: number;
  readonly timeMs: number;
  readonly body: Uint32Array<ArrayBuffer>;
}

/** Returns FNV-1a of 32 bits over bytes or words. It reveals damage, not forgery. */
export function checksum(values: Uint8Array | Uint32Array, hash: number = FNV_OFFSET): number {
  for (let at = 0; at < values.length; at++) hash = Math.imul(hash ^ values[at]!, FNV_PRIME);
  return hash >>> 0;
}

/** Returns the bytes of words. */
export function bytesOf(words: Uint32Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  return new Uint8Array(words.buffer, words.byteOffset, words.byteLength);
}

function beginningOf(kind: FileKind): string {
  return `{"synscan":"${kind}"`;
}

/** Returns the first line of a file. */
export function headOf(kind: FileKind, scan: string): Uint8Array<ArrayBuffer> {
  const line = `${beginningOf(kind)},"version":${VERSION},"scan":"${scan}"}`;
  return new TextEncoder().encode(line.padEnd(HEAD_LEN - 1) + "\n");
}

/** Returns true if a file of this kind begins with these bytes. */
export function beginsAs(kind: FileKind, bytes: Uint8Array): boolean {
  return new TextDecoder().decode(bytes).startsWith(beginningOf(kind));
}

/**
 * Reads a first line, and returns the key of its scan.
 *
 * @throws {CheckpointError} If it is cut, or of another kind or version.
 */
export function readHead(kind: FileKind, bytes: Uint8Array): string {
  if (bytes.length === 0) throw new CheckpointError("empty");
  const text = new TextDecoder().decode(bytes.subarray(0, HEAD_LEN));
  const beginning = beginningOf(kind);
  if (!text.startsWith(beginning)) throw new CheckpointError(beginning.startsWith(text) ? "damaged" : "foreign");
  const version = /^,"version":(\d+)[,}]/.exec(text.slice(beginning.length))?.[1];
  if (version === undefined) throw new CheckpointError("damaged");
  if (Number(version) !== VERSION) throw new CheckpointError(Number(version) > VERSION ? "newer" : "older");
  const scan = /"scan":"([\da-f]+)"/.exec(text)?.[1];
  if (scan === undefined || bytes.length < HEAD_LEN) throw new CheckpointError("damaged");
  return scan;
}

/** Returns the number of 32-bit words of a record with a body of this length. */
export function recordWords(bodyLength: number): number {
  return RECORD_WORDS + bodyLength + bodyLength % 2;
}

/** Writes a record into words at an even index; returns the index behind it. `seed` is the checksum of the first line. */
export function writeRecord(words: Uint32Array<ArrayBuffer>, at: number, record: FileRecord, seed: number): number {
  const { kind, pass, timeMs, body } = record;
  const end = at + recordWords(body.length);
  words[end - 1] = 0;
  words[at + 1] = kind | pass << PASS_SHIFT;
  words[at + 2] = body.length;
  words[at + 3] = 0;
  new Float64Array(words.buffer)[at / 2 + TIME] = timeMs;
  words.set(body, at + RECORD_WORDS);
  words[at] = checksum(words.subarray(at + 1, end), seed);
  return end;
}

/**
 * Reads the records that follow the first line of a file. `read` fills an array with its next bytes, or returns false.
 *
 * @throws {CheckpointError} With `trouble`, if they are damaged, or do not end after `length` bytes of the file.
 */
export function* readRecords(
  read: (bytes: Uint8Array) => boolean,
  length: number,
  seed: number,
  trouble: CheckpointTrouble,
): Generator<FileRecord> {
  const head = new Uint32Array(RECORD_WORDS);
  for (let at = HEAD_LEN; at < length;) {
    if (!read(bytesOf(head))) throw new CheckpointError(trouble);
    const [sum, what, size] = head as unknown as [number, number, number];
    at += 4 * recordWords(size);
    if (at > length) throw new CheckpointError(trouble);
    const body = new Uint32Array(recordWords(size) - RECORD_WORDS);
    const isIntact = read(bytesOf(body)) && sum === checksum(body, checksum(head.subarray(1), seed));
    if (!isIntact) throw new CheckpointError(trouble);
    const timeMs = new Float64Array(head.buffer)[TIME]!;
    yield { kind: what & KIND_MASK, pass: what >>> PASS_SHIFT, timeMs, body: body.subarray(0, size) };
  }
}

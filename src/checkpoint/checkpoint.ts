/**
 * The content of a checkpoint: the scan's identity, the work that is left of it, and the length of its journal and of each report.
 *
 * @module
 */
import { hasShape, isObject, isText, isWhole, orMissing, orNull, type Shape } from "../base/shape.ts";
import { bytesOf, checksum, HEAD_LEN, headOf, readHead, readRecords, recordWords, writeRecord } from "./encoding.ts";
import { CheckpointError } from "./error.ts";
import type { JournalState } from "./journal.ts";

/** One report, as far as it was written. */
export interface KeptOutput {
  readonly format: string;
  /** `-` is standard output. */
  readonly path: string;
  /** Bytes of the report without its tail; `null` if what was written cannot be cut off. */
  readonly bytes: number | null;
  /** The checksum of the last of those bytes; missing if there are none. */
  readonly print?: number;
  /** The number of the scan in the history; missing for reports. */
  readonly scan?: number;
}

/** A scan at one moment. */
export interface Checkpoint {
  /** synscan's version; missing in checkpoints of earlier ones. */
  readonly version?: string;
  /** The command line, as typed. */
  readonly args: readonly string[];
  /** Every flag that is in effect, typed or configured: its long name, its spelling, its value. */
  readonly given: readonly { readonly name: string; readonly spelling: string; readonly value: string }[];
  /** The targets, typed or entered at the prompt, without those in files. */
  readonly operands: readonly string[];
  /** The address to send from, if one was named. */
  readonly sourceIp: string | null;
  /** The directory that relative paths begin in; `null` if it was not known. */
  readonly folder: string | null;
  /** When the scan began, in milliseconds since 1970. */
  readonly startedAtMs: number;
  /** The scan technique; `null` before it was chosen. */
  readonly technique: string | null;
  /** The work that is left; `null` if the scan had not begun. */
  readonly rest: unknown;
  /** The journal of the results that the reports were given. */
  readonly journal: JournalState;
  readonly outputs: readonly KeptOutput[];
}

/** Shorter lists stay readable. */
const PACKED_FROM = 64;
const SPACE = 0x20;

/** Encodes a checkpoint as a file of one record, which is JSON. A list of 32-bit numbers may be `{"u32":base64}`. */
export function writeCheckpoint(checkpoint: Checkpoint): Uint8Array<ArrayBuffer> {
  const head = headOf("checkpoint", checkpoint.journal.scan);
  const text = new TextEncoder().encode(JSON.stringify(checkpoint, packed));
  const body = new Uint32Array(Math.ceil(text.length / 4));
  bytesOf(body).fill(SPACE);
  bytesOf(body).set(text);
  const words = new Uint32Array(HEAD_LEN / 4 + recordWords(body.length));
  bytesOf(words).set(head);
  writeRecord(words, HEAD_LEN / 4, { kind: 0, pass: 0, timeMs: 0, body }, checksum(head));
  return bytesOf(words);
}

/**
 * Decodes a checkpoint.
 *
 * @throws {CheckpointError} If the bytes are not one.
 */
export function readCheckpoint(bytes: Uint8Array): Checkpoint {
  readHead("checkpoint", bytes);
  let at = HEAD_LEN;
  const read = (part: Uint8Array) => {
    if (at + part.length > bytes.length) return false;
    part.set(bytes.subarray(at, at += part.length));
    return true;
  };
  const seed = checksum(bytes.subarray(0, HEAD_LEN));
  const [record] = [...readRecords(read, bytes.length, seed, "damaged")];
  const value: unknown = record && JSON.parse(new TextDecoder().decode(bytesOf(record.body)), unpacked);
  if (!hasShape(value, CHECKPOINT)) throw new CheckpointError("damaged");
  return value as Checkpoint;
}

// Probes in flight may be millions of numbers: as base64 they are written in a tenth of the time.
function packed(_: string, value: unknown): unknown {
  const isLong = Array.isArray(value) && value.length > PACKED_FROM && value.every((item) => item >>> 0 === item);
  return isLong ? { u32: new Uint8Array(Uint32Array.from(value).buffer).toBase64() } : value;
}

function unpacked(_: string, value: unknown): unknown {
  if (!isObject(value) || !isText(value["u32"])) return value;
  return [...new Uint32Array(Uint8Array.fromBase64(String(value["u32"])).buffer)];
}

const CHECKPOINT: Readonly<Record<keyof Checkpoint, Shape>> = {
  version: orMissing(isText),
  args: [isText],
  given: [{ name: isText, spelling: isText, value: isText }],
  operands: [isText],
  sourceIp: orNull(isText),
  folder: orNull(isText),
  startedAtMs: Number.isFinite,
  technique: orNull(isText),
  rest: orNull(isObject),
  journal: { scan: isText, bytes: isWhole },
  outputs: [
    { format: isText, path: isText, bytes: orNull(isWhole), print: orMissing(isWhole), scan: orMissing(isWhole) },
  ],
};

/**
 * A checkpoint as bytes. Two lines, and columns of numbers behind them:
 *
 * ```text
 * {"synscan":"checkpoint","version":5,"bytes":N,"sha256":"..."}    of the N bytes that follow
 * {...}                                                            the values; a column stands as {"column":length}
 * the columns, one after the other, as 32-bit numbers, little-endian
 * ```
 *
 * @module
 */
import { CheckpointError } from "./error.ts";

/** Values that can be encoded: those of JSON, and columns of 32-bit numbers. */
export type Kept =
  | string
  | number
  | boolean
  | null
  | Uint32Array
  | readonly Kept[]
  | { readonly [name: string]: Kept };

/** The version written here. One more whenever an older program could not read it. */
export const VERSION = 5;
const NEWLINE = 0x0a;
/** The first line is shorter than this. */
const FIRST_LINE_MAX = 256;
const BEGINNING = '{"synscan":"checkpoint"';

/** Encodes values. They may be changed as soon as this was called. */
export async function encode(value: Kept): Promise<Uint8Array<ArrayBuffer>> {
  const body = encodeBody(value);
  const first = { synscan: "checkpoint", version: VERSION, bytes: body.length, sha256: await hashOf(body) };
  const line = new TextEncoder().encode(`${JSON.stringify(first)}\n`);
  const bytes = new Uint8Array(line.length + body.length);
  bytes.set(line);
  bytes.set(body, line.length);
  return bytes;
}

function encodeBody(value: Kept): Uint8Array<ArrayBuffer> {
  const columns: Uint32Array[] = [];
  const json = JSON.stringify(value, (_, part: Kept) => {
    if (!(part instanceof Uint32Array)) return part;
    columns.push(part);
    return { column: part.length };
  });
  const text = new TextEncoder().encode(`${json}\n`);
  const body = new Uint8Array(text.length + columns.reduce((sum, { byteLength }) => sum + byteLength, 0));
  body.set(text);
  let at = text.length;
  for (const { buffer, byteOffset, byteLength } of columns) {
    body.set(new Uint8Array(buffer, byteOffset, byteLength), at);
    at += byteLength;
  }
  return body;
}

/**
 * Decodes values.
 *
 * @throws {CheckpointError} If the bytes are not what {@linkcode encode} has made.
 */
export async function decode(bytes: Uint8Array<ArrayBuffer>): Promise<Kept> {
  if (bytes.length === 0) throw new CheckpointError("empty");
  const first = readFirstLine(bytes);
  const body = bytes.subarray(first.length);
  if (body.length !== first.bytes || await hashOf(body) !== first.sha256) throw new CheckpointError("damaged");
  const textLen = body.indexOf(NEWLINE);
  let at = textLen + 1;
  return JSON.parse(new TextDecoder().decode(body.subarray(0, textLen)), (_, part: Kept) => {
    const length = columnLength(part);
    if (length === undefined) return part;
    const end = at + 4 * length;
    // A copy, so that every column is aligned.
    const column = new Uint32Array(body.slice(at, end).buffer);
    at = end;
    return column;
  });
}

interface FirstLine {
  readonly bytes: number;
  readonly sha256: string;
  /** Of the line itself. */
  readonly length: number;
}

function readFirstLine(bytes: Uint8Array): FirstLine {
  const end = bytes.subarray(0, FIRST_LINE_MAX).indexOf(NEWLINE);
  const text = new TextDecoder().decode(bytes.subarray(0, end < 0 ? FIRST_LINE_MAX : end));
  if (!text.startsWith(BEGINNING)) throw new CheckpointError(BEGINNING.startsWith(text) ? "damaged" : "foreign");
  const { version, bytes: length, sha256 } = parse(text);
  if (typeof version !== "number") throw new CheckpointError("damaged");
  if (version !== VERSION) throw new CheckpointError(version > VERSION ? "newer" : "older");
  if (!Number.isSafeInteger(length) || Number(length) < 0 || typeof sha256 !== "string") {
    throw new CheckpointError("damaged");
  }
  return { bytes: Number(length), sha256, length: end + 1 };
}

function parse(text: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(text);
  } catch {
    throw new CheckpointError("damaged");
  }
}

// Not by node:crypto: loading that takes as long as starting Deno.
async function hashOf(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}

function columnLength(value: Kept): number | undefined {
  return typeof value === "object" && value !== null && "column" in value ? Number(value.column) : undefined;
}

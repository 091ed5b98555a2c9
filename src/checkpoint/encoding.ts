/**
 * A checkpoint as bytes. Two lines, and columns of numbers behind them:
 *
 * ```text
 * {"synscan":"checkpoint","version":1,"octets":N,"sha256":"..."}    of the N octets that follow
 * {...}                                                             the values; a column stands as {"column":[kind,length]}
 * the columns, one after the other, little-endian
 * ```
 *
 * @module
 */
import { CheckpointError } from "./error.ts";

/** Values that can be kept: those of JSON, and columns of numbers. */
export type Kept = string | number | boolean | null | Column | readonly Kept[] | { readonly [name: string]: Kept };
/** Many numbers. */
export type Column = Uint8Array | Uint16Array | Uint32Array | Float32Array;

/** The version written here. One more whenever an older program could not read it. */
export const VERSION = 1;
const NEWLINE = 0x0a;
/** The first line is shorter than this. */
const FIRST_LINE_MAX = 256;

const KINDS = { u8: Uint8Array, u16: Uint16Array, u32: Uint32Array, f32: Float32Array } as const;
type Kind = keyof typeof KINDS;

/** Turns values into bytes. They may be changed as soon as it was called. */
export async function encode(value: Kept): Promise<Uint8Array<ArrayBuffer>> {
  const body = encodeBody(value);
  const first = { synscan: "checkpoint", version: VERSION, octets: body.length, sha256: await hashOf(body) };
  const line = new TextEncoder().encode(`${JSON.stringify(first)}\n`);
  const bytes = new Uint8Array(line.length + body.length);
  bytes.set(line);
  bytes.set(body, line.length);
  return bytes;
}

function encodeBody(value: Kept): Uint8Array<ArrayBuffer> {
  const columns: Column[] = [];
  const json = JSON.stringify(value, (_, part: Kept) => {
    const kind = kindOf(part);
    if (kind === undefined) return part;
    columns.push(part as Column);
    return { column: [kind, (part as Column).length] };
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
 * Turns bytes back into values.
 *
 * @throws {CheckpointError} If they are not what {@linkcode encode} has made.
 */
export async function decode(bytes: Uint8Array<ArrayBuffer>): Promise<Kept> {
  if (bytes.length === 0) throw new CheckpointError("empty");
  const first = readFirstLine(bytes);
  if (first.version > VERSION) throw new CheckpointError("newer");
  const body = bytes.subarray(first.length);
  if (body.length !== first.octets || await hashOf(body) !== first.sha256) throw new CheckpointError("damaged");
  const textLen = body.indexOf(NEWLINE);
  let at = textLen + 1;
  return JSON.parse(new TextDecoder().decode(body.subarray(0, textLen)), (_, part: Kept) => {
    const stored = columnIn(part);
    if (stored === undefined) return part;
    const [kind, length] = stored;
    const end = at + length * KINDS[kind].BYTES_PER_ELEMENT;
    // A copy, so that every column begins where its kind may begin.
    const column = new KINDS[kind](body.slice(at, end).buffer);
    at = end;
    return column;
  });
}

interface FirstLine {
  readonly version: number;
  readonly octets: number;
  readonly sha256: string;
  /** Of the line itself. */
  readonly length: number;
}

function readFirstLine(bytes: Uint8Array): FirstLine {
  const end = bytes.subarray(0, FIRST_LINE_MAX).indexOf(NEWLINE);
  const begin = '{"synscan":"checkpoint"';
  const text = new TextDecoder().decode(bytes.subarray(0, end < 0 ? FIRST_LINE_MAX : end));
  if (!text.startsWith(begin)) throw new CheckpointError(begin.startsWith(text) ? "damaged" : "foreign");
  try {
    const { version, octets, sha256 } = JSON.parse(text) as Record<string, unknown>;
    if (typeof version === "number" && version > VERSION) return { version, octets: 0, sha256: "", length: 0 };
    if (typeof version === "number" && typeof octets === "number" && typeof sha256 === "string") {
      return { version, octets, sha256, length: end + 1 };
    }
  } catch {
    throw new CheckpointError("damaged");
  }
  throw new CheckpointError("damaged");
}

// Not by node:crypto: loading that takes as long as starting Deno.
async function hashOf(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}

function kindOf(value: Kept): Kind | undefined {
  for (const kind of Object.keys(KINDS) as Kind[]) if (value instanceof KINDS[kind]) return kind;
  return undefined;
}

function columnIn(value: Kept): readonly [Kind, number] | undefined {
  if (typeof value !== "object" || value === null || !("column" in value)) return undefined;
  const [kind, length] = value.column as readonly [Kind, number];
  return [kind, length];
}

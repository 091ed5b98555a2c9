/**
 * A checkpoint, or findings, as bytes. Two lines, and columns of numbers behind them:
 *
 * ```text
 * {"synscan":"checkpoint","version":3,"octets":N,"sha256":"..."}    of the N octets that follow; or "findings"
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
export const VERSION = 3;
const NEWLINE = 0x0a;
/** The first line is shorter than this. */
const FIRST_LINE_MAX = 256;

/** What bytes can be. */
export type Sort = "checkpoint" | "findings";

const KINDS = { u8: Uint8Array, u16: Uint16Array, u32: Uint32Array, f32: Float32Array } as const;
type Kind = keyof typeof KINDS;

/** Turns values into bytes. They may be changed as soon as it was called. */
export async function encode(value: Kept, sort: Sort = "checkpoint"): Promise<Uint8Array<ArrayBuffer>> {
  const body = encodeBody(value);
  const first = { synscan: sort, version: VERSION, octets: body.length, sha256: await hashOf(body) };
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
export async function decode(bytes: Uint8Array<ArrayBuffer>, sort: Sort = "checkpoint"): Promise<Kept> {
  if (bytes.length === 0) throw new CheckpointError("empty");
  const first = readFirstLine(bytes, sort);
  const body = bytes.subarray(first.length);
  if (body.length !== first.octets) throw new CheckpointError("damaged");
  return await decodeBody(body, first);
}

/**
 * Turns bytes back into all the values of which they hold one after the other.
 *
 * @throws {CheckpointError} If they are not what {@linkcode encode} has made of each.
 */
export async function decodeAll(bytes: Uint8Array<ArrayBuffer>, sort: Sort): Promise<Kept[]> {
  const values: Kept[] = [];
  for (let at = 0; at < bytes.length;) {
    const first = readFirstLine(bytes.subarray(at), sort);
    const end = at + first.length + first.octets;
    values.push(await decodeBody(bytes.subarray(at + first.length, end), first));
    at = end;
  }
  return values;
}

async function decodeBody(body: Uint8Array<ArrayBuffer>, { sha256 }: FirstLine): Promise<Kept> {
  if (await hashOf(body) !== sha256) throw new CheckpointError("damaged");
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

/** Whether bytes begin as those of a sort do. */
export function beginsAs(sort: Sort, bytes: Uint8Array): boolean {
  return new TextDecoder().decode(bytes.subarray(0, FIRST_LINE_MAX)).startsWith(beginningOf(sort));
}

function beginningOf(sort: Sort): string {
  return `{"synscan":"${sort}"`;
}

interface FirstLine {
  readonly octets: number;
  readonly sha256: string;
  /** Of the line itself. */
  readonly length: number;
}

function readFirstLine(bytes: Uint8Array, sort: Sort): FirstLine {
  const end = bytes.subarray(0, FIRST_LINE_MAX).indexOf(NEWLINE);
  const begin = beginningOf(sort);
  const text = new TextDecoder().decode(bytes.subarray(0, end < 0 ? FIRST_LINE_MAX : end));
  if (!text.startsWith(begin)) throw new CheckpointError(begin.startsWith(text) ? "damaged" : "foreign");
  const { version, octets, sha256 } = parse(text);
  if (typeof version !== "number") throw new CheckpointError("damaged");
  if (version !== VERSION) throw new CheckpointError(version > VERSION ? "newer" : "older");
  if (!Number.isSafeInteger(octets) || Number(octets) < 0 || typeof sha256 !== "string") {
    throw new CheckpointError("damaged");
  }
  return { octets: Number(octets), sha256, length: end + 1 };
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

function kindOf(value: Kept): Kind | undefined {
  for (const kind of Object.keys(KINDS) as Kind[]) if (value instanceof KINDS[kind]) return kind;
  return undefined;
}

function columnIn(value: Kept): readonly [Kind, number] | undefined {
  if (typeof value !== "object" || value === null || !("column" in value)) return undefined;
  const [kind, length] = value.column as readonly [Kind, number];
  return [kind, length];
}

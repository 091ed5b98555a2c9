/**
 * A checkpoint as bytes, in two lines:
 *
 * ```text
 * {"synscan":"checkpoint","version":7,"bytes":N,"sha256":"..."}    of the N bytes that follow
 * {...}                                                            the values; a list of 32-bit numbers may be {"u32":base64}
 * ```
 *
 * @module
 */
import { isObject, isText, isWhole } from "../base/shape.ts";
import { CheckpointError } from "./error.ts";

/** The version written here. One more whenever an older program could not read it. */
export const VERSION = 7;
const NEWLINE = 0x0a;
/** The first line is shorter than this. */
const FIRST_LINE_MAX = 256;
/** Shorter lists stay readable. */
const PACKED_FROM = 64;
const BEGINNING = '{"synscan":"checkpoint"';

/** Encodes values of JSON. They may be changed as soon as this was called. */
export async function encode(value: unknown): Promise<Uint8Array<ArrayBuffer>> {
  const body = new TextEncoder().encode(JSON.stringify(value, packed));
  const first = { synscan: "checkpoint", version: VERSION, bytes: body.length, sha256: await hashOf(body) };
  const line = new TextEncoder().encode(`${JSON.stringify(first)}\n`);
  const bytes = new Uint8Array(line.length + body.length);
  bytes.set(line);
  bytes.set(body, line.length);
  return bytes;
}

// Probes in flight may be millions of numbers: as base64 they are written in a tenth of the time.
function packed(_: string, value: unknown): unknown {
  const isLong = Array.isArray(value) && value.length > PACKED_FROM && value.every((item) => item >>> 0 === item);
  return isLong ? { u32: new Uint8Array(Uint32Array.from(value).buffer).toBase64() } : value;
}

/**
 * Decodes values.
 *
 * @throws {CheckpointError} If the bytes are not what {@linkcode encode} has made.
 */
export async function decode(bytes: Uint8Array<ArrayBuffer>): Promise<unknown> {
  if (bytes.length === 0) throw new CheckpointError("empty");
  const first = readFirstLine(bytes);
  const body = bytes.subarray(first.length);
  if (body.length !== first.bytes || await hashOf(body) !== first.sha256) throw new CheckpointError("damaged");
  return JSON.parse(
    new TextDecoder().decode(body),
    (_, value) => isObject(value) && isText(value["u32"]) ? unpacked(String(value["u32"])) : value,
  );
}

function unpacked(base64: string): number[] {
  return [...new Uint32Array(Uint8Array.fromBase64(base64).buffer)];
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
  if (!isWhole(length) || typeof sha256 !== "string") {
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

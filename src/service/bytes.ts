/**
 * Text and numbers in replies of any content.
 *
 * @module
 */

/** The bytes of a reply that are read; what follows says nothing new. */
const MAX_REPLY = 16_384;

const CHUNK = 4096;

/** Returns bytes as text of one character per byte (ISO 8859-1). */
export function latin1(bytes: Uint8Array, from = 0, to = bytes.length): string {
  const end = Math.min(to, bytes.length, from + MAX_REPLY);
  let text = "";
  for (let at = Math.max(0, from); at < end; at += CHUNK) {
    // A spread would take the bytes one by one.
    text += String.fromCharCode.apply(null, bytes.subarray(at, Math.min(end, at + CHUNK)) as unknown as number[]);
  }
  return text;
}

/** Returns the bytes of a text of characters up to U+00FF. */
export function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/** Returns the bytes of pairs of hexadecimal digits; spaces are skipped. */
export function hex(digits: string): Uint8Array<ArrayBuffer> {
  const pairs = digits.replaceAll(/\s+/g, "").match(/../g) ?? [];
  return Uint8Array.from(pairs, (pair) => parseInt(pair, 16));
}

/** Returns bytes in hexadecimal. */
export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Joins bytes. */
export function join(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

/** Returns a number as bytes, the highest first. */
export function bigEndian(value: number, length: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length }, (_, i) => Math.floor(value / 2 ** (8 * (length - 1 - i))) & 0xff);
}

/** Returns a number as bytes, the lowest first. */
export function littleEndian(value: number, length: number): Uint8Array<ArrayBuffer> {
  return bigEndian(value, length).reverse();
}

/** Returns text that a terminal can show: control characters and bytes above 0x7e as `\xNN`, at most `limit` characters. */
export function printable(text: string, limit = 256): string {
  const start = text.slice(0, limit).replaceAll(
    /[^\x20-\x7e]/g,
    (character) => ESCAPES[character] ?? `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`,
  );
  return start.slice(0, limit);
}

const ESCAPES: Readonly<Record<string, string>> = { "\r": "\\r", "\n": "\\n", "\t": "\\t", "\0": "\\0" };

/** Returns true for a reply that is text: no control characters but white space, and few bytes above 0x7e. */
export function isText(bytes: Uint8Array): boolean {
  const length = Math.min(bytes.length, 512);
  let high = 0;
  for (let i = 0; i < length; i++) {
    const byte = bytes[i]!;
    if (byte >= 0x7f) high++;
    else if (byte < 0x20 && (byte < 0x07 || byte > 0x0d) && byte !== 0x1b) return false;
  }
  return length > 0 && high * 4 <= length;
}

/** A reader of bytes that never reads out of range: past the end it returns zeros, and `isShort` is true from then on. */
export class Reader {
  readonly bytes: Uint8Array;
  at: number;
  readonly end: number;
  isShort = false;

  constructor(bytes: Uint8Array, at = 0, end = bytes.length) {
    this.bytes = bytes;
    this.end = Math.min(Math.max(0, end), bytes.length);
    this.at = Math.min(Math.max(0, at), this.end);
  }

  /** The number of bytes that remain. */
  get left(): number {
    return this.end - this.at;
  }

  /** Moves on by a number of bytes, and returns true if there were that many. */
  skip(length: number): boolean {
    if (length < 0 || length > this.left) {
      this.isShort = true;
      this.at = this.end;
      return false;
    }
    this.at += length;
    return true;
  }

  u8(): number {
    const at = this.at;
    return this.skip(1) ? this.bytes[at]! : 0;
  }

  u16(): number {
    return this.u8() * 0x100 + this.u8();
  }

  u24(): number {
    return this.u16() * 0x100 + this.u8();
  }

  u32(): number {
    return this.u16() * 0x10000 + this.u16();
  }

  u16le(): number {
    return this.u8() + this.u8() * 0x100;
  }

  u32le(): number {
    return this.u16le() + this.u16le() * 0x10000;
  }

  /** Returns the next bytes; none if there are not that many. */
  take(length: number): Uint8Array {
    const at = this.at;
    return this.skip(length) ? this.bytes.subarray(at, at + length) : this.bytes.subarray(0, 0);
  }

  /** Returns the next bytes as text. */
  text(length: number): string {
    return latin1(this.take(length));
  }

  /** Returns text up to a zero byte, and moves past it. */
  cString(limit: number): string {
    const from = this.at;
    const stop = Math.min(this.end, from + limit);
    let at = from;
    while (at < stop && this.bytes[at] !== 0) at++;
    if (at === stop) {
      this.isShort = true;
      this.at = this.end;
      return "";
    }
    this.at = at + 1;
    return latin1(this.bytes, from, at);
  }

  /** Returns a reader of the next bytes, and moves past them. */
  part(length: number): Reader {
    const at = this.at;
    return this.skip(length) ? new Reader(this.bytes, at, at + length) : new Reader(this.bytes, this.end);
  }
}

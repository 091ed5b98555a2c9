// Hot path: nothing here may allocate per call.
/**
 * Text made as bytes of UTF-8, in memory that is used again and again. Where lines are alike, that takes a third of the time
 * that strings take: numbers become digits at once, and what stays the same is copied.
 *
 * @module
 */

import type { Piece } from "./writer.ts";

const ROOM = 1 << 14;
const ZERO = 0x30;
const POINT = 0x2e;
const LAST_ASCII = 0x7f;
/** Whole numbers below this have at most ten digits, and are computed with as integers. */
const MOST = 2 ** 31;
const DIGITS = 10;
/** Longer text is left to the encoder: to call it takes as long as this many characters. */
const SHORT = 64;

/** A reusable buffer of UTF-8 text, so that pieces of a report do not allocate memory. */
export class Utf8Buffer {
  readonly #encoder = new TextEncoder();
  #memory = new Uint8Array(ROOM);
  #length = 0;

  /** Empties the buffer. */
  clear(): void {
    this.#length = 0;
  }

  /** The text added so far; valid until the next addition. */
  get bytes(): Uint8Array<ArrayBuffer> {
    return this.#memory.subarray(0, this.#length);
  }

  /** The bytes of a piece alone, as they are where it is made of them. */
  only(piece: Piece): Uint8Array<ArrayBuffer> {
    if (typeof piece !== "string") return piece;
    this.clear();
    this.addText(piece);
    return this.bytes;
  }

  /** Adds a piece. */
  add(piece: Piece): void {
    if (typeof piece === "string") this.addText(piece);
    else this.addBytes(piece);
  }

  /** Adds bytes. */
  addBytes(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#memory.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** Adds text. */
  addText(text: string): void {
    // No character of UTF-16 takes more than three.
    this.#reserve(3 * text.length);
    if (text.length > SHORT) return this.#encode(text);
    const memory = this.#memory;
    const start = this.#length;
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code > LAST_ASCII) return this.#encode(text);
      memory[start + at] = code;
    }
    this.#length = start + text.length;
  }

  #encode(text: string): void {
    this.#length += this.#encoder.encodeInto(text, this.#memory.subarray(this.#length)).written;
  }

  /** Adds a number as `${value}` has it; fast where it is whole, or a number of thousandths. */
  addNumber(value: number): void {
    if (value >= 0 && value < MOST) {
      const whole = value | 0;
      if (whole === value) {
        this.#reserve(DIGITS);
        return this.#addDigits(whole);
      }
      const thousandths = Math.round((value - whole) * 1000);
      if (whole + thousandths / 1000 === value && thousandths < 1000) {
        this.#reserve(2 * DIGITS);
        this.#addDigits(whole);
        this.#addFraction(thousandths);
        return;
      }
    }
    this.addText(`${value}`);
  }

  #addDigits(whole: number): void {
    let length = 1;
    for (let bound = 10; length < DIGITS && whole >= bound; bound *= 10) length++;
    const memory = this.#memory;
    const end = this.#length += length;
    for (let at = end - 1; at >= end - length; at--) {
      const rest = whole / 10 | 0;
      memory[at] = ZERO + whole - rest * 10;
      whole = rest;
    }
  }

  #addFraction(thousandths: number): void {
    const memory = this.#memory;
    memory[this.#length++] = POINT;
    let unit = 100;
    for (let left = thousandths; left > 0; unit /= 10) {
      const digit = left / unit | 0;
      memory[this.#length++] = ZERO + digit;
      left -= digit * unit;
    }
  }

  #reserve(length: number): void {
    if (this.#length + length <= this.#memory.length) return;
    const grown = new Uint8Array(2 * (this.#length + length));
    grown.set(this.bytes);
    this.#memory = grown;
  }
}

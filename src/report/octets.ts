// Hot path: nothing here may allocate per call.
/**
 * Text made as octets of UTF-8, in memory that is used again and again. Where lines are alike, that takes a third of the time
 * that strings take: numbers become digits at once, and what stays the same is copied.
 *
 * @module
 */

const ROOM = 1 << 14;
const ZERO = 0x30;
const POINT = 0x2e;
const LAST_ASCII = 0x7f;
/** Whole numbers below this have at most ten digits, and are computed with as integers. */
const MOST = 2 ** 31;
const DIGITS = 10;

/** A text that grows, and begins anew. */
export class OctetText {
  readonly #encoder = new TextEncoder();
  #memory = new Uint8Array(ROOM);
  #length = 0;

  /** Forgets all that was added. */
  clear(): void {
    this.#length = 0;
  }

  /** All that was added; good until something is added anew. */
  get octets(): Uint8Array<ArrayBuffer> {
    return this.#memory.subarray(0, this.#length);
  }

  /** Adds octets. */
  addOctets(octets: Uint8Array): void {
    this.#makeRoom(octets.length);
    this.#memory.set(octets, this.#length);
    this.#length += octets.length;
  }

  /** Adds text. */
  addText(text: string): void {
    // No character of UTF-16 takes more than three.
    this.#makeRoom(3 * text.length);
    const memory = this.#memory;
    const start = this.#length;
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code > LAST_ASCII) {
        this.#length = start + this.#encoder.encodeInto(text, memory.subarray(start)).written;
        return;
      }
      memory[start + at] = code;
    }
    this.#length = start + text.length;
  }

  /** Adds a number as `${value}` has it; fast where it is whole, or a number of thousandths. */
  addNumber(value: number): void {
    if (value >= 0 && value < MOST) {
      const whole = Math.floor(value);
      const thousandths = Math.round((value - whole) * 1000);
      if (whole + thousandths / 1000 === value && thousandths < 1000) {
        this.#makeRoom(2 * DIGITS);
        this.#addDigits(whole);
        if (thousandths > 0) this.#addFraction(thousandths);
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

  #makeRoom(length: number): void {
    if (this.#length + length <= this.#memory.length) return;
    const grown = new Uint8Array(2 * (this.#length + length));
    grown.set(this.octets);
    this.#memory = grown;
  }
}

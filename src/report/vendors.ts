/**
 * The holders of MAC address blocks, from the IEEE's list `oui.txt`: a line such as `00-22-72   (hex)\t\tName` for each block of
 * 2^24 addresses.
 *
 * @module
 */

import { hasVendor } from "../result/host_result.ts";

const BLOCK = /^[\dA-F]{2}-[\dA-F]{2}-[\dA-F]{2}[ \t]+\(hex\)[ \t]+\S/m;
/** Addresses of a block. */
const BLOCK_SIZE = 2 ** 24;
/** Characters of a name at most. */
const MAX_NAME_LEN = 60;
/** Control characters, and those that change the direction of text. */
// deno-lint-ignore no-control-regex
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g;

/** The list. It is searched, not read as a whole: a scan meets few blocks. */
export class VendorList {
  readonly #text: string;
  readonly #names = new Map<number, string | undefined>();

  private constructor(text: string) {
    this.#text = text;
  }

  /** Returns the list in the text of `oui.txt`; `undefined` if it holds no block. */
  static in(text: string): VendorList | undefined {
    return BLOCK.test(text) ? new VendorList(text) : undefined;
  }

  /** Returns the vendor of a MAC address; `undefined` if it is not in the list, or the address was chosen by its owner. */
  of(mac: number): string | undefined {
    if (!hasVendor(mac)) return undefined;
    const block = Math.floor(mac / BLOCK_SIZE);
    if (!this.#names.has(block)) this.#names.set(block, this.#nameOf(block));
    return this.#names.get(block);
  }

  #nameOf(block: number): string | undefined {
    const hex = block.toString(16).toUpperCase().padStart(6, "0");
    const start = `${hex.slice(0, 2)}-${hex.slice(2, 4)}-${hex.slice(4)} `;
    for (let at = this.#text.indexOf(start); at >= 0; at = this.#text.indexOf(start, at + 1)) {
      if (at > 0 && this.#text[at - 1] !== "\n") continue;
      const end = this.#text.indexOf("\n", at);
      const line = this.#text.slice(at + start.length, end < 0 ? undefined : end);
      const [, name] = /^[ \t]*\(hex\)[ \t]+(\S.*?)\s*$/.exec(line) ?? [];
      if (name !== undefined) return name.replace(UNPRINTABLE, "").slice(0, MAX_NAME_LEN);
    }
    return undefined;
  }
}

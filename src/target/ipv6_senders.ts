// Hot path: `numberOf` runs for every ICMPv6 error and allocates nothing once a sender is known.
/**
 * Numbers for senders of packets that are no hosts, such as routers. Their memory is shared by all workers, and each has a part of it for
 * senders of its own, so that none waits for another.
 *
 * @module
 */

import { U32Map } from "../collections/u32_map.ts";

/** The first number of senders that are no hosts, and how many of them there can be. */
export const FIRST_SENDER = 0xffff_0000;
const MAX_SENDERS = 0x1_0000;
const PARTS = 64;
const PART_SENDERS = MAX_SENDERS / PARTS;
/** 32-bit words of a sender: its zone, and its address from the most significant word on. */
const WORDS = 5;

/** Bytes of the memory of senders. */
export const SENDERS_LEN = 4 * (PARTS + MAX_SENDERS * WORDS);

/** The senders that are no hosts. */
export class Senders {
  readonly #counts: Uint32Array;
  readonly #words: Uint32Array;
  readonly #part: number;
  /** The senders of this part, by a hash of their addresses. */
  readonly #known = new U32Map();

  /** @param part The index of the worker. */
  constructor(memory: SharedArrayBuffer, part: number) {
    this.#counts = new Uint32Array(memory, 0, PARTS);
    this.#words = new Uint32Array(memory, 4 * PARTS);
    this.#part = part % PARTS;
  }

  /** Writes the address of a sender at an offset. */
  write(number: number, view: DataView, at: number): void {
    const from = (number - FIRST_SENDER) * WORDS + 1;
    for (let word = 0; word < 4; word++) view.setUint32(at + 4 * word, this.#words[from + word]!);
  }

  /** Returns the zone of a sender. */
  scopeOf(number: number): number {
    return this.#words[(number - FIRST_SENDER) * WORDS]!;
  }

  /** Returns the number of a sender; 0 if there is no room for it. */
  numberOf(view: DataView, at: number, scope: number): number {
    let hash = scope;
    for (let word = 0; word < 4; word++) hash = Math.imul(hash ^ view.getUint32(at + 4 * word), 0x9e3779b1) >>> 0;
    for (;; hash = hash + 1 >>> 0) {
      const known = this.#known.get(hash);
      if (known < 0) break;
      if (this.#isAt(known, view, at, scope)) return FIRST_SENDER + known;
    }
    const count = this.#counts[this.#part]!;
    if (count === PART_SENDERS) return 0;
    const index = this.#part * PART_SENDERS + count;
    this.#words[index * WORDS] = scope;
    for (let word = 0; word < 4; word++) this.#words[index * WORDS + 1 + word] = view.getUint32(at + 4 * word);
    this.#counts[this.#part] = count + 1;
    this.#known.add(hash, index);
    return FIRST_SENDER + index;
  }

  /** Returns the number of a sender of any worker; -1 if it has none. */
  find(view: DataView, at: number, scope: number): number {
    for (const index of this.#indices()) if (this.#isAt(index, view, at, scope)) return FIRST_SENDER + index;
    return -1;
  }

  /** Returns all senders, each with its index, zone and address. */
  kept(): number[] {
    return Array.from(this.#indices()).flatMap((index) => [
      index,
      ...this.#words.subarray(index * WORDS, (index + 1) * WORDS),
    ]);
  }

  /** Takes the senders that a snapshot has kept, before any other. */
  take(kept: ArrayLike<number>): void {
    for (let at = 0; at < kept.length; at += 1 + WORDS) {
      const index = kept[at]!;
      for (let word = 0; word < WORDS; word++) this.#words[index * WORDS + word] = kept[at + 1 + word]!;
      const part = Math.floor(index / PART_SENDERS);
      this.#counts[part] = Math.max(this.#counts[part]!, index % PART_SENDERS + 1);
    }
  }

  *#indices(): Generator<number> {
    for (let part = 0; part < PARTS; part++) {
      for (let i = 0; i < this.#counts[part]!; i++) yield part * PART_SENDERS + i;
    }
  }

  #isAt(index: number, view: DataView, at: number, scope: number): boolean {
    if (this.#words[index * WORDS] !== scope) return false;
    for (let word = 0; word < 4; word++) {
      if (this.#words[index * WORDS + 1 + word] !== view.getUint32(at + 4 * word)) return false;
    }
    return true;
  }
}

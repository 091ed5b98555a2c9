// Hot path: nothing here may allocate for a shape that is in the set.
/**
 * The different shapes of SYN-ACKs: hosts have few, so that tables of hosts store a number instead of a shape.
 *
 * @module
 */

import { grown } from "../collections/grown.ts";
import { U32Map } from "../collections/u32_map.ts";
import { SHAPE_LEN } from "./os_shape.ts";

/** Shapes numbered in the order in which they were added. */
export class ShapeSet {
  /** The number of shapes. */
  size = 0;
  /** The words of all shapes, one after another; those of number `n` begin at `n * SHAPE_LEN`. */
  words = new Uint32Array(16 * SHAPE_LEN);
  readonly #byHash = new U32Map();

  /** Returns the number of a shape, which is added if it is new. */
  numberOf(words: ArrayLike<number>, at: number): number {
    // Shapes of equal hashes follow each other.
    for (let hash = hashOf(words, at);; hash = hash + 1 >>> 0) {
      const known = this.#byHash.get(hash);
      if (known < 0) return this.#add(words, at, hash);
      if (isEqual(words, at, this.words, known * SHAPE_LEN)) return known;
    }
  }

  #add(words: ArrayLike<number>, at: number, hash: number): number {
    const first = this.size * SHAPE_LEN;
    if (first === this.words.length) this.words = grown(this.words, 2 * first);
    for (let i = 0; i < SHAPE_LEN; i++) this.words[first + i] = words[at + i]!;
    this.#byHash.add(hash, this.size);
    return this.size++;
  }
}

function hashOf(words: ArrayLike<number>, at: number): number {
  let hash = 0;
  for (let i = 0; i < SHAPE_LEN; i++) {
    hash = Math.imul(hash ^ words[at + i]!, 0x85ebca6b);
    hash ^= hash >>> 15;
  }
  return hash >>> 0;
}

function isEqual(words: ArrayLike<number>, one: number, others: ArrayLike<number>, other: number): boolean {
  for (let i = 0; i < SHAPE_LEN; i++) if (words[one + i] !== others[other + i]) return false;
  return true;
}

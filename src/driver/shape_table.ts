// Hot path: nothing here may allocate per packet of a host whose SYN-ACKs have one shape.
/**
 * The shapes of SYN-ACKs by host: that of the first, and those of other stacks that reply for other ports of the same address.
 *
 * @module
 */

import { U32Map } from "../collections/u32_map.ts";
import { grown } from "../collections/grown.ts";
import { isSameStack, readShape, SHAPE_LEN, shapeKey, tellsMore } from "../technique/os_shape.ts";

/** Words of a row: host, port and shape. */
export const SHAPE_ROW_LEN = 2 + SHAPE_LEN;
/** Words of a row before the shape. */
export const SHAPE_AT = 2;
/** Hosts whose shape is kept. */
const MAX_HOSTS = 1 << 16;
/** Hosts with several shapes, and rows of each beside the first. */
const MAX_SEVERAL = 1 << 12;
const MAX_OTHERS = 16;

/** A table of shapes. */
export class ShapeTable {
  readonly #index = new U32Map();
  #rows = new Uint32Array(64 * SHAPE_ROW_LEN);
  #keys = new Uint32Array(64);
  #count = 0;
  /** Rows of other stacks, by host. */
  readonly #others = new Map<number, number[]>();
  readonly #shape = new Uint32Array(SHAPE_LEN);

  /** Takes a SYN-ACK from a port of a host. */
  see(host: number, port: number, view: DataView, at: number, length: number): void {
    const key = shapeKey(view, at);
    const index = this.#index.get(host);
    if (index >= 0 && this.#keys[index] === key) return;
    if (readShape(view, at, length, this.#shape)) this.#add(host, port, this.#shape, 0, index, key);
  }

  /** Returns all shapes, a row each. */
  rows(): Uint32Array<ArrayBuffer> {
    const first = this.#count * SHAPE_ROW_LEN;
    const others = [...this.#others.values()].flat();
    const rows = new Uint32Array(first + others.length);
    rows.set(this.#rows.subarray(0, first));
    rows.set(others, first);
    return rows;
  }

  /** Adds the shapes of another table. */
  addRows(rows: ArrayLike<number>): void {
    for (let at = 0; at < rows.length; at += SHAPE_ROW_LEN) {
      const host = rows[at]!;
      this.#add(host, rows[at + 1]!, rows, at + SHAPE_AT, this.#index.get(host), 0);
    }
  }

  #add(host: number, port: number, words: ArrayLike<number>, at: number, index: number, key: number): void {
    if (index < 0) {
      this.#addFirst(host, port, words, at, key);
      return;
    }
    const row = index * SHAPE_ROW_LEN + SHAPE_AT;
    if (!isSameStack(words, at, this.#rows, row)) this.#addOther(host, port, words, at);
    else if (tellsMore(words, at, this.#rows, row)) this.#put(index, port, words, at, key);
  }

  #addFirst(host: number, port: number, words: ArrayLike<number>, at: number, key: number): void {
    const index = this.#count;
    if (index === MAX_HOSTS) return;
    if (index === this.#keys.length) {
      this.#rows = grown(this.#rows, 2 * this.#rows.length);
      this.#keys = grown(this.#keys, 2 * index);
    }
    this.#count++;
    this.#index.add(host, index);
    this.#rows[index * SHAPE_ROW_LEN] = host;
    this.#put(index, port, words, at, key);
  }

  #put(index: number, port: number, words: ArrayLike<number>, at: number, key: number): void {
    this.#keys[index] = key;
    const row = index * SHAPE_ROW_LEN;
    this.#rows[row + 1] = port;
    for (let i = 0; i < SHAPE_LEN; i++) this.#rows[row + SHAPE_AT + i] = words[at + i]!;
  }

  #addOther(host: number, port: number, words: ArrayLike<number>, at: number): void {
    let rows = this.#others.get(host);
    if (rows === undefined) {
      if (this.#others.size === MAX_SEVERAL) return;
      this.#others.set(host, rows = []);
    }
    if (rows.length === MAX_OTHERS * SHAPE_ROW_LEN) return;
    for (let row = 0; row < rows.length; row += SHAPE_ROW_LEN) if (rows[row + 1] === port) return;
    rows.push(host, port, words[at]!, words[at + 1]!, words[at + 2]!);
  }
}

/** Returns the shapes of several tables as the rows of one. */
export function mergedShapes(tables: readonly ArrayLike<number>[]): Uint32Array<ArrayBuffer> {
  const all = new ShapeTable();
  for (const rows of tables) all.addRows(rows);
  return all.rows();
}

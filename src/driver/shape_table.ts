// Hot path: nothing here may allocate per packet of a host whose SYN-ACKs have one shape.
/**
 * The shapes of SYN-ACKs by host: that of the first, and those of other stacks that reply for other ports of the same address.
 *
 * @module
 */

import { U32Map } from "../collections/u32_map.ts";
import { growColumns, grown } from "../collections/grown.ts";
import {
  isSameStack,
  readShape,
  SeenHeaders,
  type SegmentPlace,
  SHAPE_LEN,
  shapeKey,
  tellsMore,
} from "../technique/os_shape.ts";

/** Words of a row: host, port and shape. */
export const SHAPE_ROW_LEN = 2 + SHAPE_LEN;
/** Words of a row before the shape. */
export const SHAPE_AT = 2;
/** Hosts whose shape is kept. */
const MAX_HOSTS = 1 << 16;
/** Hosts with several shapes, and rows of each beside the first. */
const MAX_SEVERAL = 1 << 12;
const MAX_OTHERS = 16;

/** Different shapes, numbered in the order in which they were added: hosts have few, so that tables store numbers of them. */
export class ShapeSet {
  /** The number of shapes. */
  size = 0;
  /** The words of all shapes, one after another; those of number `n` begin at `n * SHAPE_LEN`. */
  words = new Uint32Array(16 * SHAPE_LEN);
  readonly #byHash = new U32Map();

  /** The last number that was returned: most hosts of a scan are alike. */
  #last = 0;

  /** Returns the number of a shape, which is added if it is new. */
  numberOf(words: ArrayLike<number>, at: number): number {
    if (this.size > 0 && isEqual(words, at, this.words, this.#last * SHAPE_LEN)) return this.#last;
    return this.#last = this.#find(words, at);
  }

  #find(words: ArrayLike<number>, at: number): number {
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

/** The first shape of each host, as columns. */
class HostColumns {
  host = new Uint32Array(64);
  port = new Uint16Array(64);
  /** The number of the shape. */
  shape = new Uint32Array(64);
}

/** A table of shapes. */
export class ShapeTable {
  readonly #index = new U32Map();
  readonly #shapes = new ShapeSet();
  /** Of each shape the key of the first packet that had it; 0 if there was none. */
  #keys = new Uint32Array(16);
  readonly #firsts = new HostColumns();
  #count = 0;
  /** Rows of other stacks, by host. */
  readonly #others = new Map<number, number[]>();
  readonly #shape = new Uint32Array(SHAPE_LEN);
  /** The headers of the last SYN-ACK of a new host whose shape was read, and its number. */
  readonly #last = new SeenHeaders();
  #lastShape = 0;

  /** Takes a SYN-ACK from a port of a host; `at` is the offset of its packet. */
  see(host: number, port: number, view: DataView, at: number, place: SegmentPlace): void {
    if (this.#last.matches(view, at, place)) {
      const index = this.#count < MAX_HOSTS ? this.#index.getOrAdd(host, this.#count) : this.#index.get(host);
      if (index < 0) return this.#append(host, port, this.#lastShape);
      if (this.#firsts.shape[index] === this.#lastShape) return;
    }
    const key = shapeKey(view, at, place);
    const index = this.#index.get(host);
    if (index >= 0 && this.#keys[this.#firsts.shape[index]!] === key) return;
    if (!readShape(view, at, place, this.#shape)) return;
    this.#add(host, port, this.#shape, 0, index, key);
    if (index < 0 && this.#count < MAX_HOSTS) {
      this.#last.set(view, at, place);
      this.#lastShape = this.#firsts.shape[this.#count - 1]!;
    }
  }

  /** Returns all shapes, a row each. */
  rows(): Uint32Array<ArrayBuffer> {
    const others = [...this.#others.values()].flat();
    const { host, port, shape } = this.#firsts;
    const { words } = this.#shapes;
    const rows = new Uint32Array(this.#count * SHAPE_ROW_LEN + others.length);
    let row = 0;
    for (let index = 0; index < this.#count; index++, row += SHAPE_ROW_LEN) {
      rows[row] = host[index]!;
      rows[row + 1] = port[index]!;
      for (let i = 0; i < SHAPE_LEN; i++) rows[row + SHAPE_AT + i] = words[shape[index]! * SHAPE_LEN + i]!;
    }
    rows.set(others, row);
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
      if (this.#count === MAX_HOSTS) return;
      this.#index.add(host, this.#count);
      this.#append(host, port, this.#numberOf(words, at, key));
      return;
    }
    const { words: known } = this.#shapes;
    const shape = this.#firsts.shape[index]! * SHAPE_LEN;
    if (!isSameStack(words, at, known, shape)) this.#addOther(host, port, words, at);
    else if (tellsMore(words, at, known, shape)) this.#put(index, port, this.#numberOf(words, at, key));
  }

  /** Adds the first shape of a host whose index has been added. There is none if the table is full. */
  #append(host: number, port: number, shape: number): void {
    const index = this.#count;
    if (index === MAX_HOSTS) return;
    if (index === this.#firsts.host.length) growColumns(this.#firsts, 2 * index);
    this.#count++;
    this.#firsts.host[index] = host;
    this.#put(index, port, shape);
  }

  #put(index: number, port: number, shape: number): void {
    this.#firsts.shape[index] = shape;
    this.#firsts.port[index] = port;
  }

  #numberOf(words: ArrayLike<number>, at: number, key: number): number {
    const number = this.#shapes.numberOf(words, at);
    if (number >= this.#keys.length) this.#keys = grown(this.#keys, 2 * this.#keys.length);
    if (this.#keys[number] === 0) this.#keys[number] = key;
    return number;
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
  const filled = tables.filter(({ length }) => length > 0);
  // Those of a journal may hold a SYN cookie and what came in its place.
  if (filled.length === 1 && filled[0] instanceof Uint32Array) return filled[0].slice();
  const all = new ShapeTable();
  for (const rows of filled) all.addRows(rows);
  return all.rows();
}

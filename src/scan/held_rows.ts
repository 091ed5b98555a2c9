// Hot path: of a scan of silent hosts, every result is held here for a while. Nothing may allocate per result.
/**
 * Rows of results that are held until more is known of their host.
 *
 * @module
 */

import { growColumns } from "../collections/grown.ts";
import { U32Map } from "../collections/u32_map.ts";
import { type ResultColumns, ROW_LEN } from "../result/batch.ts";

/** In place of a slot or a row: there is none. */
export const NONE = -1;
/** Hosts and rows that there is room for at first. */
const FIRST_HOSTS = 64;
const FIRST_ROWS = 256;

/** Takes a row, which is at `at` of several, and the number of its pass. The rows are valid during the call. */
export type RowSink = (rows: ResultColumns, at: number, pass: number) => void;

/** Rows of several passes in one block of memory, linked by host; each host that is held has a slot. */
export class HeldRows {
  #hosts = new HostColumns();
  #rows = new RowColumns();
  readonly #slots = new U32Map();
  /** The slots and rows that were used so far, and the first of those of them that are free now. */
  #usedSlots = 0;
  #freeSlot = NONE;
  #usedRows = 0;
  #freeRow = NONE;
  #oldest = NONE;
  #newest = NONE;
  /** The number of rows. */
  length = 0;

  /** The number of hosts. */
  get hostCount(): number {
    return this.#slots.size;
  }

  /** The slot of the host that was added before all others, or {@linkcode NONE}. */
  get oldest(): number {
    return this.#oldest;
  }

  /** Returns the slot of a host, or {@linkcode NONE}. */
  slotOf(host: number): number {
    return this.#slots.get(host);
  }

  /** Returns the host of a slot in use. */
  hostOf(slot: number): number {
    return this.#hosts.host[slot]!;
  }

  /** Adds a host that has no slot, without rows; returns its slot. */
  addHost(host: number): number {
    const slot = this.#newSlot();
    const hosts = this.#hosts;
    hosts.host[slot] = host;
    hosts.head[slot] = hosts.tail[slot] = NONE;
    hosts.count[slot] = 0;
    hosts.older[slot] = this.#newest;
    hosts.newer[slot] = NONE;
    if (this.#newest === NONE) this.#oldest = slot;
    else hosts.newer[this.#newest] = slot;
    this.#newest = slot;
    this.#slots.add(host, slot);
    return slot;
  }

  /** Adds the row at `at` of several, of a pass, behind the others of its host. */
  addRow(slot: number, rows: ResultColumns, at: number, pass: number): void {
    const row = this.#newRow();
    const hosts = this.#hosts, held = this.#rows;
    for (let i = 0, to = row * ROW_LEN; i < ROW_LEN; i++) held.words[to + i] = rows[at + i]!;
    held.pass[row] = pass;
    held.next[row] = NONE;
    const tail = hosts.tail[slot]!;
    if (tail === NONE) hosts.head[slot] = row;
    else held.next[tail] = row;
    hosts.tail[slot] = row;
    hosts.count[slot]!++;
    this.length++;
  }

  /** Passes the rows of a host to `sink`, in their order. */
  forEachRow(slot: number, sink: RowSink): void {
    const { words, next, pass } = this.#rows;
    for (let row = this.#hosts.head[slot]!; row !== NONE; row = next[row]!) sink(words, row * ROW_LEN, pass[row]!);
  }

  /** Returns a copy of the rows of a host. */
  copy(slot: number): ResultColumns {
    const copy = new Uint32Array(this.#hosts.count[slot]! * ROW_LEN);
    let end = 0;
    this.forEachRow(slot, (rows, at) => {
      for (let i = 0; i < ROW_LEN; i++) copy[end++] = rows[at + i]!;
    });
    return copy;
  }

  /** Removes a host and its rows. */
  remove(slot: number): void {
    const hosts = this.#hosts;
    const head = hosts.head[slot]!;
    if (head !== NONE) {
      this.#rows.next[hosts.tail[slot]!] = this.#freeRow;
      this.#freeRow = head;
    }
    this.length -= hosts.count[slot]!;
    const older = hosts.older[slot]!, newer = hosts.newer[slot]!;
    if (older === NONE) this.#oldest = newer;
    else hosts.newer[older] = newer;
    if (newer === NONE) this.#newest = older;
    else hosts.older[newer] = older;
    this.#slots.remove(hosts.host[slot]!);
    hosts.newer[slot] = this.#freeSlot;
    this.#freeSlot = slot;
  }

  /** Iterates over the slots, the oldest first. The slot that was returned last may be removed meanwhile, and no other. */
  *slots(): Generator<number> {
    for (let slot = this.#oldest, newer; slot !== NONE; slot = newer) {
      newer = this.#hosts.newer[slot]!;
      yield slot;
    }
  }

  #newSlot(): number {
    const slot = this.#freeSlot;
    if (slot !== NONE) {
      this.#freeSlot = this.#hosts.newer[slot]!;
      return slot;
    }
    if (this.#usedSlots === this.#hosts.host.length) growColumns(this.#hosts, 2 * this.#usedSlots);
    return this.#usedSlots++;
  }

  #newRow(): number {
    const row = this.#freeRow;
    if (row !== NONE) {
      this.#freeRow = this.#rows.next[row]!;
      return row;
    }
    if (this.#usedRows === this.#rows.pass.length) {
      growColumns(this.#rows, 2 * this.#usedRows, {}, { words: ROW_LEN });
    }
    return this.#usedRows++;
  }
}

/** Of each slot the host, its first and last row and their number, and the slots that were added before and after it. */
class HostColumns {
  host = new Uint32Array(FIRST_HOSTS);
  head = new Int32Array(FIRST_HOSTS);
  tail = new Int32Array(FIRST_HOSTS);
  count = new Uint32Array(FIRST_HOSTS);
  older = new Int32Array(FIRST_HOSTS);
  /** Of a free slot, the next free one. */
  newer = new Int32Array(FIRST_HOSTS);
}

/** Of each row its words, its pass, and the next row of the same host, or the next free row. */
class RowColumns {
  words: ResultColumns = new Uint32Array(FIRST_ROWS * ROW_LEN);
  pass = new Uint8Array(FIRST_ROWS);
  next = new Int32Array(FIRST_ROWS);
}

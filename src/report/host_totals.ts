// Hot path: `add` runs once for every result and allocates nothing.
/**
 * The number of ports of each host by group, in one table: a row for each host, a column for each group.
 *
 * @module
 */
import { grown } from "../collections/grown.ts";
import { GROUP_COUNT } from "./outcome_group.ts";

/** Columns of an empty table; a power of two. */
const WIDTH = 4;
/** Columns before those of groups: the group of the host's own reply, plus 1, and the round trip of the first one. */
const OTHERS = 2;
const ROUND_TRIP = 1;
/** Hosts of an empty table. */
const HOSTS = 256;

/** Counts of hosts, which are numbered from 0. */
export class HostTotals {
  /** The number of hosts. */
  length = 0;
  #width = WIDTH;
  #cells = new Int32Array(HOSTS * WIDTH);
  /** The same cells: round trips are fractions. */
  #fractions = new Float32Array(this.#cells.buffer);
  /** The column of each group, or 0; and the group of each column from {@linkcode OTHERS} on. */
  #columns = new Uint16Array(GROUP_COUNT);
  #groups: number[] = [];

  /** Adds a host and returns its index. */
  addHost(): number {
    if ((this.length + 1) * this.#width > this.#cells.length) this.#replace(grown(this.#cells, 2 * this.#cells.length));
    return this.length++;
  }

  /** Returns the group of the host's own reply; -1 without one. */
  answer(host: number): number {
    return this.#cells[host * this.#width]! - 1;
  }

  /** Returns the round trip of the first such reply, in milliseconds; NaN if none was measured. */
  roundTripMs(host: number): number {
    return this.answer(host) < 0 ? NaN : this.#fractions[host * this.#width + ROUND_TRIP]!;
  }

  /** Sets the group of the host's own reply; its round trip counts if it is the first. */
  setAnswer(host: number, group: number, rttMs: number): void {
    const at = host * this.#width;
    if (this.#cells[at] === 0) this.#fractions[at + ROUND_TRIP] = rttMs;
    this.#cells[at] = group + 1;
  }

  /** Adds to a count and returns it. It is below 0 while silence that was replaced is still stored apart. */
  add(host: number, group: number, by: number): number {
    const column = this.#columns[group]! || this.#addGroup(group);
    return this.#cells[host * this.#width + column]! += by;
  }

  /** Returns a count. */
  count(host: number, group: number): number {
    const column = this.#columns[group]!;
    return column === 0 ? 0 : this.#cells[host * this.#width + column]!;
  }

  /** Returns true for two hosts with the same counts whose own replies are of one group. */
  haveSameCounts(one: number, other: number): boolean {
    const cells = this.#cells;
    const [from, to] = [one * this.#width, other * this.#width];
    if (cells[from] !== cells[to]) return false;
    for (let at = OTHERS; at < OTHERS + this.#groups.length; at++) {
      if (cells[from + at] !== cells[to + at]) return false;
    }
    return true;
  }

  /** Returns the groups of which a host has ports, in the order in which groups were first seen. */
  groupsOf(host: number): number[] {
    const start = host * this.#width + OTHERS;
    const groups: number[] = [];
    for (let at = 0; at < this.#groups.length; at++) if (this.#cells[start + at]! > 0) groups.push(this.#groups[at]!);
    return groups;
  }

  /** Replaces the counts of another table by a copy of these. */
  copyTo(other: HostTotals): void {
    other.length = this.length;
    other.#width = this.#width;
    other.#replace(this.#cells.slice());
    other.#columns = this.#columns.slice();
    other.#groups = [...this.#groups];
  }

  #addGroup(group: number): number {
    const column = this.#groups.push(group) - 1 + OTHERS;
    if (column === this.#width) this.#widen();
    return this.#columns[group] = column;
  }

  #widen(): void {
    const width = this.#width;
    const cells = new Int32Array(2 * this.#cells.length);
    for (let host = 0; host < this.length; host++) {
      cells.set(this.#cells.subarray(host * width, (host + 1) * width), 2 * width * host);
    }
    this.#replace(cells);
    this.#width = 2 * width;
  }

  #replace(cells: Int32Array<ArrayBuffer>): void {
    this.#cells = cells;
    this.#fractions = new Float32Array(cells.buffer);
  }
}

// Hot path: nothing here may allocate per packet.
/**
 * Finds the probe of a host and port, for techniques whose replies carry no token: chains of slots in buckets.
 *
 * @module
 */

import { IN_FLIGHT, type ProbeTable } from "./probe_table.ts";

/** The slots of a probe table by host and port. */
export class ProbeIndex {
  readonly #table: ProbeTable;
  /** The first slot of each bucket and the next of each slot; -1 where there is none. */
  readonly #firsts: Int32Array;
  readonly #next: Int32Array;
  /** The bucket of each slot; -1 while it is in none. */
  readonly #buckets: Int32Array;

  constructor(table: ProbeTable) {
    this.#table = table;
    const { maxCapacity: maxSlots } = table;
    this.#firsts = new Int32Array(2 ** Math.ceil(Math.log2(maxSlots + 1))).fill(-1);
    this.#next = new Int32Array(maxSlots);
    this.#buckets = new Int32Array(maxSlots).fill(-1);
  }

  /** Adds a slot that has just been given its host and port; those that it had before are forgotten. */
  add(slot: number): void {
    this.#remove(slot);
    const { host, port } = this.#table;
    const bucket = this.#bucketOf(host[slot]!, port[slot]!);
    this.#buckets[slot] = bucket;
    this.#next[slot] = this.#firsts[bucket]!;
    this.#firsts[bucket] = slot;
  }

  /** Returns the slot of a probe: one in flight, else the one that was used last; -1 if there is none. */
  find(host: number, port: number): number {
    const { host: hosts, port: ports, status } = this.#table;
    let found = -1;
    for (let slot = this.#firsts[this.#bucketOf(host, port)]!; slot >= 0; slot = this.#next[slot]!) {
      if (hosts[slot] !== host || ports[slot] !== port) continue;
      if (status[slot] === IN_FLIGHT) return slot;
      if (found < 0) found = slot;
    }
    return found;
  }

  #bucketOf(host: number, port: number): number {
    const mixed = Math.imul(host ^ Math.imul(port, 0x9e3779b1), 0x85ebca6b);
    return (mixed ^ mixed >>> 15) & this.#firsts.length - 1;
  }

  #remove(slot: number): void {
    const bucket = this.#buckets[slot]!;
    if (bucket < 0) return;
    const next = this.#next[slot]!;
    let before = this.#firsts[bucket]!;
    if (before === slot) {
      this.#firsts[bucket] = next;
      return;
    }
    while (this.#next[before] !== slot) before = this.#next[before]!;
    this.#next[before] = next;
  }
}

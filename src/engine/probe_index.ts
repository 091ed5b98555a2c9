// Hot path: nothing here may allocate per packet.
/**
 * Finds the probe of a host and port, for techniques whose replies carry no token: chains of slots in buckets.
 *
 * @module
 */

import { grown } from "../collections/grown.ts";
import { IN_FLIGHT, type ProbeTable } from "./probe_table.ts";

/** The slots of a probe table by host and port. It grows with the table. */
export class ProbeIndex {
  readonly #table: ProbeTable;
  /** The first slot of each bucket and the next of each slot; -1 where there is none. */
  #firsts = new Int32Array(1).fill(-1);
  #next = new Int32Array(0);
  /** The bucket of each slot; -1 while it is in none. */
  #buckets = new Int32Array(0);

  constructor(table: ProbeTable) {
    this.#table = table;
  }

  /** Adds a slot that has just been given its host and port; those that it had before are forgotten. */
  add(slot: number): void {
    if (slot < this.#buckets.length) this.#remove(slot);
    else this.#grow();
    this.#insert(slot);
  }

  #insert(slot: number): void {
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

  #grow(): void {
    const [firsts, next] = [this.#firsts, this.#next];
    const { capacity } = this.#table;
    this.#next = new Int32Array(capacity);
    this.#buckets = grown(this.#buckets, capacity, -1);
    this.#firsts = new Int32Array(2 ** Math.ceil(Math.log2(capacity + 1))).fill(-1);
    for (const first of firsts) {
      // The slot that was added last remains the first of its chain.
      let oldest = -1;
      for (let slot = first; slot >= 0;) {
        const following = next[slot]!;
        next[slot] = oldest;
        oldest = slot;
        slot = following;
      }
      for (let slot = oldest; slot >= 0; slot = next[slot]!) this.#insert(slot);
    }
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

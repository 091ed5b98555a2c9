// Hot path: nothing here may allocate per packet.
/**
 * Doubly linked lists of slots in typed arrays: each slot is on exactly one list, so that moving it is O(1).
 *
 * @module
 */

import { grown, moved } from "./grown.ts";

/** The list of slots that are not in use, oldest first. */
export const FREE_LIST = 0;
/** The first list that {@linkcode SlotLists.newList} returns; those below, but for the free list, are the owner's. */
const FIRST_DYNAMIC_LIST = 4;

/** The lists of the slots of one table. */
export class SlotLists {
  #next: Int32Array;
  #previous: Int32Array;
  #list: Int32Array;
  #heads = new Int32Array(64).fill(-1);
  #tails = new Int32Array(64).fill(-1);
  #counts = new Int32Array(64);
  #listCount = FIRST_DYNAMIC_LIST;

  /** Makes lists of so many slots, all of which are free. */
  constructor(slots: number) {
    this.#next = new Int32Array(slots);
    this.#previous = new Int32Array(slots);
    this.#list = new Int32Array(slots).fill(FREE_LIST);
    // All at once: one by one they would take a millisecond, for this code has never run before.
    for (let slot = 0; slot < slots; slot++) {
      this.#previous[slot] = slot - 1;
      this.#next[slot] = slot + 1 < slots ? slot + 1 : -1;
    }
    this.#heads[FREE_LIST] = 0;
    this.#tails[FREE_LIST] = slots - 1;
    this.#counts[FREE_LIST] = slots;
  }

  /** True where a slot is on this list. */
  isOn(slot: number, list: number): boolean {
    return this.#list[slot] === list;
  }

  /** The number of slots on a list. */
  count(list: number): number {
    return this.#counts[list]!;
  }

  /** The first slot of a list, or -1. */
  first(list: number): number {
    return this.#heads[list]!;
  }

  /** Returns a new, empty list. */
  newList(): number {
    return this.newLists(1);
  }

  /** Makes new, empty lists; returns the first, which the others follow. */
  newLists(count: number): number {
    const first = this.#listCount;
    this.#listCount += count;
    if (this.#listCount > this.#heads.length) {
      const room = Math.max(this.#listCount, this.#heads.length * 2);
      this.#heads = grown(this.#heads, room, -1);
      this.#tails = grown(this.#tails, room, -1);
      this.#counts = grown(this.#counts, room, 0);
    }
    return first;
  }

  /** Moves a slot to the end of a list. */
  move(slot: number, list: number): void {
    this.#unlink(slot);
    const tail = this.#tails[list]!;
    this.#next[slot] = -1;
    this.#previous[slot] = tail;
    this.#list[slot] = list;
    if (tail < 0) this.#heads[list] = slot;
    else this.#next[tail] = slot;
    this.#tails[list] = slot;
    this.#counts[list]!++;
  }

  /** Adds slots, up to `slots` in all, before the other free ones. */
  protected growLists(slots: number): void {
    const old = this.#list.length;
    this.#next = moved(this.#next, slots, -1);
    this.#previous = moved(this.#previous, slots, -1);
    this.#list = moved(this.#list, slots, FREE_LIST);
    for (let slot = slots - 1; slot >= old; slot--) this.#prependFree(slot);
  }

  #prependFree(slot: number): void {
    const head = this.#heads[FREE_LIST]!;
    this.#next[slot] = head;
    this.#previous[slot] = -1;
    if (head < 0) this.#tails[FREE_LIST] = slot;
    else this.#previous[head] = slot;
    this.#heads[FREE_LIST] = slot;
    this.#counts[FREE_LIST]!++;
  }

  #unlink(slot: number): void {
    const list = this.#list[slot]!;
    const next = this.#next[slot]!;
    const previous = this.#previous[slot]!;
    if (previous < 0) this.#heads[list] = next;
    else this.#next[previous] = next;
    if (next < 0) this.#tails[list] = previous;
    else this.#previous[next] = previous;
    this.#counts[list]!--;
  }
}

// Hot path: nothing here may allocate per packet.
/**
 * Timers of slots: a wheel of lists, a millisecond each. What is due further away than one turn
 * waits in the last list of the turn and is placed again from there.
 *
 * @module
 */

import type { ProbeTable } from "./probe_table.ts";

/** Milliseconds to a turn of the wheel; a power of two. */
const TURN = 4096;

/** Deadlines of the slots of one {@linkcode ProbeTable} table. */
export class TimerWheel {
  readonly #table: ProbeTable;
  readonly #firstList: number;
  #tick: number;

  constructor(table: ProbeTable, nowMs: number) {
    this.#table = table;
    this.#firstList = table.newLists(TURN);
    this.#tick = Math.floor(nowMs);
  }

  /** Puts a slot on the wheel, to come off it at `dueMs` or up to a millisecond later. */
  schedule(slot: number, dueMs: number): void {
    this.#table.due[slot] = dueMs;
    this.#place(slot, dueMs);
  }

  /** Takes the next slot that is due at `nowMs` off the wheel and puts it on `list`; -1 when none is. */
  expire(nowMs: number, list: number): number {
    const end = Math.floor(nowMs);
    while (this.#tick < end) {
      const slot = this.#table.first(this.#firstList + (this.#tick & (TURN - 1)));
      if (slot < 0) {
        this.#tick++;
        continue;
      }
      const due = this.#table.due[slot]!;
      if (due < this.#tick + 1) {
        this.#table.move(slot, list);
        return slot;
      }
      this.#place(slot, due, 1);
    }
    return -1;
  }

  /** Returns when the next slot may be due, at the latest `nowMs + withinMs`. */
  next(nowMs: number, withinMs: number): number {
    const end = Math.min(Math.floor(nowMs + withinMs), this.#tick + TURN - 1);
    for (let tick = this.#tick; tick < end; tick++) {
      if (this.#table.first(this.#firstList + (tick & (TURN - 1))) >= 0) return tick + 1;
    }
    return nowMs + withinMs;
  }

  #place(slot: number, dueMs: number, atLeast = 0): void {
    const due = Math.floor(dueMs);
    const tick = Math.min(Math.max(due, this.#tick + atLeast), this.#tick + TURN - 1);
    this.#table.move(slot, this.#firstList + (tick & (TURN - 1)));
  }
}

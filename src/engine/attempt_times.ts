// Hot path: nothing here may allocate per packet.
/**
 * When the attempts of the probes in flight were sent, and from where, in parallel typed arrays.
 *
 * @module
 */

import { growColumns } from "../collections/grown.ts";
import { ATTEMPTS_OF_ID, probeId } from "../driver/driver.ts";

const FILLS = { left: -1 };
const WIDTHS = { left: ATTEMPTS_OF_ID, sent: ATTEMPTS_OF_ID, source: ATTEMPTS_OF_ID };

/** The times of the last attempts of each slot. */
export class AttemptTimes {
  /** The engine time at which the first attempt was sent. */
  first = new Float64Array(0);
  /** The engine time at which each attempt was sent, by its {@linkcode probeId}. */
  sent = new Float64Array(0);
  /** The driver's send timestamp of each attempt, by its {@linkcode probeId}; below 0 while unknown. */
  left = new Float64Array(0);

  /** The index of the address that each attempt was sent from, by its {@linkcode probeId}; 0 where hosts are probed from one. */
  source = new Uint8Array(0);

  /** Makes room for `slots` slots. */
  grow(slots: number): void {
    growColumns(this, slots, FILLS, WIDTHS);
  }

  /** Notes that an attempt of a slot is sent at `timeMs`. */
  set(slot: number, attempt: number, timeMs: number): void {
    if (attempt === 0) this.first[slot] = timeMs;
    this.sent[probeId(slot, attempt)] = timeMs;
  }

  /** Returns when an attempt of a slot was sent, of `tries` so far; -1 if that is too many attempts ago. */
  of(slot: number, attempt: number, tries: number): number {
    if (attempt < 0 || attempt < tries - ATTEMPTS_OF_ID) return -1;
    return this.sent[probeId(slot, attempt)]!;
  }
}

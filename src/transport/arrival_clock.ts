// Hot path: nothing here may allocate per packet.
/**
 * The kernel's times of arrival on the scan's clock. They are on the machine's wall clock, which somebody may set, and
 * which goes on while the machine sleeps; the scan's clock does neither.
 *
 * @module
 */

import { realtimeMs } from "../../ffi/system.ts";

/** The two clocks, in milliseconds. */
export interface Clocks {
  /** The wall clock, since 1970. */
  readonly wall: () => number;
  /** The scan's clock. */
  readonly scan: () => number;
}

/**
 * Octets wait in the ring for this long at most before they can be read, in milliseconds: a block is given away when it
 * is full, or by a timer that counts in ticks of the kernel, which last up to 10 ms.
 */
const RETIRED_MS = 20;

/**
 * Puts times of arrival on the scan's clock. Those of packets that arrived before the wall clock was set, and are read
 * afterwards, say nothing; but no packet has arrived after it was read, nor before all had been read that were there.
 */
export class ArrivalClock {
  readonly #clocks: Clocks;
  /** What the wall clock is ahead of the scan's; undefined until the first packet of a drain asks. */
  #aheadMs: number | undefined;
  #earliestMs = -Infinity;
  #nowMs = 0;
  /** When the last drain began that read all that there was. */
  #emptiedMs = -Infinity;

  constructor(clocks: Clocks = { wall: realtimeMs, scan: () => performance.now() }) {
    this.#clocks = clocks;
  }

  /** A drain begins, at `nowMs` on the scan's clock. */
  begin(nowMs: number): void {
    this.#nowMs = nowMs;
    this.#earliestMs = this.#emptiedMs - RETIRED_MS;
    this.#aheadMs = undefined;
  }

  /** When a packet arrived, on the scan's clock; `wallMs` is what the kernel says. */
  arrival(wallMs: number): number {
    this.#aheadMs ??= this.#clocks.wall() - this.#clocks.scan();
    return Math.max(this.#earliestMs, Math.min(this.#nowMs, wallMs - this.#aheadMs));
  }

  /** The drain has read all that there was. */
  emptied(): void {
    this.#emptiedMs = this.#nowMs;
  }
}

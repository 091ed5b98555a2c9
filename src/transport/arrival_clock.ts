// Hot path: nothing here may allocate per packet.
/**
 * The kernel's times of arrival on the scan's clock. They are on the machine's wall clock, which may be set, and
 * which runs on while the machine sleeps; the scan's clock does neither.
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
 * Bytes wait in the ring for this long at most before they can be read, in milliseconds: a block is given away when it
 * is full, or by a timer that counts in ticks of the kernel, which last up to 10 ms.
 */
const RETIRED_MS = 20;

/** The machine's clocks. */
export const SYSTEM_CLOCKS: Clocks = { wall: realtimeMs, scan: () => performance.now() };

/** Two reads of one clock that lie this far apart, in milliseconds, were not interrupted in between. */
const UNINTERRUPTED_MS = 0.005;
/** Tries to read both clocks at one time. */
const TRIES = 4;

/** Measures by how much the wall clock is ahead of the scan's, in milliseconds, to about a microsecond. */
export function measureAheadMs({ wall, scan }: Clocks): number {
  let aheadMs = 0;
  let leastMs = Infinity;
  let beforeMs = scan();
  for (let i = 0; i < TRIES && leastMs > UNINTERRUPTED_MS; i++) {
    const wallMs = wall();
    const afterMs = scan();
    const tookMs = afterMs - beforeMs;
    if (tookMs < leastMs) {
      leastMs = tookMs;
      aheadMs = wallMs - (beforeMs + afterMs) / 2;
    }
    beforeMs = afterMs;
  }
  return aheadMs;
}

/**
 * Puts times of arrival on the scan's clock. Those of packets that arrived before the wall clock was set, and are read
 * afterwards, say nothing; but no packet has arrived after it was read, nor before all had been read that were there.
 */
export class ArrivalClock {
  readonly #clocks: Clocks;
  /** By how much the wall clock is ahead of the scan's; undefined until the first packet of a drain. */
  #aheadMs: number | undefined;
  #earliestMs = -Infinity;
  #nowMs = 0;
  /** No packet that was read so far can have arrived later. */
  #latestMs = 0;
  /** When the last drain began that read all that there was. */
  #emptiedMs = -Infinity;

  constructor(clocks: Clocks = SYSTEM_CLOCKS) {
    this.#clocks = clocks;
  }

  /** A drain begins, at `nowMs` on the scan's clock. */
  begin(nowMs: number): void {
    this.#nowMs = nowMs;
    this.#earliestMs = this.#emptiedMs - RETIRED_MS;
    this.#aheadMs = undefined;
    this.#latestMs = nowMs;
  }

  /** Returns when a packet arrived, on the scan's clock; `wallMs` is the kernel's time. */
  arrival(wallMs: number): number {
    this.#aheadMs ??= measureAheadMs(this.#clocks);
    const arrivedMs = wallMs - this.#aheadMs;
    // Packets arrive while others are looked at, and may be read in the same drain.
    if (arrivedMs > this.#latestMs) this.#latestMs = this.#clocks.scan();
    return Math.max(this.#earliestMs, Math.min(this.#latestMs, arrivedMs));
  }

  /** The drain has read all that there was. */
  emptied(): void {
    this.#emptiedMs = this.#nowMs;
  }
}

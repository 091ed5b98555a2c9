/**
 * Reports that are written at the end, as they would be if the scan ended now: put behind what is there already, again and
 * again, so that kill -9 loses little of what was known.
 *
 * @module
 */
import { newAggregator } from "../report/formats.ts";
import type { HostAggregator } from "../report/host_aggregator.ts";

/** From one time to the next, at least. */
const EVERY_MS = 1000;
/** They may take this share of the time: one part in so many. */
const COST_SHARE = 20;
/** Of more than this many hosts or ports none is made: it would be too old when it is done. */
const MAX_HOSTS = 4096;
const MAX_ROWS = 50_000;
/** How long the scan waits for a part of one, at most. */
const SLICE_MS = 10;

/** Makes them while a scan runs, until disposed of. */
export class Snapshots implements Disposable {
  readonly #make: () => Promise<void>;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isOver = false;

  /** `make` makes them all. */
  constructor(make: () => Promise<void>) {
    this.#make = make;
    this.#schedule(EVERY_MS);
  }

  /** True once no more are to be made: at the end, or where there would be too much in them. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** A book that knows what another does, and may be brought to its end; undefined where that knows too much. */
  copy(book: HostAggregator, verbosity: number): HostAggregator | undefined {
    if (book.hostCount > MAX_HOSTS || book.rowCount > MAX_ROWS) {
      this[Symbol.dispose]();
      return undefined;
    }
    const copy = newAggregator(verbosity);
    book.copyTo(copy);
    return copy;
  }

  /** Puts pieces together, letting the scan go on between them; undefined where it ended meanwhile. */
  async join(pieces: Iterable<string>): Promise<string | undefined> {
    let text = "";
    let sinceMs = performance.now();
    for (const piece of pieces) {
      text += piece;
      if (performance.now() - sinceMs < SLICE_MS) continue;
      await new Promise((resolve) => setTimeout(resolve));
      if (this.#isOver) return undefined;
      sinceMs = performance.now();
    }
    return text;
  }

  [Symbol.dispose](): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
  }

  #schedule(waitMs: number): void {
    if (this.#isOver) return;
    this.#timer = setTimeout(async () => {
      const before = performance.now();
      try {
        await this.#make();
      } catch {
        // What is wrong with the reports shows at their end, where it can be told.
        return this[Symbol.dispose]();
      }
      this.#schedule(Math.max(EVERY_MS, (performance.now() - before) * COST_SHARE));
    }, waitMs);
  }
}

/**
 * Provisional endings of reports that are written at the end of a scan: they are appended from time to time, so that kill -9
 * loses few results.
 *
 * @module
 */
import { newAggregator } from "../report/formats.ts";
import type { HostAggregator } from "../report/host_aggregator.ts";

/** The shortest interval between two snapshots, in milliseconds. */
const EVERY_MS = 1000;
/** The least ratio of the interval between two snapshots to the time that the last one took. */
const COST_SHARE = 20;
/** The largest numbers of hosts and ports for which snapshots are written; larger ones would be outdated once complete. */
const MAX_HOSTS = 4096;
const MAX_ROWS = 50_000;
/** The longest time that writing a snapshot blocks the scan, in milliseconds. */
const SLICE_MS = 10;

/** Writes provisional endings while a scan runs, until disposed of. */
export class Snapshots implements Disposable {
  readonly #make: () => Promise<void>;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isOver = false;

  /** @param make Writes a provisional ending to each report. */
  constructor(make: () => Promise<void>) {
    this.#make = make;
    this.#schedule(EVERY_MS);
  }

  /** True once no more snapshots are written: the scan has ended, or they would be too large. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Returns a copy of an aggregator that may be finished; undefined if it is too large. */
  copy(aggregator: HostAggregator, verbosity: number): HostAggregator | undefined {
    if (aggregator.hostCount > MAX_HOSTS || aggregator.rowCount > MAX_ROWS) {
      this[Symbol.dispose]();
      return undefined;
    }
    const copy = newAggregator(verbosity);
    aggregator.copyTo(copy);
    return copy;
  }

  /** Joins the pieces, yielding to the event loop between them; returns undefined if the scan ended meanwhile. */
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
        // An error of a report is reported when the report is ended.
        return this[Symbol.dispose]();
      }
      this.#schedule(Math.max(EVERY_MS, (performance.now() - before) * COST_SHARE));
    }, waitMs);
  }
}

/**
 * Segments without a token that may belong to a probe: bare SYNs, and ACKs of other connections. The host and port of each are
 * looked for among all probes in flight, so that few are looked at, and none is believed while most belong to nothing: then
 * somebody sends them to many ports.
 *
 * @module
 */

/** Segments looked at in a step of the engine, at least one; and slots that are searched for them. */
const LOOKS_PER_STEP = 16;
const SLOTS_PER_STEP = 1 << 16;
/** Segments that belong to nothing, and those for each that does, up to which the others are believed. */
const TOLERATED = 256;
const TOLERATED_PER_MATCH = 8;
/** How long it takes until the counts weigh half as much, in milliseconds. */
const HALF_LIFE_MS = 1000;

/** How many stray segments there are. */
export class Strays {
  #looks = 0;
  #matched = 0;
  #unmatched = 0;
  #halvedAt = 0;

  /** Begins a step at `nowMs`; a look is a search through `slots`. */
  begin(nowMs: number, slots: number): void {
    this.#looks = Math.max(1, Math.min(LOOKS_PER_STEP, SLOTS_PER_STEP / slots));
    if (nowMs - this.#halvedAt < HALF_LIFE_MS) return;
    this.#halvedAt = nowMs;
    this.#matched /= 2;
    this.#unmatched /= 2;
  }

  /** Whether the probe of one more segment may be looked for. */
  mayLook(): boolean {
    if (this.#looks >= 1) {
      this.#looks--;
      return true;
    }
    this.#unmatched++;
    return false;
  }

  /** Counts a segment that was looked at; `matched` where there is a probe to which it may belong. */
  looked(matched: boolean): void {
    if (matched) this.#matched++;
    else this.#unmatched++;
  }

  /** True while so many segments belong to nothing that none is believed. */
  get areForged(): boolean {
    return this.#unmatched > TOLERATED + TOLERATED_PER_MATCH * this.#matched;
  }
}

/**
 * The rate of the connections of service detection, as a part of that of the scan.
 *
 * @module
 */

/** The share of a limited rate that is left to connections while ports are probed. */
const RATE_SHARE = 0.1;
/** The packets that count as probes in one connection: its SYN, and what is sent. */
const PROBES_PER_CONNECTION = 2;
/** Connections of a limited rate that may be made together, as a time in which they would be made one by one. */
const BURST_MS = 50;
/** The longest wait before the rate is looked at again: it may have been changed. */
const MAX_WAIT_MS = 1000;

/** The connections that may be made now. */
export class ConnectionRate {
  readonly #maxRatePps: () => number;
  #allowed = 1;
  #atMs: number;

  /** @param maxRatePps Returns the upper bound of the scan's rate, in probes a second; Infinity without one. */
  constructor(maxRatePps: () => number, nowMs: number) {
    this.#maxRatePps = maxRatePps;
    this.#atMs = nowMs;
  }

  /** Counts a connection and returns 0, or the time after which one may be made, in milliseconds. */
  take(nowMs: number, arePortsProbed: boolean): number {
    const maxRatePps = this.#maxRatePps();
    if (maxRatePps === Infinity) return 0;
    const perMs = maxRatePps / 1000 / PROBES_PER_CONNECTION * (arePortsProbed ? RATE_SHARE : 1);
    this.#allowed = Math.min(Math.max(1, perMs * BURST_MS), this.#allowed + (nowMs - this.#atMs) * perMs);
    this.#atMs = nowMs;
    if (this.#allowed < 1) return Math.min(MAX_WAIT_MS, (1 - this.#allowed) / perMs);
    this.#allowed--;
    return 0;
  }
}

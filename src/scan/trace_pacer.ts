/**
 * The rate of probes that one router is expected to answer. Routers limit the rate of the ICMP errors that they send to one address: Linux
 * sends six at once, and then one a second (icmp(7), icmp_ratelimit).
 *
 * @module
 */

/** Errors of a router that are asked for at once, and the time for each further one in milliseconds. */
const BURST = 4;
const PERIOD_MS = 1050;

/** Spreads probes over time, by the router that is expected to answer them. */
export class Pacer {
  /** By router, when all that was asked of it will have been answered at the lower rate. */
  readonly #busyUntil = new Map<number, number>();

  /** Returns when a probe may leave that a router is expected to answer, and counts it. */
  at(router: number, nowMs: number): number {
    const busyUntil = Math.max(nowMs, this.#busyUntil.get(router) ?? 0);
    this.#busyUntil.set(router, busyUntil + PERIOD_MS);
    return Math.max(nowMs, busyUntil - (BURST - 1) * PERIOD_MS);
  }
}

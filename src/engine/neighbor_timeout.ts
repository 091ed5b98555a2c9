// Hot path: nothing here may allocate per packet, but for the first of a host.
/**
 * RSTs of a proxy on the path (pasta) that found no host at the address: they are none of the host's.
 *
 * @module
 */

/** When a proxy's kernel gives up on a neighbor that does not reply: after three ARP requests, a second each (arp(7)). */
const NEIGHBOR_TIMEOUT_MS = [2950, 3500] as const;
/** A path with shorter round trips is one of milliseconds. Unless it is known to be longer, a RST without ACK this late is no host's. */
const SHORT_PATH_MS = 300;
const LATE_RESET_MS = 900;

/**
 * True where a RST is that of a proxy on the path (pasta) that found no host at the address.
 *
 * @param hasAck False for a RST without ACK, as such proxies send it.
 * @param rttMs Milliseconds since the attempt that it answers; below 0 if unknown.
 * @param firstMs Milliseconds since the first attempt: later ones fail together with it.
 * @param pathMs The usual round trip; below 0 if unknown.
 */
function isNeighborTimeout(hasAck: boolean, rttMs: number, firstMs: number, pathMs: number): boolean {
  if (pathMs > SHORT_PATH_MS || hasAck && pathMs < 0) return false;
  const [least, most] = NEIGHBOR_TIMEOUT_MS;
  if (hasAck) return rttMs >= least && rttMs <= most;
  // A later attempt, however short its wait, may be answered before the first.
  return rttMs >= LATE_RESET_MS || firstMs >= least;
}

/** Hosts without a neighbor that are remembered; the RST of one that has appeared comes sooner than this, in milliseconds. */
const MAX_UNRESOLVED = 1 << 16;
const MIN_UNRESOLVED_MS = 50;

/** The hosts of a scan that a proxy has found no neighbor for. */
export class NeighborTimeouts {
  readonly #unresolved = new Set<number>();

  /**
   * True where a RST means that a proxy has found no neighbor; the parameters are those of {@linkcode isNeighborTimeout}.
   *
   * @param measuredMs The round trip as the kernel measured it; below 0 if unknown.
   */
  isRstOfProxy(
    host: number,
    hasAck: boolean,
    rttMs: number,
    measuredMs: number,
    firstMs: number,
    pathMs: number,
  ): boolean {
    // What was queued for a neighbor that is not found fails at one moment, however long it has waited.
    const isKnown = !hasAck && this.#unresolved.has(host) && !(measuredMs >= 0 && measuredMs < MIN_UNRESOLVED_MS);
    if (!isKnown && !isNeighborTimeout(hasAck, rttMs, firstMs, pathMs)) return false;
    if (this.#unresolved.size < MAX_UNRESOLVED) this.#unresolved.add(host);
    return true;
  }
}

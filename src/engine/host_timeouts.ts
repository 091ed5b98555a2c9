// Hot path: nothing here may allocate per packet.
/**
 * The time that each host of a scan may take (`--host-timeout`), from its first probe on, in all passes of its address family together. Memory
 * grows with the hosts that are probed.
 *
 * @module
 */

import { U32Map } from "../collections/u32_map.ts";

/** The times of hosts, in milliseconds of any clock. */
export class HostTimeouts {
  readonly #limitMs: number;
  /** When the first probe of each host was sent, in whole milliseconds since that of the first host. */
  readonly #beganMs = new U32Map();
  #firstMs = -1;
  /** The time for which the hosts of IPv4, and of IPv6, have waited for passes of the other family. */
  readonly #waitedMs = [0, 0];
  readonly #firstOfIpv6: number;

  /**
   * @param limitMs The time that each host may take.
   * @param firstOfIpv6 The lowest number of a host of IPv6.
   */
  constructor(limitMs: number, firstOfIpv6 = Infinity) {
    this.#limitMs = limitMs;
    this.#firstOfIpv6 = firstOfIpv6;
  }

  /** Notes that the hosts of an address family were not probed for so long, because passes of the other one ran. */
  wait(family: 4 | 6, ms: number): void {
    this.#waitedMs[family === 6 ? 1 : 0]! += ms;
  }

  /** Returns a time without that for which the hosts of the family have waited. */
  #timeOf(host: number, nowMs: number): number {
    return nowMs - this.#waitedMs[host >= this.#firstOfIpv6 ? 1 : 0]!;
  }

  /** Notes that a host is probed at `nowMs`; later calls for it change nothing. */
  begin(host: number, nowMs: number): void {
    if (this.#beganMs.get(host) >= 0) return;
    if (this.#firstMs < 0) this.#firstMs = nowMs;
    this.#beganMs.add(host, Math.max(0, Math.floor(this.#timeOf(host, nowMs) - this.#firstMs)));
  }

  /** Returns true if the time of some host can be up. */
  canBeOver(nowMs: number): boolean {
    return this.#firstMs >= 0 && nowMs - this.#firstMs >= this.#limitMs;
  }

  /** Returns true for a host whose time is up. */
  isOver(host: number, nowMs: number): boolean {
    if (!this.canBeOver(nowMs)) return false;
    const beganMs = this.#beganMs.get(host);
    return beganMs >= 0 && this.#timeOf(host, nowMs) - this.#firstMs - beganMs >= this.#limitMs;
  }
}

/**
 * Addresses of IPv6 that this machine would send to.
 *
 * @module
 */

import { ERRNO } from "../../ffi/errno.ts";
import { findSource6, Inet6, INET6_ADDRESS } from "../../ffi/ipv6_socket.ts";
import { writeIpv6Address } from "../wire/address6.ts";

/** Targets whose routes are looked up; more are taken to be like these. */
const MAX_LOOKUPS = 256;

/** Finds out whether this machine would send to addresses. */
export class Ipv6Reach {
  readonly #name = new Inet6();
  readonly #known = new Map<string, string | undefined>();

  /** Returns the reason for which nothing can be sent to an address; undefined if something can be. */
  problem(address: bigint, scope: number): string | undefined {
    // Addresses of a /64 have one route, but for the few that are this machine's.
    const key = `${address >> 64n === 0n ? address : address >> 64n} ${scope}`;
    if (this.#known.has(key) || this.#known.size >= MAX_LOOKUPS) return this.#known.get(key);
    writeIpv6Address(this.#name.view, INET6_ADDRESS, address);
    this.#name.set(9, scope);
    const errno = findSource6(this.#name);
    const why = errno === 0 ? undefined : WHY.get(errno) ?? "the kernel has no way to it by IPv6";
    this.#known.set(key, why);
    return why;
  }
}

const WHY: ReadonlyMap<number, string> = new Map([
  [ERRNO.ENETUNREACH, "this machine has no route to it by IPv6"],
  [ERRNO.EADDRNOTAVAIL, "this machine has no IPv6 address to send from"],
  [ERRNO.EAFNOSUPPORT, "this machine has no IPv6"],
]);

/**
 * A local stand-in for the part of `@std/net/unstable-ip` that synscan uses. Both say the same of well-formed addresses
 * and of most others; the package lets some damaged ones pass (an empty octet, for one) that this refuses.
 *
 * @module
 */

import net from "node:net";

/** Says whether the text is an IPv4 address: four decimal octets. */
export function isIPv4(addr: string): boolean {
  return net.isIPv4(addr);
}

/** Says whether the text is an IPv6 address. */
export function isIPv6(addr: string): boolean {
  return net.isIPv6(addr);
}

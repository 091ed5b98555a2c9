/**
 * A local stand-in for the part of `@std/net/unstable-ip` that synscan uses. Like the package it lets some damaged
 * addresses pass and refuses a rare good one, so it is no check of what somebody typed.
 *
 * @module
 */

/** Says whether the text is four parts with dots between them, each read by `Number` as 0 to 255: an empty one is 0. */
export function isIPv4(addr: string): boolean {
  const octets = addr.split(".").map(Number);
  return octets.length === 4 && octets.every((octet) => octet >= 0 && octet <= 255);
}

/**
 * Says whether the text is an IPv6 address, perhaps ending in an IPv4 address. Any empty group stands for as many zeros
 * as are missing, and what follows the digits of a group is not looked at. A `::` at an end stands for two at least.
 */
export function isIPv6(addr: string): boolean {
  const groups = addr.split(":");
  if (groups.length > 8 || addr.split("::").length > 2) return false;
  if (addr.includes(".")) {
    if (groups.length === 1 || !isIPv4(groups.pop() ?? "")) return false;
    groups.push("");
  }
  if (groups.length < 8 && !groups.includes("")) return false;
  return groups.every((group) => {
    const value = group === "" ? 0 : parseInt(group, 16);
    return value >= 0 && value <= 0xffff;
  });
}

/**
 * Paths to targets, by which the TTL of their replies differs: on the link, through a gateway, or through a
 * program of this machine that takes packets from a tun or tap interface.
 *
 * @module
 */

import { dumpAddresses, type InterfaceAddress } from "../../ffi/netlink/address.ts";
import { dumpLinks } from "../../ffi/netlink/link.ts";
import { isRouted } from "../../ffi/netlink/route.ts";
import type { AddressBook } from "../target/address_book.ts";
import { BEYOND_GATEWAY, BEYOND_PROGRAM, ON_LINK } from "./driver.ts";
import type { RouteMap } from "../transport/route_plan.ts";

/**
 * Returns the path to a host as a code of {@linkcode Driver.pathTo}; undefined if every target is on the link.
 *
 * @throws {SyscallError} If the kernel does not list its links and addresses.
 */
export function pathKinds(routes: RouteMap, book: AddressBook): ((host: number) => number) | undefined {
  const isUnicast = ({ answer }: RouteMap["segments"][number]) => isRouted(answer) && answer.type === "unicast";
  if (!routes.segments.some(isUnicast)) return undefined;
  // The kernel calls the kind `tun` for tap interfaces too (drivers/net/tun.c).
  const programs = new Set(dumpLinks().filter(({ kind }) => kind === "tun").map(({ index }) => index));
  const addresses = programs.size === 0
    ? []
    : dumpAddresses().filter(({ interfaceIndex }) => programs.has(interfaceIndex));
  const kinds = routes.segments.map(({ answer }) => {
    if (!isRouted(answer) || answer.type !== "unicast") return ON_LINK;
    if (programs.has(answer.interfaceIndex)) return BEYOND_PROGRAM;
    return answer.gateway !== undefined || answer.gateway6 !== undefined ? BEYOND_GATEWAY : ON_LINK;
  });
  if (kinds.every((kind) => kind === ON_LINK)) return undefined;
  return (host) => {
    const kind = kinds[routes.indexFor(host)]!;
    // What is on a tap's own network may be the program's own address, which has no router before it.
    return kind === BEYOND_PROGRAM && addresses.some((own) => isOnNetwork(own, book.address(host))) ? ON_LINK : kind;
  };
}

function isOnNetwork({ peer, prefixLen }: InterfaceAddress, address: number): boolean {
  return prefixLen > 0 && (peer ^ address) >>> (32 - prefixLen) === 0;
}

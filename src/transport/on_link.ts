/**
 * The targets that are on own links, without what asks them.
 *
 * @module
 */

import { ARPHRD_ETHER } from "../../ffi/constants.ts";
import { dumpLinks, type Link } from "../../ffi/netlink/link.ts";
import { isRouted } from "../../ffi/netlink/route.ts";
import { type AddressBook, familyOf } from "../target/address_book.ts";
import type { RouteMap } from "./route_plan.ts";

/** Addresses whose hosts are on an Ethernet of this machine. */
export interface OnLinkRange {
  readonly first: number;
  readonly last: number;
  /** The Ethernet interface, whose hardware address has six bytes. */
  readonly link: Link;
  /** The address that requests come from. */
  readonly source: number;
}

/**
 * Returns the ranges of targets of an address family that are on an own link where neighbours are found by ARP or neighbor discovery,
 * ascending and disjoint; hosts of IPv6 by their numbers, and without a source.
 */
export function onLinkRanges(routes: RouteMap, book: AddressBook, family: 4 | 6): OnLinkRange[] {
  // Read only if a target may be on one.
  let links: ReadonlyMap<number, Link> | undefined;
  return routes.segments.flatMap(({ first, last, answer }) => {
    if (!isRouted(answer) || answer.type !== "unicast" || familyOf(book, first) !== family) return [];
    if (answer.gateway !== undefined || answer.gateway6 !== undefined) return [];
    links ??= new Map(dumpLinks().map((link) => [link.index, link]));
    const link = links.get(answer.interfaceIndex);
    const isEthernet = link?.type === ARPHRD_ETHER && !link.noArp && link.hardwareAddress?.length === 6;
    if (!isEthernet) return [];
    if (family === 6) return [{ first, last, link, source: 0 }];
    return [{ first: book.address(first), last: book.address(last), link, source: answer.source ?? 0 }];
  });
}

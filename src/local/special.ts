/**
 * IPv4 addresses that no host of the network has: they stand for this host, for all hosts on a link, or for a group. The
 * kernel sends nothing to some of them, and replies to others come from other addresses.
 *
 * @module
 */

import { SyscallError } from "../../ffi/errno.ts";
import { dumpLinks } from "../../ffi/netlink/link.ts";
import { INET } from "../../ffi/netlink/family.ts";
import { dumpRoutes, getRoute } from "../../ffi/netlink/route.ts";
import { Netlink } from "../../ffi/netlink/socket.ts";
import { type AddressBook, familyOf } from "../target/address_book.ts";
import { isLoopback } from "../wire/address.ts";

/** A range of such addresses. */
interface SpecialRange {
  readonly first: number;
  readonly last: number;
  /** A description, as the end of the sentence "it is ...". */
  readonly what: string;
  /** The advice to the user. */
  readonly instead: string;
}

/** A set of addresses, in their order. */
interface Addresses {
  readonly size: number;
  at(index: number): number;
  has(address: number): boolean;
}

/** The broadcast address of every link. */
const BROADCAST = 0xffffffff;
const NAME_A_HOST = "Name the address of a host";

/** Addresses that are special on every machine: RFC 1122 section 3.2.1.3, RFC 5771, RFC 919. */
const EVERYWHERE: readonly SpecialRange[] = [
  { first: 0, last: 0, what: "this host", instead: "Scan 127.0.0.1" },
  { first: 0xe0000000, last: 0xefffffff, what: "a multicast address", instead: NAME_A_HOST },
  { first: BROADCAST, last: BROADCAST, what: "the broadcast address of every link", instead: NAME_A_HOST },
];

/** Addresses that are looked up one by one at most: to read all routes takes longer. */
const FEW_TARGETS = 4;

/** Lists the special addresses of this machine among the targets, and those of every machine, in no order. */
export function specialAddresses(targets: Addresses): SpecialRange[] {
  try {
    using netlink = new Netlink();
    const broadcast = targets.size <= FEW_TARGETS ? broadcastOfFew(targets, netlink) : dumpRoutes(INET, netlink)
      .filter(({ type, prefixLen, destination }) =>
        type === "broadcast" && prefixLen === 32 && targets.has(destination)
      );
    if (broadcast.length === 0) return [...EVERYWHERE];
    const names = new Map(dumpLinks(netlink).map(({ index, name }) => [index, name]));
    return [
      ...EVERYWHERE,
      ...broadcast.map(({ destination, interfaceIndex }) => ({
        first: destination,
        last: destination,
        what: `the broadcast address of ${names.get(interfaceIndex) ?? "an own link"}`,
        instead: NAME_A_HOST,
      })),
    ];
  } catch (error) {
    if (!(error instanceof SyscallError)) throw error;
    return [...EVERYWHERE];
  }
}

/** Returns the broadcast addresses of links among few targets. */
function broadcastOfFew(targets: Addresses, netlink: Netlink): { destination: number; interfaceIndex: number }[] {
  const addresses = Array.from({ length: targets.size }, (_, index) => targets.at(index));
  return addresses.flatMap((destination) => {
    const answer = getRoute(destination, { netlink });
    const isBroadcast = answer.type === "broadcast" && destination !== BROADCAST;
    return isBroadcast ? [{ destination, interfaceIndex: answer.interfaceIndex }] : [];
  });
}

/** Returns true for a loopback address, whose name is in the hosts file, if it has one. */
export function isOwnMachine(book: AddressBook, host: number): boolean {
  return familyOf(book, host) === 6 ? book.ipv6!.addressOf(host) === 1n : isLoopback(book.address(host));
}

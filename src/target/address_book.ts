/**
 * Host numbers and addresses. Engine, tables, rows, journal and reports know hosts by numbers of 32 bits; an address book turns
 * them into addresses for packets and routes and into text for people, and back. IPv6 needs another book, and no other engine.
 *
 * @module
 */

import type { HostAddresses } from "../result/port_result.ts";
import { formatIpv4, parseIpv4 } from "../wire/address.ts";
import type { Ranges } from "./ranges.ts";

/** In place of the number of a host: it is none of the book. */
export const NO_HOST = -1;

/**
 * An address book: the numbers of a scan's hosts, in the order of their addresses. Number 0 is no host and no sender. Numbers that
 * neighbour each other may be those of addresses that do not.
 */
export interface AddressBook extends HostAddresses {
  /** The addresses of hosts of IPv6; undefined in a scan without any. All other methods are of IPv4. */
  readonly ipv6?: Ipv6Addresses;
  /** Returns the number of the host with an address; {@linkcode NO_HOST} if none has it. */
  find(address: number): number;
  /**
   * Returns the number of the sender of a packet, which is mostly no target: then it has a number beside those of the hosts.
   * Packets can be forged, so the number of such senders has a bound; 0 beyond it, which stands for an unknown sender.
   */
  sender(address: number): number;
  /** Returns the number of the last host whose address is at most `address`; one less than that of the first if there is none. */
  lastUpTo(address: number): number;
  /** Returns the numbers of those hosts whose addresses are in a set. */
  numbers(addresses: Ranges): Ranges;
  /** Returns a number for the network of a host, a /24 of IPv4 or a /64 of IPv6 in one zone: no two networks have the same. */
  networkOf(host: number): number;
}

/**
 * The addresses of hosts of IPv6, as 16 bytes in network order. Their numbers follow each other, in the order of the zone and then of
 * the address. Nothing but {@linkcode Ipv6Addresses.bytesOf} and {@linkcode Ipv6Addresses.text} allocates.
 */
export interface Ipv6Addresses {
  /** The number of the first host. All numbers from here on are of IPv6. */
  readonly first: number;
  /** The number of the last host; numbers above are of senders that are no hosts. */
  readonly last: number;
  /** Writes the address of a host or a sender at an offset. */
  write(host: number, view: DataView, at: number): void;
  /** Returns the index of the interface that is the zone of a host's address (RFC 4007); 0 for an address without a zone. */
  scopeOf(host: number): number;
  /**
   * Returns the number of the host whose address is at an offset; {@linkcode NO_HOST} if none has it.
   *
   * @param scope The index of the interface by which the packet came; 0 if it is not known. It counts for link-local addresses only.
   */
  find(view: DataView, at: number, scope: number): number;
  /** Returns the number of the sender of a packet, as {@linkcode AddressBook.sender} does. */
  sender(view: DataView, at: number, scope: number): number;
  /** Returns the address of a host or a sender. */
  addressOf(host: number): bigint;
  /** Returns the number of the last host in a zone whose address is at most `address`; one less than that of the first if there is none. */
  lastUpTo(address: bigint, scope: number): number;
  /** Returns an address as text, with its zone. */
  text(host: number): string;
  /** Returns a number for the network of a host: that of its first host. */
  networkOf(host: number): number;
}

/** Returns the address family of a host. */
export function familyOf({ ipv6 }: AddressBook, host: number): 4 | 6 {
  return ipv6 !== undefined && host >= ipv6.first ? 6 : 4;
}

/** Bits of an IPv4 address behind its network. */
const NETWORK_SHIFT = 8;

/** The book of IPv4: the number of a host is its address. */
export const IPV4_BOOK: AddressBook = {
  text: formatIpv4,
  hostOf: (ip) => parseIpv4(ip) ?? NO_HOST,
  address: (host) => host,
  stretches: (first, last) => [[first, last]],
  find: (address) => address,
  sender: (address) => address,
  lastUpTo: (address) => address,
  numbers: (addresses) => addresses,
  networkOf: (host) => host >>> NETWORK_SHIFT,
};

/** Returns the addresses of the hosts from `first` to `last` as text, a range for those that are neighbours: `192.0.2.1-192.0.2.9`. */
export function rangeTexts(book: HostAddresses, first: number, last: number): string[] {
  return Array.from(
    book.stretches(first, last),
    ([from, to]) => from === to ? book.text(from) : `${book.text(from)}-${book.text(to)}`,
  );
}

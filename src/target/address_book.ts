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
}

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
};

/** Returns the addresses of the hosts from `first` to `last` as text, a range for those that are neighbours: `192.0.2.1-192.0.2.9`. */
export function rangeTexts(book: HostAddresses, first: number, last: number): string[] {
  return Array.from(
    book.stretches(first, last),
    ([from, to]) => from === to ? book.text(from) : `${book.text(from)}-${book.text(to)}`,
  );
}

/**
 * Hosts of IPv6 as transports and drivers of packets know them: by their numbers alone. Where packets of IPv4 have an address of 32 bits,
 * which is the number of its host, those of IPv6 have 16 bytes, which nothing but techniques, senders and route lookups see.
 *
 * @module
 */

import type { AddressBook } from "../target/address_book.ts";

/** Returns a view of a book in which the address of a host, and of a sender, is its number. */
export function ipv6Numbers(book: AddressBook): AddressBook {
  const same = (number: number) => number;
  return {
    text: (host) => book.text(host),
    hostOf: (ip) => book.hostOf(ip),
    stretches: (first, last) => book.stretches(first, last),
    numbers: (hosts) => hosts,
    networkOf: (host) => book.networkOf(host),
    ...{ address: same, find: same, sender: same, lastUpTo: same },
    ...book.ipv6 === undefined ? {} : { ipv6: book.ipv6 },
  };
}

/**
 * An address book as IPv6 needs one: the number of a host is its place in the sorted list of the scan's addresses, from 1 on. The
 * addresses are those of IPv4 here, so that the same packets, routes and reports can be compared with those of the other book.
 *
 * @module
 */

import { lastAtMost } from "../../src/collections/sorted_search.ts";
import { type AddressBook, IPV4_BOOK, NO_HOST } from "../../src/target/address_book.ts";
import { Ranges } from "../../src/target/ranges.ts";
import { formatIpv4, parseIpv4 } from "../../src/wire/address.ts";

/** Senders that are no hosts and have a number. */
const MAX_SENDERS = 64;

/** A book of listed addresses. */
export class ListBook implements AddressBook {
  readonly #addresses: Float64Array;
  /** Addresses of senders that are no hosts: their numbers follow those of the hosts. */
  readonly senders: number[];

  /** @param senders The senders that an earlier book of the same addresses had. */
  constructor(addresses: Iterable<number>, senders: readonly number[] = []) {
    this.#addresses = Float64Array.from(new Set(addresses)).sort();
    this.senders = [...senders];
  }

  text(host: number): string {
    return formatIpv4(this.address(host));
  }

  hostOf(ip: string): number {
    const address = parseIpv4(ip);
    return address === undefined ? NO_HOST : this.find(address);
  }

  address(host: number): number {
    return this.#addresses[host - 1] ?? this.senders[host - 1 - this.#addresses.length] ?? NO_HOST;
  }

  *stretches(first: number, last: number): Generator<readonly [first: number, last: number]> {
    for (let from = first; from <= last;) {
      let to = from;
      while (to < last && this.address(to + 1) === this.address(to) + 1) to++;
      yield [from, to];
      from = to + 1;
    }
  }

  find(address: number): number {
    const host = this.lastUpTo(address);
    return host > 0 && this.address(host) === address ? host : NO_HOST;
  }

  sender(address: number): number {
    const host = this.find(address);
    if (host !== NO_HOST) return host;
    let index = this.senders.indexOf(address);
    if (index < 0 && this.senders.length < MAX_SENDERS) index = this.senders.push(address) - 1;
    return index < 0 ? 0 : this.#addresses.length + 1 + index;
  }

  lastUpTo(address: number): number {
    return lastAtMost(this.#addresses, address) + 1;
  }

  networkOf(host: number): number {
    return IPV4_BOOK.networkOf(this.address(host));
  }

  numbers(addresses: Ranges): Ranges {
    const pairs = Array.from(
      addresses,
      ([first, last]) => [this.lastUpTo(first - 1) + 1, this.lastUpTo(last)] as const,
    );
    return Ranges.from(pairs.filter(([first, last]) => first <= last));
  }
}

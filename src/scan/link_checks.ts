/**
 * Checks of what stations reply to ARP: one that replies for an address that no host has replies for every address (a router with
 * proxy ARP, a program behind a tap interface), so that its replies prove nothing; and two that reply for one address.
 *
 * @module
 */

import { noteCode, NoteTable } from "../engine/notes.ts";
import type { AddressBook } from "../target/address_book.ts";
import { Ranges } from "../target/ranges.ts";
import type { LinkProber } from "../transport/link_prober.ts";
import { within } from "./discovery.ts";

/** The note on a host whose station replies for every address. */
const PROXY_ARP_NOTE = noteCode(
  "proxy-arp: its hardware address replies to ARP for addresses that no host has too",
);
const DUPLICATE_NOTE = noteCode("two hardware addresses reply to ARP for it");
/** Networks for documentation (RFC 5737), whose addresses no host has. */
const UNOWNED = [0xc000_0200, 0xc633_6400, 0xcb00_7100];
/** Hosts of such a network. */
const UNOWNED_COUNT = 254;
/** Time to wait for a reply at the end of the pass, in milliseconds: hosts have replied by then. */
const WAIT_MS = 2;

/** The checks of one worker. */
export class LinkChecks {
  readonly #prober: LinkProber;
  readonly #book: AddressBook;
  /** An address that no host has. */
  readonly #unowned: number;

  /** @param links The hosts that are asked by ARP. */
  constructor(prober: LinkProber, links: Ranges, book: AddressBook) {
    this.#prober = prober;
    this.#book = book;
    const random = 1 + crypto.getRandomValues(new Uint32Array(1))[0]! % UNOWNED_COUNT;
    this.#unowned =
      UNOWNED.map((network) => network + random).find((address) => within(links, this.#numberOf(address)).size === 0) ??
        0;
  }

  /** Asks for the address that no host has. */
  ask(): void {
    if (this.#unowned !== 0) this.#prober.request(this.#unowned);
  }

  /** Asks once more, and waits for the reply. */
  async settle(): Promise<void> {
    if (this.#proxy !== 0) return;
    this.ask();
    await this.#prober.wait(WAIT_MS);
  }

  /** True for a host whose station has replied for the address that no host has. */
  isProxied(host: number): boolean {
    const proxy = this.#proxy;
    return proxy !== 0 && this.#prober.macOf(this.#book.address(host)) === proxy;
  }

  /** True once any station has replied for it. */
  get hasProxy(): boolean {
    return this.#proxy !== 0;
  }

  /** Returns notes on hosts, as rows. */
  notes(proxied: Iterable<number>): Uint32Array<ArrayBuffer> {
    const notes = new NoteTable();
    for (const host of proxied) notes.addHost(host, PROXY_ARP_NOTE);
    for (const { host: address } of this.#prober.duplicates) {
      for (const [host] of this.#numberOf(address)) notes.addHost(host, DUPLICATE_NOTE);
    }
    return notes.rows();
  }

  #numberOf(address: number): Ranges {
    return this.#book.numbers(Ranges.from([[address, address]]));
  }

  get #proxy(): number {
    this.#prober.lastReplyMs(this.#unowned, performance.now());
    return this.#prober.macOf(this.#unowned);
  }
}

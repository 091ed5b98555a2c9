/**
 * The names by which targets were given.
 *
 * @module
 */
import type { NamesByHost } from "../result/port_result.ts";
import type { AddressBook } from "./address_book.ts";
import type { PortSet } from "./ports.ts";

/** A host name as typed, with the ports that were given for it. */
interface HostName {
  readonly name: string;
  readonly ports: PortSet;
}

const NONE: readonly string[] = [];

/** The names of one host: all of them, and the names per port where these differ. */
interface Entry {
  readonly names: readonly HostName[];
  readonly all: readonly string[];
  /** Lists of names by their text, so that results with the same names share one list. */
  readonly lists: Map<string, readonly string[]>;
}

/**
 * Returns one key for all spellings of a name that differ in case only (RFC 4343). A final dot is significant: without it, a
 * resolver may append a domain (resolv.conf(5)).
 */
export function nameKey(name: string): string {
  return name.toLowerCase();
}

/** The names of all hosts. Immutable. */
export class HostNames implements NamesByHost {
  readonly #entries = new Map<number, Entry>();

  readonly #book: AddressBook;

  /** @param hosts The names of each host, in the order in which they were typed. */
  constructor(hosts: Iterable<readonly [host: number, names: readonly HostName[]]>, book: AddressBook) {
    this.#book = book;
    for (const [host, names] of hosts) {
      const all = names.map(({ name }) => name);
      this.#entries.set(host, { names, all, lists: new Map([[all.join(), all]]) });
    }
  }

  /** The number of hosts with names. */
  get size(): number {
    return this.#entries.size;
  }

  of(ip: string): readonly string[] {
    return this.#entries.get(this.#book.hostOf(ip))?.all ?? NONE;
  }

  at(ip: string, port: number): readonly string[] {
    return this.namesAt(this.#book.hostOf(ip), port);
  }

  /** As {@linkcode HostNames.at}, by the host's number. */
  namesAt(host: number, port: number): readonly string[] {
    const entry = this.#entries.get(host);
    if (entry === undefined) return NONE;
    const names = entry.names.filter(({ ports }) => ports.has(port)).map(({ name }) => name);
    if (names.length === entry.all.length) return entry.all;
    if (names.length === 0) return NONE;
    const key = names.join();
    const list = entry.lists.get(key) ?? names;
    entry.lists.set(key, list);
    return list;
  }

  /** Every name of every host, with its ports as text. */
  *[Symbol.iterator](): Iterator<{ readonly ip: string; readonly name: string; readonly ports: string }> {
    for (const [host, { names }] of this.#entries) {
      for (const { name, ports } of names) yield { ip: this.#book.text(host), name, ports: ports.toString() };
    }
  }
}

// Hot path: write, find and sender run for every packet and allocate nothing.
/**
 * The address book of a scan that has hosts of IPv6. Their numbers are positions among their sorted addresses, above those of IPv4.
 *
 * @module
 */

import { lastAtMost } from "../collections/sorted_search.ts";
import { formatIpv4, parseIpv4 } from "../wire/address.ts";
import {
  formatIpv6,
  IPV6_LEN,
  IPV6_MAX,
  isLinkLocal,
  parseIpv6,
  readIpv6Address,
  writeIpv6Address,
} from "../wire/address6.ts";
import { type AddressBook, IPV4_BOOK, type Ipv6Addresses, NO_HOST } from "./address_book.ts";
import { type Ipv6Pattern, PatternBook, patternSize } from "./ipv6_pattern.ts";
import { prefixFinder } from "./ipv6_prefix.ts";
import { FIRST_SENDER, Senders, SENDERS_LEN } from "./ipv6_senders.ts";
import { Ranges, type RangesBuilder } from "./ranges.ts";

/** Neighbouring IPv6 addresses in one zone. */
export interface Ipv6Range {
  /** The first address, as a number of 128 bits. */
  readonly first: bigint;
  /** The last address. */
  readonly last: bigint;
  /** The index of the interface that is the zone of the addresses; 0 without one. */
  readonly scope: number;
}

/** The first number of hosts of IPv6 in a scan that has hosts of IPv4 too: the addresses of 240.0.0.0/4 are of no hosts (RFC 1112). */
const FIRST_BESIDE_IPV4 = 0xf000_0000;
/** 32-bit words of an address with its zone: the zone, and the address from its most significant word on. */
const WORDS = 5;

/** The parts of a book, which can be sent to another thread. */
export interface Ipv6BookParts {
  /** Zone and first address of each range, five words each, in ascending order. */
  readonly ranges: Uint32Array;
  /** The number of the first host of each range. */
  readonly numbers: Uint32Array;
  /** The number of the last host. */
  readonly last: number;
  /** The names of the interfaces that are zones. */
  readonly zones: readonly (readonly [index: number, name: string])[];
  /** The memory of senders that are no hosts. */
  readonly senders: SharedArrayBuffer;
  /** In place of the ranges. */
  readonly pattern?: Ipv6Pattern;
}

/** A book as a checkpoint keeps it (`ScanSnapshot.ipv6`): its ranges, if they are not too many, and its senders. */
interface KeptBook extends Pick<Ipv6BookParts, "last" | "zones"> {
  readonly ranges: readonly number[];
  readonly numbers: readonly number[];
  readonly senders: readonly number[];
}

/** More ranges are not kept: a checkpoint does not grow with the targets. */
const MAX_KEPT = 4096;

/** Returns the book that a checkpoint has kept; undefined if its ranges were too many. */
export function keptBook({ ranges, numbers, last, zones, senders }: KeptBook): DualBook | undefined {
  if (ranges.length === 0) return undefined;
  const book = new DualBook({
    ...{ ranges: Uint32Array.from(ranges), numbers: Uint32Array.from(numbers), last, zones },
    senders: new SharedArrayBuffer(SENDERS_LEN),
  });
  book.senders.take(senders);
  return book;
}

/** Returns the largest number of IPv6 hosts of a scan. */
export function ipv6Capacity(hasIpv4: boolean): number {
  return hasIpv4 ? FIRST_SENDER - FIRST_BESIDE_IPV4 : 2 ** 32;
}

/** Returns the parts of the book of hosts with these addresses; undefined if they are more than {@linkcode ipv6Capacity}. */
export function ipv6BookParts(
  addresses: Iterable<Ipv6Range>,
  hasIpv4: boolean,
  zones: Ipv6BookParts["zones"],
): Ipv6BookParts | undefined {
  const merged = mergedRanges(addresses);
  const size = merged.reduce((sum, { first, last }) => sum + Number(last - first) + 1, 0);
  if (size > ipv6Capacity(hasIpv4)) return undefined;
  const ranges = new Uint32Array(WORDS * merged.length);
  const numbers = new Uint32Array(merged.length);
  let number = firstNumber(size, hasIpv4);
  for (const [i, { first, last, scope }] of merged.entries()) {
    ranges[WORDS * i] = scope;
    for (let word = 0; word < 4; word++) {
      ranges[WORDS * i + 1 + word] = Number(BigInt.asUintN(32, first >> BigInt(96 - 32 * word)));
    }
    numbers[i] = number;
    number += Number(last - first) + 1;
  }
  return {
    ranges,
    numbers,
    last: number - 1,
    zones,
    senders: new SharedArrayBuffer(SENDERS_LEN),
  };
}

/** Returns the parts of the book of a pattern; undefined if its hosts are more than {@linkcode ipv6Capacity}. */
export function ipv6PatternParts(pattern: Ipv6Pattern, hasIpv4: boolean): Ipv6BookParts | undefined {
  const size = patternSize(pattern);
  if (size > ipv6Capacity(hasIpv4)) return undefined;
  const first = firstNumber(size, hasIpv4);
  return {
    ...{ ranges: new Uint32Array(), numbers: Uint32Array.of(first), last: first + size - 1, zones: [], pattern },
    senders: new SharedArrayBuffer(SENDERS_LEN),
  };
}

/** Returns the number of the first host. Where hosts need every number there is, senders that are no hosts have none. */
function firstNumber(size: number, hasIpv4: boolean): number {
  return hasIpv4 ? FIRST_BESIDE_IPV4 : size < FIRST_SENDER ? 1 : 0;
}

/** Returns ranges in ascending order of zone and address, joined where they overlap or touch. */
function mergedRanges(ranges: Iterable<Ipv6Range>): Ipv6Range[] {
  const sorted = [...ranges].sort((one, other) =>
    one.scope - other.scope || (one.first < other.first ? -1 : one.first > other.first ? 1 : 0)
  );
  const merged: Ipv6Range[] = [];
  for (const range of sorted) {
    const before = merged.at(-1);
    if (before === undefined || before.scope !== range.scope || range.first > before.last + 1n) merged.push(range);
    else if (range.last > before.last) merged[merged.length - 1] = { ...before, last: range.last };
  }
  return merged;
}

/** Returns a book of the hosts with these addresses of either family, in which the zones of link-local ones have numbers of their own. */
export function bookOfTexts(texts: Iterable<string>): AddressBook {
  const zones = new Map<string, number>();
  const ranges: Ipv6Range[] = [];
  for (const text of texts) {
    if (!text.includes(":")) continue;
    const [digits = "", zone] = text.split("%");
    const address = parseIpv6(digits);
    if (address === undefined) continue;
    if (zone !== undefined && !zones.has(zone)) zones.set(zone, zones.size + 1);
    ranges.push({ first: address, last: address, scope: zone === undefined ? 0 : zones.get(zone)! });
  }
  const names = Array.from(zones, ([name, index]) => [index, name] as const);
  const parts = ranges.length === 0 ? undefined : ipv6BookParts(ranges, true, names);
  return parts === undefined ? IPV4_BOOK : new DualBook(parts);
}

/** Returns the address that a text is, without a zone; undefined if it is none. */
export function addressOfText(text: string): bigint | undefined {
  return text.includes(":") ? parseIpv6(text) : undefined;
}

/** Returns an address without a zone as text. */
export function addressText(address: bigint): string {
  return formatIpv6(address);
}

/** Returns neighbouring addresses as text: `2001:db8::1-2001:db8::9`. */
export function rangeText(first: bigint, last: bigint, zone: string | undefined): string {
  const text = (address: bigint) => formatIpv6(address) + (zone === undefined ? "" : `%${zone}`);
  return first === last ? text(first) : `${text(first)}-${text(last)}`;
}

/** The addresses of hosts of IPv6. */
class Ipv6Book implements Ipv6Addresses {
  readonly first: number;
  readonly last: number;
  readonly #ranges: Uint32Array;
  readonly #numbers: Uint32Array;
  readonly #zones: ReadonlyMap<number, string>;
  /** The zones of hosts, and the only one; 0 if there is none, or more than one. */
  readonly #usedZones: readonly number[];
  readonly #onlyZone: number;
  readonly #senders: Senders;
  readonly #firstSender: number;
  readonly #view = new DataView(new ArrayBuffer(IPV6_LEN));
  readonly #scratch = new DataView(new ArrayBuffer(IPV6_LEN));
  /** The address that was written as text last, and the text of all its groups but the last. */
  readonly #lastText = new DataView(new ArrayBuffer(IPV6_LEN));
  #upperText: string | undefined;

  constructor({ ranges, numbers, last, zones }: Ipv6BookParts, senders: Senders) {
    this.first = numbers[0]!;
    this.last = last;
    this.#ranges = ranges;
    this.#numbers = numbers;
    this.#zones = new Map(zones);
    const used = new Set(Array.from(numbers, (_, i) => ranges[WORDS * i]!).filter((scope) => scope !== 0));
    this.#usedZones = [...used];
    this.#onlyZone = used.size === 1 ? this.#usedZones[0]! : 0;
    this.#senders = senders;
    this.#firstSender = last < FIRST_SENDER ? FIRST_SENDER : Infinity;
  }

  write(host: number, view: DataView, at: number): void {
    if (host >= this.#firstSender) return this.#senders.write(host, view, at);
    const range = this.#rangeOf(host);
    const from = WORDS * range + 1;
    let sum = this.#ranges[from + 3]! + (host - this.#numbers[range]!);
    view.setUint32(at + 12, sum);
    for (let word = 2; word >= 0; word--) {
      sum = this.#ranges[from + word]! + (sum > 0xffff_ffff ? 1 : 0);
      view.setUint32(at + 4 * word, sum);
    }
  }

  scopeOf(host: number): number {
    return host >= this.#firstSender ? this.#senders.scopeOf(host) : this.#ranges[WORDS * this.#rangeOf(host)]!;
  }

  find(view: DataView, at: number, scope: number): number {
    if ((view.getUint16(at) & 0xffc0) !== 0xfe80) return this.#findIn(0, view, at);
    if (scope !== 0 || this.#onlyZone !== 0) return this.#findIn(scope || this.#onlyZone, view, at);
    // The zone is not known: no two hosts of a scan by packets have one address in two of them.
    for (let i = 0; i < this.#usedZones.length; i++) {
      const host = this.#findIn(this.#usedZones[i]!, view, at);
      if (host !== NO_HOST) return host;
    }
    return NO_HOST;
  }

  #findIn(zone: number, view: DataView, at: number): number {
    const host = this.#lastUpTo(view, at, zone);
    return host >= this.first && this.#isAt(host, view, at, zone) ? host : NO_HOST;
  }

  sender(view: DataView, at: number, scope: number): number {
    const host = this.find(view, at, scope);
    if (host !== NO_HOST) return host;
    const zone = (view.getUint16(at) & 0xffc0) === 0xfe80 ? scope || this.#onlyZone : 0;
    return this.#firstSender === Infinity ? 0 : this.#senders.numberOf(view, at, zone);
  }

  addressOf(host: number): bigint {
    this.write(host, this.#scratch, 0);
    return readIpv6Address(this.#scratch, 0);
  }

  lastUpTo(address: bigint, scope: number): number {
    writeIpv6Address(this.#view, 0, address);
    return this.#lastUpTo(this.#view, 0, scope);
  }

  text(host: number): string {
    const scope = this.scopeOf(host);
    this.write(host, this.#scratch, 0);
    return this.#scratchText() + (scope === 0 ? "" : `%${this.#zones.get(scope) ?? scope}`);
  }

  /** Returns the number of the host, or of the sender that has a number, with an address as text. */
  hostOf(text: string): number {
    const [digits = "", zone] = text.split("%");
    const address = parseIpv6(digits);
    if (address === undefined) return NO_HOST;
    writeIpv6Address(this.#view, 0, address);
    let scope = 0;
    if (zone !== undefined && isLinkLocal(address)) {
      scope = [...this.#zones].find(([, name]) => name === zone)?.[0] ?? Number(zone);
      if (!(scope > 0)) return NO_HOST;
    }
    const host = this.#findIn(isLinkLocal(address) ? scope || this.#onlyZone : 0, this.#view, 0);
    if (host !== NO_HOST) return host;
    return this.#senders.find(this.#view, 0, scope);
  }

  networkOf(host: number): number {
    const view = this.#view;
    this.write(host, view, 0);
    view.setUint32(8, 0);
    view.setUint32(12, 0);
    const scope = this.scopeOf(host);
    const last = this.#lastUpTo(view, 0, scope);
    // The last host up to the first address of the network has that address, or is before the network.
    return last >= this.first && this.#isAt(last, view, 0, scope) ? last : last + 1;
  }

  /** Yields the ranges of numbers from `first` to `last` whose addresses are neighbours. */
  *stretches(first: number, last: number): Generator<[first: number, last: number]> {
    for (let range = this.#rangeOf(first); range < this.#numbers.length && this.#numbers[range]! <= last; range++) {
      const end = (this.#numbers[range + 1] ?? this.last + 1) - 1;
      yield [Math.max(first, this.#numbers[range]!), Math.min(last, end)];
    }
  }

  /** Adds to a set the numbers of the hosts whose addresses are in a range; without a zone, in every zone. */
  addNumbers({ first, last, scope }: Ipv6Range, to: RangesBuilder): void {
    for (const zone of scope === 0 ? [0, ...this.#zones.keys()] : [scope]) {
      const from = 1 + (first === 0n ? this.lastUpTo(IPV6_MAX, zone - 1) : this.lastUpTo(first - 1n, zone));
      const until = this.lastUpTo(last, zone);
      if (until >= from) to.add(from, until);
    }
  }

  /** Returns the number of the host with an address in a zone; {@linkcode NO_HOST} if there is none. */
  numberOf(address: bigint, scope: number): number {
    writeIpv6Address(this.#view, 0, address);
    return this.find(this.#view, 0, scope);
  }

  /** Returns the text of the address in the scratch memory. Addresses that are written one after the other differ in the last group, mostly. */
  #scratchText(): string {
    const view = this.#scratch;
    const group = view.getUint16(14);
    if (group === 0) return formatIpv6(readIpv6Address(view, 0));
    const last = this.#lastText;
    const isSame = last.getUint32(0) === view.getUint32(0) && last.getUint32(4) === view.getUint32(4) &&
      last.getUint32(8) === view.getUint32(8) && last.getUint16(12) === view.getUint16(12);
    if (!isSame) {
      for (let at = 0; at < IPV6_LEN; at += 4) last.setUint32(at, view.getUint32(at));
      const text = formatIpv6(readIpv6Address(view, 0));
      // An IPv4 address at the end has two groups.
      this.#upperText = text.includes(".") ? undefined : text.slice(0, text.lastIndexOf(":") + 1);
      return text;
    }
    return this.#upperText === undefined ? formatIpv6(readIpv6Address(view, 0)) : this.#upperText + group.toString(16);
  }

  #rangeOf(host: number): number {
    return this.#numbers.length === 1 ? 0 : lastAtMost(this.#numbers, host);
  }

  /** Returns the number of the last host that is not after an address in a zone. */
  #lastUpTo(view: DataView, at: number, scope: number): number {
    let low = 0, high = this.#numbers.length;
    while (low < high) {
      const middle = low + high >>> 1;
      if (this.#compare(middle, view, at, scope) <= 0) low = middle + 1;
      else high = middle;
    }
    const range = low - 1;
    if (range < 0) return this.first - 1;
    const end = (this.#numbers[range + 1] ?? this.last + 1) - 1;
    const from = WORDS * range;
    if (this.#ranges[from] !== scope) return end;
    // The distance from the first address of the range, if it has no more than 32 bits.
    let distance = 0, borrow = 0;
    for (let word = 3; word >= 0; word--) {
      const difference = view.getUint32(at + 4 * word) - this.#ranges[from + 1 + word]! - borrow;
      if (word === 3) distance = difference >>> 0;
      else if (difference >>> 0 !== 0) return end;
      borrow = difference < 0 ? 1 : 0;
    }
    return Math.min(end, this.#numbers[range]! + distance);
  }

  /** Compares the zone and first address of a range with others: below 0, 0 or above 0. */
  #compare(range: number, view: DataView, at: number, scope: number): number {
    const from = WORDS * range;
    if (this.#ranges[from] !== scope) return this.#ranges[from]! - scope;
    for (let word = 0; word < 4; word++) {
      const difference = this.#ranges[from + 1 + word]! - view.getUint32(at + 4 * word);
      if (difference !== 0) return difference;
    }
    return 0;
  }

  #isAt(host: number, view: DataView, at: number, scope: number): boolean {
    if (this.scopeOf(host) !== scope) return false;
    this.write(host, this.#scratch, 0);
    for (let word = 0; word < 16; word += 4) {
      if (this.#scratch.getUint32(word) !== view.getUint32(at + word)) return false;
    }
    return true;
  }
}

/** The book of a scan that has hosts of IPv6, and perhaps of IPv4. */
export class DualBook implements AddressBook {
  readonly ipv6: Ipv6Book | PatternBook;
  /** Senders that are no hosts. */
  readonly senders: Senders;
  readonly parts: Ipv6BookParts;

  /** @param part The index of the worker. */
  constructor(parts: Ipv6BookParts, part = 0) {
    this.parts = parts;
    this.senders = new Senders(parts.senders, part);
    const { pattern, numbers } = parts;
    this.ipv6 = pattern === undefined
      ? new Ipv6Book(parts, this.senders)
      : new PatternBook(pattern, numbers[0]!, this.senders);
  }

  /** Returns the book in the form of a checkpoint. */
  kept(): KeptBook {
    const { ranges, numbers, last, zones } = this.parts;
    const isSmall = numbers.length <= MAX_KEPT && this.parts.pattern === undefined;
    return {
      ...{ ranges: isSmall ? [...ranges] : [], numbers: isSmall ? [...numbers] : [], last, zones },
      senders: this.senders.kept(),
    };
  }

  text(host: number): string {
    return host >= this.ipv6.first ? this.ipv6.text(host) : formatIpv4(host);
  }

  hostOf(ip: string): number {
    return ip.includes(":") ? this.ipv6.hostOf(ip) : this.find(parseIpv4(ip) ?? NO_HOST);
  }

  prefixFinder(prefixes: readonly string[]): (ip: string) => number {
    return prefixFinder(prefixes);
  }

  address(host: number): number {
    return host >= this.ipv6.first ? NO_HOST : host;
  }

  *stretches(first: number, last: number): Generator<[first: number, last: number]> {
    if (first < this.ipv6.first) yield [first, Math.min(last, this.ipv6.first - 1)];
    if (last >= this.ipv6.first) yield* this.ipv6.stretches(Math.max(first, this.ipv6.first), last);
  }

  find(address: number): number {
    return address < this.ipv6.first ? address : NO_HOST;
  }

  sender(address: number): number {
    return address < this.ipv6.first ? address : 0;
  }

  lastUpTo(address: number): number {
    return Math.min(address, this.ipv6.first - 1);
  }

  numbers(addresses: Ranges): Ranges {
    return addresses.subtract(Ranges.of(this.ipv6.first, 0xffff_ffff));
  }

  networkOf(host: number): number {
    return host >= this.ipv6.first ? this.ipv6.networkOf(host) : IPV4_BOOK.networkOf(host);
  }
}

// Hot path: write, find and sender run for every packet and allocate nothing.
/**
 * Addresses by formula: every prefix of some bits of a wider one, each with the same interface identifiers or with one of its own. Their
 * numbers are in the order of the addresses, and take no memory.
 *
 * @module
 */

import { formatIpv6, IPV6_LEN, isLinkLocal, parseIpv6, readIpv6Address, writeIpv6Address } from "../wire/address6.ts";
import { type Ipv6Addresses, NO_HOST } from "./address_book.ts";
import { FIRST_SENDER, type Senders } from "./ipv6_senders.ts";
import type { RangesBuilder } from "./ranges.ts";

/** The interface identifiers of a pattern. */
export type IidPolicy =
  /** Each prefix has all of these, in ascending order. */
  | { readonly kind: "set"; readonly iids: readonly bigint[] }
  /** Each prefix has one of its own, which looks random and is the same for the same key. */
  | { readonly kind: "random"; readonly key: number }
  /** The same, in the form that is made of a hardware address (RFC 4291 appendix A) of this maker. */
  | { readonly kind: "eui64"; readonly oui: number; readonly key: number };

/** A pattern of addresses. */
export interface Ipv6Pattern {
  /** The first prefix, as a number of 128 bits. */
  readonly base: bigint;
  /** The bits that vary: from this one, counted from the most significant, to the one before the other. */
  readonly from: number;
  readonly to: number;
  readonly policy: IidPolicy;
}

/** Returns the number of addresses of a pattern. */
export function patternSize({ from, to, policy }: Ipv6Pattern): number {
  return 2 ** (to - from) * (policy.kind === "set" ? policy.iids.length : 1);
}

const ADDRESS_BITS = 128;
/** Bits of a network, and those behind it. */
const NETWORK_BITS = 64;
const NETWORK_SHIFT = BigInt(ADDRESS_BITS - NETWORK_BITS);
/** Hosts that are listed one by one. */
const MAX_STRETCHES = 1 << 16;

/** The addresses of a pattern. */
export class PatternBook implements Ipv6Addresses {
  readonly first: number;
  readonly last: number;
  readonly #pattern: Ipv6Pattern;
  readonly #senders: Senders;
  readonly #firstSender: number;
  /** Words of the first prefix, and of each identifier of a set. */
  readonly #base = new Uint32Array(4);
  readonly #iids: Uint32Array;
  /** Identifiers of each prefix. */
  readonly #each: number;
  /** For each of them, the first that has the same bits of a network. */
  readonly #firstIids: Uint32Array;
  /** Prefixes of one network. */
  readonly #prefixes: number;
  /** Bits behind the prefix. */
  readonly #shift: number;
  /** The bits of each word that are behind the prefix. */
  readonly #masks: Uint32Array;
  readonly #scratch = new DataView(new ArrayBuffer(IPV6_LEN));

  /** @param first The number of the first host. */
  constructor(pattern: Ipv6Pattern, first: number, senders: Senders) {
    this.#pattern = pattern;
    this.#senders = senders;
    this.first = first;
    this.last = first + patternSize(pattern) - 1;
    this.#firstSender = this.last < FIRST_SENDER ? FIRST_SENDER : Infinity;
    this.#shift = ADDRESS_BITS - pattern.to;
    this.#masks = wordsOf((1n << BigInt(this.#shift)) - 1n);
    this.#base.set(wordsOf(pattern.base));
    const iids = pattern.policy.kind === "set" ? pattern.policy.iids : [];
    this.#each = Math.max(1, iids.length);
    this.#iids = new Uint32Array(4 * iids.length);
    iids.forEach((iid, at) => this.#iids.set(wordsOf(iid), 4 * at));
    this.#firstIids = new Uint32Array(this.#each);
    for (let at = 1; at < iids.length; at++) {
      const isSame = iids[at]! >> NETWORK_SHIFT === iids[at - 1]! >> NETWORK_SHIFT;
      this.#firstIids[at] = isSame ? this.#firstIids[at - 1]! : at;
    }
    this.#prefixes = 2 ** Math.max(0, pattern.to - Math.max(NETWORK_BITS, pattern.from));
  }

  write(host: number, view: DataView, at: number): void {
    if (host >= this.#firstSender) return this.#senders.write(host, view, at);
    const offset = host - this.first;
    const prefix = Math.floor(offset / this.#each);
    const iid = offset - prefix * this.#each;
    const upper = 3 - (this.#shift >> 5);
    const bit = this.#shift & 31;
    for (let word = 0; word < 4; word++) {
      let value = this.#base[word]! | this.#iidWord(prefix, iid, word);
      if (word === upper) value |= prefix << bit;
      else if (word === upper - 1 && bit > 0) value |= prefix >>> 32 - bit;
      view.setUint32(at + 4 * word, value >>> 0);
    }
  }

  scopeOf(host: number): number {
    return host >= this.#firstSender ? this.#senders.scopeOf(host) : 0;
  }

  find(view: DataView, at: number, _scope: number): number {
    const upper = 3 - (this.#shift >> 5);
    const bit = this.#shift & 31;
    const low = upper < 0 ? 0 : view.getUint32(at + 4 * upper) >>> bit;
    const high = bit > 0 && upper > 0 ? view.getUint32(at + 4 * upper - 4) << 32 - bit : 0;
    const bits = this.#pattern.to - this.#pattern.from;
    const prefix = ((low | high) >>> 0) % 2 ** bits;
    const host = this.first + prefix * this.#each + this.#iidUpTo(view, at);
    return this.#isAt(host, view, at) ? host : NO_HOST;
  }

  sender(view: DataView, at: number, scope: number): number {
    const host = this.find(view, at, scope);
    if (host !== NO_HOST || this.#firstSender === Infinity) return Math.max(0, host);
    return this.#senders.numberOf(view, at, (view.getUint16(at) & 0xffc0) === 0xfe80 ? scope : 0);
  }

  addressOf(host: number): bigint {
    this.write(host, this.#scratch, 0);
    return readIpv6Address(this.#scratch, 0);
  }

  lastUpTo(address: bigint, _scope: number): number {
    const { base } = this.#pattern;
    if (address < base) return this.first - 1;
    const prefix = address - base >> BigInt(this.#shift);
    if (prefix >= 1n << BigInt(this.#pattern.to - this.#pattern.from)) return this.last;
    const from = this.first + Number(prefix) * this.#each;
    let count = 0;
    while (count < this.#each && this.addressOf(from + count) <= address) count++;
    return from + count - 1;
  }

  text(host: number): string {
    return formatIpv6(this.addressOf(host));
  }

  /** Returns the number of the host, or of the sender that has a number, with an address as text. */
  hostOf(text: string): number {
    const address = parseIpv6(text.split("%")[0]!);
    return address === undefined ? NO_HOST : this.numberOf(address, 0);
  }

  /** Returns the number of the host with an address; {@linkcode NO_HOST} if there is none. */
  numberOf(address: bigint, scope: number): number {
    const view = new DataView(new ArrayBuffer(IPV6_LEN));
    writeIpv6Address(view, 0, address);
    const host = this.find(view, 0, 0);
    return host !== NO_HOST ? host : this.#senders.find(view, 0, isLinkLocal(address) ? scope : 0);
  }

  networkOf(host: number): number {
    const offset = host - this.first;
    const prefix = Math.floor(offset / this.#each);
    const iid = offset - prefix * this.#each;
    return this.first + (prefix - prefix % this.#prefixes) * this.#each + this.#firstIids[iid]!;
  }

  /** Yields the hosts from `first` to `last` one by one, as none is the neighbour of another; very many of them as one range. */
  *stretches(first: number, last: number): Generator<[first: number, last: number]> {
    if (last - first >= MAX_STRETCHES) return yield [first, last];
    for (let host = first; host <= last; host++) yield [host, host];
  }

  /** Adds to a set the numbers of the hosts whose addresses are in a range. */
  addNumbers({ first, last }: { readonly first: bigint; readonly last: bigint }, to: RangesBuilder): void {
    const from = first === 0n ? this.first : this.lastUpTo(first - 1n, 0) + 1;
    const until = this.lastUpTo(last, 0);
    if (until >= from) to.add(from, until);
  }

  /** Returns the index of the last identifier of a set that is at most that of an address, 0 if there is none. */
  #iidUpTo(view: DataView, at: number): number {
    let low = 0, high = this.#each;
    while (low < high - 1) {
      const middle = low + high >>> 1;
      if (this.#compare(middle, view, at) <= 0) low = middle;
      else high = middle;
    }
    return low;
  }

  #compare(iid: number, view: DataView, at: number): number {
    for (let word = 0; word < 4; word++) {
      const difference = this.#iids[4 * iid + word]! - ((view.getUint32(at + 4 * word) & this.#masks[word]!) >>> 0);
      if (difference !== 0) return difference;
    }
    return 0;
  }

  /** Returns a word of an identifier. */
  #iidWord(prefix: number, iid: number, word: number): number {
    const { policy } = this.#pattern;
    if (policy.kind === "set") return this.#iids[4 * iid + word]!;
    if (policy.kind === "random") return mixed(policy.key, prefix, word) & this.#masks[word]!;
    if (word === 2) return (policy.oui ^ 0x020000) << 8 | 0xff;
    return word === 3 ? 0xfe000000 | mixed(policy.key, prefix, 3) >>> 8 : 0;
  }

  #isAt(host: number, view: DataView, at: number): boolean {
    this.write(host, this.#scratch, 0);
    for (let byte = 0; byte < IPV6_LEN; byte += 4) {
      if (this.#scratch.getUint32(byte) !== view.getUint32(at + byte)) return false;
    }
    return true;
  }
}

/** Returns 32 bits that depend on all of the numbers (the finalizer of MurmurHash3). */
function mixed(key: number, prefix: number, word: number): number {
  let hash = Math.imul(key ^ 0x9e3779b1, 0x85ebca6b) ^ Math.imul(prefix + 0x7f4a7c15, 0xc2b2ae35) ^
    Math.imul(word + 1, 0x27d4eb2f);
  hash = Math.imul(hash ^ hash >>> 16, 0x85ebca6b);
  hash = Math.imul(hash ^ hash >>> 13, 0xc2b2ae35);
  return (hash ^ hash >>> 16) >>> 0;
}

/** Returns the words of a number of 128 bits, the most significant first. */
function wordsOf(value: bigint): Uint32Array {
  return Uint32Array.from([96n, 64n, 32n, 0n], (shift) => Number(BigInt.asUintN(32, value >> shift)));
}

// Hot path: nothing here may allocate per packet.
/**
 * The hosts on own links, as they reply to ARP or to neighbor solicitations: their hardware addresses, and when each last replied. It lives as long as the
 * worker: one pass learns what later ones send to, without an entry in the kernel's table.
 *
 * @module
 */

import { growColumns } from "../collections/grown.ts";
import { lastAtMost } from "../collections/sorted_search.ts";
import { U32Map } from "../collections/u32_map.ts";
import { ARP_REPLY, arpOperation, arpSenderIp, arpSenderMac, checkArp } from "../wire/arp.ts";
import { isStationMac } from "../wire/mac.ts";

/** Hosts that two hardware addresses reply for; more are not listed. */
const MAX_DUPLICATES = 1 << 12;

/** A station without a reply for so long has handed its address over, if another one replies for it, in milliseconds. */
const MOVED_MS = 1000;
/** Moves that are followed: each has what was silent before it probed again, and a station that changes its address all the time must have an end. */
const MAX_MOVES = 32;

/** An address that two stations reply for. */
export interface DuplicateAddress {
  readonly host: number;
  /** The hardware address that replied first. */
  readonly mac: number;
  /** The other. */
  readonly other: number;
}

/** Hosts that follow each other, ends included. */
interface HostRange {
  readonly first: number;
  readonly last: number;
}

/** The table of hosts on own links. Times are the scan's, in milliseconds. */
export class Neighbors {
  /** Hardware address by index. */
  mac = new Float64Array(0);
  /** When the last reply was read, and the last one from that hardware address. */
  answeredAt = new Float64Array(0);
  stationAt = new Float64Array(0);
  readonly #index = new U32Map();
  readonly #duplicates = new Map<number, DuplicateAddress>();
  #count = 0;
  /** The number of times that an address has moved to another station, as in a failover (VRRP). */
  moves = 0;

  /** Hosts that are learned though they are no targets. */
  readonly #others = new Set<number>();
  readonly #ranges: readonly HostRange[];
  readonly #firsts: Uint32Array;

  /** @param ranges The hosts that are learned, ascending and disjoint; others would fill the memory if a station sent replies of many addresses. */
  constructor(ranges: readonly HostRange[] = [{ first: 0, last: Infinity }]) {
    this.#ranges = ranges;
    this.#firsts = Uint32Array.from(ranges, ({ first }) => first);
    growColumns(this, 64);
  }

  /** Returns the hardware address of a host, by its address as packets have it, or 0. The first that replied counts while it replies. */
  macOf(host: number): number {
    const index = this.#index.get(host);
    return index < 0 ? 0 : this.mac[index]!;
  }

  /** Returns when a host last replied; -Infinity if it has not. */
  lastReplyMs(host: number): number {
    const index = this.#index.get(host);
    return index < 0 ? -Infinity : this.answeredAt[index]!;
  }

  /** The addresses that two stations reply for. */
  get duplicates(): readonly DuplicateAddress[] {
    return [...this.#duplicates.values()];
  }

  /** Takes a received packet of the Ethernet type ARP, of any bytes. */
  receive(view: DataView, at: number, length: number, nowMs: number): void {
    if (checkArp(view, at, length) === 0 || arpOperation(view, at) !== ARP_REPLY) return;
    this.learn(arpSenderIp(view, at), arpSenderMac(view, at), nowMs);
  }

  /** Notes that a host has this hardware address. */
  learn(host: number, mac: number, nowMs: number): void {
    if (!isStationMac(mac)) return;
    let index = this.#index.get(host);
    if (index < 0) {
      if (!this.#isTarget(host) && !this.#others.has(host)) return;
      if (this.#count === this.mac.length) growColumns(this, 2 * this.#count);
      index = this.#count++;
      this.#index.add(host, index);
      this.mac[index] = mac;
    } else if (this.mac[index] !== mac && nowMs - this.stationAt[index]! > MOVED_MS && this.moves < MAX_MOVES) {
      this.mac[index] = mac;
      this.moves++;
    } else if (this.mac[index] !== mac) {
      this.#addDuplicate(host, this.mac[index]!, mac);
    }
    this.answeredAt[index] = nowMs;
    if (this.mac[index] === mac) this.stationAt[index] = nowMs;
  }

  /** Learns a host too that is no target. */
  expect(host: number): void {
    if (!this.#isTarget(host)) this.#others.add(host);
  }

  #isTarget(host: number): boolean {
    return host <= (this.#ranges[lastAtMost(this.#firsts, host)]?.last ?? -1);
  }

  #addDuplicate(host: number, mac: number, other: number): void {
    if (this.#duplicates.has(host) || this.#duplicates.size >= MAX_DUPLICATES) return;
    this.#duplicates.set(host, { host, mac, other });
  }
}

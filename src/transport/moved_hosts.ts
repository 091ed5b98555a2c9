/**
 * The hosts whose route has changed since routes were planned, by the kernel's notifications.
 *
 * @module
 */

import { NETLINK_ROUTE } from "../../ffi/constants.ts";
import { SyscallError } from "../../ffi/errno.ts";
import type { ParseRow } from "../../ffi/netlink/message.ts";
import { Netlink } from "../../ffi/netlink/socket.ts";
import { lastAtMost } from "../collections/sorted_search.ts";

/** Parts of ranges that have moved, at most: then all have. */
const MAX_PARTS = 64;
/** Ranges whose routes are looked up again: those behind them have moved with each notification about them. */
const LOOKED_UP_RANGES = 64;

/** Hosts that follow each other, ends included. */
interface HostRange {
  readonly first: number;
  readonly last: number;
}

/** A notification about a route or a policy rule. */
interface RouteChange {
  /** The hosts whose route it may change. */
  readonly hosts: readonly HostRange[];
  /** True for a rule, by which any of the hosts may have got another route. */
  readonly isRule: boolean;
}

/** The notifications of an address family. */
export interface RouteNews {
  /** The multicast groups of its routes and rules. */
  readonly groups: number;
  readonly parse: ParseRow<RouteChange>;
}

/** Collects the hosts of ranges whose route has changed. */
export class MovedHosts<Range extends HostRange> implements Disposable {
  readonly #ranges: readonly Range[];
  readonly #firsts: Uint32Array;
  readonly #parse: ParseRow<RouteChange>;
  readonly #netlink: Netlink;
  readonly #isRouted: (host: number, range: Range) => boolean;
  #parts: HostRange[] = [];
  /** The hosts around that of the last {@linkcode hasMoved}, in its range, that have not moved either. */
  unmovedFirst = 0;
  unmovedLast = 0;

  /**
   * @param ranges Ascending and disjoint; all hosts of one had the same route.
   * @param isRouted Returns true where a host still has the route of its range; throws {@linkcode SyscallError}.
   * @throws {SyscallError} If the kernel refuses.
   */
  constructor(
    ranges: readonly Range[],
    { groups, parse }: RouteNews,
    isRouted: (host: number, range: Range) => boolean,
  ) {
    this.#ranges = ranges;
    this.#firsts = Uint32Array.from(ranges, ({ first }) => first);
    this.#parse = parse;
    this.#isRouted = isRouted;
    this.#netlink = new Netlink(NETLINK_ROUTE, groups);
  }

  /** Reads the notifications since the last call; returns true if more hosts have moved. */
  refresh(): boolean {
    const news = this.#netlink.news(this.#parse);
    if (news?.length === 0) return false;
    const before = this.#parts;
    const changes = news?.flatMap(({ hosts, isRule }) => hosts.map((range) => ({ ...range, isRule })));
    // Lost notifications may have been about any route.
    if (changes === undefined) this.#moveAll();
    // Lookups find the routes after the last change: what a small one has moved is no sign that a large one has moved more.
    else for (const change of changes.sort((a, b) => sizeOf(a) - sizeOf(b))) this.#onChange(change, change.isRule);
    return this.#parts !== before;
  }

  /** Returns true where the route of a host of a range has changed. */
  hasMoved(host: number, { first, last }: Range): boolean {
    this.unmovedFirst = first;
    this.unmovedLast = last;
    for (const part of this.#parts) {
      if (host > part.last) this.unmovedFirst = Math.max(this.unmovedFirst, part.last + 1);
      else if (host < part.first) this.unmovedLast = Math.min(this.unmovedLast, part.first - 1);
      else return true;
    }
    return false;
  }

  [Symbol.dispose](): void {
    this.#netlink[Symbol.dispose]();
  }

  #onChange(hosts: HostRange, isRule: boolean): void {
    for (let i = Math.max(0, lastAtMost(this.#firsts, hosts.first)); i < this.#ranges.length; i++) {
      const range = this.#ranges[i]!;
      if (range.first > hosts.last) return;
      let first = Math.max(hosts.first, range.first);
      let last = Math.min(hosts.last, range.last);
      for (const part of this.#parts) {
        if (part.first <= first && first <= part.last) first = part.last + 1;
        if (part.first <= last && last <= part.last) last = part.first - 1;
      }
      if (first > last) continue;
      const canBeSame = !isRule && i < LOOKED_UP_RANGES;
      if (canBeSame && this.#isUnmoved(first, range) && this.#isUnmoved(last, range)) continue;
      if (this.#parts.length === MAX_PARTS) return this.#moveAll();
      this.#parts = [...this.#parts, { first, last }];
    }
  }

  /** False also where the kernel does not reply. */
  #isUnmoved(host: number, range: Range): boolean {
    try {
      return this.#isRouted(host, range);
    } catch (error) {
      if (!(error instanceof SyscallError)) throw error;
      return false;
    }
  }

  #moveAll(): void {
    this.#parts = [{ first: 0, last: Infinity }];
  }
}

function sizeOf({ first, last }: HostRange): number {
  return last - first;
}

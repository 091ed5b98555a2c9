/**
 * Reverse DNS beside a scan: the names of its hosts, by DNS servers or by the C library.
 *
 * @module
 */

import { PollSet } from "../../ffi/poll.ts";
import { systemClock } from "../base/clock.ts";
import { counted } from "../base/text.ts";
import { startTimer } from "../base/timeout.ts";
import { DnsSource, type HostnameSource, LibrarySource, type OnHostname } from "../driver/hostname_sources.ts";
import { type DnsServer, serversFor } from "../local/dns_servers.ts";
import { resolveAddress } from "../../ffi/resolver.ts";
import { type AddressBook, familyOf, NO_HOST } from "../target/address_book.ts";
import { hostAt, type ResultColumns, ROW_LEN, showsHost } from "../result/batch.ts";
import type { Hostname, HostnamesSoFar } from "../result/summary.ts";

/** The share of the scan's time that lookups may take while ports are probed. */
const TIME_SHARE = 0.02;
/** The share of a limited rate (`--max-rate`) that queries may take meanwhile. */
const RATE_SHARE = 0.02;
/** Queries of a limited rate that may be sent together, as a time in which they would be sent one by one. */
const BURST_MS = 50;
/** The longest wait for replies, and the longest pause while lookups have taken more than their share: each costs some 100 us. */
const WAIT_MS = 20;
/** Once ports are no longer probed, the event loop stands still for so long at most; a wait by itself takes no longer than the other. */
const BLOCK_MS = 10;
const BLOCKED_WAIT_MS = 2;
/** Addresses that wait to be sent at most; more stay where they come from. */
const MAX_WAITING = 1024;

/** 10.0.0.1, 127.0.0.1 and 1.1.1.1, whose servers those of addresses of IPv6 of the same kind are. */
const SOME_PRIVATE_ADDRESS = 0x0a000001;
const SOME_LOOPBACK_ADDRESS = 0x7f000001;
const SOME_PUBLIC_ADDRESS = 0x01010101;

/** The options of a {@linkcode HostnameLookup}. */
interface HostnameLookupOptions {
  /** Servers to ask; undefined for the C library. */
  readonly servers: readonly DnsServer[] | undefined;
  /** True if the user has asked for names, or named the servers: all are asked, and for names of private addresses too. */
  readonly isRequested: boolean;
  /** The addresses of hosts. */
  readonly book: AddressBook;
  /** Returns the upper bound of the scan's rate that the user set, in packets a second; Infinity without one. */
  readonly maxRatePps: () => number;
}

/** ::1, and the upper bits of fc00::/7 and fe80::/10. */
const LOOPBACK = 1n;
const UNIQUE_LOCAL = 0x7en;
const LINK_LOCAL = 0x3fan;

/** Returns the key of a host: its address of IPv4, or its number of IPv6. */
function keyOf(book: AddressBook, host: number): number {
  return familyOf(book, host) === 6 ? host : book.address(host);
}

/** Looks up the names of a scan's hosts while ports are probed, and the rest afterwards. */
export class HostnameLookup implements HostnamesSoFar {
  /** The names that are known, by {@linkcode keyOf}. */
  readonly #names = new Map<number, string>();
  readonly #source: HostnameSource;
  readonly #options: HostnameLookupOptions;
  readonly #seen = new Set<number>();
  /** The host that was added last. */
  #lastHost = -1;
  /** Addresses that are added when there is room for them, and how many these are. */
  #more: Iterator<number> | undefined;
  #moreCount = 0;
  #addsAll = false;
  /** True until no more addresses come. */
  #isOpen = true;
  #isStopped = false;
  readonly #beganMs = systemClock.now();
  #spentMs = 0;
  /** When the event loop ran last. */
  #yieldedMs = this.#beganMs;
  /** A wait that nothing but time ends. */
  readonly #timer = new PollSet(1);
  /** Queries of a limited rate that may be sent at a time. */
  #allowed = 1;
  #allowedAtMs = this.#beganMs;
  #wake: () => void = () => {};
  /** Those who wait until every address has its result. */
  readonly #waiting: (() => void)[] = [];
  readonly #stopped = Promise.withResolvers<void>();
  readonly #ended: Promise<void>;

  /**
   * Opens sockets to the servers.
   *
   * @throws {SyscallError} If none can be opened.
   */
  constructor(options: HostnameLookupOptions) {
    this.#options = options;
    const { servers, isRequested, book } = options;
    const onResult: OnHostname = (address, name) => {
      if (typeof name === "string") this.#names.set(address, name);
    };
    this.#source = servers === undefined
      ? new LibrarySource(onResult, resolveAddress, (key) => this.#isIpv6(key) ? book.ipv6!.addressOf(key) : key)
      : new DnsSource(servers, isRequested, () => this.#maySend(), onResult, book.ipv6);
    this.#ended = this.#run();
  }

  /** Adds an address of IPv4, or the number of a host of IPv6; one that was added before changes nothing. */
  add(address: number): void {
    if (this.#seen.has(address)) return;
    this.#seen.add(address);
    const servers = serversFor(this.#likeOf(address), this.#source.servers, this.#options.isRequested);
    if (servers === 0) return;
    this.#source.add(address, servers);
    this.#wake();
  }

  /** Adds a host, or a sender that is none. */
  addHost(host: number): void {
    if (host !== NO_HOST) this.add(keyOf(this.#options.book, host));
  }

  /** Returns true for the number of a host of IPv6. */
  #isIpv6(address: number): boolean {
    return familyOf(this.#options.book, address) === 6;
  }

  /** Returns an IPv4 address that the same servers may be asked for. */
  #likeOf(address: number): number {
    if (!this.#isIpv6(address)) return address;
    const ipv6 = this.#options.book.ipv6!.addressOf(address);
    if (ipv6 === LOOPBACK) return SOME_LOOPBACK_ADDRESS;
    return ipv6 >> 121n === UNIQUE_LOCAL || ipv6 >> 118n === LINK_LOCAL ? SOME_PRIVATE_ADDRESS : SOME_PUBLIC_ADDRESS;
  }

  /** Adds the hosts of results that they replied to. */
  addReplied(rows: ResultColumns): void {
    for (let at = 0; at < rows.length; at += ROW_LEN) {
      const host = hostAt(rows, at);
      if (host === this.#lastHost || !showsHost(rows, at)) continue;
      this.#lastHost = host;
      this.addHost(host);
    }
  }

  /** Adds `count` addresses, as there is room for them. */
  addAll(addresses: Iterator<number>, count: number): void {
    this.#addsAll = true;
    this.#more = addresses;
    this.#moreCount = count;
    this.#wake();
  }

  /** Resolves when every address has its result, at `deadlineAtMs`, or once stopped. */
  async finish(deadlineAtMs: number): Promise<void> {
    this.#isOpen = false;
    this.#wake();
    using _timer = startTimer(deadlineAtMs - systemClock.now(), () => this.stop());
    await Promise.race([this.#ended, this.#stopped.promise]);
  }

  /** Ends the lookups at once. */
  stop(): void {
    this.#isStopped = true;
    this.#stopped.resolve();
    this.#settle();
    this.#wake();
  }

  /** Returns the reason of each choice, a line each. */
  notes(): string[] {
    const { description, servers } = this.#source;
    const asksPrivate = serversFor(SOME_PRIVATE_ADDRESS, servers, this.#options.isRequested) !== 0;
    const limit = asksPrivate
      ? ""
      : ", but not those of private addresses: the servers may be public; -R asks them too";
    return [`Names of hosts are looked up by ${description}${limit}`];
  }

  of(ip: string): string | undefined {
    const { book } = this.#options;
    const host = book.hostOf(ip);
    return host === NO_HOST ? undefined : this.#names.get(keyOf(book, host));
  }

  settled(): Promise<void> {
    return this.#isStopped || this.#source.pending === 0
      ? Promise.resolve()
      : new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Returns the addresses that were added one by one. */
  added(): number[] {
    return this.#addsAll ? [] : [...this.#seen];
  }

  /** Returns the names that are known, in the order of addresses. */
  named(): Hostname[] {
    const { book } = this.#options;
    return [...this.#names].sort(([one], [other]) => one - other)
      .map(([key, name]) => ({ ip: book.text(this.#isIpv6(key) ? key : book.find(key)), name }));
  }

  /** The hosts whose lookups have no result. */
  get missing(): number {
    return this.#source.pending + this.#moreCount;
  }

  /** Returns the warnings, a line each. */
  warnings(): string[] {
    if (!this.#isStopped) return this.#source.warnings();
    const { missing } = this;
    return missing === 0 ? [] : [`The scan ended before ${counted(missing, "name")} of hosts could be looked up`];
  }

  async #run(): Promise<void> {
    const source = this.#source;
    // The constructor returns first.
    await undefined;
    try {
      while (!this.#isStopped) {
        this.#refill();
        if (source.pending === 0) {
          this.#settle();
          if (!this.#isOpen) return;
          await new Promise<void>((resolve) => this.#wake = resolve);
          continue;
        }
        const beforeMs = systemClock.now();
        source.step();
        this.#spentMs += systemClock.now() - beforeMs;
        if (source.pending > 0) await this.#wait();
      }
    } finally {
      source.close();
    }
  }

  #settle(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  async #wait(): Promise<void> {
    if (!this.#isOpen && systemClock.now() - this.#yieldedMs < BLOCK_MS && this.#source.block(BLOCKED_WAIT_MS)) return;
    await this.#source.wait(this.#isOpen ? WAIT_MS : BLOCKED_WAIT_MS);
    await this.#restIfCostly();
    this.#yieldedMs = systemClock.now();
  }

  #refill(): void {
    while (this.#more !== undefined && this.#source.pending < MAX_WAITING) {
      const { done, value } = this.#more.next();
      if (done) this.#more = undefined;
      else {
        this.#moreCount--;
        this.add(value);
      }
    }
    if (!this.#isOpen && this.#more === undefined) this.#source.finish();
  }

  /** Waits until the lookups have taken no more than their share of the scan's time. */
  async #restIfCostly(): Promise<void> {
    while (this.#isOpen && !this.#isStopped) {
      const restMs = this.#spentMs / TIME_SHARE - (systemClock.now() - this.#beganMs);
      if (restMs <= 0) return;
      await this.#timer.pollUntil(Math.min(restMs, WAIT_MS));
    }
  }

  /** Counts a query of a limited rate; false if it may not be sent now. */
  #maySend(): boolean {
    const maxRatePps = this.#options.maxRatePps();
    if (maxRatePps === Infinity) return true;
    const perMs = maxRatePps / 1000 * (this.#isOpen ? RATE_SHARE : 1);
    const nowMs = systemClock.now();
    this.#allowed = Math.min(Math.max(1, perMs * BURST_MS), this.#allowed + (nowMs - this.#allowedAtMs) * perMs);
    this.#allowedAtMs = nowMs;
    if (this.#allowed < 1) return false;
    this.#allowed--;
    return true;
  }
}

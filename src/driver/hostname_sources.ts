/**
 * The ways to look up names of addresses: queries of our own, or the C library.
 *
 * @module
 */

import { resolveAddress } from "../../ffi/resolver.ts";
import { systemClock } from "../base/clock.ts";
import { counted } from "../base/text.ts";
import { UdpDnsSockets } from "../transport/dns_sockets.ts";
import { type DnsServer, dnsServerText, type Ipv6Hosts, safeName } from "../wire/dns.ts";
import { DnsDriver, type HostnameResult } from "./dns_driver.ts";

/** Calls of the C library at once; each takes a thread of Deno's pool. */
const MAX_CALLS = 16;

/** Looks up names of addresses that are added one by one. */
export interface HostnameSource {
  /** Addresses without a result. */
  readonly pending: number;
  /** The servers that are asked, and these as text. */
  readonly servers: readonly DnsServer[];
  readonly description: string;
  /** Adds an address; `servers` has a bit for each server that may be asked for it. */
  add(address: number, servers: number): void;
  /** Announces that no more addresses come. */
  finish(): void;
  /** Sends what may be sent, and takes the replies that wait. */
  step(): void;
  /** Waits until there may be something to do, for `timeoutMs` at most. */
  wait(timeoutMs: number): Promise<void>;
  /** Waits as `wait` does, for a short `timeoutMs`, while the event loop stands still; false if that makes no sense. */
  block(timeoutMs: number): boolean;
  /** Returns the warnings, a line each. */
  warnings(): string[];
  close(): void;
}

/** Receives the result of an address. */
export type OnHostname = (address: number, name: HostnameResult) => void;

/** Lookups by queries of our own. */
export class DnsSource implements HostnameSource {
  readonly #sockets: UdpDnsSockets;
  readonly #driver: DnsDriver;
  readonly #warnsOfRoutes: boolean;

  /**
   * Opens sockets to the servers.
   *
   * @param areChosen True if the user chose the servers: all of them are asked, and one without a route is a warning. Otherwise the first
   * that replies is asked.
   * @throws {SyscallError} If no socket can be opened.
   */
  constructor(
    servers: readonly DnsServer[],
    areChosen: boolean,
    maySend: () => boolean,
    onResult: OnHostname,
    ipv6: Ipv6Hosts | undefined,
  ) {
    this.#warnsOfRoutes = areChosen;
    const sockets = this.#sockets = new UdpDnsSockets(servers);
    const random = new Uint32Array(256);
    let used = random.length;
    this.#driver = new DnsDriver({
      servers: sockets.servers.length,
      sockets,
      spreads: areChosen,
      random: () => {
        if (used === random.length) {
          crypto.getRandomValues(random);
          used = 0;
        }
        return random[used++]!;
      },
      maySend,
      onResult,
      ipv6,
    });
  }

  get servers(): readonly DnsServer[] {
    return this.#sockets.servers;
  }

  get description(): string {
    return this.servers.map(dnsServerText).join(", ") || "no DNS server";
  }

  get pending(): number {
    return this.#driver.pending;
  }

  add(address: number, servers: number): void {
    this.#driver.add(address, servers);
  }

  finish(): void {
    this.#driver.finish();
  }

  step(): void {
    this.#driver.tick(systemClock.now());
  }

  wait(timeoutMs: number): Promise<void> {
    const nowMs = systemClock.now();
    return this.#sockets.wait(Math.max(0, Math.min(timeoutMs, this.#driver.nextMs(nowMs) - nowMs)));
  }

  block(timeoutMs: number): boolean {
    this.#sockets.block(timeoutMs);
    return true;
  }

  warnings(): string[] {
    const { servers, unreachable } = this.#sockets;
    const warnings = (this.#warnsOfRoutes ? unreachable : []).map(({ server, error }) =>
      `Cannot ask the DNS server ${dnsServerText(server)}: ${error.message}`
    );
    if (this.#driver.sent > 0 && !this.#driver.hasReplies) {
      const list = servers.map(dnsServerText).join(", ");
      const who = servers.length === 1 ? `the DNS server ${list} did not reply` : `no DNS server replied (${list})`;
      warnings.push(`Cannot look up names of hosts: ${who}. Name another with --dns-servers, or use -n`);
    }
    return warnings;
  }

  close(): void {
    this.#sockets[Symbol.dispose]();
  }
}

/** A server whose address is not known, and may be public. */
const UNKNOWN_SERVER: DnsServer = { address: -1, port: 0 };

/** Lookups by getnameinfo(3). */
export class LibrarySource implements HostnameSource {
  readonly servers: readonly DnsServer[] = [UNKNOWN_SERVER];
  readonly description = "the C library";
  readonly #onResult: OnHostname;
  readonly #resolve: typeof resolveAddress;
  readonly #addressOf: (host: number) => number | bigint;
  readonly #waiting: number[] = [];
  #calls = 0;
  #failed = 0;
  /** True once it has told whether an address has a name. */
  #hasAnswered = false;
  #wake: () => void = () => {};

  /** @param addressOf Returns the address of a host of IPv6 by its number; other numbers are addresses of IPv4. */
  constructor(
    onResult: OnHostname,
    resolve = resolveAddress,
    addressOf: (host: number) => number | bigint = (host) => host,
  ) {
    this.#addressOf = addressOf;
    this.#resolve = resolve;
    this.#onResult = onResult;
  }

  get pending(): number {
    return this.#waiting.length + this.#calls;
  }

  add(address: number): void {
    this.#waiting.push(address);
  }

  finish(): void {}

  step(): void {
    while (this.#calls < MAX_CALLS && this.#waiting.length > 0) void this.#call(this.#waiting.pop()!);
  }

  async #call(host: number): Promise<void> {
    this.#calls++;
    const name = await this.#resolve(this.#addressOf(host));
    this.#calls--;
    this.#hasAnswered ||= name !== undefined;
    if (name === undefined) this.#failed++;
    // Each failure takes the C library ten seconds, usually.
    if (this.#failed >= MAX_CALLS && !this.#hasAnswered) this.#failed += this.#waiting.splice(0).length;
    this.#onResult(host, name instanceof Uint8Array ? safeName(name) : name);
    this.#wake();
  }

  wait(): Promise<void> {
    return new Promise((resolve) => this.#wake = resolve);
  }

  block(): boolean {
    return false;
  }

  warnings(): string[] {
    if (this.#failed === 0) return [];
    return [`The system's resolver failed to look up ${counted(this.#failed, "address", "addresses")}`];
  }

  close(): void {}
}

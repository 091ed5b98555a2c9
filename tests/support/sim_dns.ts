/**
 * DNS servers in virtual time, behind the sockets that a DNS driver sees.
 *
 * @module
 */
import { ERRNO } from "../../ffi/errno.ts";
import { DnsDriver, type HostnameResult } from "../../src/driver/dns_driver.ts";
import { type DnsSockets, SOCKETS_PER_SERVER } from "../../src/transport/dns_sockets.ts";
import { PTR_QUERY_MAX_LEN } from "../../src/wire/dns.ts";
import { Random } from "./random.ts";

/** A reply of a simulated server: its bytes, and when it arrives, in milliseconds after the query. */
interface SimReply {
  readonly bytes: Uint8Array;
  readonly afterMs: number;
  /** The socket that it arrives at, if not that of the query. */
  readonly socket?: number;
}

/** Returns the replies to a query. */
export type SimServer = (query: Uint8Array, context: SimContext) => readonly SimReply[] | "refused";

/** The tools of a simulated server. */
interface SimContext {
  readonly random: Random;
  readonly nowMs: number;
  readonly socket: number;
}

/** Servers, the packets under way, and a clock. */
export class SimDns implements DnsSockets {
  readonly query = new DataView(new ArrayBuffer(PTR_QUERY_MAX_LEN));
  readonly reply = new DataView(new ArrayBuffer(1500));
  readonly random: Random;
  readonly results = new Map<number, HostnameResult>();
  /** Queries that each server got. */
  readonly asked: number[];
  nowMs = 0;
  readonly #servers: readonly SimServer[];
  readonly #arriving: { readonly atMs: number; readonly socket: number; readonly bytes: Uint8Array }[] = [];
  readonly #errors = new Set<number>();

  constructor(servers: readonly SimServer[], seed = 1) {
    this.#servers = servers;
    this.asked = servers.map(() => 0);
    this.random = new Random(seed);
  }

  driver(options: { readonly spreads?: boolean; readonly maySend?: () => boolean } = {}): DnsDriver {
    return new DnsDriver({
      servers: this.#servers.length,
      sockets: this,
      spreads: options.spreads ?? false,
      random: () => this.random.u32(),
      maySend: options.maySend ?? (() => true),
      onResult: (host, name) => {
        if (this.results.has(host)) throw new Error(`Two results for ${host}`);
        this.results.set(host, name);
      },
    });
  }

  send(socket: number, length: number): number {
    const index = Math.floor(socket / SOCKETS_PER_SERVER);
    this.asked[index]!++;
    const bytes = new Uint8Array(this.query.buffer.slice(0, length));
    const replies = this.#servers[index]!(bytes, { random: this.random, nowMs: this.nowMs, socket });
    if (replies === "refused") {
      this.#errors.add(socket);
      return 0;
    }
    for (const { bytes, afterMs, socket: at = socket } of replies) {
      this.#arriving.push({ atMs: this.nowMs + afterMs, socket: at, bytes });
    }
    return 0;
  }

  receive(socket: number): number {
    if (this.#errors.delete(socket)) return -ERRNO.ECONNREFUSED;
    const index = this.#arriving.findIndex((each) => each.socket === socket && each.atMs <= this.nowMs);
    if (index < 0) return -ERRNO.EAGAIN;
    const { bytes } = this.#arriving.splice(index, 1)[0]!;
    new Uint8Array(this.reply.buffer).set(bytes);
    return bytes.length;
  }

  /** Runs a driver until it has every result, or for `limitMs`. */
  run(driver: DnsDriver, limitMs = 60_000): void {
    const endMs = this.nowMs + limitMs;
    while (driver.pending > 0 && this.nowMs < endMs) {
      driver.tick(this.nowMs);
      if (driver.pending === 0) return;
      const arrivals = this.#arriving.map(({ atMs }) => atMs).filter((atMs) => atMs > this.nowMs);
      const next = arrivals.reduce((least, atMs) => Math.min(least, atMs), driver.nextMs(this.nowMs));
      this.nowMs = Math.min(endMs, Math.max(next, this.nowMs + 0.01));
    }
  }
}

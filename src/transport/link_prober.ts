/**
 * ARP requests and neighbor solicitations between the passes of a scan: whether a host that is silent is still on its link.
 *
 * @module
 */

import { lastAtMost } from "../collections/sorted_search.ts";
import { writeArpRequest } from "../wire/arp.ts";
import type { DuplicateAddress, Neighbors } from "./neighbors.ts";
import type { OnLinkRange } from "./on_link.ts";
import type { PacketSink, Transport } from "./transport.ts";

const NO_SINK: PacketSink = { packet: () => {}, sent: () => {}, sendFailed: () => {} };

/** Writes a request to a host at an offset; returns its length in bytes. */
export type WriteRequest = (view: DataView, at: number, host: number) => number;

/**
 * Sends single requests by a transport of ARP or neighbor discovery, and reads the replies. Hosts are numbers as the packets have them: IPv4 addresses, and
 * the numbers of IPv6 addresses.
 */
export class LinkProber {
  readonly #transport: Transport;
  readonly #neighbors: Neighbors;
  readonly #write: WriteRequest;
  #readAtMs = -Infinity;

  constructor(transport: Transport, neighbors: Neighbors, write: WriteRequest) {
    this.#transport = transport;
    this.#neighbors = neighbors;
    this.#write = write;
  }

  /** Returns true for a host whose hardware address is known. */
  isKnown(host: number): boolean {
    return this.#neighbors.macOf(host) !== 0;
  }

  /** Returns the hardware address of a host; 0 if it is not known. */
  macOf(host: number): number {
    return this.#neighbors.macOf(host);
  }

  /** The number of times that a host has got another hardware address. */
  get moves(): number {
    return this.#neighbors.moves;
  }

  /** The addresses that two stations reply for. */
  get duplicates(): readonly DuplicateAddress[] {
    return this.#neighbors.duplicates;
  }

  /** Waits so many milliseconds for replies, at most. */
  wait(ms: number): Promise<void> {
    return this.#transport.wait(ms);
  }

  /** Sends a request to a host; false where it could not be sent. */
  request(host: number): boolean {
    const transport = this.#transport;
    this.#neighbors.expect(host);
    const at = transport.reserve(host);
    if (at < 0) return false;
    transport.commit(this.#write(transport.slots, at, host), -1);
    return transport.flush(NO_SINK, performance.now()) === 0;
  }

  /**
   * Reads what has arrived, once for each `nowMs`: many hosts are asked about in one tick. Returns when a host last replied, on the scan's
   * clock; -Infinity if it has not.
   */
  lastReplyMs(host: number, nowMs: number): number {
    if (nowMs !== this.#readAtMs) this.#transport.receive(NO_SINK, performance.now());
    this.#readAtMs = nowMs;
    return this.#neighbors.lastReplyMs(host);
  }
}

/** Returns a prober of the hosts of IPv4 in ranges, at least one. */
export function arpProber(transport: Transport, ranges: readonly OnLinkRange[], neighbors: Neighbors): LinkProber {
  const firsts = Uint32Array.from(ranges, ({ first }) => first);
  return new LinkProber(transport, neighbors, (view, at, address) => {
    const { source } = ranges[Math.max(0, lastAtMost(firsts, address))]!;
    return writeArpRequest(view, at, source, address);
  });
}

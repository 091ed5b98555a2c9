/**
 * ARP requests between the passes of a scan: whether a host that is silent is still on its link.
 *
 * @module
 */

import { lastAtMost } from "../collections/sorted_search.ts";
import { writeArpRequest } from "../wire/arp.ts";
import type { OnLinkRange } from "./on_link.ts";
import type { DuplicateAddress, Neighbors } from "./neighbors.ts";
import type { PacketSink, Transport } from "./transport.ts";

const NO_SINK: PacketSink = { packet: () => {}, sent: () => {}, sendFailed: () => {} };

/** Sends single requests by a transport of ARP, and reads the replies. */
export class ArpProber {
  readonly #transport: Transport;
  readonly #ranges: readonly OnLinkRange[];
  readonly #firsts: Uint32Array;
  readonly #neighbors: Neighbors;
  #readAtMs = -Infinity;

  constructor(transport: Transport, ranges: readonly OnLinkRange[], neighbors: Neighbors) {
    this.#transport = transport;
    this.#ranges = ranges;
    this.#firsts = Uint32Array.from(ranges, ({ first }) => first);
    this.#neighbors = neighbors;
  }

  /** Returns true for a host whose hardware address is known. */
  isKnown(host: number): boolean {
    return this.#neighbors.macOf(host) !== 0;
  }

  /** Returns the hardware address of a host; 0 if it is not known. */
  macOf(host: number): number {
    return this.#neighbors.macOf(host);
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
    const at = transport.reserve(host);
    if (at < 0) return false;
    const range = this.#ranges[Math.max(0, lastAtMost(this.#firsts, host))]!;
    transport.commit(writeArpRequest(transport.slots, at, range.source, host), -1);
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

// Hot path: nothing here may allocate per packet.
/**
 * Hosts that have replied: round trips, losses, liveness, in parallel typed arrays that grow
 * with the hosts found, never with the hosts probed.
 *
 * @module
 */

import { growColumns } from "../collections/grown.ts";
import { U32Map } from "../collections/u32_map.ts";
import { GLOBAL, HostLiveness } from "./host_liveness.ts";

export { GLOBAL } from "./host_liveness.ts";

/** Ports of replies that are kept for each host: those before it is known whether their TTL is the usual one. */
export const FIRST_PORTS = 4;

/** Entries of an empty table: that of the whole scan, and a number of hosts that doubles, for networks have powers of two. */
const ENTRIES = 1 + 16;
/** Most hosts in the table; further ones share the entry of the whole scan. */
const MAX_HOSTS = 1 << 20;

const FILLS = { srtt: -1, livenessPort: -1, openPort: -1, refusedPort: -1, servicePort: -1, aliveAt: -1 };
const WIDTHS = { firstPorts: FIRST_PORTS };

/** The table of hosts that have replied. Times are engine milliseconds. */
export class HostTable extends HostLiveness {
  /** The host's address. */
  address = new Uint32Array(0);
  /** Smoothed round trip in milliseconds, below 0 while unknown. */
  srtt = new Float64Array(0);
  /** Variation of the round trip in milliseconds. */
  variation = new Float64Array(0);
  /** Ports of the scan that a TCP packet came from. */
  answered = new Uint32Array(0);
  /** Round trips that came back, since the host has had its present limiter, or none. */
  returned = new Int32Array(0);
  /** Attempts proven lost since then. */
  lost = new Uint32Array(0);
  /** Ports found open. */
  open = new Uint32Array(0);
  /** ICMP errors in the place of replies, and those since the last reply; and replies and errors since the last open port. */
  errors = new Uint32Array(0);
  errorRow = new Uint32Array(0);
  refusedRow = new Uint32Array(0);
  /** An open port that may be probed again, below 0 while none is known; and the number of ports that were. */
  openPort = new Int32Array(0);
  rechecks = new Uint8Array(0);
  /** Time to live of the first reply, 0 before it. */
  ttl = new Uint8Array(0);
  /** Ports of the first {@linkcode FIRST_PORTS} replies of each host. */
  firstPorts = new Uint16Array(0);
  /** When the first reply came. */
  firstAnswerAt = new Float64Array(0);
  readonly #index = new U32Map();
  #count = 1;
  #recentAddress = -1;
  #recentIndex = -1;

  constructor() {
    super();
    growColumns(this, ENTRIES, FILLS, WIDTHS);
  }

  /** The number of entries, that of the whole scan included. */
  get count(): number {
    return this.#count;
  }

  /** Returns the index of a host; {@linkcode GLOBAL} if it has not replied. */
  find(address: number): number {
    if (address === this.#recentAddress) return this.#recentIndex;
    const index = this.#index.get(address);
    if (index < 0) return GLOBAL;
    this.#recentAddress = address;
    this.#recentIndex = index;
    return index;
  }

  /** Returns the index of a host, which is added if need be; {@linkcode GLOBAL} when there are too many. */
  findOrAdd(address: number): number {
    const found = this.find(address);
    if (found !== GLOBAL || this.#count >= MAX_HOSTS) return found;
    if (this.#count === this.address.length) growColumns(this, this.#count * 2 - 1, FILLS, WIDTHS);
    const index = this.#count++;
    this.address[index] = address;
    this.#index.add(address, index);
    return index;
  }

  /** Reduces what was counted of the loss of a host to the weight of `kept` round trips. */
  forgetLoss(index: number, kept: number): void {
    const scale = Math.min(1, kept / Math.max(1, this.returned[index]! + this.lost[index]!));
    this.returned[index] = Math.round(this.returned[index]! * scale);
    this.lost[index] = Math.round(this.lost[index]! * scale);
  }
}

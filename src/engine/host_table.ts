// Hot path: nothing here may allocate per packet.
/**
 * What is known of each host that has answered: round trips, losses, whether it is still there. Parallel typed arrays
 * behind an open-addressing hash of the address; they grow with the hosts found, never with the hosts asked.
 *
 * @module
 */

import { grown } from "../collections/grown.ts";
import { U32Map } from "../collections/u32_map.ts";

/** The entry of everybody: what is known of the scan as a whole, and all that is known of a host that never answered. */
export const GLOBAL = 0;

/** Ports of replies that are remembered for each host: those before it is known whether their TTL is the usual one. */
export const FIRST_PORTS = 4;

/** Hosts kept; beyond, hosts share the knowledge of the whole scan. */
const MAX_HOSTS = 1 << 20;
/** Lost pulses in a row after which a host is given up, and how long at least, in milliseconds (tests/sim/outage_test.ts). */
const PROBES_BEFORE_UNREACHABLE = 8;
const SILENCE_BEFORE_UNREACHABLE_MS = 5000;
/** The longest time between two pulses of a silent host, in milliseconds. */
const MAX_LIVENESS_GAP_MS = 2000;

/** The table of hosts that have answered. Times are engine milliseconds. */
export class HostTable {
  /** The host's address. */
  address = new Uint32Array();
  /** Smoothed round trip in milliseconds, below 0 while unknown. */
  srtt = new Float64Array();
  /** Variation of the round trip in milliseconds. */
  variation = new Float64Array();
  /** Questions, not pulses, answered by a packet of TCP. */
  answered = new Uint32Array();
  /** Round trips that came back, since the host has been asked as it is now. */
  returned = new Int32Array();
  /** Attempts proven lost, since the host has been asked as it is now. */
  lost = new Uint32Array();
  /** Ports found open. */
  open = new Uint32Array();
  /** Time to live of the first reply, 0 before it. */
  ttl = new Uint8Array();
  /** Ports of the first {@linkcode FIRST_PORTS} replies of each host. */
  firstPorts = new Uint16Array();
  /** A closed port, to be probed when the host's silence is to be judged; below 0 while none is known. */
  livenessPort = new Int32Array();
  /** When the first answer came. */
  firstAnswerAt = new Float64Array();
  /** When the youngest probe that was answered had been sent: until then the host is known to have been there. */
  aliveAt = new Float64Array();
  /** Silence of what was sent before says nothing: the host, or the path to it, was deaf. */
  countsSince = new Float64Array();
  /** Pulses that were answered, and that were not. */
  livenessAnswered = new Uint32Array();
  livenessLost = new Uint32Array();
  /** Pulses in a row that were not answered. */
  unansweredLiveness = new Uint16Array();
  /** When the first of them had been sent. */
  silentSince = new Float64Array();
  /** When the next pulse may be sent. */
  nextLivenessAt = new Float64Array();
  /** Questions asked again since the present burst began, with how many of them the next pulse goes, and when it ends. */
  burstSize = new Uint32Array();
  burstLivenessAt = new Float64Array();
  burstEndsAt = new Float64Array();
  readonly #index = new U32Map();
  #count = 1;
  #recentAddress = -1;
  #recentIndex = -1;

  constructor() {
    this.#resize(16);
  }

  /** Entries there are, that of everybody included. */
  get count(): number {
    return this.#count;
  }

  /** The index of a host; {@linkcode GLOBAL} if it has never answered. */
  find(address: number): number {
    if (address === this.#recentAddress) return this.#recentIndex;
    const index = this.#index.get(address);
    if (index < 0) return GLOBAL;
    this.#recentAddress = address;
    this.#recentIndex = index;
    return index;
  }

  /** The index of a host, which is added if need be; {@linkcode GLOBAL} when there are too many. */
  findOrAdd(address: number): number {
    const found = this.find(address);
    if (found !== GLOBAL || this.#count >= MAX_HOSTS) return found;
    if (this.#count === this.address.length) this.#resize(this.#count * 2);
    const index = this.#count++;
    this.address[index] = address;
    this.#index.add(address, index);
    return index;
  }

  /** Returns since when silence of a host proves something. */
  silenceCountsSince(index: number): number {
    return Math.max(this.countsSince[GLOBAL]!, this.countsSince[index]!);
  }

  /** Reduces what is known of the loss of a host to the weight of `kept` round trips. */
  forgetLoss(index: number, kept: number): void {
    const scale = Math.min(1, kept / Math.max(1, this.returned[index]! + this.lost[index]!));
    this.returned[index] = Math.round(this.returned[index]! * scale);
    this.lost[index] = Math.round(this.lost[index]! * scale);
  }

  /** A pulse that was sent at `sentMs` was not answered. */
  noteLivenessLost(index: number, sentMs: number): void {
    if (this.unansweredLiveness[index] === 0) this.silentSince[index] = sentMs;
    if (this.unansweredLiveness[index]! < 0xffff) this.unansweredLiveness[index]!++;
  }

  /** Forgets lost pulses: this machine was at fault. */
  forgetSilence(): void {
    this.unansweredLiveness.fill(0);
    this.nextLivenessAt.fill(0);
  }

  /** How long to leave a host in peace after a pulse, `gapMs` at least: longer the longer it has been silent. */
  livenessPause(index: number, nowMs: number, gapMs: number): number {
    if (this.unansweredLiveness[index] === 0) return gapMs;
    return Math.max(gapMs, Math.min(MAX_LIVENESS_GAP_MS, (nowMs - this.silentSince[index]!) / 4));
  }

  /** True once a host has shown no pulse for so long that it is taken to be gone. */
  isUnreachable(index: number, nowMs: number): boolean {
    return this.unansweredLiveness[index]! >= PROBES_BEFORE_UNREACHABLE &&
      nowMs - this.silentSince[index]! >= SILENCE_BEFORE_UNREACHABLE_MS;
  }

  #resize(n: number): void {
    this.address = grown(this.address, n);
    this.srtt = grown(this.srtt, n, -1);
    this.variation = grown(this.variation, n);
    this.answered = grown(this.answered, n);
    this.returned = grown(this.returned, n);
    this.lost = grown(this.lost, n);
    this.open = grown(this.open, n);
    this.ttl = grown(this.ttl, n);
    this.firstPorts = grown(this.firstPorts, n * FIRST_PORTS);
    this.livenessPort = grown(this.livenessPort, n, -1);
    this.firstAnswerAt = grown(this.firstAnswerAt, n);
    this.aliveAt = grown(this.aliveAt, n, -1);
    this.countsSince = grown(this.countsSince, n);
    this.livenessAnswered = grown(this.livenessAnswered, n);
    this.livenessLost = grown(this.livenessLost, n);
    this.unansweredLiveness = grown(this.unansweredLiveness, n);
    this.silentSince = grown(this.silentSince, n);
    this.nextLivenessAt = grown(this.nextLivenessAt, n);
    this.burstSize = grown(this.burstSize, n);
    this.burstLivenessAt = grown(this.burstLivenessAt, n);
    this.burstEndsAt = grown(this.burstEndsAt, n);
  }
}

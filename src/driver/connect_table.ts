// Hot path: nothing here may allocate per probe.
/**
 * The probe of each socket of a connect scan, in parallel typed arrays. Every slot is on one list: free, in flight, or cancelled;
 * those in use are found by host and port.
 *
 * @module
 */

import { growColumns } from "../collections/grown.ts";
import { FREE_LIST, SlotLists } from "../collections/slot_lists.ts";

const IN_FLIGHT_LIST = 1;
const CANCELLED_LIST = 2;

/** The probes of a connect scan that have a socket. */
export class ConnectTable extends SlotLists {
  readonly capacity: number;
  /** Number of the host. */
  host = new Uint32Array(0);
  /** Port. */
  port = new Uint16Array(0);
  /** The attempt. */
  attempt = new Uint16Array(0);
  /** The engine's token. */
  token = new Uint32Array(0);
  /** The engine's id of the probe. */
  id = new Int32Array(0);
  /** When it began, in milliseconds: the time of the step in which that was. */
  beganMs = new Float64Array(0);
  /** When its SYN left, in milliseconds. */
  leftMs = new Float64Array(0);
  /** The round trip of its SYN, in milliseconds; below 0 where the kernel has not measured it. */
  rttMs = new Float64Array(0);
  /** Until when an established connection is watched; 0 where there is none. */
  standsUntilMs = new Float64Array(0);

  /** Buckets of slots by host and port, and the next slot of the same bucket. */
  readonly #buckets: Int32Array;
  readonly #nextInBucket: Int32Array;

  constructor(capacity: number) {
    super(capacity);
    this.capacity = capacity;
    growColumns(this, capacity);
    this.#buckets = new Int32Array(2 ** Math.ceil(Math.log2(capacity + 1))).fill(-1);
    this.#nextInBucket = new Int32Array(capacity);
  }

  /** Slots in use. */
  get used(): number {
    return this.capacity - this.count(FREE_LIST);
  }

  /** The slot that was cancelled first, or -1. */
  get oldestForgotten(): number {
    return this.first(CANCELLED_LIST);
  }

  /** Takes a free slot; -1 when there is none. */
  take(host: number, port: number, attempt: number, token: number, id: number, nowMs: number): number {
    const slot = this.first(FREE_LIST);
    if (slot < 0) return -1;
    this.move(slot, IN_FLIGHT_LIST);
    this.host[slot] = host;
    this.port[slot] = port;
    this.attempt[slot] = attempt;
    this.token[slot] = token;
    this.id[slot] = id;
    this.beganMs[slot] = nowMs;
    this.standsUntilMs[slot] = 0;
    const bucket = this.#bucketOf(host, port);
    this.#nextInBucket[slot] = this.#buckets[bucket]!;
    this.#buckets[bucket] = slot;
    return slot;
  }

  /** A slot that asks this, or -1. */
  find(host: number, port: number): number {
    return this.#match(this.#buckets[this.#bucketOf(host, port)]!, host, port);
  }

  /** Another slot that asks the same as `slot`, to be found after it, or -1. */
  after(slot: number): number {
    return this.#match(this.#nextInBucket[slot]!, this.host[slot]!, this.port[slot]!);
  }

  /** Puts a slot at the end of the list of those that the engine waits for no longer. */
  cancel(slot: number): void {
    if (!this.isOn(slot, CANCELLED_LIST)) this.move(slot, CANCELLED_LIST);
  }

  /** Takes a slot off that list. */
  recall(slot: number): void {
    this.move(slot, IN_FLIGHT_LIST);
  }

  /** Makes a slot free. */
  release(slot: number): void {
    this.#unbucket(slot);
    this.move(slot, FREE_LIST);
  }

  #match(from: number, host: number, port: number): number {
    let slot = from;
    while (slot >= 0 && (this.host[slot] !== host || this.port[slot] !== port)) slot = this.#nextInBucket[slot]!;
    return slot;
  }

  #bucketOf(host: number, port: number): number {
    const mixed = Math.imul(host ^ Math.imul(port, 0x9e3779b1), 0x85ebca6b);
    return (mixed ^ mixed >>> 15) & this.#buckets.length - 1;
  }

  #unbucket(slot: number): void {
    const bucket = this.#bucketOf(this.host[slot]!, this.port[slot]!);
    const next = this.#nextInBucket[slot]!;
    if (this.#buckets[bucket] === slot) {
      this.#buckets[bucket] = next;
      return;
    }
    let before = this.#buckets[bucket]!;
    while (this.#nextInBucket[before] !== slot) before = this.#nextInBucket[before]!;
    this.#nextInBucket[before] = next;
  }
}

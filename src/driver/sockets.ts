// Hot path: nothing here may allocate per probe.
/**
 * The sockets of a connect scan, in parallel typed arrays. Each is on one list: free, in flight, or cancelled; the attempts of one
 * probe follow each other from the engine's slot on.
 *
 * @module
 */

import { growColumns, grown } from "../collections/grown.ts";
import { FREE_LIST, SlotLists } from "../collections/slot_lists.ts";
import { slotOfId } from "./driver.ts";

const IN_FLIGHT_LIST = 1;
const CANCELLED_LIST = 2;

/** The sockets of a connect scan. */
export class Sockets extends SlotLists {
  readonly capacity: number;
  /** The host that a socket connects to, and its port. */
  host = new Uint32Array(0);
  port = new Uint16Array(0);
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

  /** The last socket of each slot of the engine, and of each socket the one before it of the same slot; -1 where there is none. */
  #lasts = new Int32Array(64).fill(-1);
  readonly #before: Int32Array;

  constructor(capacity: number) {
    super(capacity);
    this.capacity = capacity;
    growColumns(this, capacity);
    this.#before = new Int32Array(capacity);
  }

  /** Sockets in use. */
  get used(): number {
    return this.capacity - this.count(FREE_LIST);
  }

  /** The socket that was cancelled first, or -1. */
  get oldestCancelled(): number {
    return this.first(CANCELLED_LIST);
  }

  /** Takes a free socket; -1 when there is none. */
  take(host: number, port: number, id: number, nowMs: number): number {
    const socket = this.first(FREE_LIST);
    if (socket < 0) return -1;
    this.move(socket, IN_FLIGHT_LIST);
    this.host[socket] = host;
    this.port[socket] = port;
    this.id[socket] = id;
    this.beganMs[socket] = nowMs;
    this.standsUntilMs[socket] = 0;
    const slot = slotOfId(id);
    if (slot >= this.#lasts.length) this.#lasts = grown(this.#lasts, 2 ** Math.ceil(Math.log2(slot + 1)), -1);
    this.#before[socket] = this.#lasts[slot]!;
    this.#lasts[slot] = socket;
    return socket;
  }

  /** Returns the last socket of a slot of the engine, or -1. */
  lastOf(slot: number): number {
    return this.#lasts[slot] ?? -1;
  }

  /** Returns the socket before this one of the same slot, or -1. */
  before(socket: number): number {
    return this.#before[socket]!;
  }

  /** True for a socket to this host and port. */
  isOf(socket: number, host: number, port: number): boolean {
    return this.host[socket] === host && this.port[socket] === port;
  }

  /** Puts a socket at the end of the list of those that the engine waits for no longer. */
  cancel(socket: number): void {
    if (!this.isOn(socket, CANCELLED_LIST)) this.move(socket, CANCELLED_LIST);
  }

  /** Takes a socket off that list. */
  uncancel(socket: number): void {
    this.move(socket, IN_FLIGHT_LIST);
  }

  /** Makes a socket free. */
  release(socket: number): void {
    const slot = slotOfId(this.id[socket]!);
    const before = this.#before[socket]!;
    if (this.#lasts[slot] === socket) {
      this.#lasts[slot] = before;
    } else {
      let after = this.#lasts[slot]!;
      while (this.#before[after] !== socket) after = this.#before[after]!;
      this.#before[after] = before;
    }
    this.move(socket, FREE_LIST);
  }
}

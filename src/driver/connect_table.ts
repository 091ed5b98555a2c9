// Hot path: nothing here may allocate per probe.
/**
 * The probe of each socket of a connect scan, in parallel typed arrays. Every slot is on one list: free, in flight, or cancelled;
 * those in use are found by host and port.
 *
 * @module
 */

/** The probes of a connect scan that have a socket. */
export class ConnectTable {
  readonly capacity: number;
  /** Address asked. */
  readonly host: Uint32Array;
  /** Port asked. */
  readonly port: Uint16Array;
  /** The attempt. */
  readonly attempt: Uint16Array;
  /** The engine's token. */
  readonly token: Uint32Array;
  /** The engine's id of the probe. */
  readonly id: Int32Array;
  /** When it began, in milliseconds: the time of the step in which that was. */
  readonly beganMs: Float64Array;
  /** When its SYN left, in milliseconds. */
  readonly leftMs: Float64Array;
  /** The round trip of its SYN, in milliseconds; below 0 where the kernel has not measured it. */
  readonly rttMs: Float64Array;
  /** Until when a connection that stands is looked at; 0 where none stands. */
  readonly standsUntilMs: Float64Array;

  /** 1 where the engine waits no longer. */
  readonly #forgotten: Uint8Array;
  /** Buckets of slots by what they ask, and the next slot of the same bucket. */
  readonly #buckets: Int32Array;
  readonly #nextInBucket: Int32Array;
  /** Neighbours on the list of the forgotten; of a free slot the next free one. */
  readonly #next: Int32Array;
  readonly #previous: Int32Array;
  #free = 0;
  #used = 0;
  #oldest = -1;
  #newest = -1;

  constructor(capacity: number) {
    this.capacity = capacity;
    this.host = new Uint32Array(capacity);
    this.port = new Uint16Array(capacity);
    this.attempt = new Uint16Array(capacity);
    this.token = new Uint32Array(capacity);
    this.id = new Int32Array(capacity);
    this.beganMs = new Float64Array(capacity);
    this.leftMs = new Float64Array(capacity);
    this.rttMs = new Float64Array(capacity);
    this.standsUntilMs = new Float64Array(capacity);
    this.#forgotten = new Uint8Array(capacity);
    this.#buckets = new Int32Array(2 ** Math.ceil(Math.log2(capacity + 1))).fill(-1);
    this.#nextInBucket = new Int32Array(capacity);
    this.#next = Int32Array.from({ length: capacity }, (_, slot) => slot + 1 < capacity ? slot + 1 : -1);
    this.#previous = new Int32Array(capacity);
  }

  /** Slots in use. */
  get used(): number {
    return this.#used;
  }

  /** The slot that was forgotten first, or -1. */
  get oldestForgotten(): number {
    return this.#oldest;
  }

  /** Takes a free slot; -1 when there is none. */
  take(host: number, port: number, attempt: number, token: number, id: number, nowMs: number): number {
    const slot = this.#free;
    if (slot < 0) return -1;
    this.#free = this.#next[slot]!;
    this.#used++;
    this.host[slot] = host;
    this.port[slot] = port;
    this.attempt[slot] = attempt;
    this.token[slot] = token;
    this.id[slot] = id;
    this.beganMs[slot] = nowMs;
    this.standsUntilMs[slot] = 0;
    this.#forgotten[slot] = 0;
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

  /** Puts a slot at the end of the list of the forgotten. */
  cancel(slot: number): void {
    if (this.#forgotten[slot] === 1) return;
    this.#forgotten[slot] = 1;
    this.#next[slot] = -1;
    this.#previous[slot] = this.#newest;
    if (this.#newest < 0) this.#oldest = slot;
    else this.#next[this.#newest] = slot;
    this.#newest = slot;
  }

  /** Takes a slot off the list of the forgotten. */
  recall(slot: number): void {
    if (this.#forgotten[slot] === 1) this.#unlink(slot);
    this.#forgotten[slot] = 0;
  }

  /** Makes a slot free. */
  release(slot: number): void {
    this.recall(slot);
    this.#unbucket(slot);
    this.#next[slot] = this.#free;
    this.#free = slot;
    this.#used--;
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

  #unlink(slot: number): void {
    const next = this.#next[slot]!;
    const previous = this.#previous[slot]!;
    if (previous < 0) this.#oldest = next;
    else this.#next[previous] = next;
    if (next < 0) this.#newest = previous;
    else this.#previous[next] = previous;
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

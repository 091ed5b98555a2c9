// Hot path: nothing here may allocate per packet.
/**
 * The probes that are in flight, in parallel typed arrays: sized by rate times timeout, never by the size of the scan.
 * Every slot is on exactly one list (free, to be sent, waiting until a time, waiting for its host's turn), so that moving it
 * is O(1).
 *
 * @module
 */

import { ATTEMPTS_OF_ID, probeId } from "../driver/driver.ts";
import { reasonCode, weightOf } from "../result/outcome.ts";

/** A slot that has never been used. */
export const UNUSED = 0;
/** A slot whose question has been decided; it keeps what it was until it is used again, so that late answers find it. */
export const DECIDED = 1;
/** A slot whose probe is under way. */
export const IN_FLIGHT = 2;
/** A slot whose probe is to be sent (again). */
export const QUEUED = 3;

/** A slot that asks what the user wants to know. */
export const FOR_RESULT = 0;
/** A slot that asks a port known to answer whether its host still does. */
export const FOR_LIVENESS = 1;
/** The same, to see whether the path to everybody still carries anything. */
export const FOR_PATH_LIVENESS = 2;
/** A slot that asks a port nobody named, to see whether the host answers for everything. */
export const FOR_CONTROL_PORT = 3;

/** A slot that sends with a TTL of 1, to see whether the replies of a host are generated before the first router. */
export const FOR_NEAR = 4;

/** List of slots that nobody uses, oldest first. */
export const FREE_LIST = 0;
/** List of slots to be sent as soon as the rate allows. */
export const READY_LIST = 1;
/** List of slots that cannot be sent; they are tried again after a while. */
export const BLOCKED_LIST = 2;
/** List of slots that wait until the hardware address of their host is resolved. */
export const UNRESOLVED_LIST = 3;
/** First list that is nobody's yet; see {@linkcode ProbeTable.newList}. */
const FIRST_DYNAMIC_LIST = 4;

/** The table grows up to so many slots rather than forget what may still be answered. */
const KEPT_CAPACITY = 1 << 17;
/** What a reason weighs that no reply of the host gave. */
export const WEIGHT_OF_ERRORS = weightOf(reasonCode("host-unreach"));
/** Times of how many attempts are remembered for one slot. */
const TIMED_ATTEMPTS = ATTEMPTS_OF_ID;

/** The table of probes in flight. */
export class ProbeTable {
  /** Address asked. */
  host: Uint32Array;
  /** Port asked. */
  port: Uint16Array;
  /** {@linkcode UNUSED}, {@linkcode DECIDED}, {@linkcode IN_FLIGHT} or {@linkcode QUEUED}. */
  status: Uint8Array;
  /** What the question is for: {@linkcode FOR_RESULT}, {@linkcode FOR_LIVENESS}, {@linkcode FOR_PATH_LIVENESS}, {@linkcode FOR_CONTROL_PORT}. */
  purpose: Uint8Array;
  /** Probes sent so far. */
  tries: Uint8Array;
  /** Probes sent whose silence says something: not those that met a host, or a path, known to have been deaf. */
  countedTries: Uint8Array;
  /** To which attempts a bare SYN came in answer, a bit each: attempt modulo 8. */
  syns: Uint8Array;
  /** To which attempts an ACK came that is not of our SYN, a bit each: attempt modulo 8. */
  strayAcks: Uint8Array;
  /** State code of a decided slot, and why: the code of the reason. Of a slot that cannot be sent, why it cannot. */
  state: Uint8Array;
  reason: Uint8Array;
  /** An ICMP error that counts only if the host is still there: the code of its reason, 0 for none, and who sent it. */
  doubtful: Uint8Array;
  doubtfulFrom: Uint32Array;
  /** When to look at an asked slot again, in engine milliseconds. */
  due: Float64Array;
  /** When the first probe of a slot was sent, in engine milliseconds. */
  firstSentAt: Float64Array;
  /** Since when this probe cannot be sent, in engine milliseconds; 0 while it can. */
  refusedAt: Float64Array;

  /**
   * When each remembered attempt left, in milliseconds of the clock that never stands still, by its {@linkcode probeId}; below 0
   * while nobody has told.
   */
  leftAt: Float64Array;

  #sentAt: Float64Array;
  #next: Int32Array;
  #previous: Int32Array;
  #list: Int32Array;
  #heads: Int32Array;
  #tails: Int32Array;
  #counts: Int32Array;
  #listCount = FIRST_DYNAMIC_LIST;
  #capacity: number;
  readonly #maxCapacity: number;

  /** @param maxCapacity Slots that the table may grow to. */
  constructor(initialCapacity: number, maxCapacity: number) {
    this.#capacity = Math.max(1, Math.min(initialCapacity, maxCapacity));
    this.#maxCapacity = maxCapacity;
    const n = this.#capacity;
    this.host = new Uint32Array(n);
    this.port = new Uint16Array(n);
    this.status = new Uint8Array(n);
    this.purpose = new Uint8Array(n);
    this.tries = new Uint8Array(n);
    this.countedTries = new Uint8Array(n);
    this.syns = new Uint8Array(n);
    this.strayAcks = new Uint8Array(n);
    this.state = new Uint8Array(n);
    this.reason = new Uint8Array(n);
    this.doubtful = new Uint8Array(n);
    this.doubtfulFrom = new Uint32Array(n);
    this.due = new Float64Array(n);
    this.firstSentAt = new Float64Array(n);
    this.refusedAt = new Float64Array(n);
    this.leftAt = new Float64Array(n * TIMED_ATTEMPTS).fill(-1);
    this.#sentAt = new Float64Array(n * TIMED_ATTEMPTS);
    this.#next = new Int32Array(n);
    this.#previous = new Int32Array(n);
    this.#list = new Int32Array(n).fill(FREE_LIST);
    this.#heads = new Int32Array(64).fill(-1);
    this.#tails = new Int32Array(64).fill(-1);
    this.#counts = new Int32Array(64);
    // All at once: one by one they would take a millisecond, for this code has never run before.
    for (let slot = 0; slot < n; slot++) {
      this.#previous[slot] = slot - 1;
      this.#next[slot] = slot + 1 < n ? slot + 1 : -1;
    }
    this.#heads[FREE_LIST] = 0;
    this.#tails[FREE_LIST] = n - 1;
    this.#counts[FREE_LIST] = n;
  }

  /** Slots there are. */
  get capacity(): number {
    return this.#capacity;
  }

  /** Slots that ask something. */
  get used(): number {
    return this.#capacity - this.count(FREE_LIST);
  }

  /** How many slots are on a list. */
  count(list: number): number {
    return this.#counts[list]!;
  }

  /** The first slot of a list, or -1. */
  first(list: number): number {
    return this.#heads[list]!;
  }

  /** A new, empty list. */
  newList(): number {
    const list = this.#listCount++;
    if (list >= this.#heads.length) {
      this.#heads = grown(this.#heads, this.#heads.length * 2, -1);
      this.#tails = grown(this.#tails, this.#tails.length * 2, -1);
      this.#counts = grown(this.#counts, this.#counts.length * 2, 0);
    }
    return list;
  }

  /**
   * Takes the slot that has been free for the longest and moves it to `list`; -1 when the table is full. What was asked after
   * `keepSince`, and has a reason that weighs no more than `keptWeight`, is kept as long as there is room, so that late
   * answers find it.
   */
  take(list: number, keepSince: number, keptWeight: number = WEIGHT_OF_ERRORS): number {
    let slot = this.#heads[FREE_LIST]!;
    const keep = slot >= 0 && this.status[slot] === DECIDED && weightOf(this.reason[slot]!) <= keptWeight &&
      this.#capacity < KEPT_CAPACITY && this.lastSentAt(slot) > keepSince;
    if (slot < 0 || keep) {
      const grew = this.#grow();
      if (slot < 0 && !grew) return -1;
      slot = this.#heads[FREE_LIST]!;
    }
    this.move(slot, list);
    return slot;
  }

  /** Moves a slot to the end of a list. */
  move(slot: number, list: number): void {
    this.#unlink(slot);
    this.#append(slot, list);
  }

  /** Notes that the `attempt`-th probe of a slot was asked at `nowMs`. */
  setSentAt(slot: number, attempt: number, nowMs: number): void {
    this.#sentAt[probeId(slot, attempt)] = nowMs;
  }

  /** When the `attempt`-th probe of a slot left, or -1 if that is too many attempts ago to be remembered. */
  sentAt(slot: number, attempt: number): number {
    if (attempt < 0 || attempt < this.tries[slot]! - TIMED_ATTEMPTS) return -1;
    return this.#sentAt[probeId(slot, attempt)]!;
  }

  /** When the last probe of a slot left. */
  lastSentAt(slot: number): number {
    return this.#sentAt[probeId(slot, this.tries[slot]! - 1)]!;
  }

  /** The slot that asks `host`:`port` for the user, or -1. Looks at every slot: for rare packets that carry no token. */
  search(host: number, port: number): number {
    const { host: hosts, port: ports, status, purpose } = this;
    for (let slot = 0; slot < this.#capacity; slot++) {
      if (hosts[slot] === host && ports[slot] === port && status[slot]! >= IN_FLIGHT && purpose[slot] === FOR_RESULT) {
        return slot;
      }
    }
    return -1;
  }

  #append(slot: number, list: number): void {
    const tail = this.#tails[list]!;
    this.#next[slot] = -1;
    this.#previous[slot] = tail;
    this.#list[slot] = list;
    if (tail < 0) this.#heads[list] = slot;
    else this.#next[tail] = slot;
    this.#tails[list] = slot;
    this.#counts[list]!++;
  }

  #prepend(slot: number, list: number): void {
    const head = this.#heads[list]!;
    this.#next[slot] = head;
    this.#previous[slot] = -1;
    this.#list[slot] = list;
    if (head < 0) this.#tails[list] = slot;
    else this.#previous[head] = slot;
    this.#heads[list] = slot;
    this.#counts[list]!++;
  }

  #unlink(slot: number): void {
    const list = this.#list[slot]!;
    const next = this.#next[slot]!;
    const previous = this.#previous[slot]!;
    if (previous < 0) this.#heads[list] = next;
    else this.#next[previous] = next;
    if (next < 0) this.#tails[list] = previous;
    else this.#previous[next] = previous;
    this.#counts[list]!--;
  }

  #grow(): boolean {
    const old = this.#capacity;
    const n = Math.min(old * 2, this.#maxCapacity);
    if (n === old) return false;
    this.host = grown(this.host, n, 0);
    this.port = grown(this.port, n, 0);
    this.status = grown(this.status, n, 0);
    this.purpose = grown(this.purpose, n, 0);
    this.tries = grown(this.tries, n, 0);
    this.countedTries = grown(this.countedTries, n, 0);
    this.syns = grown(this.syns, n, 0);
    this.strayAcks = grown(this.strayAcks, n, 0);
    this.state = grown(this.state, n, 0);
    this.reason = grown(this.reason, n, 0);
    this.doubtful = grown(this.doubtful, n, 0);
    this.doubtfulFrom = grown(this.doubtfulFrom, n, 0);
    this.due = grown(this.due, n, 0);
    this.firstSentAt = grown(this.firstSentAt, n, 0);
    this.refusedAt = grown(this.refusedAt, n, 0);
    this.leftAt = grown(this.leftAt, n * TIMED_ATTEMPTS, -1);
    this.#sentAt = grown(this.#sentAt, n * TIMED_ATTEMPTS, 0);
    this.#next = grown(this.#next, n, -1);
    this.#previous = grown(this.#previous, n, -1);
    this.#list = grown(this.#list, n, -1);
    this.#capacity = n;
    for (let slot = n - 1; slot >= old; slot--) this.#prepend(slot, FREE_LIST);
    return true;
  }
}

/** A longer copy of a typed array, the new elements set to `fill`. */
export function grown<A extends Uint8Array | Uint16Array | Uint32Array | Int32Array | Float64Array>(
  array: A,
  length: number,
  fill: number,
): A {
  const longer = new (array.constructor as new (length: number) => A)(length);
  longer.set(array);
  if (fill !== 0) longer.fill(fill, array.length);
  return longer;
}

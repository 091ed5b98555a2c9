// Hot path: nothing here may allocate per packet.
/**
 * The probes that are in flight, in parallel typed arrays: sized by rate times timeout, never by the size of the scan.
 * Every slot is on exactly one list (free, to be sent, waiting until a time, waiting for its host's turn), so that moving it
 * is O(1).
 *
 * @module
 */

import { grown } from "../collections/grown.ts";
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
  host = new Uint32Array();
  /** Port asked. */
  port = new Uint16Array();
  /** {@linkcode UNUSED}, {@linkcode DECIDED}, {@linkcode IN_FLIGHT} or {@linkcode QUEUED}. */
  status = new Uint8Array();
  /** What the question is for: {@linkcode FOR_RESULT}, {@linkcode FOR_LIVENESS}, {@linkcode FOR_PATH_LIVENESS}, {@linkcode FOR_CONTROL_PORT}. */
  purpose = new Uint8Array();
  /** Probes sent so far. */
  tries = new Uint8Array();
  /** Probes sent whose silence says something: not those that met a host, or a path, known to have been deaf. */
  countedTries = new Uint8Array();
  /** To which attempts a bare SYN came in answer, a bit each: attempt modulo 8. */
  syns = new Uint8Array();
  /** To which attempts an ACK came that is not of our SYN, a bit each: attempt modulo 8. */
  strayAcks = new Uint8Array();
  /** State code of a decided slot, and why: the code of the reason. Of a slot that cannot be sent, why it cannot. */
  state = new Uint8Array();
  reason = new Uint8Array();
  /** An ICMP error that counts only if the host is still there: the code of its reason, 0 for none, and who sent it. */
  doubtful = new Uint8Array();
  doubtfulFrom = new Uint32Array();
  /** When to look at an asked slot again, in engine milliseconds. */
  due = new Float64Array();
  /** When the first probe of a slot was sent, in engine milliseconds. */
  firstSentAt = new Float64Array();
  /** Since when this probe cannot be sent, in engine milliseconds; 0 while it can. */
  refusedAt = new Float64Array();

  /**
   * When each remembered attempt left, in milliseconds of the clock that never stands still, by its {@linkcode probeId}; below 0
   * while nobody has told.
   */
  leftAt = new Float64Array();

  #sentAt = new Float64Array();
  #next = new Int32Array();
  #previous = new Int32Array();
  #list = new Int32Array();
  #heads = new Int32Array(64).fill(-1);
  #tails = new Int32Array(64).fill(-1);
  #counts = new Int32Array(64);
  #listCount = FIRST_DYNAMIC_LIST;
  #capacity: number;
  readonly #maxCapacity: number;

  /** @param maxCapacity Slots that the table may grow to. */
  constructor(initialCapacity: number, maxCapacity: number) {
    this.#capacity = Math.max(1, Math.min(initialCapacity, maxCapacity));
    this.#maxCapacity = maxCapacity;
    const n = this.#capacity;
    this.#resize(n);
    this.#list.fill(FREE_LIST);
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
      this.#counts = grown(this.#counts, this.#counts.length * 2);
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
    this.#resize(n);
    this.#capacity = n;
    for (let slot = n - 1; slot >= old; slot--) this.#prepend(slot, FREE_LIST);
    return true;
  }

  #resize(n: number): void {
    this.host = grown(this.host, n);
    this.port = grown(this.port, n);
    this.status = grown(this.status, n);
    this.purpose = grown(this.purpose, n);
    this.tries = grown(this.tries, n);
    this.countedTries = grown(this.countedTries, n);
    this.syns = grown(this.syns, n);
    this.strayAcks = grown(this.strayAcks, n);
    this.state = grown(this.state, n);
    this.reason = grown(this.reason, n);
    this.doubtful = grown(this.doubtful, n);
    this.doubtfulFrom = grown(this.doubtfulFrom, n);
    this.due = grown(this.due, n);
    this.firstSentAt = grown(this.firstSentAt, n);
    this.refusedAt = grown(this.refusedAt, n);
    this.leftAt = grown(this.leftAt, n * TIMED_ATTEMPTS, -1);
    this.#sentAt = grown(this.#sentAt, n * TIMED_ATTEMPTS);
    this.#next = grown(this.#next, n, -1);
    this.#previous = grown(this.#previous, n, -1);
    this.#list = grown(this.#list, n, -1);
  }
}

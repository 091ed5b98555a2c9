// Hot path: nothing here may allocate per packet.
/**
 * The probes that are in flight, in parallel typed arrays: sized by rate times timeout, never by the size of the scan.
 *
 * @module
 */

import { growColumns } from "../collections/grown.ts";
import { FREE_LIST, SlotLists } from "../collections/slot_lists.ts";
import { probeId } from "../driver/driver.ts";
import { weightOf } from "../result/rank.ts";
import { reasonCode } from "../result/reasons.ts";
import { AttemptTimes } from "./attempt_times.ts";

export { FREE_LIST } from "../collections/slot_lists.ts";

/** The list of slots to be sent as soon as the rate allows. */
export const READY_LIST = 1;
/** The list of slots that cannot be sent; they are tried again after a while. */
export const BLOCKED_LIST = 2;
/** The list of slots that wait until the hardware address of their host is resolved. */
export const UNRESOLVED_LIST = 3;

/** A slot that has never been used. */
export const UNUSED = 0;
/** A slot with a result. Its columns are kept until the slot is reused, so that late replies can be matched to it. */
export const DECIDED = 1;
/** A slot whose probe was sent. */
export const IN_FLIGHT = 2;
/** A slot whose probe is to be sent (again). */
export const QUEUED = 3;

/** A slot for a port of the scan. */
export const FOR_RESULT = 0;
/** A liveness probe: a port that is known to reply, to find out whether its host still does. */
export const FOR_LIVENESS = 1;
/** A liveness probe of the path to all hosts. */
export const FOR_PATH_LIVENESS = 2;
/** A control port: a port beside the scan, to find out whether something replies for every port of the host. */
export const FOR_CONTROL_PORT = 3;
/** A probe with a TTL of 1, to find out whether the replies of a host are generated before the first router. */
export const FOR_NEAR = 4;
/** A port of the scan that has replied, once more, to find out whether its host refuses everything by now. */
export const FOR_RECHECK = 5;

/** True where the end of the scan waits for slots of this purpose. */
export function delaysEnd(purpose: number): boolean {
  return purpose !== FOR_LIVENESS && purpose !== FOR_PATH_LIVENESS;
}

/** Up to this many slots, the table grows instead of reusing slots to which a late reply may still arrive. */
const KEPT_CAPACITY = 1 << 17;
/** The weight of a reason that does not come from a reply of the host itself. */
export const WEIGHT_OF_ERRORS = weightOf(reasonCode("host-unreach"));

/** The table of probes in flight. Times are engine milliseconds. */
export class ProbeTable extends SlotLists {
  /** Address of the host. */
  host = new Uint32Array(0);
  /** Port. */
  port = new Uint16Array(0);
  /** {@linkcode UNUSED}, {@linkcode DECIDED}, {@linkcode IN_FLIGHT} or {@linkcode QUEUED}. */
  status = new Uint8Array(0);
  /** {@linkcode FOR_RESULT} or a code that follows. */
  purpose = new Uint8Array(0);
  /** Attempts sent so far. */
  tries = new Uint8Array(0);
  /** Attempts that count as evidence if no reply came: not those sent while the host or the path was unreachable. */
  countedTries = new Uint8Array(0);
  /** The attempt whose reply has decided a slot. */
  answered = new Uint8Array(0);
  /** State code of a decided slot, or of a port that is probed again, as it was before. */
  state = new Uint8Array(0);
  /** Reason code of a decided slot, or of the error that keeps the slot from being sent. */
  reason = new Uint8Array(0);
  /** An ICMP error that counts only if the host still replies: its reason code (0 for none) and its sender. */
  doubtful = new Uint8Array(0);
  doubtfulFrom = new Uint32Array(0);
  /** The time at which the timer of a slot expires. */
  due = new Float64Array(0);
  /** The time since which the probe could not be sent; 0 if it can be sent. */
  refusedAt = new Float64Array(0);
  /** When attempts were sent. */
  readonly times = new AttemptTimes();

  #capacity: number;
  /** Slots that the table may grow to. */
  readonly maxCapacity: number;

  /** @param maxCapacity Slots that the table may grow to. */
  constructor(initialCapacity: number, maxCapacity: number) {
    const capacity = Math.max(1, Math.min(initialCapacity, maxCapacity));
    super(capacity);
    this.#capacity = capacity;
    this.maxCapacity = maxCapacity;
    growColumns(this, capacity);
    this.times.grow(capacity);
  }

  /** The number of slots. */
  get capacity(): number {
    return this.#capacity;
  }

  /** The number of slots in use. */
  get used(): number {
    return this.#capacity - this.count(FREE_LIST);
  }

  /**
   * Moves the slot that has been free for the longest to `list` and returns it; -1 when the table is full. A slot whose probe was
   * sent after `keepSince`, and whose reason weighs no more than `keptWeight`, is kept as long as there is room, so that late
   * replies find it.
   */
  take(list: number, keepSince: number, keptWeight: number = WEIGHT_OF_ERRORS): number {
    let slot = this.first(FREE_LIST);
    const isKept = slot >= 0 && this.status[slot] === DECIDED && weightOf(this.reason[slot]!) <= keptWeight &&
      this.#capacity < KEPT_CAPACITY && this.lastSentAt(slot) > keepSince;
    if (slot < 0 || isKept) {
      const hasGrown = this.#grow();
      if (slot < 0 && !hasGrown) return -1;
      slot = this.first(FREE_LIST);
    }
    this.move(slot, list);
    return slot;
  }

  /** Returns when an attempt of a slot was sent, or -1 if that is too many attempts ago. */
  sentAt(slot: number, attempt: number): number {
    return this.times.of(slot, attempt, this.tries[slot]!);
  }

  /** Returns when the last attempt of a slot was sent. */
  lastSentAt(slot: number): number {
    return this.times.sent[probeId(slot, this.tries[slot]! - 1)]!;
  }

  /** Returns the slot in use for a port of the scan, or -1. Looks at every slot: for rare packets that carry no token. */
  search(host: number, port: number): number {
    const { host: hosts, port: ports, status, purpose } = this;
    for (let slot = 0; slot < this.#capacity; slot++) {
      if (hosts[slot] === host && ports[slot] === port && status[slot]! >= IN_FLIGHT && purpose[slot] === FOR_RESULT) {
        return slot;
      }
    }
    return -1;
  }

  #grow(): boolean {
    const capacity = Math.min(this.#capacity * 2, this.maxCapacity);
    if (capacity === this.#capacity) return false;
    growColumns(this, capacity);
    this.times.grow(capacity);
    this.growLists(capacity);
    this.#capacity = capacity;
    return true;
  }
}

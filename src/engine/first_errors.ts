// Hot path: nothing here may allocate per packet.
/**
 * Hosts of which no ICMP error has arrived. A scan just before may have emptied their bucket, and then silence shows nothing until a token
 * has come back: each silent port of such a host is probed again a refill later, more than once, so that the loss of one error does not
 * decide. Hosts that have stayed silent then are taken to send none.
 *
 * The constants are chosen by tests/sim/udp_bucket_test.ts.
 *
 * @module
 */

import { grown } from "../collections/grown.ts";
import type { EngineState } from "./engine_state.ts";
import type { LossMeter } from "./loss.ts";

/** The time in which the tightest bucket of the known kernels gets a token (icmp_ratelimit), and what clocks may differ by, in milliseconds. */
const REFILL_MS = 1100;
/**
 * Refills that are waited for: where replies get lost, where too few have come back to show that they do not, and otherwise. Of the errors
 * about a burst of probes the first takes the token, and may be lost each time.
 */
const REFILLS_WITH_LOSS = 4;
const REFILLS_UNPROVEN = 3;
const REFILLS = 2;
const ENOUGH_REPLIES = 30;
/** A retransmission waits so long for the next refill, in milliseconds. */
const SOON_MS = 250;
/** Hosts without errors that are kept; of one that is not, the silence is looked at anew. */
const MAX_HOSTS = 1 << 16;

/** A sender of slots. */
interface Retransmitter {
  /** Queues the next attempt of a slot. */
  retransmit(slot: number, index: number): void;
}

/** The shared state, and the policies that this one uses. */
type Parts = EngineState & { loss: { readonly path: LossMeter } };

/** The ports of hosts that have sent no error. Times are engine milliseconds. */
export class FirstErrors {
  readonly #state: Parts;
  /** By slot, the attempts that were sent after a refill. */
  #refills = new Uint8Array(0);
  /** By slot, 1 where silence was counted before the first error of its host, and 2 where it was before any about the host. */
  #isUnproven = new Uint8Array(0);
  readonly #silent = new Set<number>();

  constructor(state: Parts) {
    this.#state = state;
  }

  /** Takes that the first attempt of a slot is sent. */
  onFirst(slot: number): void {
    if (slot >= this.#refills.length) {
      this.#refills = grown(this.#refills, this.#state.table.capacity);
      this.#isUnproven = grown(this.#isUnproven, this.#state.table.capacity);
    }
    this.#refills[slot] = this.#isUnproven[slot] = 0;
  }

  /**
   * Takes that the silence of a slot is counted; returns true if what was counted before proves less than was known then.
   *
   * @param sender The sender of errors about the host; undefined if there were none.
   */
  onSilence(slot: number, sender: number | undefined): boolean {
    const before = this.#isUnproven[slot]!;
    const isOwn = sender === this.#state.table.host[slot];
    const now = this.#isUnproven[slot] = sender === undefined ? 2 : isOwn ? 0 : 1;
    return before > now;
  }

  /** True for a slot of which silence was counted before the first error of its host. */
  isUnproven(slot: number): boolean {
    return this.#isUnproven[slot]! > 0;
  }

  /** Returns true, once, for a slot of which silence was counted before the first error of its host. */
  takeUnproven(slot: number): boolean {
    const isUnproven = this.isUnproven(slot);
    this.#isUnproven[slot] = 0;
    return isUnproven;
  }

  /** True for a slot that is to be probed once more after a refill. */
  awaitsToken(slot: number): boolean {
    return this.#refillsLeft(slot) > 0;
  }

  /** True for a slot whose next attempt is to follow a refill: that is soon, or the user allows no other. */
  isDue(slot: number, timeMs: number): boolean {
    const { table, limits: { maxRetries } } = this.#state;
    if (this.#nextAt(slot) <= timeMs + SOON_MS) return true;
    return maxRetries < Infinity && this.#refillsLeft(slot) > maxRetries - table.tries[slot]!;
  }

  /** Probes a slot again after the next refill. */
  retransmit(slot: number, index: number, timeMs: number, sender: Retransmitter): void {
    const dueMs = this.#nextAt(slot);
    if (dueMs > timeMs) {
      this.#state.wheel.schedule(slot, dueMs);
      return;
    }
    this.#refills[slot]!++;
    sender.retransmit(slot, index);
  }

  #nextAt(slot: number): number {
    return this.#state.table.times.first[slot]! + (this.#refills[slot]! + 1) * REFILL_MS;
  }

  #refillsLeft(slot: number): number {
    const { table, limits, loss: { path } } = this.#state;
    const host = table.host[slot]!;
    if (limits.defeatsIcmpLimit === true || this.#silent.has(host)) return 0;
    const wanted = path.lost > 0 ? REFILLS_WITH_LOSS : path.answered < ENOUGH_REPLIES ? REFILLS_UNPROVEN : REFILLS;
    const left = Math.max(1, Math.min(wanted, limits.maxRetries)) - this.#refills[slot]!;
    if (left <= 0) this.#addSilent(host);
    return Math.max(0, left);
  }

  #addSilent(host: number): void {
    if (this.#silent.size === MAX_HOSTS) {
      for (const oldest of this.#silent) {
        this.#silent.delete(oldest);
        break;
      }
    }
    this.#silent.add(host);
  }
}

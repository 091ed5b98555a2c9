/**
 * Segments without a token that may belong to a probe: bare SYNs, and ACKs of other connections. The host and port of each are
 * looked for among all probes in flight, so that few are looked at, and none counts while most belong to nothing: then they
 * are sent to many ports by an attacker.
 *
 * @module
 */

import { grown } from "../collections/grown.ts";
import { isError } from "../result/rank.ts";
import { noteCode } from "./notes.ts";
import type { EngineState } from "./engine_state.ts";
import type { ProbeSender } from "./probe_sender.ts";
import type { LossAccount } from "./loss_account.ts";
import { GLOBAL } from "./host_table.ts";
import { IN_FLIGHT } from "./probe_table.ts";

const STRAY_ACK = noteCode("an ACK of another connection from the same port was answered with RST");
const STRAY_SYN_ACK = noteCode(
  "a SYN-ACK of another number was answered with RST, as protection against SYN floods asks for",
);

/** Segments looked at in a step of the engine, at least one; and slots that are searched for them. */
const LOOKS_PER_STEP = 16;
const SLOTS_PER_STEP = 1 << 16;
/** Segments that belong to nothing, and those for each that does, up to which the others count. */
const TOLERATED = 256;
const TOLERATED_PER_MATCH = 8;
/** SYN-ACKs answered at once. */
const MAX_RESETS = 128;
/** The half-life of the counts, in milliseconds. */
const HALF_LIFE_MS = 1000;

/** Counts of stray segments. */
export class Strays {
  #looks = 0;
  #matched = 0;
  #unmatched = 0;
  #resets = 0;
  #halvedAt = 0;

  /** Begins a step at `nowMs`; a look is a search through `slots`. */
  begin(nowMs: number, slots: number): void {
    this.#looks = Math.max(1, Math.min(LOOKS_PER_STEP, SLOTS_PER_STEP / slots));
    if (nowMs - this.#halvedAt < HALF_LIFE_MS) return;
    this.#halvedAt = nowMs;
    this.#matched /= 2;
    this.#unmatched /= 2;
    this.#resets = Math.min(this.#resets, MAX_RESETS) / 2;
  }

  /** True where the probe of one more segment may be searched; one that may not is counted if it `counts`. */
  mayLook(counts = true): boolean {
    if (this.#looks >= 1) {
      this.#looks--;
      return true;
    }
    if (counts) this.#unmatched++;
    return false;
  }

  /** Counts a segment that was looked at; `matched` where there is a probe to which it may belong. */
  looked(matched: boolean): void {
    if (matched) this.#matched++;
    else this.#unmatched++;
  }

  /** True where one more SYN-ACK may be answered. */
  mayReset(): boolean {
    return this.#resets++ < MAX_RESETS;
  }

  /** True while so many segments belong to nothing that none counts. */
  get areForged(): boolean {
    return this.#unmatched > TOLERATED + TOLERATED_PER_MATCH * this.#matched;
  }
}

/** The shared state, and the policies that this one uses. */
type Parts = EngineState & { sender: ProbeSender; loss: LossAccount };

/** The stray segments of one scan. */
export class StraySegments {
  readonly #state: Parts;
  readonly #strays = new Strays();
  /**
   * By slot, a bit for each attempt modulo 8: those to which a bare SYN was received, and those to which an ACK of another connection
   * was. They grow when there is something to note.
   */
  #syns = new Uint8Array(0);
  #acks = new Uint8Array(0);
  /** The kind of the replies without a token, and their sender, by slot. */
  #kinds = new Uint8Array(0);
  #senders = new Uint32Array(0);

  constructor(state: Parts) {
    this.#state = state;
  }

  /** Begins a step of the engine. */
  begin(nowMs: number): void {
    this.#strays.begin(nowMs, this.#state.table.capacity);
  }

  /** Forgets what was received for the probe that a slot had before. */
  reset(slot: number): void {
    if (slot >= this.#syns.length) return;
    this.#syns[slot] = 0;
    this.#acks[slot] = 0;
  }

  /** Takes a reply of this kind without a token, such as a bare SYN; returns true where it may belong to a probe in flight. */
  onUnproven(host: number, port: number, attempt: number, kind: number, from: number): boolean {
    const slot = this.#find(host, port, attempt);
    // Errors are noted in any case, for their probes were not met by silence.
    if (slot < 0 || this.#strays.areForged && !isError(kind)) return false;
    const { hosts, table } = this.#state;
    // Attempts agree in the kind of their replies and in its sender.
    if (this.#kinds[slot] !== kind || this.#senders[slot] !== from) this.#syns[slot] = 0;
    this.#syns[slot]! |= this.#bitOf(slot, attempt);
    this.#kinds[slot] = kind;
    this.#senders[slot] = from;
    // The host is there, though nothing proves when it was probed.
    if (!isError(kind)) this.#state.loss.noteAlive(hosts.find(host), table.lastSentAt(slot));
    return true;
  }

  /** True for a slot to which a reply without a token was received that is no error. */
  hasUnproven(slot: number): boolean {
    return !this.#strays.areForged && (this.#syns[slot] ?? 0) !== 0 && !isError(this.#kinds[slot]!);
  }

  /** True for a slot about whose last attempt an error was received that proves nothing alone: its silence shows nothing. */
  hasUnprovenError(slot: number): boolean {
    const bit = this.#bitOf(slot, this.#state.table.tries[slot]! - 1);
    return ((this.#syns[slot] ?? 0) & bit) !== 0 && isError(this.#kinds[slot]!);
  }

  /**
   * Returns the kind of the replies without a token to a slot; below 0 if they do not count. Such a reply does not prove that it is one;
   * coming to the ports of two attempts, it counts.
   */
  agreedKind(slot: number): number {
    const syns = this.#strays.areForged ? 0 : this.#syns[slot] ?? 0;
    const isAgreed = this.#state.table.tries[slot]! > 1 ? (syns & (syns - 1)) !== 0 : syns !== 0;
    return isAgreed ? this.#kinds[slot]! : -1;
  }

  /** The sender of the replies without a token to a slot. */
  senderOf(slot: number): number {
    return this.#senders[slot]!;
  }

  /**
   * Takes an ACK of another connection, or a SYN-ACK of another number; returns true where it is to be answered with a RST, after which
   * the port is probed again. A SYN-ACK is easily forged where probes are seen: it is answered where it comes to a second attempt too.
   */
  onStrayAck(host: number, port: number, attempt: number, isSyn: boolean): boolean {
    const { hosts, table, limits, notes } = this.#state;
    const slot = this.#find(host, port, attempt, !isSyn);
    if (slot < 0 || table.status[slot] !== IN_FLIGHT || !isSyn && this.#strays.areForged) return false;
    const bit = this.#bitOf(slot, attempt);
    const before = this.#acks[slot]!;
    if ((before & bit) !== 0) return false;
    this.#acks[slot] = before | bit;
    const tries = table.tries[slot]!;
    if (isSyn && (tries < 2 || !this.#strays.mayReset())) return false;
    notes.addPort(host, port, isSyn ? STRAY_SYN_ACK : STRAY_ACK);
    const index = hosts.find(host);
    if (index !== GLOBAL && !isSyn) this.#state.loss.noteAlive(index, table.lastSentAt(slot));
    if (tries <= limits.maxRetries && (isSyn ? tries === 2 : before === 0)) {
      // The RST leaves first, and then the attempt that is replied to by the port. The silence of this one proves nothing; where anybody
      // can have sent the segment, it counts as loss nevertheless.
      if (!isSyn && table.countedTries[slot]! > 0) table.countedTries[slot]!--;
      this.#state.sender.retransmit(slot, index);
    }
    return true;
  }

  /** True for a slot with one attempt, to which a SYN-ACK of another number was received. */
  needsSecond(slot: number): boolean {
    return (this.#acks[slot] ?? 0) !== 0 && this.#state.table.tries[slot] === 1;
  }

  /** The bit of an attempt; where all attempts leave from one port, that of the last. */
  #bitOf(slot: number, attempt: number): number {
    const { driver, table } = this.#state;
    return 1 << ((driver.attemptPeriod > 1 ? attempt : table.tries[slot]! - 1) & 7);
  }

  /**
   * The slot that a segment without a token may belong to; below 0 if there is none.
   *
   * @param counts False for a SYN-ACK, which shows nothing of the others: many come at once where a device protects hosts.
   */
  #find(host: number, port: number, attempt: number, counts = true): number {
    const { table, index } = this.#state;
    if (index === undefined && !this.#strays.mayLook(counts)) return -1;
    const found = index === undefined ? table.search(host, port) : index.find(host, port);
    const slot = found >= 0 && table.status[found]! >= IN_FLIGHT ? found : -1;
    const isMatched = slot >= 0 && attempt < table.tries[slot]!;
    if (counts) this.#strays.looked(isMatched);
    if (!isMatched) return -1;
    if (slot >= this.#syns.length) {
      this.#syns = grown(this.#syns, table.capacity);
      this.#acks = grown(this.#acks, table.capacity);
      this.#kinds = grown(this.#kinds, table.capacity);
      this.#senders = grown(this.#senders, table.capacity);
    }
    return slot;
  }
}

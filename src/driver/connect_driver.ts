// Hot path: but for the sockets themselves, nothing here may be allocated per probe.
/**
 * Probes by connect(2), which needs no privilege: the kernel sends the SYN and reports its outcome.
 *
 * @module
 */

import { ICMP_ERRORS, icmpErrorKind } from "../technique/ip_reply.ts";
import {
  CONNECTED,
  type ConnectionSink,
  Connector,
  descriptorLimit,
  isNoRoomToConnect,
  REFUSED,
  RESET,
  UNREACHABLE,
} from "../transport/connector.ts";
import { errnoName } from "../transport/send_errors.ts";
import { HANDSHAKE_OUTCOMES } from "../result/outcome.ts";
import { reasonCode } from "../result/reasons.ts";
import { NOT_A_REPLY, type ReplyKind } from "../result/reply_kind.ts";
import type { AddressBook } from "../target/address_book.ts";
import { ConnectTable } from "./connect_table.ts";
import { type Driver, type DriverCounters, newCounters, NO_ID, type ReplySink, slotOfId } from "./driver.ts";
import { refusalReason } from "./refusals.ts";

const CONNECTION_ACCEPTED = reasonCode("conn-accept");
const CONNECTION_RESET = reasonCode("conn-reset");
const CONNECTION_REFUSED = reasonCode("conn-refused");

/** Options of a {@linkcode ConnectDriver}. */
export interface ConnectDriverOptions {
  /** The address to ask from; the kernel's choice if not given. */
  readonly sourceIp?: string;
  /** The source port, 1-65535; chosen by the kernel if not given. */
  readonly sourcePort?: number;
  /** The interface to send from; chosen by the kernel if not given. */
  readonly interface?: string;
  /** The TTL of probes, 1-255; the system's default if not given. */
  readonly ttl?: number;
  /** The largest number of probes in flight, even if the limit of descriptors allows more. */
  readonly maxInFlight?: number;
}

/** The number of connections started between two flushes: each takes about 20 us, and replies must not wait long. */
const BATCH = 64;
/** Descriptors reserved for the rest of the program: files, outputs, the resolver. */
const RESERVE = 64;
/** The largest number of probes in flight. Each is an entry in the state table of every firewall and NAT on its path. */
const MAX_IN_FLIGHT = 16_384;
/** Additional sockets for liveness probes and control ports. */
const ON_TOP = 32;
/**
 * The time for which a cancelled socket is kept, from its beginning, in milliseconds. Until then the kernel sends its
 * SYN again once, after one second; the next would leave after three.
 */
const KEEP_MS = 3000;

/**
 * The time for which an established connection is watched, in milliseconds: so many round trips, within bounds. A SYN proxy without a
 * server behind it resets after its own round trip to there.
 */
const GRACE_ROUND_TRIPS = 2;
const MIN_GRACE_MS = 20;
const MAX_GRACE_MS = 300;

/** Probes with connect(2), many at once. */
export class ConnectDriver implements Driver, ConnectionSink {
  readonly technique = "connect";
  readonly overlaps = false;
  readonly outcomes = HANDSHAKE_OUTCOMES;
  readonly rationed = ICMP_ERRORS;
  readonly hasPorts = true;
  readonly isTokenless = false;
  readonly name = "connect";
  readonly batch = BATCH;
  readonly drainBatch: number;
  readonly maxInFlight: number;
  /** Every attempt has a socket of its own, and the engine makes fewer than these. */
  readonly attemptPeriod = 256;
  readonly counters: DriverCounters = newCounters();

  readonly #book: AddressBook;
  readonly #connector: Connector;
  readonly #table: ConnectTable;
  /** One port to ask from: then no two attempts at one port can exist at a time. */
  readonly #onePort: boolean;
  /** Ids of probes that the kernel refused to send, until the next flush, and their errnos. */
  readonly #refusedIds = new Int32Array(BATCH);
  readonly #refusalErrnos = new Int32Array(BATCH);
  #refusalCount = 0;
  /** Connections that stand and are still looked at: slots in the order in which they came to stand, in a ring. */
  readonly #standing: Int32Array;
  #firstStanding = 0;
  #standingCount = 0;
  #sink: ReplySink | undefined;
  #nowMs = 0;

  /**
   * @param book The addresses of hosts.
   * @throws {UsageError} If the source address is not one.
   * @throws {CannotScanError} If sockets cannot be had as the options ask.
   */
  constructor(book: AddressBook, options: ConnectDriverOptions = {}) {
    this.#book = book;
    const limit = descriptorLimit();
    const room = limit - Math.min(RESERVE, limit >>> 1);
    const onTop = Math.min(ON_TOP, room >>> 2);
    this.maxInFlight = Math.max(1, Math.min(room - onTop, options.maxInFlight ?? Infinity, MAX_IN_FLIGHT));
    const capacity = this.maxInFlight + onTop;
    this.#table = new ConnectTable(capacity);
    this.#standing = new Int32Array(capacity);
    this.#onePort = options.sourcePort !== undefined;
    this.#connector = new Connector({
      capacity,
      sourceIp: options.sourceIp,
      sourcePort: options.sourcePort,
      interfaceName: options.interface,
      ttl: options.ttl,
    });
    this.drainBatch = this.#connector.batch;
  }

  send(host: number, port: number, attempt: number, token: number, id = NO_ID): boolean {
    const table = this.#table;
    if (this.#refusalCount === BATCH) return false;
    let slot = table.take(host, port, attempt, token, id, this.#nowMs);
    if (slot < 0 && this.#endOldestForgotten()) slot = table.take(host, port, attempt, token, id, this.#nowMs);
    if (slot < 0) return this.#noRoom();
    table.leftMs[slot] = performance.now();
    const address = this.#book.address(host);
    let errno = this.#connector.begin(slot, address, port);
    while (isNoRoomToConnect(errno) && this.#endOldestForgotten()) errno = this.#connector.begin(slot, address, port);
    if (errno === 0) {
      this.counters.sent++;
      return true;
    }
    table.release(slot);
    // With nothing of ours under way, there is nothing that would make room.
    if (isNoRoomToConnect(errno) && table.used > 0) return this.#noRoom();
    this.#refuse(id, errno);
    return true;
  }

  flush(sink: ReplySink, nowMs: number): number {
    this.#nowMs = nowMs;
    const count = this.#refusalCount;
    this.#refusalCount = 0;
    for (let i = 0; i < count; i++) sink.onSendError(this.#refusedIds[i]!, refusalReason(this.#refusalErrnos[i]!));
    return 0;
  }

  drain(sink: ReplySink, nowMs: number): number {
    this.#sink = sink;
    this.#nowMs = nowMs;
    const count = this.#connector.poll(this);
    const table = this.#table;
    while (this.#standingCount > 0 && table.standsUntilMs[this.#standing[this.#firstStanding]!]! <= nowMs) {
      const slot = this.#standing[this.#firstStanding]!;
      this.#firstStanding = (this.#firstStanding + 1) % table.capacity;
      this.#standingCount--;
      this.#tell(slot, this.#connector.wasReset(slot) ? CONNECTION_RESET : CONNECTION_ACCEPTED, table.host[slot]!);
    }
    let oldest = table.oldestForgotten;
    while (oldest >= 0 && nowMs - table.beganMs[oldest]! >= KEEP_MS) {
      this.#end(oldest);
      oldest = table.oldestForgotten;
    }
    return count;
  }

  /**
   * The socket stays, so that an answer that comes late still counts: where round trips are longer than the engine
   * thinks, each attempt would otherwise end just before its answer. It goes when its room is needed, the longest
   * forgotten first, so that what is kept never takes room from what is asked.
   */
  cancel(host: number, port: number, attempt: number, token: number): void {
    const table = this.#table;
    for (let slot = table.find(host, port); slot >= 0; slot = table.after(slot)) {
      if (table.attempt[slot] !== attempt || table.token[slot] !== token) continue;
      if (table.standsUntilMs[slot]! > 0) return;
      if (this.#onePort) this.#end(slot);
      else table.cancel(slot);
      return;
    }
  }

  wait(timeoutMs: number): Promise<void> {
    const nextMs = this.#standingCount === 0
      ? Infinity
      : this.#table.standsUntilMs[this.#standing[this.#firstStanding]!]! - performance.now();
    return this.#connector.wait(Math.max(0, Math.min(timeoutMs, nextMs)));
  }

  settled(slot: number, outcome: number, icmp: number, from: number): void {
    const table = this.#table;
    const kind = this.#kindOf(slot, outcome, icmp);
    // Of two attempts at one question that were both answered, the first is looked at.
    if (kind === NOT_A_REPLY || this.#isStanding(slot)) {
      this.#end(slot);
      return;
    }
    table.rttMs[slot] = outcome === CONNECTED || outcome === RESET ? this.#connector.roundTripMs(slot) : -1;
    if (kind === CONNECTION_ACCEPTED) this.#lookAt(slot);
    else this.#tell(slot, kind, outcome === UNREACHABLE ? this.#senderOf(from) : table.host[slot]!);
  }

  [Symbol.dispose](): void {
    this.#connector[Symbol.dispose]();
  }

  /** The number of the sender of an ICMP error; 0 if it is unknown. */
  #senderOf(address: number): number {
    return address === 0 ? 0 : this.#book.sender(address);
  }

  /** A connection stands. Some are reset as soon as the other side, or a proxy before it, has seen that: so it is kept for a moment. */
  #lookAt(slot: number): void {
    const table = this.#table;
    const graceMs = Math.min(MAX_GRACE_MS, Math.max(MIN_GRACE_MS, GRACE_ROUND_TRIPS * table.rttMs[slot]!));
    const untilMs = this.#nowMs + graceMs;
    table.recall(slot);
    table.standsUntilMs[slot] = untilMs;
    this.#standing[(this.#firstStanding + this.#standingCount++) % table.capacity] = slot;
    this.#sink!.keepsSocket(table.host[slot]!, table.port[slot]!, table.attempt[slot]!, table.token[slot]!, untilMs);
  }

  /** True where another attempt at the same question has connected. */
  #isStanding(slot: number): boolean {
    const table = this.#table;
    for (let other = table.find(table.host[slot]!, table.port[slot]!); other >= 0; other = table.after(other)) {
      if (this.#isSame(other, slot) && table.standsUntilMs[other]! > 0) return true;
    }
    return false;
  }

  #isSame(slot: number, other: number): boolean {
    const { id } = this.#table;
    return slotOfId(id[slot]!) === slotOfId(id[other]!);
  }

  /** Tells what an attempt has shown, and ends it and the others at the same question: they must not send another SYN. */
  #tell(slot: number, kind: ReplyKind, from: number): void {
    const table = this.#table;
    const host = table.host[slot]!;
    const port = table.port[slot]!;
    const attempt = table.attempt[slot]!;
    const token = table.token[slot]!;
    const leftMs = table.leftMs[slot]!;
    const rttMs = table.rttMs[slot]!;
    if (table.id[slot]! >= 0) this.#sink!.sent(table.id[slot]!, leftMs);
    for (let other = table.find(host, port); other >= 0;) {
      const next = table.after(other);
      if (other !== slot && this.#isSame(other, slot)) this.#end(other);
      other = next;
    }
    this.#end(slot);
    const arrivedMs = rttMs < 0 ? this.#nowMs : leftMs + rttMs;
    this.#sink!.onReply(host, port, attempt, token, kind, 0, from, false, arrivedMs, rttMs >= 0);
  }

  /** Returns the reply kind of an outcome, or NOT_A_REPLY if it shows nothing about the port. */
  #kindOf(slot: number, outcome: number, icmp: number): ReplyKind {
    if (outcome === REFUSED) return CONNECTION_REFUSED;
    if (outcome === RESET) return CONNECTION_RESET;
    if (outcome === CONNECTED) {
      const { host, port } = this.#table;
      const isSelf = this.#connector.isSelf(slot, this.#book.address(host[slot]!), port[slot]!);
      return isSelf ? CONNECTION_REFUSED : CONNECTION_ACCEPTED;
    }
    if (outcome !== UNREACHABLE) return NOT_A_REPLY;
    return icmpErrorKind(icmp >>> 8, icmp & 0xff);
  }

  #noRoom(): false {
    // What is only looked at for a moment longer is no sign of haste.
    if (this.#standingCount === 0) this.counters.sendRetries++;
    return false;
  }

  #refuse(id: number, errno: number): void {
    const name = errnoName(errno);
    this.counters.sendErrors.set(name, (this.counters.sendErrors.get(name) ?? 0) + 1);
    this.#refusedIds[this.#refusalCount] = id;
    this.#refusalErrnos[this.#refusalCount++] = errno;
  }

  #endOldestForgotten(): boolean {
    const slot = this.#table.oldestForgotten;
    if (slot < 0) return false;
    this.#end(slot);
    return true;
  }

  #end(slot: number): void {
    this.#connector.end(slot);
    this.#table.release(slot);
  }
}

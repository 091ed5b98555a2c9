// Hot path: but for the sockets themselves, nothing here may be allocated per probe.
/**
 * Asks by connect(2), which needs no privilege: the kernel sends the SYN, and tells what came of it.
 *
 * @module
 */

import { UsageError } from "../errors.ts";
import { ICMP_KINDS } from "../probe/syn.ts";
import {
  CONNECTED,
  type ConnectionSink,
  Connector,
  descriptorLimit,
  isNoRoomToConnect,
  REFUSED,
  UNREACHABLE,
} from "../transport/connector.ts";
import { errnoName } from "../transport/send_errors.ts";
import { parseIpv4 } from "../wire/address.ts";
import { ICMP_TIME_EXCEEDED } from "../wire/icmpv4.ts";
import { ConnectTable } from "./connect_table.ts";
import {
  type Evidence,
  type EvidenceSink,
  type Prober,
  type ProberCounters,
  SAW_CONNECTED,
  SAW_NET_UNREACH,
  SAW_REFUSED,
} from "./prober.ts";
import { refusalReason } from "./refusals.ts";

/** How a {@linkcode ConnectProber} asks. */
export interface ConnectProberOptions {
  /** The address to ask from; the kernel's choice if not given. */
  readonly sourceIp?: string;
  /** The port to ask from, 1-65535; the kernel's choice if not given. */
  readonly sourcePort?: number;
  /** The interface to ask by; the kernel's choice if not given. */
  readonly interface?: string;
  /** Time to live of what is sent, 1-255; the system's if not given. */
  readonly ttl?: number;
  /** Never more unanswered probes than this, even where descriptors would allow them. */
  readonly maxInFlight?: number;
}

/** Sockets begun between two flushes. One takes about 20 us, and what arrives must not wait long. */
const BATCH = 64;
/** Descriptors left to the rest of the program: its own files, outputs, the resolver. */
const RESERVE = 64;
/** Unanswered probes at most. Each is an entry in the tables of every firewall and address translator on its way. */
const MAX_IN_FLIGHT = 16_384;
/** Sockets for ports that the engine asks on top, to see whether a host is there. */
const ON_TOP = 32;
/**
 * How long a socket is kept that nobody waits for, from its beginning, in milliseconds. Until then the kernel sends its
 * SYN again once, after one second; the next would leave after three.
 */
const KEEP_MS = 3000;

/** Asks with connect(2), many at once. */
export class ConnectProber implements Prober, ConnectionSink {
  readonly technique = "connect";
  readonly name = "connect";
  readonly batch = BATCH;
  readonly drainBatch: number;
  readonly maxInFlight: number;
  /** Every attempt has a socket of its own, and the engine makes fewer than these. */
  readonly attemptPeriod = 256;
  readonly counters: ProberCounters = {
    sent: 0,
    sendRetries: 0,
    sendErrors: new Map(),
    receiveDrops: 0,
    unmatched: 0,
  };

  readonly #connector: Connector;
  readonly #table: ConnectTable;
  /** One port to ask from: then no two attempts at one port can exist at a time. */
  readonly #onePort: boolean;
  /** Questions that the kernel refused to ask, until the next flush, and their errnos. */
  readonly #refusals = new ConnectTable(BATCH);
  readonly #refusalErrnos = new Int32Array(BATCH);
  #sink: EvidenceSink | undefined;
  #nowMs = 0;

  /**
   * @throws {UsageError} If the source address is none.
   * @throws {CannotScanError} If sockets cannot be had as the options ask.
   */
  constructor(options: ConnectProberOptions = {}) {
    const limit = descriptorLimit();
    const room = limit - Math.min(RESERVE, limit >>> 1);
    const onTop = Math.min(ON_TOP, room >>> 2);
    this.maxInFlight = Math.max(1, Math.min(room - onTop, options.maxInFlight ?? Infinity, MAX_IN_FLIGHT));
    const capacity = this.maxInFlight + onTop;
    this.#table = new ConnectTable(capacity);
    this.#onePort = options.sourcePort !== undefined;
    this.#connector = new Connector({
      capacity,
      source: readSource(options.sourceIp),
      sourcePort: options.sourcePort,
      interfaceName: options.interface,
      ttl: options.ttl,
    });
    this.drainBatch = this.#connector.batch;
  }

  ask(host: number, port: number, attempt: number, token: number): boolean {
    const table = this.#table;
    if (this.#refusals.used === BATCH) return false;
    let slot = table.take(host, port, attempt, token, this.#nowMs);
    if (slot < 0 && this.#endOldestForgotten()) slot = table.take(host, port, attempt, token, this.#nowMs);
    if (slot < 0) return this.#noRoom();
    let errno = this.#connector.begin(slot, host, port);
    while (isNoRoomToConnect(errno) && this.#endOldestForgotten()) errno = this.#connector.begin(slot, host, port);
    if (errno === 0) {
      this.counters.sent++;
      return true;
    }
    table.release(slot);
    // With nothing of ours under way, there is nothing that would make room.
    if (isNoRoomToConnect(errno) && table.used > 0) return this.#noRoom();
    this.#refuse(host, port, attempt, token, errno);
    return true;
  }

  flush(sink: EvidenceSink, nowMs: number): number {
    this.#nowMs = nowMs;
    const refusals = this.#refusals;
    for (let slot = refusals.oldestForgotten; slot >= 0; slot = refusals.oldestForgotten) {
      const errno = this.#refusalErrnos[slot]!;
      const { host, port, attempt, token } = refusals;
      refusals.release(slot);
      sink.refused(host[slot]!, port[slot]!, attempt[slot]!, token[slot]!, refusalReason(errno));
    }
    return 0;
  }

  drain(sink: EvidenceSink, nowMs: number): number {
    this.#sink = sink;
    this.#nowMs = nowMs;
    const count = this.#connector.poll(this);
    const table = this.#table;
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
  forget(host: number, port: number, attempt: number, token: number): void {
    const table = this.#table;
    for (let slot = table.find(host, port); slot >= 0; slot = table.after(slot)) {
      if (table.attempt[slot] !== attempt || table.token[slot] !== token) continue;
      if (this.#onePort) this.#end(slot);
      else table.forget(slot);
      return;
    }
  }

  wait(timeoutMs: number): Promise<void> {
    return this.#connector.wait(timeoutMs);
  }

  settled(slot: number, outcome: number, icmp: number, from: number): void {
    const table = this.#table;
    const host = table.host[slot]!;
    const port = table.port[slot]!;
    const attempt = table.attempt[slot]!;
    const token = table.token[slot]!;
    const kind = this.#kindOf(slot, outcome, icmp);
    if (kind < 0) {
      this.#end(slot);
      return;
    }
    // Other attempts at the same are answered with it, and must not send another SYN.
    for (let same = table.find(host, port); same >= 0; same = table.find(host, port)) this.#end(same);
    const sender = outcome === UNREACHABLE ? from : host;
    this.#sink!.evidence(host, port, attempt, token, kind, 0, sender, false, this.#nowMs, false);
  }

  [Symbol.dispose](): void {
    this.#connector[Symbol.dispose]();
  }

  /** The evidence that an outcome is; -1 where it says nothing of the port. */
  #kindOf(slot: number, outcome: number, icmp: number): Evidence {
    if (outcome === REFUSED) return SAW_REFUSED;
    if (outcome === CONNECTED) {
      const { host, port } = this.#table;
      return this.#connector.isSelf(slot, host[slot]!, port[slot]!) ? SAW_REFUSED : SAW_CONNECTED;
    }
    if (outcome !== UNREACHABLE) return -1;
    const timeExceeded = icmp >>> 8 === ICMP_TIME_EXCEEDED;
    const icmpKind = ICMP_KINDS.indexOf(timeExceeded ? ICMP_TIME_EXCEEDED << 8 : icmp);
    return icmpKind < 0 ? -1 : SAW_NET_UNREACH + icmpKind;
  }

  #noRoom(): false {
    this.counters.sendRetries++;
    return false;
  }

  #refuse(host: number, port: number, attempt: number, token: number, errno: number): void {
    const name = errnoName(errno);
    this.counters.sendErrors.set(name, (this.counters.sendErrors.get(name) ?? 0) + 1);
    const slot = this.#refusals.take(host, port, attempt, token, this.#nowMs);
    this.#refusals.forget(slot);
    this.#refusalErrnos[slot] = errno;
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

function readSource(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const address = parseIpv4(text);
  if (address === undefined) {
    throw new UsageError(`Cannot connect from ${text}: it is not an IPv4 address. Write it like 192.0.2.1`);
  }
  return address;
}

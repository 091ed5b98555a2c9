// Hot path: but for the sockets themselves, nothing here may be allocated per probe.
/**
 * Probes by connect(2), which needs no privilege: the kernel sends the SYN and reports its outcome.
 *
 * @module
 */

import { IPPROTO_TCP } from "../../ffi/constants.ts";
import type { Fd } from "../../ffi/fd.ts";
import { ICMP_ERRORS, icmpErrorKind, isOfUnknown } from "../technique/ip_reply.ts";
import {
  CONNECTED,
  type ConnectionSink,
  Connector,
  ICMPV6,
  REFUSED,
  RESET,
  UNREACHABLE,
} from "../transport/connector.ts";
import { ConnectSockets, descriptorLimit, isNoRoomToConnect } from "../transport/connect_sockets.ts";
import type { Ipv6Sockets } from "../transport/ipv6_sockets.ts";
import type { RouteMap } from "../transport/route_plan.ts";
import { errnoName } from "../transport/send_errors.ts";
import { HANDSHAKE_OUTCOMES } from "../result/outcome.ts";
import { reasonCode } from "../result/reasons.ts";
import { NOT_A_REPLY, type ReplyKind } from "../result/reply_kind.ts";
import type { AddressBook } from "../target/address_book.ts";
import { type Driver, type DriverCounters, newCounters, type ReplySink, slotOfId } from "./driver.ts";
import { refusalReason } from "./refusals.ts";
import { Sockets } from "./sockets.ts";

const CONNECTION_ACCEPTED = reasonCode("conn-accept");
const CONNECTION_RESET = reasonCode("conn-reset");
const CONNECTION_REFUSED = reasonCode("conn-refused");

/** Options of a {@linkcode ConnectDriver}. */
interface ConnectDriverOptions {
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
  /** Takes the socket of each connection that the host has accepted, if it returns true; otherwise the connection is reset. */
  readonly onAccepted?: OnAccepted | undefined;
  /** The sockets that connect to hosts of IPv6, if the book has any. */
  readonly ipv6?: Ipv6Connections | undefined;
  /** The routes to the hosts: with them, what this machine itself refuses is told from what the hosts refuse. */
  readonly routes?: RouteMap | undefined;
}

/** Sockets of IPv6, and what ICMPv6 errors stand for. */
export interface Ipv6Connections {
  readonly sockets: Ipv6Sockets;
  readonly errorKind: (type: number, code: number) => ReplyKind;
}

/** Takes the socket of a connection to a host's port, and returns true; or returns false and leaves it. */
export type OnAccepted = (host: number, port: number, socket: Fd) => boolean;

/** The receiver of what connections show. */
export type ConnectSink = Pick<ReplySink, "sent" | "onOutcome" | "keepsSocket" | "onSendError">;

/** The number of connections started between two flushes: each takes about 20 us, and replies must not wait long. */
const BATCH = 64;
/** Descriptors reserved for the rest of the program: files, outputs, the resolver. */
const RESERVE = 64;
/** The largest number of probes in flight. Each is an entry in the state table of every firewall and NAT on its path. */
const MAX_IN_FLIGHT = 16_384;
/** Additional sockets for liveness probes and control ports. */
const ON_TOP = 32;
/**
 * The time for which a cancelled socket is kept, from its beginning, in milliseconds. A router that has looked for a host in vain reports it
 * three seconds after the first packet, and by default six times at once: these are about the first sockets. The kernel sends the SYN of
 * a socket again after one second and after three.
 */
const KEEP_MS = 3400;

/**
 * The age at which it is seen whether this machine's packet filter drops the SYN: the kernel sends it again after a second. That is
 * looked for every so often, in milliseconds.
 */
const CHECK_AGE_MS = 1100;
const CHECK_GAP_MS = 50;

/**
 * The time for which an established connection is watched, in milliseconds: so many round trips, within bounds. A SYN proxy without a
 * server behind it resets after its own round trip to there.
 */
const GRACE_ROUND_TRIPS = 2;
const MIN_GRACE_MS = 20;
const MAX_GRACE_MS = 300;

/** Probes with connect(2), many at once. */
export class ConnectDriver implements Driver, ConnectionSink {
  readonly overlaps = false;
  readonly outcomes = HANDSHAKE_OUTCOMES;
  readonly rationed = ICMP_ERRORS;
  readonly hasPorts = true;
  readonly isTokenless = false;
  readonly flowProtocol = IPPROTO_TCP;
  readonly leastSilenceMs: number = CHECK_AGE_MS + 2 * CHECK_GAP_MS;
  readonly name = "connect";
  readonly batch = BATCH;
  readonly drainBatch: number;
  readonly maxInFlight: number;
  /** Every attempt has a socket of its own, and the engine makes fewer than these. */
  readonly attemptPeriod = 256;
  readonly counters: DriverCounters = newCounters();

  readonly #icmpv6Kind: Ipv6Connections["errorKind"];
  readonly #connector: Connector;
  readonly #sockets: Sockets;
  /** One port to ask from: then no two attempts at one port can exist at a time. */
  readonly #onePort: boolean;
  readonly #onAccepted: OnAccepted | undefined;
  /** Ids of probes that the kernel refused to send, until the next flush, and their errnos. */
  readonly #refusedIds = new Int32Array(BATCH);
  readonly #refusalErrnos = new Int32Array(BATCH);
  #refusalCount = 0;
  /** Connections that stand and are still looked at: slots in the order in which they came to stand, in a ring. */
  readonly #standing: Int32Array;
  #firstStanding = 0;
  #standingCount = 0;
  #sink: ConnectSink | undefined;
  #nowMs = 0;
  #checkedMs = 0;

  /**
   * @param book The addresses of hosts.
   * @throws {UsageError} If the source address is not one.
   * @throws {CannotScanError} If sockets cannot be had as the options ask.
   */
  constructor(book: AddressBook, options: ConnectDriverOptions = {}) {
    this.#icmpv6Kind = options.ipv6?.errorKind ?? (() => NOT_A_REPLY);
    const limit = descriptorLimit();
    const room = limit - Math.min(RESERVE, limit >>> 1);
    const onTop = Math.min(ON_TOP, room >>> 2);
    this.maxInFlight = Math.max(1, Math.min(room - onTop, options.maxInFlight ?? Infinity, MAX_IN_FLIGHT));
    const capacity = this.maxInFlight + onTop;
    this.#sockets = new Sockets(capacity);
    this.#standing = new Int32Array(capacity);
    this.#onePort = options.sourcePort !== undefined;
    this.#onAccepted = options.onAccepted;
    const { sourceIp, sourcePort, interface: interfaceName, ttl, ipv6, routes } = options;
    const connecting = new ConnectSockets({ sourceIp, sourcePort, interfaceName, ttl }, book, ipv6?.sockets, routes);
    this.#connector = new Connector(connecting, capacity);
    this.drainBatch = this.#connector.batch;
  }

  send(host: number, port: number, _attempt: number, _token: number, id: number): boolean {
    const sockets = this.#sockets;
    if (this.#refusalCount === BATCH) return false;
    this.#endAttempts(slotOfId(id), host, port, true);
    let socket = sockets.take(host, port, id, this.#nowMs);
    if (socket < 0 && this.#endOldestCancelled()) socket = sockets.take(host, port, id, this.#nowMs);
    if (socket < 0) return this.#noRoom();
    sockets.leftMs[socket] = performance.now();
    let errno = this.#connector.begin(socket, host, port);
    while (isNoRoomToConnect(errno) && this.#endOldestCancelled()) errno = this.#connector.begin(socket, host, port);
    if (errno === 0) {
      this.counters.sent++;
      return true;
    }
    sockets.release(socket);
    // With nothing of ours under way, there is nothing that would make room.
    if (isNoRoomToConnect(errno) && sockets.used > 0) return this.#noRoom();
    this.#refuse(id, errno);
    return true;
  }

  flush(sink: ConnectSink, nowMs: number): number {
    this.#nowMs = nowMs;
    const count = this.#refusalCount;
    this.#refusalCount = 0;
    for (let i = 0; i < count; i++) sink.onSendError(this.#refusedIds[i]!, refusalReason(this.#refusalErrnos[i]!));
    return 0;
  }

  drain(sink: ConnectSink, nowMs: number): number {
    this.#sink = sink;
    this.#nowMs = nowMs;
    const count = this.#connector.poll(this);
    const sockets = this.#sockets;
    while (this.#standingCount > 0 && sockets.standsUntilMs[this.#standing[this.#firstStanding]!]! <= nowMs) {
      const socket = this.#standing[this.#firstStanding]!;
      this.#firstStanding = (this.#firstStanding + 1) % sockets.capacity;
      this.#standingCount--;
      const isReset = this.#connector.wasReset(socket);
      this.#tell(socket, isReset ? CONNECTION_RESET : CONNECTION_ACCEPTED, sockets.host[socket]!);
    }
    if (nowMs - this.#checkedMs >= CHECK_GAP_MS) this.#checkOld(nowMs);
    let oldest = sockets.oldestCancelled;
    while (oldest >= 0 && nowMs - sockets.beganMs[oldest]! >= KEEP_MS) {
      this.#end(oldest);
      oldest = sockets.oldestCancelled;
    }
    return count;
  }

  /**
   * The socket stays, so that a reply that comes late still counts: where round trips are longer than the engine
   * thinks, each attempt would otherwise end just before its reply. It goes when its room is needed, the longest
   * cancelled first, so that what is kept never takes room from what is probed.
   */
  cancel(id: number): void {
    const sockets = this.#sockets;
    let socket = sockets.lastOf(slotOfId(id));
    while (socket >= 0 && sockets.id[socket] !== id) socket = sockets.before(socket);
    if (socket < 0 || sockets.standsUntilMs[socket]! > 0) return;
    if (this.#onePort) this.#end(socket);
    else sockets.cancel(socket);
  }

  wait(timeoutMs: number): Promise<void> {
    return this.#connector.wait(this.waitMs(timeoutMs));
  }

  /** A descriptor that can be read when there is something to {@linkcode ConnectDriver.drain}. */
  get fd(): Fd {
    return this.#connector.fd;
  }

  /** Returns the longest wait for that, in milliseconds, of at most `timeoutMs`: there may be something by time alone. */
  waitMs(timeoutMs: number): number {
    const nextMs = this.#standingCount === 0
      ? Infinity
      : this.#sockets.standsUntilMs[this.#standing[this.#firstStanding]!]! - performance.now();
    return Math.max(0, Math.min(timeoutMs, nextMs));
  }

  settled(socket: number, outcome: number, icmp: number, from: number): void {
    const sockets = this.#sockets;
    const kind = this.#kindOf(socket, outcome, icmp, from);
    // Of two attempts at one probe that both got a reply, the first is looked at.
    if (kind === NOT_A_REPLY || this.#isStanding(socket)) {
      this.#end(socket);
      return;
    }
    sockets.rttMs[socket] = outcome === CONNECTED || outcome === RESET ? this.#connector.roundTripMs(socket) : -1;
    if (kind === CONNECTION_ACCEPTED) this.#lookAt(socket);
    else this.#tell(socket, kind, outcome === UNREACHABLE ? from : sockets.host[socket]!);
  }

  [Symbol.dispose](): void {
    this.#connector[Symbol.dispose]();
  }

  /** A connection stands. Some are reset as soon as the other side, or a proxy before it, has seen that: so it is kept for a moment. */
  #lookAt(socket: number): void {
    const { host, port, id, rttMs, standsUntilMs } = this.#sockets;
    const graceMs = Math.min(MAX_GRACE_MS, Math.max(MIN_GRACE_MS, GRACE_ROUND_TRIPS * rttMs[socket]!));
    const untilMs = this.#nowMs + graceMs;
    this.#sockets.uncancel(socket);
    standsUntilMs[socket] = untilMs;
    this.#standing[(this.#firstStanding + this.#standingCount++) % this.#sockets.capacity] = socket;
    this.#sink!.keepsSocket(id[socket]!, host[socket]!, port[socket]!, untilMs);
  }

  /** True where another attempt at the same probe has connected. */
  #isStanding(socket: number): boolean {
    const { id, host, port, standsUntilMs } = this.#sockets;
    let other = this.#sockets.lastOf(slotOfId(id[socket]!));
    while (other >= 0 && !(standsUntilMs[other]! > 0 && this.#sockets.isOf(other, host[socket]!, port[socket]!))) {
      other = this.#sockets.before(other);
    }
    return other >= 0;
  }

  /** Reports an attempt's outcome, and ends it and the others at the same probe: they must not send another SYN. */
  #tell(socket: number, kind: ReplyKind, from: number): void {
    const sockets = this.#sockets;
    const id = sockets.id[socket]!;
    const host = sockets.host[socket]!;
    const port = sockets.port[socket]!;
    const leftMs = sockets.leftMs[socket]!;
    const rttMs = sockets.rttMs[socket]!;
    this.#sink!.sent(id, leftMs);
    if (kind === CONNECTION_ACCEPTED && this.#onAccepted !== undefined) this.#handOver(socket, host, port);
    this.#endAttempts(slotOfId(id), host, port, false);
    const arrivedMs = rttMs < 0 ? this.#nowMs : leftMs + rttMs;
    this.#sink!.onOutcome(id, host, port, kind, from, arrivedMs, rttMs >= 0);
  }

  /** Hands over the socket of an established connection; if it is not wanted, its attempt ends like any other. */
  #handOver(index: number, host: number, port: number): void {
    const socket = this.#connector.take(index);
    if (socket !== undefined && !this.#onAccepted!(host, port, socket)) socket.close();
  }

  /** Ends the attempts of one slot of the engine at this host and port, or those at another probe that the slot was for before. */
  #endAttempts(slot: number, host: number, port: number, areOthers: boolean): void {
    const sockets = this.#sockets;
    for (let socket = sockets.lastOf(slot); socket >= 0;) {
      const before = sockets.before(socket);
      const isOther = !sockets.isOf(socket, host, port);
      // A connection that is looked at is reported first.
      if (isOther === areOthers && !(isOther && sockets.standsUntilMs[socket]! > 0)) this.#end(socket);
      socket = before;
    }
  }

  /** Returns the reply kind of an outcome, or NOT_A_REPLY if it shows nothing about the port. */
  #kindOf(socket: number, outcome: number, icmp: number, from: number): ReplyKind {
    if (outcome === REFUSED) return CONNECTION_REFUSED;
    if (outcome === RESET) return CONNECTION_RESET;
    if (outcome === CONNECTED) {
      const isSelf = this.#connector.isSelf(socket, this.#sockets.port[socket]!);
      return isSelf ? CONNECTION_REFUSED : CONNECTION_ACCEPTED;
    }
    if (outcome !== UNREACHABLE) return NOT_A_REPLY;
    const [type, code] = [icmp >>> 8 & 0xff, icmp & 0xff];
    if ((icmp & ICMPV6) !== 0) return this.#icmpv6Kind(type, code);
    return from === this.#sockets.host[socket] && isOfUnknown(type, code) ? NOT_A_REPLY : icmpErrorKind(type, code);
  }

  /** Looks at attempts that have become old enough since the last look. */
  #checkOld(nowMs: number): void {
    const { beganMs, standsUntilMs, capacity } = this.#sockets;
    const [after, until] = [this.#checkedMs - CHECK_AGE_MS, nowMs - CHECK_AGE_MS];
    this.#checkedMs = nowMs;
    for (let socket = 0; socket < capacity; socket++) {
      const began = beganMs[socket]!;
      if (began > after && began <= until && standsUntilMs[socket] === 0) this.#connector.checkDropped(socket, this);
    }
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

  #endOldestCancelled(): boolean {
    const socket = this.#sockets.oldestCancelled;
    if (socket < 0) return false;
    this.#end(socket);
    return true;
  }

  #end(socket: number): void {
    this.#connector.end(socket);
    this.#sockets.release(socket);
  }
}

// Hot path: nothing here may allocate per probe.
/**
 * Pings through sockets of the kernel: what is probed is the index of a kind of ping. Echo requests leave through one ping socket of
 * each address family, each with a sequence number of its own; the other kinds are connections, which a {@linkcode ConnectDriver} makes.
 *
 * @module
 */

import { POLLIN } from "../../ffi/constants.ts";
import { PollSet } from "../../ffi/poll.ts";
import type { OutcomeTable } from "../result/outcome.ts";
import { reasonCode } from "../result/reasons.ts";
import type { ReplyKind } from "../result/reply_kind.ts";
import type { AddressBook } from "../target/address_book.ts";
import { ICMP_ERRORS } from "../technique/ip_reply.ts";
import type { EchoSink, PingSocket } from "../transport/ping_socket.ts";
import { errnoName, isNoRoom } from "../transport/send_errors.ts";
import type { ConnectDriver, ConnectSink } from "./connect_driver.ts";
import type { Driver, DriverCounters, ReplySink } from "./driver.ts";
import { refusalReason } from "./refusals.ts";

/** The parts of a {@linkcode SocketPingDriver}. */
interface SocketPingParts {
  readonly book: AddressBook;
  /** The port of each kind of ping; 0 for an echo. */
  readonly ports: readonly number[];
  readonly outcomes: OutcomeTable;
  /** Makes the connections. It is not disposed of together with this driver. */
  readonly connect: ConnectDriver;
  /** Sends the echo requests to hosts of each address family; without those of a family, none of its hosts is sent any. */
  readonly pings: { readonly 4?: PingSocket | undefined; readonly 6?: PingSocket | undefined };
}

const ECHO_REPLY = reasonCode("echo-reply");
/** Requests that can be told apart: as many as there are sequence numbers. */
const SEQUENCES = 1 << 16;
/** Probes between two flushes. */
const BATCH = 64;

/** Pings hosts through sockets of the kernel. */
export class SocketPingDriver implements Driver, EchoSink {
  readonly overlaps = false;
  readonly outcomes: OutcomeTable;
  readonly rationed = ICMP_ERRORS;
  readonly hasPorts = false;
  readonly probesHosts = true;
  readonly isTokenless = false;
  readonly name = "sockets";
  readonly batch = BATCH;
  readonly drainBatch: number;
  readonly maxInFlight: number;
  readonly attemptPeriod: number;
  readonly counters: DriverCounters;

  readonly #ports: readonly number[];
  readonly #connect: ConnectDriver;
  readonly #pings: readonly PingSocket[];
  /** The sockets by address family, and the number of the first host of IPv6. */
  readonly #byFamily: SocketPingParts["pings"];
  readonly #firstIpv6: number;
  readonly #connections: ConnectionReplies;
  readonly #waiting = new PollSet(3);
  /** The probe of each sequence number. */
  readonly #hosts = new Uint32Array(SEQUENCES);
  readonly #kinds = new Uint16Array(SEQUENCES);
  readonly #attempts = new Uint8Array(SEQUENCES);
  readonly #tokens = new Uint32Array(SEQUENCES);
  #next = 0;
  /** Requests since the last flush: their ids, when they left, and the errnos of those that were refused. */
  readonly #ids = new Int32Array(BATCH);
  readonly #leftMs = new Float64Array(BATCH);
  readonly #errnos = new Int32Array(BATCH);
  #count = 0;
  #sink: ReplySink | undefined;
  #nowMs = 0;

  constructor({ book, ports, outcomes, connect, pings }: SocketPingParts) {
    this.#ports = ports;
    this.outcomes = outcomes;
    this.#connect = connect;
    this.#byFamily = pings;
    this.#firstIpv6 = book.ipv6?.first ?? Infinity;
    this.#pings = [pings[4], pings[6]].filter((socket) => socket !== undefined);
    this.#connections = new ConnectionReplies(ports);
    this.counters = connect.counters;
    this.attemptPeriod = connect.attemptPeriod;
    this.maxInFlight = connect.maxInFlight;
    this.drainBatch = this.#pings.reduce((sum, { batch }) => sum + batch, connect.drainBatch);
    this.#waiting.set(0, connect.fd, POLLIN);
    this.#pings.forEach(({ fd }, at) => this.#waiting.set(1 + at, fd, POLLIN));
  }

  send(host: number, kind: number, attempt: number, token: number, id: number): boolean {
    const port = this.#ports[kind]!;
    if (port !== 0) return this.#connect.send(host, port, attempt, token, id);
    if (this.#count === BATCH) return false;
    const sequence = this.#next;
    const leftMs = performance.now();
    const errno = this.#byFamily[host >= this.#firstIpv6 ? 6 : 4]!.send(host, sequence, token);
    if (isNoRoom(errno)) {
      this.counters.sendRetries++;
      return false;
    }
    this.#ids[this.#count] = id;
    this.#leftMs[this.#count] = leftMs;
    this.#errnos[this.#count++] = errno;
    if (errno !== 0) {
      const name = errnoName(errno);
      this.counters.sendErrors.set(name, (this.counters.sendErrors.get(name) ?? 0) + 1);
      return true;
    }
    this.#hosts[sequence] = host;
    this.#kinds[sequence] = kind;
    this.#attempts[sequence] = attempt % this.attemptPeriod;
    this.#tokens[sequence] = token;
    this.#next = (sequence + 1) % SEQUENCES;
    this.counters.sent++;
    return true;
  }

  flush(sink: ReplySink, nowMs: number): number {
    const count = this.#count;
    this.#count = 0;
    for (let i = 0; i < count; i++) {
      if (this.#errnos[i] === 0) sink.sent(this.#ids[i]!, this.#leftMs[i]!);
      else sink.onSendError(this.#ids[i]!, refusalReason(this.#errnos[i]!));
    }
    return this.#connect.flush(this.#connections.forwardedTo(sink), nowMs);
  }

  drain(sink: ReplySink, nowMs: number): number {
    this.#sink = sink;
    this.#nowMs = nowMs;
    let count = this.#connect.drain(this.#connections.forwardedTo(sink), nowMs);
    for (let at = 0; at < this.#pings.length; at++) count += this.#pings[at]!.receive(this, nowMs);
    return count;
  }

  cancel(id: number): void {
    this.#connect.cancel(id);
  }

  async wait(timeoutMs: number): Promise<void> {
    await this.#waiting.pollUntil(this.#connect.waitMs(timeoutMs));
  }

  echoReply(sequence: number, data: number, from: number, ttl: number, arrivedMs: number): void {
    const host = this.#hosts[sequence]!;
    const isGenuine = this.#tokens[sequence] === data && host === from &&
      this.#reply(sequence, ECHO_REPLY, ttl, host, arrivedMs, true);
    if (!isGenuine) this.counters.unmatched++;
  }

  echoError(sequence: number, kind: ReplyKind, from: number): void {
    if (!this.#reply(sequence, kind, 0, from, this.#nowMs, false)) this.counters.unmatched++;
  }

  #reply(sequence: number, kind: ReplyKind, ttl: number, from: number, nowMs: number, timed: boolean): boolean {
    const host = this.#hosts[sequence]!;
    const attempt = this.#attempts[sequence]!;
    const token = this.#tokens[sequence]!;
    return this.#sink!.onReply(host, this.#kinds[sequence]!, attempt, token, kind, ttl, from, false, nowMs, timed);
  }

  [Symbol.dispose](): void {
    for (const socket of this.#pings) socket[Symbol.dispose]();
  }
}

/** Passes on what connections show, with the index of the kind of ping in place of the port. */
class ConnectionReplies implements ConnectSink {
  readonly #ports: readonly number[];
  #sink: ReplySink | undefined;

  constructor(ports: readonly number[]) {
    this.#ports = ports;
  }

  forwardedTo(sink: ReplySink): this {
    this.#sink = sink;
    return this;
  }

  sent(id: number, sentMs: number): void {
    this.#sink!.sent(id, sentMs);
  }

  onOutcome(
    id: number,
    host: number,
    port: number,
    kind: ReplyKind,
    from: number,
    nowMs: number,
    timed: boolean,
  ): void {
    this.#sink!.onOutcome(id, host, this.#ports.indexOf(port), kind, from, nowMs, timed);
  }

  keepsSocket(id: number, host: number, port: number, untilMs: number): void {
    this.#sink!.keepsSocket(id, host, this.#ports.indexOf(port), untilMs);
  }

  onSendError(id: number, reason: number): void {
    this.#sink!.onSendError(id, reason);
  }
}

// Hot path: but for the sockets themselves, nothing here may be allocated per probe.
/**
 * Many connect(2) at once: begins them, reports their outcomes, and closes them so that nothing of them stays behind.
 *
 * @module
 */

import { EPOLLERR, EPOLLHUP, EPOLLONESHOT, EPOLLOUT, POLLIN } from "../../ffi/constants.ts";
import { Epoll } from "../../ffi/epoll.ts";
import { ERRNO } from "../../ffi/errno.ts";
import { ErrorQueue } from "../../ffi/error_queue.ts";
import { PollSet } from "../../ffi/poll.ts";
import type { Fd } from "../../ffi/fd.ts";
import { takeSocketError } from "../../ffi/socket_options.ts";
import { handshakeMicros, isSynDropped } from "../../ffi/tcp_info.ts";
import { type ConnectSockets, isReset } from "./connect_sockets.ts";

/** Outcome of an attempt to connect: the connection is established. */
export const CONNECTED = 0;
/** The connection was established, and the host has reset it. */
export const RESET = 4;
/** The host replied with a RST. */
export const REFUSED = 1;
/** An ICMP error came, whose type and code are passed on. */
export const UNREACHABLE = 2;
/** The kernel has given up, or returned an error that shows nothing of the port. */
const GIVEN_UP = 3;

/** A receiver of the outcomes of attempts. */
export interface ConnectionSink {
  /**
   * An attempt has ended. Its socket stays until {@linkcode Connector.end} is called for it.
   *
   * @param slot The number that `begin` was given.
   * @param outcome One of the five above.
   * @param icmp `type << 8 | code` of the ICMP error; with {@linkcode ICMPV6} those of an ICMPv6 error.
   * @param from The number of who sent it; 0 if unknown, one of this machine where its kernel found out by itself.
   */
  settled(slot: number, outcome: number, icmp: number, from: number): void;
}

/** Sockets told in one {@linkcode Connector.poll}. */
const BATCH = 256;

/** ICMP destination unreachable, by its code, where the kernel returns no more than an errno. */
const NET_UNREACHABLE = 3 << 8;
const HOST_UNREACHABLE = 3 << 8 | 1;
const PROTOCOL_UNREACHABLE = 3 << 8 | 2;
const ADMIN_PROHIBITED = 3 << 8 | 13;
/** Marks type and code of an ICMPv6 error. */
export const ICMPV6 = 1 << 16;

/** Sockets that connect, by a number that the caller gives each. */
export class Connector implements Disposable {
  /** Attempts that one {@linkcode Connector.poll} reports at most. */
  readonly batch = BATCH;
  readonly #opener: ConnectSockets;
  readonly #epoll: Epoll;
  readonly #errors = new ErrorQueue();
  readonly #waiting = new PollSet(1);
  readonly #sockets: (Fd | undefined)[];
  /** The host that a socket connects to. */
  readonly #hosts: Uint32Array;
  /** Its port, and when it began. */
  readonly #ports: Uint16Array;
  readonly #beganMs: Float64Array;
  /** The number of uses of each number: an attempt that epoll has found may meanwhile have ended. */
  readonly #uses: Uint32Array;

  /**
   * @param capacity The most connections at one time.
   * @throws {CannotScanError} If sockets cannot be opened with their options.
   */
  constructor(sockets: ConnectSockets, capacity: number) {
    this.#opener = sockets;
    this.#sockets = new Array<Fd | undefined>(capacity).fill(undefined);
    this.#hosts = new Uint32Array(capacity);
    this.#ports = new Uint16Array(capacity);
    this.#beganMs = new Float64Array(capacity);
    this.#uses = new Uint32Array(capacity);
    this.#epoll = new Epoll(BATCH);
    this.#waiting.set(0, this.#epoll.fd, POLLIN);
    try {
      this.#opener.check();
    } catch (error) {
      this.#epoll[Symbol.dispose]();
      this.#opener[Symbol.dispose]();
      throw error;
    }
  }

  /**
   * Begins to connect.
   *
   * @param slot Names the attempt; under the capacity, and not in use.
   * @returns 0, or the errno with which the kernel refused to try.
   */
  begin(slot: number, host: number, port: number): number {
    this.#beganMs[slot] = performance.now();
    const socket = this.#opener.begin(this.#epoll, EPOLLOUT | EPOLLONESHOT, slot, ++this.#uses[slot]!, host, port);
    if (typeof socket === "number") return socket;
    this.#sockets[slot] = socket;
    this.#hosts[slot] = host;
    this.#ports[slot] = port;
    return 0;
  }

  /** Reports attempts that have ended, at most a batch; returns how many. */
  poll(sink: ConnectionSink): number {
    this.#opener.onPoll();
    const count = this.#epoll.look();
    for (let i = 0; i < count; i++) {
      const slot = this.#epoll.data(i);
      const socket = this.#sockets[slot];
      if (socket !== undefined && this.#uses[slot] === this.#epoll.tag(i)) {
        this.#settle(slot, socket, this.#epoll.events(i), sink);
      }
    }
    return count;
  }

  /** Returns true where an attempt has connected with itself: the kernel had chosen the probed port as the source port. */
  isSelf(slot: number, port: number): boolean {
    const socket = this.#sockets[slot];
    return socket !== undefined && this.#opener.isSelf(socket, this.#hosts[slot]!, port);
  }

  /** Returns true where the host has reset an established connection. */
  wasReset(slot: number): boolean {
    const socket = this.#sockets[slot];
    return socket !== undefined && isReset(takeSocketError(socket));
  }

  /** The round trip of a connection's SYN in milliseconds; below 0 where the kernel has not measured it. */
  roundTripMs(slot: number): number {
    const socket = this.#sockets[slot];
    return socket === undefined ? -1 : handshakeMicros(socket) / 1000;
  }

  /**
   * Reports an attempt that began more than a second ago if this machine's packet filter drops its SYN, of which the kernel gives no
   * other sign.
   */
  checkDropped(slot: number, sink: ConnectionSink): void {
    const socket = this.#sockets[slot];
    if (socket === undefined || !this.#opener.isElsewhere(this.#hosts[slot]!)) return;
    if (isSynDropped(socket)) this.#refusedHere(slot, sink);
  }

  /** Returns the socket of an established connection, which is the caller's from then on; undefined if there is none. */
  take(slot: number): Fd | undefined {
    const socket = this.#sockets[slot];
    this.#sockets[slot] = undefined;
    return socket;
  }

  /** Ends an attempt, or what came of it. */
  end(slot: number): void {
    this.#sockets[slot]?.close();
    this.#sockets[slot] = undefined;
  }

  /** A descriptor that can be read when an attempt has ended. */
  get fd(): Fd {
    return this.#epoll.fd;
  }

  /** Resolves when an attempt has ended, or after `timeoutMs`. */
  async wait(timeoutMs: number): Promise<void> {
    await this.#waiting.pollUntil(timeoutMs);
  }

  [Symbol.dispose](): void {
    for (const socket of this.#sockets) socket?.close();
    this.#sockets.fill(undefined);
    this.#epoll[Symbol.dispose]();
    this.#opener[Symbol.dispose]();
  }

  #settle(slot: number, socket: Fd, events: number, sink: ConnectionSink): void {
    if ((events & EPOLLOUT) !== 0 && (events & EPOLLHUP) === 0) {
      sink.settled(slot, CONNECTED, 0, 0);
      return;
    }
    if ((events & (EPOLLERR | EPOLLHUP)) === 0) return;
    const host = this.#hosts[slot]!;
    const errno = takeSocketError(socket);
    // A RST in answer to the SYN refuses; one after that ends what had stood.
    if (isReset(errno)) sink.settled(slot, RESET, 0, 0);
    else if (this.#opener.takeError(this.#errors, socket, host)) {
      const { isLocal, type, code } = this.#errors;
      const family = this.#opener.isIpv6(host) ? ICMPV6 : 0;
      const sender = this.#opener.senderOf(this.#errors, host);
      sink.settled(slot, UNREACHABLE, isLocal ? HOST_UNREACHABLE : family | type << 8 | code, sender);
    } else if (errno === ERRNO.ECONNREFUSED) {
      if (!this.#opener.isOwnRefusal(host, this.#ports[slot]!, this.#beganMs[slot]!)) sink.settled(slot, REFUSED, 0, 0);
      else this.#refusedHere(slot, sink);
    } else if (errno === ERRNO.EHOSTUNREACH) sink.settled(slot, UNREACHABLE, HOST_UNREACHABLE, 0);
    else if (errno === ERRNO.ENETUNREACH) sink.settled(slot, UNREACHABLE, NET_UNREACHABLE, 0);
    else if (errno === ERRNO.EACCES) sink.settled(slot, UNREACHABLE, ADMIN_PROHIBITED, 0);
    else if (errno === ERRNO.ENOPROTOOPT) sink.settled(slot, UNREACHABLE, PROTOCOL_UNREACHABLE, 0);
    else sink.settled(slot, GIVEN_UP, 0, 0);
  }

  /** Reports what this machine's packet filter refuses to send: as an error of this machine. */
  #refusedHere(slot: number, sink: ConnectionSink): void {
    sink.settled(slot, UNREACHABLE, ADMIN_PROHIBITED, this.#opener.thisMachine(this.#hosts[slot]!));
  }
}

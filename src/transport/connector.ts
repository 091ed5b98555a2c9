// Hot path: but for the sockets themselves, nothing here may be allocated per probe.
/**
 * Many connect(2) at once: begins them, reports their outcomes, and closes them so that nothing of them stays behind.
 *
 * @module
 */

import { EPOLLERR, EPOLLHUP, EPOLLONESHOT, EPOLLOUT, POLLIN } from "../../ffi/constants.ts";
import { Epoll } from "../../ffi/epoll.ts";
import { ERRNO, SyscallError } from "../../ffi/errno.ts";
import { ErrorQueue } from "../../ffi/error_queue.ts";
import { PollSet } from "../../ffi/poll.ts";
import { connectInet4, type Fd, getSocketName, handshakeMicros, takeSocketError } from "../../ffi/socket.ts";
import { type ConnectSocketOptions, ConnectSockets, isReset } from "./connect_sockets.ts";

/** The options of all connections. */
export interface ConnectorOptions extends ConnectSocketOptions {
  /** The most connections at one time. */
  readonly capacity: number;
}

/** Outcome of an attempt to connect: the connection is established. */
export const CONNECTED = 0;
/** The connection was established, and the host has reset it. */
export const RESET = 4;
/** The host replied with a RST. */
export const REFUSED = 1;
/** An ICMP error came, whose type and code are passed on. */
export const UNREACHABLE = 2;
/** The kernel has given up, or returned an error that shows nothing of the port. */
export const GIVEN_UP = 3;

/** A receiver of the outcomes of attempts. */
export interface ConnectionSink {
  /**
   * An attempt has ended. Its socket stays until {@linkcode Connector.end} is called for it.
   *
   * @param slot The number that `begin` was given.
   * @param outcome One of the five above.
   * @param icmp `type << 8 | code` of the ICMP error.
   * @param from Who sent it; 0 if unknown, an address of this machine where its kernel found out by itself.
   */
  settled(slot: number, outcome: number, icmp: number, from: number): void;
}

/** Sockets told in one {@linkcode Connector.poll}. */
const BATCH = 256;

/** ICMP destination unreachable, by its code, where the kernel returns no more than an errno. */
const NET_UNREACHABLE = 3 << 8;
const HOST_UNREACHABLE = 3 << 8 | 1;
const PROTOCOL_UNREACHABLE = 3 << 8 | 2;
/** The sender of an error that no packet brought: this machine. */
const LOOPBACK = 0x7f000001;

/** Sockets that connect, by a number that the caller gives each. */
export class Connector implements Disposable {
  /** Attempts that one {@linkcode Connector.poll} reports at most. */
  readonly batch = BATCH;
  readonly #opener: ConnectSockets;
  readonly #epoll: Epoll;
  readonly #errors = new ErrorQueue();
  readonly #waiting = new PollSet(1);
  readonly #sockets: (Fd | undefined)[];
  /** The number of uses of each number: an attempt that epoll has found may meanwhile have ended. */
  readonly #uses: Uint32Array;

  /**
   * @throws {UsageError} If the source address is not one.
   * @throws {CannotScanError} If sockets cannot be opened with these options.
   */
  constructor(options: ConnectorOptions) {
    this.#opener = new ConnectSockets(options);
    this.#sockets = new Array<Fd | undefined>(options.capacity).fill(undefined);
    this.#uses = new Uint32Array(options.capacity);
    this.#epoll = new Epoll(BATCH);
    this.#waiting.set(0, this.#epoll.fd, POLLIN);
    try {
      this.#opener.check();
    } catch (error) {
      this.#epoll[Symbol.dispose]();
      throw error;
    }
  }

  /**
   * Begins to connect.
   *
   * @param slot Names the attempt; under the capacity, and not in use.
   * @param address An IPv4 address.
   * @returns 0, or the errno with which the kernel refused to try.
   */
  begin(slot: number, address: number, port: number): number {
    let socket: Fd | undefined;
    try {
      socket = this.#opener.open();
      const errno = connectInet4(socket, address, port);
      // A refusal at once is reported by epoll like any other.
      if (errno === 0 || errno === ERRNO.EINPROGRESS || errno === ERRNO.ECONNREFUSED) {
        this.#epoll.add(socket, EPOLLOUT | EPOLLONESHOT, slot, ++this.#uses[slot]!);
        this.#sockets[slot] = socket;
        return 0;
      }
      socket.close();
      return errno;
    } catch (error) {
      socket?.close();
      if (error instanceof SyscallError) return error.errno;
      throw error;
    }
  }

  /** Reports attempts that have ended, at most a batch; returns how many. */
  poll(sink: ConnectionSink): number {
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
  isSelf(slot: number, address: number, port: number): boolean {
    const socket = this.#sockets[slot];
    if (socket === undefined) return false;
    const own = getSocketName(socket);
    return own.port === port && own.address === address;
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
  }

  #settle(slot: number, socket: Fd, events: number, sink: ConnectionSink): void {
    if ((events & EPOLLOUT) !== 0 && (events & EPOLLHUP) === 0) {
      sink.settled(slot, CONNECTED, 0, 0);
      return;
    }
    if ((events & (EPOLLERR | EPOLLHUP)) === 0) return;
    const errno = takeSocketError(socket);
    // A RST in answer to the SYN refuses; one after that ends what had stood.
    if (isReset(errno)) sink.settled(slot, RESET, 0, 0);
    else if (this.#errors.take(socket)) {
      if (this.#errors.isLocal) sink.settled(slot, UNREACHABLE, HOST_UNREACHABLE, LOOPBACK);
      else sink.settled(slot, UNREACHABLE, this.#errors.type << 8 | this.#errors.code, this.#errors.from);
    } else if (errno === ERRNO.ECONNREFUSED) sink.settled(slot, REFUSED, 0, 0);
    else if (errno === ERRNO.EHOSTUNREACH) sink.settled(slot, UNREACHABLE, HOST_UNREACHABLE, 0);
    else if (errno === ERRNO.ENETUNREACH) sink.settled(slot, UNREACHABLE, NET_UNREACHABLE, 0);
    else if (errno === ERRNO.ENOPROTOOPT) sink.settled(slot, UNREACHABLE, PROTOCOL_UNREACHABLE, 0);
    else sink.settled(slot, GIVEN_UP, 0, 0);
  }
}

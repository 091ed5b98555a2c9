// Hot path: but for the sockets themselves, nothing here may be allocated per probe.
/**
 * Many connect(2) at once: begins them, reports their outcomes, and closes them so that nothing of them stays behind.
 *
 * @module
 */

import {
  AF_INET,
  EPOLLERR,
  EPOLLHUP,
  EPOLLONESHOT,
  EPOLLOUT,
  IP_BIND_ADDRESS_NO_PORT,
  IP_RECVERR,
  IP_TTL,
  IPPROTO_IP,
  IPPROTO_TCP,
  POLLIN,
  SO_REUSEADDR,
  SOCK_STREAM,
  SOL_SOCKET,
} from "../../ffi/constants.ts";
import { Epoll } from "../../ffi/epoll.ts";
import { ERRNO, SyscallError } from "../../ffi/errno.ts";
import { ErrorQueue } from "../../ffi/error_queue.ts";
import { PollSet } from "../../ffi/poll.ts";
import {
  bindInet4,
  bindToDevice,
  connectInet4,
  type Fd,
  getSocketName,
  handshakeMicros,
  openSocket,
  raiseDescriptorLimit,
  resetOnClose,
  setOption,
  takeSocketError,
} from "../../ffi/socket.ts";
import { CannotScanError, UsageError } from "../base/errors.ts";
import { parseIpv4 } from "../wire/address.ts";
import { errnoText, isNoRoom } from "./send_errors.ts";

/** The options of all connections. */
export interface ConnectorOptions {
  /** The most connections at one time. */
  readonly capacity: number;
  /** The address to connect from; the kernel's choice if not given. */
  readonly sourceIp: string | undefined;
  /** The port to connect from; the kernel's choice if not given. */
  readonly sourcePort: number | undefined;
  /** The interface to connect by; the kernel's choice if not given. */
  readonly interfaceName: string | undefined;
  /** Time to live of what is sent, 1-255; the system's if not given. */
  readonly ttl: number | undefined;
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
  readonly #options: ConnectorOptions;
  readonly #epoll: Epoll;
  readonly #errors = new ErrorQueue();
  readonly #waiting = new PollSet(1);
  readonly #source: number | undefined;
  readonly #sockets: (Fd | undefined)[];
  /** The number of uses of each number: an attempt that epoll has found may meanwhile have ended. */
  readonly #uses: Uint32Array;

  /**
   * @throws {UsageError} If the source address is not one.
   * @throws {CannotScanError} If sockets cannot be opened with these options.
   */
  constructor(options: ConnectorOptions) {
    this.#options = options;
    this.#source = readSource(options.sourceIp);
    this.#sockets = new Array<Fd | undefined>(options.capacity).fill(undefined);
    this.#uses = new Uint32Array(options.capacity);
    this.#epoll = new Epoll(BATCH);
    this.#waiting.set(0, this.#epoll.fd, POLLIN);
    try {
      this.#open().close();
    } catch (error) {
      this.#epoll[Symbol.dispose]();
      if (error instanceof SyscallError) throw cannotOpen(error, options);
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
      socket = this.#open();
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

  /** Ends an attempt, or what came of it. */
  end(slot: number): void {
    this.#sockets[slot]?.close();
    this.#sockets[slot] = undefined;
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

  #open(): Fd {
    const { sourcePort, interfaceName, ttl } = this.#options;
    const source = this.#source;
    const socket = openSocket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
    try {
      // An established connection is reset: no data was sent, and TIME_WAIT would hold its port for long.
      resetOnClose(socket);
      setOption(socket, IPPROTO_IP, IP_RECVERR, 1);
      if (ttl !== undefined) setOption(socket, IPPROTO_IP, IP_TTL, ttl);
      if (interfaceName !== undefined) bindToDevice(socket, interfaceName);
      if (source !== undefined || sourcePort !== undefined) {
        // All share one port, or leave its choice to connect(2), which has the destination: else 28,000 would be the limit.
        if (sourcePort !== undefined) setOption(socket, SOL_SOCKET, SO_REUSEADDR, 1);
        else setOption(socket, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1);
        bindInet4(socket, source ?? 0, sourcePort ?? 0);
      }
      return socket;
    } catch (error) {
      socket.close();
      throw error;
    }
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

/** True for a RST that ended a connection; EPIPE where a FIN had come before it. */
function isReset(errno: number): boolean {
  return errno === ERRNO.ECONNRESET || errno === ERRNO.EPIPE;
}

/** Raises the limit on open descriptors as far as possible, and returns it. */
export function descriptorLimit(): number {
  return raiseDescriptorLimit();
}

/** True where the kernel has no room for another connection just now: of memory, of descriptors, of ports. */
export function isNoRoomToConnect(errno: number): boolean {
  return isNoRoom(errno) || errno === ERRNO.EMFILE || errno === ERRNO.ENFILE || errno === ERRNO.EADDRNOTAVAIL ||
    errno === ERRNO.ENOSPC;
}

function readSource(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const address = parseIpv4(text);
  if (address === undefined) {
    throw new UsageError(`Cannot connect from ${text}: it is not an IPv4 address. Write it like 192.0.2.1`);
  }
  return address;
}

function cannotOpen(error: SyscallError, options: ConnectorOptions): CannotScanError {
  const { sourceIp, sourcePort, interfaceName } = options;
  const from = sourceIp === undefined ? "" : ` from ${sourceIp}`;
  const by = interfaceName === undefined ? "" : ` by ${interfaceName}`;
  const at = sourcePort === undefined ? "" : ` at port ${sourcePort}`;
  const remedy = REMEDIES.get(error.errno) ?? "Leave out the option, or try it as root";
  return new CannotScanError(`Cannot connect${from}${at}${by}: ${errnoText(error.errno)}. ${remedy}`, {
    cause: error,
  });
}

const RAISE_LIMIT = "Raise the limit on open files (ulimit -n)";

/** Advice by error number. */
const REMEDIES: ReadonlyMap<number, string> = new Map([
  [ERRNO.EADDRNOTAVAIL, "Give an address of this machine"],
  [ERRNO.EADDRINUSE, "Another program holds the port: give another, or none"],
  [ERRNO.EACCES, "Ports below 1024 need root: give another, or none"],
  [ERRNO.EPERM, "Only root may choose the interface on this kernel: leave it out, or use sudo"],
  [ERRNO.ENODEV, "Give an interface that exists"],
  [ERRNO.EMFILE, RAISE_LIMIT],
  [ERRNO.ENFILE, RAISE_LIMIT],
]);

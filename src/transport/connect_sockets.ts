/**
 * Sockets for connect(2): opened alike for probes and for conversations.
 *
 * @module
 */

import {
  AF_INET,
  IP_BIND_ADDRESS_NO_PORT,
  IP_RECVERR,
  IP_TTL,
  IPPROTO_IP,
  IPPROTO_TCP,
  IPPROTO_UDP,
  SO_REUSEADDR,
  SOCK_DGRAM,
  SOCK_STREAM,
  SOL_SOCKET,
} from "../../ffi/constants.ts";
import type { Epoll } from "../../ffi/epoll.ts";
import { ERRNO, SyscallError } from "../../ffi/errno.ts";
import type { ErrorQueue } from "../../ffi/error_queue.ts";
import { type Fd, raiseDescriptorLimit } from "../../ffi/fd.ts";
import { bindInet4, connectInet4, getSocketName, openSocket } from "../../ffi/socket.ts";
import { bindToDevice, resetOnClose, setOption } from "../../ffi/socket_options.ts";
import { CannotScanError, UsageError } from "../base/errors.ts";
import { sourceTexts } from "../base/source_texts.ts";
import type { AddressBook } from "../target/address_book.ts";
import { parseIpv4 } from "../wire/address.ts";
import type { ConnectSocketOptions } from "./connect_options.ts";
import type { Ipv6Sockets } from "./ipv6_sockets.ts";
import { OwnRefusals } from "./own_refusals.ts";
import type { RouteMap } from "./route_plan.ts";
import { errnoText, isNoRoom, RAISE_LIMIT } from "./send_errors.ts";

/** The sender of an error that no packet brought: this machine. */
const LOOPBACK = 0x7f000001;

/** Opens sockets with the same options, each of the address family of its host. */
export class ConnectSockets implements Disposable {
  readonly #options: ConnectSocketOptions;
  readonly #book: AddressBook;
  readonly #source: number | undefined;
  readonly #ipv6: Ipv6Sockets | undefined;
  /** The number of the first host of IPv6. */
  readonly #firstIpv6: number;
  readonly #routes: RouteMap | undefined;
  readonly #refusals: OwnRefusals | undefined;

  /**
   * @param ipv6 Sockets of IPv6, if the book has addresses of it.
   * @param routes The routes to the hosts; without them refusals are taken for those of the hosts.
   * @throws {UsageError} If the source address is not one.
   */
  constructor(options: ConnectSocketOptions, book: AddressBook, ipv6: Ipv6Sockets | undefined, routes?: RouteMap) {
    this.#options = options;
    this.#book = book;
    this.#ipv6 = ipv6;
    this.#firstIpv6 = book.ipv6?.first ?? Infinity;
    this.#source = readSource(options.sourceIp, ipv6?.hasSource === true);
    this.#routes = routes;
    if (routes === undefined || options.isUdp === true) return;
    this.#refusals = new OwnRefusals((host, port) => {
      using socket = this.#open(host);
      this.#connect(socket, host, port);
    });
  }

  /**
   * Begins to connect to a port of a host. `epoll` watches the socket from then on, and reports a refusal at once like any other.
   *
   * @param events The events that it watches, which come with `slot` and `tag`.
   * @returns The socket, or the errno with which the kernel refused to try.
   */
  begin(epoll: Epoll, events: number, slot: number, tag: number, host: number, port: number): Fd | number {
    let socket: Fd | undefined;
    try {
      socket = this.#open(host);
      const errno = this.#connect(socket, host, port);
      if (errno === 0 || errno === ERRNO.EINPROGRESS || errno === ERRNO.ECONNREFUSED) {
        epoll.add(socket, events, slot, tag);
        return socket;
      }
      socket.close();
      return errno;
    } catch (error) {
      socket?.close();
      if (error instanceof SyscallError) return error.errno;
      throw error;
    }
  }

  /** Returns 0 or the errno. */
  #connect(socket: Fd, host: number, port: number): number {
    return this.isIpv6(host)
      ? this.#ipv6!.connect(socket, host, port)
      : connectInet4(socket, this.#book.address(host), port);
  }

  /** Returns true for a host that is reached by IPv6. */
  isIpv6(host: number): boolean {
    return host >= this.#firstIpv6;
  }

  /** Takes note that refusals may have come since the last call of {@linkcode ConnectSockets.isOwnRefusal}. */
  onPoll(): void {
    this.#refusals?.onPoll();
  }

  /** Returns true where this machine has sent the RST with which a connection to another, begun at `beganMs`, was refused. */
  isOwnRefusal(host: number, port: number, beganMs: number): boolean {
    return this.#refusals !== undefined && this.isElsewhere(host) && this.#refusals.isOwn(host, port, beganMs);
  }

  /** Returns true for a host that is known not to be this machine. */
  isElsewhere(host: number): boolean {
    return this.#routes?.segments[this.#routes.indexFor(host)]?.answer.type === "unicast";
  }

  [Symbol.dispose](): void {
    this.#refusals?.[Symbol.dispose]();
  }

  /** Returns true where a socket has connected with itself: the kernel had chosen the host's port as the source port. */
  isSelf(socket: Fd, host: number, port: number): boolean {
    if (this.isIpv6(host)) return this.#ipv6!.isSelf(socket, host, port);
    const own = getSocketName(socket);
    return own.port === port && own.address === this.#book.address(host);
  }

  /** Takes the ICMP error of a socket that is to connect to a host; false if there is none. */
  takeError(errors: ErrorQueue, socket: Fd, host: number): boolean {
    return this.isIpv6(host) ? errors.takeIpv6(socket) : errors.take(socket);
  }

  /** Returns the number of who sent the error taken last, of a socket to a host; 0 if unknown, that of this machine if it did. */
  senderOf(errors: ErrorQueue, host: number): number {
    if (errors.isLocal) return this.thisMachine(host);
    if (this.isIpv6(host)) return this.#ipv6!.senderOf(errors);
    return errors.from === 0 ? 0 : this.#book.sender(errors.from);
  }

  /** Returns a number of this machine, of the address family of a host. */
  thisMachine(host: number): number {
    return this.isIpv6(host) ? this.#ipv6!.thisMachine() : LOOPBACK;
  }

  /**
   * Opens a socket that does not block, and whose close resets what is connected.
   *
   * @throws {SyscallError} If the kernel refuses one of the options, or has no room.
   */
  #open(host: number): Fd {
    return this.isIpv6(host) ? this.#ipv6!.open() : this.#openIpv4();
  }

  #openIpv4(): Fd {
    const { sourcePort, interfaceName, ttl, isUdp } = this.#options;
    const source = this.#source;
    const socket = isUdp === true
      ? openSocket(AF_INET, SOCK_DGRAM, IPPROTO_UDP)
      : openSocket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
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

  /**
   * Opens a socket once to see that it can be done.
   *
   * @throws {CannotScanError} If it cannot.
   */
  check(): void {
    try {
      if (this.#ipv6 !== undefined) this.#ipv6.open().close();
      if (this.#ipv6?.hasSource !== true) this.#openIpv4().close();
    } catch (error) {
      if (error instanceof SyscallError) throw cannotOpen(error, this.#options);
      throw error;
    }
  }
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

/** True for a RST that ended a connection; EPIPE where a FIN had come before it. */
export function isReset(errno: number): boolean {
  return errno === ERRNO.ECONNRESET || errno === ERRNO.EPIPE;
}

/** Returns the first address of IPv4 among those to connect from; they may all be of IPv6 with `hasIpv6`. */
function readSource(sourceIp: string | undefined, hasIpv6: boolean): number | undefined {
  const texts = sourceTexts(sourceIp);
  const address = texts.map(parseIpv4).find((each) => each !== undefined);
  if (address === undefined && texts.length > 0 && !hasIpv6) {
    throw new UsageError(`Cannot connect from ${texts[0]}: it is not an IPv4 address. Write it like 192.0.2.1`);
  }
  return address;
}

function cannotOpen(error: SyscallError, options: ConnectSocketOptions): CannotScanError {
  const { sourceIp, sourcePort, interfaceName } = options;
  const from = sourceIp === undefined ? "" : ` from ${sourceIp}`;
  const by = interfaceName === undefined ? "" : ` by ${interfaceName}`;
  const at = sourcePort === undefined ? "" : ` at port ${sourcePort}`;
  const remedy = REMEDIES.get(error.errno) ?? "Leave out the option, or try it as root";
  return new CannotScanError(`Cannot connect${from}${at}${by}: ${errnoText(error.errno)}. ${remedy}`, {
    cause: error,
  });
}

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

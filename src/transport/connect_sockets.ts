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
  SO_REUSEADDR,
  SOCK_STREAM,
  SOL_SOCKET,
} from "../../ffi/constants.ts";
import { ERRNO, SyscallError } from "../../ffi/errno.ts";
import {
  bindInet4,
  bindToDevice,
  type Fd,
  openSocket,
  raiseDescriptorLimit,
  resetOnClose,
  setOption,
} from "../../ffi/socket.ts";
import { CannotScanError, UsageError } from "../base/errors.ts";
import { parseIpv4 } from "../wire/address.ts";
import { errnoText, isNoRoom } from "./send_errors.ts";

/** The options of all sockets. */
export interface ConnectSocketOptions {
  /** The address to connect from; the kernel's choice if not given. */
  readonly sourceIp: string | undefined;
  /** The port to connect from; the kernel's choice if not given. */
  readonly sourcePort: number | undefined;
  /** The interface to connect by; the kernel's choice if not given. */
  readonly interfaceName: string | undefined;
  /** Time to live of what is sent, 1-255; the system's if not given. */
  readonly ttl: number | undefined;
}

/** Opens sockets with the same options. */
export class ConnectSockets {
  readonly #options: ConnectSocketOptions;
  readonly #source: number | undefined;

  /** @throws {UsageError} If the source address is not one. */
  constructor(options: ConnectSocketOptions) {
    this.#options = options;
    this.#source = readSource(options.sourceIp);
  }

  /**
   * Opens a socket that does not block, and whose close resets what is connected.
   *
   * @throws {SyscallError} If the kernel refuses one of the options, or has no room.
   */
  open(): Fd {
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

  /**
   * Opens a socket once to see that it can be done.
   *
   * @throws {CannotScanError} If it cannot.
   */
  check(): void {
    try {
      this.open().close();
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

function readSource(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const address = parseIpv4(text);
  if (address === undefined) {
    throw new UsageError(`Cannot connect from ${text}: it is not an IPv4 address. Write it like 192.0.2.1`);
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

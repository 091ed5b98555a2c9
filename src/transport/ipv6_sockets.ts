// Hot path: but for the sockets themselves, nothing here may be allocated per probe.
/**
 * Sockets of IPv6 for connect(2).
 *
 * @module
 */

import {
  AF_INET6,
  IP_BIND_ADDRESS_NO_PORT,
  IPPROTO_IP,
  IPPROTO_IPV6,
  IPPROTO_TCP,
  IPPROTO_UDP,
  IPV6_RECVERR,
  IPV6_UNICAST_HOPS,
  SO_REUSEADDR,
  SOCK_DGRAM,
  SOCK_STREAM,
  SOL_SOCKET,
} from "../../ffi/constants.ts";
import type { ErrorQueue } from "../../ffi/error_queue.ts";
import { bindInet6, connectInet6, Inet6, INET6_ADDRESS } from "../../ffi/ipv6_socket.ts";
import type { Fd } from "../../ffi/fd.ts";
import { openSocket } from "../../ffi/socket.ts";
import { bindToDevice, resetOnClose, setOption } from "../../ffi/socket_options.ts";
import { sourceTexts } from "../base/source_texts.ts";
import type { Ipv6Addresses } from "../target/address_book.ts";
import { IPV6_LEN, IPV6_LOOPBACK, parseIpv6, writeIpv6Address } from "../wire/address6.ts";
import type { ConnectSocketOptions } from "./connect_options.ts";

/** Opens sockets with the same options. */
export class Ipv6Sockets {
  /** True if the address to connect from is one of IPv6. */
  readonly hasSource: boolean;
  readonly #options: ConnectSocketOptions;
  readonly #book: Ipv6Addresses;
  readonly #source: bigint | undefined;
  readonly #bound = new Inet6();
  readonly #host = new Inet6();
  readonly #own = new Inet6();
  readonly #loopback = new DataView(new ArrayBuffer(IPV6_LEN));

  constructor(options: ConnectSocketOptions, book: Ipv6Addresses) {
    this.#options = options;
    this.#book = book;
    this.#source = sourceTexts(options.sourceIp).map(parseIpv6).find((address) => address !== undefined);
    this.hasSource = this.#source !== undefined;
    if (this.#source !== undefined) writeIpv6Address(this.#bound.view, INET6_ADDRESS, this.#source);
    writeIpv6Address(this.#loopback, 0, IPV6_LOOPBACK);
  }

  /**
   * Opens a socket that does not block, and whose close resets what is connected.
   *
   * @throws {SyscallError} If the kernel refuses one of the options, or has no room.
   */
  open(): Fd {
    const { sourcePort, interfaceName, ttl, isUdp } = this.#options;
    const socket = isUdp === true
      ? openSocket(AF_INET6, SOCK_DGRAM, IPPROTO_UDP)
      : openSocket(AF_INET6, SOCK_STREAM, IPPROTO_TCP);
    try {
      resetOnClose(socket);
      setOption(socket, IPPROTO_IPV6, IPV6_RECVERR, 1);
      if (ttl !== undefined) setOption(socket, IPPROTO_IPV6, IPV6_UNICAST_HOPS, ttl);
      if (interfaceName !== undefined) bindToDevice(socket, interfaceName);
      if (this.hasSource || sourcePort !== undefined) {
        // All share one port, or leave its choice to connect(2), as those of IPv4 do.
        if (sourcePort !== undefined) setOption(socket, SOL_SOCKET, SO_REUSEADDR, 1);
        else setOption(socket, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1);
        this.#bound.set(sourcePort ?? 0, 0);
        bindInet6(socket, this.#bound);
      }
      return socket;
    } catch (error) {
      socket.close();
      throw error;
    }
  }

  /** Begins to connect to a port of a host; returns 0 or the errno. */
  connect(socket: Fd, host: number, port: number): number {
    this.#book.write(host, this.#host.view, INET6_ADDRESS);
    this.#host.set(port, this.#book.scopeOf(host));
    return connectInet6(socket, this.#host);
  }

  /** Returns true where a socket has connected with itself: the kernel had chosen the host's port as the source port. */
  isSelf(socket: Fd, host: number, port: number): boolean {
    this.#own.readName(socket);
    return this.#own.port === port && this.#book.find(this.#own.view, INET6_ADDRESS, this.#book.scopeOf(host)) === host;
  }

  /** Returns the number of who sent the error taken last; 0 if unknown. */
  senderOf({ senders, fromAt, scope }: ErrorQueue): number {
    return this.#book.sender(senders, fromAt, scope);
  }

  /** Returns the number of this machine. */
  thisMachine(): number {
    return this.#book.sender(this.#loopback, 0, 0);
  }
}

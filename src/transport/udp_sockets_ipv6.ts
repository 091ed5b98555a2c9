// Hot path: nothing here may allocate per packet.
/**
 * UDP sockets of IPv6, and the headers of what they receive; loaded only for scans that have hosts of it.
 *
 * @module
 */

import {
  AF_INET6,
  IPPROTO_IPV6,
  IPPROTO_UDP,
  IPV6_HOPLIMIT,
  IPV6_RECVERR,
  IPV6_RECVERR_RFC4884,
  IPV6_RECVHOPLIMIT,
  IPV6_UNICAST_HOPS,
  IPV6_V6ONLY,
  SO_REUSEADDR,
  SO_TIMESTAMPNS,
  SOCK_DGRAM,
  SOL_SOCKET,
} from "../../ffi/constants.ts";
import type { ErrorQueue } from "../../ffi/error_queue.ts";
import { bindInet6, Inet6 } from "../../ffi/ipv6_socket.ts";
import { sockaddr_in6 } from "../../ffi/layout.ts";
import type { ReceiveBatch } from "../../ffi/message_batch.ts";
import type { Fd } from "../../ffi/fd.ts";
import { openSocket } from "../../ffi/socket.ts";
import { bindToDevice, setOption, setOptionIfKnown } from "../../ffi/socket_options.ts";
import type { Ipv6Addresses } from "../target/address_book.ts";
import { copyIpv6Address, IPV6_LEN } from "../wire/address6.ts";
import {
  fillIcmpv6Checksum,
  ICMPV6_DESTINATION_UNREACHABLE,
  ICMPV6_HEADER_LEN,
  ICMPV6_PORT_UNREACHABLE,
  writeIcmpv6Head,
} from "../wire/icmpv6.ts";
import {
  IPV6_DESTINATION,
  IPV6_HEADER_LEN,
  IPV6_SOURCE,
  PROTOCOL_ICMPV6,
  pseudoHeaderSum6,
  writeIpv6Head,
} from "../wire/ipv6.ts";
import { PROTOCOL_UDP } from "../wire/ipv4.ts";
import { UDP_HEADER_LEN, writeUdp } from "../wire/udp.ts";
import { enlargeReceiveBuffer, enlargeSendBuffer } from "./buffers.ts";
import type { Ipv6Ends } from "./ipv6_open.ts";
import { nameOf } from "./ipv6_sender.ts";
import type { SocketPackets } from "./udp_sockets.ts";
import type { UdpSocketOptions } from "./udp_sockets_ipv4.ts";

const HEADERS_LEN = IPV6_HEADER_LEN + UDP_HEADER_LEN;
const QUOTE_AT = IPV6_HEADER_LEN + ICMPV6_HEADER_LEN;
const NAME_LEN = sockaddr_in6.size;
/** The hop limit of a packet of this machine to itself. */
const OWN_HOP_LIMIT = 64;

/**
 * Opens a UDP socket of IPv6 that is bound to a port and the address with a number, 0 for any.
 *
 * @throws {SyscallError} If the kernel refuses; `EADDRINUSE`, `EACCES` for a port below 1024 without the right to it.
 */
export function openUdp6(number: number, port: number, options: UdpSocketOptions, ipv6: Ipv6Addresses): Fd {
  const { interfaceName, ttl, isSecond = false } = options;
  const fd = openSocket(AF_INET6, SOCK_DGRAM, IPPROTO_UDP);
  try {
    setOption(fd, IPPROTO_IPV6, IPV6_V6ONLY, 1);
    setOption(fd, IPPROTO_IPV6, IPV6_RECVERR, 1);
    setOptionIfKnown(fd, IPPROTO_IPV6, IPV6_RECVERR_RFC4884, 1);
    setOption(fd, IPPROTO_IPV6, IPV6_RECVHOPLIMIT, 1);
    setOption(fd, SOL_SOCKET, SO_TIMESTAMPNS, 1);
    if (ttl !== undefined) setOption(fd, IPPROTO_IPV6, IPV6_UNICAST_HOPS, ttl);
    if (interfaceName !== undefined) bindToDevice(fd, interfaceName);
    enlargeReceiveBuffer(fd);
    enlargeSendBuffer(fd);
    if (isSecond) setOption(fd, SOL_SOCKET, SO_REUSEADDR, 1);
    bindInet6(fd, number === 0 ? anyAddress(port) : nameOf(number, port, ipv6));
    return fd;
  } catch (error) {
    fd.close();
    throw error;
  }
}

function anyAddress(port: number): Inet6 {
  const name = new Inet6();
  name.set(port, 0);
  return name;
}

/** Datagrams of IPv6, and errors about them. */
export class SocketPackets6 implements SocketPackets {
  readonly family = "inet6";
  readonly nameLen: number = NAME_LEN;
  readonly namePort: number = sockaddr_in6.sin6_port;
  readonly headersLen: number = HEADERS_LEN;
  readonly errorHeadersLen: number = QUOTE_AT + HEADERS_LEN;
  readonly #ipv6: Ipv6Addresses;
  readonly #addresses: readonly number[];
  /** The same as bytes. */
  readonly #own: DataView;

  constructor({ ipv6, sources: { addresses } }: Ipv6Ends) {
    this.#ipv6 = ipv6;
    this.#addresses = addresses;
    this.#own = new DataView(new ArrayBuffer(addresses.length * IPV6_LEN));
    addresses.forEach((address, index) => ipv6.write(address, this.#own, index * IPV6_LEN));
  }

  sourceIn(slots: DataView, at: number): number {
    let index = this.#addresses.length - 1;
    while (index > 0 && !this.#isFrom(index, slots, at + IPV6_SOURCE)) index--;
    return index;
  }

  #isFrom(index: number, view: DataView, at: number): boolean {
    for (let i = 0; i < IPV6_LEN; i += 4) {
      if (this.#own.getUint32(index * IPV6_LEN + i) !== view.getUint32(at + i)) return false;
    }
    return true;
  }

  setDestination(names: DataView, at: number, destination: number): void {
    this.#ipv6.write(destination, names, at + sockaddr_in6.sin6_addr);
    names.setUint32(at + sockaddr_in6.sin6_scope_id, this.#ipv6.scopeOf(destination), true);
  }

  ttlOf(received: ReceiveBatch, index: number): number {
    const at = received.findControl(index, IPPROTO_IPV6, IPV6_HOPLIMIT, 4);
    return at < 0 ? 0 : received.controls.getInt32(at, true);
  }

  writeDatagram(replies: ReceiveBatch, index: number, at: number, ttl: number, own: number, ownPort: number): number {
    const { slots } = replies;
    this.#copyName(replies, index, slots, at + IPV6_SOURCE);
    this.#copyOwn(own, slots, at + IPV6_DESTINATION);
    return this.#writeUdp(slots, at, ttl, replies.sourcePort(index), ownPort, replies.length(index));
  }

  writeError(errors: ErrorQueue, index: number, at: number, ttl: number, own: number, ownPort: number): number {
    if (!errors.readIpv6(index) || errors.isLocal) return 0;
    const { batch, quoteLen, senders, fromAt, type, code } = errors;
    const { slots } = batch;
    this.#copyName(batch, index, slots, at + QUOTE_AT + IPV6_DESTINATION);
    this.#copyOwn(own, slots, at + QUOTE_AT + IPV6_SOURCE);
    const length = this.#writeUdp(slots, at + QUOTE_AT, OWN_HOP_LIMIT, ownPort, batch.sourcePort(index), quoteLen);
    copyIpv6Address(senders, fromAt, slots, at + IPV6_SOURCE);
    this.#copyOwn(own, slots, at + IPV6_DESTINATION);
    return this.#writeError(slots, at, ttl, type, code, length);
  }

  writeRefusal(replies: ReceiveBatch, index: number, at: number, own: number, ownPort: number): number {
    const { slots } = replies;
    for (const sourceAt of [at + IPV6_DESTINATION, at + QUOTE_AT + IPV6_SOURCE]) {
      this.#copyName(replies, index, slots, sourceAt);
    }
    for (const hostAt of [at + IPV6_SOURCE, at + QUOTE_AT + IPV6_DESTINATION]) this.#copyOwn(own, slots, hostAt);
    const fromPort = replies.sourcePort(index);
    const length = this.#writeUdp(slots, at + QUOTE_AT, OWN_HOP_LIMIT, fromPort, ownPort, replies.length(index));
    const [type, code] = [ICMPV6_DESTINATION_UNREACHABLE, ICMPV6_PORT_UNREACHABLE];
    return this.#writeError(slots, at, OWN_HOP_LIMIT, type, code, length);
  }

  isOwn(replies: ReceiveBatch, index: number): boolean {
    const at = index * NAME_LEN;
    const scope = replies.sources.getUint32(at + sockaddr_in6.sin6_scope_id, true);
    return this.#addresses.includes(
      this.#ipv6.sender(replies.sources, at + sockaddr_in6.sin6_addr, scope),
    );
  }

  /** Copies the address that was received with a slot. */
  #copyName(received: ReceiveBatch, index: number, view: DataView, at: number): void {
    copyIpv6Address(received.sources, index * NAME_LEN + sockaddr_in6.sin6_addr, view, at);
  }

  /** Copies an own address. */
  #copyOwn(own: number, view: DataView, at: number): void {
    copyIpv6Address(this.#own, own * IPV6_LEN, view, at);
  }

  /** Writes the headers of a datagram, but for the addresses, before its payload; returns its length with them. */
  #writeUdp(view: DataView, at: number, ttl: number, from: number, to: number, payloadLen: number): number {
    const length = UDP_HEADER_LEN + payloadLen;
    writeIpv6Head(view, at, PROTOCOL_UDP, length, ttl);
    writeUdp(view, at + IPV6_HEADER_LEN, from, to, length, pseudoHeaderSum6(view, at, PROTOCOL_UDP, length));
    return IPV6_HEADER_LEN + length;
  }

  /** Writes the headers of an error, but for the addresses, before the `quotedLen` bytes that it quotes; returns its length. */
  #writeError(view: DataView, at: number, ttl: number, type: number, code: number, quotedLen: number): number {
    const length = ICMPV6_HEADER_LEN + quotedLen;
    writeIpv6Head(view, at, PROTOCOL_ICMPV6, length, ttl);
    writeIcmpv6Head(view, at + IPV6_HEADER_LEN, type, code, 0);
    fillIcmpv6Checksum(view, at, at + IPV6_HEADER_LEN, length);
    return IPV6_HEADER_LEN + length;
  }
}

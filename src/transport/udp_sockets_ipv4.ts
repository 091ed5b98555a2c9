// Hot path: nothing here may allocate per packet.
/**
 * UDP sockets of IPv4, and the headers of what they receive.
 *
 * @module
 */

import {
  AF_INET,
  IP_RECVERR,
  IP_RECVERR_RFC4884,
  IP_RECVTTL,
  IP_TTL,
  IPPROTO_IP,
  IPPROTO_UDP,
  SO_BROADCAST,
  SO_REUSEADDR,
  SO_TIMESTAMPNS,
  SOCK_DGRAM,
  SOL_SOCKET,
} from "../../ffi/constants.ts";
import type { ErrorQueue } from "../../ffi/error_queue.ts";
import { sockaddr_in } from "../../ffi/layout.ts";
import type { ReceiveBatch } from "../../ffi/message_batch.ts";
import type { Fd } from "../../ffi/fd.ts";
import { bindInet4, openSocket } from "../../ffi/socket.ts";
import { bindToDevice, setOption, setOptionIfKnown } from "../../ffi/socket_options.ts";
import { checksum } from "../wire/checksum.ts";
import {
  ICMP_DESTINATION_UNREACHABLE,
  ICMP_PORT_UNREACHABLE,
  ICMPV4_HEADER_LEN,
  setIcmpv4Checksum,
  writeIcmpv4,
} from "../wire/icmpv4.ts";
import {
  IPV4_MIN_HEADER_LEN,
  ipv4Source,
  PROTOCOL_ICMP,
  PROTOCOL_UDP,
  pseudoHeaderSum,
  writeIpv4,
} from "../wire/ipv4.ts";
import { UDP_HEADER_LEN, writeUdp } from "../wire/udp.ts";
import { enlargeReceiveBuffer, enlargeSendBuffer } from "./buffers.ts";
import type { SourceAddresses } from "./target_routes.ts";
import type { SocketPackets } from "./udp_sockets.ts";

const HEADERS_LEN = IPV4_MIN_HEADER_LEN + UDP_HEADER_LEN;
const QUOTE_AT = IPV4_MIN_HEADER_LEN + ICMPV4_HEADER_LEN;
const ERROR_HEADERS_LEN = QUOTE_AT + HEADERS_LEN;
/** The TTL of a packet of this machine to itself. */
const OWN_TTL = 64;

/** The options of a UDP socket. */
export interface UdpSocketOptions {
  /** The interface that datagrams must leave by; the kernel's choice if not given. */
  readonly interfaceName?: string | undefined;
  /** The TTL of datagrams, 1-255; the system's default if not given. */
  readonly ttl?: number | undefined;
  /** True to bind to an address and a port that another socket is bound to, if that one has `SO_REUSEADDR`. */
  readonly isSecond?: boolean;
}

/**
 * Opens a UDP socket of IPv4 that is bound to an address, 0 for any, and a port.
 *
 * @throws {SyscallError} If the kernel refuses; `EADDRINUSE`, `EACCES` for a port below 1024 without the right to it.
 */
export function openUdp4(address: number, port: number, options: UdpSocketOptions): Fd {
  const { interfaceName, ttl, isSecond = false } = options;
  const fd = openSocket(AF_INET, SOCK_DGRAM, IPPROTO_UDP);
  try {
    setOption(fd, IPPROTO_IP, IP_RECVERR, 1);
    setOptionIfKnown(fd, IPPROTO_IP, IP_RECVERR_RFC4884, 1);
    setOption(fd, IPPROTO_IP, IP_RECVTTL, 1);
    setOption(fd, SOL_SOCKET, SO_TIMESTAMPNS, 1);
    // The first and last address of a subnet are probed like any other; without this the kernel refuses the last.
    setOption(fd, SOL_SOCKET, SO_BROADCAST, 1);
    if (ttl !== undefined) setOption(fd, IPPROTO_IP, IP_TTL, ttl);
    if (interfaceName !== undefined) bindToDevice(fd, interfaceName);
    enlargeReceiveBuffer(fd);
    enlargeSendBuffer(fd);
    if (isSecond) setOption(fd, SOL_SOCKET, SO_REUSEADDR, 1);
    bindInet4(fd, address, port);
    return fd;
  } catch (error) {
    fd.close();
    throw error;
  }
}

/** Datagrams of IPv4, and errors about them. */
export class SocketPackets4 implements SocketPackets {
  readonly family = "inet4";
  readonly nameLen = sockaddr_in.size;
  readonly namePort = sockaddr_in.sin_port;
  readonly headersLen = HEADERS_LEN;
  readonly errorHeadersLen = ERROR_HEADERS_LEN;
  readonly #own: readonly number[];
  /** The fields of the header that is written. */
  readonly #ip = { source: 0, destination: 0, protocol: PROTOCOL_UDP, totalLen: 0, ttl: 0 };
  readonly #icmp = { type: 0, code: 0 };

  constructor({ addresses }: Pick<SourceAddresses, "addresses">) {
    this.#own = addresses;
  }

  sourceIn(slots: DataView, at: number): number {
    return this.#own.length === 1 ? 0 : this.#own.indexOf(ipv4Source(slots, at));
  }

  setDestination(names: DataView, at: number, destination: number): void {
    names.setUint32(at + sockaddr_in.sin_addr, destination);
  }

  ttlOf(received: ReceiveBatch, index: number): number {
    const at = received.findControl(index, IPPROTO_IP, IP_TTL, 4);
    return at < 0 ? 0 : received.controls.getInt32(at, true);
  }

  writeDatagram(replies: ReceiveBatch, index: number, at: number, ttl: number, own: number, ownPort: number): number {
    const from = replies.source(index);
    const port = replies.sourcePort(index);
    return this.#writeUdp(replies.slots, at, from, this.#own[own]!, ttl, port, ownPort, replies.length(index));
  }

  writeError(errors: ErrorQueue, index: number, at: number, ttl: number, ownIndex: number, ownPort: number): number {
    if (!errors.read(index) || errors.isLocal) return 0;
    const { batch, quoteLen, from, type, code } = errors;
    const host = batch.source(index);
    const own = this.#own[ownIndex]!;
    const length = this.#writeUdp(
      batch.slots,
      at + QUOTE_AT,
      own,
      host,
      OWN_TTL,
      ownPort,
      batch.sourcePort(index),
      quoteLen,
    );
    return this.#writeError(batch.slots, at, from, own, ttl, type, code, length);
  }

  writeRefusal(replies: ReceiveBatch, index: number, at: number, own: number, ownPort: number): number {
    const { slots } = replies;
    const [source, port, host] = [replies.source(index), replies.sourcePort(index), this.#own[own]!];
    const length = this.#writeUdp(slots, at + QUOTE_AT, source, host, OWN_TTL, port, ownPort, replies.length(index));
    const [type, code] = [ICMP_DESTINATION_UNREACHABLE, ICMP_PORT_UNREACHABLE];
    return this.#writeError(slots, at, host, source, OWN_TTL, type, code, length);
  }

  isOwn(replies: ReceiveBatch, index: number): boolean {
    return this.#own.includes(replies.source(index));
  }

  /** Writes the headers of a datagram before its payload; returns its length with them. */
  #writeUdp(
    view: DataView,
    at: number,
    source: number,
    destination: number,
    ttl: number,
    sourcePort: number,
    destinationPort: number,
    payloadLen: number,
  ): number {
    const length = UDP_HEADER_LEN + payloadLen;
    this.#writeIp(view, at, source, destination, ttl, PROTOCOL_UDP, IPV4_MIN_HEADER_LEN + length);
    const pseudoSum = pseudoHeaderSum(source, destination, PROTOCOL_UDP, length);
    writeUdp(view, at + IPV4_MIN_HEADER_LEN, sourcePort, destinationPort, length, pseudoSum);
    return IPV4_MIN_HEADER_LEN + length;
  }

  /** Writes the headers of an error before the `quotedLen` bytes that it quotes; returns its length. */
  #writeError(
    view: DataView,
    at: number,
    from: number,
    own: number,
    ttl: number,
    type: number,
    code: number,
    quotedLen: number,
  ): number {
    const icmpAt = at + IPV4_MIN_HEADER_LEN;
    const length = ICMPV4_HEADER_LEN + quotedLen;
    this.#icmp.type = type;
    this.#icmp.code = code;
    writeIcmpv4(view, icmpAt, this.#icmp);
    setIcmpv4Checksum(view, icmpAt, 0);
    setIcmpv4Checksum(view, icmpAt, checksum(view, icmpAt, length));
    this.#writeIp(view, at, from, own, ttl, PROTOCOL_ICMP, IPV4_MIN_HEADER_LEN + length);
    return IPV4_MIN_HEADER_LEN + length;
  }

  #writeIp(
    view: DataView,
    at: number,
    source: number,
    destination: number,
    ttl: number,
    protocol: number,
    totalLen: number,
  ): void {
    const fields = this.#ip;
    fields.source = source;
    fields.destination = destination;
    fields.ttl = ttl;
    fields.protocol = protocol;
    fields.totalLen = totalLen;
    writeIpv4(view, at, fields);
  }
}

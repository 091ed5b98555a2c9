// Hot path: nothing here may allocate per packet.
/**
 * Probes over IPv6, as bytes: TCP segments, datagrams and echo requests. They have no extension headers. Of segments and echo requests the
 * flow label is 0, so that routers which balance load by it send all of them the same way; that of a datagram, whose source port differs
 * by attempt, is 20 bits of the token.
 *
 * @module
 */

import { IPV6_LEN } from "../wire/address6.ts";
import { foldChecksum, sumWords } from "../wire/checksum.ts";
import {
  ICMPV6_ECHO_REQUEST,
  ICMPV6_HEADER_LEN,
  setIcmpv6Checksum,
  setIcmpv6Rest,
  writeIcmpv6Head,
} from "../wire/icmpv6.ts";
import { PROTOCOL_TCP, PROTOCOL_UDP } from "../wire/ipv4.ts";
import {
  IPV6_DESTINATION,
  IPV6_HEADER_LEN,
  IPV6_SOURCE,
  PROTOCOL_ICMPV6,
  pseudoHeaderSum6,
  setIpv6FlowLabel,
  setIpv6PayloadLen,
  writeIpv6Head,
} from "../wire/ipv6.ts";
import {
  setTcpAck,
  setTcpChecksum,
  setTcpPorts,
  setTcpSeq,
  TCP_ACK,
  TCP_MIN_HEADER_LEN,
  writeTcp,
} from "../wire/tcp.ts";
import { UDP_HEADER_LEN, writeUdp } from "../wire/udp.ts";
import type { Ipv6Addresses, PayloadWriter, TcpProbeTraits } from "./packets.ts";
import { WINDOW } from "./tcp_probe.ts";
import type { ProbeTemplate, ProbeTraits } from "./technique.ts";

/** Bytes of a segment without options. */
export const SEGMENT_LEN = IPV6_HEADER_LEN + TCP_MIN_HEADER_LEN;
/** Bytes of data of an echo request: the token, and its complement, so that the checksum is that of every token. */
const ECHO_DATA_LEN = 8;
/** Bytes of an echo request. */
export const ECHO_LEN = IPV6_HEADER_LEN + ICMPV6_HEADER_LEN + ECHO_DATA_LEN;

/** Copies a template of whole words. */
function copyWords(words: DataView, view: DataView, at: number): void {
  for (let i = 0; i < words.byteLength; i += 4) view.setUint32(at + i, words.getUint32(i, true), true);
}

/** Returns true if the first `length` bytes of a slot, a whole number of words, are those of a template. */
function beginsWith(view: DataView, at: number, words: DataView, length: number): boolean {
  for (let i = 0; i < length; i += 4) if (view.getUint32(at + i, true) !== words.getUint32(i, true)) return false;
  return true;
}

/** A TCP segment that is complete but for destination, ports and token; see `TcpTemplate` of IPv4. */
export class TcpTemplate6 implements ProbeTemplate {
  readonly #ipv6: Ipv6Addresses;
  readonly #words: DataView;
  readonly #sum: number;
  readonly #tokens: number;

  constructor(ipv6: Ipv6Addresses, { source, ttl, flags, options = new Uint8Array() }: TcpProbeTraits) {
    this.#ipv6 = ipv6;
    const length = SEGMENT_LEN + options.length;
    const words = this.#words = new DataView(new ArrayBuffer(length));
    const tcpLen = length - IPV6_HEADER_LEN;
    writeIpv6Head(words, 0, PROTOCOL_TCP, tcpLen, ttl);
    ipv6.write(source, words, IPV6_SOURCE);
    const ports = { sourcePort: 0, destinationPort: 0, seq: 0, ack: 0 };
    writeTcp(words, IPV6_HEADER_LEN, { ...ports, flags, window: WINDOW, options });
    setTcpChecksum(words, IPV6_HEADER_LEN, 0);
    this.#sum = sumWords(words, IPV6_HEADER_LEN, tcpLen, pseudoHeaderSum6(words, 0, PROTOCOL_TCP, tcpLen));
    this.#tokens = (flags & TCP_ACK) === 0 ? 1 : 2;
  }

  write(view: DataView, at: number, destination: number, port: number, sourcePort: number, token: number): number {
    const tcpAt = at + IPV6_HEADER_LEN;
    // No other packet has its hop limit, source, header length, flags and window.
    const isHeld = beginsWith(view, at, this.#words, IPV6_DESTINATION) &&
      view.getUint32(tcpAt + 12, true) === this.#words.getUint32(IPV6_HEADER_LEN + 12, true);
    if (!isHeld) copyWords(this.#words, view, at);
    this.#ipv6.write(destination, view, at + IPV6_DESTINATION);
    setTcpPorts(view, tcpAt, sourcePort, port);
    setTcpSeq(view, tcpAt, token);
    const tokens = this.#tokens;
    if (tokens > 1) setTcpAck(view, tcpAt, token);
    const tokenSum = ((token >>> 16) + (token & 0xffff)) * tokens;
    const sum = sumWords(view, at + IPV6_DESTINATION, IPV6_LEN, this.#sum + sourcePort + port + tokenSum);
    setTcpChecksum(view, tcpAt, foldChecksum(sum));
    return this.#words.byteLength;
  }
}

/** An echo request that is complete but for destination, identifier and token, which is in its data. */
export class EchoTemplate6 implements ProbeTemplate {
  readonly #ipv6: Ipv6Addresses;
  readonly #words = new DataView(new ArrayBuffer(ECHO_LEN));
  readonly #sum: number;

  constructor(ipv6: Ipv6Addresses, { source, ttl }: ProbeTraits) {
    this.#ipv6 = ipv6;
    const length = ECHO_LEN - IPV6_HEADER_LEN;
    writeIpv6Head(this.#words, 0, PROTOCOL_ICMPV6, length, ttl);
    ipv6.write(source, this.#words, IPV6_SOURCE);
    writeIcmpv6Head(this.#words, IPV6_HEADER_LEN, ICMPV6_ECHO_REQUEST, 0, 0);
    const pseudo = pseudoHeaderSum6(this.#words, 0, PROTOCOL_ICMPV6, length);
    this.#sum = sumWords(this.#words, IPV6_HEADER_LEN, length, pseudo);
  }

  write(view: DataView, at: number, destination: number, _what: number, sourcePort: number, token: number): number {
    copyWords(this.#words, view, at);
    this.#ipv6.write(destination, view, at + IPV6_DESTINATION);
    const icmpAt = at + IPV6_HEADER_LEN;
    const dataAt = icmpAt + ICMPV6_HEADER_LEN;
    const [upper, lower] = [token >>> 16, token & 0xffff];
    setIcmpv6Rest(view, icmpAt, sourcePort * 0x1_0000 + lower);
    view.setUint32(dataAt, token);
    // A number and its complement add up to 0 (RFC 1071).
    view.setUint16(dataAt + 4, lower ^ 0xffff);
    view.setUint16(dataAt + 6, foldChecksum(upper + lower));
    setIcmpv6Checksum(
      view,
      icmpAt,
      foldChecksum(sumWords(view, at + IPV6_DESTINATION, IPV6_LEN, this.#sum + sourcePort)),
    );
    return ECHO_LEN;
  }
}

/** Returns the flow label of a datagram. */
export function flowLabelOf(token: number): number {
  return token >>> 12;
}

/** A datagram that is complete but for flow label, destination, ports and payload. */
export class UdpTemplate6 implements ProbeTemplate {
  readonly #ipv6: Ipv6Addresses;
  readonly #writePayload: PayloadWriter;
  readonly #words = new DataView(new ArrayBuffer(IPV6_HEADER_LEN));

  constructor(ipv6: Ipv6Addresses, { source, ttl }: ProbeTraits, writePayload: PayloadWriter) {
    this.#ipv6 = ipv6;
    this.#writePayload = writePayload;
    writeIpv6Head(this.#words, 0, PROTOCOL_UDP, 0, ttl);
    ipv6.write(source, this.#words, IPV6_SOURCE);
  }

  write(view: DataView, at: number, destination: number, port: number, sourcePort: number, token: number): number {
    copyWords(this.#words, view, at);
    const udpAt = at + IPV6_HEADER_LEN;
    const length = UDP_HEADER_LEN + this.#writePayload(view, udpAt + UDP_HEADER_LEN, port, sourcePort, token);
    setIpv6FlowLabel(view, at, flowLabelOf(token));
    setIpv6PayloadLen(view, at, length);
    this.#ipv6.write(destination, view, at + IPV6_DESTINATION);
    writeUdp(view, udpAt, sourcePort, port, length, pseudoHeaderSum6(view, at, PROTOCOL_UDP, length));
    return IPV6_HEADER_LEN + length;
  }
}

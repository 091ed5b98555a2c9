// Hot path: nothing here may allocate per packet.
/**
 * TCP segments, datagrams and echo requests over IPv6, and their replies, as bytes. Hosts are numbers here as everywhere: the address book of
 * the scan turns them into the 16 bytes of an address and back, in place.
 *
 * Replies may have extension headers. An ICMPv6 error quotes the whole probe (RFC 4443 section 3.1), so that it carries the token.
 *
 * @module
 */

import { reasonCode } from "../result/reasons.ts";
import { BY_TOKEN, NOT_A_REPLY, type ReplyKind } from "../result/reply_kind.ts";
import { canBeSource6, IPV6_LEN, isSameIpv6 } from "../wire/address6.ts";
import { foldChecksum } from "../wire/checksum.ts";
import { describeIpv6 } from "../wire/describe6.ts";
import {
  checkIcmpv6,
  ICMPV6_ECHO_REPLY,
  ICMPV6_ECHO_REQUEST,
  ICMPV6_HEADER_LEN,
  ICMPV6_QUOTE_OFFSET,
  icmpv6Code,
  icmpv6QuoteLen,
  icmpv6Rest,
  icmpv6Type,
} from "../wire/icmpv6.ts";
import { PROTOCOL_TCP, PROTOCOL_UDP } from "../wire/ipv4.ts";
import {
  checkIpv6,
  checkIpv6Quoted,
  IPV6_DESTINATION,
  IPV6_HEADER_LEN,
  IPV6_SOURCE,
  ipv6FlowLabel,
  ipv6HopLimit,
  Ipv6Payload,
  PROTOCOL_ICMPV6,
  pseudoHeaderSum6,
  upperChecksum,
  writeIpv6Head,
} from "../wire/ipv6.ts";
import { findAdvertisement, NDP_TARGET, SOLICITATION_LEN, writeSolicitation } from "../wire/ndp.ts";
import {
  setTcpChecksum,
  TCP_MIN_HEADER_LEN,
  TCP_PORTS_AND_SEQ_LEN,
  TCP_RST,
  tcpChecksum,
  writeTcp,
} from "../wire/tcp.ts";
import { UDP_HEADER_LEN, udpChecksum, udpLen } from "../wire/udp.ts";
import { ECHO } from "./icmp_probe.ts";
import { icmpv6ErrorKind } from "./icmpv6_errors.ts";
import { replyFilter6 } from "./ipv6_filter.ts";
import { ECHO_LEN, EchoTemplate6, flowLabelOf, SEGMENT_LEN, TcpTemplate6, UdpTemplate6 } from "./ipv6_probes.ts";
import type { IcmpRequest, IpPackets, Ipv6Addresses, PayloadWriter, TcpProbeTraits } from "./packets.ts";
import { readQuotedSegment, readSegment } from "./tcp_probe.ts";
import type { ProbeTemplate, ProbeTraits, Reply, SourcePorts } from "./technique.ts";
import { readDatagram, readQuotedDatagram } from "./udp_headers.ts";

/** In place of the number of a host: none has the address. */
const NO_HOST = -1;
const ECHO_REPLY = reasonCode("echo-reply");

/** The packets of scans over IPv6. */
export class Ipv6Packets implements IpPackets {
  readonly family = 6;
  readonly segmentLen = SEGMENT_LEN;
  readonly maxRequestLen = ECHO_LEN;
  readonly udpHeadersLen = IPV6_HEADER_LEN + UDP_HEADER_LEN;
  readonly solicitationLen = SOLICITATION_LEN;
  readonly describe = describeIpv6;
  readonly #ipv6: Ipv6Addresses;
  /** Numbers of the addresses that probes are sent from, and their bytes one after the other. */
  readonly #sources: readonly number[];
  readonly #sourceBytes: DataView;
  readonly #payload = new Ipv6Payload();
  readonly #quoted = new Ipv6Payload();
  /** The offset of the IP header that the error read last quotes. */
  #quoteAt = 0;

  /** @param sources The numbers of the addresses that probes are sent from. */
  constructor(ipv6: Ipv6Addresses, sources: readonly number[]) {
    this.#ipv6 = ipv6;
    this.#sources = sources;
    this.#sourceBytes = new DataView(new ArrayBuffer(sources.length * IPV6_LEN));
    for (const [i, source] of sources.entries()) ipv6.write(source, this.#sourceBytes, i * IPV6_LEN);
  }

  prepareTcp(traits: TcpProbeTraits): ProbeTemplate {
    return new TcpTemplate6(this.#ipv6, traits);
  }

  prepareRequest(request: IcmpRequest, traits: ProbeTraits): ProbeTemplate {
    if (request !== ECHO) throw new RangeError(`Cannot send ICMP requests of type ${request.type} over IPv6`);
    return new EchoTemplate6(this.#ipv6, traits);
  }

  prepareUdp(traits: ProbeTraits, writePayload: PayloadWriter): ProbeTemplate {
    return new UdpTemplate6(this.#ipv6, traits, writePayload);
  }

  writeRst(
    view: DataView,
    at: number,
    { source, ttl }: ProbeTraits,
    destination: number,
    port: number,
    sourcePort: number,
    seq: number,
  ): void {
    const tcpAt = at + writeIpv6Head(view, at, PROTOCOL_TCP, TCP_MIN_HEADER_LEN, ttl);
    this.#ipv6.write(source, view, at + IPV6_SOURCE);
    this.#ipv6.write(destination, view, at + IPV6_DESTINATION);
    RST.sourcePort = sourcePort;
    RST.destinationPort = port;
    RST.seq = seq;
    writeTcp(view, tcpAt, RST);
    setTcpChecksum(view, tcpAt, 0);
    setTcpChecksum(view, tcpAt, upperChecksum(view, at, tcpAt, TCP_MIN_HEADER_LEN, PROTOCOL_TCP));
  }

  readTcp(view: DataView, at: number, length: number, reply: Reply): ReplyKind {
    reply.kind = NOT_A_REPLY;
    if (!this.#readHeader(view, at, length, reply)) return NOT_A_REPLY;
    const { protocol, at: upperAt, length: upperLen } = this.#payload;
    if (protocol === PROTOCOL_TCP) {
      const kind = readSegment(view, upperAt, upperLen, reply);
      return reply.kind = kind !== NOT_A_REPLY && this.#isFromHost(view, at, reply) ? kind : NOT_A_REPLY;
    }
    if (protocol !== PROTOCOL_ICMPV6) return NOT_A_REPLY;
    const quotedAt = this.#readError(view, at, PROTOCOL_TCP, TCP_PORTS_AND_SEQ_LEN, reply);
    if (quotedAt > 0) readQuotedSegment(view, quotedAt, reply);
    return reply.kind;
  }

  readUdp(view: DataView, at: number, length: number, reply: Reply): ReplyKind {
    reply.kind = NOT_A_REPLY;
    if (!this.#readHeader(view, at, length, reply, true)) return NOT_A_REPLY;
    const { protocol, at: upperAt, length: upperLen, isFirstFragment } = this.#payload;
    if (protocol === PROTOCOL_UDP) {
      if (!this.#isFromHost(view, at, reply)) return NOT_A_REPLY;
      return readDatagram(view, upperAt, upperLen, reply, isFirstFragment);
    }
    if (isFirstFragment || protocol !== PROTOCOL_ICMPV6) return NOT_A_REPLY;
    const quotedAt = this.#readError(view, at, PROTOCOL_UDP, UDP_HEADER_LEN, reply);
    if (quotedAt > 0) readQuotedDatagram(view, quotedAt, reply);
    return reply.kind;
  }

  quoteEnd(): number {
    return this.#quoted.at + this.#quoted.length;
  }

  quotesToken(view: DataView, _reply: Reply, token: number): boolean {
    return ipv6FlowLabel(view, this.#quoteAt) === flowLabelOf(token);
  }

  quotedPseudoSum(view: DataView, _reply: Reply, length: number): number {
    return pseudoHeaderSum6(view, this.#quoteAt, PROTOCOL_UDP, length);
  }

  readIcmp(view: DataView, at: number, length: number, reply: Reply): IcmpRequest | undefined {
    reply.kind = NOT_A_REPLY;
    if (!this.#readHeader(view, at, length, reply) || this.#payload.protocol !== PROTOCOL_ICMPV6) return undefined;
    const { at: icmpAt, length: icmpLen } = this.#payload;
    const needed = ICMPV6_HEADER_LEN + 4;
    if (icmpLen >= needed && icmpv6Type(view, icmpAt) === ICMPV6_ECHO_REPLY) {
      if (icmpv6Code(view, icmpAt) !== 0 || !this.#isFromHost(view, at, reply)) return undefined;
      reply.kind = ECHO_REPLY;
      readEcho(view, icmpAt, reply);
      return ECHO;
    }
    const quotedAt = this.#readError(view, at, PROTOCOL_ICMPV6, needed, reply);
    if (quotedAt === 0) return undefined;
    if (icmpv6Type(view, quotedAt) !== ICMPV6_ECHO_REQUEST) {
      reply.kind = NOT_A_REPLY;
      return undefined;
    }
    readEcho(view, quotedAt, reply);
    return ECHO;
  }

  writeSolicitation(view: DataView, at: number, source: number, host: number): number {
    // The target is written where it belongs, and copied from there.
    const targetAt = at + IPV6_HEADER_LEN + NDP_TARGET;
    this.#ipv6.write(host, view, targetAt);
    const length = writeSolicitation(view, at, view, targetAt);
    this.#ipv6.write(source, view, at + IPV6_SOURCE);
    return length;
  }

  readAdvertisement(view: DataView, at: number, length: number, reply: Reply): boolean {
    reply.kind = NOT_A_REPLY;
    if (!findAdvertisement(view, at, length, this.#payload)) return false;
    const target = this.#ipv6.find(view, this.#payload.at + NDP_TARGET, 0);
    if (target === NO_HOST) return false;
    reply.host = reply.from = target;
    reply.ownAddress = this.#ownNumber(view, at + IPV6_DESTINATION);
    return true;
  }

  isIntact(view: DataView, at: number): boolean {
    const { protocol, at: upperAt, length, isFirstFragment } = this.#payload;
    // Of the first fragment of a datagram nothing can be verified.
    if (isFirstFragment) return true;
    const isUdp = protocol === PROTOCOL_UDP;
    const ownLen = isUdp ? udpLen(view, upperAt) : length;
    // RFC 8200 section 8.1: a datagram without a checksum is discarded.
    if (isUdp && udpChecksum(view, upperAt) === 0) return false;
    if (upperChecksum(view, at, upperAt, ownLen, protocol) === 0) return true;
    if (protocol === PROTOCOL_ICMPV6) return false;
    // A checksum that the sender leaves to hardware arrives as the sum of the pseudo header alone; see `hasRightChecksums`.
    const sent = isUdp ? udpChecksum(view, upperAt) : tcpChecksum(view, upperAt);
    return sent === (foldChecksum(pseudoHeaderSum6(view, at, protocol, ownLen)) ^ 0xffff);
  }

  tcpFilter(ports: SourcePorts): Uint8Array<ArrayBuffer> {
    return replyFilter6(ports, [PROTOCOL_TCP], false);
  }

  udpFilter(ports: SourcePorts): Uint8Array<ArrayBuffer> {
    return replyFilter6(ports, [PROTOCOL_UDP], false);
  }

  pingFilter(ports: SourcePorts): Uint8Array<ArrayBuffer> {
    return replyFilter6(ports, [PROTOCOL_TCP], true);
  }

  /** Reads the header of a packet to one of our addresses; false for any other. */
  #readHeader(view: DataView, at: number, length: number, reply: Reply, takesFirst = false): boolean {
    if (checkIpv6(view, at, length) === 0 || !canBeSource6(view, at + IPV6_SOURCE, at + IPV6_DESTINATION)) return false;
    const own = this.#ownNumber(view, at + IPV6_DESTINATION);
    if (own === NO_HOST || !this.#payload.find(view, at, takesFirst)) return false;
    reply.ownAddress = own;
    reply.ttl = ipv6HopLimit(view, at);
    return true;
  }

  /** Sets the host that a packet comes from; false if it is no target. */
  #isFromHost(view: DataView, at: number, reply: Reply): boolean {
    reply.host = reply.from = this.#ipv6.find(view, at + IPV6_SOURCE, 0);
    return reply.host !== NO_HOST;
  }

  /** Reads an ICMPv6 error about a probe of ours; returns the offset of the quoted header behind IPv6, 0 for none. */
  #readError(view: DataView, at: number, protocol: number, leastLen: number, reply: Reply): number {
    const { at: icmpAt, length } = this.#payload;
    if (checkIcmpv6(view, icmpAt, length) === 0) return 0;
    const kind = icmpv6ErrorKind(icmpv6Type(view, icmpAt), icmpv6Code(view, icmpAt));
    if (kind === NOT_A_REPLY) return 0;
    const quoteAt = icmpAt + ICMPV6_QUOTE_OFFSET;
    const quoteLen = icmpv6QuoteLen(view, icmpAt, length);
    const quoted = this.#quoted;
    if (checkIpv6Quoted(view, quoteAt, quoteLen) === 0 || !quoted.findQuoted(view, quoteAt, quoteLen)) return 0;
    if (quoted.protocol !== protocol || quoted.length < leastLen) return 0;
    const own = this.#ownNumber(view, quoteAt + IPV6_SOURCE);
    const host = this.#ipv6.find(view, quoteAt + IPV6_DESTINATION, 0);
    if (own === NO_HOST || host === NO_HOST) return 0;
    this.#quoteAt = quoteAt;
    reply.kind = kind;
    reply.strength = BY_TOKEN;
    reply.odd = false;
    reply.host = host;
    reply.ownAddress = own;
    reply.from = isSameIpv6(view, at + IPV6_SOURCE, view, quoteAt + IPV6_DESTINATION)
      ? host
      : this.#ipv6.sender(view, at + IPV6_SOURCE, 0);
    return quoted.at;
  }

  /** Returns the number of the address at an offset, if it is one that probes are sent from. */
  #ownNumber(view: DataView, at: number): number {
    for (let i = 0; i < this.#sources.length; i++) {
      if (isSameIpv6(view, at, this.#sourceBytes, i * IPV6_LEN)) return this.#sources[i]!;
    }
    return NO_HOST;
  }
}

/** Reused for each RST, so that nothing is allocated. */
const RST = { sourcePort: 0, destinationPort: 0, seq: 0, ack: 0, flags: TCP_RST, window: 0 };

/** Reads identifier and token of an echo message. */
function readEcho(view: DataView, at: number, reply: Reply): void {
  reply.strength = BY_TOKEN;
  reply.odd = false;
  reply.ownPort = icmpv6Rest(view, at) >>> 16;
  reply.number = reply.token = view.getUint32(at + ICMPV6_HEADER_LEN);
  reply.otherTokenCount = 0;
}

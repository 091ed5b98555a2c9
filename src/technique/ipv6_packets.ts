// Hot path: nothing here may allocate per packet.
/**
 * TCP segments and echo requests over IPv6, and their replies, as bytes. Hosts are numbers here as everywhere: the address book of the scan
 * turns them into the 16 bytes of an address and back, in place.
 *
 * Probes have no extension headers and a flow label of 0, so that routers which balance load by it send all of them the same way. Replies
 * may have extension headers. An ICMPv6 error quotes the whole probe (RFC 4443 section 3.1), so that it carries the token.
 *
 * @module
 */

import { assembleBpf, BPF_VERDICTS, type BpfRow } from "../../ffi/bpf.ts";
import { reasonCode } from "../result/reasons.ts";
import { BY_TOKEN, NOT_A_REPLY, type ReplyKind } from "../result/reply_kind.ts";
import { canBeSource6, IPV6_LEN, isSameIpv6 } from "../wire/address6.ts";
import { foldChecksum, sumWords } from "../wire/checksum.ts";
import { describeIpv6 } from "../wire/describe6.ts";
import {
  checkIcmpv6,
  ICMPV6_DESTINATION_UNREACHABLE,
  ICMPV6_ECHO_REPLY,
  ICMPV6_ECHO_REQUEST,
  ICMPV6_HEADER_LEN,
  ICMPV6_PARAMETER_PROBLEM,
  ICMPV6_QUOTE_OFFSET,
  ICMPV6_TIME_EXCEEDED,
  icmpv6Code,
  icmpv6Rest,
  icmpv6Type,
  setIcmpv6Checksum,
  setIcmpv6Rest,
  writeIcmpv6Head,
} from "../wire/icmpv6.ts";
import { PROTOCOL_TCP } from "../wire/ipv4.ts";
import {
  checkIpv6,
  checkIpv6Quoted,
  IPV6_DESTINATION,
  IPV6_HEADER_LEN,
  IPV6_SOURCE,
  ipv6HopLimit,
  Ipv6Payload,
  isExtension,
  PROTOCOL_ICMPV6,
  pseudoHeaderSum6,
  upperChecksum,
  writeIpv6Head,
} from "../wire/ipv6.ts";
import { findAdvertisement, NDP_TARGET, SOLICITATION_LEN, writeSolicitation } from "../wire/ndp.ts";
import {
  setTcpAck,
  setTcpChecksum,
  setTcpPorts,
  setTcpSeq,
  TCP_ACK,
  TCP_MIN_HEADER_LEN,
  TCP_PORTS_AND_SEQ_LEN,
  TCP_RST,
  tcpChecksum,
  writeTcp,
} from "../wire/tcp.ts";
import { ECHO } from "./icmp_probe.ts";
import { icmpv6ErrorKind } from "./icmpv6_errors.ts";
import type { IcmpRequest, Ipv6Addresses, NeighborPackets, PingPackets, TcpProbeTraits } from "./packets.ts";
import { readQuotedSegment, readSegment, WINDOW } from "./tcp_probe.ts";
import type { ProbeTemplate, ProbeTraits, Reply, SourcePorts } from "./technique.ts";

/** In place of the number of a host: none has the address. */
const NO_HOST = -1;
/** Bytes of a segment without options. */
const SEGMENT_LEN = IPV6_HEADER_LEN + TCP_MIN_HEADER_LEN;
/** Bytes of data of an echo request: the token, and its complement, so that the checksum is that of every token. */
const ECHO_DATA_LEN = 8;
const ECHO_LEN = IPV6_HEADER_LEN + ICMPV6_HEADER_LEN + ECHO_DATA_LEN;
const ECHO_REPLY = reasonCode("echo-reply");
/** The offset of the identifier in an echo message. */
const ECHO_ID = 4;

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
class TcpTemplate6 implements ProbeTemplate {
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
class EchoTemplate6 implements ProbeTemplate {
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

/** The packets of scans over IPv6. */
export class Ipv6Packets implements PingPackets, NeighborPackets {
  readonly family = 6;
  readonly segmentLen = SEGMENT_LEN;
  readonly maxRequestLen = ECHO_LEN;
  readonly solicitationLen = SOLICITATION_LEN;
  readonly describe = describeIpv6;
  readonly #ipv6: Ipv6Addresses;
  /** Numbers of the addresses that probes are sent from, and their bytes one after the other. */
  readonly #sources: readonly number[];
  readonly #sourceBytes: DataView;
  readonly #payload = new Ipv6Payload();
  readonly #quoted = new Ipv6Payload();

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
    const { protocol, at: upperAt, length } = this.#payload;
    if (upperChecksum(view, at, upperAt, length, protocol) === 0) return true;
    // A checksum that the sender leaves to hardware arrives as the sum of the pseudo header alone; see `hasRightChecksums`.
    return protocol === PROTOCOL_TCP &&
      tcpChecksum(view, upperAt) === (foldChecksum(pseudoHeaderSum6(view, at, protocol, length)) ^ 0xffff);
  }

  tcpFilter(ports: SourcePorts): Uint8Array<ArrayBuffer> {
    return filterOf(ports, false);
  }

  pingFilter(ports: SourcePorts): Uint8Array<ArrayBuffer> {
    return filterOf(ports, true);
  }

  /** Reads the header of a packet to one of our addresses; false for any other. */
  #readHeader(view: DataView, at: number, length: number, reply: Reply): boolean {
    if (checkIpv6(view, at, length) === 0 || !canBeSource6(view, at + IPV6_SOURCE, at + IPV6_DESTINATION)) return false;
    const own = this.#ownNumber(view, at + IPV6_DESTINATION);
    if (own === NO_HOST || !this.#payload.find(view, at)) return false;
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
    const quoteLen = length - ICMPV6_QUOTE_OFFSET;
    const quoted = this.#quoted;
    if (checkIpv6Quoted(view, quoteAt, quoteLen) === 0 || !quoted.findQuoted(view, quoteAt, quoteLen)) return 0;
    if (quoted.protocol !== protocol || quoted.length < leastLen) return 0;
    const own = this.#ownNumber(view, quoteAt + IPV6_SOURCE);
    const host = this.#ipv6.find(view, quoteAt + IPV6_DESTINATION, 0);
    if (own === NO_HOST || host === NO_HOST) return 0;
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

/**
 * Assembles a filter that accepts what can be a reply to segments, and to echo requests with `hasEcho`: a segment to one of our ports, an
 * error that quotes a probe from one of them, an echo reply, and all packets with extension headers, which are walked by the reader.
 */
function filterOf(ports: SourcePorts, hasEcho: boolean): Uint8Array<ArrayBuffer> {
  const upperAt = IPV6_HEADER_LEN;
  const quotedAt = upperAt + ICMPV6_QUOTE_OFFSET;
  const isOurs = (at: number): BpfRow[] => [
    ["ldh", at],
    ["jge", ports.first, "next", "reject"],
    ["jgt", ports.first + ports.count - 1, "reject", "ours"],
  ];
  const extensions = Array.from({ length: 256 }, (_, next) => next).filter(isExtension);
  return assembleBpf([
    ["ldb", 0],
    ["and", 0xf0],
    ["jeq", 0x60, "next", "reject"], // version 6
    ["ldb", 6],
    ["jeq", PROTOCOL_TCP, "segment", "next"],
    ["jeq", PROTOCOL_ICMPV6, "icmp", "next"],
    ...extensions.map((next, i): BpfRow => ["jeq", next, "ours", i < extensions.length - 1 ? "next" : "reject"]),

    "segment:",
    ...isOurs(upperAt + 2),

    "icmp:",
    ["ldb", upperAt],
    ["jeq", ICMPV6_DESTINATION_UNREACHABLE, "error", "next"],
    ["jeq", ICMPV6_TIME_EXCEEDED, "error", "next"],
    ["jeq", ICMPV6_PARAMETER_PROBLEM, "error", hasEcho ? "next" : "reject"],
    ...hasEcho ? [["jeq", ICMPV6_ECHO_REPLY, "next", "reject"] as const, ...isOurs(upperAt + ECHO_ID)] : [],

    "error:",
    ["ldb", quotedAt],
    ["and", 0xf0],
    ["jeq", 0x60, "next", "reject"],
    ["ldb", quotedAt + 6],
    ["jeq", PROTOCOL_TCP, "quoted segment", "next"],
    ["jeq", PROTOCOL_ICMPV6, hasEcho ? "quoted echo" : "reject", "next"],
    ...extensions.map((next, i): BpfRow => ["jeq", next, "ours", i < extensions.length - 1 ? "next" : "reject"]),
    "quoted segment:",
    ...isOurs(quotedAt + IPV6_HEADER_LEN),
    ...hasEcho ? ["quoted echo:" as const, ...isOurs(quotedAt + IPV6_HEADER_LEN + ECHO_ID)] : [],
    ...BPF_VERDICTS,
  ]);
}

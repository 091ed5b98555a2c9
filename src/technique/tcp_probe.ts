// Hot path: nothing here may allocate per packet.
/**
 * TCP probes and their replies, as bytes: writes a segment with any flags and the RST that is owed after a SYN-ACK, and reads
 * segments and the ICMP errors that quote one. That a reply is genuine is decided by the engine: here its fields are read.
 *
 * @module
 */

import { reasonCode } from "../result/reasons.ts";
import { BARE_ACK, BY_TOKEN, FIN_ACK, NOT_A_REPLY, type ReplyKind, UNPROVEN } from "../result/reply_kind.ts";
import { foldChecksum, sumWords } from "../wire/checksum.ts";
import {
  IPV4_MIN_HEADER_LEN,
  ipv4Protocol,
  ipv4TotalLen,
  PROTOCOL_ICMP,
  PROTOCOL_TCP,
  pseudoHeaderSum,
  setIpv4Checksum,
  setIpv4Destination,
  setIpv4Id,
  writeIpv4,
} from "../wire/ipv4.ts";
import {
  checkTcp,
  fillTcpChecksum,
  setTcpAck,
  setTcpChecksum,
  setTcpPorts,
  setTcpSeq,
  TCP_ACK,
  TCP_FIN,
  TCP_MIN_HEADER_LEN,
  TCP_PORTS_AND_SEQ_LEN,
  TCP_RST,
  TCP_SYN,
  tcpAck,
  tcpDestinationPort,
  tcpFlags,
  tcpSeq,
  tcpSourcePort,
  tcpWindow,
  writeTcp,
} from "../wire/tcp.ts";
import { hasRightChecksums } from "../wire/integrity.ts";
import { readIcmpError, readIpv4 } from "./ip_reply.ts";
import type { TcpPackets, TcpProbeTraits } from "./packets.ts";
import { replyFilter, withPorts } from "./reply_filter.ts";
import type { ProbeTemplate, ProbeTraits, Reply } from "./technique.ts";

/** Kinds of segment that are replies: a SYN-ACK, a SYN of its own (simultaneous open, RFC 9293 section 3.5), and a RST. */
export const SYN_ACK = reasonCode("syn-ack");
const SYN = reasonCode("split-handshake-syn");
export const RESET = reasonCode("reset");
export const RESET_NO_ACK = reasonCode("reset-no-ack");

/** Bytes of the RST that ends the connection which a SYN-ACK has begun. */
const RST_LEN = IPV4_MIN_HEADER_LEN + TCP_MIN_HEADER_LEN;

/** Window of a probe. No data is ever received; the value is one that small stacks use. */
export const WINDOW = 1024;
/**
 * A TCP segment that is complete but for destination, ports and token. The token is the sequence number; of a segment with ACK
 * it is the acknowledgment number too, which a RST gives back (RFC 9293 section 3.10.7.1), so that errors which quote eight bytes
 * of it carry the token as well.
 */
class TcpTemplate implements ProbeTemplate {
  readonly #length: number;
  readonly #words: DataView;
  readonly #tcpSum: number;
  readonly #ipSum: number;
  /** The number of fields with the token. */
  readonly #tokens: number;

  constructor({ source, ttl, flags, options = new Uint8Array() }: TcpProbeTraits) {
    this.#length = RST_LEN + options.length;
    this.#words = new DataView(new ArrayBuffer(this.#length));
    const totalLen = this.#length;
    const tcpAt = writeIpv4(this.#words, 0, { totalLen, ttl, protocol: PROTOCOL_TCP, source, destination: 0 });
    writeTcp(this.#words, tcpAt, {
      ...{ sourcePort: 0, destinationPort: 0, seq: 0, ack: 0 },
      ...{ flags, window: WINDOW, options },
    });
    setIpv4Checksum(this.#words, 0, 0);
    // Checksums are sums (RFC 1071), so that the part that never changes is added up once.
    this.#ipSum = sumWords(this.#words, 0, IPV4_MIN_HEADER_LEN);
    const tcpLen = this.#length - IPV4_MIN_HEADER_LEN;
    setTcpChecksum(this.#words, tcpAt, 0);
    this.#tcpSum = sumWords(this.#words, tcpAt, tcpLen, pseudoHeaderSum(source, 0, PROTOCOL_TCP, tcpLen));
    this.#tokens = (flags & TCP_ACK) === 0 ? 1 : 2;
  }

  write(view: DataView, at: number, destination: number, port: number, sourcePort: number, token: number): number {
    if (!holds(view, at, this.#words)) this.#copy(view, at);
    const tcpAt = at + IPV4_MIN_HEADER_LEN;
    const id = (token >>> 16) | 1; // Never 0: the kernel would replace it.
    setIpv4Id(view, at, id);
    setIpv4Destination(view, at, destination);
    const destinationSum = (destination >>> 16) + (destination & 0xffff);
    setIpv4Checksum(view, at, foldChecksum(this.#ipSum + id + destinationSum));
    setTcpPorts(view, tcpAt, sourcePort, port);
    setTcpSeq(view, tcpAt, token);
    const tokens = this.#tokens;
    if (tokens > 1) setTcpAck(view, tcpAt, token);
    const tokenSum = ((token >>> 16) + (token & 0xffff)) * tokens;
    setTcpChecksum(view, tcpAt, foldChecksum(this.#tcpSum + destinationSum + sourcePort + port + tokenSum));
    return this.#length;
  }

  /** Copies bytes as they are, in the order in which most machines take them: nothing has to be turned round. */
  #copy(view: DataView, at: number): void {
    for (let i = 0; i < this.#length; i += 4) view.setUint32(at + i, this.#words.getUint32(i, true), true);
  }
}

/**
 * Returns true if a slot holds an earlier probe of a template, so that only the fields that differ are missing. No other packet has its
 * time to live and protocol, source, and header length, flags and window.
 */
function holds(view: DataView, at: number, words: DataView): boolean {
  return view.getUint16(at + 8, true) === words.getUint16(8, true) &&
    view.getUint32(at + 12, true) === words.getUint32(12, true) &&
    view.getUint32(at + 32, true) === words.getUint32(32, true);
}

/** Writes the RST of {@linkcode RST_LEN} bytes that answers a SYN-ACK acknowledging `seq` (RFC 9293 section 3.10.7.3). */
function writeRst(
  view: DataView,
  at: number,
  traits: ProbeTraits,
  destination: number,
  port: number,
  sourcePort: number,
  seq: number,
): void {
  RST_IP.ttl = traits.ttl;
  RST_IP.source = traits.source;
  RST_IP.destination = destination;
  const tcpAt = at + writeIpv4(view, at, RST_IP);
  RST_TCP.sourcePort = sourcePort;
  RST_TCP.destinationPort = port;
  RST_TCP.seq = seq;
  writeTcp(view, tcpAt, RST_TCP);
  fillTcpChecksum(view, tcpAt, TCP_MIN_HEADER_LEN, traits.source, destination);
}

/** Reused for each RST, so that nothing is allocated. */
const RST_IP = { totalLen: RST_LEN, ttl: 64, protocol: PROTOCOL_TCP, source: 0, destination: 0 };
const RST_TCP = { sourcePort: 0, destinationPort: 0, seq: 0, ack: 0, flags: TCP_RST, window: 0 };

/**
 * Reads a received packet; returns the kind of reply over TCP that it is. Every length is checked before a field is read, and the
 * checksums are not.
 */
function readTcp(view: DataView, at: number, length: number, reply: Reply): ReplyKind {
  const headerLen = readIpv4(view, at, length, reply);
  if (headerLen === 0) return reply.kind = NOT_A_REPLY;
  const payloadAt = at + headerLen;
  const payloadLen = ipv4TotalLen(view, at) - headerLen;
  const protocol = ipv4Protocol(view, at);
  if (protocol === PROTOCOL_TCP) return reply.kind = readSegment(view, payloadAt, payloadLen, reply);
  if (protocol === PROTOCOL_ICMP) return reply.kind = readError(view, payloadAt, payloadLen, reply);
  return reply.kind = NOT_A_REPLY;
}

/** Reads a segment of `reply.from`, behind its IP header; returns the kind of reply that it is. */
export function readSegment(view: DataView, at: number, length: number, reply: Reply): ReplyKind {
  if (checkTcp(view, at, length) === 0) return NOT_A_REPLY;
  const flags = tcpFlags(view, at);
  const kind = KINDS[flags]!;
  reply.segmentAt = at;
  reply.strength = kind === SYN ? UNPROVEN : BY_TOKEN;
  reply.host = reply.from;
  reply.port = tcpSourcePort(view, at);
  reply.ownPort = tcpDestinationPort(view, at);
  reply.number = tcpAck(view, at);
  reply.seq = tcpSeq(view, at);
  // A RST without a window is the rule, a SYN-ACK without one is not.
  reply.odd = (flags & TCP_RST) !== 0 ? tcpWindow(view, at) !== 0 : kind === SYN_ACK && tcpWindow(view, at) === 0;
  return kind;
}

/** The kind of a segment, by its flags. */
const KINDS = Uint8Array.from({ length: 256 }, (_, flags) => {
  const hasAck = (flags & TCP_ACK) !== 0;
  const hasSyn = (flags & TCP_SYN) !== 0;
  const hasFin = (flags & TCP_FIN) !== 0;
  if ((flags & TCP_RST) !== 0) return hasSyn ? NOT_A_REPLY : hasAck ? RESET : RESET_NO_ACK;
  if (hasSyn) return hasFin ? NOT_A_REPLY : hasAck ? SYN_ACK : SYN;
  return !hasAck ? NOT_A_REPLY : hasFin ? FIN_ACK : BARE_ACK;
});

/** Reads an ICMP error through the header it quotes: of TCP, routers need to quote no more than ports and sequence number. */
function readError(view: DataView, at: number, length: number, reply: Reply): ReplyKind {
  const tcpAt = readIcmpError(view, at, length, PROTOCOL_TCP, TCP_PORTS_AND_SEQ_LEN, reply);
  if (tcpAt === 0) return NOT_A_REPLY;
  readQuotedSegment(view, tcpAt, reply);
  return reply.kind;
}

/** Reads the first {@linkcode TCP_PORTS_AND_SEQ_LEN} bytes of a probe that an error quotes. */
export function readQuotedSegment(view: DataView, at: number, reply: Reply): void {
  reply.port = tcpDestinationPort(view, at);
  reply.ownPort = tcpSourcePort(view, at);
  reply.number = tcpSeq(view, at);
}

/** TCP over IPv4. */
export const TCP_OVER_IPV4: TcpPackets = {
  family: 4,
  segmentLen: RST_LEN,
  prepareTcp: (traits) => new TcpTemplate(traits),
  writeRst,
  readTcp,
  isIntact: hasRightChecksums,
  tcpFilter: (ports) => replyFilter([withPorts(PROTOCOL_TCP, ports)]),
};

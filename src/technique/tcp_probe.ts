// Hot path: nothing here may allocate per packet.
/**
 * TCP probes and their replies, as bytes: writes a segment with any flags and the RST that is owed after a SYN-ACK, and reads
 * segments and the ICMP errors that quote one. That a reply is genuine is decided by the engine: here its fields are read.
 *
 * @module
 */

import {
  NOT_A_REPLY,
  type ProbeTemplate,
  type ProbeTraits,
  type Reply,
  REPLY_ACK,
  REPLY_FIN_ACK,
  REPLY_ICMP,
  REPLY_RST,
  REPLY_RST_NO_ACK,
  REPLY_SYN,
  REPLY_SYN_ACK,
} from "./technique.ts";
import { foldChecksum, sumWords } from "../wire/checksum.ts";
import {
  checkIcmpv4,
  ICMP_ADMIN_PROHIBITED,
  ICMP_DESTINATION_UNREACHABLE,
  ICMP_HOST_PROHIBITED,
  ICMP_HOST_UNREACHABLE,
  ICMP_NET_PROHIBITED,
  ICMP_NET_UNREACHABLE,
  ICMP_PORT_UNREACHABLE,
  ICMP_PROTOCOL_UNREACHABLE,
  ICMP_TIME_EXCEEDED,
  ICMPV4_QUOTE_OFFSET,
  icmpv4Code,
  icmpv4Type,
} from "../wire/icmpv4.ts";
import {
  checkIpv4,
  checkIpv4Quoted,
  IPV4_MIN_HEADER_LEN,
  ipv4Destination,
  ipv4FragmentOffset,
  ipv4IsFragment,
  ipv4Protocol,
  ipv4Source,
  ipv4TotalLen,
  ipv4Ttl,
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
  setTcpDestinationPort,
  setTcpSeq,
  setTcpSourcePort,
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

/** Bytes of the RST that ends the connection which a SYN-ACK has begun. */
export const RST_LEN = IPV4_MIN_HEADER_LEN + TCP_MIN_HEADER_LEN;

/** Window of a probe. No data is ever received; the value is one that small stacks use. */
const WINDOW = 1024;
/** The constant part of a TCP probe. */
export interface TcpProbeTraits extends ProbeTraits {
  /** TCP flags. */
  readonly flags: number;
  /** TCP options, padded to words. */
  readonly options?: Uint8Array;
}

/**
 * A TCP segment that is complete but for destination, ports and token. The token is the sequence number; of a segment with ACK
 * it is the acknowledgment number too, which a RST gives back (RFC 9293 section 3.10.7.1), so that errors which quote eight bytes
 * of it carry the token as well.
 */
export class TcpTemplate implements ProbeTemplate {
  readonly length: number;
  readonly #words: DataView;
  readonly #tcpSum: number;
  readonly #ipSum: number;
  readonly #fillIpChecksum: boolean;
  readonly #hasAck: boolean;

  constructor({ source, ttl, fillIpChecksum, flags, options = new Uint8Array() }: TcpProbeTraits) {
    this.length = IPV4_MIN_HEADER_LEN + TCP_MIN_HEADER_LEN + options.length;
    this.#words = new DataView(new ArrayBuffer(this.length));
    const totalLen = this.length;
    const tcpAt = writeIpv4(this.#words, 0, { totalLen, ttl, protocol: PROTOCOL_TCP, source, destination: 0 });
    writeTcp(this.#words, tcpAt, {
      ...{ sourcePort: 0, destinationPort: 0, seq: 0, ack: 0 },
      ...{ flags, window: WINDOW, options },
    });
    setIpv4Checksum(this.#words, 0, 0);
    // Checksums are sums (RFC 1071), so that the part that never changes is added up once.
    this.#ipSum = sumWords(this.#words, 0, IPV4_MIN_HEADER_LEN);
    const tcpLen = this.length - IPV4_MIN_HEADER_LEN;
    setTcpChecksum(this.#words, tcpAt, 0);
    this.#tcpSum = sumWords(this.#words, tcpAt, tcpLen, pseudoHeaderSum(source, 0, PROTOCOL_TCP, tcpLen));
    this.#fillIpChecksum = fillIpChecksum;
    this.#hasAck = (flags & TCP_ACK) !== 0;
  }

  write(view: DataView, at: number, destination: number, port: number, sourcePort: number, token: number): void {
    if (!this.#isIn(view, at)) this.#copy(view, at);
    const tcpAt = at + IPV4_MIN_HEADER_LEN;
    const id = (token >>> 16) | 1; // Never 0: the kernel would replace it.
    setIpv4Id(view, at, id);
    setIpv4Destination(view, at, destination);
    const destinationSum = (destination >>> 16) + (destination & 0xffff);
    if (this.#fillIpChecksum) setIpv4Checksum(view, at, foldChecksum(this.#ipSum + id + destinationSum));
    setTcpSourcePort(view, tcpAt, sourcePort);
    setTcpDestinationPort(view, tcpAt, port);
    setTcpSeq(view, tcpAt, token);
    let tokenSum = (token >>> 16) + (token & 0xffff);
    if (this.#hasAck) {
      setTcpAck(view, tcpAt, token);
      tokenSum *= 2;
    }
    setTcpChecksum(view, tcpAt, foldChecksum(this.#tcpSum + destinationSum + sourcePort + port + tokenSum));
  }

  /**
   * Returns true if a slot holds an earlier probe of this template, so that only the fields that differ are missing. No other packet has its
   * length, source, time to live and flags.
   */
  #isIn(view: DataView, at: number): boolean {
    const words = this.#words;
    return view.getUint32(at, true) === words.getUint32(0, true) &&
      view.getUint16(at + 8, true) === words.getUint16(8, true) &&
      view.getUint32(at + 12, true) === words.getUint32(12, true) &&
      view.getUint32(at + 32, true) === words.getUint32(32, true);
  }

  /** Copies bytes as they are, in the order in which most machines take them: nothing has to be turned round. */
  #copy(view: DataView, at: number): void {
    for (let i = 0; i < this.length; i += 4) view.setUint32(at + i, this.#words.getUint32(i, true), true);
  }
}

/** Writes the RST of {@linkcode RST_LEN} bytes that answers a SYN-ACK acknowledging `seq` (RFC 9293 section 3.10.7.3). */
export function writeRst(
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

/** Reads back a probe with these flags that {@linkcode TcpTemplate} wrote; false for another packet. */
export function readProbe(view: DataView, at: number, flags: number, reply: Reply): boolean {
  const tcpAt = at + IPV4_MIN_HEADER_LEN;
  if (tcpFlags(view, tcpAt) !== flags) return false;
  reply.host = ipv4Destination(view, at);
  reply.port = tcpDestinationPort(view, tcpAt);
  reply.ownPort = tcpSourcePort(view, tcpAt);
  reply.number = tcpSeq(view, tcpAt);
  return true;
}

/** The ICMP errors that mean something to a scan, as `type << 8 | code`; of time exceeded every code. */
export const ICMP_KINDS: readonly number[] = [
  ICMP_DESTINATION_UNREACHABLE << 8 | ICMP_NET_UNREACHABLE,
  ICMP_DESTINATION_UNREACHABLE << 8 | ICMP_HOST_UNREACHABLE,
  ICMP_DESTINATION_UNREACHABLE << 8 | ICMP_PROTOCOL_UNREACHABLE,
  ICMP_DESTINATION_UNREACHABLE << 8 | ICMP_PORT_UNREACHABLE,
  ICMP_DESTINATION_UNREACHABLE << 8 | ICMP_NET_PROHIBITED,
  ICMP_DESTINATION_UNREACHABLE << 8 | ICMP_HOST_PROHIBITED,
  ICMP_DESTINATION_UNREACHABLE << 8 | ICMP_ADMIN_PROHIBITED,
  ICMP_TIME_EXCEEDED << 8,
];

/**
 * Reads a received packet. Every length is checked before a field is read; whatever cannot be a reply is
 * {@linkcode NOT_A_REPLY}.
 */
export function readReply(view: DataView, at: number, length: number, reply: Reply): void {
  reply.kind = NOT_A_REPLY;
  const headerLen = checkIpv4(view, at, length);
  if (headerLen === 0) return;
  const payloadAt = at + headerLen;
  const payloadLen = ipv4TotalLen(view, at) - headerLen;
  reply.ttl = ipv4Ttl(view, at);
  reply.from = ipv4Source(view, at);
  const protocol = ipv4Protocol(view, at);
  if (ipv4IsFragment(view, at)) return;
  if (protocol === PROTOCOL_TCP) readTcpReply(view, at, payloadAt, payloadLen, reply);
  else if (protocol === PROTOCOL_ICMP) readIcmpReply(view, payloadAt, payloadLen, reply);
}

function readTcpReply(view: DataView, ipAt: number, at: number, length: number, reply: Reply): void {
  const headerLen = checkTcp(view, at, length);
  if (headerLen === 0) return;
  const flags = tcpFlags(view, at);
  const hasAck = (flags & TCP_ACK) !== 0;
  const hasSyn = (flags & TCP_SYN) !== 0;
  const hasFin = (flags & TCP_FIN) !== 0;
  if ((flags & TCP_RST) !== 0) {
    if (hasSyn) return;
    reply.kind = hasAck ? REPLY_RST : REPLY_RST_NO_ACK;
  } else if (hasSyn) {
    if (hasFin) return;
    reply.kind = hasAck ? REPLY_SYN_ACK : REPLY_SYN;
  } else if (hasAck) {
    reply.kind = hasFin ? REPLY_FIN_ACK : REPLY_ACK;
  } else {
    return;
  }
  reply.host = reply.from;
  reply.port = tcpSourcePort(view, at);
  reply.ownAddress = ipv4Destination(view, ipAt);
  reply.ownPort = tcpDestinationPort(view, at);
  reply.number = tcpAck(view, at);
  reply.seq = tcpSeq(view, at);
  const isRst = reply.kind === REPLY_RST || reply.kind === REPLY_RST_NO_ACK;
  reply.odd = isRst ? tcpWindow(view, at) !== 0 : reply.kind === REPLY_SYN_ACK && tcpWindow(view, at) === 0;
}

/** Reads an ICMP error through the header it quotes: of TCP, routers need to quote no more than ports and sequence number. */
function readIcmpReply(view: DataView, at: number, length: number, reply: Reply): void {
  const headerLen = checkIcmpv4(view, at, length);
  if (headerLen === 0) return;
  const type = icmpv4Type(view, at);
  const kind = ICMP_KINDS.indexOf(type << 8 | (type === ICMP_TIME_EXCEEDED ? 0 : icmpv4Code(view, at)));
  if (kind < 0) return;
  const quoteAt = at + ICMPV4_QUOTE_OFFSET;
  const quoteLen = length - ICMPV4_QUOTE_OFFSET;
  const quotedHeaderLen = checkIpv4Quoted(view, quoteAt, quoteLen);
  if (quotedHeaderLen === 0 || quoteLen - quotedHeaderLen < TCP_PORTS_AND_SEQ_LEN) return;
  if (ipv4Protocol(view, quoteAt) !== PROTOCOL_TCP || ipv4FragmentOffset(view, quoteAt) !== 0) return;
  const tcpAt = quoteAt + quotedHeaderLen;
  reply.kind = REPLY_ICMP;
  reply.icmpKind = kind;
  reply.host = ipv4Destination(view, quoteAt);
  reply.port = tcpDestinationPort(view, tcpAt);
  reply.ownAddress = ipv4Source(view, quoteAt);
  reply.ownPort = tcpSourcePort(view, tcpAt);
  reply.number = tcpSeq(view, tcpAt);
  reply.odd = false;
}

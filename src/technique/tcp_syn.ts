// Hot path: nothing here may allocate per packet.
/**
 * The SYN probe: what to send (a SYN with an MSS, and a RST where it was accepted) and how to read what comes back. Whether
 * an answer is genuine is for the engine to say: here its token is only found.
 *
 * @module
 */

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
  mssOption,
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

/** Octets of a probe: an IPv4 header, a TCP header, and the MSS option, without which some hosts do not answer. */
export const SYN_LEN = IPV4_MIN_HEADER_LEN + TCP_MIN_HEADER_LEN + 4;
/** Octets of the packet that ends what a SYN-ACK has begun. */
export const RST_LEN = IPV4_MIN_HEADER_LEN + TCP_MIN_HEADER_LEN;

/** Window of a probe. No data is ever received; the value is one that small stacks use. */
const WINDOW = 1024;
/** MSS of a probe: Ethernet's MTU less both headers (RFC 9293 section 3.7.1). */
const MSS = 1460;

/** How a probe is built. */
export interface SynTraits {
  /** Address to send from. */
  readonly source: number;
  /** Time to live, 1-255. */
  readonly ttl: number;
  /** True where nobody else fills in the checksum of the IPv4 header. */
  readonly fillIpChecksum: boolean;
}

/** A SYN made ready but for destination, ports and sequence number. */
export class SynTemplate {
  readonly #words = new DataView(new ArrayBuffer(SYN_LEN));
  readonly #tcpSum: number;
  readonly #ipSum: number;
  readonly #fillIpChecksum: boolean;

  constructor(traits: SynTraits) {
    const tcpAt = writeIpv4(this.#words, 0, {
      totalLen: SYN_LEN,
      ttl: traits.ttl,
      protocol: PROTOCOL_TCP,
      source: traits.source,
      destination: 0,
    });
    writeTcp(this.#words, tcpAt, {
      sourcePort: 0,
      destinationPort: 0,
      seq: 0,
      ack: 0,
      flags: TCP_SYN,
      window: WINDOW,
      options: mssOption(MSS),
    });
    setIpv4Checksum(this.#words, 0, 0);
    // Checksums are sums (RFC 1071), so that the part that never changes is added up once.
    this.#ipSum = sumWords(this.#words, 0, IPV4_MIN_HEADER_LEN);
    const tcpLen = SYN_LEN - IPV4_MIN_HEADER_LEN;
    setTcpChecksum(this.#words, tcpAt, 0);
    this.#tcpSum = sumWords(this.#words, tcpAt, tcpLen, pseudoHeaderSum(traits.source, 0, PROTOCOL_TCP, tcpLen));
    this.#fillIpChecksum = traits.fillIpChecksum;
  }

  /** Writes a probe of {@linkcode SYN_LEN} octets. */
  write(view: DataView, at: number, destination: number, port: number, sourcePort: number, seq: number): void {
    if (!this.#isIn(view, at)) this.#copy(view, at);
    const tcpAt = at + IPV4_MIN_HEADER_LEN;
    const id = (seq >>> 16) | 1; // Never 0: the kernel would replace it.
    setIpv4Id(view, at, id);
    setIpv4Destination(view, at, destination);
    const destinationSum = (destination >>> 16) + (destination & 0xffff);
    if (this.#fillIpChecksum) setIpv4Checksum(view, at, foldChecksum(this.#ipSum + id + destinationSum));
    setTcpSourcePort(view, tcpAt, sourcePort);
    setTcpDestinationPort(view, tcpAt, port);
    setTcpSeq(view, tcpAt, seq);
    const sum = this.#tcpSum + destinationSum + sourcePort + port + (seq >>> 16) + (seq & 0xffff);
    setTcpChecksum(view, tcpAt, foldChecksum(sum));
  }

  /**
   * Whether a slot holds an earlier probe of this template, so that all but what differs is there. No other packet has its
   * length, source, time to live and flags.
   */
  #isIn(view: DataView, at: number): boolean {
    const words = this.#words;
    return view.getUint32(at, true) === words.getUint32(0, true) &&
      view.getUint16(at + 8, true) === words.getUint16(8, true) &&
      view.getUint32(at + 12, true) === words.getUint32(12, true) &&
      view.getUint32(at + 32, true) === words.getUint32(32, true);
  }

  /** Octets as they are, in the order in which most machines take them: nothing has to be turned round. */
  #copy(view: DataView, at: number): void {
    for (let i = 0; i < SYN_LEN; i += 4) view.setUint32(at + i, this.#words.getUint32(i, true), true);
  }
}

/** Writes the RST of {@linkcode RST_LEN} octets that answers a SYN-ACK acknowledging `seq` (RFC 9293 section 3.10.7.3). */
export function writeRst(
  view: DataView,
  at: number,
  traits: SynTraits,
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

/** Filled in anew for each RST, so that none is allocated. */
const RST_IP = { totalLen: RST_LEN, ttl: 64, protocol: PROTOCOL_TCP, source: 0, destination: 0 };
const RST_TCP = { sourcePort: 0, destinationPort: 0, seq: 0, ack: 0, flags: TCP_RST, window: 0 };

/** Reads back a probe that {@linkcode SynTemplate} wrote: whom it asks, from which port, with which sequence number. */
export function readSyn(view: DataView, at: number, reply: Reply): void {
  const tcpAt = at + IPV4_MIN_HEADER_LEN;
  reply.host = ipv4Destination(view, at);
  reply.port = tcpDestinationPort(view, tcpAt);
  reply.ownPort = tcpSourcePort(view, tcpAt);
  reply.number = tcpSeq(view, tcpAt);
}

/** Kinds of reply. */
export const NOT_A_REPLY = 0;
/** A SYN with an ACK. */
export const REPLY_SYN_ACK = 1;
/** A SYN without an ACK. */
export const REPLY_SYN = 2;
/** A RST. */
export const REPLY_RST = 3;
/** An ICMP error; `icmpKind` says which. */
export const REPLY_ICMP = 4;
/** A RST without ACK, which a TCP that has sent a SYN drops (RFC 9293 section 3.10.7.3). */
export const REPLY_RST_NO_ACK = 5;
/** An ACK with FIN. */
export const REPLY_FIN_ACK = 6;
/** An ACK with no other flag that matters. */
export const REPLY_ACK = 7;

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

/** What a received packet says, read into place. */
export class Reply {
  /** {@linkcode NOT_A_REPLY} or one of the kinds above. */
  kind: number = NOT_A_REPLY;
  /** Index in {@linkcode ICMP_KINDS}, where the kind is {@linkcode REPLY_ICMP}. */
  icmpKind = 0;
  /** The host that was asked. */
  host = 0;
  /** The port that was asked. */
  port = 0;
  /** The address that asked. */
  ownAddress = 0;
  /** The port that asked. */
  ownPort = 0;
  /** What the packet acknowledges (SYN-ACK, RST), or the sequence number of the probe (ICMP). */
  number = 0;
  /** Time to live as received. */
  ttl = 0;
  /** Who sent the packet. */
  from = 0;
  /**
   * True for a SYN-ACK with window 0: SYN proxies send it, for they take no data before the server does. True for a RST with
   * a window, as user-mode stacks send it: a kernel sets 0.
   */
  odd = false;
}

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

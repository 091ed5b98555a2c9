// Hot path: nothing here may allocate per packet.
/**
 * Datagrams over IPv4, and their replies, as bytes. A probe has 15 bits of its token in the identification of its IP header, which errors
 * quote.
 *
 * @module
 */

import { NOT_A_REPLY, type ReplyKind } from "../result/reply_kind.ts";
import { foldChecksum, sumWords } from "../wire/checksum.ts";
import { ICMPV4_QUOTE_OFFSET, icmpv4QuoteLen } from "../wire/icmpv4.ts";
import { hasRightChecksums } from "../wire/integrity.ts";
import {
  IPV4_MIN_HEADER_LEN,
  ipv4HeaderLen,
  ipv4Id,
  ipv4MoreFragments,
  ipv4Protocol,
  ipv4TotalLen,
  PROTOCOL_ICMP,
  PROTOCOL_UDP,
  pseudoHeaderSum,
  setIpv4Checksum,
  setIpv4Destination,
  setIpv4Id,
  setIpv4TotalLen,
  writeIpv4,
} from "../wire/ipv4.ts";
import { UDP_HEADER_LEN, writeUdp } from "../wire/udp.ts";
import { readIcmpError, readIpv4 } from "./ip_reply.ts";
import type { PayloadWriter, UdpPackets } from "./packets.ts";
import { replyFilter, withPorts } from "./reply_filter.ts";
import type { ProbeTemplate, ProbeTraits, Reply } from "./technique.ts";
import { readDatagram, readQuotedDatagram } from "./udp_headers.ts";

/** A datagram that is complete but for destination, ports and payload. */
class UdpTemplate implements ProbeTemplate {
  readonly #writePayload: PayloadWriter;
  readonly #source: number;
  readonly #header = new DataView(new ArrayBuffer(IPV4_MIN_HEADER_LEN));
  readonly #ipSum: number;

  constructor({ source, ttl }: ProbeTraits, writePayload: PayloadWriter) {
    this.#writePayload = writePayload;
    this.#source = source;
    writeIpv4(this.#header, 0, { totalLen: 0, ttl, protocol: PROTOCOL_UDP, source, destination: 0 });
    setIpv4Checksum(this.#header, 0, 0);
    this.#ipSum = sumWords(this.#header, 0, IPV4_MIN_HEADER_LEN);
  }

  write(view: DataView, at: number, destination: number, port: number, sourcePort: number, token: number): number {
    for (let i = 0; i < IPV4_MIN_HEADER_LEN; i += 4) view.setUint32(at + i, this.#header.getUint32(i));
    const udpAt = at + IPV4_MIN_HEADER_LEN;
    const length = UDP_HEADER_LEN + this.#writePayload(view, udpAt + UDP_HEADER_LEN, port, sourcePort, token);
    const totalLen = IPV4_MIN_HEADER_LEN + length;
    const id = idOf(token);
    setIpv4TotalLen(view, at, totalLen);
    setIpv4Id(view, at, id);
    setIpv4Destination(view, at, destination);
    const destinationSum = (destination >>> 16) + (destination & 0xffff);
    setIpv4Checksum(view, at, foldChecksum(this.#ipSum + totalLen + id + destinationSum));
    writeUdp(view, udpAt, sourcePort, port, length, pseudoHeaderSum(this.#source, destination, PROTOCOL_UDP, length));
    return totalLen;
  }
}

/** The identification of a probe, which is never 0: the kernel would replace that. */
function idOf(token: number): number {
  return token >>> 16 | 1;
}

function readUdp(view: DataView, at: number, length: number, reply: Reply): ReplyKind {
  reply.kind = NOT_A_REPLY;
  const headerLen = readIpv4(view, at, length, reply, true);
  if (headerLen === 0) return NOT_A_REPLY;
  const isFirst = ipv4MoreFragments(view, at);
  const behind = at + headerLen;
  const behindLen = ipv4TotalLen(view, at) - headerLen;
  if (ipv4Protocol(view, at) === PROTOCOL_UDP) return readDatagram(view, behind, behindLen, reply, isFirst);
  if (isFirst || ipv4Protocol(view, at) !== PROTOCOL_ICMP) return NOT_A_REPLY;
  const quotedAt = readIcmpError(view, behind, behindLen, PROTOCOL_UDP, UDP_HEADER_LEN, reply);
  if (quotedAt > 0) readQuotedDatagram(view, quotedAt, reply);
  return reply.kind;
}

/** UDP over IPv4. */
export const UDP_OVER_IPV4: UdpPackets = {
  family: 4,
  udpHeadersLen: IPV4_MIN_HEADER_LEN + UDP_HEADER_LEN,
  prepareUdp: (traits, writePayload) => new UdpTemplate(traits, writePayload),
  readUdp,
  quoteEnd: (view, at) => {
    const icmpAt = at + ipv4HeaderLen(view, at);
    const quoteAt = icmpAt + ICMPV4_QUOTE_OFFSET;
    return quoteAt + icmpv4QuoteLen(view, icmpAt, at + ipv4TotalLen(view, at) - icmpAt);
  },
  // The header before the quoted one is the IP header of the probe, which has no options.
  quotesToken: (view, { number }, token) => ipv4Id(view, number - IPV4_MIN_HEADER_LEN) === idOf(token),
  quotedPseudoSum: (_view, { ownAddress, host }, length) => pseudoHeaderSum(ownAddress, host, PROTOCOL_UDP, length),
  isIntact: hasRightChecksums,
  udpFilter: (ports) => replyFilter([withPorts(PROTOCOL_UDP, ports)]),
};

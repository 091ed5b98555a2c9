/**
 * The packets of simulated hosts and routers over each version of IP, by the scanner's own codecs. A host is a number of 32 bits: over IPv4
 * its address, over IPv6 the last 32 bits of one in 2001:db8::/96.
 *
 * @module
 */

import { type AddressBook, IPV4_BOOK } from "../../src/target/address_book.ts";
import { DualBook } from "../../src/target/ipv6_book.ts";
import { FIRST_SENDER, SENDERS_LEN } from "../../src/target/ipv6_senders.ts";
import { Ipv6Packets } from "../../src/technique/ipv6_packets.ts";
import type { Technique } from "../../src/technique/technique.ts";
import { techniqueOver } from "../../src/technique/techniques.ts";
import { ipv6Numbers } from "../../src/transport/ipv6_numbers.ts";
import { formatIpv6 } from "../../src/wire/address6.ts";
import {
  ICMP_DESTINATION_UNREACHABLE,
  ICMP_TIME_EXCEEDED,
  ICMPV4_HEADER_LEN,
  ICMPV4_QUOTE_OFFSET,
  writeIcmpv4,
} from "../../src/wire/icmpv4.ts";
import {
  ICMPV6_DESTINATION_UNREACHABLE,
  ICMPV6_HEADER_LEN,
  ICMPV6_TIME_EXCEEDED,
  writeIcmpv6,
} from "../../src/wire/icmpv6.ts";
import { hasRightChecksums } from "../../src/wire/integrity.ts";
import {
  IPV4_MIN_HEADER_LEN,
  ipv4Destination,
  ipv4Source,
  ipv4Ttl,
  PROTOCOL_ICMP,
  PROTOCOL_TCP,
  writeIpv4,
} from "../../src/wire/ipv4.ts";
import {
  IPV6_DESTINATION,
  IPV6_HEADER_LEN,
  IPV6_SOURCE,
  ipv6HopLimit,
  ipv6PayloadLen,
  PROTOCOL_ICMPV6,
  upperChecksum,
  writeIpv6Head,
} from "../../src/wire/ipv6.ts";
import {
  fillTcpChecksum,
  setTcpChecksum,
  setTcpPorts,
  setTcpSeq,
  TCP_MIN_HEADER_LEN,
  type TcpFields,
  writeTcp,
} from "../../src/wire/tcp.ts";

/** A version of IP. */
export type Family = 4 | 6;

/** The ends of a packet, by their numbers. */
interface Ends {
  readonly from: number;
  readonly to: number;
  /** Time to live, or hop limit. */
  readonly ttl: number;
  /** IPv4 only. */
  readonly dontFragment?: boolean;
}

/** The fields of a probe that an error quotes. */
export interface QuotedProbe {
  readonly host: number;
  readonly port: number;
  readonly own: number;
  readonly ownPort: number;
  readonly seq: number;
}

/** In place of the code of a destination unreachable: the time to live is over. */
export const TIME_IS_OVER = -1;

/** The packets of one version of IP. */
export interface SimIp {
  readonly headerLen: number;
  source(view: DataView, at: number): number;
  destination(view: DataView, at: number): number;
  ttl(view: DataView, at: number): number;
  /** True where the checksums of a segment are right. */
  isIntact(view: DataView, at: number): boolean;
  /** Writes a segment at offset 0; returns the length of its packet. */
  writeTcp(view: DataView, ends: Ends, fields: TcpFields): number;
  /** Writes an error at offset 0; `code` is one of ICMP's destination unreachable, or {@linkcode TIME_IS_OVER}. Returns its length. */
  writeError(view: DataView, from: number, probe: QuotedProbe, code: number): number;
}

/** Writes a probe's ports and sequence number. */
function writeQuoted(view: DataView, at: number, { ownPort, port, seq }: QuotedProbe): void {
  setTcpPorts(view, at, ownPort, port);
  setTcpSeq(view, at, seq);
}

/** The time to live of errors, as it arrives. */
const ERROR_TTL = 61;
/** Bytes that errors quote: over IPv4 no more than RFC 792 asks, over IPv6 the whole segment. */
const QUOTE4_LEN = IPV4_MIN_HEADER_LEN + 8;
const QUOTE6_LEN = IPV6_HEADER_LEN + TCP_MIN_HEADER_LEN;

const IP4: SimIp = {
  headerLen: IPV4_MIN_HEADER_LEN,
  source: ipv4Source,
  destination: ipv4Destination,
  ttl: ipv4Ttl,
  isIntact: hasRightChecksums,
  writeTcp(view, { from, to, ttl, dontFragment = false }, fields) {
    const tcpLen = TCP_MIN_HEADER_LEN + (fields.options?.length ?? 0);
    const totalLen = IPV4_MIN_HEADER_LEN + tcpLen;
    const ip = { totalLen, ttl, protocol: PROTOCOL_TCP, source: from, destination: to, dontFragment };
    const tcpAt = writeIpv4(view, 0, ip);
    writeTcp(view, tcpAt, fields);
    fillTcpChecksum(view, tcpAt, tcpLen, from, to);
    return totalLen;
  },
  writeError(view, from, probe, code) {
    const { own, host } = probe;
    const totalLen = IPV4_MIN_HEADER_LEN + ICMPV4_HEADER_LEN + QUOTE4_LEN;
    const ip = { totalLen, ttl: ERROR_TTL, protocol: PROTOCOL_ICMP, source: from, destination: own };
    const icmpAt = writeIpv4(view, 0, ip);
    const quote = new DataView(new ArrayBuffer(QUOTE4_LEN));
    writeIpv4(quote, 0, { totalLen: 44, protocol: PROTOCOL_TCP, source: own, destination: host });
    writeQuoted(quote, IPV4_MIN_HEADER_LEN, probe);
    const isOver = code === TIME_IS_OVER;
    writeIcmpv4(view, icmpAt, {
      ...{ type: isOver ? ICMP_TIME_EXCEEDED : ICMP_DESTINATION_UNREACHABLE, code: isOver ? 0 : code },
      quoted: new Uint8Array(quote.buffer),
    });
    return icmpAt + ICMPV4_QUOTE_OFFSET + QUOTE4_LEN;
  },
};

/** The first 32 bits of every address of IPv6 in the simulated network; 64 bits of zeros follow. */
const PREFIX = 0x2001_0db8;

/** Returns the address of a number over IPv6 as text. */
export function text6(number: number): string {
  return formatIpv6(BigInt(PREFIX) << 96n | BigInt(number));
}

/** Codes of ICMPv6 by those of ICMP's destination unreachable that mean the same: no route, host, port, and prohibited. */
const ICMPV6_CODES: Readonly<Record<number, number>> = { 0: 0, 1: 3, 3: 4, 13: 1 };

function writeAddress(view: DataView, at: number, number: number): void {
  view.setUint32(at, PREFIX);
  view.setUint32(at + 4, 0);
  view.setUint32(at + 8, 0);
  view.setUint32(at + 12, number);
}

function writeHeader6(view: DataView, protocol: number, length: number, { from, to, ttl }: Ends): number {
  writeIpv6Head(view, 0, protocol, length, ttl);
  writeAddress(view, IPV6_SOURCE, from);
  writeAddress(view, IPV6_DESTINATION, to);
  return IPV6_HEADER_LEN;
}

const IP6: SimIp = {
  headerLen: IPV6_HEADER_LEN,
  source: (view, at) => view.getUint32(at + IPV6_SOURCE + 12),
  destination: (view, at) => view.getUint32(at + IPV6_DESTINATION + 12),
  ttl: ipv6HopLimit,
  isIntact: (view, at) => upperChecksum(view, at, at + IPV6_HEADER_LEN, ipv6PayloadLen(view, at), PROTOCOL_TCP) === 0,
  writeTcp(view, ends, fields) {
    const tcpLen = TCP_MIN_HEADER_LEN + (fields.options?.length ?? 0);
    const tcpAt = writeHeader6(view, PROTOCOL_TCP, tcpLen, ends);
    writeTcp(view, tcpAt, fields);
    setTcpChecksum(view, tcpAt, upperChecksum(view, 0, tcpAt, tcpLen, PROTOCOL_TCP));
    return tcpAt + tcpLen;
  },
  writeError(view, from, probe, code) {
    const { own, host } = probe;
    const quote = new DataView(new ArrayBuffer(QUOTE6_LEN));
    const tcpAt = writeHeader6(quote, PROTOCOL_TCP, TCP_MIN_HEADER_LEN, { from: own, to: host, ttl: 1 });
    writeQuoted(quote, tcpAt, probe);
    const ends = { from, to: own, ttl: ERROR_TTL };
    const icmpAt = writeHeader6(view, PROTOCOL_ICMPV6, ICMPV6_HEADER_LEN + QUOTE6_LEN, ends);
    const isOver = code === TIME_IS_OVER;
    const type = isOver ? ICMPV6_TIME_EXCEEDED : ICMPV6_DESTINATION_UNREACHABLE;
    const quoted = new Uint8Array(quote.buffer);
    return icmpAt + writeIcmpv6(view, 0, icmpAt, { type, code: isOver ? 0 : ICMPV6_CODES[code]!, quoted });
  },
};

/** Returns the packets of a version of IP. */
export function simIp(family: Family): SimIp {
  return family === 4 ? IP4 : IP6;
}

/** Returns the version of IP of a packet. */
export function familyOfPacket(view: DataView, at: number): Family {
  return view.getUint8(at) >> 4 === 6 ? 6 : 4;
}

/** The hosts of a simulated scan over one version of IP, as drivers know them. */
export interface SimHosts {
  readonly book: AddressBook;
  /** Its packets; undefined for those of IPv4, which techniques have by themselves. */
  readonly packets?: Ipv6Packets;
  /** Returns the same technique over this version of IP. */
  over<T extends Technique>(technique: T): T;
}

/** Returns the hosts of a scan that leaves from one address. */
export function simHosts(family: Family, own: number): SimHosts {
  if (family === 4) return { book: IPV4_BOOK, over: (technique) => technique };
  const dual = new DualBook({
    ranges: Uint32Array.of(0, PREFIX, 0, 0, 1),
    numbers: Uint32Array.of(1),
    last: FIRST_SENDER - 1,
    zones: [],
    senders: new SharedArrayBuffer(SENDERS_LEN),
  });
  const packets = new Ipv6Packets(dual.ipv6, [own]);
  return {
    book: ipv6Numbers(dual),
    packets,
    over: (technique) => techniqueOver(technique, packets) as typeof technique,
  };
}

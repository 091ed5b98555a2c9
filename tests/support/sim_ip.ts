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
import { formatIpv6, IPV6_LEN } from "../../src/wire/address6.ts";
import {
  ARP_LEN,
  ARP_REPLY,
  ARP_REQUEST,
  arpOperation,
  arpSenderIp,
  arpTargetIp,
  checkArp,
  setArpSenderMac,
  writeArpRequest,
} from "../../src/wire/arp.ts";
import { checksum } from "../../src/wire/checksum.ts";
import { writeMac } from "../../src/wire/ethernet.ts";
import {
  ICMP_DESTINATION_UNREACHABLE,
  ICMP_ECHO_REPLY,
  ICMP_ECHO_REQUEST,
  ICMP_TIME_EXCEEDED,
} from "../../src/wire/icmpv4.ts";
import {
  ICMPV6_DESTINATION_UNREACHABLE,
  ICMPV6_ECHO_REPLY,
  ICMPV6_ECHO_REQUEST,
  ICMPV6_TIME_EXCEEDED,
  icmpv6Type,
} from "../../src/wire/icmpv6.ts";
import { hasRightChecksums } from "../../src/wire/integrity.ts";
import {
  IPV4_MIN_HEADER_LEN,
  ipv4Destination,
  ipv4Protocol,
  ipv4Source,
  ipv4TotalLen,
  ipv4Ttl,
  PROTOCOL_ICMP,
  PROTOCOL_TCP,
  PROTOCOL_UDP,
  pseudoHeaderSum,
  setIpv4Id,
  writeIpv4,
} from "../../src/wire/ipv4.ts";
import {
  IPV6_DESTINATION,
  IPV6_HEADER_LEN,
  IPV6_SOURCE,
  ipv6HopLimit,
  ipv6NextHeader,
  ipv6PayloadLen,
  PROTOCOL_ICMPV6,
  pseudoHeaderSum6,
  setIpv6FlowLabel,
  upperChecksum,
  writeIpv6Head,
} from "../../src/wire/ipv6.ts";
import { NDP_ADVERTISEMENT, NDP_SOLICITATION, NDP_TARGET } from "../../src/wire/ndp.ts";
import { setTcpPorts, setTcpSeq, TCP_MIN_HEADER_LEN, type TcpFields, writeTcp } from "../../src/wire/tcp.ts";
import { UDP_HEADER_LEN, writeUdp } from "../../src/wire/udp.ts";

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
  /** IPv4 only: the identification. */
  readonly id?: number;
}

/** The fields of a probe that an error quotes. */
export interface QuotedProbe {
  readonly host: number;
  readonly port: number;
  readonly own: number;
  /** Of an echo request its identifier. */
  readonly ownPort: number;
  /** Of an echo request its token. */
  readonly seq: number;
  readonly isEcho: boolean;
}

/** In place of the code of a destination unreachable: the time to live is over. */
export const TIME_IS_OVER = -1;

/** The time to live of errors, as it arrives. */
const ERROR_TTL = 61;
/** Bytes of the header of a message of ICMP and of ICMPv6, which is the same but for its types; offsets in it, and of data behind it. */
const MESSAGE_LEN = 8;
const ID = 4;
const SEQUENCE = 6;
const DATA = 8;
/** Bytes of an echo request, and of its data that a reply brings back. */
const ECHO_LEN = 16;
/** The identification of an echo request in place of 0. */
const REPLACED_ID = 1;
/** The offsets of checksums, by protocol. */
const CHECKSUM_AT: Readonly<Record<number, number>> = {
  [PROTOCOL_TCP]: 16,
  [PROTOCOL_UDP]: 6,
  [PROTOCOL_ICMP]: 2,
  [PROTOCOL_ICMPV6]: 2,
};

/** The packets of one version of IP. */
export abstract class SimIp {
  abstract readonly headerLen: number;
  /** The protocol number of its ICMP, and that one's types of messages. */
  abstract readonly icmp: number;
  protected abstract readonly echoRequest: number;
  protected abstract readonly echoReply: number;
  /** Bytes of a segment or an echo request that errors quote, with its IP header, and of any packet at most. */
  protected abstract readonly quoteLen: number;
  protected abstract readonly maxQuoteLen: number;

  abstract source(view: DataView, at: number): number;
  abstract destination(view: DataView, at: number): number;
  abstract ttl(view: DataView, at: number): number;
  abstract protocol(view: DataView, at: number): number;
  /** True where the checksums of a packet are right. */
  abstract isIntact(view: DataView, at: number): boolean;
  /** Returns the ends of an ARP request, or a neighbor solicitation; undefined for any other packet. */
  abstract solicitation(view: DataView, at: number): { readonly host: number; readonly own: number } | undefined;
  /** Writes the ARP reply of a host, or its neighbor advertisement, at offset 0; returns its length. */
  abstract writeNeighbor(view: DataView, host: number, own: number): number;
  /** Sets the bits of a header in which datagrams have bits of their token. */
  abstract setTokenBits(view: DataView, at: number, bits: number): void;
  /** Returns type and code of an error; `code` is one of ICMP's destination unreachable, or {@linkcode TIME_IS_OVER}. */
  protected abstract errorOf(code: number): readonly [type: number, code: number];
  /** Writes a header at offset 0 for a payload of `length` bytes; returns where that begins. */
  protected abstract writeHeader(view: DataView, protocol: number, length: number, ends: Ends): number;
  protected abstract payloadLen(view: DataView): number;
  /** Returns the sum of the pseudo header of the packet at offset 0. */
  protected abstract pseudoSum(view: DataView, length: number): number;

  /** Sets the checksum of the payload of a packet at offset 0. */
  fillChecksum(view: DataView): void {
    const length = this.payloadLen(view);
    const at = this.headerLen + CHECKSUM_AT[this.protocol(view, 0)]!;
    view.setUint16(at, 0);
    view.setUint16(at, checksum(view, this.headerLen, length, this.pseudoSum(view, length)));
  }

  /** Writes a segment at offset 0; returns the length of its packet. */
  writeTcp(view: DataView, ends: Ends, fields: TcpFields): number {
    const length = TCP_MIN_HEADER_LEN + (fields.options?.length ?? 0);
    const at = this.writeHeader(view, PROTOCOL_TCP, length, ends);
    writeTcp(view, at, fields);
    this.fillChecksum(view);
    return at + length;
  }

  /** Writes the reply to an echo request with this identifier and token at offset 0; returns the length of its packet. */
  writeEchoReply(view: DataView, ends: Ends, id: number, token: number): number {
    const data = new DataView(new ArrayBuffer(ECHO_LEN - MESSAGE_LEN));
    data.setUint32(0, token);
    return this.writeMessage(view, ends, this.echoReply, 0, (id << 16 | token & 0xffff) >>> 0, data);
  }

  /** Writes an error about a segment or an echo request at offset 0; `code` is that of {@linkcode SimIp.errorOf}. Returns its length. */
  writeError(view: DataView, from: number, probe: QuotedProbe, code: number): number {
    const { host, port, own, ownPort, seq, isEcho } = probe;
    const quote = new DataView(new ArrayBuffer(this.headerLen + TCP_MIN_HEADER_LEN));
    const [protocol, length] = isEcho ? [this.icmp, ECHO_LEN] : [PROTOCOL_TCP, TCP_MIN_HEADER_LEN];
    const id = isEcho ? seq >>> 16 || REPLACED_ID : 0;
    const at = this.writeHeader(quote, protocol, length, { from: own, to: host, ttl: 1, id });
    if (isEcho) {
      quote.setUint8(at, this.echoRequest);
      quote.setUint16(at + ID, ownPort);
      quote.setUint16(at + SEQUENCE, seq & 0xffff);
      quote.setUint32(at + DATA, seq);
    } else {
      setTcpPorts(quote, at, ownPort, port);
      setTcpSeq(quote, at, seq);
    }
    return this.#writeErrorOn(view, from, own, code, new Uint8Array(quote.buffer, 0, this.quoteLen));
  }

  /** Returns a datagram. */
  datagram(from: number, port: number, to: number, toPort: number, payload: Uint8Array): DataView {
    const length = UDP_HEADER_LEN + payload.length;
    const view = new DataView(new ArrayBuffer(this.headerLen + length));
    const at = this.writeHeader(view, PROTOCOL_UDP, length, { from, to, ttl: 64 });
    new Uint8Array(view.buffer).set(payload, at + UDP_HEADER_LEN);
    writeUdp(view, at, port, toPort, length, this.pseudoSum(view, length));
    return view;
  }

  /** Returns an error that quotes the first bytes of a packet; `code` is one of ICMP's destination unreachable. */
  unreachable(from: number, to: number, code: number, packet: Uint8Array): DataView {
    const quoted = packet.subarray(0, this.maxQuoteLen);
    const view = new DataView(new ArrayBuffer(this.headerLen + MESSAGE_LEN + quoted.length));
    this.#writeErrorOn(view, from, to, code, quoted);
    return view;
  }

  #writeErrorOn(view: DataView, from: number, to: number, code: number, quoted: Uint8Array): number {
    const [type, ownCode] = this.errorOf(code);
    return this.writeMessage(view, { from, to, ttl: ERROR_TTL }, type, ownCode, 0, quoted);
  }

  /** Writes a message of ICMP at offset 0; returns the length of its packet. */
  protected writeMessage(
    view: DataView,
    ends: Ends,
    type: number,
    code: number,
    rest: number,
    { buffer, byteOffset, byteLength }: ArrayBufferView,
  ): number {
    const length = MESSAGE_LEN + byteLength;
    const at = this.writeHeader(view, this.icmp, length, ends);
    view.setUint16(at, type << 8 | code);
    view.setUint32(at + ID, rest);
    new Uint8Array(view.buffer, view.byteOffset).set(new Uint8Array(buffer, byteOffset, byteLength), at + DATA);
    this.fillChecksum(view);
    return at + length;
  }
}

/** The hardware address of simulated hosts. */
const MAC = 0x02_0000_000001;
/** The offset of the operation in an ARP packet. */
const ARP_OPERATION = 6;

class SimIpv4 extends SimIp {
  readonly headerLen = IPV4_MIN_HEADER_LEN;
  readonly icmp = PROTOCOL_ICMP;
  protected readonly echoRequest = ICMP_ECHO_REQUEST;
  protected readonly echoReply = ICMP_ECHO_REPLY;
  // No more than RFC 792 asks for; and RFC 1812 section 4.3.2.3: errors of 576 bytes.
  protected readonly quoteLen = IPV4_MIN_HEADER_LEN + 8;
  protected readonly maxQuoteLen = 576 - IPV4_MIN_HEADER_LEN - MESSAGE_LEN;
  readonly source = ipv4Source;
  readonly destination = ipv4Destination;
  readonly ttl = ipv4Ttl;
  readonly protocol = ipv4Protocol;
  readonly isIntact = hasRightChecksums;
  readonly setTokenBits = setIpv4Id;

  solicitation(view: DataView, at: number): { readonly host: number; readonly own: number } | undefined {
    if (checkArp(view, at, ARP_LEN) === 0 || arpOperation(view, at) !== ARP_REQUEST) return undefined;
    return { host: arpTargetIp(view, at), own: arpSenderIp(view, at) };
  }

  writeNeighbor(view: DataView, host: number, own: number): number {
    const length = writeArpRequest(view, 0, host, own);
    view.setUint16(ARP_OPERATION, ARP_REPLY);
    setArpSenderMac(view, 0, MAC);
    return length;
  }

  protected errorOf(code: number): readonly [type: number, code: number] {
    return code === TIME_IS_OVER ? [ICMP_TIME_EXCEEDED, 0] : [ICMP_DESTINATION_UNREACHABLE, code];
  }

  protected writeHeader(
    view: DataView,
    protocol: number,
    length: number,
    { from, to, ttl, dontFragment = false, id = 0 }: Ends,
  ): number {
    const totalLen = IPV4_MIN_HEADER_LEN + length;
    return writeIpv4(view, 0, { totalLen, ttl, protocol, source: from, destination: to, dontFragment, id });
  }

  protected payloadLen(view: DataView): number {
    return ipv4TotalLen(view, 0) - IPV4_MIN_HEADER_LEN;
  }

  protected pseudoSum(view: DataView, length: number): number {
    const protocol = ipv4Protocol(view, 0);
    return protocol === PROTOCOL_ICMP
      ? 0
      : pseudoHeaderSum(ipv4Source(view, 0), ipv4Destination(view, 0), protocol, length);
  }
}

/** The first 32 bits of every address of IPv6 in the simulated network; 64 bits of zeros follow. */
const PREFIX = 0x2001_0db8;

/** Returns the address of a number over IPv6 as text. */
export function text6(number: number): string {
  return formatIpv6(BigInt(PREFIX) << 96n | BigInt(number));
}

/** Codes of ICMPv6 by those of ICMP's destination unreachable that mean the same: no route, host, port, and prohibited. */
const ICMPV6_CODES: Readonly<Record<number, number>> = { 0: 0, 1: 3, 3: 4, 13: 1 };
/** The hop limit of neighbor discovery, the flags of an advertisement that replies to a solicitation, and its option. */
const NDP_HOP_LIMIT = 255;
const SOLICITED_OVERRIDE = 0x6000_0000;
const TARGET_LINK_ADDRESS = 2;
const OPTION_LEN = 8;

function writeAddress(view: DataView, at: number, number: number): void {
  view.setUint32(at, PREFIX);
  view.setUint32(at + 4, 0);
  view.setUint32(at + 8, 0);
  view.setUint32(at + 12, number);
}

class SimIpv6 extends SimIp {
  readonly headerLen = IPV6_HEADER_LEN;
  readonly icmp = PROTOCOL_ICMPV6;
  protected readonly echoRequest = ICMPV6_ECHO_REQUEST;
  protected readonly echoReply = ICMPV6_ECHO_REPLY;
  // The whole probe, as RFC 4443 section 3.1 has it: errors of 1,280 bytes at most.
  protected readonly quoteLen = IPV6_HEADER_LEN + TCP_MIN_HEADER_LEN;
  protected readonly maxQuoteLen = 1280 - IPV6_HEADER_LEN - MESSAGE_LEN;
  readonly ttl = ipv6HopLimit;
  readonly protocol = ipv6NextHeader;
  readonly setTokenBits = setIpv6FlowLabel;

  source(view: DataView, at: number): number {
    return view.getUint32(at + IPV6_SOURCE + 12);
  }

  destination(view: DataView, at: number): number {
    return view.getUint32(at + IPV6_DESTINATION + 12);
  }

  isIntact(view: DataView, at: number): boolean {
    const protocol = ipv6NextHeader(view, at);
    return upperChecksum(view, at, at + IPV6_HEADER_LEN, ipv6PayloadLen(view, at), protocol) === 0;
  }

  solicitation(view: DataView, at: number): { readonly host: number; readonly own: number } | undefined {
    const icmpAt = at + IPV6_HEADER_LEN;
    if (ipv6NextHeader(view, at) !== PROTOCOL_ICMPV6 || icmpv6Type(view, icmpAt) !== NDP_SOLICITATION) return undefined;
    return { host: view.getUint32(icmpAt + NDP_TARGET + 12), own: this.source(view, at) };
  }

  writeNeighbor(view: DataView, host: number, own: number): number {
    const data = new DataView(new ArrayBuffer(IPV6_LEN + OPTION_LEN));
    writeAddress(data, 0, host);
    data.setUint8(IPV6_LEN, TARGET_LINK_ADDRESS);
    data.setUint8(IPV6_LEN + 1, 1);
    writeMac(data, IPV6_LEN + 2, MAC);
    const ends = { from: host, to: own, ttl: NDP_HOP_LIMIT };
    return this.writeMessage(view, ends, NDP_ADVERTISEMENT, 0, SOLICITED_OVERRIDE, data);
  }

  protected errorOf(code: number): readonly [type: number, code: number] {
    return code === TIME_IS_OVER ? [ICMPV6_TIME_EXCEEDED, 0] : [ICMPV6_DESTINATION_UNREACHABLE, ICMPV6_CODES[code]!];
  }

  protected writeHeader(view: DataView, protocol: number, length: number, { from, to, ttl }: Ends): number {
    writeIpv6Head(view, 0, protocol, length, ttl);
    writeAddress(view, IPV6_SOURCE, from);
    writeAddress(view, IPV6_DESTINATION, to);
    return IPV6_HEADER_LEN;
  }

  protected payloadLen(view: DataView): number {
    return ipv6PayloadLen(view, 0);
  }

  protected pseudoSum(view: DataView, length: number): number {
    return pseudoHeaderSum6(view, 0, ipv6NextHeader(view, 0), length);
  }
}

const IPV4 = new SimIpv4();
const IPV6 = new SimIpv6();

/** Returns the packets of a version of IP. */
export function simIp(family: Family): SimIp {
  return family === 4 ? IPV4 : IPV6;
}

/** Returns the version of IP of a packet; 4 for one of ARP. */
export function familyOfPacket(view: DataView, at: number): Family {
  return view.getUint8(at) >> 4 === 6 ? 6 : 4;
}

/** The hosts of a simulated scan over one version of IP, as drivers know them. */
interface SimHosts {
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

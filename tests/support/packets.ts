/**
 * Whole packets for tests, with right checksums unless a test asks otherwise.
 *
 * @module
 */

import { parseIpv4 } from "../../src/wire/address.ts";
import { ICMPV4_HEADER_LEN, writeIcmpv4 } from "../../src/wire/icmpv4.ts";
import {
  fillIpv4Checksum,
  IPV4_MIN_HEADER_LEN,
  ipv4HeaderLen,
  ipv4Ttl,
  PROTOCOL_ICMP,
  PROTOCOL_TCP,
  setIpv4TotalLen,
  writeIpv4,
} from "../../src/wire/ipv4.ts";
import { IPV6_HEADER_LEN, ipv6HopLimit } from "../../src/wire/ipv6.ts";
import {
  fillTcpChecksum,
  TCP_MIN_HEADER_LEN,
  TCP_OPTION_MSS,
  TCP_SYN,
  tcpOptionLen,
  writeTcp,
} from "../../src/wire/tcp.ts";

/** What the IPv4 headers of the builders say. Addresses are numbers or dotted quads. */
interface IpSettings {
  /** 192.0.2.1 if not given. */
  readonly source?: number | string;
  /** 192.0.2.7 if not given. */
  readonly destination?: number | string;
  /** 64 if not given. */
  readonly ttl?: number;
  /** 0 if not given. */
  readonly id?: number;
  readonly dontFragment?: boolean;
  readonly moreFragments?: boolean;
  /** In bytes, a multiple of 8. */
  readonly fragmentOffset?: number;
  /** What the header claims, where that is not the truth. */
  readonly totalLen?: number;
}

/** What {@linkcode buildTcp} needs; by default a SYN to port 22. */
export interface TcpSettings extends IpSettings {
  /** 61000 if not given. */
  readonly sourcePort?: number;
  /** 22 if not given. */
  readonly destinationPort?: number;
  /** 0 if not given. */
  readonly seq?: number;
  /** 0 if not given. */
  readonly ack?: number;
  /** SYN if not given. */
  readonly flags?: number;
  /** 1024 if not given. */
  readonly window?: number;
  readonly options?: Uint8Array;
  readonly payload?: Uint8Array;
}

/** What {@linkcode buildIcmpError} needs. */
interface IcmpErrorSettings extends IpSettings {
  readonly type: number;
  readonly code: number;
  /** The second word of the header; 0 if not given. */
  readonly rest?: number;
  /** The packet that the error is about, from its IP header on. */
  readonly quoted: Uint8Array;
  /** Bytes of it that are quoted; 28, as in RFC 792, if not given. */
  readonly quotedLen?: number;
}

/** The view over exactly these bytes. */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Returns the bytes of hexadecimal digits; white space is skipped. */
export function fromHex(hex: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.fromHex(hex.replaceAll(/\s/g, ""));
}

/** Returns bytes as hexadecimal digits. */
export function toHex(bytes: Uint8Array): string {
  return bytes.toHex();
}

/** An address as a number, from a number or a dotted quad. */
export function addressOf(address: number | string): number {
  const value = typeof address === "number" ? address : parseIpv4(address);
  if (value === undefined) throw new SyntaxError(`Cannot read "${address}": not an IPv4 address. Mend the test`);
  return value;
}

/** An IPv4 packet with any payload. */
export function buildIpv4(protocol: number, payload: Uint8Array, settings: IpSettings = {}): Uint8Array {
  const packet = new Uint8Array(IPV4_MIN_HEADER_LEN + payload.length);
  writeIpv4(viewOf(packet), 0, {
    source: addressOf(settings.source ?? "192.0.2.1"),
    destination: addressOf(settings.destination ?? "192.0.2.7"),
    protocol,
    totalLen: settings.totalLen ?? packet.length,
    ttl: settings.ttl ?? 64,
    id: settings.id ?? 0,
    dontFragment: settings.dontFragment ?? false,
    moreFragments: settings.moreFragments ?? false,
    fragmentOffset: settings.fragmentOffset ?? 0,
  });
  packet.set(payload, IPV4_MIN_HEADER_LEN);
  return packet;
}

/** A TCP segment in an IPv4 packet. */
export function buildTcp(settings: TcpSettings = {}): Uint8Array {
  const payload = settings.payload ?? new Uint8Array();
  const room = new Uint8Array(60 + payload.length);
  const headerLen = writeTcp(viewOf(room), 0, {
    sourcePort: settings.sourcePort ?? 61000,
    destinationPort: settings.destinationPort ?? 22,
    seq: settings.seq ?? 0,
    ack: settings.ack ?? 0,
    flags: settings.flags ?? TCP_SYN,
    window: settings.window ?? 1024,
    options: settings.options ?? new Uint8Array(),
  });
  room.set(payload, headerLen);
  const segment = room.subarray(0, headerLen + payload.length);
  const source = addressOf(settings.source ?? "192.0.2.1");
  const destination = addressOf(settings.destination ?? "192.0.2.7");
  fillTcpChecksum(viewOf(segment), 0, segment.length, source, destination);
  return buildIpv4(PROTOCOL_TCP, segment, settings);
}

/** Returns where the segment of a packet without extension headers begins, and its time to live or hop limit. */
export function segmentIn(packet: Uint8Array): { readonly segmentAt: number; readonly ttl: number } {
  const isIpv6 = packet[0]! >> 4 === 6;
  return isIpv6
    ? { segmentAt: IPV6_HEADER_LEN, ttl: ipv6HopLimit(viewOf(packet), 0) }
    : { segmentAt: ipv4HeaderLen(viewOf(packet), 0), ttl: ipv4Ttl(viewOf(packet), 0) };
}

/** An ICMP error in an IPv4 packet; its destination is the source of the packet it is about unless given. */
export function buildIcmpError(settings: IcmpErrorSettings): Uint8Array {
  const quoted = settings.quoted.subarray(0, settings.quotedLen ?? IPV4_MIN_HEADER_LEN + 8);
  const message = new Uint8Array(ICMPV4_HEADER_LEN + quoted.length);
  writeIcmpv4(viewOf(message), 0, { type: settings.type, code: settings.code, rest: settings.rest ?? 0, quoted });
  const destination = settings.destination ??
    (quoted.length >= IPV4_MIN_HEADER_LEN ? viewOf(quoted).getUint32(12) : "192.0.2.1");
  return buildIpv4(PROTOCOL_ICMP, message, { source: "192.0.2.254", ...settings, destination });
}

/** The packet with some of its bytes replaced, in a new array; the header checksum of IPv4 is made right again if it still can be. */
export function patched(packet: Uint8Array, patches: Readonly<Record<number, number>>): Uint8Array {
  const copy = packet.slice();
  for (const [offset, octet] of Object.entries(patches)) copy[Number(offset)] = octet;
  const isIpv4 = packet[0]! >> 4 === 4;
  if (isIpv4 && copy.length >= 4 * ((copy[0] ?? 0) & 0xf) && copy.length >= IPV4_MIN_HEADER_LEN) {
    fillIpv4Checksum(viewOf(copy), 0);
  }
  return copy;
}

/** The packet cut to its first bytes; with `honest` its total length says so. */
export function cutTo(packet: Uint8Array, length: number, honest = false): Uint8Array {
  const copy = packet.slice(0, length);
  if (honest && copy.length >= IPV4_MIN_HEADER_LEN) {
    setIpv4TotalLen(viewOf(copy), 0, length);
    fillIpv4Checksum(viewOf(copy), 0);
  }
  return copy;
}

/** Returns the offset of the first well-formed TCP option of a kind, or 0; `headerLen` is the result of `checkTcp`. */
export function tcpOption(view: DataView, at: number, headerLen: number, kind: number): number {
  for (let offset = at + TCP_MIN_HEADER_LEN; offset < at + headerLen;) {
    const len = tcpOptionLen(view, offset, at + headerLen);
    if (len === 0 || view.getUint8(offset) === kind) return len && offset;
    offset += len;
  }
  return 0;
}

/** Returns the maximum segment size that the options announce, or 0. */
export function tcpMss(view: DataView, at: number, headerLen: number): number {
  const offset = tcpOption(view, at, headerLen, TCP_OPTION_MSS);
  return offset !== 0 && view.getUint8(offset + 1) === 4 ? view.getUint16(offset + 2) : 0;
}

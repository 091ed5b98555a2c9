// Hot path: nothing here may allocate per packet.
/**
 * RFC 791: Internet Protocol.
 *
 * ```text
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |Version|  IHL  |Type of service|          Total length         |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |         Identification        |Flags|     Fragment offset     |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |  Time to live |    Protocol   |        Header checksum        |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                         Source address                        |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                      Destination address                      |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                    Options, if IHL is over 5                  |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * ```
 *
 * @module
 */

import { checksum } from "./checksum.ts";

const VERSION_IHL = 0;
const TOS = 1;
const TOTAL_LEN = 2;
const ID = 4;
const FLAGS_FRAGMENT = 6;
const TTL = 8;
const PROTOCOL = 9;
const CHECKSUM = 10;
const SOURCE = 12;
const DESTINATION = 16;

/** Bytes of a header without options. */
export const IPV4_MIN_HEADER_LEN = 20;

/** Protocol number of ICMP. */
export const PROTOCOL_ICMP = 1;
/** Protocol number of TCP. */
export const PROTOCOL_TCP = 6;
/** Protocol number of UDP. */
export const PROTOCOL_UDP = 17;

const VERSION_4 = 4;
const MIN_IHL = 5;
const DONT_FRAGMENT = 0x4000;
const MORE_FRAGMENTS = 0x2000;
const FRAGMENT_OFFSET_MASK = 0x1fff;

/**
 * Bytes of the header with its options, or 0 where the bytes cannot hold the packet that it claims. Bytes past the
 * total length (padding of a short frame) are no fault.
 */
export function checkIpv4(view: DataView, at: number, length: number): number {
  const headerLen = checkIpv4Quoted(view, at, length);
  if (headerLen === 0) return 0;
  const totalLen = view.getUint16(at + TOTAL_LEN);
  return totalLen >= headerLen && totalLen <= length ? headerLen : 0;
}

/**
 * Bytes of the header with its options, where it begins a packet that an ICMP error quotes, or 0. A quote is cut, and
 * some systems changed the total length before they quoted it, so the total length is not looked at.
 */
export function checkIpv4Quoted(view: DataView, at: number, length: number): number {
  if (length < IPV4_MIN_HEADER_LEN) return 0;
  const first = view.getUint8(at + VERSION_IHL);
  const ihl = first & 0xf;
  return first >> 4 === VERSION_4 && ihl >= MIN_IHL && ihl * 4 <= length ? ihl * 4 : 0;
}

/** Bytes of the header with its options, 20 to 60. */
export function ipv4HeaderLen(view: DataView, at: number): number {
  return (view.getUint8(at + VERSION_IHL) & 0xf) * 4;
}

/** Bytes of the packet, header and payload. */
export function ipv4TotalLen(view: DataView, at: number): number {
  return view.getUint16(at + TOTAL_LEN);
}

/** The identification. */
export function ipv4Id(view: DataView, at: number): number {
  return view.getUint16(at + ID);
}

/** True where routers may not cut the packet. */
export function ipv4DontFragment(view: DataView, at: number): boolean {
  return (view.getUint16(at + FLAGS_FRAGMENT) & DONT_FRAGMENT) !== 0;
}

/** True where the packet is a fragment and not the last. */
export function ipv4MoreFragments(view: DataView, at: number): boolean {
  return (view.getUint16(at + FLAGS_FRAGMENT) & MORE_FRAGMENTS) !== 0;
}

/** Returns the offset of this fragment in the whole payload, in bytes; over 0 there is no transport header in it. */
export function ipv4FragmentOffset(view: DataView, at: number): number {
  return (view.getUint16(at + FLAGS_FRAGMENT) & FRAGMENT_OFFSET_MASK) * 8;
}

/** True where the packet is any fragment of another. */
export function ipv4IsFragment(view: DataView, at: number): boolean {
  return (view.getUint16(at + FLAGS_FRAGMENT) & (MORE_FRAGMENTS | FRAGMENT_OFFSET_MASK)) !== 0;
}

/** The time to live. */
export function ipv4Ttl(view: DataView, at: number): number {
  return view.getUint8(at + TTL);
}

/** The protocol of the payload. */
export function ipv4Protocol(view: DataView, at: number): number {
  return view.getUint8(at + PROTOCOL);
}

/** The checksum of the header. */
export function ipv4Checksum(view: DataView, at: number): number {
  return view.getUint16(at + CHECKSUM);
}

/** The address that the packet comes from. */
export function ipv4Source(view: DataView, at: number): number {
  return view.getUint32(at + SOURCE);
}

/** The address that the packet goes to. */
export function ipv4Destination(view: DataView, at: number): number {
  return view.getUint32(at + DESTINATION);
}

/** Sets the bytes of the packet, header and payload. */
export function setIpv4TotalLen(view: DataView, at: number, totalLen: number): void {
  view.setUint16(at + TOTAL_LEN, totalLen);
}

/** Sets the identification. */
export function setIpv4Id(view: DataView, at: number, id: number): void {
  view.setUint16(at + ID, id);
}

/** Sets the checksum of the header. */
export function setIpv4Checksum(view: DataView, at: number, checksum: number): void {
  view.setUint16(at + CHECKSUM, checksum);
}

/** Sets the address that the packet goes to. */
export function setIpv4Destination(view: DataView, at: number, address: number): void {
  view.setUint32(at + DESTINATION, address);
}

/** Computes and sets the checksum of the header, whose length must have been set. */
export function fillIpv4Checksum(view: DataView, at: number): void {
  view.setUint16(at + CHECKSUM, 0);
  view.setUint16(at + CHECKSUM, checksum(view, at, ipv4HeaderLen(view, at)));
}

/** The fields of an IPv4 header without options. */
interface Ipv4Fields {
  /** The address that the packet comes from. */
  readonly source: number;
  /** The address that the packet goes to. */
  readonly destination: number;
  /** For example {@linkcode PROTOCOL_TCP}. */
  readonly protocol: number;
  /** Bytes of the packet, header and payload. */
  readonly totalLen: number;
  /** 64 if not given. */
  readonly ttl?: number;
  /** 0 if not given. */
  readonly id?: number;
  /** 0 if not given. */
  readonly tos?: number;
  /** False if not given. */
  readonly dontFragment?: boolean;
  /** False if not given. */
  readonly moreFragments?: boolean;
  /** In bytes, a multiple of 8; 0 if not given. */
  readonly fragmentOffset?: number;
}

/** Writes a header without options, checksum included; returns its length in bytes. */
export function writeIpv4(view: DataView, at: number, fields: Ipv4Fields): number {
  view.setUint8(at + VERSION_IHL, VERSION_4 << 4 | MIN_IHL);
  view.setUint8(at + TOS, fields.tos ?? 0);
  setIpv4TotalLen(view, at, fields.totalLen);
  setIpv4Id(view, at, fields.id ?? 0);
  view.setUint16(
    at + FLAGS_FRAGMENT,
    (fields.dontFragment ? DONT_FRAGMENT : 0) | (fields.moreFragments ? MORE_FRAGMENTS : 0) |
      (fields.fragmentOffset ?? 0) >> 3,
  );
  view.setUint8(at + TTL, fields.ttl ?? 64);
  view.setUint8(at + PROTOCOL, fields.protocol);
  view.setUint32(at + SOURCE, fields.source);
  setIpv4Destination(view, at, fields.destination);
  fillIpv4Checksum(view, at);
  return IPV4_MIN_HEADER_LEN;
}

/**
 * The unfolded sum of the pseudo header that TCP and UDP put before their checksum (RFC 9293 section 3.1); `length`
 * counts the bytes of their header and payload.
 */
export function pseudoHeaderSum(source: number, destination: number, protocol: number, length: number): number {
  return (source >>> 16) + (source & 0xffff) + (destination >>> 16) + (destination & 0xffff) + protocol + length;
}

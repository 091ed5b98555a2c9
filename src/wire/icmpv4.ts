// Hot path: nothing here may allocate per packet.
/**
 * RFC 792: Internet Control Message Protocol; codes from RFC 1122 section 3.2.2 and RFC 1812 section 5.2.7.
 *
 * ```text
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |      Type     |      Code     |            Checksum           |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |   Unused, or by type: MTU of the next hop, echo id and seq    |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |   Errors: IPv4 header and at least 8 more bytes of a packet  |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * ```
 *
 * @module
 */

import { checksum } from "./checksum.ts";

const TYPE = 0;
const CODE = 1;
const CHECKSUM = 2;
const REST = 4;
const QUOTE_WORDS = 5;

/** Bytes of the header. */
export const ICMPV4_HEADER_LEN = 8;
/** The offset of the quoted packet in an error. */
export const ICMPV4_QUOTE_OFFSET = 8;

/** The least bytes that an error quotes of a packet if extensions follow (RFC 4884 section 4). */
const LEAST_BEFORE_EXTENSIONS = 128;

/** Type: echo reply. */
export const ICMP_ECHO_REPLY = 0;
/** Type: destination unreachable. */
export const ICMP_DESTINATION_UNREACHABLE = 3;
/** Type: source quench (deprecated by RFC 6633). */
export const ICMP_SOURCE_QUENCH = 4;
/** Type: redirect. */
export const ICMP_REDIRECT = 5;
/** Type: echo request. */
export const ICMP_ECHO_REQUEST = 8;
/** Type: timestamp request. */
export const ICMP_TIMESTAMP_REQUEST = 13;
/** Type: timestamp reply. */
export const ICMP_TIMESTAMP_REPLY = 14;
/** Type: address mask request (RFC 950). */
export const ICMP_MASK_REQUEST = 17;
/** Type: address mask reply. */
export const ICMP_MASK_REPLY = 18;
/** Type: time exceeded. */
export const ICMP_TIME_EXCEEDED = 11;
/** Type: parameter problem. */
export const ICMP_PARAMETER_PROBLEM = 12;

/** Code of type 3: network unreachable. */
export const ICMP_NET_UNREACHABLE = 0;
/** Code of type 3: host unreachable. */
export const ICMP_HOST_UNREACHABLE = 1;
/** Code of type 3: protocol unreachable. */
export const ICMP_PROTOCOL_UNREACHABLE = 2;
/** Code of type 3: port unreachable. */
export const ICMP_PORT_UNREACHABLE = 3;
/** Code of type 3: destination network unknown. */
export const ICMP_NET_UNKNOWN = 6;
/** Code of type 3: destination host unknown. */
export const ICMP_HOST_UNKNOWN = 7;
/** Code of type 3: source host isolated. */
export const ICMP_SOURCE_ISOLATED = 8;
/** Code of type 3: network administratively prohibited. */
export const ICMP_NET_PROHIBITED = 9;
/** Code of type 3: host administratively prohibited. */
export const ICMP_HOST_PROHIBITED = 10;
/** Code of type 3: network unreachable for the type of service. */
export const ICMP_NET_UNREACHABLE_FOR_TOS = 11;
/** Code of type 3: host unreachable for the type of service. */
export const ICMP_HOST_UNREACHABLE_FOR_TOS = 12;
/** Code of type 3: communication administratively prohibited. */
export const ICMP_ADMIN_PROHIBITED = 13;
/** Code of type 3: host precedence violation. */
export const ICMP_PRECEDENCE_VIOLATION = 14;
/** Code of type 3: precedence cutoff in effect. */
export const ICMP_PRECEDENCE_CUTOFF = 15;

/** Bytes of the header, or 0 where the bytes cannot hold it. */
export function checkIcmpv4(_view: DataView, _at: number, length: number): number {
  return length >= ICMPV4_HEADER_LEN ? ICMPV4_HEADER_LEN : 0;
}

/** The type. */
export function icmpv4Type(view: DataView, at: number): number {
  return view.getUint8(at + TYPE);
}

/** The code, whose meaning depends on the type. */
export function icmpv4Code(view: DataView, at: number): number {
  return view.getUint8(at + CODE);
}

/** The checksum. */
export function icmpv4Checksum(view: DataView, at: number): number {
  return view.getUint16(at + CHECKSUM);
}

/** The second word, whose meaning depends on the type. */
export function icmpv4Rest(view: DataView, at: number): number {
  return view.getUint32(at + REST);
}

/**
 * Returns the bytes of the packet that an error of `length` bytes quotes: without the extensions behind it, such as the labels of MPLS, before
 * which the header states their number (RFC 4884 section 4.1).
 */
export function icmpv4QuoteLen(view: DataView, at: number, length: number): number {
  return quoteLenOf(4 * view.getUint8(at + QUOTE_WORDS), length - ICMPV4_QUOTE_OFFSET);
}

/** Returns the bytes of a quote by those that the header states, and those behind the header. */
export function quoteLenOf(stated: number, behind: number): number {
  return stated >= LEAST_BEFORE_EXTENSIONS && stated < behind ? stated : behind;
}

/** Sets the checksum. */
export function setIcmpv4Checksum(view: DataView, at: number, checksum: number): void {
  view.setUint16(at + CHECKSUM, checksum);
}

/** Sets the second word. */
export function setIcmpv4Rest(view: DataView, at: number, rest: number): void {
  view.setUint32(at + REST, rest);
}

/** Returns true for the types of errors, which quote the packet that they are about. */
export function icmpv4IsError(type: number): boolean {
  return type === ICMP_DESTINATION_UNREACHABLE || type === ICMP_TIME_EXCEEDED || type === ICMP_PARAMETER_PROBLEM ||
    type === ICMP_REDIRECT || type === ICMP_SOURCE_QUENCH;
}

/** The fields of an ICMP message. */
interface Icmpv4Fields {
  /** For example {@linkcode ICMP_DESTINATION_UNREACHABLE}. */
  readonly type: number;
  /** For example {@linkcode ICMP_HOST_UNREACHABLE}. */
  readonly code: number;
  /** The second word; 0 if not given. */
  readonly rest?: number;
  /** The payload: for an error, the packet that it is about, as far as it is quoted. */
  readonly quoted?: Uint8Array;
}

/** Writes a message with what it quotes, checksum included; returns its length in bytes. */
export function writeIcmpv4(view: DataView, at: number, fields: Icmpv4Fields): number {
  view.setUint8(at + TYPE, fields.type);
  view.setUint8(at + CODE, fields.code);
  view.setUint16(at + CHECKSUM, 0);
  view.setUint32(at + REST, fields.rest ?? 0);
  const quotedLen = fields.quoted?.length ?? 0;
  for (let i = 0; i < quotedLen; i++) view.setUint8(at + ICMPV4_QUOTE_OFFSET + i, fields.quoted?.[i] ?? 0);
  const length = ICMPV4_HEADER_LEN + quotedLen;
  view.setUint16(at + CHECKSUM, checksum(view, at, length));
  return length;
}

// Hot path: nothing here may allocate per packet.
/**
 * RFC 4443: Internet Control Message Protocol (ICMPv6).
 *
 * ```text
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |      Type     |      Code     |            Checksum           |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |     Unused, or by type: MTU, pointer, echo id and sequence    |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |   Errors: as much of a packet as fits the minimum MTU         |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * ```
 *
 * @module
 */

import { quoteLenOf } from "./icmpv4.ts";
import { PROTOCOL_ICMPV6, upperChecksum } from "./ipv6.ts";

const TYPE = 0;
const CODE = 1;
const CHECKSUM = 2;
const REST = 4;
const QUOTE_UNITS = 4;

/** Bytes of the header. */
export const ICMPV6_HEADER_LEN = 8;
/** The offset of the quoted packet in an error. */
export const ICMPV6_QUOTE_OFFSET = 8;

/** Type: destination unreachable. */
export const ICMPV6_DESTINATION_UNREACHABLE = 1;
/** Type: packet too big. */
export const ICMPV6_PACKET_TOO_BIG = 2;
/** Type: time exceeded. */
export const ICMPV6_TIME_EXCEEDED = 3;
/** Type: parameter problem. */
export const ICMPV6_PARAMETER_PROBLEM = 4;
/** Type: echo request. */
export const ICMPV6_ECHO_REQUEST = 128;
/** Type: echo reply. */
export const ICMPV6_ECHO_REPLY = 129;

/** Code of type 1: port unreachable. */
export const ICMPV6_PORT_UNREACHABLE = 4;
/** Code of type 4: unrecognized option. */
export const ICMPV6_UNKNOWN_OPTION = 2;

/** Bytes of the header, or 0 where the bytes cannot hold it. */
export function checkIcmpv6(_view: DataView, _at: number, length: number): number {
  return length >= ICMPV6_HEADER_LEN ? ICMPV6_HEADER_LEN : 0;
}

/** The type. */
export function icmpv6Type(view: DataView, at: number): number {
  return view.getUint8(at + TYPE);
}

/** The code, whose meaning depends on the type. */
export function icmpv6Code(view: DataView, at: number): number {
  return view.getUint8(at + CODE);
}

/** The checksum. */
export function icmpv6Checksum(view: DataView, at: number): number {
  return view.getUint16(at + CHECKSUM);
}

/** The second word, whose meaning depends on the type. */
export function icmpv6Rest(view: DataView, at: number): number {
  return view.getUint32(at + REST);
}

/** Returns true for the types of errors, which quote the packet that they are about. */
export function icmpv6IsError(type: number): boolean {
  return type < ICMPV6_ECHO_REQUEST;
}

/** Returns the bytes of the packet that an error of `length` bytes quotes, without extensions behind it (RFC 4884 section 4.4). */
export function icmpv6QuoteLen(view: DataView, at: number, length: number): number {
  const type = icmpv6Type(view, at);
  const isExtensible = type === ICMPV6_DESTINATION_UNREACHABLE || type === ICMPV6_TIME_EXCEEDED;
  return quoteLenOf(isExtensible ? 8 * view.getUint8(at + QUOTE_UNITS) : 0, length - ICMPV6_QUOTE_OFFSET);
}

/** Sets the checksum. */
export function setIcmpv6Checksum(view: DataView, at: number, checksum: number): void {
  view.setUint16(at + CHECKSUM, checksum);
}

/** Sets the second word. */
export function setIcmpv6Rest(view: DataView, at: number, rest: number): void {
  view.setUint32(at + REST, rest);
}

/** Writes the header, its checksum still 0; returns its length in bytes. */
export function writeIcmpv6Head(view: DataView, at: number, type: number, code: number, rest: number): number {
  view.setUint8(at + TYPE, type);
  view.setUint8(at + CODE, code);
  view.setUint16(at + CHECKSUM, 0);
  view.setUint32(at + REST, rest);
  return ICMPV6_HEADER_LEN;
}

/** Computes and sets the checksum of a message of `length` bytes at `at`, behind the IPv6 header at `ipAt`. */
export function fillIcmpv6Checksum(view: DataView, ipAt: number, at: number, length: number): void {
  view.setUint16(at + CHECKSUM, 0);
  view.setUint16(at + CHECKSUM, upperChecksum(view, ipAt, at, length, PROTOCOL_ICMPV6));
}

/** The fields of a message. */
interface Icmpv6Fields {
  /** For example {@linkcode ICMPV6_DESTINATION_UNREACHABLE}. */
  readonly type: number;
  /** For example {@linkcode ICMPV6_ADDRESS_UNREACHABLE}. */
  readonly code: number;
  /** The second word; 0 if not given. */
  readonly rest?: number;
  /** The payload: for an error, the packet that it is about, as far as it is quoted. */
  readonly quoted?: Uint8Array;
}

/** Writes a message with what it quotes behind the IPv6 header at `ipAt`, checksum included; returns its length in bytes. */
export function writeIcmpv6(view: DataView, ipAt: number, at: number, fields: Icmpv6Fields): number {
  const { type, code, rest = 0, quoted = new Uint8Array() } = fields;
  writeIcmpv6Head(view, at, type, code, rest);
  new Uint8Array(view.buffer, view.byteOffset).set(quoted, at + ICMPV6_QUOTE_OFFSET);
  const length = ICMPV6_HEADER_LEN + quoted.length;
  fillIcmpv6Checksum(view, ipAt, at, length);
  return length;
}

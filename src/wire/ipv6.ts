// Hot path: nothing here may allocate per packet.
/**
 * RFC 8200: Internet Protocol, Version 6, with its extension headers.
 *
 * ```text
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |Version| Traffic class |              Flow label               |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |         Payload length        |  Next header  |   Hop limit   |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                     Source address, 16 bytes                  |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                  Destination address, 16 bytes                |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * ```
 *
 * @module
 */

import { IPV6_LEN, writeIpv6Address } from "./address6.ts";
import { foldChecksum, sumWords } from "./checksum.ts";

const VERSION_CLASS_FLOW = 0;
const PAYLOAD_LEN = 4;
const NEXT_HEADER = 6;
const HOP_LIMIT = 7;
/** The offset of the address that the packet comes from. */
export const IPV6_SOURCE = 8;
/** The offset of the address that the packet goes to. */
export const IPV6_DESTINATION = 24;

/** Bytes of the header. */
export const IPV6_HEADER_LEN = 40;

/** Protocol number of ICMPv6. */
export const PROTOCOL_ICMPV6 = 58;
/** Next header: hop-by-hop options. */
const NEXT_HOP_BY_HOP = 0;
/** Next header: routing. */
const NEXT_ROUTING = 43;
/** Next header: fragment. */
const NEXT_FRAGMENT = 44;
/** Next header: authentication (RFC 4302). */
const NEXT_AUTHENTICATION = 51;
/** Next header: options for the destination. */
export const NEXT_DESTINATION_OPTIONS = 60;
/** Next headers of the same form (RFC 7045): mobility, Host Identity Protocol, shim6, and two for experiments. */
const OTHER_EXTENSIONS = [135, 139, 140, 253, 254];

const VERSION_6 = 6;
const FRAGMENT_OFFSET_MASK = 0xfff8;
const MORE_FRAGMENTS = 1;
const SEGMENTS_LEFT = 3;
/** Bytes of the shortest extension header, and the unit of their lengths. */
const EXTENSION_UNIT = 8;
/** Extension headers that are walked: RFC 8200 section 4.1 has six kinds, each once but for one that may come twice. */
const MAX_EXTENSIONS = 8;

const PLAIN = 1;
const AUTHENTICATION = 2;
const FRAGMENT = 3;
const ROUTING = 4;
/** The form of an extension header, by its number; 0 for what is none. */
const FORMS = new Uint8Array(256);
for (const next of [NEXT_HOP_BY_HOP, NEXT_DESTINATION_OPTIONS, ...OTHER_EXTENSIONS]) FORMS[next] = PLAIN;
FORMS[NEXT_AUTHENTICATION] = AUTHENTICATION;
FORMS[NEXT_FRAGMENT] = FRAGMENT;
FORMS[NEXT_ROUTING] = ROUTING;

/** True for the next headers of extension headers. */
export function isExtension(next: number): boolean {
  return FORMS[next] !== 0;
}

/** Bytes of the header, or 0 where the bytes cannot hold the packet that it claims. Bytes past its payload are no fault. */
export function checkIpv6(view: DataView, at: number, length: number): number {
  if (checkIpv6Quoted(view, at, length) === 0) return 0;
  return IPV6_HEADER_LEN + view.getUint16(at + PAYLOAD_LEN) <= length ? IPV6_HEADER_LEN : 0;
}

/** Bytes of the header, where it begins a packet that an ICMPv6 error quotes, or 0. A quote may be cut: the payload length is not looked at. */
export function checkIpv6Quoted(view: DataView, at: number, length: number): number {
  return length >= IPV6_HEADER_LEN && view.getUint8(at) >> 4 === VERSION_6 ? IPV6_HEADER_LEN : 0;
}

/** The traffic class. */
export function ipv6TrafficClass(view: DataView, at: number): number {
  return view.getUint16(at + VERSION_CLASS_FLOW) >> 4 & 0xff;
}

/** The flow label. */
export function ipv6FlowLabel(view: DataView, at: number): number {
  return view.getUint32(at + VERSION_CLASS_FLOW) & 0xf_ffff;
}

/** Bytes of the payload, extension headers included. */
export function ipv6PayloadLen(view: DataView, at: number): number {
  return view.getUint16(at + PAYLOAD_LEN);
}

/** The kind of the header that follows. */
export function ipv6NextHeader(view: DataView, at: number): number {
  return view.getUint8(at + NEXT_HEADER);
}

/** The hop limit. */
export function ipv6HopLimit(view: DataView, at: number): number {
  return view.getUint8(at + HOP_LIMIT);
}

/** The payload of a packet behind its extension headers, found into place. */
export class Ipv6Payload {
  /** The protocol, for example `PROTOCOL_TCP`. */
  protocol = 0;
  /** The offset of its header. */
  at = 0;
  /** Bytes from there to the end of the packet, or of what was quoted of it. */
  length = 0;
  /** The number of extension headers before it. */
  extensions = 0;
  /** True for the first fragment of a packet that has more. */
  isFirstFragment = false;

  /**
   * Walks the extension headers of a whole packet for which `checkIpv6` returned a length; false for a fragment, for a packet that is still
   * under way to another address, and where a header is cut or there are too many.
   *
   * @param takesFirst True if a first fragment is taken.
   */
  find(view: DataView, at: number, takesFirst = false): boolean {
    const length = ipv6PayloadLen(view, at);
    return this.#walk(view, ipv6NextHeader(view, at), at + IPV6_HEADER_LEN, length, false) &&
      (takesFirst || !this.isFirstFragment);
  }

  /**
   * The same for a packet that is quoted by an error, for which `checkIpv6Quoted` returned a length; false for later fragments.
   *
   * @param length Bytes that are quoted.
   */
  findQuoted(view: DataView, at: number, length: number): boolean {
    return this.#walk(view, ipv6NextHeader(view, at), at + IPV6_HEADER_LEN, length - IPV6_HEADER_LEN, true);
  }

  #walk(view: DataView, next: number, at: number, length: number, isQuoted: boolean): boolean {
    this.isFirstFragment = false;
    for (this.extensions = 0; FORMS[next] !== 0; this.extensions++) {
      if (this.extensions === MAX_EXTENSIONS || length < EXTENSION_UNIT) return false;
      let headerLen = (view.getUint8(at + 1) + 1) * EXTENSION_UNIT;
      switch (FORMS[next]) {
        case AUTHENTICATION:
          headerLen = (view.getUint8(at + 1) + 2) * 4;
          break;
        case ROUTING:
          if (!isQuoted && view.getUint8(at + SEGMENTS_LEFT) !== 0) return false;
          break;
        case FRAGMENT: {
          headerLen = EXTENSION_UNIT;
          const field = view.getUint16(at + 2);
          if ((field & FRAGMENT_OFFSET_MASK) !== 0) return false;
          // Without more fragments it is a whole packet (RFC 6946).
          if ((field & MORE_FRAGMENTS) !== 0) this.isFirstFragment = true;
        }
      }
      if (headerLen > length) return false;
      next = view.getUint8(at);
      at += headerLen;
      length -= headerLen;
    }
    this.protocol = next;
    this.at = at;
    this.length = length;
    return true;
  }
}

/** Sets the bytes of the payload. */
export function setIpv6PayloadLen(view: DataView, at: number, payloadLen: number): void {
  view.setUint16(at + PAYLOAD_LEN, payloadLen);
}

/** Sets the flow label, of 20 bits, and a traffic class of 0. */
export function setIpv6FlowLabel(view: DataView, at: number, flowLabel: number): void {
  view.setUint32(at + VERSION_CLASS_FLOW, VERSION_6 << 28 | flowLabel);
}

/** The fields of a header. */
interface Ipv6Fields {
  /** The address that the packet comes from. */
  readonly source: bigint;
  /** The address that the packet goes to. */
  readonly destination: bigint;
  /** For example {@linkcode PROTOCOL_ICMPV6}. */
  readonly nextHeader: number;
  /** Bytes behind the header. */
  readonly payloadLen: number;
  /** 64 if not given. */
  readonly hopLimit?: number;
  /** 0 if not given. */
  readonly trafficClass?: number;
  /** 0 if not given. */
  readonly flowLabel?: number;
}

/** Writes a header; returns its length in bytes. */
export function writeIpv6(view: DataView, at: number, fields: Ipv6Fields): number {
  writeIpv6Head(view, at, fields.nextHeader, fields.payloadLen, fields.hopLimit ?? 64);
  const { trafficClass = 0, flowLabel = 0 } = fields;
  view.setUint32(at + VERSION_CLASS_FLOW, (VERSION_6 << 28 | trafficClass << 20 | flowLabel) >>> 0);
  writeIpv6Address(view, at + IPV6_SOURCE, fields.source);
  writeIpv6Address(view, at + IPV6_DESTINATION, fields.destination);
  return IPV6_HEADER_LEN;
}

/** Writes a header but for its addresses, and returns its length: what is sent for each packet has those in its place already. */
export function writeIpv6Head(
  view: DataView,
  at: number,
  nextHeader: number,
  payloadLen: number,
  hopLimit: number,
): number {
  view.setUint32(at + VERSION_CLASS_FLOW, VERSION_6 << 28);
  view.setUint16(at + PAYLOAD_LEN, payloadLen);
  view.setUint8(at + NEXT_HEADER, nextHeader);
  view.setUint8(at + HOP_LIMIT, hopLimit);
  return IPV6_HEADER_LEN;
}

/**
 * The unfolded sum of the pseudo header (RFC 8200 section 8.1), with the addresses of the header at `at`; `length` counts the bytes of
 * the upper-layer header and its payload.
 */
export function pseudoHeaderSum6(view: DataView, at: number, protocol: number, length: number): number {
  return sumWords(view, at + IPV6_SOURCE, 2 * IPV6_LEN, protocol + (length >>> 16) + (length & 0xffff));
}

/** The checksum of an upper-layer header and its payload, `length` bytes at `upperAt`. Over bytes that hold their own right checksum it is 0. */
export function upperChecksum(view: DataView, at: number, upperAt: number, length: number, protocol: number): number {
  return foldChecksum(sumWords(view, upperAt, length, pseudoHeaderSum6(view, at, protocol, length)));
}

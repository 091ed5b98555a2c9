// Hot path: nothing here may allocate per packet.
/**
 * RFC 4861: Neighbor Discovery for IP version 6: neighbor solicitations and advertisements, messages of ICMPv6.
 *
 * ```text
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |      Type     |      Code     |            Checksum           |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |R|S|O|                     Reserved                            |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                    Target address, 16 bytes                   |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |   Options: type, length in units of 8 bytes, link-layer address
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * ```
 *
 * @module
 */

import { copyIpv6Address } from "./address6.ts";
import { readMac, writeMac } from "./ethernet.ts";
import { isStationMac } from "./mac.ts";
import { fillIcmpv6Checksum, icmpv6Code, icmpv6Type, writeIcmpv6Head } from "./icmpv6.ts";
import {
  checkIpv6,
  IPV6_DESTINATION,
  IPV6_HEADER_LEN,
  ipv6HopLimit,
  type Ipv6Payload,
  PROTOCOL_ICMPV6,
  upperChecksum,
  writeIpv6Head,
} from "./ipv6.ts";

const FLAGS = 4;
/** The offset of the target in a message. */
export const NDP_TARGET = 8;
const OPTIONS = 24;
const LINK_ADDRESS_OPTION_LEN = 8;
const OPTION_UNIT = 8;

/** Type: neighbor solicitation. */
export const NDP_SOLICITATION = 135;
/** Type: neighbor advertisement. */
export const NDP_ADVERTISEMENT = 136;
const SOURCE_LINK_ADDRESS = 1;
const TARGET_LINK_ADDRESS = 2;
/** Flag: the advertisement replies to a solicitation. */
const SOLICITED = 0x4000_0000;
/** The hop limit of all messages: one from beyond a router has another (RFC 4861 section 7.1). */
const HOP_LIMIT = 255;
/** Options of a message that are walked. */
const MAX_OPTIONS = 16;

/** Bytes of a solicitation with its IPv6 header. */
export const SOLICITATION_LEN = IPV6_HEADER_LEN + OPTIONS + LINK_ADDRESS_OPTION_LEN;

/**
 * Bytes of the message, or 0 where it is no neighbor advertisement that is valid by RFC 4861 section 7.1.2. `ipAt` is the offset of the IPv6
 * header, and `at` and `length` are those of the message behind it.
 */
export function checkAdvertisement(view: DataView, ipAt: number, at: number, length: number): number {
  if (length < OPTIONS || icmpv6Type(view, at) !== NDP_ADVERTISEMENT || icmpv6Code(view, at) !== 0) return 0;
  if (ipv6HopLimit(view, ipAt) !== HOP_LIMIT || view.getUint8(at + NDP_TARGET) === 0xff) return 0;
  const isToGroup = view.getUint8(ipAt + IPV6_DESTINATION) === 0xff;
  if (isToGroup && (view.getUint32(at + FLAGS) & SOLICITED) !== 0) return 0;
  return upperChecksum(view, ipAt, at, length, PROTOCOL_ICMPV6) === 0 ? length : 0;
}

/**
 * Finds a valid advertisement with the hardware address of a station in a received packet of any bytes; false for any other. Without such
 * an address it replies to no solicitation of a group (RFC 4861 sections 4.4 and 7.2.5).
 *
 * @param payload Is set to the message.
 */
export function findAdvertisement(view: DataView, at: number, length: number, payload: Ipv6Payload): boolean {
  if (checkIpv6(view, at, length) === 0 || !payload.find(view, at) || payload.protocol !== PROTOCOL_ICMPV6) {
    return false;
  }
  // RFC 4861 has no extension headers before it, and RFC 6980 forbids fragments.
  return payload.extensions === 0 && checkAdvertisement(view, at, payload.at, payload.length) > 0 &&
    isStationMac(advertisedMac(view, payload.at, payload.length));
}

/** The hardware address of the target in an advertisement of `length` bytes; 0 where it has none: the sender of the frame has to do. */
export function advertisedMac(view: DataView, at: number, length: number): number {
  const end = at + length;
  let offset = at + OPTIONS;
  for (let options = 0; options < MAX_OPTIONS && offset + OPTION_UNIT <= end; options++) {
    const optionLen = view.getUint8(offset + 1) * OPTION_UNIT;
    if (optionLen === 0 || offset + optionLen > end) return 0;
    if (view.getUint8(offset) === TARGET_LINK_ADDRESS) return readMac(view, offset + 2);
    offset += optionLen;
  }
  return 0;
}

/**
 * Writes a solicitation for the address in the sixteen bytes at `targetAt` of `addresses`, to its solicited-node multicast address (RFC 4291
 * section 2.7.1), IPv6 header included but for its source, and for hardware address and checksum, which belong to the link; returns its length
 * in bytes.
 */
export function writeSolicitation(view: DataView, at: number, addresses: DataView, targetAt: number): number {
  const icmpAt = at + writeIpv6Head(view, at, PROTOCOL_ICMPV6, SOLICITATION_LEN - IPV6_HEADER_LEN, HOP_LIMIT);
  view.setUint32(at + IPV6_DESTINATION, 0xff02_0000);
  view.setUint32(at + IPV6_DESTINATION + 4, 0);
  view.setUint32(at + IPV6_DESTINATION + 8, 1);
  view.setUint32(at + IPV6_DESTINATION + 12, (0xff00_0000 | addresses.getUint32(targetAt + 12) & 0xff_ffff) >>> 0);
  writeIcmpv6Head(view, icmpAt, NDP_SOLICITATION, 0, 0);
  copyIpv6Address(addresses, targetAt, view, icmpAt + NDP_TARGET);
  view.setUint8(icmpAt + OPTIONS, SOURCE_LINK_ADDRESS);
  view.setUint8(icmpAt + OPTIONS + 1, LINK_ADDRESS_OPTION_LEN / OPTION_UNIT);
  return SOLICITATION_LEN;
}

/** Completes a solicitation that has its source: sets the hardware address of the sender, and the checksum. */
export function setSolicitationMac(view: DataView, at: number, mac: number): void {
  const icmpAt = at + IPV6_HEADER_LEN;
  writeMac(view, icmpAt + OPTIONS + 2, mac);
  fillIcmpv6Checksum(view, at, icmpAt, SOLICITATION_LEN - IPV6_HEADER_LEN);
}

/** The hardware address of the group that an IPv6 packet at `at` goes to (RFC 2464 section 7): 33:33 and the last 32 bits. */
export function groupMac(view: DataView, at: number): number {
  return 0x3333 * 0x1_0000_0000 + view.getUint32(at + IPV6_DESTINATION + 12);
}

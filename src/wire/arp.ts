// Hot path: nothing here may allocate per packet.
/**
 * ARP for IPv4 over Ethernet: RFC 826.
 *
 * ```text
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |         Hardware type         |         Protocol type         |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * | Hardware len  | Protocol len  |           Operation           |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |    Sender MAC (6), sender IPv4 (4), target MAC (6), target IPv4 (4)
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * ```
 *
 * @module
 */

import { ETHERTYPE_IPV4, readMac, writeMac } from "./ethernet.ts";
import { isStationMac, MAC_LEN } from "./mac.ts";

const HARDWARE_TYPE = 0;
const PROTOCOL_TYPE = 2;
const HARDWARE_LEN = 4;
const PROTOCOL_LEN = 5;
const OPERATION = 6;
const SENDER_MAC = 8;
const SENDER_IP = 14;
const TARGET_MAC = 18;
const TARGET_IP = 24;

/** Bytes of an ARP packet for IPv4 over Ethernet. */
export const ARP_LEN = 28;

const ETHERNET = 1;
const IPV4_LEN = 4;

/** Operation: request. */
export const ARP_REQUEST = 1;
/** Operation: reply. */
export const ARP_REPLY = 2;

/** Bytes of the packet, or 0 where the bytes hold no ARP packet for IPv4 over Ethernet. Padding after it is no fault. */
export function checkArp(view: DataView, at: number, length: number): number {
  if (length < ARP_LEN) return 0;
  const isIpv4OverEthernet = view.getUint16(at + HARDWARE_TYPE) === ETHERNET &&
    view.getUint16(at + PROTOCOL_TYPE) === ETHERTYPE_IPV4 && view.getUint8(at + HARDWARE_LEN) === MAC_LEN &&
    view.getUint8(at + PROTOCOL_LEN) === IPV4_LEN;
  return isIpv4OverEthernet ? ARP_LEN : 0;
}

/** For example {@linkcode ARP_REPLY}. */
export function arpOperation(view: DataView, at: number): number {
  return view.getUint16(at + OPERATION);
}

/** The MAC address of the sender. */
export function arpSenderMac(view: DataView, at: number): number {
  return readMac(view, at + SENDER_MAC);
}

/** The IPv4 address of the sender. */
export function arpSenderIp(view: DataView, at: number): number {
  return view.getUint32(at + SENDER_IP);
}

/** True for a reply that has the address of a station. */
export function isArpReply(view: DataView, at: number): boolean {
  return arpOperation(view, at) === ARP_REPLY && isStationMac(arpSenderMac(view, at));
}

/** The MAC address of the target; of a request 0. */
export function arpTargetMac(view: DataView, at: number): number {
  return readMac(view, at + TARGET_MAC);
}

/** The IPv4 address of the target. */
export function arpTargetIp(view: DataView, at: number): number {
  return view.getUint32(at + TARGET_IP);
}

/**
 * Writes a request for the MAC address of `target`, all but the MAC address of the sender, which belongs to the link; returns its
 * length in bytes.
 */
export function writeArpRequest(view: DataView, at: number, sender: number, target: number): number {
  view.setUint16(at + HARDWARE_TYPE, ETHERNET);
  view.setUint16(at + PROTOCOL_TYPE, ETHERTYPE_IPV4);
  view.setUint8(at + HARDWARE_LEN, MAC_LEN);
  view.setUint8(at + PROTOCOL_LEN, IPV4_LEN);
  view.setUint16(at + OPERATION, ARP_REQUEST);
  view.setUint32(at + SENDER_IP, sender);
  writeMac(view, at + TARGET_MAC, 0);
  view.setUint32(at + TARGET_IP, target);
  return ARP_LEN;
}

/** Sets the MAC address of the sender. */
export function setArpSenderMac(view: DataView, at: number, mac: number): void {
  writeMac(view, at + SENDER_MAC, mac);
}

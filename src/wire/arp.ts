/**
 * ARP requests for IPv4 over Ethernet: RFC 826.
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

import { ETHERTYPE_IPV4 } from "./ethernet.ts";

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
const REQUEST = 1;
const MAC_LEN = 6;
const IPV4_LEN = 4;

/**
 * Writes a request for the hardware address of `target`.
 *
 * @param mac The sender's hardware address, 6 bytes.
 */
export function writeArpRequest(view: DataView, at: number, mac: Uint8Array, sender: number, target: number): void {
  view.setUint16(at + HARDWARE_TYPE, ETHERNET);
  view.setUint16(at + PROTOCOL_TYPE, ETHERTYPE_IPV4);
  view.setUint8(at + HARDWARE_LEN, MAC_LEN);
  view.setUint8(at + PROTOCOL_LEN, IPV4_LEN);
  view.setUint16(at + OPERATION, REQUEST);
  for (let i = 0; i < MAC_LEN; i++) {
    view.setUint8(at + SENDER_MAC + i, mac[i]!);
    view.setUint8(at + TARGET_MAC + i, 0);
  }
  view.setUint32(at + SENDER_IP, sender);
  view.setUint32(at + TARGET_IP, target);
}

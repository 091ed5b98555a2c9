// Hot path: nothing here may allocate per packet.
/**
 * Ethernet II headers: IEEE 802.3, RFC 894. Only sent ones: replies are received without them.
 *
 * ```text
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                      Destination address                      |
 * +                               +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                               |                               |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+                               +
 * |                        Source address                         |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |           EtherType           |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * ```
 *
 * A MAC address is one number of 48 bits, as an IPv4 address is one of 32.
 *
 * @module
 */

const DESTINATION = 0;
const SOURCE = 6;
const ETHERTYPE = 12;

/** Bytes of an Ethernet header without tags. */
export const ETHERNET_HEADER_LEN = 14;

/** EtherType of IPv4. */
export const ETHERTYPE_IPV4 = 0x0800;
/** EtherType of ARP. */
export const ETHERTYPE_ARP = 0x0806;

const TWO_TO_32 = 0x1_0000_0000;

/** Sets the MAC address that the frame goes to. */
export function setEthernetDestination(view: DataView, at: number, mac: number): void {
  writeMac(view, at + DESTINATION, mac);
}

/** Sets the MAC address that the frame comes from. */
export function setEthernetSource(view: DataView, at: number, mac: number): void {
  writeMac(view, at + SOURCE, mac);
}

/** Sets the EtherType after the addresses. */
export function setEthernetEthertype(view: DataView, at: number, ethertype: number): void {
  view.setUint16(at + ETHERTYPE, ethertype);
}

/** The MAC address in the six bytes at `at`. */
export function readMac(view: DataView, at: number): number {
  return view.getUint16(at) * TWO_TO_32 + view.getUint32(at + 2);
}

/** Puts a MAC address in the six bytes at `at`. */
export function writeMac(view: DataView, at: number, mac: number): void {
  view.setUint16(at, mac / TWO_TO_32);
  view.setUint32(at + 2, mac % TWO_TO_32);
}

/** The MAC address in six bytes. */
export function macOf(bytes: Uint8Array): number {
  return readMac(new DataView(bytes.buffer, bytes.byteOffset), 0);
}

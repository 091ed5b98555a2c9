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
/** Bytes of a MAC address. */
export const MAC_LEN = 6;

/** EtherType of IPv4. */
export const ETHERTYPE_IPV4 = 0x0800;
/** EtherType of ARP. */
export const ETHERTYPE_ARP = 0x0806;

/** The MAC address of all stations of a link. */
export const MAC_BROADCAST = 0xffff_ffff_ffff;

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

/** A MAC address as text, for example `02:00:5e:10:00:07`. */
export function formatMac(mac: number): string {
  return mac.toString(16).padStart(2 * MAC_LEN, "0").replace(/..(?=.)/g, "$&:");
}

/** Reads a MAC address as {@linkcode formatMac} writes it, in letters of either case; `undefined` for anything else. */
export function parseMac(text: string): number | undefined {
  return /^[\da-f]{2}(:[\da-f]{2}){5}$/i.test(text) ? parseInt(text.replaceAll(":", ""), 16) : undefined;
}

/** True for the address of one station: not of a group, not broadcast, not 0. */
export function isStationMac(mac: number): boolean {
  return mac !== 0 && (Math.floor(mac / GROUP_BIT) & 1) === 0;
}

/** The bit of a group address, IEEE 802 section 8.2.2. */
const GROUP_BIT = 2 ** 40;

// Hot path: nothing here may allocate per packet.
/**
 * Ethernet II frames: IEEE 802.3, RFC 894, and the VLAN tags of IEEE 802.1Q and 802.1ad (QinQ).
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
 * | EtherType, or that of a tag   | the tag, then a type again    |
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
/** Bytes that each VLAN tag adds. */
export const VLAN_TAG_LEN = 4;

/** EtherType of IPv4. */
export const ETHERTYPE_IPV4 = 0x0800;
/** EtherType of ARP. */
export const ETHERTYPE_ARP = 0x0806;
/** EtherType of IPv6. */
export const ETHERTYPE_IPV6 = 0x86dd;
/** EtherType of a VLAN tag (802.1Q). */
export const ETHERTYPE_VLAN = 0x8100;
/** EtherType of an outer VLAN tag (802.1ad). */
export const ETHERTYPE_QINQ = 0x88a8;
/** EtherType of an outer VLAN tag as it was before 802.1ad. */
export const ETHERTYPE_QINQ_OLD = 0x9100;

/** The broadcast MAC address. */
export const MAC_BROADCAST = 0xffff_ffff_ffff;

const TWO_TO_32 = 0x1_0000_0000;

/** Bytes of the header without its tags, or 0 where the bytes cannot hold it. */
export function checkEthernet(_view: DataView, _at: number, length: number): number {
  return length >= ETHERNET_HEADER_LEN ? ETHERNET_HEADER_LEN : 0;
}

/** Bytes from the frame's beginning to its payload, past any VLAN tags, or 0 where a tag is cut short. */
export function ethernetPayloadOffset(view: DataView, at: number, length: number): number {
  let offset = ETHERNET_HEADER_LEN;
  while (offset <= length && isTag(view.getUint16(at + offset - 2))) offset += VLAN_TAG_LEN;
  return offset <= length ? offset : 0;
}

/** The EtherType of the payload that begins at `payloadOffset`, as {@linkcode ethernetPayloadOffset} gave it. */
export function ethernetPayloadType(view: DataView, at: number, payloadOffset: number): number {
  return view.getUint16(at + payloadOffset - 2);
}

function isTag(ethertype: number): boolean {
  return ethertype === ETHERTYPE_VLAN || ethertype === ETHERTYPE_QINQ || ethertype === ETHERTYPE_QINQ_OLD;
}

/** The MAC address that the frame goes to. */
export function ethernetDestination(view: DataView, at: number): number {
  return readMac(view, at + DESTINATION);
}

/** The MAC address that the frame comes from. */
export function ethernetSource(view: DataView, at: number): number {
  return readMac(view, at + SOURCE);
}

/** The EtherType after the addresses: that of the first tag in a tagged frame. */
export function ethernetEthertype(view: DataView, at: number): number {
  return view.getUint16(at + ETHERTYPE);
}

/** Sets the MAC address that the frame goes to. */
export function setEthernetDestination(view: DataView, at: number, mac: number): void {
  putMac(view, at + DESTINATION, mac);
}

/** Sets the MAC address that the frame comes from. */
export function setEthernetSource(view: DataView, at: number, mac: number): void {
  putMac(view, at + SOURCE, mac);
}

/** Sets the EtherType after the addresses. */
export function setEthernetEthertype(view: DataView, at: number, ethertype: number): void {
  view.setUint16(at + ETHERTYPE, ethertype);
}

/** The fields of an Ethernet header without tags. */
export interface EthernetFields {
  /** The MAC address that the frame goes to. */
  readonly destination: number;
  /** The MAC address that the frame comes from. */
  readonly source: number;
  /** For example {@linkcode ETHERTYPE_IPV4}. */
  readonly ethertype: number;
}

/** Writes a header without tags; returns its length in bytes. */
export function writeEthernet(view: DataView, at: number, fields: EthernetFields): number {
  setEthernetDestination(view, at, fields.destination);
  setEthernetSource(view, at, fields.source);
  setEthernetEthertype(view, at, fields.ethertype);
  return ETHERNET_HEADER_LEN;
}

/** The MAC address in the six bytes at `at`. */
export function readMac(view: DataView, at: number): number {
  return view.getUint16(at) * TWO_TO_32 + view.getUint32(at + 2);
}

/** Puts a MAC address in the six bytes at `at`. */
export function putMac(view: DataView, at: number, mac: number): void {
  view.setUint16(at, mac / TWO_TO_32);
  view.setUint32(at + 2, mac % TWO_TO_32);
}

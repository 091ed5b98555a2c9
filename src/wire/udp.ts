// Hot path: nothing here may allocate per packet.
/**
 * RFC 768: User Datagram Protocol.
 *
 * ```text
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |          Source port          |       Destination port        |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |            Length             |           Checksum            |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * ```
 *
 * @module
 */

import { foldChecksum, sumWords } from "./checksum.ts";

const SOURCE_PORT = 0;
const DESTINATION_PORT = 2;
const LENGTH = 4;
const CHECKSUM = 6;

/** Bytes of the header. */
export const UDP_HEADER_LEN = 8;

/** Returns the header length in bytes, or 0 where `length` bytes hold no whole datagram. */
export function checkUdp(view: DataView, at: number, length: number): number {
  if (length < UDP_HEADER_LEN) return 0;
  const datagramLen = view.getUint16(at + LENGTH);
  return datagramLen >= UDP_HEADER_LEN && datagramLen <= length ? UDP_HEADER_LEN : 0;
}

/** The same for the first fragment of a datagram, which is longer than these. */
export function checkUdpFragment(view: DataView, at: number, length: number): number {
  return length >= UDP_HEADER_LEN && view.getUint16(at + LENGTH) > length ? UDP_HEADER_LEN : 0;
}

/** The source port. */
export function udpSourcePort(view: DataView, at: number): number {
  return view.getUint16(at + SOURCE_PORT);
}

/** The destination port. */
export function udpDestinationPort(view: DataView, at: number): number {
  return view.getUint16(at + DESTINATION_PORT);
}

/** Bytes of the datagram, the header included. */
export function udpLen(view: DataView, at: number): number {
  return view.getUint16(at + LENGTH);
}

/** The checksum; 0 where the sender has computed none. */
export function udpChecksum(view: DataView, at: number): number {
  return view.getUint16(at + CHECKSUM);
}

/**
 * Writes a header, and the checksum over it and the payload that is behind it already.
 *
 * @param pseudoSum The sum of the pseudo header.
 */
export function writeUdp(
  view: DataView,
  at: number,
  sourcePort: number,
  destinationPort: number,
  length: number,
  pseudoSum: number,
): void {
  view.setUint16(at + SOURCE_PORT, sourcePort);
  view.setUint16(at + DESTINATION_PORT, destinationPort);
  view.setUint16(at + LENGTH, length);
  view.setUint16(at + CHECKSUM, 0);
  // A checksum of 0 is sent as its complement, for 0 means that there is none.
  view.setUint16(at + CHECKSUM, foldChecksum(sumWords(view, at, length, pseudoSum)) || 0xffff);
}

// Hot path: nothing here may allocate per packet.
/**
 * RFC 9293: Transmission Control Protocol (TCP).
 *
 * ```text
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |          Source port          |        Destination port       |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                        Sequence number                        |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                     Acknowledgment number                     |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * | Data  |       |C|E|U|A|P|R|S|F|                               |
 * | offset| Rsrvd |W|C|R|C|S|S|Y|I|            Window             |
 * |       |       |R|E|G|K|H|T|N|N|                               |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |           Checksum            |         Urgent pointer        |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                 Options, if data offset is over 5             |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * ```
 *
 * @module
 */

import { checksum } from "./checksum.ts";
import { PROTOCOL_TCP, pseudoHeaderSum } from "./ipv4.ts";

const SOURCE_PORT = 0;
const DESTINATION_PORT = 2;
const SEQ = 4;
const ACK = 8;
const DATA_OFFSET = 12;
const FLAGS = 13;
const WINDOW = 14;
const CHECKSUM = 16;
const URGENT = 18;
const OPTIONS = 20;

/** Bytes of a header without options. */
export const TCP_MIN_HEADER_LEN = 20;
/** Bytes of the longest header. */
export const TCP_MAX_HEADER_LEN = 60;
/** Bytes from the beginning of a header that are enough to read its ports and its sequence number. */
export const TCP_PORTS_AND_SEQ_LEN = 8;

/** No more data from the sender. */
export const TCP_FIN = 0x01;
/** Synchronize sequence numbers. */
export const TCP_SYN = 0x02;
/** Reset the connection. */
export const TCP_RST = 0x04;
/** Push. */
export const TCP_PSH = 0x08;
/** The acknowledgment number counts. */
export const TCP_ACK = 0x10;
/** The urgent pointer counts. */
export const TCP_URG = 0x20;
/** ECN echo (RFC 3168). */
export const TCP_ECE = 0x40;
/** Congestion window reduced (RFC 3168). */
export const TCP_CWR = 0x80;

/** Option kind: end of the list. One byte. */
export const TCP_OPTION_END = 0;
/** Option kind: nothing, for alignment. One byte. */
export const TCP_OPTION_NOP = 1;
/** Option kind: maximum segment size. Four bytes. */
export const TCP_OPTION_MSS = 2;
/** Option kind: window scale (RFC 7323). Three bytes. */
export const TCP_OPTION_WINDOW_SCALE = 3;
/** Option kind: selective acknowledgment permitted (RFC 2018). Two bytes. */
export const TCP_OPTION_SACK_PERMITTED = 4;
/** Option kind: timestamps (RFC 7323). Ten bytes. */
export const TCP_OPTION_TIMESTAMPS = 8;

/** Bytes of the MSS option. */
export const MSS_OPTION_LEN = 4;

/** Returns the header length with options in bytes, or 0 where the bytes cannot hold it. */
export function checkTcp(view: DataView, at: number, length: number): number {
  if (length < TCP_MIN_HEADER_LEN) return 0;
  const headerLen = tcpHeaderLen(view, at);
  return headerLen >= TCP_MIN_HEADER_LEN && headerLen <= length ? headerLen : 0;
}

/** The port that the segment comes from. */
export function tcpSourcePort(view: DataView, at: number): number {
  return view.getUint16(at + SOURCE_PORT);
}

/** The port that the segment goes to. */
export function tcpDestinationPort(view: DataView, at: number): number {
  return view.getUint16(at + DESTINATION_PORT);
}

/** The sequence number. Compare modulo 2^32 (RFC 9293 section 3.4). */
export function tcpSeq(view: DataView, at: number): number {
  return view.getUint32(at + SEQ);
}

/** The acknowledgment number. Compare modulo 2^32 (RFC 9293 section 3.4). */
export function tcpAck(view: DataView, at: number): number {
  return view.getUint32(at + ACK);
}

/** Returns the header length with options in bytes, from the data offset, 0 to 60. */
export function tcpHeaderLen(view: DataView, at: number): number {
  return (view.getUint8(at + DATA_OFFSET) >> 4) * 4;
}

/** The eight flags, {@linkcode TCP_FIN} to {@linkcode TCP_CWR}. */
export function tcpFlags(view: DataView, at: number): number {
  return view.getUint8(at + FLAGS);
}

/** The window, not scaled. */
export function tcpWindow(view: DataView, at: number): number {
  return view.getUint16(at + WINDOW);
}

/** The checksum. */
export function tcpChecksum(view: DataView, at: number): number {
  return view.getUint16(at + CHECKSUM);
}

/**
 * Bytes of the option at `offset`, at least 1; 0 where the list ends there or the option does not end by `end`. Both
 * are offsets in `view`, `offset` under `end`.
 */
export function tcpOptionLen(view: DataView, offset: number, end: number): number {
  const kind = view.getUint8(offset);
  if (kind === TCP_OPTION_END) return 0;
  if (kind === TCP_OPTION_NOP) return 1;
  if (offset + 2 > end) return 0;
  const len = view.getUint8(offset + 1);
  return len >= 2 && offset + len <= end ? len : 0;
}

/** Sets the ports that the segment comes from and goes to. */
export function setTcpPorts(view: DataView, at: number, source: number, destination: number): void {
  view.setUint32(at + SOURCE_PORT, source << 16 | destination);
}

/** Sets the sequence number. */
export function setTcpSeq(view: DataView, at: number, seq: number): void {
  view.setUint32(at + SEQ, seq);
}

/** Sets the acknowledgment number. */
export function setTcpAck(view: DataView, at: number, ack: number): void {
  view.setUint32(at + ACK, ack);
}

/** Sets the data offset from the bytes of the header, a multiple of 4; the reserved bits become 0. */
export function setTcpHeaderLen(view: DataView, at: number, headerLen: number): void {
  view.setUint8(at + DATA_OFFSET, headerLen / 4 << 4);
}

/** Sets the checksum. */
export function setTcpChecksum(view: DataView, at: number, checksum: number): void {
  view.setUint16(at + CHECKSUM, checksum);
}

/**
 * Computes and sets the checksum of a segment.
 *
 * @param length Bytes of the segment, header and payload.
 * @param source The address in the IPv4 header that it goes into.
 * @param destination The address in that header that it goes to.
 */
export function fillTcpChecksum(
  view: DataView,
  at: number,
  length: number,
  source: number,
  destination: number,
): void {
  view.setUint16(at + CHECKSUM, 0);
  const pseudo = pseudoHeaderSum(source, destination, PROTOCOL_TCP, length);
  view.setUint16(at + CHECKSUM, checksum(view, at, length, pseudo));
}

/** The fields of a TCP header. */
export interface TcpFields {
  /** The port that the segment comes from. */
  readonly sourcePort: number;
  /** The port that the segment goes to. */
  readonly destinationPort: number;
  /** The sequence number. */
  readonly seq: number;
  /** The acknowledgment number; 0 without {@linkcode TCP_ACK}. */
  readonly ack: number;
  /** {@linkcode TCP_FIN} to {@linkcode TCP_CWR}, combined with `|`. */
  readonly flags: number;
  /** The window, not scaled. */
  readonly window: number;
  /** 0 if not given. */
  readonly urgent?: number;
  /** At most 40 bytes; filled up with ends of list to a multiple of 4. */
  readonly options?: Uint8Array;
}

/**
 * Writes a header with checksum 0 (see {@linkcode fillTcpChecksum}); returns its length in bytes.
 *
 * @throws {RangeError} If the options take more than 40 bytes.
 */
export function writeTcp(view: DataView, at: number, fields: TcpFields): number {
  const optionsLen = fields.options?.length ?? 0;
  const headerLen = OPTIONS + (optionsLen + 3 & ~3);
  if (headerLen > TCP_MAX_HEADER_LEN) {
    throw new RangeError(`Cannot write a TCP header: its options take ${optionsLen} bytes. Give at most 40`);
  }
  setTcpPorts(view, at, fields.sourcePort, fields.destinationPort);
  setTcpSeq(view, at, fields.seq);
  setTcpAck(view, at, fields.ack);
  setTcpHeaderLen(view, at, headerLen);
  view.setUint8(at + FLAGS, fields.flags);
  view.setUint16(at + WINDOW, fields.window);
  setTcpChecksum(view, at, 0);
  view.setUint16(at + URGENT, fields.urgent ?? 0);
  for (let i = 0; i < headerLen - OPTIONS; i++) {
    view.setUint8(at + OPTIONS + i, fields.options?.[i] ?? TCP_OPTION_END);
  }
  return headerLen;
}

/** The option that announces a maximum segment size, for {@linkcode TcpFields}. */
export function mssOption(mss: number): Uint8Array {
  return Uint8Array.of(TCP_OPTION_MSS, MSS_OPTION_LEN, mss >> 8, mss & 0xff);
}

// Hot path: nothing here may allocate per packet, except the name that a reply gives.
/**
 * RFC 1035: Domain Names, implementation and specification; names of addresses (section 3.5, and RFC 2317 for blocks smaller than
 * a /24), and letters whose case is a token (draft-vixie-dnsext-dns0x20).
 *
 * ```text
 *  0  1  2  3  4  5  6  7  8  9  0  1  2  3  4  5
 * +--+--+--+--+--+--+--+--+--+--+--+--+--+--+--+--+
 * |                      ID                       |
 * +--+--+--+--+--+--+--+--+--+--+--+--+--+--+--+--+
 * |QR|   Opcode  |AA|TC|RD|RA|   Z    |   RCODE   |
 * +--+--+--+--+--+--+--+--+--+--+--+--+--+--+--+--+
 * |                    QDCOUNT                    |
 * +--+--+--+--+--+--+--+--+--+--+--+--+--+--+--+--+
 * |                    ANCOUNT                    |
 * +--+--+--+--+--+--+--+--+--+--+--+--+--+--+--+--+
 * |                    NSCOUNT                    |
 * +--+--+--+--+--+--+--+--+--+--+--+--+--+--+--+--+
 * |                    ARCOUNT                    |
 * +--+--+--+--+--+--+--+--+--+--+--+--+--+--+--+--+
 * | Question: name, type, class                   |
 * | Records: name, type, class, TTL, length, data |
 * ```
 *
 * @module
 */

import { formatIpv4 } from "./address.ts";

const ID = 0;
const FLAGS = 2;
const QUESTIONS = 4;
const ANSWERS = 6;
const AUTHORITIES = 8;
const ADDITIONALS = 10;

const QR = 0x8000;
const OPCODE = 0x7800;
const TC = 0x0200;
const RD = 0x0100;
const RCODE = 0x000f;

/** Bytes of the header. */
export const DNS_HEADER_LEN = 12;
/** Bytes of the longest query that {@linkcode writePtrQuery} writes. */
export const PTR_QUERY_MAX_LEN = 90;
/** The port of DNS servers. */
export const DNS_PORT = 53;

/** The address and the port of a DNS server. */
export interface DnsServer {
  readonly address: number;
  readonly port: number;
}

/** Returns a server as text, with its port if that is not {@linkcode DNS_PORT}. */
export function dnsServerText({ address, port }: DnsServer): string {
  return port === DNS_PORT ? formatIpv4(address) : `${formatIpv4(address)}:${port}`;
}

/** Response code: no error. */
export const DNS_NO_ERROR = 0;
/** Response code: the server has failed. */
export const DNS_SERVER_FAILURE = 2;
/** Response code: there is no such name (NXDOMAIN). */
export const DNS_NAME_ERROR = 3;

const TYPE_CNAME = 5;
const TYPE_PTR = 12;
const CLASS_IN = 1;

/** Bytes of type and class after the name of a question. */
const QUESTION_TAIL_LEN = 4;
/** Bytes of type, class, TTL and length after the name of a record. */
const RECORD_TAIL_LEN = 10;
const RECORD_CLASS = 2;
const RECORD_DATA_LEN = 8;
/** RFC 1035 section 2.3.4: bytes of a name at most, with the lengths of its labels. */
const NAME_MAX_LEN = 255;
/** The two upper bits of the length of a label: 0 for a label, both for a pointer (section 4.1.4). */
const POINTER = 0xc0;
/** Aliases (CNAME) that are followed from one name. */
const MAX_ALIASES = 8;
/** Records that are looked through in a reply. */
const MAX_RECORDS = 512;
/** Characters of the text of a name at most; only a name with many escapes has more. */
const TEXT_MAX_LEN = 255;

/** `.in-addr.arpa.` and `.ip6.arpa.` as labels. */
const IN_ADDR_ARPA = new TextEncoder().encode("\x07in-addr\x04arpa\x00");
const IP6_ARPA = new TextEncoder().encode("\x03ip6\x04arpa\x00");
const HEXADECIMAL = new TextEncoder().encode("0123456789abcdef");
/** The addresses of hosts of IPv6, which have numbers from `first` on. */
export interface Ipv6Hosts {
  readonly first: number;
  /** Writes the 16 bytes of an address. */
  write(host: number, view: DataView, at: number): void;
}

/** The number of letters in a name of an address whose case is a token; names of IPv6 may have fewer. */
export const PTR_QUERY_LETTERS = 10;

/** Returns the length of the header, or 0 where the bytes cannot hold it. */
export function checkDns(_view: DataView, _at: number, length: number): number {
  return length >= DNS_HEADER_LEN ? DNS_HEADER_LEN : 0;
}

/** The id, by which a reply belongs to its query. */
export function dnsId(view: DataView, at: number): number {
  return view.getUint16(at + ID);
}

/** Returns true for a reply to a standard query (QR is set, the opcode is 0). */
export function dnsIsReply(view: DataView, at: number): boolean {
  return (view.getUint16(at + FLAGS) & (QR | OPCODE)) === QR;
}

/** Returns true if the reply was longer than it may be over UDP, and was cut. */
export function dnsIsTruncated(view: DataView, at: number): boolean {
  return (view.getUint16(at + FLAGS) & TC) !== 0;
}

/** The response code, for example {@linkcode DNS_NAME_ERROR}. */
export function dnsResponseCode(view: DataView, at: number): number {
  return view.getUint16(at + FLAGS) & RCODE;
}

/**
 * Writes a recursive query for the name of an address (type PTR).
 *
 * @param address An IPv4 address, or the number of a host of IPv6.
 * @param letters One bit for each of the {@linkcode PTR_QUERY_LETTERS} letters of the name: 1 for upper case.
 * @param ipv6 The hosts of IPv6, if there are any.
 * @returns Its length in bytes, {@linkcode PTR_QUERY_MAX_LEN} at most.
 */
export function writePtrQuery(
  view: DataView,
  at: number,
  id: number,
  address: number,
  letters: number,
  ipv6?: Ipv6Hosts,
): number {
  view.setUint16(at + ID, id);
  view.setUint16(at + FLAGS, RD);
  view.setUint16(at + QUESTIONS, 1);
  view.setUint16(at + ANSWERS, 0);
  view.setUint16(at + AUTHORITIES, 0);
  view.setUint16(at + ADDITIONALS, 0);
  let end = writePtrName(view, at + DNS_HEADER_LEN, address, letters, ipv6);
  view.setUint16(end, TYPE_PTR);
  view.setUint16(end + 2, CLASS_IN);
  end += QUESTION_TAIL_LEN;
  return end - at;
}

/** Writes the name of an address; returns the offset of its end. */
function writePtrName(view: DataView, at: number, address: number, letters: number, ipv6?: Ipv6Hosts): number {
  if (ipv6 !== undefined && address >= ipv6.first) return writeIp6Name(view, at, address, letters, ipv6);
  for (let shift = 0; shift < 32; shift += 8) at = writeByteLabel(view, at, address >>> shift & 0xff);
  return writeLetters(view, at, IN_ADDR_ARPA, letters);
}

const ipv6Address = new DataView(new ArrayBuffer(16));

/** Writes the name of a host of IPv6 (RFC 3596 section 2.5): its hexadecimal digits from the last to the first. */
function writeIp6Name(view: DataView, at: number, host: number, letters: number, ipv6: Ipv6Hosts): number {
  ipv6.write(host, ipv6Address, 0);
  for (let digit = 31; digit >= 0; digit--) {
    const byte = ipv6Address.getUint8(digit >> 1);
    view.setUint8(at++, 1);
    view.setUint8(at++, HEXADECIMAL[(digit & 1) === 1 ? byte & 0xf : byte >> 4]!);
  }
  return writeLetters(view, at, IP6_ARPA, letters);
}

/** Writes labels, with their letters in upper case where a bit is set. */
function writeLetters(view: DataView, at: number, labels: Uint8Array, letters: number): number {
  let bits = letters;
  for (let index = 0; index < labels.length; index++) {
    const byte = labels[index]!;
    if (!isLower(byte)) {
      view.setUint8(at++, byte);
      continue;
    }
    view.setUint8(at++, (bits & 1) === 1 ? byte - CASE : byte);
    bits >>>= 1;
  }
  return at;
}

/** Writes a number below 256 as a label of its decimal digits; returns the offset of its end. */
function writeByteLabel(view: DataView, at: number, byte: number): number {
  const digits = byte > 99 ? 3 : byte > 9 ? 2 : 1;
  view.setUint8(at, digits);
  for (let index = digits, rest = byte; index > 0; index--) {
    const tenth = rest / 10 | 0;
    view.setUint8(at + index, ZERO + rest - tenth * 10);
    rest = tenth;
  }
  return at + 1 + digits;
}

/** The question of a reply is not the one of the query. */
export const QUESTION_DIFFERS = 0;
/** It is the same, except for the case of its letters. */
export const QUESTION_OTHER_CASE = 1;
/** It is the same. */
export const QUESTION_SAME = 2;

/** The expected name of {@linkcode compareQuestion}. */
const expected = new DataView(new ArrayBuffer(PTR_QUERY_MAX_LEN));

/**
 * Compares the question of a reply with that of the query for an address's name: {@linkcode QUESTION_SAME},
 * {@linkcode QUESTION_OTHER_CASE} or {@linkcode QUESTION_DIFFERS}.
 */
export function compareQuestion(
  view: DataView,
  at: number,
  length: number,
  address: number,
  letters: number,
  ipv6?: Ipv6Hosts,
): number {
  const nameLen = writePtrName(expected, 0, address, letters, ipv6);
  if (length < DNS_HEADER_LEN + nameLen + QUESTION_TAIL_LEN || view.getUint16(at + QUESTIONS) !== 1) {
    return QUESTION_DIFFERS;
  }
  const name = at + DNS_HEADER_LEN;
  const isPtr = view.getUint16(name + nameLen) === TYPE_PTR && view.getUint16(name + nameLen + 2) === CLASS_IN;
  if (!isPtr) return QUESTION_DIFFERS;
  let found = QUESTION_SAME;
  for (let index = 0; index < nameLen; index++) {
    const is = view.getUint8(name + index);
    const wanted = expected.getUint8(index);
    if (is === wanted) continue;
    if (lower(is) !== lower(wanted)) return QUESTION_DIFFERS;
    found = QUESTION_OTHER_CASE;
  }
  return found;
}

/**
 * Finds the name in a reply whose question was compared: of the PTR records of the name that was asked for, or of the names that
 * it is an alias of (RFC 2317), the one that sorts first, so that the order of the records does not matter. Any bytes may follow
 * the question.
 *
 * @returns The name as {@linkcode safeName} has it; undefined if the reply holds none.
 */
export function ptrNameIn(view: DataView, at: number, length: number): string | undefined {
  const end = at + length;
  let owner = at + DNS_HEADER_LEN;
  const records = skipName(view, owner, end) + QUESTION_TAIL_LEN;
  if (records < owner) return undefined;
  const count = Math.min(view.getUint16(at + ANSWERS), MAX_RECORDS);
  for (let aliases = 0; aliases <= MAX_ALIASES; aliases++) {
    let name: string | undefined;
    let alias = -1;
    for (let record = records, index = 0; index < count; index++) {
      const tail = skipName(view, record, end);
      if (tail < 0 || tail + RECORD_TAIL_LEN > end) break;
      const data = tail + RECORD_TAIL_LEN;
      const next = data + view.getUint16(tail + RECORD_DATA_LEN);
      if (next > end) break;
      const type = view.getUint16(tail);
      const isOurs = (type === TYPE_PTR || type === TYPE_CNAME) && view.getUint16(tail + RECORD_CLASS) === CLASS_IN &&
        skipName(view, data, next) === next && areEqualNames(view, at, end, record, owner);
      record = next;
      if (!isOurs) continue;
      if (type === TYPE_CNAME) {
        alias = data;
        continue;
      }
      const found = readName(view, at, end, data);
      if (found !== undefined && (name === undefined || found < name)) name = found;
    }
    if (name !== undefined || alias < 0) return name;
    owner = alias;
  }
  return undefined;
}

/** Returns the offset after a name as it stands, with a pointer as its end; a negative number far below 0 where it is cut. */
function skipName(view: DataView, at: number, end: number): number {
  for (let from = at; from < end;) {
    const byte = view.getUint8(from);
    if (byte === 0) return from + 1;
    if (byte >= POINTER) return from + 2 <= end ? from + 2 : CUT;
    if (byte > LABEL_MAX_LEN) return CUT;
    from += 1 + byte;
    if (from - at > NAME_MAX_LEN) return CUT;
  }
  return CUT;
}

const CUT = -0x10000;
const LABEL_MAX_LEN = 63;

/**
 * Returns the offset of the label at `from`, or of that to which a pointer there leads; -1 for bytes that are no name. A pointer
 * must lead to before itself; one that leads around through labels is ended by the length of names.
 */
function labelAt(view: DataView, start: number, end: number, from: number): number {
  for (;;) {
    if (from >= end) return -1;
    const byte = view.getUint8(from);
    if (byte < POINTER) return byte <= LABEL_MAX_LEN && from + 1 + byte <= end ? from : -1;
    if (from + 2 > end) return -1;
    const target = start + (view.getUint16(from) & 0x3fff);
    if (target >= from) return -1;
    from = target;
  }
}

/** Returns true if two names are equal but for the case of their letters. */
function areEqualNames(view: DataView, start: number, end: number, one: number, other: number): boolean {
  for (let read = 0; read <= NAME_MAX_LEN;) {
    one = labelAt(view, start, end, one);
    other = labelAt(view, start, end, other);
    if (one < 0 || other < 0) return false;
    if (one === other) return true;
    const length = view.getUint8(one);
    if (length !== view.getUint8(other)) return false;
    if (length === 0) return true;
    for (let index = 1; index <= length; index++) {
      if (lower(view.getUint8(one + index)) !== lower(view.getUint8(other + index))) return false;
    }
    one += 1 + length;
    other += 1 + length;
    read += 1 + length;
  }
  return false;
}

/** Bytes of the name that {@linkcode readName} reads, with dots between the labels. */
const nameBytes = new Uint8Array(NAME_MAX_LEN);
/** For each of these bytes, 1 if it is such a dot. */
const nameDots = new Uint8Array(NAME_MAX_LEN);

function readName(view: DataView, start: number, end: number, from: number): string | undefined {
  let length = 0;
  for (let read = 1;;) {
    from = labelAt(view, start, end, from);
    if (from < 0) return undefined;
    const labelLen = view.getUint8(from);
    if (labelLen === 0) break;
    read += 1 + labelLen;
    if (read > NAME_MAX_LEN) return undefined;
    if (length > 0) {
      nameDots[length] = 1;
      nameBytes[length++] = DOT;
    }
    for (let index = 1; index <= labelLen; index++) {
      nameDots[length] = 0;
      nameBytes[length++] = view.getUint8(from + index);
    }
    from += 1 + labelLen;
  }
  return safeText(length);
}

/**
 * Returns a name as text that is harmless everywhere, in lower case: bytes other than letters, digits, hyphen, underscore and
 * slash are escaped as in zone files (RFC 1035 section 5.1), for example `\046` for a dot in a label, and so is a hyphen at the
 * beginning, which would make a flag of it. Letters in lower case, because a reply may repeat those of the query.
 *
 * @returns Undefined for the root, and for a name whose text would be longer than 255 characters.
 */
export function safeName(name: Uint8Array): string | undefined {
  if (name.length > NAME_MAX_LEN) return undefined;
  const length = name.at(-1) === DOT ? name.length - 1 : name.length;
  for (let index = 0; index < length; index++) {
    nameBytes[index] = name[index]!;
    nameDots[index] = name[index] === DOT ? 1 : 0;
  }
  return safeText(length);
}

function safeText(length: number): string | undefined {
  let text = "";
  for (let index = 0; index < length; index++) {
    const byte = lower(nameBytes[index]!);
    const isPlain = nameDots[index] === 1 || isLower(byte) || byte >= ZERO && byte <= NINE || byte === UNDERSCORE ||
      byte === SLASH || byte === HYPHEN && index > 0;
    text += isPlain ? String.fromCharCode(byte) : `\\${String(byte).padStart(3, "0")}`;
  }
  return text === "" || text.length > TEXT_MAX_LEN ? undefined : text;
}

const ZERO = 0x30;
const NINE = 0x39;
const UNDERSCORE = 0x5f;
const SLASH = 0x2f;
const HYPHEN = 0x2d;
const DOT = 0x2e;
/** The distance from a letter in upper case to the same in lower case. */
const CASE = 0x20;

function isLower(byte: number): boolean {
  return byte >= 0x61 && byte <= 0x7a;
}

function lower(byte: number): number {
  return byte >= 0x41 && byte <= 0x5a ? byte + CASE : byte;
}

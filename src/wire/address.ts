/**
 * IPv4 addresses as numbers of 32 bits, and the addresses that no host on the public Internet has (RFC 6890).
 *
 * @module
 */

/** The last IPv4 address, 255.255.255.255. */
export const IPV4_MAX = 0xffff_ffff;

const ZERO = 0x30;
const DOT = 0x2e;

/**
 * Reads four decimal numbers, 0 to 255, with dots between them; `undefined` for anything else. There are no leading
 * zeros (which some read as octal) and no short forms.
 */
export function parseIpv4(text: string): number | undefined {
  if (text.length < 7 || text.length > 15) return undefined;
  let address = 0;
  let bytes = 0;
  let byte = -1;
  for (let i = 0; i <= text.length; i++) {
    // The end of the text is read as a last dot.
    const char = i < text.length ? text.charCodeAt(i) : DOT;
    if (char === DOT) {
      if (byte < 0) return undefined;
      bytes++;
      address = address * 256 + byte;
      byte = -1;
      continue;
    }
    const digit = char - ZERO;
    if (digit < 0 || digit > 9 || byte === 0) return undefined;
    byte = byte < 0 ? digit : byte * 10 + digit;
    if (byte > 255) return undefined;
  }
  return bytes === 4 ? address : undefined;
}

/** An address as text, for example `192.0.2.7`. */
export function formatIpv4(address: number): string {
  const upper = address >>> 16;
  if (upper !== lastUpper) {
    lastUpper = upper;
    lastUpperText = WITH_DOT[upper >>> 8]! + WITH_DOT[upper & 0xff]!;
  }
  return lastUpperText + WITH_DOT[address >>> 8 & 0xff]! + BYTE_TEXTS[address & 0xff]!;
}

const BYTE_TEXTS = Array.from({ length: 256 }, (_, byte) => `${byte}`);
const WITH_DOT = BYTE_TEXTS.map((byte) => `${byte}.`);
// Addresses that are written one after the other have their upper half in common, mostly.
let lastUpper = -1;
let lastUpperText = "";

/** Returns true for an address of 127.0.0.0/8. */
export function isLoopback(address: number): boolean {
  return address >>> 24 === 127;
}

/** A range of addresses that is set aside. */
interface ReservedRange {
  /** The first address. */
  readonly first: number;
  /** The last address. */
  readonly last: number;
  /** Its purpose, in the registry's terms. */
  readonly name: string;
  /** The document that reserves it. */
  readonly rfc: string;
}

/**
 * Addresses that are not globally reachable, in ascending order and without overlaps: the IANA IPv4 Special-Purpose Address
 * Registry (RFC 6890) without the blocks that it calls globally reachable (192.0.0.9 and .10, 192.31.196.0/24,
 * 192.52.193.0/24, 192.175.48.0/24), and multicast (RFC 5771), which no single host has.
 */
export const RESERVED_IPV4: readonly ReservedRange[] = [
  { first: 0x00000000, last: 0x00ffffff, name: "This network", rfc: "RFC 791" },
  { first: 0x0a000000, last: 0x0affffff, name: "Private-Use", rfc: "RFC 1918" },
  { first: 0x64400000, last: 0x647fffff, name: "Shared Address Space", rfc: "RFC 6598" },
  { first: 0x7f000000, last: 0x7fffffff, name: "Loopback", rfc: "RFC 1122" },
  { first: 0xa9fe0000, last: 0xa9feffff, name: "Link Local", rfc: "RFC 3927" },
  { first: 0xac100000, last: 0xac1fffff, name: "Private-Use", rfc: "RFC 1918" },
  { first: 0xc0000000, last: 0xc0000008, name: "IETF Protocol Assignments", rfc: "RFC 6890" },
  { first: 0xc000000b, last: 0xc00000ff, name: "IETF Protocol Assignments", rfc: "RFC 6890" },
  { first: 0xc0000200, last: 0xc00002ff, name: "Documentation (TEST-NET-1)", rfc: "RFC 5737" },
  { first: 0xc0586300, last: 0xc05863ff, name: "Deprecated (6to4 Relay Anycast)", rfc: "RFC 7526" },
  { first: 0xc0a80000, last: 0xc0a8ffff, name: "Private-Use", rfc: "RFC 1918" },
  { first: 0xc6120000, last: 0xc613ffff, name: "Benchmarking", rfc: "RFC 2544" },
  { first: 0xc6336400, last: 0xc63364ff, name: "Documentation (TEST-NET-2)", rfc: "RFC 5737" },
  { first: 0xcb007100, last: 0xcb0071ff, name: "Documentation (TEST-NET-3)", rfc: "RFC 5737" },
  { first: 0xe0000000, last: 0xefffffff, name: "Multicast", rfc: "RFC 5771" },
  { first: 0xf0000000, last: 0xfffffffe, name: "Reserved", rfc: "RFC 1112" },
  { first: 0xffffffff, last: 0xffffffff, name: "Limited Broadcast", rfc: "RFC 919" },
];

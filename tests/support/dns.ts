/**
 * Replies of DNS servers, built from the bytes of a query, for tests.
 *
 * @module
 */

/** A record of a reply: labels of its owner (undefined for a pointer to the question), type, and data. */
export interface DnsRecord {
  readonly owner?: Uint8Array;
  readonly type: number;
  readonly data: Uint8Array;
}

export const PTR = 12;
export const CNAME = 5;
export const NXDOMAIN = 3;
export const SERVFAIL = 2;
export const REFUSED = 5;

const HEADER_LEN = 12;
const encoder = new TextEncoder();

/** Returns a name as labels; each label is text or bytes. */
export function labels(...parts: readonly (string | Uint8Array)[]): Uint8Array {
  const bytes = parts.map((part) => typeof part === "string" ? encoder.encode(part) : part);
  return Uint8Array.from([...bytes.flatMap((part) => [part.length, ...part]), 0]);
}

/** Returns the name of text with dots as labels. */
export function nameOf(text: string): Uint8Array {
  return labels(...text.split("."));
}

/** Returns the reply to a query: its header and question, a response code, flags and records. */
export function replyTo(
  query: Uint8Array,
  { code = 0, flags = 0x8180, records = [] }: {
    readonly code?: number;
    readonly flags?: number;
    readonly records?: readonly DnsRecord[];
  },
): Uint8Array {
  const bytes = [...query];
  bytes[2] = flags >> 8;
  bytes[3] = flags & 0xf0 | code;
  bytes[6] = records.length >> 8;
  bytes[7] = records.length & 0xff;
  for (const { owner = Uint8Array.of(0xc0, HEADER_LEN), type, data } of records) {
    bytes.push(...owner, 0, type, 0, 1, 0, 0, 0x0e, 0x10, data.length >> 8, data.length & 0xff, ...data);
  }
  return Uint8Array.from(bytes);
}

/** Returns a reply with one name. */
export function named(query: Uint8Array, name: string): Uint8Array {
  return replyTo(query, { records: [{ type: PTR, data: nameOf(name) }] });
}

/** Returns the address, as a number, that a query for a name of an address is about. */
export function addressIn(query: Uint8Array): number {
  let address = 0;
  let at = HEADER_LEN;
  for (let index = 0; index < 4; index++) {
    const length = query[at]!;
    const digits = new TextDecoder().decode(query.subarray(at + 1, at + 1 + length));
    address += Number(digits) * 256 ** index;
    at += 1 + length;
  }
  return address;
}

/** Returns a copy with another id. */
export function withId(message: Uint8Array, id: number): Uint8Array {
  const copy = message.slice();
  copy[0] = id >> 8 & 0xff;
  copy[1] = id & 0xff;
  return copy;
}

/** Returns a copy whose question is in lower case. */
export function lowered(message: Uint8Array): Uint8Array {
  const copy = message.slice();
  for (let at = HEADER_LEN; copy[at] !== 0; at++) if (copy[at]! >= 0x41 && copy[at]! <= 0x5a) copy[at]! += 0x20;
  return copy;
}

/**
 * A reader of ASN.1 values in DER (X.690), as far as certificates need it.
 *
 * @module
 */

import { latin1, Reader } from "../bytes.ts";

/** One value: its tag and its content. */
export interface Value {
  readonly tag: number;
  readonly content: Uint8Array;
}

const OID = 0x06;
const UTC_TIME = 0x17;
const GENERALIZED_TIME = 0x18;
const BMP_STRING = 0x1e;

/** Reads the values that stand side by side in bytes, at most `limit`; it stops at the first damaged one. */
export function readValues(bytes: Uint8Array, limit: number): readonly Value[] {
  const reader = new Reader(bytes);
  const values: Value[] = [];
  while (reader.left >= 2 && values.length < limit) {
    const tag = reader.u8();
    const short = reader.u8();
    let length = short;
    if (short >= 0x80) {
      const count = short & 0x7f;
      if (count === 0 || count > 4) break;
      length = 0;
      for (let i = 0; i < count; i++) length = length * 0x100 + reader.u8();
    }
    const content = reader.take(length);
    if (reader.isShort) break;
    values.push({ tag, content });
  }
  return values;
}

/** Returns an object identifier as numbers with dots; empty if it is none. */
export function oidOf(value: Value | undefined): string {
  if (value?.tag !== OID || value.content.length === 0 || value.content.length > 32) return "";
  const first = value.content[0]!;
  const numbers = [Math.min(2, Math.floor(first / 40)), first - 40 * Math.min(2, Math.floor(first / 40))];
  let number = 0;
  for (const byte of value.content.subarray(1)) {
    number = number * 128 + (byte & 0x7f);
    if (byte < 0x80) {
      numbers.push(number);
      number = 0;
    }
  }
  return numbers.join(".");
}

/** Returns a string value as text. */
export function stringOf(value: Value | undefined): string {
  if (!value) return "";
  const bytes = value.content.subarray(0, 256);
  if (value.tag === BMP_STRING) {
    return Array.from(
      { length: bytes.length >> 1 },
      (_, i) => String.fromCharCode(bytes[2 * i]! * 256 + bytes[2 * i + 1]!),
    )
      .join("");
  }
  return value.tag === 0x0c ? new TextDecoder().decode(bytes) : latin1(bytes);
}

/** Returns a time as ISO 8601 in UTC; undefined if it is none. */
export function timeOf(value: Value | undefined): string | undefined {
  if (value?.tag !== UTC_TIME && value?.tag !== GENERALIZED_TIME) return undefined;
  const match = /^(\d{2,4}?)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)?Z$/.exec(latin1(value.content, 0, 20));
  if (!match) return undefined;
  const [, year = "", month, day, hour, minute, second = "00"] = match;
  const full = year.length === 4 ? year : `${Number(year) < 50 ? "20" : "19"}${year}`;
  return `${full}-${month}-${day}T${hour}:${minute}:${second}Z`;
}

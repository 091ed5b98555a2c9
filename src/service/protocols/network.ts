/**
 * DNS over TCP (RFC 7766), STUN (RFC 8489), SOCKS (RFC 1928), BGP (RFC 4271).
 *
 * @module
 */

import { hex, latin1, Reader, toHex } from "../bytes.ts";
import type { Exchange } from "../exchange.ts";
import { completeReading, type Protocol, type Reading } from "./protocol.ts";

const QUERY_ID = 0x7353;
const TYPE_TXT = 16;
const MAX_RECORDS = 16;
const RCODES = ["NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED"];

/** The name of the request for a name that has no address (RFC 6761 6.4): servers that keep it from the net may explain why. */
const SPECIAL_PROBE = "dns-invalid";
const SPECIAL = hex("0021 7353 0100 0001 0000 0000 0000 07 73796e7363616e 07 696e76616c6964 00 0001 0001");

/** A message of the name service. */
export interface DnsMessage {
  readonly id: number;
  readonly flags: number;
  readonly rcode: string;
  /** The number of answers, which are the first records. */
  readonly answers: number;
  /** The first records: type, time to live in seconds, offset of the data in the bytes that are read, and the string of a text record. */
  readonly records: readonly DnsRecord[];
}

/** A record of a message. */
interface DnsRecord {
  readonly type: number;
  readonly ttl: number;
  readonly at: number;
  readonly text: string | undefined;
}

/** Reads a response (RFC 1035 section 4.1); undefined if it is none. */
export function readDns(reader: Reader): DnsMessage | undefined {
  const id = reader.u16();
  const flags = reader.u16();
  const questions = reader.u16();
  const answers = reader.u16();
  const count = Math.min(answers + reader.u16() + reader.u16(), MAX_RECORDS);
  if (reader.isShort || (flags & 0x8000) === 0 || questions > 1 || answers > MAX_RECORDS) return undefined;
  for (let i = 0; i < questions; i++) {
    skipName(reader);
    reader.skip(4);
  }
  const records: DnsRecord[] = [];
  for (let i = 0; i < count && !reader.isShort; i++) {
    skipName(reader);
    const type = reader.u16();
    reader.skip(2);
    const ttl = reader.u32();
    const length = reader.u16();
    const { at } = reader;
    const data = reader.part(length);
    records.push({ type, ttl, at, text: type === TYPE_TXT ? data.text(Math.min(data.u8(), data.left)) : undefined });
  }
  return { id, flags, rcode: RCODES[flags & 15] ?? String(flags & 15), answers, records };
}

/** Returns the first text among the first records of a message. */
export function textIn({ records }: DnsMessage, count: number): string | undefined {
  return records.slice(0, count).find(({ text }) => text !== undefined)?.text;
}

function dns({ probe, reply }: Exchange): Reading | undefined {
  const reader = new Reader(reply);
  reader.u16();
  const message = readDns(reader);
  if (message?.id !== QUERY_ID) return undefined;
  const { rcode, answers } = message;
  const text = textIn(message, probe === SPECIAL_PROBE ? MAX_RECORDS : answers);
  if (probe === SPECIAL_PROBE) {
    const explanation: Record<string, string> = text === undefined ? {} : { "dns.explanation": text };
    return completeReading("domain", explanation);
  }
  return {
    ...completeReading(
      "domain",
      { ...(text === undefined ? {} : { "dns.version": text }), "dns.rcode": rcode },
      text === undefined ? rcode : undefined,
    ),
    ...(text === undefined ? { follow: { name: SPECIAL_PROBE, bytes: SPECIAL, sameConnection: true } } : {}),
  };
}

function skipName(reader: Reader): void {
  for (let i = 0; i < 128 && reader.left > 0; i++) {
    const length = reader.u8();
    if (length === 0) return;
    if (length >= 0xc0) {
      reader.skip(1);
      return;
    }
    reader.skip(length);
  }
}

const SOFTWARE = 0x8022;
const COOKIE = 0x2112a442;
/** RFC 8489 section 5: a response to a Binding request, and with one more bit an error. */
const BINDING_RESPONSE = 0x0101;

function stun({ reply }: Exchange): Reading | undefined {
  const reader = new Reader(reply);
  const type = reader.u16();
  const length = reader.u16();
  if (reader.u32() !== COOKIE || (type & 0xffef) !== BINDING_RESPONSE || length % 4 !== 0) return undefined;
  reader.skip(12);
  let software: string | undefined;
  for (let i = 0; i < 32 && reader.left >= 4; i++) {
    const attribute = reader.u16();
    const size = reader.u16();
    const value = reader.part(size);
    if (reader.isShort) break;
    if (attribute === SOFTWARE) software = value.text(Math.min(size, 200)).replace(/\0+$/, "");
    reader.skip((4 - size % 4) % 4);
  }
  return completeReading("stun", software ? { "stun.software": software } : {});
}

function socks({ probe, reply }: Exchange): Reading | undefined {
  if (probe === "socks5" && reply.length === 2 && reply[0] === 5 && [0, 1, 2, 0xff].includes(reply[1]!)) {
    const info = reply[1] === 0 ? "no authentication" : reply[1] === 2 ? "username and password" : undefined;
    return completeReading("socks5", { "socks.method": String(reply[1]) }, info);
  }
  if (reply.length === 2 && reply[0] === 5 && reply[1] === 0xff) {
    return completeReading("socks5", { "socks.refusal": probe });
  }
  if (probe === "socks4" && reply.length === 8 && reply[0] === 0 && reply[1]! >= 90 && reply[1]! <= 93) {
    return completeReading("socks4", { "socks.status": String(reply[1]) });
  }
  return undefined;
}

function bgp({ reply }: Exchange): Reading | undefined {
  const reader = new Reader(reply);
  if (toHex(reader.take(16)) !== "f".repeat(32)) return undefined;
  const length = reader.u16();
  const type = reader.u8();
  if (reader.isShort || length < 19 || length > 4096 || type < 1 || type > 5) return undefined;
  if (type !== 1) {
    return completeReading("bgp", { "bgp.notification": `${reader.u8()} ${reader.u8()}` });
  }
  reader.u8();
  const as = reader.u16();
  reader.u16();
  const id = [...reader.take(4)].join(".");
  return completeReading("bgp", { "bgp.open": `AS${as} ${id}` }, `AS${as}; id ${id}`);
}

/** The first option negotiation of telnet (RFC 854): three bytes behind at most a screen of text. */
const TELNET_START = /^[\t-\r\x20-\x7e]{0,2000}(?=\xff[\xfb-\xfe])/;

const LAST_OPTION = 50;

function telnet({ reply }: Exchange): Reading | undefined {
  const start = TELNET_START.exec(latin1(reply, 0, 2048))?.[0];
  if (start === undefined || (reply[start.length + 2] ?? LAST_OPTION + 1) > LAST_OPTION) return undefined;
  const options: string[] = [];
  let at = start.length;
  while (
    at + 2 < reply.length && reply[at] === 0xff && reply[at + 1]! >= 0xfb && reply[at + 1] !== 0xff &&
    options.length < 32
  ) {
    options.push(`${["will", "wont", "do", "dont"][reply[at + 1]! - 0xfb]} ${reply[at + 2]}`);
    at += 3;
  }
  return completeReading("telnet", {
    "telnet.text": (start + latin1(reply, at, 1024)).trim(),
    "telnet.options": options.join(", "),
  });
}

/** DNS over TCP. */
export const DNS: Protocol = { name: "dns", parse: dns };
/** STUN over TCP. */
export const STUN: Protocol = { name: "stun", parse: stun };
/** SOCKS, versions 4 and 5. */
export const SOCKS: Protocol = { name: "socks", parse: socks };
/** BGP version 4. */
export const BGP: Protocol = { name: "bgp", parse: bgp };
/** Telnet. */
export const TELNET: Protocol = { name: "telnet", parse: telnet };

/**
 * Protocols by which networks and storage are controlled: Osmocom's IPA, RPKI to routers (RFC 8210), OpenFlow, 9P, SMPP.
 *
 * @module
 */

import { bigEndian, bytesOf, hex, join, littleEndian, Reader } from "../bytes.ts";
import type { Exchange } from "../exchange.ts";
import { completeReading, type Protocol, type Reading } from "./protocol.ts";

const IPA_CONTROL = 0xee;
const IPA_IDENTITY = 0xfe;
const IDENTITY_REQUEST = 4;

/** The control interface of Osmocom's programs: a request for a variable that none of them has. */
export const IPA_GET: Uint8Array = (() => {
  const request = bytesOf("GET 1 synscan");
  return join(bigEndian(request.length + 1, 2), hex("ee 00"), request);
})();

/** IPA: a length without the header of three bytes, a stream, and on streams of extensions a type. */
function ipa({ reply }: Exchange): Reading | undefined {
  const reader = new Reader(reply);
  const [length, stream, type] = [reader.u16(), reader.u8(), reader.u8()];
  if (reader.isShort || length < 2 || length + 3 > reply.length) return undefined;
  if (stream === IPA_IDENTITY && type === IDENTITY_REQUEST && length + 3 === reply.length) {
    return completeReading("ipa", { "ipa.request": "identity" }, "identity request");
  }
  const text = reader.text(length - 1);
  return stream === IPA_CONTROL && type === 0 && /^(?:GET_REPLY|ERROR|TRAP) \S{1,20} [\x20-\x7e]{1,200}$/.test(text)
    ? completeReading("osmocom-ctrl", { "ipa.control": text })
    : undefined;
}

/** RFC 8210 section 5.3: a serial query of version 0, for session 0 and serial 0: its reply is short, unlike that to a reset query. */
export const RTR_SERIAL_QUERY: Uint8Array = hex("00 01 0000 0000000c 00000000");
/** RFC 8210 section 5.4: a reset query of version 0; of its reply the beginning is read. */
export const RTR_RESET_QUERY: Uint8Array = hex("00 02 0000 00000008");
const RTR_LENGTHS: Readonly<Record<number, number>> = { 0: 12, 3: 8, 8: 8 };
const RTR_ERROR = 10;

function rtr({ probe, reply }: Exchange): Reading | undefined {
  if (probe !== "rtr" && probe !== "rtr-reset") return undefined;
  const reader = new Reader(reply);
  const [version, type, session, length] = [reader.u8(), reader.u8(), reader.u16(), reader.u32()];
  if (reader.isShort || version > 2) return undefined;
  if (type !== RTR_ERROR) {
    return RTR_LENGTHS[type] === length ? completeReading("rpki-rtr", { "rtr.reply": String(type) }) : undefined;
  }
  if (length > 1024 || length < 16) return undefined;
  reader.skip(reader.u32());
  const text = reader.text(reader.u32()).replace(/\0+$/, "");
  return reader.isShort ? undefined : completeReading("rpki-rtr", { "rtr.error": `${session} ${text}` }, text);
}

/** OpenFlow 1.5 section 7.5.1: both sides begin with a hello; since 1.3 with a bitmap of versions. */
function openFlow({ reply }: Exchange): Reading | undefined {
  const reader = new Reader(reply);
  const [version, type, length] = [reader.u8(), reader.u8(), reader.u16()];
  if (reader.isShort || version < 1 || version > 6 || type !== 0 || (length !== 8 && length !== 16)) return undefined;
  reader.skip(4);
  if (length === 16 && (reader.u16() !== 1 || reader.u16() !== 8)) return undefined;
  return reply.length < length
    ? undefined
    : completeReading("openflow", { "openflow.version": String(version) }, `OpenFlow 1.${version - 1}`);
}

/** 9P's version message: the size of all, type 100, no tag, messages of at most 8 KiB, and the version. */
export const NINEP_VERSION: Uint8Array = (() => {
  const version = bytesOf("9P2000");
  const body = join(hex("64 ffff 00200000"), littleEndian(version.length, 2), version);
  return join(littleEndian(4 + body.length, 4), body);
})();

/** The reply to it: the version, or "unknown"; an error in 9P2000 is a text, in 9P2000.L a number. */
function nineP({ probe, reply }: Exchange): Reading | undefined {
  if (probe !== "9p") return undefined;
  const reader = new Reader(reply);
  const [size, type, tag] = [reader.u32le(), reader.u8(), reader.u16le()];
  if (reader.isShort || size !== reply.length || tag !== 0xffff) return undefined;
  if (type === 7 && size === 11) {
    const code = reader.u32le();
    return completeReading("9pfs", { "9p.code": String(code) }, `error ${code}`);
  }
  if (type === 101) reader.skip(4);
  else if (type !== 107) return undefined;
  const text = reader.text(reader.u16le());
  return reader.isShort || !/^[\x20-\x7e]{1,100}$/.test(text)
    ? undefined
    : completeReading("9pfs", { "9p.version": text }, text);
}

/** SMPP 3.4 section 4.11: enquire_link, which needs no bind. */
export const SMPP_ENQUIRE: Uint8Array = hex("00000010 00000015 00000000 00000001");
const SMPP_REPLIES: readonly number[] = [0x80000015, 0x80000000];

/** The response, or a generic_nack. */
function smpp({ probe, reply }: Exchange): Reading | undefined {
  const reader = new Reader(reply);
  const [length, command, status, sequence] = [reader.u32(), reader.u32(), reader.u32(), reader.u32()];
  if (probe !== "smpp" || reader.isShort || length !== 16 || sequence > 1) return undefined;
  return SMPP_REPLIES.includes(command) ? completeReading("smpp", { "smpp.status": String(status) }) : undefined;
}

/** The protocols. */
export const CONTROL: readonly Protocol[] = [
  { name: "ipa", parse: ipa },
  { name: "rtr", parse: rtr },
  { name: "openflow", parse: openFlow },
  { name: "9p", parse: nineP },
  { name: "smpp", parse: smpp },
];

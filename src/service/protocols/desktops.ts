/**
 * Remote desktops: RFB (RFC 6143), X11, RDP, SPICE.
 *
 * @module
 */

import { hex, latin1, Reader, toHex } from "../bytes.ts";
import type { Exchange } from "../exchange.ts";
import { NULL_PROBE } from "../exchange.ts";
import { completeReading, type Protocol, type Reading } from "./protocol.ts";

/** A message that no RDP client sends; xrdp replies to it with a disconnect. */
const RDP_INVALID = hex("001e 7353 0000 0001 0000 0000 0000 07 76657273696f6e 04 62696e64 00 0010 0003");

/** The place of the negotiation in a connection confirm (MS-RDPBCGR 2.2.1.2), and the type, flags and length of a request. */
const NEGOTIATION_AT = 7;
const NEGOTIATION_REQUEST = "01000800";

const RFB_ERRORS = /^[\x20-\x7e]{1,200}$/;

function rfb({ probe, reply }: Exchange): Reading | undefined {
  if (probe === "rfb-version") return rfbSecurity(reply);
  const match = /^RFB (\d{3}\.\d{3})\n/.exec(latin1(reply, 0, 12));
  if (!match) return undefined;
  const version = match[1] ?? "";
  const security = reply.length > 12 ? rfbSecurity(reply.subarray(12)) : undefined;
  const isNew = version === "003.007" || version === "003.008";
  return {
    ...completeReading(
      "vnc",
      { ...security?.fields, "rfb.version": version },
      `protocol ${Number(version.slice(0, 3))}.${Number(version.slice(4))}`,
    ),
    ...(security || probe !== NULL_PROBE || !isNew
      ? {}
      : { follow: { name: "rfb-version", bytes: reply.slice(0, 12), sameConnection: true } }),
  };
}

/** Reads the list of security types, or the reason of a refusal. */
function rfbSecurity(reply: Uint8Array): Reading | undefined {
  const reader = new Reader(reply);
  const count = reader.u8();
  let fields: Record<string, string>;
  if (count > 0) {
    const types = reader.take(count);
    if (reader.isShort) return undefined;
    fields = { "rfb.security": [...types].join(" ") };
  } else {
    if (reply[3] === 0 && reply.length > 8 && reply[4] === 0) reader.skip(3);
    const reason = reader.text(Math.min(reader.u32(), 256));
    if (!RFB_ERRORS.test(reason)) return undefined;
    fields = { "rfb.refusal": reason };
  }
  return completeReading("vnc", fields);
}

function x11({ probe, reply }: Exchange): Reading | undefined {
  if (probe !== "x11" || reply.length < 8) return undefined;
  const reader = new Reader(reply);
  const status = reader.u8();
  const reasonLength = reader.u8();
  const major = reader.u16le();
  const minor = reader.u16le();
  if (status > 2 || major !== 11 || minor !== 0) return undefined;
  const words = reader.u16le();
  if (status !== 1) {
    const reason = reader.text(Math.min(status === 0 ? reasonLength : 4 * words, reader.left)).replace(/\0+$/, "");
    return completeReading("X11", { "x11.refusal": reason }, "access denied");
  }
  const release = reader.u32le();
  reader.skip(12);
  const vendorLength = reader.u16le();
  reader.skip(14);
  const vendor = reader.text(Math.min(vendorLength, reader.left));
  if (reader.isShort) return undefined;
  return completeReading("X11", { "x11.vendor": `${vendor} ${release}` }, "open");
}

function rdp({ probe, reply }: Exchange): Reading | undefined {
  const reader = new Reader(reply);
  const version = reader.u8();
  reader.u8();
  const length = reader.u16();
  if (version !== 3 || reply[1] !== 0 || length !== reply.length || length < 7 || length > 64) return undefined;
  const rest = toHex(reader.take(reader.left));
  if (/^02f0802180$/.test(rest)) {
    return completeReading("ms-wbt-server", { "rdp.disconnect": rest });
  }
  if (!/^..d0/.test(rest)) return undefined;
  // Other services over X.224 repeat the request for a security protocol, which they do not know.
  if (rest.slice(2 * NEGOTIATION_AT).startsWith(NEGOTIATION_REQUEST)) {
    return { service: "iso-tsap", isComplete: false, fields: {}, facts: {}, next: ["s7"] };
  }
  return {
    ...completeReading("ms-wbt-server", { "rdp.confirm": rest }),
    ...(probe === "rdp" ? { follow: { name: "rdp-invalid", bytes: RDP_INVALID, sameConnection: false } } : {}),
  };
}

/** SPICE's link: the magic word, two numbers of a version, and the length of the rest; of other requests an error is the rest. */
function spice({ reply }: Exchange): Reading | undefined {
  const reader = new Reader(reply);
  const [magic, major, minor] = [reader.text(4), reader.u32le(), reader.u32le()];
  reader.skip(4);
  const error = reader.u32le();
  if (reader.isShort || magic !== "REDQ" || major > 9 || error > 20) return undefined;
  const info = `protocol ${major}.${minor}`;
  return completeReading("spice", { "spice.version": info }, info);
}

/** SPICE. */
export const SPICE: Protocol = { name: "spice", parse: spice };
/** VNC's protocol. */
export const RFB: Protocol = { name: "rfb", parse: rfb };
/** The X Window System, version 11. */
export const X11: Protocol = { name: "x11", parse: x11 };
/** RDP: the connection confirm of X.224. */
export const RDP: Protocol = { name: "rdp", parse: rdp };

/**
 * Replies of services that begin a session over UDP: tunnels, calls, encrypted connections.
 *
 * Replies of DNS, RPC and others begin with a number of the request, and have some of these forms by chance: where a form is little more
 * than its first bytes, only replies to its own request are read.
 *
 * @module
 */

import { latin1, printable, Reader, toHex } from "../bytes.ts";
import type { Exchange } from "../exchange.ts";
import { readResponse } from "../protocols/http.ts";
import { completeReading, type Protocol, type Reading } from "../protocols/protocol.ts";

const NOTIFY = 11;
const NOTIFY_V2 = 41;
const VENDOR = 13;
const VENDOR_V2 = 43;
const MAX_PAYLOADS = 16;

/** RFC 7296 section 3, RFC 2408 section 3: a header, and a chain of payloads; behind the marker of RFC 3948 at port 4500. */
function ike({ probe, reply }: Exchange): Reading | undefined {
  const isNatT = probe.startsWith("nat-t-ike");
  if (!isNatT && !probe.startsWith("isakmp")) return undefined;
  const reader = new Reader(reply);
  if (isNatT && reader.u32() !== 0) return undefined;
  const begin = reader.at;
  reader.skip(8);
  const responder = toHex(reader.take(8));
  let next = reader.u8();
  const version = reader.u8();
  const exchange = reader.u8();
  const flags = reader.u8();
  reader.skip(4);
  const length = reader.u32();
  if (reader.isShort || version >> 4 === 0 || version >> 4 > 3 || length !== reply.length - begin) return undefined;
  const isFirst = version >> 4 === 1;
  const notices: string[] = [];
  const vendors: string[] = [];
  for (let i = 0; i < MAX_PAYLOADS && next !== 0 && reader.left >= 4; i++) {
    const kind = next;
    next = reader.u8();
    reader.skip(1);
    const content = reader.part(reader.u16() - 4);
    if (kind === NOTIFY || kind === NOTIFY_V2) {
      content.skip(isFirst ? 4 : 0);
      content.skip(2);
      notices.push(String(content.u16()));
    } else if (kind === VENDOR || kind === VENDOR_V2) {
      vendors.push(toHex(content.take(Math.min(content.left, 24))));
    }
  }
  const name = `IKEv${version >> 4}.${version & 15}`;
  return completeReading(
    isNatT ? "nat-t-ike" : "isakmp",
    {
      "ike.reply": `${name} exchange ${exchange} flags ${flags} notices ${notices.join(",") || "-"} responder ${
        /^0+$/.test(responder) ? "none" : "some"
      }`,
      ...(vendors.length === 0 ? {} : { "ike.vendors": vendors.join(" ") }),
    },
    `IKEv${version >> 4}`,
  );
}

/** OpenVPN: P_CONTROL_HARD_RESET_SERVER_V2, which acknowledges the packet of the client. */
function openvpn({ probe, reply }: Exchange): Reading | undefined {
  if (probe !== "openvpn" || reply[0] !== 0x40 || reply.length < 22 || reply[9] !== 1) return undefined;
  return completeReading("openvpn", { "openvpn.reset": `length ${reply.length}` });
}

/** RFC 3261: a response. */
function sip({ reply }: Exchange): Reading | undefined {
  const response = readResponse(latin1(reply));
  if (response?.protocol !== "SIP/2.0") return undefined;
  const { status, reason, headers } = response;
  const [server, agent] = [headers.get("server"), headers.get("user-agent")];
  return completeReading(
    "sip",
    {
      "sip.headers": latin1(reply, 0, 1024).replace(/^[^\n]*\n/, ""),
      "sip.server": server ?? agent ?? "",
      "sip.status": `${status} ${reason}`,
      "sip.names": [...headers.keys()].join(","),
    },
    server ?? agent ?? `status ${status}: ${printable(reason, 40)}`,
  );
}

/** RFC 7252 section 3, with a token of 8 bytes; the payload is behind a byte of ones. */
function coap({ probe, reply }: Exchange): Reading | undefined {
  const reader = new Reader(reply);
  const first = reader.u8();
  const code = reader.u8();
  const isReset = first >> 4 === 7 && code === 0 && reply.length === 4;
  if (isReset) return { ...completeReading("coap", { "coap.code": "reset" }), isComplete: false, isVague: true };
  if (probe !== "coap" || first >> 6 !== 1 || (first & 15) !== 8 || code >> 5 < 2 || code >> 5 > 5) return undefined;
  reader.skip(10);
  let option = 0;
  for (let i = 0; i < 32 && reader.left > 0; i++) {
    const head = reader.u8();
    if (head === 0xff) break;
    const [delta, length] = [extended(head >> 4, reader), extended(head & 15, reader)];
    option += delta;
    reader.skip(length);
  }
  if (reader.isShort) return undefined;
  const text = latin1(reply, reader.at, reader.at + 64);
  const shown = `${code >> 5}.${String(code & 31).padStart(2, "0")}`;
  return completeReading("coap", { "coap.core": text, "coap.code": shown }, `reply ${shown}`);
}

/** RFC 7252 section 3.1. */
function extended(nibble: number, reader: Reader): number {
  return nibble === 13 ? reader.u8() + 13 : nibble === 14 ? reader.u16() + 269 : nibble;
}

/** RFC 6347 section 4.2.1: HelloVerifyRequest; or an alert, or the first handshake message of a server that asks for no cookie. */
function dtls({ reply }: Exchange): Reading | undefined {
  const reader = new Reader(reply);
  const type = reader.u8();
  const version = reader.u16();
  reader.skip(8);
  const length = reader.u16();
  if (reader.isShort || (version !== 0xfeff && version !== 0xfefd) || length > reader.left) return undefined;
  if (type === 21 && length === 2) return completeReading("dtls", { "dtls.alert": `${reader.u8()} ${reader.u8()}` });
  if (type !== 22) return undefined;
  const kind = reader.u8();
  if (kind !== 3) {
    return kind === 2 ? completeReading("dtls", { "dtls.hello": toHex(reply.subarray(25, 27)) }) : undefined;
  }
  reader.skip(11);
  const offered = reader.u16();
  const cookieLen = reader.u8();
  const text = `record ${version.toString(16)} version ${offered.toString(16)} cookie ${cookieLen}`;
  return reader.isShort ? undefined : completeReading("dtls", { "dtls.verify": text });
}

/** RFC 8999 section 6: Version Negotiation. Versions of the form 0x?a?a?a?a are reserved (RFC 9000 section 15). */
function quic({ probe, reply }: Exchange): Reading | undefined {
  const reader = new Reader(reply);
  const first = reader.u8();
  if (probe !== "quic" || (first & 0x80) === 0 || reader.u32() !== 0) return undefined;
  reader.skip(reader.u8());
  reader.skip(reader.u8());
  if (reader.isShort || reader.left === 0 || reader.left % 4 !== 0 || reader.left > 128) return undefined;
  const versions: string[] = [];
  while (reader.left > 0) {
    const version = reader.u32();
    if ((version & 0x0f0f0f0f) === 0x0a0a0a0a) continue;
    versions.push(VERSIONS[version] ?? version.toString(16).padStart(8, "0"));
  }
  return completeReading("quic", { "quic.versions": versions.join(" ") }, `QUIC ${versions.join(", ")}`);
}

const VERSIONS: Readonly<Record<number, string>> = { 1: "v1", 0x6b3343cf: "v2", 0xff00001d: "draft-29" };

/**
 * 3GPP TS 29.060 section 7.2: Echo Response, with the counter of restarts; or Version Not Supported, from the port of the versions before
 * (OsmoGGSN 1.9.0).
 */
function gtp({ probe, reply }: Exchange): Reading | undefined {
  if (probe !== "gtp-control" || reply.length < 8 || reply[0] !== 0x32) return undefined;
  if (reply[1] === 3) return completeReading("gtp", {});
  return reply[1] === 2 ? completeReading("gtp", { "gtp.echo": toHex(reply.subarray(12, 14)) }) : undefined;
}

/** RFC 3435 section 3.3: a code, the transaction (0 for what could not be read), and a text. */
function mgcp({ probe, reply }: Exchange): Reading | undefined {
  const match = /^([1-5]\d\d) (\d{1,9})(?: ([\x20-\x7e]{0,80}))?\r?\n/.exec(latin1(reply, 0, 200));
  if (match === null) return undefined;
  const [, code, transaction, text = ""] = match;
  if (probe === "mgcp") return completeReading("mgcp", { "mgcp.code": code! }, `${code} ${text}`.trim());
  return !/^0+$/.test(transaction!) ? undefined : {
    ...completeReading("mgcp", { "mgcp.code": code! }),
    isVague: true,
    next: ["mgcp"],
  };
}

const HOST_NAME = 7;
const VENDOR_NAME = 8;
const FIRMWARE = 6;

/** RFC 2661 section 3.1: a control message of the tunnel that the request names, and its values (section 4.1). */
function l2tp({ probe, reply }: Exchange): Reading | undefined {
  const reader = new Reader(reply);
  const [flags, length] = [reader.u16(), reader.u16()];
  if (probe !== "L2TP" || (flags & 0xc80f) !== 0xc802 || length !== reply.length || !reader.skip(8)) return undefined;
  const values = new Map<number, Uint8Array>();
  for (let i = 0; i < MAX_PAYLOADS && reader.left >= 6; i++) {
    const size = reader.u16() & 0x3ff;
    const vendor = reader.u16();
    const type = reader.u16();
    const value = reader.take(size - 6);
    if (vendor === 0 && !values.has(type)) values.set(type, value);
  }
  const textOf = (type: number) => printable(latin1(values.get(type) ?? new Uint8Array()).replace(/\0+$/, ""), 64);
  const vendor = textOf(VENDOR_NAME);
  const hostname = textOf(HOST_NAME);
  const firmware = toHex(values.get(FIRMWARE) ?? new Uint8Array());
  return {
    ...completeReading(
      "L2TP",
      { "l2tp.vendor": vendor },
      [vendor, ...(firmware === "" ? [] : [`firmware ${firmware}`])].filter((text) => text !== "").join("; "),
    ),
    ...(hostname === "" ? {} : { facts: { hostname } }),
  };
}

/** Teeworlds 0.7: a token of the server, behind that of the request. */
function teeworlds({ probe, reply }: Exchange): Reading | undefined {
  return probe === "teeworlds" && toHex(reply.subarray(0, 3)) === "040000" && reply[7] === 5 && reply.length === 12
    ? completeReading("teeworlds", { "teeworlds.token": "sent" })
    : undefined;
}

/** The protocols. */
export const SESSION_DATAGRAMS: readonly Protocol[] = [
  { name: "sip", parse: sip },
  { name: "mgcp", parse: mgcp },
  { name: "ike", parse: ike },
  { name: "openvpn", parse: openvpn },
  { name: "quic", parse: quic },
  { name: "dtls", parse: dtls },
  { name: "gtp", parse: gtp },
  { name: "coap", parse: coap },
  { name: "l2tp", parse: l2tp },
  { name: "teeworlds", parse: teeworlds },
];

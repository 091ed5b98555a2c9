/**
 * Daemons with small binary protocols of their own, told by the reply to their exact probe.
 *
 * @module
 */

import { gunzipSync, inflateSync } from "../node_zlib.js";
import { bigEndian, bytesOf, hex, join, latin1, Reader, toHex } from "../bytes.ts";
import type { Exchange } from "../exchange.ts";
import { completeReading, type Protocol, type Reading } from "./protocol.ts";

/** Returns a reading; one without fields has the field that there was a reply. */
function simple(service: string, fields: Reading["fields"] = {}, info?: string): Reading {
  const isBare = Object.keys(fields).length === 0;
  return completeReading(service, isBare ? { [`${service}.reply`]: "seen" } : fields, info);
}

function epmd({ probe, reply }: Exchange): Reading | undefined {
  if (probe !== "epmd" || reply.length < 4) return undefined;
  const port = new Reader(reply).u32();
  const names = latin1(reply, 4, 2048);
  // Sphinx greets by the number 1 in as many bytes.
  if (port < 1024 || port > 65_535 || !/^(?:name \S{1,100} at port \d{1,5}\n){0,50}$/.test(names)) return undefined;
  const nodes = [...names.matchAll(/name (\S{1,100}) at port (\d{1,5})/g)].map(([, name, at]) => `${name}: ${at}`);
  return simple(
    "epmd",
    { "epmd.port": String(port), ...(nodes.length > 0 ? { "epmd.nodes": nodes.join(", ") } : {}) },
    nodes.join(", "),
  );
}

function sane({ probe, reply }: Exchange): Reading | undefined {
  if (probe !== "sane" || reply.length !== 8) return undefined;
  const reader = new Reader(reply);
  const status = reader.u32();
  const version = toHex(reader.take(4));
  return status > 11 || !version.startsWith("01") ? undefined : simple("sane-port", { "sane.version": version });
}

function zabbix({ reply }: Exchange): Reading | undefined {
  if (latin1(reply, 0, 4) !== "ZBXD" || ![1, 3].includes(reply[4] ?? 0) || reply.length < 13) return undefined;
  const text = latin1(reply, 13, 512);
  return simple("zabbix-agent", { "zabbix.reply": text });
}

/** The refusal of a trapper of Zabbix, or what else it replies in JSON. */
function zabbixTrapper({ reply }: Exchange): Reading | undefined {
  const text = latin1(reply, 13, 512);
  if (latin1(reply, 0, 4) !== "ZBXD" || !text.startsWith('{"response":"')) return undefined;
  return simple("zabbix-trapper", { "zabbix.response": text });
}

/** A failed response of TPM 2.0 (part 3, section 6), and the fixed properties that it is asked for. */
function tpm({ probe, reply }: Exchange): Reading | undefined {
  const reader = new Reader(reply);
  const [tag, length, code] = [reader.u16(), reader.u32(), reader.u32()];
  if (reader.isShort || tag !== 0x8001 || length !== reply.length || (code === 0 ? probe !== "tpm" : length !== 10)) {
    return undefined;
  }
  if (code !== 0) return { ...simple("tpm", { "tpm.error": code.toString(16) }), next: ["tpm"] };
  reader.skip(1 + 4);
  const values = new Map<number, string>();
  for (let count = Math.min(reader.u32(), 16); count > 0 && reader.left >= 8; count--) {
    values.set(reader.u32(), reader.text(4));
  }
  const textOf = (...ids: readonly number[]) =>
    ids.map((id) => values.get(id) ?? "").join("").replaceAll("\0", "").trim();
  const maker = textOf(TPM_MANUFACTURER);
  const vendor = textOf(TPM_MANUFACTURER + 1, TPM_MANUFACTURER + 2, TPM_MANUFACTURER + 3, TPM_MANUFACTURER + 4);
  return simple("tpm", { "tpm.vendor": vendor }, `TPM 2.0; ${maker}`);
}

const TPM_MANUFACTURER = 0x105;
/** TPM2_GetCapability (part 3, section 30.2): eight properties from the manufacturer on. */
export const TPM_PROPERTIES: Uint8Array = hex("8001 00000016 0000017a 00000006 00000105 00000008");

function modbus({ probe, reply }: Exchange): Reading | undefined {
  if (probe !== "modbus") return undefined;
  const reader = new Reader(reply);
  const transaction = reader.u16();
  const protocol = reader.u16();
  const length = reader.u16();
  const unit = reader.u8();
  const code = reader.u8();
  if (reader.isShort || transaction !== 1 || protocol !== 0 || length !== reply.length - 6 || (code & 0x7f) !== 0x2b) {
    return undefined;
  }
  if (code === 0xab) return simple("modbus", { "modbus.exception": String(reader.u8()) }, `unit ${unit}`);
  reader.skip(5);
  const objects: string[] = [];
  for (let count = Math.min(reader.u8(), 8); count > 0 && reader.left >= 2; count--) {
    reader.u8();
    objects.push(reader.text(Math.min(reader.u8(), reader.left)));
  }
  return simple("modbus", { "modbus.device": objects.join("; ") });
}

function owserver({ probe, reply }: Exchange): Reading | undefined {
  if (reply.length !== 24) return undefined;
  if (probe === "owserver" && reply.every((byte) => byte === 0)) return simple("owserver", { "owserver.result": "0" });
  const reader = new Reader(reply);
  const version = reader.u32();
  const payload = reader.u32();
  const result = reader.u32() | 0;
  const flags = reader.u32();
  // Replies carry the temperature scale and the format of names in the second lowest bytes of the flags.
  if (version !== 0 || payload !== 0 || result > 0 || result < -200 || flags > 0xffff) return undefined;
  return result === 0 && flags === 0 ? undefined : simple("owserver", { "owserver.result": String(result) });
}

function knx({ reply }: Exchange): Reading | undefined {
  const text = toHex(reply.subarray(0, 8));
  return /^(?:00020000){1,2}$/.test(text) && reply.length % 4 === 0
    ? simple("knxd", { "knxd.reply": "invalid request" })
    : undefined;
}

/** The version of the protocol, lowest byte first: once for a silent client, twice for one that sends its own. */
function icecc({ probe, reply, end }: Exchange): Reading | undefined {
  if (reply.length !== 4 && !(reply.length === 8 && probe === "icecc")) return undefined;
  if (!/^(?:[2-3][0-9a-f]000000){1,2}$/.test(toHex(reply)) || end !== "open") return undefined;
  if (probe !== "null" && probe !== "icecc") return undefined;
  // A scheduler whose client leaves before the second word serves no other client any more.
  const isComplete = reply.length === 8;
  return { ...simple("icecc", { "icecc.protocol": String(reply[0]) }, `protocol ${reply[0]}`), isComplete };
}

function fastcgi({ probe, reply }: Exchange): Reading | undefined {
  if (probe !== "fastcgi" || reply.length < 8 || reply[0] !== 1 || ![3, 6, 7, 10, 11].includes(reply[1]!)) {
    return undefined;
  }
  const text = latin1(reply, 0, 2048);
  const powered = /X-Powered-By: ([^\r\n]{1,60})/i.exec(text)?.[1];
  const body = text.slice(8).replaceAll(/[^\x20-\x7e]+/g, " ").trim();
  return simple("fastcgi", {
    ...(powered ? { "fastcgi.powered-by": powered } : {}),
    "fastcgi.text": body.slice(0, 512),
  });
}

function ajp({ probe, reply }: Exchange): Reading | undefined {
  return probe === "ajp" && toHex(reply.subarray(0, 5)) === "4142000109" ? simple("ajp13") : undefined;
}

/** Mumble's version message (type 0): fields of protobuf. */
function mumble({ reply }: Exchange): Reading | undefined {
  const reader = new Reader(reply);
  const type = reader.u16();
  const body = reader.part(reader.u32());
  if (reader.isShort || type !== 0 || body.left < 6 || body.left > 512) return undefined;
  const texts: string[] = [];
  while (body.left > 1 && texts.length < 4) {
    const key = body.u8();
    if ((key & 7) === 2) texts.push(body.text(body.u8()));
    else if ((key & 7) === 0) {
      for (let i = 0; i < 10 && body.u8() >= 0x80;) i++;
    } else return undefined;
  }
  const [release = "", os] = texts;
  if (body.isShort || !/^[\x20-\x7e]{1,100}$/.test(release)) return undefined;
  return {
    service: "mumble",
    isComplete: true,
    fields: { "mumble.release": release },
    facts: os && /^[\w ]{1,40}$/.test(os) ? { os } : {},
  };
}

/** Packets from this length on are compressed; the length is that of the compressed bytes and this number. */
const COMPRESSION_BORDER = 16_385;

/** Returns the text of Freeciv's packets. */
function inflated(reply: Uint8Array): string {
  if (new Reader(reply).u16() < COMPRESSION_BORDER) return latin1(reply, 0, 1024);
  try {
    return latin1(inflateSync(reply.subarray(2, 4096), { maxOutputLength: 16_384 }));
  } catch {
    return "";
  }
}

function freeciv({ probe, reply }: Exchange): Reading | undefined {
  if (probe !== "freeciv") return undefined;
  const text = inflated(reply);
  const capability = /\+Freeciv[-.][\w.-]{1,40}/.exec(text)?.[0];
  return capability ? simple("freeciv", { "freeciv.capability": capability }) : undefined;
}

function brlapi({ reply }: Exchange): Reading | undefined {
  const reader = new Reader(reply);
  const [length, type, version] = [reader.u32(), reader.u32(), reader.u32()];
  return !reader.isShort && length === 4 && type === 0x76 && version < 64
    ? simple("brlapi", { "brlapi.version": String(version) })
    : undefined;
}

/** Wesnoth's handshake: the connection's number, and a compressed message behind its length. */
function wesnoth({ reply }: Exchange): Reading | undefined {
  const reader = new Reader(reply, 4);
  const length = reader.u32();
  if (length > 4096 || toHex(reply.subarray(8, 11)) !== "1f8b08") return undefined;
  try {
    const text = latin1(gunzipSync(reader.take(length), { maxOutputLength: 4096 }));
    return text.startsWith("[") ? simple("wesnoth", { "wesnoth.reply": text }) : undefined;
  } catch {
    return undefined;
  }
}

/** Dask's first message: a map of MessagePack with the keys compression, python and pickle-protocol. */
function dask({ reply }: Exchange): Reading | undefined {
  const text = latin1(reply, 0, 256);
  return text.includes("\xabcompression") && text.includes("\xafpickle-protocol")
    ? simple("dask", { "dask.reply": "compression" })
    : undefined;
}

/** The status of apcupsd's network server: records of text behind their lengths. */
function apcupsd({ reply }: Exchange): Reading | undefined {
  const text = latin1(reply, 0, 4096);
  const version = /VERSION {2}: (\d[\w.]{0,20})/.exec(text)?.[1];
  if (version !== undefined && text.includes("APC      :")) return simple("apcupsd", { "apcupsd.version": version });
  return text.startsWith("\0\x11Invalid command\n\0\0") ? { ...simple("apcupsd"), next: ["apcupsd"] } : undefined;
}

function omapi({ reply }: Exchange): Reading | undefined {
  return toHex(reply) === "0000006400000018" ? simple("omapi", { "omapi.version": "100" }) : undefined;
}

function openvpn({ probe, reply }: Exchange): Reading | undefined {
  if (probe !== "openvpn" || reply.length < 16 || new Reader(reply).u16() > reply.length - 2) return undefined;
  const opcode = reply[2]! >> 3;
  return opcode === 8 ? simple("openvpn", { "openvpn.opcode": String(opcode) }) : undefined;
}

const PPTP_COOKIE = 0x1a2b3c4d;

function pptp({ reply }: Exchange): Reading | undefined {
  const reader = new Reader(reply, 2);
  if (reader.u16() !== 1 || reader.u32() !== PPTP_COOKIE || reader.u16() !== 2) return undefined;
  reader.skip(18);
  const [host, vendor] = [reader.text(64), reader.text(64)].map((text) => text.replace(/\0[^]*$/, ""));
  if (reader.isShort) return undefined;
  return { ...simple("pptp", { "pptp.vendor": vendor ?? "" }), facts: host ? { hostname: host } : {} };
}

function iscsi({ probe, reply }: Exchange): Reading | undefined {
  // A reject (RFC 7143 11.17) of another protocol's bytes.
  if (probe !== "iscsi" && /^3f80[0-9a-f]{2}000000000[0-9a-f]{22}f{8}/.test(toHex(reply.subarray(0, 20)))) {
    return { ...simple("iscsi", { "iscsi.reject": String(reply[2]) }), next: ["iscsi"] };
  }
  if (probe !== "iscsi" || reply.length < 48 || (reply[0]! & 0x3f) !== 0x23) return undefined;
  return simple("iscsi", { "iscsi.status": `${reply[36]} ${reply[37]}` });
}

/** The response to iSNS's query (RFC 4171 5.7): the function of the request with the highest bit, and the number of the transaction. */
function isns({ probe, reply }: Exchange): Reading | undefined {
  if (probe !== "isns") return undefined;
  const reader = new Reader(reply);
  const [version, type] = [reader.u16(), reader.u16()];
  reader.skip(4);
  const transaction = reader.u16();
  reader.skip(2);
  const status = reader.u32();
  return reader.isShort || version !== 1 || type !== 0x8002 || transaction !== 1
    ? undefined
    : simple("isns", { "isns.status": String(status) });
}

const ORIGIN_HOST = 264;
const PRODUCT_NAME = 269;
const ERROR_MESSAGE = 281;

/** Diameter's Capabilities-Exchange-Answer (RFC 6733 5.3.2), or the error to a peer that is not known (section 7.2). */
function diameter({ probe, reply }: Exchange): Reading | undefined {
  if (probe !== "diameter") return undefined;
  const reader = new Reader(reply);
  const [version, length, flags, command] = [reader.u8(), reader.u24(), reader.u8(), reader.u24()];
  reader.skip(4);
  if (version !== 1 || (flags & 0x80) !== 0 || command !== 257 || reader.text(8) !== "synscan!" || length > 4096) {
    return undefined;
  }
  const texts = new Map<number, string>();
  while (reader.left >= 8 && !reader.isShort) {
    const code = reader.u32();
    const header = (reader.u8() & 0x80) === 0 ? 8 : 12;
    const size = reader.u24() - header;
    reader.skip(header - 8);
    texts.set(code, reader.text(size));
    reader.skip(Math.min((4 - (size & 3)) & 3, reader.left));
  }
  const hostname = texts.get(ORIGIN_HOST);
  const info = texts.get(PRODUCT_NAME) ?? texts.get(ERROR_MESSAGE);
  const avps = [...texts.keys(), texts.get(ERROR_MESSAGE) ?? ""].join(" ").trim();
  const reading = simple("diameter", { "diameter.avps": avps }, info);
  return hostname === undefined ? reading : { ...reading, facts: { ...reading.facts, hostname } };
}

/** MooseFS sends a packet without meaning (type 0, length 4, version 0) to clients that are silent, and tells its version (type 11). */
function moosefs({ probe, reply }: Exchange): Reading | undefined {
  if (probe === "null" && toHex(reply) === "000000000000000400000000") {
    return { ...simple("moosefs"), next: ["moosefs"] };
  }
  const reader = new Reader(reply);
  if (probe !== "moosefs" || reader.u32() !== 11) return undefined;
  const length = reader.u32();
  reader.skip(4);
  const version = reader.text(length - 4);
  return reader.isShort || !/^\d[\w.-]{1,30}$/.test(version)
    ? undefined
    : simple("moosefs", { "moosefs.version": version });
}

/** The reply to Snapcast's request for the time: type 4, the number of the request, eight bytes. */
function snapcast({ probe, reply }: Exchange): Reading | undefined {
  if (probe !== "snapcast" || reply.length !== 34 || toHex(reply.subarray(22, 26)) !== "08000000") return undefined;
  const reader = new Reader(reply);
  return reader.u16le() === 4 && reader.skip(2) && reader.u16le() === 1 ? simple("snapcast") : undefined;
}

/** The reply of OLA's RPC to a method that is not there: version 1, four bytes, type 5, the number of the request. */
function ola({ probe, reply }: Exchange): Reading | undefined {
  return probe === "ola" && toHex(reply) === "0400001008051001" ? simple("ola-rpc") : undefined;
}

/** The state of Erlang's distribution handshake, and the challenge with the name of the node. */
function erlang({ probe, reply }: Exchange): Reading | undefined {
  const reader = new Reader(reply);
  const status = reader.text(reader.u16());
  if (probe !== "erlang" || !/^s(?:ok|ok_simultaneous|nok|not_allowed|alive)$/.test(status)) return undefined;
  reader.skip(2);
  if (reader.u8() !== 0x4e) return simple("erlang-dist", { "erlang.status": status.slice(1) });
  reader.skip(16);
  const node = reader.text(reader.u16());
  if (reader.isShort || !/^[\w.-]{1,60}@[\w.:-]{1,200}$/.test(node)) return simple("erlang-dist");
  return simple("erlang-dist", { "erlang.node": node }, `node ${node}`);
}

/** Bacula's lines stand behind their lengths; the refusal of an unknown director names the place in the program. */
function bacula({ probe, reply }: Exchange): Reading | undefined {
  const reader = new Reader(reply);
  const line = reader.text(reader.u32());
  const match = /^(\w{1,20}\.c:\d{1,5}) Connection from unknown Director synscan at \S{1,60} rejected\.\n$/.exec(line);
  return probe === "bacula" && match ? simple("bacula-fd", { "bacula.source": match[1]! }) : undefined;
}

/** The values of a metric that is not there, pickled. */
function carbonQuery({ probe, reply }: Exchange): Reading | undefined {
  const reader = new Reader(reply);
  const pickle = reader.text(reader.u32());
  return probe === "carbon-query" && !reader.isShort && pickle.includes("datapoints") && pickle.endsWith(".")
    ? simple("carbon-query", { "carbon.pickle": toHex(reply.subarray(4)) })
    : undefined;
}

/** Returns true for bytes among which few are equal, as keys and random numbers are. */
function isRandom(bytes: Uint8Array): boolean {
  return new Set(bytes).size > bytes.length * 0.6 && !/[\x20-\x7e]{12}/.test(latin1(bytes));
}

/** The console of dnsdist replies to a client's 24 random bytes by 24 of its own, and waits. */
function dnsdist({ probe, reply, end }: Exchange): Reading | undefined {
  return probe === "dnsdist" && reply.length === 24 && end === "open" && isRandom(reply)
    ? { ...simple("dnsdist-control"), isVague: true }
    : undefined;
}

/** The encrypted handshake of BitTorrent: a public key of 96 bytes, and up to 512 random bytes. */
function bittorrent({ probe, reply, end }: Exchange): Reading | undefined {
  return probe === "bittorrent" && reply.length >= 96 && reply.length <= 608 && end === "open" &&
      isRandom(reply.subarray(0, 96))
    ? { ...simple("bittorrent"), isVague: true }
    : undefined;
}

/** A request of NBD's newstyle handshake: no flags, and an option that is not there (type 65535, no data). */
const NBD_OPTION = join(hex("00000003"), bytesOf("IHAVEOPT"), hex("0000ffff 00000000"));
const NBD_UNSUPPORTED = 0x80000001;

/** NBD's greeting; the refusal of an option has a text. */
function nbd({ probe, reply }: Exchange): Reading | undefined {
  const reader = new Reader(reply);
  if (probe === "nbd-option") {
    if (toHex(reader.take(8)) !== "0003e889045565a9" || reader.u32() !== 0xffff || reader.u32() !== NBD_UNSUPPORTED) {
      return undefined;
    }
    return simple("nbd", { "nbd.refusal": reader.text(Math.min(reader.u32(), reader.left)) });
  }
  if (reader.text(8) !== "NBDMAGIC") return undefined;
  if (reader.text(8) !== "IHAVEOPT") return simple("nbd", { "nbd.style": "oldstyle" });
  return {
    ...simple("nbd", { "nbd.style": "newstyle" }),
    follow: { name: "nbd-option", bytes: NBD_OPTION, sameConnection: true },
  };
}

/** A request for the status of Sphinx: the client's version of the protocol, command 5, version 1.0, one flag. */
const SPHINX_STATUS = hex("00000001 0005 0100 00000004 00000001");

/** The greeting of Sphinx's own protocol is the number 1; a reply to the request for its status has names and values. */
function sphinx({ probe, reply }: Exchange): Reading | undefined {
  if (probe === "null" && toHex(reply) === "00000001") {
    return {
      ...simple("sphinx-search"),
      isVague: true,
      follow: { name: "sphinx-status", bytes: SPHINX_STATUS, sameConnection: true },
    };
  }
  const reader = new Reader(reply, 8);
  const rows = reader.u32();
  if (probe !== "sphinx-status" || reader.u32() !== 2 || rows > 1000) return undefined;
  const names: string[] = [];
  for (let i = 0; i < 2 * Math.min(rows, 8); i++) {
    const text = reader.text(reader.u32());
    if (i % 2 === 0) names.push(text);
  }
  return reader.isShort || names[0] !== "uptime"
    ? undefined
    : simple("sphinx-search", { "sphinx.status": names.join(" ") });
}

/** The version of an AGW packet engine: a header of 36 bytes with the kind of the request, and 8 bytes. */
function agw({ probe, reply }: Exchange): Reading | undefined {
  const reader = new Reader(reply, 28);
  if (probe !== "agw" || reply.length !== 44 || reply[4] !== 0x52 || reader.u32le() !== 8) return undefined;
  reader.skip(4);
  const version = `${reader.u32le()}.${reader.u32le()}`;
  return simple("agwpe", { "agw.version": version }, `version ${version}`);
}

function milter({ probe, reply }: Exchange): Reading | undefined {
  const reader = new Reader(reply);
  if (probe !== "milter" || reader.u32() !== 13 || reader.u8() !== 0x4f) return undefined;
  const version = reader.u32();
  return simple("milter", { "milter.version": String(version) }, `protocol ${version}`);
}

function rtmp({ probe, reply }: Exchange): Reading | undefined {
  return probe === "rtmp" && reply.length >= 1537 && reply[0] === 3 ? simple("rtmp") : undefined;
}

function rmi({ probe, reply }: Exchange): Reading | undefined {
  const reader = new Reader(reply);
  if (probe !== "rmi" || reader.u8() !== 0x4e) return undefined;
  const host = reader.text(reader.u16());
  return reader.isShort || !/^[\w.:-]{1,100}$/.test(host) ? undefined : simple("java-rmi");
}

/** A packet of PulseAudio's native protocol. */
function pulsePacket(payload: Uint8Array): Uint8Array {
  return join(bigEndian(payload.length, 4), hex("ffffffff 00000000 00000000 00000000"), payload);
}

/** SET_CLIENT_NAME and GET_SERVER_INFO. */
const PULSE_INFO = join(
  pulsePacket(
    join(
      hex("4c 00000009 4c 00000001 50 74"),
      bytesOf("application.name\0"),
      hex("4c 00000008 78 00000008"),
      bytesOf("synscan\0"),
      hex("4e"),
    ),
  ),
  pulsePacket(hex("4c 00000014 4c 00000002")),
);

function pulse({ probe, reply }: Exchange): Reading | undefined {
  if (probe === "pulse-info") {
    // A reply ("L" 2) with two strings: the server's name and version.
    const text = latin1(reply, 0, 1024).replaceAll("\0", "~");
    const match = /t([^~]{1,100})~t(\d[^~]{0,60})~/.exec(text);
    return match ? simple("pulseaudio", { "pulseaudio.server": `${match[1]} ${match[2]}` }) : undefined;
  }
  const reader = new Reader(reply);
  const length = reader.u32();
  const channel = reader.u32();
  if (probe !== "pulse" || channel !== 0xffffffff || length > 1024) return undefined;
  reader.skip(12);
  if (reader.u8() !== 0x4c) return undefined;
  const command = reader.u32();
  reader.skip(6);
  const version = reader.u32() & 0xffff;
  const reading = simple("pulseaudio", { "pulseaudio.reply": `${command} ${version}` });
  return command !== 2 ? reading : {
    ...reading,
    facts: { info: `protocol ${version}` },
    follow: { name: "pulse-info", bytes: PULSE_INFO, sameConnection: true },
  };
}

function iperf2({ reply }: Exchange): Reading | undefined {
  if (reply.length !== 28 || toHex(reply.subarray(0, 8)) !== "000000020000001c") return undefined;
  const reader = new Reader(reply, 12);
  return simple("iperf", { "iperf.version": `${reader.u16()}.${reader.u16()}.${reader.u16()}` });
}

/** The probes that are long enough to be taken for the cookie of 37 bytes. */
const LONG_PROBES = ["iperf3", "rpc", "http11", "sip", "xmpp", "smb", "tls"];

function iperf3({ probe, reply }: Exchange): Reading | undefined {
  if (reply.length !== 1 || !LONG_PROBES.includes(probe)) return undefined;
  return reply[0] === 9 ? simple("iperf3", { "iperf3.state": "parameters" }) : undefined;
}

function tetrinet({ probe, reply }: Exchange): Reading | undefined {
  if (probe !== "tetrinetx") return undefined;
  const text = latin1(reply, 0, 256);
  return /^[\x20-\x7e]{1,100}(?:\n|\xff)\+?O?K?/.test(text)
    ? simple("tetrinet", { "tetrinet.version": text.split(/[\n\xff]/, 1)[0]! })
    : undefined;
}

/**
 * Minecraft's reply to the list ping that its clients of 1.4 to 1.6 send: a packet of type 255 with text of UTF-16 behind its length:
 * a paragraph sign, and protocol, version, title and two counts of players, each behind a zero.
 */
function minecraft({ reply }: Exchange): Reading | undefined {
  const reader = new Reader(reply);
  if (reader.u8() !== 0xff || reader.u16() * 2 !== reader.left || reader.left < 8) return undefined;
  const [mark, protocol, version] = utf16(reader.take(Math.min(reader.left, 1024))).split("\0");
  if (mark !== "\u00a71" || protocol === undefined || version === undefined) return undefined;
  return simple("minecraft", { "minecraft.version": version }, `protocol ${protocol}`);
}

function utf16(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at + 1 < bytes.length; at += 2) text += String.fromCharCode(bytes[at]! * 256 + bytes[at + 1]!);
  return text;
}

const PARSERS: Readonly<Record<string, Protocol["parse"]>> = {
  epmd,
  sane,
  zabbixTrapper,
  zabbix,
  tpm,
  modbus,
  owserver,
  knx,
  icecc,
  fastcgi,
  ajp,
  mumble,
  freeciv,
  rtmp,
  rmi,
  pulse,
  apcupsd,
  agw,
  moosefs,
  snapcast,
  ola,
  erlang,
  bacula,
  carbonQuery,
  dnsdist,
  bittorrent,
  nbd,
  sphinx,
  omapi,
  openvpn,
  pptp,
  iscsi,
  isns,
  diameter,
  brlapi,
  wesnoth,
  dask,
  milter,
  iperf2,
  iperf3,
  tetrinet,
  minecraft,
};

/** The parsers of these daemons. */
export const DAEMONS: readonly Protocol[] = Object.entries(PARSERS).map(([name, parse]) => ({ name, parse }));

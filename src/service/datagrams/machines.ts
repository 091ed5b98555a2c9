/**
 * Replies of services by which machines are managed, and of those of their files and clocks, over UDP.
 *
 * @module
 */

import { isText, latin1, printable, Reader, toHex } from "../bytes.ts";
import type { Exchange } from "../exchange.ts";
import { completeReading, type Protocol, type Reading } from "../protocols/protocol.ts";

/** RFC 5905 section 7.3, in mode 4 (server). */
function ntp({ probe, reply }: Exchange): Reading | undefined {
  const reader = new Reader(reply);
  const first = reader.u8();
  const [stratum, poll, precision] = [reader.u8(), reader.u8(), reader.u8()];
  if (probe !== "ntp" || reply.length < 48 || (first & 7) !== 4 || stratum > 16) return undefined;
  reader.skip(8);
  const refid = reader.take(4);
  const source = stratum > 1 && stratum < 16 ? "-" : printable(latin1(refid));
  const [leap, version] = [first >> 6, first >> 3 & 7];
  const isSynchronized = leap !== 3 && stratum > 0 && stratum < 16;
  return completeReading(
    "ntp",
    { "ntp.state": `leap ${leap} version ${version} stratum ${stratum} poll ${poll} precision ${precision} ${source}` },
    `NTP v${version}; ${isSynchronized ? `stratum ${stratum}` : "unsynchronized"}`,
  );
}

/** A value in the Basic Encoding Rules: its tag and content. */
function berValue(reader: Reader): { tag: number; content: Reader } {
  const tag = reader.u8();
  let length = reader.u8();
  if (length >= 0x80) {
    const count = length & 0x7f;
    length = 0;
    for (let i = 0; i < Math.min(count, 4); i++) length = length * 256 + reader.u8();
  }
  return { tag, content: reader.part(length) };
}

/** RFC 3411 section 5: an identifier has from 5 to 32 bytes. */
const MIN_ENGINE_LEN = 5;

/** RFC 3412 section 6, RFC 3414 section 2.4: the engine that sends a report; RFC 3411 section 5 has the form of its identifier. */
function snmp({ reply }: Exchange): Reading | undefined {
  const { tag, content: message } = berValue(new Reader(reply));
  const version = berValue(message);
  if (tag !== 0x30 || version.tag !== 2 || version.content.u8() !== 3 || berValue(message).tag !== 0x30) {
    return undefined;
  }
  const security = berValue(message);
  if (security.tag !== 4) return undefined;
  const usm = berValue(security.content);
  const engine = berValue(usm.content);
  if (usm.tag !== 0x30 || engine.tag !== 4) return undefined;
  const id = engine.content.take(Math.min(engine.content.left, 32));
  // That of the request is empty.
  if (id.length < MIN_ENGINE_LEN) return undefined;
  const enterprise = new Reader(id).u32() & 0x7fffffff;
  const name = id.length > 5 && id[4] === 4 ? latin1(id, 5) : undefined;
  return completeReading(
    "snmp",
    { "snmp.engine": `${enterprise} ${id[4] ?? 0}`, ...(name === undefined ? {} : { "snmp.engine-text": name }) },
    `SNMPv3; engine ${toHex(id)}`,
  );
}

/** RFC 5531 section 9: a reply. The program is that of the request. */
function rpc({ probe, reply }: Exchange): Reading | undefined {
  const program = PROGRAMS[probe.replace(/ versions$/, "")];
  const reader = new Reader(reply);
  reader.skip(4);
  const type = reader.u32();
  const status = reader.u32();
  if (program === undefined || reader.isShort || type !== 1 || status > 1) return undefined;
  const service = probe.replace(/ versions$/, "");
  if (status === 1) return completeReading(service, { "rpc.status": `denied ${reader.u32()}` }, `RPC #${program}`);
  reader.skip(4);
  reader.skip(Math.min(reader.u32(), 400));
  const accepted = reader.u32();
  if (reader.isShort || accepted > 5) return undefined;
  const isThere = accepted !== 1;
  const range = accepted === 2 ? `${reader.u32()}-${reader.u32()}` : undefined;
  const found = completeReading(
    isThere ? service : "rpc",
    { "rpc.status": `accepted ${accepted}`, ...(range === undefined ? {} : { "rpc.range": range }) },
    range === undefined ? `RPC #${program}` : `RPC #${program} versions ${range}`,
  );
  return range === undefined && isThere ? { ...found, isComplete: false, next: [`${service} versions`] } : found;
}

/** Numbers of programs by request. */
const PROGRAMS: Readonly<Record<string, number>> = {
  rpcbind: 100_000,
  nfs: 100_003,
  mountd: 100_005,
  nlockmgr: 100_021,
  wdbrpc: 0x55555555,
};

/** RFC 1350 section 5: an error, or the first block of a file. */
function tftp({ probe, reply }: Exchange): Reading | undefined {
  const reader = new Reader(reply);
  const code = reader.u16();
  const number = reader.u16();
  if (reader.isShort) return undefined;
  if (probe === "tftp" && code === 3 && number === 1) return completeReading("tftp", { "tftp.reply": "data" });
  const text = latin1(reply, 4, 200).replace(/\0$/, "");
  if (code !== 5 || number > 8 || !/^[\x20-\x7e]*$/.test(text)) return undefined;
  return completeReading("tftp", { "tftp.error": `${number} ${text}` });
}

/** ASF 2.0 section 3.2.4.1, and IPMI 2.0 section 22.13: the reply to the request for authentication. */
function rmcp({ reply }: Exchange): Reading | undefined {
  const reader = new Reader(reply);
  const [version, , , kind] = [reader.u8(), reader.u8(), reader.u8(), reader.u8()];
  if (version !== 6) return undefined;
  if (kind === 6) {
    const enterprise = reader.u32();
    const type = reader.u8();
    reader.skip(3);
    const oem = [reader.u32(), reader.u32()];
    const entities = reader.u8();
    if (reader.isShort || enterprise !== 4542 || type !== 0x40) return undefined;
    const found = completeReading("asf-rmcp", { "rmcp.pong": `${oem[0]} ${entities}` });
    return (entities & 0x80) !== 0 ? { ...found, isComplete: false, next: ["ipmi"] } : found;
  }
  if (kind !== 7) return undefined;
  const authentication = reader.u8();
  reader.skip(8);
  const length = reader.u8();
  reader.skip(6);
  const completion = reader.u8();
  const [, types, , extended] = [reader.u8(), reader.u8(), reader.u8(), reader.u8()];
  if (reader.isShort || authentication !== 0 || length < 8 || completion !== 0) return undefined;
  const versions = (types & 0x80) !== 0 && (extended & 2) !== 0 ? "IPMI 2.0" : "IPMI 1.5";
  const oem = toHex(reader.take(3));
  return completeReading("asf-rmcp", { "ipmi.version": versions, "ipmi.oem": oem }, versions);
}

/** Protocol of memcached: a frame of UDP, and a line. */
function memcached({ reply }: Exchange): Reading | undefined {
  const reader = new Reader(reply, 2);
  const [sequence, count, reserved] = [reader.u16(), reader.u16(), reader.u16()];
  if (sequence !== 0 || count !== 1 || reserved !== 0) return undefined;
  const line = /^(VERSION (.{1,40})|(?:CLIENT_|SERVER_)?ERROR.{0,80})\r\n$/.exec(latin1(reply, reader.at, 200));
  if (line === null) return undefined;
  return completeReading(
    "memcache",
    line[2] === undefined ? { "memcached.error": line[1]! } : { "memcached.version": line[2] },
  );
}

/** RFC 2453 section 4: a response of version 1 or 2. */
function rip({ reply }: Exchange): Reading | undefined {
  const isResponse = reply[0] === 2 && (reply[1] === 1 || reply[1] === 2) && reply[2] === 0 && reply[3] === 0;
  if (!isResponse || reply.length < 24 || (reply.length - 4) % 20 !== 0) return undefined;
  return completeReading("route", { "rip.version": String(reply[1]) }, `RIP ${reply[1]}`);
}

/** Rx protocol: a packet of type 13 with the version as text. */
function afs({ reply }: Exchange): Reading | undefined {
  if (reply.length < 30 || reply[20] !== 13) return undefined;
  const text = latin1(reply, 28, 128).replace(/\0[^]*$/, "").trim();
  if (!/^[\x20-\x7e]+$/.test(text)) return undefined;
  return completeReading("afs", { "afs.version": text }, text);
}

/** XDMCP section 6: Willing, with authentication, host name and status; or Unwilling. */
function xdmcp({ reply }: Exchange): Reading | undefined {
  const reader = new Reader(reply);
  const version = reader.u16();
  const code = reader.u16();
  const length = reader.u16();
  if (version !== 1 || (code !== 5 && code !== 6) || length !== reader.left) return undefined;
  const texts = Array.from({ length: code === 5 ? 3 : 2 }, () => reader.text(reader.u16()));
  if (reader.isShort || reader.left > 0) return undefined;
  const [hostname, status] = texts.slice(-2) as [string, string];
  const found = completeReading(
    "xdmcp",
    { "xdmcp.status": `${code === 5 ? "willing" : "unwilling"} ${status}` },
    status,
  );
  return hostname === "" ? found : { ...found, facts: { ...found.facts, hostname } };
}

/** Characters of a line of RFC 864 that are looked at. */
const SEQUENCE_LEN = 40;

/** RFC 864, RFC 865. */
function small({ probe, reply }: Exchange): Reading | undefined {
  if (isSequence(reply)) return completeReading("chargen", { "chargen.text": latin1(reply, 0, 72) });
  // A quote does not begin with the code of another protocol's refusal.
  const text = latin1(reply, 0, 72);
  return probe === "qotd" && isText(reply) && !/^(?:[A-Z]{2,8}\/\d\.\d )?\d{3}[ -]/.test(text)
    ? completeReading("qotd", { "qotd.text": text })
    : undefined;
}

/** True for the pattern of RFC 864: the printable characters in their order, over and over. */
function isSequence(reply: Uint8Array): boolean {
  const line = reply.subarray(0, SEQUENCE_LEN);
  return line.length === SEQUENCE_LEN &&
    line.every((byte, at) =>
      byte >= 0x20 && byte < 0x7f && (at === 0 || byte === line[at - 1]! + 1 || byte <= 0x21 && line[at - 1]! >= 0x7d)
    );
}

/** The protocols. */
export const MACHINE_DATAGRAMS: readonly Protocol[] = [
  { name: "snmp", parse: snmp },
  { name: "rpc", parse: rpc },
  { name: "memcache", parse: memcached },
  { name: "rmcp", parse: rmcp },
  { name: "afs", parse: afs },
  { name: "rip", parse: rip },
  { name: "xdmcp", parse: xdmcp },
  { name: "ntp", parse: ntp },
  { name: "tftp", parse: tftp },
  { name: "small", parse: small },
];

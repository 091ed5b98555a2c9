/**
 * Remote procedure calls: ONC RPC (RFC 5531), GIOP (CORBA 3), SMB 2 (MS-SMB2).
 *
 * @module
 */

import { bigEndian, bytesOf, hex, join, latin1, Reader, toHex } from "../bytes.ts";
import type { Exchange } from "../exchange.ts";
import { completeReading, type Protocol, type Reading } from "./protocol.ts";

const XID = 0x53594e53;
const PROGRAM_UNAVAILABLE = 1;
const PROGRAM_MISMATCH = 2;
const MAX_RECORD = 4096;

/** Services by the numbers of their programs (rpc(5)), for a port whose program is not the portmapper. */
const PROGRAMS: readonly (readonly [string, number])[] = [
  ["nfs", 100_003],
  ["mountd", 100_005],
  ["nlockmgr", 100_021],
  ["status", 100_024],
  ["rquotad", 100_011],
  ["ypserv", 100_004],
  ["glusterd", 14_398_633],
];
const PROGRAMS_PROBE = "rpc-programs";
/** Calls of a version that no program has, one record each: the number of a call is that of its program behind the first. */
const PROGRAM_CALLS = join(
  ...PROGRAMS.map(([, program], i) =>
    join(
      hex("80000028"),
      bigEndian(XID + i, 4),
      hex("00000000 00000002"),
      bigEndian(program, 4),
      hex("7fffffff"),
      new Uint8Array(20),
    )
  ),
);

/** A reply to a call (RFC 5531 section 9). */
interface RpcReply {
  readonly xid: number;
  readonly status: number;
  /** The state of an accepted call, or the reason of a denied one. */
  readonly state: number;
  /** Of a program that has not the version: the lowest and the highest that it has. */
  readonly range: string | undefined;
  readonly denial: string;
}

/** Reads the reply in a record that is whole (RFC 5531 section 11); undefined if it is none. */
function rpcReply(reader: Reader): RpcReply | undefined {
  const length = reader.u32() - 0x80000000;
  if (length < 0 || length > MAX_RECORD) return undefined;
  const record = reader.part(Math.min(length, reader.left));
  const xid = record.u32();
  const type = record.u32();
  const status = record.u32();
  if (record.isShort || type !== 1 || status > 1) return undefined;
  if (status === 1) {
    const state = record.u32();
    return { xid, status, state, range: undefined, denial: `denied ${state} ${record.u32()}` };
  }
  record.skip(4);
  record.skip(Math.min(record.u32(), 400));
  const state = record.u32();
  const range = state === PROGRAM_MISMATCH ? `${record.u32()}-${record.u32()}` : undefined;
  return record.isShort ? undefined : { xid, status, state, range, denial: "" };
}

function onc({ probe, reply }: Exchange): Reading | undefined {
  const reader = new Reader(reply);
  if (probe === PROGRAMS_PROBE) return programs(reader);
  const found = rpcReply(reader);
  if (found === undefined || found.xid !== XID && found.xid !== 0) return undefined;
  const { status, state, range, denial } = found;
  // A program that is there, or that asks for credentials: others reply that it is not available.
  if (probe === "kadmin" && (status === 1 || state === 0)) {
    return completeReading("kadmin", { "kadmin.status": status === 1 ? denial : `accepted ${state}` });
  }
  const isOther = probe === "rpc" && status === 0 && state === PROGRAM_UNAVAILABLE;
  return {
    ...completeReading(range === undefined ? "rpc" : "rpcbind", {
      "rpc.versions": range ?? `status ${status} ${state}`,
    }, range && `RPC #100000 versions ${range}`),
    ...(isOther ? { follow: { name: PROGRAMS_PROBE, bytes: PROGRAM_CALLS, sameConnection: true } } : {}),
  };
}

/** Reads the replies to the calls of several programs: that of the first one which is there. */
function programs(reader: Reader): Reading | undefined {
  let there: RpcReply | undefined;
  for (let found = rpcReply(reader); found !== undefined && there === undefined; found = rpcReply(reader)) {
    if (found.status === 0 && found.state !== PROGRAM_UNAVAILABLE) there = found;
  }
  const [service, program] = PROGRAMS[(there?.xid ?? 0) - XID] ?? [];
  if (there === undefined || service === undefined) return undefined;
  // GlusterFS leaves the range empty.
  const versions = there.range === undefined || there.range === "0-0" ? "" : ` versions ${there.range}`;
  return completeReading(
    service,
    { "rpc.versions": there.range ?? `status 0 ${there.state}` },
    `RPC #${program}${versions}`,
  );
}

/** A GIOP 1.0 request for an object that is not there: the exception has the minor code of the vendor. */
const GIOP_REQUEST = join(
  bytesOf("GIOP"),
  hex("0100 01 00 30000000 00000000 02000000 01 000000 08000000"),
  bytesOf("synscan?"),
  hex("0e000000"),
  bytesOf("_non_existent\0"),
  hex("0000 00000000"),
);

function giop({ probe, reply }: Exchange): Reading | undefined {
  if (reply.length < 12 || latin1(reply, 0, 4) !== "GIOP") return undefined;
  const type = reply[7]!;
  if (reply[4] !== 1 || type > 7) return undefined;
  const body = reply.subarray(12, 512);
  return {
    ...completeReading("giop", {
      "giop.reply": `${reply[5]} ${type} ${toHex(body.subarray(0, 16))}`,
      "giop.body": latin1(body),
    }, `GIOP 1.${reply[5]}`),
    ...(probe === "giop" ? { follow: { name: "giop-request", bytes: GIOP_REQUEST, sameConnection: true } } : {}),
  };
}

const DIALECTS: Readonly<Record<number, string>> = {
  0x0202: "2.0.2",
  0x0210: "2.1",
  0x0300: "3.0",
  0x0302: "3.0.2",
  0x0311: "3.1.1",
  0x02ff: "2.?",
};

function smb2({ probe, reply }: Exchange): Reading | undefined {
  if (reply.length < 8 || reply[0] !== 0) return undefined;
  const magic = latin1(reply, 4, 8);
  if (magic === "\xffSMB") {
    return completeReading("netbios-ssn", { "smb.version": "1" }, "SMB 1");
  }
  if (magic !== "\xfeSMB") return undefined;
  const header = new Reader(reply, 4);
  header.skip(12);
  const command = header.u16le();
  header.skip(50);
  if (command === 1) return sessionSetup(reply);
  if (command !== 0) return undefined;
  header.skip(4);
  const dialect = header.u16le();
  header.skip(2);
  const guid = toHex(header.take(16));
  if (header.isShort) return undefined;
  const name = DIALECTS[dialect] ?? dialect.toString(16);
  return {
    ...completeReading("netbios-ssn", { "smb.dialect": name, "smb.guid": guid }, `SMB ${name}`),
    ...(probe === "smb" ? { follow: { name: "smb-session", bytes: SESSION_SETUP, sameConnection: true } } : {}),
  };
}

const SESSION_SETUP = sessionSetupRequest();

/** SESSION_SETUP with an NTLM NEGOTIATE_MESSAGE (MS-NLMP): the challenge names the server. No one is logged in. */
function sessionSetupRequest(): Uint8Array {
  const ntlm = [
    ...[0x4e, 0x54, 0x4c, 0x4d, 0x53, 0x53, 0x50, 0, 1, 0, 0, 0, 0x15, 0x82, 0x08, 0x62],
    ...new Array<number>(24).fill(0),
  ];
  ntlm.splice(32, 8, 6, 1, 0xb1, 0x1d, 0, 0, 0, 0x0f);
  const request = new Uint8Array(4 + 64 + 24 + ntlm.length);
  const view = new DataView(request.buffer);
  view.setUint32(0, request.length - 4);
  request.set([0xfe, 0x53, 0x4d, 0x42, 64, 0], 4);
  view.setUint16(4 + 12, 1, true);
  view.setUint16(4 + 14, 31, true);
  view.setUint32(4 + 24, 1, true);
  const at = 68;
  view.setUint16(at, 25, true);
  request[at + 3] = 1;
  view.setUint16(at + 12, 64 + 24, true);
  view.setUint16(at + 14, ntlm.length, true);
  request.set(ntlm, at + 24);
  return request;
}

/** Reads the NTLM CHALLENGE_MESSAGE of a SESSION_SETUP response. */
function sessionSetup(reply: Uint8Array): Reading | undefined {
  const text = latin1(reply, 0, 4096);
  const at = text.indexOf("NTLMSSP\0\x02\0\0\0");
  if (at < 0) return undefined;
  const reader = new Reader(reply, at + 12);
  reader.skip(28);
  const infoLength = reader.u16le();
  reader.u16le();
  const infoAt = reader.u32le();
  const version = `${reader.u8()}.${reader.u8()}.${reader.u16le()}`;
  if (reader.isShort) return undefined;
  const names = targetNames(new Reader(reply, at + infoAt, at + infoAt + Math.min(infoLength, 1024)));
  const hostname = names[3] ?? names[1];
  return {
    service: "netbios-ssn",
    isComplete: true,
    fields: {
      "smb.ntlm-version": version,
      ...(names[1] ? { "smb.computer": names[1] } : {}),
      ...(names[2] ? { "smb.domain": names[2] } : {}),
    },
    facts: { ...(hostname ? { hostname } : {}), ...(names[2] ? { info: `workgroup: ${names[2]}` } : {}) },
  };
}

/** Returns the AV pairs of names by their id: 1 computer, 2 domain, 3 DNS computer, 4 DNS domain. */
function targetNames(reader: Reader): readonly (string | undefined)[] {
  const names: (string | undefined)[] = [];
  for (let i = 0; i < 16 && reader.left >= 4; i++) {
    const id = reader.u16le();
    const value = reader.take(reader.u16le());
    if (id === 0 || reader.isShort) break;
    if (id <= 5) names[id] = latin1(value).replaceAll("\0", "");
  }
  return names;
}

/** ONC RPC. */
export const ONC_RPC: Protocol = { name: "rpc", parse: onc };
/** GIOP. */
export const GIOP: Protocol = { name: "giop", parse: giop };
/** SMB, versions 1 to 3. */
export const SMB: Protocol = { name: "smb", parse: smb2 };

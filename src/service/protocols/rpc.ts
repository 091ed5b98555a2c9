/**
 * Remote procedure calls: ONC RPC (RFC 5531), GIOP (CORBA 3), SMB 2 (MS-SMB2).
 *
 * @module
 */

import { bytesOf, hex, join, latin1, Reader, toHex } from "../bytes.ts";
import type { Exchange } from "../exchange.ts";
import type { Protocol, Reading } from "./protocol.ts";

const XID = 0x53594e53;
const PROGRAM_MISMATCH = 2;

function onc({ probe, reply }: Exchange): Reading | undefined {
  const reader = new Reader(reply);
  const length = reader.u32();
  const xid = reader.u32();
  const type = reader.u32();
  const status = reader.u32();
  if (reader.isShort || type !== 1 || status > 1 || length < 0x80000000 || length - 0x80000000 > 4096) return undefined;
  if (xid !== XID && xid !== 0) return undefined;
  const denial = new Reader(reply, reader.at);
  reader.skip(4);
  reader.skip(Math.min(reader.u32(), 400));
  const accepted = reader.u32();
  const range = accepted === PROGRAM_MISMATCH && status === 0 ? `${reader.u32()}-${reader.u32()}` : undefined;
  if (reader.isShort && status === 0) return undefined;
  // A program that is there, or that asks for credentials: others reply that it is not available.
  if (probe === "kadmin" && (status === 1 || accepted === 0)) {
    const text = status === 1 ? `denied ${denial.u32()} ${denial.u32()}` : `accepted ${accepted}`;
    return { service: "kadmin", isComplete: true, fields: { "kadmin.status": text }, facts: {} };
  }
  return {
    service: range === undefined ? "rpc" : "rpcbind",
    isComplete: true,
    fields: { "rpc.versions": range ?? `status ${status} ${accepted}` },
    facts: range ? { info: `RPC #100000 versions ${range}` } : {},
  };
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
    service: "giop",
    isComplete: true,
    fields: { "giop.reply": `${reply[5]} ${type} ${toHex(body.subarray(0, 16))}`, "giop.body": latin1(body) },
    facts: { info: `GIOP 1.${reply[5]}` },
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
    return { service: "netbios-ssn", isComplete: true, fields: { "smb.version": "1" }, facts: { info: "SMB 1" } };
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
    service: "netbios-ssn",
    isComplete: true,
    fields: { "smb.dialect": name, "smb.guid": guid },
    facts: { info: `SMB ${name}` },
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

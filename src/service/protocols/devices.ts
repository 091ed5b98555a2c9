/**
 * Protocols of machines in industry and medicine: OPC UA (OPC 10000-6), DICOM's association (PS3.8), S7 of Siemens' controllers.
 *
 * @module
 */

import { bigEndian, bytesOf, hex, join, latin1, littleEndian, Reader } from "../bytes.ts";
import type { Exchange } from "../exchange.ts";
import { completeReading, type Protocol, type Reading } from "./protocol.ts";

/** A message of OPC UA: its type, and its length (part 6, 7.1.2.2). */
function opcMessage(type: string, ...parts: readonly Uint8Array[]): Uint8Array {
  const body = join(...parts);
  return join(bytesOf(type), littleEndian(8 + body.length, 4), body);
}

function opcText(text: string): Uint8Array {
  return join(littleEndian(text.length, 4), bytesOf(text));
}

/** An absent text or array: the length -1. */
const ABSENT = hex("ffffffff");
const NO_SECURITY = opcText("http://opcfoundation.org/UA/SecurityPolicy#None");
/** The same host for all: servers compare it with none of their names before a session. */
const ENDPOINT = opcText("opc.tcp://synscan.invalid");

/** Hello (7.1.2.3): version 0, buffers of 64 KiB, no limits. */
export const OPC_HELLO: Uint8Array = opcMessage(
  "HELF",
  hex("00000000 00000100 00000100 00000000 00000000"),
  ENDPOINT,
);

/** A RequestHeader (part 4, 7.33) without session: handle, and 5 seconds for the reply. */
function requestHeader(handle: number): Uint8Array {
  return join(hex("0000 0000000000000000"), littleEndian(handle, 4), hex("00000000"), ABSENT, hex("88130000 000000"));
}

/** OpenSecureChannel (part 4, 5.5.2) without security for 10 seconds: the first sequence number and request. */
const OPEN_CHANNEL = opcMessage(
  "OPNF",
  join(hex("00000000"), NO_SECURITY, ABSENT, ABSENT, hex("01000000 01000000 0100be01"), requestHeader(1)),
  join(hex("00000000 00000000 01000000"), ABSENT, hex("10270000")),
);

/** FindServers (part 4, 5.4.2) on a channel: the reply describes the server itself, and those that are registered with it. */
function findServers(channel: number, token: number): Uint8Array {
  return opcMessage(
    "MSGF",
    join(littleEndian(channel, 4), littleEndian(token, 4), hex("02000000 02000000 0100a601"), requestHeader(2)),
    join(ENDPOINT, ABSENT, ABSENT),
  );
}

const MAX_TEXT = 512;

function textOf(reader: Reader): string {
  const length = reader.u32le();
  return length === 0xffff_ffff ? "" : reader.text(Math.min(length, MAX_TEXT, reader.left));
}

function skipResponseHeader(reader: Reader): void {
  reader.skip(8 + 4 + 4 + 1);
  const strings = reader.u32le();
  for (let i = 0; strings !== 0xffff_ffff && i < Math.min(strings, 8); i++) textOf(reader);
  reader.skip(3);
}

function opc({ reply }: Exchange): Reading | undefined {
  const type = latin1(reply, 0, 4);
  const reader = new Reader(reply, 4);
  if (reader.u32le() > 0x1_0000 || reader.isShort) return undefined;
  const found = (fields: Reading["fields"], more: Partial<Reading> = {}): Reading => ({
    ...completeReading("opcua-tcp", fields),
    ...more,
  });
  if (type === "ACKF" && reply.length === 28) {
    return found({ "opcua.reply": "ACK" }, {
      follow: { name: "opcua-channel", bytes: OPEN_CHANNEL, sameConnection: true },
    });
  }
  if (type === "ERRF") {
    const error = `${reader.u32le().toString(16)} ${textOf(reader)}`;
    return found({ "opcua.error": error }, { isComplete: false, next: ["opcua"] });
  }
  if (type === "OPNF") return found({ "opcua.reply": "OPN" }, followOfChannel(reader));
  return type === "MSGF" ? application(reader, found) : undefined;
}

function followOfChannel(reader: Reader): Partial<Reading> {
  reader.skip(4);
  textOf(reader);
  for (let i = 0; i < 2; i++) textOf(reader);
  reader.skip(8 + 4);
  skipResponseHeader(reader);
  reader.skip(4);
  const [channel, token] = [reader.u32le(), reader.u32le()];
  if (reader.isShort) return {};
  return { follow: { name: "opcua-servers", bytes: findServers(channel, token), sameConnection: true } };
}

function application(reader: Reader, found: (fields: Reading["fields"], more?: Partial<Reading>) => Reading): Reading {
  reader.skip(4 + 4 + 8 + 4);
  skipResponseHeader(reader);
  reader.skip(4);
  const [uri, product] = [textOf(reader), textOf(reader)];
  const mask = reader.u8();
  if ((mask & 1) !== 0) textOf(reader);
  const name = (mask & 2) === 0 ? "" : textOf(reader);
  if (reader.isShort) return found({ "opcua.reply": "MSG" });
  return found(
    { "opcua.product": product, "opcua.application": uri },
    { facts: { info: [name, uri].filter((text) => text !== "").join("; ") } },
  );
}

/** An item of DICOM's association (PS3.8 9.3.2): its type, and its length. */
function dicomItem(type: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const body = join(...parts);
  return join(Uint8Array.of(type, 0, body.length >> 8, body.length), body);
}

/**
 * A-ASSOCIATE-RQ (PS3.8 9.3.2): DICOM's application context, and verification (C-ECHO) as the only service. The reply names the
 * implementation; a release or the end of the connection ends the association.
 */
export const DICOM_ASSOCIATE: Uint8Array = (() => {
  const context = dicomItem(
    0x20,
    hex("01000000"),
    dicomItem(0x30, bytesOf("1.2.840.10008.1.1")),
    dicomItem(0x40, bytesOf("1.2.840.10008.1.2")),
  );
  const user = dicomItem(
    0x50,
    dicomItem(0x51, hex("00004000")),
    dicomItem(0x52, bytesOf("2.25.240337172917")),
    dicomItem(0x55, bytesOf("SYNSCAN")),
  );
  const titles = bytesOf("ANY-SCP".padEnd(16) + "SYNSCAN".padEnd(16));
  const body = join(hex("0001 0000"), titles, new Uint8Array(32), dicomItem(0x10, bytesOf("1.2.840.10008.3.1.1.1")));
  const length = body.length + context.length + user.length;
  return join(hex("0100 0000"), Uint8Array.of(length >> 8, length), body, context, user);
})();
/** A-RELEASE-RQ. */
const DICOM_RELEASE = hex("0500 00000004 00000000");

const ABORT_LEN = 10;
const REJECTED: Readonly<Record<string, string>> = {
  "1 3": "calling AE title not recognized",
  "1 7": "called AE title not recognized",
};

function dicom({ probe, reply }: Exchange): Reading | undefined {
  const reader = new Reader(reply);
  const type = reader.u16();
  const length = reader.u32();
  if (reader.isShort || length > 0x4000) return undefined;
  const found = (fields: Reading["fields"], more: Partial<Reading> = {}): Reading => ({
    ...completeReading("dicom", fields),
    ...more,
  });
  if (probe === "dicom" && type === 0x0300 && length === 4) {
    reader.skip(2);
    const reason = `${reader.u8()} ${reader.u8()}`;
    const info = REJECTED[reason];
    return found({ "dicom.rejected": reason }, info === undefined ? {} : { facts: { info } });
  }
  if (type === 0x0700 && length === 4 && reply.length === ABORT_LEN) {
    // To another request than an association.
    const isOwn = probe === "dicom";
    return found({ "dicom.aborted": "seen" }, { isVague: !isOwn, isComplete: isOwn, next: ["dicom"] });
  }
  if (probe !== "dicom" || type !== 0x0200 || reader.u16() !== 1) return undefined;
  reader.skip(2 + 32 + 32);
  const fields: Record<string, string> = {};
  while (reader.left > 4) {
    const item = reader.u8();
    reader.skip(1);
    const size = reader.u16();
    // Items of the user's information follow its header.
    if (item === 0x50) continue;
    const value = reader.take(Math.min(size, reader.left));
    if (item === 0x52) fields["dicom.class"] = latin1(value).replace(/\0$/, "");
    if (item === 0x55) fields["dicom.version"] = latin1(value).trim();
  }
  const version = fields["dicom.version"];
  return found({ ...fields, "dicom.accepted": "seen" }, {
    facts: version === undefined ? {} : { info: version },
    quit: DICOM_RELEASE,
  });
}

/** A packet of RFC 1006 section 6. */
function tpkt(payload: Uint8Array): Uint8Array {
  return join(hex("03 00"), bigEndian(4 + payload.length, 2), payload);
}

/** X.224's connection request for a programming device of S7 (rack 0, slot 2): the references, and three parameters. */
export const S7_CONNECT: Uint8Array = tpkt(hex("11 e0 0000 0001 00 c0010a c1020100 c2020102"));
/** A message of S7 behind the header of X.224's data. */
const s7Message = (digits: string) => tpkt(hex(`02f080 32 ${digits}`));
/** The set-up of communication, which every client sends first. */
const S7_SETUP = s7Message("01 0000 0001 0008 0000 f0 00 0001 0001 01e0");
const MODULE_LIST = 0x0011;
const COMPONENT_LIST = 0x001c;
const s7List = (id: number) =>
  s7Message(`07 0000 0002 0008 0008 000112041144 0100 ff090004 ${id.toString(16).padStart(4, "0")} 0000`);
const S7_FOLLOWS = {
  setup: { name: "s7-setup", bytes: S7_SETUP, sameConnection: true },
  module: { name: "s7-module", bytes: s7List(MODULE_LIST), sameConnection: true },
  component: { name: "s7-component", bytes: s7List(COMPONENT_LIST), sameConnection: true },
};
const CONNECT_CONFIRM = 0xd0;
/** The bytes of a list's header before its records: header, parameters, return code, and the head of the list. */
const S7_PARAMETERS_LEN = 12;
const MAX_RECORDS = 16;

/** The reply of a controller to what it is asked for: the connection, the set-up, and the lists that name it. */
function s7({ probe, reply }: Exchange): Reading | undefined {
  const reader = new Reader(reply);
  if (!probe.startsWith("s7") || reader.u16() !== 0x0300) return undefined;
  const body = reader.part(reader.u16() - 4);
  const [length, type] = [body.u8(), body.u8()];
  if (body.isShort || length > body.left + 1) return undefined;
  if (probe === "s7") {
    return type !== CONNECT_CONFIRM ? undefined : {
      ...completeReading("iso-tsap", {}),
      follow: S7_FOLLOWS.setup,
    };
  }
  body.skip(1);
  if (body.u8() !== 0x32) return undefined;
  const found = (fields: Reading["fields"], more: Partial<Reading> = {}): Reading => ({
    ...completeReading("s7comm", fields),
    ...more,
  });
  if (probe === "s7-setup") return found({}, { follow: S7_FOLLOWS.module });
  const records = s7Records(body);
  if (probe === "s7-module") {
    const [module, firmware] = [records.get(1), records.get(7)].map((record) => record && new Reader(record));
    const version = firmware?.skip(20 + 2 + 1) && `${firmware.u8()}.${firmware.u8()}.${firmware.u8()}`;
    const info = [module?.text(20).trim(), version && `firmware ${version}`].filter((text) => text).join("; ");
    return found({ "s7.module": info }, { facts: info === "" ? {} : { info }, follow: S7_FOLLOWS.component });
  }
  const nameOf = (index: number) => latin1(records.get(index) ?? new Uint8Array()).replace(/\0[^]*$/, "").trim();
  const [system, kind] = [nameOf(1), nameOf(7)];
  return found({ "s7.system": system }, { facts: kind === "" ? {} : { info: kind } });
}

/** Reads the records of a list (SZL) by their index, of a reply that has one. */
function s7Records(body: Reader): ReadonlyMap<number, Uint8Array> {
  const records = new Map<number, Uint8Array>();
  body.skip(1 + 2 + 2 + 2 + 2 + S7_PARAMETERS_LEN + 4 + 4);
  const size = body.u16();
  for (let count = Math.min(body.u16(), MAX_RECORDS); count > 0 && size > 2 && body.left >= size; count--) {
    const index = body.u16();
    records.set(index, body.take(size - 2));
  }
  return records;
}

/** S7. */
export const S7: Protocol = { name: "s7", parse: s7 };
/** OPC UA. */
export const OPC_UA: Protocol = { name: "opcua", parse: opc };
/** DICOM. */
export const DICOM: Protocol = { name: "dicom", parse: dicom };

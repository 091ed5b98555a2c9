/**
 * Databases with binary protocols: MySQL, PostgreSQL, Firebird, Groonga, MongoDB.
 *
 * @module
 */

import { bytesOf, hex, join, latin1, littleEndian, Reader } from "../bytes.ts";
import type { Exchange } from "../exchange.ts";
import { completeReading, type Protocol, type Reading } from "./protocol.ts";

/** StartupMessage with a protocol version that no server has: the error names the server's source. */
export const PG_STARTUP: Uint8Array = hex("00000008 00ff00ff");

function mysql({ reply }: Exchange): Reading | undefined {
  const reader = new Reader(reply);
  const length = reader.u16le() + reader.u8() * 0x10000;
  const sequence = reader.u8();
  const protocol = reader.u8();
  if (reader.isShort || sequence > 1 || length < 5 || length > 1024) return undefined;
  if (protocol === 10) {
    const version = reader.cString(128);
    reader.skip(4 + 8 + 1 + 2);
    if (reader.isShort || !/^[\x21-\x7e][\x20-\x7e]{0,127}$/.test(version)) return undefined;
    return completeReading("mysql", { "mysql.version": version });
  }
  if (protocol !== 0xff) return undefined;
  reader.u16le();
  const error = reader.text(Math.min(length - 3, reader.left));
  if (!/^[\x20-\x7e]{8,400}$/.test(error)) return undefined;
  return completeReading("mysql", { "mysql.error": error });
}

function postgres({ probe, reply }: Exchange): Reading | undefined {
  const first = reply[0];
  if (reply.length === 1 && (first === 0x53 || first === 0x4e) && probe === "pgssl") {
    return {
      ...completeReading("postgresql", { "postgresql.ssl": latin1(reply) }),
      follow: { name: "pg-startup", bytes: PG_STARTUP, sameConnection: false },
    };
  }
  const reader = new Reader(reply, 1);
  const length = reader.u32();
  // A server that does not read the version in the request asks for a password at once.
  if (first === 0x52 && length === 8 && reply.length === 9) {
    const code = reader.u32();
    return code > 12 ? undefined : completeReading("postgresql", { "postgresql.authentication": String(code) });
  }
  if (first !== 0x45) return undefined;
  if (length < 8 || length > 4096) return undefined;
  const parts = new Map<string, string>();
  while (reader.left > 1 && parts.size < 20) {
    const type = String.fromCharCode(reader.u8());
    const text = reader.cString(512);
    if (reader.isShort || !/^[A-Za-z]$/.test(type)) break;
    parts.set(type, text);
  }
  const code = parts.get("C");
  const message = parts.get("M");
  if (code === undefined || message === undefined || !/^[0-9A-Z]{5}$/.test(code)) return undefined;
  const file = parts.get("F");
  return completeReading("postgresql", {
    ...(file ? { "postgresql.source": `${file}:${parts.get("L") ?? ""}:${parts.get("R") ?? ""}` } : {}),
    "postgresql.error": `${code} ${message}`,
  });
}

function firebird({ probe, reply }: Exchange): Reading | undefined {
  if (probe !== "firebird" || reply.length < 4) return undefined;
  const reader = new Reader(reply);
  const operation = reader.u32();
  if (operation === 9 && reply.length >= 28) {
    reader.skip(16);
    const [argument, code] = [reader.u32(), reader.u32()];
    return argument === 1 && Math.floor(code / 0x10000) === 0x1400
      ? completeReading("firebird", { "firebird.error": String(code & 0xffff) })
      : undefined;
  }
  const names: Readonly<Record<number, string>> = {
    3: "accept",
    4: "reject",
    94: "accept-data",
    98: "conditional-accept",
  };
  const name = names[operation];
  if (name === undefined || (operation === 4 ? reply.length !== 4 : reply.length < 16)) return undefined;
  return completeReading("firebird", {
    "firebird.reply": operation === 4 ? name : `${name} ${(reader.u32() & 0x7fff).toString()}`,
  });
}

function gqtp({ reply }: Exchange): Reading | undefined {
  const reader = new Reader(reply);
  const magic = reader.u8();
  if (reply.length < 24 || (magic !== 0xc7 && magic !== 0x81)) return undefined;
  reader.skip(7);
  const size = reader.u32();
  reader.skip(12);
  if (magic === 0x81 && !(size === 0 && reply.length === 24)) return undefined;
  if (size > 65_536 || size < reader.left) return undefined;
  const body = reader.text(Math.min(reader.left, 1024));
  const version = /"version":"([\d.]{1,20})"/.exec(body)?.[1];
  if (magic === 0xc7 && version === undefined) return undefined;
  return {
    service: "gqtp",
    isComplete: version !== undefined,
    fields: version === undefined ? { "gqtp.header": "memcached" } : { "gqtp.version": version },
    facts: {},
    ...(version === undefined ? { next: ["gqtp"] } : {}),
  };
}

const OP_REPLY = 1;
const OP_QUERY = 2004;
const OP_MSG = 2013;

/** A message of MongoDB: its length, its number, none that it replies to, and its kind. */
function mongoMessage(id: number, kind: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const body = join(...parts);
  return join(...[16 + body.length, id, 0, kind].map((number) => littleEndian(number, 4)), body);
}

/** A document of BSON of these elements. */
function bson(...elements: readonly Uint8Array[]): Uint8Array {
  const body = join(...elements, hex("00"));
  return join(littleEndian(4 + body.length, 4), body);
}

const one = (name: string) => join(hex("10"), bytesOf(`${name}\0`), littleEndian(1, 4));

/** The question by which each client begins; servers of all versions reply to it in this form. */
export const MONGO_HELLO: Uint8Array = mongoMessage(
  1,
  OP_QUERY,
  join(hex("00000000"), bytesOf("admin.$cmd\0"), hex("00000000 ffffffff")),
  bson(one("isMaster")),
);
/** Asks for the version, which needs no login. */
const MONGO_BUILD = mongoMessage(
  2,
  OP_MSG,
  hex("00000000 00"),
  bson(one("buildInfo"), join(hex("02"), bytesOf("$db\0"), littleEndian(6, 4), bytesOf("admin\0"))),
);

function mongo({ probe, reply }: Exchange): Reading | undefined {
  const reader = new Reader(reply);
  const length = reader.u32le();
  reader.skip(4);
  const [answered, kind] = [reader.u32le(), reader.u32le()];
  if (reader.isShort || length < 26 || length > 0x10_0000 || (kind !== OP_REPLY && kind !== OP_MSG)) return undefined;
  const text = latin1(reply, 16, 8192);
  if (probe === "mongodb" && answered === 1) {
    const at = text.indexOf("maxWireVersion\0");
    if (at < 0 && !text.includes("errmsg\0")) return undefined;
    const wire = at < 0 ? "-" : String(new Reader(reply, 16 + at + 15).u32le());
    return {
      ...completeReading("mongodb", { "mongodb.wire": wire }),
      follow: { name: "mongodb-build", bytes: MONGO_BUILD, sameConnection: true },
    };
  }
  if (probe !== "mongodb-build" || answered !== 2) return undefined;
  const version = /[^\w]version\0[^]{4}(\d[\w.+-]{1,40})\0/.exec(text)?.[1];
  return version === undefined
    ? completeReading("mongodb", {})
    : completeReading("mongodb", { "mongodb.version": version }, `version ${version}`);
}

/** MongoDB. */
export const MONGO: Protocol = { name: "mongodb", parse: mongo };
/** MySQL's protocol 10. */
export const MYSQL: Protocol = { name: "mysql", parse: mysql };
/** PostgreSQL's protocol 3. */
export const POSTGRES: Protocol = { name: "postgresql", parse: postgres };
/** Firebird's remote protocol. */
export const FIREBIRD: Protocol = { name: "firebird", parse: firebird };
/** Groonga's GQTP. */
export const GQTP: Protocol = { name: "gqtp", parse: gqtp };

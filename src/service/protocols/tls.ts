/**
 * TLS: the server's hello and certificate as they come in clear in TLS 1.2 (RFC 5246), and alerts.
 *
 * @module
 */

import type { TlsFacts } from "../../result/finding.ts";
import { Reader, toHex } from "../bytes.ts";
import type { Exchange } from "../exchange.ts";
import { createHash } from "../node_crypto.js";
import { oidOf, readValues, stringOf, timeOf, type Value } from "./der.ts";
import type { Protocol, Reading } from "./protocol.ts";

const HANDSHAKE = 22;
const ALERT = 21;
const SERVER_HELLO = 2;
const CERTIFICATE = 11;
const MAX_HANDSHAKE = 65_536;
const MAX_EXTENSIONS = 32;

const VERSIONS: Readonly<Record<number, string>> = {
  0x0300: "SSLv3",
  0x0301: "TLSv1.0",
  0x0302: "TLSv1.1",
  0x0303: "TLSv1.2",
  0x0304: "TLSv1.3",
};

/** Names of cipher suites (IANA) that servers chose. */
const SUITES: Readonly<Record<number, string>> = {
  0x1301: "TLS_AES_128_GCM_SHA256",
  0x1302: "TLS_AES_256_GCM_SHA384",
  0x1303: "TLS_CHACHA20_POLY1305_SHA256",
  0xc02b: "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
  0xc02c: "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
  0xc02f: "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
  0xc030: "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
  0xcca8: "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
  0xcca9: "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
  0xc009: "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA",
  0xc00a: "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA",
  0xc013: "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA",
  0xc014: "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA",
  0xc023: "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256",
  0xc024: "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384",
  0xc027: "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256",
  0xc028: "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384",
  0x009c: "TLS_RSA_WITH_AES_128_GCM_SHA256",
  0x009d: "TLS_RSA_WITH_AES_256_GCM_SHA384",
  0x009e: "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256",
  0x009f: "TLS_DHE_RSA_WITH_AES_256_GCM_SHA384",
  0xccaa: "TLS_DHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
  0x002f: "TLS_RSA_WITH_AES_128_CBC_SHA",
  0x0033: "TLS_DHE_RSA_WITH_AES_128_CBC_SHA",
  0x0035: "TLS_RSA_WITH_AES_256_CBC_SHA",
  0x0039: "TLS_DHE_RSA_WITH_AES_256_CBC_SHA",
  0x003c: "TLS_RSA_WITH_AES_128_CBC_SHA256",
  0x003d: "TLS_RSA_WITH_AES_256_CBC_SHA256",
  0x0067: "TLS_DHE_RSA_WITH_AES_128_CBC_SHA256",
  0x006b: "TLS_DHE_RSA_WITH_AES_256_CBC_SHA256",
  0x000a: "TLS_RSA_WITH_3DES_EDE_CBC_SHA",
  0x0005: "TLS_RSA_WITH_RC4_128_SHA",
  0x0004: "TLS_RSA_WITH_RC4_128_MD5",
  0x00a6: "TLS_DH_anon_WITH_AES_128_GCM_SHA256",
  0x00a7: "TLS_DH_anon_WITH_AES_256_GCM_SHA384",
  0x006c: "TLS_DH_anon_WITH_AES_128_CBC_SHA256",
  0x006d: "TLS_DH_anon_WITH_AES_256_CBC_SHA256",
  0x0034: "TLS_DH_anon_WITH_AES_128_CBC_SHA",
  0x003a: "TLS_DH_anon_WITH_AES_256_CBC_SHA",
};

const NAME_PARTS: Readonly<Record<string, string>> = {
  "2.5.4.3": "CN",
  "2.5.4.6": "C",
  "2.5.4.7": "L",
  "2.5.4.8": "ST",
  "2.5.4.10": "O",
  "2.5.4.11": "OU",
  "1.2.840.113549.1.9.1": "emailAddress",
};
const SUBJECT_ALT_NAME = "2.5.29.17";

function read({ reply, tunnel }: Exchange): Reading | undefined {
  if (tunnel !== undefined || reply.length < 7 || reply[1] !== 3 || reply[2]! > 4) return undefined;
  if (reply[0] === ALERT) return alert(reply);
  if (reply[0] !== HANDSHAKE) return undefined;
  const handshake = handshakeOf(reply);
  const reader = new Reader(handshake);
  let facts: TlsFacts | undefined;
  let suite = "";
  let certificate: Uint8Array | undefined;
  while (reader.left >= 4) {
    const type = reader.u8();
    const body = reader.part(reader.u24());
    if (reader.isShort) break;
    if (type === SERVER_HELLO) {
      const hello = serverHello(body);
      if (!hello) return undefined;
      ({ facts, suite } = hello);
    } else if (type === CERTIFICATE) {
      body.u24();
      certificate = body.take(body.u24());
      if (body.isShort) certificate = undefined;
    }
  }
  if (!facts) return undefined;
  const tls = certificate ? { ...facts, ...certificateFacts(certificate) } : facts;
  return {
    service: "ssl",
    isComplete: false,
    fields: {
      "tls.hello": facts.hello ?? "",
      "tls.suite": suite,
      ...(tls.subject ? { "tls.subject": tls.subject } : {}),
      ...(tls.issuer ? { "tls.issuer": tls.issuer } : {}),
      ...(certificate ? {} : { "tls.anonymous": facts.hello ?? "" }),
    },
    facts: { tls },
  };
}

/** Joins the handshake messages of the records of a reply. */
function handshakeOf(reply: Uint8Array): Uint8Array {
  const joined = new Uint8Array(Math.min(reply.length, MAX_HANDSHAKE));
  const reader = new Reader(reply);
  let length = 0;
  while (reader.left >= 5) {
    const type = reader.u8();
    reader.u16();
    const body = reader.take(Math.min(reader.u16(), reader.left));
    if (type !== HANDSHAKE) break;
    const part = body.subarray(0, joined.length - length);
    joined.set(part, length);
    length += part.length;
  }
  return joined.subarray(0, length);
}

function serverHello(body: Reader): { facts: TlsFacts; suite: string } | undefined {
  const version = body.u16();
  body.skip(32);
  body.skip(body.u8());
  const suite = body.u16();
  body.u8();
  if (body.isShort || VERSIONS[version] === undefined) return undefined;
  const extensions: number[] = [];
  let chosen = version;
  if (body.left >= 2) {
    const list = body.part(body.u16());
    while (list.left >= 4 && extensions.length < MAX_EXTENSIONS) {
      const type = list.u16();
      const content = list.part(list.u16());
      extensions.push(type);
      if (type === 43) chosen = content.u16();
    }
  }
  const text = suite.toString(16).padStart(4, "0");
  return {
    suite: text,
    facts: {
      version: VERSIONS[chosen] ?? VERSIONS[version]!,
      cipher: SUITES[suite] ?? `0x${text}`,
      hello: `${chosen.toString(16).padStart(4, "0")},${text},${extensions.join("-")}`,
    },
  };
}

function alert(reply: Uint8Array): Reading | undefined {
  const reader = new Reader(reply, 3);
  if (reader.u16() !== 2) return undefined;
  const level = reader.u8();
  const description = reader.u8();
  if (level < 1 || level > 2) return undefined;
  return { service: "ssl", isComplete: false, fields: { "tls.alert": String(description) }, facts: {} };
}

/** Reads a certificate (RFC 5280): subject, issuer, names, validity and its hash. */
export function certificateFacts(bytes: Uint8Array): TlsFacts {
  const facts = { sha256: toHex(createHash("sha256").update(bytes).digest()) };
  const certificate = readValues(bytes, 1)[0];
  const tbs = certificate && readValues(certificate.content, 3)[0];
  if (!tbs) return facts;
  const parts = readValues(tbs.content, 16);
  const at = parts[0]?.tag === 0xa0 ? 1 : 0;
  const validity = readValues(parts[at + 3]?.content ?? new Uint8Array(), 2);
  const issuer = nameOf(parts[at + 2]);
  const subject = nameOf(parts[at + 4]);
  const notBefore = timeOf(validity[0]);
  const expires = timeOf(validity[1]);
  const names = namesOf(parts.find(({ tag }) => tag === 0xa3));
  return {
    ...facts,
    ...(subject ? { subject } : {}),
    ...(issuer ? { issuer } : {}),
    ...(notBefore ? { notBefore } : {}),
    ...(expires ? { expires } : {}),
    ...(names.length > 0 ? { names } : {}),
  };
}

/** Returns a distinguished name as `CN=...,O=...`. */
function nameOf(value: Value | undefined): string {
  return readValues(value?.content ?? new Uint8Array(), 16).flatMap(({ content }) => readValues(content, 4)).flatMap(
    ({ content }) => {
      const [type, text] = readValues(content, 2);
      const label = NAME_PARTS[oidOf(type)];
      return label === undefined ? [] : [`${label}=${stringOf(text)}`];
    },
  ).join(",");
}

function namesOf(extensions: Value | undefined): readonly string[] {
  const list = readValues(extensions?.content ?? new Uint8Array(), 1)[0];
  for (const { content } of readValues(list?.content ?? new Uint8Array(), 32)) {
    const parts = readValues(content, 3);
    if (oidOf(parts[0]) !== SUBJECT_ALT_NAME) continue;
    const names = readValues(parts.at(-1)?.content ?? new Uint8Array(), 1)[0];
    return readValues(names?.content ?? new Uint8Array(), 64).flatMap(({ tag, content: name }) => {
      if (tag === 0x82) return [stringOf({ tag, content: name })];
      return tag === 0x87 && name.length === 4 ? [name.join(".")] : [];
    });
  }
  return [];
}

/** Returns the reading of a handshake that was made: what the certificate shows of a server that says nothing inside. */
export function readHandshake({ subject, issuer }: TlsFacts): Reading {
  return {
    service: "ssl",
    isComplete: false,
    fields: { ...(subject ? { "tls.subject": subject } : {}), ...(issuer ? { "tls.issuer": issuer } : {}) },
    facts: {},
  };
}

/** TLS 1.2 and older; of TLS 1.3 the hello. */
export const TLS: Protocol = { name: "tls", parse: read };

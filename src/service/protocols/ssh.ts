/**
 * SSH: the version line (RFC 4253 4.2), and the key exchange as far as the server's reply, which holds its host key.
 *
 * @module
 */

import { createHash } from "../node_crypto.js";
import type { SshKey } from "../../result/finding.ts";
import { bigEndian, bytesOf, join, latin1, Reader } from "../bytes.ts";
import type { Exchange } from "../exchange.ts";
import type { Protocol, Reading } from "./protocol.ts";

const KEXINIT = 20;
const KEX_ECDH_INIT = 30;
const KEX_ECDH_REPLY = 31;
const MAX_PACKET = 16_384;
const MAX_PACKETS = 8;
/** The name of the exchange that asks for the host key. */
const KEY_EXCHANGE = "ssh-kex";
/** The wait for the host key: servers that send a version line and nothing else are not waited for. */
const KEY_WAIT_MS = 120;

const text = (value: string): Uint8Array => join(bigEndian(value.length, 4), bytesOf(value));

/** A packet of the binary protocol (RFC 4253 6), before any key is agreed on. */
function packet(type: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const payload = join(Uint8Array.of(type), ...parts);
  const padding = 8 - (payload.length + 5) % 8;
  const padded = padding < 4 ? padding + 8 : padding;
  return join(bigEndian(1 + payload.length + padded, 4), Uint8Array.of(padded), payload, new Uint8Array(padded));
}

/** Both ways have the same algorithms; compression none, no languages. */
const CIPHERS = "aes128-ctr,aes256-ctr,chacha20-poly1305@openssh.com,aes128-gcm@openssh.com";
const MACS = "hmac-sha2-256,hmac-sha2-256-etm@openssh.com,hmac-sha1";
/** One kind of key exchange, so that the client's part of it can go without a wait. */
const KEY_EXCHANGES = "curve25519-sha256,curve25519-sha256@libssh.org";
const HOST_KEYS = "ssh-ed25519,ecdsa-sha2-nistp256,rsa-sha2-512,rsa-sha2-256,ssh-rsa";

/** The client's version, its algorithms, and a public key of Curve25519 whose private key no one needs. */
const REQUEST = join(
  bytesOf("SSH-2.0-synscan\r\n"),
  packet(
    KEXINIT,
    bytesOf("synscan-no-login"),
    text(KEY_EXCHANGES),
    text(HOST_KEYS),
    ...[CIPHERS, CIPHERS, MACS, MACS, "none", "none", "", ""].map(text),
    new Uint8Array(5),
  ),
  packet(KEX_ECDH_INIT, bigEndian(32, 4), Uint8Array.of(9), new Uint8Array(31)),
);

function read(exchange: Exchange): Reading | undefined {
  const { probe, reply, end } = exchange;
  if (probe === KEY_EXCHANGE) return readKeys(reply);
  const line = /^(?:[^\r\n]{0,255}\r?\n){0,8}?SSH-(\d\.\d{1,2})-([^\s]{1,200})(?: ([^\r\n]{0,200}))?(?:(\r?\n)|$)/.exec(
    latin1(reply, 0, 4096),
  );
  if (!line) return undefined;
  const [whole, protocol = "", software = "", comment, lineEnd] = line;
  const kex = packets(reply, whole.length).find(({ type }) => type === KEXINIT);
  const isWhole = lineEnd !== undefined;
  return {
    service: "ssh",
    isComplete: isWhole,
    fields: !isWhole && end === "open" ? {} : {
      "ssh.software": software,
      ...(comment ? { "ssh.comment": comment } : {}),
      "ssh.line": comment ? `${software} ${comment}` : software,
      "ssh.protocol": protocol,
      ...(kex ? algorithms(kex.body) : {}),
    },
    facts: {},
    ...(isWhole && end === "open" && protocol !== "1.5"
      ? { follow: { name: KEY_EXCHANGE, bytes: REQUEST, sameConnection: true, waitMs: KEY_WAIT_MS } }
      : {}),
  };
}

interface Packet {
  readonly type: number;
  readonly body: Reader;
}

/** Returns the packets that begin at an offset, up to the first damaged one. */
function packets(bytes: Uint8Array, at: number): readonly Packet[] {
  const reader = new Reader(bytes, at);
  const found: Packet[] = [];
  while (reader.left >= 6 && found.length < MAX_PACKETS) {
    const length = reader.u32();
    const padding = reader.u8();
    if (length > MAX_PACKET || length < padding + 2) break;
    const body = reader.part(length - 1);
    if (reader.isShort) break;
    found.push({ type: body.u8(), body: new Reader(body.bytes, body.at, body.end - padding) });
  }
  return found;
}

/** Returns the lists of key exchanges and of host keys. */
function algorithms(body: Reader): Record<string, string> {
  body.skip(16);
  const kex = body.text(body.u32());
  const hostKeys = body.text(body.u32());
  return body.isShort ? {} : { "ssh.kex": kex, "ssh.host-keys": hostKeys };
}

/** Reads what follows the client's part of the key exchange: the server's algorithms, if they had not come, and its host key. */
function readKeys(reply: Uint8Array): Reading | undefined {
  const found = packets(reply, 0);
  const kex = found.find(({ type }) => type === KEXINIT);
  const answer = found.find(({ type }) => type === KEX_ECDH_REPLY);
  if (!kex && !answer) return undefined;
  const key = answer && hostKey(answer.body);
  return {
    service: "ssh",
    isComplete: answer !== undefined,
    fields: kex ? algorithms(kex.body) : {},
    facts: key ? { sshKeys: [key] } : {},
  };
}

function hostKey(body: Reader): SshKey | undefined {
  const blob = body.take(body.u32());
  const reader = new Reader(blob);
  const type = reader.text(reader.u32());
  if (body.isShort || reader.isShort || !/^[\w@.-]{1,64}$/.test(type)) return undefined;
  const bits = bitsOf(type, reader);
  const fingerprint = `SHA256:${createHash("sha256").update(blob).digest("base64").replace(/=+$/, "")}`;
  return { type, ...(bits === undefined ? {} : { bits }), fingerprint };
}

function bitsOf(type: string, reader: Reader): number | undefined {
  if (type === "ssh-ed25519") return 256;
  const curve = /^ecdsa-sha2-nistp(\d{3})$/.exec(type)?.[1];
  if (curve !== undefined) return Number(curve);
  if (type !== "ssh-rsa") return undefined;
  reader.skip(reader.u32());
  const modulus = reader.take(reader.u32());
  const first = modulus.findIndex((byte) => byte !== 0);
  return first < 0 ? undefined : (modulus.length - first) * 8 - Math.clz32(modulus[first]!) + 24;
}

/** SSH of versions 1 and 2. */
export const SSH: Protocol = { name: "ssh", parse: read };

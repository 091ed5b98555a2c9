/**
 * Protocols between programs: DRDA of databases, H2's own, ActiveMQ's OpenWire, SCGI, XRootD, and the keyboard of Synergy's heirs.
 *
 * @module
 */

import { bigEndian, bytesOf, hex, join, latin1, Reader } from "../bytes.ts";
import type { Exchange } from "../exchange.ts";
import { completeReading, type Protocol, type Reading } from "./protocol.ts";

/** A value of DDM (DRDA volume 3): its length with this header, its code point, and its content. */
function ddm(code: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const content = join(...parts);
  return join(bigEndian(4 + content.length, 2), bigEndian(code, 2), content);
}

const EXTERNAL_NAME = 0x115e;
const SERVER_CLASS = 0x1147;
const SERVER_RELEASE = 0x115a;
const ATTRIBUTES = 0x1041;
const ATTRIBUTES_REPLY = 0x1443;
const SYNTAX_ERROR = 0x124c;

/** DRDA's EXCSAT, which a client sends first: its name ("synscan" in EBCDIC), and nothing that needs a login. */
export const DRDA_ATTRIBUTES: Uint8Array = (() => {
  const message = ddm(ATTRIBUTES, ddm(EXTERNAL_NAME, hex("a2a895a2838195")));
  return join(bigEndian(6 + message.length, 2), hex("d0 01 0001"), message);
})();

/** The letters of EBCDIC (code page 37) by the ranges in which they stand. */
const EBCDIC: ReadonlyMap<number, string> = new Map(
  ([
    [0x81, "abcdefghi"],
    [0x91, "jklmnopqr"],
    [0xa2, "stuvwxyz"],
    [0xc1, "ABCDEFGHI"],
    [0xd1, "JKLMNOPQR"],
    [
      0xe2,
      "STUVWXYZ",
    ],
    [0xf0, "0123456789"],
    [0x40, " "],
    [0x4b, "."],
    [0x4d, "("],
    [0x5d, ")"],
    [0x60, "-/"],
    [0x6d, "_"],
  ] as const)
    .flatMap(([first, letters]) => [...letters].map((letter, index) => [first + index, letter] as const)),
);

function ebcdic(bytes: Uint8Array): string {
  return Array.from(bytes.subarray(0, 200), (byte) => EBCDIC.get(byte) ?? "?").join("").trim();
}

function drda({ probe, reply }: Exchange): Reading | undefined {
  const reader = new Reader(reply);
  const [length, mark, kind] = [reader.u16(), reader.u8(), reader.u8() & 15];
  reader.skip(2);
  const [size, code] = [reader.u16(), reader.u16()];
  if (reader.isShort || mark !== 0xd0 || kind !== 2 || size + 6 > length) return undefined;
  if (code === SYNTAX_ERROR) return { ...completeReading("drda", { "drda.error": "syntax" }), next: ["drda"] };
  if (probe !== "drda" || code !== ATTRIBUTES_REPLY) return undefined;
  const texts = new Map<number, string>();
  const values = reader.part(Math.min(size - 4, reader.left));
  while (values.left >= 4 && !values.isShort) {
    const content = values.u16() - 4;
    const name = values.u16();
    texts.set(name, ebcdic(values.take(content)));
  }
  const server = [texts.get(SERVER_CLASS), texts.get(SERVER_RELEASE)].filter((text) => text !== undefined).join(" ");
  return completeReading("drda", { "drda.server": server });
}

/** A text of H2: the number of its characters, and two bytes for each. */
function h2Text(reader: Reader): string {
  const length = reader.u32();
  const bytes = reader.take(Math.min(2 * length, reader.left, 1024));
  return latin1(bytes.filter((_, at) => at % 2 === 1));
}

/** H2's reply to a version that it has not, and to what is none: the status 0, the code of SQL, and a text. */
function h2({ reply }: Exchange): Reading | undefined {
  const reader = new Reader(reply);
  if (reader.u32() !== 0 || reader.bytes[7] !== 5 || h2Text(reader) !== "90047") return undefined;
  return completeReading("h2", { "h2.error": h2Text(reader) });
}

/** OpenWire's WIREFORMAT_INFO: its length, type 1, a magic text, a version, and a map. */
function openWire({ reply }: Exchange): Reading | undefined {
  const reader = new Reader(reply);
  reader.skip(4);
  if (reader.u8() !== 1 || reader.text(8) !== "ActiveMQ") return undefined;
  const version = reader.u32();
  const text = latin1(reply, 0, 2048);
  const valueOf = (name: string) => new RegExp(`${name}\\t\\0[^]([\\w .-]{1,40})`).exec(text)?.[1];
  const provider = [valueOf("ProviderName"), valueOf("ProviderVersion")].filter((value) => value !== undefined).join(
    " ",
  );
  return completeReading("openwire", { "openwire.provider": provider || "-" }, `OpenWire ${version}`);
}

/** SCGI: a netstring of variables, and a call of XML-RPC that only reads, for the torrent client that has nothing else here. */
export const SCGI_REQUEST: Uint8Array = (() => {
  const body =
    '<?xml version="1.0"?><methodCall><methodName>system.client_version</methodName><params></params></methodCall>';
  const variables = `CONTENT_LENGTH\0${body.length}\0SCGI\x001\0REQUEST_METHOD\0POST\0REQUEST_URI\0/RPC2\0`;
  return bytesOf(`${variables.length}:${variables},${body}`);
})();

function scgi({ probe, reply }: Exchange): Reading | undefined {
  const text = latin1(reply, 0, 4096);
  if (probe !== "scgi" || !/^(?:Status: \d{3}|Content-Type: )/i.test(text)) return undefined;
  const value = /<methodResponse>\s{0,10}<params>\s{0,10}<param><value><string>([^<]{1,40})</.exec(text)?.[1];
  return completeReading(
    "scgi",
    value === undefined ? { "scgi.text": text.slice(0, 256) } : { "scgi.client-version": value },
  );
}

/** XRootD's handshake: five words, of which the last two are 4 and 2012. */
export const XROOTD_HANDSHAKE: Uint8Array = hex("00000000 00000000 00000000 00000004 000007dc");

function xrootd({ probe, reply }: Exchange): Reading | undefined {
  const reader = new Reader(reply);
  if (probe !== "xrootd" || reply.length !== 16 || reader.u32() !== 0 || reader.u32() !== 8) return undefined;
  const [version, type] = [reader.u32(), reader.u32()];
  if (type > 1 || version > 0xffff) return undefined;
  const text = [version >> 8, version >> 4 & 15, version & 15].join(".");
  return completeReading(
    "xrootd",
    { "xrootd.protocol": text },
    `protocol ${text}; ${type === 1 ? "data server" : "redirector"}`,
  );
}

/** The greeting of a keyboard's and mouse's server: seven letters, and the version of the protocol. */
function synergy({ reply }: Exchange): Reading | undefined {
  const reader = new Reader(reply);
  if (reader.u32() !== 11 || reply.length !== 15) return undefined;
  const name = reader.text(7);
  const version = `${reader.u16()}.${reader.u16()}`;
  return !/^[A-Z][a-z]{6}$/.test(name) || !/^1\.\d{1,2}$/.test(version)
    ? undefined
    : completeReading("synergy", { "synergy.name": name }, `protocol ${version}`);
}

/** The protocols. */
export const MIDDLEWARE: readonly Protocol[] = [
  { name: "drda", parse: drda },
  { name: "h2", parse: h2 },
  { name: "openwire", parse: openWire },
  { name: "scgi", parse: scgi },
  { name: "xrootd", parse: xrootd },
  { name: "synergy", parse: synergy },
];

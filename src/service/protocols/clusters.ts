/**
 * Servers of clusters, searches and remote objects: Ice, Serf and its members, Performance Co-Pilot, Xapian.
 *
 * @module
 */

import { bytesOf, hex, join, latin1, Reader, toHex } from "../bytes.ts";
import { type Exchange, NULL_PROBE } from "../exchange.ts";
import { completeReading, type Protocol, type Reading } from "./protocol.ts";

/** The Ice Protocol, "Protocol Messages": the server begins with ValidateConnection (type 3), which is a header alone. */
function ice({ reply }: Exchange): Reading | undefined {
  const reader = new Reader(reply);
  if (reader.text(4) !== "IceP") return undefined;
  const [protocol, encoding] = [0, 0].map(() => `${reader.u8()}.${reader.u8()}`);
  return reader.u8() !== 3 || reader.u8() !== 0 || reader.u32le() !== reply.length
    ? undefined
    : completeReading("ice", { "ice.protocol": protocol! }, `protocol ${protocol}; encoding ${encoding}`);
}

/** A text of MessagePack of fewer than 32 characters. */
function packed(text: string): Uint8Array {
  return join(Uint8Array.of(0xa0 | text.length), bytesOf(text));
}

/** Serf, "RPC protocol": the handshake by which each client begins: a header with the command and its number, and the version. */
export const SERF_HANDSHAKE: Uint8Array = join(
  ...[hex("82"), packed("Command"), packed("handshake"), packed("Seq"), hex("01")],
  ...[hex("81"), packed("Version"), hex("01")],
);

/** The header of a response: the error, which is empty if there is none, and the number of the request. */
function serf({ reply }: Exchange): Reading | undefined {
  const match = /^\x82\xa5Error([\xa0-\xbf])([^]{0,31})\xa3Seq[\0-\x7f]$/.exec(latin1(reply, 0, 256));
  if (match === null || match[2]!.length !== (match[1]!.charCodeAt(0) & 31)) return undefined;
  return completeReading("serf", { "serf.error": match[2]! }, match[2] || "RPC");
}

/** The ping of memberlist: its kind (0), a number, and the name of a node, of which an empty one is that of each. */
export const MEMBERLIST_PING: Uint8Array = join(
  ...[hex("00 82"), packed("SeqNo"), hex("2a"), packed("Node"), packed("")],
);

/** The reply to a ping: its kind (2), what the node adds, and the number; or a message (9) in which that is compressed. */
const MEMBERLIST_REPLIES: Readonly<Record<number, RegExp>> = {
  2: /^[\x81\x82](?:\xa7Payload[^]{1,256})?\xa5SeqNo\*/,
  9: /^\x82\xa4Algo\0\xa3Buf[\xa0-\xbf\xc4\xda]/,
};

function memberlist({ probe, reply }: Exchange): Reading | undefined {
  return probe === "memberlist" && MEMBERLIST_REPLIES[reply[0] ?? 0]?.test(latin1(reply, 1, 512))
    ? completeReading("memberlist", { "memberlist.reply": "acknowledged" })
    : undefined;
}

/** PCP: a daemon begins with a PDU of the type of errors, whose code is 0, with the version and the features that it offers. */
function pcp({ reply }: Exchange): Reading | undefined {
  const reader = new Reader(reply);
  if (reply.length !== 20 || reader.u32() !== 20 || reader.u32() !== 0x7000 || !reader.skip(4) || reader.u32() !== 0) {
    return undefined;
  }
  const version = reader.u8();
  return version < 1 || version > 9
    ? undefined
    : completeReading("pcp", { "pcp.version": String(version), "pcp.features": toHex(reader.take(3)) });
}

/** Xapian's remote protocol: the server begins with its database (message 0): the version of the protocol, counts, and a UUID. */
function xapian({ probe, reply }: Exchange): Reading | undefined {
  const reader = new Reader(reply);
  const [message, length, major, minor] = [reader.u8(), reader.u8(), reader.u8(), reader.u8()];
  const hasUuid = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(latin1(reply, 0, 256));
  if (probe !== NULL_PROBE || !hasUuid || message !== 0 || length !== reply.length - 2 || major < 30) return undefined;
  const protocol = `${major}.${minor}`;
  return completeReading("xapian", { "xapian.protocol": protocol }, `protocol ${protocol}`);
}

/** The protocols. */
export const CLUSTERS: readonly Protocol[] = [
  { name: "ice", parse: ice },
  { name: "serf", parse: serf },
  { name: "memberlist", parse: memberlist },
  { name: "pcp", parse: pcp },
  { name: "xapian", parse: xapian },
];

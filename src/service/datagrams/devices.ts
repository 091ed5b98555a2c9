/**
 * Replies of devices, and of games, over UDP.
 *
 * @module
 */

import { isText, latin1, printable, Reader, toHex } from "../bytes.ts";
import type { Exchange } from "../exchange.ts";
import { readResponse } from "../protocols/http.ts";
import { completeReading, type Protocol, type Reading } from "../protocols/protocol.ts";

/** UPnP Device Architecture 2.0 section 1.3.3: the reply to a search. Its `Server` header has the form of HTTP's. */
function ssdp({ reply }: Exchange): Reading | undefined {
  const response = readResponse(latin1(reply));
  if (response?.protocol !== "HTTP/1.1") return undefined;
  const { headers } = response;
  const server = headers.get("server");
  if (!headers.has("st") && !headers.has("usn")) return undefined;
  return completeReading(
    "upnp",
    { ...(server === undefined ? {} : { "http.server": server }), "ssdp.names": [...headers.keys()].join(",") },
    server,
  );
}

/** WS-Discovery 1.1 section 5.3: ProbeMatches, with the types of the device. */
function discovery({ reply }: Exchange): Reading | undefined {
  if (!isText(reply)) return undefined;
  const text = latin1(reply, 0, 4096);
  if (!/<(?:\w+:)?ProbeMatches\b/.test(text)) return undefined;
  const types = /<(?:\w+:)?Types[^>]{0,200}>([^<]{0,200})</.exec(text)?.[1]?.trim();
  const prefix = /^(?:<\?xml[^>]{0,80}>\s{0,4})?<(\w+):Envelope/.exec(text)?.[1] ?? "-";
  const order = [...text.matchAll(/<(\w+:)?(\w+)[ >]/g)].slice(0, 16).map(([, , name]) => name).join(",");
  return completeReading(
    "wsdapi",
    { "wsd.form": `${prefix} ${order}`, ...(types === undefined ? {} : { "wsd.types": types }) },
    types,
  );
}

/** RFC 6886 section 3.2 and RFC 6887 section 7.2: the external address, or that only PCP is understood. */
function natPmp({ probe, reply }: Exchange): Reading | undefined {
  if (probe !== "nat-pmp" || reply[1] !== 0x80 && reply[1] !== 0 || reply.length < 8 || reply.length > 24) {
    return undefined;
  }
  if (reply[0] !== 0 && reply[0] !== 2) return undefined;
  const code = new Reader(reply, 2).u16();
  return completeReading("nat-pmp", { "natpmp.reply": `version ${reply[0]} code ${code} length ${reply.length}` });
}

/** ANSI/ASHRAE 135: a complex ACK or an error behind the headers of BACnet/IP. */
function bacnet({ reply }: Exchange): Reading | undefined {
  if (reply[0] !== 0x81 || (reply[1] !== 0x0a && reply[1] !== 0x0b) || new Reader(reply, 2).u16() !== reply.length) {
    return undefined;
  }
  const kind = (reply[6] ?? 0) >> 4;
  // A confirmed request, as was sent.
  if (kind === 0) return undefined;
  return completeReading("bacnet", {
    "bacnet.reply": ["?", "?", "simple", "complex", "?", "error", "reject"][kind] ?? "?",
  });
}

/** CIP Networks Library, volume 2, section 2-4: ListServices; the name of the service is at its end. */
function etherNetIp({ reply }: Exchange): Reading | undefined {
  if (reply[0] !== 4 || reply[1] !== 0 || reply.length < 26 || new Reader(reply, 2).u16le() !== reply.length - 24) {
    return undefined;
  }
  const name = /[A-Za-z][\x20-\x7e]{2,15}/.exec(latin1(reply, 32))?.[0] ?? "";
  return completeReading("EtherNetIP", { "enip.service": name }, name);
}

/** KNX standard 3.8.2: a description response, with the name of the device. */
function knx({ reply }: Exchange): Reading | undefined {
  const reader = new Reader(reply);
  if (reader.u16() !== 0x0610 || reader.u16() !== 0x0204 || reader.u16() !== reply.length) return undefined;
  reader.skip(1);
  if (reader.u8() !== 1) return undefined;
  reader.skip(22);
  const name = reader.text(30).replace(/\0[^]*$/, "");
  return reader.isShort ? undefined : completeReading("knxnet-ip", { "knx.name": name }, printable(name));
}

/** RakNet: a pong, with a text of fields. */
function minecraft({ reply }: Exchange): Reading | undefined {
  if (reply[0] !== 0x1c || toHex(reply.subarray(17, 33)) !== "00ffff00fefefefefdfdfdfd12345678") return undefined;
  const text = latin1(reply, 35, 300);
  const [edition, , protocol, version] = text.split(";");
  return completeReading("minecraft-bedrock", { "raknet.pong": text }, [edition, version, protocol].join(" ").trim());
}

/** BEP 5: a response or an error, with the version of the client under `v`. */
function dht({ probe, reply }: Exchange): Reading | undefined {
  const text = latin1(reply, 0, 512);
  if (probe !== "bittorrent-dht" || !text.startsWith("d") || !/1:y1:[re]/.test(text)) return undefined;
  const client = /1:v(\d):/.exec(text);
  const version = client === null ? undefined : reply.subarray(client.index + client[0].length);
  const name = version?.subarray(0, Number(client![1]));
  return completeReading(
    "bittorrent-dht",
    { "dht.keys": [...text.matchAll(/1:([a-z])/g)].map(([, key]) => key).join(""), ...clientOf(name) },
  );
}

function clientOf(name: Uint8Array | undefined): Reading["fields"] {
  if (name === undefined || name.length < 2) return {};
  return { "dht.client": `${printable(latin1(name, 0, 2))} ${toHex(name.subarray(2))}` };
}

/** Quake III: the challenge, or the facts of the server. */
function quake({ reply }: Exchange): Reading | undefined {
  const text = latin1(reply, 0, 1024);
  if (!/^\xff\xff\xff\xff(?:challengeResponse|infoResponse)\b/.test(text)) return undefined;
  const facts = text.split("\n")[1]?.split("\\").slice(1) ?? [];
  const of = (key: string) => facts[facts.indexOf(key) + 1];
  const game = facts.includes("gamename") ? of("gamename") : undefined;
  const found = completeReading(
    "quake3",
    { "quake.reply": text.slice(4, 60), ...(game ? { "quake.game": game } : {}) },
    game,
  );
  return facts.length === 0 ? { ...found, isComplete: false, next: ["quake3 info"] } : found;
}

/** Mumble: the reply to a ping, with the version of the server in three bytes, users and bandwidth. */
function mumble({ probe, reply }: Exchange): Reading | undefined {
  if (probe !== "murmur" || reply.length !== 24 || reply[0] !== 0) return undefined;
  const version = `${reply[1]}.${reply[2]}.${reply[3]}`;
  const [users, most] = [new Reader(reply, 12).u32(), new Reader(reply, 16).u32()];
  return completeReading("murmur", { "mumble.release": `${version} ping` }, `users: ${users}, most: ${most}`);
}

/** The protocols. */
export const DEVICE_DATAGRAMS: readonly Protocol[] = [
  { name: "ssdp", parse: ssdp },
  { name: "wsd", parse: discovery },
  { name: "quake3", parse: quake },
  { name: "raknet", parse: minecraft },
  { name: "bacnet", parse: bacnet },
  { name: "enip", parse: etherNetIp },
  { name: "knx", parse: knx },
  { name: "mumble", parse: mumble },
  { name: "dht", parse: dht },
  { name: "nat-pmp", parse: natPmp },
];

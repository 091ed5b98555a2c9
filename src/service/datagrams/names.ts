/**
 * Replies of name services and directories over UDP.
 *
 * @module
 */

import { latin1, Reader, toHex } from "../bytes.ts";
import type { Exchange } from "../exchange.ts";
import { kerberosError } from "../protocols/directory.ts";
import { type DnsMessage, readDns, textIn } from "../protocols/network.ts";
import { completeReading, type Protocol, type Reading } from "../protocols/protocol.ts";

const TYPE_PTR = 12;
const TYPE_NBSTAT = 0x21;
/** Flags of a multicast DNS response (RFC 6762 section 18): a response, authoritative, and no other bit. */
const MDNS_FLAGS = 0x8400;
const MDNS_REQUEST = "zeroconf";
/** Requests that are queries of the name service. */
const QUERIES: ReadonlySet<string> = new Set(["domain", MDNS_REQUEST, "netbios-ns"]);
const HEADER_LEN = 12;
const FORMERR = 1;
const NOTIMP = 4;
const REFUSED = 5;
const MAX_RCODE = 10;
/** Names that are shown. */
const MAX_NAMES = 12;

function dns({ probe, reply }: Exchange): Reading | undefined {
  const message = readDns(new Reader(reply));
  if (message === undefined || !isPlausible(message, probe, reply.length)) return undefined;
  if (probe === MDNS_REQUEST && message.flags === MDNS_FLAGS) return mdns(message, reply);
  const { rcode } = message;
  const version = textIn(message, message.answers);
  return {
    ...completeReading(
      "domain",
      { ...(version === undefined ? {} : { "dns.version": version }), "dns.rcode": rcode },
      version === undefined ? rcode : undefined,
    ),
    ...(version === undefined && probe !== "domain" ? { next: ["domain"] } : {}),
  };
}

/**
 * True for a message that a name server can have sent: to what is no query, a header alone, with an error. The first bytes of many requests
 * read as a header of any flags, and some servers repeat them.
 */
function isPlausible({ flags }: DnsMessage, probe: string, length: number): boolean {
  const [operation, rcode] = [flags >> 11 & 15, flags & 15];
  if (QUERIES.has(probe)) return operation === 0 && rcode <= MAX_RCODE;
  return length === HEADER_LEN && [FORMERR, NOTIMP, REFUSED].includes(rcode);
}

/** The types of services that a responder of multicast DNS announces (RFC 6763 section 9). */
function mdns({ answers, records }: DnsMessage, reply: Uint8Array): Reading {
  const pointers = records.slice(0, answers).filter(({ type }) => type === TYPE_PTR);
  const types = pointers.map(({ at }) => nameAt(reply, at).replace(/\.local$/, ""));
  const shown = [...new Set(types)].filter((name) => name !== "").slice(0, MAX_NAMES).join(", ");
  const ttl = pointers[0]?.ttl;
  return completeReading("mdns", { "mdns.reply": `answers ${answers} ttl ${ttl ?? "-"}`, "mdns.types": shown }, shown);
}

/** Returns a domain name of a message, with compression pointers (RFC 1035 section 4.1.4); cut where it is damaged. */
function nameAt(message: Uint8Array, at: number): string {
  const labels: string[] = [];
  for (let jumps = 0, read = 0; read < 64 && jumps < 16; read++) {
    const length = message[at];
    if (length === undefined || length === 0) break;
    if (length >= 0xc0) {
      at = (length & 0x3f) * 256 + (message[at + 1] ?? 0);
      jumps++;
      continue;
    }
    labels.push(latin1(message, at + 1, at + 1 + length));
    at += 1 + length;
  }
  return labels.join(".");
}

/** RFC 1002 section 4.2.18: the names of a node, and its hardware address. */
function netbios({ reply }: Exchange): Reading | undefined {
  const reader = new Reader(reply);
  reader.skip(2);
  const flags = reader.u16();
  const counts = [reader.u16(), reader.u16()];
  reader.skip(4);
  if ((flags & 0x8000) === 0 || counts[0] !== 0 || counts[1] !== 1 || reader.u8() !== 0x20) return undefined;
  reader.skip(33);
  if (reader.u16() !== TYPE_NBSTAT || reader.u16() !== 1) return undefined;
  reader.skip(6);
  const count = reader.u8();
  const names = Array.from({ length: Math.min(count, 32) }, () => {
    const name = reader.text(15).trim();
    return { name, suffix: reader.u8(), isGroup: (reader.u16() & 0x8000) !== 0 };
  });
  const mac = toHex(reader.take(6));
  if (reader.isShort) return undefined;
  const hostname = names.find(({ suffix, isGroup }) => suffix === 0 && !isGroup)?.name;
  const workgroup = names.find(({ suffix, isGroup }) => suffix === 0 && isGroup)?.name;
  return {
    service: "netbios-ns",
    isComplete: true,
    fields: { "netbios.mac": mac, ...(workgroup === undefined ? {} : { "netbios.group": workgroup }) },
    facts: { ...(hostname ? { hostname } : {}), ...(workgroup ? { info: `workgroup: ${workgroup}` } : {}) },
  };
}

/** RFC 4511: the result, or an entry, of a search. */
function cldap({ reply }: Exchange): Reading | undefined {
  const start = toHex(reply.subarray(0, 16));
  const match = /^30(?:[0-7].|81..|82....|84........)02(?:01..|02....|03......|04........)(64|65)/.exec(start);
  if (match === null) return undefined;
  return completeReading("ldap", { "cldap.reply": match[1] === "64" ? "entry" : "result" }, "connectionless");
}

/** RFC 4120 section 5.9.1. */
function kerberos({ reply }: Exchange): Reading | undefined {
  const error = reply[0] === 0x7e ? kerberosError(reply) : undefined;
  // The realm is that of the request.
  return error && { ...error, facts: {} };
}

/** RFC 2608 section 8: a header of version 2, and a function that a server sends. */
function slp({ reply }: Exchange): Reading | undefined {
  const reader = new Reader(reply);
  const version = reader.u8();
  const kind = reader.u8();
  const length = reader.u24();
  if (version !== 2 || ![2, 5, 7, 8, 10, 11].includes(kind) || length !== reply.length) return undefined;
  return completeReading("svrloc", { "slp.function": String(kind) });
}

/** The protocols. */
export const NAME_DATAGRAMS: readonly Protocol[] = [
  { name: "netbios-ns", parse: netbios },
  { name: "domain", parse: dns },
  { name: "kerberos", parse: kerberos },
  { name: "cldap", parse: cldap },
  { name: "slp", parse: slp },
];

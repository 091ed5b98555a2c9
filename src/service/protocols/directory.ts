/**
 * Directories and authentication: LDAP (RFC 4511) and Kerberos (RFC 4120).
 *
 * @module
 */

import { latin1, Reader, toHex } from "../bytes.ts";
import type { Exchange } from "../exchange.ts";
import { readValues, stringOf, type Value } from "./der.ts";
import { completeReading, type Protocol, type Reading } from "./protocol.ts";

const SEARCH_ENTRY = 0x64;
const SEARCH_DONE = 0x65;
const EXTENDED = 0x78;
const MAX_ATTRIBUTES = 64;

function ldap({ probe, reply }: Exchange): Reading | undefined {
  if (reply[0] !== 0x30) return undefined;
  const messages = readValues(reply, 8);
  const fields: Record<string, string> = {};
  let isLdap = false;
  for (const { content } of messages) {
    const [id, operation] = readValues(content, 2);
    if (id?.tag !== 2 || !operation || ![SEARCH_ENTRY, SEARCH_DONE, EXTENDED].includes(operation.tag)) break;
    isLdap = true;
    const parts = readValues(operation.content, 4);
    if (operation.tag === SEARCH_ENTRY) {
      for (const attribute of readValues(parts[1]?.content ?? new Uint8Array(), MAX_ATTRIBUTES)) {
        const [name, values] = readValues(attribute.content, 2);
        const texts = readValues(values?.content ?? new Uint8Array(), 16).map((value) => stringOf(value));
        fields[`ldap.${latin1(name?.content ?? new Uint8Array(), 0, 40).toLowerCase()}`] = texts.join(" ").slice(
          0,
          512,
        );
      }
    } else {
      const message = stringOf(parts[2]);
      if (message !== "") fields["ldap.message"] = message;
      fields["ldap.result"] = String(parts[0]?.content[0] ?? 0);
    }
  }
  // A message longer than what has arrived: the beginning of an entry is enough to name the protocol.
  if (!isLdap && probe === "ldap") {
    isLdap = /^30(?:[0-7].|8[1-4](?:..){1,4})02010764/.test(toHex(reply.subarray(0, 12)));
  }
  if (!isLdap) return undefined;
  const hostname = fields["ldap.dnshostname"];
  return { service: "ldap", isComplete: true, fields, facts: hostname ? { hostname } : {} };
}

function kerberos({ reply }: Exchange): Reading | undefined {
  const reader = new Reader(reply);
  const length = reader.u32();
  return length < 20 || length > 4096 || reply[4] !== 0x7e ? undefined : kerberosError(reply.subarray(4));
}

/** Reads an error (RFC 4120 section 5.9.1); undefined if it is none. */
export function kerberosError(message: Uint8Array): Reading | undefined {
  const error = readValues(message, 1)[0];
  const list = error && readValues(error.content, 1)[0];
  if (!list) return undefined;
  const parts = readValues(list.content, 16);
  const part = (tag: number) => readValues(parts.find((value) => value.tag === tag)?.content ?? new Uint8Array(), 1)[0];
  const version = part(0xa0);
  if (version?.content[0] !== 5) return undefined;
  const code = part(0xa6);
  const realm = stringOf(part(0xa9));
  const text = stringOf(part(0xab));
  const server = serverName(part(0xaa));
  return completeReading("kerberos-sec", {
    "kerberos.error": `${(code?.content ?? []).at(-1) ?? 0} ${
      parts.map(({ tag }) => (tag & 0x1f).toString()).join(",")
    } ${realm ?? ""}`,
    ...(server ? { "kerberos.server": server } : {}),
    ...(text ? { "kerberos.text": text.replace(/\0+$/, "") } : {}),
  }, realm && `realm: ${realm}`);
}

/** Returns a principal's name (RFC 4120 5.2.2): its parts with slashes in between. */
function serverName(value: Value | undefined): string {
  const strings = readValues(value?.content ?? new Uint8Array(), 2)[1];
  const list = readValues(strings?.content ?? new Uint8Array(), 1)[0];
  return readValues(list?.content ?? new Uint8Array(), 4).map((part) => stringOf(part)).join("/");
}

/** LDAP version 3. */
export const LDAP: Protocol = { name: "ldap", parse: ldap };
/** Kerberos version 5: its error message. */
export const KERBEROS: Protocol = { name: "kerberos", parse: kerberos };

/**
 * The DNS servers of a scan: those that the user names, or those of resolv.conf(5).
 *
 * @module
 */

import { ResolveError, resolveName } from "../../ffi/resolver.ts";
import { UsageError } from "../base/errors.ts";
import { quote } from "../base/quote.ts";
import { isLoopback, parseIpv4, RESERVED_IPV4 } from "../wire/address.ts";

import { DNS_PORT, type DnsServer, dnsServerText } from "../wire/dns.ts";

export { type DnsServer, dnsServerText };

const RESOLV_CONF = "/etc/resolv.conf";
/** Servers of resolv.conf(5) beyond this number are ignored (`MAXNS` of resolv.h). */
const MAX_SYSTEM_SERVERS = 3;
const NAMESERVER = /^[ \t]*nameserver[ \t]+(\S+)/gm;
const ADVICE = "Give an address, as in 192.0.2.53 or 192.0.2.53:5353";

/** Returns true for addresses of which the public DNS has no names, and which it need not learn (RFC 6303). */
function isReserved(address: number): boolean {
  return RESERVED_IPV4.some(({ first, last }) => address >= first && address <= last);
}

/**
 * Returns the servers that may be asked for the name of an address, a bit each. Unless names were requested, public servers are not
 * asked for private addresses, and none is asked for loopback addresses.
 */
export function serversFor(address: number, servers: readonly DnsServer[], isRequested: boolean): number {
  if (isLoopback(address) && !isRequested) return 0;
  const isFree = isRequested || !isReserved(address);
  return servers.reduce((bits, server, index) => isFree || isReserved(server.address) ? bits | 1 << index : bits, 0);
}

/**
 * Returns the servers of a list, each once: addresses or names, each with `:port` if it is not 53.
 *
 * @throws {UsageError} If one makes no sense, has no address, or they are more than `most`.
 */
export async function parseDnsServers(texts: readonly string[], most: number): Promise<DnsServer[]> {
  const servers = new Map<string, DnsServer>();
  for (const text of texts) {
    const server = await parseDnsServer(text.trim());
    servers.set(dnsServerText(server), server);
  }
  if (servers.size === 0) throw new UsageError(`Cannot ask DNS servers: none is named. ${ADVICE}`);
  if (servers.size > most) throw new UsageError(`Cannot ask ${servers.size} DNS servers: name at most ${most}`);
  return [...servers.values()];
}

async function parseDnsServer(text: string): Promise<DnsServer> {
  const refuse = (why: string, advice = ADVICE): never => {
    throw new UsageError(`Cannot ask the DNS server ${quote(text)}: ${why}. ${advice}`);
  };
  const colon = text.indexOf(":");
  if (colon !== text.lastIndexOf(":") || text.startsWith("[")) refuse("it is an IPv6 address", "Give an IPv4 address");
  const host = colon < 0 ? text : text.slice(0, colon);
  const digits = colon < 0 ? `${DNS_PORT}` : text.slice(colon + 1);
  const port = /^\d{1,5}$/.test(digits) ? Number(digits) : 0;
  if (port < 1 || port > 65535) refuse("its port is not a number from 1 to 65535");
  const address = parseIpv4(host);
  if (address !== undefined) return { address, port };
  if (!/^(?=.*[a-z])[\w.-]+$/i.test(host)) refuse("it is no IPv4 address and no name");
  try {
    const [first] = await resolveName(host);
    return { address: first!, port };
  } catch (error) {
    return refuse(error instanceof ResolveError ? error.reason : String(error), "Give its address");
  }
}

/** Returns the IPv4 servers of resolv.conf(5); undefined if the file may not be read or names none. */
export function systemDnsServers(): DnsServer[] | undefined {
  if (Deno.permissions.querySync({ name: "read", path: RESOLV_CONF }).state !== "granted") return undefined;
  try {
    const servers = serversIn(Deno.readTextFileSync(RESOLV_CONF));
    return servers.length === 0 ? undefined : servers;
  } catch {
    // A system without the file asks a server of its own; the C library knows how.
    return undefined;
  }
}

/** Returns the IPv4 servers that the text of a resolv.conf(5) names. */
export function serversIn(text: string): DnsServer[] {
  return [...text.matchAll(NAMESERVER)].slice(0, MAX_SYSTEM_SERVERS).flatMap(([, address = ""]) => {
    const parsed = parseIpv4(address);
    return parsed === undefined ? [] : [{ address: parsed, port: DNS_PORT }];
  });
}

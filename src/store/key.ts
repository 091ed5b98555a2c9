/**
 * The keys of the history: hosts as sortable numbers, and ports with their protocol.
 *
 * @module
 */
import { formatIpv4, IPV4_MAX, parseIpv4 } from "../wire/address.ts";

/**
 * A host as a key: the number of an IPv4 address, or an IPv6 address with all its digits as text. SQLite
 * sorts numbers before texts, and each in the order of addresses.
 */
export type HostKey = number | string;

/** The largest key that is a number. */
export const MAX_HOST_NUMBER: number = IPV4_MAX;

/** Protocols, in the order in which the ports of a host are listed. */
export const PROTOCOLS: readonly string[] = ["tcp", "udp", "sctp", "ip", "host"];
/** Ports of one protocol. */
export const PORTS = 0x10000;
/** All port keys of a host: the protocol's place in {@linkcode PROTOCOLS} x 2^16 + the port. */
export const PORT_KEYS: number = PROTOCOLS.length * PORTS;

const IPV6_GROUPS = 8;

/** Returns the key of a port. */
export function portKey(protocol: string, port: number): number {
  return PROTOCOLS.indexOf(protocol) * PORTS + port;
}

/** Returns the protocol of a port key. */
export function protocolIn(key: number): string {
  return PROTOCOLS[key >>> 16]!;
}

/** Returns the port of a port key. */
export function portIn(key: number): number {
  return key & 0xffff;
}

/** Returns the key of an IPv4 address; `undefined` for any other text. */
export function ipv4Key(ip: string): number | undefined {
  return parseIpv4(ip);
}

/** Returns the key of an address. */
export function hostKey(ip: string): HostKey {
  const number = parseIpv4(ip);
  if (number !== undefined || !URL.canParse(`http://[${ip}]`)) return number ?? ip;
  const [head, tail] = new URL(`http://[${ip}]`).hostname.slice(1, -1).split("::").map((part) =>
    part === "" ? [] : part.split(":")
  ) as [string[], string[]?];
  const zeros = Array<string>(IPV6_GROUPS - head.length - (tail?.length ?? 0)).fill("0");
  return [...head, ...zeros, ...tail ?? []].map((group) => group.padStart(4, "0")).join(":");
}

/** Returns the address of a key, as RFC 5952 writes it. */
export function hostText(host: HostKey): string {
  return typeof host === "number" ? formatIpv4(host) : new URL(`http://[${host}]`).hostname.slice(1, -1);
}

/** Returns how many hosts lie between a host and a later one; Infinity where they cannot be counted. */
export function distance(from: HostKey, to: HostKey | undefined): number {
  return typeof from === "number" && typeof to === "number" ? to - from : Infinity;
}

/**
 * The keys of the history: hosts as sortable numbers, and ports with their protocol and technique.
 *
 * @module
 */
import { CannotScanError } from "../base/errors.ts";
import { isUsualTechnique } from "../technique/comparable.ts";
import type { PortResult } from "../result/port_result.ts";
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

/** Returns the protocol of a technique: one of another protocol than TCP has its name. */
export function protocolOf(technique: string): string {
  return PROTOCOLS.includes(technique) ? technique : "tcp";
}

/** Ports of one lane. */
export const PORTS = 0x10000;
/** The number of lanes at most. */
const MAX_LANES = 32;
/** All port keys of a host: the number of the lane x 2^16 + the port. */
export const PORT_KEYS: number = MAX_LANES * PORTS;

/** The results of one protocol that can be compared: a port has one in each. */
export interface Lane {
  readonly proto: string;
  /** The technique; undefined for those that ask for a connection, and for the only one of a protocol. */
  readonly technique: string | undefined;
}

const IPV6_GROUPS = 8;

/** Lanes by number, which is that of this process: those of techniques follow in the order in which they are found. */
const lanes: Lane[] = PROTOCOLS.map((proto) => ({ proto, technique: undefined }));

/** Returns the number of the lane of a technique. */
function laneOf(proto: string, technique: string): number {
  const own = isUsualTechnique(technique, proto) ? undefined : technique;
  const known = lanes.findIndex((lane) => lane.technique === own && lane.proto === proto);
  if (known >= 0) return known;
  if (lanes.length === MAX_LANES) throw new CannotScanError("Cannot read the history: it has too many techniques");
  return lanes.push({ proto, technique: own }) - 1;
}

/** Returns the key of a port. */
export function portKey({ proto, technique, port }: Pick<PortResult, "proto" | "technique" | "port">): number {
  return laneOf(proto, technique) * PORTS + port;
}

/** Returns the lane of a port key. */
export function laneIn(key: number): Lane {
  return lanes[key >>> 16]!;
}

/** Returns the key of a port without its technique: of a port's service. */
export function serviceKey(proto: string, port: number): number {
  return PROTOCOLS.indexOf(proto) * PORTS + port;
}

/** Returns the port of a port key. */
export function portIn(key: number): number {
  return key & 0xffff;
}

/** Returns the key of an address. A zone is behind it: `fe80:0000:0000:0000:0000:0000:0000:0001%eth0`. */
export function hostKey(ip: string): HostKey {
  const number = parseIpv4(ip);
  if (number !== undefined) return number;
  const [address = "", zone] = ip.split("%");
  if (!URL.canParse(`http://[${address}]`)) return ip;
  const [head, tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split("::").map((part) =>
    part === "" ? [] : part.split(":")
  ) as [string[], string[]?];
  const zeros = Array<string>(IPV6_GROUPS - head.length - (tail?.length ?? 0)).fill("0");
  const groups = [...head, ...zeros, ...tail ?? []].map((group) => group.padStart(4, "0"));
  return groups.join(":") + (zone === undefined ? "" : `%${zone}`);
}

/** Returns the address of a key, as RFC 5952 writes it. */
export function hostText(host: HostKey): string {
  if (typeof host === "number") return formatIpv4(host);
  const [address = "", zone] = host.split("%");
  const text = new URL(`http://[${address}]`).hostname.slice(1, -1);
  return zone === undefined ? text : `${text}%${zone}`;
}

/** Returns how many hosts lie between a host and a later one; Infinity where they cannot be counted. */
export function distance(from: HostKey, to: HostKey | undefined): number {
  return typeof from === "number" && typeof to === "number" ? to - from : Infinity;
}

/** True for a host that comes before another one: those without a number come last. */
export function isHostBefore(one: HostKey, other: HostKey): boolean {
  return typeof one === typeof other ? one < other : typeof one === "number";
}

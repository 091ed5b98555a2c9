/**
 * Whole IPv6 packets for tests, with right checksums.
 *
 * @module
 */

import { parseIpv6 } from "../../src/wire/address6.ts";
import { writeIcmpv6 } from "../../src/wire/icmpv6.ts";
import { PROTOCOL_TCP, PROTOCOL_UDP } from "../../src/wire/ipv4.ts";
import {
  IPV6_HEADER_LEN,
  PROTOCOL_ICMPV6,
  pseudoHeaderSum6,
  setIpv6PayloadLen,
  upperChecksum,
  writeIpv6,
} from "../../src/wire/ipv6.ts";
import { setTcpChecksum, TCP_MIN_HEADER_LEN, TCP_SYN, writeTcp } from "../../src/wire/tcp.ts";
import { UDP_HEADER_LEN, writeUdp } from "../../src/wire/udp.ts";
import { viewOf } from "./packets.ts";

/** Fields of the headers that the builders write. */
interface Ip6Settings {
  /** 2001:db8::1 if not given. */
  readonly source?: string;
  /** 2001:db8::7 if not given. */
  readonly destination?: string;
  /** 64 if not given. */
  readonly hopLimit?: number;
}

/** Builds a packet of any protocol; `fill` is given the packet and completes its payload. */
export function buildIpv6(
  nextHeader: number,
  payload: Uint8Array,
  { source = "2001:db8::1", destination = "2001:db8::7", hopLimit = 64 }: Ip6Settings = {},
): Uint8Array<ArrayBuffer> {
  const packet = new Uint8Array(IPV6_HEADER_LEN + payload.length);
  const ends = { source: parseIpv6(source)!, destination: parseIpv6(destination)! };
  writeIpv6(viewOf(packet), 0, { ...ends, nextHeader, hopLimit, payloadLen: payload.length });
  packet.set(payload, IPV6_HEADER_LEN);
  return packet;
}

/** The fields of {@linkcode buildTcp6}; those of a SYN to port 22 if not given. */
export interface Tcp6Settings extends Ip6Settings {
  readonly sourcePort?: number;
  readonly destinationPort?: number;
  readonly seq?: number;
  readonly ack?: number;
  readonly flags?: number;
  readonly window?: number;
  readonly options?: Uint8Array;
  readonly payload?: Uint8Array;
}

/** Builds a TCP segment. */
export function buildTcp6(settings: Tcp6Settings = {}): Uint8Array<ArrayBuffer> {
  const { options = new Uint8Array(), payload = new Uint8Array() } = settings;
  const headerLen = TCP_MIN_HEADER_LEN + (options.length + 3 & ~3);
  const length = headerLen + payload.length;
  const packet = buildIpv6(PROTOCOL_TCP, new Uint8Array(length), settings);
  const view = viewOf(packet);
  const fields = { sourcePort: 61000, destinationPort: 22, seq: 0, ack: 0, flags: TCP_SYN, window: 1024, ...settings };
  writeTcp(view, IPV6_HEADER_LEN, fields);
  packet.set(payload, IPV6_HEADER_LEN + headerLen);
  setTcpChecksum(view, IPV6_HEADER_LEN, 0);
  setTcpChecksum(view, IPV6_HEADER_LEN, upperChecksum(view, 0, IPV6_HEADER_LEN, length, PROTOCOL_TCP));
  return packet;
}

/** Builds a datagram; by default from 2001:db8::7 to 2001:db8::1, as replies come. */
export function buildUdp6(
  sourcePort: number,
  destinationPort: number,
  payload: Uint8Array,
  settings: Ip6Settings = {},
): Uint8Array<ArrayBuffer> {
  const length = UDP_HEADER_LEN + payload.length;
  const ends = { source: "2001:db8::7", destination: "2001:db8::1", ...settings };
  const packet = buildIpv6(PROTOCOL_UDP, new Uint8Array(length), ends);
  packet.set(payload, IPV6_HEADER_LEN + UDP_HEADER_LEN);
  const view = viewOf(packet);
  const pseudo = pseudoHeaderSum6(view, 0, PROTOCOL_UDP, length);
  writeUdp(view, IPV6_HEADER_LEN, sourcePort, destinationPort, length, pseudo);
  return packet;
}

/** The fields of {@linkcode buildIcmpv6}. */
export interface Icmp6Settings extends Ip6Settings {
  readonly type: number;
  readonly code?: number;
  readonly rest?: number;
  /** The payload: of an error, what it quotes. */
  readonly quoted?: Uint8Array;
}

/** Builds an ICMPv6 message; by default from 2001:db8::7 to 2001:db8::1, as errors come. */
export function buildIcmpv6(settings: Icmp6Settings): Uint8Array<ArrayBuffer> {
  const { type, code = 0, rest = 0, quoted = new Uint8Array() } = settings;
  const ends = { source: "2001:db8::7", destination: "2001:db8::1", ...settings };
  const packet = buildIpv6(PROTOCOL_ICMPV6, new Uint8Array(8 + quoted.length), ends);
  writeIcmpv6(viewOf(packet), 0, IPV6_HEADER_LEN, { type, code, rest, quoted });
  return packet;
}

/** Returns a packet with extension headers before its payload: of each its number, and its bytes from the third on as hex. */
export function withExtensions(
  packet: Uint8Array,
  chain: readonly (readonly [next: number, rest: string])[],
): Uint8Array<ArrayBuffer> {
  let payload = packet.slice(IPV6_HEADER_LEN);
  let next = packet[6]!;
  for (const [number, rest] of chain.toReversed()) {
    const bytes = Uint8Array.fromHex(rest);
    const length = 2 + bytes.length;
    payload = Uint8Array.of(next, number === 51 ? length / 4 - 2 : length / 8 - 1, ...bytes, ...payload);
    next = number;
  }
  const whole = Uint8Array.of(...packet.subarray(0, IPV6_HEADER_LEN), ...payload);
  whole[6] = next;
  setIpv6PayloadLen(viewOf(whole), 0, payload.length);
  return whole;
}

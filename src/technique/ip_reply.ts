// Hot path: nothing here may allocate per packet.
/**
 * The part of a reply that every technique over IPv4 reads alike: the IP header, and ICMP errors with the header that they quote.
 *
 * @module
 */

import { type Reason, reasonCode, type ReasonSet, reasonSet } from "../result/reasons.ts";
import { BY_TOKEN, NOT_A_REPLY, type ReplyKind } from "../result/reply_kind.ts";
import {
  checkIcmpv4,
  ICMP_ADMIN_PROHIBITED,
  ICMP_DESTINATION_UNREACHABLE,
  ICMP_HOST_PROHIBITED,
  ICMP_HOST_UNKNOWN,
  ICMP_HOST_UNREACHABLE,
  ICMP_HOST_UNREACHABLE_FOR_TOS,
  ICMP_NET_PROHIBITED,
  ICMP_NET_UNKNOWN,
  ICMP_NET_UNREACHABLE,
  ICMP_NET_UNREACHABLE_FOR_TOS,
  ICMP_PORT_UNREACHABLE,
  ICMP_PRECEDENCE_CUTOFF,
  ICMP_PRECEDENCE_VIOLATION,
  ICMP_PROTOCOL_UNREACHABLE,
  ICMP_SOURCE_ISOLATED,
  ICMP_TIME_EXCEEDED,
  ICMPV4_QUOTE_OFFSET,
  icmpv4Code,
  icmpv4QuoteLen,
  icmpv4Type,
} from "../wire/icmpv4.ts";
import {
  checkIpv4,
  checkIpv4Quoted,
  ipv4Destination,
  ipv4FragmentOffset,
  ipv4IsFragment,
  ipv4Protocol,
  ipv4Source,
  ipv4Ttl,
} from "../wire/ipv4.ts";
import { canBeSource } from "../wire/integrity.ts";
import type { Reply } from "./technique.ts";

/**
 * The codes of destination unreachable that mean something to a scan: all but 4, fragmentation needed, and 5, source route failed. The
 * rare ones count as their likes (RFC 1812 section 5.2.7.1): FreeBSD's ipfw sends each that its rules name.
 */
const UNREACHABLE: readonly (readonly [code: number, reason: Reason])[] = [
  [ICMP_NET_UNREACHABLE, "net-unreach"],
  [ICMP_HOST_UNREACHABLE, "host-unreach"],
  [ICMP_PROTOCOL_UNREACHABLE, "proto-unreach"],
  [ICMP_PORT_UNREACHABLE, "port-unreach"],
  [ICMP_NET_PROHIBITED, "net-prohibited"],
  [ICMP_HOST_PROHIBITED, "host-prohibited"],
  [ICMP_ADMIN_PROHIBITED, "admin-prohibited"],
  [ICMP_NET_UNKNOWN, "net-unreach"],
  [ICMP_HOST_UNKNOWN, "host-unreach"],
  [ICMP_SOURCE_ISOLATED, "host-unreach"],
  [ICMP_NET_UNREACHABLE_FOR_TOS, "net-unreach"],
  [ICMP_HOST_UNREACHABLE_FOR_TOS, "host-unreach"],
  [ICMP_PRECEDENCE_VIOLATION, "admin-prohibited"],
  [ICMP_PRECEDENCE_CUTOFF, "admin-prohibited"],
];
const UNREACHABLE_KINDS = new Uint8Array(256).fill(NOT_A_REPLY);
for (const [code, reason] of UNREACHABLE) UNREACHABLE_KINDS[code] = reasonCode(reason);
const TIME_EXCEEDED = reasonCode("time-exceeded");

/** ICMP errors: replies that hosts and routers send at a limited rate. */
export const ICMP_ERRORS: ReasonSet = reasonSet([
  ...UNREACHABLE.map(([, reason]) => reason),
  ...["time-exceeded", "beyond-scope", "reject-route", "param-problem"] as const,
]);

/** Returns the kind of an ICMP message, by type and code (0-255 each); {@linkcode NOT_A_REPLY} if it means nothing to a scan. */
export function icmpErrorKind(type: number, code: number): ReplyKind {
  if (type === ICMP_DESTINATION_UNREACHABLE) return UNREACHABLE_KINDS[code]!;
  return type === ICMP_TIME_EXCEEDED ? TIME_EXCEEDED : NOT_A_REPLY;
}

/**
 * True for an error about an unknown or isolated destination, by type and code. With the destination's own address as its sender it is no reply of
 * that: another used the address, as tinc does.
 */
export function isOfUnknown(type: number, code: number): boolean {
  return type === ICMP_DESTINATION_UNREACHABLE && code >= ICMP_NET_UNKNOWN && code <= ICMP_SOURCE_ISOLATED;
}

/**
 * Reads the IP header of a received packet, sets sender, receiver and TTL; returns the header's length, or 0 for no whole packet, or one from
 * an address that no host has.
 *
 * @param takesFirst True if the first fragment of a datagram is taken for it.
 */
export function readIpv4(view: DataView, at: number, length: number, reply: Reply, takesFirst = false): number {
  const headerLen = checkIpv4(view, at, length);
  if (headerLen === 0 || (takesFirst ? ipv4FragmentOffset(view, at) !== 0 : ipv4IsFragment(view, at))) return 0;
  reply.ttl = ipv4Ttl(view, at);
  reply.from = ipv4Source(view, at);
  reply.ownAddress = ipv4Destination(view, at);
  return canBeSource(reply.from, reply.ownAddress) ? headerLen : 0;
}

/**
 * Reads an ICMP error, and of the packet that it quotes the addresses: kind, host and own address.
 *
 * @param at The offset of the ICMP header, behind what {@linkcode readIpv4} has read.
 * @param protocol The IP protocol of the probe.
 * @param leastLen Bytes behind the quoted IP header that are needed: routers quote eight, RFC 792.
 * @returns The offset of the quoted header behind IP, or 0 if it is no such error.
 */
export function readIcmpError(
  view: DataView,
  at: number,
  length: number,
  protocol: number,
  leastLen: number,
  reply: Reply,
): number {
  if (checkIcmpv4(view, at, length) === 0) return 0;
  const type = icmpv4Type(view, at);
  const code = icmpv4Code(view, at);
  const kind = icmpErrorKind(type, code);
  if (kind === NOT_A_REPLY) return 0;
  const quoteAt = at + ICMPV4_QUOTE_OFFSET;
  const quoteLen = icmpv4QuoteLen(view, at, length);
  const headerLen = checkIpv4Quoted(view, quoteAt, quoteLen);
  if (headerLen === 0 || quoteLen - headerLen < leastLen) return 0;
  if (ipv4Protocol(view, quoteAt) !== protocol || ipv4FragmentOffset(view, quoteAt) !== 0) return 0;
  reply.kind = kind;
  reply.strength = BY_TOKEN;
  reply.odd = false;
  reply.host = ipv4Destination(view, quoteAt);
  if (reply.from === reply.host && isOfUnknown(type, code)) return 0;
  reply.ownAddress = ipv4Source(view, quoteAt);
  return quoteAt + headerLen;
}

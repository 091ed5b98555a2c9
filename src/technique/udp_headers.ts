// Hot path: nothing here may allocate per packet.
/**
 * The part of a UDP reply that is read alike over IPv4 and IPv6.
 *
 * @module
 */

import { reasonCode } from "../result/reasons.ts";
import { NOT_A_REPLY, type ReplyKind } from "../result/reply_kind.ts";
import { checkUdp, checkUdpFragment, UDP_HEADER_LEN, udpDestinationPort, udpLen, udpSourcePort } from "../wire/udp.ts";
import type { Reply } from "./technique.ts";

/** The kind of a datagram. */
export const UDP_RESPONSE: ReplyKind = reasonCode("udp-response");

/**
 * Reads a datagram of `reply.from`, behind its IP header; returns the kind of reply that it is.
 *
 * @param isFirst True for the first fragment of a datagram.
 */
export function readDatagram(
  view: DataView,
  at: number,
  length: number,
  reply: Reply,
  isFirst: boolean,
): ReplyKind {
  const headerLen = isFirst ? checkUdpFragment(view, at, length) : checkUdp(view, at, length);
  if (headerLen === 0) return reply.kind = NOT_A_REPLY;
  reply.dataLen = Math.min(udpLen(view, at), length) - UDP_HEADER_LEN;
  reply.host = reply.from;
  reply.port = udpSourcePort(view, at);
  reply.ownPort = udpDestinationPort(view, at);
  reply.number = at;
  reply.odd = false;
  return reply.kind = UDP_RESPONSE;
}

/** Reads the header of a probe that an error quotes. */
export function readQuotedDatagram(view: DataView, at: number, reply: Reply): void {
  reply.port = udpDestinationPort(view, at);
  reply.ownPort = udpSourcePort(view, at);
  reply.number = at;
}

/**
 * IPv6 packets in one line of text, for `--packet-trace`; total over all bytes, as `describe.ts` is.
 *
 * @module
 */

import { formatIpv6, readIpv6Address } from "./address6.ts";
import { flagLetters } from "./describe.ts";
import {
  checkIcmpv6,
  ICMPV6_DESTINATION_UNREACHABLE,
  ICMPV6_ECHO_REPLY,
  ICMPV6_ECHO_REQUEST,
  ICMPV6_PACKET_TOO_BIG,
  ICMPV6_PARAMETER_PROBLEM,
  ICMPV6_QUOTE_OFFSET,
  ICMPV6_TIME_EXCEEDED,
  icmpv6Code,
  icmpv6IsError,
  icmpv6Type,
} from "./icmpv6.ts";
import { PROTOCOL_TCP, PROTOCOL_UDP } from "./ipv4.ts";
import {
  checkIpv6Quoted,
  IPV6_DESTINATION,
  IPV6_HEADER_LEN,
  IPV6_SOURCE,
  ipv6HopLimit,
  Ipv6Payload,
  ipv6PayloadLen,
  PROTOCOL_ICMPV6,
} from "./ipv6.ts";
import { NDP_ADVERTISEMENT, NDP_SOLICITATION, NDP_TARGET } from "./ndp.ts";
import {
  checkTcp,
  TCP_ACK,
  TCP_PORTS_AND_SEQ_LEN,
  tcpAck,
  tcpDestinationPort,
  tcpFlags,
  tcpSeq,
  tcpSourcePort,
  tcpWindow,
} from "./tcp.ts";
import { UDP_HEADER_LEN, udpDestinationPort, udpSourcePort } from "./udp.ts";

const TYPES: Readonly<Record<number, string>> = {
  [ICMPV6_DESTINATION_UNREACHABLE]: "destination unreachable",
  [ICMPV6_PACKET_TOO_BIG]: "packet too big",
  [ICMPV6_TIME_EXCEEDED]: "time exceeded",
  [ICMPV6_PARAMETER_PROBLEM]: "parameter problem",
  [ICMPV6_ECHO_REQUEST]: "echo request",
  [ICMPV6_ECHO_REPLY]: "echo reply",
  [NDP_SOLICITATION]: "neighbor solicitation",
  [NDP_ADVERTISEMENT]: "neighbor advertisement",
};

/** Names of the codes of destination unreachable, from 0 on. */
const UNREACHABLE = [
  "no route",
  "administratively prohibited",
  "beyond scope",
  "address unreachable",
  "port unreachable",
  "source policy failed",
  "reject route",
];

const payload = new Ipv6Payload();

/**
 * One line on the packet whose IPv6 header begins at `at`, of which `length` bytes were captured, for example
 * `TCP [2001:db8::1]:61000 > [2001:db8::7]:22 S hop=64 len=32 seq=1 win=1024`.
 */
export function describeIpv6(view: DataView, at: number, length: number): string {
  return describe(view, at, Math.max(0, Math.min(length, view.byteLength - at)), false);
}

function describe(view: DataView, at: number, length: number, quoted: boolean): string {
  if (checkIpv6Quoted(view, at, length) === 0) return `no IPv6 packet (${length} bytes)`;
  const source = formatIpv6(readIpv6Address(view, at + IPV6_SOURCE));
  const destination = formatIpv6(readIpv6Address(view, at + IPV6_DESTINATION));
  const payloadLen = ipv6PayloadLen(view, at);
  const isCut = !quoted && IPV6_HEADER_LEN + payloadLen > length;
  const fields = `hop=${ipv6HopLimit(view, at)} len=${payloadLen}${isCut ? " (cut short)" : ""}`;
  const found = payload.findQuoted(view, at, Math.min(length, IPV6_HEADER_LEN + payloadLen));
  const plain = `${source} > ${destination} ${fields}`;
  if (!found) return `IPv6 ${plain} (fragment, or bad extension headers)`;
  const { protocol, at: upperAt, length: upperLen } = payload;
  if (protocol === PROTOCOL_TCP && upperLen >= TCP_PORTS_AND_SEQ_LEN) {
    const ends = `TCP [${source}]:${tcpSourcePort(view, upperAt)} > [${destination}]:${
      tcpDestinationPort(view, upperAt)
    }`;
    const seq = `seq=${tcpSeq(view, upperAt)}`;
    if (checkTcp(view, upperAt, upperLen) === 0) return `${ends} ${fields} ${seq}`;
    const flags = tcpFlags(view, upperAt);
    const ack = (flags & TCP_ACK) !== 0 ? ` ack=${tcpAck(view, upperAt)}` : "";
    return `${ends} ${flagLetters(flags)} ${fields} ${seq}${ack} win=${tcpWindow(view, upperAt)}`;
  }
  if (protocol === PROTOCOL_UDP && upperLen >= UDP_HEADER_LEN) {
    return `UDP [${source}]:${udpSourcePort(view, upperAt)} > [${destination}]:${
      udpDestinationPort(view, upperAt)
    } ${fields}`;
  }
  if (protocol !== PROTOCOL_ICMPV6 || checkIcmpv6(view, upperAt, upperLen) === 0) {
    return `IPv6 protocol ${protocol} ${plain}`;
  }
  const type = icmpv6Type(view, upperAt);
  const code = icmpv6Code(view, upperAt);
  const name = type === ICMPV6_DESTINATION_UNREACHABLE ? UNREACHABLE[code] : undefined;
  const isOfNeighbors = type === NDP_SOLICITATION || type === NDP_ADVERTISEMENT;
  const target = isOfNeighbors && upperLen >= NDP_TARGET + 16
    ? ` for ${formatIpv6(readIpv6Address(view, upperAt + NDP_TARGET))}`
    : "";
  const line =
    `ICMPv6 ${source} > ${destination} ${name ?? TYPES[type] ?? "message"}${target} (type ${type} code ${code}) ` +
    fields;
  if (quoted || !icmpv6IsError(type)) return line;
  return `${line} [${describe(view, upperAt + ICMPV6_QUOTE_OFFSET, upperLen - ICMPV6_QUOTE_OFFSET, true)}]`;
}

/**
 * Packets in one line of text, for `--packet-trace`. Total over all bytes: a damaged packet is described as far as it can be
 * read. Nothing of a packet reaches the text but as a number, so no byte of it can reach a terminal.
 *
 * @module
 */

import { formatIpv4 } from "./address.ts";
import { ARP_REQUEST, arpOperation, arpSenderIp, arpSenderMac, arpTargetIp, checkArp } from "./arp.ts";
import { formatMac } from "./mac.ts";
import {
  checkIcmpv4,
  ICMP_DESTINATION_UNREACHABLE,
  ICMP_ECHO_REPLY,
  ICMP_ECHO_REQUEST,
  ICMP_PARAMETER_PROBLEM,
  ICMP_REDIRECT,
  ICMP_SOURCE_QUENCH,
  ICMP_TIME_EXCEEDED,
  ICMPV4_QUOTE_OFFSET,
  icmpv4Code,
  icmpv4IsError,
  icmpv4Type,
} from "./icmpv4.ts";
import {
  checkIpv4Quoted,
  IPV4_MIN_HEADER_LEN,
  ipv4Destination,
  ipv4DontFragment,
  ipv4FragmentOffset,
  ipv4Id,
  ipv4MoreFragments,
  ipv4Protocol,
  ipv4Source,
  ipv4TotalLen,
  ipv4Ttl,
  PROTOCOL_ICMP,
  PROTOCOL_TCP,
  PROTOCOL_UDP,
} from "./ipv4.ts";
import {
  checkTcp,
  TCP_ACK,
  TCP_MIN_HEADER_LEN,
  TCP_OPTION_END,
  TCP_OPTION_MSS,
  TCP_OPTION_NOP,
  TCP_OPTION_SACK_PERMITTED,
  TCP_OPTION_TIMESTAMPS,
  TCP_OPTION_WINDOW_SCALE,
  TCP_PORTS_AND_SEQ_LEN,
  tcpAck,
  tcpDestinationPort,
  tcpFlags,
  tcpOptionLen,
  tcpSeq,
  tcpSourcePort,
  tcpWindow,
} from "./tcp.ts";
import { UDP_HEADER_LEN, udpDestinationPort, udpSourcePort } from "./udp.ts";

/** Letters of the eight TCP flags, from `TCP_FIN` to `TCP_CWR`. */
const FLAG_LETTERS = [..."FSRPAUEC"];

const ICMP_TYPES: Readonly<Record<number, string>> = {
  [ICMP_ECHO_REPLY]: "echo reply",
  [ICMP_DESTINATION_UNREACHABLE]: "destination unreachable",
  [ICMP_SOURCE_QUENCH]: "source quench",
  [ICMP_REDIRECT]: "redirect",
  [ICMP_ECHO_REQUEST]: "echo request",
  [ICMP_TIME_EXCEEDED]: "time exceeded",
  [ICMP_PARAMETER_PROBLEM]: "parameter problem",
};

/** Names of codes, from 0 on, by type. */
const ICMP_CODES: Readonly<Record<number, readonly string[]>> = {
  [ICMP_DESTINATION_UNREACHABLE]: [
    "network unreachable",
    "host unreachable",
    "protocol unreachable",
    "port unreachable",
    "fragmentation needed",
    "source route failed",
    "network unknown",
    "host unknown",
    "source host isolated",
    "network prohibited",
    "host prohibited",
    "network unreachable for this type of service",
    "host unreachable for this type of service",
    "administratively prohibited",
    "precedence violation",
    "precedence cutoff",
  ],
  [ICMP_TIME_EXCEEDED]: ["time to live exceeded", "reassembly time exceeded"],
};

/** Names of protocols by number. */
const PROTOCOLS: Readonly<Record<number, string>> = {
  [PROTOCOL_TCP]: "TCP",
  [PROTOCOL_ICMP]: "ICMP",
  [PROTOCOL_UDP]: "UDP",
};

/**
 * One line on the packet whose IP header begins at `at`, of which `length` bytes were captured, for example
 * `TCP 192.0.2.1:61000 > 192.0.2.7:22 S ttl=64 id=1 len=44 seq=1 win=1024 <mss 1460>`.
 */
export function describePacket(view: DataView, at: number, length: number): string {
  // What the view cannot hold was not captured.
  const captured = Math.max(0, Math.min(length, view.byteLength - at));
  return describeIp(view, at, captured, false);
}

/** `ARP who-has 192.0.2.7 tell 192.0.2.1`, or `ARP reply 192.0.2.7 is-at 02:00:5e:10:00:07`. */
function describeArp(view: DataView, at: number): string {
  const sender = formatIpv4(arpSenderIp(view, at));
  return arpOperation(view, at) === ARP_REQUEST
    ? `ARP who-has ${formatIpv4(arpTargetIp(view, at))} tell ${sender}`
    : `ARP reply ${sender} is-at ${formatMac(arpSenderMac(view, at))}`;
}

function describeIp(view: DataView, at: number, length: number, quoted: boolean): string {
  if (length === 0) return "empty packet";
  if (checkArp(view, at, length) > 0) return describeArp(view, at);
  const version = view.getUint8(at) >> 4;
  if (version === 6) return `IPv6 packet (${byteCount(length)})`;
  if (version !== 4) return `not an IP packet (version ${version}, ${byteCount(length)})`;
  if (length < IPV4_MIN_HEADER_LEN) return `IPv4 header cut short (${byteCount(length)})`;
  const header: HeaderTexts = {
    source: formatIpv4(ipv4Source(view, at)),
    destination: formatIpv4(ipv4Destination(view, at)),
    fields: describeIpHeader(view, at),
  };
  const ends = `${header.source} > ${header.destination} ${header.fields}`;
  const headerLen = checkIpv4Quoted(view, at, length);
  if (headerLen === 0) return `IPv4 ${ends} (bad header length)`;

  // A quote may be shorter than the total length, and a frame longer.
  const totalLen = ipv4TotalLen(view, at);
  const fault = quoted ? "" : totalLen < headerLen ? " (bad total length)" : totalLen > length ? " (cut short)" : "";
  const payloadLen = (totalLen < headerLen ? length : Math.min(totalLen, length)) - headerLen;
  const payloadAt = at + headerLen;
  const protocol = ipv4Protocol(view, at);
  const isFirst = ipv4FragmentOffset(view, at) === 0;
  if (isFirst && protocol === PROTOCOL_TCP) return describeTcp(view, payloadAt, payloadLen, header, quoted) + fault;
  if (isFirst && protocol === PROTOCOL_ICMP) return describeIcmp(view, payloadAt, payloadLen, header, quoted) + fault;
  if (isFirst && protocol === PROTOCOL_UDP && payloadLen >= UDP_HEADER_LEN) {
    const source = `${header.source}:${udpSourcePort(view, payloadAt)}`;
    const destination = `${header.destination}:${udpDestinationPort(view, payloadAt)}`;
    return `UDP ${source} > ${destination} ${header.fields}${fault}`;
  }
  return `${PROTOCOLS[protocol] ?? `IPv4 protocol ${protocol}`} ${ends}${fault}`;
}

/** The texts of an IPv4 header. */
interface HeaderTexts {
  readonly source: string;
  readonly destination: string;
  /** The other fields. */
  readonly fields: string;
}

function describeIpHeader(view: DataView, at: number): string {
  const fragmentOffset = ipv4FragmentOffset(view, at);
  const fragment = fragmentOffset > 0 || ipv4MoreFragments(view, at)
    ? ` frag=${fragmentOffset}${ipv4MoreFragments(view, at) ? "+" : ""}`
    : "";
  const dontFragment = ipv4DontFragment(view, at) ? " DF" : "";
  return `ttl=${ipv4Ttl(view, at)} id=${ipv4Id(view, at)}${dontFragment}${fragment} len=${ipv4TotalLen(view, at)}`;
}

function describeTcp(view: DataView, at: number, length: number, header: HeaderTexts, quoted: boolean): string {
  const { source, destination, fields } = header;
  if (length < TCP_PORTS_AND_SEQ_LEN) return `TCP ${source} > ${destination} ${fields} (TCP ${cut(length)})`;
  const ends = `TCP ${source}:${tcpSourcePort(view, at)} > ${destination}:${tcpDestinationPort(view, at)}`;
  const seq = `seq=${tcpSeq(view, at)}`;
  if (length < TCP_MIN_HEADER_LEN) {
    return `${ends} ${fields} ${seq}${quoted ? "" : ` (TCP ${cut(length)})`}`;
  }
  const flags = tcpFlags(view, at);
  const ack = (flags & TCP_ACK) !== 0 ? ` ack=${tcpAck(view, at)}` : "";
  const line = `${ends} ${flagLetters(flags)} ${fields} ${seq}${ack} win=${tcpWindow(view, at)}`;
  const headerLen = checkTcp(view, at, length);
  if (headerLen === 0) return quoted ? line : `${line} (bad data offset)`;
  return line + describeOptions(view, at, headerLen);
}

/** Letters of TCP flags; `none` without any. */
export function flagLetters(flags: number): string {
  return FLAG_LETTERS.filter((_, bit) => (flags >> bit & 1) !== 0).join("") || "none";
}

function describeOptions(view: DataView, at: number, headerLen: number): string {
  const end = at + headerLen;
  const words: string[] = [];
  let offset = at + TCP_MIN_HEADER_LEN;
  while (offset < end && view.getUint8(offset) !== TCP_OPTION_END) {
    const len = tcpOptionLen(view, offset, end);
    if (len === 0) {
      words.push("malformed");
      break;
    }
    words.push(describeOption(view, offset, len));
    offset += len;
  }
  return words.length === 0 ? "" : ` <${words.join(",")}>`;
}

function describeOption(view: DataView, offset: number, len: number): string {
  const kind = view.getUint8(offset);
  if (kind === TCP_OPTION_NOP) return "nop";
  if (kind === TCP_OPTION_MSS && len === 4) return `mss ${view.getUint16(offset + 2)}`;
  if (kind === TCP_OPTION_WINDOW_SCALE && len === 3) return `wscale ${view.getUint8(offset + 2)}`;
  if (kind === TCP_OPTION_SACK_PERMITTED && len === 2) return "sackOK";
  if (kind === TCP_OPTION_TIMESTAMPS && len === 10) {
    return `timestamp ${view.getUint32(offset + 2)} ${view.getUint32(offset + 6)}`;
  }
  return `option ${kind} (${byteCount(len)})`;
}

function describeIcmp(view: DataView, at: number, length: number, header: HeaderTexts, quoted: boolean): string {
  const { source, destination, fields } = header;
  const ends = `ICMP ${source} > ${destination}`;
  if (checkIcmpv4(view, at, length) === 0) return `${ends} ${fields} (ICMP ${cut(length)})`;
  const type = icmpv4Type(view, at);
  const line = `${ends} ${icmpWords(type, icmpv4Code(view, at))} ${fields}`;
  // RFC 1122 section 3.2.2: there is no error about an error, so a quoted error is not read any deeper.
  if (quoted || !icmpv4IsError(type)) return line;
  return `${line} [${describeIp(view, at + ICMPV4_QUOTE_OFFSET, length - ICMPV4_QUOTE_OFFSET, true)}]`;
}

function icmpWords(type: number, code: number): string {
  return `${ICMP_CODES[type]?.[code] ?? ICMP_TYPES[type] ?? "message"} (type ${type} code ${code})`;
}

function cut(length: number): string {
  return `header cut short, ${byteCount(length)}`;
}

function byteCount(count: number): string {
  return count === 1 ? "1 byte" : `${count} bytes`;
}

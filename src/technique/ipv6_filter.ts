/**
 * The filters of replies over IPv6, classic BPF programs that run in the kernel.
 *
 * @module
 */

import { assembleBpf, BPF_VERDICTS, type BpfRow } from "../../ffi/bpf.ts";
import {
  ICMPV6_DESTINATION_UNREACHABLE,
  ICMPV6_ECHO_REPLY,
  ICMPV6_PARAMETER_PROBLEM,
  ICMPV6_QUOTE_OFFSET,
  ICMPV6_TIME_EXCEEDED,
} from "../wire/icmpv6.ts";
import { IPV6_HEADER_LEN, isExtension, PROTOCOL_ICMPV6 } from "../wire/ipv6.ts";
import type { SourcePorts } from "./technique.ts";

/** The offset of the identifier in an echo message. */
const ECHO_ID = 4;
const DESTINATION_PORT = 2;

/**
 * Assembles a filter that accepts what can be a reply to probes of protocols whose headers begin with the ports, and to echo requests with
 * `hasEcho`: a packet to one of our ports, an error that quotes a probe from one of them, an echo reply, and all packets with extension
 * headers, which are walked by the reader.
 */
export function replyFilter6(
  ports: SourcePorts,
  protocols: readonly number[],
  hasEcho: boolean,
): Uint8Array<ArrayBuffer> {
  const upperAt = IPV6_HEADER_LEN;
  const quotedAt = upperAt + ICMPV6_QUOTE_OFFSET;
  const isOurs = (at: number): BpfRow[] => [
    ["ldh", at],
    ["jge", ports.first, "next", "reject"],
    ["jgt", ports.first + ports.count - 1, "reject", "ours"],
  ];
  const extensions = Array.from({ length: 256 }, (_, next) => next).filter(isExtension)
    .map((next, i, all): BpfRow => ["jeq", next, "ours", i < all.length - 1 ? "next" : "reject"]);
  const withPorts = (label: string) => protocols.map((protocol): BpfRow => ["jeq", protocol, label, "next"]);
  return assembleBpf([
    ["ldb", 0],
    ["and", 0xf0],
    ["jeq", 0x60, "next", "reject"], // version 6
    ["ldb", 6],
    ...withPorts("reply"),
    ["jeq", PROTOCOL_ICMPV6, "icmp", "next"],
    ...extensions,

    "reply:",
    ...isOurs(upperAt + DESTINATION_PORT),

    "icmp:",
    ["ldb", upperAt],
    ["jeq", ICMPV6_DESTINATION_UNREACHABLE, "error", "next"],
    ["jeq", ICMPV6_TIME_EXCEEDED, "error", "next"],
    ["jeq", ICMPV6_PARAMETER_PROBLEM, "error", hasEcho ? "next" : "reject"],
    ...hasEcho ? [["jeq", ICMPV6_ECHO_REPLY, "next", "reject"] as const, ...isOurs(upperAt + ECHO_ID)] : [],

    "error:",
    ["ldb", quotedAt],
    ["and", 0xf0],
    ["jeq", 0x60, "next", "reject"],
    ["ldb", quotedAt + 6],
    ...withPorts("quoted"),
    ["jeq", PROTOCOL_ICMPV6, hasEcho ? "quoted echo" : "reject", "next"],
    ...extensions,
    "quoted:",
    ...isOurs(quotedAt + IPV6_HEADER_LEN),
    ...hasEcho ? ["quoted echo:" as const, ...isOurs(quotedAt + IPV6_HEADER_LEN + ECHO_ID)] : [],
    ...BPF_VERDICTS,
  ]);
}

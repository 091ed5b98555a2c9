/**
 * The filters of replies over IPv4, classic BPF programs that run in the kernel.
 *
 * @module
 */

import { assembleBpf, BPF_VERDICTS, type BpfRow } from "../../ffi/bpf.ts";
import { ICMP_DESTINATION_UNREACHABLE, ICMP_TIME_EXCEEDED, ICMPV4_QUOTE_OFFSET } from "../wire/icmpv4.ts";
import { PROTOCOL_ICMP } from "../wire/ipv4.ts";
import type { SourcePorts } from "./technique.ts";

const FRAGMENT_OFFSET = 0x1fff;
const SOURCE_PORT = 0;
const DESTINATION_PORT = 2;

/**
 * Assembles a filter that accepts what can be a reply to a probe of one IP protocol, and rejects everything else:
 * - packets of that protocol, not a later fragment, that `isReply` accepts;
 * - ICMP (RFC 792) of type 3 (unreachable) or 11 (time exceeded), not a later fragment, that quotes an IPv4 packet of that
 *   protocol, not a later fragment, which `isProbe` accepts.
 *
 * Packets begin at the IP header. A load past the packet's end rejects it, so a packet cut short never passes.
 *
 * @param isReply Rows that jump to `ours` or `reject`; X is the offset of the header behind IP.
 * @param isProbe The same, where X + 8 is the offset of the quoted packet's header behind IP.
 */
export function replyFilter(
  protocol: number,
  isReply: readonly BpfRow[],
  isProbe: readonly BpfRow[],
): Uint8Array<ArrayBuffer> {
  const quoted = ICMPV4_QUOTE_OFFSET;
  return assembleBpf([
    ["ldb", 0],
    ["and", 0xf0],
    ["jeq", 0x40, "next", "reject"], // version 4
    ["ldh", 6],
    ["jset", FRAGMENT_OFFSET, "reject", "next"],
    ["ldx_msh", 0],
    ["ldb", 9],
    ["jeq", PROTOCOL_ICMP, "icmp", "next"],
    ["jeq", protocol, "reply", "reject"],

    "icmp:",
    ["ldb_at", 0], // type
    ["jeq", ICMP_DESTINATION_UNREACHABLE, "quoted", "next"],
    ["jeq", ICMP_TIME_EXCEEDED, "quoted", protocol === PROTOCOL_ICMP ? "reply" : "reject"],

    "quoted:",
    ["ldb_at", quoted],
    ["and", 0xf0],
    ["jeq", 0x40, "next", "reject"],
    ["ldh_at", quoted + 6],
    ["jset", FRAGMENT_OFFSET, "reject", "next"],
    ["ldb_at", quoted + 9],
    ["jeq", protocol, "next", "reject"],
    ["ldb_at", quoted], // X += 4 * (length of the quoted header, 32-bit words)
    ["and", 0x0f],
    ["lsh", 2],
    ["add_x"],
    ["tax"],
    ...isProbe,

    "reply:",
    ...isReply,
    ...BPF_VERDICTS,
  ]);
}

/** A filter for a protocol whose header begins with the ports: replies to these ports, and errors that quote probes from them. */
export function portFilter(protocol: number, { first, count }: SourcePorts): Uint8Array<ArrayBuffer> {
  const isOneOf = (at: number): BpfRow[] => [
    ["ldh_at", at],
    ["jge", first, "next", "reject"],
    ["jgt", first + count - 1, "reject", "ours"],
  ];
  return replyFilter(protocol, isOneOf(DESTINATION_PORT), isOneOf(ICMPV4_QUOTE_OFFSET + SOURCE_PORT));
}

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

/** The replies and probes of one IP protocol. */
export interface FilteredProtocol {
  /** Its number. */
  readonly protocol: number;
  /** Rows that jump to `ours` for a packet which can be a reply, else to `reject`; X is the offset of the header behind IP. */
  readonly isReply: readonly BpfRow[];
  /** The same for a packet which can be a probe that an ICMP error quotes; X + 8 is the offset of its header behind IP. */
  readonly isProbe: readonly BpfRow[];
}

/**
 * Assembles a filter that accepts what can be a reply to probes of some IP protocols, and rejects everything else:
 * - packets of such a protocol, not a later fragment, that `isReply` accepts;
 * - ICMP (RFC 792) of type 3 (unreachable) or 11 (time exceeded), not a later fragment, that quotes an IPv4 packet of such a
 *   protocol, not a later fragment, which `isProbe` accepts.
 *
 * Packets begin at the IP header. A load past the packet's end rejects it, so a packet cut short never passes.
 */
export function replyFilter(protocols: readonly FilteredProtocol[]): Uint8Array<ArrayBuffer> {
  const quoted = ICMPV4_QUOTE_OFFSET;
  const others = protocols.filter(({ protocol }) => protocol !== PROTOCOL_ICMP);
  const hasIcmp = others.length < protocols.length;
  return assembleBpf([
    ["ldb", 0],
    ["and", 0xf0],
    ["jeq", 0x40, "next", "reject"], // version 4
    ["ldh", 6],
    ["jset", FRAGMENT_OFFSET, "reject", "next"],
    ["ldx_msh", 0],
    ["ldb", 9],
    ...branches("reply", [...others, { protocol: PROTOCOL_ICMP }]),

    `reply ${PROTOCOL_ICMP}:`,
    ["ldb_at", 0], // type
    ["jeq", ICMP_DESTINATION_UNREACHABLE, "quoted", "next"],
    ["jeq", ICMP_TIME_EXCEEDED, "quoted", hasIcmp ? "icmp" : "reject"],

    "quoted:",
    ["ldb_at", quoted],
    ["and", 0xf0],
    ["jeq", 0x40, "next", "reject"],
    ["ldh_at", quoted + 6],
    ["jset", FRAGMENT_OFFSET, "reject", "next"],
    ["ldb_at", quoted + 9],
    ...branches("probe", protocols),
    ...protocols.flatMap(({ protocol, isProbe }): BpfRow[] => [
      `probe ${protocol}:`,
      ["ldb_at", quoted], // X += 4 * (length of the quoted header, 32-bit words)
      ["and", 0x0f],
      ["lsh", 2],
      ["add_x"],
      ["tax"],
      ...isProbe,
    ]),

    ...protocols.flatMap(({ protocol, isReply }): BpfRow[] => [
      protocol === PROTOCOL_ICMP ? "icmp:" : `reply ${protocol}:`,
      ...isReply,
    ]),
    ...BPF_VERDICTS,
  ]);
}

/** Rows that jump by the protocol in A. */
function branches(to: "reply" | "probe", protocols: readonly Pick<FilteredProtocol, "protocol">[]): BpfRow[] {
  return protocols.map(({ protocol }, index): BpfRow => [
    "jeq",
    protocol,
    `${to} ${protocol}`,
    index < protocols.length - 1 ? "next" : "reject",
  ]);
}

/** Rows that accept one of our ports, at an offset from X. */
export function isOneOf({ first, count }: SourcePorts, at: number): BpfRow[] {
  return [
    ["ldh_at", at],
    ["jge", first, "next", "reject"],
    ["jgt", first + count - 1, "reject", "ours"],
  ];
}

/** A protocol whose header begins with the ports: replies to these ports, and probes from them. */
export function withPorts(protocol: number, ports: SourcePorts): FilteredProtocol {
  return {
    protocol,
    isReply: isOneOf(ports, DESTINATION_PORT),
    isProbe: isOneOf(ports, ICMPV4_QUOTE_OFFSET + SOURCE_PORT),
  };
}

/**
 * Classic BPF programs, assembled from readable rows.
 *
 * A row is a label (`"name:"`), or an instruction as tcpdump prints it, in parts: `["ldh", "[x]", 6]`. Jumps name
 * labels; the next row is `"next"`. The language is that of the kernel's Documentation/networking/filter.rst.
 *
 * @module
 */

import * as C from "./constants.ts";
import { sock_filter } from "./layout.ts";

const SIMPLE = {
  /** A = the 32 bits at k. */
  ld: C.BPF_LD | C.BPF_W | C.BPF_ABS,
  /** A = the 16 bits at k. */
  ldh: C.BPF_LD | C.BPF_H | C.BPF_ABS,
  /** A = the byte at k. */
  ldb: C.BPF_LD | C.BPF_B | C.BPF_ABS,
  /** A = the 16 bits at X + k. */
  ldh_at: C.BPF_LD | C.BPF_H | C.BPF_IND,
  /** A = the byte at X + k. */
  ldb_at: C.BPF_LD | C.BPF_B | C.BPF_IND,
  /** X = 4 * (the byte at k & 0xf): the length of the IP header at k. */
  ldx_msh: C.BPF_LDX | C.BPF_B | C.BPF_MSH,
  /** A += X. */
  add_x: C.BPF_ALU | C.BPF_ADD | C.BPF_X,
  /** A &= k. */
  and: C.BPF_ALU | C.BPF_AND | C.BPF_K,
  /** A <<= k. */
  lsh: C.BPF_ALU | C.BPF_LSH | C.BPF_K,
  /** X = A. */
  tax: C.BPF_MISC | C.BPF_TAX,
  /** Accept at most k bytes of the packet; 0 rejects it. */
  ret: C.BPF_RET | C.BPF_K,
} as const;

const JUMPS = {
  /** If A = k. */
  jeq: C.BPF_JMP | C.BPF_JEQ | C.BPF_K,
  /** If A > k. */
  jgt: C.BPF_JMP | C.BPF_JGT | C.BPF_K,
  /** If A >= k. */
  jge: C.BPF_JMP | C.BPF_JGE | C.BPF_K,
  /** If A & k is not 0. */
  jset: C.BPF_JMP | C.BPF_JSET | C.BPF_K,
} as const;

/** A label, an instruction with its operand, or a conditional jump: operand, label if so, label if not. */
export type BpfRow =
  | `${string}:`
  | readonly [operation: keyof typeof SIMPLE, k?: number]
  | readonly [operation: keyof typeof JUMPS, k: number, ifSo: string, ifNot: string];

const MAX_JUMP = 255;

/**
 * Assembles a program: `struct sock_filter` rows as bytes, for `attachFilter`.
 *
 * @throws {Error} For a label that does not exist, lies behind, or lies too far ahead.
 */
export function assembleBpf(rows: readonly BpfRow[]): Uint8Array<ArrayBuffer> {
  const labels = new Map<string, number>();
  const instructions: Exclude<BpfRow, string>[] = [];
  for (const row of rows) {
    if (typeof row === "string") labels.set(row.slice(0, -1), instructions.length);
    else instructions.push(row);
  }
  const program = new Uint8Array(instructions.length * sock_filter.size);
  const view = new DataView(program.buffer);
  instructions.forEach((row, index) => {
    const distance = (label: string) => {
      const target = label === "next" ? index + 1 : labels.get(label);
      const distance = (target ?? -1) - index - 1;
      if (distance < 0 || distance > MAX_JUMP || index + 1 + distance >= instructions.length) {
        throw new Error(`Cannot jump from row ${index} to ${label}: no such label within ${MAX_JUMP} rows ahead`);
      }
      return distance;
    };
    const at = index * sock_filter.size;
    if (isJump(row)) {
      view.setUint16(at + sock_filter.code, JUMPS[row[0]], true);
      view.setUint32(at + sock_filter.k, row[1], true);
      view.setUint8(at + sock_filter.jt, distance(row[2]));
      view.setUint8(at + sock_filter.jf, distance(row[3]));
    } else {
      view.setUint16(at + sock_filter.code, SIMPLE[row[0]], true);
      view.setUint32(at + sock_filter.k, row[1] ?? 0, true);
    }
  });
  return program;
}

function isJump(
  row: Exclude<BpfRow, string>,
): row is readonly [operation: keyof typeof JUMPS, k: number, ifSo: string, ifNot: string] {
  return row[0] in JUMPS;
}

/** The replies to accept. */
export interface RepliesFilterOptions {
  /** The lowest and the highest port that probes are sent from. */
  sourcePorts: readonly [low: number, high: number];
}

/** More than any packet has: accept it whole. */
const WHOLE = 0x40000;

const FRAGMENT_OFFSET = 0x1fff;

/**
 * Accepts what can be a reply to a probe, and rejects everything else:
 * - IPv4 TCP, not a later fragment, whose destination port is one of ours;
 * - IPv4 ICMP (RFC 792) of type 3 (unreachable) or 11 (time exceeded), not a later fragment, that quotes an IPv4 TCP
 *   packet, not a later fragment, whose source port is one of ours.
 *
 * Of what the link did not address to this machine alone (broadcast, the hardware address of another, a VLAN tag for which
 * there is no interface) one byte is accepted: it can be counted, and is no reply.
 *
 * Packets begin at the IP header. A load past the packet's end rejects it, so a packet cut short never passes.
 */
export function repliesFilter(options: RepliesFilterOptions): Uint8Array<ArrayBuffer> {
  const { sourcePorts: [low, high] } = options;
  // Offsets: in the IP header from 0 on; behind it from X on, which is the length of its header.
  const quoted = 8;
  return assembleBpf([
    ["ldb", 0],
    ["and", 0xf0],
    ["jeq", 0x40, "next", "reject"], // version 4
    ["ldh", 6],
    ["jset", FRAGMENT_OFFSET, "reject", "next"],
    ["ldx_msh", 0],
    ["ldb", 9],
    ["jeq", 6, "tcp", "next"],
    ["jeq", 1, "icmp", "reject"],

    "tcp:",
    ["ldh_at", 2], // destination port
    ["jge", low, "next", "reject"],
    ["jgt", high, "reject", "ours"],

    "icmp:",
    ["ldb_at", 0], // type
    ["jeq", 3, "quoted", "next"],
    ["jeq", 11, "quoted", "reject"],

    "quoted:",
    ["ldb_at", quoted],
    ["and", 0xf0],
    ["jeq", 0x40, "next", "reject"],
    ["ldh_at", quoted + 6],
    ["jset", FRAGMENT_OFFSET, "reject", "next"],
    ["ldb_at", quoted + 9],
    ["jeq", 6, "next", "reject"],
    ["ldb_at", quoted], // X += 4 * (length of the quoted header, 32-bit words)
    ["and", 0x0f],
    ["lsh", 2],
    ["add_x"],
    ["tax"],
    ["ldh_at", quoted], // source port
    ["jge", low, "next", "reject"],
    ["jgt", high, "reject", "next"],

    "ours:",
    ["ldb", C.SKF_AD_OFF + C.SKF_AD_PKTTYPE],
    ["jeq", C.PACKET_HOST, "next", "count"],
    ["ret", WHOLE],
    "count:",
    ["ret", 1],
    "reject:",
    ["ret", 0],
  ]);
}

/** Rejects every packet. */
export function rejectAll(): Uint8Array<ArrayBuffer> {
  return assembleBpf([["ret", 0]]);
}

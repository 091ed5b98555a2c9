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
/** More than any packet has: accept it whole. */
const WHOLE = 0x40000;

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

/**
 * The rows that end a filter of replies: a packet that jumps to `ours` is accepted, one that jumps to `reject` is not. Of what the
 * link did not address to this machine alone (broadcast, the hardware address of another, a VLAN tag for which there is no
 * interface) one byte is accepted: it can be counted, and is no reply.
 */
export const BPF_VERDICTS: readonly BpfRow[] = [
  "ours:",
  ["ldb", C.SKF_AD_OFF + C.SKF_AD_PKTTYPE],
  ["jeq", C.PACKET_HOST, "next", "count"],
  ["ret", WHOLE],
  "count:",
  ["ret", 1],
  "reject:",
  ["ret", 0],
];

/** The same for packets that may be addressed to all stations of the link as well. */
export const BPF_LINK_VERDICTS: readonly BpfRow[] = [
  "ours:",
  ["ldb", C.SKF_AD_OFF + C.SKF_AD_PKTTYPE],
  ["jeq", C.PACKET_HOST, "whole", "next"],
  ["jeq", C.PACKET_BROADCAST, "whole", "reject"],
  "whole:",
  ["ret", WHOLE],
  "reject:",
  ["ret", 0],
];

/** Rejects every packet. */
export function rejectAll(): Uint8Array<ArrayBuffer> {
  return assembleBpf([["ret", 0]]);
}

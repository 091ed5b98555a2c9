// Hot path: nothing here may allocate per packet.
/**
 * Serial number arithmetic on 32 bits: RFC 1982, RFC 9293 section 3.4 (Sequence Numbers).
 *
 * @module
 */

/** The sequence number `count` after `seq`; `count` may be negative. */
export function seqAdd(seq: number, count: number): number {
  return (seq + count) >>> 0;
}

/** How far it is from one sequence number to another, -2^31 to 2^31 - 1: negative where `to` comes before `from`. */
export function seqDistance(from: number, to: number): number {
  return (to - from) | 0;
}

/**
 * True where `a` comes before `b`. Of two numbers exactly 2^31 apart neither does (RFC 1982 section 3.2 leaves that pair
 * undefined).
 */
export function seqLess(a: number, b: number): boolean {
  return ((b - a) | 0) > 0;
}

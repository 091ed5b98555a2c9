/**
 * Facts about connections that the kernel keeps, `struct tcp_info` of `<linux/tcp.h>`.
 *
 * @module
 */

import * as C from "./constants.ts";
import { tcp_info } from "./layout.ts";
import { libc } from "./libc.ts";
import { pin, type PinnedBuffer } from "./memory.ts";
import type { Fd } from "./fd.ts";

/** Bytes of `struct tcp_info` that are asked for: up to the last that is read. */
const TCP_INFO_LEN = tcp_info.tcpi_total_retrans + 4;

/** Small memory for the calls of this file; used up before a call returns, so one of each is enough. */
interface Scratch {
  readonly value: PinnedBuffer;
  readonly length: PinnedBuffer;
}

let scratchMemory: Scratch | undefined;

function scratch(): Scratch {
  return scratchMemory ??= { value: pin(TCP_INFO_LEN), length: pin(4) };
}

/**
 * Returns the round trip of the SYN of a connection, in microseconds, as the kernel has measured it; -1 where it has not, or where
 * the SYN was retransmitted, so that the reply may belong to either.
 */
export function handshakeMicros(fd: Fd): number {
  if (!readTcpInfo(fd)) return -1;
  const { value } = scratch();
  if (value.view.getUint32(tcp_info.tcpi_total_retrans, true) > 0) return -1;
  return value.view.getUint32(tcp_info.tcpi_rtt, true) || -1;
}

/** Returns true if a connection has sent data that the other side has not acknowledged. */
export function isUnacknowledged(fd: Fd): boolean {
  return readTcpInfo(fd) && scratch().value.view.getUint32(tcp_info.tcpi_unacked, true) > 0;
}

/**
 * Returns true where the kernel has retransmitted the SYN of a socket that connects, after a second, and a packet filter of this machine
 * has dropped it: only what has left counts in `tcpi_retrans`.
 */
export function isSynDropped(fd: Fd): boolean {
  if (!readTcpInfo(fd)) return false;
  const { view } = scratch().value;
  return view.getUint8(tcp_info.tcpi_state) === C.TCP_SYN_SENT &&
    view.getUint32(tcp_info.tcpi_total_retrans, true) > 0 && view.getUint32(tcp_info.tcpi_retrans, true) === 0;
}

/** Reads a connection's `struct tcp_info` into the scratch memory; false if it cannot be had. */
function readTcpInfo(fd: Fd): boolean {
  const { value, length } = scratch();
  length.view.setUint32(0, TCP_INFO_LEN, true);
  const result = libc().getsockopt(fd.number, C.IPPROTO_TCP, C.TCP_INFO, value.pointer, length.pointer);
  return result !== -1 && length.view.getUint32(0, true) >= TCP_INFO_LEN;
}

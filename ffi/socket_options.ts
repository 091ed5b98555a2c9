/**
 * Options of sockets.
 *
 * @module
 */

import * as C from "./constants.ts";
import { check, ERRNO, SyscallError } from "./errno.ts";
import { linger, sock_filter, sock_fprog, tpacket_stats_v3 } from "./layout.ts";
import { libc } from "./libc.ts";
import { keepAlive, pin, pinBytes, type PinnedBuffer } from "./memory.ts";
import type { Fd } from "./fd.ts";

/** Small memory for the calls of this file; used up before a call returns, so one of each is enough. */
interface Scratch {
  readonly value: PinnedBuffer;
  readonly length: PinnedBuffer;
}

let scratchMemory: Scratch | undefined;

function scratch(): Scratch {
  return scratchMemory ??= { value: pin(Math.max(sock_fprog.size, linger.size)), length: pin(4) };
}

/**
 * Sets a socket option: a number as an `int`, bytes as they are.
 *
 * @throws {SyscallError} If setsockopt(2) fails.
 */
export function setOption(fd: Fd, level: number, name: number, value: number | Uint8Array): void {
  if (typeof value === "number") {
    const { value: memory } = scratch();
    memory.view.setInt32(0, value, true);
    check(libc().setsockopt(fd.number, level, name, memory.pointer, 4), "setsockopt");
    return;
  }
  const memory = pinBytes(value);
  check(libc().setsockopt(fd.number, level, name, memory.pointer, value.length), "setsockopt");
  keepAlive(memory);
}

/**
 * Sets a socket option that older kernels do not have, and that they can do without.
 *
 * @throws {SyscallError} If setsockopt(2) fails for another reason.
 */
export function setOptionIfKnown(fd: Fd, level: number, name: number, value: number): void {
  try {
    setOption(fd, level, name, value);
  } catch (error) {
    if (!(error instanceof SyscallError && error.errno === ERRNO.ENOPROTOOPT)) throw error;
  }
}

/** Sets a socket option on a thread of Deno's pool; resolves to false if setsockopt(2) fails. */
export async function setOptionAside(fd: Fd, level: number, name: number, value: Uint8Array): Promise<boolean> {
  const memory = pinBytes(value);
  const result = await libc().setsockoptAside(fd.number, level, name, memory.pointer, value.length);
  keepAlive(memory);
  return result === 0;
}

/**
 * Reads a socket option that is an `int`.
 *
 * @throws {SyscallError} If getsockopt(2) fails.
 */
export function getOption(fd: Fd, level: number, name: number): number {
  const { value, length } = scratch();
  length.view.setUint32(0, 4, true);
  check(libc().getsockopt(fd.number, level, name, value.pointer, length.pointer), "getsockopt");
  return value.view.getInt32(0, true);
}

/**
 * Reads a socket option of any layout, at most `length` bytes of it.
 *
 * @throws {SyscallError} If getsockopt(2) fails.
 */
function getOptionBytes(fd: Fd, level: number, name: number, length: number): Uint8Array {
  const value = pin(length);
  const { length: lengthCell } = scratch();
  lengthCell.view.setUint32(0, length, true);
  check(libc().getsockopt(fd.number, level, name, value.pointer, lengthCell.pointer), "getsockopt");
  return value.bytes.subarray(0, lengthCell.view.getUint32(0, true));
}

/** Packets that a packet socket has had no room for since the last call, packet(7). */
export function takePacketDrops(fd: Fd): number {
  const statistics = getOptionBytes(fd, C.SOL_PACKET, C.PACKET_STATISTICS, tpacket_stats_v3.size);
  return new DataView(statistics.buffer, statistics.byteOffset).getUint32(tpacket_stats_v3.tp_drops, true);
}

/** Packets that a socket has had no room for, or whose checksums were wrong, since it was opened: the last of the numbers of `SO_MEMINFO`. */
export function socketDrops(fd: Fd): number {
  const numbers = getOptionBytes(fd, C.SOL_SOCKET, C.SO_MEMINFO, (C.SK_MEMINFO_DROPS + 1) * 4);
  return new DataView(numbers.buffer, numbers.byteOffset).getUint32(C.SK_MEMINFO_DROPS * 4, true);
}

/** The errno that waits on a socket (`SO_ERROR`), or 0; reading it clears it. */
export function takeSocketError(fd: Fd): number {
  return getOption(fd, C.SOL_SOCKET, C.SO_ERROR);
}

/**
 * Attaches a classic BPF program: `struct sock_filter` rows as bytes, see bpf.ts. It replaces an earlier one.
 *
 * @throws {SyscallError} If the kernel refuses it; `EINVAL` for a program that does not verify.
 */
export function attachFilter(fd: Fd, program: Uint8Array): void {
  const rows = pinBytes(program);
  const { value } = scratch();
  value.bytes.fill(0, 0, sock_fprog.size);
  value.view.setUint16(sock_fprog.len, program.length / sock_filter.size, true);
  value.view.setBigUint64(sock_fprog.filter, rows.address, true);
  check(libc().setsockopt(fd.number, C.SOL_SOCKET, C.SO_ATTACH_FILTER, value.pointer, sock_fprog.size), "setsockopt");
  keepAlive(rows);
}

/**
 * Ties a socket to an interface by name, `SO_BINDTODEVICE`; an empty name unties it.
 *
 * @throws {SyscallError} If setsockopt(2) fails; `ENODEV`, `EPERM`.
 * @throws {TypeError} If the name is too long for an interface.
 */
export function bindToDevice(fd: Fd, name: string): void {
  const bytes = new TextEncoder().encode(name + "\0");
  if (bytes.length > C.IFNAMSIZ) throw new TypeError(`Cannot bind to ${name}: an interface name has at most 15 bytes`);
  setOption(fd, C.SOL_SOCKET, C.SO_BINDTODEVICE, bytes);
}

/**
 * Lets `close` end a connection with a RST, so that nothing of it stays behind (`SO_LINGER` with a wait of 0, socket(7)).
 *
 * @throws {SyscallError} If setsockopt(2) fails.
 */
export function resetOnClose(fd: Fd): void {
  setLinger(fd, 1);
}

/**
 * Lets `close` end a connection in order, by a FIN: undoes {@linkcode resetOnClose}.
 *
 * @throws {SyscallError} If setsockopt(2) fails.
 */
export function finishOnClose(fd: Fd): void {
  setLinger(fd, 0);
}

/** Sets `SO_LINGER`, with a wait of 0. */
function setLinger(fd: Fd, isOn: 0 | 1): void {
  const { value } = scratch();
  value.view.setInt32(linger.l_onoff, isOn, true);
  value.view.setInt32(linger.l_linger, 0, true);
  check(libc().setsockopt(fd.number, C.SOL_SOCKET, C.SO_LINGER, value.pointer, linger.size), "setsockopt");
}

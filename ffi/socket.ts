// Hot path: sendTo and receive may not allocate.
/**
 * Sockets. Every socket opened here is close-on-exec and non-blocking. IPv4 addresses are unsigned 32-bit numbers and
 * ports are numbers, both in host order.
 *
 * @module
 */

import * as C from "./constants.ts";
import { check, ERRNO, lastErrno } from "./errno.ts";
import {
  linger,
  rlimit,
  sock_filter,
  sock_fprog,
  sockaddr_in,
  sockaddr_ll,
  tcp_info,
  tpacket_stats_v3,
} from "./layout.ts";
import { referToFile } from "./io_uring.ts";
import { libc } from "./libc.ts";
import { keepAlive, pin, pinBytes, type PinnedBuffer, usize } from "./memory.ts";

/** A descriptor that is closed once: by `using`, by `close`, or by both. */
export class Fd implements Disposable {
  #number: number;
  readonly #ring: number;

  /** @param ring An io_uring that refers to the same file, see {@linkcode referToFile}; -1 if there is none. */
  constructor(number: number, ring = -1) {
    this.#number = number;
    this.#ring = ring;
  }

  /** The descriptor's number; -1 once it is closed, so that a late use fails instead of reaching another's file. */
  get number(): number {
    return this.#number;
  }

  close(): void {
    const number = this.#giveUp();
    if (number === -1) return;
    // Whatever close(2) answers, on Linux the descriptor is gone.
    libc().close(number);
    if (this.#ring !== -1) libc().close(this.#ring);
  }

  /** Closes it without waiting, a socket of {@linkcode openPacketSocket} in the kernel, any other on a thread of Deno's pool. */
  closeAside(): void {
    if (this.#ring !== -1) return this.close();
    const number = this.#giveUp();
    if (number !== -1) void libc().closeAside(number);
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #giveUp(): number {
    const number = this.#number;
    this.#number = -1;
    return number;
  }
}

/** An IPv4 address and a port. */
interface SocketName {
  address: number;
  port: number;
}

/** Small memory for the cold calls of this file; used up before a call returns, so one of each is enough. */
interface Scratch {
  address: PinnedBuffer;
  value: PinnedBuffer;
  length: PinnedBuffer;
}

const ADDRESS_LEN = 128;
const VALUE_LEN = 256;

let scratchMemory: Scratch | undefined;

function scratch(): Scratch {
  return scratchMemory ??= { address: pin(ADDRESS_LEN), value: pin(VALUE_LEN), length: pin(4) };
}

/**
 * Opens a socket, close-on-exec and non-blocking.
 *
 * @param protocol As socket(2) takes it: for `AF_PACKET`, which {@linkcode openPacketSocket} opens, 0 or in network order.
 * @throws {SyscallError} If socket(2) fails; `EPERM` without `CAP_NET_RAW`.
 */
export function openSocket(domain: number, type: number, protocol: number): Fd {
  return new Fd(check(libc().socket(domain, type | C.SOCK_CLOEXEC | C.SOCK_NONBLOCK, protocol), "socket"));
}

/**
 * Opens a packet socket, packet(7), at which nothing arrives until it is bound. To close one takes the kernel 5 to 30 ms: it waits
 * until every processor has looked away from it. An io_uring spares the process that wait, also at its end.
 *
 * @throws {SyscallError} If socket(2) fails; `EPERM` without `CAP_NET_RAW`.
 */
export function openPacketSocket(type: number): Fd {
  const number = check(libc().socket(C.AF_PACKET, type | C.SOCK_CLOEXEC | C.SOCK_NONBLOCK, 0), "socket");
  return new Fd(number, referToFile(number));
}

/** Writes a `struct sockaddr_in` at an offset. */
export function writeInet4(view: DataView, at: number, address: number, port: number): void {
  view.setUint16(at + sockaddr_in.sin_family, C.AF_INET, true);
  view.setUint16(at + sockaddr_in.sin_port, port);
  view.setUint32(at + sockaddr_in.sin_addr, address);
}

/** Pins a `struct sockaddr_in`, for {@linkcode sendTo}. A raw socket wants port 0. */
export function pinInet4(address: number, port: number): PinnedBuffer {
  const pinned = pin(sockaddr_in.size);
  writeInet4(pinned.view, 0, address, port);
  return pinned;
}

/** Writes the beginning of a `struct sockaddr_ll` at an offset: interface, and protocol such as `ETH_P_IP`, in host order. */
export function writeLink(view: DataView, at: number, interfaceIndex: number, protocol: number): void {
  view.setUint16(at + sockaddr_ll.sll_family, C.AF_PACKET, true);
  view.setUint16(at + sockaddr_ll.sll_protocol, protocol);
  view.setInt32(at + sockaddr_ll.sll_ifindex, interfaceIndex, true);
}

/** The hardware address of everybody on an Ethernet. */
const BROADCAST = new Uint8Array(6).fill(0xff);

/** Pins the `struct sockaddr_ll` of everybody on an Ethernet, as {@linkcode pinGroup} does of a group. */
export function pinBroadcast(interfaceIndex: number, protocol: number): PinnedBuffer {
  return pinGroup(interfaceIndex, protocol, BROADCAST);
}

/**
 * Pins the `struct sockaddr_ll` of a group on an Ethernet, for {@linkcode sendTo} on a packet socket.
 *
 * @param protocol Such as `ETH_P_ARP`, in host order.
 * @param hardwareAddress Six bytes.
 */
export function pinGroup(interfaceIndex: number, protocol: number, hardwareAddress: Uint8Array): PinnedBuffer {
  const pinned = pin(sockaddr_ll.size);
  const { view, bytes } = pinned;
  writeLink(view, 0, interfaceIndex, protocol);
  view.setUint8(sockaddr_ll.sll_halen, hardwareAddress.length);
  bytes.set(hardwareAddress, sockaddr_ll.sll_addr);
  return pinned;
}

function inet4(address: number, port: number): Deno.PointerObject {
  const { address: memory } = scratch();
  memory.bytes.fill(0, 0, sockaddr_in.size);
  writeInet4(memory.view, 0, address, port);
  return memory.pointer;
}

/** @throws {SyscallError} If bind(2) fails; `EADDRINUSE`, `EADDRNOTAVAIL`. */
export function bindInet4(fd: Fd, address: number, port: number): void {
  check(libc().bind(fd.number, inet4(address, port), sockaddr_in.size), "bind");
}

/** Begins to connect. Answers 0 or the errno: `EINPROGRESS` is the usual one on a non-blocking socket. */
export function connectInet4(fd: Fd, address: number, port: number): number {
  for (;;) {
    const result = libc().connect(fd.number, inet4(address, port), sockaddr_in.size);
    if (result !== -1) return 0;
    const errno = lastErrno();
    if (errno !== ERRNO.EINTR) return errno;
  }
}

/** @throws {SyscallError} If listen(2) fails. */
export function listen(fd: Fd, backlog: number): void {
  check(libc().listen(fd.number, backlog), "listen");
}

/**
 * The address and port that an IPv4 socket is bound to.
 *
 * @throws {SyscallError} If getsockname(2) fails.
 */
export function getSocketName(fd: Fd): SocketName {
  const { address, length } = scratch();
  length.view.setUint32(0, ADDRESS_LEN, true);
  check(libc().getsockname(fd.number, address.pointer, length.pointer), "getsockname");
  return {
    address: address.view.getUint32(sockaddr_in.sin_addr),
    port: address.view.getUint16(sockaddr_in.sin_port),
  };
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

/** Bytes of `struct tcp_info` that are asked for: up to the last that is read. */
const TCP_INFO_LEN = tcp_info.tcpi_total_retrans + 4;

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

/** The errno that waits on a socket (`SO_ERROR`), or 0; reading it clears it. */
export function takeSocketError(fd: Fd): number {
  return getOption(fd, C.SOL_SOCKET, C.SO_ERROR);
}

/**
 * Binds a packet socket to an interface (0 for all) and a protocol, packet(7). From here on it receives.
 *
 * @param protocol Such as `ETH_P_IP`, in host order; 0 receives nothing.
 * @throws {SyscallError} If bind(2) fails; `ENODEV`, `ENETDOWN`.
 */
export function bindPacket(fd: Fd, interfaceIndex: number, protocol: number): void {
  const { address } = scratch();
  address.bytes.fill(0, 0, sockaddr_ll.size);
  writeLink(address.view, 0, interfaceIndex, protocol);
  check(libc().bind(fd.number, address.pointer, sockaddr_ll.size), "bind");
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

/**
 * Sends one packet.
 *
 * @param destination A `struct sockaddr`, see {@linkcode pinInet4}; all of its bytes are handed over.
 * @returns The bytes taken, or the errno as a negative number.
 */
export function sendTo(
  fd: Fd,
  buffer: PinnedBuffer,
  offset: number,
  length: number,
  destination: PinnedBuffer,
): number {
  const result = libc().sendto(
    fd.number,
    buffer.at(offset),
    usize(length),
    0,
    destination.pointer,
    destination.bytes.length,
  );
  return result < 0 ? -lastErrno() : result;
}

/**
 * Sends the first bytes of a buffer through a connected socket; returns what {@linkcode sendTo} does. A connection that the other
 * side has closed raises no SIGPIPE.
 */
export function send(fd: Fd, buffer: PinnedBuffer, length: number): number {
  const result = libc().sendto(fd.number, buffer.pointer, usize(length), C.MSG_NOSIGNAL, null, 0);
  return result < 0 ? -lastErrno() : result;
}

/**
 * Receives one packet.
 *
 * @returns The bytes written to the buffer, or the errno as a negative number; `-EAGAIN` when nothing waits.
 */
export function receive(fd: Fd, buffer: PinnedBuffer, offset: number, length: number): number {
  for (;;) {
    const result = libc().recvfrom(fd.number, buffer.at(offset), usize(length), 0, null, null);
    if (result >= 0) return result;
    const errno = lastErrno();
    if (errno !== ERRNO.EINTR) return -errno;
  }
}

/** Memory for the source of a received packet. */
interface SourceName {
  /** The `struct sockaddr` that the kernel wrote. */
  readonly address: PinnedBuffer;
  /** Its length: what there is room for before a call, what was written after it. */
  readonly length: PinnedBuffer;
}

/** Pins room for the source of a received packet; for {@linkcode receiveFrom}. */
export function pinSourceName(): SourceName {
  return { address: pin(ADDRESS_LEN), length: pin(4) };
}

/** Receives one packet as {@linkcode receive} does, and its source; `flags` as recvfrom(2) takes them. */
export function receiveFrom(
  fd: Fd,
  buffer: PinnedBuffer,
  offset: number,
  length: number,
  source: SourceName,
  flags = 0,
): number {
  for (;;) {
    source.length.view.setUint32(0, ADDRESS_LEN, true);
    const result = libc().recvfrom(
      fd.number,
      buffer.at(offset),
      usize(length),
      flags,
      source.address.pointer,
      source.length.pointer,
    );
    if (result >= 0) return result;
    const errno = lastErrno();
    if (errno !== ERRNO.EINTR) return -errno;
  }
}

/**
 * Raises the limit on open descriptors as far as this process may, getrlimit(2).
 *
 * @returns The limit that holds from now on.
 * @throws {SyscallError} If getrlimit(2) fails.
 */
export function raiseDescriptorLimit(): number {
  const { value } = scratch();
  check(libc().getrlimit(C.RLIMIT_NOFILE, value.pointer), "getrlimit");
  const soft = value.view.getBigUint64(rlimit.rlim_cur, true);
  const hard = value.view.getBigUint64(rlimit.rlim_max, true);
  if (soft >= hard) return Number(soft);
  value.view.setBigUint64(rlimit.rlim_cur, hard, true);
  return Number(libc().setrlimit(C.RLIMIT_NOFILE, value.pointer) === -1 ? soft : hard);
}

// Hot path: sendTo and receive may not allocate.
/**
 * Sockets. Every socket opened here is close-on-exec and non-blocking. IPv4 addresses are unsigned 32-bit numbers and
 * ports are numbers, both in host order.
 *
 * @module
 */

import * as C from "./constants.ts";
import { check, ERRNO, lastErrno } from "./errno.ts";
import { sockaddr_in, sockaddr_ll } from "./layout.ts";
import { referToFile } from "./io_uring.ts";
import { libc } from "./libc.ts";
import { pin, type PinnedBuffer, usize } from "./memory.ts";
import { Fd } from "./fd.ts";

/** An IPv4 address and a port. */
interface SocketName {
  address: number;
  port: number;
}

/** Small memory for the cold calls of this file; used up before a call returns, so one of each is enough. */
interface Scratch {
  address: PinnedBuffer;
  length: PinnedBuffer;
}

const ADDRESS_LEN = 128;

let scratchMemory: Scratch | undefined;

function scratch(): Scratch {
  return scratchMemory ??= { address: pin(ADDRESS_LEN), length: pin(4) };
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

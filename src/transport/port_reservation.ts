/**
 * The source ports of probes. They lie outside the range from which the kernel chooses ports for other programs, where possible,
 * and are held while a scan runs, so that no other program gets our replies, nor we its packets.
 *
 * @module
 */

import {
  AF_INET,
  AF_INET6,
  IP_MINTTL,
  IPPROTO_IP,
  IPPROTO_IPV6,
  IPPROTO_TCP,
  IPPROTO_UDP,
  IPV6_MINHOPCOUNT,
  SO_DOMAIN,
  SOCK_DGRAM,
  SOCK_STREAM,
  SOL_SOCKET,
} from "../../ffi/constants.ts";
import { rejectAll } from "../../ffi/bpf.ts";
import { ERRNO, SyscallError } from "../../ffi/errno.ts";
import type { Fd } from "../../ffi/fd.ts";
import { bindInet4, listen, openSocket } from "../../ffi/socket.ts";
import { attachFilter, getOption, setOption } from "../../ffi/socket_options.ts";
import { localPortRange } from "../../ffi/system.ts";

/** The ports to hold. */
export interface ReservationOptions {
  /** The addresses to hold them on. */
  readonly addresses: readonly number[];
  /** The number of consecutive ports. */
  readonly count: number;
  /**
   * Addresses on which the kernel must not reply for these ports: the scanner alone replies to SYN-ACKs. Not possible for an
   * address that is itself scanned, since a port without a reply would look filtered.
   */
  readonly silent: (address: number) => boolean;
  /** A random 32-bit number. */
  readonly random: number;
  /** Opens a socket that is bound to an address and a port. */
  readonly open: (address: number, port: number) => Fd;
}

/** Ports that are held until disposal. */
export class ReservedPorts implements Disposable {
  readonly first: number;
  readonly count: number;
  /** The sockets that hold them: those of one address after the other. */
  readonly fds: readonly Fd[];

  constructor(first: number, count: number, fds: readonly Fd[]) {
    this.first = first;
    this.count = count;
    this.fds = fds;
  }

  [Symbol.dispose](): void {
    for (const fd of this.fds) fd.close();
  }
}

/** The lowest port that an ordinary program may have. */
const LOWEST = 1024;
const HIGHEST = 65535;
/** Places tried before giving up. */
const TRIES = 64;

/** Holds ports of the scanner's choice; undefined if there are not so many free in a row. */
export function reserveFreePorts(options: ReservationOptions): ReservedPorts | undefined {
  const [low, high] = localPortRange();
  const { count } = options;
  // Above the kernel's range, as with the usual 32768-60999; else below it. On machines that have given it every port, in it.
  for (const [from, to] of [[high + 1, HIGHEST], [LOWEST, low - 1], [Math.max(LOWEST, low), high]] as const) {
    const places = Math.floor((to - from + 1) / count);
    for (let i = 0; i < Math.min(TRIES, places); i++) {
      const first = from + (options.random + i) % places * count;
      const held = reservePorts(first, options);
      if (held !== undefined) return held;
    }
  }
  return undefined;
}

/** Holds the ports from `first` on, or undefined if one of them is taken. */
export function reservePorts(first: number, options: ReservationOptions): ReservedPorts | undefined {
  const fds: Fd[] = [];
  try {
    for (const address of options.addresses) {
      for (let port = first; port < first + options.count; port++) {
        const fd = options.open(address, port);
        fds.push(fd);
        if (!options.silent(address)) continue;
        // A listener that accepts nothing: the kernel finds a socket for the SYN-ACK, drops it, and sends no RST of its own.
        rejectSegments(fd);
        listen(fd, 1);
      }
    }
    return new ReservedPorts(first, options.count, fds);
  } catch (error) {
    for (const fd of fds) fd.close();
    if (error instanceof SyscallError && (error.errno === ERRNO.EADDRINUSE || error.errno === ERRNO.EADDRNOTAVAIL)) {
      return undefined;
    }
    throw error;
  }
}

/** Lets a TCP socket drop every segment. */
function rejectSegments(fd: Fd): void {
  try {
    attachFilter(fd, rejectAll());
  } catch (error) {
    if (!(error instanceof SyscallError && error.errno === ERRNO.EPERM)) throw error;
    // Newer kernels (6.18) take CAP_NET_ADMIN for a filter of TCP, which a container with CAP_NET_RAW lacks. Without it the
    // socket drops what has passed a router, or left its sender with a lower TTL than the highest, which few systems use.
    const isIpv6 = getOption(fd, SOL_SOCKET, SO_DOMAIN) === AF_INET6;
    setOption(fd, isIpv6 ? IPPROTO_IPV6 : IPPROTO_IP, isIpv6 ? IPV6_MINHOPCOUNT : IP_MINTTL, 255);
  }
}

/** Opens a UDP socket that takes no datagram: they are read from a packet socket, and the kernel, which finds this one, sends no error. */
export function openDatagram(address: number, port: number): Fd {
  const fd = bound(openSocket(AF_INET, SOCK_DGRAM, IPPROTO_UDP), address, port);
  attachFilter(fd, rejectAll());
  return fd;
}

/** Opens a TCP socket. */
export function openStream(address: number, port: number): Fd {
  return bound(openSocket(AF_INET, SOCK_STREAM, IPPROTO_TCP), address, port);
}

function bound(fd: Fd, address: number, port: number): Fd {
  try {
    bindInet4(fd, address, port);
    return fd;
  } catch (error) {
    fd.close();
    throw error;
  }
}

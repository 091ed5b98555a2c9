/**
 * Finds out whether this machine's packet filter lets probes to an own link pass, which frames would bypass. A packet like a probe is
 * given to the kernel, for an address of the range whose hardware address it is told to be our own: no host receives it, and the entry
 * in the kernel's table of neighbours is removed again.
 *
 * @module
 */

import { ERRNO, SyscallError } from "../../ffi/errno.ts";
import type { Link } from "../../ffi/netlink/link.ts";
import { addNeighbour, removeNeighbour } from "../../ffi/netlink/neighbor.ts";
import { Netlink } from "../../ffi/netlink/socket.ts";
import { pin } from "../../ffi/memory.ts";
import { pinInet4, sendTo } from "../../ffi/socket.ts";
import { IPV4_MIN_HEADER_LEN, PROTOCOL_TCP, PROTOCOL_UDP, pseudoHeaderSum, writeIpv4 } from "../wire/ipv4.ts";
import { fillTcpChecksum, TCP_MIN_HEADER_LEN, TCP_SYN, writeTcp } from "../wire/tcp.ts";
import { writeUdp } from "../wire/udp.ts";
import { openRawIp, type RawIpOptions } from "./raw_sender.ts";

/** Addresses that are tried: the kernel may have entries for some. */
const MAX_TRIES = 4;
const PACKET_LEN = IPV4_MIN_HEADER_LEN + TCP_MIN_HEADER_LEN;
const HTTPS = 443;

/** The probes that the packet filter is asked about. */
interface CheckedProbes {
  readonly link: Link;
  /** The first and last address of the range. */
  readonly first: number;
  readonly last: number;
  readonly source: number;
  readonly sourcePort: number;
  /** True where they are datagrams, and no segments. */
  readonly isUdp?: boolean;
}

/** Returns true if the packet filter lets probes pass; `undefined` where that cannot be found out without a packet to a host. */
export function isAllowedByFirewall(
  { link, first, last, source, sourcePort, isUdp = false }: CheckedProbes,
  raw: RawIpOptions,
): boolean | undefined {
  try {
    using netlink = new Netlink();
    using fd = openRawIp(raw);
    for (let tries = 0, address = first; tries < MAX_TRIES && address <= last; tries++, address++) {
      if (address === source) continue;
      const errno = addNeighbour(link.index, address, link.hardwareAddress!, netlink);
      if (errno === ERRNO.EEXIST) continue;
      if (errno !== 0) return undefined;
      const packet = pin(PACKET_LEN);
      const protocol = isUdp ? PROTOCOL_UDP : PROTOCOL_TCP;
      const at = writeIpv4(packet.view, 0, { source, destination: address, protocol, totalLen: PACKET_LEN });
      if (isUdp) {
        const length = PACKET_LEN - at;
        writeUdp(packet.view, at, sourcePort, HTTPS, length, pseudoHeaderSum(source, address, protocol, length));
      } else {
        const ports = { sourcePort, destinationPort: HTTPS };
        writeTcp(packet.view, at, { ...ports, seq: 0, ack: 0, flags: TCP_SYN, window: 1024 });
        fillTcpChecksum(packet.view, at, TCP_MIN_HEADER_LEN, source, address);
      }
      const sent = sendTo(fd, packet, 0, PACKET_LEN, pinInet4(address, 0));
      removeNeighbour(link.index, address, netlink);
      return sent === PACKET_LEN ? true : sent === -ERRNO.EPERM ? false : undefined;
    }
    return undefined;
  } catch (error) {
    if (!(error instanceof SyscallError)) throw error;
    return undefined;
  }
}

// Hot path: nothing here may allocate per packet.
/**
 * Verification of received packets: a packet socket gets them before the kernel has verified their addresses and checksums.
 *
 * @module
 */

import { IPV4_MAX, isLoopback } from "./address.ts";
import { checksum, foldChecksum } from "./checksum.ts";
import {
  ipv4Destination,
  ipv4HeaderLen,
  ipv4MoreFragments,
  ipv4Protocol,
  ipv4Source,
  ipv4TotalLen,
  PROTOCOL_ICMP,
  PROTOCOL_TCP,
  PROTOCOL_UDP,
  pseudoHeaderSum,
} from "./ipv4.ts";
import { tcpChecksum } from "./tcp.ts";
import { udpChecksum, udpLen } from "./udp.ts";

/**
 * True where a packet to `own` can come from an IPv4 address (RFC 1122 section 3.2.1.3): not from this network, multicast, limited
 * broadcast, and from loopback only to loopback. Broadcast addresses of networks are not excluded.
 */
export function canBeSource(address: number, own: number): boolean {
  if (isLoopback(address)) return isLoopback(own);
  const first = address >>> 24;
  return first !== 0 && first >>> 4 !== 0xe && address !== IPV4_MAX;
}

/**
 * True where the checksums of an IPv4 packet that holds TCP, UDP or ICMP are right; of a first fragment that of the IP header, since the
 * other is over the whole. A UDP checksum may be missing (0). One that the sender leaves to the hardware (`CHECKSUM_PARTIAL`) is right as
 * well: where there is no hardware (loopback, veth, virtio) it arrives as the sum of the pseudo header alone, not complemented.
 */
export function hasRightChecksums(view: DataView, at: number): boolean {
  const headerLen = ipv4HeaderLen(view, at);
  if (checksum(view, at, headerLen) !== 0) return false;
  if (ipv4MoreFragments(view, at)) return true;
  const payloadAt = at + headerLen;
  const length = ipv4TotalLen(view, at) - headerLen;
  const protocol = ipv4Protocol(view, at);
  if (protocol === PROTOCOL_ICMP) return checksum(view, payloadAt, length) === 0;
  const isUdp = protocol === PROTOCOL_UDP;
  const ownLen = isUdp ? udpLen(view, payloadAt) : length;
  const pseudo = pseudoHeaderSum(
    ipv4Source(view, at),
    ipv4Destination(view, at),
    isUdp ? protocol : PROTOCOL_TCP,
    ownLen,
  );
  const sent = isUdp ? udpChecksum(view, payloadAt) : tcpChecksum(view, payloadAt);
  if (isUdp && sent === 0) return true;
  return checksum(view, payloadAt, ownLen, pseudo) === 0 || sent === (foldChecksum(pseudo) ^ 0xffff);
}

/**
 * The packets of one version of IP, as techniques write and read them: a technique is the same over both.
 *
 * @module
 */

import type { Reason } from "../result/reasons.ts";
import type { ReplyKind } from "../result/reply_kind.ts";
import type { ProbeTemplate, ProbeTraits, Reply, SourcePorts } from "./technique.ts";

/** The constant part of a TCP probe. */
export interface TcpProbeTraits extends ProbeTraits {
  /** TCP flags. */
  readonly flags: number;
  /** TCP options, padded to words. */
  readonly options?: Uint8Array;
}

/** A kind of ICMP request. */
export interface IcmpRequest {
  readonly type: number;
  readonly replyType: number;
  /** Bytes of data: of an echo any, of which replies bring back the first four (with eight, the checksum is that of every token); of a timestamp three times, the first of which comes back. */
  readonly dataLen: number;
  readonly reason: Reason;
  /** True where replies bring the whole token back. */
  readonly hasToken: boolean;
}

/** The addresses of hosts of IPv6, 16 bytes each, by their numbers; of the address book of the scan. */
export interface Ipv6Addresses {
  /** Writes the address of a host or a sender. */
  write(host: number, view: DataView, at: number): void;
  /** Returns the number of the host with an address; -1 if none has it. `scope` is the interface that it came by, 0 if that is not known. */
  find(view: DataView, at: number, scope: number): number;
  /** Returns the number of the sender of a packet, which may be no host. */
  sender(view: DataView, at: number, scope: number): number;
}

/** TCP over one version of IP. */
export interface TcpPackets {
  readonly family: 4 | 6;
  /** Bytes of a segment without options, with its IP header. */
  readonly segmentLen: number;
  /** Prepares segments. */
  prepareTcp(traits: TcpProbeTraits): ProbeTemplate;
  /** Writes the RST of {@linkcode TcpPackets.segmentLen} bytes that is owed to a SYN-ACK which acknowledges `seq` (RFC 9293 section 3.10.7.3). */
  writeRst(
    view: DataView,
    at: number,
    traits: ProbeTraits,
    destination: number,
    port: number,
    sourcePort: number,
    seq: number,
  ): void;
  /**
   * Reads a received packet; returns the kind of reply over TCP that it is. Every length is checked before a field is read, and the
   * checksums are not.
   */
  readTcp(view: DataView, at: number, length: number, reply: Reply): ReplyKind;
  /** True where the checksums of the packet that was read last are right. */
  isIntact(view: DataView, at: number): boolean;
  /** Returns the filter of replies to segments. */
  tcpFilter(ports: SourcePorts): Uint8Array<ArrayBuffer>;
  /** A packet in one line of text; that of IPv4 if not given. */
  describe?(view: DataView, at: number, length: number): string;
}

/** Writes the payload of a datagram at `at`, by its ports and its token; returns its length. */
export type PayloadWriter = (view: DataView, at: number, port: number, sourcePort: number, token: number) => number;

/** UDP over one version of IP. */
export interface UdpPackets {
  readonly family: 4 | 6;
  /** Bytes of the headers of a datagram. */
  readonly udpHeadersLen: number;
  /** Prepares datagrams. */
  prepareUdp(traits: ProbeTraits, writePayload: PayloadWriter): ProbeTemplate;
  /**
   * Reads a received packet; returns the kind of reply over UDP that it is, and sets `reply.number` to the offset of the UDP header: its own,
   * or of an error the one that it quotes. Every length is checked before a field is read, and the checksums are not.
   */
  readUdp(view: DataView, at: number, length: number, reply: Reply): ReplyKind;
  /** Returns the offset behind what the packet that was read last, an error, quotes of a probe. */
  quoteEnd(view: DataView, at: number): number;
  /** True where the IP header that the packet read last quotes has what it was sent with of a token. */
  quotesToken(view: DataView, reply: Reply, token: number): boolean;
  /** Returns the sum of the pseudo header of a quoted datagram of `length` bytes, by the IP header that is quoted with it. */
  quotedPseudoSum(view: DataView, reply: Reply, length: number): number;
  /** True where the checksums of the packet that was read last are right. */
  isIntact(view: DataView, at: number): boolean;
  /** Returns the filter of replies to datagrams. */
  udpFilter(ports: SourcePorts): Uint8Array<ArrayBuffer>;
  /** A packet in one line of text; that of IPv4 if not given. */
  describe?(view: DataView, at: number, length: number): string;
}

/** Neighbor discovery, which IPv6 alone has. */
export interface NeighborPackets {
  /** Bytes of a solicitation, with its IP header. */
  readonly solicitationLen: number;
  /** Writes a solicitation for a host from a source, but for what belongs to the link; returns its length. */
  writeSolicitation(view: DataView, at: number, source: number, host: number): number;
  /** Reads a received packet; sets host and own address of an advertisement, and returns true if it is one of a host of the scan. */
  readAdvertisement(view: DataView, at: number, length: number, reply: Reply): boolean;
  /** A packet in one line of text. */
  describe(view: DataView, at: number, length: number): string;
}

/** TCP and ICMP requests over one version of IP. */
export interface PingPackets extends TcpPackets {
  /** Bytes of the longest ICMP request, with its IP header. */
  readonly maxRequestLen: number;
  /** Prepares ICMP requests; of the written probe `what` has no meaning. */
  prepareRequest(request: IcmpRequest, traits: ProbeTraits): ProbeTemplate;
  /** Reads a received packet; returns the ICMP request that it is a reply to, or an error about. */
  readIcmp(view: DataView, at: number, length: number, reply: Reply): IcmpRequest | undefined;
  /** Returns the filter of replies to segments and requests. */
  pingFilter(ports: SourcePorts): Uint8Array<ArrayBuffer>;
}

/** Everything that techniques send over one version of IP. */
export type IpPackets = PingPackets & UdpPackets & NeighborPackets;

// Hot path: nothing here may allocate per packet.
/**
 * The technique contract: the probe to send, how its replies are recognised, and what they mean. A technique is stateless, does
 * no I/O and reads no clock. The packet driver runs any technique over any transport.
 *
 * @module
 */

import type { OutcomeTable } from "../result/outcome.ts";
import type { ReasonSet } from "../result/reasons.ts";
import { BY_TOKEN, NOT_A_REPLY, type ReplyKind } from "../result/reply_kind.ts";

/** The constant part of probes. */
export interface ProbeTraits {
  /** Address to send from. */
  readonly source: number;
  /** Time to live, 1-255. */
  readonly ttl: number;
}

/** A probe that is complete but for destination, what is probed, and token. */
export interface ProbeTemplate {
  /**
   * Writes a probe; returns its length in bytes, at most `Technique.maxLength`.
   *
   * @param at Where the packet begins: its IP header, or of another Ethernet type what follows the Ethernet header.
   * @param what What is probed, 16 bits: the port, or of a technique without ports the kind of ping or the hop limit.
   * @param sourcePort The port to send from. Of a technique without ports: the attempt, modulo `Technique.attemptPeriod`.
   * @param token 32 bits, which replies carry.
   */
  write(view: DataView, at: number, destination: number, what: number, sourcePort: number, token: number): number;
}

/** Ports that probes are sent from, one for each attempt that replies tell apart. */
export interface SourcePorts {
  readonly first: number;
  readonly count: number;
}

/** A scan technique. */
export interface Technique {
  /** Its name, as nmap's XML gives it: `syn`, `fin`, ... */
  readonly name: string;
  /** The protocol of what is probed: of ports `tcp`, `udp` or `sctp`, of IP protocols `ip`, of whole hosts `host`. */
  readonly protocol: "tcp" | "udp" | "sctp" | "ip" | "host";
  /** The address families that it probes. */
  readonly families: readonly (4 | 6)[];
  /**
   * The Ethernet type of its packets, which are about hosts on own links; that of its family if not given. Its transport is one of
   * frames.
   */
  readonly ethertype?: number;
  /** The length of the longest packet that it sends, in bytes: slots are made for it. */
  readonly maxLength: number;
  /** True where probes leave from ports although none is probed; without it those of techniques that probe ports do. */
  readonly leavesFromPorts?: boolean;
  /** True where those ports are of UDP although none is probed. */
  readonly sendsDatagrams?: boolean;
  /** The number of attempts that a reply tells apart; 1 where every attempt at one probe carries the same token. */
  readonly attemptPeriod: number;
  /**
   * True where replies count that carry no token ({@linkcode BY_HOST}): the engine then also finds probes by host and what is
   * probed.
   */
  readonly isTokenless?: boolean;
  /** The state that each reason stands for, by sender, and that of no response. */
  readonly states: OutcomeTable;
  /** Replies that hosts send at a limited rate, such as ICMP errors: no liveness probe is sent for one of these. */
  readonly rationed: ReasonSet;
  /** The kind of ICMP error by which a host itself refuses a probe; undefined where it has another reply for that. */
  readonly refusal?: ReplyKind;
  /** The kind of reply that shows which stack sent it, if the probe has options for it to choose from: the shape of these is kept. */
  readonly stackReply?: ReplyKind;
  /**
   * Returns the classic BPF program that passes replies, and hardly anything else, over packets that begin at the IP header (or
   * behind the Ethernet header of another Ethernet type).
   *
   * @param ports The ports that probes are sent from; of a technique without ports without meaning.
   */
  filter(family: 4 | 6, ports: SourcePorts): Uint8Array<ArrayBuffer>;
  /** Prepares the constant part of probes. */
  prepare(traits: ProbeTraits): ProbeTemplate;
  /**
   * Reads a received packet of any bytes, its checksums included; false if it cannot be a reply to a probe of this technique. It
   * sets every field of `reply`.
   */
  parse(view: DataView, at: number, length: number, reply: Reply): boolean;
  /** A packet of the technique in one line of text; as IPv4 describes it if not given. */
  describe?(view: DataView, at: number, length: number): string;
  /**
   * Returns true if the packet that was parsed last is a reply to the probe with this token: given where `parse` reads no token. It sets
   * `Reply.strength` to that of the proof.
   */
  proves?(view: DataView, at: number, reply: Reply, token: number): boolean;
  /**
   * The same technique where the kernel writes the headers of its probes: errors then prove themselves by the payload that they quote alone.
   * Missing where a program without privileges has no sockets for its probes.
   */
  readonly overSockets?: Technique;
  /** Returns the same technique with packets of at most `maxLength` bytes, where some are longer than links may carry. */
  within?(maxLength: number): Technique;
  /**
   * The port whose replies come from any port of the host. Its probes leave from ports of their own, which follow those of the
   * other attempts.
   */
  readonly elsewhere?: number;
  /** True for a port that probably has a service: it is probed at full rate until silence counts, and then before others. */
  isLikely?(what: number): boolean;
  /** Returns the name of the service that a port is probed for, if it is for one. */
  serviceOf?(what: number): string | undefined;
  /** Returns a copy of what a service has sent in the reply that was parsed last; undefined if it is an error. */
  serviceData?(view: DataView, reply: Reply): ServiceData | undefined;
  /** True where a packet is owed after a genuine reply of this kind: where it accepts a connection. */
  owes?(kind: ReplyKind): boolean;
  /** Writes the packet that is owed; returns its length. */
  acknowledge?(view: DataView, at: number, traits: ProbeTraits, reply: OwedReply): number;
}

/** The reply of a service. */
export interface ServiceData {
  /** The name of the request that it is a reply to. */
  readonly request: string;
  readonly bytes: Uint8Array;
}

/** True for a technique that probes ports. */
function hasPorts({ protocol }: Technique): boolean {
  return protocol === "tcp" || protocol === "udp" || protocol === "sctp";
}

/** True for a technique whose probes leave from ports, which have to be reserved. */
export function leavesFromPorts(technique: Technique): boolean {
  return technique.leavesFromPorts ?? hasPorts(technique);
}

/** The fields of a genuine reply after which a packet may be owed. */
export interface OwedReply {
  readonly kind: ReplyKind;
  readonly host: number;
  readonly port: number;
  readonly ownPort: number;
  readonly number: number;
}

/** The fields of a received packet, read into place. */
export class Reply implements OwedReply {
  /** The code of the reason that it stands for, or a code of `reply_kind.ts`. */
  kind: ReplyKind = NOT_A_REPLY;
  /** {@linkcode BY_TOKEN}, or a weaker proof that it is a reply to a probe. */
  strength: number = BY_TOKEN;
  /** The host that was probed. */
  host = 0;
  /** The port that was probed, or what a technique without ports probes. */
  port = 0;
  /** The address that probed. */
  ownAddress = 0;
  /** The port that probed, or of a technique without ports the attempt, as `ProbeTemplate.write` was given it. */
  ownPort = 0;
  /** The acknowledgment number of a segment, the token of the probe that an ICMP error quotes, or the offset of a UDP header. */
  number = 0;
  /** The sequence number of a segment. */
  seq = 0;
  /** The token that a genuine reply carries: the likeliest, where several numbers of the packet can be it. */
  token = 0;
  /** The other numbers that can be it. */
  readonly otherTokens: Uint32Array = new Uint32Array(2);
  /** The number of those. */
  otherTokenCount = 0;
  /** Time to live as received; 0 where the packet has none. */
  ttl = 0;
  /** Bytes behind the header at {@linkcode number}, if it is a datagram: of one in fragments those of the first. */
  dataLen = 0;
  /** The offset of the TCP header, if it is a segment. */
  segmentAt = 0;
  /** The sender of the packet. */
  from = 0;
  /**
   * True for a SYN-ACK with window 0: SYN proxies send it, for they take no data before the server does. True for a RST with
   * a window, as user-mode stacks send it: a kernel sets 0.
   */
  odd = false;
}

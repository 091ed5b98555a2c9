// Hot path: nothing here may allocate per packet.
/**
 * The technique contract: the probe to send, how its replies are recognised, and what they mean. A technique is stateless, does
 * no I/O and reads no clock. The packet driver runs any technique over any transport.
 *
 * @module
 */

import type { OutcomeTable } from "../result/outcome.ts";

/** The constant part of probes. */
export interface ProbeTraits {
  /** Address to send from. */
  readonly source: number;
  /** Time to live, 1-255. */
  readonly ttl: number;
  /** True where the IPv4 header checksum must be filled in here. */
  readonly fillIpChecksum: boolean;
}

/** A probe that is complete but for destination, ports and token. */
export interface ProbeTemplate {
  /** Length of a probe, in bytes. */
  readonly length: number;
  /** Writes a probe. The token is 32 bits; replies carry it. */
  write(view: DataView, at: number, destination: number, port: number, sourcePort: number, token: number): void;
}

/** A scan technique. */
export interface Technique {
  /** Its name, as nmap's XML gives it: `syn`, `fin`, ... */
  readonly name: string;
  /** The protocol of its ports. */
  readonly protocol: "tcp";
  /** The state that each reason stands for, by sender, and that of no response. */
  readonly states: OutcomeTable;
  /** Prepares the constant part of probes. */
  prepare(traits: ProbeTraits): ProbeTemplate;
  /** Reads a received packet of any bytes; false if it cannot be a reply to a probe of this technique. */
  parse(view: DataView, at: number, length: number, reply: Reply): boolean;
  /** Reads back a packet that {@linkcode ProbeTemplate.write} or `acknowledge` wrote; false if it is no probe. */
  parseSent(view: DataView, at: number, reply: Reply): boolean;
  /** Writes the packet that is owed after a genuine reply which accepts a connection; returns its length. */
  acknowledge?(view: DataView, at: number, traits: ProbeTraits, reply: Reply): number;
}

/** Kinds of reply. */
export const NOT_A_REPLY = 0;
/** A SYN with an ACK. */
export const REPLY_SYN_ACK = 1;
/** A SYN without an ACK. */
export const REPLY_SYN = 2;
/** A RST. */
export const REPLY_RST = 3;
/** An ICMP error; `icmpKind` is its kind. */
export const REPLY_ICMP = 4;
/** A RST without ACK. */
export const REPLY_RST_NO_ACK = 5;
/** An ACK with FIN. */
export const REPLY_FIN_ACK = 6;
/** An ACK with no other flag that matters. */
export const REPLY_ACK = 7;

/** The fields of a received packet, read into place. */
export class Reply {
  /** {@linkcode NOT_A_REPLY} or one of the kinds above. */
  kind: number = NOT_A_REPLY;
  /** Index in `ICMP_KINDS`, where the kind is {@linkcode REPLY_ICMP}. */
  icmpKind = 0;
  /** The host that was probed. */
  host = 0;
  /** The port that was probed. */
  port = 0;
  /** The address that probed. */
  ownAddress = 0;
  /** The port that probed. */
  ownPort = 0;
  /** The acknowledgment number of a segment, or the sequence number of the probe that an ICMP error quotes. */
  number = 0;
  /** The sequence number of a segment. */
  seq = 0;
  /** Candidates for the token, the likeliest first: a genuine reply carries it as one of them. */
  readonly candidates: Uint32Array = new Uint32Array(3);
  /** The number of candidates. */
  candidateCount = 0;
  /** Time to live as received. */
  ttl = 0;
  /** The sender of the packet. */
  from = 0;
  /**
   * True for a SYN-ACK with window 0: SYN proxies send it, for they take no data before the server does. True for a RST with
   * a window, as user-mode stacks send it: a kernel sets 0.
   */
  odd = false;
}

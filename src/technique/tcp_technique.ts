// Hot path: nothing here may allocate per packet.
/**
 * A technique that sends one TCP segment: all of them differ in flags, options and the meaning of replies only.
 *
 * @module
 */

import type { OutcomeTable } from "../result/outcome.ts";
import { BARE_ACK, NOT_A_REPLY, type ReplyKind } from "../result/reply_kind.ts";
import { MSS_OPTION_LEN, mssOption, TCP_ACK, TCP_FIN, TCP_OPTION_MSS, TCP_SYN } from "../wire/tcp.ts";
import { ICMP_ERRORS } from "./ip_reply.ts";
import type { TcpPackets } from "./packets.ts";
import { RESET, RESET_NO_ACK, SYN_ACK, TCP_OVER_IPV4 } from "./tcp_probe.ts";
import type { ProbeTemplate, ProbeTraits, Reply, SourcePorts, Technique } from "./technique.ts";

/** Attempts of which each has a source port of its own. */
const ATTEMPT_PERIOD = 16;
const NO_OPTIONS = new Uint8Array();
/** Bytes of an IP packet that Ethernet carries. */
const ETHERNET_MTU = 1500;

/** The properties of a TCP technique. */
interface TcpProperties {
  readonly name: string;
  /** Flags of the probe. */
  readonly flags: number;
  readonly states: OutcomeTable;
  /** Options of the probe, padded to words. An MSS, which is the first, becomes that of the version of IP. */
  readonly options?: Uint8Array;
  /** True where a segment with SYN or ACK may be a reply, as in a handshake; else only RSTs and ICMP errors are. */
  readonly isHandshake: boolean;
}

/** Returns the options with the MSS of Ethernet: its MTU less both headers (RFC 9293 section 3.7.1). */
function withMss(options: Uint8Array, headersLen: number): Uint8Array {
  if (options[0] !== TCP_OPTION_MSS) return options;
  return Uint8Array.of(...mssOption(ETHERNET_MTU - headersLen), ...options.subarray(MSS_OPTION_LEN));
}

/** A technique that sends one TCP segment. */
export class TcpTechnique implements Technique {
  readonly protocol = "tcp";
  readonly families: readonly (4 | 6)[];
  readonly attemptPeriod = ATTEMPT_PERIOD;
  readonly rationed = ICMP_ERRORS;
  readonly maxLength: number;
  readonly name: string;
  readonly states: OutcomeTable;
  readonly properties: TcpProperties;
  readonly stackReply?: ReplyKind;
  readonly owes?: NonNullable<Technique["owes"]>;
  readonly acknowledge?: NonNullable<Technique["acknowledge"]>;
  readonly describe?: NonNullable<Technique["describe"]>;
  readonly #packets: TcpPackets;
  readonly #hasAck: boolean;
  readonly #isHandshake: boolean;
  /** Sequence numbers that the probe takes up: one each for SYN and FIN. */
  readonly #consumed: number;

  /** @param packets The version of IP; IPv4 if not given. */
  constructor(properties: TcpProperties, packets: TcpPackets = TCP_OVER_IPV4) {
    const { name, flags, states, isHandshake } = this.properties = properties;
    this.#packets = packets;
    this.families = [packets.family];
    if (packets.describe !== undefined) this.describe = packets.describe;
    this.name = name;
    this.states = states;
    this.maxLength = packets.segmentLen + (properties.options ?? NO_OPTIONS).length;
    this.#hasAck = (flags & TCP_ACK) !== 0;
    this.#isHandshake = isHandshake;
    this.#consumed = (flags & TCP_SYN ? 1 : 0) + (flags & TCP_FIN ? 1 : 0);
    if (!isHandshake) return;
    this.owes = owes;
    this.acknowledge = (view, at, traits, reply) => {
      packets.writeRst(view, at, traits, reply.host, reply.port, reply.ownPort, reply.number);
      return packets.segmentLen;
    };
    if (properties.options !== undefined && properties.options.length > MSS_OPTION_LEN) this.stackReply = SYN_ACK;
  }

  /** Returns the same technique over other packets. */
  over(packets: TcpPackets): TcpTechnique {
    return new TcpTechnique(this.properties, packets);
  }

  prepare(traits: ProbeTraits): ProbeTemplate {
    const { flags, options = NO_OPTIONS } = this.properties;
    return this.#packets.prepareTcp({ ...traits, flags, options: withMss(options, this.#packets.segmentLen) });
  }

  filter(_family: 4 | 6, ports: SourcePorts): Uint8Array<ArrayBuffer> {
    return this.#packets.tcpFilter(ports);
  }

  parse(view: DataView, at: number, length: number, reply: Reply): boolean {
    const kind = this.#packets.readTcp(view, at, length, reply);
    if (kind === NOT_A_REPLY) return false;
    if (kind === RESET || kind === RESET_NO_ACK) this.#setTokens(reply);
    else if (ICMP_ERRORS[kind] === 1) setToken(reply, reply.number);
    else if (this.#isHandshake) setToken(reply, reply.number - this.#consumed);
    else return false;
    return this.#packets.isIntact(view, at);
  }

  /** Sets the numbers of a RST that can be the token: RFC 9293 acknowledges what the probe takes up, and some stacks give its number back as it was. */
  #setTokens(reply: Reply): void {
    const { otherTokens, number } = reply;
    const usual = number - this.#consumed;
    const other = this.#consumed === 0 ? number - 1 : number;
    reply.otherTokenCount = 1;
    if (!this.#hasAck) {
      reply.token = usual >>> 0;
      otherTokens[0] = other;
      return;
    }
    // RFC 9293 section 3.10.7.1: the RST to a segment with ACK has none.
    reply.kind = RESET;
    reply.token = reply.seq;
    otherTokens[0] = usual;
    otherTokens[1] = other;
    reply.otherTokenCount = 2;
  }
}

function setToken(reply: Reply, token: number): void {
  reply.token = token >>> 0;
  reply.otherTokenCount = 0;
}

/** A RST ends the connection that a SYN-ACK has begun, or that an ACK is of which belongs to none of ours. */
function owes(kind: ReplyKind): boolean {
  return kind === SYN_ACK || kind === BARE_ACK;
}

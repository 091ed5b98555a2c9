// Hot path: nothing here may allocate per packet.
/**
 * A technique that sends one TCP segment: all of them differ in flags, options and the meaning of replies only.
 *
 * @module
 */

import type { OutcomeTable } from "../result/outcome.ts";
import { BARE_ACK, NOT_A_REPLY, type ReplyKind } from "../result/reply_kind.ts";
import { hasRightChecksums } from "../wire/integrity.ts";
import { PROTOCOL_TCP } from "../wire/ipv4.ts";
import { MSS_OPTION_LEN, TCP_ACK, TCP_FIN, TCP_SYN } from "../wire/tcp.ts";
import { ICMP_ERRORS } from "./ip_reply.ts";
import { replyFilter, withPorts } from "./reply_filter.ts";
import { readReply, RESET, RESET_NO_ACK, RST_LEN, SYN_ACK, TcpTemplate, writeRst } from "./tcp_probe.ts";
import type { OwedReply, ProbeTemplate, ProbeTraits, Reply, SourcePorts, Technique } from "./technique.ts";

/** Attempts of which each has a source port of its own. */
const ATTEMPT_PERIOD = 16;
const NO_OPTIONS = new Uint8Array();

/** The properties of a TCP technique. */
export interface TcpProperties {
  readonly name: string;
  /** Flags of the probe. */
  readonly flags: number;
  readonly states: OutcomeTable;
  /** Options of the probe, padded to words. */
  readonly options?: Uint8Array;
  /** True where a segment with SYN or ACK may be a reply, as in a handshake; else only RSTs and ICMP errors are. */
  readonly isHandshake: boolean;
}

/** A technique that sends one TCP segment. */
export class TcpTechnique implements Technique {
  readonly protocol = "tcp";
  readonly families = [4] as const;
  readonly attemptPeriod = ATTEMPT_PERIOD;
  readonly rationed = ICMP_ERRORS;
  readonly maxLength: number;
  readonly name: string;
  readonly states: OutcomeTable;
  readonly properties: TcpProperties;
  readonly stackReply?: ReplyKind;
  readonly owes?: NonNullable<Technique["owes"]>;
  readonly acknowledge?: NonNullable<Technique["acknowledge"]>;
  readonly #hasAck: boolean;
  readonly #isHandshake: boolean;
  /** Sequence numbers that the probe takes up: one each for SYN and FIN. */
  readonly #consumed: number;

  constructor(properties: TcpProperties) {
    const { name, flags, states, isHandshake } = this.properties = properties;
    this.name = name;
    this.states = states;
    this.maxLength = RST_LEN + (properties.options ?? NO_OPTIONS).length;
    this.#hasAck = (flags & TCP_ACK) !== 0;
    this.#isHandshake = isHandshake;
    this.#consumed = (flags & TCP_SYN ? 1 : 0) + (flags & TCP_FIN ? 1 : 0);
    if (!isHandshake) return;
    this.owes = owes;
    this.acknowledge = acknowledge;
    if (properties.options !== undefined && properties.options.length > MSS_OPTION_LEN) this.stackReply = SYN_ACK;
  }

  prepare(traits: ProbeTraits): ProbeTemplate {
    const { flags, options = NO_OPTIONS } = this.properties;
    return new TcpTemplate({ ...traits, flags, options });
  }

  filter(_family: 4 | 6, ports: SourcePorts): Uint8Array<ArrayBuffer> {
    return replyFilter([withPorts(PROTOCOL_TCP, ports)]);
  }

  parse(view: DataView, at: number, length: number, reply: Reply): boolean {
    const kind = readReply(view, at, length, reply);
    if (kind === NOT_A_REPLY) return false;
    if (kind === RESET || kind === RESET_NO_ACK) this.#setTokens(reply);
    else if (ICMP_ERRORS[kind] === 1) setToken(reply, reply.number);
    else if (this.#isHandshake) setToken(reply, reply.number - this.#consumed);
    else return false;
    return hasRightChecksums(view, at);
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

function acknowledge(view: DataView, at: number, traits: ProbeTraits, reply: OwedReply): number {
  writeRst(view, at, traits, reply.host, reply.port, reply.ownPort, reply.number);
  return RST_LEN;
}

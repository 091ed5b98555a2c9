// Hot path: nothing here may allocate per packet.
/**
 * A technique that sends one TCP segment: all of them differ in flags, options and the meaning of replies only.
 *
 * @module
 */

import type { OutcomeTable } from "../result/outcome.ts";
import { TCP_ACK, TCP_FIN, TCP_SYN } from "../wire/tcp.ts";
import { readProbe, readReply, RST_LEN, TcpTemplate, writeRst } from "./tcp_probe.ts";
import {
  NOT_A_REPLY,
  type ProbeTemplate,
  type ProbeTraits,
  type Reply,
  REPLY_ICMP,
  REPLY_RST,
  REPLY_RST_NO_ACK,
  type Technique,
} from "./technique.ts";

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
  readonly name: string;
  readonly states: OutcomeTable;
  readonly properties: TcpProperties;
  readonly acknowledge?: NonNullable<Technique["acknowledge"]>;
  readonly #flags: number;
  readonly #hasAck: boolean;
  readonly #isHandshake: boolean;
  /** Sequence numbers that the probe takes up: one each for SYN and FIN. */
  readonly #consumed: number;

  constructor(properties: TcpProperties) {
    const { name, flags, states, isHandshake } = this.properties = properties;
    this.name = name;
    this.states = states;
    this.#flags = flags;
    this.#hasAck = (flags & TCP_ACK) !== 0;
    this.#isHandshake = isHandshake;
    this.#consumed = (flags & TCP_SYN ? 1 : 0) + (flags & TCP_FIN ? 1 : 0);
    if (isHandshake) this.acknowledge = acknowledge;
  }

  prepare(traits: ProbeTraits): ProbeTemplate {
    const { flags, options = new Uint8Array() } = this.properties;
    return new TcpTemplate({ ...traits, flags, options });
  }

  parse(view: DataView, at: number, length: number, reply: Reply): boolean {
    readReply(view, at, length, reply);
    const { kind, candidates } = reply;
    if (kind === NOT_A_REPLY) return false;
    if (kind === REPLY_ICMP) {
      candidates[0] = reply.number;
      reply.candidateCount = 1;
      return true;
    }
    const isRst = kind === REPLY_RST || kind === REPLY_RST_NO_ACK;
    if (!isRst && !this.#isHandshake) return false;
    // RFC 9293 acknowledges what the probe takes up; some stacks acknowledge nothing and give the number back as it was.
    let count = 0;
    if (this.#hasAck && isRst) {
      candidates[count++] = reply.seq;
      // RFC 9293 section 3.10.7.1: the RST to a segment with ACK has none.
      reply.kind = REPLY_RST;
    }
    candidates[count++] = reply.number - this.#consumed;
    if (isRst) candidates[count++] = this.#consumed === 0 ? reply.number - 1 : reply.number;
    reply.candidateCount = count;
    return true;
  }

  parseSent(view: DataView, at: number, reply: Reply): boolean {
    return readProbe(view, at, this.#flags, reply);
  }
}

/** Ends the connection that a SYN-ACK has begun. */
function acknowledge(view: DataView, at: number, traits: ProbeTraits, reply: Reply): number {
  writeRst(view, at, traits, reply.host, reply.port, reply.ownPort, reply.number);
  return RST_LEN;
}

// Hot path: nothing here may allocate per packet.
/**
 * Traces: probes with hop limits, which routers on the path answer with time exceeded (RFC 792), and the host itself answers once it is
 * reached. What is probed is a hop limit and the index of a kind of ping. Every probe of a kind leaves from the same port, so that routers
 * which balance load by ports (RFC 2992) send all of them the same way; replies are told apart by the token.
 *
 * A reply of the host does not show the hop limit that its probe left with, and the eight bytes of a segment that an error quotes do not
 * show its flags: tokens hold a mark of both in their highest bits.
 *
 * @module
 */

import { hostOutcomeTable, type OutcomeTable } from "../result/outcome.ts";
import type { ReplyKind } from "../result/reply_kind.ts";
import { ICMP_ERRORS } from "./ip_reply.ts";
import type { PingPackets } from "./packets.ts";
import { type PingKind, PingTechnique } from "./ping.ts";
import type { OwedReply, ProbeTemplate, ProbeTraits, Reply, SourcePorts, Technique } from "./technique.ts";

/** Bits of what is probed, and of a mark, that hold the hop limit. */
const HOP_BITS = 5;
/** Bits of a token below the mark. */
const SEALED_BITS = 23;
const SEALED_MASK = 2 ** SEALED_BITS - 1;

/** The largest hop limit. */
export const MAX_HOP_LIMIT: number = 2 ** HOP_BITS - 1;
/** The largest number of kinds of one technique. */
export const MAX_TRACE_KINDS: number = 2 ** (16 - HOP_BITS);
/** The largest number of TCP techniques, or ICMP requests, among them. */
const MAX_TECHNIQUES = 2 ** (32 - SEALED_BITS - HOP_BITS);

/** Returns what is probed by a kind of ping, by its index, with a hop limit. */
export function whatOf(kind: number, hopLimit: number): number {
  return kind << HOP_BITS | hopLimit;
}

/** Returns the hop limit in what is probed. */
export function hopLimitOf(what: number): number {
  return what & MAX_HOP_LIMIT;
}

/** Returns the kind in what is probed. */
export function kindOf(what: number): number {
  return what >>> HOP_BITS;
}

/** Returns a token that holds a mark in place of the highest bits of another. */
export function markedToken(token: number, mark: number): number {
  return (mark << SEALED_BITS | token & SEALED_MASK) >>> 0;
}

/** Returns the part of a token that {@linkcode markedToken} leaves as it was. */
export function sealedPart(token: number): number {
  return token & SEALED_MASK;
}

/** Sends pings with hop limits. */
export class TraceTechnique implements Technique {
  readonly name = "trace";
  readonly protocol = "host";
  readonly leavesFromPorts = true;
  readonly families: readonly (4 | 6)[];
  readonly describe?: NonNullable<Technique["describe"]>;
  readonly attemptPeriod = 1;
  readonly rationed = ICMP_ERRORS;
  readonly states: OutcomeTable = hostOutcomeTable();
  readonly maxLength: number;
  readonly #ping: PingTechnique;
  /** The number of the technique of each kind. */
  readonly #numbers: readonly number[];

  /**
   * @param kinds At most {@linkcode MAX_TRACE_KINDS}, with replies that carry a token.
   * @param packets The version of IP; IPv4 if not given.
   */
  constructor(kinds: readonly PingKind[], packets?: PingPackets) {
    this.#ping = new PingTechnique(kinds, {}, packets);
    this.families = this.#ping.families;
    if (this.#ping.describe !== undefined) this.describe = this.#ping.describe;
    this.maxLength = this.#ping.maxLength;
    const techniques = [...new Set(kinds.map(techniqueOf))];
    if (techniques.length > MAX_TECHNIQUES) throw new RangeError(`Cannot tell ${techniques.length} techniques apart`);
    this.#numbers = kinds.map((kind) => techniques.indexOf(techniqueOf(kind)));
  }

  /** Returns the mark that tokens of what is probed hold. */
  markOf(what: number): number {
    return this.#numbers[kindOf(what)]! << HOP_BITS | hopLimitOf(what);
  }

  filter(family: 4 | 6, ports: SourcePorts): Uint8Array<ArrayBuffer> {
    return this.#ping.filter(family, ports);
  }

  prepare(traits: ProbeTraits): ProbeTemplate {
    const templates: ProbeTemplate[] = [];
    return {
      write: (view, at, destination, what, sourcePort, token) => {
        const hopLimit = hopLimitOf(what);
        const template = templates[hopLimit] ??= this.#ping.prepare({ ...traits, ttl: hopLimit });
        return template.write(view, at, destination, kindOf(what), sourcePort, token);
      },
    };
  }

  parse(view: DataView, at: number, length: number, reply: Reply): boolean {
    if (!this.#ping.parse(view, at, length, reply)) return false;
    const mark = reply.token >>> SEALED_BITS;
    const kind = this.#kindOf(reply.port, mark >>> HOP_BITS);
    reply.port = whatOf(kind, mark & MAX_HOP_LIMIT);
    return kind >= 0;
  }

  /** Returns the kind of a technique that has the port of another kind; below 0 if there is none. */
  #kindOf(other: number, technique: number): number {
    if (this.#numbers[other] === technique) return other;
    const { kinds } = this.#ping;
    const like = kinds[other]!;
    for (let kind = 0; kind < kinds.length; kind++) {
      if (this.#numbers[kind] === technique && portOf(kinds[kind]!) === portOf(like)) return kind;
    }
    return -1;
  }

  owes(kind: ReplyKind): boolean {
    return this.#ping.owes(kind);
  }

  acknowledge(view: DataView, at: number, traits: ProbeTraits, reply: OwedReply): number {
    const { kind, host, port, ownPort, number } = reply;
    return this.#ping.acknowledge(view, at, traits, { kind, host, ownPort, number, port: kindOf(port) });
  }
}

function techniqueOf(kind: PingKind): unknown {
  return "tcp" in kind ? kind.tcp : kind.icmp;
}

function portOf(kind: PingKind): number {
  return "tcp" in kind ? kind.port : 0;
}

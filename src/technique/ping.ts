// Hot path: nothing here may allocate per packet.
/**
 * Pings: several kinds of probe that a host may reply to, in one pass. What is probed is the index of a kind: ICMP requests, and the
 * segments of TCP techniques, to a port each.
 *
 * @module
 */

import { hostOutcomeTable, type OutcomeTable } from "../result/outcome.ts";
import { probeNames } from "../result/pass.ts";
import { NOT_A_REPLY, type ReplyKind } from "../result/reply_kind.ts";
import { ECHO, MASK, PINGS_OVER_IPV4, TIMESTAMP } from "./icmp_probe.ts";
import { ICMP_ERRORS } from "./ip_reply.ts";
import type { IcmpRequest, PingPackets } from "./packets.ts";
import { FLAG_SCANS } from "./tcp_flags.ts";
import { RESET_NO_ACK } from "./tcp_probe.ts";
import { SYN } from "./tcp_syn.ts";
import type { TcpTechnique } from "./tcp_technique.ts";
import type { OwedReply, ProbeTemplate, ProbeTraits, Reply, SourcePorts, Technique } from "./technique.ts";

const ACK = FLAG_SCANS.find(({ name }) => name === "ack")!;
/** Attempts of which each has a source port of its own. */
const ATTEMPT_PERIOD = 16;

/** A kind of ping: an ICMP request, or a segment to a port. */
export type PingKind =
  | { readonly name: string; readonly icmp: IcmpRequest }
  | { readonly name: string; readonly tcp: TcpTechnique; readonly port: number };

/** The options of pings. */
interface PingOptions {
  /** True if a RST shows nothing: firewalls send some in the place of hosts. */
  readonly ignoresRst?: boolean | undefined;
}

/** Sends pings of several kinds. */
export class PingTechnique implements Technique {
  readonly name: string;
  readonly protocol = "host";
  readonly leavesFromPorts = true;
  readonly families: readonly (4 | 6)[];
  readonly attemptPeriod = ATTEMPT_PERIOD;
  readonly rationed = ICMP_ERRORS;
  readonly maxLength: number;
  readonly isTokenless: boolean;
  readonly states: OutcomeTable;
  readonly kinds: readonly PingKind[];
  readonly describe?: NonNullable<Technique["describe"]>;
  readonly #packets: PingPackets;
  readonly #options: PingOptions;
  /** The TCP techniques among the kinds, each once: that of SYNs first, whose replies are told apart best. */
  readonly #segments: readonly TcpTechnique[];

  /** @param packets The version of IP; IPv4 if not given. */
  constructor(kinds: readonly PingKind[], options: PingOptions = {}, packets: PingPackets = PINGS_OVER_IPV4) {
    this.name = pingName(kinds.map(({ name }) => name));
    this.kinds = packets.family === 4 ? kinds : kindsOver(kinds, packets);
    this.families = [packets.family];
    this.#packets = packets;
    this.#options = options;
    if (packets.describe !== undefined) this.describe = packets.describe;
    const segments = this.kinds.flatMap((kind) => "tcp" in kind ? [kind.tcp] : []);
    this.#segments = [...new Set(segments)].sort((one, other) => isSyn(other) - isSyn(one));
    this.maxLength = Math.max(packets.maxRequestLen, ...segments.map(({ maxLength }) => maxLength));
    this.isTokenless = kinds.some((kind) => "icmp" in kind && !kind.icmp.hasToken);
    this.states = hostOutcomeTable(options.ignoresRst ? { "reset": "silent", "reset-no-ack": "silent" } : {});
  }

  filter(_family: 4 | 6, ports: SourcePorts): Uint8Array<ArrayBuffer> {
    return this.#packets.pingFilter(ports);
  }

  /** Returns the same technique over other packets. */
  over(packets: PingPackets): PingTechnique {
    return new PingTechnique(this.kinds, this.#options, packets);
  }

  prepare(traits: ProbeTraits): ProbeTemplate {
    const templates = this.kinds.map((kind) =>
      "icmp" in kind ? this.#packets.prepareRequest(kind.icmp, traits) : kind.tcp.prepare(traits)
    );
    return {
      write: (view, at, destination, what, sourcePort, token) =>
        templates[what]!.write(view, at, destination, this.#portOf(what), sourcePort, token),
    };
  }

  parse(view: DataView, at: number, length: number, reply: Reply): boolean {
    reply.kind = NOT_A_REPLY;
    const request = this.#packets.readIcmp(view, at, length, reply);
    if (request !== undefined) {
      reply.port = this.kinds.findIndex((kind) => "icmp" in kind && kind.icmp === request);
      return reply.port >= 0 && this.#packets.isIntact(view, at);
    }
    for (const technique of this.#segments) {
      if (!technique.parse(view, at, length, reply)) continue;
      const what = this.#kindOf(technique, reply.port);
      // The RST to a segment with ACK has none, RFC 9293 section 3.10.7.1; that to a SYN has.
      const isOther = reply.kind === RESET_NO_ACK && this.#hasOther(technique, reply.port);
      if (what < 0 || isOther) continue;
      reply.port = what;
      return true;
    }
    return false;
  }

  owes(kind: ReplyKind): boolean {
    return this.#segments.some((technique) => technique.owes?.(kind));
  }

  acknowledge(view: DataView, at: number, traits: ProbeTraits, reply: OwedReply): number {
    const { kind, host, ownPort, number } = reply;
    const technique = this.#segments.find((each) => each.owes?.(kind))!;
    return technique.acknowledge!(view, at, traits, { kind, host, ownPort, number, port: this.#portOf(reply.port) });
  }

  #portOf(what: number): number {
    const kind = this.kinds[what]!;
    return "tcp" in kind ? kind.port : 0;
  }

  #kindOf(technique: TcpTechnique, port: number): number {
    return this.kinds.findIndex((kind) => "tcp" in kind && kind.tcp === technique && kind.port === port);
  }

  #hasOther(technique: TcpTechnique, port: number): boolean {
    return this.kinds.some((kind) => "tcp" in kind && kind.tcp !== technique && kind.port === port);
  }
}

/** Returns kinds of ping whose segments are those of other packets, of each technique the same. */
function kindsOver(kinds: readonly PingKind[], packets: PingPackets): PingKind[] {
  const techniques = new Map<TcpTechnique, TcpTechnique>();
  return kinds.map((kind) => {
    if (!("tcp" in kind)) return kind;
    let tcp = techniques.get(kind.tcp);
    if (tcp === undefined) techniques.set(kind.tcp, tcp = kind.tcp.over(packets));
    return { ...kind, tcp };
  });
}

function isSyn({ acknowledge }: TcpTechnique): number {
  return acknowledge === undefined ? 0 : 1;
}

/** Returns the name of a technique that sends these kinds of ping: `ping(echo,syn:443)`. */
export function pingName(kinds: readonly string[]): string {
  return `ping(${kinds.join()})`;
}

const ICMP_KINDS: Readonly<Record<string, IcmpRequest>> = { echo: ECHO, timestamp: TIMESTAMP, mask: MASK };

/** Returns the kind of ping of this name: `echo`, `timestamp`, `mask`, `syn:443` or `ack:80`; `undefined` for another. */
export function pingKind(name: string): PingKind | undefined {
  const icmp = ICMP_KINDS[name];
  if (icmp !== undefined) return { name, icmp };
  const [, flag, port] = /^(syn|ack):(\d{1,5})$/.exec(name) ?? [];
  if (port === undefined || Number(port) > 0xffff) return undefined;
  return { name, tcp: flag === "syn" ? SYN : ACK, port: Number(port) };
}

/** The prefix of the name of pings by UDP, which are a technique of their own. */
const DATAGRAMS = "udpping";

/** Returns the name of a technique that sends these kinds of ping by UDP: `udpping(udp:53,udp:161)`. */
export function udpPingName(kinds: readonly string[]): string {
  return `${DATAGRAMS}(${kinds.join()})`;
}

/** Returns true for the name of a technique that pings by UDP. */
export function isUdpPing(technique: string): boolean {
  return technique.startsWith(`${DATAGRAMS}(`);
}

/** Returns the port of a kind of ping by UDP, which is `udp:53`; undefined for another kind. */
export function udpPingPort(kind: string): number | undefined {
  const [, port] = /^udp:(\d{1,5})$/.exec(kind) ?? [];
  return port === undefined || Number(port) > 0xffff ? undefined : Number(port);
}

/** The prefix of the name of pings by sockets of the kernel, which need no privileges. */
const SOCKETS = "socketping";

/** The kind of such pings that is an ICMP echo; the others are connections to TCP ports, which a host that is up accepts or refuses. */
export const ECHO_PING = "echo";

/** Returns the kind that connects to a port. */
export function connectPing(port: number): string {
  return `connect:${port}`;
}

/** Returns the name of a technique that sends these kinds of ping: `socketping(echo,connect:443)`. */
export function socketPingName(kinds: readonly string[]): string {
  return `${SOCKETS}(${kinds.join()})`;
}

/** Returns the ports of the kinds in a technique's name, 0 for an echo; undefined for another technique. */
export function socketPingPorts(technique: string): number[] | undefined {
  if (!technique.startsWith(`${SOCKETS}(`)) return undefined;
  return probeNames(technique).map((kind) => Number(kind.split(":")[1] ?? 0));
}

/** Returns the states of hosts by reason; with `ignoresRst` a refused connection shows nothing. */
export function socketPingOutcomes({ ignoresRst = false }: PingOptions): OutcomeTable {
  return hostOutcomeTable(ignoresRst ? { "conn-refused": "silent" } : {});
}

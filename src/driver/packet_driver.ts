// Hot path: nothing here may allocate per packet.
/**
 * Runs any technique over any transport: sends its probes, and the packet that is owed after each reply that the engine takes for
 * genuine.
 *
 * @module
 */

import {
  type ProbeTemplate,
  Reply,
  REPLY_ACK,
  REPLY_FIN_ACK,
  REPLY_ICMP,
  REPLY_RST_NO_ACK,
  REPLY_SYN,
  REPLY_SYN_ACK,
  type Technique,
} from "../technique/technique.ts";
import type { OutcomeTable } from "../result/outcome.ts";
import { canBeSource } from "../wire/address.ts";
import { hasRightChecksums } from "../wire/integrity.ts";
import { errnoName } from "../transport/send_errors.ts";
import { TracedTransport } from "../transport/trace.ts";
import type { PacketSink, Transport } from "../transport/transport.ts";
import {
  type Driver,
  type DriverCounters,
  KIND_FIN_ACK,
  KIND_NET_UNREACH,
  KIND_RST,
  KIND_RST_NO_ACK,
  KIND_SYN,
  KIND_SYN_ACK,
  newCounters,
  NO_ID,
  type ReplyKind,
  type ReplySink,
} from "./driver.ts";
import { refusalReason } from "./refusals.ts";

/** The source address for each host. */
export interface Sources {
  /** Every address that anything is sent from. */
  readonly addresses: readonly number[];
  /** The index, in `addresses`, of the one to ask `host` from. */
  indexFor(host: number): number;
}

/** The parts of a {@linkcode PacketDriver}. */
export interface PacketDriverParts {
  readonly technique: Technique;
  readonly transport: Transport;
  readonly sources: Sources;
  /** Ports to send from, in order of attempts: `count` from `first` on. */
  readonly ports: { readonly first: number; readonly count: number };
  /** Time to live of probes. */
  readonly ttl: number;
  /** The path to a host, as in {@linkcode Driver.pathTo}. */
  readonly pathTo?: ((host: number) => number) | undefined;
  /** Broadcast addresses of the networks that this machine is on. No packet comes from them. */
  readonly broadcasts?: readonly number[];
  /** The resource to dispose of with the driver, if it is more than the transport. */
  readonly resources?: Disposable;
}

/** Sends the probes of one technique. */
export class PacketDriver implements Driver, PacketSink {
  readonly technique: string;
  readonly overlaps = true;
  readonly outcomes: OutcomeTable;
  readonly name: string;
  readonly batch: number;
  readonly drainBatch: number;
  readonly maxInFlight = Infinity;
  readonly attemptPeriod: number;
  readonly counters: DriverCounters = newCounters();

  readonly pathTo: ((host: number) => number) | undefined;

  #transport: Transport;
  /** The transport itself, without what tells of packets. */
  readonly #silent: Transport;
  readonly #resources: Disposable;
  readonly #sources: Sources;
  readonly #own: ReadonlySet<number>;
  readonly #broadcasts: ReadonlySet<number>;
  readonly #technique: Technique;
  readonly #templates: ProbeTemplate[];
  /** The same with a TTL of 1, made when they are needed. */
  #nearTemplates: ProbeTemplate[] = [];
  readonly #firstPort: number;
  readonly #portCount: number;
  readonly #ttl: number;
  readonly #reply = new Reply();
  readonly #refused = new Reply();
  /** A reusable buffer for the fields of each RST. */
  readonly #traits = { source: 0, ttl: 64, fillIpChecksum: false };
  #sink: ReplySink | undefined;

  constructor(parts: PacketDriverParts) {
    const { technique, transport, sources, ports, ttl } = parts;
    this.#technique = technique;
    this.technique = technique.name;
    this.outcomes = technique.states;
    this.#transport = this.#silent = transport;
    this.#resources = parts.resources ?? transport;
    this.#sources = sources;
    this.#own = new Set(sources.addresses);
    this.#broadcasts = new Set(parts.broadcasts);
    this.#firstPort = ports.first;
    this.#portCount = ports.count;
    this.#ttl = ttl;
    this.#templates = this.#prepare(ttl);
    this.pathTo = parts.pathTo;
    this.name = transport.traits.name;
    this.batch = transport.traits.batch;
    this.drainBatch = transport.traits.receiveBatch;
    this.attemptPeriod = ports.count;
  }

  send(host: number, port: number, attempt: number, token: number, id = NO_ID): boolean {
    return this.#sendBy(this.#templates, host, port, attempt, token, id);
  }

  sendNear(host: number, port: number, attempt: number, token: number, id = NO_ID): boolean {
    if (this.#nearTemplates.length === 0) this.#nearTemplates = this.#prepare(1);
    return this.#sendBy(this.#nearTemplates, host, port, attempt, token, id);
  }

  /** Prepares the probes from each source address. */
  #prepare(ttl: number): ProbeTemplate[] {
    const fillIpChecksum = !this.#silent.traits.fillsIpChecksum;
    return this.#sources.addresses.map((source) => this.#technique.prepare({ source, ttl, fillIpChecksum }));
  }

  #sendBy(
    templates: readonly ProbeTemplate[],
    host: number,
    port: number,
    attempt: number,
    token: number,
    id: number,
  ): boolean {
    const transport = this.#transport;
    const at = transport.reserve(host);
    if (at < 0) return false;
    const template = templates[this.#sources.indexFor(host)]!;
    // A division would take longer than all that is computed here.
    const turn = attempt < this.#portCount ? attempt : attempt % this.#portCount;
    template.write(transport.slots, at, host, port, this.#firstPort + turn, token);
    transport.commit(template.length, id);
    this.counters.sent++;
    return true;
  }

  flush(sink: ReplySink, nowMs: number): number {
    this.#sink = sink;
    const waiting = this.#transport.flush(this, nowMs);
    this.counters.sendRetries = this.#transport.counters.sendRetries;
    return waiting;
  }

  drain(sink: ReplySink, nowMs: number): number {
    this.#sink = sink;
    const count = this.#transport.receive(this, nowMs);
    this.counters.receiveDrops = this.#transport.counters.receiveDrops;
    return count;
  }

  cancel(): void {}

  trace(tell: ((line: string) => void) | undefined): void {
    this.#transport = tell === undefined ? this.#silent : new TracedTransport(this.#silent, tell);
  }

  wait(timeoutMs: number): Promise<void> {
    return this.#transport.wait(timeoutMs);
  }

  packet(view: DataView, at: number, length: number, nowMs: number): void {
    const reply = this.#reply;
    const sink = this.#sink!;
    const isReply = this.#technique.parse(view, at, length, reply);
    const attempt = reply.ownPort - this.#firstPort;
    // Packets for other programs pass the filter of some transports, and so do our own on loopback.
    const isOurs = isReply && attempt >= 0 && attempt < this.#portCount;
    if (!isOurs || !this.#canBeFrom(reply.from, reply.ownAddress) || !hasRightChecksums(view, at)) {
      this.counters.unmatched++;
      return;
    }
    const { kind, host, port, ttl, from, odd, candidates } = reply;
    let token = candidates[0]!;
    for (let i = 1; i < reply.candidateCount && !sink.isInFlight(host, port, attempt, token); i++) {
      if (sink.isInFlight(host, port, attempt, candidates[i]!)) token = candidates[i]!;
    }
    let genuine = false;
    if (kind === REPLY_SYN) {
      const ownProbe = port >= this.#firstPort && port < this.#firstPort + this.#portCount && this.#own.has(from);
      genuine = ownProbe || sink.onReply(host, port, attempt, 0, KIND_SYN, ttl, from, false, nowMs, true);
    } else if ((kind === REPLY_ACK || kind === REPLY_FIN_ACK) && !sink.isInFlight(host, port, attempt, token)) {
      const isSource = reply.ownAddress === this.#sources.addresses[this.#sources.indexFor(host)];
      if (isSource && sink.answersStrayAck(host, port, attempt)) this.#acknowledge(reply, nowMs);
    } else if (kind !== REPLY_ACK) {
      genuine = sink.onReply(host, port, attempt, token, kindOf(reply), ttl, from, odd, nowMs, true);
      if (genuine && kind === REPLY_SYN_ACK) this.#acknowledge(reply, nowMs);
    }
    if (!genuine) this.counters.unmatched++;
  }

  sent(id: number, sentMs: number): void {
    this.#sink!.sent(id, sentMs);
  }

  #canBeFrom(from: number, own: number): boolean {
    return canBeSource(from, own) && !this.#broadcasts.has(from);
  }

  sendFailed(view: DataView, at: number, _length: number, errno: number): void {
    const name = errnoName(errno);
    this.counters.sendErrors.set(name, (this.counters.sendErrors.get(name) ?? 0) + 1);
    if (!this.#technique.parseSent(view, at, this.#refused)) return;
    this.counters.sent--;
    const { host, port, ownPort, number } = this.#refused;
    this.#sink!.onSendError(host, port, ownPort - this.#firstPort, number, refusalReason(errno));
  }

  [Symbol.dispose](): void {
    this.#resources[Symbol.dispose]();
  }

  /** Queues the packet that is owed after a reply. */
  #acknowledge(reply: Reply, nowMs: number): void {
    const technique = this.#technique;
    if (technique.acknowledge === undefined) return;
    const transport = this.#transport;
    let at = transport.reserve(reply.host);
    if (at < 0) {
      transport.flush(this, nowMs);
      at = transport.reserve(reply.host);
      // Without room it is not sent: the host repeats its SYN-ACK, and that is replied to again.
      if (at < 0) return;
    }
    this.#traits.source = reply.ownAddress;
    this.#traits.ttl = this.#ttl;
    transport.commit(technique.acknowledge(transport.slots, at, this.#traits, reply), NO_ID);
  }
}

/** The kind of a reply, as the engine names it. */
function kindOf({ kind, icmpKind }: Reply): ReplyKind {
  if (kind === REPLY_ICMP) return KIND_NET_UNREACH + icmpKind;
  if (kind === REPLY_SYN_ACK) return KIND_SYN_ACK;
  if (kind === REPLY_FIN_ACK) return KIND_FIN_ACK;
  return kind === REPLY_RST_NO_ACK ? KIND_RST_NO_ACK : KIND_RST;
}

// Hot path: nothing here may allocate per packet.
/**
 * Runs any technique over any transport: sends its probes, and the packet that is owed after each reply that the engine takes for
 * genuine.
 *
 * @module
 */

import { IPPROTO_UDP } from "../../ffi/constants.ts";
import { ERRNO } from "../../ffi/errno.ts";
import { BARE_ACK, BY_TOKEN, FIN_ACK, NOT_A_REPLY, type ReplyKind, UNPROVEN } from "../result/reply_kind.ts";
import type { OutcomeTable } from "../result/outcome.ts";
import type { ReasonSet } from "../result/reasons.ts";
import {
  leavesFromPorts,
  type ProbeTemplate,
  Reply,
  type ServiceData,
  type SourcePorts,
  type Technique,
} from "../technique/technique.ts";
import { type AddressBook, NO_HOST } from "../target/address_book.ts";
import { errnoName } from "../transport/send_errors.ts";
import type { PacketNeeds } from "../transport/open.ts";
import { TracedTransport } from "../transport/trace.ts";
import type { PacketSink, Transport } from "../transport/transport.ts";
import { type Driver, type DriverCounters, newCounters, NO_ID, type ReplySink } from "./driver.ts";
import { OwedPackets } from "./owed_packets.ts";
import { refusalReason } from "./refusals.ts";
import { ShapeTable } from "./shape_table.ts";

/** Packets owed that wait for the next flush, as a multiple of the replies that are read between two flushes. */
const OWED_DRAINS = 2;

/** The source address for each host. */
interface Sources {
  /** Every address that anything is sent from. */
  readonly addresses: readonly number[];
  /** The index, in `addresses`, of the one to ask `host` from. */
  indexFor(host: number): number;
  /** True where every host is asked from all of them. */
  readonly areShared?: boolean;
}

/** Takes the reply of the service at a port of a host, before the result that it decides. */
export type OnServiceData = (host: number, port: number, data: ServiceData) => void;

/** The parts of a {@linkcode PacketDriver}. */
interface PacketDriverParts {
  readonly technique: Technique;
  readonly transport: Transport;
  /** The addresses of hosts. */
  readonly book: AddressBook;
  readonly sources: Sources;
  /** Ports to send from, in order of attempts; without meaning where the technique has none. */
  readonly ports: SourcePorts;
  /** Time to live of probes. */
  readonly ttl: number;
  /** The path to a host, as in {@linkcode Driver.pathTo}. */
  readonly pathTo?: ((host: number) => number) | undefined;
  /** Takes what services have sent; missing where that is not needed. */
  readonly onServiceData?: OnServiceData | undefined;
  /** Broadcast addresses of the networks that this machine is on. No packet comes from them. */
  readonly broadcasts?: readonly number[];
}

/** Returns what the packets of a technique need of a transport. */
export function packetNeeds(technique: Technique): PacketNeeds {
  return {
    maxLength: technique.maxLength,
    portCount: leavesFromPorts(technique) ? technique.attemptPeriod * (technique.elsewhere === undefined ? 1 : 2) : 0,
    isUdp: technique.protocol === "udp" || technique.sendsDatagrams === true,
    filter: (ports) => technique.filter(technique.families[0]!, ports),
  };
}

/** Sends the probes of one technique. */
export class PacketDriver implements Driver, PacketSink {
  readonly overlaps: boolean;
  readonly outcomes: OutcomeTable;
  readonly rationed: ReasonSet;
  readonly hasPorts: boolean;
  readonly probesHosts: boolean;
  readonly isTokenless: boolean;
  readonly refusal: ReplyKind | undefined;
  readonly isLikely: ((port: number) => boolean) | undefined;
  readonly name: string;
  readonly flowProtocol: number;
  readonly batch: number;
  readonly drainBatch: number;
  readonly maxInFlight = Infinity;
  readonly attemptPeriod: number;
  readonly sourceCount: number;
  readonly counters: DriverCounters = newCounters();

  readonly pathTo: ((host: number) => number) | undefined;

  #transport: Transport;
  /** The transport itself, without what tells of packets. */
  readonly #silent: Transport;
  readonly #book: AddressBook;
  readonly #sources: Sources;
  readonly #own: ReadonlySet<number>;
  readonly #broadcasts: Uint32Array;
  readonly #technique: Technique;
  readonly #templates: ProbeTemplate[];
  /** The same with a TTL of 1, made when they are needed. */
  #nearTemplates: ProbeTemplate[] = [];
  readonly #firstPort: number;
  readonly #portCount: number;
  /** The number of ports before those of probes whose replies come from elsewhere, and what these probe; 0 if there are none. */
  readonly #elsewhereAfter: number;
  readonly #elsewhere: number;
  /** The counters of the transport when this driver was made: earlier ones had counted. */
  readonly #before: { readonly sendRetries: number; readonly receiveDrops: number };
  readonly #reply = new Reply();
  readonly #stackReply: ReplyKind;
  readonly #shapes = new ShapeTable();
  readonly #owed: OwedPackets;
  /** A reusable buffer for the fields of each owed packet. */
  readonly #traits = { source: 0, ttl: 64 };
  readonly #onServiceData: OnServiceData | undefined;
  /** Probes that could not be sent, as there is no address to send from. */
  readonly #refused: number[] = [];
  #sink: ReplySink | undefined;

  constructor(parts: PacketDriverParts) {
    const { technique, transport, sources, ttl } = parts;
    this.hasPorts = technique.protocol === "tcp" || technique.protocol === "udp";
    this.probesHosts = technique.protocol === "host";
    // Whether the silence of an attempt counts is known once it has timed out.
    this.overlaps = technique.proves === undefined;
    const ports = leavesFromPorts(technique) ? parts.ports : { first: 0, count: technique.attemptPeriod };
    this.#technique = technique;
    this.#stackReply = technique.stackReply ?? NOT_A_REPLY;
    this.outcomes = technique.states;
    this.rationed = technique.rationed;
    this.refusal = technique.refusal;
    this.isTokenless = technique.isTokenless === true;
    this.#transport = this.#silent = transport;
    this.#before = { ...transport.counters };
    this.#book = parts.book;
    this.#sources = sources;
    this.#onServiceData = technique.serviceData === undefined ? undefined : parts.onServiceData;
    this.sourceCount = sources.areShared === true ? sources.addresses.length : 1;
    this.#own = new Set(sources.addresses);
    this.#broadcasts = Uint32Array.from(parts.broadcasts ?? []);
    this.#firstPort = ports.first;
    this.#portCount = ports.count;
    const hasElsewhere = technique.elsewhere !== undefined && ports.count === 2 * technique.attemptPeriod;
    this.#elsewhere = technique.elsewhere ?? -1;
    this.#elsewhereAfter = hasElsewhere ? technique.attemptPeriod : 0;
    this.isLikely = technique.isLikely;
    this.#traits.ttl = ttl;
    this.#templates = this.#prepare(ttl);
    this.pathTo = parts.pathTo;
    this.name = transport.traits.name;
    this.flowProtocol = this.name === "sockets" ? IPPROTO_UDP : 0;
    this.batch = transport.traits.batch;
    this.drainBatch = transport.traits.receiveBatch;
    this.attemptPeriod = hasElsewhere ? technique.attemptPeriod : ports.count;
    this.#owed = new OwedPackets(this.drainBatch * OWED_DRAINS);
  }

  send(host: number, port: number, attempt: number, token: number, id = NO_ID, source = 0): boolean {
    return this.#sendBy(this.#templates, host, port, attempt, token, id, source);
  }

  sendNear(host: number, port: number, attempt: number, token: number, id = NO_ID): boolean {
    if (this.#nearTemplates.length === 0) this.#nearTemplates = this.#prepare(1);
    return this.#sendBy(this.#nearTemplates, host, port, attempt, token, id, 0);
  }

  /** Prepares the probes from each source address. */
  #prepare(ttl: number): ProbeTemplate[] {
    return this.#sources.addresses.map((source) => this.#technique.prepare({ source, ttl }));
  }

  #sendBy(
    templates: readonly ProbeTemplate[],
    host: number,
    port: number,
    attempt: number,
    token: number,
    id: number,
    source: number,
  ): boolean {
    if (this.#owed.count > 0 && !this.#writeOwed()) return false;
    const transport = this.#transport;
    // A family whose hosts all have no route has no address to send from.
    if (templates.length === 0) return this.#refuse(id);
    const at = transport.reserve(host);
    if (at < 0) return false;
    const template = templates[this.sourceCount > 1 ? source : this.#sources.indexFor(host)]!;
    // A division would take longer than all that is computed here.
    const period = this.attemptPeriod;
    let turn = attempt < period ? attempt : attempt % period;
    if (port === this.#elsewhere) turn += this.#elsewhereAfter;
    transport.commit(
      template.write(transport.slots, at, this.#book.address(host), port, this.#firstPort + turn, token),
      id,
    );
    this.counters.sent++;
    return true;
  }

  /** Keeps until the next flush that a probe cannot be sent; returns false if it has to be sent again. */
  #refuse(id: number): boolean {
    if (this.#refused.length >= this.batch) return false;
    this.#countError(ERRNO.ENETUNREACH);
    if (id >= 0) this.#refused.push(id);
    return true;
  }

  #countError(errno: number): void {
    const name = errnoName(errno);
    this.counters.sendErrors.set(name, (this.counters.sendErrors.get(name) ?? 0) + 1);
  }

  flush(sink: ReplySink, nowMs: number): number {
    this.#sink = sink;
    if (this.#refused.length > 0) {
      for (const id of this.#refused.splice(0)) sink.onSendError(id, refusalReason(ERRNO.ENETUNREACH));
    }
    const transport = this.#transport;
    let isWritten = this.#writeOwed();
    let waiting = transport.flush(this, nowMs);
    while (!isWritten && waiting === 0) {
      isWritten = this.#writeOwed();
      waiting = transport.flush(this, nowMs);
    }
    this.counters.sendRetries = transport.counters.sendRetries - this.#before.sendRetries;
    return waiting + this.#owed.count;
  }

  drain(sink: ReplySink, nowMs: number): number {
    this.#sink = sink;
    const count = this.#transport.receive(this, nowMs);
    this.counters.receiveDrops = this.#transport.counters.receiveDrops - this.#before.receiveDrops;
    return count;
  }

  cancel(): void {}

  trace(tell: ((line: string) => void) | undefined): void {
    this.#transport = tell === undefined
      ? this.#silent
      : new TracedTransport(this.#silent, tell, this.#technique.describe);
  }

  shapeRows(): Uint32Array {
    return this.#shapes.rows();
  }

  wait(timeoutMs: number): Promise<void> {
    return this.#transport.wait(timeoutMs);
  }

  packet(view: DataView, at: number, length: number, nowMs: number): void {
    const reply = this.#reply;
    const isReply = this.#technique.parse(view, at, length, reply);
    let attempt = reply.ownPort - this.#firstPort;
    if (isReply && this.#elsewhereAfter > 0 && attempt >= this.#elsewhereAfter && attempt < this.#portCount) {
      attempt -= this.#elsewhereAfter;
      reply.port = this.#elsewhere;
    }
    // Packets for other programs pass the filter of some transports, and so do our own on loopback.
    const isOurs = isReply && attempt >= 0 && attempt < this.#portCount &&
      this.#canBeFrom(reply.from);
    if (!isOurs || !this.#takeReply(view, at, reply, attempt, nowMs)) this.counters.unmatched++;
    else if (this.#onServiceData !== undefined) this.#handOver(view, reply, this.#onServiceData);
    else if (reply.kind === this.#stackReply) this.#shapes.see(reply.host, reply.port, view, at, reply);
  }

  /** Hands over what the service at a port has sent. */
  #handOver(view: DataView, reply: Reply, take: OnServiceData): void {
    const data = this.#technique.serviceData?.(view, reply);
    if (data !== undefined) take(this.#book.find(reply.host), reply.port, data);
  }

  /** Gives a reply to the engine; returns true if it belongs to a probe. */
  #takeReply(view: DataView, at: number, reply: Reply, attempt: number, nowMs: number): boolean {
    const { kind, port, ttl, odd, otherTokens } = reply;
    const sink = this.#sink!;
    const technique = this.#technique;
    const mayBeProbe = (reply.strength === UNPROVEN || technique.proves !== undefined) && this.rationed[kind] !== 1;
    if (mayBeProbe && this.#isOwnProbe(reply.from, port)) return true;
    const host = this.#book.find(reply.host);
    if (host === NO_HOST) return false;
    const from = reply.from === reply.host ? host : this.#book.sender(reply.from);
    if (technique.proves !== undefined) {
      const token = sink.tokenOf(host, port, attempt);
      if (token < 0 || !technique.proves(view, at, reply, token)) return false;
      reply.token = token;
    }
    const { strength } = reply;
    if (strength !== BY_TOKEN) return sink.onTokenlessReply(host, port, attempt, strength, kind, ttl, from, nowMs);
    let { token } = reply;
    for (let i = 0; i < reply.otherTokenCount && !sink.isInFlight(host, port, attempt, token); i++) {
      if (sink.isInFlight(host, port, attempt, otherTokens[i]!)) token = otherTokens[i]!;
    }
    const isAck = kind === BARE_ACK || kind === FIN_ACK;
    const isSyn = !isAck && this.#technique.owes?.(kind) === true;
    if ((isAck || isSyn) && !sink.isInFlight(host, port, attempt, token)) {
      const isSource = this.sourceCount > 1
        ? this.#own.has(reply.ownAddress)
        : reply.ownAddress === this.#sources.addresses[this.#sources.indexFor(host)];
      const isAnswered = isSource && sink.answersStrayAck(host, port, attempt, isSyn);
      if (isAnswered) this.#owe(reply, BARE_ACK);
      if (isAnswered || isAck) return false;
    }
    if (kind === BARE_ACK) return false;
    const isGenuine = sink.onReply(host, port, attempt, token, kind, ttl, from, odd, nowMs, true);
    if (isGenuine) this.#owe(reply, kind);
    return isGenuine;
  }

  sent(id: number, sentMs: number): void {
    this.#sink!.sent(id, sentMs);
  }

  #canBeFrom(from: number): boolean {
    // A look into a set would take longer: a machine is on few networks.
    const broadcasts = this.#broadcasts;
    for (let i = 0; i < broadcasts.length; i++) if (broadcasts[i] === from) return false;
    return true;
  }

  sendFailed(_view: DataView, _at: number, _length: number, errno: number, id: number): void {
    this.#countError(errno);
    if (id < 0) return;
    this.counters.sent--;
    this.#sink!.onSendError(id, refusalReason(errno));
  }

  [Symbol.dispose](): void {
    this.#silent[Symbol.dispose]();
  }

  /** True for one of our own probes, which loopback brings back. */
  #isOwnProbe(from: number, port: number): boolean {
    return port >= this.#firstPort && port < this.#firstPort + this.#portCount && this.#own.has(from);
  }

  /** Queues the packet that is owed after a reply, if the technique owes one after this kind. */
  #owe(reply: Reply, kind: number): void {
    if (this.#technique.owes?.(kind) === true) this.#owed.add(reply, kind);
  }

  /** Writes the packets that are owed into slots, before any probe; false where there are not enough. */
  #writeOwed(): boolean {
    const transport = this.#transport;
    const owed = this.#owed;
    while (owed.count > 0) {
      owed.read();
      const at = transport.reserve(this.#book.find(owed.host));
      if (at < 0) return false;
      this.#traits.source = owed.source;
      transport.commit(this.#technique.acknowledge!(transport.slots, at, this.#traits, owed), NO_ID);
      owed.remove();
      this.counters.owed++;
    }
    return true;
  }
}

/**
 * A simulated network of UDP services behind the transport interface: hosts whose ICMP errors a token bucket limits, with loss and delay,
 * on a virtual clock.
 *
 * @module
 */

import { IPV4_BOOK } from "../../src/target/address_book.ts";
import { PacketDriver } from "../../src/driver/packet_driver.ts";
import { Engine, type EngineLimits } from "../../src/engine/engine.ts";
import { IcmpLimiters } from "../../src/engine/icmp_limiters.ts";
import { run } from "../../src/engine/loop.ts";
import { Correlator } from "../../src/engine/token.ts";
import { ShardedOrder } from "../../src/order/shard.ts";
import { REASONS } from "../../src/result/reasons.ts";
import { STATES } from "../../src/result/states.ts";
import { UDP } from "../../src/technique/udp.ts";
import type { PacketSink, Transport, TransportCounters, TransportTraits } from "../../src/transport/transport.ts";
import { ICMP_DESTINATION_UNREACHABLE, ICMPV4_QUOTE_OFFSET, writeIcmpv4 } from "../../src/wire/icmpv4.ts";
import {
  IPV4_MIN_HEADER_LEN,
  ipv4Destination,
  ipv4Source,
  PROTOCOL_ICMP,
  PROTOCOL_UDP,
  pseudoHeaderSum,
  setIpv4Id,
  writeIpv4,
} from "../../src/wire/ipv4.ts";
import { UDP_HEADER_LEN, udpDestinationPort, udpSourcePort, writeUdp } from "../../src/wire/udp.ts";
import { ManualClock } from "./clock.ts";
import { LIMITS } from "./sim.ts";

/** The reaction of a port to a datagram: nothing, an error, or a reply of these bytes. */
export type UdpPort =
  | "silent"
  | "closed"
  | { readonly reply: (request: Uint8Array) => Uint8Array; readonly fromPort?: number }
  | { readonly code: number; readonly router: number };

/** The network conditions. Times are milliseconds, shares 0 to 1. */
export interface UdpConditions {
  readonly port: (host: number, port: number) => UdpPort;
  /** The limit of ICMP errors of a sender; none if not given. `tokens` are left of its burst when the scan begins, all if not given. */
  readonly limit?: { readonly burst: number; readonly perSecond: number; readonly tokens?: number };
  readonly loss?: number;
  readonly delayMs?: number;
  /** Bytes that an error quotes behind the IP header; all if not given. */
  readonly quoteLen?: number;
  /** True where the kernel writes the headers of probes: errors quote others. */
  readonly hasSockets?: boolean;
  readonly seed?: number;
}

const BATCH = 64;
const SLOT_LEN = 1280;

/** A {@linkcode Transport} to simulated UDP services. */
export class SimUdpNetwork implements Transport {
  readonly traits: TransportTraits = { name: "simulated", batch: BATCH, receiveBatch: 1024, slotLen: SLOT_LEN };
  readonly counters: TransportCounters = { sent: 0, received: 0, sendRetries: 0, receiveDrops: 0 };
  readonly #memory = new ArrayBuffer(BATCH * SLOT_LEN);
  readonly slots: DataView = new DataView(this.#memory);
  /** Errors that the hosts have sent. */
  errors = 0;
  readonly #clock: ManualClock;
  readonly #conditions: UdpConditions;
  readonly #lengths: number[] = [];
  readonly #ids: number[] = [];
  readonly #arrivals: { readonly atMs: number; readonly packet: DataView }[] = [];
  readonly #buckets = new Map<number, { tokens: number; atMs: number }>();
  #random: number;

  constructor(clock: ManualClock, conditions: UdpConditions) {
    this.#clock = clock;
    this.#conditions = conditions;
    this.#random = (conditions.seed ?? 1) | 0;
  }

  reserve(): number {
    return this.#lengths.length < BATCH ? this.#lengths.length * SLOT_LEN : -1;
  }

  commit(length: number, id = -1): void {
    this.#lengths.push(length);
    this.#ids.push(id);
  }

  flush(sink: PacketSink): number {
    this.#lengths.forEach((length, index) => {
      const nowMs = this.#clock.now();
      this.counters.sent++;
      if (this.#ids[index]! >= 0) sink.sent(this.#ids[index]!, nowMs);
      this.#clock.advanceTo(nowMs + 0.005);
      const at = index * SLOT_LEN;
      this.#take(new Uint8Array(this.#memory.slice(at, at + length)), nowMs);
    });
    this.#lengths.length = this.#ids.length = 0;
    return 0;
  }

  receive(sink: PacketSink): number {
    let count = 0;
    while (this.#arrivals.length > 0 && this.#arrivals[0]!.atMs <= this.#clock.now()) {
      const { atMs, packet } = this.#arrivals.shift()!;
      count++;
      sink.packet(packet, 0, packet.byteLength, atMs);
    }
    return count;
  }

  /** Has a packet arrive now. */
  inject(packet: DataView): void {
    this.#arrivals.unshift({ atMs: this.#clock.now(), packet });
  }

  wait(timeoutMs: number): Promise<void> {
    const nowMs = this.#clock.now();
    this.#clock.advanceTo(Math.min(nowMs + timeoutMs, Math.max(nowMs, this.#arrivals[0]?.atMs ?? Infinity)));
    return Promise.resolve();
  }

  [Symbol.dispose](): void {}

  #take(probe: Uint8Array<ArrayBuffer>, nowMs: number): void {
    const { port: portOf, delayMs = 1 } = this.#conditions;
    const view = new DataView(probe.buffer);
    const host = ipv4Destination(view, 0);
    const port = udpDestinationPort(view, IPV4_MIN_HEADER_LEN);
    const does = portOf(host, port);
    if (does === "silent" || this.#isLost()) return;
    const own = ipv4Source(view, 0);
    const ownPort = udpSourcePort(view, IPV4_MIN_HEADER_LEN);
    if (does !== "closed" && "reply" in does) {
      const bytes = does.reply(probe.subarray(IPV4_MIN_HEADER_LEN + UDP_HEADER_LEN));
      this.#arrive(nowMs + delayMs, udpPacket(host, does.fromPort ?? port, own, ownPort, bytes));
      return;
    }
    const sender = does === "closed" ? host : does.router;
    if (!this.#maySend(sender, nowMs)) return;
    this.errors++;
    const quoteLen = IPV4_MIN_HEADER_LEN + (this.#conditions.quoteLen ?? probe.length);
    const code = does === "closed" ? 3 : does.code;
    if (this.#conditions.hasSockets === true) setIpv4Id(view, 0, 0);
    this.#arrive(nowMs + delayMs, icmpError(sender, own, code, probe.subarray(0, quoteLen)));
  }

  #arrive(atMs: number, packet: DataView): void {
    if (!this.#isLost()) this.#arrivals.push({ atMs, packet });
  }

  #maySend(sender: number, nowMs: number): boolean {
    const { limit } = this.#conditions;
    if (limit === undefined) return true;
    const bucket = this.#buckets.get(sender) ?? { tokens: limit.tokens ?? limit.burst, atMs: nowMs };
    this.#buckets.set(sender, bucket);
    bucket.tokens = Math.min(limit.burst, bucket.tokens + (nowMs - bucket.atMs) * limit.perSecond / 1000);
    bucket.atMs = nowMs;
    if (bucket.tokens < 1) return false;
    bucket.tokens--;
    return true;
  }

  #isLost(): boolean {
    let x = this.#random || 1;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.#random = x;
    return (x >>> 0) / 2 ** 32 < (this.#conditions.loss ?? 0);
  }
}

/** Returns a datagram. */
export function udpPacket(from: number, port: number, to: number, toPort: number, payload: Uint8Array): DataView {
  const length = UDP_HEADER_LEN + payload.length;
  const view = new DataView(new ArrayBuffer(IPV4_MIN_HEADER_LEN + length));
  writeIpv4(view, 0, { totalLen: view.byteLength, ttl: 64, protocol: PROTOCOL_UDP, source: from, destination: to });
  new Uint8Array(view.buffer).set(payload, IPV4_MIN_HEADER_LEN + UDP_HEADER_LEN);
  writeUdp(view, IPV4_MIN_HEADER_LEN, port, toPort, length, pseudoHeaderSum(from, to, PROTOCOL_UDP, length));
  return view;
}

/** Returns an ICMP destination unreachable that quotes a packet. */
export function icmpError(from: number, to: number, code: number, quoted: Uint8Array): DataView {
  const totalLen = IPV4_MIN_HEADER_LEN + ICMPV4_QUOTE_OFFSET + quoted.length;
  const view = new DataView(new ArrayBuffer(totalLen));
  const at = writeIpv4(view, 0, { totalLen, ttl: 64, protocol: PROTOCOL_ICMP, source: from, destination: to });
  writeIcmpv4(view, at, { type: ICMP_DESTINATION_UNREACHABLE, code, quoted });
  return view;
}

/** A simulated UDP scan: `hosts` host numbers from 10.0.0.1 on. */
export interface UdpScan {
  readonly conditions: UdpConditions;
  readonly hosts?: number;
  readonly ports: readonly number[];
  readonly limits?: Partial<EngineLimits>;
  readonly seed?: number;
  readonly untilMs?: number;
  /** Returns a number for the network of a host: that of IPv4 if not given. */
  readonly networkOf?: (host: number) => number;
  /** Called after each step. */
  readonly afterStep?: (engine: Engine, network: SimUdpNetwork, clock: ManualClock) => void;
}

/** The outcome of a simulated UDP scan. */
export interface UdpOutcome {
  readonly engine: Engine;
  readonly network: SimUdpNetwork;
  readonly driver: PacketDriver;
  readonly elapsedMs: number;
  /** State and reason by host offset and port, as in `0:53`. */
  readonly results: ReadonlyMap<string, string>;
  /** When each was decided. */
  readonly decidedAt: ReadonlyMap<string, number>;
  /** Results by state and reason. */
  count(result: string): number;
}

/** The address that simulated scans probe first, and the one that they leave from. */
export const FIRST_HOST = 0x0a000001;
export const OWN_ADDRESS = 0x0a0000fe;
/** The first port that they leave from. */
export const OWN_PORT = 61_000;

/** Runs a scan on the simulated network to its end, or to `untilMs`. */
export async function simulateUdp(scan: UdpScan): Promise<UdpOutcome> {
  const { hosts = 1, ports } = scan;
  const clock = new ManualClock();
  const network = new SimUdpNetwork(clock, scan.conditions);
  const technique = scan.conditions.hasSockets === true ? UDP.overSockets! : UDP;
  const driver = new PacketDriver({
    ...{ technique, transport: network, book: IPV4_BOOK, ttl: 64 },
    sources: { addresses: [OWN_ADDRESS], indexFor: () => 0 },
    ports: { first: OWN_PORT, count: 2 * UDP.attemptPeriod },
  });
  const results = new Map<string, string>();
  const decidedAt = new Map<string, number>();
  const order = new ShardedOrder(hosts * ports.length, scan.seed ?? 7);
  const source = {
    size: order.size,
    host: 0,
    port: 0,
    locate(position: number) {
      const index = order.at(position);
      this.host = FIRST_HOST + Math.floor(index / ports.length);
      this.port = ports[index % ports.length]!;
    },
    portCountOf: () => ports.length,
    isSpare: () => false,
  };
  const engine = new Engine({
    icmpLimiters: IcmpLimiters,
    networkOf: scan.networkOf ?? IPV4_BOOK.networkOf,
    source,
    driver,
    correlator: new Correlator(new Uint32Array([0x01234567, 0x89abcdef ^ (scan.seed ?? 7)])),
    limits: { ...LIMITS, ...scan.limits },
    sink: {
      result(host, port, state, reason) {
        results.set(`${host - FIRST_HOST}:${port}`, `${STATES[state]} ${REASONS[reason]}`);
        decidedAt.set(`${host - FIRST_HOST}:${port}`, clock.now());
      },
    },
    nowMs: clock.now(),
  });
  await run({
    ...{ engine, driver, clock, yieldToEventLoop: () => Promise.resolve() },
    afterStep: (nowMs) => {
      scan.afterStep?.(engine, network, clock);
      return nowMs >= (scan.untilMs ?? Infinity);
    },
  });
  if (!engine.finished) engine.end(REASONS.indexOf("deadline"));
  const count = (result: string) => results.values().filter((each) => each === result).toArray().length;
  return { engine, network, driver, elapsedMs: clock.now(), results, decidedAt, count };
}

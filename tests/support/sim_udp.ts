/**
 * A simulated network of UDP services behind the transport interface, over both versions of IP: hosts whose ICMP errors a token bucket limits,
 * with loss and delay, on a virtual clock.
 *
 * @module
 */

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
import { UDP_HEADER_LEN, udpDestinationPort, udpSourcePort } from "../../src/wire/udp.ts";
import { ManualClock } from "./clock.ts";
import { LIMITS } from "./sim.ts";
import { type Family, familyOfPacket, simHosts, simIp } from "./sim_ip.ts";

/** The reaction of a port to a datagram: nothing, an error, or a reply of these bytes. */
type UdpPort =
  | "silent"
  | "closed"
  | { readonly reply: (request: Uint8Array) => Uint8Array; readonly fromPort?: number }
  | { readonly code: number; readonly router: number };

/** The limit of the ICMP errors of one sender to one peer. `tokens` are left of its burst when the scan begins, all if not given. */
export interface ErrorLimit {
  readonly burst: number;
  readonly perSecond: number;
  readonly tokens?: number;
}

/** The limits of Linux 6.18 (icmp_ratelimit, net.ipv6.icmp.ratelimit), which its buckets of each version of IP have to themselves. */
export const LINUX: Readonly<Record<Family, ErrorLimit>> = {
  4: { burst: 6, perSecond: 1 },
  6: { burst: 6, perSecond: 10 },
};

/** The network conditions. Times are milliseconds, shares 0 to 1. */
export interface UdpConditions {
  readonly port: (host: number, port: number) => UdpPort;
  /** The limit of ICMP errors of a sender, by version of IP or for each alike; none if not given. */
  readonly limit?: ErrorLimit | Readonly<Record<Family, ErrorLimit>>;
  readonly loss?: number;
  readonly delayMs?: number;
  /** From when to when nothing gets through. */
  readonly outages?: readonly (readonly [fromMs: number, untilMs: number])[];
  /** True for senders of errors without a limit. */
  readonly isUnlimited?: (sender: number) => boolean;
  /** Bytes that an error quotes behind the IP header; all if not given. */
  readonly quoteLen?: number;
  /** True where the kernel writes the headers of probes: errors quote others. */
  readonly hasSockets?: boolean;
  readonly seed?: number;
}

/** ICMP's code for a port unreachable. */
export const PORT_UNREACHABLE = 3;
const BATCH = 64;
const SLOT_LEN = 1280;

/** A {@linkcode Transport} to simulated UDP services. */
class SimUdpNetwork implements Transport {
  readonly traits: TransportTraits = { name: "simulated", batch: BATCH, receiveBatch: 1024 };
  readonly counters: TransportCounters = { sent: 0, received: 0, sendRetries: 0, receiveDrops: 0 };
  readonly #memory = new ArrayBuffer(BATCH * SLOT_LEN);
  readonly slots: DataView = new DataView(this.#memory);
  /** Errors that the hosts have sent. */
  errors = 0;
  readonly #clock: ManualClock;
  readonly #beganMs: number;
  readonly #conditions: UdpConditions;
  readonly #lengths: number[] = [];
  readonly #ids: number[] = [];
  readonly #arrivals: { readonly atMs: number; readonly packet: DataView }[] = [];
  readonly #buckets = new Map<string, { tokens: number; atMs: number }>();
  #random: number;

  constructor(clock: ManualClock, conditions: UdpConditions) {
    this.#clock = clock;
    this.#beganMs = clock.now();
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
    const { port: portOf, delayMs = 1, outages } = this.#conditions;
    const view = new DataView(probe.buffer);
    const family = familyOfPacket(view, 0);
    const ip = simIp(family);
    const isCutOff = outages?.some(([fromMs, untilMs]) => nowMs >= fromMs && nowMs < untilMs) === true;
    if (isCutOff || !ip.isIntact(view, 0)) return;
    const host = ip.destination(view, 0);
    const port = udpDestinationPort(view, ip.headerLen);
    const does = portOf(host, port);
    if (does === "silent" || this.#isLost()) return;
    const own = ip.source(view, 0);
    const ownPort = udpSourcePort(view, ip.headerLen);
    if (does !== "closed" && "reply" in does) {
      const bytes = does.reply(probe.subarray(ip.headerLen + UDP_HEADER_LEN));
      this.#arrive(nowMs + delayMs, ip.datagram(host, does.fromPort ?? port, own, ownPort, bytes));
      return;
    }
    const sender = does === "closed" ? host : does.router;
    if (!this.#maySend(family, sender, nowMs)) return;
    this.errors++;
    const quoteLen = ip.headerLen + (this.#conditions.quoteLen ?? probe.length);
    const code = does === "closed" ? PORT_UNREACHABLE : does.code;
    if (this.#conditions.hasSockets === true) ip.setTokenBits(view, 0, 0);
    this.#arrive(nowMs + delayMs, ip.unreachable(sender, own, code, probe.subarray(0, quoteLen)));
  }

  #arrive(atMs: number, packet: DataView): void {
    if (!this.#isLost()) this.#arrivals.push({ atMs, packet });
  }

  #maySend(family: Family, sender: number, nowMs: number): boolean {
    const limit = limitOf(this.#conditions, family);
    if (limit === undefined || this.#conditions.isUnlimited?.(sender) === true) return true;
    const key = `${family} ${sender}`;
    const bucket = this.#buckets.get(key) ?? { tokens: limit.tokens ?? limit.burst, atMs: this.#beganMs };
    this.#buckets.set(key, bucket);
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

function limitOf({ limit }: UdpConditions, family: Family): ErrorLimit | undefined {
  return limit === undefined || "burst" in limit ? limit : limit[family];
}

/** A simulated UDP scan: `hosts` host numbers from 10.0.0.1 on. */
export interface UdpScan {
  readonly conditions: UdpConditions;
  /** The version of IP; 4 by default. */
  readonly family?: Family;
  /** The pass before, whose network, clock and rate this one continues with. */
  readonly after?: UdpOutcome;
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
  readonly clock: ManualClock;
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
  const { family = 4, after, hosts = 1, ports } = scan;
  const clock = after?.clock ?? new ManualClock();
  const beganMs = clock.now();
  const network = after?.network ?? new SimUdpNetwork(clock, scan.conditions);
  const { over, book } = simHosts(family, OWN_ADDRESS);
  const technique = over(scan.conditions.hasSockets === true ? UDP.overSockets : UDP);
  const limits = { ...LIMITS, ...scan.limits };
  const driver = new PacketDriver({
    ...{ technique, transport: network, book, ttl: 64 },
    sources: { addresses: [OWN_ADDRESS], indexFor: () => 0 },
    ports: { first: OWN_PORT, count: 2 * UDP.attemptPeriod },
  });
  const results = new Map<string, string>();
  const decidedAt = new Map<string, number>();
  const order = new ShardedOrder([hosts * ports.length], scan.seed ?? 7);
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
    isSpare: (_host: number, port: number) => !ports.includes(port),
  };
  const engine = new Engine({
    icmpLimiters: IcmpLimiters,
    networkOf: scan.networkOf ?? ((host) => book.networkOf(host)),
    source,
    driver,
    correlator: new Correlator(new Uint32Array([0x01234567, 0x89abcdef ^ (scan.seed ?? 7)])),
    limits: after === undefined ? limits : { ...limits, rate: { ...limits.rate, startPps: after.engine.ratePps } },
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
      return nowMs >= beganMs + (scan.untilMs ?? Infinity);
    },
  });
  if (!engine.finished) engine.end(REASONS.indexOf("deadline"));
  const count = (result: string) => results.values().filter((each) => each === result).toArray().length;
  return { engine, network, clock, driver, elapsedMs: clock.now() - beganMs, results, decidedAt, count };
}

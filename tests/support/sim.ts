/**
 * Whole scans on the simulated network: the real engine, driver and codec, a virtual clock, and the truth to compare with.
 *
 * @module
 */

import { SYN } from "../../src/technique/tcp_syn.ts";
import { TcpTechnique } from "../../src/technique/tcp_technique.ts";
import { PingTechnique } from "../../src/technique/ping.ts";
import type { Technique } from "../../src/technique/technique.ts";
import { TCP_ACK, TCP_SYN } from "../../src/wire/tcp.ts";
import type { AddressBook } from "../../src/target/address_book.ts";
import { Correlator } from "../../src/engine/token.ts";
import { Engine, type EngineLimits, type ResultSink } from "../../src/engine/engine.ts";
import type { HostTimeouts } from "../../src/engine/host_timeouts.ts";
import { run } from "../../src/engine/loop.ts";
import { type Shard, ShardedOrder } from "../../src/order/shard.ts";
import { PacketDriver } from "../../src/driver/packet_driver.ts";
import type { LocalFacts } from "../../src/local/local.ts";
import { stateIn } from "../../src/result/outcome.ts";
import { reasonCode, REASONS } from "../../src/result/reasons.ts";
import { ABSENT, FILTERED, HOST_STATES, OPEN, SILENT, STATES, UP } from "../../src/result/states.ts";
import { PortSet } from "../../src/target/ports.ts";
import { Ranges } from "../../src/target/ranges.ts";
import { ProbeSpace } from "../../src/target/space.ts";
import { ManualClock } from "./clock.ts";
import { type Family, simHosts } from "./sim_ip.ts";
import {
  CLOSED_KINDS,
  type NetworkConditions,
  OPEN_KINDS,
  SIM_DROPPED,
  SIM_HOST,
  SIM_REJECT,
  SimNetwork,
} from "./sim_network.ts";

/** A simulated scan: `hosts` host numbers from `firstHost` on, ports `firstPort` and up. */
export interface SimScan {
  readonly conditions: NetworkConditions;
  /** The version of IP; 4 by default. */
  readonly family?: Family;
  /** SYN by default. Of pings the ports are the kinds, from 0 on; of techniques of own links there is one, 0. */
  readonly technique?: Technique;
  /** The pass before, whose network, clock and rate this one continues with. */
  readonly after?: SimOutcome;
  readonly hosts?: number;
  readonly ports: number;
  readonly firstHost?: number;
  /** The addresses of hosts of IPv4, where these are not their numbers. */
  readonly book?: AddressBook;
  /** Host numbers, if they do not follow each other; the network knows them by their addresses. */
  readonly numbers?: readonly number[];
  readonly firstPort?: number;
  readonly limits?: Partial<EngineLimits>;
  readonly seed?: number;
  /** Only this part of the probes is asked; all by default. */
  readonly shard?: Shard;
  /** Stops after this much simulated time. */
  readonly untilMs?: number;
  /** Tiers of ports, as a scan has them; one by default. Not with {@linkcode SimScan.numbers}. */
  readonly tiers?: readonly PortSet[];
  /** Attempts told apart by their source port. */
  readonly sourcePorts?: number;
  /** Ports never to be probed. */
  readonly excludePorts?: ReadonlySet<number>;
  /** True for a host that was silent in an earlier pass. */
  readonly wasSilent?: (host: number) => boolean;
  /** Returns how a host is reached, as a code of a driver; on the link by default. */
  readonly pathTo?: (host: number) => number;
  /** Facts about this machine; without them it is never at fault, and every host is on its link. */
  readonly local?: LocalFacts;
  /** The times that hosts may take; without a limit by default. */
  readonly timeouts?: HostTimeouts;
  /** Results are not kept: for scans too large to remember. */
  readonly forget?: boolean;
  /** Takes the results too. */
  readonly sink?: ResultSink;
  /** Takes each result's port and the code of its note. */
  readonly onResult?: (port: number, note: number) => void;
  /** Called after each step: to change the clock, or to look at the engine and the network. */
  readonly afterStep?: (engine: Engine, clock: ManualClock, network: SimNetwork) => void;
}

/** The outcome of a simulated scan. */
export interface SimOutcome {
  readonly engine: Engine;
  readonly network: SimNetwork;
  readonly clock: ManualClock;
  /** The source ports of the next pass begin here. */
  readonly nextPort: number;
  readonly driver: PacketDriver;
  readonly elapsedMs: number;
  /** Result by probe: `host offset * ports + port offset`; 255 where there is none. */
  readonly results: Uint8Array;
  readonly reasons: Uint8Array;
  /** When each probe was decided, on the clock. */
  readonly decidedAt: Float64Array;
  /** Results given, late ones included. */
  readonly given: number;
  /** Probes decided twice without being late. */
  readonly twice: number;
  /** Results that are not the truth, as text. */
  wrong(): string[];
}

/** The number of the address that simulated scans leave from. */
const OWN = 0x0a0000fe;

/** Limits like those of a default scan of an own link. */
export const LIMITS: EngineLimits = {
  timeouts: { initialMs: 1000, minMs: 100, maxMs: 10_000 },
  rate: { startPps: Infinity, maxPps: Infinity, minPps: 0 },
  maxRetries: Infinity,
  maxInFlight: 1 << 18,
};

/** Makes the engine of a scan, and its driver; it has not run. */
export function simEngine(
  scan: SimScan,
  network: SimNetwork,
  clock: ManualClock,
  sink: ResultSink,
): { readonly engine: Engine; readonly driver: PacketDriver; readonly nextPort: number } {
  const { ports, firstHost = 0x0a000001, firstPort = 1, numbers, after, technique = SYN } = scan;
  const sourcePorts = { first: after?.nextPort ?? 61_000, count: scan.sourcePorts ?? 16 };
  const { over, book } = simHosts(scan.family ?? 4, OWN);
  const driver = new PacketDriver({
    technique: over(technique),
    transport: network,
    book: scan.book ?? book,
    sources: { addresses: [OWN], indexFor: () => 0 },
    ports: sourcePorts,
    ttl: 64,
    pathTo: scan.pathTo,
  });
  const size = (numbers?.length ?? scan.hosts ?? 1) * ports;
  const range = Ranges.of(firstPort, firstPort + ports - 1);
  const space = scan.tiers === undefined ? undefined : new ProbeSpace({
    targets: [{ hosts: Ranges.of(firstHost, firstHost + size / ports - 1), ports: PortSet.fromRanges(range) }],
    defaultPorts: PortSet.EMPTY,
    tiers: scan.tiers,
  });
  const order = new ShardedOrder(space?.tierSizes ?? [size], scan.seed ?? 7, scan.shard);
  const source = {
    size: order.size,
    host: 0,
    port: 0,
    locate(position: number) {
      const index = order.at(position);
      space?.locate(index);
      const at = Math.floor(index / ports);
      this.host = space?.host ?? (numbers === undefined ? firstHost + at : numbers[at]!);
      this.port = space?.port ?? firstPort + index % ports;
    },
    portCountOf: () => ports,
    ...(scan.wasSilent === undefined ? {} : { wasSilent: scan.wasSilent }),
    isSpare: (_host: number, port: number) =>
      (port < firstPort || port >= firstPort + ports) && scan.excludePorts?.has(port) !== true,
  };
  const limits = { ...LIMITS, ...scan.limits };
  const engine = new Engine({
    source,
    driver,
    correlator: new Correlator(new Uint32Array([0x01234567, 0x89abcdef ^ (scan.seed ?? 7)])),
    limits: after === undefined ? limits : { ...limits, rate: { ...limits.rate, startPps: after.engine.ratePps } },
    sink,
    timeouts: scan.timeouts,
    networkOf: (host) => (scan.book ?? book).networkOf(host),
    ...(scan.local === undefined ? {} : { local: scan.local }),
    nowMs: clock.now(),
  });
  return { engine, driver, nextPort: sourcePorts.first + sourcePorts.count };
}

/** Runs a scan on the simulated network to its end. */
export async function simulate(scan: SimScan): Promise<SimOutcome> {
  const { ports, firstHost = 0x0a000001, firstPort = 1, numbers } = scan;
  const hosts = numbers?.length ?? scan.hosts ?? 1;
  const hostAt = (at: number): number => numbers === undefined ? firstHost + at : numbers[at]!;
  const placeOf = (host: number): number => numbers === undefined ? host - firstHost : numbers.indexOf(host);
  const { technique = SYN, after } = scan;
  const clock = after?.clock ?? new ManualClock();
  const beganMs = clock.now();
  const network = after?.network ?? new SimNetwork(clock, { sendMs: 0.005, ...scan.conditions });
  const size = hosts * ports;
  const kept = scan.forget ? 0 : size;
  const results = new Uint8Array(kept).fill(255);
  const reasons = new Uint8Array(kept);
  const decidedAt = new Float64Array(kept);
  let given = 0;
  let twice = 0;
  const isForgotten = scan.forget === true && scan.sink === undefined && scan.onResult === undefined;
  const sink: ResultSink = {
    // Without a row of each: a scan of millions of hosts measures the memory of the engine, and not of this.
    result: isForgotten ? () => given++ : (...row) => {
      const [host, port, state, reason, , , , , replaced, note] = row;
      scan.sink?.result(...row);
      given++;
      scan.onResult?.(port, note);
      if (scan.forget) return;
      const index = placeOf(host) * ports + port - firstPort;
      if (results[index] !== 255 && replaced < 0) twice++;
      results[index] = state;
      reasons[index] = reason;
      decidedAt[index] = clock.now();
    },
    ...(scan.sink?.absent === undefined ? {} : { absent: scan.sink.absent }),
  };
  const { engine, driver, nextPort } = simEngine(scan, network, clock, sink);
  await run({
    engine,
    driver,
    clock,
    yieldToEventLoop: () => Promise.resolve(),
    afterStep: (nowMs) => {
      scan.afterStep?.(engine, clock, network);
      // The clock only moves while something waits or is sent: what is done in between takes no time.
      return scan.untilMs !== undefined && nowMs >= scan.untilMs;
    },
  });
  return {
    engine,
    network,
    clock,
    nextPort,
    driver,
    elapsedMs: clock.now() - beganMs,
    results,
    reasons,
    decidedAt,
    given,
    twice,
    wrong() {
      const found: string[] = [];
      for (let index = 0; index < size; index++) {
        const host = hostAt(Math.floor(index / ports));
        const port = firstPort + index % ports;
        const truth = truthOf(technique, port, (port) => scan.conditions.port(scan.book?.address(host) ?? host, port));
        const got = results[index]!;
        if (got !== truth) {
          const states = technique.protocol === "host" ? HOST_STATES : STATES;
          found.push(
            `${placeOf(host)}:${port} ${states[got] ?? "none"} (${REASONS[reasons[index]!]}) not ${states[truth]}`,
          );
        }
      }
      return found;
    },
  };
}

const RESET = reasonCode("reset");

/** Returns the state that a technique shows of what it probes, where ports of a host behave like this. */
function truthOf(technique: Technique, what: number, behaviourOf: (port: number) => number): number {
  if (technique instanceof TcpTechnique) return truthOfPort(technique, behaviourOf(what));
  const kind = technique instanceof PingTechnique ? technique.kinds[what]! : undefined;
  const behaviour = behaviourOf(kind !== undefined && "tcp" in kind ? kind.port : SIM_HOST);
  if (OPEN_KINDS.includes(behaviour) || CLOSED_KINDS.includes(behaviour)) return UP;
  if (kind === undefined) return ABSENT;
  return behaviour >= SIM_REJECT ? UP : SILENT;
}

/** Returns the state that a technique shows of a port that behaves like this. */
function truthOfPort({ states, properties: { flags } }: TcpTechnique, behaviour: number): number {
  const silent = stateIn(states, reasonCode("no-response"));
  const isOpen = OPEN_KINDS.includes(behaviour);
  if (isOpen && (flags & TCP_SYN) !== 0) return OPEN;
  if (isOpen) return (flags & TCP_ACK) === 0 ? silent : stateIn(states, RESET);
  if (CLOSED_KINDS.includes(behaviour)) return stateIn(states, RESET);
  return behaviour === SIM_DROPPED ? silent : FILTERED;
}

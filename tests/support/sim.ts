/**
 * Whole scans on the simulated network: the real engine, driver and codec, a virtual clock, and the truth to compare with.
 *
 * @module
 */

import { SYN } from "../../src/technique/tcp_syn.ts";
import { type AddressBook, IPV4_BOOK } from "../../src/target/address_book.ts";
import { Correlator } from "../../src/engine/token.ts";
import { Engine, type EngineLimits, type ResultSink } from "../../src/engine/engine.ts";
import { run } from "../../src/engine/loop.ts";
import { type Shard, ShardedOrder } from "../../src/order/shard.ts";
import { PacketDriver } from "../../src/driver/packet_driver.ts";
import { REASONS } from "../../src/result/reasons.ts";
import { CLOSED, FILTERED, OPEN, STATES } from "../../src/result/states.ts";
import { ManualClock } from "./clock.ts";
import {
  type NetworkConditions,
  SIM_CLOSED,
  SIM_CLOSED_BARE,
  SIM_LEFT_OVER,
  SIM_LINUX,
  SIM_LWIP,
  SIM_OLD_STACK,
  SIM_OPEN,
  SIM_PROXY,
  SIM_SYN,
  SIM_USER_CLOSED,
  SimNetwork,
} from "./sim_network.ts";

/** A simulated scan: `hosts` host numbers from `firstHost` on, ports `firstPort` and up. */
export interface SimScan {
  readonly conditions: NetworkConditions;
  readonly hosts?: number;
  readonly ports: number;
  readonly firstHost?: number;
  /** The addresses of hosts; that of IPv4 by default. */
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
  /** Attempts told apart by their source port. */
  readonly sourcePorts?: number;
  /** Ports never to be probed. */
  readonly excludePorts?: ReadonlySet<number>;
  /** Returns how a host is reached, as a code of a driver; on the link by default. */
  readonly pathTo?: (host: number) => number;
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

/** Limits like those of a default scan of an own link. */
export const LIMITS: EngineLimits = {
  timeouts: { initialMs: 1000, minMs: 100, maxMs: 10_000 },
  rate: { startPps: Infinity, maxPps: Infinity, minPps: 0 },
  maxRetries: Infinity,
  maxInFlight: 1 << 18,
};

/** Runs a scan on the simulated network to its end. */
export async function simulate(scan: SimScan): Promise<SimOutcome> {
  const { ports, firstHost = 0x0a000001, firstPort = 1, book = IPV4_BOOK, numbers } = scan;
  const hosts = numbers?.length ?? scan.hosts ?? 1;
  const hostAt = (at: number): number => numbers === undefined ? firstHost + at : numbers[at]!;
  const placeOf = (host: number): number => numbers === undefined ? host - firstHost : numbers.indexOf(host);
  const clock = new ManualClock();
  const network = new SimNetwork(clock, { sendMs: 0.005, ...scan.conditions });
  const driver = new PacketDriver({
    technique: SYN,
    transport: network,
    book,
    sources: { addresses: [0x0a0000fe], indexFor: () => 0 },
    ports: { first: 61_000, count: scan.sourcePorts ?? 16 },
    ttl: 64,
    pathTo: scan.pathTo,
  });
  const size = hosts * ports;
  const kept = scan.forget ? 0 : size;
  const results = new Uint8Array(kept).fill(255);
  const reasons = new Uint8Array(kept);
  const decidedAt = new Float64Array(kept);
  let given = 0;
  let twice = 0;
  const sink: ResultSink = {
    result(...row) {
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
  };
  const order = new ShardedOrder(size, scan.seed ?? 7, scan.shard);
  const source = {
    size: order.size,
    host: 0,
    port: 0,
    locate(position: number) {
      const index = order.at(position);
      this.host = hostAt(Math.floor(index / ports));
      this.port = firstPort + index % ports;
    },
    portCountOf: () => ports,
    isSpare: (_host: number, port: number) =>
      (port < firstPort || port >= firstPort + ports) && scan.excludePorts?.has(port) !== true,
  };
  const engine = new Engine({
    source,
    driver,
    correlator: new Correlator(new Uint32Array([0x01234567, 0x89abcdef ^ (scan.seed ?? 7)])),
    limits: { ...LIMITS, ...scan.limits },
    sink,
    nowMs: 0,
  });
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
    driver,
    elapsedMs: clock.now(),
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
        const truth = truthOf(scan.conditions.port(book.address(host), port));
        const got = results[index]!;
        if (got !== truth) {
          found.push(
            `${placeOf(host)}:${port} ${STATES[got] ?? "none"} (${REASONS[reasons[index]!]}) not ${STATES[truth]}`,
          );
        }
      }
      return found;
    },
  };
}

const OPEN_KINDS: readonly number[] = [SIM_OPEN, SIM_SYN, SIM_LEFT_OVER, SIM_PROXY, SIM_OLD_STACK, SIM_LINUX, SIM_LWIP];
const CLOSED_KINDS: readonly number[] = [SIM_CLOSED, SIM_CLOSED_BARE, SIM_USER_CLOSED];

function truthOf(behaviour: number): number {
  return OPEN_KINDS.includes(behaviour) ? OPEN : CLOSED_KINDS.includes(behaviour) ? CLOSED : FILTERED;
}

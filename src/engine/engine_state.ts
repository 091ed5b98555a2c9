/**
 * The tables and parts that the policies of one engine share.
 *
 * @module
 */

import type { Driver } from "../driver/driver.ts";
import { type LocalFacts, NO_FACTS } from "../local/local.ts";
import { STATES } from "../result/states.ts";
import { EngineClock } from "./engine_clock.ts";
import type { HostTimeouts } from "./host_timeouts.ts";
import { GLOBAL, HostTable } from "./host_table.ts";
import type { EngineCounts, EngineLimits, ProbeSource, ResultSink } from "./interfaces.ts";
import { NoteTable } from "./notes.ts";
import { ProbeIndex } from "./probe_index.ts";
import { FOR_RESULT, ProbeTable } from "./probe_table.ts";
import { RateController } from "./rate.ts";
import { Silences } from "./silences.ts";
import { TimerWheel } from "./timer_wheel.ts";
import type { Tokens } from "./token.ts";

/** The parts that an engine is made of. */
export interface EngineParts {
  readonly source: ProbeSource;
  readonly driver: Driver;
  readonly correlator: Tokens;
  readonly limits: EngineLimits;
  readonly sink: ResultSink;
  readonly nowMs: number;
  /** Facts about this machine; without them it is never at fault. */
  readonly local?: LocalFacts;
  /** Hosts that routers have reported as absent in earlier passes, each with its router; those of this one are added. */
  readonly reported?: Map<number, number> | undefined;
  /** The times of hosts; without them no host has a limit. */
  readonly timeouts?: HostTimeouts | undefined;
  /** Returns a number for the network of a host, the same for its neighbours; without it no host has neighbours. */
  readonly networkOf?: ((host: number) => number) | undefined;
}

/** The shared state of an engine's policies. */
export class EngineState {
  readonly source: ProbeSource;
  readonly driver: Driver;
  readonly correlator: Tokens;
  readonly sink: ResultSink;
  readonly limits: EngineLimits;
  readonly local: LocalFacts;
  readonly timeouts: HostTimeouts | undefined;
  readonly reported: Map<number, number>;
  readonly networkOf: (host: number) => number;
  readonly clock: EngineClock;
  readonly table: ProbeTable;
  /** The probes by host and port, where replies carry no token. */
  readonly index: ProbeIndex | undefined;
  readonly wheel: TimerWheel;
  readonly hosts = new HostTable();
  readonly rate: RateController;
  /** Explanations of silence. */
  readonly silences: Silences;
  /** Notes on hosts and ports, as they are found. */
  readonly notes: NoteTable;
  readonly counts: EngineCounts = {
    byState: new Float64Array(STATES.length),
    singlesUp: 0,
    answered: 0,
    late: 0,
    duplicates: 0,
    finAcks: 0,
  };
  /** Probes of the source that have been taken up. */
  position = 0;
  /** Hosts of several ports that have replied, but with nothing that proves when they were probed. */
  readonly #unproven = new Set<number>();
  /** Hosts that an earlier pass found silent and that have replied in this one. */
  silentFound = 0;
  /** Slots in use that must be decided before the scan ends: results, control ports, and probes with a TTL of 1. */
  open = 0;

  constructor(parts: EngineParts) {
    this.source = parts.source;
    this.driver = parts.driver;
    this.correlator = parts.correlator;
    this.sink = parts.sink;
    this.limits = parts.limits;
    this.local = parts.local ?? NO_FACTS;
    this.timeouts = parts.timeouts;
    this.reported = parts.reported ?? new Map();
    this.networkOf = parts.networkOf ?? ((host) => host);
    this.clock = new EngineClock(parts.nowMs);
    this.notes = new NoteTable(parts.driver.probesHosts !== true);
    // Slots for liveness probes and control ports come on top, and for probes that wait for their host's limiter.
    const maxSlots = Math.min(1 << 20, this.maxInFlight * 4 + 64);
    this.table = new ProbeTable(Math.min(parts.source.size + 64, 4096, maxSlots), maxSlots);
    this.index = parts.driver.isTokenless ? new ProbeIndex(this.table) : undefined;
    this.wheel = new TimerWheel(this.table, parts.nowMs);
    this.rate = new RateController(parts.limits.rate);
    this.silences = new Silences(this.networkOf);
  }

  /** Returns the index of the host that has replied, adding it if need be; of the sender of an ICMP error nothing is kept. */
  indexOfReply(host: number, own: boolean, purpose: number, timeMs: number): number {
    const { hosts, source, counts } = this;
    const found = hosts.find(host);
    if (found !== GLOBAL || !own) return found;
    // Of a host that is probed once there is nothing to keep.
    if (source.portCountOf(host) === 1) {
      if (purpose === FOR_RESULT) counts.singlesUp++;
      return GLOBAL;
    }
    const index = hosts.findOrAdd(host);
    if (index !== GLOBAL) hosts.firstAnswerAt[index] = timeMs;
    if (this.isSilent(host, GLOBAL)) this.silentFound++;
    return index;
  }

  /** Counts a host as up that has sent a reply which proves nothing of when it was probed. */
  addUnproven(host: number): void {
    if (this.hosts.find(host) !== GLOBAL) return;
    if (this.source.portCountOf(host) === 1) this.counts.singlesUp++;
    else this.#unproven.add(host);
  }

  /** Returns the hosts that have replied, of those that are probed at more than one port. */
  hostsUp(): Uint32Array<ArrayBuffer> {
    const { hosts } = this;
    const others = [...this.#unproven].filter((host) => hosts.find(host) === GLOBAL);
    const up = new Uint32Array(hosts.count - 1 + others.length);
    up.set(hosts.address.subarray(1, hosts.count));
    up.set(others, hosts.count - 1);
    return up;
  }

  /** True for one of these hosts. */
  isUp(host: number): boolean {
    return this.hosts.find(host) !== GLOBAL || this.#unproven.has(host);
  }

  /** True for a host that an earlier pass has found silent and that has not replied since; `index` is its index. */
  isSilent(host: number, index: number): boolean {
    return index === GLOBAL && this.source.wasSilent?.(host) === true;
  }

  /** True for a host whose time is up. */
  isOver(host: number): boolean {
    const { timeouts, clock } = this;
    return timeouts !== undefined && timeouts.isOver(host, clock.callerTime(clock.nowMs));
  }

  /** Most probes in flight. */
  get maxInFlight(): number {
    return Math.max(1, Math.min(this.limits.maxInFlight, this.driver.maxInFlight));
  }

  /** True where the next attempt may leave before the one before has timed out: replies tell attempts apart, and cost little. */
  get overlaps(): boolean {
    return this.driver.overlaps && this.driver.attemptPeriod > 1;
  }
}

/**
 * One pass of a worker: an engine over the probes of the pass, with a driver of its technique.
 *
 * @module
 */

import type { Driver } from "../driver/driver.ts";
import { Engine, type ProbeSource, type Remaining, type ResultSink } from "../engine/engine.ts";
import type { HostTimeouts } from "../engine/host_timeouts.ts";
import type { IcmpLimiters } from "../engine/icmp_limiters.ts";
import { Correlator } from "../engine/token.ts";
import { type LocalMachine, NO_LOCAL_REPORT } from "../local/machine.ts";
import { ResultBatcher, type ResultColumns } from "../result/batch.ts";
import { reasonCode } from "../result/reasons.ts";
import type { Summary } from "../result/summary.ts";
import type { EngineLimits } from "../engine/engine.ts";
import { Ranges } from "../target/ranges.ts";
import type { ControlState, Found, PassReport, RemainingWork, WorkerStatus } from "./worker_task.ts";

/** Probes of a pass that can tell what remains of them. */
export interface PassSource extends ProbeSource {
  /** Returns the first position of the order that is not among the first `position` probes. */
  inOrder(position: number): number;
  /** Returns the remaining work once `position` of these probes were sent, with what is left of them. */
  remaining(position: number, left: Remaining): RemainingWork;
}

/** The parts of a pass. */
interface PassParts {
  readonly source: PassSource;
  readonly driver: Driver;
  readonly local: LocalMachine;
  readonly timeouts: HostTimeouts | undefined;
  /** Returns a number for the network of a host. */
  readonly networkOf: (host: number) => number;
  /** The class of the limits of ICMP errors, if the pass needs it. */
  readonly icmpLimiters: typeof IcmpLimiters | undefined;
  readonly limits: EngineLimits;
  /** Takes batches of results. */
  readonly results: (rows: ResultColumns) => void;
  /** Takes hosts that a router reports as absent in the place of their ports; missing where the ports are reported. */
  readonly absent: ResultSink["absent"] | undefined;
  /** Hosts that were reported in earlier passes, each with its router. */
  readonly reported: Map<number, number>;
  /** True for a host that replied in an earlier pass. */
  readonly wasUp: (host: number) => boolean;
  /** True if the kernel had no room for a packet of an earlier pass. */
  readonly hadRetries: boolean;
  readonly nowMs: number;
  /** True for a pass over hosts: its results are not counted among those of ports. */
  readonly probesHosts: boolean;
  /** Ports that the pass does not probe, because their hosts were not found. */
  readonly cut: number;
  /** Returns what the passes over hosts have found. */
  readonly found: () => Found | undefined;
}

/** A pass that has begun. */
export class PassRun {
  readonly engine: Engine;
  readonly driver: Driver;
  /** The reason of its end; `done` while it runs. */
  ended: Summary["ended"] = "done";
  readonly #source: PassSource;
  readonly #local: LocalMachine;
  readonly #wasUp: (host: number) => boolean;
  readonly #hadRetries: boolean;
  readonly #batcher: ResultBatcher;
  readonly #parts: Pick<PassParts, "probesHosts" | "cut" | "found">;
  #applied: Partial<ControlState> = {};
  /** The number of words of the list of absent hosts that were applied. */
  #absentApplied = 0;
  /** Probes counted so far, when the first of them was sent, and for how long they have been sent, in milliseconds. */
  #sent = 0;
  #firstMs = 0;
  #sendingMs = 0;
  /** The first position that was not probed, once the pass has ended early. */
  #probed: number | undefined;

  constructor(parts: PassParts) {
    const { source, driver, local, timeouts, limits, results, absent, reported, wasUp, hadRetries, nowMs } = parts;
    this.#parts = parts;
    this.driver = driver;
    this.#source = source;
    this.#local = local;
    this.#wasUp = wasUp;
    this.#hadRetries = hadRetries;
    this.#batcher = new ResultBatcher(results);
    this.engine = new Engine({
      source,
      driver,
      correlator: new Correlator(crypto.getRandomValues(new Uint32Array(2))),
      limits,
      local,
      timeouts,
      networkOf: parts.networkOf,
      icmpLimiters: parts.icmpLimiters,
      // What passes over hosts find cuts the space of others.
      ...(absent === undefined ? {} : { reported }),
      sink: absent === undefined ? this.#batcher : { result: this.#batcher.result, absent },
      nowMs,
    });
  }

  /** Applies the control inputs. */
  apply({ pause, maxRatePps, onPacket, absent = [] }: ControlState): void {
    const applied = this.#applied;
    for (; this.#absentApplied < absent.length; this.#absentApplied += 2) {
      this.engine.reportAbsent(absent[this.#absentApplied]!, absent[this.#absentApplied + 1]!);
    }
    this.engine.pause(pause);
    if (maxRatePps !== undefined && maxRatePps !== applied.maxRatePps) this.engine.setMaxRate(maxRatePps);
    if (onPacket !== applied.onPacket) this.driver.trace?.(onPacket);
    this.#applied = { maxRatePps, onPacket };
  }

  /** Takes note of what was sent in a step that began at `nowMs`; `clock` tells the time after it. */
  afterStep(nowMs: number, clock: { now(): number }): void {
    const { sent } = this.driver.counters;
    if (sent === this.#sent) return;
    if (this.#sent === 0) this.#firstMs = nowMs;
    this.#sent = sent;
    this.#sendingMs = clock.now() - this.#firstMs;
  }

  /** Emits the results that wait to fill a batch. */
  flush(): void {
    this.#batcher.flush();
  }

  /**
   * Ends the pass early. Ports that were never probed are reported one by one if they are at most `room`.
   *
   * @returns The number of them that were reported.
   */
  end(ended: Summary["ended"], room: number): number {
    const { engine } = this;
    this.ended = ended;
    this.#probed = this.#source.inOrder(engine.position);
    engine.end(reasonCode(ended as "deadline" | "interrupted"));
    const left = this.#source.size - engine.position;
    if (left > room) return 0;
    engine.skip(left, reasonCode("not-asked"));
    return left;
  }

  /** Returns the remaining work. */
  remaining(): RemainingWork {
    const work = this.#source.remaining(this.engine.position, this.engine.remaining());
    return this.#parts.probesHosts ? { ...work, found: this.#parts.found() } : work;
  }

  status(): WorkerStatus {
    const { counts, inFlight, roundTrips } = this.engine;
    return {
      byState: [...this.#parts.probesHosts ? counts.byState.map(() => 0) : counts.byState],
      sent: this.driver.counters.sent,
      inFlight,
      sendingMs: this.#sendingMs,
      answered: this.#parts.probesHosts ? 0 : counts.answered,
      returned: roundTrips.answered,
      lost: roundTrips.lost,
    };
  }

  /** Returns the report so far. `isLast` is true for that of the last pass that has begun, which tells of this machine. */
  report(isLast: boolean): PassReport {
    const { engine, driver } = this;
    const { late, duplicates, finAcks } = engine.counts;
    const { probesHosts, cut, found } = this.#parts;
    const singlesUp = probesHosts ? 0 : engine.counts.singlesUp;
    const { sendRetries, sendErrors, receiveDrops, unmatched } = driver.counters;
    return {
      ...this.status(),
      ended: this.ended,
      probed: this.#probed ?? this.#source.inOrder(engine.position),
      expectedWrong: engine.expectedWrong,
      ...{ late, duplicates, finAcks, singlesUp, unmatched, sendRetries, receiveDrops },
      sendErrors: [...sendErrors],
      cut,
      hostsUp: probesHosts ? [] : [...Ranges.ofMembers(engine.hostsUp())].flat(),
      cappedHosts: Uint32Array.from(engine.cappedHosts),
      suspects: Uint32Array.from(engine.suspects()),
      notes: engine.noteRows(),
      shapes: driver.shapeRows?.() ?? new Uint32Array(),
      silences: engine.silences(),
      isOverHosts: probesHosts,
      local: isLast
        ? this.#local.report((host) => engine.isUp(host) || this.#wasUp(host), this.#hadRetries || sendRetries > 0)
        : NO_LOCAL_REPORT,
      found: isLast ? found() : undefined,
    };
  }
}

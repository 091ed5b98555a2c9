/**
 * The composition root: from options to a running scan, from a running scan to results.
 *
 * @module
 */

import { AUTO, CONNECT, packetTechnique, TECHNIQUES } from "../technique/techniques.ts";
import { canOpenRaw } from "../../ffi/credentials.ts";
import { SyscallError } from "../../ffi/errno.ts";
import { checkOptions } from "./option_checks.ts";
import { mayStartWorkers, runPool, shardOrders, type WorkerOutcome } from "./pool.ts";
import type { EngineLimits } from "../engine/engine.ts";
import { CannotScanError, UsageError } from "../base/errors.ts";
import { engineLimits, paceText } from "./timing.ts";
import type { ScanOptions } from "./options.ts";
import { ShardedOrder, WHOLE } from "../order/shard.ts";
import {
  type OpenedSockets,
  type RemainingWork,
  spaceBlocks,
  type WorkerReport,
  type WorkerSnapshot,
  type WorkerStatus,
  type WorkerTask,
} from "./worker_task.ts";
import { countProbedHosts } from "./probed_hosts.ts";
import { type Excluded, type PlannedBefore, planTargets, serviceName } from "./plan.ts";
import { outcomeCode } from "../result/outcome.ts";
import type { NamesByHost, PortResult, ResultList } from "../result/port_result.ts";
import { isSilence } from "../result/rank.ts";
import { reasonCode, REASONS } from "../result/reasons.ts";
import { stateCode, STATES } from "../result/states.ts";
import { decidedIn, type Progress, stateCounts, type Summary } from "../result/summary.ts";
import { type Names, ResultRows } from "../result/rows.ts";
import { localWarnings, proxyWarnings, silenceWarnings } from "./warnings.ts";
import {
  checkSameScan,
  doneBefore,
  doneTogether,
  type Exclusions,
  hashOfSpace,
  hostsUpIn,
  namesToKeep,
  probeKey,
  remainingOf,
  type Reported,
  type ScanDone,
  type ScanSnapshot,
  sum,
  toRetransmit,
  totalsOf,
  unionOf,
} from "./snapshot.ts";
import { mergedNotes, noteTexts } from "../engine/notes.ts";
import { proxyFindings } from "../engine/proxies.ts";
import { counted, grouped } from "../base/text.ts";
import { withTimeout } from "../base/timeout.ts";
import { listSpace } from "../target/listing.ts";
import { PortSet } from "../target/ports.ts";
import { Ranges } from "../target/ranges.ts";
import { findRoutePlan } from "../transport/open.ts";
import { hostAt, markReportedBefore, portAt, reasonAt, type ResultColumns, ROW_LEN } from "../result/batch.ts";
import { formatIpv4 } from "../wire/address.ts";

/**
 * The decisions before the first probe.
 *
 * @example
 * ```ts
 * import { scan } from "@synscan/synscan";
 *
 * const { hosts, probes, technique, transport } = await scan({ targets: "127.0.0.1", ports: "22,80" }).plan;
 * console.log(hosts, probes, technique, transport);
 * ```
 */
export interface ScanPlan {
  /** Hosts to scan. */
  readonly hosts: number;
  /** Ports of hosts to decide. */
  readonly probes: number;
  /** Every port that some host is asked for, as `22,80,8000-8100`, and how many these are. */
  readonly ports: { readonly count: number; readonly text: string };
  /** The scan technique. */
  readonly technique: string;
  /** The transport, for example `sendmmsg`. */
  readonly transport: string;
  /** The reasons of these choices, a line each. */
  readonly notes: readonly string[];
  /** Addresses that probes leave from; empty where the kernel chooses for each. */
  readonly sources: readonly string[];
  /** First and last IPv4 address of each range of hosts, as numbers; `undefined` where they are more than 1,024. */
  readonly ranges?: readonly (readonly [first: number, last: number])[] | undefined;
  /** The number of workers. */
  readonly workers: number;
  /** The same for scans of the same hosts, ports and shard, and for no other. */
  readonly space: string;
  /** The target names of hosts. */
  readonly names: ScanNames;
  /** Hosts of the targets, and ports, that are excluded, as text. */
  readonly excluded: { readonly hosts: string; readonly ports: string };
  /** Warnings, a line each. */
  readonly warnings: readonly string[];
}

/**
 * The target names of hosts, as an iterable with their ports as text if they are listed.
 *
 * @example
 * ```ts
 * import { scan } from "@synscan/synscan";
 *
 * const { names } = await scan({ targets: "localhost", ports: "1" }).plan;
 * for (const { ip, name, ports } of names) console.log(ip, name, ports);
 * ```
 */
export interface ScanNames extends NamesByHost {
  /** Iterates over the names, with the address and the ports of each. */
  [Symbol.iterator](): Iterator<{ readonly ip: string; readonly name: string; readonly ports: string }>;
}

export type { Exclusions, ScanDone, ScanSnapshot };

/**
 * The hosts and ports that a scan would probe.
 *
 * @example
 * ```ts
 * import { planScan } from "@synscan/synscan";
 *
 * for (const { ip, ports } of (await planScan({ targets: "192.0.2.1-2", ports: "22,80" })).entries()) {
 *   console.log(ip, ports); // 192.0.2.1 22,80
 * }
 * ```
 */
export interface DryRun {
  /** Hosts to scan; of a shard of more than 2^22 ports, which is not looked through, at most. */
  readonly hosts: number;
  /** Ports of hosts to decide. */
  readonly probes: number;
  /** The number of ports of each host, if all have the same. */
  readonly portsOfEach?: number | undefined;
  /** The scan technique. */
  readonly technique: string;
  /** Warnings, a line each. */
  readonly warnings: readonly string[];
  /** Returns each host, and its ports as text. */
  entries(): Iterable<{ readonly ip: string; readonly ports: string }>;
}

/**
 * The means to cancel or resume a scan.
 *
 * @example
 * ```ts
 * import { scan } from "@synscan/synscan";
 *
 * const { ended } = await scan({ targets: "127.0.0.1", ports: "1-100" }, { signal: AbortSignal.timeout(5000) }).summary;
 * console.log(ended); // done
 * ```
 */
export interface ScanControl {
  /** Cancels the scan: results so far are emitted, other ports are undecided. */
  readonly signal?: AbortSignal;
  /** Resumes a scan with the same options. The summary is then of the whole scan. */
  readonly resume?: ScanSnapshot;
}

/** Results that may wait to be read; beyond this number no new probes are sent until some are read. */
const BACKLOG = 1 << 17;
/**
 * Probes that make another worker worth while. A worker takes some 60 ms to begin, and the threads contend in the kernel and for
 * the reports: on two cores a second one pays from about a million probes on (the scenarios `ports` and `hosts` of the
 * benchmark, with `--workers`).
 */
const PROBES_PER_WORKER = 500_000;
/** Workers chosen at most: two senders share most of what a network stack can do. */
const MAX_CHOSEN_WORKERS = 4;
/**
 * After a deadline or an interruption, ports that were never probed are reported one by one up to this number, which takes some
 * 300 ms. More are only counted.
 */
const MAX_NOT_PROBED = 1 << 16;
/** Ranges of addresses that a warning lists. */
const MAX_RANGES_LISTED = 8;
/** Time over which the present rate is measured, in milliseconds. */
const RATE_WINDOW_MS = 1000;
/** Time after which the first rate is known, in milliseconds. */
const FIRST_RATE_MS = 200;

/**
 * A running scan, made by {@linkcode scan}. Iterate over it for results one by one, or over {@linkcode Scan.batches}, which is
 * faster. Leaving the loop cancels the scan.
 *
 * @example
 * ```ts
 * import { type Scan, scan } from "@synscan/synscan";
 *
 * const running: Scan = scan({ targets: "127.0.0.1", ports: "1-100" });
 * running.setMaxRate(10_000);
 * for await (const { port, state } of running) {
 *   if (state === "open") console.log(port);
 * }
 * console.log((await running.summary).trusted);
 * ```
 */
export interface Scan extends AsyncIterable<PortResult> {
  /** The decisions before the first probe. Rejects with a {@linkcode UsageError} or a {@linkcode CannotScanError}. */
  readonly plan: Promise<ScanPlan>;
  /**
   * The summary, when the scan has ended. A scan pauses when many results wait to be read, unless the summary is awaited and
   * no result was ever read: then results that are too many to be kept are dropped. Rejects as {@linkcode Scan.plan}.
   */
  readonly summary: Promise<Summary>;
  /** Returns the status of the scan. */
  progress(): Progress;
  /**
   * Sets the upper bound of the rate, in probe packets a second; Infinity for none.
   *
   * @throws {UsageError} If it is not above 0.
   */
  setMaxRate(maxRatePps: number): void;
  /**
   * Passes each packet from now on, as one line of text, to a function; `undefined` stops it.
   *
   * @returns False, without a change, if packets cannot be seen: in a connect scan, and with several workers.
   */
  setOnPacket(onPacket: ((line: string) => void) | undefined): boolean;
  /**
   * Returns the remaining work of the scan, beyond the results that were read so far, for {@linkcode ScanControl.resume}. Do not
   * call it after the scan was aborted: undecided ports then count as decided.
   *
   * @throws {TypeError} If the scan has not begun.
   * @throws {Error} If a worker has died, so that the remaining work is not known.
   */
  snapshot(): Promise<ScanSnapshot>;
  /**
   * The results in batches, in the order in which ports were decided, without an object for each: a batch gives a cursor that is
   * valid until its next result is taken; {@linkcode toResult} copies one. Results can be taken once. Leaving the loop before
   * the last batch (by `break`, `return` or an error) cancels the scan. A scan whose results are not taken is held up.
   *
   * @throws {TypeError} If they were taken before, or were dropped because only the summary was asked for.
   * @throws {UsageError} If the options make no sense.
   * @throws {CannotScanError} If the scan cannot be done here.
   */
  batches(): AsyncIterable<ResultList>;
}

class RunningScan implements Scan {
  readonly plan: Promise<ScanPlan>;

  readonly #summary: Promise<Summary>;
  #summaryAsked = false;
  readonly #options: ScanOptions;
  readonly #signal: AbortSignal | undefined;
  readonly #resumed: ScanSnapshot | undefined;
  readonly #queue: ResultRows[] = [];
  /** Results in that queue. */
  #queued = 0;
  #ended = false;
  #failure: unknown;
  #wake: (() => void) | undefined;
  #isConsumed = false;
  /** True once no more results will be read. */
  #unwanted = false;
  /** True once their reader has left the loop. */
  #abandoned = false;
  #taken = 0;
  #statuses: (() => WorkerStatus)[] = [];
  #workers: { readonly take: () => WorkerSnapshot | Promise<WorkerSnapshot>; readonly resume: () => void }[] = [];
  /** Settles when the last snapshot that was requested is taken. */
  #snapshotting: Promise<void> = Promise.resolve();
  #identity: Pick<ScanSnapshot, "seed" | "size" | "space" | "shard" | "names" | "excluded" | "removed"> | undefined;
  /** Undecided probes with a result from before this scan was resumed. */
  readonly #reported = new Map<number, Reported>();
  #isProbedOnce: (host: number) => boolean = () => false;
  /** The work done before this scan was resumed. */
  #before: WorkerReport | undefined;
  #probes = 0;
  #beganMs = 0;
  /** When the scan is to end at the latest. */
  readonly #deadlineAtMs: number;
  #rate: { readonly atMs: number; readonly sent: number; readonly pps: number | undefined } = {
    atMs: 0,
    sent: 0,
    pps: undefined,
  };
  /** The rate that was set while the scan ran. */
  #requestedRatePps: number | undefined;
  #maxRatePps = Infinity;
  #onPacket: ((line: string) => void) | undefined;
  /** True if packets are sent by this thread. */
  #packetsSeen = false;

  constructor(options: ScanOptions, control: ScanControl = {}) {
    this.#options = options;
    this.#signal = control.signal;
    this.#onPacket = options?.onPacket;
    this.#resumed = control.resume;
    this.#deadlineAtMs = performance.now() + (options?.deadlineMs ?? Infinity);
    const plan = Promise.withResolvers<ScanPlan>();
    this.plan = plan.promise;
    this.#summary = this.#run(plan.resolve).catch((error) => {
      const explained = explain(error);
      plan.reject(explained);
      this.#failure = explained;
      throw explained;
    }).finally(() => {
      this.#ended = true;
      this.#wake?.();
    });
    // A caller that reads only the results gets a failure from them.
    this.plan.catch(() => {});
    this.#summary.catch(() => {});
  }

  get summary(): Promise<Summary> {
    this.#summaryAsked = true;
    return this.#summary;
  }

  progress(): Progress {
    const parts = [...this.#statuses.map((status) => status()), ...this.#before === undefined ? [] : [this.#before]];
    const nowMs = performance.now();
    const elapsedMs = this.#elapsedMs();
    const decided = sum(parts, ({ byState }) => byState.reduce((all, count) => all + count, 0));
    const sent = sum(parts, (part) => part.sent);
    const spanMs = this.#beganMs > 0 ? nowMs - Math.max(this.#rate.atMs, this.#beganMs) : 0;
    // The first rate is measured over a shorter time than later ones.
    if (spanMs >= (this.#rate.pps === undefined ? FIRST_RATE_MS : RATE_WINDOW_MS)) {
      this.#rate = { atMs: nowMs, sent, pps: (sent - this.#rate.sent) * 1000 / spanMs };
    }
    return {
      decided,
      probes: this.#probes,
      sent,
      open: sum(parts, ({ byState }) => byState[0]!),
      inFlight: sum(parts, (part) => part.inFlight),
      ratePps: this.#rate.pps,
      maxRatePps: this.#maxRatePps,
      loss: lossOf(parts),
      elapsedMs,
      leftMs: decided > 0 ? elapsedMs * (this.#probes - decided) / decided : undefined,
    };
  }

  setMaxRate(maxRatePps: number): void {
    if (!(maxRatePps > 0)) throw new UsageError(`Cannot send ${maxRatePps} probes a second: give a number above 0`);
    this.#requestedRatePps = this.#maxRatePps = maxRatePps;
  }

  setOnPacket(onPacket: ((line: string) => void) | undefined): boolean {
    if (!this.#packetsSeen) return false;
    this.#onPacket = onPacket;
    return true;
  }

  snapshot(): Promise<ScanSnapshot> {
    // One at a time: the results of the workers are held until all snapshots are taken.
    const snapshot = this.#snapshotting.then(() => this.#snapshotNow());
    this.#snapshotting = snapshot.then(() => {}, () => {});
    return snapshot;
  }

  async #snapshotNow(): Promise<ScanSnapshot> {
    if (this.#identity === undefined || this.#workers.length === 0) {
      throw new TypeError("Cannot take a snapshot of a scan that has not begun: wait for its first results");
    }
    const settled = await Promise.allSettled(this.#workers.map(({ take }) => take()));
    const again = new Set<PortResult>();
    const results = this.#queue.flatMap((batch) => batch.kept((result) => again.add(result)));
    const taken = this.#taken;
    const open = [...this.#reported.values()];
    for (const { resume } of this.#workers) resume();
    const snapshots = settled.map((each) => {
      if (each.status === "rejected") throw each.reason;
      return each.value;
    });
    const reports = snapshots.map(({ done }) => done);
    if (this.#before !== undefined) reports.push(this.#before);
    const undelivered = toRetransmit(results);
    return {
      ...this.#identity,
      taken,
      parts: snapshots.map(({ remaining: { position, pending } }, index) => ({
        position,
        pending: index === 0 ? [...pending, ...undelivered.pending] : [...pending],
      })),
      reported: [...open, ...undelivered.reported],
      done: doneTogether(
        reports,
        { results, again, reported: open, isProbedOnce: this.#isProbedOnce },
        this.#elapsedMs(),
      ),
    };
  }

  /** Returns the milliseconds that the scan has run, without the time between an interruption and its resumption. */
  #elapsedMs(): number {
    const beforeMs = this.#resumed?.done.elapsedMs ?? 0;
    return this.#beganMs > 0 ? beforeMs + performance.now() - this.#beganMs : beforeMs;
  }

  async *batches(): AsyncGenerator<ResultRows, void, void> {
    if (this.#isConsumed) throw new TypeError("Cannot take the results of a scan twice: begin another scan");
    if (this.#unwanted) {
      throw new TypeError("Cannot take the results any more: only the summary was asked for. Take them before it");
    }
    this.#isConsumed = true;
    try {
      for (;;) {
        const batch = this.#queue.shift();
        if (batch !== undefined) {
          this.#queued -= batch.length;
          this.#taken += batch.length;
          yield batch;
        } else if (this.#failure !== undefined) {
          throw this.#failure;
        } else if (this.#ended) {
          return;
        } else {
          await new Promise<void>((resolve) => this.#wake = resolve);
        }
      }
    } finally {
      this.#abandoned = true;
      this.#drop();
    }
  }

  /** Drops the queued results and all later ones: they will not be read. */
  #drop(): void {
    this.#unwanted = true;
    this.#taken += this.#queued;
    this.#queued = 0;
    this.#queue.length = 0;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<PortResult, void, void> {
    for await (const batch of this.batches()) yield* batch.kept();
  }

  async #run(planned: (plan: ScanPlan) => void): Promise<Summary> {
    const options = this.#options;
    checkOptions(options);
    const before = this.#resumed;
    const targets = await withTimeout(
      planTargets(options, before === undefined ? undefined : plannedBefore(before)),
      this.#deadlineAtMs - performance.now(),
      () => new CannotScanError("Cannot scan in time: the deadline passed while names were looked up. Give more time"),
    );
    const { space } = targets;
    const technique = chooseTechnique(options);
    const blocks = spaceBlocks(space);
    // The digest is computed on another thread meanwhile.
    const hashing = hashOfSpace(blocks);
    const routePlan = findRoutePlan({
      targets: space.hostRanges().subtract(targets.removed.hosts),
      interfaceName: options.interface,
      sourceIp: options.sourceIp,
    });
    const shard = options.shard ?? WHOLE;
    const ports = PortSet.unionOf(new Set(space.blocks.map((block) => block.ports)));
    const spaceHash = await hashing;
    if (before !== undefined) {
      checkSameScan(before, space.size, spaceHash, shard);
      this.#before = doneBefore(before);
      for (const reported of before.reported) this.#reported.set(probeKey(reported[0], reported[1]), reported);
    }
    this.#isProbedOnce = (host) => space.portCountOf(host) === 1;
    const seed = before?.seed ?? options.seed ?? crypto.getRandomValues(new Uint32Array(1))[0]!;
    this.#identity = {
      seed,
      size: space.size,
      space: spaceHash,
      shard,
      names: namesToKeep(targets.answers),
      excluded: boundsOf(targets.excluded),
      removed: boundsOf(targets.removed),
    };
    this.#probes = new ShardedOrder(space.size, seed, shard).size;
    const limits = engineLimits(options, routePlan.beyondGateway);
    const { workers, ...chosen } = chooseWorkers(
      before === undefined ? options : { ...options, workers: before.parts.length },
      technique,
      this.#probes,
      limits,
    );
    if (before !== undefined && workers !== before.parts.length) {
      throw new CannotScanError(
        `Cannot resume: the scan was divided among ${before.parts.length} workers. Give the permissions that it had`,
      );
    }
    const remaining = before === undefined ? [] : remainingOf(before);
    const orders = shardOrders(space.size, { seed, shard }, workers);
    const sizes = orders.map(({ size }, index) => remainingSize(size, remaining[index]));
    const { removed } = targets;
    const hosts = countProbedHosts(space, orders.map((order) => ({ order, count: order.size })));
    const task: WorkerTask = {
      blocks,
      excludePorts: [...targets.excluded.ports.union(targets.removed.ports).ranges],
      ...(targets.removed.hosts.count === 0 ? {} : { excludeHosts: Uint32Array.from(boundsOf(targets.removed).hosts) }),
      seed,
      shard,
      technique,
      limits: engineLimits(options, routePlan.beyondGateway, workers),
      options: { ...workerOptions(options), deadlineMs: Math.max(0, this.#deadlineAtMs - performance.now()) },
      maxNotProbed: Math.floor(MAX_NOT_PROBED / workers),
    };
    this.#packetsSeen = packetTechnique(technique) !== undefined && workers === 1;
    this.#maxRatePps = this.#requestedRatePps ?? limits.rate.maxPps;
    const plan = Promise.withResolvers<ScanPlan>();
    const names = { hosts: targets.names, service: serviceName };
    const control = {
      results: (rows: ResultColumns) => this.#take(rows, names),
      hasUndelivered: () => this.#queued > 0 && !this.#unwanted,
      routePlan,
      opened: (opened: OpenedSockets) => {
        this.#beganMs = performance.now();
        plan.resolve({
          hosts,
          probes: this.#probes,
          ports: { count: ports.size, text: ports.toString() },
          technique,
          transport: opened.transport,
          notes: [...opened.notes, paceText(options, limits, routePlan.beyondGateway), ...chosen.why],
          sources: opened.sources,
          ranges: rangesOf(space.hostRanges()),
          workers,
          space: shard.count > 1 ? `${spaceHash} ${shard.index}/${shard.count} ${seed}` : spaceHash,
          names: targets.names,
          excluded: {
            hosts: rangesText(targets.excludedHosts),
            ports: targets.excluded.ports.union(targets.removed.ports).toString(),
          },
          warnings: [targets.warnings, opened.warnings, fallbackWarnings(options, technique), chosen.warnings].flat(),
        });
        plan.promise.then(planned);
      },
      afterStep: () => {
        this.#wakeReader();
        if (this.#queued > BACKLOG && !this.#isConsumed && this.#summaryAsked) this.#drop();
        return {
          stop: this.#signal?.aborted === true || this.#abandoned,
          pause: this.#queued > BACKLOG,
          maxRatePps: this.#requestedRatePps,
          onPacket: this.#onPacket,
        };
      },
      status: (index: number, status: () => WorkerStatus) => {
        this.#statuses[index] = status;
      },
      snapshotOf: (index: number, take: () => WorkerSnapshot | Promise<WorkerSnapshot>, resume: () => void) => {
        this.#workers[index] = { take, resume };
      },
    };
    const outcomes = await runPool(task, workers, control, remaining);
    // A snapshot under way holds results.
    await this.#snapshotting;
    this.#wakeReader();
    const probed = orders.map((order, index) => {
      const outcome = outcomes[index];
      const count = outcome !== undefined && "probed" in outcome ? outcome.probed : order.size;
      return { order, count, before: remaining[index]?.position ?? 0 };
    });
    return summarize(await plan.promise, outcomes, this.#before, {
      hosts: countProbedHosts(space, probed, removed.hosts),
      elapsedMs: this.#elapsedMs(),
      sizes,
      warnings: [...targets.unresolved, ...removedWarnings(targets.removed)],
      isComplete: targets.unresolved.length === 0,
    });
  }

  /** Wakes the reader if results wait. */
  #wakeReader(): void {
    if (this.#queued === 0) return;
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }

  /** Returns and removes the earlier result of a port, if there is one. */
  #takeReported(host: number, port: number): Reported | undefined {
    const key = probeKey(host, port);
    const reported = this.#reported.get(key);
    this.#reported.delete(key);
    return reported;
  }

  #take(rows: ResultColumns, names: Names): void {
    if (this.#unwanted) {
      this.#taken += rows.length / ROW_LEN;
      return;
    }
    const batch = new ResultRows(this.#reported.size === 0 ? rows : this.#withoutRepeats(rows), names);
    if (batch.length === 0) return;
    this.#queue.push(batch);
    this.#queued += batch.length;
  }

  /** Returns the rows without results that repeat one from before the scan was resumed. */
  #withoutRepeats(rows: ResultColumns): ResultColumns {
    let end = 0;
    for (let at = 0; at < rows.length; at += ROW_LEN) {
      const reported = this.#takeReported(hostAt(rows, at), portAt(rows, at));
      if (reported !== undefined) {
        if (isSilence(REASONS[reasonAt(rows, at)]!)) continue;
        markReportedBefore(rows, at, outcomeCode(stateCode(reported[3]), reasonCode(reported[2])));
      }
      rows.copyWithin(end, at, at + ROW_LEN);
      end += ROW_LEN;
    }
    return rows.slice(0, end);
  }
}

/** More ranges than this are not part of the plan. */
const MAX_RANGES = 1024;

function rangesOf(hosts: Ranges): readonly (readonly [number, number])[] | undefined {
  if (hosts.count > MAX_RANGES) return undefined;
  return Array.from({ length: hosts.count }, (_, i) => [hosts.firstOf(i), hosts.lastOf(i)] as const);
}

/** Returns the summary of a scan from the outcomes of its workers and the work done before. */
function summarize(
  plan: ScanPlan,
  outcomes: readonly WorkerOutcome[],
  before: WorkerReport | undefined,
  scan: {
    readonly hosts: number;
    readonly elapsedMs: number;
    readonly sizes: readonly number[];
    readonly warnings: readonly string[];
    readonly isComplete: boolean;
  },
): Summary {
  const reports = outcomes.filter((outcome): outcome is WorkerReport => "ended" in outcome);
  const died = outcomes.length > reports.length;
  if (before !== undefined) reports.push(before);
  const parts: WorkerStatus[] = [...reports];
  for (const outcome of outcomes) if ("died" in outcome && outcome.last !== undefined) parts.push(outcome.last);
  const counts = stateCounts(STATES.map((_, state) => sum(parts, ({ byState }) => byState[state]!)));
  const undecided = plan.probes - decidedIn(counts);
  const sent = sum(parts, (part) => part.sent);
  // Workers send at the same time.
  const sendingMs = sum(parts, (part) => part.sendingMs) / plan.workers;
  const totals = totalsOf(reports);
  const { expectedWrong, late, duplicates, finAcks, unmatched, sendRetries, receiveDrops } = totals;
  const warnings = [...scan.warnings];
  outcomes.forEach((outcome, index) => {
    if (!("died" in outcome)) return;
    const left = scan.sizes[index]! - (outcome.last?.byState.reduce((all, count) => all + count, 0) ?? 0);
    warnings.push(
      `Worker ${index + 1} died (${outcome.died}): ${grouped(left)} of its ports are undecided. Scan them again`,
    );
  });
  warnings.push(...localWarnings(reports.map((report) => report.local)));
  warnings.push(...silenceWarnings(reports.map((report) => report.silences)));
  if (undecided > 0) {
    warnings.push(
      `${grouped(undecided)} of ${counted(plan.probes, "port")} ${undecided === 1 ? "is" : "are"} undecided`,
    );
  }
  if (expectedWrong >= 0.5) {
    warnings.push(
      `About ${expectedWrong.toFixed(1)} of the filtered ports are expected to be wrong: too much was lost`,
    );
  }
  const notes = mergedNotes(reports.map((report) => report.notes));
  const findings = proxyFindings(notes);
  const { ownSide, everyAddress } = findings;
  warnings.push(...proxyWarnings(findings));
  for (const [name, count] of totals.sendErrors) {
    warnings.push(`The kernel refused to send ${counted(count, "probe")} (${name})`);
  }
  return {
    hosts: scan.hosts,
    hostsUp: hostsUpIn(reports).length + totals.singlesUp,
    probes: plan.probes,
    sent,
    answered: sum(parts, (part) => part.answered),
    ...counts,
    undecided,
    elapsedMs: scan.elapsedMs,
    ratePps: sendingMs > 0 ? sent * 1000 / sendingMs : 0,
    loss: lossOf(parts),
    expectedWrong,
    ...{ late, duplicates, finAcks, unmatched, sendRetries, receiveDrops },
    sendErrors: Object.fromEntries(totals.sendErrors),
    cappedHosts: unionOf(reports.map((report) => report.cappedHosts)).length,
    suspects: [...unionOf(reports.map((report) => report.suspects))]
      .map((host) => ({ ip: formatIpv4(host), suspect: ownSide.has(host) ? "own-side" : "syn-proxy" })),
    notes: noteTexts(notes, formatIpv4),
    ended: died ? "failed" : reports.find((report) => report.ended !== "done")?.ended ?? "done",
    warnings,
    trusted: undecided === 0 && expectedWrong < 0.5 && ownSide.size + everyAddress.size === 0 &&
      scan.isComplete,
    transport: plan.transport,
    workers: plan.workers,
  };
}

function plannedBefore({ names, excluded, removed }: ScanSnapshot): PlannedBefore {
  return { names: new Map(names), excluded: excludedIn(excluded), removed: excludedIn(removed) };
}

function boundsOf({ hosts, ports }: Excluded): Exclusions {
  return { hosts: [...hosts].flat(), ports: [...ports.ranges].flat() };
}

function excludedIn({ hosts, ports }: Exclusions): Excluded {
  return {
    hosts: Ranges.fromSortedBounds(Uint32Array.from(hosts)),
    ports: PortSet.fromRanges(Ranges.fromSortedBounds(Uint32Array.from(ports))),
  };
}

/** Returns the warning about hosts and ports that were excluded when the scan was resumed. */
function removedWarnings({ hosts, ports }: Excluded): string[] {
  const what = [];
  const first = Ranges.from([...hosts].slice(0, MAX_RANGES_LISTED));
  const more = hosts.size - first.size;
  if (hosts.count > 0) what.push(rangesText(first) + (more > 0 ? ` and ${counted(more, "more host")}` : ""));
  if (ports.size > 0) what.push(`${ports.size === 1 ? "port" : "ports"} ${ports}`);
  if (what.length === 0) return [];
  return [`Excluded when the scan was resumed, and not probed from then on: ${what.join("; ")}`];
}

/** Addresses as text: `192.0.2.1,192.0.2.8-192.0.2.9`. */
function rangesText(ranges: Ranges): string {
  return Array.from(
    ranges,
    ([first, last]) => first === last ? formatIpv4(first) : `${formatIpv4(first)}-${formatIpv4(last)}`,
  ).join();
}

/** Returns the number of probes that remain of a worker's `size`. */
function remainingSize(size: number, remaining: RemainingWork | undefined): number {
  return remaining === undefined ? size : remaining.pending.length / 2 + Math.max(0, size - remaining.position);
}

/** Returns the share of round trips that were lost; null if none is known to have come back. */
function lossOf(parts: readonly WorkerStatus[]): number | null {
  const lost = sum(parts, (part) => part.lost);
  const seen = lost + sum(parts, (part) => part.returned);
  return seen === 0 ? null : lost / seen;
}

/**
 * Starts a scan. Errors reach the caller through the results, {@linkcode Scan.plan} and {@linkcode Scan.summary}, which
 * reject.
 *
 * @param options The targets, ports and behaviour.
 * @param control A signal that cancels the scan, or a snapshot to resume.
 * @returns The running scan: an async iterable of results.
 * @throws {UsageError} Rejects with it if the options make no sense.
 * @throws {CannotScanError} Rejects with it if the scan is impossible on this machine.
 *
 * @example
 * ```ts
 * import { scan } from "@synscan/synscan";
 *
 * for await (const { ip, port, state, reason } of scan({ targets: "127.0.0.1", ports: "22,80" })) {
 *   console.log(ip, port, state, reason);
 * }
 * ```
 */
export function scan(options: ScanOptions, control?: ScanControl): Scan {
  return new RunningScan(options, control);
}

/**
 * Determines the hosts and ports that a scan would probe, and sends nothing. Names are resolved.
 *
 * @param options The options of the scan.
 * @returns The number of hosts and ports, and each host with its ports.
 * @throws {UsageError} If the options make no sense.
 *
 * @example
 * ```ts
 * import { planScan } from "@synscan/synscan";
 *
 * const { hosts, probes } = await planScan({ targets: "192.0.2.0/24", ports: "22,80" });
 * console.log(hosts, probes); // 256 512
 * ```
 */
export async function planScan(options: ScanOptions): Promise<DryRun> {
  checkOptions(options);
  const { space, warnings } = await planTargets(options);
  const order = new ShardedOrder(space.size, options.seed ?? 0, options.shard);
  const has = order.size < space.size ? (index: number) => order.has(index) : undefined;
  return {
    hosts: countProbedHosts(space, [{ order, count: order.size }]),
    warnings,
    probes: order.size,
    portsOfEach: space.blocks.length === 1 ? space.blocks[0]!.ports.size : undefined,
    technique: isChosen(options) || canOpenRaw() ? chosenTechnique(options) : CONNECT,
    *entries() {
      for (const { first, last, ports } of listSpace(space, has)) {
        yield { ip: first === last ? formatIpv4(first) : `${formatIpv4(first)}-${formatIpv4(last)}`, ports };
      }
    },
  };
}

/**
 * Returns the source address of probes to a target.
 *
 * @param target An address, a block, a range or a name.
 * @returns The address as text; `undefined` without a route.
 * @throws {UsageError} If the target makes no sense.
 *
 * @example
 * ```ts
 * import { suggestSource } from "@synscan/synscan";
 *
 * console.log(await suggestSource("127.0.0.1")); // 127.0.0.1
 * ```
 */
export async function suggestSource(target: string): Promise<string | undefined> {
  try {
    const { space } = await planTargets({ targets: target === "" ? "192.0.2.1" : target, ports: [80] });
    const [address] = findRoutePlan({ targets: space.hostRanges() }).sources.addresses;
    return address === undefined ? undefined : formatIpv4(address);
  } catch (error) {
    if (error instanceof UsageError || error instanceof CannotScanError) return undefined;
    throw error;
  }
}

/** Returns the technique that the user wants, or else the best that is allowed. */
function chooseTechnique(options: ScanOptions): string {
  const chosen = chosenTechnique(options);
  if (packetTechnique(chosen) === undefined || canOpenRaw()) return chosen;
  if (!isChosen(options)) return CONNECT;
  throw new CannotScanError(
    "Cannot open raw sockets: CAP_NET_RAW is missing. Use sudo, or give the compiled program the right " +
      "(sudo setcap cap_net_raw,cap_net_admin=ep synscan), or scan with -sT",
  );
}

/** Returns true if the user wants this technique and no other. */
function isChosen({ technique = AUTO, scanFlags }: ScanOptions): boolean {
  return technique !== AUTO || scanFlags !== undefined;
}

function chosenTechnique({ technique = AUTO }: ScanOptions): string {
  return technique === AUTO ? TECHNIQUES[0]!.name : technique;
}

function fallbackWarnings(options: ScanOptions, technique: string): string[] {
  if (packetTechnique(technique) !== undefined || isChosen(options)) return [];
  const lost: string[] = [];
  if (options.transport !== undefined && options.transport !== "auto") lost.push("a transport of its own");
  if (options.onPacket !== undefined) lost.push("packets to be seen");
  const without = lost.length > 0 ? `, without ${lost.join(" and ")}` : "";
  return [`No right to open raw sockets: connect scan (-sT)${without}. Use sudo for a SYN scan`];
}

/** Returns the number of workers, the reasons and the warnings. */
function chooseWorkers(
  options: ScanOptions,
  technique: string,
  probes: number,
  limits: EngineLimits,
): { readonly workers: number; readonly why: readonly string[]; readonly warnings: readonly string[] } {
  const asked = options.workers;
  const alone = packetTechnique(technique) === undefined
    ? "connect(2) is the kernel's work"
    : options.onPacket !== undefined
    ? "packets are traced in one place"
    : options.sourcePort !== undefined
    ? "there is one source port"
    : limits.maxInFlight === 1
    ? "-T0 to -T2 probe one port at a time"
    : undefined;
  if (alone !== undefined) {
    const isAsked = asked !== undefined && asked > 1;
    return { workers: 1, why: [], warnings: isAsked ? [`One worker instead of ${asked}: ${alone}`] : [] };
  }
  const most = Math.max(1, Math.min(probes, asked ?? Math.min(navigator.hardwareConcurrency, MAX_CHOSEN_WORKERS)));
  const wanted = asked ?? (limits.rate.maxPps === Infinity ? Math.ceil(probes / PROBES_PER_WORKER) : 1);
  const workers = Math.min(most, wanted);
  if (workers > 1 && !mayStartWorkers()) {
    if (asked === undefined) {
      return { workers: 1, why: ["One worker: more need --allow-read, to read their own code"], warnings: [] };
    }
    throw new CannotScanError(
      `Cannot start ${asked} workers: that takes the permission to read their code. Add --allow-read`,
    );
  }
  return { workers, why: workers > 1 ? [`${workers} workers divide the scan`] : [], warnings: [] };
}

/** Returns the options that a worker needs, without those that are long or cannot pass to another thread. */
function workerOptions(options: ScanOptions): WorkerTask["options"] {
  const { targets: _1, targetLists: _2, exclude: _3, excludeLists: _4, onPacket: _5, ...rest } = options;
  return rest;
}

/** Returns the error for the user in place of an error of a system call. */
function explain(error: unknown): unknown {
  if (!(error instanceof SyscallError)) return error;
  return new CannotScanError(`Cannot scan: ${error.message}. Check permissions and interfaces`, { cause: error });
}

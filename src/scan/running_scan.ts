/**
 * A running scan: plan, workers, results, snapshots, summary.
 *
 * @module
 */

import { canOpenRaw } from "../../ffi/credentials.ts";
import { ERRNO, SyscallError } from "../../ffi/errno.ts";
import { CannotScanError } from "../base/errors.ts";
import { withTimeout } from "../base/timeout.ts";
import type { EngineLimits } from "../engine/engine.ts";
import { type Pass, probesHosts, shownTechnique } from "../result/pass.ts";
import type { PortResult } from "../result/port_result.ts";
import type { ResultRows } from "../result/rows.ts";
import type { Progress, Summary } from "../result/summary.ts";
import { PortSet } from "../target/ports.ts";
import type { ProbeSpace } from "../target/space.ts";
import { prepareRing } from "../transport/receiver.ts";
import { RAISE_LIMIT } from "../transport/send_errors.ts";
import type { Scan, ScanControl, ScanPlan } from "./api.ts";
import { discoveryTask } from "./discovery.ts";
import { plannedBefore, rangesOf, rangesText, removedWarnings } from "./exclusions.ts";
import { ScanLayout } from "./layout.ts";
import { checkOptions } from "./option_checks.ts";
import { isOfLink, type ScanOptions } from "./options.ts";
import { planPasses, sendPackets } from "./passes.ts";
import { planTargets, type ScanTargets } from "./plan.ts";
import { type PoolControl, runPool } from "./pool.ts";
import { ProgressMeter } from "./progress_meter.ts";
import { ResultPath } from "./result_path.ts";
import { ResultQueue } from "./result_queue.ts";
import { doneBefore, hostsUpIn, remainingOf, type ScanSnapshot } from "./snapshot.ts";
import { notBegun, SnapshotTaker } from "./snapshots.ts";
import { summarize } from "./summarize.ts";
import { engineLimits, linkLimits, paceText } from "./timing.ts";
import { checkTraces, traceWarnings } from "./trace_choice.ts";
import { chooseWorkers, fallbackWarnings } from "./worker_choice.ts";
import type { ControlState, OpenedSockets, PassReport, WorkerStatus, WorkerTask } from "./worker_task.ts";

/**
 * After a deadline or an interruption, ports that were never probed are reported one by one up to this number, which takes some
 * 300 ms. More are only counted.
 */
const MAX_NOT_PROBED = 1 << 16;

/** The share of a rate that the user has set for the probes of ports, while services are identified beside them. */
const ENGINE_SHARE = 0.9;

/** The parts of a scan that are known before its sockets are opened. */
interface Prepared {
  readonly options: ScanOptions;
  readonly targets: ScanTargets;
  readonly portPasses: readonly Pass[];
  readonly layout: ScanLayout;
  readonly limits: EngineLimits;
  readonly chosen: ReturnType<typeof chooseWorkers>;
  /** True if raw sockets can be opened, before privileges are dropped. */
  readonly canSendRaw: boolean;
  /** Warnings about targets that name a link. */
  readonly linkWarnings: readonly string[];
}

/** A scan that runs from its construction on. */
export class RunningScan implements Scan {
  readonly plan: Promise<ScanPlan>;

  readonly #summary: Promise<Summary>;
  #summaryAsked = false;
  readonly #options: ScanOptions;
  readonly #seeksAliases: boolean;
  readonly #signal: AbortSignal | undefined;
  readonly #resumed: ScanSnapshot | undefined;
  readonly #results = new ResultQueue();
  #statuses: (() => WorkerStatus)[] = [];
  /** The path of the results to the queue, once it is open. */
  #path: ResultPath | undefined;
  #snapshots: SnapshotTaker | undefined;
  /** The work done before this scan was resumed. */
  #before: PassReport | undefined;
  readonly #meter: ProgressMeter;
  /** When the scan is to end at the latest. */
  readonly #deadlineAtMs: number;
  /** The rate that was set while the scan ran. */
  #requestedRatePps: number | undefined;
  #onPacket: ((line: string) => void) | undefined;
  /** True if packets are sent by this thread. */
  #packetsSeen = false;

  /** @param seeksAliases False for a scan of the control addresses of another one. */
  constructor(options: ScanOptions, control: ScanControl = {}, seeksAliases = true) {
    this.#options = options;
    this.#seeksAliases = seeksAliases;
    this.#signal = control.signal;
    this.#onPacket = options?.onPacket;
    this.#resumed = control.resume;
    this.#meter = new ProgressMeter(control.resume?.done.elapsedMs ?? 0);
    this.#deadlineAtMs = performance.now() + (options?.deadlineMs ?? Infinity);
    const plan = Promise.withResolvers<ScanPlan>();
    this.plan = plan.promise;
    this.#summary = this.#run(plan.resolve).then((summary) => {
      this.#results.end();
      return summary;
    }, (error) => {
      const explained = explain(error);
      plan.reject(explained);
      this.#results.end(explained);
      throw explained;
    });
    this.#summary.catch(() => {}).finally(() => this.#path?.[Symbol.dispose]());
    // A caller that reads only the results gets a failure from them.
    this.plan.catch(() => {});
    this.#summary.catch(() => {});
  }

  get summary(): Promise<Summary> {
    this.#summaryAsked = true;
    return this.#summary;
  }

  progress(): Progress {
    const progress = this.#meter.of([...this.#statuses.map((status) => status()), ...this.#otherReports()]);
    const services = this.#path?.services;
    return services === undefined ? progress : { ...progress, identifying: services.pending };
  }

  setMaxRate(maxRatePps: number): void {
    this.#requestedRatePps = this.#meter.maxRatePps = maxRatePps;
    this.#meter.mayExceed = false;
  }

  setOnPacket(onPacket: ((line: string) => void) | undefined): boolean {
    if (!this.#packetsSeen) return false;
    this.#onPacket = onPacket;
    return true;
  }

  snapshot(): Promise<ScanSnapshot> {
    return this.#snapshots?.take() ?? Promise.reject(notBegun());
  }

  batches(): AsyncGenerator<ResultRows, void, void> {
    return this.#results.read();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<PortResult, void, void> {
    for await (const batch of this.batches()) if (!probesHosts(batch)) yield* batch.kept();
  }

  async #run(planned: (plan: ScanPlan) => void): Promise<Summary> {
    checkOptions(this.#options);
    const { options, warnings: linkWarnings } = isOfLink(this.#options)
      ? await (await import("./link_hosts.ts")).withLinkHosts(this.#options)
      : { options: this.#options, warnings: [] };
    const before = this.#resumed;
    const targets = await withTimeout(
      planTargets(options, before === undefined ? undefined : plannedBefore(before)),
      this.#deadlineAtMs - performance.now(),
      () => new CannotScanError("Cannot scan in time: the deadline passed while names were looked up. Give more time"),
    );
    const { book, space } = targets;
    // A book of IPv6 adds to the addresses of hosts those of other senders.
    if (before?.ipv6 !== undefined) targets.ipv6?.senders.take(before.ipv6.senders);
    const portPasses = planPasses(options);
    checkTraces(options, portPasses);
    // Privileges are dropped later.
    const canSendRaw = canOpenRaw();
    using ring = sendPackets(portPasses) && canSendRaw && options.transport !== "sendto"
      ? await prepareRing(space.size * portPasses.length)
      : undefined;
    const layout = await ScanLayout.of(options, targets, portPasses, before);
    if (before !== undefined) this.#before = doneBefore(before, layout.passes);
    const { routePlan, runPasses } = layout;
    const limits = engineLimits(options, routePlan.beyondGateway);
    const chosen = chooseWorkers(
      before === undefined ? options : { ...options, workers: before.parts.length },
      runPasses,
      layout.likelyProbes,
      limits,
    );
    const { workers } = chosen;
    if (before !== undefined && workers !== before.parts.length) {
      throw new CannotScanError(
        `Cannot resume: the scan was divided among ${before.parts.length} workers. Give the permissions that it had`,
      );
    }
    this.#packetsSeen = sendPackets(runPasses) && workers === 1;
    this.#beginMeter(layout, limits);
    const prepared: Prepared = { options, targets, portPasses, layout, limits, chosen, canSendRaw, linkWarnings };
    const task = this.#taskOf(prepared);
    const path = this.#path = await ResultPath.open({
      ...{ options, targets, layout, limits, workers, before, seeksAliases: this.#seeksAliases, queue: this.#results },
      requestedRatePps: () => this.#requestedRatePps,
    }, (stop) => this.#endWithReader(stop));
    const otherReports = () => this.#otherReports();
    const snapshots = this.#snapshots = new SnapshotTaker({
      ...{ layout, targets, path, queue: this.#results, meter: this.#meter, otherReports },
    });
    const plan = Promise.withResolvers<ScanPlan>();
    const { services } = path;
    const afterStep = () => this.#afterStep(path);
    const control: PoolControl = {
      results: (rows, pass, worker) => path.take(rows, pass, worker),
      hasUndelivered: () => this.#results.isWaiting,
      onAccepted: services && ((host, port, socket) => services.offer(host, port, socket)),
      onServiceData: services?.keep.bind(services),
      routePlan,
      ring,
      opened: (opened) => {
        this.#meter.begin();
        plan.resolve(planOf(prepared, opened, path));
        plan.promise.then(planned);
      },
      afterStep,
      status: (index, status) => {
        this.#statuses[index] = status;
      },
      snapshotOf: (index, take, resume) => snapshots.add(index, take, resume),
    };
    path.resume();
    const remaining = before === undefined ? [] : remainingOf(before);
    const outcomes = await runPool(task, workers, control, remaining);
    await snapshots.settled;
    path.finish();
    await Promise.all([
      services?.finish(this.#deadlineAtMs),
      path.traces?.run(this.#deadlineAtMs, afterStep),
    ]);
    for (const { ip } of path.traces?.traces.flatMap(({ hops }) => hops) ?? []) {
      if (ip !== undefined) path.hostnames?.addHost(book.hostOf(ip));
    }
    const { aliases, hostnames, traces } = path;
    await aliases?.run({
      ...{ options, signal: this.#signal, deadlineAtMs: this.#deadlineAtMs },
      up: hostsUpIn([...outcomes.flatMap((outcome) => "passes" in outcome ? outcome.passes : []), ...otherReports()]),
      scan: (options, control) => new RunningScan(options, control, false),
    });
    const elapsedMs = this.#meter.elapsedMs;
    await hostnames?.finish(this.#deadlineAtMs);
    const named = hostnames?.named() ?? [];
    const isTarget = space.hostRanges();
    // Every pass has the same order: no host is in a later pass alone.
    const probed = layout.shares.sizes(workers).map((size, index) => {
      const outcome = outcomes[index];
      const count = outcome !== undefined && "passes" in outcome ? outcome.passes[0]!.probed : size;
      return { count, before: remaining[index]?.[0]?.position ?? 0 };
    });
    return summarize(await plan.promise, outcomes, otherReports(), {
      hosts: layout.shares.probedHosts(probed, targets.removed.hosts),
      elapsedMs,
      aliased: aliases?.aliased ?? [],
      ...traces?.named(named, (ip) => isTarget.has(book.hostOf(ip))) ?? { traces: [], hostnames: named },
      sizes: layout.sizes(workers, remaining),
      warnings: [...targets.unresolved, ...removedWarnings(book, targets.removed), ...path.warnings()],
      isComplete: targets.unresolved.length === 0,
      foreignSource: routePlan.ownSource === undefined && routePlan.ownSource6 === undefined
        ? options.sourceIp
        : undefined,
    });
  }

  #beginMeter({ probes }: ScanLayout, { rate: { maxPps, uncheckedPps = maxPps } }: EngineLimits): void {
    this.#meter.probes = probes;
    this.#meter.maxRatePps = this.#requestedRatePps ?? uncheckedPps;
    this.#meter.mayExceed = this.#requestedRatePps === undefined && uncheckedPps < maxPps;
  }

  #taskOf({ options, layout, canSendRaw, chosen: { workers, sendsAside = false } }: Prepared): WorkerTask {
    const { sharesHosts, ...ownLimits } = engineLimits(options, layout.routePlan.beyondGateway, workers);
    // Workers that have hosts of their own share none.
    const limits = !layout.isByHost && sharesHosts ? { ...ownLimits, sharesHosts } : ownLimits;
    return {
      ...layout.task,
      ...(layout.discovery === undefined ? {} : { discovery: discoveryTask(layout.discovery) }),
      limits,
      linkLimits: linkLimits(options, limits, workers),
      options: { ...workerOptions(options), deadlineMs: Math.max(0, this.#deadlineAtMs - performance.now()) },
      maxNotProbed: Math.floor(MAX_NOT_PROBED / workers),
      usesSockets: !canSendRaw && sendPackets(layout.runPasses),
      sendsAside,
      handsOverData: options.services !== undefined,
    };
  }

  /** Returns the reports that are not of the workers: on the work done before, and on what has become undecided. */
  #otherReports(): PassReport[] {
    return [...(this.#before === undefined ? [] : [this.#before]), ...this.#path?.reports() ?? []];
  }

  #afterStep({ services, absent }: ResultPath): ControlState {
    const results = this.#results;
    results.wake();
    if (results.isFull && !results.isConsumed && this.#summaryAsked) results.drop();
    return {
      stop: this.#signal?.aborted === true || results.isAbandoned,
      pause: results.isFull || services?.isFull === true,
      maxRatePps: this.#engineRatePps(),
      absent,
      onPacket: this.#onPacket,
    };
  }

  /** Calls a function when the scan is cancelled or its reader leaves. */
  #endWithReader(stop: () => void): void {
    this.#signal?.addEventListener("abort", stop, { once: true });
    const { onAbandoned } = this.#results;
    this.#results.onAbandoned = () => {
      onAbandoned();
      stop();
    };
    if (this.#signal?.aborted || this.#results.isAbandoned) stop();
  }

  /** Returns the rate that was set for the engines: connections for services have a share of it. */
  #engineRatePps(): number | undefined {
    const ratePps = this.#requestedRatePps;
    if (this.#path?.services === undefined) return ratePps;
    const wholePps = ratePps ?? this.#options.maxRatePps;
    return wholePps === undefined ? undefined : wholePps * ENGINE_SHARE;
  }
}

/** Returns the plan of a scan whose sockets are open. */
function planOf(
  { options, targets, portPasses, layout, limits, chosen, canSendRaw, linkWarnings }: Prepared,
  opened: OpenedSockets,
  { hostnames }: ResultPath,
): ScanPlan {
  const { book, space, udpSpace } = targets;
  const { passes, routePlan, shares, isByHost } = layout;
  const { space: key, seed, shard } = layout.identity;
  return {
    ...{ hosts: shares.hosts, probes: layout.probes, passes, workers: chosen.workers },
    ...{ technique: shownTechnique(passes), transport: opened.transport, sources: opened.sources },
    ports: options.hostsOnly === true ? { count: 0, text: "" } : portsIn(space),
    ...(udpSpace === undefined ? {} : { udpPorts: portsIn(udpSpace) }),
    notes: [
      ...opened.notes,
      paceText(options, limits, routePlan.beyondGateway),
      ...chosen.why,
      ...hostnames?.notes() ?? [],
    ],
    addresses: book,
    ranges: rangesOf(space.hostRanges(), book),
    share: {
      ...{ key, seed, index: shard.index, count: shard.count },
      ...{ by: isByHost ? "host" : "probe", hosts: space.hostCount, probes: layout.wholeSize },
    },
    space: shard.count > 1 ? `${key} ${shard.index}/${shard.count} ${seed}` : key,
    names: targets.names,
    hostnames,
    excluded: {
      hosts: rangesText(targets.excludedHosts, book),
      ports: targets.excluded.ports.union(targets.removed.ports).toString(),
    },
    warnings: [
      ...linkWarnings,
      ...targets.warnings,
      ...opened.warnings,
      ...fallbackWarnings(options, portPasses, canSendRaw),
      ...traceWarnings(options, portPasses, layout.discovery),
      ...layout.discovery?.warnings ?? [],
      ...chosen.warnings,
    ],
  };
}

/** Returns every port that some host of a space is probed at, and how many these are. */
function portsIn({ blocks }: ProbeSpace): ScanPlan["ports"] {
  const ports = PortSet.unionOf(new Set(blocks.map((block) => block.ports)));
  return { count: ports.size, text: ports.toString() };
}

/** Returns the options that a worker needs, without those that are long or cannot pass to another thread. */
function workerOptions(options: ScanOptions): WorkerTask["options"] {
  const { targets: _1, targetLists: _2, exclude: _3, excludeLists: _4, onPacket: _5, ...rest } = options;
  return rest;
}

/** Returns the error for the user in place of an error of a system call. */
function explain(error: unknown): unknown {
  if (!(error instanceof SyscallError)) return error;
  const isLimit = error.errno === ERRNO.EMFILE || error.errno === ERRNO.ENFILE;
  const remedy = isLimit ? RAISE_LIMIT : "Check permissions and interfaces";
  return new CannotScanError(`Cannot scan: ${error.message}. ${remedy}`, { cause: error });
}

/**
 * A running scan: plan, workers, results, snapshots, summary.
 *
 * @module
 */

import { canOpenRaw } from "../../ffi/credentials.ts";
import { ERRNO, SyscallError } from "../../ffi/errno.ts";
import type { Fd } from "../../ffi/socket.ts";
import { CannotScanError } from "../base/errors.ts";
import { withTimeout } from "../base/timeout.ts";
import { WHOLE } from "../order/shard.ts";
import type { HostTimeouts } from "../engine/host_timeouts.ts";
import { countResults, hostAt, type ResultColumns, ROW_LEN } from "../result/batch.ts";
import { isByHost, type Pass, passesOverPorts, probesHosts, shownTechnique, techniqueOf } from "../result/pass.ts";
import type { PortResult } from "../result/port_result.ts";
import type { ResultRows } from "../result/rows.ts";
import type { Progress, Summary } from "../result/summary.ts";
import type { DualBook } from "../target/ipv6_book.ts";
import { PortSet } from "../target/ports.ts";
import { Ranges } from "../target/ranges.ts";
import type { ProbeSpace } from "../target/space.ts";
import type { RoutePlan } from "../transport/open.ts";
import { prepareRing } from "../transport/receiver.ts";
import { RAISE_LIMIT } from "../transport/send_errors.ts";
import type { Scan, ScanControl, ScanPlan } from "./api.ts";
import type { AliasCheck } from "./aliases.ts";
import type { AbsentPorts, AbsentPortsParts } from "./absent_ports.ts";
import type { Calibration } from "./calibration.ts";
import { boundsOf, plannedBefore, rangesOf, rangesText, removedWarnings } from "./exclusions.ts";
import type { HostnameLookup } from "./hostname_lookup.ts";
import { type HostnamePlan, openHostnames } from "./hostnames.ts";
import { routePlanOf } from "./ipv6_parts.ts";
import { checkOptions } from "./option_checks.ts";
import { isOfLink, type ScanOptions } from "./options.ts";
import {
  asksForHosts,
  type DiscoveryPlan,
  discoveryTask,
  familiesIn,
  hostsBeyond,
  likelyProbes,
  planDiscovery,
  reportableHosts,
} from "./discovery.ts";
import { absentPassOf, ofFamilies, passesIn, planPasses, sendPackets, withAbsent, withDiscovery } from "./passes.ts";
import { ProgressMeter } from "./progress_meter.ts";
import { planTargets, serviceName } from "./plan.ts";
import { runPool } from "./pool.ts";
import type { ServicesByProtocol } from "./services_by_protocol.ts";
import { checkTraces, openTraces, traceWarnings } from "./trace_choice.ts";
import type { Traces } from "./traces.ts";
import { ResultQueue } from "./result_queue.ts";
import {
  checkSameScan,
  doneBefore,
  doneTogether,
  hashOfSpace,
  hostsUpIn,
  namesToKeep,
  partOf,
  remainingOf,
  type ScanSnapshot,
  sum,
} from "./snapshot.ts";
import { ScanShares } from "./shares.ts";
import { summarize } from "./summarize.ts";
import { engineLimits, linkLimits, paceText } from "./timing.ts";
import { calibrationWarnings } from "./warnings.ts";
import { chooseWorkers, fallbackWarnings } from "./worker_choice.ts";
import {
  type OpenedSockets,
  type PassReport,
  type RemainingWork,
  spaceBlocks,
  type WorkerSnapshot,
  type WorkerStatus,
  type WorkerTask,
} from "./worker_task.ts";

/**
 * After a deadline or an interruption, ports that were never probed are reported one by one up to this number, which takes some
 * 300 ms. More are only counted.
 */
const MAX_NOT_PROBED = 1 << 16;

/** The share of a rate that the user has set for the probes of ports, while services are identified beside them. */
const ENGINE_SHARE = 0.9;

/** In place of the index of a worker: the results are from before the scan was resumed. */
const NO_WORKER = -1;

/** The parts of a snapshot that stay the same. */
type Identity = Omit<
  ScanSnapshot,
  "ipv6" | "taken" | "parts" | "undelivered" | "waiting" | "lookups" | "traces" | "done"
>;

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
  #workers: { readonly take: () => WorkerSnapshot | Promise<WorkerSnapshot>; readonly resume: () => void }[] = [];
  /** Settles when the last snapshot that was requested is taken. */
  #snapshotting: Promise<void> = Promise.resolve();
  #identity: Identity | undefined;
  /** The addresses of hosts of IPv6, if there are any. */
  #ipv6: DualBook | undefined;
  /** Looks up the names of hosts, if that is wished. */
  #hostnames: HostnameLookup | undefined;
  /** Judges techniques by each other, if a scan has several that can be. */
  #calibration: Calibration | undefined;
  /** Holds results of hosts that may be absent, if there are hosts beyond a gateway. */
  #absent: AbsentPorts | undefined;
  /** Traces the paths to hosts, if that is wished. */
  #traces: Traces | undefined;
  /** Looks for aliased prefixes, if there are several hosts of IPv6. */
  #aliases: AliasCheck | undefined;
  /** Identifies services, if that is wished. */
  #services: ServicesByProtocol | undefined;
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
    this.#summary.catch(() => {}).finally(() => {
      this.#hostnames?.stop();
      this.#traces?.[Symbol.dispose]();
      this.#services?.[Symbol.dispose]();
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
    const progress = this.#meter.of([...this.#statuses.map((status) => status()), ...this.#otherReports()]);
    return this.#services === undefined ? progress : { ...progress, identifying: this.#services.pending };
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
    const undelivered = [
      ...this.#results.waiting,
      ...this.#absent?.held() ?? [],
      ...this.#calibration?.held() ?? [],
      ...this.#services?.held() ?? [],
    ];
    const calibration = this.#calibration?.snapshot();
    const absent = this.#absent?.snapshot();
    const others = this.#otherReports();
    const { taken, length: waiting } = this.#results;
    for (const { resume } of this.#workers) resume();
    const snapshots = settled.map((each) => {
      if (each.status === "rejected") throw each.reason;
      return each.value;
    });
    const reports = [...snapshots.flatMap(({ done }) => done), ...others];
    const done = doneTogether(reports);
    const byState = [...done.byState];
    const passes = passesIn(this.#identity.technique);
    for (const { pass, rows } of undelivered) if (!probesHosts(passes[pass]!)) countResults(rows, byState, -1);
    return {
      ...this.#identity,
      taken,
      ...(this.#hostnames === undefined ? {} : { lookups: this.#hostnames.added() }),
      ...(this.#ipv6 === undefined ? {} : { ipv6: this.#ipv6.kept() }),
      parts: snapshots.map(({ remaining }) => remaining.map(partOf)),
      undelivered: undelivered.map(({ pass, rows }) => ({ pass, rows: [...rows] })),
      waiting,
      ...(calibration === undefined ? {} : { calibration }),
      ...(absent === undefined ? {} : { absent }),
      ...(this.#traces === undefined ? {} : { traces: this.#traces.kept() }),
      done: { ...done, byState, elapsedMs: this.#meter.elapsedMs },
    };
  }

  /** Returns the reports that are not of the workers: on the work done before, and on what has become undecided. */
  #otherReports(): PassReport[] {
    return [
      this.#before,
      this.#absent?.report(),
      this.#calibration?.report(),
      this.#traces?.report(),
      this.#aliases?.report(),
      ...this.#services?.reports() ?? [],
    ]
      .filter((report) => report !== undefined);
  }

  batches(): AsyncGenerator<ResultRows, void, void> {
    return this.#results.read();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<PortResult, void, void> {
    for await (const batch of this.batches()) if (!probesHosts(batch)) yield* batch.kept();
  }

  async #run(planned: (plan: ScanPlan) => void): Promise<Summary> {
    checkOptions(this.#options);
    const { options, warnings: ofLink } = isOfLink(this.#options)
      ? await (await import("./link_hosts.ts")).withLinkHosts(this.#options)
      : { options: this.#options, warnings: [] };
    const before = this.#resumed;
    const targets = await withTimeout(
      planTargets(options, before === undefined ? undefined : plannedBefore(before)),
      this.#deadlineAtMs - performance.now(),
      () => new CannotScanError("Cannot scan in time: the deadline passed while names were looked up. Give more time"),
    );
    const { book, space, udpSpace, removed } = targets;
    const portPasses = planPasses(options);
    checkTraces(options, portPasses);
    // Privileges are dropped later.
    const canSendRaw = canOpenRaw();
    using ring = sendPackets(portPasses) && canSendRaw && options.transport !== "sendto"
      ? await prepareRing(space.size * portPasses.length)
      : undefined;
    const blocks = spaceBlocks(space);
    // The digest is computed on another thread meanwhile.
    const ipv6 = this.#ipv6 = targets.ipv6;
    if (before?.ipv6 !== undefined) ipv6?.senders.take(before.ipv6.senders);
    const udpBlocks = udpSpace && spaceBlocks(udpSpace);
    const hashing = hashOfSpace([...blocks, ...udpBlocks ?? []], ipv6?.parts);
    const routePlan = await routePlanOf({
      targets: space.hostRanges().subtract(removed.hosts),
      interfaceName: options.interface,
      sourceIp: options.sourceIp,
    }, book);
    const discovery = await discoveryOf(options, routePlan, space, portPasses);
    const families = familiesIn(space.hostRanges(), book);
    const runPasses = withDiscovery(discovery, options.hostsOnly === true ? [] : ofFamilies(portPasses, families));
    const byHost = isByHost(runPasses);
    const reportable = reportableHosts(options, routePlan, space.hostRanges());
    const hasAbsent = before === undefined
      ? reportable.size > 0
      : absentPassOf(passesIn(before.technique)) !== undefined && !options.noDiscovery && !options.pings?.length;
    const passes = hasAbsent ? withAbsent(runPasses) : runPasses;
    const absentPass = hasAbsent ? absentPassOf(passes)!.number : undefined;
    const technique = techniqueOf(passes);
    const shard = options.shard ?? WHOLE;
    const isUdp = ({ proto }: Pass) => proto === "udp";
    const spaceOfPass = (pass: Pass) => isUdp(pass) && udpSpace !== undefined ? udpSpace : space;
    const spaceHash = await hashing;
    const size = space.size + (udpSpace?.size ?? 0);
    if (before !== undefined) {
      checkSameScan(before, { technique, size, space: spaceHash, shard });
      this.#before = doneBefore(before, passes);
    }
    const overPorts = passesOverPorts(passes);
    const wholeSize = sum(overPorts, (pass) => spaceOfPass(pass).size);
    const seed = before?.seed ?? options.seed ?? crypto.getRandomValues(new Uint32Array(1))[0]!;
    this.#identity = {
      ...{ seed, size, hosts: space.hostCount, space: spaceHash, technique, shard },
      names: namesToKeep(targets.answers),
      excluded: boundsOf(targets.excluded),
      removed: boundsOf(removed),
    };
    const limits = engineLimits(options, routePlan.beyondGateway);
    const shares = new ScanShares(space, { seed, shard, isByHost: byHost });
    const udpShares = udpSpace && new ScanShares(udpSpace, { seed, shard, isByHost: byHost });
    const sharesOf = (pass: Pass) => isUdp(pass) ? udpShares ?? shares : shares;
    this.#meter.probes = sum(overPorts, (pass) => sharesOf(pass).size);
    const { workers, ...chosen } = chooseWorkers(
      before === undefined ? options : { ...options, workers: before.parts.length },
      runPasses,
      sum(
        overPorts,
        (pass) => discovery === undefined ? sharesOf(pass).size : likelyProbes(spaceOfPass(pass), discovery),
      ),
      limits,
    );
    if (before !== undefined && workers !== before.parts.length) {
      throw new CannotScanError(
        `Cannot resume: the scan was divided among ${before.parts.length} workers. Give the permissions that it had`,
      );
    }
    const remaining = before === undefined ? [] : remainingOf(before);
    const sizes = shares.sizes(workers);
    const udpSizes = udpShares?.sizes(workers) ?? sizes;
    const { sharesHosts, ...ownLimits } = engineLimits(options, routePlan.beyondGateway, workers);
    // Workers that have hosts of their own share none.
    const workerLimits = !byHost && sharesHosts ? { ...ownLimits, sharesHosts } : ownLimits;
    const task: WorkerTask = {
      blocks,
      ...(udpBlocks === undefined ? {} : { udpBlocks }),
      ...(ipv6 === undefined ? {} : { ipv6: ipv6.parts }),
      probes: wholeSize,
      excludePorts: [...targets.excluded.ports.union(removed.ports).ranges],
      ...(removed.hosts.count === 0 ? {} : { excludeHosts: Uint32Array.from(boundsOf(removed).hosts) }),
      seed,
      shard,
      passes: runPasses,
      absentPass,
      ...(discovery === undefined ? {} : { discovery: discoveryTask(discovery) }),
      limits: workerLimits,
      linkLimits: linkLimits(options, workerLimits, workers),
      options: { ...workerOptions(options), deadlineMs: Math.max(0, this.#deadlineAtMs - performance.now()) },
      maxNotProbed: Math.floor(MAX_NOT_PROBED / workers),
      usesSockets: !canSendRaw && sendPackets(runPasses),
      sendsAside: chosen.sendsAside === true,
      handsOverData: options.services !== undefined,
    };
    this.#packetsSeen = sendPackets(runPasses) && workers === 1;
    const { maxPps, uncheckedPps = maxPps } = limits.rate;
    this.#meter.maxRatePps = this.#requestedRatePps ?? uncheckedPps;
    this.#meter.mayExceed = this.#requestedRatePps === undefined && uncheckedPps < maxPps;
    await this.#openHostnames({
      hosts: space.hostRanges().subtract(removed.hosts),
      shard,
      excluded: targets.excluded.hosts.union(removed.hosts),
      book,
      // Not that of the timing template, which spares the hosts that are probed.
      maxRatePps: () => this.#requestedRatePps ?? options.maxRatePps ?? Infinity,
      lookups: before?.lookups,
      isResumed: before !== undefined,
    });
    const timeouts = options.hostTimeoutMs === undefined
      ? undefined
      : new (await import("../engine/host_timeouts.ts")).HostTimeouts(options.hostTimeoutMs, book.ipv6?.first);
    const traces = this.#traces = await openTraces({
      ...{ options, passes: runPasses, routePlan, limits, timeouts },
      hosts: space.hostRanges().subtract(removed.hosts),
      excludedPorts: targets.excluded.ports.union(removed.ports),
    });
    if (before?.traces !== undefined) traces?.resume(before.traces);
    const plan = Promise.withResolvers<ScanPlan>();
    const names = {
      ...{ addresses: book, hosts: targets.names, service: serviceName },
      ...(options.services === undefined
        ? {}
        : { finding: (host: number, port: number, pass: number) => this.#services?.finding(host, port, pass) }),
    };
    const deliver = (rows: ResultColumns, pass: number) => {
      this.#results.add(rows, names, passes[pass]!);
      this.#results.wake();
    };
    const services = this.#services = options.services && await (await import("./service_choice.ts")).openServices({
      ...{ options, passes, book, routePlan, names: targets.names, removed, limits, timeouts, emit: deliver },
      maxRatePps: () => this.#requestedRatePps ?? limits.rate.maxPps,
    });
    this.#endWithReader(() => services?.stop("interrupted"));
    const hosts = space.hostRanges();
    const aliases = this.#aliases = ipv6 === undefined || !this.#seeksAliases
      ? undefined
      : await (await import("./aliases.ts")).AliasCheck.of(ipv6.ipv6, hosts, hostsBeyond(routePlan, hosts), options);
    const emit = (rows: ResultColumns, pass: number) => {
      traces?.add(rows, pass);
      aliases?.take(rows, passes[pass]!);
      const others = services?.add(rows, pass) ?? rows;
      if (others.length > 0) this.#results.add(others, names, passes[pass]!);
    };
    const calibration = this.#calibration = runPasses.length === 1
      ? undefined
      : (await import("./calibration.ts")).Calibration.of(passes, workers, emit);
    if (before?.calibration !== undefined) calibration?.resume(before.calibration);
    const judge = (rows: ResultColumns, pass: number, worker: number) => {
      if (calibration !== undefined) calibration.take(rows, pass, worker);
      else if (rows.length > 0) emit(rows, pass);
    };
    const absent = this.#absent = absentPass === undefined ? undefined : await openAbsentPorts({
      ...{ passes, absentPass, hosts: reportable, emit: judge },
      isSingle: wholeSize === space.hostCount,
      // Only a part of a host's ports is probed here where the scan is divided by probe.
      portsOf: (host) => !byHost && shard.count > 1 ? 0 : sum(overPorts, (pass) => spaceOfPass(pass).portCountOf(host)),
    }, before);
    const control = {
      results: (rows: ResultColumns, pass: number, worker: number) => {
        this.#hostnames?.addReplied(rows);
        // Where there are hosts of IPv6, those that were found may wait long for their ports.
        const isWaiting = book.ipv6 !== undefined && probesHosts(passes[pass]!);
        if (timeouts !== undefined && !isWaiting) beginTimes(timeouts, rows);
        if (absent === undefined) judge(rows, pass, worker);
        else absent.take(rows, pass, worker);
      },
      hasUndelivered: () => this.#results.isWaiting,
      onAccepted: services && ((host: number, port: number, socket: Fd) => services.offer(host, port, socket)),
      onServiceData: services?.keep.bind(services),
      routePlan,
      ring,
      opened: (opened: OpenedSockets) => {
        this.#meter.begin();
        plan.resolve({
          ...{ hosts: shares.hosts, probes: this.#meter.probes, passes, workers },
          ...{ technique: shownTechnique(passes), transport: opened.transport, sources: opened.sources },
          ports: options.hostsOnly === true ? { count: 0, text: "" } : portsIn(space),
          ...(udpSpace === undefined ? {} : { udpPorts: portsIn(udpSpace) }),
          notes: [
            ...opened.notes,
            paceText(options, limits, routePlan.beyondGateway),
            ...chosen.why,
            ...this.#hostnames?.notes() ?? [],
          ],
          addresses: book,
          ranges: rangesOf(space.hostRanges(), book),
          share: {
            ...{ key: spaceHash, seed, index: shard.index, count: shard.count },
            ...{
              by: byHost ? "host" : "probe",
              hosts: space.hostCount,
              probes: wholeSize,
            },
          },
          space: shard.count > 1 ? `${spaceHash} ${shard.index}/${shard.count} ${seed}` : spaceHash,
          names: targets.names,
          hostnames: this.#hostnames,
          excluded: {
            hosts: rangesText(targets.excludedHosts, book),
            ports: targets.excluded.ports.union(removed.ports).toString(),
          },
          warnings: [
            ...ofLink,
            ...targets.warnings,
            ...opened.warnings,
            ...fallbackWarnings(options, portPasses, canSendRaw),
            ...traceWarnings(options, portPasses, discovery),
            ...discovery?.warnings ?? [],
            ...chosen.warnings,
          ],
        });
        plan.promise.then(planned);
      },
      afterStep: () => {
        const results = this.#results;
        results.wake();
        if (results.isFull && !results.isConsumed && this.#summaryAsked) results.drop();
        return {
          stop: this.#signal?.aborted === true || results.isAbandoned,
          pause: results.isFull || services?.isFull === true,
          maxRatePps: this.#engineRatePps(),
          absent: absent?.reported,
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
    for (const { pass, rows } of before?.undelivered ?? []) control.results(Uint32Array.from(rows), pass, NO_WORKER);
    const outcomes = await runPool(task, workers, control, remaining);
    // A snapshot under way holds results.
    await this.#snapshotting;
    absent?.finish();
    calibration?.finish();
    this.#results.wake();
    // Every pass has the same order: no host is in a later pass alone.
    const probed = sizes.map((size, index) => {
      const outcome = outcomes[index];
      const count = outcome !== undefined && "passes" in outcome ? outcome.passes[0]!.probed : size;
      return { count, before: remaining[index]?.[0]?.position ?? 0 };
    });
    const isTarget = space.hostRanges();
    await Promise.all([
      services?.finish(this.#deadlineAtMs),
      traces?.run(this.#deadlineAtMs, control.afterStep),
    ]);
    for (const { ip } of traces?.traces.flatMap(({ hops }) => hops) ?? []) {
      if (ip !== undefined) this.#hostnames?.addHost(book.hostOf(ip));
    }
    const reports = [
      ...outcomes.flatMap((outcome) => "passes" in outcome ? outcome.passes : []),
      ...this.#otherReports(),
    ];
    await aliases?.run({
      ...{ options, signal: this.#signal, deadlineAtMs: this.#deadlineAtMs },
      up: hostsUpIn(reports),
      scan: (options, control) => new RunningScan(options, control, false),
    });
    const elapsedMs = this.#meter.elapsedMs;
    await this.#hostnames?.finish(this.#deadlineAtMs);
    const hostnames = this.#hostnames?.named() ?? [];
    return summarize(await plan.promise, outcomes, this.#otherReports(), {
      hosts: shares.probedHosts(probed, removed.hosts),
      elapsedMs,
      aliased: aliases?.aliased ?? [],
      ...traces?.named(hostnames, (ip) => isTarget.has(book.hostOf(ip))) ?? { traces: [], hostnames },
      sizes: sizes.map((size, index) =>
        sum(overPorts, (pass) => remainingSize(isUdp(pass) ? udpSizes[index]! : size, remaining[index]?.[pass.number]))
      ),
      warnings: [
        ...targets.unresolved,
        ...removedWarnings(book, removed),
        ...this.#hostnames?.warnings() ?? [],
        ...traces?.warnings() ?? [],
        ...services?.warnings() ?? [],
        ...aliases?.warnings() ?? [],
        ...calibrationWarnings(calibration?.findings, book),
      ],
      isComplete: targets.unresolved.length === 0,
    });
  }

  /** Begins to look up names, until the scan is cancelled or its reader leaves. */
  async #openHostnames(plan: HostnamePlan): Promise<void> {
    const lookup = this.#hostnames = await openHostnames(this.#options, plan);
    if (lookup === undefined) return;
    this.#endWithReader(() => lookup.stop());
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
    if (this.#services === undefined) return ratePps;
    const wholePps = ratePps ?? this.#options.maxRatePps;
    return wholePps === undefined ? undefined : wholePps * ENGINE_SHARE;
  }
}

/**
 * Plans the discovery of a scan; undefined if no host is probed as a whole.
 *
 * @throws {CannotScanError} If the user asks for something that needs raw sockets, and there are none.
 */
async function discoveryOf(
  options: ScanOptions,
  routePlan: RoutePlan,
  space: ProbeSpace,
  portPasses: readonly Pass[],
): Promise<DiscoveryPlan | undefined> {
  const isRaw = canOpenRaw();
  if (!(isRaw && sendPackets(portPasses)) && !asksForHosts(options)) return undefined;
  if (isRaw) return await planDiscovery(options, routePlan, space);
  const { planSocketDiscovery } = await import("./socket_discovery.ts");
  return planSocketDiscovery(options, routePlan, space);
}

/** Opens what holds the results of hosts that may be absent. */
async function openAbsentPorts(
  parts: Omit<AbsentPortsParts, "wasUp">,
  before: ScanSnapshot | undefined,
): Promise<AbsentPorts> {
  const wereUp = Ranges.fromSortedBounds(Uint32Array.from(before?.done.hostsUp ?? []));
  const { AbsentPorts } = await import("./absent_ports.ts");
  const absent = new AbsentPorts({ ...parts, wasUp: (host) => wereUp.has(host) });
  if (before?.absent !== undefined) absent.resume(before.absent);
  return absent;
}

/** Returns every port that some host of a space is probed at, and how many these are. */
function portsIn({ blocks }: ProbeSpace): ScanPlan["ports"] {
  const ports = PortSet.unionOf(new Set(blocks.map((block) => block.ports)));
  return { count: ports.size, text: ports.toString() };
}

/** Notes that the hosts of results are known by now: their first probes, which a worker has sent, were not much earlier. */
function beginTimes(timeouts: HostTimeouts, rows: ResultColumns): void {
  const nowMs = performance.now();
  for (let at = 0; at < rows.length; at += ROW_LEN) timeouts.begin(hostAt(rows, at), nowMs);
}

/** Returns the number of probes that remain of a worker's `size` in a pass. */
function remainingSize(size: number, remaining: RemainingWork | undefined): number {
  return remaining === undefined ? size : remaining.pending.length / 2 + Math.max(0, size - remaining.position);
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

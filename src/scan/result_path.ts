/**
 * The path of results from the workers to the reader: those of hosts that may be absent and those of techniques that are judged by each
 * other are held, open ports wait for their services, and traces, aliased prefixes and names learn which hosts reply.
 *
 * @module
 */

import type { HostTimeouts } from "../engine/host_timeouts.ts";
import { hostAt, type ResultColumns, ROW_LEN } from "../result/batch.ts";
import { probesHosts } from "../result/pass.ts";
import type { Names, ResultRows } from "../result/rows.ts";
import { Ranges } from "../target/ranges.ts";
import type { EngineLimits } from "../engine/engine.ts";
import type { AbsentPorts } from "./absent_ports.ts";
import type { AliasCheck } from "./aliases.ts";
import type { Calibration } from "./calibration.ts";
import { hostsBeyond } from "./discovery.ts";
import type { HostnameLookup } from "./hostname_lookup.ts";
import { openHostnames } from "./hostnames.ts";
import type { ScanLayout } from "./layout.ts";
import type { ScanOptions } from "./options.ts";
import type { ScanTargets } from "./plan.ts";
import type { ResultQueue } from "./result_queue.ts";
import { serviceName } from "./service_names.ts";
import type { ServicesByProtocol } from "./services_by_protocol.ts";
import type { ScanSnapshot } from "./snapshot.ts";
import { openTraces } from "./trace_choice.ts";
import type { Traces } from "./traces.ts";
import { calibrationWarnings } from "./warnings.ts";
import type { PassReport } from "./worker_task.ts";

/** In place of the index of a worker: the results are from before the scan was resumed. */
const NO_WORKER = -1;

/** The parts of a scan that its path of results depends on. */
interface ResultPathPlan {
  readonly options: ScanOptions;
  readonly targets: ScanTargets;
  readonly layout: ScanLayout;
  readonly limits: EngineLimits;
  readonly workers: number;
  /** The snapshot of a scan that is resumed. */
  readonly before: ScanSnapshot | undefined;
  /** False for a scan of the control addresses of another one. */
  readonly seeksAliases: boolean;
  /** Takes the results that are ready. */
  readonly queue: ResultQueue;
  /** The rate that was set while the scan ran. */
  readonly requestedRatePps: () => number | undefined;
}

/** The path of the results of one scan. */
export class ResultPath implements Disposable {
  readonly #plan: ResultPathPlan;
  readonly #names: Names;
  /** Looks up the names of hosts, if that is wished. */
  hostnames: HostnameLookup | undefined;
  /** Traces the paths to hosts, if that is wished. */
  traces: Traces | undefined;
  /** Identifies services, if that is wished. */
  services: ServicesByProtocol | undefined;
  /** Looks for aliased prefixes, if there are several hosts of IPv6. */
  aliases: AliasCheck | undefined;
  #timeouts: HostTimeouts | undefined;
  /** Judges techniques by each other, if a scan has several that can be. */
  #calibration: Calibration | undefined;
  /** Holds results of hosts that may be absent, if there are hosts beyond a gateway. */
  #absent: AbsentPorts | undefined;

  /** @param endWithReader Calls a function when the scan is cancelled or its reader leaves. */
  static async open(plan: ResultPathPlan, endWithReader: (stop: () => void) => void): Promise<ResultPath> {
    using opening = new DisposableStack();
    const path = opening.use(new ResultPath(plan));
    await path.#open(endWithReader);
    opening.move();
    return path;
  }

  private constructor(plan: ResultPathPlan) {
    this.#plan = plan;
    const { options, targets } = plan;
    this.#names = {
      ...{ addresses: targets.book, hosts: targets.names, service: serviceName },
      ...(options.services === undefined
        ? {}
        : { finding: (host: number, port: number, pass: number) => this.services?.finding(host, port, pass) }),
    };
  }

  async #open(endWithReader: (stop: () => void) => void): Promise<void> {
    const { options, targets, layout, limits, workers, before, requestedRatePps } = this.#plan;
    const { book, removed, excluded, ipv6 } = targets;
    const { routePlan, passes, runPasses, absentPass } = layout;
    const hosts = targets.space.hostRanges();
    const left = hosts.subtract(removed.hosts);
    const hostnames = this.hostnames = await openHostnames(options, {
      ...{ hosts: left, book, lookups: before?.lookups, isResumed: before !== undefined },
      shard: layout.identity.shard,
      excluded: excluded.hosts.union(removed.hosts),
      // Not that of the timing template, which spares the hosts that are probed.
      maxRatePps: () => requestedRatePps() ?? options.maxRatePps ?? Infinity,
    });
    if (hostnames !== undefined) endWithReader(() => hostnames.stop());
    const timeouts = this.#timeouts = options.hostTimeoutMs === undefined
      ? undefined
      : new (await import("../engine/host_timeouts.ts")).HostTimeouts(options.hostTimeoutMs, book.ipv6?.first);
    const traces = this.traces = await openTraces({
      ...{ options, passes: runPasses, routePlan, limits, timeouts, hosts: left },
      excludedPorts: excluded.ports.union(removed.ports),
    });
    if (before?.traces !== undefined) traces?.resume(before.traces);
    const services = this.services = options.services && await (await import("./service_choice.ts")).openServices({
      ...{ options, passes, book, routePlan, names: targets.names, removed, limits, timeouts },
      emit: (rows, pass) => {
        this.#queue(rows, pass);
        this.#plan.queue.wake();
      },
      maxRatePps: () => requestedRatePps() ?? limits.rate.maxPps,
    });
    endWithReader(() => services?.stop("interrupted"));
    this.aliases = ipv6 === undefined || !this.#plan.seeksAliases
      ? undefined
      : await (await import("./aliases.ts")).AliasCheck.of(ipv6.ipv6, hosts, hostsBeyond(routePlan, hosts), options);
    const calibration = this.#calibration = runPasses.length === 1
      ? undefined
      : (await import("./calibration.ts")).Calibration.of(passes, workers, (rows, pass) => this.#emit(rows, pass));
    if (before?.calibration !== undefined) calibration?.resume(before.calibration);
    if (absentPass !== undefined) await this.#openAbsent(absentPass);
  }

  async #openAbsent(absentPass: number): Promise<void> {
    const { before, layout, targets } = this.#plan;
    const wereUp = Ranges.fromSortedBounds(Uint32Array.from(before?.done.hostsUp ?? []));
    const { AbsentPorts } = await import("./absent_ports.ts");
    const absent = this.#absent = new AbsentPorts({
      ...{ passes: layout.passes, absentPass, hosts: layout.reportable },
      emit: (rows, pass, worker) => this.#judge(rows, pass, worker),
      isSingle: layout.wholeSize === targets.space.hostCount,
      portsOf: (host) => layout.portsOf(host),
      wasUp: (host) => wereUp.has(host),
    });
    if (before?.absent !== undefined) absent.resume(before.absent);
  }

  /** Takes the results that had not been read when the scan was interrupted. */
  resume(): void {
    for (const { pass, rows } of this.#plan.before?.undelivered ?? []) {
      this.take(Uint32Array.from(rows), pass, NO_WORKER);
    }
  }

  /** Takes results of a pass, by its number, and of the worker at an index. */
  take(rows: ResultColumns, pass: number, worker: number): void {
    this.hostnames?.addReplied(rows);
    const { book } = this.#plan.targets;
    // Where there are hosts of IPv6, those that were found may wait long for their ports.
    const isWaiting = book.ipv6 !== undefined && probesHosts(this.#plan.layout.passes[pass]!);
    if (this.#timeouts !== undefined && !isWaiting) beginTimes(this.#timeouts, rows);
    if (this.#absent === undefined) this.#judge(rows, pass, worker);
    else this.#absent.take(rows, pass, worker);
  }

  #judge(rows: ResultColumns, pass: number, worker: number): void {
    if (this.#calibration !== undefined) this.#calibration.take(rows, pass, worker);
    else if (rows.length > 0) this.#emit(rows, pass);
  }

  #emit(rows: ResultColumns, pass: number): void {
    this.traces?.add(rows, pass);
    this.aliases?.take(rows, this.#plan.layout.passes[pass]!);
    const others = this.services?.add(rows, pass) ?? rows;
    if (others.length > 0) this.#queue(others, pass);
  }

  #queue(rows: ResultColumns, pass: number): void {
    this.#plan.queue.add(rows, this.#names, this.#plan.layout.passes[pass]!);
  }

  /** The hosts that routers have reported as absent, each followed by its router; undefined where none can be. */
  get absent(): readonly number[] | undefined {
    return this.#absent?.reported;
  }

  /** Returns the results that the reader has not read: first those that wait for it, then those that are held. */
  undelivered(): (ResultRows | { readonly rows: ResultColumns; readonly pass: number })[] {
    return [
      ...this.#plan.queue.waiting,
      ...this.#absent?.held() ?? [],
      ...this.#calibration?.held() ?? [],
      ...this.services?.held() ?? [],
    ];
  }

  /** Returns the parts of a snapshot that are of held results. */
  snapshot(): Pick<ScanSnapshot, "calibration" | "absent"> {
    const calibration = this.#calibration?.snapshot();
    const absent = this.#absent?.snapshot();
    return { ...(calibration === undefined ? {} : { calibration }), ...(absent === undefined ? {} : { absent }) };
  }

  /** Returns the reports on what has become undecided, and on what was sent beside the workers. */
  reports(): PassReport[] {
    return [
      this.#absent?.report(),
      this.#calibration?.report(),
      this.traces?.report(),
      this.aliases?.report(),
      ...this.services?.reports() ?? [],
    ].filter((report) => report !== undefined);
  }

  /** Decides what is held: the workers have ended. */
  finish(): void {
    this.#absent?.finish();
    this.#calibration?.finish();
    this.#plan.queue.wake();
  }

  /** Warnings, a line each. */
  warnings(): string[] {
    return [
      ...this.hostnames?.warnings() ?? [],
      ...this.traces?.warnings() ?? [],
      ...this.services?.warnings() ?? [],
      ...this.aliases?.warnings() ?? [],
      ...calibrationWarnings(this.#calibration?.findings, this.#plan.targets.book),
    ];
  }

  [Symbol.dispose](): void {
    this.hostnames?.stop();
    this.traces?.[Symbol.dispose]();
    this.services?.[Symbol.dispose]();
  }
}

/** Notes that the hosts of results are known by now: their first probes, which a worker has sent, were not much earlier. */
function beginTimes(timeouts: HostTimeouts, rows: ResultColumns): void {
  const nowMs = performance.now();
  for (let at = 0; at < rows.length; at += ROW_LEN) timeouts.begin(hostAt(rows, at), nowMs);
}

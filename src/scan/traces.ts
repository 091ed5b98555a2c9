/**
 * The traces of a scan, after its ports: one engine for the hosts of all workers, so that routers which they share are probed once.
 *
 * @module
 */

import { counted } from "../base/text.ts";
import { systemClock } from "../base/clock.ts";
import { EventLoopYielder } from "../base/event_loop.ts";
import { PacketDriver, packetNeeds } from "../driver/packet_driver.ts";
import { Engine, type EngineLimits } from "../engine/engine.ts";
import { run } from "../engine/loop.ts";
import type { HostTimeouts } from "../engine/host_timeouts.ts";
import { hostAt, reasonAt, type ResultColumns, ROW_LEN } from "../result/batch.ts";
import { reasonCode } from "../result/reasons.ts";
import type { Pass } from "../result/pass.ts";
import { STATES } from "../result/states.ts";
import type { Hostname, Summary } from "../result/summary.ts";
import type { Trace } from "../result/trace.ts";
import { type AddressBook, familyOf } from "../target/address_book.ts";
import type { PortSet } from "../target/ports.ts";
import type { Ranges } from "../target/ranges.ts";
import { type PingKind, PingTechnique } from "../technique/ping.ts";
import { TcpTechnique } from "../technique/tcp_technique.ts";
import { packetTechnique } from "../technique/techniques.ts";
import { MAX_TRACE_KINDS, TraceTechnique } from "../technique/trace.ts";
import { type OpenedTransport, openTransport, type OpenTransportOptions } from "../transport/open.ts";
import type { RoutePlan } from "../transport/target_routes.ts";
import { openIpv6 } from "./ipv6_parts.ts";
import type { ScanOptions } from "./options.ts";
import { namesOfHops } from "./trace_names.ts";
import { traceOf } from "./trace_report.ts";
import { KnownRoutes } from "./trace_routes.ts";
import { type TracedHost, type TraceJob, TraceSource } from "./trace_source.ts";
import { MarkedTokens } from "./trace_tokens.ts";
import { guessedDistance, type HostToTrace, type KeptTraces, TraceTargets } from "./trace_targets.ts";
import { type ControlState, EMPTY_REPORT, type PassReport } from "./worker_task.ts";

const HOST_TIMEOUT = reasonCode("host-timeout");

/** The parts of a scan that its traces need. */
export interface TracePlan {
  readonly options: ScanOptions;
  readonly passes: readonly Pass[];
  /** Hosts to probe. */
  readonly hosts: Ranges;
  /** Ports never to be probed. */
  readonly excludedPorts: PortSet;
  readonly routePlan: RoutePlan;
  readonly limits: EngineLimits;
  /** The times of hosts, from their first results on, if they are limited. */
  readonly timeouts: HostTimeouts | undefined;
}

/** A job, and the host and the filtered ports that it is for. */
interface Planned {
  readonly job: TraceJob;
  readonly host: HostToTrace;
}

/** The means to trace hosts of one address family. */
interface FamilyTraces {
  readonly family: 4 | 6;
  readonly opened: OpenedTransport;
  readonly book: AddressBook;
  techniqueOf(kinds: readonly PingKind[]): TraceTechnique;
}

/** Traces the hosts of a scan. */
export class Traces implements Disposable {
  readonly #plan: TracePlan;
  readonly #targets: TraceTargets;
  /** The techniques of passes, by number, whose probes serve for a trace. */
  readonly #techniques: readonly (TracingTechnique | undefined)[];
  readonly #families: readonly FamilyTraces[];
  readonly #timedOut = new Set<number>();
  #traces: Trace[] = [];
  #ended: Summary["ended"] = "done";
  /** The counters of engines that have ended. */
  #sent = 0;
  #unmatched = 0;
  #sendRetries = 0;
  readonly #sendErrors = new Map<string, number>();

  private constructor(
    plan: TracePlan,
    techniques: readonly (TracingTechnique | undefined)[],
    families: readonly FamilyTraces[],
  ) {
    this.#plan = plan;
    this.#targets = new TraceTargets(plan.options.whereFiltered === true);
    this.#techniques = techniques;
    this.#families = families;
  }

  /**
   * Opens the sockets: privileges may be dropped before the ports are probed.
   *
   * @returns Undefined if no pass has probes that serve for traces.
   * @throws {CannotScanError} If they cannot be opened.
   */
  static async open(plan: TracePlan): Promise<Traces | undefined> {
    const { options, passes } = plan;
    const techniques = passes.map(({ technique }) => {
      const found = packetTechnique(technique, options);
      return found instanceof TcpTechnique || found instanceof PingTechnique ? found : undefined;
    });
    using opening = new DisposableStack();
    const families: FamilyTraces[] = [];
    for (const family of [4, 6] as const) {
      const kinds = techniques.flatMap((each, pass) =>
        each === undefined || (passes[pass]!.family ?? 4) !== family
          ? []
          : each instanceof PingTechnique
          ? each.kinds
          : [kindOf(each, 0)]
      );
      // ARP and neighbor discovery pass no router.
      if (kinds.length === 0) continue;
      const found = await openFamily(family, kinds, plan);
      opening.use(found.opened);
      families.push(found);
    }
    opening.move();
    return families.length === 0 ? undefined : new Traces(plan, techniques, families);
  }

  /** Takes results of a pass. */
  add(rows: ResultColumns, pass: number): void {
    if (this.#plan.timeouts !== undefined) this.#noteTimedOut(rows);
    if (this.#techniques[pass] !== undefined) this.#targets.add(rows, pass);
  }

  /** Notes hosts whose time is up: they are not traced. */
  #noteTimedOut(rows: ResultColumns): void {
    for (let at = 0; at < rows.length; at += ROW_LEN) {
      if (reasonAt(rows, at) === HOST_TIMEOUT) this.#timedOut.add(hostAt(rows, at));
    }
  }

  /** Takes the hosts to trace of a scan that is resumed. */
  resume(kept: KeptTraces): void {
    const { hosts, excludedPorts } = this.#plan;
    this.#targets.resume(kept, (host, pass, what) => {
      const kind = kindOf(this.#techniques[pass]!, what);
      return hosts.has(host) && !("tcp" in kind && excludedPorts.has(kind.port));
    });
  }

  /** Returns the hosts to trace in the form of a snapshot. */
  kept(): KeptTraces {
    return this.#targets.kept();
  }

  /** The paths that were found, in the order of hosts. */
  get traces(): readonly Trace[] {
    return this.#traces;
  }

  /** Returns the paths with the names of their hops, and the names of targets alone. */
  named(names: readonly Hostname[], isTarget: (ip: string) => boolean): ReturnType<typeof namesOfHops> {
    return namesOfHops(this.#traces, names, isTarget);
  }

  /** Warnings, a line each. */
  warnings(): string[] {
    const { leftOut } = this.#targets;
    return leftOut === 0
      ? []
      : [`Where ports are filtered was not traced for ${counted(leftOut, "more host")}: it was for 64`];
  }

  /**
   * Traces the hosts.
   *
   * @param deadlineAtMs When to end at the latest.
   * @param control Returns the control state, after each step.
   */
  async run(deadlineAtMs: number, control: () => ControlState): Promise<void> {
    const known = new KnownRoutes();
    const traced: { readonly host: HostToTrace; readonly found: TracedHost; readonly kind: PingKind }[] = [];
    for (const means of this.#families) {
      for (const { planned, kinds } of this.#batches(means.family)) {
        const hosts = new Map(planned.map(({ job, host }) => [job, host]));
        const jobs = planned.map(({ job }) => job);
        for (const found of await this.#runEngine(means, jobs, kinds, known, deadlineAtMs, control)) {
          traced.push({ host: hosts.get(found.job)!, found, kind: kinds[found.job.kind]! });
        }
        if (this.#ended !== "done") break;
      }
      if (this.#ended !== "done") break;
    }
    this.#traces = traced.sort((one, other) => one.host.host - other.host.host)
      .map(({ host, found, kind }) => traceOf(host, found, kind, this.#plan.passes, this.#plan.routePlan.book))
      .filter(({ hops, filtered }) => hops.length > 0 || filtered.length > 0);
  }

  /** Returns the counts of the traces as those of a pass without results. Their rate is not that of the scan. */
  report(): PassReport {
    return {
      ...EMPTY_REPORT,
      ...{ ended: this.#ended, sent: this.#sent, sendRetries: this.#sendRetries },
      ...{ sendErrors: [...this.#sendErrors], unmatched: this.#unmatched, byState: STATES.map(() => 0) },
    };
  }

  [Symbol.dispose](): void {
    for (const { opened } of this.#families) opened[Symbol.dispose]();
  }

  /** Yields the jobs of an address family, so many at a time as have no more kinds of probe than one technique can have. */
  *#batches(family: 4 | 6): Generator<{ readonly planned: Planned[]; readonly kinds: PingKind[] }> {
    let planned: Planned[] = [];
    let kinds: PingKind[] = [];
    let numbers = new Map<number, number>();
    for (const host of this.#targets.hosts()) {
      if (this.#timedOut.has(host.host) || familyOf(this.#plan.routePlan.book, host.host) !== family) continue;
      const { filtered } = host;
      const probed = [
        ...host.answer === undefined ? [] : [host.answer],
        ...filtered?.samples.map((at) => ({ pass: filtered.pass, port: filtered.ports[at]! })) ?? [],
      ];
      if (kinds.length + probed.length > MAX_TRACE_KINDS) {
        yield { planned, kinds };
        planned = [];
        kinds = [];
        numbers = new Map();
      }
      const [first, ...others] = probed.map(({ pass, port }) => {
        const key = pass << 16 | port;
        const number = numbers.get(key) ?? numberOf(kindOf(this.#techniques[pass]!, port), kinds);
        numbers.set(key, number);
        return number;
      });
      const samples = host.answer === undefined ? [first!, ...others] : others;
      const distance = host.answer === undefined ? 0 : guessedDistance(host.answer.ttl);
      planned.push({ job: { host: host.host, way: this.#wayTo(host.host), distance, kind: first!, samples }, host });
    }
    if (planned.length > 0) yield { planned, kinds };
  }

  /** Returns a text for the way out of this machine: interface and gateway, and of IPv6 the network, which numbers of hosts do not show. */
  #wayTo(host: number): string {
    const { routes, book } = this.#plan.routePlan;
    const { answer } = routes.segments[routes.indexFor(host)]!;
    const network = familyOf(book, host) === 6 ? ` ${book.ipv6!.addressOf(host) >> 64n}` : "";
    return answer.type === "unicast"
      ? `${answer.interfaceIndex} ${answer.gateway ?? answer.gateway6}${network}`
      : network;
  }

  async #runEngine(
    { opened, book, techniqueOf }: FamilyTraces,
    jobs: readonly TraceJob[],
    kinds: readonly PingKind[],
    known: KnownRoutes,
    deadlineAtMs: number,
    control: () => ControlState,
  ): Promise<TracedHost[]> {
    const { limits } = this.#plan;
    const { transport, sources, ports, broadcasts } = opened;
    // The transport is that of all engines: the driver is not disposed of.
    const technique = techniqueOf(kinds);
    const driver = new PacketDriver({
      ...{ technique, transport, book, ports, broadcasts },
      // The path is that from one address.
      sources: { ...sources, areShared: false },
      ttl: 64,
    });
    const clock = systemClock;
    const beganMs = clock.now();
    const source = new TraceSource(jobs, known, beganMs);
    const engine = new Engine({
      source,
      driver,
      correlator: new MarkedTokens(technique, crypto.getRandomValues(new Uint32Array(2))),
      limits,
      timeouts: this.#plan.timeouts,
      sink: source,
      nowMs: beganMs,
    });
    const yielder = new EventLoopYielder({ waitForEvents: () => driver.wait(0), hasWaitingConsumer: () => false });
    let applied: ControlState = { stop: false, pause: false };
    const isOver = (nowMs: number): boolean => {
      const state = control();
      if (state.maxRatePps !== undefined && state.maxRatePps !== applied.maxRatePps) {
        engine.setMaxRate(state.maxRatePps);
      }
      if (state.onPacket !== applied.onPacket) driver.trace(state.onPacket);
      applied = state;
      source.release(nowMs);
      if (state.stop) this.#ended = "interrupted";
      else if (nowMs >= deadlineAtMs) this.#ended = "deadline";
      return this.#ended !== "done";
    };
    while (!isOver(clock.now())) {
      await run({
        ...{ engine, driver, clock, latestMs: deadlineAtMs, afterStep: isOver },
        yieldToEventLoop: () => yielder.yield(),
      });
      if (this.#ended !== "done" || source.nextAtMs === Infinity) break;
      await driver.wait(Math.min(LONGEST_WAIT_MS, Math.max(0, source.nextAtMs - clock.now())));
    }
    this.#count(driver);
    return source.traced();
  }

  #count({ counters }: PacketDriver): void {
    this.#sent += counters.sent;
    this.#unmatched += counters.unmatched;
    this.#sendRetries += counters.sendRetries;
    for (const [name, count] of counters.sendErrors) {
      this.#sendErrors.set(name, (this.#sendErrors.get(name) ?? 0) + count);
    }
  }
}

/** Opens the sockets for traces of one address family. */
async function openFamily(family: 4 | 6, kinds: readonly PingKind[], plan: TracePlan): Promise<FamilyTraces> {
  const { options, routePlan, hosts } = plan;
  const { transport = "auto" } = options;
  const ipv6 = family === 6 ? await openIpv6(routePlan) : undefined;
  const techniqueOf = (kinds: readonly PingKind[]) => new TraceTechnique(kinds, ipv6?.packets);
  const wanted: OpenTransportOptions = {
    targets: hosts,
    // Traces are few packets, and the kernel's routes are those to be shown.
    kind: transport === "auto" ? "sendto" : transport,
    interfaceName: routePlan.interfaceName,
    sourceIp: options.sourceIp,
    sourcePort: options.sourcePort,
    isPortHeld: true,
    random: crypto.getRandomValues(new Uint32Array(1))[0]!,
    packets: packetNeeds(techniqueOf(kinds)),
  };
  const opened = ipv6 === undefined ? await openTransport(wanted, routePlan) : await ipv6.open(wanted);
  return { family, opened, book: ipv6?.numbers ?? routePlan.book, techniqueOf };
}

/** The longest wait without a look at the control state, in milliseconds. */
const LONGEST_WAIT_MS = 100;

/** A technique whose probes serve for traces. */
type TracingTechnique = TcpTechnique | PingTechnique;

/** Returns the index of a kind among others, to which it is added if it is new: a ping and a probe of a port may be the same packet. */
function numberOf(kind: PingKind, kinds: PingKind[]): number {
  const found = kinds.findIndex((each) =>
    "tcp" in each && "tcp" in kind
      ? each.tcp === kind.tcp && each.port === kind.port
      : "icmp" in each && "icmp" in kind && each.icmp === kind.icmp
  );
  return found >= 0 ? found : kinds.push(kind) - 1;
}

/** Returns the kind of ping that a technique has sent to a port, or as a ping of this index. */
function kindOf(technique: TracingTechnique, what: number): PingKind {
  if (technique instanceof PingTechnique) return technique.kinds[what]!;
  return { name: `${technique.name}:${what}`, tcp: technique, port: what };
}

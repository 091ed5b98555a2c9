/**
 * The work of one worker: its own sockets, its own engine, a shard of the probes. The first worker runs in the thread that
 * began the scan; the others run in threads of their own and report the same in messages.
 *
 * @module
 */

import { packetTechnique } from "../technique/techniques.ts";
import type { Technique } from "../technique/technique.ts";
import { reasonCode } from "../result/reasons.ts";
import { Correlator } from "../engine/token.ts";
import { Engine, type EngineLimits, type ProbeSource } from "../engine/engine.ts";
import { run } from "../engine/loop.ts";
import type { SilenceReport } from "../engine/silences.ts";
import { NetlinkKernel } from "../local/kernel.ts";
import { LocalMachine, type LocalReport } from "../local/machine.ts";
import type { ScanOptions } from "./options.ts";
import { type Shard, ShardedOrder } from "../order/shard.ts";
import { PacketDriver, packetNeeds } from "../driver/packet_driver.ts";
import type { Driver } from "../driver/driver.ts";
import { ResultBatcher, type ResultColumns } from "../result/batch.ts";
import type { Summary } from "../result/summary.ts";
import { PortSet } from "../target/ports.ts";
import { Ranges } from "../target/ranges.ts";
import { ProbeSpace } from "../target/space.ts";
import { EventLoopYielder } from "../base/event_loop.ts";
import { systemClock } from "../base/clock.ts";
import { findRoutePlan, openTransport, type RoutePlan } from "../transport/open.ts";
import { pathKinds } from "../driver/path_kind.ts";
import { formatIpv4 } from "../wire/address.ts";

/** The remaining work of a worker: pending probes, and the position in its order from which nothing was sent yet. */
export interface RemainingWork {
  /** The first position that was not probed. */
  readonly position: number;
  /** Undecided probes before that position, as host, port, host, port, ... */
  readonly pending: Uint32Array<ArrayBuffer>;
}

/** The task of a worker. It can be sent to another thread. */
export interface WorkerTask {
  /** The blocks of the probe space: bounds of the hosts (first, last, first, last, ...), and their ports as text. */
  readonly blocks: readonly { readonly hosts: Uint32Array; readonly ports: readonly (readonly [number, number])[] }[];
  /** Ports never to be probed, not even by liveness probes. */
  readonly excludePorts: readonly (readonly [first: number, last: number])[];
  /** Hosts in the blocks that are not to be probed any more (first, last, first, last, ...): excluded on resuming. */
  readonly excludeHosts?: Uint32Array<ArrayBuffer>;
  /** The seed of the probe order. */
  readonly seed: number;
  /** The shard of that order. */
  readonly shard: Shard;
  /** The remaining work, if the scan is resumed. */
  readonly remaining?: RemainingWork;
  /** The name of the technique. */
  readonly technique: string;
  /** The limits of this worker: its share, if there are several. */
  readonly limits: EngineLimits;
  /** Interface, source address and port, time to live, transport and deadline. */
  readonly options: Pick<
    ScanOptions,
    | "interface"
    | "sourceIp"
    | "sourcePort"
    | "scanFlags"
    | "synOptions"
    | "ttl"
    | "transport"
    | "deadlineMs"
    | "dropPrivileges"
  >;
  /** If the scan ends early, ports that were never probed are reported one by one up to this number. */
  readonly maxNotProbed: number;
}

/** The choices made when the sockets were opened. */
export interface OpenedSockets {
  readonly transport: string;
  readonly sources: readonly string[];
  readonly notes: readonly string[];
  readonly warnings: readonly string[];
}

/** The status of a worker. */
export interface WorkerStatus {
  /** Ports decided, by state code. */
  readonly byState: readonly number[];
  readonly sent: number;
  readonly inFlight: number;
  /** From the first probe to the last that was sent, in milliseconds. */
  readonly sendingMs: number;
  /** Replies that decided a port. */
  readonly answered: number;
  /** Round trips that came back, and those proven lost. */
  readonly returned: number;
  readonly lost: number;
}

/** The report of a worker that has ended. */
export interface WorkerReport extends WorkerStatus {
  readonly ended: Summary["ended"];
  readonly decided: number;
  /** The first position of its order that was not probed. */
  readonly probed: number;
  readonly expectedWrong: number;
  readonly late: number;
  readonly duplicates: number;
  readonly finAcks: number;
  readonly unmatched: number;
  readonly sendRetries: number;
  readonly sendErrors: readonly (readonly [name: string, count: number])[];
  readonly receiveDrops: number;
  /** Hosts that replied and had more than one port probed, and the number of those that had one port probed. */
  readonly hostsUp: Uint32Array;
  readonly singlesUp: number;
  readonly cappedHosts: Uint32Array;
  readonly suspects: Uint32Array;
  /** Remarks on hosts and ports, in the rows of a NoteTable. */
  readonly notes: Uint32Array;
  /** Explanations of missing replies. */
  readonly silences: SilenceReport;
  /** Facts about this machine. */
  readonly local: LocalReport;
}

/** A worker at one moment: its remaining work and the work that it has done. */
export interface WorkerSnapshot {
  readonly remaining: RemainingWork;
  readonly done: WorkerReport;
}

/** Callbacks and inputs of a running worker. */
export interface WorkerControl {
  /** The route plan of the targets, if it is known. */
  readonly routePlan?: RoutePlan | undefined;
  /** Takes batches of results, and owns their memory from then on. */
  results(rows: ResultColumns): void;
  /** Called once the sockets are open. The first probe is sent when the returned promise has settled. */
  opened(opened: OpenedSockets): Promise<void> | void;
  /** Called before the first step and after each; returns the control state. */
  afterStep(running: RunningWorker): ControlState;
  /** True while results wait to be read. */
  hasUndelivered?(): boolean;
}

/** The control inputs of a running scan. */
export interface ControlState {
  /** End the scan. */
  readonly stop: boolean;
  /** Send no new probes for now. */
  readonly pause: boolean;
  /** The maximum rate, in probes a second, if it was changed while the scan runs. */
  readonly maxRatePps?: number | undefined;
  /** Receives each packet as a line of text. */
  readonly onPacket?: ((line: string) => void) | undefined;
}

/** A running worker. */
export interface RunningWorker {
  /** Returns its status. */
  status(): WorkerStatus;
  /** Emits the results that wait to fill a batch. */
  flush(): void;
  /** Emits these results, and returns the remaining work and the work done. */
  snapshot(): WorkerSnapshot;
}

/** Returns the blocks of a probe space in the form of a task. */
export function spaceBlocks(space: ProbeSpace): WorkerTask["blocks"] {
  return space.blocks.map(({ hosts, ports }) => ({
    hosts: Uint32Array.from([...hosts].flat()),
    ports: [...ports.ranges],
  }));
}

/** Returns the probe space of a task. */
function spaceOf(blocks: WorkerTask["blocks"]): ProbeSpace {
  const targets = blocks.map(({ hosts, ports }) => ({
    hosts: Ranges.fromSortedBounds(hosts),
    ports: PortSet.fromRanges(Ranges.from(ports)),
  }));
  return new ProbeSpace({ targets, defaultPorts: PortSet.EMPTY });
}

function excludedHosts({ excludeHosts }: WorkerTask): Ranges {
  return excludeHosts === undefined ? Ranges.EMPTY : Ranges.fromSortedBounds(excludeHosts);
}

/**
 * Runs a worker to the end of its task.
 *
 * @throws {CannotScanError} If the sockets cannot be opened.
 */
export async function runWorker(task: WorkerTask, control: WorkerControl): Promise<WorkerReport> {
  const space = spaceOf(task.blocks);
  const source = new ShardProbeSource(space, task);
  const targets = space.hostRanges().subtract(excludedHosts(task));
  const { prober: opened, reach, ...how } = await open(task, targets, control.routePlan);
  using prober = opened;
  using local = new LocalMachine(new NetlinkKernel(reach.constraints), reach.routes);
  await control.opened({ transport: prober.name, ...how });
  const clock = systemClock;
  const batcher = new ResultBatcher((rows) => control.results(rows));
  const engine = new Engine({
    source,
    driver: prober,
    correlator: new Correlator(crypto.getRandomValues(new Uint32Array(2))),
    limits: task.limits,
    local,
    sink: batcher,
    nowMs: clock.now(),
  });
  let ended: Summary["ended"] = "done";
  const sending = { ms: 0, sent: 0, firstMs: 0 };
  const running: RunningWorker = {
    status: () => statusOf(engine, prober, sending.ms),
    flush: () => batcher.flush(),
    snapshot: () => {
      batcher.flush();
      return {
        remaining: source.remaining(engine.position, engine.pending()),
        done: reportOf(engine, prober, local, sending.ms, ended, source.inOrder(engine.position)),
      };
    },
  };
  const deadlineMs = clock.now() + (task.options.deadlineMs ?? Infinity);
  let applied: Pick<ControlState, "maxRatePps" | "onPacket"> = {};
  const applyControl = (state: ControlState) => {
    const { stop, pause, maxRatePps, onPacket } = state;
    engine.pause(pause);
    if (maxRatePps !== undefined && maxRatePps !== applied.maxRatePps) engine.setMaxRate(maxRatePps);
    if (onPacket !== applied.onPacket) prober.trace?.(onPacket);
    applied = state;
    if (stop) ended = "interrupted";
  };
  applyControl(control.afterStep(running));
  const yielder = new EventLoopYielder({
    waitForEvents: () => prober.wait(0),
    hasWaitingConsumer: () => control.hasUndelivered?.() ?? false,
  });
  await run({
    engine,
    driver: prober,
    clock,
    yieldToEventLoop: () => yielder.yield(),
    latestMs: deadlineMs,
    afterStep: (nowMs) => {
      if (prober.counters.sent !== sending.sent) {
        if (sending.sent === 0) sending.firstMs = nowMs;
        sending.sent = prober.counters.sent;
        sending.ms = clock.now() - sending.firstMs;
      }
      applyControl(control.afterStep(running));
      if (ended === "done" && nowMs >= deadlineMs && !engine.finished) ended = "deadline";
      return ended !== "done";
    },
  });
  const probed = source.inOrder(engine.position);
  if (ended !== "done") {
    engine.end(reasonCode(ended));
    if (source.size - engine.position <= task.maxNotProbed) engine.skip(task.maxNotProbed, reasonCode("not-asked"));
  }
  batcher.flush();
  return reportOf(engine, prober, local, sending.ms, ended, probed);
}

function reportOf(
  engine: Engine,
  prober: Driver,
  local: LocalMachine,
  sendingMs: number,
  ended: Summary["ended"],
  probed: number,
): WorkerReport {
  const { counts } = engine;
  const { sendRetries, sendErrors, receiveDrops, unmatched } = prober.counters;
  return {
    ...statusOf(engine, prober, sendingMs),
    ended,
    decided: counts.byState.reduce((sum, count) => sum + count, 0),
    probed,
    expectedWrong: engine.expectedWrong,
    late: counts.late,
    duplicates: counts.duplicates,
    finAcks: counts.finAcks,
    unmatched,
    sendRetries,
    sendErrors: [...sendErrors],
    receiveDrops,
    hostsUp: engine.hostsUp(),
    singlesUp: counts.singlesUp,
    cappedHosts: Uint32Array.from(engine.cappedHosts),
    suspects: Uint32Array.from(engine.suspects()),
    notes: engine.noteRows(),
    silences: engine.silences(),
    local: local.report((host) => engine.isUp(host), sendRetries > 0),
  };
}

function statusOf(engine: Engine, prober: Driver, sendingMs: number): WorkerStatus {
  return {
    byState: [...engine.counts.byState],
    sent: prober.counters.sent,
    inFlight: engine.inFlight,
    sendingMs,
    answered: engine.counts.answered,
    returned: engine.roundTrips.answered,
    lost: engine.roundTrips.lost,
  };
}

async function open(
  task: WorkerTask,
  targets: Ranges,
  known: RoutePlan | undefined,
): Promise<Omit<OpenedSockets, "transport"> & { readonly prober: Driver; readonly reach: RoutePlan }> {
  const reach = known ?? findRoutePlan({
    targets,
    interfaceName: task.options.interface,
    sourceIp: task.options.sourceIp,
  });
  const { interfaceName } = reach;
  const options = interfaceName === undefined ? task.options : { ...task.options, interface: interfaceName };
  const technique = packetTechnique(task.technique, task.options.scanFlags, task.options.synOptions);
  const opened = technique === undefined
    ? await openConnect(options, reach)
    : openPackets(technique, options, targets, reach);
  return { ...opened, reach };
}

function openPackets(
  technique: Technique,
  options: WorkerTask["options"],
  targets: Ranges,
  reach: RoutePlan,
): Omit<OpenedSockets, "transport"> & { readonly prober: Driver } {
  const opened = openTransport({
    targets,
    kind: options.transport ?? "auto",
    interfaceName: options.interface,
    sourceIp: options.sourceIp,
    sourcePort: options.sourcePort,
    random: crypto.getRandomValues(new Uint32Array(1))[0]!,
    packets: packetNeeds(technique),
  }, reach);
  const prober = new PacketDriver({
    technique,
    transport: opened.transport,
    sources: opened.sources,
    ports: opened.ports,
    ttl: options.ttl ?? 64,
    broadcasts: opened.broadcasts,
    pathTo: pathKinds(reach.routes),
    resources: opened,
  });
  const sources = opened.sources.addresses.map(formatIpv4);
  return { prober, notes: opened.notes, sources, warnings: opened.warnings };
}

async function openConnect(
  options: WorkerTask["options"],
  reach: RoutePlan,
): Promise<Omit<OpenedSockets, "transport"> & { readonly prober: Driver }> {
  const { ConnectDriver } = await import("../driver/connect_driver.ts");
  const prober = new ConnectDriver(options);
  const notes = [`Ports are probed by connect(2), at most ${prober.maxInFlight} at a time`];
  return { prober, notes, sources: [], warnings: reach.warnings };
}

/** The probes of a worker: those pending in a snapshot, then its order from the position of the snapshot. */
export class ShardProbeSource implements ProbeSource {
  readonly size: number;
  readonly #space: ProbeSpace;
  readonly #order: ShardedOrder;
  readonly #first: Uint32Array<ArrayBuffer>;
  readonly #firstCount: number;
  readonly #excludedPorts: Ranges;
  readonly #excludedHosts: Ranges;
  /** The position in the order that comes after the first. */
  readonly #from: number;
  /** The number of ports of every host; 0 if hosts differ. */
  readonly #portsOfEach: number;
  #host = 0;
  #port = 0;

  constructor(space: ProbeSpace, task: WorkerTask) {
    const { seed, shard, remaining, excludePorts } = task;
    const order = new ShardedOrder(space.size, seed, shard);
    this.#space = space;
    this.#order = order;
    this.#excludedPorts = Ranges.from(excludePorts);
    this.#excludedHosts = excludedHosts(task);
    this.#first = remaining?.pending ?? new Uint32Array();
    this.#firstCount = this.#first.length / 2;
    this.#from = Math.min(remaining?.position ?? 0, order.size);
    this.#portsOfEach = space.blocks.length === 1 ? space.blocks[0]!.ports.size : 0;
    this.size = this.#firstCount + order.size - this.#from;
  }

  get host(): number {
    return this.#host;
  }

  get port(): number {
    return this.#port;
  }

  locate(position: number): void {
    if (position < this.#firstCount) {
      this.#host = this.#first[2 * position]!;
      this.#port = this.#first[2 * position + 1]!;
      return;
    }
    this.#space.locate(this.#order.at(position - this.#firstCount + this.#from));
    this.#host = this.#space.host;
    this.#port = this.#space.port;
  }

  get isExcluded(): boolean {
    return this.#excludedHosts.has(this.#host) || this.#excludedPorts.has(this.#port);
  }

  portCountOf(host: number): number {
    return this.#portsOfEach || this.#space.portCountOf(host);
  }

  isSpare(host: number, port: number): boolean {
    return !this.#space.contains(host, port) && !this.#excludedPorts.has(port);
  }

  /** Returns the first position of the order that is not among the first `position` probes. */
  inOrder(position: number): number {
    return Math.max(0, position - this.#firstCount) + this.#from;
  }

  /** Returns the remaining work once `position` of these probes were sent, of which `pending` are not decided. */
  remaining(position: number, pending: Uint32Array<ArrayBuffer>): RemainingWork {
    if (position >= this.#firstCount) return { position: this.inOrder(position), pending };
    const unsent = this.#first.subarray(2 * position);
    const joined = new Uint32Array(pending.length + unsent.length);
    joined.set(pending);
    joined.set(unsent, pending.length);
    return { position: this.#from, pending: joined };
  }
}

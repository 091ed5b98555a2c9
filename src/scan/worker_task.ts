/**
 * One worker's part of a scan: its own sockets, its own engine, a shard of the questions. A scan with one worker is one part in
 * the thread that began it; with more, each runs in a thread of its own and tells the same things in messages.
 *
 * @module
 */

import { packetTechnique } from "../technique/techniques.ts";
import type { Technique } from "../technique/technique.ts";
import { reasonCode } from "../result/outcome.ts";
import { Correlator } from "../engine/token.ts";
import { Engine, type EngineLimits, type ProbeSource } from "../engine/engine.ts";
import { run } from "../engine/loop.ts";
import type { SilenceReport } from "../engine/silences.ts";
import { NetlinkKernel } from "../local/kernel.ts";
import { LocalMachine, type LocalReport } from "../local/machine.ts";
import type { ScanOptions } from "./options.ts";
import { type Shard, ShardedOrder } from "../order/shard.ts";
import { PacketDriver } from "../driver/packet_driver.ts";
import type { Driver } from "../driver/driver.ts";
import { ResultBatcher, type ResultColumns } from "../result/batch.ts";
import type { Summary } from "../result/outcome.ts";
import { PortSet } from "../target/ports.ts";
import { Ranges } from "../target/ranges.ts";
import { ProbeSpace } from "../target/space.ts";
import { EventLoopYielder } from "../base/event_loop.ts";
import { systemClock } from "../base/clock.ts";
import { findRoutePlan, openTransport, type RoutePlan } from "../transport/open.ts";
import { pathKinds } from "../driver/path_kind.ts";
import { formatIpv4 } from "../wire/address.ts";

/** What is left of a part: questions that are open, and the place in its order from which nothing was asked yet. */
export interface RemainingWork {
  /** The first position that was not asked. */
  readonly position: number;
  /** Questions before it that are not decided: host and port, one pair after the other. */
  readonly pending: Uint32Array<ArrayBuffer>;
}

/** What a part is to do. Survives being sent to another thread. */
export interface WorkerTask {
  /** The blocks of the probe space: bounds of the hosts (first, last, first, last, ...), and their ports as text. */
  readonly blocks: readonly { readonly hosts: Uint32Array; readonly ports: readonly (readonly [number, number])[] }[];
  /** Ports never to be probed. What else may be asked has to be without them as well. */
  readonly excludePorts: readonly (readonly [first: number, last: number])[];
  /** Hosts in the blocks that are not to be probed any more (first, last, first, last, ...): excluded on resuming. */
  readonly excludeHosts?: Uint32Array<ArrayBuffer>;
  /** Orders the questions. */
  readonly seed: number;
  /** Which of them are this part's. */
  readonly shard: Shard;
  /** What is left of it, where it was begun before. */
  readonly remaining?: RemainingWork;
  /** How ports are asked. */
  readonly technique: string;
  /** What bounds the part; its share, where it is one of several. */
  readonly limits: EngineLimits;
  /** From which interface, address and port, with which time to live, by which transport, until when. */
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
  /** Ports that were never asked are told one by one, when it ends early, where there are no more than these. */
  readonly maxNotProbed: number;
}

/** What was chosen when the sockets were opened. */
export interface OpenedSockets {
  readonly transport: string;
  readonly sources: readonly string[];
  readonly notes: readonly string[];
  readonly warnings: readonly string[];
}

/** Where a part stands. */
export interface WorkerStatus {
  /** Ports decided, by state code. */
  readonly byState: readonly number[];
  readonly sent: number;
  readonly inFlight: number;
  /** From the first probe to the last that was sent, in milliseconds. */
  readonly sendingMs: number;
  /** Answers that decided something. */
  readonly answered: number;
  /** Round trips that came back, and those proven lost. */
  readonly returned: number;
  readonly lost: number;
}

/** What a part says once it has ended. */
export interface WorkerReport extends WorkerStatus {
  readonly ended: Summary["ended"];
  readonly decided: number;
  /** The first position of its order that was not asked. */
  readonly probed: number;
  readonly expectedWrong: number;
  readonly late: number;
  readonly duplicates: number;
  readonly finAcks: number;
  readonly unmatched: number;
  readonly sendRetries: number;
  readonly sendErrors: readonly (readonly [name: string, count: number])[];
  readonly receiveDrops: number;
  /** Hosts that answered and were asked more than one port, and how many more there were that were asked one. */
  readonly hostsUp: Uint32Array;
  readonly singlesUp: number;
  readonly cappedHosts: Uint32Array;
  readonly suspects: Uint32Array;
  /** Remarks on hosts and ports, in the rows of a NoteTable. */
  readonly notes: Uint32Array;
  /** What explains silence. */
  readonly silences: SilenceReport;
  /** What was found of this machine. */
  readonly local: LocalReport;
}

/** A part at one moment: what is left of it, and what it has done. */
export interface WorkerSnapshot {
  readonly remaining: RemainingWork;
  readonly done: WorkerReport;
}

/** What steers a part while it runs. */
export interface WorkerControl {
  /** How the targets are reached, where that was just found out. */
  readonly routePlan?: RoutePlan | undefined;
  /** Takes batches of results, and owns their memory from then on. */
  results(rows: ResultColumns): void;
  /** Called once the sockets are open. The first probe is sent when what it returns has settled. */
  opened(opened: OpenedSockets): Promise<void> | void;
  /** Called before the first step and after each: gives out what was decided, and says what is wanted. */
  afterStep(running: RunningWorker): ControlState;
  /** True while what was decided has not been taken. */
  hasUndelivered?(): boolean;
}

/** What a person, or a program, wants of a scan that is under way. */
export interface ControlState {
  /** End it. */
  readonly stop: boolean;
  /** Ask nothing new for now. */
  readonly pause: boolean;
  /** The greatest rate, in probes a second, from when it was changed on. */
  readonly maxRatePps?: number | undefined;
  /** Who is told of each packet. */
  readonly onPacket?: ((line: string) => void) | undefined;
}

/** A part that is under way. */
export interface RunningWorker {
  /** Where it stands. */
  status(): WorkerStatus;
  /** Passes on the results that wait to fill a batch. */
  flush(): void;
  /** Passes on these results, and returns what is left of it, and what it has done. */
  snapshot(): WorkerSnapshot;
}

/** The task's form of a probe space. */
export function spaceBlocks(space: ProbeSpace): WorkerTask["blocks"] {
  return space.blocks.map(({ hosts, ports }) => ({
    hosts: Uint32Array.from([...hosts].flat()),
    ports: [...ports.ranges],
  }));
}

/** The probe space of a task. */
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
 * Does a part of a scan, to its end.
 *
 * @throws {CannotScanError} If the sockets cannot be opened.
 */
export async function runWorker(task: WorkerTask, control: WorkerControl): Promise<WorkerReport> {
  const space = spaceOf(task.blocks);
  const questions = new ShardProbeSource(space, task);
  const targets = space.hostRanges().subtract(excludedHosts(task));
  const { prober: opened, reach, ...how } = await open(task, targets, control.routePlan);
  using prober = opened;
  using local = new LocalMachine(new NetlinkKernel(reach.constraints), reach.routes);
  await control.opened({ transport: prober.name, ...how });
  const clock = systemClock;
  const batcher = new ResultBatcher((rows) => control.results(rows));
  const engine = new Engine({
    source: questions,
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
        remaining: questions.rest(engine.position, engine.pending()),
        done: reportOf(engine, prober, local, sending.ms, ended, questions.inOrder(engine.position)),
      };
    },
  };
  const deadlineMs = clock.now() + (task.options.deadlineMs ?? Infinity);
  let wished: Pick<ControlState, "maxRatePps" | "onPacket"> = {};
  const obey = (wishes: ControlState) => {
    const { stop, pause: hold, maxRatePps, onPacket } = wishes;
    engine.pause(hold);
    if (maxRatePps !== undefined && maxRatePps !== wished.maxRatePps) engine.setMaxRate(maxRatePps);
    if (onPacket !== wished.onPacket) prober.trace?.(onPacket);
    wished = wishes;
    if (stop) ended = "interrupted";
  };
  obey(control.afterStep(running));
  const breath = new EventLoopYielder({
    waitForEvents: () => prober.wait(0),
    hasWaitingConsumer: () => control.hasUndelivered?.() ?? false,
  });
  await run({
    engine,
    driver: prober,
    clock,
    yieldToEventLoop: () => breath.yield(),
    latestMs: deadlineMs,
    afterStep: (nowMs) => {
      if (prober.counters.sent !== sending.sent) {
        if (sending.sent === 0) sending.firstMs = nowMs;
        sending.sent = prober.counters.sent;
        sending.ms = clock.now() - sending.firstMs;
      }
      obey(control.afterStep(running));
      if (ended === "done" && nowMs >= deadlineMs && !engine.finished) ended = "deadline";
      return ended !== "done";
    },
  });
  const asked = questions.inOrder(engine.position);
  if (ended !== "done") {
    engine.end(reasonCode(ended));
    if (questions.size - engine.position <= task.maxNotProbed) engine.skip(task.maxNotProbed, reasonCode("not-asked"));
  }
  batcher.flush();
  return reportOf(engine, prober, local, sending.ms, ended, asked);
}

function reportOf(
  engine: Engine,
  prober: Driver,
  local: LocalMachine,
  sendingMs: number,
  ended: Summary["ended"],
  asked: number,
): WorkerReport {
  const { counts } = engine;
  const { sendRetries, sendErrors, receiveDrops, unmatched } = prober.counters;
  return {
    ...statusOf(engine, prober, sendingMs),
    ended,
    decided: counts.byState.reduce((sum, count) => sum + count, 0),
    probed: asked,
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
    local: local.report((host) => engine.isUp(host)),
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
  const why = [`Ports are asked by connect(2), at most ${prober.maxInFlight} at a time`];
  return { prober, notes: why, sources: [], warnings: reach.warnings };
}

/** The questions of a part: those left open before, then its order from where it was left. */
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
  /** How many ports every host is asked; 0 where hosts differ. */
  readonly #everyHost: number;
  #host = 0;
  #port = 0;

  constructor(space: ProbeSpace, task: WorkerTask) {
    const { seed, shard, remaining: rest, excludePorts } = task;
    const order = new ShardedOrder(space.size, seed, shard);
    this.#space = space;
    this.#order = order;
    this.#excludedPorts = Ranges.from(excludePorts);
    this.#excludedHosts = excludedHosts(task);
    this.#first = rest?.pending ?? new Uint32Array();
    this.#firstCount = this.#first.length / 2;
    this.#from = Math.min(rest?.position ?? 0, order.size);
    this.#everyHost = space.blocks.length === 1 ? space.blocks[0]!.ports.size : 0;
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
    return this.#everyHost || this.#space.portCountOf(host);
  }

  isSpare(host: number, port: number): boolean {
    return !this.#space.contains(host, port) && !this.#excludedPorts.has(port);
  }

  /** The first position of the order that is not among the first `position` questions. */
  inOrder(position: number): number {
    return Math.max(0, position - this.#firstCount) + this.#from;
  }

  /** What is left when `position` of these questions were asked, and `pending` of them are not decided. */
  rest(position: number, pending: Uint32Array<ArrayBuffer>): RemainingWork {
    if (position >= this.#firstCount) return { position: this.inOrder(position), pending };
    const untouched = this.#first.subarray(2 * position);
    const all = new Uint32Array(pending.length + untouched.length);
    all.set(pending);
    all.set(untouched, pending.length);
    return { position: this.#from, pending: all };
  }
}

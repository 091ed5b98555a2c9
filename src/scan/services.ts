/**
 * Service detection beside a scan: open ports come in while it runs, and leave once they are identified.
 *
 * @module
 */

import type { Fd } from "../../ffi/fd.ts";
import { systemClock } from "../base/clock.ts";
import { counted } from "../base/text.ts";
import { startTimer } from "../base/timeout.ts";
import type { Finding } from "../result/finding.ts";
import {
  doublesOf,
  hostAt,
  portAt,
  replacedAt,
  type ResultColumns,
  ROW_LEN,
  rttMsAt,
  stateAt,
} from "../result/batch.ts";
import { OPEN, STATES } from "../result/states.ts";
import type { Summary } from "../result/summary.ts";
import type { Exchange } from "../service/exchange.ts";
import type { DialoguesOver } from "../service/over_tcp.ts";
import type { Connections, Label, PortDialogue } from "../service/port_dialogue.ts";
import type { ProbeTarget } from "../service/probe_requests.ts";
import type { ServiceData } from "../technique/technique.ts";
import { type ConnectSockets, isNoRoomToConnect } from "../transport/connect_sockets.ts";
import { ConnectionRate } from "./connection_rate.ts";
import { DialogueConnections, type DialogueEvent } from "./dialogue_connections.ts";
import { HostJobs, type Job } from "./host_jobs.ts";
import { EMPTY_REPORT, type PassReport } from "./worker_task.ts";

/** Ports that may wait to be identified; beyond this number no new probes are sent. */
const BACKLOG = 1 << 16;
/** The time that one step may take, in milliseconds, and polls in one step at most. */
const STEP_MS = 8;
const MAX_POLLS = 64;
/** The longest wait. */
const WAIT_MS = 200;
/** The time between two looks for hosts whose time is up, in milliseconds. */
const OVERDUE_GAP_MS = 50;
/** The grain of timers. */
const GRAIN_MS = 4;
/** The pause after the kernel had no room for another connection. */
const NO_ROOM_MS = 20;

/** The facts of a scan that service detection depends on. */
export interface ServicePlan extends DialoguesOver {
  /** Connections in all. */
  readonly width: number;
  /**
   * Returns the number of ports of one host that are talked to at a time, by two connections each and at most two more that wait for
   * a slow reply; from 2 on, up to twice as many beside them that have not replied to their first probes.
   */
  widthOf(host: number): number;
  targetOf(host: number, port: number): ProbeTarget;
  /** Returns true for a port that may not be probed any more. */
  isExcluded(host: number, port: number): boolean;
  /** Returns true for a host whose time is up; no host's is by default. */
  isOver?(host: number, nowMs: number): boolean;
  /** Returns the upper bound of the rate, in probes a second; Infinity without one. */
  maxRatePps(): number;
  /** Takes results that need not be held any more. */
  emit(rows: ResultColumns, pass: number): void;
}

/** The longest time for which a connection waits for the result that it belongs to. */
const OFFER_MS = 3000;

/** Replies of ports whose results have not come yet: those of ports that do not become open stay. */
const MAX_REPLIES = 1 << 14;

/** Identifies the open ports of a scan. */
export class ServiceDetection implements Disposable {
  readonly #plan: ServicePlan;
  readonly #connections: DialogueConnections<Job>;
  readonly #rate: ConnectionRate;
  readonly #hosts = new Map<number, HostJobs>();
  readonly #jobs = new Map<number, Job>();
  readonly #findings = new Map<number, Finding>();
  /** Connections whose results have not come yet, the oldest first. */
  readonly #offered = new Map<number, { readonly socket: Fd; readonly atMs: number }>();
  /** Replies to the port scan whose results have not come yet, the oldest first. */
  readonly #replies = new Map<number, Exchange>();
  /** Hosts that have something to do, in turn. */
  #listed: HostJobs[] = [];
  readonly #talking = new Set<Job>();
  /** Results that are over, by pass, until the end of the step. */
  readonly #done = new Map<number, ResultColumns[]>();
  #nextDueMs = Infinity;
  /** When a connection can be made, after there was no room. */
  #roomMs = 0;
  #isOpen = true;
  #isStopped = false;
  #ended: Summary["ended"] = "done";
  #sampledHosts = 0;
  #left = 0;
  /** When to look again for hosts whose time is up, and ports that were given up with them. */
  #overdueAtMs = 0;
  #overdue = 0;
  #wake: () => void = () => {};
  readonly #stopped = Promise.withResolvers<void>();
  readonly #over: Promise<void>;

  /**
   * Opens what it needs: privileges may be dropped before the first port is open.
   *
   * @param sockets Sockets without a port of their own.
   * @throws {CannotScanError} If sockets cannot be opened with their options.
   */
  constructor(plan: ServicePlan, sockets: ConnectSockets) {
    this.#plan = plan;
    this.#connections = new DialogueConnections<Job>(plan.width, sockets, {
      serverNameOf: ({ host, port }) => plan.targetOf(host.host, port).names[0],
      tell: (job, event) => this.#tell(job, event),
    });
    this.#rate = new ConnectionRate(() => plan.maxRatePps(), systemClock.now());
    this.#over = this.#run();
  }

  /** The number of ports that are not identified yet. */
  get pending(): number {
    return this.#jobs.size;
  }

  /** True while more ports wait than may. */
  get isFull(): boolean {
    return this.#jobs.size > BACKLOG;
  }

  /** Returns the finding of a port; undefined if it has none. */
  finding(host: number, port: number): Finding | undefined {
    return this.#findings.get(keyOf(host, port));
  }

  /**
   * Takes an established connection to a port whose result comes next, unless it would have to wait for long.
   *
   * @returns False if the connection stays the caller's.
   */
  offer(host: number, port: number, socket: Fd): boolean {
    const nowMs = systemClock.now();
    for (const [key, { atMs, socket }] of this.#offered) {
      if (nowMs - atMs < OFFER_MS) break;
      socket.close();
      this.#offered.delete(key);
    }
    const key = keyOf(host, port);
    const talking = this.#hosts.get(host)?.talking ?? 0;
    const isRoom = this.#offered.size < this.#connections.room / 2 &&
      talking + this.#offered.size < this.#plan.widthOf(host);
    if (!isRoom || this.#isStopped || this.#offered.has(key) || this.#findings.has(key) || this.#jobs.has(key)) {
      return false;
    }
    this.#offered.set(key, { socket, atMs: nowMs });
    return true;
  }

  /** Takes a reply that the port scan has had, whose result comes next. */
  keep(host: number, port: number, { request, bytes: reply }: ServiceData): void {
    const key = keyOf(host, port);
    if (this.#isStopped || this.#findings.has(key) || this.#jobs.has(key)) return;
    if (this.#replies.size >= MAX_REPLIES) this.#replies.delete(this.#replies.keys().next().value!);
    this.#replies.set(key, { probe: request, reply, firstByteMs: 0, end: "open", connection: -1 });
  }

  /** Takes results of a pass over ports: holds those of open ports, and returns the others. */
  add(rows: ResultColumns, pass: number): ResultColumns {
    let end = 0;
    for (let at = 0; at < rows.length; at += ROW_LEN) {
      if (this.#take(rows, at, pass)) continue;
      if (end !== at) rows.copyWithin(end, at, at + ROW_LEN);
      end += ROW_LEN;
    }
    if (end === rows.length) return rows;
    this.#wake();
    return rows.slice(0, end);
  }

  /** Returns the results that are held, by pass. */
  *held(): Generator<{ readonly rows: ResultColumns; readonly pass: number }> {
    for (const [pass, rows] of this.#done) for (const row of rows) yield { rows: row, pass };
    for (const { held } of this.#jobs.values()) for (const { pass, row } of held) yield { rows: row, pass };
  }

  /** Resolves when every port is identified, at `deadlineAtMs`, or once stopped. */
  async finish(deadlineAtMs: number): Promise<void> {
    this.#isOpen = false;
    this.#wake();
    using _timer = startTimer(deadlineAtMs - systemClock.now(), () => this.stop("deadline"));
    await Promise.race([this.#over, this.#stopped.promise]);
  }

  /** Ends at once: ports that are not identified are reported without a service. */
  stop(ended: Summary["ended"]): void {
    if (this.#isStopped) return;
    this.#isStopped = true;
    if (this.#jobs.size > 0) this.#ended = ended;
    for (const job of [...this.#jobs.values()]) {
      this.#left++;
      this.#giveUp(job, "not-probed");
    }
    this.#deliver();
    this.#stopped.resolve();
    this.#wake();
  }

  /** Returns the counts as those of a pass without results. */
  report(): PassReport {
    return { ...EMPTY_REPORT, ended: this.#ended, byState: STATES.map(() => 0) };
  }

  /** Warnings, a line each. */
  warnings(): string[] {
    return [
      ...(this.#left === 0 ? [] : [`The scan ended before ${counted(this.#left, "open port")} could be identified`]),
      ...(this.#overdue === 0 ? [] : [
        `${counted(this.#overdue, "open port")} could not be identified before the time of the host was up`,
      ]),
      ...(this.#sampledHosts === 0 ? [] : [
        `Almost no open port of ${counted(this.#sampledHosts, "host")} replied to data: most were not probed further`,
      ]),
    ];
  }

  [Symbol.dispose](): void {
    this.stop("interrupted");
    for (const { socket } of this.#offered.values()) socket.close();
    this.#offered.clear();
    this.#connections[Symbol.dispose]();
  }

  /** Passes an event to a dialogue, which may end by it. */
  #tell(job: Job, event: DialogueEvent): void {
    const { dialogue } = job;
    if (dialogue === undefined || dialogue.finding !== undefined) return;
    event(dialogue, systemClock.now());
    this.#after(job, dialogue);
  }

  /** Takes note of the state of a dialogue. */
  #after(job: Job, dialogue: PortDialogue): void {
    if (dialogue.finding !== undefined) return this.#finish(job, dialogue.finding, dialogue.hasReply);
    this.#nextDueMs = Math.min(this.#nextDueMs, dialogue.dueMs);
    if (job.host.makeRoom(job, dialogue)) this.#list(job.host);
  }

  #take(rows: ResultColumns, at: number, pass: number): boolean {
    const host = hostAt(rows, at);
    const port = portAt(rows, at);
    const key = keyOf(host, port);
    const isOpen = stateAt(rows, at) === OPEN;
    const known = isOpen || replacedAt(rows, at) >= 0 ? this.#jobs.get(key) : undefined;
    // What follows a result that is held has to wait behind it.
    if (known === undefined && (!isOpen || this.#isStopped || this.#findings.has(key))) return false;
    const row = rows.slice(at, at + ROW_LEN);
    if (known !== undefined) {
      known.held.push({ pass, row });
      return true;
    }
    const jobs = this.#hostOf(host, rttMsAt(doublesOf(rows), at));
    const reply = this.#replies.get(key);
    this.#replies.delete(key);
    const job: Job = {
      known: reply === undefined ? [] : [reply],
      ...{ host: jobs, port, held: [{ pass, row }], dialogue: undefined, slots: new Map<number, number>() },
      ...{ tlsFailures: 0, place: undefined, socket: this.#offered.get(key)?.socket },
    };
    this.#offered.delete(key);
    this.#jobs.set(key, job);
    jobs.open++;
    if (this.#plan.isExcluded(host, port) || this.#plan.isLeftAlone(port)) {
      this.#giveUp(job, "not-probed");
    } else {
      // A connection that stands is not to wait.
      if (job.socket === undefined) jobs.waiting.push(job);
      else jobs.waiting.unshift(job);
      this.#list(jobs);
    }
    return true;
  }

  #hostOf(host: number, rttMs: number): HostJobs {
    const known = this.#hosts.get(host);
    if (known !== undefined) {
      known.times.addRoundTrip(rttMs);
      return known;
    }
    const added = new HostJobs(host, this.#plan.widthOf(host), rttMs);
    this.#hosts.set(host, added);
    return added;
  }

  #list(host: HostJobs): void {
    if (host.isListed) return;
    host.isListed = true;
    this.#listed.push(host);
  }

  /** Gives up a port, with the reason. */
  #giveUp(job: Job, label: Label): void {
    const { dialogue } = job;
    if (dialogue === undefined) return this.#finish(job, { service: "unknown", confidence: 0, label }, false);
    dialogue.stop(label);
    this.#finish(job, dialogue.finding!, dialogue.hasReply);
  }

  #finish(job: Job, finding: Finding, hasReply: boolean): void {
    const { host, port } = job;
    const key = keyOf(host.host, port);
    if (!this.#jobs.delete(key)) return;
    job.socket?.close();
    job.socket = undefined;
    this.#talking.delete(job);
    host.move(job, undefined);
    this.#findings.set(key, finding);
    for (const { pass, row } of job.held) {
      const rows = this.#done.get(pass);
      if (rows === undefined) this.#done.set(pass, [row]);
      else rows.push(row);
    }
    host.over++;
    if (hasReply) host.replied++;
    if (this.#isStopped) return;
    this.#list(host);
    this.#sample(host);
  }

  /** Gives up the ports of a host on which almost nothing replies, but for those that probes are made for. */
  #sample(host: HostJobs): void {
    if (!host.isSuspect || host.waiting.length === 0) return;
    if (!host.isSampled) this.#sampledHosts++;
    host.isSampled = true;
    const others = host.dropWaiting((port) => this.#plan.hasProbe(port));
    for (const job of others) this.#giveUp(job, "middlebox");
  }

  /** Hands over the results that are over. */
  #deliver(): void {
    for (const [pass, rows] of this.#done) {
      this.#done.delete(pass);
      const batch = new Uint32Array(rows.length * ROW_LEN);
      rows.forEach((row, index) => batch.set(row, index * ROW_LEN));
      this.#plan.emit(batch, pass);
    }
  }

  // The loop.

  async #run(): Promise<void> {
    // The constructor returns first.
    await undefined;
    while (!this.#isStopped) {
      const nextMs = this.#step();
      this.#deliver();
      if (this.#jobs.size === 0) {
        if (!this.#isOpen) return;
        await new Promise<void>((resolve) => this.#wake = resolve);
        continue;
      }
      await this.#connections.wait(Math.min(WAIT_MS, nextMs - systemClock.now()));
    }
  }

  /** Does what is to be done now, and returns when the next step is due. */
  #step(): number {
    const beganMs = systemClock.now();
    let hasMore = false;
    for (let polls = 0; polls < MAX_POLLS; polls++) {
      hasMore = this.#connections.poll() > 0;
      this.#begin();
      if (!hasMore || systemClock.now() - beganMs > STEP_MS) break;
    }
    // A reply that waits in the socket is not late.
    if (hasMore) return 0;
    const nowMs = systemClock.now();
    if (nowMs >= this.#nextDueMs) this.#expire(nowMs);
    this.#endOverdue(nowMs);
    this.#begin();
    const canBegin = this.#listed.length > 0 && this.#connections.room > 0;
    return Math.min(Math.max(this.#nextDueMs, nowMs + 1), canBegin ? Math.max(this.#roomMs, nowMs + 1) : Infinity);
  }

  /** Gives up the ports of hosts whose time is up. */
  #endOverdue(nowMs: number): void {
    if (this.#plan.isOver === undefined || nowMs < this.#overdueAtMs) return;
    this.#overdueAtMs = nowMs + OVERDUE_GAP_MS;
    for (const job of [...this.#jobs.values()]) {
      if (!this.#plan.isOver(job.host.host, nowMs)) continue;
      this.#overdue++;
      job.host.waiting.length = 0;
      this.#giveUp(job, "not-probed");
    }
  }

  #expire(nowMs: number): void {
    this.#nextDueMs = Infinity;
    for (const job of [...this.#talking]) {
      const { dialogue } = job;
      if (dialogue === undefined || dialogue.finding !== undefined) continue;
      if (dialogue.dueMs <= nowMs) dialogue.expire(nowMs);
      this.#after(job, dialogue);
    }
    this.#nextDueMs = Math.max(this.#nextDueMs, nowMs + GRAIN_MS);
  }

  /** Makes connections, host by host in turn, as far as there is room. */
  #begin(): void {
    const nowMs = systemClock.now();
    if (nowMs < this.#roomMs) return;
    if (this.#connections.room === 0) return;
    const listed = this.#listed;
    this.#listed = [];
    for (let index = 0; index < listed.length; index++) {
      const host = listed[index]!;
      host.isListed = false;
      if (this.#connections.room === 0 || !this.#beginOne(host, nowMs)) {
        // No room, or nothing to do: in the first case it stays in the list.
        if (this.#isHeldUp(host, nowMs)) this.#list(host);
        continue;
      }
      host.isListed = true;
      listed.push(host);
    }
  }

  /** Returns true if a host waits for room that is not its own. */
  #isHeldUp(host: HostJobs, nowMs: number): boolean {
    if (host.requests.length > 0) return true;
    return host.waiting.length > 0 && (host.hasRoom || nowMs < this.#roomMs);
  }

  /** Makes one connection of a host; false if it can have none now. */
  #beginOne(host: HostJobs, nowMs: number): boolean {
    if (nowMs < this.#roomMs) return false;
    let request = host.requests.shift();
    if (request === undefined) {
      const job = host.hasRoom ? host.waiting.shift() : undefined;
      if (job === undefined) return false;
      this.#start(job, nowMs);
      request = host.requests.shift();
      if (request === undefined) return true;
    }
    const { job, connection, isTls } = request;
    if (job.dialogue?.finding !== undefined || !this.#connections.isRequested(job, connection)) return true;
    const waitMs = job.socket === undefined ? this.#rate.take(nowMs, this.#isOpen) : 0;
    if (waitMs > 0) {
      host.requests.unshift(request);
      this.#roomMs = nowMs + waitMs;
      return false;
    }
    const { socket } = job;
    job.socket = undefined;
    const errno = this.#connections.begin(job, connection, isTls, host.host, job.port, socket);
    if (isNoRoomToConnect(errno)) {
      host.requests.unshift(request);
      this.#roomMs = nowMs + NO_ROOM_MS;
      return false;
    }
    if (errno !== 0) {
      this.#tell(job, (dialogue) => dialogue.ended(connection, "timeout", nowMs));
      return true;
    }
    job.dialogue!.connecting(connection, nowMs);
    this.#after(job, job.dialogue!);
    return true;
  }

  #start(job: Job, nowMs: number): void {
    const { host, port } = job;
    const connections: Connections = {
      begin: (connection, isTls) => {
        this.#connections.request(job, connection);
        host.requests.push({ job, connection, isTls });
        this.#list(host);
      },
      send: (connection, bytes) => this.#connections.send(job, connection, bytes),
      end: (connection, inOrder) => this.#connections.end(job, connection, inOrder),
      isUnacknowledged: (connection) => this.#connections.isUnacknowledged(job, connection),
    };
    const target = this.#plan.targetOf(host.host, port);
    job.dialogue = this.#plan.dialogue(target, host.times, job.known, connections);
    this.#talking.add(job);
    host.move(job, "talking");
    job.dialogue.start(nowMs);
    // What is known of a port may be enough.
    this.#after(job, job.dialogue);
  }
}

function keyOf(host: number, port: number): number {
  return host * 65_536 + port;
}

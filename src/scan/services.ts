/**
 * Service detection beside a scan: open ports come in while it runs, and leave once they are identified.
 *
 * @module
 */

import type { Fd } from "../../ffi/socket.ts";
import { systemClock } from "../base/clock.ts";
import { counted } from "../base/text.ts";
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
import { type Connections, Dialogue, type Knowledge, type Label } from "../service/dialogue.ts";
import type { ProbeTarget } from "../service/probes.ts";
import { ReplyTimes } from "../service/reply_times.ts";
import { isNoRoomToConnect } from "../transport/connect_sockets.ts";
import type { ConnectSockets } from "../transport/connect_sockets.ts";
import { type ConversationEnd, Conversations, type ConversationSink } from "../transport/conversations.ts";
import { TlsConnection } from "./tls_connection.ts";
import { EMPTY_REPORT, type PassReport } from "./worker_task.ts";

/** Ports that may wait to be identified; beyond this number no new probes are sent. */
const BACKLOG = 1 << 16;
/** The time that one step may take, in milliseconds, and polls in one step at most. */
const STEP_MS = 8;
const MAX_POLLS = 64;
/** The longest wait, and the longest while TLS, which has its own time, is at work. */
const WAIT_MS = 200;
const TLS_WAIT_MS = 5;
/** The time between two looks for hosts whose time is up, in milliseconds. */
const OVERDUE_GAP_MS = 50;
/** The grain of timers. */
const GRAIN_MS = 4;
/** The pause after the kernel had no room for another connection. */
const NO_ROOM_MS = 20;
/** A host with more open ports than this is sampled, once so many of its ports have been silent, and almost none has replied. */
const MANY_PORTS = 100;
const SAMPLE = 32;
const REPLYING_SHARE = 0.05;
/** Quiet ports of a host for each that is talked to: they cost the host little, and have the longest waits. */
const QUIET_PORTS = 2;
/** The share of a limited rate that is left to connections while ports are probed. */
const RATE_SHARE = 0.1;
/** The packets that count as probes in one connection: its SYN, and what is sent. */
const PROBES_PER_CONNECTION = 2;
/** Connections of a limited rate that may be made together, as a time in which they would be made one by one. */
const BURST_MS = 50;

/** The facts of a scan that service detection depends on. */
export interface ServicePlan {
  /** The probes, and the reading of replies. */
  readonly knowledge: Knowledge;
  readonly intensity: number;
  /** True if ports that may print what they are sent are probed too. */
  readonly allPorts: boolean;
  /** Connections in all. */
  readonly width: number;
  /**
   * Returns the number of ports of one host that are talked to at a time, by two connections each at most; from 2 on, up to twice as
   * many beside them that have not replied to their first probes.
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

/** Ports of printers that print what they are sent. */
const FIRST_PRINTER_PORT = 9100;
const LAST_PRINTER_PORT = 9107;

/** A port that is identified, and the results that wait for it. */
interface Job {
  readonly host: HostJobs;
  readonly port: number;
  readonly held: { readonly pass: number; readonly row: ResultColumns }[];
  dialogue: Dialogue | undefined;
  /** The ports of its host among which it counts: those that are talked to, the quiet ones, or none. */
  place: "talking" | "quiet" | undefined;
  /** A connection that stands already; the first one of the dialogue takes it. */
  socket: Fd | undefined;
  /** Slots by connection. */
  readonly slots: Map<number, number>;
  /** TLS handshakes that have failed. */
  tlsFailures: number;
}

/** A request of a dialogue for a connection. */
interface Request {
  readonly job: Job;
  readonly connection: number;
  readonly isTls: boolean;
}

/** The ports of one host. */
interface HostJobs {
  readonly host: number;
  readonly width: number;
  readonly times: ReplyTimes;
  /** Connections that dialogues have asked for, and ports that have no dialogue yet. */
  readonly requests: Request[];
  readonly waiting: Job[];
  /** Dialogues: those with a reply or with their first probes, and those that had none to them. Others only wait for a late greeting. */
  talking: number;
  quiet: number;
  /** Open ports so far, ports that were identified or given up, and those of them that sent a byte. */
  open: number;
  over: number;
  replied: number;
  isSampled: boolean;
  /** True while it is in the list of hosts with something to do. */
  isListed: boolean;
}

/** The use of a slot. */
interface Use {
  readonly job: Job;
  readonly connection: number;
  readonly isTls: boolean;
  tls: TlsConnection | undefined;
}

/** Identifies the open ports of a scan. */
export class ServiceDetection implements Disposable, ConversationSink {
  readonly #plan: ServicePlan;
  readonly #conversations: Conversations;
  readonly #hosts = new Map<number, HostJobs>();
  readonly #jobs = new Map<number, Job>();
  readonly #findings = new Map<number, Finding>();
  /** Connections whose results have not come yet, the oldest first. */
  readonly #offered = new Map<number, { readonly socket: Fd; readonly atMs: number }>();
  /** Hosts that have something to do, in turn. */
  #listed: HostJobs[] = [];
  readonly #talking = new Set<Job>();
  readonly #uses: (Use | undefined)[];
  readonly #freeSlots: number[];
  #tlsCount = 0;
  /** Results that are over, by pass, until the end of the step. */
  readonly #done = new Map<number, ResultColumns[]>();
  #nextDueMs = Infinity;
  /** When a connection can be made, after there was no room. */
  #roomMs = 0;
  #allowed = 1;
  #allowedAtMs = systemClock.now();
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
    this.#conversations = new Conversations(plan.width, sockets);
    this.#uses = new Array<Use | undefined>(plan.width).fill(undefined);
    this.#freeSlots = Array.from({ length: plan.width }, (_, index) => plan.width - 1 - index);
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
    const isRoom = this.#offered.size < this.#freeSlots.length / 2 &&
      talking + this.#offered.size < this.#plan.widthOf(host);
    if (!isRoom || this.#isStopped || this.#offered.has(key) || this.#findings.has(key) || this.#jobs.has(key)) {
      return false;
    }
    this.#offered.set(key, { socket, atMs: nowMs });
    return true;
  }

  /** Takes results of a pass over TCP ports: holds those of open ports, and returns the others. */
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
    const leftMs = deadlineAtMs - systemClock.now();
    const timer = deadlineAtMs === Infinity ? undefined : setTimeout(() => this.stop("deadline"), Math.max(0, leftMs));
    await Promise.race([this.#over, this.#stopped.promise]);
    if (timer !== undefined) clearTimeout(timer);
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
    for (const use of this.#uses) use?.tls?.end();
    this.#conversations[Symbol.dispose]();
  }

  // Events of connections.

  connected(slot: number): void {
    const use = this.#uses[slot]!;
    if (!use.isTls) return this.#tell(use.job, (dialogue, nowMs) => dialogue.opened(use.connection, nowMs));
    const { job, connection } = use;
    const { names } = this.#plan.targetOf(job.host.host, job.port);
    this.#tlsCount++;
    use.tls = new TlsConnection({
      send: (bytes) => void this.#conversations.send(slot, bytes),
      opened: (facts) => this.#tell(job, (dialogue, nowMs) => dialogue.opened(connection, nowMs, facts)),
      received: (bytes) => this.#tell(job, (dialogue, nowMs) => dialogue.received(connection, bytes, nowMs)),
      ended: (end) => this.#tlsEnded(slot, use, end),
    }, { name: names[0], protocols: job.tlsFailures === 0 ? ["http/1.1"] : [] });
  }

  received(slot: number, bytes: Uint8Array): void {
    const { job, connection, tls } = this.#uses[slot]!;
    if (tls !== undefined) return tls.receive(bytes);
    this.#tell(job, (dialogue, nowMs) => dialogue.received(connection, bytes, nowMs));
  }

  ended(slot: number, end: ConversationEnd): void {
    const use = this.#uses[slot]!;
    // TLS may have bytes that are not read yet.
    if (use.tls !== undefined) return use.tls.finish(end === "fin" ? "fin" : "rst");
    const { job, connection } = use;
    this.#free(slot);
    if (use.isTls) job.tlsFailures++;
    this.#tell(job, (dialogue, nowMs) => dialogue.ended(connection, end, nowMs));
  }

  #tlsEnded(slot: number, { job, connection }: Use, end: "fin" | "rst"): void {
    this.#conversations.end(slot, false);
    this.#free(slot);
    job.tlsFailures++;
    this.#tell(job, (dialogue, nowMs) => dialogue.ended(connection, end, nowMs));
  }

  /** Passes an event to a dialogue, which may end by it. */
  #tell(job: Job, event: (dialogue: Dialogue, nowMs: number) => void): void {
    const { dialogue } = job;
    if (dialogue === undefined || dialogue.finding !== undefined) return;
    event(dialogue, systemClock.now());
    this.#after(job, dialogue);
  }

  /** Takes note of the state of a dialogue. */
  #after(job: Job, dialogue: Dialogue): void {
    if (dialogue.finding !== undefined) return this.#finish(job, dialogue.finding, dialogue.hasReply);
    this.#nextDueMs = Math.min(this.#nextDueMs, dialogue.dueMs);
    const { host } = job;
    if (dialogue.isLooking) this.#move(job, undefined);
    else if (dialogue.isQuiet && job.place === "talking" && host.quiet < (host.width - 1) * QUIET_PORTS) {
      this.#move(job, "quiet");
    }
  }

  /** Counts a port elsewhere, which makes room for another port of the host. */
  #move(job: Job, place: Job["place"]): void {
    const { host, place: before } = job;
    if (before === place) return;
    if (before !== undefined) host[before]--;
    if (place !== undefined) host[place]++;
    job.place = place;
    this.#list(host);
  }

  // Ports and hosts.

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
    const job: Job = {
      ...{ host: jobs, port, held: [{ pass, row }], dialogue: undefined, slots: new Map<number, number>() },
      ...{ tlsFailures: 0, place: undefined, socket: this.#offered.get(key)?.socket },
    };
    this.#offered.delete(key);
    this.#jobs.set(key, job);
    jobs.open++;
    if (this.#plan.isExcluded(host, port) || !this.#plan.allPorts && isPrinterPort(port)) {
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
    const added: HostJobs = {
      ...{ host, width: this.#plan.widthOf(host), times: new ReplyTimes(rttMs), requests: [], waiting: [] },
      ...{ talking: 0, quiet: 0, open: 0, over: 0, replied: 0, isSampled: false, isListed: false },
    };
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
    this.#move(job, undefined);
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
    const isSuspect = host.open > MANY_PORTS && host.over >= SAMPLE && host.replied < host.over * REPLYING_SHARE;
    if (!isSuspect || host.waiting.length === 0) return;
    if (!host.isSampled) this.#sampledHosts++;
    host.isSampled = true;
    const { probes } = this.#plan.knowledge;
    const others = host.waiting.filter(({ port }) => !probes.some(({ ports }) => ports.includes(port)));
    if (others.length === 0) return;
    const kept = host.waiting.filter((job) => !others.includes(job));
    host.waiting.splice(0, host.waiting.length, ...kept);
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
      const longestMs = this.#tlsCount > 0 ? TLS_WAIT_MS : WAIT_MS;
      await this.#conversations.wait(Math.max(0, Math.min(longestMs, nextMs - systemClock.now())));
    }
  }

  /** Does what is to be done now, and returns when the next step is due. */
  #step(): number {
    const beganMs = systemClock.now();
    let hasMore = false;
    for (let polls = 0; polls < MAX_POLLS; polls++) {
      hasMore = this.#conversations.poll(this) > 0;
      this.#begin();
      if (!hasMore || systemClock.now() - beganMs > STEP_MS) break;
    }
    // A reply that waits in the socket is not late.
    if (hasMore) return 0;
    const nowMs = systemClock.now();
    if (nowMs >= this.#nextDueMs) this.#expire(nowMs);
    this.#endOverdue(nowMs);
    this.#begin();
    const canBegin = this.#listed.length > 0 && this.#freeSlots.length > 0;
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
    if (this.#freeSlots.length === 0) return;
    const listed = this.#listed;
    this.#listed = [];
    for (let index = 0; index < listed.length; index++) {
      const host = listed[index]!;
      host.isListed = false;
      if (this.#freeSlots.length === 0 || !this.#beginOne(host, nowMs)) {
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
    return host.waiting.length > 0 && (host.talking < host.width || nowMs < this.#roomMs);
  }

  /** Makes one connection of a host; false if it can have none now. */
  #beginOne(host: HostJobs, nowMs: number): boolean {
    if (nowMs < this.#roomMs) return false;
    let request = host.requests.shift();
    if (request === undefined) {
      const job = host.talking < host.width ? host.waiting.shift() : undefined;
      if (job === undefined) return false;
      this.#start(job, nowMs);
      request = host.requests.shift();
      if (request === undefined) return true;
    }
    const { job, connection, isTls } = request;
    if (job.dialogue?.finding !== undefined || !job.slots.has(connection)) return true;
    if (job.socket === undefined && !this.#mayBegin(nowMs)) {
      host.requests.unshift(request);
      return false;
    }
    const slot = this.#freeSlots.pop()!;
    const { socket } = job;
    job.socket = undefined;
    if (socket !== undefined) this.#conversations.adopt(slot, socket, host.host, job.port);
    const errno = socket === undefined ? this.#conversations.begin(slot, host.host, job.port) : 0;
    if (errno !== 0) {
      this.#freeSlots.push(slot);
      if (isNoRoomToConnect(errno)) {
        host.requests.unshift(request);
        this.#roomMs = nowMs + NO_ROOM_MS;
        return false;
      }
      this.#tell(job, (dialogue) => dialogue.ended(connection, "timeout", nowMs));
      return true;
    }
    this.#uses[slot] = { job, connection, isTls, tls: undefined };
    job.slots.set(connection, slot);
    job.dialogue!.connecting(connection, nowMs);
    this.#after(job, job.dialogue!);
    return true;
  }

  #start(job: Job, nowMs: number): void {
    const { host, port } = job;
    const { knowledge, intensity } = this.#plan;
    const connections: Connections = {
      begin: (connection, isTls) => {
        job.slots.set(connection, NO_SLOT);
        host.requests.push({ job, connection, isTls });
        this.#list(host);
      },
      send: (connection, bytes) => this.#send(job, connection, bytes),
      end: (connection, inOrder) => this.#end(job, connection, inOrder),
      isUnacknowledged: (connection) => this.#conversations.isUnacknowledged(job.slots.get(connection) ?? NO_SLOT),
    };
    const target = this.#plan.targetOf(host.host, port);
    job.dialogue = new Dialogue({ target, intensity, times: host.times }, knowledge, connections);
    this.#talking.add(job);
    this.#move(job, "talking");
    job.dialogue.start(nowMs);
  }

  #send(job: Job, connection: number, bytes: Uint8Array): void {
    const slot = job.slots.get(connection) ?? NO_SLOT;
    const tls = this.#uses[slot]?.tls;
    if (tls !== undefined) tls.send(bytes);
    // A connection that has ended is reported by the next poll.
    else this.#conversations.send(slot, bytes);
  }

  #end(job: Job, connection: number, inOrder: boolean): void {
    const slot = job.slots.get(connection);
    job.slots.delete(connection);
    if (slot === undefined || slot === NO_SLOT) return;
    const { tls } = this.#uses[slot]!;
    tls?.end();
    this.#conversations.end(slot, inOrder);
    this.#free(slot);
  }

  #free(slot: number): void {
    const use = this.#uses[slot];
    if (use === undefined) return;
    if (use.tls !== undefined) this.#tlsCount--;
    this.#uses[slot] = undefined;
    this.#freeSlots.push(slot);
    use.job.slots.delete(use.connection);
  }

  /** Counts a connection of a limited rate; false if it may not be made now. */
  #mayBegin(nowMs: number): boolean {
    const maxRatePps = this.#plan.maxRatePps();
    if (maxRatePps === Infinity) return true;
    const perMs = maxRatePps / 1000 / PROBES_PER_CONNECTION * (this.#isOpen ? RATE_SHARE : 1);
    this.#allowed = Math.min(Math.max(1, perMs * BURST_MS), this.#allowed + (nowMs - this.#allowedAtMs) * perMs);
    this.#allowedAtMs = nowMs;
    if (this.#allowed < 1) {
      this.#roomMs = nowMs + Math.min(1000, (1 - this.#allowed) / perMs);
      return false;
    }
    this.#allowed--;
    return true;
  }
}

const NO_SLOT = -1;

function keyOf(host: number, port: number): number {
  return host * 65_536 + port;
}

function isPrinterPort(port: number): boolean {
  return port >= FIRST_PRINTER_PORT && port <= LAST_PRINTER_PORT;
}

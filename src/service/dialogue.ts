/**
 * The dialogue with one port: which probes are sent to it, in which order, on which connections, and when it is over. It does no
 * I/O and reads no clock.
 *
 * The order spares the server and the time: what the port's number suggests; otherwise a greeting is waited for, and then an HTTP
 * request sent on the same connection; then generic probes, two at a time, each on a connection of its own; exact probes last.
 * No connection is open without something sent on it beside another one: servers that serve one client at a time would reply to
 * neither. The first requests are those most likely to be replied to, by pages that may be slow: their connections stay open beside
 * the later ones. A reply of text rules out binary probes, which some servers do not survive.
 *
 * @module
 */

import type { Finding, TlsFacts } from "../result/finding.ts";
import { type End, type Exchange, NULL_PROBE } from "./exchange.ts";
import { type Attempt, Line, type Request } from "./line.ts";
import type { Identification } from "./matcher.ts";
import type { Connections, DialogueOptions, Label } from "./port_dialogue.ts";
import { PortTime, SECOND_LOOK_MS } from "./port_time.ts";
import { HTTP, ProbeChoice, TLS } from "./probe_choice.ts";
import type { ServiceProbe } from "./probes.ts";

/** The probes, and the reading of replies. */
export interface Knowledge {
  readonly probes: readonly ServiceProbe[];
  identify(exchanges: readonly Exchange[], port: number): Identification;
}

/** Probes at a time. */
const MAX_TOGETHER = 2;
/** Further requests that replies may lead to. */
const MAX_FOLLOWS = 6;
/** The wait for a greeting in the second look. */
const LATE_GREETING_MS = 1000;
/** The longer wait for the reply to a first request, beside other probes: it ends with the time of a silent port. */
const SLOW_REPLY_MS = 3600;
/** The pause before a refused connection is tried again, and how often that is done in a row. */
const REFUSED_PAUSE_MS = 250;
const MAX_REFUSALS = 3;
/** Connections to a port that has accepted some, and replied to none, which may time out: the server has one client at a time. */
const MAX_TIMEOUTS = 1;
/** Probes beside a request without a reply that are closed without a byte, before it is checked that the server takes two clients. */
const MIN_CLOSED = 3;
/** The longest TLS handshake beyond the time to connect. */
const HANDSHAKE_MS = 2500;
/** Connections to one port, unless all probes are wanted: of 260 recorded servers, more identify none. */
const MAX_CONNECTIONS = 20;
/** Replies without an end after which a port is given up. */
const MAX_ENDLESS = 3;
/** TLS handshakes with one port that may fail. */
const MAX_TLS_FAILURES = 2;
/** Confidence from which the protocol is known. */
const SURE = 8;

type Reading = NonNullable<Identification["reading"]>;

/** The dialogue with one port. */
export class Dialogue {
  readonly #options: DialogueOptions;
  readonly #knowledge: Knowledge;
  readonly #choice: ProbeChoice;
  readonly #time: PortTime;
  readonly #connections: Connections;
  readonly #exchanges: Exchange[] = [];
  readonly #lines = new Map<number, Line>();
  /** Requests that replies have led to. */
  readonly #follows: Attempt[] = [];
  #followCount = 0;
  #count = 0;
  #hasListened = false;
  #hasLookedTwice = false;
  /** True once a reply has come. */
  #hasReply = false;
  #identification: Identification | undefined;
  /** The finding without TLS, once the port is probed through TLS. */
  #outer: Finding | undefined;
  #tlsFailures = 0;
  /** Replies that had no end and that nothing reads. */
  #endlessReplies = 0;
  #refusals = 0;
  #timeouts = 0;
  /** When a refused connection is tried again. */
  #retryMs = Infinity;
  #retried: Attempt | undefined;
  #unacknowledged = 0;
  /** The probes that were closed without a byte beside a request that is still waited for. */
  readonly #closedBeside = new Set<string>();
  #hasChecked = false;
  #finding: Finding | undefined;

  /** @param connections The connections, whose events are of this dialogue alone. */
  constructor(options: DialogueOptions, knowledge: Knowledge, connections: Connections) {
    this.#options = options;
    this.#knowledge = knowledge;
    this.#choice = new ProbeChoice(options, knowledge.probes);
    this.#time = new PortTime(options);
    this.#connections = connections;
  }

  /** The finding, once the dialogue is over. */
  get finding(): Finding | undefined {
    return this.#finding;
  }

  /** The number of connections so far. */
  get connectionCount(): number {
    return this.#count;
  }

  /** The exchanges so far. */
  get exchanges(): readonly Exchange[] {
    return this.#exchanges;
  }

  /** True once all probes were sent in vain, and a late greeting is waited for. */
  get isLooking(): boolean {
    return this.#hasLookedTwice;
  }

  /** True if the first probes are over, and no byte has come. */
  get isQuiet(): boolean {
    return this.#exchanges.length > 1 && !this.#hasReply;
  }

  /** True if a byte has come. */
  get hasReply(): boolean {
    return this.#hasReply;
  }

  /** When {@linkcode Dialogue.expire} is to be called. */
  get dueMs(): number {
    let dueMs = this.#retryMs;
    for (const line of this.#lines.values()) dueMs = Math.min(dueMs, line.dueMs);
    return dueMs;
  }

  /** Begins. */
  start(nowMs: number): void {
    this.#time.start(nowMs);
    this.#advance(nowMs);
  }

  /** Ends the dialogue early, with what is known. */
  stop(label: Label): void {
    if (this.#finding !== undefined) return;
    this.#finish(label);
  }

  /** A connection is about to be made: the time that it has waited for room does not count. */
  connecting(connection: number, nowMs: number): void {
    const line = this.#lines.get(connection);
    if (line === undefined) return;
    const { times } = this.#options;
    line.dueMs = nowMs + times.connectMs + (line.isTls ? HANDSHAKE_MS : 0);
    this.#time.onRoom(nowMs);
  }

  /** A connection is established. */
  opened(connection: number, nowMs: number, tls?: TlsFacts): void {
    const line = this.#lines.get(connection);
    if (line === undefined) return;
    line.isOpen = true;
    line.tls = tls;
    this.#refusals = 0;
    const { probe } = line.attempt;
    if (probe === undefined) return this.#listen(line, nowMs);
    if (!this.#choice.isTextual || probe.isBinary !== true) return this.#send(line, probe, nowMs);
    // Another connection has brought a reply of text meanwhile.
    this.#lines.delete(line.number);
    this.#connections.end(line.number, false);
    this.#advance(nowMs);
  }

  /** Bytes have come; they are copied. */
  received(connection: number, bytes: Uint8Array, nowMs: number): void {
    const line = this.#lines.get(connection);
    if (line === undefined || bytes.length === 0) return;
    this.#hasReply = true;
    line.add(bytes, nowMs);
    if (line.isFull) return this.#conclude(line, "open", nowMs);
    if (!line.mayRead()) return;
    const { reading, isTextual } = this.#identify([...this.#exchanges, line.exchange("open")]);
    this.#choice.isTextual ||= isTextual;
    if (reading?.isComplete) this.#conclude(line, "open", nowMs);
  }

  /** A connection was ended by the other side, or was not established. */
  ended(connection: number, end: Exclude<End, "open">, nowMs: number): void {
    const line = this.#lines.get(connection);
    if (line === undefined) return;
    if (line.isOpen) return this.#conclude(line, end, nowMs);
    this.#lines.delete(connection);
    if (line.isTls) this.#tlsFailed(line.attempt, nowMs);
    else this.#failed(line.attempt, end, nowMs);
  }

  /** Does what is due. */
  expire(nowMs: number): void {
    // A machine that is busy looks late: the server has not had that time.
    this.#time.onLate(this.dueMs, nowMs);
    if (this.#retryMs <= nowMs) {
      const attempt = this.#retried!;
      this.#retryMs = Infinity;
      this.#retried = undefined;
      this.#open(attempt, nowMs);
    }
    for (const line of [...this.#lines.values()]) {
      if (line.dueMs > nowMs || !this.#lines.has(line.number)) continue;
      if (!line.isOpen) {
        this.#connections.end(line.number, false);
        this.ended(line.number, "timeout", nowMs);
      } else if (line.isSilent && line.probe === NULL_PROBE && line.attempt.then !== undefined) {
        this.#exchanges.push(line.exchange("open"));
        this.#send(line, line.attempt.then, nowMs);
      } else if (this.#mayBeSlow(line)) {
        this.#hold(line, nowMs);
      } else {
        this.#conclude(line, "open", nowMs);
      }
    }
  }

  #listen(line: Line, nowMs: number): void {
    this.#hasListened ||= line.attempt.listenMs === undefined;
    line.begin(NULL_PROBE, nowMs);
    line.dueMs = nowMs + (line.attempt.listenMs ?? this.#options.times.listenMs);
  }

  #send(line: Line, { name, bytes, waitMs = Infinity }: Request, nowMs: number): void {
    const { times } = this.#options;
    this.#choice.addSent(name);
    line.begin(name, nowMs);
    const usualMs = line.attempt.isAlone && name !== TLS
      ? times.requestMs
      : this.#time.probeWaitMs(nowMs, this.#hasReply);
    line.dueMs = nowMs + Math.min(line.attempt.replyMs ?? usualMs, waitMs + times.extraMs);
    this.#connections.send(line.number, bytes);
  }

  /** Returns true for a first request, to a port or through its TLS, while there is no reply at all. */
  #mayBeSlow({ attempt, isHeld, isSilent }: Line): boolean {
    return attempt.mayBeSlow === true && isSilent && !isHeld && !this.#isAnswered && !this.#time.isSingle;
  }

  /** True if a byte has come through TLS, once the port is probed through it, or else any byte. */
  get #isAnswered(): boolean {
    return this.#choice.isTls
      ? this.#exchanges.some(({ tunnel, reply }) => tunnel && reply.length > 0)
      : this.#hasReply;
  }

  /** Counts a request as not replied to, and waits on for a slow reply beside other connections. */
  #hold(line: Line, nowMs: number): void {
    this.#take(line, "open");
    line.isHeld = true;
    line.dueMs = nowMs + SLOW_REPLY_MS;
    this.#advance(nowMs);
  }

  /** Takes note of an exchange and reads its reply. */
  #take(line: Line, end: End): Partial<Reading> {
    this.#exchanges.push(line.exchange(end));
    const { isSilent } = line;
    if (!isSilent && line.probe !== NULL_PROBE && !line.isHeld) this.#options.times.addReply(line.firstByteMs);
    if (!isSilent) this.#unacknowledged = 0;
    else if (end === "open" && line.probe !== NULL_PROBE && this.#connections.isUnacknowledged(line.number)) {
      this.#unacknowledged++;
    }
    return this.#read(isSilent);
  }

  /** Ends an exchange, reads its reply, and goes on. */
  #conclude(line: Line, end: End, nowMs: number): void {
    const { isSilent } = line;
    this.#noteSingle(line, end);
    // The silence of one that was held has been taken note of, and a check is no exchange.
    const { service, follow, quit } = line.isAside || (line.attempt.isCheck === true && isSilent)
      ? {}
      : this.#take(line, end);
    if (line.isEndless(nowMs) && service === undefined) this.#endlessReplies++;
    const isNew = follow !== undefined && this.#followCount < MAX_FOLLOWS && !this.#choice.isSent(follow.name);
    if (isNew) {
      this.#followCount++;
      if (follow.sameConnection && end === "open") return this.#send(line, follow, nowMs);
      this.#follows.push({ probe: follow, isAlone: true });
    }
    this.#lines.delete(line.number);
    if (end === "open") {
      if (quit !== undefined) this.#connections.send(line.number, quit);
      this.#connections.end(line.number, !isSilent);
    }
    this.#advance(nowMs);
  }

  /**
   * Takes note of a connection that was closed beside a held one. A server of one client closes a silent one, too: then the held one ends,
   * and what was sent beside it is sent again.
   */
  #noteSingle({ attempt, isAside, isSilent, probe }: Line, end: End): void {
    if (isAside || !isSilent || end === "open" || this.#hasReply || !this.#hasHeld) return;
    if (attempt.isCheck !== true) {
      this.#closedBeside.add(probe);
      return;
    }
    this.#time.isSingle = true;
    for (const held of [...this.#lines.values()].filter((line) => line.isAside)) {
      this.#lines.delete(held.number);
      this.#connections.end(held.number, false);
    }
    for (const name of this.#closedBeside) this.#choice.deleteSent(name);
    const kept = this.#exchanges.filter((exchange) => !this.#closedBeside.has(exchange.probe));
    this.#exchanges.splice(0, Infinity, ...kept);
  }

  get #hasHeld(): boolean {
    return [...this.#lines.values()].some(({ isAside }) => isAside);
  }

  /** Reads the exchanges so far, and returns the reading of the last if it was a reply. */
  #read(isSilent: boolean): Partial<Reading> {
    const identification = this.#identification = this.#identify(this.#exchanges);
    this.#choice.isTextual ||= identification.isTextual;
    return isSilent ? {} : identification.reading ?? {};
  }

  #identify(exchanges: readonly Exchange[]): Identification {
    const { target } = this.#options;
    const own = this.#choice.isTls ? exchanges.filter(({ tunnel }) => tunnel !== undefined) : exchanges;
    return this.#knowledge.identify(own, target.port);
  }

  /** Opens the connections that come next, or ends the dialogue. */
  #advance(nowMs: number): void {
    if (this.#finding !== undefined || this.#retried !== undefined) return;
    if (this.#time.isUp(nowMs)) return this.#finish();
    const isFinal = this.#identification?.isFinal === true && this.#follows.length === 0;
    if (!this.#enterTls() && isFinal) return this.#finish();
    if (this.#endlessReplies >= MAX_ENDLESS && !this.#isSure()) return this.#finish();
    if (this.#unacknowledged > 1 && !this.#hasReply) return this.#finish("no-data");
    for (let busy = this.#busy; busy.length < (this.#time.isSingle ? 1 : MAX_TOGETHER); busy = this.#busy) {
      if (busy.some(({ attempt }) => attempt.isAlone)) return;
      const attempt = this.#next(nowMs);
      if (attempt === undefined) return this.#finishLast();
      this.#open(attempt, nowMs);
    }
  }

  /** The connections, without those that only wait for a slow reply. */
  get #busy(): readonly Line[] {
    return [...this.#lines.values()].filter(({ isAside }) => !isAside);
  }

  /** Ends the dialogue unless a connection is still needed: one for a slow reply only while there is no other reply. */
  #finishLast(label?: Label): void {
    if (this.#busy.length === 0 && (this.#lines.size === 0 || this.#isAnswered)) this.#finish(label);
  }

  #open(attempt: Attempt, nowMs: number): void {
    const number = this.#count++;
    const line = new Line(number, attempt, this.#choice.isTls);
    if (this.#busy.length === 0) this.#time.awaitRoom(nowMs);
    this.#lines.set(number, line);
    if (attempt.probe !== undefined) this.#choice.addSent(attempt.probe.name);
    this.#connections.begin(number, this.#choice.isTls);
  }

  /** Returns the next connection to make; undefined if there is none, or none while others are open. */
  #next(nowMs: number): Attempt | undefined {
    const areOthersOpen = this.#busy.length > 0;
    if (this.#follows.length > 0) return areOthersOpen ? undefined : this.#follows.shift();
    const hint = this.#choice.takeHint();
    if (hint !== undefined) return hint;
    if (this.#isSure()) return this.#choice.exactly(this.#identification!.next);
    if (!this.#hasListened) {
      const then = this.#choice.isSent(HTTP) ? undefined : this.#choice.request(HTTP);
      return { probe: undefined, then, isAlone: true, mayBeSlow: then !== undefined };
    }
    if (this.#closedBeside.size >= MIN_CLOSED && !this.#hasChecked && !this.#hasReply && this.#hasHeld) {
      if (areOthersOpen) return undefined;
      this.#hasChecked = true;
      return { probe: undefined, isAlone: true, isCheck: true, listenMs: this.#options.times.listenMs / 2 };
    }
    const isLeft = this.#time.probingLeftMs(nowMs) > this.#time.probeWaitMs(nowMs, this.#hasReply);
    const hasTime = (isLeft || this.#hasReply) && (this.#time.isThorough || this.#count < MAX_CONNECTIONS);
    const found = hasTime ? this.#choice.byLikelihood(this.#identification?.next ?? [], areOthersOpen) : undefined;
    if (found !== undefined) return found;
    if (this.#hasReply || this.#hasLookedTwice || this.#choice.isTls) return undefined;
    if (areOthersOpen) return undefined;
    this.#hasLookedTwice = true;
    const { listenMs, extraMs } = this.#options.times;
    const lateMs = Math.max(LATE_GREETING_MS, 2 * listenMs);
    const replyMs = SECOND_LOOK_MS - LATE_GREETING_MS + 2 * extraMs;
    return { probe: undefined, then: this.#choice.request(HTTP), isAlone: true, listenMs: lateMs, replyMs };
  }

  /** True if the protocol is known: only probes that say more of it are sent. */
  #isSure(): boolean {
    const finding = this.#identification?.finding;
    return finding !== undefined && finding.confidence >= SURE;
  }

  /** Goes on through TLS if the last reply was of it, and returns true. */
  #enterTls(): boolean {
    if (this.#choice.isTls || this.#identification?.reading?.service !== "ssl") return false;
    for (const line of this.#lines.values()) this.#connections.end(line.number, false);
    this.#lines.clear();
    this.#follows.length = 0;
    this.#outer = this.#identification.finding;
    this.#choice.enterTls();
    this.#identification = undefined;
    this.#hasListened = false;
    return true;
  }

  /** A TLS handshake has failed: some servers refuse what a client offers. Otherwise what the port has shown in clear is all. */
  #tlsFailed(attempt: Attempt, nowMs: number): void {
    if (++this.#tlsFailures < MAX_TLS_FAILURES) this.#open(attempt, nowMs);
    else this.#finishLast();
  }

  /** A connection was not established: it is tried again after a pause, unless the time of a silent port is up. */
  #failed(attempt: Attempt, end: End, nowMs: number): void {
    if (end === "timeout") this.#timeouts++;
    const isLate = this.#timeouts > MAX_TIMEOUTS || this.#time.isSilentUp(nowMs);
    if (isLate && this.#exchanges.length > 0 && !this.#hasReply) {
      this.#hasLookedTwice = true;
      return this.#finishLast();
    }
    if (++this.#refusals > MAX_REFUSALS) return this.#finishLast(end === "refused" ? "refused" : "no-connection");
    if (this.#retried !== undefined) {
      this.#follows.push(attempt);
      return;
    }
    this.#retried = attempt;
    // What has timed out has waited.
    this.#retryMs = nowMs + (end === "timeout" ? 0 : REFUSED_PAUSE_MS * 2 ** this.#refusals);
  }

  #finish(label?: Label): void {
    for (const line of this.#lines.values()) this.#connections.end(line.number, !line.isSilent);
    this.#lines.clear();
    this.#retryMs = Infinity;
    const finding = this.#identification?.finding;
    if (this.#outer !== undefined) {
      const tls = { ...this.#outer.tls, ...this.#exchanges.findLast(({ tls }) => tls !== undefined)?.tls };
      this.#finding = finding === undefined || finding.confidence === 0
        ? { ...this.#outer, tls }
        : { ...finding, tunnel: "ssl", tls: { ...tls, ...finding.tls } };
      return;
    }
    if (finding !== undefined) this.#finding = label === undefined ? finding : { ...finding, label };
    else this.#finding = { service: "unknown", confidence: 0, ...this.#whyNot(label) };
  }

  #whyNot(label: Label | undefined): { label?: Label } {
    if (label !== undefined) return { label };
    if (this.#hasReply) return {};
    const isClosed = this.#exchanges.length > 0 &&
      this.#exchanges.every(({ end, probe }) => end !== "open" || probe === NULL_PROBE);
    return { label: isClosed ? "closes" : "silent" };
  }
}

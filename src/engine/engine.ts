// Hot path: nothing here may allocate per packet.
/**
 * The engine: decides what to ask when, and what an answer or its absence means. It reads no clock and waits for nothing:
 * `step(now)` does what is due and says when to call again. Whether packets, connect(2) or a simulated network stand
 * behind the prober is not its business.
 *
 * @module
 */

import {
  type Driver,
  KIND_FIN_ACK,
  KIND_HOST_UNREACH,
  KIND_NET_UNREACH,
  KIND_PORT_UNREACH,
  KIND_RST,
  KIND_RST_NO_ACK,
  KIND_SYN,
  KIND_TIME_EXCEEDED,
  probeId,
  type ReplySink,
} from "../driver/driver.ts";
import {
  HOP_ABSENT,
  HOP_ANSWERS,
  HOP_PENDING,
  LOCAL_FIREWALL,
  type LocalFacts,
  NO_FACTS,
  NO_PROBLEM,
} from "../local/local.ts";
import { CLOSED, FILTERED, OPEN, UNDECIDED } from "../result/outcome.ts";
import { contradiction, isNeighborTimeout, REASON_OF, reasonCode, STATE_OF, wins } from "./classify.ts";
import { ControlPorts, sparePorts } from "./all_open.ts";
import { TtlTable } from "./forwarded.ts";
import type { Correlator } from "./token.ts";
import { GLOBAL, HostTable } from "./host_table.ts";
import {
  BLOCKED_LIST,
  DECIDED,
  FOR_CONTROL_PORT,
  FOR_LIVENESS,
  FOR_NEAR,
  FOR_PATH_LIVENESS,
  FOR_RESULT,
  FREE_LIST,
  IN_FLIGHT,
  ProbeTable,
  QUEUED,
  READY_LIST,
  UNRESOLVED_LIST,
  UNUSED,
} from "./probe_table.ts";
import { hostsWithNote, noteCode, NoteTable } from "./notes.ts";
import { LossEstimate, LossMeter, probesProvingOutage, SilenceLedger } from "./loss.ts";
import { OwnSide } from "./own_side.ts";
import { addProxyNotes, OwnUnreach, SYN_PROXY } from "./proxies.ts";
import { HostLimiter } from "./host_limit.ts";
import { type RateBounds, RateController } from "./rate.ts";
import { LivenessTargets } from "./liveness.ts";
import { Strays } from "./strays.ts";
import { answerTimeout, rttVariation, smoothedRtt, type TimeoutBounds } from "./rtt.ts";
import { type SilenceReport, Silences } from "./silences.ts";
import { TimerWheel } from "./timer_wheel.ts";

/** Excluded questions that are passed over at a time. */
const SKIP_BATCH = 4096;
const NO_REPEATS = reasonCode("not-asked");

/** What is to be asked: an indexed sequence of host and port. */
export interface ProbeSource {
  /** How many there are. */
  readonly size: number;
  /** Makes `host` and `port` those of the `position`-th question. */
  locate(position: number): void;
  /** Address of the question located last. */
  readonly host: number;
  /** Port of the question located last. */
  readonly port: number;
  /** How many ports of a host are asked in the whole scan. */
  portCountOf(host: number): number;
  /** True where the question located last is not to be asked any more: it was excluded when the scan was resumed. */
  readonly isExcluded?: boolean;
  /** Whether a port that is no question may be asked all the same: the scan does not ask it, and nobody excluded it. */
  isSpare(host: number, port: number): boolean;
}

/** Who takes verdicts. */
export interface ResultSink {
  /**
   * One port is decided.
   *
   * @param state Code of the state.
   * @param reason Code of the reason.
   * @param ttl Time to live of the packet that decided; 0 if none.
   * @param rttMs Round trip in milliseconds; below 0 if unknown.
   * @param tries Probes sent.
   * @param from Who sent the packet that decided.
   * @param replaced Code of the reason of the earlier verdict that this one replaces; below 0 if there is none.
   * @param note Code of the note on the port; 0 if there is none.
   */
  result(
    host: number,
    port: number,
    state: number,
    reason: number,
    ttl: number,
    rttMs: number,
    tries: number,
    from: number,
    replaced: number,
    note: number,
  ): void;
}

/** What bounds a scan. */
export interface EngineLimits {
  /** Waits for answers. */
  readonly timeouts: TimeoutBounds;
  /** Probes a second. */
  readonly rate: RateBounds;
  /** Never more repeats of a probe than this; Infinity leaves it to the loss that is measured. */
  readonly maxRetries: number;
  /** Probes unanswered at one time. */
  readonly maxInFlight: number;
  /** True where other engines ask the same hosts at the same time: what a host answers at most is then not ours alone. */
  readonly sharesHosts?: boolean;
}

/** Counts of a scan that is under way. */
export interface EngineCounts {
  /** Ports decided by state code. */
  readonly byState: Float64Array;
  /** Hosts that answered, of those that are asked one port only; {@linkcode Engine.hostsUp} knows the others. */
  singlesUp: number;
  /** Answers that decided something. */
  answered: number;
  /** Genuine answers that came after their verdict. */
  late: number;
  /** Answers to what had been answered. */
  duplicates: number;
  /** Segments that acknowledge a probe with FIN and without SYN. */
  finAcks: number;
}

const NO_RESPONSE = reasonCode("no-response");
const NO_ROUTE = reasonCode("no-route");
const NO_ARP_RESPONSE = reasonCode("no-arp-response");
const SEND_FAILED = reasonCode("send-failed");
const HOST_SILENT = reasonCode("host-silent");
const HOST_UNREACH = reasonCode("host-unreach");
const NET_UNREACH = reasonCode("net-unreach");
const SPLIT_HANDSHAKE = reasonCode("split-handshake-syn");
const NEIGHBOR_TIMEOUT = reasonCode("neighbor-timeout");
const STRAY_ACK = noteCode("an ACK of another connection from the same port was answered with RST");
const FIN_WITHOUT_SYN = noteCode("FIN without SYN: a proxy on the path could not connect");

// Waits and gaps are chosen by the times of tests/sim/loss_test.ts, what has to do with outages and refusals by
// tests/sim/outage_test.ts and tests/lab/weather_test.ts, with caps by tests/sim/capped_test.ts, with canaries by
// tests/sim/deception_test.ts.

/** A step that comes this much later than promised, in milliseconds, means that the whole program stood still. */
const STANDSTILL_MS = 250;
/** Full drains in a row after which timers are looked at all the same. */
const MAX_FULL_DRAINS = 64;
/** The longest the engine sleeps, in milliseconds: counters are looked at no less often. */
const MAX_SLEEP_MS = 1000;
/** How long probes that cannot be sent are tried again, in milliseconds: for want of a way, and where it is not allowed. */
const OUTAGE_RETRY_MS = 10_000;
const REFUSAL_RETRY_MS = 2000;
/** Time between two tries to send what could not be sent, in milliseconds. */
const REFUSAL_GAP_MS = 100;
/** Probes tried again at a time while the kernel goes on refusing. */
const FIRST_RETRIES = 8;
/** Attempts from the third on keep so many milliseconds, and this part of an answer timeout, between them. */
const MIN_GAP_MS = 40;
const GAP_SHARE = 1 / 4;
/** A wait that was begun before any round trip was known is looked at again after this part of the initial timeout. */
const PROVISIONAL_SHARE = 1 / 8;
/** Of what is asked again, within so many milliseconds one gets a pulse, and one of the first so many; not more in a slow scan. */
const LIVENESS_GAP_MS = 10;
const BURST_LIVENESS_AT = 4;
const PROBES_PER_LIVENESS_PROBE = 8;
/** The rate is judged over this many milliseconds, and answer timeouts, at least. */
const RATE_INTERVAL_MS = 200;
const RATE_INTERVAL_TIMEOUTS = 3;
/** Attempts proven lost that make a host suspect of answering at a capped rate, and their share of round trips. */
const CAP_LOST = 20;
const CAP_SHARE = 0.6;
/** Ports of a host, and probes in flight, below which no cap is worth looking for. */
const CAP_WAITING = 16;
/** How long what was asked is remembered for answers that come late, where there is room, in milliseconds. */
const LATE_MS = 4000;
/** A stretch without room to send that is longer than this, in milliseconds, counts for no wait. */
const BLOCKED_MS = 20;
/** While there is no room to send, that is looked at this often, in milliseconds. */
const BLOCKED_LOOK_MS = 5;
/** Probes for one question, whatever happens: more than that fit no counter. */
const MAX_TRIES = 250;
/** Round trips that are still reckoned with after an outage. */
const KEPT_AFTER_OUTAGE = 50;
/** Fewer repeats than this, as the user may ask for, leave too much loss unproven to reckon with what is proven. */
const FEW_RETRIES = 8;
/** The share of all slots that questions may take; the rest is for pulses and canaries, without which nothing moves. */
const DRAWN_SHARE = 3 / 4;
/** How often an unanswered canary is asked. */
const CONTROL_PORT_TRIES = 3;
/** Hosts without a neighbor that are remembered; the RST of one that has appeared comes sooner than this, in milliseconds. */
const MAX_UNRESOLVED = 1 << 16;
const MIN_UNRESOLVED_MS = 50;
/** How long a scan waits for replies that contradict its last refusal: round trips, and bounds in milliseconds. */
const LINGER_ROUND_TRIPS = 2;
const MIN_LINGER_MS = 5;
const MAX_LINGER_MS = 50;
/** How long to wait for what is being found out of a next hop, in milliseconds. */
const HOP_GAP_MS = 20;
/** While hardware addresses are resolved, how often to look, in milliseconds, and how many probes may wait for them. */
const RESOLVE_GAP_MS = 2;
const MOST_UNRESOLVED = 1 << 16;
/** While a host that has replied is silent, its next hop must have answered within so many milliseconds. */
const HOP_AGE_MS = 500;
/**
 * A router reports a host behind it that does not answer ARP after 3.07 s (three requests of a second each in Linux): where
 * nothing came from a host, that is waited for.
 */
const LATE_UNREACHABLE_MS = 3300;

/** One scan, or one worker's part of it. */
export class Engine implements ReplySink {
  readonly counts: EngineCounts = {
    byState: new Float64Array(4),
    singlesUp: 0,
    answered: 0,
    late: 0,
    duplicates: 0,
    finAcks: 0,
  };

  readonly #source: ProbeSource;
  readonly #prober: Driver;
  readonly #correlator: Correlator;
  readonly #sink: ResultSink;
  readonly #local: LocalFacts;
  readonly #silences = new Silences();
  readonly #beganMs: number;
  /** How often a local path had become usable again when last looked. */
  #recoveries = 0;
  #resolutions = 0;
  readonly #limits: EngineLimits;
  readonly #maxInFlight: number;
  /** Slots in use beyond which nothing new is drawn, however much of that only waits for its turn. */
  readonly #mostDrawn: number;
  /** Whether the next attempt may leave before the one before is given up: its answer must be told apart, and cost little. */
  readonly #overlaps: boolean;
  readonly #table: ProbeTable;
  readonly #wheel: TimerWheel;
  readonly #hosts = new HostTable();
  readonly #rate: RateController;
  /** What the path loses; what a host with a pace loses to its cap is not in it. */
  readonly #loss = new LossMeter();
  /** What was lost at all. */
  readonly #seenLoss = new LossMeter();
  readonly #lossEstimate = new LossEstimate();
  readonly #ledger = new SilenceLedger();
  /** Hosts that are, or were, asked at their own pace or on trial for it, by index; and those that are now. */
  readonly #limiters = new Map<number, HostLimiter>();
  #activeLimiters: HostLimiter[] = [];
  readonly #cappedEver = new Set<number>();
  readonly #livenessTargets = new LivenessTargets();
  readonly #controlPorts = new ControlPorts();
  /** Remarks on hosts and ports, as they are found out. */
  readonly notes = new NoteTable();
  readonly #ownSide: OwnSide;
  readonly #ttls = new TtlTable();
  readonly #ownUnreach = new OwnUnreach();
  #position = 0;
  #paused = false;
  #ended = false;
  /** Slots that ask something which is to be decided: results and canaries. */
  #open = 0;
  /** The scan's own time stands still while the program does: engine time is the caller's time less this. */
  #stoodStillMs = 0;
  #promisedAt = -1;
  #engineMs = 0;
  #fullDrains = 0;
  /** Since when the kernel has no room for what is queued; below 0 while it has. */
  #fullSince = -1;
  readonly #strays = new Strays();
  /** Hosts that a proxy has found no neighbor for. */
  readonly #unresolved = new Set<number>();
  /** Until when a reply may contradict the refusal that came last. */
  #lingerUntil = 0;
  /** Decided slots of this state or a higher code are kept for late replies. */
  #keptFrom = FILTERED;
  #blockedUntil = 0;
  /** Refusals since some of what was refused was last tried again, and how much is tried at a time. */
  #refusedNow = 0;
  #retries = FIRST_RETRIES;
  #nextServiceAt = 0;
  #servicedAt = 0;
  /** Questions that wait for the turn of their host, when last looked. */
  #queued = 0;
  #ditherPhase = 0;
  #livenessAttempt = 0;
  #dropsSeen = 0;
  #fullQueueSeen = 0;

  constructor(parts: {
    readonly questions: ProbeSource;
    readonly prober: Driver;
    readonly correlator: Correlator;
    readonly limits: EngineLimits;
    readonly sink: ResultSink;
    readonly nowMs: number;
    /** Facts about this machine; it is never at fault if not given. */
    readonly local?: LocalFacts;
  }) {
    this.#source = parts.questions;
    this.#ownSide = new OwnSide(parts.prober.sendNear === undefined ? undefined : parts.prober.pathTo);
    this.#prober = parts.prober;
    this.#correlator = parts.correlator;
    this.#sink = parts.sink;
    this.#local = parts.local ?? NO_FACTS;
    this.#beganMs = parts.nowMs;
    this.#limits = parts.limits;
    this.#maxInFlight = Math.max(1, Math.min(parts.limits.maxInFlight, parts.prober.maxInFlight));
    this.#overlaps = parts.prober.technique === "syn" && parts.prober.attemptPeriod > 1;
    // Slots for pulses and canaries come on top, and for questions that wait for their host's turn.
    const most = Math.min(1 << 20, this.#maxInFlight * 4 + 64);
    this.#mostDrawn = Math.floor(most * DRAWN_SHARE);
    this.#table = new ProbeTable(Math.min(parts.questions.size + 64, 4096, most), most);
    this.#wheel = new TimerWheel(this.#table, parts.nowMs);
    this.#rate = new RateController(parts.limits.rate);
  }

  /** True once every question is decided, and a reply that contradicts the last refusal has had time to arrive. */
  get finished(): boolean {
    return this.#ended || this.#allDecided && this.#engineMs >= this.#lingerUntil;
  }

  get #allDecided(): boolean {
    return this.#position >= this.#source.size && this.#open === 0;
  }

  /** Questions that have been asked or are about to be. */
  get position(): number {
    return this.#position;
  }

  /** Probes that wait for an answer or for their turn. */
  get inFlight(): number {
    return this.#table.used;
  }

  /** Share of round trips seen lost. */
  get loss(): number {
    return this.#seenLoss.measured;
  }

  /** Round trips that came back, and those proven lost. */
  get roundTrips(): { readonly answered: number; readonly lost: number } {
    return this.#seenLoss;
  }

  /** Addresses of the hosts that answered, of those that are asked more than one port. */
  hostsUp(): Uint32Array<ArrayBuffer> {
    return this.#hosts.address.slice(1, this.#hosts.count);
  }

  /** What explains silence. */
  silences(): SilenceReport {
    return this.#silences.report();
  }

  /** True for a host that has replied, of those that are probed at more than one port. */
  isUp(host: number): boolean {
    return this.#hosts.find(host) !== GLOBAL;
  }

  /** Verdicts from silence that are expected to be wrong. */
  get expectedWrong(): number {
    return this.#ledger.expectedWrong(this.counts.answered);
  }

  /** Probe packets a second that the scan allows itself. */
  get ratePps(): number {
    return this.#rate.ratePps;
  }

  /** Addresses of hosts that answer at a capped rate. */
  get cappedHosts(): ReadonlySet<number> {
    return this.#cappedEver;
  }

  /** The questions that are asked but not decided: host and port, one pair after the other. */
  pending(): Uint32Array<ArrayBuffer> {
    const { host, port, status, purpose, capacity } = this.#table;
    const pairs: number[] = [];
    for (let slot = 0; slot < capacity; slot++) {
      if (status[slot]! >= IN_FLIGHT && purpose[slot] === FOR_RESULT) pairs.push(host[slot]!, port[slot]!);
    }
    return Uint32Array.from(pairs);
  }

  /** While held, nothing new is asked; what is in flight goes on. */
  pause(held: boolean): void {
    this.#paused = held;
  }

  /** Sets the rate not to be exceeded. */
  setMaxRate(maxPps: number): void {
    this.#rate.setMax(maxPps);
  }

  /** Addresses of hosts that seem to have something else answer for them. */
  suspects(): number[] {
    const { address, answered, open, count } = this.#hosts;
    const found = new Set([...this.#ownSide.hosts(), ...hostsWithNote(this.notes.rows(), SYN_PROXY)]);
    if (this.#controlPorts.answersForAll) { for (const host of this.#controlPorts.sampledHosts()) found.add(host); }
    for (let i = 1; i < count; i++) {
      if (this.#controlPorts.suspect(address[i]!, answered[i]!, open[i]!)) found.add(address[i]!);
    }
    return [...found];
  }

  /** Notes as they are known now, in the rows of a {@linkcode NoteTable}. */
  noteRows(): Uint32Array<ArrayBuffer> {
    const all = new NoteTable();
    all.addRows(this.notes.rows());
    this.#ownUnreach.addNotes(all);
    addProxyNotes(all, {
      canaries: this.#controlPorts,
      ownSide: this.#ownSide,
      ttls: this.#ttls,
      suspects: this.suspects(),
      repliesOf: (host) => this.#hosts.answered[this.#hosts.find(host)]!,
      openOf: (host) => this.#hosts.open[this.#hosts.find(host)]!,
    });
    return all.rows();
  }

  /**
   * Does what is due: takes what has arrived, looks at what has not, asks what may be asked.
   *
   * @param nowMs The time, in milliseconds; it must not go back.
   * @returns When to call again at the latest; not after `nowMs` when there is more to do at once.
   */
  step(nowMs: number): number {
    if (this.#promisedAt >= 0 && nowMs - this.#promisedAt > STANDSTILL_MS) {
      this.#stoodStillMs += nowMs - this.#promisedAt;
    }
    this.#strays.begin(nowMs, this.#table.capacity);
    const idle = this.#tick(nowMs);
    this.#promisedAt = idle ? this.#nextAt(nowMs) : nowMs;
    return this.#promisedAt;
  }

  /** Ends the scan: what is in flight becomes undecided, for `reason` (a code). No further step is needed. */
  end(reason: number): void {
    if (this.#ended) return;
    this.#ended = true;
    const table = this.#table;
    for (let slot = 0; slot < table.capacity; slot++) {
      if (table.status[slot]! >= IN_FLIGHT && table.purpose[slot] === FOR_RESULT) {
        const isBlocked = table.status[slot] === QUEUED && table.refusedAt[slot]! > 0;
        if (isBlocked) this.#local.notProbed(table.host[slot]!, table.reason[slot]!);
        this.#decide(slot, UNDECIDED, reason, 0, -1, table.host[slot]!);
      }
    }
  }

  /** After {@linkcode Engine.end}: gives the next `count` questions that were never asked the state undecided. */
  skip(count: number, reason: number): void {
    const end = Math.min(this.#source.size, this.#position + count);
    while (this.#position < end) {
      this.#source.locate(this.#position);
      this.#skipLocated(reason);
    }
  }

  #skipLocated(reason: number): void {
    this.#position++;
    this.counts.byState[UNDECIDED]!++;
    this.#sink.result(this.#source.host, this.#source.port, UNDECIDED, reason, 0, -1, 0, 0, -1, 0);
  }

  /** Passes over questions that are not to be asked any more, some at a time; returns how many. */
  #skipExcluded(): number {
    const questions = this.#source;
    if (questions.isExcluded === undefined || this.#paused) return 0;
    const end = Math.min(questions.size, this.#position + SKIP_BATCH);
    let skipped = 0;
    for (; this.#position < end; skipped++) {
      questions.locate(this.#position);
      if (!questions.isExcluded) break;
      this.#skipLocated(NO_REPEATS);
    }
    return skipped;
  }

  onReply(
    host: number,
    port: number,
    attempt: number,
    token: number,
    kind: number,
    ttl: number,
    from: number,
    odd: boolean,
    nowMs: number,
    timed: boolean,
  ): boolean {
    if (kind === KIND_SYN) return this.#onBareSyn(host, port, attempt);
    const table = this.#table;
    const slot = this.#correlator.open(token, host, port, attempt);
    if (slot >= table.capacity) return false;
    const status = table.status[slot]!;
    if (status === UNUSED) return false;
    const tries = table.tries[slot]!;
    if (table.host[slot] !== host || table.port[slot] !== port || attempt >= tries) {
      // The token fits a slot that asks something else by now: an answer too late to be placed, hardly a forged one.
      this.counts.late++;
      return true;
    }
    if (kind === KIND_FIN_ACK) {
      this.counts.finAcks++;
      if (table.purpose[slot] === FOR_RESULT) this.notes.addPort(host, port, FIN_WITHOUT_SYN);
      return true;
    }
    let state = STATE_OF[kind]!;
    let reason = REASON_OF[kind]!;
    const timeMs = nowMs - this.#stoodStillMs;
    // Which attempt was it? Of those that cannot be told apart, the last; its round trip is then unknown.
    const period = this.#prober.attemptPeriod;
    const answered = attempt + Math.floor((tries - 1 - attempt) / period) * period;
    const sentMs = table.sentAt(slot, answered);
    if (isIcmp(kind) && this.#local.isLocalError(host, from)) {
      this.#onLocalError(slot, kind, timeMs);
      return true;
    }
    const known = sentMs >= 0 && tries <= period;
    // Waits are reckoned from the engine's own times, so that its own delays are part of them; what is told is what the kernel saw.
    let waitedMs = known && sentMs <= timeMs ? timeMs - sentMs : -1;
    const leftMs = known && timed ? table.leftAt[probeId(slot, answered)]! : -1;
    let rttMs = leftMs >= 0 && leftMs <= nowMs ? nowMs - leftMs : -1;
    let own = from === host;
    // A host that has answered otherwise is there.
    if ((kind === KIND_RST || kind === KIND_RST_NO_ACK) && this.#hosts.answered[this.#hosts.find(host)] === 0) {
      const firstMs = timeMs - table.firstSentAt[slot]!;
      // What was queued for a neighbor that is not found fails at one moment, however long it has waited.
      const wasTimeout = kind === KIND_RST_NO_ACK && this.#unresolved.has(host) &&
        !(rttMs >= 0 && rttMs < MIN_UNRESOLVED_MS);
      if (wasTimeout || isNeighborTimeout(kind === KIND_RST, waitedMs, firstMs, this.#hosts.srtt[GLOBAL]!)) {
        state = FILTERED;
        reason = NEIGHBOR_TIMEOUT;
        if (this.#unresolved.size < MAX_UNRESOLVED) this.#unresolved.add(host);
        own = false;
        waitedMs = rttMs = -1;
      }
    }
    const isNew = status !== DECIDED || table.state[slot] !== OPEN;
    const isProxied = odd && state === OPEN;
    if (isProxied && isNew && table.purpose[slot] === FOR_RESULT) this.notes.addPort(host, port, SYN_PROXY);
    if (status === DECIDED) {
      this.#onLateReply(slot, state, reason, ttl, own, sentMs, waitedMs, rttMs, from);
      return true;
    }
    const index = own ? this.#indexFor(host, table.purpose[slot]!, timeMs) : this.#hosts.find(host);
    this.#measure(index, own, sentMs, waitedMs, timeMs);
    if (state !== FILTERED) {
      this.#learnFromReply(slot, index, state, answered, sentMs, timeMs);
      this.#lookForOthers(slot, index, state, ttl, odd);
    }
    switch (table.purpose[slot]) {
      case FOR_RESULT:
        if (isIcmp(kind)) this.#silences.onError(host, from);
        if (!own && this.#isDoubtful(index, reason)) {
          table.doubtful[slot] = reason;
          table.doubtfulFrom[slot] = from;
          return true;
        }
        this.counts.answered++;
        if (kind === KIND_PORT_UNREACH && own) this.#ownUnreach.add(host);
        this.#decide(slot, state, reason, ttl, rttMs, from, isProxied ? SYN_PROXY : undefined);
        if (state !== OPEN && this.#overlaps) this.#lingerUntil = timeMs + this.#lingerMs();
        return true;
      case FOR_CONTROL_PORT:
        if (state !== OPEN) break;
        this.#controlPorts.sawOpen(host);
        if (this.#controlPorts.isProxied(host) && this.#ownSide.isDueAsProxy(host, ttl)) {
          this.#sendNearProbe(host, port);
        }
        break;
      case FOR_NEAR:
        if (state !== FILTERED) {
          this.#ownSide.answered(host, state === OPEN ? this.#source.isSpare(host, port) : odd);
        }
        break;
      case FOR_LIVENESS:
        // A router's word that the host is unreachable is no sign of life.
        if (!own) {
          this.#giveUp(slot, timeMs);
          return true;
        }
        this.#hosts.livenessAnswered[index]!++;
        this.#limiterOf(index)?.onLivenessProbe(sentMs, true, this.#timeoutMs(index));
        break;
    }
    table.state[slot] = state;
    this.#release(slot);
    return true;
  }

  sent(id: number, sentMs: number): void {
    this.#table.leftAt[id] = sentMs;
  }

  keepsSocket(host: number, port: number, attempt: number, token: number, untilMs: number): void {
    const table = this.#table;
    const slot = this.#correlator.open(token, host, port, attempt);
    if (slot >= table.capacity || table.host[slot] !== host || table.port[slot] !== port) return;
    // What was about to be asked again waits too.
    if (table.status[slot] !== IN_FLIGHT && table.status[slot] !== QUEUED) return;
    table.status[slot] = IN_FLIGHT;
    this.#wheel.schedule(slot, untilMs - this.#stoodStillMs + 1);
  }

  isInFlight(host: number, port: number, attempt: number, token: number): boolean {
    const table = this.#table;
    const slot = this.#correlator.open(token, host, port, attempt);
    return slot < table.capacity && table.host[slot] === host && table.port[slot] === port &&
      table.status[slot] !== UNUSED && attempt < table.tries[slot]!;
  }

  onSendError(host: number, port: number, attempt: number, token: number, reason: number): void {
    const table = this.#table;
    const slot = this.#correlator.open(token, host, port, attempt % this.#prober.attemptPeriod);
    if (slot >= table.capacity || table.host[slot] !== host || table.port[slot] !== port) return;
    if (table.status[slot] !== IN_FLIGHT) return;
    if (table.purpose[slot] === FOR_RESULT) this.#notSent(slot, reason, this.#engineMs);
    else this.#giveUp(slot, this.#engineMs);
  }

  /** The last probe of a slot has not left this machine: it counts as no attempt, and is sent later. */
  #notSent(slot: number, reason: number, timeMs: number): void {
    const table = this.#table;
    if (table.tries[slot]! > 0) table.tries[slot]!--;
    if (table.countedTries[slot]! > 0) table.countedTries[slot]!--;
    this.#block(slot, reason, timeMs);
  }

  /** A slot cannot be sent now, for the reason of this code. */
  #block(slot: number, reason: number, timeMs: number): void {
    const table = this.#table;
    const since = table.refusedAt[slot]!;
    if (since === 0 || since < this.#local.validSince(table.host[slot]!)) table.refusedAt[slot] = timeMs;
    table.reason[slot] = reason;
    table.status[slot] = QUEUED;
    table.move(slot, BLOCKED_LIST);
    this.#refusedNow++;
    if (this.#blockedUntil < timeMs) this.#blockedUntil = timeMs + REFUSAL_GAP_MS;
  }

  /** This machine's own kernel has answered a probe by an ICMP error: that says nothing of the port. */
  #onLocalError(slot: number, kind: number, timeMs: number): void {
    const table = this.#table;
    const host = table.host[slot]!;
    if (kind === KIND_HOST_UNREACH) this.#local.unreachable(host, timeMs);
    if (table.status[slot] !== IN_FLIGHT || table.purpose[slot] !== FOR_RESULT) return;
    const problem = this.#local.problem(host);
    if (problem !== NO_PROBLEM) this.#notSent(slot, problem, timeMs);
    else if (kind === KIND_NET_UNREACH) this.#notSent(slot, NO_ROUTE, timeMs);
    else if (kind !== KIND_HOST_UNREACH && kind !== KIND_TIME_EXCEEDED) this.#notSent(slot, LOCAL_FIREWALL, timeMs);
  }

  /** After a path has become usable again, what was silent meanwhile counts for nothing. */
  #lookAtPaths(timeMs: number): void {
    this.#local.look(timeMs);
    if (this.#local.resolutions !== this.#resolutions) {
      this.#resolutions = this.#local.resolutions;
      const table = this.#table;
      while (table.first(UNRESOLVED_LIST) >= 0) table.move(table.first(UNRESOLVED_LIST), READY_LIST);
    }
    if (this.#local.recoveries === this.#recoveries) return;
    this.#recoveries = this.#local.recoveries;
    this.#hosts.forgetSilence();
  }

  /** One turn of receive and send; true when nothing more can be done now. */
  #tick(nowMs: number): boolean {
    const prober = this.#prober;
    const drained = prober.drain(this, nowMs);
    this.#engineMs = nowMs - this.#stoodStillMs;
    if (this.#fullSince >= 0) return this.#push(nowMs, drained);
    const timeMs = this.#engineMs;
    this.#lookAtPaths(timeMs);
    const full = drained >= prober.drainBatch;
    this.#fullDrains = full ? this.#fullDrains + 1 : 0;
    // Timers are looked at only once everything that has arrived was seen; a flood must not stop them for ever.
    if (!full || this.#fullDrains > MAX_FULL_DRAINS) this.#expire(timeMs);
    this.#control(timeMs);
    const skipped = this.#skipExcluded();
    const sent = this.#send(timeMs);
    const waiting = prober.flush(this, nowMs);
    if (waiting > 0) this.#fullSince = nowMs;
    return !full && sent === 0 && skipped === 0 && waiting === 0 || waiting > 0 && drained === 0;
  }

  /**
   * The kernel had no room for what is queued. Until it has, nothing is asked or given up: what waits there was not sent, and
   * the time until it is counts for nothing.
   */
  #push(nowMs: number, drained: number): boolean {
    if (this.#prober.flush(this, nowMs) > 0) return drained === 0;
    const blockedMs = nowMs - this.#fullSince;
    if (blockedMs > BLOCKED_MS) this.#stoodStillMs += blockedMs;
    this.#fullSince = -1;
    return false;
  }

  #nextAt(nowMs: number): number {
    if (this.#fullSince >= 0) return nowMs + BLOCKED_LOOK_MS;
    const timeMs = this.#engineMs;
    let nextMs = this.#wheel.next(timeMs, MAX_SLEEP_MS);
    const table = this.#table;
    if (table.first(READY_LIST) >= 0 || this.#mayDraw()) nextMs = Math.min(nextMs, this.#rate.nextAt());
    if (table.first(BLOCKED_LIST) >= 0) nextMs = Math.min(nextMs, this.#blockedUntil);
    if (table.first(UNRESOLVED_LIST) >= 0) nextMs = Math.min(nextMs, timeMs + RESOLVE_GAP_MS);
    if (this.#allDecided) nextMs = Math.min(nextMs, this.#lingerUntil);
    if (this.#activeLimiters.length > 0) nextMs = Math.min(nextMs, Math.max(this.#nextServiceAt, this.#servicedAt + 1));
    return Math.max(nowMs + 0.05, nextMs + this.#stoodStillMs);
  }

  #mayDraw(): boolean {
    const { used } = this.#table;
    return !this.#paused && this.#position < this.#source.size && used < this.#mostDrawn &&
      used - this.#queued < this.#maxInFlight && this.#table.count(UNRESOLVED_LIST) < MOST_UNRESOLVED;
  }

  /** Looks at the slots that have waited long enough. */
  #expire(timeMs: number): void {
    const table = this.#table;
    for (let slot = this.#wheel.expire(timeMs, READY_LIST); slot >= 0; slot = this.#wheel.expire(timeMs, READY_LIST)) {
      const index = this.#hosts.find(table.host[slot]!);
      const sentMs = table.lastSentAt(slot);
      // Much may have been learned of round trips since the wait began.
      const dueMs = sentMs + this.#waitMs(slot, index);
      if (dueMs > timeMs) {
        this.#wheel.schedule(slot, Math.min(dueMs, timeMs + this.#provisionalMs()));
        continue;
      }
      if (table.purpose[slot] !== FOR_RESULT) {
        this.#giveUp(slot, timeMs);
        continue;
      }
      const problem = this.#local.problem(table.host[slot]!);
      if (problem !== NO_PROBLEM) {
        this.#cancel(slot);
        this.#block(slot, problem, timeMs);
        continue;
      }
      const notLeft = sentMs < this.#local.validSince(table.host[slot]!);
      const deaf = notLeft || sentMs < this.#countsSince(index);
      if (deaf) table.countedTries[slot] = 0;
      else if (table.countedTries[slot]! > 0 && this.#limiterOf(index)?.wasOverwhelmed(sentMs)) {
        table.countedTries[slot]!--;
      }
      if (table.doubtful[slot]! > 0) {
        this.#finalize(slot, index, sentMs, timeMs);
        continue;
      }
      const mayAsk = (notLeft || table.tries[slot]! <= this.#limits.maxRetries) && table.tries[slot]! < MAX_TRIES;
      if (mayAsk && (deaf || table.countedTries[slot]! < this.#attemptsNeeded(index))) this.#retransmit(slot, index);
      else this.#finalize(slot, index, sentMs, timeMs);
    }
  }

  #retransmit(slot: number, index: number): void {
    this.#cancel(slot);
    this.#table.status[slot] = QUEUED;
    // It had been sent: what was refused before that is over.
    this.#table.refusedAt[slot] = 0;
    const pace = this.#limiterOf(index);
    if (pace?.free === false) this.#queueForHost(slot, pace);
    else this.#table.move(slot, READY_LIST);
  }

  /** Nobody has answered, often enough. Does that mean anything? */
  #finalize(slot: number, index: number, sentMs: number, timeMs: number): void {
    const table = this.#table;
    const host = table.host[slot]!;
    if (index === GLOBAL) {
      // Of this host's round trip nothing is known: it gets the initial timeout at least.
      const { initialMs, maxMs } = this.#limits.timeouts;
      const isRouted = this.#local.isRouted(host);
      // Who bounds the wait for a reply below that wants an end sooner.
      const isEarly = isRouted && maxMs < LATE_UNREACHABLE_MS;
      if (isEarly) this.#silences.isEarly = true;
      const patience = table.firstSentAt[slot]! + (isRouted && !isEarly ? LATE_UNREACHABLE_MS : initialMs);
      if (timeMs < patience) {
        this.#wheel.schedule(slot, patience);
        return;
      }
    }
    const witness = this.#livenessSourceOf(index);
    const alive = this.#wasAlive(witness, sentMs);
    const hop = alive && witness !== GLOBAL ? HOP_ANSWERS : this.#confirmHop(witness, host, sentMs, timeMs);
    if (!alive && !this.#hosts.isUnreachable(witness, timeMs)) {
      this.#wheel.schedule(slot, timeMs + this.#gapMs(witness));
      this.#probeLiveness(witness, timeMs);
    } else if (hop === HOP_PENDING) {
      this.#wheel.schedule(slot, timeMs + HOP_GAP_MS);
    } else if (hop === HOP_ABSENT && index === GLOBAL) {
      this.#cancel(slot);
      this.#decide(slot, FILTERED, NO_ARP_RESPONSE, 0, -1, host);
    } else if (!alive || hop !== HOP_ANSWERS) {
      if (witness !== GLOBAL) this.#wentSilent(slot, witness, hop !== HOP_ANSWERS);
      this.#decide(slot, UNDECIDED, HOST_SILENT, 0, -1, host);
    } else {
      this.#finalizeSilent(slot, index);
    }
  }

  /** Whose pulses judge the silence of a host: its own where one of its ports is known to be closed, else those of all. */
  #livenessSourceOf(index: number): number {
    return this.#hosts.livenessPort[index]! >= 0 ? index : GLOBAL;
  }

  /** A host that has replied is given up. */
  #wentSilent(slot: number, index: number, isGone: boolean): void {
    const { address, aliveAt, answered, livenessAnswered: pulsesSeen } = this.#hosts;
    const host = address[index]!;
    if (this.#table.doubtful[slot]! > 0) this.#silences.onUnreachable(host, this.#table.doubtfulFrom[slot]!);
    if (this.#silences.hasFallen(host)) return;
    const afterMs = Math.max(0, aliveAt[index]! - this.#beganMs);
    this.#silences.fell({ host, afterMs, replies: answered[index]! + pulsesSeen[index]!, isGone, reportedBy: 0 });
  }

  /** Was the next hop to a host there? Silence says something only then. */
  #confirmHop(witness: number, host: number, sentMs: number, timeMs: number): number {
    // What came from behind the router since shows as much.
    const onlyWay = this.#local.wayCount === 1 && this.#local.isRouted(host);
    if (onlyWay && this.#hosts.aliveAt[GLOBAL]! >= sentMs) return HOP_ANSWERS;
    // Asked again and again while it matters: a router that has taken over does not always say so by itself.
    const silent = this.#hosts.unansweredLiveness[witness]! > 0;
    return this.#local.confirm(host, silent ? Math.max(sentMs, timeMs - HOP_AGE_MS) : sentMs, timeMs);
  }

  /** Whether a host is known to have answered what it was asked at about `sentMs`, or later. */
  #wasAlive(index: number, sentMs: number): boolean {
    if (index === GLOBAL && !this.#livenessTargets.enough) return true;
    // In a slow scan pulses are rare, and congestion rarer: one shortly before says enough.
    const pulseGapMs = this.#livenessGapMs();
    const graceMs = pulseGapMs > LIVENESS_GAP_MS ? 2 * pulseGapMs : 0;
    // Once pulses stay away, nobody knows what else did, until one comes back.
    return this.#hosts.aliveAt[index]! >= sentMs - graceMs && this.#hosts.unansweredLiveness[index] === 0;
  }

  /**
   * True for a router's word that a host is unreachable which has replied before: has the host gone away in the middle of the
   * scan, or does a firewall speak of this port? The former says nothing of the port.
   */
  #isDoubtful(index: number, reason: number): boolean {
    return (reason === HOST_UNREACH || reason === NET_UNREACH) && this.#hosts.answered[index]! > 0;
  }

  #finalizeSilent(slot: number, index: number): void {
    const table = this.#table;
    if (table.doubtful[slot]! > 0) {
      this.#cancel(slot);
      this.counts.answered++;
      this.#decide(slot, FILTERED, table.doubtful[slot]!, 0, -1, table.doubtfulFrom[slot]!);
      return;
    }
    // A bare SYN carries no proof that it answers ours; coming to the ports of two attempts, it is believed.
    const syns = this.#strays.areForged ? 0 : table.syns[slot]!;
    if (table.tries[slot]! > 1 ? (syns & (syns - 1)) !== 0 : syns !== 0) {
      this.#decide(slot, OPEN, SPLIT_HANDSHAKE, 0, -1, table.host[slot]!);
      return;
    }
    this.#cancel(slot);
    if (index === GLOBAL) this.#local.noReply(table.host[slot]!);
    this.#silences.onSilence(table.host[slot]!);
    this.#ledger.add(this.#missed(slot, index));
    this.#decide(slot, FILTERED, NO_RESPONSE, 0, -1, table.host[slot]!);
  }

  #decide(
    slot: number,
    state: number,
    reason: number,
    ttl: number,
    rttMs: number,
    from: number,
    note = this.notes.of(this.#table.host[slot]!, this.#table.port[slot]!),
  ): void {
    const { host, port, tries, state: verdict } = this.#table;
    this.counts.byState[state]!++;
    verdict[slot] = state;
    this.#table.reason[slot] = reason;
    this.#sink.result(host[slot]!, port[slot]!, state, reason, ttl, rttMs, tries[slot]!, from, -1, note);
    this.#release(slot);
  }

  #release(slot: number): void {
    const purpose = this.#table.purpose[slot];
    if (isToBeDecided(purpose!)) this.#open--;
    this.#table.status[slot] = DECIDED;
    this.#table.move(slot, FREE_LIST);
  }

  /** An answer to a question that is decided: a duplicate, or one that came too late and replaces the verdict. */
  #onLateReply(
    slot: number,
    state: number,
    code: number,
    ttl: number,
    own: boolean,
    sentMs: number,
    waitedMs: number,
    rttMs: number,
    from: number,
  ): void {
    const table = this.#table;
    const { port, tries, reason } = table;
    const host = table.host[slot]!;
    const before = table.state[slot]!;
    const replaced = reason[slot]!;
    const isResult = table.purpose[slot] === FOR_RESULT;
    const note = isResult ? contradiction(code, replaced) : 0;
    if (note > 0) this.#noteContradiction(host, port[slot]!, note);
    const isLate = replaced === HOST_SILENT && !own && this.#isDoubtful(this.#hosts.find(host), code);
    if (isLate || (isResult ? !wins(code, replaced) : state >= before)) {
      this.counts.duplicates++;
      return;
    }
    // What comes so late tells most of how long round trips are.
    const index = own ? this.#indexFor(host, table.purpose[slot]!, this.#engineMs) : this.#hosts.find(host);
    this.#measure(index, own, sentMs, waitedMs, this.#engineMs);
    table.state[slot] = state;
    if (!isResult) return;
    this.counts.late++;
    this.counts.byState[before]!--;
    this.counts.byState[state]!++;
    if (replaced === NO_RESPONSE) this.#ledger.remove(this.#missed(slot, index));
    reason[slot] = code;
    const remark = this.notes.of(host, port[slot]!);
    this.#sink.result(host, port[slot]!, state, code, ttl, rttMs, tries[slot]!, from, replaced, remark);
  }

  /** From now on, what was asked is remembered longer: where some replies contradict each other, others may. */
  #noteContradiction(host: number, port: number, note: number): void {
    this.notes.addPort(host, port, note);
    this.#keptFrom = CLOSED;
  }

  answersStrayAck(host: number, port: number, attempt: number): boolean {
    const table = this.#table;
    const slot = this.#findStray(host, port, attempt);
    if (slot < 0 || table.status[slot] !== IN_FLIGHT) return false;
    const answered = this.#prober.attemptPeriod > 1 ? attempt : table.tries[slot]! - 1;
    const bit = 1 << (answered & 7);
    const before = table.strayAcks[slot]!;
    if ((before & bit) !== 0) return false;
    table.strayAcks[slot] = before | bit;
    this.notes.addPort(host, port, STRAY_ACK);
    const index = this.#hosts.find(host);
    if (index !== GLOBAL) this.#noteAlive(index, table.lastSentAt(slot), this.#engineMs);
    if (before === 0 && table.tries[slot]! <= this.#limits.maxRetries) {
      // The RST leaves first, and then the attempt that gets the truth. The silence of this one says nothing.
      if (table.countedTries[slot]! > 0) table.countedTries[slot]!--;
      this.#retransmit(slot, index);
    }
    return true;
  }

  /** The slot that a segment without a token may belong to; below 0 if there is none, or if it is not to be believed. */
  #findStray(host: number, port: number, attempt: number): number {
    const strays = this.#strays;
    if (!strays.mayLook()) return -1;
    const slot = this.#table.search(host, port);
    const matched = slot >= 0 && attempt < this.#table.tries[slot]!;
    strays.looked(matched);
    return matched && !strays.areForged ? slot : -1;
  }

  #onBareSyn(host: number, port: number, attempt: number): boolean {
    const slot = this.#findStray(host, port, attempt);
    if (slot < 0) return false;
    // Where all attempts leave from one port, it is the last one that is answered.
    const answered = this.#prober.attemptPeriod > 1 ? attempt : this.#table.tries[slot]! - 1;
    this.#table.syns[slot]! |= 1 << (answered & 7);
    // The host lives, though nothing proves when it was asked.
    this.#noteAlive(this.#hosts.find(host), this.#table.lastSentAt(slot), this.#engineMs);
    return true;
  }

  /** Where to keep what is learned of a host that has answered. */
  #indexFor(host: number, purpose: number, timeMs: number): number {
    const hosts = this.#hosts;
    const found = hosts.find(host);
    if (found !== GLOBAL) return found;
    // Of a host that is asked once there is nothing to keep.
    if (this.#source.portCountOf(host) === 1) {
      if (purpose === FOR_RESULT) this.counts.singlesUp++;
      return GLOBAL;
    }
    const index = hosts.findOrAdd(host);
    if (index !== GLOBAL) hosts.firstAnswerAt[index] = timeMs;
    return index;
  }

  /** Takes from an answer what it says about round trips, and that somebody is there. */
  #measure(index: number, own: boolean, sentMs: number, waitedMs: number, timeMs: number): void {
    const { srtt, variation } = this.#hosts;
    for (let i = GLOBAL;; i = index) {
      if (waitedMs >= 0) {
        variation[i] = rttVariation(srtt[i]!, variation[i]!, waitedMs);
        srtt[i] = smoothedRtt(srtt[i]!, waitedMs);
      }
      if (sentMs >= 0) this.#noteAlive(i, sentMs, timeMs);
      // A router's word says nothing of the host.
      if (i === index || !own) return;
    }
  }

  /** A host has answered what it was asked at `sentMs`; if pulses before were lost, was that chance or an outage? */
  #noteAlive(index: number, sentMs: number, timeMs: number): void {
    const hosts = this.#hosts;
    if (sentMs > hosts.aliveAt[index]!) hosts.aliveAt[index] = sentMs;
    const pulses = hosts.unansweredLiveness[index]!;
    if (pulses === 0 || sentMs < hosts.silentSince[index]!) return;
    hosts.unansweredLiveness[index] = 0;
    const proof = probesProvingOutage(this.#lossOf(index).share);
    // An outage is no common loss; but where there was one before, outages are part of what to reckon with.
    if (pulses < proof || hosts.countsSince[index]! > 0) this.#addLost(index, Math.min(pulses, proof), timeMs);
    if (pulses < proof) return;
    hosts.countsSince[index] = sentMs;
    // What the outage has lost will never be known, so that what came back before weighs too much.
    hosts.forgetLoss(index, KEPT_AFTER_OUTAGE);
    if (index === GLOBAL) this.#loss.forget(KEPT_AFTER_OUTAGE);
  }

  /** Counts attempts to a host that are proven lost. */
  #addLost(index: number, count: number, timeMs: number): void {
    this.#seenLoss.lost += count;
    if (index !== GLOBAL) this.#hosts.lost[index]! += count;
    if (this.#limiterOf(index)?.free === false) return;
    this.#loss.lost += count;
    if (index !== GLOBAL) this.#suspectCap(index, timeMs);
  }

  /** Takes from a TCP answer what it says about the host and the path. */
  #learnFromReply(
    slot: number,
    index: number,
    state: number,
    answered: number,
    sentMs: number,
    timeMs: number,
  ): void {
    const table = this.#table;
    const hosts = this.#hosts;
    const pace = this.#limiterOf(index);
    // Attempts that met a host known to have been deaf prove nothing about the path.
    let lost = Math.max(0, answered - (table.tries[slot]! - table.countedTries[slot]!));
    let returned = 1;
    // What a host with a pace loses is its own affair.
    const free = pace === undefined || pace.free;
    if (free) {
      this.#rate.returned(sentMs);
      for (let before = 1; before <= lost; before++) this.#rate.lost(table.sentAt(slot, answered - before));
    }
    const { maxRetries } = this.#limits;
    if (maxRetries < FEW_RETRIES && table.purpose[slot] === FOR_RESULT) {
      // What is lost every time that the user allows is never proven lost. Of those lost once the share p is lost, hence those
      // answered at the second attempt are p times those answered at the first; without a second only pulses tell.
      returned = maxRetries === 0 ? 0 : lost === 0 ? 1 : lost === 1 ? -1 : 0;
      lost = lost === 1 ? 1 : 0;
    }
    this.#seenLoss.answered += returned;
    if (free) this.#loss.answered += returned;
    if (lost > 0) this.#addLost(index, lost, timeMs);
    const host = table.host[slot]!;
    const port = table.port[slot]!;
    // Pulses go to closed ports only. A server counts connections, even half open ones, and may lock out whoever makes many; and
    // RSTs are what hosts cap.
    if (state === CLOSED) this.#livenessTargets.answered(host, port);
    if (index === GLOBAL) return;
    if (state === CLOSED) hosts.livenessPort[index] = port;
    hosts.returned[index]! += returned;
    if (table.purpose[slot] !== FOR_RESULT) return;
    hosts.answered[index]!++;
    if (state === OPEN) {
      const open = ++hosts.open[index]!;
      if (this.#controlPorts.areDue(table.host[slot]!, open, hosts.answered[index]!)) {
        this.#probeControlPorts(table.host[slot]!);
      }
    }
  }

  /** Takes from a TCP answer what it says of others that may have sent it in the place of the host. */
  #lookForOthers(slot: number, index: number, state: number, ttl: number, odd: boolean): void {
    const table = this.#table;
    if (table.purpose[slot] !== FOR_RESULT) return;
    const host = table.host[slot]!;
    const port = table.port[slot]!;
    if (this.#controlPorts.isSampleDue(host, state === OPEN)) this.#probeControlPorts(host);
    if (this.#ownSide.isDueBeyondProgram(host, port, ttl, state !== OPEN && odd)) {
      // A closed port tells stacks apart, and is harmed least.
      this.#sendNearProbe(host, sparePorts(~host, 1, (spare) => this.#source.isSpare(host, spare))[0] ?? port);
    }
    if (index !== GLOBAL) this.#ttls.see(this.#hosts, index, port, ttl, state === OPEN);
  }

  /**
   * Something is asked again: pulses go along, so that its silence can be judged. They come ever more rarely in a burst, and
   * never at the same place, for its beginning fares better than its end.
   */
  #addLivenessProbes(index: number, timeMs: number): void {
    const { burstSize, burstLivenessAt: burstPulseAt, burstEndsAt } = this.#hosts;
    let pulse = false;
    if (timeMs >= burstEndsAt[index]!) {
      // A burst that was too short for its pulse gets one all the same.
      pulse = burstPulseAt[index]! < BURST_LIVENESS_AT;
      burstEndsAt[index] = timeMs + this.#livenessGapMs();
      burstSize[index] = 0;
      burstPulseAt[index] = BURST_LIVENESS_AT * this.#dither();
    }
    const size = ++burstSize[index]!;
    if (size >= burstPulseAt[index]!) {
      burstPulseAt[index] = BURST_LIVENESS_AT + size * (2 + 4 * this.#dither());
      pulse = true;
    }
    if (pulse) this.#sendLivenessProbe(index, timeMs);
  }

  /** Spreads evenly over 0 to 1: multiples of the golden ratio, without their integers. */
  #dither(): number {
    this.#ditherPhase = (this.#ditherPhase + 0.618034) % 1;
    return this.#ditherPhase;
  }

  /** Asks a port that is known to answer, at once if there is room, unless that was done a short while ago. */
  #probeLiveness(index: number, timeMs: number): void {
    const hosts = this.#hosts;
    if (timeMs < hosts.nextLivenessAt[index]! || !this.#sendLivenessProbe(index, timeMs)) return;
    hosts.nextLivenessAt[index] = timeMs + hosts.livenessPause(index, timeMs, this.#gapMs(index));
  }

  #sendLivenessProbe(index: number, timeMs: number): boolean {
    let slot = -1;
    const port = this.#hosts.livenessPort[index]!;
    if (port >= 0) {
      if (this.#local.problem(this.#hosts.address[index]!) !== NO_PROBLEM) return false;
      slot = this.#enqueue(this.#hosts.address[index]!, port, FOR_LIVENESS);
    } else if (index === GLOBAL && this.#livenessTargets.next()) {
      slot = this.#enqueue(this.#livenessTargets.host, this.#livenessTargets.port, FOR_PATH_LIVENESS);
    }
    if (slot < 0) return false;
    // It goes ahead of its turn where that is a matter of milliseconds; else it waits for it.
    if (this.#rate.ratePps * LIVENESS_GAP_MS >= 1000 || this.#rate.available(timeMs) >= 1) {
      this.#sendProbe(slot, index, timeMs);
    }
    return true;
  }

  /** A pulse, a canary or a SYN with a TTL of 1 stayed without an answer, or could not be sent. */
  #giveUp(slot: number, timeMs: number): void {
    const table = this.#table;
    const purpose = table.purpose[slot]!;
    const isRepeated = purpose === FOR_CONTROL_PORT
      ? table.tries[slot]! < CONTROL_PORT_TRIES
      : purpose === FOR_NEAR && this.#ownSide.isRetried(table.countedTries[slot]!);
    if (isRepeated) {
      table.status[slot] = QUEUED;
      table.move(slot, READY_LIST);
      return;
    }
    this.#drop(slot);
    if (purpose === FOR_NEAR) {
      const port = this.#ownSide.nextPort(table.host[slot]!);
      if (port >= 0) this.#sendNearProbe(table.host[slot]!, port);
    }
    if (purpose === FOR_CONTROL_PORT || purpose === FOR_NEAR) return;
    const hosts = this.#hosts;
    const index = purpose === FOR_LIVENESS ? hosts.find(table.host[slot]!) : GLOBAL;
    const sentMs = table.lastSentAt(slot);
    const host = table.host[slot]!;
    if (sentMs < this.#local.validSince(host) || this.#local.problem(host) !== NO_PROBLEM) return;
    // Where something asked later was answered, this one was lost by chance.
    if (sentMs < hosts.aliveAt[index]!) this.#addLost(index, 1, timeMs);
    else hosts.noteLivenessLost(index, sentMs);
    if (purpose !== FOR_LIVENESS) return;
    hosts.livenessLost[index]!++;
    this.#limiterOf(index)?.onLivenessProbe(sentMs, false, this.#timeoutMs(index));
  }

  /** Ends a pulse or a canary without an answer. */
  #drop(slot: number): void {
    this.#cancel(slot);
    this.#table.state[slot] = FILTERED;
    this.#release(slot);
  }

  #limiterOf(index: number): HostLimiter | undefined {
    return this.#activeLimiters.length > 0 ? this.#limiters.get(index) : undefined;
  }

  /** A host keeps losing what it is asked: by chance, or because it is asked faster than it answers? */
  #suspectCap(index: number, timeMs: number): void {
    const { address, returned, lost } = this.#hosts;
    if (lost[index]! < CAP_LOST) return;
    if (lost[index]! < CAP_SHARE * (returned[index]! + lost[index]!)) return;
    // A few questions are soon answered at any cap.
    if (Math.min(this.#table.used, this.#source.portCountOf(address[index]!)) < CAP_WAITING) return;
    let pace = this.#limiters.get(index);
    if (pace === undefined) {
      pace = new HostLimiter(index, this.#table.newList());
      this.#limiters.set(index, pace);
    }
    if (!this.#activeLimiters.includes(pace)) this.#activeLimiters.push(pace);
    this.#nextServiceAt = timeMs;
    const { answered, firstAnswerAt, countsSince, livenessAnswered: pulsesSeen, livenessLost: pulsesLost } =
      this.#hosts;
    const answerPps = (answered[index]! + pulsesSeen[index]!) * 1000 / Math.max(50, timeMs - firstAnswerAt[index]!);
    pace.begin(timeMs, answerPps, (pulsesSeen[index]! + 1) / (pulsesSeen[index]! + pulsesLost[index]! + 2));
    // From now on it is reckoned anew: what it lost until now is its own affair, and says nothing about the path.
    countsSince[index] = timeMs;
    for (const meter of [this.#loss, this.#seenLoss]) {
      meter.answered = Math.max(0, meter.answered - returned[index]!);
      meter.lost = Math.max(0, meter.lost - lost[index]!);
    }
    returned[index] = lost[index] = 0;
  }

  /** Lets a slot wait for the turn of its host. */
  #queueForHost(slot: number, pace: HostLimiter): void {
    this.#table.move(slot, pace.queue);
    this.#nextServiceAt = Math.min(this.#nextServiceAt, pace.nextAt);
  }

  /** Looks after hosts on trial, and asks those that have a pace, at most once a millisecond; returns how many questions. */
  #serviceLimiters(timeMs: number, budget: number): number {
    if (timeMs < this.#nextServiceAt || timeMs < this.#servicedAt + 1) return 0;
    this.#servicedAt = timeMs;
    const table = this.#table;
    let sent = 0;
    let nextMs = timeMs + MAX_SLEEP_MS;
    let over = false;
    this.#queued = 0;
    for (const pace of this.#activeLimiters) {
      const { index, queue } = pace;
      if (pace.hasCap) this.#cappedEver.add(this.#hosts.address[index]!);
      while (!pace.free && timeMs >= pace.nextAt && sent < budget) {
        const slot = table.first(queue);
        if (slot < 0) break;
        const pulsed = pace.livenessIsNext && this.#sendLivenessProbe(index, timeMs);
        if (!pulsed && !this.#sendProbe(slot, index, timeMs)) break;
        pace.onSent(timeMs);
        sent++;
      }
      while (pace.free && table.first(queue) >= 0) table.move(table.first(queue), READY_LIST);
      if (table.first(queue) >= 0) nextMs = Math.min(nextMs, Math.max(timeMs, pace.nextAt));
      if (pace.free) over = true;
      this.#queued += table.count(queue);
    }
    if (over) this.#activeLimiters = this.#activeLimiters.filter((pace) => !pace.free);
    this.#nextServiceAt = nextMs;
    return sent;
  }

  #probeControlPorts(host: number): void {
    const ports = this.#controlPorts.choose(host, (port) => this.#source.isSpare(host, port));
    for (const port of ports) this.#enqueue(host, port, FOR_CONTROL_PORT);
  }

  /** Sends a SYN with a TTL of 1, from a port of its own: the host may not have seen our RST to the one before yet. */
  #sendNearProbe(host: number, port: number): void {
    const slot = this.#enqueue(host, port, FOR_NEAR);
    if (slot >= 0) this.#table.tries[slot] = this.#nextLivenessAttempt();
  }

  #enqueue(host: number, port: number, purpose: number): number {
    const table = this.#table;
    const slot = table.take(READY_LIST, this.#engineMs - LATE_MS, this.#keptFrom);
    if (slot < 0) return -1;
    table.host[slot] = host;
    table.port[slot] = port;
    table.purpose[slot] = purpose;
    table.status[slot] = QUEUED;
    table.tries[slot] = purpose === FOR_LIVENESS || purpose === FOR_PATH_LIVENESS ? this.#nextLivenessAttempt() : 0;
    table.countedTries[slot] = 0;
    table.syns[slot] = 0;
    table.strayAcks[slot] = 0;
    table.doubtful[slot] = 0;
    table.refusedAt[slot] = 0;
    if (isToBeDecided(purpose)) this.#open++;
    return slot;
  }

  /**
   * From which port a pulse leaves, as a number of an attempt. An open port that was asked before, and has not seen our RST yet,
   * does not answer another SYN from there (RFC 9293 section 3.10.7.4).
   */
  #nextLivenessAttempt(): number {
    const period = Math.min(this.#prober.attemptPeriod, MAX_TRIES);
    this.#livenessAttempt = (this.#livenessAttempt + 1) % period;
    return this.#livenessAttempt;
  }

  /** Moves the rate by what was lost, on the path or on this machine. */
  #control(timeMs: number): void {
    const intervalMs = Math.max(RATE_INTERVAL_MS, RATE_INTERVAL_TIMEOUTS * this.#timeoutMs(GLOBAL));
    const { receiveDrops, sendRetries } = this.#prober.counters;
    if (receiveDrops > this.#dropsSeen || sendRetries > this.#fullQueueSeen + 8) {
      if (sendRetries > this.#fullQueueSeen) this.#local.noRoom(timeMs);
      this.#rate.squeeze(timeMs, intervalMs);
      this.#dropsSeen = receiveDrops;
      this.#fullQueueSeen = sendRetries;
    }
    this.#rate.adjust(timeMs, intervalMs);
  }

  /** Asks what may be asked, at most one batch; returns how many questions that was. */
  #send(timeMs: number): number {
    const table = this.#table;
    const budget = Math.min(this.#prober.batch, this.#rate.available(timeMs));
    let sent = this.#activeLimiters.length > 0 ? this.#serviceLimiters(timeMs, budget) : 0;
    if (table.first(BLOCKED_LIST) >= 0 && timeMs >= this.#blockedUntil) this.#unblock(timeMs);
    while (sent < budget) {
      let slot = table.first(READY_LIST);
      if (slot < 0) {
        if (!this.#mayDraw()) break;
        this.#source.locate(this.#position);
        if (this.#source.isExcluded === true) break;
        slot = this.#enqueue(this.#source.host, this.#source.port, FOR_RESULT);
        if (slot < 0) break;
        this.#position++;
      }
      const index = this.#hosts.find(table.host[slot]!);
      const pace = this.#limiterOf(index);
      if (pace?.free === false && table.purpose[slot] === FOR_RESULT) {
        this.#queueForHost(slot, pace);
        continue;
      }
      if (!this.#sendProbe(slot, index, timeMs)) break;
      sent++;
    }
    return sent;
  }

  /**
   * Tries some of what the kernel would not send: a few while it goes on refusing, ever more once it does not. Who has waited
   * too long gets its verdict.
   */
  #unblock(timeMs: number): void {
    const table = this.#table;
    const refusing = this.#refusedNow > 0;
    this.#retries = refusing ? FIRST_RETRIES : this.#retries * 4;
    this.#refusedNow = 0;
    this.#blockedUntil = timeMs + REFUSAL_GAP_MS;
    const count = table.count(BLOCKED_LIST);
    for (let i = 0, retried = 0; i < count; i++) {
      const slot = table.first(BLOCKED_LIST);
      const reason = table.reason[slot]!;
      const isForbidden = reason === SEND_FAILED || reason === LOCAL_FIREWALL;
      if (refusing && timeMs - table.refusedAt[slot]! > (isForbidden ? REFUSAL_RETRY_MS : OUTAGE_RETRY_MS)) {
        this.#local.notProbed(table.host[slot]!, reason);
        this.#decide(slot, UNDECIDED, reason, 0, -1, table.host[slot]!);
      } else {
        table.move(slot, retried++ < this.#retries ? READY_LIST : BLOCKED_LIST);
      }
    }
  }

  /** Sends the next probe of a slot; false when there is no room. */
  #sendProbe(slot: number, index: number, timeMs: number): boolean {
    const table = this.#table;
    const problem = this.#local.problem(table.host[slot]!);
    if (problem !== NO_PROBLEM && !this.#local.mayTry(table.host[slot]!, timeMs)) {
      // New questions are drawn no faster than they would be probed.
      if (table.refusedAt[slot] === 0) this.#rate.spend();
      if (table.purpose[slot] === FOR_RESULT) this.#block(slot, problem, timeMs);
      else this.#drop(slot);
      return true;
    }
    if (table.purpose[slot] === FOR_RESULT && index === GLOBAL) {
      const hop = this.#local.resolve(table.host[slot]!, timeMs);
      if (hop !== HOP_ANSWERS) {
        if (hop === HOP_PENDING) {
          table.status[slot] = QUEUED;
          table.move(slot, UNRESOLVED_LIST);
        } else {
          this.#cancel(slot);
          this.#decide(slot, FILTERED, NO_ARP_RESPONSE, 0, -1, table.host[slot]!);
        }
        return true;
      }
    }
    const attempt = table.tries[slot]!;
    const token = this.#token(slot, attempt);
    const id = probeId(slot, attempt);
    table.leftAt[id] = -1;
    const isSent = table.purpose[slot] === FOR_NEAR
      ? this.#prober.sendNear!(table.host[slot]!, table.port[slot]!, attempt, token, id)
      : this.#prober.send(table.host[slot]!, table.port[slot]!, attempt, token, id);
    if (!isSent) return false;
    this.#rate.spend();
    if (attempt === 0) table.firstSentAt[slot] = timeMs;
    else if (table.lastSentAt(slot) < this.#countsSince(index)) table.countedTries[slot] = 0;
    table.tries[slot] = attempt + 1;
    table.countedTries[slot]!++;
    table.setSentAt(slot, attempt, timeMs);
    table.status[slot] = IN_FLIGHT;
    const waitMs = this.#waitMs(slot, index);
    this.#wheel.schedule(
      slot,
      timeMs + (this.#hosts.srtt[GLOBAL]! < 0 ? Math.min(waitMs, this.#provisionalMs()) : waitMs),
    );
    // A pulse goes with what is asked again: if it comes back, silence at this time means something.
    const again = attempt > 0 || this.#limits.maxRetries === 0;
    if (again && table.purpose[slot] === FOR_RESULT && this.#limiterOf(index)?.free !== false) {
      this.#addLivenessProbes(this.#livenessSourceOf(index), timeMs);
    }
    return true;
  }

  #cancel(slot: number): void {
    const { host, port, tries } = this.#table;
    const attempt = tries[slot]! - 1;
    if (attempt >= 0) this.#prober.cancel(host[slot]!, port[slot]!, attempt, this.#token(slot, attempt));
  }

  #token(slot: number, attempt: number): number {
    const { host, port } = this.#table;
    return this.#correlator.seal(slot, host[slot]!, port[slot]!, attempt % this.#prober.attemptPeriod);
  }

  /** What is believed of the loss of a host; of a host that has not answered, that of the whole scan. Valid until next asked. */
  #lossOf(index: number): LossEstimate {
    if (index === GLOBAL) return this.#lossEstimate.ofScan(this.#loss);
    return this.#lossEstimate.ofHost(this.#hosts.returned[index]!, this.#hosts.lost[index]!, this.#loss);
  }

  /** The chance that a port which would answer every attempt has stayed silent all the same. */
  #missed(slot: number, index: number): number {
    return this.#lossOf(index).probabilityAllLost(this.#table.countedTries[slot]!);
  }

  /** How often silence must be asked, given what is lost and how many answers the whole scan is going to have. */
  #attemptsNeeded(index: number): number {
    const needed = this.#lossOf(index).attemptsNeeded(
      this.counts.answered * this.#source.size / Math.max(1, this.#position),
      this.#hosts.livenessPort[index]! >= 0 || this.#livenessTargets.enough,
    );
    // What another engine makes such a host lose is lost in rows, which no share of losses tells of.
    return this.#limits.sharesHosts && this.#limiters.has(index) ? 2 * needed + 2 : needed;
  }

  /** Since when silence of a host says something. */
  #countsSince(index: number): number {
    const { countsSince } = this.#hosts;
    return Math.max(countsSince[GLOBAL]!, countsSince[index]!);
  }

  /** How long an answer may take. */
  #timeoutMs(index: number): number {
    return answerTimeout(this.#hosts.srtt[index]!, this.#hosts.variation[index]!, this.#limits.timeouts);
  }

  /** How long to wait after the probe that was sent last, until the next or the verdict. */
  #waitMs(slot: number, index: number): number {
    const table = this.#table;
    const timeoutMs = this.#timeoutMs(index);
    if (table.purpose[slot] !== FOR_RESULT) return timeoutMs;
    const pace = this.#limiterOf(index);
    // The silence of a host with a pace is judged once it is known how that pace went.
    if (pace?.free === false) return timeoutMs + pace.livenessGapMs;
    // An answer tells its attempt, so that the third may leave before the second is given up; the last is waited for.
    const last = table.tries[slot]! > this.#limits.maxRetries ||
      table.countedTries[slot]! >= this.#attemptsNeeded(index);
    return table.tries[slot]! < 2 || last || !this.#overlaps ? timeoutMs : Math.min(timeoutMs, this.#gapMs(index));
  }

  /** The time between two attempts, and the least between two pulses of a silent host. */
  #gapMs(index: number): number {
    const { initialMs } = this.#limits.timeouts;
    // A host that has never answered is waited for anyway, and loss comes in bursts.
    const least = index === GLOBAL ? Math.max(MIN_GAP_MS, initialMs * PROVISIONAL_SHARE) : MIN_GAP_MS;
    return Math.max(least, this.#timeoutMs(index) * GAP_SHARE, 3 * this.#livenessGapMs());
  }

  /** The time between two pulses that go along with what is asked again. */
  #livenessGapMs(): number {
    return Math.max(LIVENESS_GAP_MS, PROBES_PER_LIVENESS_PROBE * 1000 / this.#rate.ratePps);
  }

  /** A firewall refuses earlier than the host behind it answers. */
  #lingerMs(): number {
    return Math.min(MAX_LINGER_MS, Math.max(MIN_LINGER_MS, LINGER_ROUND_TRIPS * this.#hosts.srtt[GLOBAL]!));
  }

  #provisionalMs(): number {
    return Math.max(this.#limits.timeouts.minMs, this.#limits.timeouts.initialMs * PROVISIONAL_SHARE);
  }
}

/** Whether a slot of this purpose is waited for at the end of the scan. */
function isToBeDecided(purpose: number): boolean {
  return purpose === FOR_RESULT || purpose === FOR_CONTROL_PORT || purpose === FOR_NEAR;
}

/** True where a kind of evidence is an ICMP error. */
function isIcmp(kind: number): boolean {
  return kind >= KIND_NET_UNREACH && kind <= KIND_TIME_EXCEEDED;
}

/**
 * Results of hosts beyond a gateway that have not replied to anything. They are held: a router may report such a host as absent, and then it
 * is reported once, in the place of all of its ports. The results of all workers and passes go through here, since each of them has a part of
 * a host's ports only.
 *
 * @module
 */

import { grown } from "../collections/grown.ts";
import { U32Map } from "../collections/u32_map.ts";
import {
  countResult,
  fromAt,
  hostAt,
  reasonAt,
  replacedAt,
  ResultBatcher,
  type ResultColumns,
  ROW_LEN,
  showsHost,
  stateAt,
  triesAt,
} from "../result/batch.ts";
import { type Pass, probesHosts } from "../result/pass.ts";
import { reasonCode } from "../result/reasons.ts";
import { ABSENT, STATES, UP } from "../result/states.ts";
import { Ranges } from "../target/ranges.ts";
import { boundsOf } from "./discovery.ts";
import { HeldRows, NONE, type RowSink } from "./held_rows.ts";
import type { ScanSnapshot } from "./snapshot.ts";
import { EMPTY_REPORT, type PassReport } from "./worker_task.ts";

/** In place of the index of a worker: the results are of several. */
const NO_WORKER = -1;
/**
 * Results that are held at most: beyond, those of the host whose first result is the oldest are given, 29 bytes each. With the one that is
 * added before, they fill the memory of {@linkcode HeldRows}, which doubles: one more would take another 7 MB.
 */
const MAX_ROWS = (1 << 18) - 1;
/** Hosts that may be given like that; once there are more, nothing is held any more. */
const MAX_GIVEN = 1 << 20;
const HOST_UNREACH = reasonCode("host-unreach");

/** Takes results of a pass of one worker. */
type Emit = (rows: ResultColumns, pass: number, worker: number) => void;

/** The state of held results in a snapshot. */
type AbsentPortsSnapshot = NonNullable<ScanSnapshot["absent"]>;

/** The parts of a scan that its held results depend on. */
interface AbsentPortsParts {
  readonly passes: readonly Pass[];
  /** The number of the pass in whose results absent hosts are. */
  readonly absentPass: number;
  /** The hosts beyond a gateway. */
  readonly hosts: Ranges;
  /** Returns the number of results that a host will have in all passes; 0 if that is unknown. */
  readonly portsOf: (host: number) => number;
  /** True if every host will have one result. */
  readonly isSingle: boolean;
  /** True for a host that has replied before the scan was resumed. */
  readonly wasUp: (host: number) => boolean;
  /** Takes the results that need not be held. */
  readonly emit: Emit;
}

/** The results of hosts that may be absent. */
export class AbsentPorts {
  readonly #parts: AbsentPortsParts;
  /** The results of hosts without a reply. */
  readonly #held = new HeldRows();
  /** The ports of each of these hosts that have no result yet, by its slot; 0 or less if their number is unknown. */
  #missing = new Int32Array(64);
  /** The rows that report some of these hosts as absent, by host. */
  readonly #reports = new Map<number, ResultColumns>();
  /** Hosts beyond a gateway that have replied, and those whose results were given without a reply. */
  readonly #given = new U32Map();
  #givenSilent = 0;
  readonly #absent = new U32Map();
  readonly #absentHosts: number[] = [];
  /** Hosts that routers have reported and that have not replied, each followed by its router; it only grows. */
  readonly reported: number[] = [];
  /** Results that are ready to be given, by the number of their pass. */
  readonly #ready: readonly ResultBatcher[];
  /** Results that were withdrawn, by code of state, and ports. */
  readonly #withdrawn: number[] = STATES.map(() => 0);
  #cut = 0;

  constructor(parts: AbsentPortsParts) {
    this.#parts = parts;
    this.#ready = batchersOf(parts.passes, (rows, pass) => parts.emit(rows, pass, NO_WORKER));
  }

  /** Takes results of a pass of one worker. */
  readonly take: Emit = (rows, pass, worker) => {
    const kept = probesHosts(this.#parts.passes[pass]!) ? this.#takeHosts(rows) : this.#takePorts(rows, pass);
    // What a worker found shows how far it is, even if nothing of it is given.
    this.#parts.emit(kept, pass, worker);
    this.#flush();
  };

  /** Decides what is held: the scan has ended. */
  finish(): void {
    for (const slot of this.#held.slots()) this.#decide(slot);
    this.#flush();
  }

  /** Returns the results that are held. */
  held(): Iterable<{ readonly rows: ResultColumns; readonly pass: number }> {
    const held: { rows: ResultColumns; pass: number }[] = [];
    const batchers = batchersOf(this.#parts.passes, (rows, pass) => held.push({ rows, pass }));
    const add: RowSink = (rows, at, pass) => batchers[pass]!.add(rows, at);
    for (const slot of this.#held.slots()) this.#held.forEachRow(slot, add);
    for (const report of this.#reports.values()) add(report, 0, this.#parts.absentPass);
    for (const batcher of batchers) batcher.flush();
    return held;
  }

  /** Returns the difference to the counts of the workers, and the hosts that are absent. */
  report(): PassReport {
    const absent = boundsOf(Ranges.ofMembers(this.#absentHosts));
    const none = new Uint32Array();
    const found = absent.length === 0 ? undefined : { up: none, absent, silent: none, undecided: none };
    return { ...EMPTY_REPORT, byState: this.#withdrawn.map((count) => -count), cut: this.#cut, found };
  }

  snapshot(): AbsentPortsSnapshot {
    return { hosts: [...boundsOf(Ranges.ofMembers(this.#absentHosts))], cut: this.#cut };
  }

  /** Continues from a snapshot. */
  resume({ hosts, cut }: AbsentPortsSnapshot): void {
    for (const [first, last] of Ranges.fromSortedBounds(Uint32Array.from(hosts))) {
      for (let host = first; host <= last; host++) {
        this.#addAbsent(host);
        this.reported.push(host, host);
      }
    }
    this.#cut = cut;
  }

  /** Takes what passes over hosts have found, and the hosts that a router has reported while their ports were probed. */
  #takeHosts(rows: ResultColumns): ResultColumns {
    let end = 0;
    for (let at = 0; at < rows.length; at += ROW_LEN) {
      const host = hostAt(rows, at);
      // Without a probe of its own: the host was found absent by probes of its ports.
      if (stateAt(rows, at) === ABSENT && triesAt(rows, at) === 0 && reasonAt(rows, at) === HOST_UNREACH) {
        if (!this.#isGiven(host) && this.#absent.get(host) < 0) this.#onReport(host, rows, at);
        continue;
      }
      if (stateAt(rows, at) === UP && this.#parts.hosts.has(host)) this.#onReply(host);
      if (end < at) rows.copyWithin(end, at, at + ROW_LEN);
      end += ROW_LEN;
    }
    return end === rows.length ? rows : rows.slice(0, end);
  }

  #takePorts(rows: ResultColumns, pass: number): ResultColumns {
    const { hosts, isSingle } = this.#parts;
    // All that is known of a host comes at once, unless a router has reported it before.
    if (isSingle && this.#held.hostCount === 0 && this.#absent.size === 0) return rows;
    if (this.#given.size === hosts.size) return rows;
    let end = 0;
    for (let at = 0; at < rows.length; at += ROW_LEN) {
      const host = hostAt(rows, at);
      if (hosts.has(host) && !this.#isGiven(host)) {
        if (showsHost(rows, at)) this.#onReply(host);
        else if (this.#holds(host, rows, at, pass)) continue;
      }
      if (end < at) rows.copyWithin(end, at, at + ROW_LEN);
      end += ROW_LEN;
    }
    return end === rows.length ? rows : rows.slice(0, end);
  }

  /** Holds or withdraws the result in a row; false where it need not be held. */
  #holds(host: number, rows: ResultColumns, at: number, pass: number): boolean {
    if (this.#absent.size > 0 && this.#absent.get(host) >= 0) {
      this.#withdraw(rows, at);
      return true;
    }
    const held = this.#held;
    let slot = held.slotOf(host);
    if (slot === NONE) {
      const ports = this.#parts.portsOf(host);
      if (ports === 1) return false;
      slot = this.#hold(host, ports);
    }
    held.addRow(slot, rows, at, pass);
    if (replacedAt(rows, at) < 0 && --this.#missing[slot]! === 0) this.#decide(slot);
    else if (held.length > MAX_ROWS) this.#decide(held.oldest, true);
    return true;
  }

  /** Holds a host with so many ports, which is not held yet; returns its slot. */
  #hold(host: number, ports: number): number {
    const slot = this.#held.addHost(host);
    if (slot >= this.#missing.length) this.#missing = grown(this.#missing, 2 * this.#missing.length);
    this.#missing[slot] = ports;
    return slot;
  }

  /** Takes the row by which a router reports a host as absent. */
  #onReport(host: number, rows: ResultColumns, at: number): void {
    let slot = this.#held.slotOf(host);
    if (slot === NONE) slot = this.#hold(host, this.#parts.portsOf(host));
    if (!this.#reports.has(host)) {
      this.reported.push(host, fromAt(rows, at));
      this.#reports.set(host, rows.slice(at, at + ROW_LEN));
    }
    if (this.#missing[slot] === 0) this.#decide(slot);
  }

  #onReply(host: number): void {
    if (this.#given.get(host) < 0) this.#given.add(host, 1);
    const slot = this.#held.slotOf(host);
    if (slot !== NONE) this.#release(slot);
  }

  /** True for a host whose results are given at once: it has replied, or it is too late to report it as absent. */
  #isGiven(host: number): boolean {
    return this.#givenSilent > MAX_GIVEN || this.#given.get(host) >= 0 || this.#wasUp(host);
  }

  #wasUp(host: number): boolean {
    if (!this.#parts.wasUp(host)) return false;
    if (this.#parts.hosts.has(host)) this.#given.add(host, 1);
    return true;
  }

  /** Decides what is held of a host. `isEarly` is true where there will be more of it. */
  #decide(slot: number, isEarly = false): void {
    const host = this.#held.hostOf(slot);
    const report = this.#reports.size === 0 ? undefined : this.#reports.get(host);
    if (report === undefined) {
      if (isEarly) {
        this.#given.add(host, 1);
        this.#givenSilent++;
      }
      this.#release(slot);
      return;
    }
    this.#addAbsent(host);
    this.#held.forEachRow(slot, this.#withdraw);
    this.#forget(slot);
    this.#give(report, 0, this.#parts.absentPass);
  }

  #addAbsent(host: number): void {
    this.#absent.add(host, 1);
    this.#absentHosts.push(host);
  }

  /** Gives what is held of a host. */
  #release(slot: number): void {
    this.#held.forEachRow(slot, this.#give);
    this.#forget(slot);
  }

  #forget(slot: number): void {
    if (this.#reports.size > 0) this.#reports.delete(this.#held.hostOf(slot));
    this.#held.remove(slot);
  }

  readonly #give: RowSink = (rows, at, pass) => this.#ready[pass]!.add(rows, at);

  #flush(): void {
    for (const ready of this.#ready) ready.flush();
  }

  readonly #withdraw = (rows: ResultColumns, at: number): void => {
    countResult(rows, at, this.#withdrawn);
    if (replacedAt(rows, at) < 0) this.#cut++;
  };
}

/** Returns what collects the results of each pass in batches, and passes these to `give`. */
function batchersOf(passes: readonly Pass[], give: (rows: ResultColumns, pass: number) => void): ResultBatcher[] {
  return passes.map((_, pass) => new ResultBatcher((rows) => give(rows, pass)));
}

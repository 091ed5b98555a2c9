/**
 * Results of hosts beyond a gateway that have not replied to anything. They are held: a router may report such a host as absent, and then it
 * is reported once, in the place of all of its ports. The results of all workers and passes go through here, since each of them has a part of
 * a host's ports only.
 *
 * @module
 */

import { U32Map } from "../collections/u32_map.ts";
import {
  countResults,
  fromAt,
  hostAt,
  reasonAt,
  replacedAt,
  type ResultColumns,
  ROW_LEN,
  stateAt,
  triesAt,
} from "../result/batch.ts";
import { type Pass, probesHosts } from "../result/pass.ts";
import { isError, isOwnAnswer } from "../result/rank.ts";
import { reasonCode, REASONS } from "../result/reasons.ts";
import { ABSENT, STATES, UP } from "../result/states.ts";
import { Ranges } from "../target/ranges.ts";
import { boundsOf } from "./discovery.ts";
import { HeldRows } from "./held_rows.ts";
import type { ScanSnapshot } from "./snapshot.ts";
import { EMPTY_REPORT, type PassReport } from "./worker_task.ts";

/** In place of the index of a worker: the results are of several. */
const NO_WORKER = -1;
/** Results that are held at most: beyond, those of the host whose first result is the oldest are given, 24 bytes each. */
const MAX_ROWS = 1 << 18;
/** Hosts that may be given like that; once there are more, nothing is held any more. */
const MAX_GIVEN = 1 << 20;
/** Results that are given together at most. */
const BATCH_ROWS = 1024;
const HOST_UNREACH = reasonCode("host-unreach");
/** Reasons that show a host, by code. */
const SHOWS_HOST = Uint8Array.from(REASONS, (reason) => isOwnAnswer(reason) ? 1 : 0);

/** Takes results of a pass of one worker. */
type Emit = (rows: ResultColumns, pass: number, worker: number) => void;

/** The state of held results in a snapshot. */
export type AbsentPortsSnapshot = NonNullable<ScanSnapshot["absent"]>;

/** The parts of a scan that its held results depend on. */
export interface AbsentPortsParts {
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

/** A host without a reply. */
interface Unreplied {
  /** Its results, by the number of their pass. */
  readonly rows: (HeldRows | undefined)[];
  /** Its ports that have a result, and the number of all of them; 0 if that is unknown. */
  ports: number;
  readonly of: number;
  /** The row that reports it as absent. */
  absent: ResultColumns | undefined;
}

/** The results of hosts that may be absent. */
export class AbsentPorts {
  readonly #parts: AbsentPortsParts;
  readonly #held = new Map<number, Unreplied>();
  #rows = 0;
  /** Hosts that have replied, and those whose results were given without a reply. */
  readonly #given = new U32Map();
  #givenSilent = 0;
  readonly #absent = new U32Map();
  readonly #absentHosts: number[] = [];
  /** Hosts that routers have reported and that have not replied, each followed by its router; it only grows. */
  readonly reported: number[] = [];
  /** Results that are ready to be given, by the number of their pass. */
  readonly #ready: (HeldRows | undefined)[] = [];
  /** Results that were withdrawn, by code of state, and ports. */
  readonly #withdrawn: number[] = STATES.map(() => 0);
  #cut = 0;

  constructor(parts: AbsentPortsParts) {
    this.#parts = parts;
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
    for (const host of [...this.#held.keys()]) this.#decide(host);
    this.#flush();
  }

  /** Returns the results that are held. */
  *held(): Generator<{ readonly rows: ResultColumns; readonly pass: number }> {
    const all: (HeldRows | undefined)[] = [];
    for (const { rows, absent } of this.#held.values()) {
      if (absent !== undefined) (all[this.#parts.absentPass] ??= new HeldRows()).add(absent);
      rows.forEach((held, pass) => held && (all[pass] ??= new HeldRows()).add(held.copy()));
    }
    for (const [pass, held] of all.entries()) if (held !== undefined) yield { rows: held.copy(), pass };
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
        if (!this.#isGiven(host) && this.#absent.get(host) < 0) {
          const held = this.#hold(host);
          if (held.absent === undefined) this.reported.push(host, fromAt(rows, at));
          held.absent ??= rows.slice(at, at + ROW_LEN);
          if (held.ports === held.of) this.#decide(host);
        }
        continue;
      }
      if (stateAt(rows, at) === UP && this.#parts.hosts.has(host)) this.#onReply(host);
      rows.copyWithin(end, at, at + ROW_LEN);
      end += ROW_LEN;
    }
    return end === rows.length ? rows : rows.slice(0, end);
  }

  #takePorts(rows: ResultColumns, pass: number): ResultColumns {
    const { hosts, isSingle } = this.#parts;
    // All that is known of a host comes at once, unless a router has reported it before.
    if (isSingle && this.#held.size === 0 && this.#absent.size === 0) return rows;
    let end = 0;
    for (let at = 0; at < rows.length; at += ROW_LEN) {
      const host = hostAt(rows, at);
      if (hosts.has(host) && !this.#isGiven(host)) {
        if (showsHost(rows, at)) this.#onReply(host);
        else if (this.#holds(host, rows, at, pass)) continue;
      }
      rows.copyWithin(end, at, at + ROW_LEN);
      end += ROW_LEN;
    }
    return end === rows.length ? rows : rows.slice(0, end);
  }

  /** Holds or withdraws the result in a row; false where it need not be held. */
  #holds(host: number, rows: ResultColumns, at: number, pass: number): boolean {
    if (this.#absent.size > 0 && this.#absent.get(host) >= 0) {
      this.#withdraw(rows.slice(at, at + ROW_LEN));
      return true;
    }
    let held = this.#held.get(host);
    if (held === undefined && this.#parts.portsOf(host) === 1) return false;
    held ??= this.#hold(host);
    (held.rows[pass] ??= new HeldRows()).addRow(rows, at);
    this.#rows++;
    if (replacedAt(rows, at) < 0 && ++held.ports === held.of) this.#decide(host);
    else if (this.#rows > MAX_ROWS) this.#decide(this.#held.keys().next().value!, true);
    return true;
  }

  #hold(host: number): Unreplied {
    let held = this.#held.get(host);
    if (held === undefined) {
      this.#held.set(host, held = { rows: [], ports: 0, of: this.#parts.portsOf(host), absent: undefined });
    }
    return held;
  }

  #onReply(host: number): void {
    if (this.#given.get(host) < 0) this.#given.add(host, 1);
    if (this.#held.size > 0 && this.#held.has(host)) this.#release(host);
  }

  /** True for a host whose results are given at once: it has replied, or it is too late to report it as absent. */
  #isGiven(host: number): boolean {
    return this.#givenSilent > MAX_GIVEN || this.#given.get(host) >= 0 || this.#wasUp(host);
  }

  #wasUp(host: number): boolean {
    if (!this.#parts.wasUp(host)) return false;
    this.#given.add(host, 1);
    return true;
  }

  /** Decides what is held of a host. `isEarly` is true where there will be more of it. */
  #decide(host: number, isEarly = false): void {
    const { absent, rows } = this.#held.get(host)!;
    if (absent === undefined) {
      if (isEarly) {
        this.#given.add(host, 1);
        this.#givenSilent++;
      }
      this.#release(host);
      return;
    }
    this.#addAbsent(host);
    for (const held of rows) if (held !== undefined) this.#withdraw(held.copy());
    this.#forget(host);
    this.#give(absent, this.#parts.absentPass);
  }

  #addAbsent(host: number): void {
    this.#absent.add(host, 1);
    this.#absentHosts.push(host);
  }

  /** Gives what is held of a host. */
  #release(host: number): void {
    const rows = this.#held.get(host)?.rows ?? [];
    for (const [pass, held] of rows.entries()) if (held !== undefined) this.#give(held.copy(), pass);
    this.#forget(host);
  }

  #forget(host: number): void {
    for (const held of this.#held.get(host)?.rows ?? []) this.#rows -= (held?.length ?? 0) / ROW_LEN;
    this.#held.delete(host);
  }

  #give(rows: ResultColumns, pass: number): void {
    const ready = this.#ready[pass] ??= new HeldRows();
    ready.add(rows);
    if (ready.length >= BATCH_ROWS * ROW_LEN) this.#flush();
  }

  #flush(): void {
    for (const [pass, ready] of this.#ready.entries()) {
      if (ready === undefined) continue;
      this.#ready[pass] = undefined;
      this.#parts.emit(ready.copy(), pass, NO_WORKER);
    }
  }

  #withdraw(rows: ResultColumns): void {
    countResults(rows, this.#withdrawn);
    for (let at = 0; at < rows.length; at += ROW_LEN) if (replacedAt(rows, at) < 0) this.#cut++;
  }
}

/** True for a result that shows that the host is there: from a reply of its own. */
function showsHost(rows: ResultColumns, at: number): boolean {
  const reason = reasonAt(rows, at);
  return SHOWS_HOST[reason] === 1 || isError(reason) && fromAt(rows, at) === hostAt(rows, at);
}

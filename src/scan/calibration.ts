/**
 * Calibration of techniques that take a RST for a closed port: where a port that SYN showed open is reset as well, the host resets
 * everything, and closed says nothing. Its results of that technique are then undecided.
 *
 * RSTs of a host are held until every port of it that SYN showed open has been probed by the technique, so that no result has to be
 * taken back. No worker waits: the results of all of them pass here.
 *
 * @module
 */

import { noteCode, NoteTable } from "../engine/notes.ts";
import { hostAt, portAt, reasonAt, type ResultColumns, ROW_LEN, setOutcome, stateAt } from "../result/batch.ts";
import { stateIn } from "../result/outcome.ts";
import { type Pass, probesHosts } from "../result/pass.ts";
import { refuses } from "../result/rank.ts";
import { reasonCode } from "../result/reasons.ts";
import { CLOSED, OPEN, STATES, UNDECIDED } from "../result/states.ts";
import { packetTechnique } from "../technique/techniques.ts";
import { HeldRows, NONE } from "./held_rows.ts";
import type { ScanSnapshot } from "./snapshot.ts";
import { EMPTY_REPORT, type PassReport } from "./worker_task.ts";

const RESET = reasonCode("reset");
const RST_ALWAYS = reasonCode("rst-always");
const NOTE = noteCode("rst-always: it resets probes to open ports too, so that closed says nothing");

/** The state of a calibration in a snapshot. */
type CalibrationSnapshot = NonNullable<ScanSnapshot["calibration"]>;

/** Ports by host. */
class PortTable {
  readonly #ports = new Map<number, Set<number>>();

  add(host: number, port: number): void {
    const ports = this.#ports.get(host);
    if (ports === undefined) this.#ports.set(host, new Set([port]));
    else ports.add(port);
  }

  has(host: number, port: number): boolean {
    return this.#ports.get(host)?.has(port) === true;
  }

  count(host: number): number {
    return this.#ports.get(host)?.size ?? 0;
  }

  *pairs(): Generator<number> {
    for (const [host, ports] of this.#ports) for (const port of ports) yield* [host, port];
  }

  addPairs(pairs: readonly number[]): void {
    for (let at = 0; at < pairs.length; at += 2) this.add(pairs[at]!, pairs[at + 1]!);
  }
}

/** A pass whose RSTs are judged. */
class JudgedPass {
  readonly checked = new PortTable();
  readonly labelled = new Set<number>();
  readonly held = new HeldRows();
}

/** Returns the passes whose RSTs can be judged by an earlier pass that shows open ports; undefined if there are none. */
function judgedPasses(first: Pass, passes: readonly Pass[]): Map<number, JudgedPass> | undefined {
  const firstTechnique = packetTechnique(first.technique);
  if (firstTechnique?.acknowledge === undefined) return undefined;
  const judged = passes.filter(({ proto, technique: name }) => {
    const technique = packetTechnique(name);
    return technique !== undefined && technique.acknowledge === undefined && proto === firstTechnique.protocol &&
      stateIn(technique.states, RESET) === CLOSED;
  });
  return judged.length === 0 ? undefined : new Map(judged.map(({ number }) => [number, new JudgedPass()]));
}

/** Judges the RSTs of the later passes of a scan by the open ports of the first. */
export class Calibration {
  readonly #judged: ReadonlyMap<number, JudgedPass>;
  readonly #emit: (rows: ResultColumns, pass: number) => void;
  /** The numbers of the passes that show open ports, one of each address family. */
  readonly #first: readonly number[];
  readonly #open = new PortTable();
  /** Workers that have not ended the first pass, as far as their results show. */
  readonly #inFirst: Set<number>;
  /** Results that have become undecided. */
  #undecided = 0;

  /** Returns a calibration, or undefined where no pass can be judged. `emit` takes results that need not be held any more. */
  static of(
    passes: readonly Pass[],
    workers: number,
    emit: (rows: ResultColumns, pass: number) => void,
  ): Calibration | undefined {
    const overPorts = passes.filter((pass) => !probesHosts(pass));
    const [first] = overPorts;
    const judged = first === undefined ? undefined : judgedPasses(first, overPorts);
    if (first === undefined || judged === undefined) return undefined;
    const showing = overPorts.filter(({ technique }) => technique === first.technique).map(({ number }) => number);
    return new Calibration(showing, judged, workers, emit);
  }

  private constructor(
    first: readonly number[],
    judged: ReadonlyMap<number, JudgedPass>,
    workers: number,
    emit: (rows: ResultColumns, pass: number) => void,
  ) {
    this.#first = first;
    this.#judged = judged;
    this.#emit = emit;
    this.#inFirst = new Set(Array.from({ length: workers }, (_, index) => index));
  }

  /** Takes results of a pass of one worker. */
  take(rows: ResultColumns, pass: number, worker: number): void {
    if (pass < this.#first[0]!) return this.#emit(rows, pass);
    if (this.#first.includes(pass)) {
      for (let at = 0; at < rows.length; at += ROW_LEN) {
        if (stateAt(rows, at) === OPEN) this.#open.add(hostAt(rows, at), portAt(rows, at));
      }
      return this.#emit(rows, pass);
    }
    const wasOver = this.#inFirst.size === 0;
    this.#inFirst.delete(worker);
    if (!wasOver && this.#inFirst.size === 0) this.#releaseAll();
    const judged = this.#judged.get(pass);
    if (judged === undefined) return this.#emit(rows, pass);
    const checked = new Set<number>();
    let end = 0;
    for (let at = 0; at < rows.length; at += ROW_LEN) {
      const host = hostAt(rows, at);
      const isReset = stateAt(rows, at) === CLOSED && refuses(reasonAt(rows, at));
      if (this.#open.has(host, portAt(rows, at))) {
        judged.checked.add(host, portAt(rows, at));
        if (isReset) judged.labelled.add(host);
        checked.add(host);
      }
      if (isReset && judged.labelled.has(host)) this.#withdraw(rows, at);
      else if (isReset && !this.#isCalibrated(judged, host)) {
        hold(judged.held, host, rows, at, pass);
        continue;
      }
      if (end < at) rows.copyWithin(end, at, at + ROW_LEN);
      end += ROW_LEN;
    }
    if (end > 0) this.#emit(end === rows.length ? rows : rows.slice(0, end), pass);
    for (const host of checked) {
      const slot = judged.held.slotOf(host);
      if (slot !== NONE) this.#release(pass, judged, slot);
    }
  }

  /** Gives the results that are still held: the scan has ended. */
  finish(): void {
    this.#inFirst.clear();
    for (const [pass, judged] of this.#judged) {
      for (const slot of judged.held.slots()) this.#give(pass, judged, slot);
    }
  }

  /** Returns the results that are held, by pass. */
  *held(): Generator<{ readonly rows: ResultColumns; readonly pass: number }> {
    for (const [pass, { held }] of this.#judged) {
      for (const slot of held.slots()) yield { rows: held.copy(slot), pass };
    }
  }

  /** Returns the difference to the counts of the workers, and the notes on hosts. */
  report(): PassReport {
    const byState = STATES.map(() => 0);
    byState[CLOSED] = -this.#undecided;
    byState[UNDECIDED] = this.#undecided;
    const notes = new NoteTable();
    for (const host of this.#hosts()) notes.addHost(host, NOTE);
    return { ...EMPTY_REPORT, byState, notes: notes.rows() };
  }

  /** Returns the number of hosts that reset everything, and of their results that have become undecided. */
  get findings(): { readonly hosts: readonly number[]; readonly undecided: number } {
    return { hosts: [...this.#hosts()], undecided: this.#undecided };
  }

  snapshot(): CalibrationSnapshot {
    const last = Math.max(...this.#judged.keys());
    const passes = Array.from({ length: last + 1 }, (_, pass) => this.#judged.get(pass));
    return {
      open: [...this.#open.pairs()],
      checked: passes.map((judged) => [...judged?.checked.pairs() ?? []]),
      labelled: passes.map((judged) => [...judged?.labelled ?? []]),
    };
  }

  /** Continues from a snapshot. */
  resume({ open, checked, labelled }: CalibrationSnapshot): void {
    this.#open.addPairs(open);
    for (const [pass, judged] of this.#judged) {
      judged.checked.addPairs(checked[pass] ?? []);
      for (const host of labelled[pass] ?? []) judged.labelled.add(host);
    }
  }

  #hosts(): Set<number> {
    return new Set(this.#judged.values().flatMap(({ labelled }) => labelled));
  }

  /** True once every port of the host that SYN showed open was probed, and no more of them can be found. */
  #isCalibrated({ checked }: JudgedPass, host: number): boolean {
    return this.#inFirst.size === 0 && checked.count(host) >= this.#open.count(host);
  }

  #releaseAll(): void {
    for (const [pass, judged] of this.#judged) {
      for (const slot of judged.held.slots()) this.#release(pass, judged, slot);
    }
  }

  #release(pass: number, judged: JudgedPass, slot: number): void {
    const host = judged.held.hostOf(slot);
    if (judged.labelled.has(host) || this.#isCalibrated(judged, host)) this.#give(pass, judged, slot);
  }

  /** Gives the results of a host that is held. */
  #give(pass: number, { held, labelled }: JudgedPass, slot: number): void {
    const isLabelled = labelled.has(held.hostOf(slot));
    const rows = held.copy(slot);
    held.remove(slot);
    if (isLabelled) { for (let at = 0; at < rows.length; at += ROW_LEN) this.#withdraw(rows, at); }
    this.#emit(rows, pass);
  }

  #withdraw(rows: ResultColumns, at: number): void {
    setOutcome(rows, at, UNDECIDED, RST_ALWAYS);
    this.#undecided++;
  }
}

function hold(held: HeldRows, host: number, rows: ResultColumns, at: number, pass: number): void {
  const slot = held.slotOf(host);
  held.addRow(slot === NONE ? held.addHost(host) : slot, rows, at, pass);
}

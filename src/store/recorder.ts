// Hot path: nothing is allocated per result but for open ports.
/**
 * Writes a scan into the history while it runs: a transaction every second, or when enough has come together. What was
 * written before is there whatever happens next; a scan that is killed stays marked as unfinished.
 *
 * @module
 */
import type { DatabaseSync, SQLInputValue, StatementSync } from "node:sqlite";
import { FIELDS, isRepeat } from "../report/fields.ts";
import type { ScanHead } from "../report/writer.ts";
import {
  type PortResult,
  reasonCode,
  REASONS,
  type ResultCursor,
  type ResultList,
  type State,
  STATES,
  type Summary,
  toResult,
  weightOf,
} from "../result/outcome.ts";
import { explained, isBusy, PATIENT_MS, transaction } from "./database.ts";
import { PortBuffer, RowEncoder } from "./codec.ts";
import { bound, type HostKey, hostKey, textual } from "./rows.ts";
import { column, GROUP_FIELDS, ROW_ONLY_FIELDS, SCAN_RESULTS, SLICE_SEGMENTS } from "./schema.ts";
import { compact, removeSlice } from "./compact.ts";

/** What the history keeps of a scan that begins. */
export interface ScanStart {
  /** What the reports know of it. */
  readonly head: ScanHead;
  /**
   * What is asked (targets, ports, exclusions, shard), resolved and in one canonical form, or a hash of that: scans with
   * the same text are scans of the same targets.
   */
  readonly space: string;
  /** What is asked, as a person would say it. */
  readonly targets: string;
  /** Every name of every host that is asked for, with its ports as text. */
  readonly names?: Iterable<{ readonly ip: string; readonly name: string; readonly ports: string }>;
  /** What was taken out of the targets: hosts and ports as text. */
  readonly excluded?: { readonly hosts: string; readonly ports: string };
}

/** A scan that was begun before, at the moment from which it goes on. */
export interface ScanSoFar {
  /** Its number. */
  readonly id: number;
  /** Ports that were decided by then, by state: open, closed, filtered, undecided. */
  readonly byState: readonly number[];
}

/** How long results may wait to be written, in milliseconds. */
const SLICE_MS = 1000;
/** Packed ports that are written at once; packing that many takes about 10 ms (tests/bench/history_bench.ts). */
const PACKED_MAX = 1 << 17;
/** Rows that are written at once; that many take about 20 ms (tests/bench/history_bench.ts). */
const ROWS_MAX = 1 << 13;
/** While another process writes, this many times as much may wait; the ports take 16 MiB then. */
const BACKLOG = 16;
/** Slices of a second each are made one when there are this many. */
const SMALL_SLICES = 16;
/** While the scan runs, another process that writes is waited for this long, and tried again after a while. */
const BUSY_MS = 25;
const BUSY_RETRY_MS = 200;

/** Ports enough to make a slice, and the small slices that have some of them. */
interface FullBuffer {
  readonly buffer: PortBuffer;
  readonly smallSlices: readonly number[];
}

/** What is done together with a transaction. */
interface Writing {
  /** The scan's own word, with which it ends. */
  readonly summary?: Summary;
  /** True where it has to be on the disk. */
  readonly isDurable?: boolean;
}

const MAX_GROUPS = 1 << 16;
const MAX_TRIES = 1023;
const MAX_TTL = 255;
const NO_TTL = 256;
const PORTS = 0x10000;

const STATE_CODES = new Map<State, number>(STATES.map((state, code) => [state, code]));
const REASON_CODES = new Map<string, number>(REASONS.map((reason, code) => [reason, code]));

function newScan(db: DatabaseSync, { head, space, targets, names = [], excluded }: ScanStart): number {
  const insert = db.prepare(
    "INSERT INTO scans (space, targets, args, version, technique, hosts, probes, started_ms, written_ms, ports, excluded, " +
      "excluded_ports) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
  );
  const { args, version, technique, hosts, probes, startedAtMs } = head;
  const typed = JSON.stringify(args);
  const values = [textual(space), textual(targets), typed, version, technique, hosts, probes, startedAtMs, startedAtMs];
  const asked = [head.ports?.text ?? null, excluded?.hosts ?? null, excluded?.ports ?? null];
  let id = 0;
  transaction(db, () => {
    id = Number(insert.run(...values, ...asked).lastInsertRowid);
    const insertName = db.prepare("INSERT OR IGNORE INTO names (scan, host, name, ports) VALUES (?, ?, ?, ?)");
    for (const { ip, name, ports } of names) {
      insertName.run(id, hostKey(ip), textual(name), ports === head.ports?.text ? null : ports);
    }
  });
  return id;
}

/** What results have in common that are alike. */
interface Seen {
  state: State;
  replaced: State | undefined;
  service: string | undefined;
  group: number | undefined;
}

/** Takes the results of one scan. */
export class ScanRecorder {
  /** The scan's number. */
  readonly id: number;
  readonly #db: DatabaseSync;
  readonly #path: string;
  readonly #known: KnownPorts;
  readonly #statements: Statements;
  readonly #counts = Object.fromEntries(STATES.map((state) => [state, 0])) as Record<State, number>;
  // Buffers that are full and wait, the first one first.
  readonly #full: FullBuffer[] = [];
  #buffer = new PortBuffer(PACKED_MAX);
  // One that was written: the first use of new memory costs as much as all else that is done with it.
  #spare: PortBuffer | undefined;
  // Ports of the buffer that are in #smallSlices already.
  #written = 0;
  #smallSlices: number[] = [];
  readonly #rows: { readonly result: PortResult; readonly seenMs: number }[] = [];
  #nextRow: number;
  // Rows of ports that are not open, which a late answer would replace.
  readonly #rowIds = new Map<string, number>();
  readonly #groups = new Map<string | undefined, Map<number, number>>();
  readonly #lateness = new Uint8Array(MAX_GROUPS);
  #groupCount = 0;
  readonly #newGroups: { readonly id: number; readonly result: PortResult }[] = [];
  readonly #newServices = new Map<number, string>();
  readonly #serviceIsKnown = new Uint8Array(PORTS);
  #writtenMs: number;
  // Where another process was writing: when to try again.
  #retryMs = -Infinity;
  #ended = false;
  #lastGrouped: PortResult | undefined;
  #lastGroup = -1;
  #lastIp = "";
  #lastHost: HostKey = "";
  /** What the last result has in common with those behind it that are like it; `group` once one of them needed it. */
  readonly #seen: Seen = { state: "open", replaced: undefined, service: undefined, group: undefined };

  /** Begins a scan, or goes on with one. Made by `History.begin` and `History.resume`. */
  constructor(db: DatabaseSync, path: string, start: ScanStart, before?: ScanSoFar) {
    this.#db = db;
    this.#path = path;
    this.#statements = new Statements(db);
    this.#writtenMs = start.head.startedAtMs;
    this.id = before?.id ?? newScan(db, start);
    this.#nextRow = this.id * SCAN_RESULTS;
    if (before !== undefined) this.#goOn(before);
    this.#known = new KnownPorts(db, this.id);
  }

  /**
   * What was recorded after the moment stays until it is found again: of two verdicts the later counts, a row, that a port
   * has already, being followed by another row.
   */
  #goOn({ id, byState }: ScanSoFar): void {
    const db = this.#db;
    db.prepare("UPDATE scans SET ended = NULL, ended_ms = NULL, summary = NULL, settled = 0 WHERE id = ?").run(id);
    const row = db.prepare("SELECT max(id) AS last FROM results WHERE id >= ? AND id < ?")
      .get(id * SCAN_RESULTS, (id + 1) * SCAN_RESULTS)?.["last"];
    if (row !== null) this.#nextRow = Number(row) + 1;
    const group = db.prepare("SELECT max(id) AS last FROM groups WHERE scan = ?").get(id)?.["last"];
    if (group !== null) this.#groupCount = Number(group) + 1;
    STATES.forEach((state, code) => this.#counts[state] = byState[code] ?? 0);
  }

  /**
   * Takes results, decided by `nowMs` (milliseconds since 1970). Writes when it is time; an empty batch only writes.
   *
   * @throws {CannotScanError} if the file cannot be written; what was written before is kept.
   */
  add(batch: ResultList, nowMs: number): void {
    for (const result of batch) this.#take(result, nowMs);
    if (this.#isBehind || nowMs - this.#writtenMs >= SLICE_MS) this.#writeInPassing(nowMs);
  }

  /**
   * Writes what waits, so that it is on the disk: what is flushed survives a power failure. False where another process is
   * writing: then it still waits.
   *
   * @throws {CannotScanError} if the file cannot be written; what was written before is kept.
   */
  flush(nowMs: number): boolean {
    while (this.#isBehind) if (!this.#write(nowMs, BUSY_MS)) return false;
    return this.#write(nowMs, BUSY_MS, { isDurable: true });
  }

  /**
   * Ends the scan: writes what is left, on the disk, and marks it as finished, then brings hosts and ports up to date.
   *
   * @throws {CannotScanError} if the file cannot be written; what was written before is kept.
   */
  finish(summary: Summary, endedAtMs: number): void {
    while (this.#isBehind) this.#write(endedAtMs, PATIENT_MS);
    this.#write(endedAtMs, PATIENT_MS, { summary, isDurable: true });
    this.#ended = true;
    try {
      compact(this.#db, this.#path, this.id, endedAtMs);
    } catch (error) {
      throw explained(this.#path, "write", error);
    }
  }

  /** Writes what is left of a scan that was not finished. */
  [Symbol.dispose](): void {
    if (!this.#ended && this.#db.isOpen) {
      while (this.#isBehind) this.#write(this.#writtenMs, PATIENT_MS);
      this.#write(this.#writtenMs, PATIENT_MS);
    }
    this.#ended = true;
  }

  /** True where more waits than is written at once. */
  get #isBehind(): boolean {
    return this.#full.length > 0 || this.#rows.length >= ROWS_MAX;
  }

  #take(result: ResultCursor, nowMs: number): void {
    if (result.repeatsPrevious !== true) this.#look(result);
    const { state, replaced, service } = this.#seen;
    const { port } = result;
    this.#counts[state]++;
    if (replaced !== undefined) this.#counts[replaced]--;
    const host = result.host ?? this.#keyOf(result.ip);
    // No verdict takes back none, and so is not worth a row.
    const isKnown = state !== "undecided" && typeof host === "number" && this.#known.has(host, port);
    const isRow = state === "open" || typeof host === "string" || isKnown;
    const group = isRow ? -1 : this.#seen.group ??= this.#group(result);
    if (group < 0) {
      this.#rows.push({ result: toResult(result), seenMs: nowMs });
      return;
    }
    if (service !== undefined && this.#serviceIsKnown[port] === 0) {
      this.#serviceIsKnown[port] = 1;
      this.#newServices.set(port, service);
    }
    this.#buffer.push(host as number, port, group);
    if (this.#buffer.length === PACKED_MAX) this.#setAside(nowMs);
  }

  /** Looks at all of a result that those behind it may have in common with it. */
  #look({ state, replacesState, service }: PortResult): void {
    const seen = this.#seen;
    seen.state = state;
    seen.replaced = replacesState;
    seen.service = service;
    seen.group = undefined;
  }

  #keyOf(ip: string): HostKey {
    if (ip !== this.#lastIp) {
      this.#lastIp = ip;
      this.#lastHost = hostKey(ip);
    }
    return this.#lastHost;
  }

  #setAside(nowMs: number): void {
    this.#full.push({ buffer: this.#buffer, smallSlices: this.#smallSlices });
    this.#buffer = this.#spare ?? new PortBuffer(PACKED_MAX);
    this.#spare = undefined;
    this.#written = 0;
    this.#smallSlices = [];
    this.#writeInPassing(nowMs);
  }

  /** The number of a result's group; negative where it has to be a row. Most results are like the one before. */
  #group(result: PortResult): number {
    for (const field of ROW_ONLY_FIELDS) if (field.get(result) !== undefined) return -1;
    if (this.#lastGrouped === undefined || !isRepeat(result, this.#lastGrouped)) {
      this.#lastGrouped = toResult(result);
      this.#lastGroup = this.#findGroup(this.#lastGrouped);
    }
    return this.#lastGroup;
  }

  #findGroup(result: PortResult): number {
    const { ttl = NO_TTL, tries } = result;
    if (ttl > MAX_TTL && ttl !== NO_TTL || tries > MAX_TRIES) return -1;
    const what = REASON_CODES.get(result.reason)! << 3 | STATE_CODES.get(result.state)!;
    const code = (what << 9 | ttl) << 11 | tries << 1 | (result.late ? 1 : 0);
    let codes = this.#groups.get(result.from);
    if (codes === undefined) this.#groups.set(result.from, codes = new Map());
    let id = codes.get(code);
    if (id === undefined) {
      if (this.#groupCount === MAX_GROUPS) return -1;
      id = this.#groupCount++;
      codes.set(code, id);
      // An answer that comes late tells more than the verdict that it replaces, be that a late one itself.
      this.#lateness[id] = result.late ? 1 + weightOf(reasonCode(result.reason)) : 0;
      this.#newGroups.push({ id, result });
    }
    return id;
  }

  /** Writes without stopping the scan for others that write, as long as there is room for what comes meanwhile. */
  #writeInPassing(nowMs: number): void {
    const hasRoom = this.#full.length < BACKLOG && this.#rows.length < BACKLOG * ROWS_MAX;
    if (!hasRoom) this.#write(nowMs, PATIENT_MS);
    else if (nowMs >= this.#retryMs) this.#write(nowMs, BUSY_MS);
  }

  /**
   * Writes what waits, or as much of it as is written at once. False where others were writing all the time that it waits for
   * them; if it is to be patient it throws then.
   */
  #write(nowMs: number, patienceMs: number, writing: Writing = {}): boolean {
    try {
      this.#db.exec(`PRAGMA busy_timeout = ${patienceMs}`);
      this.#writeNow(nowMs, writing);
    } catch (error) {
      if (!isBusy(error) || patienceMs === PATIENT_MS) throw explained(this.#path, "write", error);
      this.#retryMs = nowMs + BUSY_RETRY_MS;
      return false;
    }
    this.#writtenMs = nowMs;
    return true;
  }

  #writeNow(nowMs: number, writing: Writing): void {
    const [full] = this.#full;
    const rowCount = Math.min(this.#rows.length, ROWS_MAX);
    let nextRow = this.#nextRow;
    let smallSlices = this.#smallSlices;
    transaction(this.#db, () => {
      this.#writeGroups();
      this.#writeServices();
      nextRow = this.#writeRows(rowCount);
      if (full !== undefined) this.#writeWhole(full, nowMs);
      else smallSlices = this.#writeRest(nowMs, writing.summary !== undefined);
      this.#writeScan(nowMs, writing.summary);
    }, writing);
    this.#nextRow = nextRow;
    this.#rows.splice(0, rowCount);
    this.#newGroups.length = 0;
    this.#newServices.clear();
    if (full !== undefined) {
      this.#full.shift();
      full.buffer.clear();
      this.#spare = full.buffer;
    } else {
      this.#written = this.#buffer.length;
      this.#smallSlices = smallSlices;
    }
  }

  /** Writes a buffer as one slice, in place of its small ones; its number. */
  #writeWhole({ buffer, smallSlices }: FullBuffer, nowMs: number): number {
    const slice = this.#writeSlice(buffer, 0, nowMs);
    for (const small of smallSlices) removeSlice(this.#db, small);
    return slice;
  }

  /** Writes what is new in the buffer that is not full, as a small slice, or makes one of many; the slices that it has then. */
  #writeRest(nowMs: number, isLast: boolean): number[] {
    const buffer = this.#buffer;
    const smallSlices = this.#smallSlices;
    const isNew = buffer.length > this.#written;
    if (isLast || smallSlices.length >= SMALL_SLICES) {
      return isNew || smallSlices.length > 1 ? [this.#writeWhole({ buffer, smallSlices }, nowMs)] : smallSlices;
    }
    return isNew ? [...smallSlices, this.#writeSlice(buffer, this.#written, nowMs)] : smallSlices;
  }

  #writeGroups(): void {
    for (const { id, result } of this.#newGroups) {
      this.#statements.group.run(this.id, id, ...GROUP_FIELDS.map((field) => bound(field, result)));
    }
  }

  #writeServices(): void {
    for (const [port, service] of this.#newServices) this.#statements.service.run(port, textual(service));
  }

  #writeRows(count: number): number {
    let nextRow = this.#nextRow;
    const values: SQLInputValue[] = [];
    for (let row = 0; row < count; row++) {
      const { result, seenMs } = this.#rows[row]!;
      let id: number | undefined;
      if (result.late || result.state !== "open") {
        const key = `${result.ip} ${result.port}`;
        if (result.late) id = this.#rowIds.get(key);
        id ??= nextRow++;
        this.#rowIds.set(key, id);
      }
      values[0] = id ?? nextRow++;
      values[1] = this.id;
      values[2] = hostKey(result.ip);
      values[3] = seenMs;
      for (let i = 0; i < FIELDS.length; i++) values[4 + i] = bound(FIELDS[i]!, result);
      this.#statements.row.run(...values);
    }
    return nextRow;
  }

  #writeSlice(buffer: PortBuffer, from: number, nowMs: number): number {
    const slice = Number(this.#statements.slice.run(this.id, 1, nowMs).lastInsertRowid);
    let segment = slice * SLICE_SEGMENTS;
    buffer.pack(from, this.#lateness, new RowEncoder((data) => this.#statements.segment.run(segment++, data)));
    return slice;
  }

  #writeScan(nowMs: number, summary: Summary | undefined): void {
    const { open, closed, undecided, ...others } = this.#counts;
    // The column `filtered` counts every port that is decided and neither open nor closed.
    const filtered = Object.values(others).reduce((sum, count) => sum + count, 0);
    this.#statements.scan.run(nowMs, open, closed, filtered, undecided, this.id);
    if (summary !== undefined) {
      this.#statements.end.run(nowMs, summary.ended, JSON.stringify(summary), this.id);
    }
  }
}

/** The statements of a recorder, prepared once. */
class Statements {
  readonly group: StatementSync;
  readonly service: StatementSync;
  readonly row: StatementSync;
  readonly slice: StatementSync;
  readonly segment: StatementSync;
  readonly scan: StatementSync;
  readonly end: StatementSync;

  constructor(db: DatabaseSync) {
    const into = (table: string, columns: readonly string[]): StatementSync =>
      db.prepare(
        `INSERT OR REPLACE INTO ${table} (${columns.join(", ")}) VALUES (${columns.map(() => "?").join(", ")})`,
      );
    this.group = into("groups", ["scan", "id", ...GROUP_FIELDS.map(column)]);
    this.service = into("services", ["port", "name"]);
    this.row = into("results", ["id", "scan", "host", "seen_ms", ...FIELDS.map(column)]);
    this.slice = into("slices", ["scan", "ready", "made_ms"]);
    this.segment = into("segments", ["id", "data"]);
    this.scan = db.prepare(
      "UPDATE scans SET written_ms = ?, open = ?, closed = ?, filtered = ?, undecided = ? WHERE id = ?",
    );
    this.end = db.prepare("UPDATE scans SET ended_ms = ?, ended = ?, summary = ? WHERE id = ?");
  }
}

/** Ports that were open in an earlier scan, or have rows in this one: whatever is found there now is worth a row. */
class KnownPorts {
  // Host x 2^16 + port, ascending.
  readonly #keys: Float64Array;

  constructor(db: DatabaseSync, scan: number) {
    const keys: number[] = [];
    const rows = db.prepare(
      "SELECT host, port FROM ports WHERE typeof(host) = 'integer' UNION ALL " +
        "SELECT host, port FROM results WHERE id >= ? AND id < ? AND typeof(host) = 'integer' ORDER BY host, port",
    ).iterate(scan * SCAN_RESULTS, (scan + 1) * SCAN_RESULTS);
    for (const { host, port } of rows) keys.push(Number(host) * PORTS + Number(port));
    this.#keys = Float64Array.from(keys);
  }

  has(host: number, port: number): boolean {
    const keys = this.#keys;
    const key = host * PORTS + port;
    let low = 0;
    let high = keys.length;
    while (low < high) {
      const middle = low + high >>> 1;
      if (keys[middle]! < key) low = middle + 1;
      else high = middle;
    }
    return keys[low] === key;
  }
}

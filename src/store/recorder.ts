// Hot path: nothing is allocated per result but for rows of `port`.
/**
 * Writes a scan into the history while it runs: a transaction every second, or when enough results wait. A scan that is killed
 * stays marked as unfinished, with what was written before.
 *
 * @module
 */
import type { DatabaseSync, SQLInputValue, StatementSync } from "node:sqlite";
import { lastAtMost } from "../collections/sorted_search.ts";
import { FIELDS, isRepeat } from "../report/fields.ts";
import type { ScanHead } from "../report/writer.ts";
import {
  type HostAddresses,
  type PortResult,
  type ResultCursor,
  type ResultList,
  toResult,
} from "../result/port_result.ts";
import { REASONS } from "../result/reasons.ts";
import { type State, STATES } from "../result/states.ts";
import type { Summary } from "../result/summary.ts";
import { bound, textual } from "./columns.ts";
import { compact } from "./compact.ts";
import { explained, isBusy, PATIENT_MS, transaction } from "./database.ts";
import { type HostKey, hostKey, portKey, protocolOf, PROTOCOLS } from "./key.ts";
import { lastRow, PortBuffer, RangeKind } from "./ranges.ts";
import { column, placeholders, RANGE_FIELDS, ROW_ONLY_FIELDS } from "./schema.ts";

/** A scan that begins, as the history records it. */
export interface ScanStart {
  /** Its head in the reports. */
  readonly head: ScanHead;
  /**
   * The space that is probed (targets, ports, exclusions, shard), resolved and in one canonical form, or a hash of that: scans with
   * the same text are scans of the same targets.
   */
  readonly space: string;
  /** The targets as they were typed. */
  readonly targets: string;
  /** Every name of every host that is probed, with its ports as text. */
  readonly names?: Iterable<{ readonly ip: string; readonly name: string; readonly ports: string }>;
  /** Hosts and ports that are excluded, as text. */
  readonly excluded?: { readonly hosts: string; readonly ports: string };
}

/** A scan that was begun before, at the checkpoint from which it is resumed. */
export interface ScanSoFar {
  /** Its number. */
  readonly id: number;
  /** The number of ports decided by then, by the code of their state. */
  readonly byState: readonly number[];
}

/** The longest time that results wait to be written, in milliseconds. */
const INTERVAL_MS = 1000;
/** Writing takes at most one part in so many of the time: a write that took long is followed by a longer interval. */
const COST_RATIO = 15;
/** Ports that are written at once; that many take 20 to 200 ms (tests/bench/history_bench.ts). */
const MAX_WAITING = 1 << 17;
/** Rows of `port` that are written at once; that many take about 20 ms (tests/bench/history_bench.ts). */
const MAX_ROWS = 1 << 13;
/** While another process writes, this many times as much may wait; the ports take 16 MiB then. */
const BACKLOG = 16;
/** While the scan runs, the longest wait for another process that writes, and the time until the next attempt. */
const BUSY_MS = 25;
const BUSY_RETRY_MS = 200;
const MAX_KINDS = 1 << 16;
const NO_TTL = 256;

const STATE_CODES = new Map<State, number>(STATES.map((state, code) => [state, code]));
const REASON_CODES = new Map<string, number>(REASONS.map((reason, code) => [reason, code]));

function newScan(db: DatabaseSync, { head, space, targets, names = [], excluded }: ScanStart): number {
  const { args, version, technique, hosts, probes, startedAtMs } = head;
  const values: Record<string, SQLInputValue> = {
    ...{
      space: textual(space),
      targets: textual(targets),
      args: JSON.stringify(args),
      version,
      technique,
      hosts,
      probes,
    },
    ...{ started_ms: startedAtMs, written_ms: startedAtMs, ports: head.ports?.text ?? null },
    ...{ excluded: excluded?.hosts ?? null, excluded_ports: excluded?.ports ?? null },
  };
  const columns = Object.keys(values);
  const insert = db.prepare(`INSERT INTO scan (${columns.join(", ")}) VALUES (${placeholders(columns.length)})`);
  let id = 0;
  transaction(db, () => {
    id = Number(insert.run(...Object.values(values)).lastInsertRowid);
    const insertName = db.prepare("INSERT OR IGNORE INTO name (scan, number, name, ports) VALUES (?, ?, ?, ?)");
    for (const { ip, name, ports } of names) {
      insertName.run(id, hostKey(ip), textual(name), ports === head.ports?.text ? null : ports);
    }
  });
  return id;
}

/** Takes the results of one scan. */
export class ScanRecorder {
  /** The scan's number. */
  readonly id: number;
  readonly #db: DatabaseSync;
  readonly #path: string;
  readonly #statements: Statements;
  readonly #known: KnownPorts;
  readonly #counts = Object.fromEntries(STATES.map((state) => [state, 0])) as Record<State, number>;
  // IPv4 and IPv6.
  readonly #waiting: readonly PortBuffer[];
  readonly #rows: { readonly result: PortResult; readonly seenMs: number }[] = [];
  readonly #kinds = new Kinds();
  readonly #services = new Map<number, string>();
  readonly #knownServices = new Set<number>();
  // When to write, in the time of the results: usually, and again while another process was writing.
  #writeMs: number;
  #retryMs = -Infinity;
  #lastMs: number;
  #row: number;
  #ended = false;
  #lastIp = "";
  #lastHost: HostKey = "";

  /** Begins a scan, or resumes one. Made by `History.begin` and `History.resume`. */
  constructor(db: DatabaseSync, path: string, start: ScanStart, before?: ScanSoFar) {
    this.#db = db;
    this.#path = path;
    this.#statements = new Statements(db);
    this.#lastMs = start.head.startedAtMs;
    this.#writeMs = this.#lastMs + INTERVAL_MS;
    this.id = before?.id ?? newScan(db, start);
    const byHost = start.head.probes > start.head.hosts ** 2;
    this.#waiting = [new PortBuffer(byHost), new PortBuffer(byHost)];
    this.#row = lastRow(db, this.id);
    if (before !== undefined) {
      // What was recorded after the checkpoint stays until it is found again: of two results the later one counts.
      db.prepare("UPDATE scan SET ended = NULL, ended_ms = NULL, summary = NULL, compacted = 0 WHERE id = ?").run(
        this.id,
      );
      STATES.forEach((state, code) => this.#counts[state] = before.byState[code] ?? 0);
    }
    this.#known = new KnownPorts(db, this.id);
  }

  /**
   * Takes results, decided by `nowMs` (milliseconds since 1970), and writes when it is time. An empty batch only writes.
   *
   * @throws {CannotScanError} if the file cannot be written; what was written before is kept.
   */
  add(batch: ResultList, nowMs: number): void {
    for (const result of batch) this.#take(result, batch.addresses, nowMs);
    if (nowMs >= this.#writeMs || this.#waits(1)) this.#writeInPassing(nowMs);
  }

  /**
   * Writes what waits to the disk: what is flushed survives a power failure. False where another process is writing: then it still
   * waits.
   *
   * @throws {CannotScanError} if the file cannot be written; what was written before is kept.
   */
  flush(nowMs: number): boolean {
    return this.#write(nowMs, BUSY_MS, { isDurable: true });
  }

  /**
   * Ends the scan: writes to the disk what waits, marks the scan as finished, then compacts it.
   *
   * @throws {CannotScanError} if the file cannot be written; what was written before is kept.
   */
  finish(summary: Summary, endedAtMs: number): void {
    this.#write(endedAtMs, PATIENT_MS, { summary, isDurable: true });
    this.#ended = true;
    try {
      compact(this.#db, this.#path, this.id);
    } catch (error) {
      throw explained(this.#path, "write", error);
    }
  }

  /** Writes what waits of a scan that was not finished. */
  [Symbol.dispose](): void {
    if (!this.#ended && this.#db.isOpen) this.#write(this.#lastMs, PATIENT_MS);
    this.#ended = true;
  }

  /** Returns true where as much waits as is written at once, `times` over. */
  #waits(times: number): boolean {
    const ports = this.#waiting.reduce((sum, { length }) => sum + length, 0);
    return ports >= times * MAX_WAITING || this.#rows.length >= times * MAX_ROWS;
  }

  #take(result: ResultCursor, addresses: HostAddresses | undefined, nowMs: number): void {
    const { state, port, service, late, replacesState } = result;
    this.#counts[state]++;
    if (replacesState !== undefined) this.#counts[replacesState]--;
    const host = result.host === undefined || addresses === undefined
      ? this.#hostOf(result.ip)
      : addresses.address(result.host);
    // An undecided result never replaces another one, so it needs no row.
    const isRow = state === "open" || late || state !== "undecided" && this.#known.has(host, result);
    const kind = isRow ? -1 : this.#kinds.of(result);
    if (kind < 0) {
      this.#rows.push({ result: toResult(result), seenMs: nowMs });
      return;
    }
    this.#waiting[typeof host === "number" ? 0 : 1]!.push(host, kind, port);
    if (service === undefined) return;
    const key = portKey(protocolOf(result), port);
    if (this.#knownServices.has(key)) return;
    this.#knownServices.add(key);
    this.#services.set(key, service);
  }

  #hostOf(ip: string): HostKey {
    if (ip !== this.#lastIp) {
      this.#lastIp = ip;
      this.#lastHost = hostKey(ip);
    }
    return this.#lastHost;
  }

  /** Writes without stopping the scan for other processes, as long as there is room for the results that come meanwhile. */
  #writeInPassing(nowMs: number): void {
    if (this.#waits(BACKLOG)) this.#write(nowMs, PATIENT_MS);
    else if (nowMs >= this.#retryMs) this.#write(nowMs, BUSY_MS);
  }

  /** Writes what waits. False where another process was writing for `patienceMs`; {@linkcode PATIENT_MS} throws instead. */
  #write(
    nowMs: number,
    patienceMs: number,
    how: { readonly summary?: Summary; readonly isDurable?: boolean } = {},
  ): boolean {
    const from = performance.now();
    try {
      this.#db.exec(`PRAGMA busy_timeout = ${patienceMs}`);
      transaction(this.#db, () => this.#writeAll(nowMs, how.summary), how);
    } catch (error) {
      if (!isBusy(error) || patienceMs === PATIENT_MS) throw explained(this.#path, "write", error);
      this.#retryMs = nowMs + BUSY_RETRY_MS;
      return false;
    }
    this.#rows.length = 0;
    this.#services.clear();
    for (const waiting of this.#waiting) waiting.clear();
    this.#lastMs = nowMs;
    this.#writeMs = nowMs + Math.max(INTERVAL_MS, COST_RATIO * (performance.now() - from));
    return true;
  }

  #writeAll(nowMs: number, summary: Summary | undefined): void {
    const { service, port, part, scan, end } = this.#statements;
    // Another process may have taken this scan for killed, and begun to compact it.
    this.#row = Math.max(this.#row, lastRow(this.#db, this.id));
    for (const [key, name] of this.#services) service.run(PROTOCOLS[key >>> 16]!, key & 0xffff, textual(name));
    for (const { result, seenMs } of this.#rows) {
      port.run(this.id, ++this.#row, hostKey(result.ip), seenMs, ...FIELDS.map((field) => bound(field, result)));
    }
    for (const waiting of this.#waiting) {
      waiting.rows((hosts, kind, ports) =>
        part.run(this.id, ++this.#row, hosts, ports, ...this.#kinds.kinds[kind]!.values)
      );
    }
    scan.run(nowMs, ...STATES.map((state) => this.#counts[state]), this.id);
    if (summary !== undefined) end.run(nowMs, summary.ended, JSON.stringify(summary), this.id);
  }
}

/** The statements of a recorder, prepared once. */
class Statements {
  readonly service: StatementSync;
  readonly port: StatementSync;
  readonly part: StatementSync;
  readonly scan: StatementSync;
  readonly end: StatementSync;

  constructor(db: DatabaseSync) {
    const columns = ["scan", "row", "number", "seen_ms", ...FIELDS.map(column)];
    this.service = db.prepare("INSERT OR REPLACE INTO service (proto, port, name) VALUES (?, ?, ?)");
    this.port = db.prepare(`INSERT INTO port (${columns.join(", ")}) VALUES (${placeholders(columns.length)})`);
    this.part = db.prepare(
      `INSERT INTO port_part (scan, row, numbers, ports, ${RANGE_FIELDS.map(column).join(", ")}) ` +
        `VALUES (${placeholders(4 + RANGE_FIELDS.length)})`,
    );
    const counts = STATES.map((state) => `"${state}" = ?`).join(", ");
    this.scan = db.prepare(`UPDATE scan SET written_ms = ?, compacted = 0, ${counts} WHERE id = ?`);
    this.end = db.prepare("UPDATE scan SET ended_ms = ?, ended = ?, summary = ? WHERE id = ?");
  }
}

/** The kinds of results that share rows of `port_part`. */
class Kinds {
  readonly kinds: RangeKind[] = [];
  readonly #numbers = new Map<string | undefined, Map<number, number>>();
  #last: PortResult | undefined;
  #lastColumns: number | undefined;
  #lastNumber = -1;

  /** Returns the number of a result's kind; negative where the result needs a row of its own. Most results are like the one before. */
  of(result: ResultCursor): number {
    const { columns } = result;
    if (columns !== undefined && columns === this.#lastColumns) return this.#lastNumber;
    this.#lastColumns = columns;
    if (this.#last === undefined || !isRepeat(result, this.#last)) {
      this.#last = toResult(result);
      this.#lastNumber = ROW_ONLY_FIELDS.some((field) => field.get(result) !== undefined) ? -1 : this.#find(this.#last);
    }
    return this.#lastNumber;
  }

  #find(result: PortResult): number {
    const { reason, state, ttl = NO_TTL, tries, from } = result;
    const what = REASON_CODES.get(reason)! * STATES.length + STATE_CODES.get(state)!;
    const code =
      ((tries * REASONS.length * STATES.length + what) * PROTOCOLS.length + PROTOCOLS.indexOf(protocolOf(result))) *
        (NO_TTL + 1) + ttl;
    let numbers = this.#numbers.get(from);
    if (numbers === undefined) this.#numbers.set(from, numbers = new Map());
    let number = numbers.get(code);
    if (number === undefined) {
      if (this.kinds.length === MAX_KINDS) return -1;
      number = this.kinds.push(new RangeKind(result)) - 1;
      numbers.set(code, number);
    }
    return number;
  }
}

/** Ports that were open in an earlier scan, or have rows in this one: a result of one of them gets a row. */
class KnownPorts {
  // (host x 2^16 + port) x protocols + protocol, ascending.
  readonly #keys: Float64Array;

  constructor(db: DatabaseSync, scan: number) {
    const rows = db.prepare(
      "SELECT number, proto, port FROM port WHERE state = 'open' AND typeof(number) = 'integer' UNION " +
        "SELECT number, proto, port FROM port WHERE scan = ? AND typeof(number) = 'integer'",
    ).iterate(scan);
    const keys: number[] = [];
    for (const { number, proto, port } of rows) keys.push(keyOf(Number(number), String(proto), Number(port)));
    this.#keys = Float64Array.from(keys).sort();
  }

  has(host: HostKey, result: PortResult): boolean {
    const keys = this.#keys;
    if (keys.length === 0 || typeof host === "string") return false;
    const key = keyOf(host, protocolOf(result), result.port);
    return keys[lastAtMost(keys, key)] === key;
  }
}

function keyOf(host: number, protocol: string, port: number): number {
  return (host * 0x10000 + port) * PROTOCOLS.length + PROTOCOLS.indexOf(protocol);
}

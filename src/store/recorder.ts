// Hot path: nothing is allocated per result but for rows of `port`.
/**
 * Writes a scan into the history while it runs: a transaction every second, or when enough results wait. A scan that is killed
 * stays marked as unfinished, with what was written before.
 *
 * @module
 */
import type { DatabaseSync } from "node:sqlite";
import { PROBED_FIELDS } from "../report/fields.ts";
import { HostFindings, macText, reasonUp } from "../report/host_findings.ts";
import { portsOfEach, type ScanHead } from "../report/writer.ts";
import { HOST, probesHosts } from "../result/pass.ts";
import {
  type HostAddresses,
  type PortResult,
  type ResultCursor,
  type ResultList,
  toResult,
} from "../result/port_result.ts";
import type { Reason } from "../result/reasons.ts";
import { type HostState, type State, STATES } from "../result/states.ts";
import type { Summary } from "../result/summary.ts";
import { parsePorts } from "../target/ports.ts";
import type { Baseline } from "./baseline.ts";
import { compact } from "./compact.ts";
import { HeldResults } from "./held.ts";
import { explained, explaining, isBusy, PATIENT_MS, transaction } from "./database.ts";
import { distance, type HostKey, hostKey, hostText, laneIn, PORT_KEYS, portIn, portKey, serviceKey } from "./key.ts";
import { bound, column, insertInto, RANGE_FIELDS, RowInserter, textual } from "./schema.ts";
import { summaryText } from "./stored_summary.ts";

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
/** Ports that are written at once; that many take about 20 ms (tests/bench/history_bench.ts). */
const MAX_WAITING = 1 << 17;
/** The same while they stay in memory, and are not read again at the end: in small pieces, so that the scan stops for a shorter time. */
const MAX_HELD_WAITING = 1 << 15;
/** Rows of `port` that are written at once; that many take about 20 ms (tests/bench/history_bench.ts). */
const MAX_ROWS = 1 << 13;
/** While another process writes, this many times as much may wait; the ports take 16 MiB then. */
const BACKLOG = 16;
/** While the scan runs, the longest wait for another process that writes, and the time until the next attempt. */
const BUSY_MS = 25;
const BUSY_RETRY_MS = 200;

function newScan(db: DatabaseSync, { head, space, targets, names = [], excluded }: ScanStart): number {
  const { args, version, technique, hosts, probes, startedAtMs, ports } = head;
  const values = {
    ...{ space: textual(space), targets: textual(targets), ports: ports?.text ?? null, args: JSON.stringify(args) },
    ...{ version, technique, hosts, probes, started_ms: startedAtMs, written_ms: startedAtMs },
    ...{ excluded: excluded?.hosts ?? null, excluded_ports: excluded?.ports ?? null },
  };
  let id = 0;
  transaction(db, () => {
    id = Number(insertInto(db, "scan", Object.keys(values)).run(...Object.values(values)).lastInsertRowid);
    const insertName = db.prepare("INSERT OR IGNORE INTO name (scan, number, name, ports) VALUES (?, ?, ?, ?)");
    for (const { ip, name, ports: own } of names) {
      insertName.run(id, hostKey(ip), textual(name), own === ports?.text ? null : own);
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
  readonly #known: ReadonlySet<number>;
  readonly #head: ScanHead;
  readonly #findings = new HostFindings();
  /** Those since the last write. */
  #newFindings = new HostFindings();
  #addresses: HostAddresses | undefined;
  readonly #counts = Object.fromEntries(STATES.map((state) => [state, 0])) as Record<State, number>;
  readonly #held: HeldResults;
  readonly #rows: { readonly result: PortResult; readonly seenMs: number }[] = [];
  /** Names of services by {@linkcode serviceKey}; the last ones are not written yet. */
  readonly #services = new Map<number, string>();
  #servicesWritten = 0;
  // When to write, in the time of the results: usually, and again while another process was writing.
  #writeMs: number;
  #retryMs = -Infinity;
  #lastMs: number;
  #row: number;
  #ended = false;

  /** Begins a scan, or resumes one. Made by `History.begin` and `History.resume`. */
  constructor(db: DatabaseSync, path: string, start: ScanStart, before?: ScanSoFar) {
    this.#db = db;
    this.#path = path;
    this.#head = start.head;
    this.#lastMs = start.head.startedAtMs;
    this.#writeMs = this.#lastMs + INTERVAL_MS;
    this.id = before?.id ?? newScan(db, start);
    this.#held = new HeldResults(before === undefined);
    this.#row = Number(db.prepare(LAST_ROW).get(this.id)?.["last"]);
    if (before !== undefined) {
      // What was recorded after the checkpoint stays until it is found again: of two results the later one counts.
      const reopen = "UPDATE scan SET ended = NULL, ended_ms = NULL, summary = NULL, compacted = 0 WHERE id = ?";
      db.prepare(reopen).run(this.id);
      STATES.forEach((state, code) => this.#counts[state] = before.byState[code] ?? 0);
    }
    this.#known = knownPorts(db, this.id);
  }

  /**
   * Takes results, decided by `nowMs` (milliseconds since 1970), and writes when it is time. An empty batch only writes.
   *
   * @throws {CannotScanError} if the file cannot be written; what was written before is kept.
   */
  add(batch: ResultList, nowMs: number): void {
    this.#held.beginBatch();
    if (probesHosts(batch)) this.#findHosts(batch);
    else for (const result of batch) this.#take(result, batch.addresses, nowMs);
    // Without stopping the scan for other processes, as long as there is room for the results that come meanwhile.
    if (this.#isFull(BACKLOG)) this.#write(nowMs, PATIENT_MS);
    else if ((nowMs >= this.#writeMs || this.#isFull(1)) && nowMs >= this.#retryMs) this.#write(nowMs, BUSY_MS);
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
    explaining(this.#path, "write", () =>
      transaction(this.#db, () => {
        this.#writeHosts();
        this.#writeAbsent();
      }));
    explaining(this.#path, "write", () => compact(this.#db, this.id, this.#held.inOrder(this.id)));
  }

  /** Yields what is news of the ports of absent hosts, which were not probed. */
  *lost(earlier: Baseline): Generator<PortResult> {
    if (this.#addresses === undefined) return;
    const techniques = portsOfEach(this.#head)
      .map(({ ports, ...each }) => ({ ...each, ports: new Set(parsePorts(ports.text)) }));
    for (const host of this.#findings.absent().addresses()) {
      const ip = this.#addresses.text(host);
      for (const result of earlier.lost(ip, this.#findings.reasonOfAbsence(host), techniques)) {
        yield { ...result, names: this.#head.names?.at(ip, result.port) ?? [] };
      }
    }
  }

  /** Writes what waits of a scan that was not finished. */
  [Symbol.dispose](): void {
    if (!this.#ended && this.#db.isOpen) this.#write(this.#lastMs, PATIENT_MS);
    this.#ended = true;
  }

  /** Returns true where as much waits as is written at once, `times` over. */
  #isFull(times: number): boolean {
    const most = this.#held.isWhole && times === 1 ? MAX_HELD_WAITING : times * MAX_WAITING;
    return this.#held.waiting >= most || this.#rows.length >= times * MAX_ROWS;
  }

  #findHosts(batch: ResultList): void {
    this.#addresses = batch.addresses ?? this.#addresses;
    if (this.#addresses === undefined) return;
    this.#findings.take(batch, this.#addresses);
    this.#newFindings.take(batch, this.#addresses);
  }

  /** True for a scan that probes no port. */
  get #isOfHosts(): boolean {
    return this.#head.passes?.length === 0;
  }

  /** Writes the ports of hosts that ARP, or a router, has shown to be absent, as if each had been probed: they are neither open nor closed. */
  #writeAbsent(): void {
    const each = portsOfEach(this.#head);
    if (each.length === 0 || this.#addresses === undefined) return;
    for (const [reason, hosts] of this.#findings.absentByReason()) {
      this.#putRuns(
        runsOf(hosts, this.#addresses),
        each.map(({ technique, proto, ports }) => ({ technique, proto, state: "filtered", reason, ports: ports.text })),
      );
    }
  }

  /** Writes the hosts of a scan that probed no port, in place of those written while it ran. */
  #writeHosts(): void {
    if (!this.#isOfHosts || this.#addresses === undefined) return;
    this.#db.prepare("DELETE FROM port_range WHERE scan = ? AND proto = ?").run(this.id, HOST);
    this.#putUp(this.#findings.hostsUp);
    for (const [reason, hosts] of this.#findings.absentByReason()) {
      this.#putHosts(runsOf(hosts, this.#addresses), "absent", reason);
    }
    this.#putHosts(runsOf(this.#findings.silent().addresses(), this.#addresses), "silent", "no-response");
  }

  /** Writes hosts that are up, each in a row of its own; others are left out. */
  #putUp(hosts: Iterable<number>): void {
    for (const host of hosts) {
      const found = this.#findings.up(host);
      if (found === undefined) continue;
      this.#putHosts(
        runsOf([host], this.#addresses!),
        "up",
        reasonUp(found) ?? "localhost-response",
        found.evidence[0]?.ttl,
      );
    }
  }

  /** Writes the hardware addresses of hosts. */
  #putMacs(hosts: Iterable<number>): void {
    const insert = this.#db.prepare("INSERT OR REPLACE INTO mac (scan, number, ip, mac) VALUES (?, ?, ?, ?)");
    for (const host of hosts) {
      const found = this.#findings.up(host);
      const mac = found && macText(found);
      if (mac === undefined) continue;
      const ip = this.#addresses!.text(host);
      insert.run(this.id, hostKey(ip), ip, mac);
    }
  }

  /** Writes hosts: as port 0, in the state of the host. */
  #putHosts(runs: Iterable<HostRun>, state: HostState, reason: Reason, ttl?: number): void {
    this.#putRuns(runs, [{ technique: HOST, proto: HOST, state, reason, ttl, ports: "0" }]);
  }

  #putRuns(runs: Iterable<HostRun>, results: readonly RangeResult[]): void {
    const columns = ["scan", "row", "number", "ip", "hosts", "ports", ...RANGE_FIELDS.map(({ name }) => name)];
    const insert = insertInto(this.#db, "port_range", columns);
    for (const { first, count } of runs) {
      for (const { ports, ...result } of results) {
        const values = RANGE_FIELDS.map((field) =>
          bound(field, { ...result, ip: hostText(first), tries: 0 } as PortResult)
        );
        insert.run(this.id, ++this.#row, first, hostText(first), count, ports, ...values);
      }
    }
  }

  #take(result: ResultCursor, addresses: HostAddresses | undefined, nowMs: number): void {
    const { state, port, service, late, note, replacesState } = result;
    this.#counts[state]++;
    if (replacesState !== undefined) this.#counts[replacesState]--;
    const address = result.host === undefined ? -1 : addresses?.address(result.host) ?? -1;
    const host = address < 0 ? hostKey(result.ip) : address;
    const isKnown = this.#known.size > 0 && typeof host === "number" && this.#known.has(keyOf(host, result));
    // An undecided result never replaces another one, so it needs no row.
    if (state === "open" || late || note !== undefined || isKnown && state !== "undecided") {
      this.#held.passBy(result);
      this.#rows.push({ result: toResult(result), seenMs: nowMs });
      return;
    }
    this.#held.add(result, host);
    const key = serviceKey(result.proto, port);
    if (service !== undefined && !this.#services.has(key)) this.#services.set(key, service);
  }

  /** Writes what waits. False where another process was writing for `patienceMs`; {@linkcode PATIENT_MS} throws instead. */
  #write(nowMs: number, patienceMs: number, how: { summary?: Summary; isDurable?: boolean } = {}): boolean {
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
    this.#newFindings = new HostFindings();
    this.#held.markWritten();
    this.#servicesWritten = this.#services.size;
    this.#lastMs = nowMs;
    this.#writeMs = nowMs + Math.max(INTERVAL_MS, COST_RATIO * (performance.now() - from));
    return true;
  }

  #writeAll(nowMs: number, summary: Summary | undefined): void {
    const [db, scan] = [this.#db, this.id];
    const putService = db.prepare("INSERT OR REPLACE INTO service (proto, port, name) VALUES (?, ?, ?)");
    for (const [key, name] of this.#services.entries().drop(this.#servicesWritten)) {
      putService.run(laneIn(key).proto, portIn(key), textual(name));
    }
    const ports = new RowInserter(db, "port", [
      "scan",
      "row",
      "number",
      "seen_ms",
      "finding",
      ...PROBED_FIELDS.map(({ name }) => name),
    ]);
    for (const { result, seenMs } of this.#rows) {
      const finding = result.finding === undefined ? null : textual(JSON.stringify(result.finding));
      const values = PROBED_FIELDS.map((field) => bound(field, result));
      ports.add(scan, ++this.#row, hostKey(result.ip), seenMs, finding, ...values);
    }
    ports.finish();
    const putPart = insertInto(db, "port_part", ["scan", "row", "results", ...RANGE_FIELDS.map(({ name }) => name)]);
    for (const { result, results } of this.#held.unwritten(() => ++this.#row)) {
      const values = RANGE_FIELDS.map((field) => bound(field, result));
      putPart.run(scan, this.#row, results, ...values);
    }
    if (this.#isOfHosts) this.#putUp(this.#newFindings.hostsUp);
    this.#putMacs(this.#newFindings.hostsUp);
    const end = summary && { ended_ms: nowMs, ended: summary.ended, summary: summaryText(summary) };
    const values = { ...this.#counts, written_ms: nowMs, compacted: 0, ...end };
    const columns = Object.keys(values).map((name) => `${column({ name })} = ?`).join(", ");
    db.prepare(`UPDATE scan SET ${columns} WHERE id = ?`).run(...Object.values(values), scan);
  }
}

const LAST_ROW = `SELECT max(row) AS last FROM (${
  ["port", "port_part", "port_range"].map((table) => `SELECT row FROM ${table} WHERE scan = ?1`).join(" UNION ALL ")
})`;

/** Returns ports that were open in an earlier scan, or have rows in this one: a result of one of them gets a row. */
function knownPorts(db: DatabaseSync, scan: number): Set<number> {
  const rows = db.prepare(
    "SELECT number, proto, technique, port FROM port WHERE (state = 'open' OR scan = ?) AND typeof(number) = 'integer'",
  ).iterate(scan);
  const known = new Set<number>();
  for (const row of rows) known.add(keyOf(Number(row["number"]), row as unknown as PortResult));
  return known;
}

function keyOf(host: number, port: Pick<PortResult, "proto" | "technique" | "port">): number {
  return host * PORT_KEYS + portKey(port);
}

/** Neighbouring hosts. */
interface HostRun {
  readonly first: HostKey;
  readonly count: number;
}

/** The result of ports, as text, of one or more hosts; of whole hosts, their state. */
interface RangeResult extends Pick<PortResult, "technique" | "proto" | "reason">, Partial<Pick<PortResult, "ttl">> {
  readonly state: State | HostState;
  readonly ports: string;
}

/** Returns hosts as runs of neighbours, which only those of IPv4 have. Their numbers are in the order of addresses. */
function runsOf(hosts: Iterable<number>, addresses: HostAddresses): HostRun[] {
  const runs: { first: HostKey; count: number }[] = [];
  for (const host of hosts) {
    const address = addresses.address(host);
    const key = address < 0 ? hostKey(addresses.text(host)) : address;
    const last = runs.at(-1);
    if (last !== undefined && distance(last.first, key) === last.count) last.count++;
    else runs.push({ first: key, count: 1 });
  }
  return runs;
}

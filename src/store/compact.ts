/**
 * The last step of a scan's record: each host gets one row of `port_range` per state and reason, and the table of hosts is brought
 * up to date. It takes small transactions, so that other processes can write meanwhile. It may be cut off anywhere, and repeated.
 *
 * @module
 */
import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { PortResult } from "../result/port_result.ts";
import { isOwnAnswer } from "../result/rank.ts";
import { openDatabase, PATIENT_MS, transaction } from "./database.ts";
import { portsText } from "./format.ts";
import { HostCursor, type StoredRow } from "./host_cursor.ts";
import { type HostKey, hostText, portIn } from "./key.ts";
import { StoredNames } from "./names.ts";
import { lastRow, RangeKind, RangeWriter } from "./ranges.ts";

/** Changes in one transaction, about: some 10 ms. */
const STEP = 4096;
/** A scan that wrote nothing for this long is taken for killed. It may be suspended: compacting it ends as soon as it writes. */
const ABANDONED_MS = 60_000;

/** Compacts scans that were killed, as of `nowMs`. */
export function compactAbandoned(db: DatabaseSync, path: string, nowMs: number): void {
  const scans = db.prepare("SELECT id FROM scan WHERE compacted = 0 AND written_ms < ?").all(nowMs - ABANDONED_MS);
  for (const { id } of scans) compact(db, path, Number(id));
}

/** Compacts a scan, unless another process writes rows of it meanwhile: then it is compacted later. */
export function compact(db: DatabaseSync, path: string, scan: number): void {
  db.exec(`PRAGMA busy_timeout = ${PATIENT_MS}`);
  // Read through a connection of its own, which does not see what is written meanwhile.
  using reader = openDatabase(path, { write: false });
  reader.exec("BEGIN");
  const compactor = new Compactor(db, reader, scan);
  let isAlone = true;
  const change = (step: () => void) =>
    transaction(db, () => {
      isAlone &&= compactor.isAlone;
      if (isAlone) step();
    });
  while (!compactor.done && isAlone) change(() => compactor.step());
  change(() => {
    db.prepare("DELETE FROM port_part WHERE scan = ?").run(scan);
    db.prepare("UPDATE scan SET compacted = 1 WHERE id = ?").run(scan);
  });
}

class Compactor {
  readonly #db: DatabaseSync;
  readonly #scan: number;
  readonly #hosts: HostCursor;
  readonly #names: StoredNames;
  readonly #startedMs: number;
  readonly #writer: RangeWriter;
  // By the results that stand for them, of which there is one for each kind.
  readonly #kinds = new Map<PortResult, RangeKind>();
  readonly #deletePort: StatementSync;
  readonly #deleteRange: StatementSync;
  readonly #putHost: StatementSync;

  constructor(db: DatabaseSync, reader: DatabaseSync, scan: number) {
    this.#db = db;
    this.#scan = scan;
    this.#hosts = new HostCursor(reader, [scan]);
    this.#names = new StoredNames(reader, scan);
    this.#startedMs = Number(reader.prepare("SELECT started_ms FROM scan WHERE id = ?").get(scan)?.["started_ms"]);
    this.#writer = new RangeWriter(db, scan, lastRow(reader, scan));
    this.#deletePort = db.prepare("DELETE FROM port WHERE scan = ? AND row = ?");
    this.#deleteRange = db.prepare("DELETE FROM port_range WHERE scan = ? AND row = ?");
    this.#putHost = db.prepare(PUT_HOST);
  }

  get done(): boolean {
    return this.#hosts.done;
  }

  /** False once there are rows that are neither in the reader's view nor written here. Ask in a transaction. */
  get isAlone(): boolean {
    return lastRow(this.#db, this.#scan) <= this.#writer.row;
  }

  /** Compacts some hosts more, up to a host behind which no row goes on. */
  step(): void {
    const hosts = this.#hosts;
    let isShared = false;
    let hasDeleted = false;
    for (let changes = 0; (changes < STEP || isShared) && !hosts.done;) {
      const { host, count, rows } = hosts;
      const end = typeof host === "number" ? host + count : 0;
      if (hosts.isUp) this.#putHosts(host, count);
      isShared = rows.some((row) => typeof row.host === "number" && row.host + row.hosts > end);
      // A host of one row, which no neighbour can share, stays as it is.
      if (rows.length > 1 || rows[0]!.table === "port_part" || !isOwnAnswer(rows[0]!.result.reason)) {
        this.#write(host, count);
        const used = new Set(hosts.refs.subarray(0, hosts.length));
        rows.forEach(({ table, host, hosts, row }, ref) => {
          if (table === "port" && !used.has(ref)) this.#deletePort.run(this.#scan, row);
          const isBehind = typeof host === "string" || host + hosts <= end;
          if (table !== "port_range" || !isBehind) return;
          this.#deleteRange.run(this.#scan, row);
          hasDeleted = true;
        });
      }
      changes += 1 + rows.length;
      hosts.advance();
    }
    // Rows that wait for a neighbour are in port_part as well, unless they were deleted here.
    if (hasDeleted || hosts.done) this.#writer.flush();
  }

  #write(host: HostKey, count: number): void {
    const { rows, length, keys, refs } = this.#hosts;
    const ports = new Map<RangeKind, number[]>();
    const lists = rows.map((row) => {
      if (row.table === "port") return undefined;
      const kind = this.#kindOf(row);
      const list = ports.get(kind) ?? [];
      ports.set(kind, list);
      return list;
    });
    for (let at = 0; at < length; at++) lists[refs[at]!]?.push(portIn(keys[at]!));
    for (const [kind, list] of ports) if (list.length > 0) this.#writer.add(host, count, kind, portsText(list));
  }

  #kindOf({ result }: StoredRow): RangeKind {
    let kind = this.#kinds.get(result);
    if (kind === undefined) this.#kinds.set(result, kind = new RangeKind(result));
    return kind;
  }

  #putHosts(first: HostKey, count: number): void {
    let seenMs = this.#startedMs;
    for (const { result, seenMs: rowMs } of this.#hosts.rows) {
      if (isOwnAnswer(result.reason)) seenMs = Math.max(seenMs, rowMs);
    }
    for (let i = 0; i < count; i++) {
      const host = typeof first === "number" ? first + i : first;
      const ip = hostText(host);
      this.#putHost.run(host, ip, this.#names.of(ip).join(" ") || null, seenMs, seenMs);
    }
  }
}

const PUT_HOST = `
  INSERT INTO host (number, ip, name, first_seen_ms, last_seen_ms) VALUES (?, ?, ?, ?, ?)
  ON CONFLICT (number) DO UPDATE SET
    name = ifnull(excluded.name, name),
    first_seen_ms = min(first_seen_ms, excluded.first_seen_ms),
    last_seen_ms = max(last_seen_ms, excluded.last_seen_ms)`;

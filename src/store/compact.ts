/**
 * What is done once a scan has ended: its packed ports become one slice, in order, and the tables of hosts and ports learn
 * what was seen. It goes in small steps, so that others can write meanwhile. It may be cut off anywhere, and done again.
 *
 * @module
 */
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { FIELDS } from "../report/fields.ts";
import { isOwnAnswer } from "../result/outcome.ts";
import { openDatabase, PATIENT_MS, transaction } from "./database.ts";
import { HostStream, type KeptRow } from "./hosts.ts";
import { RowEncoder } from "./codec.ts";
import { StoredNames } from "./names.ts";
import { bound, hostText } from "./rows.ts";
import { column, SLICE_SEGMENTS } from "./schema.ts";

/** Changes in one transaction, about: some 10 ms. */
const STEP = 4096;
/** A scan that wrote nothing for this long is taken for killed. Were it not, settling it would do no harm. */
const SILENT_MS = 60_000;
/** A slice that was not ready after this long was left behind by a process that was killed. */
const ABANDONED_MS = 24 * 3600 * 1000;

/** Settles a scan, as of `nowMs`. */
export function compact(db: DatabaseSync, path: string, scan: number, nowMs: number): void {
  db.exec(`PRAGMA busy_timeout = ${PATIENT_MS}`);
  const old = db.prepare("SELECT id FROM slices WHERE scan = ? AND ready = 1").all(scan).map(({ id }) => Number(id));
  let slice: number | undefined;
  if (old.length > 1) {
    const insert = db.prepare("INSERT INTO slices (scan, ready, made_ms) VALUES (?, 0, ?)");
    slice = Number(insert.run(scan, nowMs).lastInsertRowid);
  }
  // Read through a connection of its own, which does not see what is written meanwhile.
  const reader = openDatabase(path, { write: false });
  try {
    reader.exec("BEGIN");
    const settler = new Compactor(db, reader, scan, slice);
    while (!settler.done) transaction(db, () => settler.step());
  } finally {
    reader.close();
  }
  transaction(db, () => {
    if (slice !== undefined) {
      for (const id of old) db.prepare("UPDATE slices SET ready = 0 WHERE id = ?").run(id);
      db.prepare("UPDATE slices SET ready = 1 WHERE id = ?").run(slice);
    }
    db.prepare("UPDATE scans SET settled = 1 WHERE id = ?").run(scan);
  });
  if (slice !== undefined) removeSlices(db, old);
}

/** Does what scans that were killed left undone. */
export function compactLeftovers(db: DatabaseSync, path: string, nowMs: number): void {
  const abandoned = db.prepare("SELECT id FROM slices WHERE ready = 0 AND made_ms < ?").all(nowMs - ABANDONED_MS);
  removeSlices(db, abandoned.map(({ id }) => Number(id)));
  const scans = db.prepare("SELECT id FROM scans WHERE settled = 0 AND written_ms < ?").all(nowMs - SILENT_MS);
  for (const { id } of scans) compact(db, path, Number(id), nowMs);
}

/** Removes slices, each by itself. */
function removeSlices(db: DatabaseSync, slices: readonly number[]): void {
  for (const slice of slices) transaction(db, () => removeSlice(db, slice));
}

/** Removes a slice. */
export function removeSlice(db: DatabaseSync, slice: number): void {
  const from = slice * SLICE_SEGMENTS;
  db.prepare("DELETE FROM segments WHERE id >= ? AND id < ?").run(from, from + SLICE_SEGMENTS);
  db.prepare("DELETE FROM slices WHERE id = ?").run(slice);
}

class Compactor {
  done = false;
  readonly #hosts: HostStream;
  readonly #names: StoredNames;
  readonly #startedMs: number;
  readonly #packer: RowEncoder | undefined;
  readonly #putHost: StatementSync;
  readonly #putPort: StatementSync;
  readonly #findPort: StatementSync;

  constructor(db: DatabaseSync, reader: DatabaseSync, scan: number, slice: number | undefined) {
    this.#hosts = new HostStream(reader, scan);
    this.#names = new StoredNames(reader, scan);
    this.#startedMs = Number(reader.prepare("SELECT started_ms FROM scans WHERE id = ?").get(scan)?.["started_ms"]);
    if (slice !== undefined) {
      const insert = db.prepare("INSERT INTO segments (id, data) VALUES (?, ?)");
      let segment = slice * SLICE_SEGMENTS;
      this.#packer = new RowEncoder((data) => insert.run(segment++, data));
    }
    this.#putHost = db.prepare(PUT_HOST);
    this.#putPort = db.prepare(PUT_PORT);
    this.#findPort = db.prepare("SELECT 1 FROM ports WHERE host = ? AND port = ?");
  }

  /** Settles some hosts more. */
  step(): void {
    const hosts = this.#hosts;
    for (let changes = 0; changes < STEP && !hosts.done;) {
      const isUp = hosts.isUp;
      const count = isUp ? Math.min(hosts.count, STEP) : hosts.count;
      this.#pack(count);
      if (isUp) this.#takeHosts(count);
      for (const row of hosts.rows) this.#takePort(row);
      changes += 1 + (isUp ? count : 0) + hosts.rows.length;
      hosts.advance(count);
    }
    if (!hosts.done) return;
    this.#packer?.end();
    this.done = true;
  }

  #pack(count: number): void {
    const packer = this.#packer;
    const { host, ports, refs, length } = this.#hosts;
    // Only hosts with numbers have packed ports.
    if (packer === undefined || typeof host === "string") return;
    packer.beginHost(host, count);
    let isEmpty = true;
    for (let i = 0; i < length;) {
      const start = i;
      const group = refs[i]!;
      for (i++; i < length && refs[i] === group && ports[i] === ports[i - 1]! + 1;) i++;
      if (group < 0) continue;
      packer.run(ports[start]!, i - start, group);
      isEmpty = false;
    }
    if (!isEmpty) packer.endHost();
  }

  #takeHosts(count: number): void {
    const { host: first, rows } = this.#hosts;
    let seenMs = this.#startedMs;
    for (const row of rows) if (isOwnAnswer(row.result.reason)) seenMs = Math.max(seenMs, row.seenMs);
    for (let i = 0; i < count; i++) {
      const host = typeof first === "number" ? first + i : first;
      const ip = hostText(host);
      this.#putHost.run(host, ip, this.#names.of(ip).join(" ") || null, seenMs, seenMs);
    }
  }

  #takePort({ host, result, seenMs }: KeptRow): void {
    const isOpen = result.state === "open";
    if (result.state === "undecided") return;
    // Only ports that were ever open are followed.
    if (!isOpen && this.#findPort.get(host, result.port) === undefined) return;
    const openMs = isOpen ? seenMs : null;
    const named = { ...result, names: this.#names.at(hostText(host), result.port) };
    this.#putPort.run(host, ...FIELDS.map((field) => bound(field, named)), openMs, openMs, seenMs, seenMs);
  }
}

const PUT_HOST = `
  INSERT INTO hosts (host, ip, name, first_seen, last_seen) VALUES (?, ?, ?, ?, ?)
  ON CONFLICT (host) DO UPDATE SET
    name = ifnull(excluded.name, name),
    first_seen = min(first_seen, excluded.first_seen),
    last_seen = max(last_seen, excluded.last_seen)`;

// Scans may be settled in another order than they were made: what was found last counts.
const PUT_PORT = `
  INSERT INTO ports (host, ${FIELDS.map(column).join(", ")}, first_seen, last_seen, state_since, checked_ms)
  VALUES (?, ${FIELDS.map(() => "?").join(", ")}, ?, ?, ?, ?)
  ON CONFLICT (host, port) DO UPDATE SET
    ${FIELDS.map((field) => ifLater(column(field), `excluded.${column(field)}`)).join(", ")},
    ${ifLater("state_since", "iif(excluded.state = state, state_since, excluded.state_since)")},
    first_seen = min(ifnull(first_seen, excluded.first_seen), ifnull(excluded.first_seen, first_seen)),
    last_seen = max(ifnull(last_seen, excluded.last_seen), ifnull(excluded.last_seen, last_seen)),
    checked_ms = max(checked_ms, excluded.checked_ms)`;

function ifLater(name: string, value: string): string {
  return `${name} = iif(excluded.checked_ms >= checked_ms, ${value}, ${name})`;
}

/**
 * The tables of a history. They are meant to be queried by people: `synscan help history` has examples.
 *
 * `ip` is an address as text. `number` sorts addresses: the number of an IPv4 address, or an IPv6 address with all its digits. Times
 * are in milliseconds since 1970. The columns of `port` are the fields of
 * `src/report/fields.ts`, named as in JSON, but for those of service detection.
 *
 * @module
 */
import type { DatabaseSync, SQLInputValue, StatementSync } from "node:sqlite";
import { type Field, fieldNamed, PROBED_FIELDS } from "../report/fields.ts";
import type { PortResult } from "../result/port_result.ts";
import { isOwnAnswer } from "../result/rank.ts";
import { REASONS } from "../result/reasons.ts";
import { STATES } from "../result/states.ts";

/** Marks an SQLite file as a history: `SYNS`. */
export const APPLICATION_ID = 0x53594e53;
/** The version of the tables, in `user_version`. Files of another version are refused. */
export const VERSION = 7;

/** The columns that ports in one row of `port_range` have in common. */
export const RANGE_FIELDS: readonly Field[] = fieldsNamed("proto technique state reason ttl tries from");

/** The reasons that only the host itself can cause, as a list in SQL. */
const OWN_ANSWERS = REASONS.filter((reason) => isOwnAnswer({ reason })).map((reason) => `'${reason}'`).join(", ");

/** Returns the column of a field, or of a state's count, quoted. */
export function column({ name }: { readonly name: string }): string {
  return `"${name}"`;
}

/** Prepares the insertion of one or more rows with these columns, in a transaction that an error ends: SQLite does not prepare to undo them alone. */
export function insertInto(db: DatabaseSync, table: string, names: readonly string[], rows = 1): StatementSync {
  const columns = names.map((name) => column({ name })).join(", ");
  const row = `(${names.map(() => "?").join(", ")})`;
  return db.prepare(`INSERT OR FAIL INTO ${table} (${columns}) VALUES ${Array(rows).fill(row).join(", ")}`);
}

/** Rows that are inserted at once: one by one they take twice as long. */
const ROWS_AT_ONCE = 8;

/** Inserts many rows into a table. */
export class RowInserter {
  readonly #db: DatabaseSync;
  readonly #table: string;
  readonly #names: readonly string[];
  readonly #insert: StatementSync;
  #values: SQLInputValue[] = [];

  /** Creates one for rows with these columns. */
  constructor(db: DatabaseSync, table: string, names: readonly string[]) {
    this.#db = db;
    this.#table = table;
    this.#names = names;
    this.#insert = insertInto(db, table, names, ROWS_AT_ONCE);
  }

  /** Adds a row. */
  add(...values: readonly SQLInputValue[]): void {
    this.#values.push(...values);
    if (this.#values.length < ROWS_AT_ONCE * this.#names.length) return;
    this.#insert.run(...this.#values);
    this.#values.length = 0;
  }

  /** Inserts the rows that wait. */
  finish(): void {
    const rows = this.#values.length / this.#names.length;
    if (rows > 0) insertInto(this.#db, this.#table, this.#names, rows).run(...this.#values);
    this.#values.length = 0;
  }
}

/** Makes the tables in an empty file. */
export function createTables(db: DatabaseSync): void {
  const range = RANGE_FIELDS.map(declaration).join(", ");
  db.exec(`
    -- One row per scan. ended is NULL while it runs, or after it was killed; compacted is 1 once host and port_range have all of it.
    CREATE TABLE scan (
      id INTEGER PRIMARY KEY, started_ms INTEGER NOT NULL, written_ms INTEGER NOT NULL, ended_ms INTEGER, ended TEXT,
      targets TEXT NOT NULL, ports TEXT, excluded TEXT, excluded_ports TEXT, space TEXT NOT NULL,
      args TEXT NOT NULL, version TEXT NOT NULL, technique TEXT NOT NULL, hosts INTEGER NOT NULL, probes INTEGER NOT NULL,
      ${STATES.map((state) => `"${state}" INTEGER NOT NULL DEFAULT 0`).join(", ")},
      summary TEXT, compacted INTEGER NOT NULL DEFAULT 0
    );
    CREATE INDEX scan_by_space ON scan (space, id);

    -- One row per scan and port that is open, was open in an earlier scan, replied late or has a note; finding is a JSON object of what
    -- service detection found. While a scan runs, a port may
    -- have several rows, here and below: the one with the highest number counts, one of this table before others.
    CREATE TABLE port (
      scan INTEGER NOT NULL, row INTEGER NOT NULL, number INTEGER NOT NULL, seen_ms INTEGER NOT NULL,
      ${PROBED_FIELDS.map(declaration).join(", ")}, finding TEXT, PRIMARY KEY (scan, row)
    ) WITHOUT ROWID;
    -- With the port as well, each row of a scan would change another page: three times as slow, tests/bench/history_bench.ts.
    CREATE INDEX port_open ON port (number) WHERE state = 'open';

    -- All other ports: one row per scan, host, state and reason, with the ports as ranges such as "1-21,23,25-1000". Neighbouring
    -- hosts that sent no reply and have the same ports share a row: so many hosts, from ip on.
    -- A scan that probed no port has port 0 of each host, of the protocol host, which is up, absent or silent.
    CREATE TABLE port_range (
      scan INTEGER NOT NULL, row INTEGER NOT NULL, number INTEGER NOT NULL, ip TEXT NOT NULL, hosts INTEGER NOT NULL,
      ${range}, ports TEXT NOT NULL, PRIMARY KEY (scan, row)
    ) WITHOUT ROWID;
    -- The same ports while a scan runs, and of one that was killed until the next scan begins: a JSON object of each number with its
    -- ports. They count before port_range.
    CREATE TABLE port_part (
      scan INTEGER NOT NULL, row INTEGER NOT NULL, ${range}, results TEXT NOT NULL, PRIMARY KEY (scan, row)
    ) WITHOUT ROWID;

    -- The names by which a scan asked for hosts, in the order in which they were typed; ports is NULL for all ports of the scan.
    CREATE TABLE name (
      scan INTEGER NOT NULL, number INTEGER NOT NULL, name TEXT NOT NULL, ports TEXT, UNIQUE (scan, number, name)
    );
    CREATE INDEX name_of_host ON name (number, scan);
    -- The usual names of services.
    CREATE TABLE service (proto TEXT NOT NULL, port INTEGER NOT NULL, name TEXT NOT NULL, PRIMARY KEY (proto, port)) WITHOUT ROWID;

    -- One row per host that ever replied, with the names by which it was last asked for.
    CREATE VIEW host AS
      SELECT number, ip, (
          SELECT group_concat(name, ' ') FROM name
          WHERE number = up.number AND scan = (SELECT max(scan) FROM name WHERE number = up.number)
        ) AS name, min(seen_ms) AS first_seen_ms, max(seen_ms) AS last_seen_ms
      FROM (
        SELECT number, ip, state, reason, seen_ms FROM port
        UNION ALL SELECT number, ip, state, reason, started_ms FROM port_range JOIN scan ON scan.id = scan
      ) AS up WHERE state = 'closed' OR reason IN (${OWN_ANSWERS}) GROUP BY number;

    -- What service detection found of each port.
    CREATE VIEW version AS
      SELECT scan, number, ip, proto, port, seen_ms, finding ->> '$.service' AS service, finding ->> '$.product' AS product,
        finding ->> '$.version' AS version, finding ->> '$.info' AS info, finding ->> '$.cpe[0]' AS cpe
      FROM port WHERE finding IS NOT NULL;

    -- Each time that a port that was ever open was found in another state than before.
    CREATE VIEW port_change AS
      SELECT ip, proto, technique, port, before, state, seen_ms, scan FROM (
        SELECT number, ip, proto, technique, port, state, seen_ms, scan, row, lag(state) OVER (
            -- A SYN and connect(2) find the same states.
            PARTITION BY number, proto, iif(technique IN ('syn', 'connect'), '', technique), port ORDER BY seen_ms, scan, row
          ) AS before
        FROM port WHERE state <> 'undecided' AND (number, proto, port) IN (SELECT number, proto, port FROM port WHERE state = 'open')
      ) WHERE before IS NULL OR before <> state ORDER BY number, proto, port, seen_ms;
  `);
}

/**
 * Makes the tables that files of {@linkcode VERSION} may lack, as they are younger than it. A program that does not have them leaves them
 * alone, so that they are no new version.
 */
export function createLaterTables(db: DatabaseSync): void {
  db.exec(`
    -- The hardware address of each host on an own link that replied to ARP or neighbor solicitations.
    CREATE TABLE IF NOT EXISTS mac (
      scan INTEGER NOT NULL, number INTEGER NOT NULL, ip TEXT NOT NULL, mac TEXT NOT NULL, PRIMARY KEY (scan, number)
    ) WITHOUT ROWID;
  `);
}

function declaration(field: Field): string {
  const types = { "text": "TEXT", "whole": "INTEGER", "fraction": "REAL", "yes or no": "INTEGER", "list": "TEXT" };
  return `${column(field)} ${types[field.type]}`;
}

/** Returns the fields with these names, separated by spaces. */
export function fieldsNamed(names: string): Field[] {
  return names.split(" ").map((name) => fieldNamed(name)!);
}

/** Returns a field's value in a type that SQLite can bind. */
export function bound(field: Field, result: PortResult): SQLInputValue {
  const value = field.get(result);
  if (typeof value === "object") return textual(value.join(" "));
  if (typeof value === "string") return textual(value);
  return value === undefined ? null : typeof value === "boolean" ? Number(value) : value;
}

/** Replaces each NUL by U+FFFD: SQLite would end the text there. */
export function textual(text: string): string {
  return text.includes("\0") ? text.replaceAll("\0", "\ufffd") : text;
}

/**
 * The tables of a history, and how a file of an earlier version becomes one of this. The columns that hold a result are
 * made from the fields in `src/report/fields.ts`; a field that is new there becomes a column the next time a file is opened
 * for writing, without a new version.
 *
 * Times are in milliseconds since 1970. `host` is the number of an IPv4 address, or another address as text; `ip` is text.
 *
 * @module
 */
import type { DatabaseSync } from "node:sqlite";
import { type Field, FIELDS } from "../report/fields.ts";

/** Marks an SQLite file as ours: `SYNS`. */
export const APPLICATION_ID = 0x53594e53;

/** One step from a version of the tables to the next. */
export type Migration = (db: DatabaseSync) => void;

/** The steps, in order: the first makes version 1 of an empty file. A step that was released never changes. */
export const MIGRATIONS: readonly Migration[] = [createTables, addNamesAndSpaces];

/** What results of one group have in common. */
export const GROUP_FIELDS: readonly Field[] = fieldsNamed(["state", "reason", "ttl", "tries", "from", "late"]);

/**
 * What is known of a result in a group although it is not kept with it: where it is, what follows from that, and the round
 * trip, which is given up.
 */
const UNGROUPED = new Set(["ip", "port", "proto", "rtt_ms", "service", "names"]);

/** Fields that a group has no place for: a result with one of them gets a row of its own. */
export const ROW_ONLY_FIELDS: readonly Field[] = FIELDS.filter((field) =>
  !GROUP_FIELDS.includes(field) && !UNGROUPED.has(field.name)
);

/** Numbers of results in a scan, of which `results.id` is made. */
export const SCAN_RESULTS = 2 ** 32;
/** Numbers of segments in a slice, of which `segments.id` is made. */
export const SLICE_SEGMENTS = 2 ** 20;

/** Tables in which each field of a result is a column. */
const RESULT_TABLES = ["results", "ports"];

/** A field's column, as it stands in SQL. */
export function column(field: Field): string {
  return `"${field.name}"`;
}

/** True where there are fields newer than the file. */
export function lacksColumns(db: DatabaseSync): boolean {
  return RESULT_TABLES.some((table) => missingFields(db, table).length > 0);
}

/** Adds the columns of fields that are newer than the file. */
export function addMissingColumns(db: DatabaseSync): void {
  for (const table of RESULT_TABLES) {
    for (const field of missingFields(db, table)) db.exec(`ALTER TABLE ${table} ADD COLUMN ${declaration(field)}`);
  }
}

function missingFields(db: DatabaseSync, table: string): Field[] {
  const present = new Set(db.prepare("SELECT name FROM pragma_table_info(?)").all(table).map(({ name }) => name));
  return FIELDS.filter(({ name }) => !present.has(name));
}

function createTables(db: DatabaseSync): void {
  const fields = FIELDS.map(declaration).join(", ");
  db.exec(`
    -- One row a scan. While ended is NULL the scan is running, or was killed. settled is 1 once hosts and ports know it.
    CREATE TABLE scans (
      id INTEGER PRIMARY KEY, space TEXT NOT NULL, targets TEXT NOT NULL, args TEXT NOT NULL, version TEXT NOT NULL, technique TEXT NOT NULL,
      hosts INTEGER NOT NULL, probes INTEGER NOT NULL,
      started_ms INTEGER NOT NULL, written_ms INTEGER NOT NULL, ended_ms INTEGER, ended TEXT,
      open INTEGER NOT NULL DEFAULT 0, closed INTEGER NOT NULL DEFAULT 0,
      filtered INTEGER NOT NULL DEFAULT 0, undecided INTEGER NOT NULL DEFAULT 0,
      summary TEXT, settled INTEGER NOT NULL DEFAULT 0
    );
    CREATE INDEX scans_by_space ON scans (space, id);

    -- Results with a row of their own: open ports, ports once open, and what has more to say than a state.
    -- id is scan x 2^32 + number.
    CREATE TABLE results (id INTEGER PRIMARY KEY, scan INTEGER NOT NULL, host INTEGER NOT NULL, seen_ms INTEGER NOT NULL, ${fields});

    -- All other results, packed. A scan has slices, a slice has segments: id is slice x 2^20 + number. In a segment a port
    -- is known by its group.
    CREATE TABLE groups (
      scan INTEGER NOT NULL, id INTEGER NOT NULL, ${GROUP_FIELDS.map(declaration).join(", ")}, PRIMARY KEY (scan, id)
    ) WITHOUT ROWID;
    CREATE TABLE slices (id INTEGER PRIMARY KEY, scan INTEGER NOT NULL, ready INTEGER NOT NULL, made_ms INTEGER NOT NULL);
    CREATE INDEX slices_by_scan ON slices (scan);
    CREATE TABLE segments (id INTEGER PRIMARY KEY, data BLOB NOT NULL);

    -- The names by which a scan asked for hosts, and of services.
    CREATE TABLE names (scan INTEGER NOT NULL, host INTEGER NOT NULL, name TEXT NOT NULL, PRIMARY KEY (scan, host)) WITHOUT ROWID;
    CREATE TABLE services (port INTEGER PRIMARY KEY, name TEXT NOT NULL);

    -- Over all scans: hosts that ever answered, and when; ports that were ever open, as they were found last, when that was
    -- (checked_ms), since when they are in that state, and when they were seen open.
    CREATE TABLE hosts (
      host INTEGER PRIMARY KEY, ip TEXT NOT NULL, name TEXT, first_seen INTEGER NOT NULL, last_seen INTEGER NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE ports (
      host INTEGER NOT NULL, ${fields}, first_seen INTEGER, last_seen INTEGER,
      state_since INTEGER NOT NULL, checked_ms INTEGER NOT NULL, PRIMARY KEY (host, port)
    ) WITHOUT ROWID;

    -- Each time that a port that was ever open was found in another state than before.
    CREATE VIEW port_changes AS
      SELECT ip, port, before, state, seen_ms, scan FROM (
        SELECT host, ip, port, state, seen_ms, scan,
          lag(state) OVER (PARTITION BY host, port ORDER BY seen_ms, id) AS before
        FROM results WHERE state <> 'undecided'
      ) WHERE before IS NULL OR before <> state ORDER BY host, port, seen_ms;
  `);
}

function addNamesAndSpaces(db: DatabaseSync): void {
  db.exec(`
    -- Every name by which a scan asked for a host, in the order in which they were typed; ports as "22,8000-8100", or NULL for
    -- all that the host was asked.
    ALTER TABLE names RENAME TO names_1;
    CREATE TABLE names (scan INTEGER NOT NULL, host INTEGER NOT NULL, name TEXT NOT NULL, ports TEXT, UNIQUE (scan, host, name));
    INSERT INTO names (scan, host, name) SELECT scan, host, name FROM names_1;
    DROP TABLE names_1;
    -- What was asked: all ports, and what was taken out of it, hosts as "192.0.2.1,192.0.2.8-192.0.2.9"; NULL where that is not
    -- known.
    ALTER TABLE scans ADD COLUMN ports TEXT;
    ALTER TABLE scans ADD COLUMN excluded TEXT;
    ALTER TABLE scans ADD COLUMN excluded_ports TEXT;
  `);
}

function declaration(field: Field): string {
  const types = { "text": "TEXT", "whole": "INTEGER", "fraction": "REAL", "yes or no": "INTEGER", "list": "TEXT" };
  return `${column(field)} ${types[field.type]}`;
}

function fieldsNamed(names: readonly string[]): Field[] {
  return FIELDS.filter(({ name }) => names.includes(name));
}

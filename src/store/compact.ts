/**
 * The last step of a scan's record: each host gets one row of `port_range` per state and reason. It may be cut off anywhere, and
 * repeated.
 *
 * @module
 */
import type { DatabaseSync } from "node:sqlite";
import type { PortResult } from "../result/port_result.ts";
import { isOwnAnswer } from "../result/rank.ts";
import { PATIENT_MS, transaction } from "./database.ts";
import { hostsOfScan, portsText, type Segment } from "./hosts.ts";
import { distance, type HostKey, hostText } from "./key.ts";
import type { PartsInOrder } from "./parts.ts";
import { bound, column, insertInto, RANGE_FIELDS, RowInserter } from "./schema.ts";

/** A scan that wrote nothing for this long is taken for killed. It may be suspended: if it writes meanwhile, it is not compacted. */
const ABANDONED_MS = 60_000;

/** Compacts scans that were killed, as of `nowMs`. */
export function compactAbandoned(db: DatabaseSync, nowMs: number): void {
  const scans = db.prepare("SELECT id FROM scan WHERE compacted = 0 AND written_ms < ?").all(nowMs - ABANDONED_MS);
  for (const { id } of scans) compact(db, Number(id));
}

/**
 * Compacts a scan, unless another process writes to it meanwhile: then it is compacted later. Other processes can write until its new
 * rows are complete.
 *
 * @param parts The results in the rows of `port_part`; without, they are read.
 */
export function compact(db: DatabaseSync, scan: number, parts?: PartsInOrder): void {
  db.exec(`PRAGMA busy_timeout = ${PATIENT_MS}; ${TEMPORARY}`);
  try {
    const version = db.prepare(
      "SELECT written_ms, compacted, (SELECT max(row) FROM port WHERE scan = id), (SELECT max(row) FROM port_part WHERE scan = id) " +
        "FROM scan WHERE id = ?",
    );
    const before = Object.values(version.get(scan)!).join();
    const superseded = inOneView(db, () => writeRanges(db, scan, parts));
    transaction(db, () => {
      if (Object.values(version.get(scan)!).join() !== before) return;
      const deleteRow = db.prepare("DELETE FROM port WHERE scan = ? AND row = ?");
      for (const row of superseded) deleteRow.run(scan, row);
      for (const statement of SETTLE) db.prepare(statement).run(scan);
    });
  } finally {
    db.exec("DROP TABLE temp.settled; DROP TABLE temp.kind");
  }
}

/** Reads the same state of the file throughout. Rows of temporary tables are written together, and others can write meanwhile. */
function inOneView<T>(db: DatabaseSync, action: () => T): T {
  db.exec("BEGIN DEFERRED");
  try {
    return action();
  } finally {
    if (db.isTransaction) db.exec("COMMIT");
  }
}

const RANGE_COLUMNS = RANGE_FIELDS.map(column).join(", ");

/** The new rows of `port_range`, and what those of a kind have in common: hosts share their results, of which there are few. */
const TEMPORARY = `
  CREATE TEMP TABLE settled (row INTEGER PRIMARY KEY, number, ip TEXT, hosts INTEGER, ports TEXT, kind INTEGER);
  CREATE TEMP TABLE kind AS SELECT row AS kind, ${RANGE_COLUMNS} FROM port_range LIMIT 0;
  CREATE UNIQUE INDEX temp.kind_by_number ON kind (kind)`;

/** Statements about the scan ?1. */
const SETTLE: readonly string[] = [
  "DELETE FROM port_range WHERE scan = ?1",
  `INSERT INTO port_range SELECT ?1, row, number, ip, hosts, ${RANGE_COLUMNS}, ports
    FROM temp.settled CROSS JOIN temp.kind USING (kind)`,
  "DELETE FROM port_part WHERE scan = ?1",
  "UPDATE scan SET compacted = 1 WHERE id = ?1",
];

/** Neighbouring hosts that have the same result on the same ports. */
interface Neighbours {
  readonly host: HostKey;
  readonly ports: string;
  hosts: number;
}

/** Returns the segments that are not of `port`, by their results. */
function byResult(segments: readonly Segment[]): Iterable<readonly [PortResult, readonly Segment[]]> {
  const own = segments.filter(({ row }) => row === 0);
  const [one] = own;
  if (one === undefined) return [];
  // Most hosts have one.
  return own.length === 1 ? [[one.result, own]] : Map.groupBy(own, ({ result }) => result);
}

/** Writes the rows of a scan for `port_range`. Returns the rows of `port` that no longer count. */
function writeRanges(db: DatabaseSync, scan: number, parts: PartsInOrder | undefined): number[] {
  const insertKind = insertInto(db, "temp.kind", ["kind", ...RANGE_FIELDS.map(({ name }) => name)]);
  const settled = new RowInserter(db, "temp.settled", ["number", "ip", "hosts", "ports", "kind"]);
  const kinds = new Map<PortResult, number>();
  const kindOf = (result: PortResult) => {
    const kind = kinds.size;
    insertKind.run(kind, ...RANGE_FIELDS.map((field) => bound(field, result)));
    return kind;
  };
  const write = (result: PortResult, { host, ports, hosts }: Neighbours) =>
    settled.add(host, hostText(host), hosts, ports, kinds.getOrInsertComputed(result, kindOf));
  // By result, the hosts that may have further neighbours.
  const waiting = new Map<PortResult, Neighbours>();
  const superseded: number[] = [];
  for (const { host, count: hosts, sides: [segments], superseded: rows } of hostsOfScan(db, scan, parts)) {
    superseded.push(...rows);
    for (const [result, alike] of byResult(segments!)) {
      const ports = portsText(alike);
      const before = waiting.get(result);
      const isNext = before?.ports === ports && distance(before.host, host) === before.hosts;
      if (isNext && !isOwnAnswer(result)) {
        before.hosts += hosts;
      } else {
        if (before !== undefined) write(result, before);
        waiting.set(result, { host, ports, hosts });
      }
    }
  }
  for (const [result, neighbours] of waiting) write(result, neighbours);
  settled.finish();
  return superseded;
}

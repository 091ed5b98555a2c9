/**
 * The last step of a scan's record: each host gets one row of `port_range` per state and reason, and the table of hosts is brought
 * up to date. It may be cut off anywhere, and repeated.
 *
 * @module
 */
import type { DatabaseSync } from "node:sqlite";
import type { PortResult } from "../result/port_result.ts";
import { isOwnAnswer } from "../result/rank.ts";
import { bound } from "./columns.ts";
import { PATIENT_MS, transaction } from "./database.ts";
import { portsText } from "./format.ts";
import { hostsOf } from "./hosts.ts";
import { distance, type HostKey, hostText } from "./key.ts";
import { insertInto, RANGE_FIELDS } from "./schema.ts";

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
 */
export function compact(db: DatabaseSync, scan: number): void {
  db.exec(`PRAGMA busy_timeout = ${PATIENT_MS}; CREATE TEMP TABLE settled AS SELECT * FROM port_range LIMIT 0`);
  try {
    const version = db.prepare(
      "SELECT written_ms, compacted, (SELECT max(row) FROM port WHERE scan = id), (SELECT max(row) FROM port_part WHERE scan = id) " +
        "FROM scan WHERE id = ?",
    );
    const before = Object.values(version.get(scan)!).join();
    const superseded = writeRanges(db, scan);
    transaction(db, () => {
      if (Object.values(version.get(scan)!).join() !== before) return;
      const deletePort = db.prepare("DELETE FROM port WHERE scan = ? AND row = ?");
      for (const row of superseded) deletePort.run(scan, row);
      for (const statement of SETTLE) db.prepare(statement).run(scan);
    });
  } finally {
    db.exec("DROP TABLE temp.settled");
  }
}

/** Writes the rows of a scan for `port_range`. Returns the rows of `port` that no longer count. */
function writeRanges(db: DatabaseSync, scan: number): number[] {
  const columns = ["scan", "row", "number", "ip", "hosts", "ports", ...RANGE_FIELDS.map(({ name }) => name)];
  const insert = insertInto(db, "temp.settled", columns);
  let row = 0;
  // By the result that stands for a kind, its row that waits for a neighbouring host with the same ports.
  const waiting = new Map<PortResult, { readonly host: HostKey; readonly ports: string; hosts: number }>();
  const write = (result: PortResult): void => {
    const { host, ports, hosts } = waiting.get(result)!;
    insert.run(scan, ++row, host, hostText(host), hosts, ports, ...RANGE_FIELDS.map((field) => bound(field, result)));
  };
  const superseded: number[] = [];
  for (const { host, count, sides: [segments], ...run } of hostsOf(db, [scan])) {
    superseded.push(...run.superseded);
    const kinds = Map.groupBy(segments!.filter(({ row }) => row === 0), ({ result }) => result);
    for (const [result, segments] of kinds) {
      const ports = portsText(segments);
      const before = waiting.get(result);
      const isNeighbour = before?.ports === ports && distance(before.host, host) === before.hosts;
      if (isNeighbour && !isOwnAnswer(result.reason)) {
        before.hosts += count;
        continue;
      }
      if (before !== undefined) write(result);
      waiting.set(result, { host, ports, hosts: count });
    }
  }
  for (const result of waiting.keys()) write(result);
  return superseded;
}

/** Statements about the scan ?1. */
const SETTLE: readonly string[] = [
  "DELETE FROM port_range WHERE scan = ?1",
  "INSERT INTO port_range SELECT * FROM temp.settled WHERE scan = ?1",
  "DELETE FROM port_part WHERE scan = ?1",
  "UPDATE scan SET compacted = 1 WHERE id = ?1",
];

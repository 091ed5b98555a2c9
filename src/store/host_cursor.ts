// Hot path: nothing is allocated per port.
/**
 * All results of a scan, or of several scans taken together, host by host in the order of addresses. Neighbouring hosts with the
 * same results are one step, so that a network without replies is one.
 *
 * @module
 */
import type { DatabaseSync, SQLOutputValue } from "node:sqlite";
import { FIELDS } from "../report/fields.ts";
import type { PortResult } from "../result/port_result.ts";
import { isOwnAnswer } from "../result/rank.ts";
import { ResultReader, sorted } from "./columns.ts";
import {
  compareHosts,
  distance,
  type HostKey,
  hostText,
  MAX_HOST_NUMBER,
  PORT_KEYS,
  portKey,
  PROTOCOLS,
} from "./key.ts";
import { parseRanges } from "./ranges.ts";
import { column, placeholders, RANGE_FIELDS } from "./schema.ts";
import { damaged, isHostKey, isTime, isWhole } from "./validate.ts";

/** A row of a table, as it is about one host, or several neighbouring ones. */
export interface StoredRow {
  readonly table: "port" | "port_range" | "port_part";
  readonly host: HostKey;
  /** The number of neighbouring hosts that it is about. */
  readonly hosts: number;
  readonly scan: number;
  /** The row's number: of two rows about a port the later one counts, and one of `port` before others. */
  readonly row: number;
  /** The first and last key of each range of ports, in turn. */
  readonly keys: readonly number[];
  /** The same object for all rows of `port_range` and `port_part` with the same fields. */
  readonly result: PortResult;
  /** When a row of `port` was seen, in milliseconds since 1970; 0 in other tables. */
  readonly seenMs: number;
}

/** Rows of a table, of which the next one is looked at first. */
class RowSource {
  next: StoredRow | undefined;
  readonly #rows: Iterator<StoredRow>;

  constructor(rows: Iterator<StoredRow>) {
    this.#rows = rows;
    this.take();
  }

  /** Returns the next row and steps to the one after it. */
  take(): StoredRow | undefined {
    const taken = this.next;
    const { done, value } = this.#rows.next();
    this.next = done ? undefined : value;
    return taken;
  }
}

/** Steps through the hosts of scans. Of several results of a port the last one that is decided counts. */
export class HostCursor {
  /** True once there are no more hosts. */
  done = false;
  /** The host, the first of `count`. */
  host: HostKey = 0;
  /** The number of neighbouring hosts with the same results. */
  count = 0;
  /** The number of its ports. */
  length = 0;
  /** The keys of its ports, ascending. */
  readonly keys: Uint32Array = new Uint32Array(PORT_KEYS);
  /** The rows about this host. */
  rows: StoredRow[] = [];
  readonly #sources: readonly RowSource[];
  /** The index in rows of each port's result. */
  readonly refs: Int32Array = new Int32Array(PORT_KEYS);
  // The same by key; -1 where there is none.
  readonly #refOf = new Int32Array(PORT_KEYS).fill(-1);

  /** `db` should be in a transaction, so that no other process changes the scans meanwhile. `scans` are numbers, ascending. */
  constructor(db: DatabaseSync, scans: readonly number[]) {
    this.#sources = [new RowSource(rangesOf(db, scans)), new RowSource(portsOf(db, scans))];
    this.#read(undefined);
  }

  /** Steps over `count` hosts: all that have the same results, or fewer of them. */
  advance(count: number = this.count): void {
    const next = typeof this.host === "number" ? this.host + count : undefined;
    if (count < this.count) {
      this.host = next!;
      this.count -= count;
      return;
    }
    this.#read(next);
  }

  /** Returns the result of port number `at` of this host. Its address may be another host's, its port another one. */
  known(at: number): PortResult {
    return this.rows[this.refs[at]!]!.result;
  }

  /** True where the host itself has replied. */
  get isUp(): boolean {
    for (let at = 0; at < this.length; at++) if (isOwnAnswer(this.known(at).reason)) return true;
    return false;
  }

  #read(next: number | undefined): void {
    this.length = 0;
    this.rows = next === undefined ? [] : this.rows.filter((row) => Number(row.host) + row.hosts > next);
    const heads = this.#sources.flatMap(({ next }) => next === undefined ? [] : [next.host]);
    if (this.rows.length === 0 && heads.length === 0) {
      this.done = true;
      return;
    }
    this.host = this.rows.length > 0
      ? next!
      : heads.reduce((one, other) => compareHosts(one, other) <= 0 ? one : other);
    for (const source of this.#sources) while (source.next?.host === this.host) this.rows.push(source.take()!);
    this.count = Infinity;
    for (const row of this.rows) {
      const passed = typeof row.host === "number" ? Number(this.host) - row.host : 0;
      this.count = Math.min(this.count, row.hosts - passed);
    }
    for (const { next } of this.#sources) this.count = Math.min(this.count, distance(this.host, next?.host));
    this.#merge();
  }

  #merge(): void {
    const { rows, keys } = this;
    const refOf = this.#refOf;
    if (rows.length > 1) rows.sort(byWeight);
    let last = -1;
    let isSorted = true;
    rows.forEach(({ keys: bounds, result }, ref) => {
      for (let i = 0; i < bounds.length; i += 2) {
        for (let key = bounds[i]!, end = bounds[i + 1]!; key <= end; key++) {
          if (refOf[key]! < 0) {
            keys[this.length++] = key;
            isSorted &&= key > last;
            last = key;
          } else if (result.state === "undecided") continue;
          refOf[key] = ref;
        }
      }
    });
    if (!isSorted) keys.subarray(0, this.length).sort();
    for (let at = 0; at < this.length; at++) {
      this.refs[at] = refOf[keys[at]!]!;
      refOf[keys[at]!] = -1;
    }
  }
}

function byWeight(one: StoredRow, other: StoredRow): number {
  return one.scan - other.scan || Number(one.table === "port") - Number(other.table === "port") || one.row - other.row;
}

const RANGE_COLUMNS = RANGE_FIELDS.map(column).join(", ");
const PROTOCOL_IN_RANGE = RANGE_FIELDS.findIndex(({ name }) => name === "proto");
const PROTOCOL_IN_PORT = FIELDS.findIndex(({ name }) => name === "proto");

function* rangesOf(db: DatabaseSync, scans: readonly number[]): Generator<StoredRow> {
  const reader = new ResultReader(RANGE_FIELDS);
  const kinds = new Map<string, PortResult>();
  // Most rows are of the kind of the one before, with the same ports.
  let [kind, kindPorts, keys]: [string, unknown, number[]] = ["", undefined, []];
  const those = `WHERE scan IN (${placeholders(scans.length)})`;
  const sources =
    `SELECT number, scan, row, hosts, ports, 'port_range', ${RANGE_COLUMNS} FROM port_range ${those} UNION ALL ` +
    `SELECT value, scan, row, 1, ports, 'port_part', ${RANGE_COLUMNS} FROM port_part, json_each(numbers) ${those}`;
  for (const values of sorted(db, sources, 6 + RANGE_FIELDS.length, [...scans, ...scans])) {
    const [host, scan, row, hosts, ports, table, ...fields] = values;
    const found = fields.join();
    if (ports !== kindPorts || found !== kind) {
      const protocol = fields[PROTOCOL_IN_RANGE];
      keys = parseRanges(ports).map((port) => keyOf(protocol, port));
      if (!kinds.has(found)) kinds.set(found, reader.read("", fields, 0));
      [kind, kindPorts] = [found, ports];
    }
    const result = kinds.get(found)!;
    // Hosts that replied have rows of their own.
    const most = typeof host === "number" && !isOwnAnswer(result.reason) ? MAX_HOST_NUMBER + 1 - host : 1;
    if (!isHostKey(host) || !isWhole(hosts, most) || hosts === 0) throw damaged("this scan");
    yield {
      ...{ table: table as StoredRow["table"], host: host as HostKey, hosts: Number(hosts), scan: Number(scan) },
      ...{ row: Number(row), keys, result, seenMs: 0 },
    };
  }
}

function* portsOf(db: DatabaseSync, scans: readonly number[]): Generator<StoredRow> {
  const reader = new ResultReader(FIELDS);
  const source = `SELECT number, scan, row, seen_ms, ${FIELDS.map(column).join(", ")} FROM port ` +
    `WHERE scan IN (${placeholders(scans.length)})`;
  for (const values of sorted(db, source, 4 + FIELDS.length, scans)) {
    const [host, scan, row, seenMs, ...fields] = values;
    if (!isHostKey(host) || !isTime(seenMs)) throw damaged("this scan");
    const result = reader.read(hostText(host as HostKey), fields, 0);
    const key = keyOf(fields[PROTOCOL_IN_PORT], result.port);
    yield {
      ...{ table: "port", host: host as HostKey, hosts: 1, scan: Number(scan), row: Number(row) } as const,
      ...{ keys: [key, key], result, seenMs: Number(seenMs) },
    };
  }
}

function keyOf(protocol: SQLOutputValue | undefined, port: number): number {
  if (!PROTOCOLS.includes(String(protocol))) throw damaged("this scan");
  return portKey(String(protocol), port);
}

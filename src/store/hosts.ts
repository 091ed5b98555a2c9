/**
 * The results of scans, host by host in the order of addresses. Neighbouring hosts with the same results are one step, so that a
 * network without replies is one.
 *
 * @module
 */
import type { DatabaseSync, SQLOutputValue, StatementSync } from "node:sqlite";
import { isWhole, orNull } from "../base/shape.ts";
import { type Field, PROBED_FIELDS } from "../report/fields.ts";
import { type Finding, isFinding } from "../result/finding.ts";
import { NOTHING, type PortResult } from "../result/port_result.ts";
import { HOST } from "../result/pass.ts";
import { isOwnAnswer } from "../result/rank.ts";
import type { HostState } from "../result/states.ts";
import { distance, type HostKey, hostText, isHostBefore, MAX_HOST_NUMBER, portIn, portKey, PORTS } from "./key.ts";
import { type HostPorts, hostPortsOf, type PartsInOrder } from "./parts.ts";
import { column, fieldsNamed, RANGE_FIELDS } from "./schema.ts";
import { PortSet } from "../target/ports.ts";
import { RangesBuilder } from "../target/ranges.ts";
import { damaged, fieldCheck, isHostKey } from "./validate.ts";

/** Ports of a host with the same result, as keys. */
export interface Segment {
  readonly first: number;
  readonly last: number;
  /** The same object for all results that differ in no other fields than those left out: address, port, names and round trip. */
  readonly result: PortResult;
  /** The round trip, in milliseconds. */
  readonly rttMs: number | undefined;
  /** The row of `port`; 0 for any other table. */
  readonly row: number;
}

const NONE: readonly number[] = [];

/** Neighbouring hosts with the same results. */
export interface HostRun {
  /** The first of `count`. */
  readonly host: HostKey;
  readonly count: number;
  /** The ports of each side, ascending. */
  readonly sides: readonly (readonly Segment[])[];
  /** Rows of `port` that no longer count. */
  readonly superseded: readonly number[];
}

/** A row of a table, as it is about one host, or several neighbouring ones. */
interface StoredRow {
  readonly host: HostKey;
  readonly hosts: number;
  readonly scan: number;
  /** 0 for `port_range`, 1 for `port_part`, 2 for `port`: of two rows of a scan about a port the higher one counts. */
  readonly table: number;
  /** The row's number: of two rows of a table about a port the higher one counts. */
  readonly row: number;
  readonly segments: readonly Segment[];
}

/**
 * Reads the hosts of scans. A side is the numbers of scans that are taken together: of several results of a port the last one that is
 * decided counts. `db` should be in a transaction, so that no other process changes the scans meanwhile.
 *
 * @throws {CannotScanError} if the file is damaged.
 */
export function hostsOf(db: DatabaseSync, ...sides: readonly (readonly number[])[]): Generator<HostRun> {
  return joined(rowsOf(db, [...new Set(sides.flat())]), sides);
}

/** Reads the hosts of one scan. Given its `parts`, they are not read, nor is `port` where that changes none of them. */
export function hostsOfScan(db: DatabaseSync, scan: number, parts?: PartsInOrder): Generator<HostRun> {
  return joined(rowsOf(db, [scan], parts?.hosts, parts?.isApart), [[scan]]);
}

function* joined(source: Generator<StoredRow, undefined>, sides: readonly (readonly number[])[]): Generator<HostRun> {
  let rows: StoredRow[] = [];
  let host: HostKey = 0;
  for (let next = source.next(); !next.done || rows.length > 0;) {
    if (rows.length === 0) host = next.value!.host;
    for (; next.value?.host === host; next = source.next()) rows.push(next.value);
    // Up to the next row, or to the end of one.
    let count = distance(host, next.value?.host);
    for (const row of rows) count = Math.min(count, row.hosts === 1 ? 1 : Number(row.host) + row.hosts - Number(host));
    // Most hosts of one scan have one row.
    if (sides.length === 1 && rows.length === 1) {
      yield { host, count, sides: [rows[0]!.segments], superseded: NONE };
    } else {
      const superseded: number[] = [];
      const ports = sides.map((scans) => merged(rows.filter(({ scan }) => scans.includes(scan)), superseded));
      yield { host, count, sides: ports, superseded };
    }
    const end: number = typeof host === "number" ? host + count : Infinity;
    if (rows.length === 1 && rows[0]!.hosts <= count) rows.pop();
    else rows = rows.filter((row) => Number(row.host) + row.hosts > end);
    host = end;
  }
}

/** Returns the addresses of a run. */
export function* addressesOf({ host, count }: HostRun): Generator<string> {
  for (let i = 0; i < count; i++) yield hostText(typeof host === "number" ? host + i : host);
}

/** Returns true where one of these ports shows that the host itself has replied, or the host was up. */
export function isUp(segments: readonly Segment[]): boolean {
  return segments.some(({ result }) => showsHost(result));
}

/** Returns true where a result shows that the host itself has replied. */
export function showsHost(result: PortResult): boolean {
  return isOwnAnswer(result) || stateOfHost(result) === "up";
}

/** Returns the state of a host, of a result of a scan that probed no port; undefined for that of a port. */
export function stateOfHost({ proto, state }: PortResult): HostState | undefined {
  return proto === HOST ? state as unknown as HostState : undefined;
}

/** Returns the ports of rows, each once, and adds rows of `port` that do not count to `superseded`. */
function merged(rows: readonly StoredRow[], superseded: number[]): readonly Segment[] {
  const [one, other] = rows;
  if (one === undefined) return [];
  if (other === undefined) return one.segments;
  // Most hosts that have several rows have a port in one and all others in the next.
  if (rows.length === 2 && isBehind(one, other)) return [...one.segments, ...other.segments];
  if (rows.length === 2 && isBehind(other, one)) return [...other.segments, ...one.segments];
  const segments = rows.flatMap((row) => row.segments).sort(byFirst);
  if (segments.every(({ first }, at) => at === 0 || first > segments[at - 1]!.last)) return segments;
  const ports = new Map<number, Segment>();
  for (const { first, last, ...rest } of rows.toSorted(byWeight).flatMap((row) => row.segments)) {
    for (let key = first; key <= last; key++) {
      if (rest.result.state !== "undecided" || !ports.has(key)) ports.set(key, { first: key, last: key, ...rest });
    }
  }
  const found = [...ports.values()].sort(byFirst);
  const used = new Set(found.map(({ row }) => row));
  superseded.push(...segments.map(({ row }) => row).filter((row) => row > 0 && !used.has(row)));
  return found;
}

/** True where all ports of a row come after those of another. */
function isBehind({ segments: before }: StoredRow, { segments: behind }: StoredRow): boolean {
  return before.length > 0 && behind.length > 0 && before.at(-1)!.last < behind[0]!.first;
}

function byFirst(one: Segment, other: Segment): number {
  return one.first - other.first;
}

function byWeight(one: StoredRow, other: StoredRow): number {
  return one.scan - other.scan || one.table - other.table || one.row - other.row;
}

/** The fields that few results of a scan differ in. */
const KIND_FIELDS = [...RANGE_FIELDS, ...fieldsNamed("service late note")]
  .map((field) => ({ ...field, check: fieldCheck(field) }));

/** Those fields of a row of a table that has these columns, and what service detection found, as one JSON array. */
function kindOf(fields: readonly Field[], finding = "NULL"): string {
  const own = new Set(fields.map(({ name }) => name));
  const columns = KIND_FIELDS.map((field) => own.has(field.name) ? column(field) : "NULL");
  return `json_array(${[...columns, finding].join(", ")})`;
}

/**
 * Reads a {@linkcode kindOf} a row: a result without address, port, names and round trip. The state that a late reply replaced is not
 * recorded.
 *
 * @throws {CannotScanError} if it cannot be that of a result.
 */
function readKind(kind: unknown): PortResult {
  const values: readonly unknown[] = JSON.parse(String(kind));
  if (!KIND_FIELDS.every(({ check }, at) => check(values[at]))) throw damaged("this scan");
  const valueOf = (type: Field["type"], value: unknown) => type === "yes or no" ? value === 1 : value ?? undefined;
  const fields = KIND_FIELDS.map(({ name, type }, at) => [name, valueOf(type, values[at])]);
  const text = values[KIND_FIELDS.length];
  return { ...NOTHING, ...Object.fromEntries(fields), ...(text === null ? {} : { finding: readFinding(text) }) };
}

/**
 * Reads what service detection found.
 *
 * @throws {CannotScanError} if it cannot be that.
 */
function readFinding(text: unknown): Finding {
  try {
    const value: unknown = JSON.parse(String(text));
    if (isFinding(value)) return value;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw damaged("this scan");
}

/** The part of `node:sqlite` that Deno's types leave out. */
interface ArrayStatement {
  setReturnArrays(enabled: boolean): void;
}

/**
 * Iterates over the rows of queries, as arrays of `width` values, sorted by the first four columns.
 *
 * @throws {CannotScanError} if the end marker row is missing: after an error, an iterator of `node:sqlite` ends without throwing.
 */
function* sorted(db: DatabaseSync, queries: readonly string[], width: number): Generator<readonly SQLOutputValue[]> {
  // A blob comes after every number and text.
  const union = [...queries, `SELECT x''${", NULL".repeat(width - 1)}`].join(" UNION ALL ");
  const statement = db.prepare(`${union} ORDER BY 1, 2, 3, 4`) as StatementSync & ArrayStatement;
  statement.setReturnArrays(true);
  let isWhole = false;
  for (const row of statement.iterate() as unknown as Iterable<readonly SQLOutputValue[]>) {
    isWhole = row[0] instanceof Uint8Array && row[1] === null;
    if (!isWhole) yield row;
  }
  if (!isWhole) throw damaged("this scan");
}

const IN_PART = 1;
const IN_PORT = 2;
const isRoundTrip = orNull(Number.isFinite);

function* rowsOf(
  db: DatabaseSync,
  scans: readonly number[],
  parts = hostPortsOf(db, scans),
  isApart = false,
): Generator<StoredRow, undefined> {
  const results = new Map<unknown, PortResult>();
  let [before, list, segments]: [unknown, unknown, readonly Segment[]] = ["", undefined, []];
  const kind = kindOf(RANGE_FIELDS);
  const ofScans = `WHERE scan IN (${scans.join()})`;
  // A row of `port_part` has very many hosts: its kind is not sorted with each of them.
  const kindOfPart = new Map<number, unknown>();
  for (const part of db.prepare(`SELECT scan, row, ${kind} AS kind FROM port_part ${ofScans}`).all()) {
    kindOfPart.set(rowKey(part["scan"], part["row"]), part["kind"]);
  }
  const queries = [
    `number, scan, 0, row, hosts, ports, ${kind}, NULL FROM port_range`,
    ...parts === undefined
      ? [
        `iif(key GLOB '*[^0-9]*', key, CAST(key AS INTEGER)), scan, ${IN_PART}, row, 1, value, NULL, NULL FROM port_part, json_each(results)`,
      ]
      : [],
    ...isApart
      ? []
      : [`number, scan, ${IN_PORT}, row, 1, CAST(port AS TEXT), ${kindOf(PROBED_FIELDS, "finding")}, rtt_ms FROM port`],
  ].map((query) => `SELECT ${query} ${ofScans}`);
  const stored = sorted(db, queries, 8);
  const all = parts === undefined ? stored : withParts(stored, parts);
  for (const [host, scan, table, row, hosts, ports, inRow, rttMs] of all) {
    const kind = table === IN_PART ? kindOfPart.get(rowKey(scan, row)) : inRow;
    if (kind === undefined) throw damaged("this scan");
    // Most rows are of the kind of the one before, with the same ports.
    if (table === IN_PORT || ports !== list || kind !== before) {
      let result = results.get(kind);
      if (result === undefined) results.set(kind, result = readKind(kind));
      if (!isRoundTrip(rttMs)) throw damaged("this scan");
      const own = { result, rttMs: rttMs === null ? undefined : Number(rttMs) };
      segments = segmentsIn(ports, { ...own, row: table === IN_PORT ? Number(row) : 0 });
      [before, list] = [kind, table === IN_PORT ? undefined : ports];
    }
    // Hosts that replied have rows of their own; in older files not those that did by closed ports of UDP alone.
    const { reason } = segments[0]!.result;
    const isShared = typeof host === "number" && !isOwnAnswer({ reason });
    if (!isHostKey(host) || !isWhole(hosts, isShared ? MAX_HOST_NUMBER + 1 - host : 1) || hosts === 0) {
      throw damaged("this scan");
    }
    yield { host, hosts: Number(hosts), scan: Number(scan), table: Number(table), row: Number(row), segments };
  }
}

/** Inserts the hosts of `port_part` into other rows; both are in order. */
function* withParts(
  stored: Generator<readonly SQLOutputValue[]>,
  parts: Generator<HostPorts, undefined>,
): Generator<readonly SQLOutputValue[]> {
  let part = parts.next().value;
  for (const row of stored) {
    for (; part !== undefined && isBefore(part, row); part = parts.next().value) yield partRow(part);
    yield row;
  }
  for (; part !== undefined; part = parts.next().value) yield partRow(part);
}

function partRow({ host, scan, row, ports }: HostPorts): readonly SQLOutputValue[] {
  return [host, scan, IN_PART, row, 1, ports, null, null];
}

/** True for a host of `port_part` that comes before a row. */
function isBefore(part: HostPorts, [host, scan, table]: readonly SQLOutputValue[]): boolean {
  if (part.host !== host) return isHostBefore(part.host, host as HostKey);
  return part.scan === scan ? Number(table) > IN_PART : part.scan < Number(scan);
}

function rowKey(scan: unknown, row: unknown): number {
  return Number(scan) * 2 ** 32 + Number(row);
}

/**
 * Reads an ascending list of ports, such as `23,80,8000-8100`.
 *
 * @throws {CannotScanError} if it is none.
 */
function segmentsIn(list: unknown, { result, rttMs, row }: Omit<Segment, "first" | "last">): Segment[] {
  if (typeof list !== "string" || !/^\d+(-\d+)?(,\d+(-\d+)?)*$/.test(list)) throw damaged("this scan");
  const base = portKey({ ...result, port: 0 });
  const segments: Segment[] = [];
  let [first, number, end] = [-1, 0, -1];
  // Without a string for each port: a host may have very many.
  for (let at = 0; at <= list.length; at++) {
    const code = list.charCodeAt(at);
    if (code >= ZERO) {
      number = 10 * number + code - ZERO;
      continue;
    }
    if (code === DASH) first = number;
    else {
      if (first < 0) first = number;
      if (first <= end || number < first || number >= PORTS) throw damaged("this scan");
      segments.push({ first: base + first, last: base + number, result, rttMs, row });
      [first, end] = [-1, number];
    }
    number = 0;
  }
  return segments;
}

const ZERO = 0x30;
const DASH = 0x2d;

/** Returns the ports of port keys as text, each port once: `22,80,8000-8010`. */
export function portsText(keys: readonly { readonly first: number; readonly last: number }[]): string {
  let text = "";
  let [first, last] = [-1, -1];
  for (const key of keys) {
    const [from, to] = [portIn(key.first), portIn(key.last)];
    // Those of several protocols or techniques.
    if (from <= last) return joinedText(keys);
    if (first >= 0 && from === last + 1) {
      last = to;
      continue;
    }
    if (first >= 0) text += `${rangeText(first, last)},`;
    [first, last] = [from, to];
  }
  return first < 0 ? "" : text + rangeText(first, last);
}

function rangeText(first: number, last: number): string {
  return first === last ? `${first}` : `${first}-${last}`;
}

/** The same of port keys in any order. */
function joinedText(keys: Parameters<typeof portsText>[0]): string {
  const ranges = new RangesBuilder();
  for (const { first, last } of keys) ranges.add(portIn(first), portIn(last));
  return PortSet.fromRanges(ranges.build()).toString();
}

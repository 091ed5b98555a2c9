/**
 * All results of a scan, host by host in the order of addresses, ports ascending: rows and packed ports put together
 * again. Neighbouring hosts that are alike come as one, so that a silent network is one step.
 *
 * @module
 */
import type { DatabaseSync, SQLOutputValue, StatementSync } from "node:sqlite";
import { isOwnAnswer, type PortResult } from "../result/outcome.ts";
import { damaged, isGroup, isHostKey, isTime } from "./validate.ts";
import { RowDecoder } from "./codec.ts";
import { compareHosts, type HostKey, hostText, ResultReader } from "./rows.ts";
import { SCAN_RESULTS, SLICE_SEGMENTS } from "./schema.ts";

const PORTS = 0x10000;

/** A result with a row of its own, and when it was seen. */
export interface KeptRow {
  readonly host: HostKey;
  readonly seenMs: number;
  readonly result: PortResult;
}

/** Steps through the hosts of a scan. */
export class HostStream {
  /** True once there are no more hosts. */
  done = false;
  /** The host, the first of `count`. */
  host: HostKey = 0;
  /** How many neighbouring hosts are like it. */
  count = 0;
  /** How many of its ports were asked. */
  length = 0;
  /** Its ports, ascending. */
  readonly ports: Uint16Array = new Uint16Array(PORTS);
  /** What is known of each port: a group's number, or ~ of the number of one of `rows`. */
  readonly refs: Int32Array = new Int32Array(PORTS);
  /** The host's results that have rows. */
  readonly rows: KeptRow[] = [];
  /** What is known of ports, by the number of their group. Host and port are left out. */
  readonly groups: readonly PortResult[];
  readonly #packed: PackedHosts;
  readonly #reader: ResultReader;
  readonly #rows: Iterator<readonly SQLOutputValue[]>;
  // An iterator of node:sqlite that meets an error just ends: rows that are missing then are told by their number.
  #rowsLeft: number;
  #nextRow: KeptRow | undefined;

  /** `db` should be in a transaction, so that nobody changes the scan meanwhile. */
  constructor(db: DatabaseSync, scan: number) {
    this.groups = readGroups(db, scan);
    this.#packed = new PackedHosts(db, scan, this.groups);
    this.#reader = new ResultReader(db, "results");
    const ofScan = "FROM results WHERE id >= ? AND id < ?";
    const ids = [scan * SCAN_RESULTS, (scan + 1) * SCAN_RESULTS];
    this.#rowsLeft = Number(db.prepare(`SELECT count(*) AS count ${ofScan}`).get(...ids)!["count"]);
    this.#rows = arrays(
      db,
      `SELECT host, seen_ms, ${this.#reader.columns} ${ofScan} ORDER BY host, port, id`,
      ...ids,
    );
    this.#stepRow();
    this.#read();
  }

  /** Leaves `count` hosts behind: all that are alike, or fewer of them. */
  advance(count: number = this.count): void {
    if (count < this.count) {
      this.host = Number(this.host) + count;
      this.count -= count;
      this.#packed.advance(count);
      return;
    }
    if (this.#usesPacked) this.#packed.advance(count);
    this.#read();
  }
  #usesPacked = false;

  /** What is known of port number `at` of this host; its address may be missing. */
  known(at: number): PortResult {
    const ref = this.refs[at]!;
    return ref >= 0 ? this.groups[ref]! : this.rows[~ref]!.result;
  }

  /** True where the host itself has answered. */
  get isUp(): boolean {
    for (let i = 0; i < this.length; i++) if (isOwnAnswer(this.known(i).reason)) return true;
    return false;
  }

  #read(): void {
    const packed = this.#packed;
    const row = this.#nextRow;
    this.rows.length = this.length = 0;
    this.done = packed.done && row === undefined;
    if (this.done) return;
    const order = row === undefined ? 1 : packed.done ? -1 : compareHosts(row.host, packed.host);
    this.#usesPacked = order >= 0;
    if (order > 0) {
      this.host = packed.host;
      const next = row?.host;
      this.count = typeof next === "number" ? Math.min(packed.count, next - packed.host) : packed.count;
    } else {
      this.host = row!.host;
      this.count = 1;
      while (this.#nextRow !== undefined && this.#nextRow.host === this.host) {
        // A scan that goes on after it was cut off finds some ports again: what was found last counts.
        if (this.rows.at(-1)?.result.port === this.#nextRow.result.port) this.rows.pop();
        this.rows.push(this.#nextRow);
        this.#stepRow();
      }
    }
    this.#putTogether();
  }

  // A port may be both: silent at first, and answered late.
  #putTogether(): void {
    const { runs, runCount } = this.#packed;
    let nextRow = 0;
    const putRowsUpTo = (port: number): void => {
      for (; nextRow < this.rows.length && this.rows[nextRow]!.result.port <= port; nextRow++) {
        this.#put(this.rows[nextRow]!.result.port, ~nextRow);
      }
    };
    if (this.#usesPacked) {
      for (let i = 0; i < runCount; i++) {
        const end = runs[3 * i]! + runs[3 * i + 1]!;
        for (let port = runs[3 * i]!; port < end; port++) {
          if (nextRow < this.rows.length) putRowsUpTo(port);
          if (this.length === 0 || this.ports[this.length - 1] !== port) this.#put(port, runs[3 * i + 2]!);
        }
      }
    }
    putRowsUpTo(PORTS);
  }

  #put(port: number, ref: number): void {
    this.ports[this.length] = port;
    this.refs[this.length++] = ref;
  }

  #stepRow(): void {
    const { done, value } = this.#rows.next();
    if (done) {
      if (this.#rowsLeft > 0) throw damaged("this scan");
      this.#nextRow = undefined;
      return;
    }
    this.#rowsLeft--;
    if (!isHostKey(value[0]) || !isTime(value[1])) throw damaged("this scan");
    const host = value[0] as HostKey;
    this.#nextRow = { host, seenMs: Number(value[1]), result: this.#reader.read(hostText(host), value, 2) };
  }
}

/** The services usually found at ports, as scans were told. */
export function readServices(db: DatabaseSync): ReadonlyMap<number, string> {
  const rows = db.prepare("SELECT port, name FROM services").all();
  return new Map(rows.map(({ port, name }) => [Number(port), String(name)]));
}

function readGroups(db: DatabaseSync, scan: number): PortResult[] {
  const groups: PortResult[] = [];
  const reader = new ResultReader(db, "groups");
  for (const row of arrays(db, `SELECT id, ${reader.columns} FROM groups WHERE scan = ?`, scan)) {
    if (!isGroup(row[0])) throw damaged("this scan");
    groups[Number(row[0])] = reader.read("", row, 1);
  }
  return groups;
}

/** What `node:sqlite` has and Deno's types leave out. */
interface ArrayStatement {
  setReturnArrays(enabled: boolean): void;
}

// Arrays are made in less time than objects.
function arrays(db: DatabaseSync, sql: string, ...values: number[]): IteratorObject<readonly SQLOutputValue[]> {
  const statement = db.prepare(sql) as StatementSync & ArrayStatement;
  statement.setReturnArrays(true);
  return statement.iterate(...values) as unknown as IteratorObject<readonly SQLOutputValue[]>;
}

/** One slice of a scan, being read. */
class Slice {
  readonly id: number;
  readonly unpacker = new RowDecoder();
  host = 0;
  count = 0;
  readonly #statement: StatementSync;
  #segment: number;

  constructor(id: number, statement: StatementSync) {
    this.id = id;
    this.#statement = statement;
    this.#segment = id * SLICE_SEGMENTS - 1;
  }

  /** Leaves `count` hosts behind; false where nothing is left. */
  advance(count: number): boolean {
    this.host += count;
    this.count -= count;
    while (this.count === 0) {
      if (this.unpacker.next()) {
        this.host = this.unpacker.host;
        this.count = this.unpacker.count;
        break;
      }
      const row = this.#statement.get(this.#segment, (this.id + 1) * SLICE_SEGMENTS);
      if (row === undefined) return false;
      this.#segment = Number(row["id"]);
      const data = row["data"];
      if (!(data instanceof Uint8Array)) throw damaged("this scan");
      this.unpacker.load(data);
    }
    return true;
  }
}

/** The packed ports of a scan, host by host; slices that have the same host are laid over one another. */
class PackedHosts {
  done = false;
  host = 0;
  count = 0;
  runs: Int32Array = new Int32Array();
  runCount = 0;
  readonly #groups: readonly PortResult[];
  // Slices with something left, as a binary heap: the one with the first host on top.
  readonly #heap: Slice[] = [];
  readonly #current: Slice[] = [];
  readonly #groupOf = new Int32Array(PORTS).fill(-1);
  readonly #touched = new Uint16Array(PORTS);
  readonly #merged = new Int32Array(3 * PORTS);

  constructor(db: DatabaseSync, scan: number, groups: readonly PortResult[]) {
    this.#groups = groups;
    const statement = db.prepare("SELECT id, data FROM segments WHERE id > ? AND id < ? ORDER BY id LIMIT 1");
    const slices = db.prepare("SELECT id FROM slices WHERE scan = ? AND ready = 1 ORDER BY id").all(scan);
    for (const { id } of slices) {
      const slice = new Slice(Number(id), statement);
      if (slice.advance(0)) this.#push(slice);
    }
    this.#read();
  }

  advance(count: number): void {
    if (count < this.count) {
      this.host += count;
      this.count -= count;
      for (const slice of this.#current) slice.advance(count);
      return;
    }
    for (const slice of this.#current) if (slice.advance(count)) this.#push(slice);
    this.#read();
  }

  #read(): void {
    const current = this.#current;
    current.length = 0;
    const first = this.#pop();
    this.done = first === undefined;
    if (first === undefined) return;
    current.push(first);
    this.host = first.host;
    this.count = first.count;
    while (this.#heap[0]?.host === this.host) {
      const slice = this.#pop()!;
      current.push(slice);
      this.count = Math.min(this.count, slice.count);
    }
    if (this.#heap[0] !== undefined) this.count = Math.min(this.count, this.#heap[0].host - this.host);
    if (current.length === 1) {
      this.runs = first.unpacker.runs;
      this.runCount = first.unpacker.runCount;
      this.#check();
    } else {
      this.#merge();
    }
  }

  // Of two verdicts on a port the one in the later slice counts; none at all takes back neither.
  #merge(): void {
    const groupOf = this.#groupOf;
    const touched = this.#touched;
    let count = 0;
    for (const { unpacker } of this.#current) {
      for (let i = 0; i < unpacker.runCount; i++) {
        const start = unpacker.runs[3 * i]!;
        const group = unpacker.runs[3 * i + 2]!;
        const isVerdict = this.#groups[group]?.state !== "undecided";
        for (let port = start; port < start + unpacker.runs[3 * i + 1]!; port++) {
          if (groupOf[port]! < 0) touched[count++] = port;
          else if (!isVerdict) continue;
          groupOf[port] = group;
        }
      }
    }
    touched.subarray(0, count).sort();
    const runs = this.runs = this.#merged;
    this.runCount = 0;
    for (let i = 0; i < count;) {
      const start = touched[i]!;
      const group = groupOf[start]!;
      let length = 0;
      for (; i < count && touched[i] === start + length && groupOf[start + length] === group; i++, length++) {
        groupOf[start + length] = -1;
      }
      runs[3 * this.runCount] = start;
      runs[3 * this.runCount + 1] = length;
      runs[3 * this.runCount++ + 2] = group;
    }
    this.#check();
  }

  #check(): void {
    for (let i = 0; i < this.runCount; i++) {
      if (this.#groups[this.runs[3 * i + 2]!] === undefined) {
        throw damaged("this scan");
      }
    }
  }

  #push(slice: Slice): void {
    const heap = this.#heap;
    let at = heap.length;
    for (let parent = at - 1 >> 1; at > 0 && isBefore(slice, heap[parent]!); parent = at - 1 >> 1) {
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = slice;
  }

  #pop(): Slice | undefined {
    const heap = this.#heap;
    const top = heap[0];
    const last = heap.pop();
    if (top === last || last === undefined) return top;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child++;
      if (!isBefore(heap[child]!, last)) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = last;
    return top;
  }
}

function isBefore(one: Slice, other: Slice): boolean {
  return one.host - other.host < 0 || one.host === other.host && one.id < other.id;
}

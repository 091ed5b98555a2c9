/**
 * Results of several kinds host by host. The rows of `port_part` are read several times as fast as by `json_each`, with a sort of each
 * host, in SQL.
 *
 * @module
 */
import type { DatabaseSync } from "node:sqlite";
import { sortWhole } from "../collections/order.ts";
import { TypedVector } from "../collections/typed_vector.ts";
import type { HostKey } from "./key.ts";

/** Characters of all rows that are read into memory. */
const MAX_LENGTH = 1 << 26;
/** Rows that are told apart by a part of a number. */
const MAX_PARTS = 1 << 20;
const HOSTS = 2 ** 32;

/** The ports of one host in a row. */
export interface HostPorts {
  readonly host: HostKey;
  readonly scan: number;
  readonly row: number;
  /** As text: `22,80-85`. */
  readonly ports: string;
}

/** The results in all rows of `port_part`. */
export interface PartsInOrder {
  /** In the order of hosts. */
  readonly hosts: Generator<HostPorts, undefined>;
  /** True where no row of `port` is about a port of theirs. */
  readonly isApart: boolean;
}

/** Steps through the hosts of one row, in order. */
export interface HostCursor extends HostPorts {
  /** The number of the host, in the order of hosts. */
  readonly number: number;
  /** Moves to the next host, without its ports; false at the end. */
  skip(): boolean;
  /** Moves to the next host, and to its ports. */
  next(): void;
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const ZERO = 0x30;
const COLON = 0x3a;
const BRACE = 0x7b;
const END = 0x7d;

/** The hosts of one row, in order, in bytes: `{"167772161":"22,80-85",...}`. */
class PartCursor implements HostCursor {
  readonly scan: number;
  readonly row: number;
  host = -1;
  ports = "";
  readonly #bytes: Uint8Array;
  #at = 1;
  /** The offsets at which the ports begin, and end. */
  #from = 0;
  #to = 0;

  constructor(scan: number, row: number, bytes: Uint8Array) {
    this.scan = scan;
    this.row = row;
    this.#bytes = bytes;
  }

  get number(): number {
    return this.host;
  }

  /** True at the end of a row that has numbers alone. */
  get isAtEnd(): boolean {
    const bytes = this.#bytes;
    const isEmpty = bytes.length === 2 && bytes[1] === END;
    return bytes[0] === BRACE && (isEmpty || this.#at === bytes.length && bytes[this.#at - 1] === END);
  }

  /** Moves to the next host, without its ports; false at the end, or where that has no number. */
  skip(): boolean {
    const bytes = this.#bytes;
    let at = this.#at;
    let host = 0;
    const isBegun = bytes[at++] === QUOTE && bytes[at] !== QUOTE;
    for (; bytes[at]! >= ZERO && bytes[at]! < ZERO + 10; at++) host = 10 * host + bytes[at]! - ZERO;
    const isKey = bytes[at] === QUOTE && bytes[at + 1] === COLON && bytes[at + 2] === QUOTE;
    const from = at + 3;
    const to = isKey ? bytes.indexOf(QUOTE, from) : -1;
    const isEnded = bytes[to + 1] === COMMA || bytes[to + 1] === END;
    if (!isBegun || to < 0 || !isEnded || host <= this.host || host >= HOSTS) return false;
    this.host = host;
    this.#at = to + 2;
    this.#from = from;
    this.#to = to;
    return true;
  }

  /** Moves to the next host, and to its ports. */
  next(): void {
    const bytes = this.#bytes;
    const [beforeFrom, beforeTo] = [this.#from, this.#to];
    this.skip();
    const length = this.#to - this.#from;
    // Most hosts have the ports of the one before.
    let isSame = length === beforeTo - beforeFrom;
    for (let i = 0; isSame && i < length; i++) isSame = bytes[beforeFrom + i] === bytes[this.#from + i];
    if (!isSame) this.ports = DECODER.decode(bytes.subarray(this.#from, this.#to));
  }
}

const DECODER = new TextDecoder();

/**
 * Returns the hosts of the rows of these scans in the order of host, scan and row; undefined where they are too many, have hosts without a
 * number, or are damaged.
 */
export function hostPortsOf(db: DatabaseSync, scans: readonly number[]): Generator<HostPorts, undefined> | undefined {
  const ofScans = `FROM port_part WHERE scan IN (${scans.join()})`;
  const { rows, length } = db.prepare(`SELECT count(*) AS rows, sum(length(results)) AS length ${ofScans}`).get()!;
  if (Number(rows) > MAX_PARTS || Number(length) > MAX_LENGTH) return undefined;
  const parts = db.prepare(`SELECT scan, row, CAST(results AS BLOB) AS bytes ${ofScans} ORDER BY scan, row`).all();
  const cursors = () =>
    parts.map(({ scan, row, bytes }) => new PartCursor(Number(scan), Number(row), bytes as Uint8Array));
  const read = cursors();
  const keys = keysOf(read);
  return read.every(({ isAtEnd }) => isAtEnd) ? inOrder(cursors(), keys) : undefined;
}

/** Moves cursors, at most {@linkcode MAX_PARTS}, to their ends, and returns keys of their hosts in the order of host and cursor. */
export function keysOf(cursors: readonly HostCursor[]): Float64Array {
  const keys = new TypedVector(new Float64Array(1024));
  for (const [at, cursor] of cursors.entries()) {
    while (cursor.skip()) keys.push(cursor.number * MAX_PARTS + at);
  }
  sortWhole(keys.values);
  return keys.values;
}

/** Yields hosts in the order of {@linkcode keysOf} the same cursors. */
export function* inOrder(cursors: readonly HostCursor[], keys: Float64Array): Generator<HostPorts, undefined> {
  for (const key of keys) {
    // The hosts of each row are in order: the next one is that of the key.
    const cursor = cursors[key % MAX_PARTS]!;
    cursor.next();
    yield cursor;
  }
}

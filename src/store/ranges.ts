// Hot path: nothing is allocated per port.
/**
 * Rows of `port_part`, which are written while a scan runs, and of `port_range`, which are made of them in the end.
 *
 * @module
 */
import type { DatabaseSync, SQLInputValue, StatementSync } from "node:sqlite";
import type { PortResult } from "../result/port_result.ts";
import { isOwnAnswer } from "../result/rank.ts";
import { bound } from "./columns.ts";
import { type HostKey, hostText, PORTS } from "./key.ts";
import { column, placeholders, RANGE_FIELDS } from "./schema.ts";
import { damaged } from "./validate.ts";

/** Ports for which a buffer has room at first. */
const FIRST_CAPACITY = 1 << 12;

/** A kind of result: all columns of `port_range` but the hosts and the ports. */
export class RangeKind {
  readonly values: readonly SQLInputValue[];
  readonly isMergeable: boolean;
  /** The row that waits for a neighbouring host with the same ports. */
  waiting: { readonly host: HostKey; hosts: number; readonly ports: string } | undefined;

  constructor(result: PortResult) {
    this.values = RANGE_FIELDS.map((field) => bound(field, result));
    this.isMergeable = !isOwnAnswer(result.reason);
  }
}

/** Writes rows of `port_range`. Neighbouring hosts that sent no reply of their own and have the same ports share a row. */
export class RangeWriter {
  readonly #scan: number;
  readonly #insert: StatementSync;
  readonly #waiting = new Set<RangeKind>();
  /** The number of the last row. */
  row: number;

  /** @param row The number of the scan's last row so far. */
  constructor(db: DatabaseSync, scan: number, row: number) {
    this.#scan = scan;
    this.row = row;
    this.#insert = db.prepare(
      `INSERT INTO port_range (scan, row, number, ip, hosts, ports, ${RANGE_FIELDS.map(column).join(", ")}) ` +
        `VALUES (${placeholders(6 + RANGE_FIELDS.length)})`,
    );
  }

  /** Adds the ports of one kind of so many neighbouring hosts. */
  add(host: HostKey, hosts: number, kind: RangeKind, ports: string): void {
    const { waiting } = kind;
    if (waiting !== undefined && waiting.ports === ports && host === Number(waiting.host) + waiting.hosts) {
      waiting.hosts += hosts;
      return;
    }
    this.#write(kind);
    kind.waiting = { host, hosts, ports };
    if (kind.isMergeable && typeof host === "number") this.#waiting.add(kind);
    else this.#write(kind);
  }

  /** Writes the rows that wait for a neighbour. */
  flush(): void {
    for (const kind of this.#waiting) this.#write(kind);
    this.#waiting.clear();
  }

  #write(kind: RangeKind): void {
    if (kind.waiting === undefined) return;
    const { host, hosts, ports } = kind.waiting;
    this.#insert.run(this.#scan, ++this.row, host, hostText(host), hosts, ports, ...kind.values);
    kind.waiting = undefined;
  }
}

/** Ports that wait to be written to `port_part`, in any order. */
export class PortBuffer {
  /** The number of ports. */
  length = 0;
  readonly #byHost: boolean;
  // A port is one number of 64 bits, so that sorting compares plain numbers: host, kind and port from its high bits down, or
  // port, kind and host.
  #ports = new BigUint64Array(FIRST_CAPACITY);
  // The same bytes, low half first: every machine that Deno runs on is little endian.
  #halves = new Uint32Array(this.#ports.buffer);
  // IPv6 addresses, each by the number that stands for it.
  readonly #hosts: string[] = [];
  readonly #numbers = new Map<string, number>();

  /** With `byHost` a row is one host with its ports, otherwise one port with its hosts: whichever makes fewer rows. */
  constructor(byHost: boolean) {
    this.#byHost = byHost;
  }

  /** Adds a port. `kind` has 16 bits. A buffer holds either IPv4 or IPv6 addresses. */
  push(host: HostKey, kind: number, port: number): void {
    if (this.length === this.#ports.length) this.#grow();
    const number = typeof host === "number" ? host : this.#numberOf(host);
    const at = 2 * this.length++;
    this.#halves[at] = this.#byHost ? (kind << 16 | port) >>> 0 : number;
    this.#halves[at + 1] = this.#byHost ? number : (port << 16 | kind) >>> 0;
  }

  /** Removes all ports. */
  clear(): void {
    this.length = this.#hosts.length = 0;
    this.#numbers.clear();
  }

  /** Calls `row` for each row, in order: the keys of hosts as JSON, the number of the kind, the ports. */
  rows(row: (hosts: string, kind: number, ports: string) => void): void {
    this.#ports.subarray(0, this.length).sort();
    if (this.#byHost) this.#rowsByHost(row);
    else this.#rowsByPort(row);
  }

  #rowsByHost(row: (hosts: string, kind: number, ports: string) => void): void {
    const halves = this.#halves;
    const end = 2 * this.length;
    for (let at = 0; at < end;) {
      const host = halves[at + 1]!;
      const kind = halves[at]! >>> 16;
      let text = "";
      while (at < end && halves[at + 1] === host && halves[at]! >>> 16 === kind) {
        const first = halves[at]! & 0xffff;
        let last = first;
        for (at += 2; at < end && halves[at + 1] === host && halves[at] === (kind << 16 | last + 1) >>> 0; at += 2) {
          last++;
        }
        text += `${text === "" ? "" : ","}${first === last ? first : `${first}-${last}`}`;
      }
      row(`[${this.#jsonOf(host)}]`, kind, text);
    }
  }

  #rowsByPort(row: (hosts: string, kind: number, ports: string) => void): void {
    const halves = this.#halves;
    const end = 2 * this.length;
    for (let at = 0; at < end;) {
      const key = halves[at + 1]!;
      let text = `[${this.#jsonOf(halves[at]!)}`;
      for (at += 2; at < end && halves[at + 1] === key; at += 2) text += `,${this.#jsonOf(halves[at]!)}`;
      row(`${text}]`, key & 0xffff, `${key >>> 16}`);
    }
  }

  #jsonOf(number: number): string {
    const host = this.#hosts[number];
    return host === undefined ? `${number}` : `"${host}"`;
  }

  #numberOf(host: string): number {
    let number = this.#numbers.get(host);
    if (number === undefined) this.#numbers.set(host, number = this.#hosts.push(host) - 1);
    return number;
  }

  #grow(): void {
    const ports = new BigUint64Array(2 * this.length);
    ports.set(this.#ports);
    this.#ports = ports;
    this.#halves = new Uint32Array(ports.buffer);
  }
}

/**
 * Reads a list of ports as the first and last port of each range, in turn.
 *
 * @throws {CannotScanError} if it is none.
 */
export function parseRanges(text: unknown): number[] {
  if (typeof text !== "string" || !/^\d{1,5}(-\d{1,5})?(,\d{1,5}(-\d{1,5})?)*$/.test(text)) throw damaged("this scan");
  const bounds: number[] = [];
  for (const item of text.split(",")) {
    const dash = item.indexOf("-");
    const first = Number(dash < 0 ? item : item.slice(0, dash));
    const last = dash < 0 ? first : Number(item.slice(dash + 1));
    if (first > last || last >= PORTS) throw damaged("this scan");
    bounds.push(first, last);
  }
  return bounds;
}

/** Returns the highest number of a row of a scan, in whichever table; 0 where there is none. */
export function lastRow(db: DatabaseSync, scan: number): number {
  const rows = ["port", "port_part", "port_range"].map((table) =>
    db.prepare(`SELECT max(row) AS last FROM ${table} WHERE scan = ?`).get(scan)?.["last"] ?? 0
  );
  return Math.max(...rows.map(Number));
}

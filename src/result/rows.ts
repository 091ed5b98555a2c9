// Hot path: nothing here may allocate per result but what someone asks to keep.
/**
 * Results as they wait to be taken: rows of numbers, and words for them only when someone asks. An object for each would take
 * longer than to write it as JSON.
 *
 * @module
 */

import { type Finding, isIdentified } from "./finding.ts";
import { NOTES } from "./notes.ts";
import { type Pass, probesHosts } from "./pass.ts";
import { type HostAddresses, type PortResult, type ResultCursor, type ResultList, toResult } from "./port_result.ts";
import { type Reason, REASONS } from "./reasons.ts";
import { HOST_STATES, STATES } from "./states.ts";
import {
  columnsAt,
  doublesOf,
  fromAt,
  hostAt,
  noteAt,
  outcomeAt,
  portAt,
  reasonAt,
  replacedAt,
  type ResultColumns,
  ROW_LEN,
  rttMsAt,
  stateAt,
  triesAt,
  ttlAt,
} from "./batch.ts";

/** Returns what service detection found at a port of a host, in the pass with this number. */
export type FindingOf = (host: number, port: number, pass: number) => Finding | undefined;

/** Addresses and names of hosts, and names of ports. */
export interface Names {
  /** The addresses of the hosts and senders in the rows. */
  readonly addresses: HostAddresses;
  /** The target names of hosts, by number. */
  readonly hosts: { readonly size: number; namesAt(host: number, port: number): readonly string[] };
  /** The service usually found at a port of a protocol. */
  service(port: number, proto: string): string | undefined;
  /** Missing without service detection. */
  readonly finding?: FindingOf;
}

const NO_NAMES: readonly string[] = [];

/** A batch of results of one pass, read through a reusable cursor. */
export class ResultRows implements ResultList {
  readonly length: number;
  readonly rows: ResultColumns;
  readonly addresses: HostAddresses;
  readonly #names: Names;
  readonly #pass: Pass;

  constructor(rows: ResultColumns, names: Names, pass: Pass) {
    this.length = rows.length / ROW_LEN;
    this.rows = rows;
    this.addresses = names.addresses;
    this.#names = names;
    this.#pass = pass;
  }

  get pass(): number {
    return this.#pass.number;
  }

  get proto(): string {
    return this.#pass.proto;
  }

  get mayHaveFindings(): boolean {
    return this.#names.finding !== undefined;
  }

  [Symbol.iterator](): Iterator<ResultCursor> {
    const result = new RowCursor(this.rows, this.#names, this.#pass);
    const step = { done: false, value: result };
    return { next: () => result.next() ? step : { done: true, value: undefined } };
  }

  filter(passes: (result: PortResult) => boolean): ResultRows {
    const rows = this.rows;
    const passing = rows.slice();
    let end = 0;
    let at = 0;
    const result = new RowCursor(rows, this.#names, this.#pass);
    while (result.next()) {
      if (passes(result)) {
        passing.copyWithin(end, at, at + ROW_LEN);
        end += ROW_LEN;
      }
      at += ROW_LEN;
    }
    return end === rows.length ? this : new ResultRows(passing.slice(0, end), this.#names, this.#pass);
  }

  /** Copies all results. */
  kept(): PortResult[] {
    const results: PortResult[] = [];
    const cursor = new RowCursor(this.rows, this.#names, this.#pass);
    while (cursor.next()) results.push(toResult(cursor));
    return results;
  }
}

/** The states of ports and hosts by code, by what a pass probes. */
const STATES_OF_HOSTS = HOST_STATES as readonly string[] as typeof STATES;

/** A cursor over rows, before the first of them until {@linkcode RowCursor.next} is called. */
class RowCursor implements ResultCursor {
  readonly technique: string;
  readonly proto: string;
  readonly #rows: ResultColumns;
  readonly #doubles: Float64Array;
  readonly #names: Names;
  readonly #isNamed: boolean;
  readonly #pass: number;
  readonly #states: typeof STATES;
  #at = -ROW_LEN;
  #host = -1;
  #ip = "";

  constructor(rows: ResultColumns, names: Names, { technique, proto, number }: Pass) {
    this.#states = probesHosts({ proto }) ? STATES_OF_HOSTS : STATES;
    this.technique = technique;
    this.proto = proto;
    this.#rows = rows;
    this.#doubles = doublesOf(rows);
    this.#names = names;
    this.#isNamed = names.hosts.size > 0;
    this.#pass = number;
  }

  next(): boolean {
    this.#at += ROW_LEN;
    return this.#at < this.#rows.length;
  }

  get columns(): number | undefined {
    const isAlike = !this.#isNamed && isFromHost(this.#rows, this.#at) && this.finding === undefined;
    return isAlike ? columnsAt(this.#rows, this.#at) : undefined;
  }

  get host(): number {
    return hostAt(this.#rows, this.#at);
  }

  get outcome(): number {
    return outcomeAt(this.#rows, this.#at);
  }

  get ip(): string {
    const host = hostAt(this.#rows, this.#at);
    if (host !== this.#host) {
      this.#host = host;
      this.#ip = this.#names.addresses.text(host);
    }
    return this.#ip;
  }

  get port(): number {
    return portAt(this.#rows, this.#at);
  }

  get state(): PortResult["state"] {
    return this.#states[stateAt(this.#rows, this.#at)]!;
  }

  get reason(): Reason {
    return REASONS[reasonAt(this.#rows, this.#at)]!;
  }

  get ttl(): number | undefined {
    return ttlAt(this.#rows, this.#at) || undefined;
  }

  get rttMs(): number | undefined {
    const rttMs = rttMsAt(this.#doubles, this.#at);
    return rttMs >= 0 ? rttMs : undefined;
  }

  get tries(): number {
    return triesAt(this.#rows, this.#at);
  }

  get from(): string | undefined {
    return isFromHost(this.#rows, this.#at) ? undefined : this.#names.addresses.text(fromAt(this.#rows, this.#at));
  }

  get service(): string | undefined {
    const found = this.finding;
    return isIdentified(found) ? found.service : this.#names.service(portAt(this.#rows, this.#at), this.proto);
  }

  get finding(): Finding | undefined {
    return this.#names.finding?.(hostAt(this.#rows, this.#at), portAt(this.#rows, this.#at), this.#pass);
  }

  get names(): readonly string[] {
    if (!this.#isNamed) return NO_NAMES;
    return this.#names.hosts.namesAt(hostAt(this.#rows, this.#at), portAt(this.#rows, this.#at));
  }

  get late(): boolean {
    return replacedAt(this.#rows, this.#at) >= 0;
  }

  get replaces(): Reason | undefined {
    const replaced = replacedAt(this.#rows, this.#at);
    return replaced < 0 ? undefined : REASONS[replaced & 0xff];
  }

  get replacesState(): PortResult["replacesState"] {
    const replaced = replacedAt(this.#rows, this.#at);
    return replaced < 0 ? undefined : this.#states[replaced >> 8];
  }

  get note(): string | undefined {
    return NOTES[noteAt(this.#rows, this.#at)] || undefined;
  }
}

/** True if the host itself sent the reply, or there was none. */
function isFromHost(rows: ResultColumns, at: number): boolean {
  const from = fromAt(rows, at);
  return from === hostAt(rows, at) || from === 0;
}

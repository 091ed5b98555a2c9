/**
 * Reports of hosts, made from the columns of an aggregator.
 *
 * @module
 */
import type { NamesByHost } from "../result/port_result.ts";
import type { Reason } from "../result/reasons.ts";
import type { Conclusion, FoundReport, HostReport, PortGroup, PortRow } from "./host_report.ts";
import type { HostTotals } from "./host_totals.ts";
import {
  isOpen,
  isSilent,
  mayBeOpen,
  reasonOf,
  stateIndex,
  stateIndices,
  stateOf,
  techniqueOf,
} from "./outcome_group.ts";
import type { PortRows } from "./port_rows.ts";
import { roundTripOf } from "./round_trip.ts";

/** A technique, and the protocol of its ports. */
export interface Technique {
  readonly technique: string;
  readonly proto: string;
}

/** The findings of service detection at a port. */
export type DetectedService = Pick<PortRow, "service" | "finding">;

/** The columns of an aggregator, and its limits. */
export interface ReportSource {
  readonly rows: PortRows;
  readonly byHost: ReturnType<PortRows["byHost"]>;
  readonly totals: HostTotals;
  /** Returns the address of a host. */
  readonly textOf: (host: number) => string;
  /** Service names by technique and port, and senders by number. */
  readonly services: readonly (readonly (string | undefined)[])[];
  /** The findings of service detection, by row. */
  readonly detected: ReadonlyMap<number, DetectedService>;
  readonly routers: readonly (string | undefined)[];
  /** Techniques by number. */
  readonly techniques: readonly Technique[];
  readonly listUpTo: number;
  /** Returns what discovery has found of a host, given its own reply by a port, if there is any. */
  readonly foundOf: (host: number, answer: Reason | undefined) => FoundReport | undefined;
  /** True if silence had to be dropped. */
  readonly isIncomplete: boolean;
}

/** The ports of a host, as far as those of hosts that differ from it only in their addresses and round trips are the same. */
interface AlikePorts {
  readonly host: number;
  /** Its rows. */
  readonly own: Uint32Array;
  readonly groups: readonly number[];
  readonly hidden: readonly PortGroup[];
  readonly openCount: number;
  readonly maybeOpenCount: number;
  /** The time to live of its own reply. */
  readonly ttl: number | undefined;
}

/** Yields the reports of hosts, given by their indices, in this order. */
export function* reportsOf(hosts: readonly number[], names: NamesByHost, source: ReportSource): Generator<HostReport> {
  const { rows, totals, detected, byHost: { starts, order } } = source;
  const listed = new ListedStates(source);
  const kinds = new HostKinds(source);
  let alike: AlikePorts | undefined;
  for (const host of hosts) {
    const own = rows.sortedByPort(order.subarray(starts[host], starts[host + 1]));
    // Most hosts of a large scan are like the one before.
    if (alike === undefined || !totals.haveSameCounts(host, alike.host) || !rows.haveSamePorts(own, alike.own)) {
      alike = alikePorts(host, own, listed, source);
    }
    const { groups, hidden, openCount, maybeOpenCount, ttl } = alike;
    const answerGroup = totals.answer(host);
    const answer = answerGroup < 0 ? undefined : reasonOf(answerGroup);
    const found = source.foundOf(host, answer);
    const isUp = answer !== undefined || found?.state === "up";
    const ip = source.textOf(host);
    const ownNames = names.of(ip);
    const ports: PortRow[] = [];
    for (let at = 0; at < own.length; at++) {
      if (listed.has(rows.groups[own[at]!]!)) ports.push(portRow(own[at]!, ip, names, source));
    }
    const hasFinding = detected.size > 0 && own.some((row) => detected.has(row));
    yield {
      ip,
      names: ownNames,
      ports,
      hidden,
      openCount,
      maybeOpenCount,
      answer: answer ?? (isUp ? found?.reason : undefined),
      answerTtl: answer === undefined ? found?.evidence[0]?.ttl : ttl,
      conclusion: isUp ? undefined : conclusionOn(host, totals),
      found,
      roundTrip: roundTripOf(rows, own, host, totals),
      atLeast: source.isIncomplete && groups.some((group) => reasonOf(group) === "no-response"),
      kind: found === undefined && ownNames.length === 0 && !hasFinding ? kinds.of(alike, ip) : undefined,
    };
  }
}

function alikePorts(host: number, own: Uint32Array, listed: ListedStates, source: ReportSource): AlikePorts {
  const { rows, totals, techniques } = source;
  const groups = totals.groupsOf(host);
  listed.begin(host, groups, own);
  let openCount = 0;
  for (const row of own) if (isOpen(rows.groups[row]!)) openCount++;
  const hidden: PortGroup[] = [];
  let maybeOpenCount = 0;
  for (const group of groups) {
    const count = totals.count(host, group);
    if (mayBeOpen(group)) maybeOpenCount += count;
    if (!listed.has(group)) hidden.push(portGroup(group, count, techniques));
  }
  hidden.sort((one, other) => other.count - one.count);
  return { host, own, groups, hidden, openCount, maybeOpenCount, ttl: ttlOf(rows, own, totals.answer(host)) };
}

function ttlOf(rows: PortRows, own: Uint32Array, group: number): number | undefined {
  const row = own.find((row) => rows.groups[row] === group);
  return row === undefined ? undefined : rows.ttls[row] || undefined;
}

/** Returns the report of a group of ports. */
export function portGroup(group: number, count: number, techniques: readonly Technique[]): PortGroup {
  const { technique, proto } = techniques[techniqueOf(group)]!;
  return { technique, proto, state: stateOf(group), reason: reasonOf(group), count };
}

function portRow(
  row: number,
  ip: string,
  names: NamesByHost,
  { rows, services, detected, routers, techniques }: ReportSource,
): PortRow {
  const group = rows.groups[row]!;
  const port = rows.ports[row]!;
  const rttMs = rows.rtts[row]!;
  const { technique, proto } = techniques[techniqueOf(group)]!;
  const found = detected.get(row);
  const shown: PortRow = {
    port,
    technique,
    proto,
    state: stateOf(group),
    reason: reasonOf(group),
    ttl: rows.ttls[row]! || undefined,
    rttMs: Number.isNaN(rttMs) ? undefined : rttMs,
    tries: rows.tries[row]!,
    from: routers[rows.routers[row]!],
    service: services[techniqueOf(group)]![port],
    names: names.at(ip, port),
  };
  return found === undefined ? shown : { ...shown, ...found };
}

/** Finds the states of hosts whose ports are listed: they are few enough, and all have rows. */
class ListedStates {
  readonly #source: ReportSource;
  /** Of each technique and state the number of ports, and of those without a row: valid for one host. */
  readonly #totals: Int32Array;
  readonly #missing: Int32Array;

  constructor(source: ReportSource) {
    this.#source = source;
    this.#totals = new Int32Array(stateIndices(source.techniques.length));
    this.#missing = new Int32Array(this.#totals.length);
  }

  /** Begins with a host, its groups and its rows. */
  begin(host: number, groups: readonly number[], own: Uint32Array): void {
    const { rows, totals } = this.#source;
    this.#totals.fill(0);
    for (let at = 0; at < groups.length; at++) {
      this.#totals[stateIndex(groups[at]!)]! += totals.count(host, groups[at]!);
    }
    this.#missing.set(this.#totals);
    for (let at = 0; at < own.length; at++) this.#missing[stateIndex(rows.groups[own[at]!]!)]!--;
  }

  /** Returns true for a group of that host whose ports are listed. */
  has(group: number): boolean {
    const index = stateIndex(group);
    return isOpen(group) || this.#totals[index]! <= this.#source.listUpTo && this.#missing[index] === 0;
  }
}

/** The largest number of kinds, and of a host's rows that are compared. */
const MAX_KINDS = 1 << 12;
const MAX_ROWS_OF_KIND = 16;

/** Numbers of hosts that differ only in their addresses and round trips. */
class HostKinds {
  readonly #source: ReportSource;
  readonly #kinds = new Map<string, number>();
  #alike: AlikePorts | undefined;
  #kind: number | undefined;

  constructor(source: ReportSource) {
    this.#source = source;
  }

  /** Returns the kind of a host with these ports, without names and findings; undefined if it has too many rows or a zone. */
  of(alike: AlikePorts, ip: string): number | undefined {
    if (ip.includes("%")) return undefined;
    if (alike !== this.#alike) [this.#alike, this.#kind] = [alike, this.#kindOf(alike)];
    return this.#kind === undefined ? undefined : 2 * this.#kind + Number(ip.includes(":"));
  }

  #kindOf({ host, groups, own }: AlikePorts): number | undefined {
    if (own.length > MAX_ROWS_OF_KIND) return undefined;
    const { rows, totals } = this.#source;
    let key = `${totals.answer(host)}`;
    for (const group of groups) key += ` ${group} ${totals.count(host, group)}`;
    for (const row of own) {
      key += `,${rows.ports[row]} ${rows.groups[row]} ${rows.ttls[row]} ${rows.tries[row]} ${rows.routers[row]}`;
    }
    let kind = this.#kinds.get(key);
    if (kind === undefined && this.#kinds.size < MAX_KINDS) this.#kinds.set(key, kind = this.#kinds.size);
    return kind;
  }
}

/** Returns the conclusion on a host that did not reply itself. */
export function conclusionOn(host: number, totals: HostTotals): Conclusion {
  let conclusion: Conclusion = "undecided";
  let most = 0;
  for (const group of totals.groupsOf(host)) {
    const count = totals.count(host, group);
    if (!isSilent(group) && count > most) [conclusion, most] = [reasonOf(group), count];
    else if (most === 0 && reasonOf(group) === "no-arp-response") conclusion = "no-arp-response";
    else if (most === 0 && stateOf(group) !== "undecided" && conclusion === "undecided") conclusion = "no-response";
  }
  return conclusion;
}

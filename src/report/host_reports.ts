/**
 * Reports of hosts, made from the columns of an aggregator.
 *
 * @module
 */
import type { NamesByHost } from "../result/port_result.ts";
import type { Conclusion, FoundReport, HostReport, PortGroup, PortRow } from "./host_report.ts";
import type { HostTotals } from "./host_totals.ts";
import {
  isOpenIndex,
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
  /** Service names by port, and senders by number. */
  readonly services: readonly (string | undefined)[];
  /** The findings of service detection, by row. */
  readonly detected: ReadonlyMap<number, DetectedService>;
  readonly routers: readonly (string | undefined)[];
  /** Techniques by number. */
  readonly techniques: readonly Technique[];
  readonly listUpTo: number;
  /** Returns what discovery has found of a host that is up. */
  readonly foundOf: (host: number) => FoundReport | undefined;
  /** True if silence had to be dropped. */
  readonly isIncomplete: boolean;
}

/** Yields the reports of hosts, given by their indices, in this order. */
export function* reportsOf(hosts: readonly number[], names: NamesByHost, source: ReportSource): Generator<HostReport> {
  const { rows, totals, byHost: { starts, order } } = source;
  for (const host of hosts) {
    const own = rows.sortedByPort(order.subarray(starts[host], starts[host + 1]));
    const groups = totals.groupsOf(host);
    const found = source.foundOf(host);
    const ip = source.textOf(host);
    const isListed = listedStates(host, groups, own, source);
    const ports: PortRow[] = [];
    for (const row of own) {
      if (isListed[stateIndex(rows.groups.at(row))]) ports.push(portRow(row, ip, names, source));
    }
    const hidden: PortGroup[] = [];
    let maybeOpenCount = 0;
    for (const group of groups) {
      const count = totals.count(host, group);
      if (mayBeOpen(group)) maybeOpenCount += count;
      if (isListed[stateIndex(group)]) continue;
      hidden.push({ ...source.techniques[techniqueOf(group)]!, state: stateOf(group), reason: reasonOf(group), count });
    }
    const answer = totals.answer(host);
    yield {
      ip,
      names: names.of(ip),
      ports,
      hidden: hidden.sort((one, other) => other.count - one.count),
      openCount: ports.reduce((count, { state }) => state === "open" ? count + 1 : count, 0),
      maybeOpenCount,
      answer: answer < 0 ? found?.reason : reasonOf(answer),
      conclusion: answer < 0 && found === undefined ? conclusionOn(host, totals) : undefined,
      found,
      roundTrip: roundTripOf(rows, own, host, totals),
      atLeast: source.isIncomplete && groups.some((group) => reasonOf(group) === "no-response"),
    };
  }
}

function portRow(
  row: number,
  ip: string,
  names: NamesByHost,
  { rows, services, detected, routers, techniques }: ReportSource,
): PortRow {
  const group = rows.groups.at(row);
  const port = rows.ports.at(row);
  const rttMs = rows.rtts.at(row);
  return {
    port,
    ...techniques[techniqueOf(group)]!,
    state: stateOf(group),
    reason: reasonOf(group),
    ttl: rows.ttls.at(row) || undefined,
    rttMs: Number.isNaN(rttMs) ? undefined : rttMs,
    tries: rows.tries.at(row),
    from: routers[rows.routers.at(row)],
    ...(detected.get(row) ?? { service: services[port] }),
    names: names.at(ip, port),
  };
}

/** Returns, by index of technique and state, true if the ports are few enough to be listed and all have rows. */
function listedStates(
  host: number,
  groups: readonly number[],
  own: Uint32Array,
  { rows, totals, techniques, listUpTo }: ReportSource,
): boolean[] {
  const size = stateIndices(techniques.length);
  const total = new Array<number>(size).fill(0);
  for (const group of groups) total[stateIndex(group)]! += totals.count(host, group);
  const missing = total.slice();
  for (const row of own) missing[stateIndex(rows.groups.at(row))]!--;
  return total.map((count, index) => isOpenIndex(index) || count <= listUpTo && missing[index] === 0);
}

/** Returns the conclusion on a host that did not reply itself. */
export function conclusionOn(host: number, totals: HostTotals): Conclusion {
  let conclusion: Conclusion = "undecided";
  let most = 0;
  for (const group of totals.groupsOf(host)) {
    const count = totals.count(host, group);
    if (!isSilent(group) && count > most) [conclusion, most] = [reasonOf(group), count];
    else if (most === 0 && stateOf(group) !== "undecided") conclusion = "no-response";
  }
  return conclusion;
}

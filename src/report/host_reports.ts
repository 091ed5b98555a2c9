/**
 * Reports of hosts, made from the columns of an aggregator.
 *
 * @module
 */
import type { NamesByHost } from "../result/port_result.ts";
import type { Conclusion, FoundReport, HostReport, PortGroup, PortRow } from "./host_report.ts";
import { isOpen, isSilent, reasonOf, stateIndex, stateIndices, stateOf, techniqueOf } from "./outcome_group.ts";
import type { PortRows } from "./port_rows.ts";
import { mayBeOpen } from "./writer.ts";
import { roundTripOf } from "./round_trip.ts";

/** The totals of a host. */
export interface Host {
  readonly index: number;
  readonly ip: string;
  /** Its number; -1 without one. */
  readonly number: number;
  /** The group of the host's own reply; -1 without one. */
  answer: number;
  /**
   * The number of ports by group: few groups, so that a search is faster and smaller than a map. A count is below 0 while silence
   * that was replaced is still stored apart.
   */
  groups: number[];
  counts: number[];
}

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
  /** Service names by port, and senders by number. */
  readonly services: readonly (string | undefined)[];
  /** The findings of service detection, by row. */
  readonly detected: ReadonlyMap<number, DetectedService>;
  readonly routers: readonly (string | undefined)[];
  /** Techniques by number. */
  readonly techniques: readonly Technique[];
  readonly listUpTo: number;
  /** Returns what discovery has found of a host that is up. */
  readonly foundOf: (number: number) => FoundReport | undefined;
  /** True if silence had to be dropped. */
  readonly isIncomplete: boolean;
}

/** Yields the reports of hosts, in their order. */
export function* reportsOf(hosts: readonly Host[], names: NamesByHost, source: ReportSource): Generator<HostReport> {
  const { rows, byHost: { starts, order } } = source;
  for (const host of hosts) {
    const own = rows.sortedByPort(order.subarray(starts[host.index], starts[host.index + 1]));
    const counts = countsOf(host);
    const found = source.foundOf(host.number);
    const isListed = listedStates(counts, own, source);
    const ports = Array.from(own.filter((row) => isListed[stateIndex(rows.groups.at(row))]))
      .map((row) => portRow(row, host.ip, names, source));
    const hidden: PortGroup[] = [];
    for (const [group, count] of counts) {
      if (isListed[stateIndex(group)]) continue;
      hidden.push({ ...source.techniques[techniqueOf(group)]!, state: stateOf(group), reason: reasonOf(group), count });
    }
    yield {
      ip: host.ip,
      names: names.of(host.ip),
      ports,
      hidden: hidden.sort((one, other) => other.count - one.count),
      openCount: ports.reduce((count, { state }) => state === "open" ? count + 1 : count, 0),
      maybeOpenCount: counts.entries().reduce(
        (sum, [group, count]) => mayBeOpen(stateOf(group)) ? sum + count : sum,
        0,
      ),
      answer: host.answer < 0 ? found?.reason : reasonOf(host.answer),
      conclusion: host.answer < 0 && found === undefined ? conclusionOn(host) : undefined,
      found,
      roundTrip: roundTripOf(rows, own, counts),
      atLeast: source.isIncomplete && host.groups.some((group) => reasonOf(group) === "no-response"),
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
  counts: ReadonlyMap<number, number>,
  own: Uint32Array,
  { rows, techniques, listUpTo }: ReportSource,
): boolean[] {
  const size = stateIndices(techniques.length);
  const total = Array<number>(size).fill(0);
  const isOpenState = Array<boolean>(size).fill(false);
  for (const [group, count] of counts) {
    total[stateIndex(group)]! += count;
    isOpenState[stateIndex(group)] = isOpen(group);
  }
  const missing = [...total];
  for (const row of own) missing[stateIndex(rows.groups.at(row))]!--;
  return total.map((count, index) => isOpenState[index]! || count <= listUpTo && missing[index] === 0);
}

/** Returns the number of a host's ports by group. */
function countsOf({ groups, counts }: Host): Map<number, number> {
  return new Map(groups.map((group, at): [number, number] => [group, counts[at]!]).filter(([, count]) => count > 0));
}

/** Returns the conclusion on a host that did not reply itself. */
export function conclusionOn(host: Host): Conclusion {
  let conclusion: Conclusion = "undecided";
  let most = 0;
  for (const [group, count] of countsOf(host)) {
    if (!isSilent(group) && count > most) [conclusion, most] = [reasonOf(group), count];
    else if (most === 0 && stateOf(group) !== "undecided") conclusion = "no-response";
  }
  return conclusion;
}

/** Compares hosts by address; those without a number come last, in the order of their texts. */
export function byAddress(one: Host, other: Host): number {
  if (one.number >= 0 && other.number >= 0) return one.number - other.number;
  if (one.number >= 0) return -1;
  if (other.number >= 0) return 1;
  return one.ip < other.ip ? -1 : 1;
}

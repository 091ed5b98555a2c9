/**
 * The round trip of a host, from those of its ports.
 *
 * @module
 */
import type { HostReport } from "./host_report.ts";
import type { HostTotals } from "./host_totals.ts";
import type { PortRows } from "./port_rows.ts";

/**
 * Returns the median of a host's round trips and the median distance from it, or undefined without any. Rows are in the order of
 * their ports, not of time, so that there is nothing to smooth. A group with many ports has few rows, which then weigh as much as
 * all of its ports. Round trips of routers do not count. Without rows it is that of the first reply.
 */
export function roundTripOf(
  rows: PortRows,
  own: Uint32Array,
  host: number,
  totals: HostTotals,
): HostReport["roundTrip"] {
  const { rtts, routers, groups } = rows;
  const isTimed = (row: number) => routers[row]! === 0 && !Number.isNaN(rtts[row]!);
  // Most hosts of a large scan have one row: a filter takes longer than all the rest.
  const timed = own.length === 1 && isTimed(own[0]!) ? own : own.filter(isTimed);
  if (timed.length < 2) {
    const rttMs = timed.length === 1 ? rtts[timed[0]!]! : totals.roundTripMs(host);
    return Number.isNaN(rttMs) ? undefined : { smoothedMs: rttMs, variationMs: rttMs / 2 };
  }
  const kept = new Map<number, number>();
  for (const row of timed) kept.set(groups[row]!, (kept.get(groups[row]!) ?? 0) + 1);
  const weightOf = (row: number) => totals.count(host, groups[row]!) / kept.get(groups[row]!)!;
  const median = (valueOf: (row: number) => number) => {
    timed.sort((one, other) => valueOf(one) - valueOf(other));
    const total = timed.reduce((sum, row) => sum + weightOf(row), 0);
    let passed = 0;
    return valueOf(timed.find((row) => (passed += weightOf(row)) >= total / 2) ?? timed.at(-1)!);
  };
  const smoothedMs = median((row) => rtts[row]!);
  const variationMs = median((row) => Math.abs(rtts[row]! - smoothedMs));
  return { smoothedMs, variationMs };
}

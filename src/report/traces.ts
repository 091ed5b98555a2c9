/**
 * The paths to hosts, as reports show them.
 *
 * @module
 */
import { printable, roundTripDigits } from "../base/text.ts";
import type { Summary } from "../result/summary.ts";
import type { HostReport, PortRow } from "./host_report.ts";
import type { FilteredPorts, Hop, Trace } from "../result/trace.ts";

/** Returns the paths of a summary by address of the host. */
export function tracesByIp({ traces }: Pick<Summary, "traces">): ReadonlyMap<string, Trace> {
  return new Map(traces.map((trace) => [trace.ip, trace]));
}

/** Returns a path as JSON has it. */
export function traceEntry({ proto, port, isReached, shared, hops }: Trace): Record<string, unknown> {
  return { proto, port, reached: isReached, shared, hops: hops.map(hopEntry) };
}

function hopEntry({ ttl, ip, rttMs, hostname }: Hop): Record<string, unknown> {
  return { ttl, ip: ip ?? null, rtt_ms: rttMs === undefined ? null : Math.round(rttMs * 1e3) / 1e3, hostname };
}

/** Returns filtered ports as JSON has them; undefined if nothing is known. */
export function filteredEntries({ filtered }: Trace): Record<string, unknown>[] | undefined {
  if (filtered.length === 0) return undefined;
  return filtered.map(({ ports, proto, technique, probed, afterHop, ip }) => ({
    ...{ ports, proto, technique, probed, after_hop: afterHop, ip: ip ?? null },
  }));
}

/** Returns where probes of ports are lost: `filtered after hop 7 (192.0.2.1)`. */
function lastHopText({ afterHop, ip }: FilteredPorts): string {
  return afterHop === 0 ? "filtered before the first router that replies" : `filtered after hop ${afterHop} (${ip})`;
}

/** Returns the same with the ports: `25,135-139/tcp filtered after hop 7 (192.0.2.1)`. */
export function filteredText(filtered: FilteredPorts): string {
  return `${filtered.ports}/${filtered.proto} ${lastHopText(filtered)}`;
}

/** Returns, for a port of a host, where its probes are lost; undefined if that is not known. */
export function lastHopsByPort({ trace }: Pick<HostReport, "trace">): (row: PortRow) => string | undefined {
  const groups = (trace?.filtered ?? []).map((filtered) => ({ filtered, isOf: memberOf(filtered) }));
  return (row) => {
    const found = groups.find(({ isOf }) => isOf(row));
    return found === undefined ? undefined : lastHopText(found.filtered);
  };
}

/** Returns the filtered ports of a host that are not all among the listed ones. */
export function unlistedFiltered({ filtered }: Trace, rows: readonly PortRow[]): FilteredPorts[] {
  return filtered.filter((group) => {
    const count = rangesIn(group).reduce((sum, [first, last]) => sum + last - first + 1, 0);
    return rows.filter(memberOf(group)).length < count;
  });
}

/** Returns a condition that the rows of filtered ports pass. */
function memberOf(group: FilteredPorts): (row: PortRow) => boolean {
  const ranges = rangesIn(group);
  return ({ port, technique, reason }) =>
    technique === group.technique && reason === "no-response" &&
    ranges.some(([first, last]) => port >= first && port <= last);
}

function rangesIn({ ports }: FilteredPorts): [first: number, last: number][] {
  return ports.split(",").map((range) => {
    const [first = 0, last = first] = range.split("-").map(Number);
    return [first, last];
  });
}

/** Returns the host of a hop as text: name and address, or `*` if it did not reply. */
export function hopText({ ip, hostname }: Hop): string {
  if (ip === undefined) return "*";
  return hostname === undefined ? ip : `${printable(hostname)} (${ip})`;
}

/** Returns the lines of a path: a heading, and a line for each hop in columns. */
export function traceLines({ proto, port, isReached, shared, hops }: Trace): string {
  if (hops.length === 0) return "";
  const probe = port === undefined ? proto : `port ${port}/${proto}`;
  const rtts = hops.map(({ rttMs }) => rttMs === undefined ? "-" : `${roundTripDigits(rttMs)} ms`);
  const width = Math.max("RTT".length, ...rtts.map(({ length }) => length));
  const line = (hop: string, rtt: string, address: string) => `${hop.padEnd(3)} ${rtt.padEnd(width)} ${address}\n`;
  const first = shared?.hops ?? 0;
  const rows = hops.slice(first).map((hop, at) => line(String(hop.ttl), rtts[first + at]!, hopText(hop)));
  const before = first === 0 ? "" : `-   Hops 1-${first} are the same as for ${shared!.ip}\n`;
  const after = isReached ? "" : "-   No reply from further away\n";
  return `\nTRACEROUTE (using ${probe})\n${line("HOP", "RTT", "ADDRESS")}${before}${rows.join("")}${after}`;
}

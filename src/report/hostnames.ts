/**
 * Names of hosts by reverse DNS, for the formats that report by host.
 *
 * @module
 */
import type { Summary } from "../result/summary.ts";
import { tracesByIp } from "./traces.ts";
import type { HostReport } from "./host_report.ts";

/** Returns the names of a summary by address. */
export function hostnamesByIp({ hostnames }: Pick<Summary, "hostnames">): ReadonlyMap<string, string> {
  return new Map(hostnames.map(({ ip, name }) => [ip, name]));
}

/** Returns reports of hosts with their names by reverse DNS and the paths to them. */
export function withHostnames(hosts: Iterable<HostReport>, summary: Summary): Iterable<HostReport> {
  const names = hostnamesByIp(summary);
  const traces = tracesByIp(summary);
  return names.size + traces.size === 0 ? hosts : named(hosts, names, traces);
}

function* named(
  hosts: Iterable<HostReport>,
  names: ReturnType<typeof hostnamesByIp>,
  traces: ReturnType<typeof tracesByIp>,
): Generator<HostReport> {
  for (const host of hosts) {
    const hostname = names.get(host.ip);
    const trace = traces.get(host.ip);
    yield hostname === undefined && trace === undefined ? host : { ...host, hostname, trace, kind: undefined };
  }
}

/** Returns the name by reverse DNS of a host that was given by another name; undefined if it adds nothing. */
export function otherHostname({ names, hostname }: Pick<HostReport, "names" | "hostname">): string | undefined {
  const isNew = names.length > 0 && !names.some((name) => name.toLowerCase() === hostname);
  return isNew ? hostname : undefined;
}

/**
 * The names of hops by reverse DNS.
 *
 * @module
 */

import type { Hostname } from "../result/summary.ts";
import type { Trace } from "../result/trace.ts";

/** Returns traces with the names of their hops, and the names of targets alone. */
export function namesOfHops(
  traces: readonly Trace[],
  names: readonly Hostname[],
  isTarget: (ip: string) => boolean,
): { readonly traces: readonly Trace[]; readonly hostnames: readonly Hostname[] } {
  if (traces.length === 0 || names.length === 0) return { traces, hostnames: names };
  const nameOf = new Map(names.map(({ ip, name }) => [ip, name]));
  const named = traces.map((trace): Trace => ({
    ...trace,
    hops: trace.hops.map((hop) => {
      const hostname = hop.ip === undefined ? undefined : nameOf.get(hop.ip);
      return hostname === undefined ? hop : { ...hop, hostname };
    }),
  }));
  return { traces: named, hostnames: names.filter(({ ip }) => isTarget(ip)) };
}

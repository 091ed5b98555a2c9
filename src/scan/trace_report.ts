/**
 * The paths that were found, in the form of a summary.
 *
 * @module
 */

import type { Pass } from "../result/pass.ts";
import type { FilteredPorts, Hop, Trace } from "../result/trace.ts";
import type { AddressBook } from "../target/address_book.ts";
import { PortSet } from "../target/ports.ts";
import type { PingKind } from "../technique/ping.ts";
import type { LastHop } from "./trace_filters.ts";
import type { RouteWalk } from "./trace_routes.ts";
import type { TracedHost } from "./trace_source.ts";
import type { FilteredOfHost, HostToTrace } from "./trace_targets.ts";

/** Returns the path to a host. */
export function traceOf(
  { host, filtered }: HostToTrace,
  { route, lastHops }: TracedHost,
  kind: PingKind,
  passes: readonly Pass[],
  book: AddressBook,
): Trace {
  const hopAt = (ttl: number): Hop => {
    const hop = route.hop(ttl);
    if (ttl === route.end) return { ttl, ip: book.text(host), rttMs: knownRtt(route.rttMs) };
    return hop === undefined ? { ttl } : { ttl, ip: book.text(hop.from), rttMs: knownRtt(hop.rttMs) };
  };
  return {
    ip: book.text(host),
    ...("tcp" in kind ? { proto: "tcp", port: kind.port } : { proto: "icmp" }),
    hops: Array.from({ length: route.length }, (_, at) => hopAt(at + 1)),
    isReached: route.end > 0,
    ...sharedOf(route, (number) => book.text(number)),
    filtered: filtered === undefined
      ? []
      : filteredPorts(filtered, lastHops, passes[filtered.pass]!, (from) => book.text(from)),
  };
}

function knownRtt(rttMs: number): number | undefined {
  return rttMs >= 0 ? rttMs : undefined;
}

function sharedOf({ shared }: RouteWalk, text: (host: number) => string): Pick<Trace, "shared"> {
  if (shared === undefined || shared.hops === 0) return {};
  return { shared: { hops: shared.hops, ip: text(shared.path.target.host) } };
}

/** Groups the filtered ports of a host by the last hop that those of them reach which were probed. */
function filteredPorts(
  { ports, samples }: FilteredOfHost,
  lastHops: readonly (LastHop | undefined)[],
  { proto, technique }: Pass,
  text: (from: number) => string,
): FilteredPorts[] {
  const groups = new Map<string, { readonly last: LastHop; readonly ports: number[]; readonly probed: number[] }>();
  const keyOf = (last: LastHop | undefined) => last === undefined ? undefined : `${last.ttl} ${last.from}`;
  lastHops.forEach((last, at) => {
    const key = keyOf(last);
    if (last === undefined || key === undefined) return;
    const group = groups.get(key) ?? { last, ports: [], probed: [] };
    groups.set(key, group);
    const position = samples[at]!;
    group.probed.push(ports[position]!);
    const isLikeNext = at + 1 < lastHops.length && keyOf(lastHops[at + 1]) === key;
    group.ports.push(...ports.slice(position, isLikeNext ? samples[at + 1]! : position + 1));
  });
  return [...groups.values()].map(({ last, ports, probed }) => ({
    ports: PortSet.of(ports).toString(),
    ...{ proto, technique },
    probed: PortSet.of(probed).toString(),
    afterHop: last.ttl,
    ...(last.from === undefined ? {} : { ip: text(last.from) }),
  }));
}

/**
 * Hosts that did not reply themselves: absent ones, and those that others replied for.
 *
 * @module
 */
import type { HostAddresses, NamesByHost } from "../result/port_result.ts";
import type { Reason } from "../result/reasons.ts";
import type { AddressSet } from "./address_set.ts";
import type { HostState } from "../result/states.ts";
import { absentHost, type Conclusion, type HostReport, hostWithout } from "./host_report.ts";

const MAX_RANGES = 4096;

/** A host that discovery has not found, and why. */
export type Unknown = readonly [number: number, state: "silent" | "undecided"];

/** Inserts absent hosts, and those of which nothing is known, into reports of hosts, in the order of addresses. */
export function* withAbsent(
  hosts: Iterable<HostReport>,
  absent: AddressSet,
  addresses: HostAddresses,
  names: NamesByHost,
  unknown: readonly Unknown[] = [],
): Generator<HostReport> {
  const others = inOrder(absent.addresses(), unknown);
  let next = others.next();
  const report = ([number, state]: readonly [number, HostState]) => {
    const ip = addresses.text(number);
    return state === "absent" ? absentHost(ip, names) : hostWithout(ip, names, state, "no-response");
  };
  for (const host of hosts) {
    const number = addresses.hostOf(host.ip);
    const end = number < 0 ? Infinity : number;
    for (; !next.done && next.value[0] < end; next = others.next()) yield report(next.value);
    yield host;
  }
  for (; !next.done; next = others.next()) yield report(next.value);
}

/** Merges absent hosts with others; both are in order. */
function* inOrder(
  absent: Iterable<number>,
  unknown: readonly Unknown[],
): Generator<readonly [number: number, state: HostState], undefined> {
  let at = 0;
  for (const number of absent) {
    while (at < unknown.length && unknown[at]![0] < number) yield unknown[at++]!;
    yield [number, "absent"];
  }
  yield* unknown.slice(at);
}

/**
 * Returns ranges of neighbouring IPv4 addresses with the same conclusion, in order, up to a limit. A host without a number has the
 * number -1.
 */
export function unreachedRanges(
  hosts: readonly { readonly number: number; readonly reason: Conclusion }[],
  absent: AddressSet,
  addresses: HostAddresses,
): [Reason, number, number][] {
  const ranges: [Reason, number, number][] = [];
  for (const { number, reason } of hosts.toSorted((one, other) => one.number - other.number)) {
    if (number < 0 || reason === "undecided") continue;
    const address = addresses.address(number);
    const last = ranges.at(-1);
    if (last !== undefined && last[0] === reason && last[2] + 1 === address) last[2]++;
    else if (ranges.length < MAX_RANGES) ranges.push([reason, address, address]);
  }
  for (const [first, last] of absent.ranges().flatMap(([from, to]) => addresses.stretches(from, to)).take(MAX_RANGES)) {
    ranges.push(["no-arp-response", addresses.address(first), addresses.address(last)]);
  }
  return ranges.sort(([, one], [, other]) => one - other).slice(0, MAX_RANGES);
}

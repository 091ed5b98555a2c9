/**
 * Hosts that did not reply themselves: absent ones, and those that others replied for.
 *
 * @module
 */
import type { HostAddresses, NamesByHost } from "../result/port_result.ts";
import type { Reason } from "../result/reasons.ts";
import type { AddressSet } from "./address_set.ts";
import { absentHost, type Conclusion, type HostReport } from "./host_report.ts";

const MAX_RANGES = 4096;

/** Inserts absent hosts into reports of hosts, in the order of addresses. */
export function* withAbsent(
  hosts: Iterable<HostReport>,
  absent: AddressSet,
  addresses: HostAddresses,
  names: NamesByHost,
): Generator<HostReport> {
  const numbers = absent.addresses();
  let next = numbers.next();
  for (const host of hosts) {
    const number = addresses.hostOf(host.ip);
    const end = number < 0 ? Infinity : number;
    for (; !next.done && next.value < end; next = numbers.next()) yield absentHost(addresses.text(next.value), names);
    yield host;
  }
  for (; !next.done; next = numbers.next()) yield absentHost(addresses.text(next.value), names);
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

/**
 * Hosts that did not reply themselves: absent ones, and those that others replied for.
 *
 * @module
 */
import type { NamesByHost } from "../result/port_result.ts";
import type { Reason } from "../result/reasons.ts";
import { formatIpv4, parseIpv4 } from "../wire/address.ts";
import type { AddressSet } from "./address_set.ts";
import { absentHost, type Conclusion, type HostReport } from "./host_report.ts";

const MAX_RANGES = 4096;

/** Inserts addresses without a host into reports of hosts, in the order of addresses. */
export function* withAbsent(
  hosts: Iterable<HostReport>,
  absent: AddressSet,
  names: NamesByHost,
): Generator<HostReport> {
  const addresses = absent.addresses();
  let next = addresses.next();
  for (const host of hosts) {
    const end = parseIpv4(host.ip) ?? Infinity;
    for (; !next.done && next.value < end; next = addresses.next()) yield absentHost(formatIpv4(next.value), names);
    yield host;
  }
  for (; !next.done; next = addresses.next()) yield absentHost(formatIpv4(next.value), names);
}

/**
 * Returns ranges of neighbouring addresses with the same conclusion, in order, up to a limit. A host without an IPv4 address has the
 * address -1.
 */
export function unreachedRanges(
  hosts: readonly { readonly address: number; readonly reason: Conclusion }[],
  absent: AddressSet,
): [Reason, number, number][] {
  const ranges: [Reason, number, number][] = [];
  for (const { address, reason } of hosts.toSorted((one, other) => one.address - other.address)) {
    if (address < 0 || reason === "undecided") continue;
    const last = ranges.at(-1);
    if (last !== undefined && last[0] === reason && last[2] + 1 === address) last[2]++;
    else if (ranges.length < MAX_RANGES) ranges.push([reason, address, address]);
  }
  for (const [first, last] of absent.ranges().take(MAX_RANGES)) ranges.push(["no-arp-response", first, last]);
  return ranges.sort(([, one], [, other]) => one - other).slice(0, MAX_RANGES);
}

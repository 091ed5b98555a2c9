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

/** Returns the reason for which a host is absent: no reply to ARP, or a router's report. */
export type ReasonOfAbsence = (host: number) => Reason;

/** A host that discovery has not found, and why. */
type Unknown = readonly [number: number, state: "silent" | "undecided"];

/** Hosts without a reply, by their numbers, and the facts about each. */
interface HostsWithoutReply {
  readonly absent: AddressSet;
  readonly reasonOf: ReasonOfAbsence;
  /** Those that are not absent, in order. */
  readonly others: readonly Unknown[];
  readonly isTimedOut: (host: number) => boolean;
  readonly portsOf: (host: number) => Pick<HostReport, "unlisted" | "atLeast">;
  readonly addresses: HostAddresses;
  readonly names: NamesByHost;
}

/** Inserts hosts without a reply into reports of hosts, in the order of addresses. */
export function* withAbsent(
  hosts: Iterable<HostReport>,
  { absent, reasonOf, others: unknown, isTimedOut, portsOf, addresses, names }: HostsWithoutReply,
): Generator<HostReport> {
  const others = inOrder(absent.addresses(), unknown);
  let next = others.next();
  const report = ([number, state]: readonly [number, HostState]) => {
    const ip = addresses.text(number);
    if (state !== "absent") {
      const reason = state === "undecided" && isTimedOut(number) ? "host-timeout" : "no-response";
      return { ...hostWithout(ip, names, state, reason), ...portsOf(number) };
    }
    const reason = reasonOf(number);
    return reason === "no-arp-response" ? absentHost(ip, names) : hostWithout(ip, names, state, reason);
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
  reasonOf: ReasonOfAbsence,
  addresses: HostAddresses,
): [Reason, number, number][] {
  const ranges: [Reason, number, number][] = [];
  for (const { number, reason } of hosts.toSorted((one, other) => one.number - other.number)) {
    if (number < 0 || reason === "undecided") continue;
    const address = addresses.address(number);
    if (address < 0) continue;
    const last = ranges.at(-1);
    if (last !== undefined && last[0] === reason && last[2] + 1 === address) last[2]++;
    else if (ranges.length < MAX_RANGES) ranges.push([reason, address, address]);
  }
  for (const [reason, first, last] of byReason(absent, reasonOf).take(MAX_RANGES)) {
    for (const [from, to] of addresses.stretches(first, last)) {
      if (addresses.address(from) < 0) continue;
      ranges.push([reason, addresses.address(from), addresses.address(to)]);
    }
  }
  return ranges.sort(([, one], [, other]) => one - other).slice(0, MAX_RANGES);
}

/** Yields absent hosts as ranges with the same reason, in order. */
function* byReason(absent: AddressSet, reasonOf: ReasonOfAbsence): Generator<[Reason, first: number, last: number]> {
  let range: [Reason, number, number] | undefined;
  for (const host of absent.addresses()) {
    const reason = reasonOf(host);
    if (range !== undefined && range[0] === reason && range[2] + 1 === host) {
      range[2] = host;
      continue;
    }
    if (range !== undefined) yield range;
    range = [reason, host, host];
  }
  if (range !== undefined) yield range;
}

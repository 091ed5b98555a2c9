/**
 * Hosts and ports as ranges, in plans, snapshots and texts.
 *
 * @module
 */

import { counted } from "../base/text.ts";
import { type AddressBook, familyOf, rangeTexts } from "../target/address_book.ts";
import { PortSet } from "../target/ports.ts";
import { Ranges } from "../target/ranges.ts";
import type { Excluded, PlannedBefore } from "./plan.ts";
import type { Exclusions, ScanSnapshot } from "./snapshot.ts";

/** Ranges of addresses that a warning lists. */
const MAX_RANGES_LISTED = 8;
/** More ranges than this are not part of the plan. */
const MAX_RANGES = 1024;

/** Returns the ranges of IPv4 addresses of hosts, or undefined if they are too many. */
export function rangesOf(hosts: Ranges, book: AddressBook): readonly (readonly [number, number])[] | undefined {
  if (hosts.count > MAX_RANGES) return undefined;
  const ranges = [...hosts].flatMap(([first, last]) =>
    familyOf(book, first) === 6 ? [] : [...book.stretches(first, last)]
  );
  if (ranges.length > MAX_RANGES) return undefined;
  return ranges.map(([first, last]) => [book.address(first), book.address(last)]);
}

/** Returns the plan that a snapshot holds. */
export function plannedBefore({ names, excluded, removed }: ScanSnapshot): PlannedBefore {
  const addresses = names.map(([name, all]) =>
    [name, all.map((address) => typeof address === "number" ? address : BigInt(address))] as const
  );
  return { names: new Map(addresses), excluded: excludedIn(excluded), removed: excludedIn(removed) };
}

/** Returns exclusions in the form of a snapshot. */
export function boundsOf({ hosts, ports }: Excluded): Exclusions {
  return { hosts: [...hosts].flat(), ports: [...ports.ranges].flat() };
}

function excludedIn({ hosts, ports }: Exclusions): Excluded {
  return {
    hosts: Ranges.fromSortedBounds(Uint32Array.from(hosts)),
    ports: PortSet.fromRanges(Ranges.fromSortedBounds(Uint32Array.from(ports))),
  };
}

/** Returns the warning about hosts and ports that were excluded when the scan was resumed. */
export function removedWarnings(book: AddressBook, { hosts, ports }: Excluded): string[] {
  const what = [];
  const first = Ranges.from([...hosts].slice(0, MAX_RANGES_LISTED));
  const more = hosts.size - first.size;
  if (hosts.count > 0) what.push(rangesText(first, book) + (more > 0 ? ` and ${counted(more, "more host")}` : ""));
  if (ports.size > 0) what.push(`${ports.size === 1 ? "port" : "ports"} ${ports}`);
  if (what.length === 0) return [];
  return [`Excluded when the scan was resumed, and not probed from then on: ${what.join("; ")}`];
}

/** The addresses of hosts as text: `192.0.2.1,192.0.2.8-192.0.2.9`. */
export function rangesText(hosts: Ranges, book: AddressBook): string {
  return [...hosts].flatMap(([first, last]) => rangeTexts(book, first, last)).join();
}

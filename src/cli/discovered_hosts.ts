/**
 * What a scan finds of hosts, as a checkpoint is told it: piece by piece, so that no state has to hold all of it.
 *
 * @module
 */
import type { Kept } from "../checkpoint/encoding.ts";
import type { Memory } from "../report/writer.ts";
import type { ScanDone } from "../scan/snapshot.ts";
import { Ranges, RangesBuilder } from "../target/ranges.ts";

/** What reports have found since they were asked last. */
export interface ReportDiscoveries {
  /** What they have in common. */
  readonly book: Memory | null;
  readonly outputs: readonly OutputDiscoveries[];
}

/** What one report has found besides. */
export interface OutputDiscoveries {
  readonly format: string;
  readonly path: string;
  readonly found: Memory;
}

/** One piece of a scan's findings. */
export interface DiscoveredHosts extends ReportDiscoveries {
  readonly lists: ListsChange | null;
}

const LISTS = ["hostsUp", "cappedHosts", "suspects"] as const;
type List = typeof LISTS[number];

/** Hosts that came to a list and that left it, as first, last, first, last, ... */
type ListsChange = Readonly<Record<List, { readonly added: Uint32Array; readonly removed: Uint32Array }>>;

/** The lists of hosts in what a scan has done, known by their changes. */
export class HostLists {
  readonly #lists: Record<List, Ranges> = { hostsUp: Ranges.EMPTY, cappedHosts: Ranges.EMPTY, suspects: Ranges.EMPTY };

  /** Takes a change that another has given. */
  learn(change: ListsChange | null): void {
    if (change === null) return;
    for (const list of LISTS) {
      const { added, removed } = change[list];
      this.#lists[list] = this.#lists[list].subtract(rangesFrom(removed)).union(rangesFrom(added));
    }
  }

  /** What has changed since it was asked last; `null` if nothing. */
  change(done: ScanDone): ListsChange | null {
    const change = (list: List) => {
      const before = this.#lists[list];
      const now = list === "hostsUp" ? rangesFrom(done[list]) : rangesOf(done[list]);
      this.#lists[list] = now;
      return { added: boundsOf(now.subtract(before)), removed: boundsOf(before.subtract(now)) };
    };
    const changes = { hostsUp: change("hostsUp"), cappedHosts: change("cappedHosts"), suspects: change("suspects") };
    const isSame = LISTS.every((list) => changes[list].added.length + changes[list].removed.length === 0);
    return isSame ? null : changes;
  }

  /** What was done, without the lists. */
  without(done: ScanDone): ScanDone {
    return { ...done, hostsUp: [], cappedHosts: [], suspects: [] };
  }

  /** What was done, with the lists as they are known. */
  into(done: ScanDone): ScanDone {
    const { hostsUp, cappedHosts, suspects } = this.#lists;
    return {
      ...done,
      hostsUp: [...hostsUp].flat(),
      cappedHosts: membersOf(cappedHosts),
      suspects: membersOf(suspects),
    };
  }
}

/** A piece in the form that is kept; undefined where there is nothing in it. */
export function savedDiscoveries(findings: DiscoveredHosts): Kept | undefined {
  const { book, outputs, lists } = findings;
  return book === null && outputs.length === 0 && lists === null ? undefined : findings as unknown as Kept;
}

/** Pieces that were kept. */
export function discoveredHostsFrom(pieces: readonly Kept[]): readonly DiscoveredHosts[] {
  return pieces as unknown as readonly DiscoveredHosts[];
}

function rangesFrom(bounds: ArrayLike<number>): Ranges {
  const builder = new RangesBuilder();
  for (let at = 0; at < bounds.length; at += 2) builder.add(bounds[at]!, bounds[at + 1]!);
  return builder.build();
}

function rangesOf(addresses: readonly number[]): Ranges {
  const builder = new RangesBuilder();
  for (const address of addresses) builder.add(address, address);
  return builder.build();
}

function boundsOf(ranges: Ranges): Uint32Array {
  return Uint32Array.from([...ranges].flat());
}

function membersOf(ranges: Ranges): number[] {
  return Array.from({ length: ranges.size }, (_, at) => ranges.at(at));
}

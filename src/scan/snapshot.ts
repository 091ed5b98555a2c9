/**
 * The remaining work of a scan at one moment, and the work done by then: enough for another process to resume the scan and to
 * summarize the whole of it.
 *
 * @module
 */

import { mergedShapes, SHAPE_ROW_LEN } from "../driver/shape_table.ts";
import { mergedNotes } from "../engine/notes.ts";
import { UsageError } from "../base/errors.ts";
import { type Shard, shardSize } from "../order/shard.ts";
import { countResults, ROW_LEN } from "../result/batch.ts";
import { type Pass, probesHosts } from "../result/pass.ts";
import { STATES } from "../result/states.ts";
import type { Ipv6BookParts } from "../target/ipv6_book.ts";
import { type Ranges, RangesBuilder } from "../target/ranges.ts";
import type { Address } from "../target/resolve.ts";
import type { ProbeSpace } from "../target/space.ts";
import { passesIn } from "./passes.ts";
import type { KeptTraces } from "./trace_targets.ts";
import {
  EMPTY_REPORT,
  type Found,
  type PassReport,
  type RemainingWork,
  type ScanDone,
  spaceBlocks,
} from "./worker_task.ts";

/**
 * The remaining work of a scan at one moment, which together with the results that were read before makes the whole scan. Its
 * size depends on the probes in flight and on the hosts that replied, not on the size of the scan. It can be stored as JSON.
 *
 * @example
 * ```ts
 * import { scan, type ScanSnapshot } from "@synscan/synscan";
 *
 * const options = { targets: "127.0.0.1", ports: "1-2000", seed: 7, workers: 1 };
 * const first = scan(options);
 * let snapshot: ScanSnapshot | undefined;
 * let read = 0;
 * for await (const batch of first.batches()) {
 *   read += batch.length;
 *   snapshot = await first.snapshot();
 *   break; // cancels the first scan
 * }
 * if (snapshot !== undefined) {
 *   const resumed = scan(options, { resume: snapshot });
 *   for await (const batch of resumed.batches()) read += batch.length;
 *   console.log(read); // 2000
 * }
 * ```
 */
export interface ScanSnapshot {
  /** The seed of the probe order. */
  readonly seed: number;
  /** The number of probes in the whole space, before it was divided into shards. */
  readonly size: number;
  /** The number of hosts in that space; missing in snapshots of earlier versions. */
  readonly hosts?: number;
  /** A hash of the hosts and ports of the space, in hexadecimal. */
  readonly space: string;
  /** The technique; several are joined by `+`, in the order of their passes. */
  readonly technique: string;
  /** The shard of that space that the scan covers. */
  readonly shard: { readonly index: number; readonly count: number };
  /** The addresses of target names, unless the names are too many: numbers of IPv4, `0x` and 32 hexadecimal digits of IPv6. */
  readonly names: readonly (readonly [name: string, addresses: readonly (number | string)[]])[];
  /** The addresses of hosts of IPv6, if there are any. */
  readonly ipv6?: {
    /** Zone and first address of each range, five words each; empty if the ranges are too many to be kept. */
    readonly ranges: readonly number[];
    /** The number of the first host of each range. */
    readonly numbers: readonly number[];
    /** The number of the last host. */
    readonly last: number;
    /** The interfaces that are zones. */
    readonly zones: readonly (readonly [index: number, name: string])[];
    /** Senders that are no hosts: of each an index, the zone, and four words of the address. */
    readonly senders: readonly number[];
  };
  /** Addresses and ports that the space is without. */
  readonly excluded: Exclusions;
  /** Hosts and ports that were excluded when the scan was resumed: they are in the space, and are not probed. */
  readonly removed: Exclusions;
  /** The number of results that were read from the running scan. */
  readonly taken: number;
  /**
   * The remaining work of each worker in every pass: the first position not probed, and pending probes as host, port, host, port, ...
   * Of a pass over hosts also what such passes have found.
   */
  readonly parts: readonly (readonly RemainingPart[])[];
  /** Results that were not read, in batches of one pass each: the resumed scan emits them first. */
  readonly undelivered: readonly { readonly pass: number; readonly rows: readonly number[] }[];
  /** The number of those that wait to be read, which are the first; the others are held until more is known of their hosts. */
  readonly waiting: number;
  /** The addresses whose names were looked up, or were to be; they are looked up again. */
  readonly lookups?: readonly number[];
  /** The hosts whose paths are traced once the ports are decided. */
  readonly traces?: KeptTraces;
  /** Findings of the first technique by which later ones are judged, if there are any. Ports are host, port, host, port, ... */
  readonly calibration?: {
    /** Ports that SYN showed open. */
    readonly open: readonly number[];
    /** Those of them that a pass has probed, by the number of the pass. */
    readonly checked: readonly (readonly number[])[];
    /** Hosts that reset everything, by the number of the pass. */
    readonly labelled: readonly (readonly number[])[];
  };
  /** Hosts that a router has reported as absent while their ports were probed, as first, last, ..., and the number of these ports. */
  readonly absent?: { readonly hosts: readonly number[]; readonly cut: number };
  /** The work done by then. Its counts by state are of the results that were read. */
  readonly done: ScanDone;
}

/**
 * The remaining work of a worker in one pass.
 *
 * @example
 * ```ts
 * import type { RemainingPart } from "@synscan/synscan";
 *
 * const part: RemainingPart = { position: 1000, pending: [0x7f000001, 22] };
 * console.log(part.pending.length / 2); // 1 probe
 * ```
 */
export interface RemainingPart {
  /** The first position in the order of probes that was not probed. */
  readonly position: number;
  /** Undecided probes before it, as host, port, host, port, ... */
  readonly pending: readonly number[];
  /**
   * Probes before it that ICMP errors have decided, and that are to be checked, if there are any: host, port, code of the reason, 1 if it was
   * the host's own error, host, ...
   */
  readonly refused?: readonly number[];
  /** Hosts by the state that discovery has found so far, each list as first, last, first, last, ... */
  readonly found?: {
    readonly up: readonly number[];
    readonly absent: readonly number[];
    readonly silent: readonly number[];
    readonly undecided: readonly number[];
  };
}

/**
 * Excluded hosts and ports, each as first, last, first, last, ...
 *
 * @example
 * ```ts
 * import type { Exclusions } from "@synscan/synscan";
 *
 * const exclusions: Exclusions = { hosts: [], ports: [25, 25, 6000, 6063] };
 * console.log(exclusions.ports.length / 2); // 2 ranges
 * ```
 */
export interface Exclusions {
  /** Hosts or addresses, as numbers. */
  readonly hosts: readonly number[];
  /** Ports. */
  readonly ports: readonly number[];
}

/** Names whose addresses are stored at most; if there are more, they are resolved again and must be unchanged. */
const MAX_NAMES = 4096;

/** A hash of the hosts and ports of spaces, of their tiers if they have several, and of the addresses of IPv6 among them. */
export async function hashOfSpace(spaces: readonly ProbeSpace[], ipv6?: Ipv6BookParts): Promise<string> {
  const blocks = spaces.flatMap(spaceBlocks);
  const pieces = blocks.flatMap(({ hosts, ports }) => [`${hosts.length} ${ports.join(";")} `, Uint32Array.from(hosts)]);
  const divided = spaces.filter(({ size, tierSizes }) => !tierSizes.includes(size));
  pieces.push(...divided.map(({ tiers }) => `tiers ${tiers.join(";")} `));
  if (ipv6 !== undefined) {
    pieces.push("ipv6 ", Uint32Array.from(ipv6.ranges), Uint32Array.from(ipv6.numbers), patternText(ipv6));
  }
  // Not by node:crypto: loading that takes as long as starting Deno.
  const hash = await crypto.subtle.digest("SHA-256", await new Blob(pieces).arrayBuffer());
  return new Uint8Array(hash).toHex();
}

function patternText({ pattern }: Ipv6BookParts): string {
  return JSON.stringify(pattern ?? "", (_, value) => typeof value === "bigint" ? `${value}` : value);
}

/** Returns the addresses of names in the form of a snapshot. */
export function namesToKeep(answers: ReadonlyMap<string, readonly Address[]>): ScanSnapshot["names"] {
  if (answers.size > MAX_NAMES) return [];
  const kept = (address: Address) =>
    typeof address === "number" ? address : `0x${address.toString(16).padStart(32, "0")}`;
  return Array.from(answers, ([name, addresses]) => [name, addresses.map(kept)] as const);
}

/**
 * Checks that a scan is the one of a snapshot.
 *
 * @throws {UsageError} If it is another.
 */
export function checkSameScan(
  before: ScanSnapshot,
  { technique, size, space, shard }: Pick<ScanSnapshot, "technique" | "size" | "space"> & { readonly shard: Shard },
): void {
  const [shardBefore, shardNow] = [before.shard, shard].map(({ index, count }) => `${index}/${count}`);
  const lists = "Put the lists back as they were; to leave targets out, resume with --exclude or --exclude-ports";
  const difference = before.technique !== technique
    ? `the scan had the technique ${before.technique}, and not ${technique}. Give the one it had`
    : before.size !== size
    ? `the scan had ${before.size} ports to decide, and its targets and ports now make ${size}. ${lists}`
    : before.space !== space
    ? "the targets or ports are no longer those of the scan (a list was changed, a name has another address, or the " +
      "order of ports is that of another version). " +
      lists
    : shardBefore !== shardNow
    ? `the scan was shard ${shardBefore}, and not ${shardNow}. Give the shard it had`
    : undefined;
  if (difference !== undefined) throw new UsageError(`Cannot resume: ${difference}`);
}

/** Returns the number of hosts in the shard of a scan whose hosts are divided; 0 where the snapshot has none. */
export function hostsOfShard({ hosts = 0, shard }: ScanSnapshot): number {
  return shardSize(hosts, shard);
}

/** Returns the remaining work of each worker in every pass. */
export function remainingOf({ parts }: ScanSnapshot): RemainingWork[][] {
  return parts.map((passes) =>
    passes.map(({ position, pending, refused, found }) => ({
      position,
      pending: Uint32Array.from(pending),
      ...(refused === undefined ? {} : { refused: Uint32Array.from(refused) }),
      ...(found === undefined ? {} : { found: eachList(found, (list) => Uint32Array.from(list)) }),
    }))
  );
}

/** Returns the remaining work of a worker in the form of a snapshot. */
export function partOf({ position, pending, refused = new Uint32Array(), found }: RemainingWork): RemainingPart {
  return {
    position,
    pending: [...pending],
    ...(refused.length === 0 ? {} : { refused: [...refused] }),
    ...(found === undefined ? {} : { found: eachList(found, (list) => [...list]) }),
  };
}

/** Returns hosts by state with each of their lists converted. */
function eachList<A, B>(found: Record<keyof Found, A>, convert: (list: A) => B): Record<keyof Found, B> {
  const { up, absent, silent, undecided } = found;
  return {
    up: convert(up),
    absent: convert(absent),
    silent: convert(silent),
    undecided: convert(undecided),
  };
}

/** Returns a snapshot as it is once the results that waited were read. */
export function afterReading(snapshot: ScanSnapshot): ScanSnapshot {
  if (snapshot.waiting === 0) return snapshot;
  const passes = passesIn(snapshot.technique);
  const byState = [...snapshot.done.byState];
  let left = snapshot.waiting;
  const undelivered = snapshot.undelivered.filter(({ pass, rows }) => {
    if (left === 0) return true;
    left -= rows.length / ROW_LEN;
    if (!probesHosts(passes[pass]!)) countResults(Uint32Array.from(rows), byState);
    return false;
  });
  const taken = snapshot.taken + snapshot.waiting;
  return { ...snapshot, taken, undelivered, waiting: 0, done: { ...snapshot.done, byState } };
}

/** Returns the work done before, in these passes, as one more report. */
export function doneBefore(
  { done, undelivered }: Pick<ScanSnapshot, "done" | "undelivered">,
  passes: readonly Pass[],
): PassReport {
  const byState = [...done.byState];
  for (const { pass, rows } of undelivered) {
    if (!probesHosts(passes[pass]!)) countResults(Uint32Array.from(rows), byState);
  }
  return { ...EMPTY_REPORT, ...done, byState };
}

/** The counters of a report that add up over workers. */
const COUNTERS = [
  ...["sent", "sendingMs", "answered", "returned", "lost", "expectedWrong", "late", "duplicates"],
  ...["finAcks", "unmatched", "sendRetries", "receiveDrops", "singlesUp"],
] as const;
type Totals = Record<typeof COUNTERS[number], number>;

/** Returns the work of all workers in all passes together. It can be stored as JSON. */
export function doneTogether(reports: readonly PassReport[]): Omit<ScanDone, "elapsedMs"> {
  return {
    ...countsTogether(reports),
    hostsUp: [...hostsUpIn(reports)].flat(),
    shapes: [...shapesIn(reports)],
  };
}

/** Returns the same without what has a part of each host that is up. */
export function countsTogether(reports: readonly PassReport[]): Omit<ScanDone, "elapsedMs" | "hostsUp" | "shapes"> {
  const sendErrors = new Map<string, number>();
  for (const [name, count] of reports.flatMap((report) => report.sendErrors)) {
    sendErrors.set(name, (sendErrors.get(name) ?? 0) + count);
  }
  return {
    byState: STATES.map((_, state) => sum(reports, (report) => report.byState[state] ?? 0)),
    ...Object.fromEntries(COUNTERS.map((name) => [name, sum(reports, (report) => report[name])])) as Totals,
    sendErrors: [...sendErrors],
    cappedHosts: [...unionOf(reports.map((report) => report.cappedHosts))],
    suspects: [...unionOf(reports.map((report) => report.suspects))],
    notes: [...mergedNotes(reports.map((report) => report.notes))],
  };
}

/** Returns the shapes of the SYN-ACKs of hosts, as the rows of a `ShapeTable`. */
export function shapesIn(reports: readonly Pick<PassReport, "shapes">[]): Uint32Array<ArrayBuffer> {
  return mergedShapes(reports.map(({ shapes }) => shapes));
}

/** Returns the shapes whose host and port are not in `known`, and adds these to it. */
export function newShapes(shapes: ArrayLike<number>, known: Set<number>): Uint32Array<ArrayBuffer> {
  const added: number[] = [];
  for (let at = 0; at < shapes.length; at += SHAPE_ROW_LEN) {
    const key = shapes[at]! * 65_536 + shapes[at + 1]!;
    if (known.has(key)) continue;
    known.add(key);
    for (let i = 0; i < SHAPE_ROW_LEN; i++) added.push(shapes[at + i]!);
  }
  return Uint32Array.from(added);
}

/** Returns the sum of a number of each item. */
export function sum<T>(items: readonly T[], number: (item: T) => number): number {
  return items.reduce((all, item) => all + number(item), 0);
}

/** Returns the hosts that replied to a probe, or only to ARP: both are up. */
export function hostsUpIn(reports: readonly Pick<PassReport, "hostsUp" | "local" | "found">[]): Ranges {
  const up = new RangesBuilder();
  for (const { hostsUp, local, found } of reports) {
    for (const bounds of [hostsUp, found?.up ?? []]) {
      for (let at = 0; at < bounds.length; at += 2) up.add(bounds[at]!, bounds[at + 1]!);
    }
    for (const host of local.silent) up.add(host, host);
  }
  return up.build();
}

/**
 * Returns the addresses that are in any of the lists, each once, in order. In typed arrays: they may be all of a /8, and a Set
 * holds at most 2^24.
 */
export function unionOf(lists: readonly ArrayLike<number>[]): Uint32Array<ArrayBuffer> {
  const all = new Uint32Array(lists.reduce((sum, list) => sum + list.length, 0));
  let at = 0;
  for (const list of lists) {
    all.set(list, at);
    at += list.length;
  }
  all.sort();
  return all.filter((host, index) => index === 0 || host !== all[index - 1]);
}

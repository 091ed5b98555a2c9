/**
 * The remaining work of a scan at one moment, and the work done by then: enough for another process to resume the scan and to
 * summarize the whole of it.
 *
 * @module
 */

import { mergedShapes } from "../driver/shape_table.ts";
import { mergedNotes } from "../engine/notes.ts";
import { UsageError } from "../base/errors.ts";
import { NO_SILENCE } from "../engine/silences.ts";
import { NO_LOCAL_REPORT } from "../local/machine.ts";
import type { Shard } from "../order/shard.ts";
import type { CalibrationSnapshot } from "./calibration.ts";
import type { PassReport, RemainingWork, WorkerTask } from "./worker_task.ts";
import type { Pass } from "../result/pass.ts";
import type { HostAddresses, PortResult } from "../result/port_result.ts";
import { isSilence } from "../result/rank.ts";
import type { Reason } from "../result/reasons.ts";
import { type State, stateCode, STATES } from "../result/states.ts";

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
  /** A hash of the hosts and ports of the space, in hexadecimal. */
  readonly space: string;
  /** The technique; several are joined by `+`, in the order of their passes. */
  readonly technique: string;
  /** The shard of that space that the scan covers. */
  readonly shard: { readonly index: number; readonly count: number };
  /** The addresses of target names, unless the names are too many. */
  readonly names: readonly (readonly [name: string, addresses: readonly number[]])[];
  /** Addresses and ports that the space is without. */
  readonly excluded: Exclusions;
  /** Hosts and ports that were excluded when the scan was resumed: they are in the space, and are not probed. */
  readonly removed: Exclusions;
  /** The number of results that were read from the running scan. */
  readonly taken: number;
  /**
   * The remaining work of each worker in every pass: the first position not probed, and pending probes as host, port, host, port, ...
   */
  readonly parts: readonly (readonly { readonly position: number; readonly pending: readonly number[] }[])[];
  /**
   * Pending probes with an earlier result that was read, its reason and its state: the reply came late, and its result was not
   * read.
   */
  readonly reported: readonly (readonly [pass: number, host: number, port: number, reason: Reason, state: State])[];
  /** The addresses whose names were looked up, or were to be; they are looked up again. */
  readonly lookups?: readonly number[];
  /** Findings of an earlier technique by which later ones are judged, if there are any. */
  readonly calibration?: CalibrationSnapshot;
  /** The work done by then: results that were read, superseded or not. */
  readonly done: ScanDone;
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

/** A probe that is retransmitted although an earlier result of it was read, with the reason and state of that result. */
export type Reported = ScanSnapshot["reported"][number];

/**
 * The work that a scan had done at the moment of a snapshot. Counts are those of a {@linkcode Summary}.
 *
 * @example
 * ```ts
 * import { scan } from "@synscan/synscan";
 *
 * const running = scan({ targets: "127.0.0.1", ports: "1-2000", workers: 1 });
 * for await (const _batch of running.batches()) {
 *   const { done } = await running.snapshot();
 *   console.log(done.sent, done.byState); // probes sent; open, closed, filtered, undecided
 *   break;
 * }
 * ```
 */
export interface ScanDone {
  /** Milliseconds that it took. */
  readonly elapsedMs: number;
  /** Ports decided, by code of the state. */
  readonly byState: readonly number[];
  /** Probe packets sent. */
  readonly sent: number;
  /** The sum of the sending times of all workers, in milliseconds. */
  readonly sendingMs: number;
  /** Replies that decided a port. */
  readonly answered: number;
  /** Round trips that came back. */
  readonly returned: number;
  /** Round trips proven lost. */
  readonly lost: number;
  /** The expected number of wrong results. */
  readonly expectedWrong: number;
  /** Genuine replies that came after their result. */
  readonly late: number;
  /** Replies to probes that already had one. */
  readonly duplicates: number;
  /** Segments that acknowledge a probe with FIN and without SYN. */
  readonly finAcks: number;
  /** Packets that match no probe. */
  readonly unmatched: number;
  /** The number of times that the kernel had no buffer for a packet. */
  readonly sendRetries: number;
  /** Probes that the kernel refused to send, by errno name. */
  readonly sendErrors: readonly (readonly [name: string, count: number])[];
  /** Packets that the kernel dropped. */
  readonly receiveDrops: number;
  /** Hosts that replied and had more than one port probed, as first, last, first, last, ... */
  readonly hostsUp: readonly number[];
  /** The number of hosts that replied and had one port probed. */
  readonly singlesUp: number;
  /** Hosts that reply at a capped rate. */
  readonly cappedHosts: readonly number[];
  /** Hosts for which a proxy seems to reply. */
  readonly suspects: readonly number[];
  /** Remarks on hosts and ports, in the rows of a NoteTable. */
  readonly notes: readonly number[];
  /** Shapes of SYN-ACKs of hosts that had more than one port probed, in the rows of a ShapeTable. */
  readonly shapes: readonly number[];
}

/** Names whose addresses are stored at most; if there are more, they are resolved again and must be unchanged. */
const MAX_NAMES = 4096;
/** A hash of the hosts and ports of a space. */
export async function hashOfSpace(blocks: WorkerTask["blocks"]): Promise<string> {
  const pieces = blocks.flatMap(({ hosts, ports }) => [
    new TextEncoder().encode(`${hosts.length} ${ports.join(";")} `),
    new Uint8Array(hosts.buffer, hosts.byteOffset, hosts.byteLength),
  ]);
  const whole = new Uint8Array(pieces.reduce((length, piece) => length + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  // Not by node:crypto: loading that takes as long as starting Deno.
  return new Uint8Array(await crypto.subtle.digest("SHA-256", whole)).toHex();
}

/** Returns the addresses of names in the form of a snapshot. */
export function namesToKeep(answers: ReadonlyMap<string, readonly number[]>): ScanSnapshot["names"] {
  return answers.size > MAX_NAMES ? [] : [...answers];
}

const KEEP_LISTS = "Put the lists back as they were; to leave targets out, resume with --exclude or --exclude-ports";

/**
 * Checks that a scan is the one of a snapshot.
 *
 * @throws {UsageError} If it is another.
 */
export function checkSameScan(
  snapshot: ScanSnapshot,
  { technique, size, space, shard }: Pick<ScanSnapshot, "technique" | "size" | "space"> & { readonly shard: Shard },
): void {
  if (snapshot.technique !== technique) {
    throw new UsageError(
      `Cannot resume: the scan had the technique ${snapshot.technique}, and not ${technique}. Give the one it had`,
    );
  }
  if (snapshot.size !== size) {
    throw new UsageError(
      `Cannot resume: the scan had ${snapshot.size} ports to decide, and its targets and ports now make ${size}. ${KEEP_LISTS}`,
    );
  }
  if (snapshot.space !== space) {
    throw new UsageError(
      "Cannot resume: the targets or ports are no longer those of the scan (a list was changed, or a name has another " +
        `address). ${KEEP_LISTS}`,
    );
  }
  if (snapshot.shard.index !== shard.index || snapshot.shard.count !== shard.count) {
    throw new UsageError(
      `Cannot resume: the scan was shard ${snapshot.shard.index}/${snapshot.shard.count}, and not ${shard.index}/${shard.count}. ` +
        "Give the shard it had",
    );
  }
}

/** Returns the remaining work of each worker in every pass. */
export function remainingOf(snapshot: ScanSnapshot): RemainingWork[][] {
  return snapshot.parts.map((passes) =>
    passes.map(({ position, pending }) => ({ position, pending: Uint32Array.from(pending) }))
  );
}

/** Returns the work done before as one more report. Retransmitted probes count once they are decided. */
export function doneBefore({ done, reported }: Pick<ScanSnapshot, "done" | "reported">): PassReport {
  const { hostsUp, cappedHosts, suspects, notes, shapes = [], ...counts } = done;
  const byState = [...counts.byState];
  for (const [, , , , state] of reported) byState[stateCode(state)]!--;
  return {
    ...counts,
    byState,
    ended: "done",
    inFlight: 0,
    probed: 0,
    hostsUp: addressesIn(hostsUp),
    cappedHosts: Uint32Array.from(cappedHosts),
    suspects: Uint32Array.from(suspects),
    notes: Uint32Array.from(notes),
    shapes: Uint32Array.from(shapes),
    silences: NO_SILENCE,
    local: NO_LOCAL_REPORT,
  };
}

/** Results that were not read, and probes with a result from before the scan was resumed. */
export interface Undelivered {
  readonly results: readonly PortResult[];
  /** Those of these results that supersede one from before the scan was resumed, which no worker can know. */
  readonly again: { has(result: PortResult): boolean };
  /** Undecided probes with an earlier result. */
  readonly reported: readonly Reported[];
  /** Returns true if one port of a host is probed: such hosts are counted, and not listed. */
  isProbedOnce(host: number): boolean;
  /** Returns the number of the host with an address. */
  hostOf(ip: string): number;
}

/** Returns the work of all workers in all passes together, without results that were not read: their ports are probed again. */
export function doneTogether(
  reports: readonly PassReport[],
  { results, again, reported, isProbedOnce, hostOf }: Undelivered,
  elapsedMs: number,
): ScanDone {
  const byState = STATES.map((_, state) => sum(reports, (report) => report.byState[state] ?? 0));
  const totals = totalsOf(reports);
  for (const result of results) {
    byState[stateCode(result.state)]!--;
    if (result.replacesState !== undefined) byState[stateCode(result.replacesState)]!++;
    if (result.late && !again.has(result)) totals.late--;
    else if (!isSilence(result.reason)) totals.answered--;
    const isByHost = !isSilence(result.reason) && result.from === undefined;
    if (isByHost && isProbedOnce(hostOf(result.ip))) totals.singlesUp--;
  }
  for (const [, , , , state] of reported) byState[stateCode(state)]!++;
  return {
    elapsedMs,
    byState,
    ...totals,
    hostsUp: rangesOf(hostsUpIn(reports)),
    cappedHosts: [...unionOf(reports.map((report) => report.cappedHosts))],
    suspects: [...unionOf(reports.map((report) => report.suspects))],
    notes: [...mergedNotes(reports.map((report) => report.notes))],
    shapes: [...mergedShapes(reports.map((report) => report.shapes), isProbedOnce)],
  };
}

/** The counters of a report that add up over workers. */
const COUNTERS = [
  ...["sent", "sendingMs", "answered", "returned", "lost", "expectedWrong", "late", "duplicates"],
  ...["finAcks", "unmatched", "sendRetries", "receiveDrops", "singlesUp"],
] as const;
type Totals = Record<typeof COUNTERS[number], number>;

/** Returns the sums of the counters of all reports. */
export function totalsOf(reports: readonly PassReport[]): Totals & Pick<ScanDone, "sendErrors"> {
  const sendErrors = new Map<string, number>();
  for (const [name, count] of reports.flatMap((report) => report.sendErrors)) {
    sendErrors.set(name, (sendErrors.get(name) ?? 0) + count);
  }
  const totals = Object.fromEntries(COUNTERS.map((name) => [name, sum(reports, (report) => report[name])])) as Totals;
  return { ...totals, sendErrors: [...sendErrors] };
}

/** Returns the sum of a number of each item. */
export function sum<T>(items: readonly T[], number: (item: T) => number): number {
  return items.reduce((all, item) => all + number(item), 0);
}

/**
 * Returns the ports of results that were not read, each once, by the number of the pass and as host, port, host, port, ..., and those
 * of them with an earlier result that was read.
 */
export function toRetransmit(
  undelivered: readonly PortResult[],
  passes: readonly Pass[],
  addresses: HostAddresses,
): { readonly pending: readonly (readonly number[])[]; readonly reported: readonly Reported[] } {
  const pending = passes.map((): number[] => []);
  const reported: Reported[] = [];
  const seen = new Set<number>();
  const numbers = new Map(passes.map(({ technique, number }) => [technique, number]));
  for (const { technique, ip, port, replaces, replacesState } of undelivered) {
    const pass = numbers.get(technique)!;
    const host = addresses.hostOf(ip);
    const key = probeKey(pass, host, port);
    if (seen.has(key)) continue;
    seen.add(key);
    pending[pass]!.push(host, port);
    // Of several results of a port, the first holds the one that was read.
    if (replaces !== undefined && replacesState !== undefined) {
      reported.push([pass, host, port, replaces, replacesState]);
    }
  }
  return { pending, reported };
}

/** Returns a number that identifies a probe: a port of a host in a pass, of which there are fewer than 32. */
export function probeKey(pass: number, host: number, port: number): number {
  return (pass * 2 ** 32 + host) * 65_536 + port;
}

/** Returns the hosts that replied to a probe, or only to ARP: both are up. */
export function hostsUpIn(reports: readonly Pick<PassReport, "hostsUp" | "local">[]): Uint32Array<ArrayBuffer> {
  return unionOf(reports.flatMap(({ hostsUp, local }) => [hostsUp, local.silent]));
}

/**
 * Returns the addresses that are in any of the lists, each once, in order. In typed arrays: they may be all of a /8, and a Set
 * holds at most 2^24.
 */
export function unionOf(lists: readonly Uint32Array[]): Uint32Array<ArrayBuffer> {
  const all = new Uint32Array(lists.reduce((sum, list) => sum + list.length, 0));
  let at = 0;
  for (const list of lists) {
    all.set(list, at);
    at += list.length;
  }
  all.sort();
  let count = 0;
  for (let i = 0; i < all.length; i++) if (count === 0 || all[i] !== all[count - 1]) all[count++] = all[i]!;
  return all.subarray(0, count);
}

/** Returns sorted addresses as first, last, first, last, ... */
function rangesOf(addresses: Uint32Array): number[] {
  const bounds: number[] = [];
  for (const address of addresses) {
    if (bounds.length > 0 && bounds.at(-1) === address - 1) bounds[bounds.length - 1] = address;
    else bounds.push(address, address);
  }
  return bounds;
}

function addressesIn(bounds: readonly number[]): Uint32Array {
  let count = 0;
  for (let at = 0; at < bounds.length; at += 2) count += bounds[at + 1]! - bounds[at]! + 1;
  const addresses = new Uint32Array(count);
  for (let at = 0, index = 0; at < bounds.length; at += 2) {
    for (let address = bounds[at]!; address <= bounds[at + 1]!; address++) addresses[index++] = address;
  }
  return addresses;
}

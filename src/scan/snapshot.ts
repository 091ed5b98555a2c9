/**
 * What is left of a scan at one moment, and what it had done by then: enough for another process to go on with it and to
 * speak for the whole of it in the end.
 *
 * @module
 */

import { mergedNotes } from "../engine/notes.ts";
import { UsageError } from "../base/errors.ts";
import { NO_SILENCE } from "../engine/silences.ts";
import { NO_LOCAL_REPORT } from "../local/machine.ts";
import type { Shard } from "../order/shard.ts";
import type { RemainingWork, WorkerReport, WorkerTask } from "./worker_task.ts";
import { isSilence, type PortResult, type Reason, type State, stateCode, STATES } from "../result/outcome.ts";
import { parseIpv4 } from "../wire/address.ts";

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
  /** What orders the questions. */
  readonly seed: number;
  /** How many ports of hosts the whole space held, before it was divided into shards. */
  readonly size: number;
  /** A hash of the hosts and ports of the space, in hexadecimal. */
  readonly space: string;
  /** Which part of that space the scan was to do. */
  readonly shard: { readonly index: number; readonly count: number };
  /** The addresses that names had, where names were used and are not too many. */
  readonly names: readonly (readonly [name: string, addresses: readonly number[]])[];
  /** What the space is without: addresses and ports, as first, last, first, last, ... */
  readonly excluded: Exclusions;
  /** What was excluded later, when the scan was resumed; it is in the space, and is not to be probed. */
  readonly removed: Exclusions;
  /** How many results were taken of the scan that was asked. */
  readonly taken: number;
  /** What is left of each worker's part: the first position not asked, and open questions as host, port, host, port, ... */
  readonly parts: readonly { readonly position: number; readonly pending: readonly number[] }[];
  /**
   * Of the open questions, those on which an earlier verdict was taken, its reason and its state: the answer came late, and nobody
   * took that.
   */
  readonly reported: readonly (readonly [host: number, port: number, reason: Reason, state: State])[];
  /** What was done by then: results that were taken, replaced or not. */
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
  /** Hosts, as numbers. */
  readonly hosts: readonly number[];
  /** Ports. */
  readonly ports: readonly number[];
}

/** A question that is asked again though a verdict on it was taken before, and the reason of that verdict. */
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
  /** How long each worker was sending, added up, in milliseconds. */
  readonly sendingMs: number;
  /** Answers that decided something. */
  readonly answered: number;
  /** Round trips that came back. */
  readonly returned: number;
  /** Round trips proven lost. */
  readonly lost: number;
  /** Verdicts expected to be wrong. */
  readonly expectedWrong: number;
  /** Genuine answers that came after their verdict. */
  readonly late: number;
  /** Answers to what had been answered. */
  readonly duplicates: number;
  /** Segments that acknowledge a probe with FIN and without SYN. */
  readonly finAcks: number;
  /** Packets that answered nothing. */
  readonly unmatched: number;
  /** How often the kernel had no room for a packet. */
  readonly sendRetries: number;
  /** Probes that the kernel refused to send, by errno name. */
  readonly sendErrors: readonly (readonly [name: string, count: number])[];
  /** Packets that the kernel dropped. */
  readonly receiveDrops: number;
  /** Hosts that answered and were asked more than one port, as first, last, first, last, ... */
  readonly hostsUp: readonly number[];
  /** How many hosts answered that were asked one port. */
  readonly singlesUp: number;
  /** Hosts that answer at a capped rate. */
  readonly cappedHosts: readonly number[];
  /** Hosts that look like something else answers for them. */
  readonly suspects: readonly number[];
  /** Remarks on hosts and ports, in the rows of a NoteTable. */
  readonly notes: readonly number[];
}

/** Names whose addresses are kept; where there are more, they are asked for again, and must be the same. */
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

/** The addresses of names, to be kept. */
export function namesToKeep(answers: ReadonlyMap<string, readonly number[]>): ScanSnapshot["names"] {
  return answers.size > MAX_NAMES ? [] : [...answers];
}

const KEEP_LISTS = "Put the lists back as they were; to leave targets out, resume with --exclude or --exclude-ports";

/**
 * Makes sure that a scan is the one of which something was left.
 *
 * @throws {UsageError} If it is another.
 */
export function checkSameScan(rest: ScanSnapshot, size: number, space: string, shard: Shard): void {
  if (rest.size !== size) {
    throw new UsageError(
      `Cannot go on: the scan had ${rest.size} ports to decide, and its targets and ports now make ${size}. ${KEEP_LISTS}`,
    );
  }
  if (rest.space !== space) {
    throw new UsageError(
      "Cannot go on: the targets or ports are no longer those of the scan (a list was changed, or a name has another " +
        `address). ${KEEP_LISTS}`,
    );
  }
  if (rest.shard.index !== shard.index || rest.shard.count !== shard.count) {
    throw new UsageError(
      `Cannot go on: the scan was shard ${rest.shard.index}/${rest.shard.count}, and not ${shard.index}/${shard.count}. ` +
        "Give the shard it had",
    );
  }
}

/** What is left of each part, in the form that parts take. */
export function remainingOf(rest: ScanSnapshot): RemainingWork[] {
  return rest.parts.map(({ position, pending }) => ({ position, pending: Uint32Array.from(pending) }));
}

/** What was done before, as one more part would say it that has ended. What is asked again counts once it is decided. */
export function doneBefore({ done, reported }: Pick<ScanSnapshot, "done" | "reported">): WorkerReport {
  const { hostsUp, cappedHosts, suspects, notes, ...counts } = done;
  const byState = [...counts.byState];
  for (const [, , , state] of reported) byState[stateCode(state)]!--;
  return {
    ...counts,
    byState,
    ended: "done",
    inFlight: 0,
    decided: byState.reduce((all, count) => all + count, 0),
    probed: 0,
    hostsUp: addressesIn(hostsUp),
    cappedHosts: Uint32Array.from(cappedHosts),
    suspects: Uint32Array.from(suspects),
    notes: Uint32Array.from(notes),
    silences: NO_SILENCE,
    local: NO_LOCAL_REPORT,
  };
}

/** Results that nobody has taken, and questions reported before the scan was gone on with. */
export interface Undelivered {
  readonly results: readonly PortResult[];
  /** Of these results, those that decide what was reported before: no part knows that they replace anything. */
  readonly again: { has(result: PortResult): boolean };
  /** Questions reported before that are not decided. */
  readonly reported: readonly Reported[];
  /** Whether a host is asked one port only: such hosts are counted, and not known by their addresses. */
  isProbedOnce(host: number): boolean;
}

/** What parts have done together, but for results that nobody has taken: their ports are to be asked again. */
export function doneTogether(
  reports: readonly WorkerReport[],
  { results, again, reported, isProbedOnce: isAskedOnce }: Undelivered,
  elapsedMs: number,
): ScanDone {
  const total = (count: (report: WorkerReport) => number) => reports.reduce((all, report) => all + count(report), 0);
  const sendErrors = new Map<string, number>();
  for (const [name, count] of reports.flatMap((report) => report.sendErrors)) {
    sendErrors.set(name, (sendErrors.get(name) ?? 0) + count);
  }
  const byState = STATES.map((_, state) => total((report) => report.byState[state] ?? 0));
  let answered = total((report) => report.answered);
  let late = total((report) => report.late);
  let singlesUp = total((report) => report.singlesUp);
  for (const result of results) {
    byState[stateCode(result.state)]!--;
    if (result.replacesState !== undefined) byState[stateCode(result.replacesState)]!++;
    if (result.late && !again.has(result)) late--;
    else if (!isSilence(result.reason)) answered--;
    const isItsOwn = !isSilence(result.reason) && result.from === undefined;
    if (isItsOwn && isAskedOnce(parseIpv4(result.ip)!)) singlesUp--;
  }
  for (const [, , , state] of reported) byState[stateCode(state)]!++;
  return {
    elapsedMs,
    byState,
    sent: total((report) => report.sent),
    sendingMs: total((report) => report.sendingMs),
    answered,
    returned: total((report) => report.returned),
    lost: total((report) => report.lost),
    expectedWrong: total((report) => report.expectedWrong),
    late,
    duplicates: total((report) => report.duplicates),
    finAcks: total((report) => report.finAcks),
    unmatched: total((report) => report.unmatched),
    sendRetries: total((report) => report.sendRetries),
    sendErrors: [...sendErrors],
    receiveDrops: total((report) => report.receiveDrops),
    hostsUp: rangesOf(hostsUpIn(reports)),
    singlesUp,
    cappedHosts: [...unionOf(reports.map((report) => report.cappedHosts))],
    suspects: [...unionOf(reports.map((report) => report.suspects))],
    notes: [...mergedNotes(reports.map((report) => report.notes))],
  };
}

/**
 * The ports of results that nobody has taken, each once, as host, port, host, port, ...; and those of them on which a
 * verdict was taken before.
 */
export function toRetransmit(
  untaken: readonly PortResult[],
): { readonly pending: readonly number[]; readonly reported: readonly Reported[] } {
  const pending: number[] = [];
  const reported: Reported[] = [];
  const seen = new Set<number>();
  for (const { ip, port, replaces, replacesState } of untaken) {
    const host = parseIpv4(ip)!;
    const key = probeKey(host, port);
    if (seen.has(key)) continue;
    seen.add(key);
    pending.push(host, port);
    // Of several results of a port, the first says what was taken before.
    if (replaces !== undefined && replacesState !== undefined) reported.push([host, port, replaces, replacesState]);
  }
  return { pending, reported };
}

/** A number for each question. */
export function probeKey(host: number, port: number): number {
  return host * 65_536 + port;
}

/** Hosts that replied, or that answer ARP without a reply to any probe: both are up. */
export function hostsUpIn(reports: readonly Pick<WorkerReport, "hostsUp" | "local">[]): Uint32Array<ArrayBuffer> {
  return unionOf(reports.flatMap(({ hostsUp, local }) => [hostsUp, local.silent]));
}

/**
 * The addresses that are in any of the lists, each once, in order. In typed memory only: they may be all of a /8, and no
 * Set holds more than 2^24.
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

/** Sorted addresses as first, last, first, last, ... */
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

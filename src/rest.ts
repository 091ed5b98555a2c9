/**
 * What is left of a scan at one moment, and what it had done by then: enough for another process to go on with it and to
 * speak for the whole of it in the end.
 *
 * @module
 */

import { UsageError } from "./errors.ts";
import type { PartReport, PartRest, PartTask } from "./part.ts";
import { isSilence, type PortResult, stateOf, STATES } from "./result.ts";
import { parseIpv4 } from "./wire/address.ts";

/**
 * What is left of a scan at one moment: with the results that were taken before, it makes the whole. Its size depends on the
 * probes in flight and on the hosts that answered, not on the scan. It survives JSON.
 */
export interface ScanRest {
  /** What orders the questions. */
  readonly seed: number;
  /** How many ports of hosts the whole space held, before it was divided into shards. */
  readonly size: number;
  /** A hash of the hosts and ports of the space, in hexadecimal. */
  readonly space: string;
  /** The addresses that names had, where names were used and are not too many. */
  readonly names: readonly (readonly [name: string, addresses: readonly number[]])[];
  /** How many results were taken of the scan that was asked. */
  readonly taken: number;
  /** What is left of each worker's part: the first position not asked, and open questions as host, port, host, port, ... */
  readonly parts: readonly { readonly position: number; readonly pending: readonly number[] }[];
  /** What was done by then. */
  readonly done: ScanDone;
}

/** What a scan had done by a moment. Counts are those of a `Summary`. */
export interface ScanDone {
  /** Milliseconds that it took. */
  readonly elapsedMs: number;
  /** Ports decided, by state: open, closed, filtered, undecided. */
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
}

/** Names whose addresses are kept; where there are more, they are asked for again, and must be the same. */
const MAX_NAMES = 4096;
/** A hash of the hosts and ports of a space. */
export async function hashOfSpace(blocks: PartTask["blocks"]): Promise<string> {
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
export function namesToKeep(answers: ReadonlyMap<string, readonly number[]>): ScanRest["names"] {
  return answers.size > MAX_NAMES ? [] : [...answers];
}

/**
 * Makes sure that a scan is the one of which something was left.
 *
 * @throws {UsageError} If it is another.
 */
export function refuseOther(rest: ScanRest, size: number, space: string): void {
  if (rest.size !== size) {
    throw new UsageError(
      `Cannot go on: the scan had ${rest.size} ports to decide, and its targets and ports now make ${size}. Begin anew`,
    );
  }
  if (rest.space !== space) {
    throw new UsageError(
      "Cannot go on: the targets or ports are no longer those of the scan (a list was changed, or a name has another " +
        "address). Begin anew",
    );
  }
}

/** What is left of each part, in the form that parts take. */
export function partRests(rest: ScanRest): PartRest[] {
  return rest.parts.map(({ position, pending }) => ({ position, pending: Uint32Array.from(pending) }));
}

/** What was done before, as what one more part would say that has ended. */
export function doneBefore({ hostsUp, cappedHosts, suspects, ...counts }: ScanDone): PartReport {
  return {
    ...counts,
    ended: "done",
    inFlight: 0,
    decided: counts.byState.reduce((all, count) => all + count, 0),
    hostsUp: addressesIn(hostsUp),
    cappedHosts: Uint32Array.from(cappedHosts),
    suspects: Uint32Array.from(suspects),
  };
}

/** What parts have done together, but for `untaken`: results that nobody has taken, whose ports are to be asked again. */
export function doneTogether(
  reports: readonly PartReport[],
  untaken: readonly PortResult[],
  elapsedMs: number,
): ScanDone {
  const total = (count: (report: PartReport) => number) => reports.reduce((all, report) => all + count(report), 0);
  const union = (addresses: (report: PartReport) => Uint32Array) =>
    Uint32Array.from(new Set(reports.flatMap((report) => [...addresses(report)]))).sort();
  const sendErrors = new Map<string, number>();
  for (const [name, count] of reports.flatMap((report) => report.sendErrors)) {
    sendErrors.set(name, (sendErrors.get(name) ?? 0) + count);
  }
  const byState = STATES.map((_, state) => total((report) => report.byState[state] ?? 0));
  let answered = total((report) => report.answered);
  let late = total((report) => report.late);
  for (const result of untaken) {
    byState[STATES.indexOf(result.state)]!--;
    if (result.replaces !== undefined) {
      byState[STATES.indexOf(stateOf(result.replaces))]!++;
      late--;
    } else if (!isSilence(result.reason)) {
      answered--;
    }
  }
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
    unmatched: total((report) => report.unmatched),
    sendRetries: total((report) => report.sendRetries),
    sendErrors: [...sendErrors],
    receiveDrops: total((report) => report.receiveDrops),
    hostsUp: rangesOf(union((report) => report.hostsUp)),
    singlesUp: total((report) => report.singlesUp),
    cappedHosts: [...union((report) => report.cappedHosts)],
    suspects: [...union((report) => report.suspects)],
  };
}

/** The ports of results that nobody has taken, as host, port, host, port, ... What came late was asked and told before. */
export function toAskAgain(untaken: readonly PortResult[]): number[] {
  return untaken.filter(({ late }) => !late).flatMap(({ ip, port }) => [parseIpv4(ip)!, port]);
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

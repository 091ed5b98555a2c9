/**
 * What a lab's ports truly are, what a scanner said of them, and the difference.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { formatIpv4, parseIpv4 } from "../../src/wire/address.ts";
import { formatIpv6, parseIpv6 } from "../../src/wire/address6.ts";
import { expandPorts } from "./lab.ts";

/**
 * What is true of a port. Where the kernel leaves open what can be known, the state is `closed or filtered`; where the
 * reason may be one of several, all are given; where it does not matter, none.
 */
interface Truth {
  readonly state: string;
  readonly reasons: readonly string[];
}

/** What a scanner said of one port. */
export interface Sighting {
  readonly ip: string;
  readonly port: number;
  readonly state: string;
  readonly reason: string;
  /** The sender of an ICMP error that is not the host itself. */
  readonly from?: string | null | undefined;
}

/** The truth of each port, by `ip:port`. */
export type GroundTruth = Map<string, Truth>;

/** How a scanner's answer compares with the truth. The lists hold one line for a person each. */
interface Comparison {
  readonly right: number;
  readonly wrong: readonly string[];
  readonly missing: readonly string[];
  readonly unexpected: readonly string[];
  readonly duplicates: readonly string[];
}

/** One row of a ground truth: hosts, ports (as text), state, and the reasons that may be given. */
export type TruthRow = readonly [hosts: string | readonly string[], ports: string, state: string, ...reasons: string[]];

/** A ground truth from its rows; a later row overrides an earlier one. */
export function groundTruth(rows: readonly TruthRow[]): GroundTruth {
  const truth: GroundTruth = new Map();
  for (const [hosts, ports, state, ...reasons] of rows) {
    const numbers = expandPorts(ports);
    for (const ip of typeof hosts === "string" ? [hosts] : hosts) {
      for (const port of numbers) truth.set(`${ip}:${port}`, { state, reasons });
    }
  }
  return truth;
}

/** The `count` addresses from `first` on, of either address family. */
export function hostsFrom(first: string, count: number): string[] {
  const [base, base6] = [parseIpv4(first), parseIpv6(first)];
  return Array.from(
    { length: count },
    (_, i) => base === undefined ? formatIpv6(base6! + BigInt(i)) : formatIpv4(base + i),
  );
}

/** Compares what was seen with what is true. */
export function compare(truth: GroundTruth, seen: Iterable<Sighting>): Comparison {
  const wrong: string[] = [], unexpected: string[] = [], duplicates: string[] = [];
  const met = new Set<string>();
  let right = 0;
  for (const { ip, port, state, reason } of seen) {
    const key = `${ip}:${port}`, expected = truth.get(key);
    if (expected === undefined) unexpected.push(`${key} ${state} (${reason})`);
    else if (met.has(key)) duplicates.push(`${key} ${state} (${reason})`);
    else if (fits(expected, state, reason)) right++;
    else wrong.push(`${key} is ${expected.state} (${expected.reasons.join(" or ")}), not ${state} (${reason})`);
    met.add(key);
  }
  const missing = [...truth.keys()].filter((key) => !met.has(key));
  return { right, wrong, missing, unexpected, duplicates };
}

function fits(expected: Truth, state: string, reason: string): boolean {
  return expected.state.split(" or ").includes(state) &&
    (expected.reasons.length === 0 || expected.reasons.includes(reason));
}

/** Fails, with a few examples, unless what was seen is the whole truth. */
export function assertTruth(truth: GroundTruth, seen: Iterable<Sighting>, who: string): void {
  const { wrong, missing, unexpected, duplicates } = compare(truth, seen);
  const brief = (lines: readonly string[]) =>
    lines.length > 8 ? [...lines.slice(0, 8), `... ${lines.length} in all`] : lines;
  assertEquals(
    { wrong: brief(wrong), missing: brief(missing), unexpected: brief(unexpected), duplicates: brief(duplicates) },
    { wrong: [], missing: [], unexpected: [], duplicates: [] },
    `${who} and the truth differ`,
  );
}

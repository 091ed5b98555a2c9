/**
 * The summary of a scan as a history has it: JSON in which hosts with the same guesses of their systems have them once.
 *
 * @module
 */
import { hasShape, isText, orMissing, orNull, type Shape } from "../base/shape.ts";
import { lastAtMost } from "../collections/sorted_search.ts";
import { type GuessedHosts, guessedHosts, type Summary, type SystemGuess, withOs } from "../result/summary.ts";
import { distance, hostKey, hostText, isHostBefore } from "./key.ts";
import { isAddress, isPort, isSummary, knownSummary } from "./validate.ts";

/** Hosts with the same guesses. */
interface AlikeHosts {
  /** Addresses, and ranges of those of IPv4: `192.0.2.7-192.0.2.9,2001:db8::1`. */
  readonly hosts: string;
  readonly guesses: readonly SystemGuess[];
}

const SYSTEMS: Shape = [{
  hosts: (value) => isText(value) && String(value).split(",").every(isRange),
  guesses: [{ family: orNull(isText), evidence: isText, ports: [isPort] }],
}];

/** A summary with `systems` in place of `os`; those of earlier versions have `os`. */
interface StoredSummary extends Summary {
  readonly systems?: readonly AlikeHosts[];
}

/** Returns a summary as JSON. */
export function summaryText(summary: Summary): string {
  const others = Object.keys(summary).filter((name) => name !== "os") as (keyof Summary)[];
  const values = Object.fromEntries(others.map((name) => [name, summary[name]]));
  return JSON.stringify({ ...values, systems: systemsOf(guessedHosts(summary)) });
}

function systemsOf(hosts: GuessedHosts): AlikeHosts[] {
  const byGuesses = new Map<string, Range[]>();
  let before: readonly SystemGuess[] | undefined;
  let ranges: Range[] = [];
  for (let index = 0; index < hosts.length; index++) {
    const guesses = hosts.guessesOf(index);
    // Most hosts share those of the one before.
    if (guesses !== before) {
      const text = JSON.stringify(guesses.map(({ family, evidence, ports }) => ({ family, evidence, ports })));
      [before, ranges] = [guesses, byGuesses.getOrInsertComputed(text, () => [])];
    }
    addTo(ranges, hosts.ipOf(index));
  }
  return [...byGuesses].map(([text, ranges]) => ({ hosts: ranges.map(rangeText).join(), guesses: JSON.parse(text) }));
}

/** Neighbouring addresses of IPv4, or one of IPv6. */
interface Range {
  readonly first: string;
  last: string;
  /** The number of the last one; NaN for IPv6. */
  lastNumber: number;
}

function addTo(ranges: Range[], ip: string): void {
  const number = ip.includes(":") ? NaN : Number(hostKey(ip));
  const range = ranges.at(-1);
  if (range?.lastNumber === number - 1) [range.last, range.lastNumber] = [ip, number];
  else ranges.push({ first: ip, last: ip, lastNumber: number });
}

function rangeText({ first, last }: Range): string {
  return first === last ? first : `${first}-${last}`;
}

/** Returns true for the value of such JSON. */
export function isStoredSummary(value: unknown): value is StoredSummary {
  return isSummary(value) && hasShape((value as StoredSummary).systems, orMissing(SYSTEMS));
}

/** Returns the summary in the value of such JSON. */
export function summaryIn(stored: StoredSummary): Summary {
  const known = knownSummary(stored);
  return stored.systems === undefined ? known : withOs(known, hostsIn(stored.systems));
}

/** Returns the hosts in the order of addresses. */
function hostsIn(systems: readonly AlikeHosts[]): GuessedHosts {
  const ranges = systems
    .flatMap(({ hosts, guesses }) =>
      hosts.split(",").map((text) => ({ first: hostKey(endsOf(text)[0]), text, guesses }))
    )
    .sort((one, other) => isHostBefore(one.first, other.first) ? -1 : 1);
  let length = 0;
  const starts = ranges.map(({ text }) => {
    const start = length;
    length += countOf(text);
    return start;
  });
  return {
    length,
    ipOf: (index) => {
      const at = lastAtMost(starts, index);
      const { first } = ranges[at]!;
      return hostText(typeof first === "number" ? first + index - starts[at]! : first);
    },
    guessesOf: (index) => ranges[lastAtMost(starts, index)]!.guesses,
  };
}

function isRange(text: string): boolean {
  return endsOf(text).every(isAddress) && countOf(text) > 0;
}

function countOf(text: string): number {
  const [first, last] = endsOf(text);
  return first === last ? 1 : distance(hostKey(first), hostKey(last)) + 1;
}

function endsOf(text: string): readonly [first: string, last: string] {
  const [, first = text, last = text] = /^([\d.]+)-([\d.]+)$/.exec(text) ?? [];
  return [first, last];
}

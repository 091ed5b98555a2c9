/**
 * One summary of the shards of a scan: counts are added, and the worst of them decides how far it can be trusted.
 *
 * @module
 */
import { grouped } from "../base/text.ts";
import type { ScanShare } from "./share.ts";
import { type AliasedPrefix, COUNT_NAMES, isMuchWrong, type Summary, wrongText } from "./summary.ts";

/** The summary of a shard. */
interface ShardSummary {
  readonly share: ScanShare;
  readonly startedAtMs: number;
  readonly summary: Summary;
}

/** Facts of the whole scan that do not follow from the summaries. */
interface WholeScan {
  readonly hosts: number;
  readonly hostsUp: number;
  /** Ports of missing shards. */
  readonly missing: number;
  /** Warnings about them. */
  readonly warnings: readonly string[];
  readonly isComplete: boolean;
}

/** Counts of a summary that add up. */
const SUMS = [
  ...["hostsAbsent", "hostsSilent", "hostsUndecided", "probes", "sent", "answered", ...COUNT_NAMES, "roundTrips"],
  ...["expectedWrong", "late", "duplicates", "finAcks", "unmatched", "sendRetries", "receiveDrops", "workers"],
] as const;
type Sums = { readonly [name in keyof Summary as Summary[name] extends number ? name : never]: number };

/** The ways to end, the worst first. */
const ENDINGS = ["failed", "interrupted", "deadline", "done"] as const;

/** Returns the summary of all shards together. */
export function joinSummaries(shards: readonly ShardSummary[], whole: WholeScan): Summary {
  const summaries = shards.map(({ summary }) => summary);
  const sum = (of: (summary: Summary) => number) => summaries.reduce((all, summary) => all + of(summary), 0);
  const sums = Object.fromEntries(
    SUMS.map((name) => [name, sum((summary) => summary[name as keyof Sums])]),
  ) as unknown as Sums;
  const lost = sum(({ loss, roundTrips }) => (loss ?? 0) * roundTrips);
  const busyMs = sum(({ elapsedMs }) => elapsedMs);
  const elapsedMs = timeOf(shards);
  // Shards that scan at the same time send at the sum of their rates.
  const sendingMs = sum(({ sent, ratePps }) => ratePps > 0 ? sent * 1000 / ratePps : 0) * elapsedMs /
    Math.max(1, busyMs);
  const undecided = sums.undecided + whole.missing;
  const isByHost = shards.every(({ share }) => share.by === "host");
  const capped = summaries.map(({ cappedHosts }) => cappedHosts);
  return {
    ...summaries[0]!,
    ...sums,
    ...{ hosts: whole.hosts, hostsUp: whole.hostsUp, probes: sums.probes + whole.missing, undecided },
    // Otherwise a host is in several shards.
    cappedHosts: isByHost ? capped.reduce((all, count) => all + count, 0) : Math.max(...capped),
    elapsedMs,
    ratePps: sendingMs > 0 ? sums.sent * 1000 / sendingMs : 0,
    loss: sums.roundTrips > 0 ? lost / sums.roundTrips : null,
    sendErrors: addedUp(summaries.map(({ sendErrors }) => sendErrors)),
    suspects: distinct(summaries.flatMap(({ suspects }) => suspects), ({ ip }) => ip),
    notes: distinct(summaries.flatMap(({ notes }) => notes), (note) => JSON.stringify(note)),
    aliased: joinedPrefixes(summaries.flatMap(({ aliased }) => aliased)),
    hostnames: distinct(summaries.flatMap(({ hostnames }) => hostnames), ({ ip }) => ip),
    traces: distinct(summaries.flatMap(({ traces }) => traces), ({ ip }) => ip),
    os: byHost(distinct(summaries.flatMap(({ os }) => os), ({ ip, evidence }) => `${ip} ${evidence}`)),
    ended: ENDINGS.find((ended) => summaries.some((summary) => summary.ended === ended)) ?? "done",
    warnings: [
      ...whole.warnings,
      ...warningsOf(shards),
      ...(isMuchWrong(sums) && !summaries.some(isMuchWrong) ? [wrongText(sums)] : []),
    ],
    trusted: whole.isComplete && summaries.every(({ trusted }) => trusted) && !isMuchWrong(sums),
    transport: [...new Set(summaries.map(({ transport }) => transport).filter((name) => name !== ""))].join("+"),
  };
}

/** Returns the time during which any of the shards was scanned, in milliseconds. */
function timeOf(shards: readonly ShardSummary[]): number {
  let elapsedMs = 0;
  let untilMs = 0;
  for (const { startedAtMs, summary } of shards.toSorted((one, other) => one.startedAtMs - other.startedAtMs)) {
    const endMs = startedAtMs + summary.elapsedMs;
    elapsedMs += Math.max(0, endMs - Math.max(startedAtMs, untilMs));
    untilMs = Math.max(untilMs, endMs);
  }
  return elapsedMs;
}

/** Returns the warnings of shards: those that all of them have once, and others with the shard. */
function warningsOf(shards: readonly ShardSummary[]): string[] {
  const all = Map.groupBy(
    shards.flatMap(({ share, summary }) => summary.warnings.map((text) => ({ text, share }))),
    ({ text }) => text,
  );
  return Array.from(all, ([text, from]) => {
    const { index, count } = from[0]!.share;
    if (from.length === shards.length) return text;
    const more = from.length === 1 ? "" : ` and ${grouped(from.length - 1)} more`;
    return `Shard ${index}/${count}${more}: ${text}`;
  });
}

function addedUp(errors: readonly Summary["sendErrors"][]): Summary["sendErrors"] {
  const sums: Record<string, number> = {};
  for (const [name, count] of errors.flatMap((each) => Object.entries(each))) sums[name] = (sums[name] ?? 0) + count;
  return sums;
}

/** Returns the aliased prefixes of all shards, each once. */
function joinedPrefixes(aliased: readonly AliasedPrefix[]): AliasedPrefix[] {
  return Array.from(Map.groupBy(aliased, ({ prefix }) => prefix).values(), (same) => ({
    ...same[0]!,
    hosts: same.reduce((sum, { hosts }) => sum + hosts, 0),
  }));
}

/** Returns the items with different keys, the first of each. */
function distinct<T>(items: readonly T[], keyOf: (item: T) => string): T[] {
  const found = new Map<string, T>();
  for (const item of items) if (!found.has(keyOf(item))) found.set(keyOf(item), item);
  return [...found.values()];
}

/** Returns items with those of one host behind each other. */
function byHost<T extends { readonly ip: string }>(items: readonly T[]): T[] {
  return [...Map.groupBy(items, ({ ip }) => ip).values()].flat();
}

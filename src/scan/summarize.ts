/**
 * The summary of a scan, from the reports of its workers.
 *
 * @module
 */

import { counted, grouped } from "../base/text.ts";
import { hostOs } from "./host_os.ts";
import { noteTexts } from "../engine/notes.ts";
import { type ProxyFindings, proxyFindings } from "../engine/proxies.ts";
import { passesNamed, probesHosts } from "../result/pass.ts";
import { passesIn } from "./passes.ts";
import { STATES } from "../result/states.ts";
import {
  type AliasedPrefix,
  decidedIn,
  type Hostname,
  isMuchWrong,
  stateCounts,
  type Summary,
  type Suspicion,
  withOs,
  wrongText,
} from "../result/summary.ts";
import type { Trace } from "../result/trace.ts";
import { Ranges, RangesBuilder } from "../target/ranges.ts";
import type { ScanPlan } from "./api.ts";
import type { WorkerOutcome } from "./pool.ts";
import { countsTogether, hostsUpIn, shapesIn, sum } from "./snapshot.ts";
import { localWarnings, proxyWarnings, silenceWarnings } from "./warnings.ts";
import type { Found, PassReport, WorkerStatus } from "./worker_task.ts";

/** Returns the summary of a scan from the outcomes of its workers and other reports, such as that on the work done before. */
export function summarize(
  plan: Pick<ScanPlan, "addresses" | "probes" | "technique" | "transport" | "workers">,
  outcomes: readonly WorkerOutcome[],
  others: readonly PassReport[],
  scan: {
    readonly hosts: number;
    readonly elapsedMs: number;
    readonly hostnames: readonly Hostname[];
    readonly traces: readonly Trace[];
    readonly aliased: readonly AliasedPrefix[];
    readonly sizes: readonly number[];
    readonly warnings: readonly string[];
    readonly isComplete: boolean;
    /** The address that probes leave from, if it is none of this machine. */
    readonly foreignSource?: string | undefined;
  },
): Summary {
  const { addresses } = plan;
  const reports = [...outcomes.flatMap((outcome) => "passes" in outcome ? outcome.passes : []), ...others];
  const died = outcomes.some((outcome) => "died" in outcome);
  const parts: WorkerStatus[] = [...reports];
  for (const outcome of outcomes) if ("died" in outcome && outcome.last !== undefined) parts.push(outcome.last);
  const counts = stateCounts(STATES.map((_, state) => sum(parts, ({ byState }) => byState[state]!)));
  const probes = plan.probes - sum(reports, (report) => report.cut);
  const undecided = probes - decidedIn(counts);
  const sent = sum(parts, (part) => part.sent);
  // Workers send at the same time.
  const sendingMs = sum(parts, (part) => part.sendingMs) / plan.workers;
  const done = countsTogether(reports);
  const { expectedWrong, late, duplicates, finAcks, unmatched, sendRetries, receiveDrops, notes } = done;
  const answered = sum(parts, (part) => part.answered);
  const isUnheard = scan.foreignSource !== undefined && answered === 0 && undecided < probes;
  const isTimedOut = reports.some(({ silences }) => silences.timedOut.length > 0);
  const areRefusalsUnsettled = reports.some(({ silences }) => silences.unsettled.length > 0);
  const hostCounts = countHosts(reports, done.singlesUp);
  // Undecided hosts of a scan of ports are seen by their ports.
  const isOverHosts = passesIn(plan.technique).every(probesHosts);
  const hostsMissing = isOverHosts ? hostCounts.hostsUndecided : 0;
  const findings = proxyFindings(notes);
  const { ownSide, everyAddress, rstSpoof, blocked, limited } = findings;
  const warnings = [
    ...scan.warnings,
    ...deathWarnings(outcomes, scan.sizes),
    ...localWarnings(reports.map((report) => report.local), addresses, isOverHosts),
    ...silenceWarnings(reports, addresses),
    ...isUnheard
      ? [`No reply came to ${scan.foreignSource}, which is no address of this machine: silence shows nothing`]
      : [],
    ...undecidedWarnings(undecided, probes, passesNamed(plan.technique).length > 1 ? "result" : "port"),
    ...isMuchWrong(done) ? [wrongText(done)] : [],
    ...undecidedWarnings(hostsMissing, scan.hosts, "host"),
    ...proxyWarnings(findings, addresses),
    ...done.sendErrors.map(([name, count]) => `The kernel refused to send ${counted(count, "probe")} (${name})`),
  ];
  const summary: Omit<Summary, "os"> = {
    hosts: scan.hosts,
    ...hostCounts,
    probes,
    sent,
    answered,
    ...counts,
    undecided,
    elapsedMs: scan.elapsedMs,
    ratePps: sendingMs > 0 ? sent * 1000 / sendingMs : 0,
    loss: lossOf(parts),
    roundTrips: sum(parts, ({ lost, returned }) => lost + returned),
    expectedWrong,
    ...{ late, duplicates, finAcks, unmatched, sendRetries, receiveDrops },
    sendErrors: Object.fromEntries(done.sendErrors),
    cappedHosts: done.cappedHosts.length,
    suspects: Array.from(done.suspects, (host) => ({ ip: addresses.text(host), suspect: suspicionOf(host, findings) })),
    notes: noteTexts(notes, (host) => addresses.text(host)),
    hostnames: scan.hostnames,
    traces: scan.traces,
    aliased: scan.aliased,
    ended: died ? "failed" : reports.find((report) => report.ended !== "done")?.ended ?? "done",
    warnings,
    trusted: undecided === 0 && !isTimedOut && !areRefusalsUnsettled && hostsMissing === 0 && !isMuchWrong(done) &&
      ownSide.size + everyAddress.size + rstSpoof.size + blocked.size + limited.size === 0 &&
      reports.every(({ local: { lostReplies } }) => lostReplies.reversePath + lostReplies.firewall === 0) &&
      scan.isComplete && !isUnheard,
    transport: plan.transport,
    workers: plan.workers,
  };
  return withOs(summary, hostOs(shapesIn(reports), (host) => addresses.text(host)));
}

/** Returns the suspicion against a host; if every UDP port replies, that is known of nothing else. */
function suspicionOf(host: number, { ownSide, rstSpoof, everyUdpPort }: ProxyFindings): Suspicion {
  if (ownSide.has(host)) return "own-side";
  if (rstSpoof.has(host)) return "rst-spoof";
  return everyUdpPort.has(host) ? "udp-responder" : "syn-proxy";
}

/** Counts the hosts by state: one that was found in several is up, or else absent. */
function countHosts(
  reports: readonly PassReport[],
  singlesUp: number,
): Pick<Summary, "hostsUp" | "hostsAbsent" | "hostsSilent" | "hostsUndecided"> {
  const up = hostsUpIn(reports);
  const absent = foundIn(reports, "absent");
  const beyond = (hosts: Ranges) => hosts.subtract(up).subtract(absent).size;
  return {
    hostsUp: up.size + singlesUp,
    hostsAbsent: absent.subtract(up).size,
    hostsSilent: beyond(foundIn(reports, "silent")),
    hostsUndecided: beyond(foundIn(reports, "undecided")),
  };
}

/** Returns a warning for each worker that died. */
function deathWarnings(outcomes: readonly WorkerOutcome[], sizes: readonly number[]): string[] {
  return outcomes.flatMap((outcome, index) => {
    if (!("died" in outcome)) return [];
    const left = sizes[index]! - sum(outcome.last?.byState ?? [], (count) => count);
    return [`Worker ${index + 1} died (${outcome.died}): ${grouped(left)} of its ports are undecided. Scan them again`];
  });
}

/** Returns a warning that some of `all` are undecided, if some are. */
function undecidedWarnings(undecided: number, all: number, what: string): string[] {
  if (undecided <= 0) return [];
  return [`${grouped(undecided)} of ${counted(all, what)} ${undecided === 1 ? "is" : "are"} undecided`];
}

/** Returns the hosts that were found to be in a state. */
function foundIn(reports: readonly PassReport[], state: keyof Found): Ranges {
  const hosts = new RangesBuilder();
  for (const { found } of reports) if (found !== undefined) hosts.addAll(Ranges.fromSortedBounds(found[state]));
  return hosts.build();
}

/** Returns the share of round trips that were lost; null if none is known to have come back. */
export function lossOf(parts: readonly WorkerStatus[]): number | null {
  const lost = sum(parts, (part) => part.lost);
  const seen = lost + sum(parts, (part) => part.returned);
  return seen === 0 ? null : lost / seen;
}

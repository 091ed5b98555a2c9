/**
 * Remarks of a summary on hosts: suspicions, notes, systems and prefixes, for the formats that report by host.
 *
 * @module
 */
import type { AliasedPrefix, HostNote, Summary, Suspicion, SystemGuess } from "../result/summary.ts";
import type { HostAggregator } from "./host_aggregator.ts";
import { notesByHost } from "./notes.ts";
import { osByHost } from "./os.ts";

const NONE: readonly never[] = [];

/** The remarks of a summary on one host. */
export interface HostRemarks {
  readonly suspect: Suspicion | undefined;
  readonly notes: readonly HostNote[];
  /** Guesses of its system. */
  readonly os: readonly SystemGuess[];
  /** The aliased prefix that the host is in. */
  readonly alias: AliasedPrefix | undefined;
}

/** Returns a function that finds the remarks on the host of an address, fastest in the order of addresses. */
export function remarksByHost(summary: Summary, aggregator: HostAggregator): (ip: string) => HostRemarks {
  const { aliased } = summary;
  const suspects = new Map(summary.suspects.map(({ ip, suspect }) => [ip, suspect]));
  const notes = notesByHost(summary);
  const os = osByHost(summary);
  const findPrefix = aggregator.prefixFinder(aliased.map(({ prefix }) => prefix));
  return (ip) => ({
    suspect: suspects.get(ip),
    notes: notes.get(ip) ?? NONE,
    os: os.get(ip) ?? NONE,
    alias: aliased[findPrefix(ip)],
  });
}

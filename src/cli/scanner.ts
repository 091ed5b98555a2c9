/**
 * The interface of the library that the command line uses. `mod.ts` passes itself; tests pass a fake.
 *
 * @module
 */
import type { ScanOptions } from "../scan/options.ts";
import type { ScanControl } from "../scan/scan.ts";
import type { ScanSnapshot } from "../scan/snapshot.ts";
import type { NamesByHost, Progress, ResultList, Summary } from "../result/outcome.ts";

/** The plan of a scan. */
export interface PlanView {
  readonly hosts: number;
  readonly probes: number;
  readonly technique: string;
}

/** The decisions before the first probe. */
export interface ScanPlanView extends PlanView {
  readonly ports: { readonly count: number; readonly text: string };
  readonly transport: string;
  /** The reasons of these choices, a line each. */
  readonly notes: readonly string[];
  /** Source addresses of probes. */
  readonly sources: readonly string[];
  /** First and last address of each range of hosts, as numbers; undefined if they are too many to list. */
  readonly ranges?: readonly (readonly [first: number, last: number])[] | undefined;
  readonly workers: number;
  /** The same for scans of the same hosts and ports, and for no other. */
  readonly space: string;
  /** The names by which hosts were asked for. */
  readonly names?: NamesByHost & Iterable<{ readonly ip: string; readonly name: string; readonly ports: string }>;
  /** Excluded hosts and ports, as text. */
  readonly excluded?: { readonly hosts: string; readonly ports: string };
  /** Warnings, printed at every verbosity. */
  readonly warnings: readonly string[];
}

/** A running scan. */
export interface RunningScan {
  batches(): AsyncIterable<ResultList>;
  readonly plan: Promise<ScanPlanView>;
  readonly summary: Promise<Summary>;
  progress(): Progress;
  /** Returns the remaining work; a scan without it cannot be resumed. */
  snapshot?(): Promise<ScanSnapshot>;
  setMaxRate(maxRatePps: number): void;
  setOnPacket(onPacket: ((line: string) => void) | undefined): boolean;
}

/** The plan of a dry run. */
export interface DryRunView extends PlanView {
  /** The number of ports of each host, if all have the same. */
  readonly portsOfEach?: number | undefined;
  /** Warnings, a line each. */
  readonly warnings: readonly string[];
  entries(): Iterable<{ readonly ip: string; readonly ports: string }>;
}

/** The library, as the command line sees it. */
export interface Scanner {
  scan(options: ScanOptions, control: ScanControl & { signal: AbortSignal }): RunningScan;
  planScan(options: ScanOptions): Promise<DryRunView>;
  /** Returns the source address of probes to a target; `undefined` without a route. */
  suggestSource?(target: string): Promise<string | undefined>;
}

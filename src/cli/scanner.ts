/**
 * What the command line needs of the library. `mod.ts` hands itself over in this shape, and tests hand over a fake.
 *
 * @module
 */
import type { ScanOptions } from "../scan/options.ts";
import type { ScanControl } from "../scan/scan.ts";
import type { ScanSnapshot } from "../scan/snapshot.ts";
import type { NamesByHost, Progress, ResultList, Summary } from "../result/outcome.ts";

/** A scan that is about to begin, as far as it is known. */
export interface PlanView {
  readonly hosts: number;
  readonly probes: number;
  readonly technique: "syn" | "connect";
}

/** What was decided before the first probe. */
export interface ScanPlanView extends PlanView {
  readonly ports: { readonly count: number; readonly text: string };
  readonly transport: string;
  /** Why these were chosen, a line each. */
  readonly notes: readonly string[];
  /** Addresses that probes leave from. */
  readonly sources: readonly string[];
  /** First and last address of each range of hosts, as numbers; undefined where they are too many to be told. */
  readonly ranges?: readonly (readonly [first: number, last: number])[] | undefined;
  readonly workers: number;
  /** The same for scans of the same hosts and ports, and for no other. */
  readonly space: string;
  /** The names by which hosts were asked for. */
  readonly names?: NamesByHost & Iterable<{ readonly ip: string; readonly name: string; readonly ports: string }>;
  /** What was taken out of the targets, as text. */
  readonly excluded?: { readonly hosts: string; readonly ports: string };
  /** What the user should know whatever the verbosity. */
  readonly warnings: readonly string[];
}

/** A running scan. */
export interface RunningScan {
  batches(): AsyncIterable<ResultList>;
  readonly plan: Promise<ScanPlanView>;
  readonly summary: Promise<Summary>;
  progress(): Progress;
  /** What is left of it; where it is missing, the scan cannot be gone on with. */
  snapshot?(): Promise<ScanSnapshot>;
  setMaxRate(maxRatePps: number): void;
  setOnPacket(onPacket: ((line: string) => void) | undefined): boolean;
}

/** What would be probed. */
export interface DryRunView extends PlanView {
  /** How many ports every host would be asked, where these are the same. */
  readonly portsOfEach?: number | undefined;
  /** What the user should know. */
  readonly warnings: readonly string[];
  entries(): Iterable<{ readonly ip: string; readonly ports: string }>;
}

/** The library, as the command line sees it. */
export interface Scanner {
  scan(options: ScanOptions, control: ScanControl & { signal: AbortSignal }): RunningScan;
  planScan(options: ScanOptions): Promise<DryRunView>;
  /** The address that probes to a target would leave from; `undefined` if there is none. */
  suggestSource?(target: string): Promise<string | undefined>;
}

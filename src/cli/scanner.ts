/**
 * The interface of the library that the command line uses. `mod.ts` passes itself; tests pass a fake.
 *
 * @module
 */
import type { ScanOptions } from "../scan/options.ts";
import type { DryRun, HostList, Scan, ScanControl, ScanPlan } from "../scan/api.ts";

/** The decisions before the first probe. */
export type ScanPlanView =
  & Omit<ScanPlan, "addresses" | "names" | "excluded" | "share">
  & Partial<Pick<ScanPlan, "addresses" | "names" | "excluded" | "share">>;

/** A running scan; one without `snapshot` cannot be resumed. */
export interface RunningScan
  extends
    Pick<Scan, "batches" | "summary" | "progress" | "setMaxRate" | "setOnPacket">,
    Partial<Pick<Scan, "snapshot">> {
  readonly plan: Promise<ScanPlanView>;
}

/** The library, as the command line sees it. */
export interface Scanner {
  scan(options: ScanOptions, control: ScanControl & { signal: AbortSignal }): RunningScan;
  planScan(options: ScanOptions): Promise<DryRun>;
  listHosts(options: ScanOptions, control: Pick<ScanControl, "signal">): Promise<HostList>;
  /** Returns the source address of probes to a target; `undefined` without a route. */
  suggestSource?(target: string): Promise<string | undefined>;
}

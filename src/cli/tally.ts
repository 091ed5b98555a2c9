/**
 * The counts of a scan so far.
 *
 * @module
 */
import { countResults } from "../result/batch.ts";
import { probesHosts } from "../result/pass.ts";
import type { ResultList } from "../result/port_result.ts";
import { STATES } from "../result/states.ts";
import { decidedIn, stateCounts, type Summary, UNTOLD } from "../result/summary.ts";
import type { ScanDone } from "../scan/worker_task.ts";
import type { ScanPlanView } from "./scanner.ts";

/** Counts the results of a scan, for the summary of one that fails. */
export class Tally {
  readonly #byState = STATES.map(() => 0);
  readonly #sinceMs: number;
  /** The number of results. */
  taken = 0;

  /** Creates a tally that includes the work done before. */
  constructor(before: ScanDone | undefined) {
    before?.byState.forEach((count, code) => this.#byState[code] = count);
    this.#sinceMs = performance.now() - (before?.elapsedMs ?? 0);
  }

  add(batch: ResultList): void {
    this.taken += batch.length;
    if (batch.rows !== undefined && !probesHosts(batch)) countResults(batch.rows, this.#byState);
  }

  /** The number of decided ports. */
  get decided(): number {
    return decidedIn(stateCounts(this.#byState));
  }

  summary(plan: ScanPlanView, warning: string): Summary {
    const counts = stateCounts(this.#byState);
    return {
      ...UNTOLD,
      ...counts,
      hosts: plan.hosts,
      probes: plan.probes,
      answered: counts.open + counts.closed + counts.unfiltered,
      undecided: plan.probes - this.decided,
      elapsedMs: performance.now() - this.#sinceMs,
      warnings: [warning],
      transport: plan.transport,
      workers: plan.workers,
    };
  }
}

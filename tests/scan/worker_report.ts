/**
 * The report of a worker on a pass, for tests of pool and snapshots.
 *
 * @module
 */
import { EMPTY_REPORT, type PassReport } from "../../src/scan/worker_task.ts";

/** The report of a worker on a pass without counts but those given. */
export function passReport(counts: Partial<PassReport>): PassReport {
  return { ...EMPTY_REPORT, ...counts };
}

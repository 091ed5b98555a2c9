/**
 * The report of a worker on a pass, for tests of pool and snapshots.
 *
 * @module
 */
import { NO_SILENCE } from "../../src/engine/silences.ts";
import { NO_LOCAL_REPORT } from "../../src/local/machine.ts";
import type { PassReport } from "../../src/scan/worker_task.ts";

const NONE = {
  ...{ sent: 0, inFlight: 0, sendingMs: 0, answered: 0, returned: 0, lost: 0, probed: 0, expectedWrong: 0 },
  ...{ late: 0, duplicates: 0, finAcks: 0, unmatched: 0, sendRetries: 0, receiveDrops: 0, singlesUp: 0 },
};

/** The report of a worker on a pass without counts but those given. */
export function passReport(counts: Partial<PassReport>): PassReport {
  return {
    ...NONE,
    byState: [],
    ended: "done",
    sendErrors: [],
    hostsUp: new Uint32Array(),
    cappedHosts: new Uint32Array(),
    suspects: new Uint32Array(),
    notes: new Uint32Array(),
    shapes: new Uint32Array(),
    silences: NO_SILENCE,
    local: NO_LOCAL_REPORT,
    ...counts,
  };
}

/**
 * Made-up scans, and a place for their history.
 *
 * @module
 */
import type { DatabaseSync } from "node:sqlite";
import { result as usualResult } from "../support/results.ts";
import { openDatabase } from "../../src/store/database.ts";
import { History } from "../../src/store/history.ts";
import type { ScanRecord } from "../../src/store/records.ts";
import type { PortResult } from "../../src/result/port_result.ts";
import type { Reason } from "../../src/result/reasons.ts";
import type { State } from "../../src/result/states.ts";
import { type Summary, UNTOLD } from "../../src/result/summary.ts";

/** When the first scan begins, in milliseconds since 1970. */
export const T0 = Date.UTC(2026, 10, 21, 4, 0, 0);
/** An hour, in milliseconds. */
export const HOUR = 3600_000;

const USUAL_REASON: Readonly<Record<State, Reason>> = {
  open: "syn-ack",
  closed: "reset",
  filtered: "no-response",
  unfiltered: "reset",
  "open|filtered": "no-response",
  "closed|filtered": "no-response",
  undecided: "deadline",
};

/** A file of a test's own, which goes with it. */
export class Place implements Disposable {
  readonly folder: string = Deno.makeTempDirSync({ prefix: "synscan-history-" });
  readonly path: string = `${this.folder}/scans.db`;

  [Symbol.dispose](): void {
    Deno.removeSync(this.folder, { recursive: true });
  }

  /** The history there, to write. */
  open(): History {
    return History.open(this.path, { write: true });
  }

  /** The rows of a query. */
  query(sql: string): unknown[] {
    const db: DatabaseSync = openDatabase(this.path, { write: false });
    try {
      return db.prepare(sql).all().map((row) => ({ ...row }));
    } finally {
      db.close();
    }
  }
}

/** Defines a test with an empty history of its own. */
export function historyTest(name: string, body: (history: History, place: Place) => void): void {
  Deno.test(name, () => {
    using place = new Place();
    using history = place.open();
    body(history, place);
  });
}

/** A result; what is not said is as usual for its state. */
export function result(ip: string, port: number, state: State, more: Partial<PortResult> = {}): PortResult {
  return usualResult({
    ip,
    port,
    state,
    reason: USUAL_REASON[state],
    ttl: state === "open" || state === "closed" ? 64 : undefined,
    rttMs: state === "open" ? 1.5 : undefined,
    tries: state === "filtered" ? 3 : 1,
    ...more,
  });
}

/** A summary of a scan. */
export function summary(more: Partial<Summary> = {}): Summary {
  return {
    ...UNTOLD,
    hosts: 1,
    hostsUp: 1,
    probes: 1,
    sent: 1,
    answered: 1,
    elapsedMs: 1000,
    ratePps: 1,
    ended: "done",
    trusted: true,
    transport: "sendmmsg",
    ...more,
  };
}

/** Name and time of a test's scan. */
interface ScanOf {
  readonly space?: string;
  readonly targets?: string;
  readonly startedAtMs?: number;
  readonly ended?: Summary["ended"];
  /** Ports to decide. */
  readonly probes?: number;
  /** Names of hosts by reverse DNS. */
  readonly hostnames?: Summary["hostnames"];
  readonly os?: Summary["os"];
}

/** The start of a scan for a recorder. */
export function start(of: ScanOf = {}, results: readonly PortResult[] = []) {
  return {
    head: {
      hosts: 1,
      probes: of.probes ?? 1,
      technique: "syn" as const,
      startedAtMs: of.startedAtMs ?? T0,
      args: ["192.0.2.0/24"],
      version: "1",
    },
    space: of.space ?? "192.0.2.0/24 1-1000",
    targets: of.targets ?? "192.0.2.0/24",
    names: results.flatMap(({ ip, names, port }) => names.map((name) => ({ ip, name, ports: `${port}` }))),
  };
}

/** Records a whole scan. */
export function record(history: History, results: readonly PortResult[], of: ScanOf = {}): ScanRecord {
  const startedAtMs = of.startedAtMs ?? T0;
  const recorder = history.begin(start(of, results));
  recorder.add(results, startedAtMs + 500);
  recorder.finish(
    summary({ ended: of.ended ?? "done", hostnames: of.hostnames ?? [], os: of.os ?? [] }),
    startedAtMs + 1000,
  );
  return history.scan(`${recorder.id}`);
}

/** All results of a scan. */
export function resultsOf(history: History, scan: ScanRecord): PortResult[] {
  return [...history.results(scan)].flat();
}

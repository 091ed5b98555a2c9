/**
 * Snapshots of a running scan: the remaining work of its workers and the results that were not read, of one moment.
 *
 * @module
 */

import { countResults } from "../result/batch.ts";
import { probesHosts } from "../result/pass.ts";
import type { ScanLayout } from "./layout.ts";
import type { ProgressMeter } from "./progress_meter.ts";
import type { ResultPath } from "./result_path.ts";
import type { ResultQueue } from "./result_queue.ts";
import { doneTogether, partOf, type ScanSnapshot } from "./snapshot.ts";
import type { ScanTargets } from "./plan.ts";
import type { PassReport, WorkerSnapshot } from "./worker_task.ts";

/** The parts of a scan that its snapshots are taken of. */
interface SnapshotParts {
  readonly layout: ScanLayout;
  readonly targets: ScanTargets;
  readonly path: ResultPath;
  readonly queue: ResultQueue;
  readonly meter: ProgressMeter;
  /** Returns the reports that are not of the workers. */
  readonly otherReports: () => PassReport[];
}

/** Takes snapshots of one scan. */
export class SnapshotTaker {
  readonly #parts: SnapshotParts;
  readonly #workers: { readonly take: () => WorkerSnapshot | Promise<WorkerSnapshot>; readonly resume: () => void }[] =
    [];
  /** Settles when the last snapshot that was requested is taken. */
  #taking: Promise<void> = Promise.resolve();

  constructor(parts: SnapshotParts) {
    this.#parts = parts;
  }

  /** Adds the worker at an index, as `PoolControl.snapshotOf` has it. */
  add(index: number, take: () => WorkerSnapshot | Promise<WorkerSnapshot>, resume: () => void): void {
    this.#workers[index] = { take, resume };
  }

  /** Resolves when no snapshot is being taken: one under way holds results. */
  get settled(): Promise<void> {
    return this.#taking;
  }

  /**
   * Takes a snapshot, after those that were requested before: the results of the workers are held until all of them have one.
   *
   * @throws {TypeError} If no worker has begun.
   */
  take(): Promise<ScanSnapshot> {
    const snapshot = this.#taking.then(() => this.#takeNow());
    this.#taking = snapshot.then(() => {}, () => {});
    return snapshot;
  }

  async #takeNow(): Promise<ScanSnapshot> {
    if (this.#workers.length === 0) throw notBegun();
    const { layout, targets, path, queue, meter, otherReports } = this.#parts;
    const settled = await Promise.allSettled(this.#workers.map(({ take }) => take()));
    const undelivered = path.undelivered();
    const held = path.snapshot();
    const others = otherReports();
    const { taken, length: waiting } = queue;
    for (const { resume } of this.#workers) resume();
    const snapshots = settled.map((each) => {
      if (each.status === "rejected") throw each.reason;
      return each.value;
    });
    const done = doneTogether([...snapshots.flatMap(({ done }) => done), ...others]);
    const byState = [...done.byState];
    for (const { pass, rows } of undelivered) {
      if (!probesHosts(layout.passes[pass]!)) countResults(rows, byState, -1);
    }
    return {
      ...layout.identity,
      taken,
      ...(path.hostnames === undefined ? {} : { lookups: path.hostnames.added() }),
      ...(targets.ipv6 === undefined ? {} : { ipv6: targets.ipv6.kept() }),
      parts: snapshots.map(({ remaining }) => remaining.map(partOf)),
      undelivered: undelivered.map(({ pass, rows }) => ({ pass, rows: [...rows] })),
      waiting,
      ...held,
      ...(path.traces === undefined ? {} : { traces: path.traces.kept() }),
      done: { ...done, byState, elapsedMs: meter.elapsedMs },
    };
  }
}

/** Returns the error for a snapshot of a scan whose workers have not begun. */
export function notBegun(): TypeError {
  return new TypeError("Cannot take a snapshot of a scan that has not begun: wait for its first results");
}

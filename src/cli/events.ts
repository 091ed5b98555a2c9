/**
 * The events of a scan: batches of results, and between them the snapshots for its checkpoint.
 *
 * @module
 */
import { afterReading, type ScanSnapshot } from "../scan/snapshot.ts";
import type { ResultList } from "../result/port_result.ts";
import type { RunningScan } from "./scanner.ts";

/** A batch of results, or a snapshot of the scan after all batches before. */
type ScanEvent =
  | { readonly batch: ResultList }
  | { readonly batch?: undefined; readonly rest: ScanSnapshot };

/** The consumer of snapshots. */
export interface SnapshotWanted {
  /** True from when a snapshot is due until `taken` is called. */
  readonly isDue: boolean;
  /** Registers a function that is called whenever a snapshot becomes due. */
  onDue(wake: () => void): void;
  /** Called when the snapshot that is due is being taken. */
  taken(): void;
  /** Called if no snapshot can be taken: the scan has not begun, or one of its workers has died. */
  missed(): void;
}

/** Iterates over the events of a scan. Requesting an event releases the one before. After an abort there are no snapshots. */
export async function* events(
  scan: RunningScan,
  wanted: SnapshotWanted,
  signal: AbortSignal,
): AsyncGenerator<ScanEvent> {
  const batches = scan.batches()[Symbol.asyncIterator]();
  // A race of each batch against a promise that may never settle would add a reaction to that promise for each of them, and with
  // it keep every result in memory.
  let wake = () => {};
  wanted.onDue(() => wake());
  let hasArrived = false;
  const take = () => {
    hasArrived = false;
    const next = batches.next();
    const arrived = () => {
      hasArrived = true;
      wake();
    };
    next.then(arrived, arrived);
    return next;
  };
  let next = take();
  let givenCount = 0;
  for (;;) {
    if (!hasArrived && !wanted.isDue) await new Promise<void>((resolve) => wake = resolve);
    // The snapshot comes first: results may come without a pause.
    if (!wanted.isDue) {
      const batch = await next;
      if (batch.done) return;
      next = take();
      givenCount += batch.value.length;
      yield { batch: batch.value };
      continue;
    }
    wanted.taken();
    const rest = signal.aborted ? undefined : await snapshotOf(scan);
    if (rest === undefined || signal.aborted) {
      wanted.missed();
      continue;
    }
    // Results that wait are read first: then they are in the journal, and not in the checkpoint. A batch that was requested in
    // advance counts as read.
    while (givenCount < rest.taken + rest.waiting) {
      const batch = await next;
      if (batch.done) return;
      next = take();
      givenCount += batch.value.length;
      yield { batch: batch.value };
    }
    yield { rest: afterReading(rest) };
  }
}

/** Returns a snapshot of a scan; undefined if none can be taken. */
async function snapshotOf(scan: RunningScan): Promise<ScanSnapshot | undefined> {
  try {
    return await scan.snapshot?.();
  } catch {
    return undefined;
  }
}

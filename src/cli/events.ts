/**
 * The results of a scan as they come, and between them the moments at which it is kept.
 *
 * @module
 */
import type { ScanSnapshot } from "../scan/snapshot.ts";
import type { ResultList } from "../result/outcome.ts";
import type { RunningScan } from "./scanner.ts";

/** Results, or what is left of the scan beyond all results before. */
export type ScanEvent =
  | { readonly batch: ResultList }
  | { readonly batch?: undefined; readonly rest: ScanSnapshot };

/** Who wants to know what is left. */
export interface SnapshotWanted {
  /** True once it is time, until that is taken. */
  readonly isDue: boolean;
  /** Has `wake` called whenever it becomes time. */
  onDue(wake: () => void): void;
  /** Takes the moment: its time has come. */
  taken(): void;
  /** Nobody can tell what is left: the scan has not begun, or one of its workers has died. */
  missed(): void;
}

/** Follows a scan. Whoever asks for the next turn has done with the one before. After an abort no moment is told. */
export async function* events(
  scan: RunningScan,
  wanted: SnapshotWanted,
  signal: AbortSignal,
): AsyncGenerator<ScanEvent> {
  const batches = scan.batches()[Symbol.asyncIterator]();
  // Who waits is woken through here. To race the batches against a moment that may never come would leave a reaction on that
  // moment for each of them, and with it every result in memory.
  let wake = () => {};
  wanted.onDue(() => wake());
  let isHere = false;
  const take = () => {
    isHere = false;
    const next = batches.next();
    const arrived = () => {
      isHere = true;
      wake();
    };
    next.then(arrived, arrived);
    return next;
  };
  let next = take();
  let givenCount = 0;
  for (;;) {
    if (!isHere && !wanted.isDue) await new Promise<void>((resolve) => wake = resolve);
    // The moment comes first: results may come without a pause.
    if (!wanted.isDue) {
      const turn = await next;
      if (turn.done) return;
      next = take();
      givenCount += turn.value.length;
      yield { batch: turn.value };
      continue;
    }
    wanted.taken();
    const rest = signal.aborted ? undefined : await snapshotOf(scan);
    if (rest === undefined || signal.aborted) {
      wanted.missed();
      continue;
    }
    if (rest.taken === givenCount) {
      yield { rest };
      continue;
    }
    // The batch that was asked for in advance counts as taken.
    const ahead = await next;
    if (ahead.done) return;
    givenCount += ahead.value.length;
    yield { batch: ahead.value };
    yield { rest };
    next = take();
  }
}

/** What is left of a scan; undefined where nobody can tell. */
async function snapshotOf(scan: RunningScan): Promise<ScanSnapshot | undefined> {
  try {
    return await scan.snapshot?.();
  } catch {
    return undefined;
  }
}

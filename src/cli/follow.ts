/**
 * The results of a scan as they come, and between them the moments at which it is kept.
 *
 * @module
 */
import type { ScanRest } from "../rest.ts";
import type { PortResult } from "../result.ts";
import type { RunningScan } from "./scanner.ts";

/** Results, or what is left of the scan beyond all results before. */
export type Turn =
  | { readonly batch: readonly PortResult[] }
  | { readonly batch?: undefined; readonly rest: ScanRest };

/** Who wants to know what is left. */
export interface MomentWanted {
  /** Resolves when it is time. Another promise after each time. */
  readonly due: Promise<void>;
  /** Takes the promise away: its time has come. */
  taken(): void;
  /** Nobody can tell what is left: the scan has not begun, or one of its workers has died. */
  missed(): void;
}

/** Follows a scan. Whoever asks for the next turn has done with the one before. After an abort no moment is told. */
export async function* follow(scan: RunningScan, wanted: MomentWanted, signal: AbortSignal): AsyncGenerator<Turn> {
  const batches = scan.batches()[Symbol.asyncIterator]();
  const take = () => {
    const next = batches.next();
    next.catch(() => {});
    return next;
  };
  let next = take();
  let givenCount = 0;
  for (;;) {
    // The moment comes first: results may come without a pause.
    const turn = await Promise.race([wanted.due, next]);
    if (turn !== undefined) {
      if (turn.done) return;
      next = take();
      givenCount += turn.value.length;
      yield { batch: turn.value };
      continue;
    }
    wanted.taken();
    const rest = signal.aborted ? undefined : await restOf(scan);
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
async function restOf(scan: RunningScan): Promise<ScanRest | undefined> {
  try {
    return await scan.rest?.();
  } catch {
    return undefined;
  }
}

/**
 * A thread that does one part of a scan. It is told what in its first message, and tells what came of it in messages.
 *
 * @module
 */

import { CannotScanError } from "./errors.ts";
import { type PartMoment, type PartOpened, type PartReport, type PartStatus, type PartTask, runPart } from "./part.ts";
import { VerdictBatcher, type VerdictRows } from "./verdict_batch.ts";

/** What a worker is told. */
export type ToWorker =
  | { readonly kind: "task"; readonly task: PartTask }
  | { readonly kind: "begin" }
  | { readonly kind: "hold"; readonly hold: boolean }
  | { readonly kind: "rate"; readonly maxRatePps: number }
  | { readonly kind: "moment" }
  | { readonly kind: "goOn" }
  | { readonly kind: "stop" };

/** What a worker tells. */
export type FromWorker =
  | { readonly kind: "opened"; readonly opened: PartOpened }
  | { readonly kind: "verdicts"; readonly rows: VerdictRows }
  | { readonly kind: "status"; readonly status: PartStatus }
  | { readonly kind: "moment"; readonly moment: PartMoment }
  | { readonly kind: "report"; readonly report: PartReport }
  | { readonly kind: "failed"; readonly message: string; readonly expected: boolean };

/** The part of a worker's global scope that is used here. */
interface WorkerScope {
  postMessage(message: FromWorker, transfer?: Transferable[]): void;
  addEventListener(type: "message", listener: (event: MessageEvent<ToWorker>) => void): void;
  close(): void;
}

/** How often a worker says where it stands, and gives out what it has decided, in milliseconds. */
const STATUS_EVERY_MS = 100;

const scope = globalThis as unknown as WorkerScope;
let stop = false;
let hold = false;
let maxRatePps: number | undefined;
let momentWanted = false;
const begun = Promise.withResolvers<void>();
const batcher = new VerdictBatcher((rows) => scope.postMessage({ kind: "verdicts", rows }, [rows.buffer]));

scope.addEventListener("message", ({ data }) => {
  if (data.kind === "begin") begun.resolve();
  else if (data.kind === "stop") stop = true;
  else if (data.kind === "hold") hold = data.hold;
  else if (data.kind === "rate") maxRatePps = data.maxRatePps;
  else if (data.kind === "moment") momentWanted = true;
  else if (data.kind === "goOn") batcher.goOn();
  else void work(data.task);
});

async function work(task: PartTask): Promise<void> {
  let toldAt = 0;
  try {
    const report = await runPart(task, {
      sink: batcher,
      opened(opened) {
        scope.postMessage({ kind: "opened", opened });
        return begun.promise;
      },
      stepped(part) {
        const nowMs = performance.now();
        if (nowMs - toldAt >= STATUS_EVERY_MS) {
          toldAt = nowMs;
          batcher.flush();
          scope.postMessage({ kind: "status", status: part.status() });
        }
        if (momentWanted) {
          momentWanted = false;
          // What was decided goes first: the rest is what is left after it.
          batcher.withhold();
          scope.postMessage({ kind: "moment", moment: part.moment() });
        }
        return { stop, hold, maxRatePps };
      },
    });
    batcher.flush();
    batcher.goOn();
    scope.postMessage({ kind: "report", report });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    scope.postMessage({ kind: "failed", message, expected: error instanceof CannotScanError });
  }
  scope.close();
}

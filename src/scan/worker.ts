/**
 * The thread of one worker. The first message carries its task; results, status and the final report are sent as messages.
 *
 * @module
 */

import { CannotScanError, UsageError } from "../base/errors.ts";
import type { OpenedSockets, WorkerReport, WorkerSnapshot, WorkerStatus, WorkerTask } from "./worker_task.ts";
import { runWorker } from "./worker_run.ts";
import { libc } from "../../ffi/libc.ts";
import { runSendThread, type SendTask } from "../transport/send_thread.ts";
import type { ResultColumns } from "../result/batch.ts";
import type { ServiceData } from "../technique/technique.ts";

/** A message to a worker. */
export type ToWorker =
  | { readonly kind: "task"; readonly task: WorkerTask }
  | { readonly kind: "begin" }
  | { readonly kind: "pause"; readonly pause: boolean }
  | { readonly kind: "rate"; readonly maxRatePps: number }
  | { readonly kind: "absent"; readonly hosts: readonly number[] }
  | { readonly kind: "snapshot" }
  | { readonly kind: "stop" }
  /** Prepare to send the packets of another worker, then send them. */
  | { readonly kind: "prepare" }
  | { readonly kind: "send"; readonly task: SendTask };

/** A message from a worker. */
export type FromWorker =
  | { readonly kind: "opened"; readonly opened: OpenedSockets }
  | { readonly kind: "results"; readonly rows: ResultColumns; readonly pass: number }
  | { readonly kind: "data"; readonly host: number; readonly port: number; readonly data: ServiceData }
  | { readonly kind: "status"; readonly status: WorkerStatus }
  | { readonly kind: "snapshot"; readonly snapshot: WorkerSnapshot }
  | { readonly kind: "report"; readonly report: WorkerReport }
  | { readonly kind: "ready" }
  | { readonly kind: "failed"; readonly message: string; readonly expected: boolean };

/** The part of a worker's global scope that is used here. */
interface WorkerScope {
  postMessage(message: FromWorker, transfer?: Transferable[]): void;
  addEventListener(type: "message", listener: (event: MessageEvent<ToWorker>) => void): void;
  close(): void;
}

/** The interval at which a worker reports its status and sends its results, in milliseconds. */
const STATUS_EVERY_MS = 100;

const scope = globalThis as unknown as WorkerScope;
let stop = false;
let paused = false;
let maxRatePps: number | undefined;
const absent: number[] = [];
let snapshotRequested = false;
const begun = Promise.withResolvers<void>();

scope.addEventListener("message", ({ data }) => {
  if (data.kind === "begin") begun.resolve();
  else if (data.kind === "stop") stop = true;
  else if (data.kind === "pause") paused = data.pause;
  else if (data.kind === "rate") maxRatePps = data.maxRatePps;
  else if (data.kind === "absent") absent.push(...data.hosts);
  else if (data.kind === "snapshot") snapshotRequested = true;
  else if (data.kind === "prepare") prepareToSend();
  else if (data.kind === "send") runSendThread(data.task);
  else void work(data.task);
});

/** Loads what sending needs, before privileges are dropped. */
function prepareToSend(): void {
  libc();
  scope.postMessage({ kind: "ready" });
}

async function work(task: WorkerTask): Promise<void> {
  let reportedAtMs = 0;
  try {
    const report = await runWorker(task, {
      onServiceData: task.handsOverData === true
        ? (host, port, data) => scope.postMessage({ kind: "data", host, port, data })
        : undefined,
      results: (rows, pass) => scope.postMessage({ kind: "results", rows, pass }, [rows.buffer]),
      opened(opened) {
        scope.postMessage({ kind: "opened", opened });
        return begun.promise;
      },
      afterStep(worker) {
        const nowMs = performance.now();
        if (nowMs - reportedAtMs >= STATUS_EVERY_MS) {
          reportedAtMs = nowMs;
          worker.flush();
          scope.postMessage({ kind: "status", status: worker.status() });
        }
        if (snapshotRequested) {
          snapshotRequested = false;
          scope.postMessage({ kind: "snapshot", snapshot: worker.snapshot() });
        }
        return { stop, pause: paused, maxRatePps, absent };
      },
    });
    scope.postMessage({ kind: "report", report });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const expected = error instanceof CannotScanError || error instanceof UsageError;
    scope.postMessage({ kind: "failed", message, expected });
  }
  scope.close();
}

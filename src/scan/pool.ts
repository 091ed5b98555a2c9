/**
 * Runs the workers of a scan: one in this thread, or several in threads of their own. If a worker dies, the results that it has
 * reported stay, and its other probes are undecided.
 *
 * @module
 */

import type { PreparedRing } from "../../ffi/packet_ring.ts";
import type { OnAccepted } from "../driver/connect_driver.ts";
import type { OnServiceData } from "../driver/packet_driver.ts";
import { CannotScanError } from "../base/errors.ts";
import { nestShard } from "../order/shard.ts";
import {
  type ControlState,
  type OpenedSockets,
  type RemainingWork,
  type RunningWorker,
  statusTogether,
  type WorkerControl,
  type WorkerReport,
  type WorkerSnapshot,
  type WorkerStatus,
  type WorkerTask,
} from "./worker_task.ts";
import { NO_WORK } from "./worker_passes.ts";
import { runWorker } from "./worker_run.ts";
import { sendsPackets } from "./passes.ts";
import { dropPrivileges } from "./privileges.ts";
import { STATES } from "../result/states.ts";
import type { RoutePlan } from "../transport/target_routes.ts";
import type { SendThread } from "../transport/thread_queue.ts";
import { countResults, type ResultColumns } from "../result/batch.ts";
import type { FromWorker, ToWorker } from "./worker.ts";

/** Callbacks and inputs of a worker pool. */
export interface PoolControl {
  /** Takes batches of results of a pass, by its number, and of the worker at an index; owns their memory from then on. */
  results(rows: ResultColumns, pass: number, worker: number): void;
  /** The route plan of the targets, for workers in this thread. */
  readonly routePlan?: RoutePlan | undefined;
  /** A ring that the kernel has begun to set up, for workers in this thread. */
  readonly ring?: PreparedRing | undefined;
  /**
   * Called once, when the sockets of all workers are open, with those of the first. Each worker waits until the returned promise
   * has settled.
   */
  opened(opened: OpenedSockets): Promise<void> | void;
  /** Called often while the workers run; returns the control state of all of them together. */
  afterStep(): ControlState;
  /** True while results wait to be read. */
  hasUndelivered?(): boolean;
  /** Takes connections that hosts have accepted from the worker in this thread, before their results. */
  readonly onAccepted?: OnAccepted | undefined;
  /** Takes what services have sent, before their results. */
  readonly onServiceData?: OnServiceData | undefined;
  /** The thread that sends the packets of the worker in this thread. */
  readonly sendThread?: WorkerControl["sendThread"];
  /** Called with the status of the worker at an index. */
  status(index: number, status: () => WorkerStatus): void;
  /**
   * Called once for each worker. `take` returns a snapshot of it; from then on its results are held until `release` is called,
   * so that the results before and the snapshots of all workers make the whole. Rejects for a worker that died.
   */
  snapshotOf(index: number, take: () => WorkerSnapshot | Promise<WorkerSnapshot>, release: () => void): void;
}

/** The outcome of a worker. */
export type WorkerOutcome = WorkerReport | {
  /** The error that ended it. */
  readonly died: string;
  /** Its last status; undefined if it died before it had begun. */
  readonly last: WorkerStatus | undefined;
};

/** The methods of a Worker that the pool uses, so that tests can have workers that die. */
export interface WorkerLike {
  postMessage(message: ToWorker): void;
  terminate(): void;
  onmessage: ((event: MessageEvent<FromWorker>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
}

/** The means to run workers. */
export interface WorkerPool {
  /** Runs the worker at an index in this thread. */
  runInline(task: WorkerTask, control: PoolControl, index: number): Promise<WorkerOutcome>;
  /** Starts a thread for another worker. */
  startWorker(): WorkerLike;
}

/** The address of a worker's code. */
const WORKER: URL = new URL("./worker.ts", import.meta.url);
/** The interval at which the control state is passed to the workers, in milliseconds. */
const CONTROL_EVERY_MS = 20;

/** Words of the list of absent hosts that are passed to the workers at once. */
const MAX_POSTED = 1 << 12;

/** Returns true if threads may be started: Deno reads the code of a worker again, which takes the permission to read it. */
export function mayStartWorkers(): boolean {
  if (WORKER.protocol !== "file:") return false;
  return Deno.permissions.querySync({ name: "read", path: WORKER }).state === "granted";
}

/** Returns the snapshot of a worker that has ended: no work remains, and what was found of hosts decides what was to be probed. */
function finishedSnapshot({ passes }: WorkerReport): WorkerSnapshot {
  const found = passes.at(-1)?.found;
  return { remaining: passes.map((_, number) => number === 0 ? { ...NO_WORK, found } : NO_WORK), done: passes };
}

/**
 * Runs a task by `count` workers: the first in this thread, which begins at once, and the others in threads of their own.
 *
 * @param remaining The remaining work of each worker in every pass, if the scan is resumed.
 * @throws {CannotScanError} If a worker cannot begin.
 */
export async function runPool(
  task: WorkerTask,
  count: number,
  control: PoolControl,
  remaining: readonly (readonly RemainingWork[] | undefined)[] = [],
  pool: WorkerPool = { runInline, startWorker: () => new Worker(WORKER, { type: "module" }) as WorkerLike },
): Promise<WorkerOutcome[]> {
  const tasks = Array.from({ length: count }, (_, index): WorkerTask => {
    const shard = nestShard(task.shard, { index: index + 1, count });
    const work = remaining[index];
    return { ...task, worker: index, shard, ...(work === undefined ? {} : { remaining: work }) };
  });
  const workers = tasks.slice(1).map(() => pool.startWorker());
  let sending: WorkerLike | undefined;
  const sendThread = task.sendsAside === true && count === 1
    ? () => startSending(sending = pool.startWorker())
    : undefined;
  const postToAll = (message: ToWorker) => {
    for (const worker of workers) worker.postMessage(message);
  };
  const allOpened = Promise.withResolvers<void>();
  const begin = () => {
    postToAll({ kind: "begin" });
    allOpened.resolve();
  };
  let openedCount = 0;
  let firstOpened: OpenedSockets | undefined;
  // No probe is sent before all sockets are open and privileges are dropped: afterwards no worker could open any.
  const opened = (how: OpenedSockets): Promise<void> => {
    firstOpened ??= how;
    if (++openedCount === count) {
      const dropped = dropPrivileges(task.passes.every(sendsPackets), task.options);
      control.opened({ ...firstOpened, notes: [...firstOpened.notes, ...dropped] });
      begin();
    }
    return allOpened.promise;
  };
  let paused = false;
  let ratePps: number | undefined;
  let absentPosted = 0;
  let over = false;
  const controlWorkers = (): ControlState => {
    // The scan has failed and its caller has the error; the worker in this thread only has to end.
    if (over) return { stop: true, pause: false };
    const state = control.afterStep();
    const share = state.maxRatePps === undefined ? undefined : state.maxRatePps / count;
    if (state.stop) postToAll({ kind: "stop" });
    if (state.pause !== paused) postToAll({ kind: "pause", pause: state.pause });
    if (share !== undefined && share !== ratePps) postToAll({ kind: "rate", maxRatePps: share });
    const { absent = [] } = state;
    if (absent.length > absentPosted) {
      postToAll({ kind: "absent", hosts: absent.slice(absentPosted, absentPosted + MAX_POSTED) });
      absentPosted = Math.min(absent.length, absentPosted + MAX_POSTED);
    }
    paused = state.pause;
    ratePps = share;
    return { ...state, maxRatePps: share };
  };
  // A worker in this thread calls it by itself.
  const timer = count > 1 ? setInterval(controlWorkers, CONTROL_EVERY_MS) : undefined;
  const inlineControl = { ...control, opened, afterStep: controlWorkers, sendThread };
  const inlineOutcomes: Promise<WorkerOutcome>[] = [];
  const runHere = (index: number) => {
    const isFirst = index === 0 && count > 1;
    const outcome = isFirst
      ? runFirst(pool, tasks[0]!, inlineControl)
      : pool.runInline(tasks[index]!, inlineControl, index);
    inlineOutcomes.push(outcome);
    return outcome;
  };
  try {
    const first = runHere(0);
    const others = workers.map(async (worker, at) => {
      const index = at + 1;
      let hasOpened = false;
      const outcome = await runThread(worker, tasks[index]!, {
        ...control,
        opened: (how) => {
          hasOpened = true;
          return opened(how);
        },
      }, index);
      // If a worker could not begin (its code cannot be loaded, say), its task is run in this thread.
      const isUntouched = "died" in outcome && outcome.last === undefined && !hasOpened;
      return isUntouched ? await runHere(index) : outcome;
    });
    return await Promise.all([first, ...others]);
  } finally {
    over = true;
    if (timer !== undefined) clearInterval(timer);
    for (const worker of workers) worker.terminate();
    sending?.terminate();
    // No worker of a scan that is over may continue to send, or wait for others to open their sockets.
    begin();
    await Promise.allSettled(inlineOutcomes);
  }
}

/** Runs the first worker in this thread. If an internal error ends it, the results of the others are not lost. */
async function runFirst(pool: WorkerPool, task: WorkerTask, control: PoolControl): Promise<WorkerOutcome> {
  let last: (() => WorkerStatus) | undefined;
  const status: PoolControl["status"] = (index, now) => {
    last = now;
    control.status(index, now);
  };
  try {
    return await pool.runInline(task, { ...control, status }, 0);
  } catch (error) {
    if (last === undefined || error instanceof CannotScanError) throw error;
    return { died: error instanceof Error ? error.message : String(error), last: last() };
  }
}

/** Passes on the results of one worker, and holds them from its snapshot until those of the others are taken. */
class ResultGate {
  readonly #control: PoolControl;
  readonly #worker: number;
  #held: { readonly rows: ResultColumns; readonly pass: number }[] | undefined;

  constructor(control: PoolControl, worker: number) {
    this.#control = control;
    this.#worker = worker;
  }

  readonly results = (rows: ResultColumns, pass: number): void => {
    if (this.#held === undefined) this.#control.results(rows, pass, this.#worker);
    else this.#held.push({ rows, pass });
  };

  hold(): void {
    this.#held ??= [];
  }

  readonly release = (): void => {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const { rows, pass } of held) this.#control.results(rows, pass, this.#worker);
  };
}

/** Lets a worker prepare to send packets; resolves with undefined if it cannot. */
function startSending(worker: WorkerLike): Promise<SendThread | undefined> {
  const { promise, resolve } = Promise.withResolvers<SendThread | undefined>();
  let hasFailed = false;
  worker.onmessage = () =>
    resolve({
      get hasFailed() {
        return hasFailed;
      },
      begin: (task) => worker.postMessage({ kind: "send", task }),
      end: () => worker.terminate(),
    });
  worker.onerror = (event) => {
    event.preventDefault();
    hasFailed = true;
    resolve(undefined);
  };
  worker.postMessage({ kind: "prepare" });
  return promise;
}

/** Runs a worker in this thread. */
async function runInline(task: WorkerTask, control: PoolControl, index: number): Promise<WorkerOutcome> {
  const gate = new ResultGate(control, index);
  const hasUndelivered = () => control.hasUndelivered?.() ?? false;
  let hasBegun = false;
  const ended: { report?: WorkerReport } = {};
  const afterStep = (running: RunningWorker) => {
    if (!hasBegun) {
      hasBegun = true;
      control.status(index, () => running.status());
      const snapshot = () => {
        const taken = ended.report === undefined ? running.snapshot() : finishedSnapshot(ended.report);
        gate.hold();
        return taken;
      };
      control.snapshotOf(index, snapshot, gate.release);
    }
    if (!hasUndelivered()) running.flush();
    return control.afterStep();
  };
  const { routePlan, ring, opened, onAccepted, onServiceData, sendThread } = control;
  const report = ended.report = await runWorker(task, {
    results: gate.results,
    routePlan,
    ring,
    opened,
    afterStep,
    hasUndelivered,
    onAccepted,
    onServiceData,
    sendThread,
  });
  control.status(index, () => statusTogether(report.passes));
  return report;
}

/** Runs a worker in a thread. */
function runThread(worker: WorkerLike, task: WorkerTask, control: PoolControl, index: number): Promise<WorkerOutcome> {
  const { promise, resolve, reject } = Promise.withResolvers<WorkerOutcome>();
  const gate = new ResultGate(control, index);
  let last: WorkerStatus | undefined;
  // Results that were received count, whether a status followed or not.
  const byState = STATES.map(() => 0);
  let ended: WorkerOutcome | undefined;
  const waiting: ((snapshot: WorkerSnapshot | Promise<WorkerSnapshot>) => void)[] = [];
  const after = async (outcome: WorkerOutcome): Promise<WorkerSnapshot> => {
    if ("died" in outcome) throw new Error(`Cannot take a snapshot of a scan: a worker died (${outcome.died})`);
    return await finishedSnapshot(outcome);
  };
  const die = (died: string) => end({ died, last: last === undefined ? undefined : { ...last, byState } });
  const end = (outcome: WorkerOutcome) => {
    ended = outcome;
    for (const answer of waiting.splice(0)) answer(after(outcome));
    resolve(outcome);
  };
  control.snapshotOf(index, () => {
    if (ended !== undefined) return after(ended);
    worker.postMessage({ kind: "snapshot" });
    return new Promise((answer) => waiting.push(answer));
  }, gate.release);
  worker.onmessage = ({ data }) => {
    switch (data.kind) {
      case "opened":
        return void control.opened(data.opened);
      case "results":
        countResults(data.rows, byState);
        gate.results(data.rows, data.pass);
        return void control.afterStep();
      case "data":
        return control.onServiceData?.(data.host, data.port, data.data);
      case "status": {
        const { status } = data;
        last = status;
        return control.status(index, () => status);
      }
      case "report": {
        const { report } = data;
        control.status(index, () => statusTogether(report.passes));
        return end(report);
      }
      case "snapshot":
        gate.hold();
        return waiting.shift()?.(data.snapshot);
      case "failed":
        if (data.expected) return reject(new CannotScanError(data.message));
        return die(data.message);
    }
  };
  worker.onerror = (event) => {
    // The error is reported as the outcome; it must not end the whole program.
    event.preventDefault();
    die(event.message);
  };
  worker.postMessage({ kind: "task", task });
  return promise;
}

/**
 * Runs the parts of a scan: one in this thread, or several in threads of their own. A worker that dies takes nothing with it but
 * what it had not told: its questions are reported as undecided.
 *
 * @module
 */

import { CannotScanError } from "../base/errors.ts";
import { nestShard, ShardedOrder } from "../order/shard.ts";
import {
  type ControlState,
  type OpenedSockets,
  type RemainingWork,
  type RunningWorker,
  runWorker,
  type WorkerReport,
  type WorkerSnapshot,
  type WorkerStatus,
  type WorkerTask,
} from "./worker_task.ts";
import { dropPrivileges } from "./privileges.ts";
import { STATES } from "../result/outcome.ts";
import type { RoutePlan } from "../transport/open.ts";
import { countResults, type ResultColumns } from "../result/batch.ts";
import type { FromWorker, ToWorker } from "./worker.ts";

/** What a crew tells of its parts. */
export interface PoolControl {
  /** Takes batches of results, and owns their memory from then on. */
  results(rows: ResultColumns): void;
  /** How the targets are reached, for the parts in this thread. */
  readonly routePlan?: RoutePlan | undefined;
  /**
   * Called once, when the sockets of all parts are open, with what the first of them says. A part calls it for itself, and
   * waits until what it returns has settled.
   */
  opened(opened: OpenedSockets): Promise<void> | void;
  /** Called often while the crew works: gives out what was decided, and says what is wanted of all of them together. */
  afterStep(): ControlState;
  /** True while what was decided has not been taken. */
  hasUndelivered?(): boolean;
  /** Called with where the part of an index stands. */
  status(index: number, status: () => WorkerStatus): void;
  /**
   * Called once for each worker. `ask` returns a snapshot of it; from then on its results are held until `release` is called, so
   * that the results before and the snapshots of all workers make the whole. Rejects for a worker that died.
   */
  snapshotOf(index: number, ask: () => WorkerSnapshot | Promise<WorkerSnapshot>, release: () => void): void;
}

/** What came of a part. */
export type WorkerOutcome = WorkerReport | {
  /** Why it ended before its time. */
  readonly died: string;
  /** Where it stood; undefined if it died before it had begun. */
  readonly last: WorkerStatus | undefined;
};

/** The part of a Worker that a crew uses, so that tests can have workers that die. */
export interface WorkerLike {
  postMessage(message: ToWorker): void;
  terminate(): void;
  onmessage: ((event: MessageEvent<FromWorker>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
}

/** Who does the parts. */
export interface WorkerPool {
  /** Does a part, by its index, in this thread. */
  runInline(task: WorkerTask, control: PoolControl, index: number): Promise<WorkerOutcome>;
  /** Starts a thread for one of the others. */
  startWorker(): WorkerLike;
}

/** Where a worker's code is. */
const WORKER: URL = new URL("./worker.ts", import.meta.url);
/** How often a crew of workers looks whether it is to stop or hold, in milliseconds. */
const LOOK_EVERY_MS = 20;

/** Whether threads may be started: Deno reads the code of a worker anew, which takes the permission to. */
export function mayStartWorkers(): boolean {
  if (WORKER.protocol !== "file:") return false;
  return Deno.permissions.querySync({ name: "read", path: WORKER }).state === "granted";
}

/** The moment of a part that has ended: nothing is left of it. */
function finishedSnapshot(done: WorkerReport): WorkerSnapshot {
  return { remaining: { position: Number.MAX_SAFE_INTEGER, pending: new Uint32Array() }, done };
}

/**
 * Does a task: the first part of it in this thread, which begins at once, and the others in threads of their own.
 *
 * @param count How many parts.
 * @param rests What is left of each part, where it was begun before.
 * @throws {CannotScanError} If a part cannot begin.
 */
export async function runPool(
  task: WorkerTask,
  count: number,
  control: PoolControl,
  rests: readonly (RemainingWork | undefined)[] = [],
  crew: WorkerPool = { runInline, startWorker: () => new Worker(WORKER, { type: "module" }) as WorkerLike },
): Promise<WorkerOutcome[]> {
  const tasks = Array.from({ length: count }, (_, index): WorkerTask => {
    const shard = nestShard(task.shard, { index: index + 1, count });
    const rest = rests[index];
    return { ...task, shard, ...(rest === undefined ? {} : { remaining: rest }) };
  });
  const workers = tasks.slice(1).map(() => crew.startWorker());
  const tell = (message: ToWorker) => {
    for (const worker of workers) worker.postMessage(message);
  };
  const setUp = Promise.withResolvers<void>();
  const begin = () => {
    tell({ kind: "begin" });
    setUp.resolve();
  };
  let openedCount = 0;
  let firstOpened: OpenedSockets | undefined;
  // No probe is sent before all sockets are open and privileges given up: afterwards no part could open any.
  const opened = (how: OpenedSockets): Promise<void> => {
    firstOpened ??= how;
    if (++openedCount === count) {
      const dropped = dropPrivileges(task.technique, task.options);
      control.opened({ ...firstOpened, notes: [...firstOpened.notes, ...dropped] });
      begin();
    }
    return setUp.promise;
  };
  let holding = false;
  let ratePps: number | undefined;
  let over = false;
  const look = (): ControlState => {
    // Whoever began the scan knows by now that it failed; the part in this thread is only to end.
    if (over) return { stop: true, pause: false };
    const wishes = control.afterStep();
    const share = wishes.maxRatePps === undefined ? undefined : wishes.maxRatePps / count;
    if (wishes.stop) tell({ kind: "stop" });
    if (wishes.pause !== holding) tell({ kind: "pause", pause: wishes.pause });
    if (share !== undefined && share !== ratePps) tell({ kind: "rate", maxRatePps: share });
    holding = wishes.pause;
    ratePps = share;
    return { ...wishes, maxRatePps: share };
  };
  // A part in this thread looks by itself.
  const timer = count > 1 ? setInterval(look, LOOK_EVERY_MS) : undefined;
  const here = { ...control, opened, afterStep: look };
  const doneHere: Promise<WorkerOutcome>[] = [];
  const workHere = (index: number) => {
    const isFirst = index === 0 && count > 1;
    const outcome = isFirst ? survive(crew, tasks[0]!, here) : crew.runInline(tasks[index]!, here, index);
    doneHere.push(outcome);
    return outcome;
  };
  try {
    const first = workHere(0);
    const others = workers.map(async (worker, at) => {
      const index = at + 1;
      let hasOpened = false;
      const outcome = await work(worker, tasks[index]!, {
        ...control,
        opened: (how) => {
          hasOpened = true;
          return opened(how);
        },
      }, index);
      // A worker that could not even begin (its code is not to be had, say) leaves its part as it was.
      const isUntouched = "died" in outcome && outcome.last === undefined && !hasOpened;
      return isUntouched ? await workHere(index) : outcome;
    });
    return await Promise.all([first, ...others]);
  } finally {
    over = true;
    if (timer !== undefined) clearInterval(timer);
    for (const worker of workers) worker.terminate();
    // Nothing of a scan that is over may go on sending, or wait for others to open their sockets.
    begin();
    await Promise.allSettled(doneHere);
  }
}

/** Does the first part here. Where that fails on the way, by a mistake of ours, what the others find is not lost. */
async function survive(crew: WorkerPool, task: WorkerTask, control: PoolControl): Promise<WorkerOutcome> {
  let last: (() => WorkerStatus) | undefined;
  const status: PoolControl["status"] = (index, now) => {
    last = now;
    control.status(index, now);
  };
  try {
    return await crew.runInline(task, { ...control, status }, 0);
  } catch (error) {
    if (last === undefined || error instanceof CannotScanError) throw error;
    return { died: error instanceof Error ? error.message : String(error), last: last() };
  }
}

/** Passes on the results of one worker, but for the time from its snapshot until those of the others. */
class ResultGate {
  readonly #control: PoolControl;
  #held: ResultColumns[] | undefined;

  constructor(control: PoolControl) {
    this.#control = control;
  }

  readonly results = (rows: ResultColumns): void => {
    if (this.#held === undefined) this.#control.results(rows);
    else this.#held.push(rows);
  };

  hold(): void {
    this.#held ??= [];
  }

  readonly release = (): void => {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const rows of held) this.#control.results(rows);
  };
}

/** Does a part in this thread. */
async function runInline(task: WorkerTask, control: PoolControl, index: number): Promise<WorkerOutcome> {
  const gate = new ResultGate(control);
  const isBehind = () => control.hasUndelivered?.() ?? false;
  let told = false;
  const part: { report?: WorkerReport } = {};
  const stepped = (running: RunningWorker) => {
    if (!told) {
      told = true;
      control.status(index, running.status);
      const snapshot = () => {
        const taken = part.report === undefined ? running.snapshot() : finishedSnapshot(part.report);
        gate.hold();
        return taken;
      };
      control.snapshotOf(index, snapshot, gate.release);
    }
    if (!isBehind()) running.flush();
    return control.afterStep();
  };
  const { routePlan: reach, opened } = control;
  const report = part.report = await runWorker(task, {
    results: gate.results,
    routePlan: reach,
    opened,
    afterStep: stepped,
    hasUndelivered: isBehind,
  });
  control.status(index, () => report);
  return report;
}

/** Has one worker do a part. */
function work(worker: WorkerLike, task: WorkerTask, control: PoolControl, index: number): Promise<WorkerOutcome> {
  const { promise, resolve, reject } = Promise.withResolvers<WorkerOutcome>();
  const gate = new ResultGate(control);
  let last: WorkerStatus | undefined;
  // What it has told counts, whether it has said so or not.
  const byState = STATES.map(() => 0);
  let ended: WorkerOutcome | undefined;
  const waiting: ((moment: WorkerSnapshot | Promise<WorkerSnapshot>) => void)[] = [];
  const after = async (outcome: WorkerOutcome): Promise<WorkerSnapshot> => {
    if ("died" in outcome) throw new Error(`Cannot tell what is left of a scan: a worker died (${outcome.died})`);
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
        gate.results(data.rows);
        return void control.afterStep();
      case "status": {
        const { status } = data;
        last = status;
        return control.status(index, () => status);
      }
      case "report": {
        const { report } = data;
        control.status(index, () => report);
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
    // Reported as what it is; it must not end the whole program.
    event.preventDefault();
    die(event.message);
  };
  worker.postMessage({ kind: "task", task });
  return promise;
}

/** The order of each of `count` parts. */
export function shardOrders(size: number, task: Pick<WorkerTask, "seed" | "shard">, count: number): ShardedOrder[] {
  return Array.from(
    { length: count },
    (_, index) => new ShardedOrder(size, task.seed, nestShard(task.shard, { index: index + 1, count })),
  );
}

/**
 * Workers, real and made up: a crew gives the same results as one alone, and a worker that dies is told of.
 *
 * @module
 */

import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { canOpenRaw } from "../../ffi/credentials.ts";
import { type PoolControl, runPool, type WorkerLike, type WorkerPool } from "../../src/scan/pool.ts";
import { shardOrders } from "../../src/scan/shares.ts";
import type { EngineLimits } from "../../src/engine/engine.ts";
import { CannotScanError } from "../../src/base/errors.ts";
import type { WorkerStatus, WorkerTask } from "../../src/scan/worker_task.ts";
import { scan } from "../support/library.ts";
import { outcomeCode } from "../../src/result/outcome.ts";
import { portAt, ResultBatcher, type ResultColumns, ROW_LEN } from "../../src/result/batch.ts";
import type { FromWorker, ToWorker } from "../../src/scan/worker.ts";
import { passReport } from "./worker_report.ts";

const LIMITS: EngineLimits = {
  timeouts: { initialMs: 1000, minMs: 100, maxMs: 10_000 },
  rate: { startPps: 1000, maxPps: 1000, minPps: 0 },
  maxRetries: Infinity,
  maxInFlight: 100,
};

const TASK: WorkerTask = {
  blocks: [{ hosts: new Uint32Array([1, 1]), ports: [[1, 100]] }],
  excludePorts: [],
  seed: 1,
  shard: { index: 1, count: 1 },
  passes: [{ number: 0, technique: "syn", proto: "tcp" }],
  limits: LIMITS,
  options: {},
  maxNotProbed: 65_536,
};

function status(decided: number): WorkerStatus {
  return {
    byState: [0, decided, 0, 0],
    sent: decided,
    inFlight: 0,
    sendingMs: 0,
    answered: decided,
    returned: decided,
    lost: 0,
  };
}

const report = (decided: number) => ({
  passes: [passReport({ ...status(decided), hostsUp: [1, 1] })],
});

/** A worker that answers its task as it is told, without a thread. */
class FakeWorker implements WorkerLike {
  onmessage: WorkerLike["onmessage"] = null;
  onerror: WorkerLike["onerror"] = null;
  readonly told: ToWorker[] = [];
  terminated = false;
  readonly #act: (worker: FakeWorker, task: WorkerTask) => void;

  constructor(act: (worker: FakeWorker, task: WorkerTask) => void) {
    this.#act = act;
  }

  postMessage(message: ToWorker): void {
    this.told.push(message);
    if (message.kind === "task") queueMicrotask(() => this.#act(this, message.task));
  }

  say(data: FromWorker): void {
    this.onmessage?.(new MessageEvent("message", { data }));
  }

  die(message: string): void {
    this.onerror?.(new ErrorEvent("error", { message, cancelable: true }));
  }

  terminate(): void {
    this.terminated = true;
  }
}

/** An open port of host 1 as a batch. */
function openPort(port: number): ResultColumns {
  const batches: ResultColumns[] = [];
  const batcher = new ResultBatcher((rows) => batches.push(rows));
  batcher.result(1, port, 0, 0, 64, 0.5, 1, 1, -1, 0);
  batcher.flush();
  return batches[0]!;
}

/** A crew whose first part finds the port of its index, and whose other parts are done by made-up workers. */
function crewOf(startWorker: () => WorkerLike): WorkerPool {
  return {
    runInline(task, { results }) {
      results(openPort(task.shard.index), 0, 0);
      return Promise.resolve(report(1));
    },
    startWorker,
  };
}

function control(ports: number[] = []): PoolControl {
  return {
    results: (rows) => {
      for (let at = 0; at < rows.length; at += ROW_LEN) ports.push(portAt(rows, at));
    },
    opened: () => {},
    afterStep: () => ({ stop: false, pause: false }),
    status: () => {},
    snapshotOf: () => {},
  };
}

Deno.test("each worker gets a shard of its own, and what they find comes together", async () => {
  const workers: FakeWorker[] = [];
  const ports: number[] = [];
  const crew = crewOf(() => {
    const worker = new FakeWorker((self, task) => {
      self.say({ kind: "results", rows: openPort(task.shard.index), pass: 0 });
      self.say({ kind: "report", report: report(1) });
    });
    workers.push(worker);
    return worker;
  });
  const outcomes = await runPool(TASK, 3, control(ports), [], crew);
  assertEquals(ports.sort(), [1, 2, 3]);
  assertEquals(outcomes.length, 3);
  assert(workers.every(({ terminated }) => terminated));
});

Deno.test("a worker that dies is told of, with where it stood", async () => {
  let begun = 0;
  const crew = crewOf(() =>
    new FakeWorker((self) => {
      if (begun++ === 0) {
        self.say({ kind: "status", status: status(1) });
        const batcher = new ResultBatcher((rows) => self.say({ kind: "results", rows, pass: 0 }));
        for (let port = 0; port < 7; port++) batcher.result(1, port, 2, 3, 0, -1, 2, 1, -1, 0);
        batcher.result(1, 3, 1, 2, 64, 0.5, 2, 1, outcomeCode(2, 3), 0);
        batcher.flush();
        self.die("out of memory");
      } else {
        self.say({ kind: "report", report: report(50) });
      }
    })
  );
  const outcomes = await runPool(TASK, 3, control(), [], crew);
  assertEquals(outcomes[1], { died: "out of memory", last: { ...status(1), byState: [0, 1, 6, 0, 0, 0, 0] } });
  assertEquals("passes" in outcomes[2]!, true);
});

Deno.test("the part of a worker that could not begin is done here", async () => {
  const ports: number[] = [];
  const outcomes = await runPool(
    TASK,
    2,
    control(ports),
    [],
    crewOf(() => new FakeWorker((self) => self.die("no code"))),
  );
  assertEquals(ports, [1, 2]);
  assertEquals(outcomes, [report(1), report(1)]);
});

Deno.test("crew: no part begins before the sockets of all are open, those of a worker that could not start included", async () => {
  const events: string[] = [];
  const opened = { transport: "sendto", sources: [], notes: [], warnings: [] };
  const crew: WorkerPool = {
    async runInline(_task, { opened: tell }, index) {
      events.push(`${index} opens`);
      await tell(opened);
      events.push(`${index} begins`);
      return report(1);
    },
    startWorker: () => {
      const number = ++started;
      const worker = new FakeWorker((self) => {
        if (number === 1) return self.die("no code");
        setTimeout(() => {
          events.push("worker opens");
          self.say({ kind: "opened", opened });
        }, 20);
      });
      const post = worker.postMessage.bind(worker);
      worker.postMessage = (message) => {
        post(message);
        if (message.kind !== "begin" || number === 1) return;
        events.push("worker begins");
        worker.say({ kind: "report", report: report(1) });
      };
      return worker;
    },
  };
  let started = 0;
  const told: string[] = [];
  await runPool(TASK, 3, { ...control(), opened: () => void told.push(events.join()) }, [], crew);
  assertEquals(told, ["0 opens,1 opens,worker opens"]);
  assertEquals(events.slice(0, 3), ["0 opens", "1 opens", "worker opens"]);
  assertEquals(events.slice(3).filter((event) => event.endsWith("begins")).length >= 3, true);
});

Deno.test("a worker that may not open its sockets ends the scan", async () => {
  const failing = () =>
    new FakeWorker((self) => self.say({ kind: "failed", message: "Cannot open: no right", expected: true }));
  await assertRejects(() => runPool(TASK, 2, control(), [], crewOf(failing)), CannotScanError, "no right");
});

Deno.test("when a worker ends the scan, the part here ends before that is told", async () => {
  let isOver = false;
  const crew: WorkerPool = {
    async runInline(_task, { afterStep: stepped }) {
      while (!stepped().stop) await new Promise((resolve) => setTimeout(resolve, 1));
      isOver = true;
      return report(0);
    },
    startWorker: () => new FakeWorker((self) => self.say({ kind: "failed", message: "no right", expected: true })),
  };
  await assertRejects(() => runPool(TASK, 2, control(), [], crew), CannotScanError, "no right");
  assert(isOver);
});

Deno.test("a mistake in the part here loses nothing of what the others find", async () => {
  const crewThatFails = (begins: boolean): WorkerPool => ({
    runInline(_task, { results, status: tell }) {
      results(openPort(7), 0, 0);
      if (begins) tell(0, () => status(1));
      return Promise.reject(new RangeError("Invalid array length"));
    },
    startWorker: () => new FakeWorker((self) => setTimeout(() => self.say({ kind: "report", report: report(50) }), 20)),
  });
  assertEquals(await runPool(TASK, 2, control(), [], crewThatFails(true)), [{
    died: "Invalid array length",
    last: status(1),
  }, report(50)]);
  await assertRejects(() => runPool(TASK, 2, control(), [], crewThatFails(false)), RangeError);
  await assertRejects(() => runPool(TASK, 1, control(), [], crewThatFails(true)), RangeError);
});

Deno.test("pool: results of a worker are held from its snapshot until those of all are taken", async () => {
  const ports: number[] = [];
  const asked: (() => unknown)[] = [];
  const released: (() => void)[] = [];
  const crew: WorkerPool = {
    runInline: () => Promise.resolve(report(0)),
    startWorker: () =>
      new FakeWorker(async (self) => {
        const snapshot = asked[1]!();
        self.say({ kind: "results", rows: openPort(1), pass: 0 });
        self.say({
          kind: "snapshot",
          snapshot: { remaining: [{ position: 1, pending: new Uint32Array() }], done: report(1).passes },
        });
        self.say({ kind: "results", rows: openPort(2), pass: 0 });
        await snapshot;
        assertEquals(ports, [1]);
        released[1]!();
        assertEquals(ports, [1, 2]);
        self.say({ kind: "results", rows: openPort(3), pass: 0 });
        self.say({ kind: "report", report: report(3) });
      }),
  };
  const snapshotOf: PoolControl["snapshotOf"] = (index, ask, release) => {
    asked[index] = ask;
    released[index] = release;
  };
  await runPool(TASK, 2, { ...control(ports), snapshotOf }, [], crew);
  assertEquals(ports, [1, 2, 3]);
});

Deno.test("stop and hold reach every worker", async () => {
  const workers: FakeWorker[] = [];
  let looks = 0;
  await runPool(
    TASK,
    2,
    { ...control(), afterStep: () => ({ stop: ++looks > 1, pause: true }) },
    [],
    crewOf(() => {
      const worker = new FakeWorker(() => {});
      const post = worker.postMessage.bind(worker);
      worker.postMessage = (message) => {
        post(message);
        if (message.kind === "stop") worker.say({ kind: "report", report: report(0) });
      };
      workers.push(worker);
      return worker;
    }),
  );
  for (const { told } of workers) {
    assertEquals(told.filter(({ kind }) => kind === "pause").length, 1);
    assert(told.some(({ kind }) => kind === "stop"));
  }
});

Deno.test("part sizes add up to the whole", () => {
  assertEquals(shardOrders([100], TASK, 3).map(({ size }) => size), [34, 33, 33]);
});

Deno.test({
  name: "two real workers decide each port of loopback once",
  ignore: !canOpenRaw(), // Raw sockets take root; `sudo deno task test` runs it.
  fn: async () => {
    const running = scan({ targets: "127.0.0.1", ports: "1-2000", workers: 2 });
    const plan = await running.plan;
    assertEquals(plan.workers, 2);
    assertStringIncludes(plan.notes.join("\n"), "2 workers");
    const ports = (await Array.fromAsync(running)).map(({ port }) => port).sort((a, b) => a - b);
    assertEquals(ports, Array.from({ length: 2000 }, (_, i) => i + 1));
    const summary = await running.summary;
    assertEquals({ workers: summary.workers, trusted: summary.trusted, up: summary.hostsUp }, {
      workers: 2,
      trusted: true,
      up: 1,
    });
  },
});

/** The rate of a worker over its passes, on this machine's own loopback. */
import { assert } from "@std/assert";
import { canOpenRaw } from "../../ffi/credentials.ts";
import { passesIn } from "../../src/scan/passes.ts";
import { runWorker } from "../../src/scan/worker_run.ts";
import type { PassReport, WorkerTask } from "../../src/scan/worker_task.ts";

const PORTS = 600;
const LOOPBACK = 0x7f000001;

/** Runs SYN and then ACK from a rate of 200 probes a second on; `maxRatePps` is what the user sets meanwhile. */
async function passes(maxRatePps?: number): Promise<readonly PassReport[]> {
  const task: WorkerTask = {
    blocks: [{ hosts: new Uint32Array([LOOPBACK, LOOPBACK]), ports: [[1, PORTS]] }],
    excludePorts: [],
    seed: 1,
    shard: { index: 1, count: 1 },
    passes: passesIn("syn+ack"),
    limits: {
      timeouts: { initialMs: 1000, minMs: 100, maxMs: 10_000 },
      rate: { startPps: 200, maxPps: Infinity, minPps: 0 },
      maxRetries: Infinity,
      maxInFlight: 10_000,
    },
    options: {},
    maxNotProbed: 0,
  };
  const report = await runWorker(task, {
    results: () => {},
    opened: () => {},
    afterStep: () => ({ stop: false, pause: false, maxRatePps, onPacket: undefined }),
  });
  return report.passes;
}

function test(name: string, fn: () => Promise<void>): void {
  Deno.test({ name, ignore: !canOpenRaw(), fn });
}

test("worker: a pass begins at the rate that the one before has reached", async () => {
  const [first, second] = await passes() as [PassReport, PassReport];
  assert(first.sendingMs > 300, `${first.sendingMs} ms: it did not begin slowly`);
  assert(second.sendingMs < first.sendingMs / 2, `${first.sendingMs} ms, then ${second.sendingMs} ms`);
});

test("worker: a rate that is set while a scan runs holds in every pass", async () => {
  for (const { sent, sendingMs } of await passes(800)) {
    assert(sent >= PORTS && sent * 1000 / sendingMs < 800 * 1.1, `${sent} probes in ${sendingMs} ms`);
  }
});

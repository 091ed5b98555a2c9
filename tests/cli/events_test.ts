/** Results as they come, and the moments between them, of a scan of the test's own. */
import { assert, assertEquals } from "@std/assert";
import { events, type SnapshotWanted } from "../../src/cli/events.ts";
import type { RunningScan } from "../../src/cli/scanner.ts";
import { ROW_LEN } from "../../src/result/batch.ts";
import type { ScanSnapshot } from "../../src/scan/snapshot.ts";
import type { ResultList } from "../../src/result/port_result.ts";
import { FakeScanner, result } from "./fake.ts";

/** Wants a moment when it is told to. */
class Moments implements SnapshotWanted {
  isDue = false;
  missedCount = 0;
  #wake = () => {};

  onDue(wake: () => void): void {
    this.#wake = wake;
  }

  come(): void {
    this.isDue = true;
    this.#wake();
  }

  taken(): void {
    this.isDue = false;
  }

  missed(): void {
    this.missedCount++;
  }
}

function scanOf(lentBatches: () => AsyncGenerator<ResultList>, rest?: () => Promise<ScanSnapshot>): RunningScan {
  const scan = new FakeScanner().scan({ targets: "" }, { signal: new AbortController().signal });
  return { ...scan, batches: lentBatches, ...(rest === undefined ? {} : { snapshot: rest }) };
}

const NEVER = new AbortController().signal;

for (const wanted of ["never", "now and then"] as const) {
  Deno.test(`follow: what was reported is forgotten, where the moment comes ${wanted}`, async () => {
    const batchCount = 8000;
    const batchLen = 4000;
    const moments = new Moments();
    let given = 0;
    async function* batches(): AsyncGenerator<ResultList> {
      for (let number = 0; number < batchCount; number++) {
        await Promise.resolve();
        given++;
        // In all they would take 256 MB.
        yield new Array(batchLen).fill(result({ port: number }));
      }
    }
    const scan = scanOf(batches, () => Promise.resolve({ taken: given * batchLen, waiting: 0 } as ScanSnapshot));
    const before = Deno.memoryUsage().heapUsed;
    let most = 0;
    let taken = 0;
    for await (const { batch } of events(scan, moments, NEVER)) {
      if (batch === undefined) continue;
      if (++taken % 100 === 0) {
        most = Math.max(most, Deno.memoryUsage().heapUsed - before);
        if (wanted !== "never") moments.come();
      }
    }
    assertEquals(taken, batchCount);
    assert(most < 100e6, `${Math.round(most / 1e6)} MB more were in use`);
  });
}

Deno.test("follow: a moment comes while nothing else does, and between results that come without a pause", async () => {
  const moments = new Moments();
  const goOn = Promise.withResolvers<void>();
  let given = 0;
  async function* batches(): AsyncGenerator<ResultList> {
    await goOn.promise;
    for (let port = 1; port <= 3; port++) {
      given++;
      yield [result({ port })];
    }
  }
  const turns = events(
    scanOf(batches, () => Promise.resolve({ taken: given, waiting: 0 } as ScanSnapshot)),
    moments,
    NEVER,
  );
  const first = turns.next();
  moments.come();
  assertEquals((await first).value, { rest: { taken: 0, waiting: 0 } as ScanSnapshot });
  const seen: string[] = [];
  goOn.resolve();
  for await (const turn of turns) {
    seen.push(turn.batch === undefined ? `rest after ${turn.rest.taken}` : `port ${[...turn.batch][0]?.port}`);
    if (seen.length === 1) moments.come();
  }
  assertEquals(seen, ["port 1", "port 2", "rest after 2", "port 3"]);
  assertEquals(moments.missedCount, 0);
});

Deno.test("events: results that waited when a snapshot was taken come before it, and are not in it", async () => {
  const moments = new Moments();
  const ports = [1, 2, 3, 4];
  async function* batches(): AsyncGenerator<ResultList> {
    for (const port of ports) {
      await Promise.resolve();
      yield [result({ port })];
    }
  }
  const rows = Array<number>(ROW_LEN).fill(0);
  const snapshot = {
    ...{ technique: "syn+fin", taken: 1, waiting: 2, done: { byState: [1] } },
    undelivered: [{ pass: 0, rows }, { pass: 1, rows }, { pass: 1, rows }],
  } as unknown as ScanSnapshot;
  const seen: unknown[] = [];
  moments.come();
  for await (const { batch, ...event } of events(scanOf(batches, () => Promise.resolve(snapshot)), moments, NEVER)) {
    if (batch !== undefined) seen.push([...batch][0]?.port);
    else if ("rest" in event) seen.push(event.rest);
  }
  const after = {
    technique: "syn+fin",
    taken: 3,
    waiting: 0,
    done: { byState: [3] },
    undelivered: [{ pass: 1, rows }],
  };
  assertEquals(seen, [1, 2, 3, after, 4] as unknown[]);
});

Deno.test("follow: where nobody can tell what is left, the moment is missed and results go on", async () => {
  const moments = new Moments();
  moments.come();
  async function* batches(): AsyncGenerator<ResultList> {
    await Promise.resolve();
    yield [result({ port: 1 })];
  }
  const seen: unknown[] = [];
  for await (const turn of events(scanOf(batches), moments, NEVER)) seen.push(turn.batch?.length);
  assertEquals([seen, moments.missedCount], [[1], 1]);
});

Deno.test("follow: a scan that fails hands its failure on", async () => {
  async function* batches(): AsyncGenerator<ResultList> {
    await Promise.resolve();
    yield [result({})];
    throw new Error("broken");
  }
  let said = "";
  try {
    for await (const _ of events(scanOf(batches), new Moments(), NEVER));
  } catch (error) {
    said = String(error);
  }
  assertEquals(said, "Error: broken");
});

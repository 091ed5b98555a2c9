import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { UsageError } from "../../src/base/errors.ts";
import { DeferredScan } from "../../src/scan/deferred_scan.ts";
import { scan } from "../../src/scan/scan.ts";

const CONNECT = { targets: "127.0.0.1", ports: "1-3", technique: "connect" } as const;

Deno.test("deferred scan: it starts by itself, and its status is known before its code is loaded", async () => {
  const running = scan(CONNECT);
  const { probes, decided, maxRatePps } = running.progress();
  assertEquals({ probes, decided, maxRatePps }, { probes: 0, decided: 0, maxRatePps: Infinity });
  assertEquals(running.setOnPacket(() => {}), false);
  assertEquals((await running.plan).probes, 3);
  assertEquals((await running.summary).probes, 3);
  assertEquals(running.progress().decided, 3);
});

Deno.test("deferred scan: a rate that is set before its code is loaded holds for the scan", async () => {
  const running = scan(CONNECT);
  running.setMaxRate(1000);
  assertThrows(() => running.setMaxRate(0), UsageError, "give a number above 0");
  assertEquals(running.progress().maxRatePps, 1000);
  await running.plan;
  assertEquals(running.progress().maxRatePps, 1000);
  await running.summary;
});

Deno.test("deferred scan: options that are changed after the call do not change the scan", async () => {
  const options = { ...CONNECT, ports: "1-2" };
  const running = scan(options);
  options.ports = "1-1000";
  assertEquals((await running.summary).probes, 2);
});

Deno.test("deferred scan: an error reaches plan, summary and results, and none is left unhandled", async () => {
  const unhandled: unknown[] = [];
  const listener = (event: PromiseRejectionEvent) => {
    event.preventDefault();
    unhandled.push(event.reason);
  };
  addEventListener("unhandledrejection", listener);
  try {
    for (const options of [{ ...CONNECT, ports: "none" }, { targets: [], ports: "1" }, undefined, null, 7] as never[]) {
      const running = new DeferredScan(options);
      await assertRejects(() => running.plan, Error);
      await assertRejects(() => running.summary, Error);
      await assertRejects(() => Array.fromAsync(running), Error);
      await assertRejects(() => Array.fromAsync(new DeferredScan(options).batches()), Error);
      new DeferredScan(options);
      new DeferredScan(options).summary;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  } finally {
    removeEventListener("unhandledrejection", listener);
  }
  assertEquals(unhandled, []);
});

Deno.test("deferred scan: it ends when it was aborted, or its results were left, before its code is loaded", async () => {
  const aborted = scan(CONNECT, { signal: AbortSignal.abort() });
  assertEquals((await aborted.summary).ended, "interrupted");
  const left = scan({ ...CONNECT, ports: "1-2000" });
  for await (const { port } of left) {
    assert(port > 0);
    break;
  }
  assertEquals((await left.summary).probes, 2000);
});

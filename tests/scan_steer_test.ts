/**
 * Steering a scan that is under way, through the library: its greatest rate, and who is told of its packets. On this
 * machine's own loopback, with one worker and with several.
 *
 * @module
 */

import { assert, assertEquals, assertThrows } from "@std/assert";
import { canOpenRaw } from "../ffi/credentials.ts";
import { type Scan, scan, UsageError } from "./support/library.ts";
import { until } from "./support/program.ts";

const ROOT = canOpenRaw();
if (!ROOT) console.log("scan_steer_test: packets cannot be seen, for raw sockets take root (or CAP_NET_RAW)");

const WHOLE = { targets: "127.0.0.1", ports: "-" };

async function takeAll(running: Scan): Promise<number> {
  let count = 0;
  for await (const batch of running.batches()) count += batch.length;
  return count;
}

for (const workers of [1, 2]) {
  Deno.test(`steer: a lower rate slows a scan of ${workers} workers down, a higher one lets it go`, async () => {
    const running = scan({ ...WHOLE, workers, maxRatePps: 2000 });
    const taking = takeAll(running);
    await running.plan;
    assertEquals(running.progress().maxRatePps, 2000);
    running.setMaxRate(500);
    // Workers learn of it by a message, which takes its time on a busy machine.
    let rate = Infinity;
    for (let windows = 0; rate >= 800 && windows < 20; windows++) {
      const [before, beganMs] = [running.progress().sent, performance.now()];
      await until(() => running.progress().sent >= before + 500);
      rate = (running.progress().sent - before) / (performance.now() - beganMs) * 1000;
    }
    assert(rate < 800, `${rate} probes/s`);
    running.setMaxRate(Infinity);
    assertEquals(running.progress().maxRatePps, Infinity);
    assertEquals(await taking, 65_535);
  });
}

Deno.test("steer: refuses a rate that is none", () => {
  const running = scan({ ...WHOLE, ports: "1" });
  for (const rate of [0, -1, NaN]) assertThrows(() => running.setMaxRate(rate), UsageError, "above 0");
  return running.summary.then(() => {});
});

Deno.test({
  name: "steer: packets are told from when they are asked for, until they are not",
  ignore: !ROOT,
  async fn() {
    const running = scan({ ...WHOLE, ports: "1-3000", maxRatePps: 1000 });
    const taking = takeAll(running);
    await running.plan;
    const lines: string[] = [];
    assertEquals(running.setOnPacket((line) => lines.push(line)), true);
    await until(() => ["SENT TCP", "RCVD TCP"].every((begin) => lines.some((line) => line.startsWith(begin))));
    assertEquals(running.setOnPacket(undefined), true);
    assertEquals(await taking, 3000);
    // Workers learn of it by a message; without it there are two lines for each of the ports.
    assert(lines.length < 3000, `${lines.length} lines`);
  },
});

Deno.test("steer: where packets cannot be seen, it says so", async () => {
  const running = scan({ ...WHOLE, ports: "1-100", technique: "connect" });
  await running.plan;
  assertEquals(running.setOnPacket(() => {}), false);
  assertEquals(await takeAll(running), 100);
});

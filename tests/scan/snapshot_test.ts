/**
 * The work done before a scan was resumed, as numbers.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { doneBefore, doneTogether, newShapes, unionOf } from "../../src/scan/snapshot.ts";
import type { PassReport } from "../../src/scan/worker_task.ts";
import { passReport } from "./worker_report.ts";

/** Returns the work before a resumption that has these reports, as a checkpoint stores it. */
function before(reports: readonly PassReport[]): PassReport {
  const done = { ...doneTogether(reports), elapsedMs: 0 };
  return doneBefore(JSON.parse(JSON.stringify({ done, undelivered: [] })), []);
}

Deno.test("snapshot: counts of workers and of earlier resumptions add up", () => {
  const report = (count: number) =>
    passReport({ byState: [count, 0, 1, 0, 0, 0, 0], late: count, sent: 10, sendErrors: [["EPERM", count]] });
  const { byState, late, sent, sendErrors } = before([before([report(1), report(2)]), report(3)]);
  assertEquals({ byState, late, sent, sendErrors }, {
    ...{ byState: [6, 0, 3, 0, 0, 0, 0], late: 6, sent: 30, sendErrors: [["EPERM", 6]] },
  });
});

Deno.test("snapshot: hosts of several workers come together, more than a Set holds", () => {
  assertEquals([...unionOf([Uint32Array.of(9, 2, 5), new Uint32Array(), Uint32Array.of(5, 1, 9)])], [1, 2, 5, 9]);
  const half = 2 ** 23 + 1;
  const [first, second] = [half, 0].map((from) => passReport({ hostsUp: [from, from + half - 1] }));
  assertEquals(before([first!, second!]).hostsUp, [0, 2 ** 24 + 1]);
});

Deno.test("snapshot: shapes of SYN-ACKs are kept over a resume, and each is new once", () => {
  const shape = [0x3, 0x05b4_faf0, 0xff40];
  const report = passReport({ shapes: Uint32Array.of(7, 22, ...shape, 9, 80, ...shape) });
  const once = before([report]);
  assertEquals(once.shapes, [7, 22, ...shape, 9, 80, ...shape]);
  const more = passReport({ shapes: Uint32Array.of(9, 80, ...shape, 8, 80, ...shape) });
  const twice = before([once, more]);
  const known = new Set<number>();
  assertEquals([...newShapes(once.shapes, known)], once.shapes);
  assertEquals([...newShapes(twice.shapes, known)], [8, 80, ...shape]);
  assertEquals([...newShapes(twice.shapes, known)], []);
});

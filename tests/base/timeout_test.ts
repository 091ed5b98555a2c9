import { assertEquals, assertRejects } from "@std/assert";
import { startTimer, withTimeout } from "../../src/base/timeout.ts";

const late = () => new Error("late");

Deno.test("in time: work that is done is given, work that fails fails, work that is late is left", async () => {
  for (const ms of [1000, Infinity]) {
    assertEquals(await withTimeout(Promise.resolve(7), ms, late), 7);
    await assertRejects(() => withTimeout(Promise.reject(new TypeError("broken")), ms, late), TypeError, "broken");
  }
  await assertRejects(() => withTimeout(new Promise(() => {}), 1, late), Error, "late");
});

Deno.test("startTimer waits for longer than the 25 days of a timer of the runtime, and calls once", () => {
  const { setTimeout: usual } = globalThis;
  const waits: number[] = [];
  const due: (() => void)[] = [];
  let calls = 0;
  try {
    Object.assign(globalThis, {
      setTimeout: (act: () => void, ms: number) => {
        waits.push(ms);
        due.push(act);
      },
    });
    const longest = 2 ** 31 - 1;
    for (const ms of [366 * 24 * 3_600_000, 2 ** 31, longest, 7, 0, -5]) {
      [calls, waits.length] = [0, 0];
      using _timer = startTimer(ms, () => calls++);
      for (let act = due.pop(); act !== undefined; act = due.pop()) {
        assertEquals(calls, 0, `${ms}`);
        act();
      }
      assertEquals([calls, waits.reduce((sum, wait) => sum + wait, 0)], [1, Math.max(0, ms)]);
      assertEquals(waits.filter((wait) => wait > longest), []);
    }
    startTimer(Infinity, () => calls++);
    assertEquals(due, []);
  } finally {
    Object.assign(globalThis, { setTimeout: usual });
  }
});

import { assertEquals, assertRejects } from "@std/assert";
import { withTimeout } from "../../src/base/timeout.ts";

const late = () => new Error("late");

Deno.test("in time: work that is done is given, work that fails fails, work that is late is left", async () => {
  for (const ms of [1000, Infinity]) {
    assertEquals(await withTimeout(Promise.resolve(7), ms, late), 7);
    await assertRejects(() => withTimeout(Promise.reject(new TypeError("broken")), ms, late), TypeError, "broken");
  }
  await assertRejects(() => withTimeout(new Promise(() => {}), 1, late), Error, "late");
});

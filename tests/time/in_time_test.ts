import { assertEquals, assertRejects } from "@std/assert";
import { inTime } from "../../src/time/in_time.ts";

const late = () => new Error("late");

Deno.test("in time: work that is done is given, work that fails fails, work that is late is left", async () => {
  for (const ms of [1000, Infinity]) {
    assertEquals(await inTime(Promise.resolve(7), ms, late), 7);
    await assertRejects(() => inTime(Promise.reject(new TypeError("broken")), ms, late), TypeError, "broken");
  }
  await assertRejects(() => inTime(new Promise(() => {}), 1, late), Error, "late");
});

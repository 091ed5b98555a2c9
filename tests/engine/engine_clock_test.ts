import { assertEquals } from "@std/assert";
import { EngineClock } from "../../src/engine/engine_clock.ts";

Deno.test("engine clock: a step that comes on time, or a little late, excludes nothing", () => {
  const clock = new EngineClock(0);
  clock.promise(100);
  clock.begin(340);
  assertEquals([clock.advance(340), clock.nowMs, clock.callerTime(340)], [340, 340, 340]);
});

Deno.test("engine clock: the time that the program stood still is excluded", () => {
  const clock = new EngineClock(0);
  clock.promise(100);
  clock.begin(30_100);
  assertEquals([clock.advance(30_100), clock.engineTime(30_150), clock.callerTime(100)], [100, 150, 30_100]);
});

Deno.test("engine clock: the first step excludes nothing, however late it comes", () => {
  const clock = new EngineClock(5);
  clock.begin(10_000);
  assertEquals([clock.advance(10_000), clock.beganMs], [10_000, 5]);
});

Deno.test("engine clock: time without room to send is excluded", () => {
  const clock = new EngineClock(0);
  clock.exclude(40);
  assertEquals([clock.advance(100), clock.callerTime(60)], [60, 100]);
});

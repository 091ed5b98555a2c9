import { assert, assertEquals } from "@std/assert";
import { ProbeTable, READY_LIST } from "../../src/engine/probe_table.ts";
import { TimerWheel } from "../../src/engine/timer_wheel.ts";
import { Random } from "../support/random.ts";

function bench(nowMs: number): { table: ProbeTable; wheel: TimerWheel; expired: (nowMs: number) => number[] } {
  const table = new ProbeTable(64, 64);
  const wheel = new TimerWheel(table, nowMs);
  for (let i = 0; i < 64; i++) table.take(READY_LIST, 0);
  const expired = (nowMs: number) => {
    const slots: number[] = [];
    for (let slot = wheel.expire(nowMs, READY_LIST); slot >= 0; slot = wheel.expire(nowMs, READY_LIST)) {
      slots.push(slot);
    }
    return slots;
  };
  return { table, wheel, expired };
}

Deno.test("timer wheel: slots come off at their time, or up to a millisecond later", () => {
  const { wheel, expired } = bench(1000);
  wheel.schedule(0, 1000.2);
  wheel.schedule(1, 1005.9);
  wheel.schedule(2, 1005.1);
  wheel.schedule(3, 1006);
  assertEquals(expired(1000.9), []);
  assertEquals(expired(1001), [0]);
  assertEquals(expired(1005.95), []);
  assertEquals(expired(1006), [1, 2]);
  assertEquals(expired(1006.9), []);
  assertEquals(expired(1007), [3]);
});

Deno.test("timer wheel: what is due already comes off at the next millisecond", () => {
  const { wheel, expired } = bench(1000);
  assertEquals(expired(1500), []);
  wheel.schedule(0, 900);
  wheel.schedule(1, 1500);
  assertEquals(expired(1501), [0, 1]);
});

Deno.test("timer wheel: times further away than a turn", () => {
  const { wheel, expired } = bench(0);
  wheel.schedule(0, 5000);
  wheel.schedule(1, 300_000);
  wheel.schedule(2, 4096);
  assertEquals(expired(4095), []);
  assertEquals(expired(4097), [2]);
  assertEquals(expired(4999), []);
  assertEquals(expired(5001), [0]);
  for (let ms = 5001; ms < 300_000; ms += 997) assertEquals(expired(ms), []);
  assertEquals(expired(300_001), [1]);
});

Deno.test("timer wheel: a slot that is scheduled again, or moved away, forgets its time", () => {
  const { table, wheel, expired } = bench(0);
  wheel.schedule(0, 10);
  wheel.schedule(0, 30);
  wheel.schedule(1, 10);
  table.move(1, READY_LIST);
  assertEquals(expired(20), []);
  assertEquals(expired(31), [0]);
});

Deno.test("timer wheel: when to look again", () => {
  const { wheel, expired } = bench(0);
  assertEquals(wheel.next(0, 1000), 1000);
  wheel.schedule(0, 50.5);
  assertEquals(wheel.next(0, 1000), 51);
  assertEquals(wheel.next(0, 20), 20);
  assertEquals(expired(51), [0]);
  assertEquals(wheel.next(51, 1000), 1051);
});

Deno.test("timer wheel: against a model, with a clock that leaps", () => {
  const random = new Random(9);
  const { wheel, expired } = bench(0);
  const due = new Map<number, number>();
  let nowMs = 0;
  for (let round = 0; round < 3000; round++) {
    const slot = random.below(64);
    const dueMs = nowMs + random.fraction() * random.pick([3, 200, 5000, 20_000]);
    wheel.schedule(slot, dueMs);
    due.set(slot, dueMs);
    nowMs += random.fraction() * random.pick([0.3, 5, 500, 9000]);
    for (const slot of expired(nowMs)) {
      assert(due.get(slot)! <= nowMs, "too early");
      due.delete(slot);
    }
    for (const dueMs of due.values()) assert(dueMs > nowMs - 1, `${nowMs - dueMs} ms too late`);
    const next = wheel.next(nowMs, 1000);
    assert(next > nowMs);
    for (const dueMs of due.values()) assert(next <= Math.max(nowMs + 1, Math.floor(dueMs) + 1), "sleeps too long");
  }
});

import { assertAlmostEquals, assertEquals, assertGreaterOrEqual, assertLessOrEqual } from "@std/assert";
import { ArrivalClock } from "../../src/transport/arrival_clock.ts";

/** The wall clock is ahead of the scan's by this much, until something happens. */
const AHEAD_MS = 1.7e12;

/** A scan's clock, a wall clock, and packets that arrive by the latter. */
class Bench {
  nowMs = 1000;
  aheadMs = AHEAD_MS;
  readonly clock = new ArrivalClock({ wall: () => this.nowMs + this.aheadMs, scan: () => this.nowMs });
  readonly #waiting: number[] = [];

  /** A packet arrives: the kernel notes when, by the wall clock of that moment. */
  arrive(): void {
    this.#waiting.push(this.nowMs + this.aheadMs);
  }

  /** Times of arrival, on the scan's clock, of at most so many packets that wait. */
  drain(most = Infinity): number[] {
    this.clock.begin(this.nowMs);
    const taken = this.#waiting.splice(0, most);
    if (taken.length < most) this.clock.emptied();
    return taken.map((wallMs) => this.clock.arrival(wallMs));
  }

  /** A packet arrives now and is read so much later. */
  measure(laterMs: number): number {
    const arrivedMs = this.nowMs;
    this.arrive();
    this.nowMs += laterMs;
    const [told] = this.drain();
    return told! - arrivedMs;
  }
}

Deno.test("arrival clock: the time of arrival is the kernel's, however late the packet is read", () => {
  const bench = new Bench();
  for (const laterMs of [0, 0.5, 3, 100, 90_000]) assertAlmostEquals(bench.measure(laterMs), 0, 0.01);
});

/** Changes of the clocks: the wall clock is set, is steered, or the machine sleeps. */
const STEPS_MS = [5000, -5000, 59_000, -59_000, 0.8, -0.8, 86_400_000, -86_400_000];

for (const stepMs of STEPS_MS) {
  Deno.test(`arrival clock: a step of the wall clock by ${stepMs} ms is over with the packets that wait for it`, () => {
    const bench = new Bench();
    bench.drain();
    bench.nowMs += 10;
    bench.arrive();
    bench.aheadMs += stepMs;
    bench.nowMs += 10;
    bench.arrive();
    bench.nowMs += 10;
    const [before, after] = bench.drain();
    // What arrived before the step is off by no more than the time since the last look, and what the ring holds back.
    assertGreaterOrEqual(before!, 1000 - 20);
    assertLessOrEqual(before!, bench.nowMs);
    assertAlmostEquals(after!, bench.nowMs - 10, 0.01);
    for (const laterMs of [0, 3, 50]) assertAlmostEquals(bench.measure(laterMs), 0, 0.01);
  });
}

Deno.test("arrival clock: packets that were left by an earlier drain arrived before it", () => {
  const bench = new Bench();
  bench.drain();
  const arrivedMs: number[] = [];
  for (let i = 0; i < 10; i++) {
    bench.nowMs += 50;
    arrivedMs.push(bench.nowMs);
    bench.arrive();
  }
  const told: number[] = [];
  for (let i = 0; i < 10; i++, bench.nowMs += 50) told.push(...bench.drain(1));
  for (const [i, toldMs] of told.entries()) assertAlmostEquals(toldMs, arrivedMs[i]!, 0.01);
});

Deno.test("arrival clock: the clocks are read once a drain, and not where nothing has come", () => {
  let reads = 0;
  const clock = new ArrivalClock({ wall: () => AHEAD_MS + ++reads, scan: () => 0 });
  clock.begin(5);
  clock.emptied();
  assertEquals(reads, 0);
  clock.begin(6);
  for (let i = 0; i < 100; i++) clock.arrival(AHEAD_MS);
  assertEquals(reads, 1);
});

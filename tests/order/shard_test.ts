import { assert, assertEquals, assertThrows } from "@std/assert";
import { Permutation } from "../../src/order/permutation.ts";
import { nestShard, type Shard, ShardedOrder, WHOLE } from "../../src/order/shard.ts";
import { Random } from "../support/random.ts";

function allOf(order: ShardedOrder): number[] {
  return Array.from({ length: order.size }, (_, k) => order.at(k));
}

Deno.test("shards are disjoint and cover the order", () => {
  for (const size of [0, 1, 2, 3, 10, 100, 1001]) {
    for (const count of [1, 2, 3, 7, 16, 1500]) {
      const all: number[] = [];
      for (let index = 1; index <= count; index++) all.push(...allOf(new ShardedOrder([size], 5, { index, count })));
      assertEquals(all.toSorted((a, b) => a - b), Array.from({ length: size }, (_, i) => i), `${size} in ${count}`);
    }
  }
});

Deno.test("orders: tiers come one after the other, each in an order of its own, in every shard", () => {
  const random = new Random(6);
  for (let round = 0; round < 200; round++) {
    const tierSizes = Array.from({ length: 1 + random.below(5) }, () => random.chance(0.3) ? 0 : random.below(300));
    const ends = tierSizes.map((_, tier) => tierSizes.slice(0, tier + 1).reduce((sum, each) => sum + each, 0));
    const tierOf = (index: number) => ends.findIndex((end) => index < end);
    const size = ends.at(-1)!;
    const count = 1 + random.below(6);
    const all: number[] = [];
    for (let index = 1; index <= count; index++) {
      const order = new ShardedOrder(tierSizes, round, { index, count });
      const own = allOf(order);
      const tiers = own.map(tierOf);
      assertEquals(tiers, tiers.toSorted((a, b) => a - b), `${tierSizes} shard ${index}/${count}`);
      // Each tier is divided as evenly as the whole.
      tierSizes.forEach((each, tier) => {
        assert(Math.abs(tiers.filter((one) => one === tier).length - each / count) < 1, `${tierSizes} tier ${tier}`);
      });
      const members = new Set(own);
      for (let at = 0; at < size; at++) {
        assertEquals(order.has(at), members.has(at), `${at} of shard ${index}/${count}`);
      }
      assertThrows(() => order.at(order.size), RangeError);
      all.push(...own);
    }
    assertEquals(all.toSorted((a, b) => a - b), Array.from({ length: size }, (_, i) => i), `${tierSizes} in ${count}`);
  }
});

Deno.test("orders: one tier, or one and empty ones, is the order of its permutation", () => {
  for (const tierSizes of [[100], [0, 100], [100, 0, 0]]) {
    const order = new Permutation(100, 3);
    assertEquals(allOf(new ShardedOrder(tierSizes, 3)), Array.from({ length: 100 }, (_, at) => order.at(at)));
  }
});

Deno.test("sizes of shards differ by one at most, and add up", () => {
  for (const size of [0, 5, 17, 2 ** 32, 2 ** 53]) {
    for (const count of [1, 2, 5, 64]) {
      const sizes = Array.from({ length: count }, (_, i) => new ShardedOrder([size], 1, { index: i + 1, count }).size);
      assertEquals(sizes.reduce((sum, part) => sum + BigInt(part), 0n), BigInt(size));
      assert(Math.max(...sizes) - Math.min(...sizes) <= 1);
    }
  }
});

Deno.test("a shard is every m-th position from its own on", () => {
  const order = new Permutation(100, 3);
  const shard = new ShardedOrder([100], 3, { index: 2, count: 7 });
  assertEquals(allOf(shard), [1, 8, 15, 22, 29, 36, 43, 50, 57, 64, 71, 78, 85, 92, 99].map((at) => order.at(at)));
  assertEquals(allOf(new ShardedOrder([100], 3)), allOf(new ShardedOrder([100], 3, WHOLE)));
});

Deno.test("workers of machines are shards of the whole", () => {
  const random = new Random(4);
  for (let round = 0; round < 200; round++) {
    const size = random.below(2000);
    const machine: Shard = { count: 1 + random.below(6), index: 1 };
    const workers = 1 + random.below(6);
    const outer = { ...machine, index: 1 + random.below(machine.count) };
    const union: number[] = [];
    for (let index = 1; index <= workers; index++) {
      union.push(...allOf(new ShardedOrder([size], round, nestShard(outer, { index, count: workers }))));
    }
    const whole = allOf(new ShardedOrder([size], round, outer));
    assertEquals(union.toSorted((a, b) => a - b), whole.toSorted((a, b) => a - b));
  }
});

Deno.test("the last position of the last shard of 2^53 is exact", () => {
  const order = new ShardedOrder([2 ** 53], 1, { index: 64, count: 64 });
  assertEquals(order.size, 2 ** 47);
  assertEquals(order.at(2 ** 47 - 1), new Permutation(2 ** 53, 1).at(2 ** 53 - 1));
  assertThrows(() => order.at(2 ** 47), RangeError);
});

Deno.test("positions past a shard's end are refused", () => {
  const order = new ShardedOrder([10], 1, { index: 3, count: 4 });
  assertEquals(order.size, 2);
  assertThrows(() => order.at(2), RangeError);
  assertThrows(() => order.at(-1), RangeError);
});

Deno.test("shards that are no part are refused", async (t) => {
  const rows: [index: number, count: number][] = [[0, 2], [3, 2], [1, 0], [1.5, 2], [1, 2.5], [-1, 3], [NaN, 2], [
    1,
    NaN,
  ]];
  for (const [index, count] of rows) {
    await t.step(`${index} of ${count}`, () => {
      assertThrows(() => new ShardedOrder([10], 1, { index, count }), RangeError, `shard ${index} of ${count}`);
    });
  }
  await t.step("too many parts of parts", () => {
    const part = { index: 1, count: 2 ** 30 };
    assertThrows(() => nestShard(part, part), RangeError);
  });
});

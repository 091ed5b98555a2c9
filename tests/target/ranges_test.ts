import { assert, assertEquals, assertThrows } from "@std/assert";
import { Ranges, RangesBuilder } from "../../src/target/ranges.ts";
import { Random } from "../support/random.ts";

const U32_MAX = 0xffffffff;

type Pairs = [number, number][];

Deno.test("ranges are sorted and joined where they overlap or touch", async (t) => {
  const rows: [name: string, given: Pairs, expected: Pairs][] = [
    ["nothing", [], []],
    ["one number", [[5, 5]], [[5, 5]]],
    ["apart", [[1, 2], [4, 5]], [[1, 2], [4, 5]]],
    ["touching", [[1, 2], [3, 5]], [[1, 5]]],
    ["overlapping", [[1, 4], [3, 5]], [[1, 5]]],
    ["one inside the other", [[1, 9], [3, 5], [20, 21]], [[1, 9], [20, 21]]],
    ["backwards", [[30, 40], [10, 20], [1, 2]], [[1, 2], [10, 20], [30, 40]]],
    ["an early one that joins two", [[1, 2], [6, 7], [3, 5]], [[1, 7]]],
    ["an early one that covers all", [[5, 6], [9, 9], [0, U32_MAX]], [[0, U32_MAX]]],
    ["the ends of the number line", [[U32_MAX, U32_MAX], [0, 0]], [[0, 0], [U32_MAX, U32_MAX]]],
    ["the same, many times", [[7, 8], [7, 8], [7, 8]], [[7, 8]]],
  ];
  for (const [name, given, expected] of rows) {
    await t.step(name, () => assertEquals([...Ranges.from(given)], expected));
  }
});

Deno.test("the whole number line has 2^32 members", () => {
  const all = Ranges.of(0, U32_MAX);
  assertEquals(all.size, 2 ** 32);
  assertEquals(all.at(2 ** 32 - 1), U32_MAX);
  assertEquals(all.subtract(Ranges.of(0)).size, 2 ** 32 - 1);
  assertEquals(all.subtract(all).size, 0);
  assertEquals([...all.subtract(Ranges.from([[0, 9], [U32_MAX - 1, U32_MAX]]))], [[10, U32_MAX - 2]]);
});

Deno.test("a builder can be filled on after it has built", () => {
  const builder = new RangesBuilder().add(1, 2);
  const first = builder.build();
  builder.add(3, 4).add(0, 0);
  assertEquals([...first], [[1, 2]]);
  assertEquals([...builder.build()], [[0, 4]]);
});

Deno.test("union, subtraction, membership and at agree with sets", () => {
  const random = new Random(11);
  for (let round = 0; round < 500; round++) {
    const space = 1 + random.below(200);
    const [a, b] = [randomPairs(random, space), randomPairs(random, space)];
    const [left, right] = [Ranges.from(a), Ranges.from(b)];
    const [leftSet, rightSet] = [setOf(a), setOf(b)];
    assertSame(left, leftSet);
    assertSame(left.union(right), leftSet.union(rightSet));
    assertSame(left.subtract(right), leftSet.difference(rightSet));
    assert(left.union(right).equals(right.union(left)));
    assertEquals(left.equals(right), leftSet.size === rightSet.size && leftSet.isSubsetOf(rightSet));
    for (let value = 0; value < space + 2; value++) assertEquals(left.has(value), leftSet.has(value));
  }
});

Deno.test("a subtracted range may cut into several", () => {
  const odd = Ranges.from(Array.from({ length: 10 }, (_, i) => [10 * i, 10 * i + 5] as const));
  assertEquals([...odd.subtract(Ranges.of(3, 82))], [[0, 2], [83, 85], [90, 95]]);
  assertEquals([...Ranges.of(0, 99).subtract(odd)].length, 10);
});

Deno.test("ranges that run backwards or leave 32 bits are refused", () => {
  for (const [first, last] of [[2, 1], [-1, 5], [0, 2 ** 32], [0.5, 1], [NaN, 1]] as Pairs) {
    assertThrows(() => Ranges.of(first, last), RangeError, `${first}-${last}`);
  }
});

function randomPairs(random: Random, space: number): Pairs {
  return Array.from({ length: random.below(12) }, () => {
    const first = random.below(space);
    return [first, Math.min(space - 1, first + random.below(10))];
  });
}

function setOf(pairs: Pairs): Set<number> {
  return new Set(pairs.flatMap(([first, last]) => Array.from({ length: last - first + 1 }, (_, i) => first + i)));
}

function assertSame(ranges: Ranges, set: Set<number>): void {
  const members = [...set].sort((a, b) => a - b);
  assertEquals(ranges.size, members.length);
  assertEquals(members.map((_, i) => ranges.at(i)), members);
  let end = -2;
  for (const [first, last] of ranges) {
    assert(first > end + 1 && last >= first, "ranges overlap or touch");
    end = last;
  }
}

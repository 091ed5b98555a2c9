import { assert, assertEquals, assertThrows } from "@std/assert";
import { Permutation } from "../../src/order/permutation.ts";
import { Random } from "../support/random.ts";

Deno.test("every index comes exactly once, for every small size", () => {
  for (let size = 0; size <= 2000; size++) {
    const order = new Permutation(size, size * 7919);
    const seen = new Uint8Array(size);
    for (let position = 0; position < size; position++) {
      const index = order.at(position);
      assert(index >= 0 && index < size && seen[index] === 0, `size ${size}: position ${position} gives ${index}`);
      seen[index] = 1;
      assert(order.positionOf(index) === position, `size ${size}: ${index} is at ${order.positionOf(index)}`);
    }
  }
});

Deno.test("every index comes exactly once, for many seeds", () => {
  const random = new Random(1);
  for (let round = 0; round < 300; round++) {
    const size = 1 + random.below(3000);
    const seed = random.u32() * 2 ** 21 + random.below(2 ** 21);
    const order = new Permutation(size, seed);
    const seen = new Set<number>();
    for (let position = 0; position < size; position++) seen.add(order.at(position));
    assertEquals(seen.size, size, `size ${size}, seed ${seed}`);
    assert(Math.max(...seen) === size - 1, `size ${size}, seed ${seed}`);
  }
});

Deno.test("a bitmap of 2^24 indices and some fills without a collision", () => {
  const size = 2 ** 24 + 12345;
  const order = new Permutation(size, 42);
  const bitmap = new Uint8Array(Math.ceil(size / 8));
  let collisions = 0;
  for (let position = 0; position < size; position++) {
    const index = order.at(position);
    if (index < 0 || index >= size || (bitmap[index >>> 3]! & 1 << (index & 7)) !== 0) collisions++;
    bitmap[index >>> 3]! |= 1 << (index & 7);
  }
  assertEquals(collisions, 0);
});

Deno.test("up to 2^53, indices stay in range and lead back to their positions", () => {
  const random = new Random(2);
  const sizes = [2 ** 31 - 1, 2 ** 32, 2 ** 32 + 1, 2 ** 40 - 87, 2 ** 48, 94906265 ** 2, 94906266 * 94906265];
  for (const size of [...sizes, 2 ** 53 - 111, 2 ** 53 - 1, 2 ** 53]) {
    const order = new Permutation(size, Number.MAX_SAFE_INTEGER);
    const positions = [0, 1, size / 2, size - 2, size - 1].map(Math.floor);
    for (let i = 0; i < 5000; i++) positions.push(Math.floor(random.fraction() * size));
    for (const position of positions) {
      const index = order.at(position);
      assert(Number.isSafeInteger(index) && index >= 0 && index < size, `size ${size}: ${position} gives ${index}`);
      assert(
        order.positionOf(index) === position,
        `size ${size}: ${position} gives ${index}, and that stands elsewhere`,
      );
    }
  }
});

Deno.test("the order is settled by size and seed", () => {
  const first = Array.from({ length: 1000 }, (_, i) => new Permutation(1000, 7).at(i));
  assertEquals(Array.from({ length: 1000 }, (_, i) => new Permutation(1000, 7).at(i)), first);
  for (const seed of [6, 8, 7 + 2 ** 32, 7 + 2 ** 52]) {
    const other = new Permutation(1000, seed);
    const same = first.filter((index, position) => other.at(position) === index).length;
    assert(same < 20, `seed ${seed} leaves ${same} of 1000 in their place`);
  }
});

// Machines of one fleet may run different versions: an order that changed would let their shards overlap.
Deno.test("the order never changes between versions", () => {
  const orders = [[10, 1], [65536, 2026], [2 ** 48, 2 ** 40 + 3]] as const;
  const firsts = orders.map(([size, seed]) => {
    const order = new Permutation(size, seed);
    return [0, 1, 2, 3].map((position) => order.at(position));
  });
  assertEquals(firsts, [
    [9, 2, 3, 5],
    [10023, 2710, 8876, 35682],
    [59615887436131, 157422922477144, 247972945479203, 172242926534099],
  ]);
});

Deno.test("no order is visible: steps between neighbours are spread evenly", () => {
  const size = 1000, seeds = 400;
  const steps = new Float64Array(size), firsts = new Float64Array(size);
  for (let seed = 0; seed < seeds; seed++) {
    const order = new Permutation(size, seed);
    firsts[order.at(0)]! += 1;
    for (let i = 1; i < size; i++) steps[(order.at(i) - order.at(i - 1) + size) % size]! += 1;
  }
  const expected = seeds * (size - 1) / (size - 1);
  let chiSquare = 0;
  for (let step = 1; step < size; step++) chiSquare += (steps[step]! - expected) ** 2 / expected;
  // 998 degrees of freedom: five standard deviations are 223. Four rounds give 8000.
  assert(chiSquare < 998 + 223, `chi-square of the steps is ${chiSquare.toFixed(0)}`);
  assert(Math.max(...firsts) < 10, "some index comes first too often");
});

Deno.test("consecutive probes of a /16 rarely fall into the same /24", () => {
  const order = new Permutation(2 ** 16, 99);
  let together = 0;
  for (let i = 1; i < 2 ** 16; i++) if (order.at(i) >>> 8 === order.at(i - 1) >>> 8) together++;
  // 256 are expected of a random order.
  assert(together < 350, `${together} neighbours share a /24`);
});

Deno.test("sizes, seeds and positions out of range are refused", async (t) => {
  for (const size of [-1, 1.5, NaN, Infinity, 2 ** 53 + 2]) {
    await t.step(`size ${size}`, () => void assertThrows(() => new Permutation(size, 1), RangeError, "size"));
  }
  for (const seed of [-1, 0.5, NaN, 2 ** 53]) {
    await t.step(`seed ${seed}`, () => void assertThrows(() => new Permutation(10, seed), RangeError, "seed"));
  }
  const order = new Permutation(10, 1);
  for (const position of [-1, 10, NaN]) {
    await t.step(`position ${position}`, () => {
      assertThrows(() => order.at(position), RangeError, "positions from 0 to 9");
      assertThrows(() => order.positionOf(position), RangeError, "positions from 0 to 9");
    });
  }
  await t.step(
    "a position of an order of nothing",
    () => void assertThrows(() => new Permutation(0, 1).at(0), RangeError),
  );
});

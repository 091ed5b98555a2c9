import { assertEquals } from "@std/assert";
import { seqAdd, seqDistance, seqLess } from "../../src/base/seq.ts";

const HALF = 2 ** 31;
const MAX = 2 ** 32 - 1;

const ORDER: readonly { name: string; a: number; b: number; aFirst: boolean; bFirst: boolean; distance: number }[] = [
  { name: "the same", a: 5, b: 5, aFirst: false, bFirst: false, distance: 0 },
  { name: "neighbours", a: 5, b: 6, aFirst: true, bFirst: false, distance: 1 },
  { name: "across the end", a: MAX, b: 0, aFirst: true, bFirst: false, distance: 1 },
  { name: "across the end by more", a: MAX - 9, b: 10, aFirst: true, bFirst: false, distance: 20 },
  { name: "across the sign bit", a: HALF - 1, b: HALF, aFirst: true, bFirst: false, distance: 1 },
  { name: "almost half way round", a: 7, b: 6 + HALF, aFirst: true, bFirst: false, distance: HALF - 1 },
  { name: "half way round, which no order covers", a: 7, b: 7 + HALF, aFirst: false, bFirst: false, distance: -HALF },
  { name: "over half way round", a: 7, b: 8 + HALF, aFirst: false, bFirst: true, distance: 1 - HALF },
  { name: "numerically far apart", a: 0, b: MAX, aFirst: false, bFirst: true, distance: -1 },
];

for (const row of ORDER) {
  Deno.test(`sequence numbers: ${row.name}`, () => {
    assertEquals(seqLess(row.a, row.b), row.aFirst);
    assertEquals(seqLess(row.b, row.a), row.bFirst);
    assertEquals(seqDistance(row.a, row.b), row.distance);
    assertEquals(seqAdd(row.a, row.distance), row.b);
  });
}

Deno.test("adding stays within 32 bits, both ways", () => {
  assertEquals(seqAdd(MAX, 1), 0);
  assertEquals(seqAdd(0, -1), MAX);
  assertEquals(seqAdd(MAX, MAX), MAX - 1);
  assertEquals(seqAdd(HALF, 0), HALF);
});

import { assertEquals } from "@std/assert";
import { ShapeSet } from "../../src/technique/shape_set.ts";
import { SHAPE_LEN } from "../../src/technique/os_shape.ts";

Deno.test("shape set: equal shapes have one number, different ones their own, in order, also with many", () => {
  const words = Uint32Array.from({ length: 5000 * SHAPE_LEN }, (_, at) => Math.imul(at % 7 + 1, 0x9e3779b1) ^ at >>> 3);
  const known = new Map<string, number>();
  const set = new ShapeSet();
  for (const _ of ["added", "found again"]) {
    for (let at = 0; at < words.length; at += SHAPE_LEN) {
      const text = words.subarray(at, at + SHAPE_LEN).join();
      if (!known.has(text)) known.set(text, known.size);
      const number = set.numberOf(words, at);
      assertEquals(number, known.get(text));
      assertEquals(set.words.slice(number * SHAPE_LEN, (number + 1) * SHAPE_LEN).join(), text);
    }
  }
  assertEquals(set.size, known.size);
});

/** Searches, maps and vectors in typed memory, against their plain counterparts. */
import { assertEquals } from "@std/assert";
import { growColumns, grown } from "../../src/collections/grown.ts";
import { orderOf, sortWhole } from "../../src/collections/order.ts";
import { lastAtMost } from "../../src/collections/sorted_search.ts";
import { TypedVector } from "../../src/collections/typed_vector.ts";
import { U32Map } from "../../src/collections/u32_map.ts";
import { Random } from "../support/random.ts";

Deno.test("lastAtMost: the same as a linear search, for every value around every length", () => {
  for (let length = 0; length <= 9; length++) {
    const numbers = Uint32Array.from({ length }, (_, i) => 2 * i + 1);
    for (let value = 0; value <= 2 * length + 2; value++) {
      assertEquals(
        lastAtMost(numbers, value),
        numbers.findLastIndex((number) => number <= value),
        `${length}, ${value}`,
      );
    }
  }
  assertEquals(lastAtMost([0xffff_ffff, 2 ** 40], 2 ** 33), 0);
});

Deno.test("U32Map: the same as a Map, with neighbouring, scattered and extreme keys", () => {
  const random = new Random(1);
  const map = new U32Map();
  const expected = new Map<number, number>();
  const add = (key: number, value: number) => {
    if (expected.has(key)) return;
    map.add(key, value);
    expected.set(key, value);
  };
  add(0, 0);
  add(0xffff_ffff, 2 ** 32 - 2);
  for (let i = 0; i < 2000; i++) {
    add(0x0a000000 + i, i);
    add(random.below(2 ** 32), i);
  }
  assertEquals(map.size, expected.size);
  for (const [key, value] of expected) assertEquals(map.get(key), value);
  for (let i = 0; i < 2000; i++) {
    const key = random.below(2 ** 32);
    assertEquals(map.get(key), expected.get(key) ?? -1);
  }
  map.clear();
  assertEquals([map.size, map.get(0)], [0, -1]);
});

Deno.test("U32Map: a key is looked up and added in one step, also where the map grows", () => {
  const random = new Random(2);
  const map = new U32Map();
  const expected = new Map<number, number>();
  for (let i = 0; i < 5000; i++) {
    const key = random.below(3000);
    assertEquals(map.getOrAdd(key, i), expected.get(key) ?? -1);
    if (!expected.has(key)) expected.set(key, i);
  }
  assertEquals(map.size, expected.size);
  for (const [key, value] of expected) assertEquals(map.get(key), value);
});

Deno.test("U32Map: keys are removed and added again, and the others are found", () => {
  const random = new Random(4);
  const map = new U32Map();
  const expected = new Map<number, number>();
  for (let i = 0; i < 20_000; i++) {
    // Few keys in a small map: long runs of entries, also over its end.
    const key = random.below(2) === 0 ? random.below(40) : 0xffff_ffff - random.below(40);
    if (random.below(2) === 0) {
      map.remove(key);
      expected.delete(key);
    } else if (map.getOrAdd(key, i) < 0) {
      expected.set(key, i);
    }
    assertEquals(map.size, expected.size);
    for (const other of [key, random.below(40)]) assertEquals(map.get(other), expected.get(other) ?? -1);
  }
  for (const [key, value] of expected) assertEquals(map.get(key), value);
});

Deno.test("U32Map: the same as a Map, with the hosts of networks in any order, and with others among them", () => {
  const random = new Random(5);
  const last = 2 ** 32 - 1;
  const networks: readonly (readonly [name: string, key: () => number])[] = [
    ["a network", () => 0x0a41_0000 + random.below(4096)],
    ["the first numbers", () => random.below(5000)],
    ["the last numbers", () => last - random.below(5000)],
    ["two networks that touch", () => 0x0a40_ff00 + random.below(512)],
    ["networks apart", () => (random.below(3) * 0x1000_0000 + random.below(1500)) >>> 0],
    [
      "a network and all addresses",
      () => random.below(200) === 0 ? random.below(2 ** 32) : 0xc0a8_0000 + random.below(3000),
    ],
  ];
  for (const [name, keyOf] of networks) {
    for (const isSorted of [false, true]) {
      const map = new U32Map();
      const expected = new Map<number, number>();
      const keys = Array.from({ length: 6000 }, keyOf);
      if (isSorted) keys.sort((one, other) => one - other);
      for (const [value, key] of keys.entries()) {
        if (random.below(8) === 0) {
          map.remove(key);
          expected.delete(key);
        } else if (random.below(2) === 0) {
          assertEquals(map.getOrAdd(key, value), expected.get(key) ?? -1, name);
          if (!expected.has(key)) expected.set(key, value);
        } else if (!expected.has(key)) {
          map.add(key, value);
          expected.set(key, value);
        }
        assertEquals(map.size, expected.size, name);
      }
      for (const [key, value] of expected) assertEquals(map.get(key), value, name);
      for (const key of [0, last, ...keys.flatMap((key) => [key, Math.max(0, key - 1), Math.min(last, key + 1)])]) {
        assertEquals(map.get(key), expected.get(key) ?? -1, name);
      }
      map.clear();
      assertEquals([map.size, map.get(keys[0]!)], [0, -1]);
    }
  }
});

Deno.test("orderOf: the order of a stable sort, for keys of all sizes", () => {
  const random = new Random(3);
  for (const bound of [1, 2, 3000, 2 ** 22, 2 ** 32]) {
    for (const length of [0, 1, 2, 500]) {
      const keys = Uint32Array.from({ length }, () => random.below(bound));
      const expected = [...keys.keys()].sort((one, other) => keys[one]! - keys[other]!);
      assertEquals([...orderOf(keys)], expected, `${length} below ${bound}`);
    }
  }
});

Deno.test("sortWhole: the same as a comparison sort, for numbers of all sizes", () => {
  const random = new Random(7);
  for (const length of [0, 1, 2, 100, 4095, 4096, 20_000]) {
    for (const bound of [1, 300, 2 ** 16 + 1, 2 ** 33, 2 ** 53]) {
      const numbers = Float64Array.from({ length }, () => Math.floor(random.below(2 ** 32) / 2 ** 32 * bound));
      const expected = numbers.toSorted();
      sortWhole(numbers);
      assertEquals(numbers, expected, `${length} below ${bound}`);
    }
  }
  const largest = Float64Array.from({ length: 8192 }, (_, at) => Number.MAX_SAFE_INTEGER - at);
  sortWhole(largest);
  assertEquals([largest[0], largest.at(-1)], [Number.MAX_SAFE_INTEGER - 8191, Number.MAX_SAFE_INTEGER]);
});

Deno.test("TypedVector: elements are kept while it grows", () => {
  const vector = new TypedVector(new Uint16Array(1));
  for (const value of [1, 2, 3, 0xffff]) vector.push(value);
  vector.move(3, 0);
  const copy = new TypedVector(new Uint16Array(1));
  vector.copyTo(copy);
  copy.push(5);
  assertEquals([0, 1, 2, 3, 4].map((i) => copy.at(i)), [0xffff, 2, 3, 0xffff, 5]);
  assertEquals([vector.length, copy.length], [4, 5]);
});

Deno.test("grown: a longer copy with new elements of the given value", () => {
  assertEquals(grown(Uint8Array.of(1, 2), 4), Uint8Array.of(1, 2, 0, 0));
  assertEquals(grown(Int32Array.of(1), 3, -1), Int32Array.of(1, -1, -1));
});

Deno.test("grown: columns of a table move to longer memory, and that which they had is free at once", () => {
  const table = { host: Uint32Array.of(7, 8), state: Int32Array.of(3, 3), name: "t" };
  const { host } = table;
  growColumns(table, 4, { state: -1 }, { state: 2 });
  assertEquals(table.host, Uint32Array.of(7, 8, 0, 0));
  assertEquals([...table.state], [3, 3, -1, -1, -1, -1, -1, -1]);
  assertEquals([host.length, host.buffer.detached], [0, true]);
});

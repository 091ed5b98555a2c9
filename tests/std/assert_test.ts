/** The local stand-in for `@std/assert`: what it lets pass and what it does not. Holds for the package itself as well. */

import {
  assert,
  assertAlmostEquals,
  assertArrayIncludes,
  assertEquals,
  assertExists,
  assertFalse,
  assertGreater,
  assertGreaterOrEqual,
  assertInstanceOf,
  AssertionError,
  assertIsError,
  assertLess,
  assertLessOrEqual,
  assertMatch,
  assertNotEquals,
  assertNotMatch,
  assertNotStrictEquals,
  assertObjectMatch,
  assertRejects,
  assertStrictEquals,
  assertStringIncludes,
  assertThrows,
  equal,
  fail,
  unreachable,
} from "@std/assert";
import { stripAnsiCode } from "@std/fmt/colors";

class Point {
  readonly #x: number;
  constructor(x: number) {
    this.#x = x;
  }
  get x(): number {
    return this.#x;
  }
}

class Other {
  readonly y = 1;
}

const same = Symbol("same");

function circle(value: number): object {
  const made: Record<string, unknown> = { value };
  made.self = made;
  return made;
}

const PAIRS: readonly [name: string, a: unknown, b: unknown, equal: boolean][] = [
  ["numbers", 1, 1, true],
  ["other numbers", 1, 2, false],
  ["number and text", 1, "1", false],
  ["NaN", NaN, NaN, true],
  ["zero and minus zero", 0, -0, true],
  ["minus zero within", [0, { a: 0 }], [-0, { a: -0 }], true],
  ["bigints", 2n ** 64n, 2n ** 64n, true],
  ["bigint and number", 1n, 1, false],
  ["null and undefined", null, undefined, false],
  ["null and an object", null, {}, false],
  ["arrays", [1, [2, "x"]], [1, [2, "x"]], true],
  ["arrays of other order", [1, 2], [2, 1], false],
  ["a longer array", [1, 2], [1, 2, 3], false],
  ["an array and an object", [], {}, false],
  ["objects, other order of keys", { a: 1, b: 2 }, { b: 2, a: 1 }, true],
  ["undefined and missing", { a: undefined }, {}, false],
  ["undefined under another key", { a: undefined }, { b: undefined }, false],
  ["NaN within", { a: [NaN] }, { a: [NaN] }, true],
  ["symbols as keys", { [same]: 1 }, { [same]: 1 }, true],
  ["symbols as keys, other values", { [same]: 1 }, { [same]: 2 }, false],
  ["an object without prototype", Object.create(null), {}, true],
  ["objects of two classes", new Point(1), new Other(), false],
  ["private fields behind getters", new Point(1), new Point(1), true],
  ["private fields behind getters, other values", new Point(1), new Point(2), false],
  ["dates", new Date(1), new Date(1), true],
  ["other dates", new Date(1), new Date(2), false],
  ["patterns", /a/g, /a/g, true],
  ["patterns with other flags", /a/g, /a/, false],
  ["addresses", new URL("http://a/b"), new URL("http://a/b"), true],
  ["other addresses", new URL("http://a/b"), new URL("http://a/c"), false],
  ["maps", new Map([["a", [1]]]), new Map([["a", [1]]]), true],
  ["maps with other values", new Map([["a", 1]]), new Map([["a", 2]]), false],
  ["maps with other keys", new Map([["a", undefined]]), new Map([["b", undefined]]), false],
  ["maps with objects as keys", new Map([[{ a: 1 }, 1]]), new Map([[{ a: 1 }, 1]]), true],
  ["maps with other objects as keys", new Map([[{ a: 1 }, 1]]), new Map([[{ a: 2 }, 1]]), false],
  ["sets", new Set([1, 2]), new Set([2, 1]), true],
  ["other sets", new Set([1, 2]), new Set([1, 3]), false],
  ["sets of objects", new Set([{ a: 1 }]), new Set([{ a: 1 }]), true],
  ["octets", new Uint8Array([1, 2]), new Uint8Array([1, 2]), true],
  ["other octets", new Uint8Array([1, 2]), new Uint8Array([1, 3]), false],
  ["more octets", new Uint8Array(2), new Uint8Array(3), false],
  ["octets with another offset", new Uint8Array([9, 1, 2]).subarray(1), new Uint8Array([1, 2]), true],
  ["octets and an array", new Uint8Array([1]), [1], false],
  ["octets and other numbers", new Uint8Array([1]), new Int8Array([1]), false],
  ["floats that are NaN", new Float64Array([NaN]), new Float64Array([NaN]), true],
  ["buffers", new Uint8Array([1]).buffer, new Uint8Array([1]).buffer, true],
  ["other buffers", new Uint8Array([1]).buffer, new Uint8Array([2]).buffer, false],
  ["circles", circle(1), circle(1), true],
  ["other circles", circle(1), circle(2), false],
  ["one function", Math.abs, Math.abs, true],
  ["two functions", () => 1, () => 1, false],
];

for (const [name, a, b, expected] of PAIRS) {
  Deno.test(`assert: ${name} are ${expected ? "" : "not "}equal`, () => {
    assert(equal(a, b) === expected);
    assert(equal(b, a) === expected);
    if (expected) {
      assertEquals(a, b);
      assertThrows(() => assertNotEquals(a, b, "why"), AssertionError, "why");
    } else {
      assertNotEquals(a, b);
      assertThrows(() => assertEquals(a, b, "why"), AssertionError, "why");
    }
  });
}

class Odd extends TypeError {}

function odd(): never {
  throw new Odd("\x1b[31mport\x1b[39m 70000 is too high");
}

const PASSES: readonly [name: string, pass: () => unknown][] = [
  ["assert", () => assert("x")],
  ["assertFalse", () => assertFalse(0)],
  ["assertExists", () => assertExists(0)],
  ["assertStrictEquals", () => assertStrictEquals(NaN, NaN)],
  ["assertNotStrictEquals", () => assertNotStrictEquals([], [])],
  ["assertNotStrictEquals of zeros", () => assertNotStrictEquals(0, -0)],
  ["assertGreater", () => assertGreater(2, 1)],
  ["assertGreaterOrEqual", () => assertGreaterOrEqual(2, 2)],
  ["assertLess of bigints", () => assertLess(1n, 2n)],
  ["assertLessOrEqual", () => assertLessOrEqual(1, 1)],
  ["assertAlmostEquals by default", () => assertAlmostEquals(1 + 1e-8, 1)],
  ["assertAlmostEquals with a tolerance", () => assertAlmostEquals(10, 11, 1)],
  ["assertAlmostEquals of infinities", () => assertAlmostEquals(Infinity, Infinity)],
  ["assertMatch", () => assertMatch("port 80", /\d+/)],
  ["assertNotMatch", () => assertNotMatch("port", /\d+/)],
  ["assertStringIncludes", () => assertStringIncludes("port 80", "80")],
  ["assertArrayIncludes", () => assertArrayIncludes([1, { a: 1 }, 3], [{ a: 1 }, 3])],
  ["assertInstanceOf a parent", () => assertInstanceOf(new Odd("x"), TypeError)],
  ["assertIsError", () => assertIsError(new Odd("x y"), TypeError, "x")],
  ["assertObjectMatch", () => assertObjectMatch({ a: { b: 1, c: 2 }, d: 3 }, { a: { b: 1 } })],
  ["assertObjectMatch within arrays", () => assertObjectMatch({ a: [{ b: 1, c: 2 }] }, { a: [{ b: 1 }] })],
  ["assertThrows anything", () => assertThrows(odd)],
  ["assertThrows anything, with a reason", () => assertThrows(odd, "why")],
  ["assertThrows what is no error", () => assertThrows(() => JSON.parse("{"))],
  ["assertThrows by class and text, colour aside", () => assertThrows(odd, TypeError, "port 70000")],
];

for (const [name, pass] of PASSES) Deno.test(`assert: ${name} passes`, () => void pass());

const FAILS: readonly [name: string, failing: () => unknown][] = [
  ["assert", () => assert("", "why")],
  ["assertFalse", () => assertFalse("x", "why")],
  ["assertExists of null", () => assertExists(null, "why")],
  ["assertExists of undefined", () => assertExists(undefined, "why")],
  ["assertStrictEquals of equal objects", () => assertStrictEquals({}, {}, "why")],
  ["assertStrictEquals of zeros", () => assertStrictEquals(0, -0, "why")],
  ["assertNotStrictEquals", () => assertNotStrictEquals("a", "a", "why")],
  ["assertGreater", () => assertGreater(1, 1, "why")],
  ["assertGreaterOrEqual of NaN", () => assertGreaterOrEqual(NaN, 1, "why")],
  ["assertLess", () => assertLess(1, 1, "why")],
  ["assertLessOrEqual", () => assertLessOrEqual(2, 1, "why")],
  ["assertAlmostEquals", () => assertAlmostEquals(1 + 1e-6, 1, undefined, "why")],
  ["assertAlmostEquals of NaN", () => assertAlmostEquals(1, NaN, 1, "why")],
  ["assertMatch", () => assertMatch("port", /\d/, "why")],
  ["assertNotMatch", () => assertNotMatch("80", /\d/, "why")],
  ["assertStringIncludes", () => assertStringIncludes("port", "80", "why")],
  ["assertArrayIncludes", () => assertArrayIncludes([1, 2], [2, 3], "why")],
  ["assertInstanceOf a child", () => assertInstanceOf(new TypeError("x"), Odd, "why")],
  ["assertInstanceOf of null", () => assertInstanceOf(null, Odd, "why")],
  ["assertIsError of what is none", () => assertIsError("x", undefined, undefined, "why")],
  ["assertIsError of another text", () => assertIsError(new Odd("x"), Odd, "y", "why")],
  ["assertObjectMatch of another value", () => assertObjectMatch({ a: { b: 1 } }, { a: { b: 2 } }, "why")],
  ["assertObjectMatch of a getter of a class", () => assertObjectMatch({ a: new Point(1) }, { a: { x: 1 } }, "why")],
  ["assertObjectMatch of a missing key", () => assertObjectMatch({ a: 1 }, { a: 1, b: 2 }, "why")],
  ["assertThrows of what does not", () => assertThrows(() => 1, "why")],
  ["assertThrows of another class", () => assertThrows(odd, RangeError, "", "why")],
  ["assertThrows of another text", () => assertThrows(odd, TypeError, "address", "why")],
  ["fail", () => fail("why")],
  ["unreachable", () => unreachable("why")],
];

for (const [name, failing] of FAILS) {
  Deno.test(`assert: ${name} fails and says why`, () => {
    const error = assertThrows(failing, AssertionError);
    assert(error.name === "AssertionError");
    assert(error.message.includes("why"), error.message);
  });
}

Deno.test("assert: errors that were expected are returned", async () => {
  const thrown = assertThrows(odd, Odd);
  assertStringIncludes(thrown.message, "70000");
  const rejected = await assertRejects(() => Promise.reject(thrown), TypeError, "port 70000");
  assertStrictEquals<unknown>(rejected, thrown);
  assertStrictEquals(await assertRejects(() => Promise.reject(7)), 7);
});

const UNREJECTED: readonly [name: string, fn: () => Promise<unknown>][] = [
  ["a promise that resolves", () => assertRejects(() => Promise.resolve(1), "why")],
  ["a throw before there is a promise", () => assertRejects(() => odd(), "why")],
  ["another class", () => assertRejects(() => Promise.reject(new Error("x")), Odd, "", "why")],
  ["another text", () => assertRejects(() => Promise.reject(new Odd("x")), Odd, "y", "why")],
];

for (const [name, fn] of UNREJECTED) {
  Deno.test(`assert: assertRejects fails on ${name}`, async () => {
    const error = await fn().then(() => undefined, (error: unknown) => error);
    assertInstanceOf(error, AssertionError);
    assertStringIncludes(error.message, "why");
  });
}

Deno.test("assert: a difference is shown line by line, with both values", () => {
  const shown = assertThrows(() => assertEquals({ ip: "192.0.2.7", port: 80 }, { ip: "192.0.2.7", port: 81 })) as Error;
  const lines = stripAnsiCode(shown.message).split("\n").map((line) => line.trim());
  assert(lines.some((line) => /^[-+].*\b80\b/.test(line)), shown.message);
  assert(lines.some((line) => /^[-+].*\b81\b/.test(line)), shown.message);
  assert(!lines.some((line) => /^[-+].*192/.test(line)), shown.message);
});

/** Text as bytes is the text. */
import { assertEquals } from "@std/assert";
import { Utf8Buffer } from "../../src/report/utf8.ts";
import { Random } from "../support/random.ts";
import { textOf } from "../support/results.ts";

Deno.test("utf8: numbers as JavaScript writes them", () => {
  const random = new Random(1);
  const numbers = [
    ...[0, 1, 9, 10, 11, 99, 100, 65_535, 99_999, 100_000, 2 ** 31 - 1, 2 ** 31, 2 ** 32, 2 ** 53, 1e21, 1e300],
    ...[
      0.1,
      0.01,
      0.001,
      0.0001,
      0.5,
      0.999,
      0.9995,
      0.9999,
      1.001,
      9.999,
      2 ** 31 - 0.5,
      1 / 3,
      1e-7,
      Number.MIN_VALUE,
    ],
    ...[-0, -1, -0.5, -(2 ** 40), NaN, Infinity, -Infinity],
  ];
  for (let power = 0; power < 22; power++) numbers.push(10 ** power, 10 ** power - 1, 10 ** power + 0.125);
  for (let round = 0; round < 20_000; round++) {
    numbers.push(
      random.u32(),
      random.below(70_000),
      random.below(5_000_000) / 1000,
      random.fraction() * 10 ** random.below(12),
    );
  }
  const text = new Utf8Buffer();
  for (const number of numbers) {
    text.clear();
    text.addNumber(number);
    assertEquals(textOf(text.bytes), `${number}`);
  }
});

Deno.test("utf8: text and bytes in sequence, of any length, and after a reset", () => {
  const text = new Utf8Buffer();
  for (
    const pieces of [["", "a", "10.0.0.1", "é", "aé", "€uro", "\u{1f600}", "\ud800", "\u007f\u0080"], [
      "x".repeat(70_000),
      "é".repeat(70_000),
    ]]
  ) {
    text.clear();
    const bytes = pieces.map((piece) => new TextEncoder().encode(piece));
    for (const [at, piece] of pieces.entries()) {
      text.addText(piece);
      text.addBytes(bytes[at]!);
      text.addNumber(at);
    }
    const expected = pieces.map((piece, at) => `${piece}${piece}${at}`).join("").toWellFormed();
    assertEquals(textOf(text.bytes), expected);
  }
});

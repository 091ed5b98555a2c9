import { assertEquals } from "@std/assert";
import { roundTripDigits } from "../../src/base/text.ts";

for (
  const [ms, text] of [[0.0004, "0.000"], [0.0041, "0.004"], [0.01, "0.01"], [0.42, "0.42"], [12.304, "12.30"]] as const
) {
  Deno.test(`text: a round trip of ${ms} ms is ${text}`, () => {
    assertEquals(roundTripDigits(ms), text);
  });
}

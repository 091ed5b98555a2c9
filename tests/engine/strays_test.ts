import { assertEquals } from "@std/assert";
import { Strays } from "../../src/engine/strays.ts";

Deno.test("strays: a few segments that belong to nothing take no belief from the others", () => {
  const strays = new Strays();
  for (let i = 0; i < 200; i++) strays.looked(i % 2 === 0);
  assertEquals(strays.areForged, false);
});

Deno.test("strays: where most belong to nothing none is believed, until that is over", () => {
  const strays = new Strays();
  for (let i = 0; i < 5000; i++) strays.looked(i % 100 === 0);
  assertEquals(strays.areForged, true);
  for (let second = 1; second <= 10; second++) strays.begin(second * 1000, 4096);
  assertEquals(strays.areForged, false);
});

Deno.test("strays: those that are not looked at belong to nothing, and few are looked at in a large table", () => {
  for (const [slots, looks] of [[4096, 16], [1 << 14, 4], [1 << 20, 1]] as const) {
    const strays = new Strays();
    strays.begin(0, slots);
    let looked = 0;
    for (let i = 0; i < 1000; i++) if (strays.mayLook()) looked++;
    assertEquals([looked, strays.areForged], [looks, true]);
  }
});

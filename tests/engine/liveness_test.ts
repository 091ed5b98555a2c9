import { assert, assertEquals } from "@std/assert";
import { LivenessTargets } from "../../src/engine/liveness_targets.ts";

Deno.test("responders: one host does not speak for the path, two do", () => {
  const responders = new LivenessTargets();
  assertEquals([responders.enough, responders.next()], [false, false]);
  for (let i = 0; i < 200; i++) responders.answered(7, 80);
  assertEquals(responders.enough, false);
  responders.answered(8, 443);
  assertEquals([responders.enough, responders.next()], [true, true]);
});

Deno.test("responders: each has its turn, and new ones take the place of old ones", () => {
  const responders = new LivenessTargets();
  for (let host = 1; host <= 5; host++) responders.answered(host, 10 * host);
  const turns = Array.from({ length: 10 }, () => [responders.next(), responders.host, responders.port]);
  assertEquals(turns, [1, 2, 3, 4, 5, 1, 2, 3, 4, 5].map((host) => [true, host, 10 * host]));
  for (let host = 100; host < 100 + 64 * 20; host++) responders.answered(host, 80);
  const seen = new Set(Array.from({ length: 8 }, () => responders.next() && responders.host));
  assertEquals(seen.size, 8);
  assert([...seen].every((host) => Number(host) >= 100), `${[...seen]}`);
});

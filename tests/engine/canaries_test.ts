import { assert, assertEquals } from "@std/assert";
import { Canaries } from "../../src/engine/canaries.ts";

const HOST = 0x0a000001;

Deno.test("canaries: due when the open ports have doubled and are nearly all, once", () => {
  const canaries = new Canaries();
  for (
    const [open, answered, due] of [[4, 4, false], [8, 8, true], [8, 9, false], [9, 9, false], [16, 17, true], [
      16,
      18,
      false,
    ]] as const
  ) assertEquals(canaries.areDue(HOST, open, answered), due, `${open} of ${answered}`);
  assertEquals(canaries.choose(HOST, () => true).length, 3);
  assertEquals(canaries.areDue(HOST, 16, 16), false);
  assertEquals(canaries.areDue(HOST + 1, 16, 16), true);
});

Deno.test("canaries: spare ports, each once, none where no port is spare", () => {
  const canaries = new Canaries();
  for (let host = HOST; host < HOST + 500; host++) {
    const ports = canaries.choose(host, (port) => port % 2 === 1);
    assertEquals(ports.length, 3);
    assertEquals(new Set(ports).size, 3);
    assert(ports.every((port) => port % 2 === 1 && port > 10_000 && port < 65_536));
  }
  assertEquals(canaries.choose(7, () => false), []);
  assertEquals(canaries.suspect(7, 65_536, 65_536), true, "where every port was asked the ports are the proof");
});

Deno.test("canaries: who is suspect", () => {
  for (
    const [name, answered, open, canariesOpen, suspect] of [
      ["canaries closed", 100, 100, 0, false],
      ["one canary open", 100, 100, 1, false],
      ["two canaries open", 100, 100, 2, true],
      ["two canaries open, though few ports are", 100, 80, 2, false],
      ["very many, no canary left", 5000, 5000, undefined, true],
      ["many, no canary asked", 900, 900, undefined, false],
    ] as const
  ) {
    const canaries = new Canaries();
    if (canariesOpen !== undefined) canaries.choose(HOST, () => true);
    for (let i = 0; i < (canariesOpen ?? 0); i++) canaries.sawOpen(HOST);
    assertEquals(canaries.suspect(HOST, answered, open), suspect, name);
  }
});

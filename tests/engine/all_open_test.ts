import { assert, assertEquals } from "@std/assert";
import { ControlPorts } from "../../src/engine/all_open.ts";

const HOST = 0x0a000001;

Deno.test("canaries: due when the open ports have doubled and are nearly all, once", () => {
  const canaries = new ControlPorts();
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
  const canaries = new ControlPorts();
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
    const canaries = new ControlPorts();
    if (canariesOpen !== undefined) canaries.choose(HOST, () => true);
    for (let i = 0; i < (canariesOpen ?? 0); i++) canaries.sawOpen(HOST);
    assertEquals(canaries.suspect(HOST, answered, open), suspect, name);
  }
});

Deno.test("canaries: hosts are sampled as open ports double, each once, though none has a port to spare", () => {
  const canaries = new ControlPorts();
  const due: number[] = [];
  for (let port = 0; port < 1000; port++) {
    if (!canaries.isSampleDue(HOST, true)) continue;
    due.push(port + 1);
    canaries.choose(HOST, () => false);
  }
  assertEquals(due, [4]);
  for (let host = HOST + 1; host < HOST + 5000; host++) {
    if (canaries.isSampleDue(host, true)) due.push(host - HOST);
  }
  assertEquals(due.length, 8);
  assertEquals(canaries.answersForAll, false);
});

Deno.test("canaries: hosts are not sampled where much is closed", () => {
  const canaries = new ControlPorts();
  for (let host = HOST; host < HOST + 1000; host++) {
    assertEquals(canaries.isSampleDue(host, host % 4 !== 0), false);
  }
});

Deno.test("canaries: something answers for every address once most of the sample has them open", () => {
  for (const [proxied, of, answersForAll] of [[1, 1, false], [2, 2, true], [2, 3, false], [3, 4, true]] as const) {
    const canaries = new ControlPorts();
    let sampled = 0;
    for (let host = HOST; sampled < of; host++) {
      if (!canaries.isSampleDue(host, true)) continue;
      canaries.choose(host, () => true);
      if (sampled++ < proxied) { for (let i = 0; i < 2; i++) canaries.sawOpen(host); }
    }
    assertEquals(canaries.answersForAll, answersForAll, `${proxied} of ${of}`);
    assertEquals(canaries.sampledHosts().length, proxied);
  }
});

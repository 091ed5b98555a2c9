import { assert, assertEquals } from "@std/assert";
import { ControlPorts } from "../../src/engine/all_open.ts";

const HOST = 0x0a000001;

Deno.test("control ports: due when the open ports have doubled, or half of that, and are nearly all, once", () => {
  const controlPorts = new ControlPorts();
  const rows = [
    ...[[4, 4, false], [6, 6, false], [8, 8, true], [8, 9, false], [9, 9, false], [12, 12, true], [16, 17, true]],
    ...[[16, 18, false], [23, 23, false], [24, 26, true], [24, 27, false], [48, 48, true], [72, 72, false]],
  ] as const;
  for (const [open, answered, due] of rows) {
    assertEquals(controlPorts.areDue(HOST, open, answered), due, `${open} of ${answered}`);
  }
  assertEquals(controlPorts.choose(HOST, () => true).length, 3);
  assertEquals(controlPorts.areDue(HOST, 16, 16), false);
  assertEquals(controlPorts.areDue(HOST + 1, 16, 16), true);
});

Deno.test("control ports: spare ports, each once, none where no port is spare", () => {
  const controlPorts = new ControlPorts();
  for (let host = HOST; host < HOST + 500; host++) {
    const ports = controlPorts.choose(host, (port) => port % 2 === 1);
    assertEquals(ports.length, 3);
    assertEquals(new Set(ports).size, 3);
    assert(ports.every((port) => port % 2 === 1 && port > 10_000 && port < 65_536));
  }
  assertEquals(controlPorts.choose(7, () => false), []);
  assertEquals(controlPorts.suspect(7, 65_536, 65_536), true, "where every port was asked the ports are the proof");
});

Deno.test("control ports: who is suspect", () => {
  for (
    const [name, answered, open, canariesOpen, suspect] of [
      ["control ports closed", 100, 100, 0, false],
      ["one control port open", 100, 100, 1, false],
      ["two control ports open", 100, 100, 2, true],
      ["two control ports open, though few ports are", 100, 80, 2, false],
      ["very many, no control port left", 5000, 5000, undefined, true],
      ["many, no control port asked", 900, 900, undefined, false],
    ] as const
  ) {
    const controlPorts = new ControlPorts();
    if (canariesOpen !== undefined) controlPorts.choose(HOST, () => true);
    for (let i = 0; i < (canariesOpen ?? 0); i++) controlPorts.sawOpen(HOST);
    assertEquals(controlPorts.suspect(HOST, answered, open), suspect, name);
  }
});

Deno.test("control ports: hosts are sampled as open ports double, each once, though none has a port to spare", () => {
  const controlPorts = new ControlPorts();
  const due: number[] = [];
  for (let port = 0; port < 1000; port++) {
    if (!controlPorts.isSampleDue(HOST, true)) continue;
    due.push(port + 1);
    controlPorts.choose(HOST, () => false);
  }
  assertEquals(due, [4]);
  for (let host = HOST + 1; host < HOST + 5000; host++) {
    if (controlPorts.isSampleDue(host, true)) due.push(host - HOST);
  }
  assertEquals(due.length, 8);
  assertEquals(controlPorts.answersForAll, false);
});

Deno.test("control ports: hosts are not sampled where much is closed", () => {
  const controlPorts = new ControlPorts();
  for (let host = HOST; host < HOST + 1000; host++) {
    assertEquals(controlPorts.isSampleDue(host, host % 4 !== 0), false);
  }
});

Deno.test("control ports: something answers for every address once most of the sample has them open", () => {
  for (const [proxied, of, answersForAll] of [[1, 1, false], [2, 2, true], [2, 3, false], [3, 4, true]] as const) {
    const controlPorts = new ControlPorts();
    let sampled = 0;
    for (let host = HOST; sampled < of; host++) {
      if (!controlPorts.isSampleDue(host, true)) continue;
      controlPorts.choose(host, () => true);
      if (sampled++ < proxied) { for (let i = 0; i < 2; i++) controlPorts.sawOpen(host); }
    }
    assertEquals(controlPorts.answersForAll, answersForAll, `${proxied} of ${of}`);
    assertEquals(controlPorts.sampledHosts().length, proxied);
  }
});

/**
 * Hosts for which something else answers.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { SIM_CLOSED, SIM_DROPPED, SIM_OLD_STACK, SIM_OPEN, SIM_PROXY } from "../../src/transport/sim_network.ts";
import { type Ports, scanned } from "./mixes.ts";

const HOST = 0x0a000001;

const ROWS: readonly {
  readonly name: string;
  readonly port: Ports;
  readonly ports: number;
  readonly suspect: boolean;
}[] = [
  { name: "SYN-ACKs of window 0 and no options", port: () => SIM_PROXY, ports: 20, suspect: true },
  { name: "three of them", port: (_h, n) => n <= 3 ? SIM_PROXY : SIM_CLOSED, ports: 20, suspect: true },
  {
    name: "three of them, and an ordinary one",
    port: (_h, n) => n <= 3 ? SIM_PROXY : n === 4 ? SIM_OPEN : SIM_CLOSED,
    ports: 500,
    suspect: true,
  },
  {
    name: "an old stack without options that opens three ports",
    port: (_h, n) => n <= 3 ? SIM_OLD_STACK : SIM_CLOSED,
    ports: 1000,
    suspect: false,
  },
  {
    name: "an old stack, all of 20 ports open, control ports closed",
    port: (_h, n) => n <= 20 ? SIM_OLD_STACK : SIM_CLOSED,
    ports: 20,
    suspect: false,
  },
  { name: "an old stack's SYN-ACK from every port", port: () => SIM_OLD_STACK, ports: 20, suspect: true },
  { name: "ordinary SYN-ACKs from every port, canaries too", port: () => SIM_OPEN, ports: 20, suspect: true },
  { name: "the same, every port asked", port: () => SIM_OPEN, ports: 65_535, suspect: true },
  { name: "nearly every port", port: (_h, n) => n % 50 === 0 ? SIM_CLOSED : SIM_OPEN, ports: 1000, suspect: true },
  {
    name: "15 open of 15 asked, canaries closed",
    port: (_h, n) => n <= 15 ? SIM_OPEN : SIM_CLOSED,
    ports: 15,
    suspect: false,
  },
  {
    name: "15 open of 15 asked, canaries dropped",
    port: (_h, n) => n <= 15 ? SIM_OPEN : SIM_DROPPED,
    ports: 15,
    suspect: false,
  },
  { name: "seven open, too few to ask", port: (_h, n) => n <= 7 ? SIM_OPEN : SIM_CLOSED, ports: 7, suspect: false },
  { name: "500 open of 1,000", port: (_h, n) => n % 2 === 0 ? SIM_OPEN : SIM_CLOSED, ports: 1000, suspect: false },
  { name: "40 open of 1,000", port: (_h, n) => n % 25 === 0 ? SIM_OPEN : SIM_CLOSED, ports: 1000, suspect: false },
];

for (const { name, port, ports, suspect } of ROWS) {
  Deno.test(`sim: deception: ${name}`, async () => {
    for (const loss of [0, 0.1]) {
      const { engine, wrong, given, prober } = await scanned({
        ports,
        weather: { port, lossOut: loss, lossBack: loss },
      });
      assertEquals(engine.suspects(), suspect ? [HOST] : []);
      // Canaries are nobody's results.
      assertEquals(given, ports);
      if (loss === 0 && !suspect && name.includes("open of 1,000")) {
        assertEquals(prober.counters.sent, ports, "canaries");
      }
      assertEquals(wrong(), []);
    }
  });
}

Deno.test("sim: deception: one host of several is labelled", async () => {
  const port: Ports = (host) => host === HOST + 2 ? SIM_OPEN : SIM_CLOSED;
  const { engine, wrong } = await scanned({ hosts: 5, ports: 100, weather: { port } });
  assertEquals(engine.suspects(), [HOST + 2]);
  assertEquals(wrong(), []);
  assert(engine.counts.byState[0] === 100);
});

Deno.test("sim: deception: no excluded port is a canary, though that leaves few, or none", async () => {
  for (const [left, canaries] of [[1000, 3], [0, 0]] as const) {
    const excludePorts = new Set(Array.from({ length: 65_516 }, (_, i) => i + 20));
    for (let port = 0; port < left; port++) excludePorts.delete(10_007 + 50 * port);
    const asked = new Set<number>();
    const port: Ports = (_host, n) => {
      asked.add(n);
      return SIM_OPEN;
    };
    const { engine } = await scanned({ ports: 19, excludePorts, weather: { port } });
    assertEquals([...asked].filter((n) => excludePorts.has(n)), []);
    assertEquals(asked.size, 19 + canaries);
    assertEquals(engine.suspects(), canaries > 0 ? [HOST] : []);
  }
});

/**
 * Hosts for which something else answers.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { noteTexts } from "../../src/engine/notes.ts";
import { proxyFindings } from "../../src/engine/proxies.ts";
import { BEYOND_GATEWAY, BEYOND_PROGRAM, ON_LINK } from "../../src/driver/driver.ts";
import {
  SIM_CLOSED,
  SIM_DROPPED,
  SIM_ICMP,
  SIM_OLD_STACK,
  SIM_OPEN,
  SIM_PROXY,
  SIM_REJECT,
  SIM_USER_CLOSED,
} from "../support/sim_network.ts";
import { type Ports, simTest } from "./mixes.ts";

const HOST = 0x0a000001;

/** Open ports of a host with a thousand replies that are probed again, to see whether it limits them. */
const OPEN_CHECKS = 2;

/** Ports up to `last` behave in one way, the others in another. */
function first(last: number, behaviour: number, others: number): Ports {
  return (_host, port) => port <= last ? behaviour : others;
}

const ROWS: readonly (readonly [name: string, port: Ports, ports: number, suspect: boolean])[] = [
  ["SYN-ACKs of window 0 and no options", () => SIM_PROXY, 20, true],
  ["three of them", first(3, SIM_PROXY, SIM_CLOSED), 20, true],
  ["three of them, and an ordinary one", (_h, n) => n <= 3 ? SIM_PROXY : n === 4 ? SIM_OPEN : SIM_CLOSED, 500, true],
  ["an old stack without options that opens three ports", first(3, SIM_OLD_STACK, SIM_CLOSED), 1000, false],
  ["an old stack, all of 20 ports open, control ports closed", first(20, SIM_OLD_STACK, SIM_CLOSED), 20, false],
  ["an old stack's SYN-ACK from every port", () => SIM_OLD_STACK, 20, true],
  ["ordinary SYN-ACKs from every port, control ports too", () => SIM_OPEN, 20, true],
  ["the same, every port asked", () => SIM_OPEN, 65_535, true],
  ["nearly every port", (_h, n) => n % 50 === 0 ? SIM_CLOSED : SIM_OPEN, 1000, true],
  ["15 open of 15 asked, control ports closed", first(15, SIM_OPEN, SIM_CLOSED), 15, false],
  ["15 open of 15 asked, control ports dropped", first(15, SIM_OPEN, SIM_DROPPED), 15, false],
  ["seven open, too few to ask", first(7, SIM_OPEN, SIM_CLOSED), 7, false],
  ["500 open of 1,000", (_h, n) => n % 2 === 0 ? SIM_OPEN : SIM_CLOSED, 1000, false],
  ["40 open of 1,000", (_h, n) => n % 25 === 0 ? SIM_OPEN : SIM_CLOSED, 1000, false],
];

for (const [name, port, ports, suspect] of ROWS) {
  simTest(`sim: deception: ${name}`, async ({ scanned }) => {
    for (const loss of [0, 0.1]) {
      const conditions = { port, lossOut: loss, lossBack: loss };
      const { engine, wrong, given, driver } = await scanned({ ports, conditions });
      assertEquals(engine.suspects(), suspect ? [HOST] : []);
      // Control ports are no host's results.
      assertEquals(given, ports);
      if (loss === 0 && !suspect && name.includes("open of 1,000")) {
        assertEquals(driver.counters.sent, ports + OPEN_CHECKS, "control ports");
      }
      assertEquals(wrong(), []);
    }
  });
}

simTest("sim: deception: one host of several is labelled", async ({ scanned }) => {
  const port: Ports = (host) => host === HOST + 2 ? SIM_OPEN : SIM_CLOSED;
  const { engine, wrong } = await scanned({ hosts: 5, ports: 100, conditions: { port } });
  assertEquals(engine.suspects(), [HOST + 2]);
  assertEquals(wrong(), []);
  assert(engine.counts.byState[0] === 100);
});

simTest("sim: deception: no excluded port is a control port, though that leaves few, or none", async ({ scanned }) => {
  for (const [left, controlPorts] of [[1000, 3], [0, 0]] as const) {
    const excludePorts = new Set(Array.from({ length: 65_516 }, (_, i) => i + 20));
    for (let port = 0; port < left; port++) excludePorts.delete(10_007 + 50 * port);
    const asked = new Set<number>();
    const port: Ports = (_host, n) => {
      asked.add(n);
      return SIM_OPEN;
    };
    const { engine } = await scanned({ ports: 19, excludePorts, conditions: { port } });
    assertEquals([...asked].filter((n) => excludePorts.has(n)), []);
    assertEquals(asked.size, 19 + controlPorts);
    assertEquals(engine.suspects(), controlPorts > 0 ? [HOST] : []);
  }
});

const PROXIES: readonly (readonly [name: string, port: Ports, hosts: number, ports: number, forAll: boolean])[] = [
  ["every address, one port each", () => SIM_OPEN, 256, 1, true],
  ["every address, three ports each", () => SIM_OPEN, 64, 3, true],
  ["a few addresses", () => SIM_OPEN, 8, 2, true],
  ["web servers with one port each, control ports closed", first(1, SIM_OPEN, SIM_CLOSED), 256, 1, false],
  ["web servers behind firewalls", first(1, SIM_OPEN, SIM_DROPPED), 64, 1, false],
  ["every other host closed", (h) => h % 2 === 0 ? SIM_OPEN : SIM_CLOSED, 128, 1, false],
  ["one proxy among web servers", (h, n) => h === HOST + 3 || n === 1 ? SIM_OPEN : SIM_CLOSED, 64, 1, false],
];

for (const [name, port, hosts, ports, forAll] of PROXIES) {
  simTest(`sim: deception: over hosts: ${name}`, async ({ scanned }) => {
    for (const loss of [0, 0.1]) {
      const conditions = { port, lossOut: loss, lossBack: loss };
      const { engine, wrong, network } = await scanned({ hosts, ports, conditions });
      const { everyAddress } = proxyFindings(engine.noteRows());
      assertEquals(everyAddress.size > 1, forAll, "notes");
      assertEquals(engine.suspects().length > 1, forAll, "suspects");
      assertEquals(wrong(), []);
      if (loss === 0) assert(network.syns <= hosts * ports + 8 * 3 * 3, `${network.syns} SYNs`);
    }
  });
}

const open = () => SIM_OPEN;
const closed = () => SIM_CLOSED;
/** A TTL of 64 from the first host and of 63 from the others. */
const FAR_END = 0;

/** `near`: SYNs with a TTL of 1, at most. */
const BEYOND: readonly (readonly [
  ...[name: string, path: number, port: Ports, ttl: number, answersNear: boolean],
  ...[hosts: number, ownSide: boolean, near: number],
])[] = [
  ["a user-mode network answers", BEYOND_PROGRAM, () => SIM_USER_CLOSED, 64, true, 1, true, 1],
  ["the same, the port asked is open", BEYOND_PROGRAM, first(3, SIM_OPEN, SIM_USER_CLOSED), 64, true, 1, true, 1],
  ["a program answers for every port of one host", BEYOND_PROGRAM, open, 255, true, 1, true, 1],
  [
    "a user-mode network, control ports silent",
    BEYOND_PROGRAM,
    first(3, SIM_USER_CLOSED, SIM_DROPPED),
    64,
    true,
    1,
    true,
    2,
  ],
  ["the far end of a tunnel alone", BEYOND_PROGRAM, first(1, SIM_OPEN, SIM_CLOSED), 64, true, 1, false, 1],
  ["a program answers for two hosts", BEYOND_PROGRAM, closed, 64, true, 2, true, 2],
  ["a program answers for every address", BEYOND_PROGRAM, open, 255, true, 64, true, 4],
  ["a program forwards to a router", BEYOND_PROGRAM, closed, 64, false, 64, false, 4],
  ["a program forwards, TTLs are decremented", BEYOND_PROGRAM, closed, 62, true, 64, false, 0],
  ["a proxy for everything at the next hop", BEYOND_GATEWAY, open, 64, true, 64, true, 4],
  ["a proxy for everything beyond a router", BEYOND_GATEWAY, open, 63, false, 64, false, 0],
  ["a gateway's own far addresses", BEYOND_GATEWAY, first(1, SIM_OPEN, SIM_CLOSED), 64, true, 64, false, 0],
  ["a proxy for everything on the link", ON_LINK, open, 64, true, 64, false, 0],
  ["a scanned far end of a tunnel, and the network behind it", BEYOND_PROGRAM, closed, FAR_END, true, 64, false, 1],
];

for (const [name, path, port, ttl, answersNear, hosts, ownSide, near] of BEYOND) {
  simTest(`sim: own side: ${name}`, async ({ scanned }) => {
    const conditions = { port, ttl: (host: number) => ttl || (host === HOST ? 64 : 63), answersNear };
    for (const ports of [1, 3]) {
      const { engine, network, given, wrong } = await scanned({ hosts, ports, conditions, pathTo: () => path });
      const found = proxyFindings(engine.noteRows()).ownSide;
      assertEquals(found.size > 0, ownSide);
      assertEquals([...found].every((host) => engine.suspects().includes(host)), true);
      assert(network.nearSyns <= 2 * near, `${network.nearSyns} SYNs with a TTL of 1`);
      assertEquals(given, hosts * ports, "checks are no host's results");
      assertEquals(wrong(), []);
    }
  });
}

simTest("sim: own side: a check that is lost is repeated", async ({ scanned }) => {
  let found = 0;
  for (let seed = 1; seed <= 20; seed++) {
    const { engine } = await scanned({
      ports: 20,
      seed,
      conditions: { port: () => SIM_USER_CLOSED, ttl: () => 64, answersNear: true, lossOut: 0.3, seed },
      pathTo: () => BEYOND_PROGRAM,
    });
    found += proxyFindings(engine.noteRows()).ownSide.size;
  }
  // One SYN, of which 0.7 arrive, would find 14 of 20.
  assert(found >= 16, `${found} of 20`);
});

const TTLS: readonly (readonly [name: string, ports: number, ttl: (port: number) => number, notes: string[]])[] = [
  ["one port is a hop behind", 500, (n) => n === 80 ? 62 : 63, ["80: forwarded, 1 hop behind"]],
  ["one of two", 2, (n) => n === 2 ? 62 : 63, ["2: forwarded, 1 hop behind"]],
  ["three of five, whichever answers first", 5, (n) => n >= 3 ? 62 : 63, ["3,4,5: forwarded, 1 hop behind"]],
  ["two hops, and five", 100, (n) => n === 7 ? 61 : n === 9 ? 58 : 63, [
    "7: forwarded, 2 hops behind",
    "9: forwarded, 3 or more hops behind",
  ]],
  ["to a host with another initial TTL", 100, (n) => n === 7 ? 126 : 63, ["7: forwarded, 1 hop behind"]],
  ["another initial TTL at the same distance", 100, (n) => n === 7 ? 127 : 63, []],
  ["what is nearer is closed: a firewall may have sent that", 400, (n) => n === 80 ? 62 : n < 100 ? 0 : 63, [
    "80: forwarded, 1 hop behind, or a firewall in front sends the RSTs of other ports",
  ]],
  ["all alike", 100, () => 57, []],
  ["paths of two lengths (ECMP)", 200, (n) => n % 2 === 0 ? 57 : 58, []],
];

for (const [name, ports, ttl, notes] of TTLS) {
  simTest(`sim: forwarded ports: ${name}`, async ({ scanned }) => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const port: Ports = (_h, n) => ttl(n) === 0 ? SIM_DROPPED : n < 100 ? SIM_OPEN : SIM_CLOSED;
      const { engine } = await scanned({ ports, seed, conditions: { port, ttl: (_h, n) => ttl(n) } });
      const texts = noteTexts(engine.noteRows(), String).filter(({ note }) => note.startsWith("forwarded"));
      assertEquals(texts.map(({ ports, note }) => `${ports}: ${note}`).sort(), notes, `seed ${seed}`);
    }
  });
}

simTest("sim: window 0: each port has its note, and so have results", async ({ scanned }) => {
  const noted = new Map<number, number>();
  const { engine } = await scanned({
    ports: 40,
    conditions: { port: (_h, n) => n <= 20 ? SIM_PROXY : n === 21 ? SIM_OPEN : SIM_CLOSED },
    onResult: (port, note) => noted.set(port, note),
  });
  const [{ ports, more, note } = { ports: [], more: 0, note: "" }] = noteTexts(engine.noteRows(), String);
  assertEquals([note, ports.length + more], ["window 0: a SYN proxy answered", 20]);
  assertEquals([...noted].filter(([, code]) => code !== 0).map(([port]) => port).sort((a, b) => a - b).length, 20);
});

simTest("sim: port-unreach from the host itself is explained, from a router not", async ({ scanned }) => {
  for (const [behaviour, notes] of [[SIM_REJECT + 3, 1], [SIM_ICMP + 3, 0], [SIM_REJECT + 13, 0]] as const) {
    const { engine } = await scanned({ ports: 20, conditions: { port: (_h, n) => n === 5 ? behaviour : SIM_CLOSED } });
    const texts = noteTexts(engine.noteRows(), String).map(({ note }) => note);
    assertEquals(texts.filter((note) => note.startsWith("port-unreach from the host")).length, notes);
  }
});

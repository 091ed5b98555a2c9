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
  type NetworkConditions,
  SIM_CLOSED,
  SIM_DROPPED,
  SIM_ICMP,
  SIM_OLD_STACK,
  SIM_OPEN,
  SIM_PROXY,
  SIM_REJECT,
  SIM_USER_CLOSED,
} from "../support/sim_network.ts";
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
  { name: "ordinary SYN-ACKs from every port, control ports too", port: () => SIM_OPEN, ports: 20, suspect: true },
  { name: "the same, every port asked", port: () => SIM_OPEN, ports: 65_535, suspect: true },
  { name: "nearly every port", port: (_h, n) => n % 50 === 0 ? SIM_CLOSED : SIM_OPEN, ports: 1000, suspect: true },
  {
    name: "15 open of 15 asked, control ports closed",
    port: (_h, n) => n <= 15 ? SIM_OPEN : SIM_CLOSED,
    ports: 15,
    suspect: false,
  },
  {
    name: "15 open of 15 asked, control ports dropped",
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
      const { engine, wrong, given, driver } = await scanned({
        ports,
        conditions: { port, lossOut: loss, lossBack: loss },
      });
      assertEquals(engine.suspects(), suspect ? [HOST] : []);
      // Control ports are no host's results.
      assertEquals(given, ports);
      if (loss === 0 && !suspect && name.includes("open of 1,000")) {
        assertEquals(driver.counters.sent, ports, "control ports");
      }
      assertEquals(wrong(), []);
    }
  });
}

Deno.test("sim: deception: one host of several is labelled", async () => {
  const port: Ports = (host) => host === HOST + 2 ? SIM_OPEN : SIM_CLOSED;
  const { engine, wrong } = await scanned({ hosts: 5, ports: 100, conditions: { port } });
  assertEquals(engine.suspects(), [HOST + 2]);
  assertEquals(wrong(), []);
  assert(engine.counts.byState[0] === 100);
});

Deno.test("sim: deception: no excluded port is a control port, though that leaves few, or none", async () => {
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

const PROXIED_HOSTS: readonly {
  readonly name: string;
  readonly port: Ports;
  readonly hosts: number;
  readonly ports: number;
  readonly answersForAll: boolean;
}[] = [
  { name: "every address, one port each", port: () => SIM_OPEN, hosts: 256, ports: 1, answersForAll: true },
  { name: "every address, three ports each", port: () => SIM_OPEN, hosts: 64, ports: 3, answersForAll: true },
  { name: "a few addresses", port: () => SIM_OPEN, hosts: 8, ports: 2, answersForAll: true },
  {
    name: "web servers with one port each, control ports closed",
    port: (_h, n) => n === 1 ? SIM_OPEN : SIM_CLOSED,
    hosts: 256,
    ports: 1,
    answersForAll: false,
  },
  {
    name: "web servers behind firewalls",
    port: (_h, n) => n === 1 ? SIM_OPEN : SIM_DROPPED,
    hosts: 64,
    ports: 1,
    answersForAll: false,
  },
  {
    name: "every other host closed",
    port: (h) => h % 2 === 0 ? SIM_OPEN : SIM_CLOSED,
    hosts: 128,
    ports: 1,
    answersForAll: false,
  },
  {
    name: "one proxy among web servers",
    port: (h, n) => h === HOST + 3 || n === 1 ? SIM_OPEN : SIM_CLOSED,
    hosts: 64,
    ports: 1,
    answersForAll: false,
  },
];

for (const { name, port, hosts, ports, answersForAll } of PROXIED_HOSTS) {
  Deno.test(`sim: deception: over hosts: ${name}`, async () => {
    for (const loss of [0, 0.1]) {
      const { engine, wrong, network } = await scanned({
        hosts,
        ports,
        conditions: { port, lossOut: loss, lossBack: loss },
      });
      const { everyAddress } = proxyFindings(engine.noteRows());
      assertEquals(everyAddress.size > 1, answersForAll, "notes");
      assertEquals(engine.suspects().length > 1, answersForAll, "suspects");
      assertEquals(wrong(), []);
      if (loss === 0) assert(network.syns <= hosts * ports + 8 * 3 * 3, `${network.syns} SYNs`);
    }
  });
}

const BEYOND: readonly {
  readonly name: string;
  readonly path: number;
  readonly conditions: Omit<NetworkConditions, "lossOut">;
  readonly hosts: number;
  readonly ownSide: boolean;
  /** SYNs with a TTL of 1, at most. */
  readonly near: number;
}[] = [
  {
    name: "a user-mode network answers",
    path: BEYOND_PROGRAM,
    conditions: { port: () => SIM_USER_CLOSED, ttl: () => 64, answersNear: true },
    hosts: 1,
    ownSide: true,
    near: 1,
  },
  {
    name: "a user-mode network answers, the port asked is open",
    path: BEYOND_PROGRAM,
    conditions: { port: (_h, n) => n <= 3 ? SIM_OPEN : SIM_USER_CLOSED, ttl: () => 64, answersNear: true },
    hosts: 1,
    ownSide: true,
    near: 1,
  },
  {
    name: "a program answers for every port of one host",
    path: BEYOND_PROGRAM,
    conditions: { port: () => SIM_OPEN, ttl: () => 255, answersNear: true },
    hosts: 1,
    ownSide: true,
    near: 1,
  },
  {
    name: "a user-mode network, control ports silent, hosts closed",
    path: BEYOND_PROGRAM,
    conditions: { port: (_h, n) => n <= 3 ? SIM_USER_CLOSED : SIM_DROPPED, ttl: () => 64, answersNear: true },
    hosts: 1,
    ownSide: true,
    near: 2,
  },
  {
    name: "the far end of a tunnel alone",
    path: BEYOND_PROGRAM,
    conditions: { port: (_h, n) => n === 1 ? SIM_OPEN : SIM_CLOSED, ttl: () => 64, answersNear: true },
    hosts: 1,
    ownSide: false,
    near: 1,
  },
  {
    name: "a program answers for two hosts",
    path: BEYOND_PROGRAM,
    conditions: { port: () => SIM_CLOSED, ttl: () => 64, answersNear: true },
    hosts: 2,
    ownSide: true,
    near: 2,
  },
  {
    name: "a program answers for every address",
    path: BEYOND_PROGRAM,
    conditions: { port: () => SIM_OPEN, ttl: () => 255, answersNear: true },
    hosts: 64,
    ownSide: true,
    near: 4,
  },
  {
    name: "a program forwards to a router",
    path: BEYOND_PROGRAM,
    conditions: { port: () => SIM_CLOSED, ttl: () => 64 },
    hosts: 64,
    ownSide: false,
    near: 4,
  },
  {
    name: "a program forwards, TTLs are decremented",
    path: BEYOND_PROGRAM,
    conditions: { port: () => SIM_CLOSED, ttl: () => 62, answersNear: true },
    hosts: 64,
    ownSide: false,
    near: 0,
  },
  {
    name: "a far end of a tunnel that is scanned with the network behind it",
    path: BEYOND_PROGRAM,
    conditions: { port: () => SIM_CLOSED, ttl: (host) => host === HOST ? 64 : 63, answersNear: true },
    hosts: 64,
    ownSide: false,
    near: 1,
  },
  {
    name: "a proxy for everything at the next hop",
    path: BEYOND_GATEWAY,
    conditions: { port: () => SIM_OPEN, ttl: () => 64, answersNear: true },
    hosts: 64,
    ownSide: true,
    near: 4,
  },
  {
    name: "a proxy for everything beyond a router",
    path: BEYOND_GATEWAY,
    conditions: { port: () => SIM_OPEN, ttl: () => 63 },
    hosts: 64,
    ownSide: false,
    near: 0,
  },
  {
    name: "a gateway's own far addresses",
    path: BEYOND_GATEWAY,
    conditions: { port: (_h, n) => n === 1 ? SIM_OPEN : SIM_CLOSED, ttl: () => 64, answersNear: true },
    hosts: 64,
    ownSide: false,
    near: 0,
  },
  {
    name: "a proxy for everything on the link",
    path: ON_LINK,
    conditions: { port: () => SIM_OPEN, ttl: () => 64, answersNear: true },
    hosts: 64,
    ownSide: false,
    near: 0,
  },
];

for (const { name, path, conditions, hosts, ownSide, near } of BEYOND) {
  Deno.test(`sim: own side: ${name}`, async () => {
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

Deno.test("sim: own side: a check that is lost is repeated", async () => {
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

const TTLS: readonly {
  readonly name: string;
  readonly ports: number;
  readonly ttl: (port: number) => number;
  readonly notes: string[];
}[] = [
  {
    name: "one port is a hop behind",
    ports: 500,
    ttl: (n) => n === 80 ? 62 : 63,
    notes: ["80: forwarded, 1 hop behind"],
  },
  { name: "one of two", ports: 2, ttl: (n) => n === 2 ? 62 : 63, notes: ["2: forwarded, 1 hop behind"] },
  {
    name: "three of five, whichever answers first",
    ports: 5,
    ttl: (n) => n >= 3 ? 62 : 63,
    notes: ["3,4,5: forwarded, 1 hop behind"],
  },
  {
    name: "two hops, and five",
    ports: 100,
    ttl: (n) => n === 7 ? 61 : n === 9 ? 58 : 63,
    notes: ["7: forwarded, 2 hops behind", "9: forwarded, 3 or more hops behind"],
  },
  {
    name: "to a host with another initial TTL",
    ports: 100,
    ttl: (n) => n === 7 ? 126 : 63,
    notes: ["7: forwarded, 1 hop behind"],
  },
  { name: "another initial TTL at the same distance", ports: 100, ttl: (n) => n === 7 ? 127 : 63, notes: [] },
  {
    name: "what is nearer is closed: a firewall may have sent that",
    ports: 400,
    ttl: (n) => n === 80 ? 62 : n < 100 ? 0 : 63,
    notes: ["80: forwarded, 1 hop behind, or a firewall in front sends the RSTs of other ports"],
  },
  { name: "all alike", ports: 100, ttl: () => 57, notes: [] },
  { name: "paths of two lengths (ECMP)", ports: 200, ttl: (n) => n % 2 === 0 ? 57 : 58, notes: [] },
];

for (const { name, ports, ttl, notes } of TTLS) {
  Deno.test(`sim: forwarded ports: ${name}`, async () => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const { engine } = await scanned({
        ports,
        seed,
        conditions: {
          port: (_h, n) => ttl(n) === 0 ? SIM_DROPPED : n < 100 ? SIM_OPEN : SIM_CLOSED,
          ttl: (_h, n) => ttl(n),
        },
      });
      const texts = noteTexts(engine.noteRows(), String).filter(({ note }) => note.startsWith("forwarded"));
      assertEquals(texts.map(({ ports, note }) => `${ports}: ${note}`).sort(), notes, `seed ${seed}`);
    }
  });
}

Deno.test("sim: window 0: each port has its note, and so have results", async () => {
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

Deno.test("sim: port-unreach from the host itself is explained, from a router not", async () => {
  for (const [behaviour, notes] of [[SIM_REJECT + 3, 1], [SIM_ICMP + 3, 0], [SIM_REJECT + 13, 0]] as const) {
    const { engine } = await scanned({ ports: 20, conditions: { port: (_h, n) => n === 5 ? behaviour : SIM_CLOSED } });
    const texts = noteTexts(engine.noteRows(), String).filter(({ note }) =>
      note.startsWith("port-unreach from the host")
    );
    assertEquals(texts.length, notes);
  }
});

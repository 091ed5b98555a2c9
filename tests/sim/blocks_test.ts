/**
 * Hosts that refuse everything once they have seen the scan.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { proxyFindings } from "../../src/engine/proxies.ts";
import { OPEN } from "../../src/result/states.ts";
import { portTiers } from "../../src/target/port_tiers.ts";
import {
  type NetworkConditions,
  SIM_CLOSED,
  SIM_DROPPED,
  SIM_ICMP,
  SIM_OPEN,
  SIM_REJECT,
} from "../support/sim_network.ts";
import { HALF_DROPPED, MIXED, type Ports, simTest } from "./mixes.ts";

const HOST = 0x0a000001;
/** Refused ports that are probed again, once errors have not come for a while. */
const CHECKS = 16;
/** Open ports of a host with up to 512 other replies that are probed again. */
const OPEN_CHECKS = 1;
const PACE = { rate: { startPps: 2000, maxPps: 2000, minPps: 0 } };

/** Replies as `before` to so many SYNs, and then as `after` to every port. */
function changing(before: Ports, replies: number, after: number): Ports {
  let seen = 0;
  return (host, port) => ++seen > replies ? after : before(host, port);
}

const TENTH_OPEN: Ports = (_host, port) => port % 10 === 0 ? SIM_OPEN : SIM_CLOSED;
const TENTH_OPEN_ALONE: Ports = (_host, port) => port % 10 === 0 ? SIM_OPEN : SIM_DROPPED;

const BLOCKS: readonly (readonly [name: string, before: Ports, replies: number, after: number])[] = [
  ["its firewall rejects by port unreachable, as fail2ban's does", TENTH_OPEN, 40, SIM_REJECT + 3],
  ["a router prohibits", TENTH_OPEN, 40, SIM_ICMP + 13],
  ["few ports had replied", TENTH_OPEN, 5, SIM_ICMP + 13],
  ["it resets everything", TENTH_OPEN, 100, SIM_CLOSED],
  ["only open ports had replied, and a router prohibits", TENTH_OPEN_ALONE, 100, SIM_ICMP + 13],
];

for (const [name, before, replies, after] of BLOCKS) {
  for (const loss of [0, 0.1]) {
    simTest(`sim: blocks: ${name}, ${loss * 100} % loss each way`, async ({ scanned }) => {
      const conditions = { port: changing(before, replies, after), lossOut: loss, lossBack: loss };
      const { engine, given, network } = await scanned({ ports: 400, limits: PACE, conditions });
      assertEquals([...proxyFindings(engine.noteRows()).blocked], [HOST]);
      assertEquals(given - engine.counts.late, 400, "a port that is probed once more is no result");
      if (loss === 0 && before === TENTH_OPEN) {
        assert(network.syns <= 403 + CHECKS + OPEN_CHECKS, `${network.syns} SYNs`);
      }
    });
  }
}

/** Common ports of a server, some open, and others of which few are. */
const SERVER: Ports = (_host, port) =>
  [22, 25, 53, 80, 110, 143, 443, 993, 2375].includes(port) ? SIM_OPEN : SIM_CLOSED;

for (const replies of [12, 60, 300, 1200]) {
  simTest(
    `sim: blocks: after ${replies} replies of a server whose common ports were probed first`,
    async ({ scanned }) => {
      const conditions = { port: changing(SERVER, replies, SIM_CLOSED) };
      const { engine, given, results } = await scanned({
        ports: 4096,
        tiers: portTiers("tcp"),
        limits: PACE,
        conditions,
      });
      assertEquals([...proxyFindings(engine.noteRows()).blocked], [HOST]);
      assertEquals(given - engine.counts.late, 4096);
      // Of the first 24 ports eight are open, and the ninth is among the first 100.
      const open = results.filter((state) => state === OPEN).length;
      assert(replies >= 100 ? open === 9 : replies >= 24 ? open >= 8 : open >= 3, `${open} open`);
    },
  );
}

simTest(
  "sim: blocks: a server that replies alike all the time is not blamed, and few ports are probed twice",
  async ({ scanned }) => {
    const row = {
      ports: 65_535,
      tiers: portTiers("tcp"),
      limits: { rate: { startPps: 20_000, maxPps: 20_000, minPps: 0 } },
    };
    for (const port of [SERVER, TWO_OPEN, HALF_REJECTED]) {
      const { engine, network } = await scanned({ ...row, conditions: { port } });
      assertEquals(proxyFindings(engine.noteRows()).blocked.size, 0);
      assert(network.syns <= 65_535 + 8 + CHECKS, `${network.syns} SYNs`);
    }
  },
);

const HALF_REJECTED: Ports = (_host, port) => port % 2 === 0 ? SIM_CLOSED : SIM_ICMP + 13;
const ONE_CLOSED: Ports = (_host, port) => port === 7 ? SIM_CLOSED : SIM_REJECT + 3;
const TWO_OPEN: Ports = (_host, port) => port <= 2 ? SIM_OPEN : SIM_CLOSED;

simTest(
  "sim: blocks: hosts that reply alike all the time are not blamed, and hardly one port is probed twice",
  async ({ scanned }) => {
    for (const port of [TENTH_OPEN, HALF_REJECTED, ONE_CLOSED, TWO_OPEN, MIXED, HALF_DROPPED]) {
      let syns = 0;
      for (let seed = 1; seed <= 20; seed++) {
        const { engine, network } = await scanned({ ports: 400, seed, limits: PACE, conditions: { port, seed } });
        assertEquals(proxyFindings(engine.noteRows()).blocked.size, 0);
        if (port === TENTH_OPEN) syns += network.syns - 400 - OPEN_CHECKS;
        if (port === HALF_REJECTED) syns += network.syns - 400 - CHECKS;
      }
      assert(syns <= 10, `${syns} SYNs more than ports`);
    }
  },
);

/** Drops, or refuses, SYN-ACKs alone beyond a rate; `burst` of them are sent at once. */
function limiting(
  perSecond: number,
  burst: number,
  instead: number,
  port: Ports,
): NonNullable<NetworkConditions["instead"]> {
  let [tokens, atMs] = [burst, 0];
  return (host, n, nowMs) => {
    if (port(host, n) !== SIM_OPEN) return undefined;
    tokens = Math.min(burst, tokens + (nowMs - atMs) * perSecond / 1000);
    atMs = nowMs;
    return tokens-- >= 1 ? undefined : (tokens++, instead);
  };
}

for (const [name, instead] of [["drops", SIM_DROPPED], ["resets", SIM_CLOSED]] as const) {
  simTest(`sim: blocks: a firewall that ${name} what is beyond a rate of open ports alone is found`, async (over) => {
    for (const [perSecond, burst] of [[1, 1], [1, 5], [10, 5]] as const) {
      for (const seed of [1, 2, 3]) {
        const conditions = { port: TENTH_OPEN, instead: limiting(perSecond, burst, instead, TENTH_OPEN), seed };
        const { engine, wrong } = await over.scanned({ ports: 400, seed, conditions });
        const { blocked, limited } = proxyFindings(engine.noteRows());
        const found = [...(instead === SIM_CLOSED ? blocked : limited)];
        assertEquals(found, [HOST], `${perSecond} a second, seed ${seed}: ${wrong().length} wrong`);
      }
    }
  });
}

simTest(
  "sim: blocks: a host whose open ports are beside silent ones is not blamed where packets get lost",
  async (over) => {
    for (const loss of [0, 0.1, 0.2]) {
      for (let seed = 1; seed <= 40; seed++) {
        const port = seed % 2 === 0 ? TENTH_OPEN_ALONE : MIXED;
        const conditions = { port, lossOut: loss, lossBack: loss, delayMs: 20, jitterMs: 10, seed: 7919 * seed };
        const { engine } = await over.scanned({ ports: 200, seed, conditions });
        const { blocked, limited } = proxyFindings(engine.noteRows());
        assertEquals([blocked.size, limited.size], [0, 0], `${loss * 100} % loss each way, seed ${seed}`);
      }
    }
  },
);

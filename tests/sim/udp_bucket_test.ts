/**
 * UDP scans of hosts whose bucket of ICMP errors is empty when the scan begins, since a scan just before has emptied it.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { type ErrorLimit, LINUX, type UdpConditions, type UdpOutcome, type UdpScan } from "../support/sim_udp.ts";
import type { Family } from "../support/sim_ip.ts";
import { type Over, simTest } from "./mixes.ts";

const PORTS = Array.from({ length: 100 }, (_, index) => index + 1);
const OPEN = [17, 53, 69];
const EMPTY: Readonly<Record<Family, ErrorLimit>> = { 4: { ...LINUX[4], tokens: 0 }, 6: { ...LINUX[6], tokens: 0 } };
const SEEDS = 100;

const CLOSED = "closed port-unreach";
const IS_OPEN = "open udp-response";
const SILENT = "open|filtered no-response";
const LIMITED = "undecided icmp-limited";

type PortOf = UdpConditions["port"];

const echo = (request: Uint8Array): Uint8Array => request;
const withServers: PortOf = (_, port) => OPEN.includes(port) ? { reply: echo } : "closed";
const withFirewall: PortOf = (_, port) => OPEN.includes(port) ? { reply: echo } : port % 10 === 0 ? "silent" : "closed";
const allClosed: PortOf = () => "closed";
/** Of most hosts in the Internet most ports are silent. */
const mostlySilent: PortOf = (_, port) => port % 20 === 7 ? "closed" : "silent";

function truthOf(portOf: PortOf, port: number): string {
  const does = portOf(0, port);
  return does === "closed" ? CLOSED : does === "silent" ? SILENT : IS_OPEN;
}

/** Asserts that each port has its state, or where one is allowed is undecided. */
function assertNoneWrong({ results }: UdpOutcome, { conditions, ports, seed, hosts = 1 }: UdpScan): void {
  assertEquals(results.size, ports.length * hosts);
  for (const [key, result] of results) {
    if (result.startsWith("undecided")) continue;
    assertEquals(result, truthOf(conditions.port, Number(key.split(":")[1])), `${key}, seed ${seed}`);
  }
}

async function scanOf({ simulateUdp }: Over, scan: UdpScan): Promise<UdpOutcome> {
  const outcome = await simulateUdp(scan);
  assertNoneWrong(outcome, scan);
  return outcome;
}

for (const loss of [0, 0.1]) {
  for (const [name, port] of Object.entries({ withServers, withFirewall, allClosed, mostlySilent })) {
    simTest(
      `udp scan: an empty bucket makes no port wrong, at a loss of ${100 * loss} % each way: ${name}`,
      async (over) => {
        let closed = 0;
        for (let seed = 1; seed <= SEEDS; seed++) {
          const conditions = { port, limit: EMPTY, loss, seed, hasSockets: seed % 2 === 0 };
          const { count, decidedAt } = await scanOf(over, { conditions, ports: PORTS, seed, untilMs: 20_000 });
          closed += count(CLOSED);
          if (port !== withServers) continue;
          assertEquals(count(IS_OPEN), OPEN.length);
          for (const each of OPEN) assert(decidedAt.get(`0:${each}`)! < 3000, `port ${each}, seed ${seed}`);
        }
        assert(closed >= (port === mostlySilent ? 1 : 8) * SEEDS, `${closed} in ${SEEDS} scans`);
      },
    );
  }

  // Over IPv6 before Linux 6.18: to one address, to a peer of the own /64, and through a default route.
  for (const perSecond of [1, 4, 16]) {
    const name = `at a loss of ${100 * loss} % each way and ${perSecond} errors a second`;
    simTest(`udp scan: an empty bucket makes no port wrong, ${name}`, async (over) => {
      let closed = 0;
      for (let seed = 1; seed <= 20; seed++) {
        const conditions = { port: withFirewall, limit: { burst: 6, perSecond, tokens: 0 }, loss, seed };
        closed += (await scanOf(over, { conditions, ports: PORTS, seed, untilMs: 20_000 })).count(CLOSED);
      }
      assert(closed >= 20 * 7, `${closed} in 20 scans`);
    });
  }

  simTest(`udp scan: an empty bucket is settled to the end at a loss of ${100 * loss} % each way`, async (over) => {
    for (let seed = 1; seed <= 10; seed++) {
      const conditions = { port: withFirewall, limit: EMPTY, loss, seed };
      const { results } = await scanOf(over, { conditions, ports: PORTS, seed });
      assertEquals([...results.values()].filter((result) => result.startsWith("undecided")), []);
    }
  });

  simTest(
    `udp scan: empty buckets of several hosts that are probed slowly, at a loss of ${100 * loss} % each way`,
    async (over) => {
      for (let seed = 1; seed <= 20; seed++) {
        for (const pps of [20, 200]) {
          const limits = { rate: { startPps: pps, maxPps: pps, minPps: 0 } };
          const conditions = { port: withFirewall, limit: EMPTY, loss, seed };
          await scanOf(over, { conditions, ports: PORTS.slice(0, 25), hosts: 4, seed, limits, untilMs: 20_000 });
        }
      }
    },
  );
}

simTest("udp scan: an empty bucket of ten errors a second, and of a few ports, is waited for", async (over) => {
  for (let seed = 1; seed <= 20; seed++) {
    const quick = { port: withServers, limit: { burst: 6, perSecond: 10, tokens: 0 }, seed };
    assertEquals((await scanOf(over, { conditions: quick, ports: PORTS, seed })).count(CLOSED), 97);
    for (const ports of [[5], [5, 6, 7]]) {
      const { count, elapsedMs } = await scanOf(over, {
        conditions: { port: allClosed, limit: EMPTY, seed },
        ports,
        seed,
      });
      assertEquals(count(CLOSED), ports.length);
      assert(elapsedMs < 5000, `${elapsedMs}`);
    }
  }
});

simTest(
  "udp scan: silence of a host without any error is decided after three refills, of many hosts at the same time",
  async (over) => {
    for (const [hosts, ports] of [[1, PORTS], [1, [161]], [4096, [161]]] as const) {
      const { count, elapsedMs, network } = await scanOf(over, { conditions: { port: () => "silent" }, hosts, ports });
      assertEquals(count(SILENT), hosts * ports.length);
      assert(elapsedMs > 3300 && elapsedMs < 5000, `${elapsedMs}`);
      assert(network.counters.sent <= 5 * hosts * ports.length, `${network.counters.sent}`);
    }
  },
);

simTest("udp scan: few retries are spread over the refills, and without any silence shows nothing", async (over) => {
  const conditions = { port: withServers, limit: EMPTY };
  for (const maxRetries of [1, 2, 3]) {
    const { count } = await scanOf(over, { conditions, ports: PORTS, limits: { maxRetries } });
    assert(count(CLOSED) > 0 && count(LIMITED) > 0, `${maxRetries} retries: ${count(CLOSED)} closed`);
    const silent = await scanOf(over, { conditions: { port: () => "silent" }, ports: PORTS, limits: { maxRetries } });
    assertEquals([silent.count(SILENT), silent.network.counters.sent], [100, 100 * (1 + maxRetries)]);
  }
  const none = await scanOf(over, { conditions, ports: PORTS, limits: { maxRetries: 0 } });
  assertEquals([none.count(IS_OPEN), none.count(LIMITED)], [3, 97]);
});

simTest(
  "udp scan: errors of a router prove nothing of a host with an empty bucket, be they about it or its neighbour",
  async (over) => {
    const router = 0x0b000001;
    for (const mixed of [true, false]) {
      for (let seed = 1; seed <= 20; seed++) {
        const port: PortOf = (host, each) => (mixed ? each <= 10 : host % 2 === 1) ? { code: 13, router } : "closed";
        const conditions = { port, limit: EMPTY, isUnlimited: (sender: number) => sender === router, seed };
        const { results, count } = await over.simulateUdp({ conditions, ports: PORTS.slice(0, 25), hosts: 2, seed });
        assertEquals(results.size, 50);
        assertEquals(count(SILENT), 0, `seed ${seed}`);
      }
    }
  },
);

simTest("udp scan: a user who defeats the limit does not wait for a refill", async (over) => {
  const conditions = { port: withServers, limit: EMPTY };
  const { elapsedMs, count } = await over.simulateUdp({ conditions, ports: PORTS, limits: { defeatsIcmpLimit: true } });
  assertEquals(count(IS_OPEN), OPEN.length);
  assert(elapsedMs < 1000, `${elapsedMs}`);
});

/**
 * Scans whose common ports come first.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { OPEN } from "../../src/result/states.ts";
import { portTiers } from "../../src/target/port_tiers.ts";
import { PortSet } from "../../src/target/ports.ts";
import { topPorts } from "../../src/target/top_ports.ts";
import { SIM_CLOSED, SIM_DROPPED, SIM_OPEN } from "../support/sim_network.ts";
import { type Ports, simTest } from "./mixes.ts";

const FIRST_HOST = 0x0a000001;
const TIERS = portTiers("tcp");
const PACE = { rate: { startPps: 2000, maxPps: 2000, minPps: 0 } };

/** Ports of a server. */
const SIXTEEN = [21, 22, 23, 25, 53, 80, 110, 111, 135, 139, 143, 443, 445, 993, 995, 3306];
const THREE = [22, 80, 443];
const PORTS = 4096;

/** Drops everything to a host once so many of its ports were found closed. */
function blocking(open: readonly number[], threshold: number): Ports {
  const closed = new Map<number, Set<number>>();
  return (host, port) => {
    const seen = closed.get(host) ?? new Set();
    closed.set(host, seen);
    if (seen.size >= threshold) return SIM_DROPPED;
    if (open.includes(port)) return SIM_OPEN;
    seen.add(port);
    return SIM_CLOSED;
  };
}

for (const [name, open] of [["16 open ports", SIXTEEN], ["three open ports", THREE]] as const) {
  simTest(`sim: tiers: ${name} are found behind a firewall that blocks after ten closed ones`, async ({ scanned }) => {
    for (const hosts of [1, 12]) {
      for (let seed = 1; seed <= 3; seed++) {
        const conditions = { port: blocking(open, 10), seed };
        const { results } = await scanned({ hosts, ports: PORTS, seed, tiers: TIERS, limits: PACE, conditions });
        for (let host = 0; host < hosts; host++) {
          const found = open.filter((port) => results[host * PORTS + port - 1] === OPEN);
          assertEquals(found, [...open], `host ${host} of ${hosts}, seed ${seed}`);
        }
      }
    }
  });
}

simTest(
  "sim: tiers: a server with the first eight ports open is not probed at others before its common ports",
  async ({ scanned }) => {
    const open = [21, 22, 23, 80, 443, 445, 3389, 8080, 25, 53, 110, 143, 993, 995];
    for (let seed = 1; seed <= 5; seed++) {
      const conditions = { port: blocking(open, 10), seed };
      const { results } = await scanned({ ports: 8192, seed, tiers: TIERS, limits: PACE, conditions });
      assertEquals(open.filter((port) => results[port - 1] !== OPEN), [], `seed ${seed}`);
    }
  },
);

simTest("sim: tiers: a scan that ends early has decided common ports of all hosts", async ({ simulate }) => {
  const hosts = 100, ports = 1000;
  const row = { hosts, ports, tiers: TIERS, limits: PACE, conditions: { port: (() => SIM_CLOSED) as Ports } };
  const common = PortSet.unionOf(TIERS.slice(0, 2)).subtract(PortSet.of([1433, 3306, 3389, 5432, 5900, 8080, 8443]));
  assertEquals(common.size, 17);
  // 1,700 of 100,000 probes, at 2,000 a second.
  const { results } = await simulate({ ...row, untilMs: 1200 });
  for (let host = 0; host < hosts; host++) {
    for (const port of common) assert(results[host * ports + port - 1] !== 255, `${FIRST_HOST + host} ${port}`);
  }
  assert(results.filter((result) => result === 255).length > 90_000);
});

simTest("sim: tiers: each port is decided once, whatever order it is in", async ({ scanned }) => {
  const open = (port: number) => port % 7 === 0;
  const conditions = { port: ((_host, port) => open(port) ? SIM_OPEN : SIM_CLOSED) as Ports };
  for (const tiers of [[], TIERS, [PortSet.of(topPorts(1000))], [PortSet.EMPTY, PortSet.of([9])]]) {
    const { wrong, results } = await scanned({ hosts: 3, ports: 2000, tiers, conditions });
    assertEquals([wrong(), results.length], [[], 6000]);
  }
});

/**
 * UDP scans during which nothing gets through for a while, or never again: silence then shows nothing of a port. A result may be missing, and
 * may never be wrong.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { LINUX, type UdpConditions, type UdpOutcome } from "../support/sim_udp.ts";
import { simTest } from "./mixes.ts";

const PORTS = Array.from({ length: 60 }, (_, index) => index + 1);
const OPEN = [7, 17, 53];
const GONE = "undecided host-silent";

type PortOf = UdpConditions["port"];

const closed: PortOf = (_, port) => port % 10 === 0 ? "silent" : "closed";
const withServers: PortOf = (host, port) =>
  OPEN.includes(port) ? { reply: (request: Uint8Array) => request } : closed(host, port);

const STATES: Readonly<Record<string, string>> = {
  silent: "open|filtered no-response",
  closed: "closed port-unreach",
};

/** Fails where a port has another state than its own, or `allowed`. */
function assertNoneWrong({ results }: UdpOutcome, port: PortOf, row: string, allowed?: string): void {
  for (const [key, result] of results) {
    if (result === allowed) continue;
    const does = port(0, Number(key.split(":")[1]));
    assertEquals(result, typeof does === "string" ? STATES[does] : "open udp-response", `${row}: ${key}`);
  }
}

const LIMITS = [["without a limit of errors", {}], ["with the limit of Linux", { limit: LINUX }]] as const;

for (const [name, limit] of LIMITS) {
  for (const [ports, port] of Object.entries({ closed, withServers })) {
    simTest(`udp scan: an outage of 2 s makes no port wrong, ${name}: ${ports}`, async ({ simulateUdp }) => {
      for (const fromMs of [0, 20, 150, 1000, 3000]) {
        for (const [seed, loss] of [[1, 0], [2, 0], [1, 0.05], [2, 0.05]] as const) {
          const conditions = { port, ...limit, loss, seed, outages: [[fromMs, fromMs + 2000]] as const };
          const outcome = await simulateUdp({ conditions, ports: PORTS, hosts: 2, seed });
          assertEquals(outcome.results.size, 2 * PORTS.length);
          assertNoneWrong(outcome, port, `from ${fromMs} ms, ${100 * loss} % lost, seed ${seed}`);
        }
      }
    });

    simTest(
      `udp scan: where the path breaks for good, ports are undecided, ${name}: ${ports}`,
      async ({ simulateUdp }) => {
        for (const fromMs of [20, 300]) {
          for (const seed of [1, 2, 3]) {
            const conditions = { port, ...limit, seed, outages: [[fromMs, Infinity]] as const };
            const outcome = await simulateUdp({ conditions, ports: PORTS, hosts: 2, seed });
            assertNoneWrong(outcome, port, `from ${fromMs} ms, seed ${seed}`, GONE);
            assert(outcome.count(GONE) > 0, "nothing is undecided");
          }
        }
      },
    );
  }
}

simTest("udp scan: few probes show that a host is there of which many ports are silent", async ({ simulateUdp }) => {
  for (const replying of [closed, withServers]) {
    const repeated = new Map<number, number>();
    const port: PortOf = (host, each) => {
      const does = each < 1000 ? replying(host, each) : "silent";
      if (does !== "silent") repeated.set(each, (repeated.get(each) ?? -1) + 1);
      return does;
    };
    const ports = PORTS.concat(Array.from({ length: 440 }, (_, index) => 1000 + index));
    const { count, elapsedMs } = await simulateUdp({ conditions: { port }, ports });
    assertEquals(count(STATES.silent!), 446);
    const probes = repeated.values().reduce((sum, times) => sum + times, 0);
    assert(probes > 0 && probes <= 20, `${probes}`);
    assert(elapsedMs < 2500, `${elapsedMs}`);
  }
});

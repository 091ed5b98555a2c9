/**
 * Scans of hosts of both versions of IP: a pass for each over one network, whose hosts have addresses of both.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { linkLimits } from "../../src/scan/timing.ts";
import { ARP } from "../../src/technique/arp.ts";
import { ND } from "../../src/technique/nd.ts";
import { pingKind, PingTechnique } from "../../src/technique/ping.ts";
import { LIMITS, type SimOutcome, type SimScan } from "../support/sim.ts";
import type { Family } from "../support/sim_ip.ts";
import { type NetworkConditions, SIM_CLOSED } from "../support/sim_network.ts";
import { LINUX, simulateUdp, type UdpConditions, type UdpOutcome, type UdpScan } from "../support/sim_udp.ts";
import { assertRight, MIXED, scanned, SOME_ABSENT } from "./mixes.ts";

/** The numbers of the first host of each family in a scan of both. */
const FIRST_HOST: Readonly<Record<Family, number>> = { 4: 0x0a00_0001, 6: 0xf000_0000 };
const FAMILIES = [4, 6] as const;

/** Scans by one family, and then by the other over the same network, as the passes of one scan do. */
async function passes(scan: SimScan, limits: SimScan["limits"] = {}): Promise<readonly [SimOutcome, SimOutcome]> {
  const first = await scanned({ ...scan, family: 4, firstHost: FIRST_HOST[4], limits });
  return [first, await scanned({ ...scan, family: 6, firstHost: FIRST_HOST[6], after: first })];
}

const ROWS: readonly (readonly [string, NetworkConditions, hosts: number, ports: number])[] = [
  ["nothing lost", { port: MIXED }, 2, 500],
  [
    "10 % lost each way, duplicates, forged replies",
    {
      ...{ port: MIXED, lossOut: 0.1, lossBack: 0.1, delayMs: 20, jitterMs: 10, duplicates: 0.1, forged: 2 },
    },
    2,
    500,
  ],
  ["many hosts, some absent", { port: SOME_ABSENT, lossOut: 0.1, lossBack: 0.1 }, 300, 1],
  ["hosts that cap their replies", { port: MIXED, answerCap: () => ({ perSecond: 100, burst: 100 }) }, 2, 200],
];

for (const [name, conditions, hosts, ports] of ROWS) {
  Deno.test(`sim: one scan of both families shows the truth by both: ${name}`, async () => {
    for (const [i, { wrong, engine }] of (await passes({ conditions, hosts, ports })).entries()) {
      assertRight(wrong(), `IPv${FAMILIES[i]}`);
      assert(engine.expectedWrong < 0.5, `${engine.expectedWrong} expected wrong`);
    }
  });
}

Deno.test("sim: late replies by one family decide nothing of the other", async () => {
  // The first pass gives up before the replies come; they arrive during the second.
  const limits = { timeouts: { initialMs: 100, minMs: 50, maxMs: 100 }, maxRetries: 0 };
  const conditions = { port: () => SIM_CLOSED, delayMs: 400, jitterMs: 100 };
  const [, second] = await passes({ ports: 200, conditions }, limits);
  assertRight(second.wrong());
  assert(second.driver.counters.unmatched > 100, `${second.driver.counters.unmatched} late replies of the first`);
});

for (const [name, conditions] of ROWS.map(([name, { port: _, ...conditions }]) => [name, conditions] as const)) {
  Deno.test(`sim: one scan discovers hosts by ARP, by neighbor solicitations and by pings: ${name}`, async () => {
    const pings = new PingTechnique(["echo", "syn:443"].map((kind) => pingKind(kind)!));
    const limits = linkLimits({ targets: "" }, LIMITS);
    let after: SimOutcome | undefined;
    for (
      const [family, technique, ports] of [[4, ARP, 1], [6, ND, 1], [4, pings, 2], [6, pings, 2]] as const
    ) {
      after = await scanned({
        ...{ family, technique, ports, firstPort: 0, firstHost: FIRST_HOST[family], hosts: 200 },
        conditions: { ...conditions, port: (host, port) => host % 3 === 0 ? SIM_CLOSED : SOME_ABSENT(host, port) },
        ...(ports === 1 ? { limits } : {}),
        ...(after === undefined ? {} : { after }),
      });
      assertRight(after.wrong(), `${technique.name} over IPv${family}`);
    }
  });
}

const echo = (request: Uint8Array): Uint8Array => request;
const OPEN_UDP = [7, 17, 53];
/** Some servers, a firewall before some ports, and the others closed. */
const udpPort: UdpConditions["port"] = (_, port) =>
  OPEN_UDP.includes(port) ? { reply: echo } : port % 10 === 0 ? "silent" : "closed";
/** The state of each kind of port. */
function udpTruth(port: number): string {
  const does = udpPort(0, port);
  return does === "closed"
    ? "closed port-unreach"
    : does === "silent"
    ? "open|filtered no-response"
    : "open udp-response";
}

/** Scans by UDP over one family, and then over the other. */
async function udpPasses(scan: UdpScan): Promise<readonly [UdpOutcome, UdpOutcome]> {
  const first = await simulateUdp({ ...scan, family: 4 });
  return [first, await simulateUdp({ ...scan, family: 6, after: first })];
}

for (const loss of [0, 0.1]) {
  for (const hasSockets of [false, true]) {
    const where = hasSockets ? " over sockets" : "";
    Deno.test(`sim: one UDP scan${where} of both families shows the truth by both, at a loss of ${100 * loss} % each way`, async () => {
      const ports = Array.from({ length: 60 }, (_, index) => index + 1);
      for (let seed = 1; seed <= 4; seed++) {
        const conditions = { port: udpPort, limit: LINUX, loss, seed, hasSockets };
        const outcomes = await udpPasses({ conditions, ports, seed, hosts: 2 });
        for (const [i, { results }] of outcomes.entries()) {
          assertEquals(results.size, 2 * ports.length);
          for (const [key, result] of results) {
            assertEquals(result, udpTruth(Number(key.split(":")[1])), `${key} over IPv${FAMILIES[i]}, seed ${seed}`);
          }
        }
        // Each version of IP has a limit of its own, of which that of IPv6 is the wider one.
        assert(outcomes[1].elapsedMs < outcomes[0].elapsedMs / 3, outcomes.map(({ elapsedMs }) => elapsedMs).join());
      }
    });
  }
}

/**
 * Probes of hosts: ARP requests and neighbor solicitations, which show who is there and who is not, and pings, whose silence shows nothing.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { linkLimits } from "../../src/scan/timing.ts";
import { UNDECIDED, UP } from "../../src/result/states.ts";
import { ARP } from "../../src/technique/arp.ts";
import { ND } from "../../src/technique/nd.ts";
import { pingKind, PingTechnique } from "../../src/technique/ping.ts";
import { LIMITS } from "../support/sim.ts";
import type { Family } from "../support/sim_ip.ts";
import {
  type NetworkConditions,
  SIM_CLOSED,
  SIM_DROPPED,
  SIM_HOST,
  SIM_ICMP,
  SIM_OPEN,
  SIM_REJECT,
} from "../support/sim_network.ts";
import { assertRight, type Ports, simTest } from "./mixes.ts";

/** Of three hosts one is there, one accepts connections but replies to no echo request, and one is not there. */
const THIRDS: Ports = (host, port) =>
  host % 3 === 0 ? SIM_DROPPED : host % 3 === 1 ? SIM_CLOSED : port === SIM_HOST ? SIM_DROPPED : SIM_OPEN;
/** Every other host is there. */
const HALF: Ports = (host) => host % 2 === 0 ? SIM_CLOSED : SIM_DROPPED;

/** Of two hosts one refuses everything by errors of its own; a router reports the other. */
const REFUSED: Ports = (host) => host % 2 === 0 ? SIM_REJECT + 3 : SIM_ICMP + 1;

const KINDS = ["echo", "syn:443", "ack:80"].map((name) => pingKind(name)!);

/** The passes that find hosts, by name. */
const PASSES = {
  "of the own link": (family: Family) => ({
    ...{ technique: family === 4 ? ARP : ND, ports: 1, firstPort: 0 },
    limits: linkLimits({ targets: "" }, LIMITS),
  }),
  "by echo requests": () => ({ technique: new PingTechnique(KINDS.slice(0, 1)), ports: 1, firstPort: 0 }),
  "by pings of several kinds": () => ({ technique: new PingTechnique(KINDS), ports: KINDS.length, firstPort: 0 }),
};

const ROWS: readonly (readonly [name: string, conditions: Partial<NetworkConditions>])[] = [
  ["nothing lost", {}],
  ["10 % lost each way", { lossOut: 0.1, lossBack: 0.1, delayMs: 20, jitterMs: 10 }],
  ["each reply twice, and forged ones", { duplicates: 1, forged: 4, delayMs: 20 }],
  ["stations that wake up late", { slowMs: (host) => host % 7 * 50 }],
  ["an outage of 2 s", { outages: [[30, 2030]] }],
  ["an outage of 2 s once replies are waited for", { outages: [[300, 2300]] }],
  ["a kernel that refuses for 1.5 s", { refusals: [{ fromMs: 20, untilMs: 1500, errno: 1 }] }],
];

for (const [pass, scanOf] of Object.entries(PASSES)) {
  for (const [name, conditions] of ROWS) {
    simTest(`sim: hosts ${pass} have the right states: ${name}`, async ({ family, scanned }) => {
      for (const [row, port] of [["a third", THIRDS], ["half", HALF], ["none", () => SIM_DROPPED]] as const) {
        for (const seed of [1, 2, 3]) {
          const scan = { ...scanOf(family), hosts: 254, seed, conditions: { port, seed, ...conditions } };
          const { wrong, engine } = await scanned(scan);
          assertRight(wrong(), `${row}, seed ${seed}`);
          assert(engine.expectedWrong < 0.5, `${row}, seed ${seed}: ${engine.expectedWrong} expected wrong`);
        }
      }
    });
  }
}

for (const pass of ["by echo requests", "by pings of several kinds"] as const) {
  simTest(`sim: hosts ${pass} are up by errors of their own, and silent by those of routers`, async (over) => {
    const conditions = { port: REFUSED, lossOut: 0.1, lossBack: 0.1 };
    const { wrong } = await over.scanned({ ...PASSES[pass](), hosts: 254, conditions });
    assertRight(wrong());
  });
}

for (const [pass, scanOf] of Object.entries(PASSES)) {
  simTest(`sim: hosts ${pass}: where the path breaks for good, none is absent or silent`, async (over) => {
    for (const seed of [1, 2, 3]) {
      const conditions = { port: HALF, seed, outages: [[30, Infinity]] as const };
      const scan = { ...scanOf(over.family), hosts: 254, seed, conditions };
      const { results, elapsedMs } = await over.scanned(scan);
      assertEquals(results.filter((result) => result !== UP && result !== UNDECIDED).length, 0, `seed ${seed}`);
      assert(elapsedMs < 6000, `${elapsedMs} ms`);
    }
  });
}

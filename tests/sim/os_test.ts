/**
 * Systems of hosts by the shape of their SYN-ACKs, in whole scans.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { hostOs } from "../../src/scan/host_os.ts";
import { UNTOLD, withOs } from "../../src/result/summary.ts";
import { formatIpv4 } from "../../src/wire/address.ts";
import { SIM_CLOSED, SIM_DROPPED, SIM_LINUX, SIM_LWIP, SIM_OPEN, SIM_PROXY } from "../support/sim_network.ts";
import type { Family } from "../support/sim_ip.ts";
import { simTest } from "./mixes.ts";

const FIRST = 0x0a000001;
/** The state of ports 20 and 40 of each host; the other ports refuse. */
const STACKS: readonly (readonly [at20: number, at40: number])[] = [
  [SIM_LINUX, SIM_LINUX],
  [SIM_LWIP, SIM_LWIP],
  [SIM_LINUX, SIM_LWIP],
  [SIM_OPEN, SIM_OPEN],
  [SIM_PROXY, SIM_PROXY],
  [SIM_DROPPED, SIM_CLOSED],
];

const behaviour = (host: number, port: number) => {
  const [at20, at40] = STACKS[host - FIRST]!;
  return port === 20 ? at20 : port === 40 ? at40 : SIM_CLOSED;
};
const ttl = (host: number, port: number) => behaviour(host, port) === SIM_LWIP ? 252 : 60;

const LINUX = "options MSS,NOP,NOP,SACK,NOP,WS; MSS 1460; window 64240, scale 7; TTL 60; DF";
const LWIP = "options MSS,NOP,WS; MSS 1460; window 65535, scale 1; TTL 252; no DF";
const UNKNOWN = "options MSS; MSS 1460; window 64240; TTL 60; no DF";

/** Returns the same shape over a version of IP: there is a hop limit alone in IPv6. */
function shapeOver(family: Family, shape: string): string {
  return family === 4 ? shape : shape.replace(/TTL (\d+); .*/, "hop limit $1");
}

for (
  const [name, conditions] of [["a good network", {}], ["loss and forged replies", {
    lossOut: 0.1,
    lossBack: 0.1,
    duplicates: 0.1,
    forged: 2,
  }]] as const
) {
  simTest(
    `sim: os: each host has its systems, several where ports are forwarded, on ${name}`,
    async ({ family, simulate }) => {
      const { driver, wrong } = await simulate({
        hosts: STACKS.length,
        ports: 50,
        conditions: { port: behaviour, ttl, ...conditions },
      });
      assertEquals(wrong(), []);
      const { os } = withOs(UNTOLD, hostOs(driver.shapeRows(), formatIpv4));
      const [linux, lwip, unknown] = [shapeOver(family, LINUX), shapeOver(family, LWIP), shapeOver(family, UNKNOWN)];
      assertEquals(os, [
        { ip: "10.0.0.1", family: "Linux", evidence: linux, ports: [] },
        { ip: "10.0.0.2", family: "lwIP", evidence: lwip, ports: [] },
        { ip: "10.0.0.3", family: "Linux", evidence: linux, ports: [20] },
        { ip: "10.0.0.3", family: "lwIP", evidence: lwip, ports: [40] },
        { ip: "10.0.0.4", family: null, evidence: unknown, ports: [] },
      ]);
    },
  );
}

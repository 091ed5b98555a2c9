/**
 * Behaviours of the ports of simulated hosts, and checks of every simulated scan.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import {
  type NetworkConditions,
  SIM_CLOSED,
  SIM_DROPPED,
  SIM_ICMP,
  SIM_OPEN,
  SIM_REJECT,
} from "../support/sim_network.ts";
import { type Family, type SimIp, simIp } from "../support/sim_ip.ts";
import { type SimOutcome, type SimScan, simulate } from "../support/sim.ts";
import { simulateUdp } from "../support/sim_udp.ts";

/** The behaviour of ports. */
export type Ports = NetworkConditions["port"];

/** Every port answers with a RST. */
export const ALL_CLOSED: Ports = () => SIM_CLOSED;

/** Some of each: every tenth open, every tenth dropped, some refused by a router, the others closed. */
export const MIXED: Ports = (_host, port) => {
  if (port % 10 === 0) return SIM_OPEN;
  if (port % 10 === 1) return SIM_DROPPED;
  return port % 50 === 3 ? SIM_ICMP + 13 : SIM_CLOSED;
};

/** One port in ten answers. */
export const MOSTLY_DROPPED: Ports = (_host, port) => port % 10 === 0 ? SIM_CLOSED : SIM_DROPPED;

/** Every other port answers. */
export const HALF_DROPPED: Ports = (_host, port) => port % 2 === 0 ? SIM_CLOSED : SIM_DROPPED;

/** One open port among dropped ones. */
export const ONE_OPEN: Ports = (_host, port) => port === 77 ? SIM_OPEN : SIM_DROPPED;

/** The host itself refuses three ports in four by ICMP, and drops the others. */
export const REJECTED: Ports = (_host, port) => port % 4 === 0 ? SIM_DROPPED : SIM_REJECT + 3;

/** Every fifth host is absent; the others answer as {@linkcode MIXED}. */
export const SOME_ABSENT: Ports = (host, port) => host % 5 === 0 ? SIM_DROPPED : MIXED(host, port + host);

/** Runs a scan, and checks what holds of any: every probe was decided once, and no result came twice but late. */
export async function scanned(scan: SimScan): Promise<SimOutcome> {
  const outcome = await simulate(scan);
  const { engine, given, twice, results } = outcome;
  assertEquals(engine.finished, true);
  assertEquals(twice, 0, "probes decided twice");
  assertEquals(results.filter((result) => result === 255).length, 0, "probes never decided");
  const late = given - engine.counts.byState.reduce((sum, count) => sum + count, 0);
  assert(late >= 0 && late <= engine.counts.late, `${late} late results, ${engine.counts.late} counted`);
  return outcome;
}

/** Scans over one version of IP. */
export interface Over {
  readonly family: Family;
  readonly ip: SimIp;
  readonly simulate: typeof simulate;
  readonly scanned: typeof scanned;
  readonly simulateUdp: typeof simulateUdp;
}

/** Registers a test once for each version of IP. */
export function simTest(name: string, run: (over: Over) => Promise<void>): void {
  for (const family of [4, 6] as const) {
    const over = <T>(scan: T) => ({ ...scan, family });
    Deno.test(`${name}, over IPv${family}`, () =>
      run({
        ...{ family, ip: simIp(family) },
        simulate: (scan) => simulate(over(scan)),
        scanned: (scan) => scanned(over(scan)),
        simulateUdp: (scan) => simulateUdp(over(scan)),
      }));
  }
}

/** Fails where results are not the truth, and shows some of those. */
export function assertRight(wrong: readonly string[], row = ""): void {
  assertEquals(wrong.slice(0, 3), [], `${wrong.length} results wrong: ${row}`);
}

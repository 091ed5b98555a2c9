/**
 * The ports that are probed first.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { portTiers } from "../../src/target/port_tiers.ts";
import { PortSet } from "../../src/target/ports.ts";
import { topPorts } from "../../src/target/top_ports.ts";
import { topUdpPorts } from "../../src/target/top_udp_ports.ts";

/** Closed ports after which detectors of port scans block at the earliest. */
const THRESHOLD = 10;

Deno.test("port tiers: the most useful 8, 24 and 100 ports of each protocol, each once", () => {
  for (const [protocol, top] of [["tcp", topPorts], ["udp", topUdpPorts]] as const) {
    const tiers = portTiers(protocol);
    assertEquals(tiers.map(({ size }) => size), [8, 16, 76]);
    assert(tiers[0]!.size < THRESHOLD);
    [8, 24, 100].forEach((last, tier) => {
      assertEquals(`${PortSet.unionOf(tiers.slice(0, tier + 1))}`, `${PortSet.of(top(last))}`, `${protocol} ${last}`);
    });
  }
});

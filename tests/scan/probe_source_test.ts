/**
 * The order of the probes of a pass.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { ShardProbeSource } from "../../src/scan/probe_source.ts";
import { PortSet } from "../../src/target/ports.ts";
import { Ranges } from "../../src/target/ranges.ts";
import { ProbeSpace } from "../../src/target/space.ts";

const PORTS = PortSet.of([22, 80, 443]);
const ORDER = { seed: 5, shard: { index: 1, count: 1 }, excludePorts: [], passes: 1 };

function space(first: number, last: number): ProbeSpace {
  return new ProbeSpace({ targets: [{ hosts: Ranges.of(first, last), ports: undefined }], defaultPorts: PORTS });
}

function probesOf(source: ShardProbeSource, from = 0): string[] {
  return Array.from({ length: source.size - from }, (_, at) => {
    source.locate(from + at);
    return `${source.host} ${source.port}`;
  });
}

Deno.test("probe source: ports of silent hosts come last, and every port once", () => {
  const source = new ShardProbeSource([space(1, 7), space(8, 20)], ORDER);
  const probes = probesOf(source);
  assertEquals([source.size, new Set(probes).size], [60, 60]);
  const isSilent = probes.map((probe) => Number(probe.split(" ")[0]) >= 8);
  assertEquals(isSilent, [...Array(21).fill(false), ...Array(39).fill(true)]);
  assertEquals([source.wasSilent(7), source.wasSilent(8), source.portCountOf(8)], [false, true, 3]);
  assertEquals([source.isSpare(8, 80), source.isSpare(8, 81)], [false, true]);
});

Deno.test("probe source: refused ports that are excluded by now are not checked", () => {
  const remaining = {
    position: 9,
    pending: new Uint32Array(),
    refused: Uint32Array.of(1, 22, 5, 0, 1, 80, 5, 1, 2, 22, 7, 0),
  };
  const order = { ...ORDER, excludePorts: [[80, 80]] as const, excludeHosts: Uint32Array.of(2, 2) };
  const source = new ShardProbeSource([space(1, 7), space(8, 20)], order, remaining);
  assertEquals([...source.refused!], [1, 22, 5, 0]);
});

Deno.test("probe source: what is left goes on among the hosts that replied and among the silent ones", () => {
  const spaces = [space(1, 7), space(8, 20)] as const;
  const whole = probesOf(new ShardProbeSource(spaces, ORDER));
  for (const position of [0, 5, 21, 40, 60]) {
    const pending = Uint32Array.of(9, 443);
    const rest = new ShardProbeSource(spaces, ORDER, { position, pending });
    assertEquals(probesOf(rest), ["9 443", ...whole.slice(position)]);
    assertEquals(rest.inOrder(1), position);
  }
});

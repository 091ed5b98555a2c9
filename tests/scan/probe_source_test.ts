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

function probesOf(source: ShardProbeSource): string[] {
  return Array.from({ length: source.size }, (_, at) => {
    source.locate(at);
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

Deno.test("probe source: common ports come first, of hosts that replied and then of silent ones, and what is left goes on so", () => {
  const tiers = [PortSet.of([443, 80, 7]), PortSet.of([22])];
  const of = (first: number, last: number) =>
    new ProbeSpace({
      targets: [
        { hosts: Ranges.of(first, last), ports: undefined },
        { hosts: Ranges.of(last, last + 1), ports: PortSet.of([22, 8080]) },
      ],
      defaultPorts: PORTS,
      tiers,
    });
  const spaces = [of(1, 7), of(20, 29)] as const;
  const tierOf = (port: number) => port === 22 ? 1 : port === 8080 ? 2 : 0;
  const kinds = [[14, 8, 2], [20, 11, 2]].flat().flatMap((count, kind) => Array(count).fill(kind));
  for (const count of [1, 3]) {
    const all: string[] = [];
    for (let index = 1; index <= count; index++) {
      const order = { ...ORDER, shard: { index, count } };
      const whole = probesOf(new ShardProbeSource(spaces, order));
      const found = whole.map((probe) => {
        const [host, port] = probe.split(" ").map(Number) as [number, number];
        return tierOf(port) + (host >= 20 ? 3 : 0);
      });
      assertEquals(found, found.toSorted((one, other) => one - other));
      for (let position = 0; position <= whole.length; position++) {
        const rest = new ShardProbeSource(spaces, order, { position, pending: new Uint32Array() });
        assertEquals(probesOf(rest), whole.slice(position));
      }
      all.push(...whole);
    }
    assertEquals([all.length, new Set(all).size], [kinds.length, kinds.length]);
    if (count === 1) {
      const found = all.map((probe) =>
        tierOf(Number(probe.split(" ")[1])) + (Number(probe.split(" ")[0]) >= 20 ? 3 : 0)
      );
      assertEquals(found, kinds);
    }
  }
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

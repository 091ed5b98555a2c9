/**
 * What it costs to find the next probe: its place in the order, then its host and port. Each iteration is 1,000 probes,
 * so a figure in microseconds is one in nanoseconds a probe.
 *
 * @module
 */
import { Permutation } from "../../src/order/permutation.ts";
import { ShardedOrder } from "../../src/order/shard.ts";
import { PortSet } from "../../src/target/ports.ts";
import { Ranges } from "../../src/target/ranges.ts";
import { ProbeSpace } from "../../src/target/space.ts";
import { topPorts } from "../../src/target/top_ports.ts";

const BATCH = 1000;

/** Keeps results alive, so that no work can be optimised away. */
let sink = 0;

for (const [name, size] of [["2^16", 2 ** 16], ["2^32", 2 ** 32], ["2^40", 2 ** 40], ["2^53", 2 ** 53]] as const) {
  const order = new Permutation(size, 2026);
  let position = 0;
  Deno.bench({ name: `at, ${name}`, group: "order" }, () => {
    for (let i = 0; i < BATCH; i++) {
      sink ^= order.at(position);
      if (++position === size) position = 0;
    }
  });
}

const shard = new ShardedOrder(2 ** 40, 2026, { index: 3, count: 8 });
let k = 0;
Deno.bench({ name: "at, one shard of eight of 2^40", group: "order" }, () => {
  for (let i = 0; i < BATCH; i++) sink ^= shard.at(k++);
});

const top = PortSet.of(topPorts(1000));
const SPACES: readonly (readonly [name: string, space: ProbeSpace])[] = [
  ["one host, all ports", spaceOf([[0x7f000001, 0x7f000001]], PortSet.ALL)],
  ["a /8, the 1,000 most useful ports", spaceOf([[0x0a000000, 0x0affffff]], top)],
  ["10,000 ranges, the 1,000 most useful ports", spaceOf(everyOther(10_000), top)],
  ["65,536 blocks of hosts with a port of their own", blocks(65536)],
];

for (const [name, space] of SPACES) {
  const order = new Permutation(space.size, 2026);
  const indices = Float64Array.from({ length: BATCH }, (_, i) => order.at(i));
  Deno.bench({ name: `locate, ${name}`, group: "space" }, () => {
    for (const index of indices) {
      space.locate(index);
      sink ^= space.host ^ space.port;
    }
  });
}

function spaceOf(pairs: [first: number, last: number][], ports: PortSet): ProbeSpace {
  return new ProbeSpace({ targets: [{ hosts: Ranges.from(pairs), ports: undefined }], defaultPorts: ports });
}

function everyOther(count: number): [first: number, last: number][] {
  return Array.from({ length: count }, (_, i) => [i * 512, i * 512 + 255]);
}

function blocks(count: number): ProbeSpace {
  const targets = Array.from({ length: count }, (_, port) => {
    return {
      hosts: Ranges.from(everyOther(4).map(([first]) => [first + port * 4096, first + port * 4096])),
      ports: PortSet.of([port]),
    };
  });
  return new ProbeSpace({ targets, defaultPorts: PortSet.EMPTY });
}

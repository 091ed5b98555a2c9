/**
 * The shares of shards and workers: disjoint, and together everything, however many workers each machine has.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { nestShard } from "../../src/order/shard.ts";
import { hostShare, ScanShares } from "../../src/scan/shares.ts";
import { PortSet } from "../../src/target/ports.ts";
import { Ranges } from "../../src/target/ranges.ts";
import { ProbeSpace } from "../../src/target/space.ts";
import { Random } from "../support/random.ts";

/** Sets of hosts: some, many in pieces, and more than are dealt out one by one. */
const SETS: readonly (readonly [what: string, hosts: Ranges])[] = [
  ["one host", Ranges.of(0x0a000001, 0x0a000001)],
  ["ten hosts", Ranges.of(0x0a000001, 0x0a00000a)],
  ["pieces", Ranges.from(Array.from({ length: 500 }, (_, at) => [at * 1000, at * 1000 + at % 7] as const))],
  ["a /8 and more", Ranges.from([[0x0a000000, 0x0affffff], [0x0b000003, 0x0b000003], [0x0c000000, 0x0c012345]])],
];

for (const [what, hosts] of SETS) {
  Deno.test(`shares: hosts of machines with different numbers of workers are disjoint and complete, ${what}`, () => {
    const random = new Random(hosts.size);
    for (let round = 0; round < 8; round++) {
      const count = 1 + random.below(7);
      const sizes: number[] = [];
      let all = Ranges.EMPTY;
      for (let index = 1; index <= count; index++) {
        const machine = hostShare(hosts, { index, count });
        const workers = 1 + random.below(4);
        let own = Ranges.EMPTY;
        for (let worker = 1; worker <= workers; worker++) {
          const share = hostShare(hosts, nestShard({ index, count }, { index: worker, count: workers }));
          assertEquals(own.subtract(share).size, own.size, "a host twice");
          own = own.union(share);
        }
        assert(own.equals(machine), `shard ${index}/${count} with ${workers} workers is not that with one`);
        assertEquals(all.subtract(machine).size, all.size, "a host in two shards");
        all = all.union(machine);
        sizes.push(machine.size);
      }
      assert(all.equals(hosts), `${count} shards are not all`);
      assert(Math.max(...sizes) - Math.min(...sizes) <= 1 + hosts.size / 1024, `sizes ${sizes}`);
    }
  });
}

Deno.test("shares: where hosts are divided, the ports of shards and of their workers add up", () => {
  const ports = [PortSet.of([22, 80, 443]), PortSet.of([25])];
  const blocks = ports.map((ports, at) => ({ hosts: Ranges.of(1000 * at, 1000 * at + 99 + at), ports }));
  const space = new ProbeSpace({ targets: blocks, defaultPorts: PortSet.EMPTY });
  let sum = 0;
  for (let index = 1; index <= 6; index++) {
    const shares = new ScanShares(space, { seed: 1, shard: { index, count: 6 }, isByHost: true });
    sum += shares.size;
    for (const workers of [1, 2, 5]) {
      assertEquals(shares.sizes(workers).reduce((all, size) => all + size, 0), shares.size);
    }
  }
  assertEquals(sum, space.size);
});

/**
 * How many hosts a part of a space has, which counts need of shards and of scans that ended early.
 *
 * @module
 */
import type { ShardedOrder } from "../order/shard.ts";
import { Ranges } from "../target/ranges.ts";
import type { ProbeSpace } from "../target/space.ts";

/** Ports of hosts that are looked through, which takes half a second; of more, the hosts are as many as there can be. */
const MAX_LOOKED_THROUGH = 1 << 22;

/** Some ports of hosts: the first `count` of an order. */
export interface ProbedRanges {
  readonly order: ShardedOrder;
  readonly count: number;
  /** How many of them were asked before anything was removed; 0 by default. */
  readonly before?: number;
}

/** Returns how many hosts have at least one of these ports, without what was asked of the hosts in `removed` since. */
export function countProbedHosts(
  space: ProbeSpace,
  parts: readonly ProbedRanges[],
  removed: Ranges = Ranges.EMPTY,
): number {
  const asked = parts.reduce((sum, { order, count }) => sum + Math.min(count, order.size), 0);
  if (removed.count === 0 && asked >= space.size) return space.hostCount;
  // Every host has one port.
  if (removed.count === 0 && space.size === space.hostCount) return asked;
  if (asked > MAX_LOOKED_THROUGH) return Math.min(space.hostCount, asked);
  const hosts = new Uint32Array(asked);
  let length = 0;
  for (const { order, count, before = 0 } of parts) {
    const end = Math.min(count, order.size);
    for (let position = 0; position < end; position++) {
      space.locate(order.at(position));
      if (position < before || !removed.has(space.host)) hosts[length++] = space.host;
    }
  }
  const sorted = hosts.subarray(0, length).sort();
  let distinct = 0;
  for (let at = 0; at < length; at++) if (at === 0 || sorted[at] !== sorted[at - 1]) distinct++;
  return distinct;
}

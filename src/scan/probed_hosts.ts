/**
 * The number of hosts in a part of a probe space, for shards and for scans that ended early.
 *
 * @module
 */
import type { ShardedOrder } from "../order/shard.ts";
import { Ranges } from "../target/ranges.ts";
import type { ProbeSpace } from "../target/space.ts";

/** Probes that are enumerated at most, which takes half a second; beyond, the count is an upper bound. */
const MAX_ENUMERATED = 1 << 22;

/** The first `count` probes of an order. */
interface ProbedRanges {
  readonly order: ShardedOrder;
  readonly count: number;
  /** The number of them that were sent before hosts were removed; 0 by default. */
  readonly before?: number;
}

/** Returns the number of hosts with at least one of these probes, without later probes of the hosts in `removed`. */
export function countProbedHosts(
  space: ProbeSpace,
  parts: readonly ProbedRanges[],
  removed: Ranges = Ranges.EMPTY,
): number {
  const probed = parts.reduce((sum, { order, count }) => sum + Math.min(count, order.size), 0);
  if (removed.count === 0 && probed >= space.size) return space.hostCount;
  // Every host has one port.
  if (removed.count === 0 && space.size === space.hostCount) return probed;
  if (probed > MAX_ENUMERATED) return Math.min(space.hostCount, probed);
  const hosts = new Uint32Array(probed);
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

/**
 * The shares of a scan that shards and workers have: of the order of all probes, or, where hosts are discovered first, of the hosts. What
 * a worker finds of a host decides what it does next, so that no worker waits for another.
 *
 * @module
 */

import { nestShard, type Shard, ShardedOrder, WHOLE } from "../order/shard.ts";
import { PortSet } from "../target/ports.ts";
import { type Ranges, RangesBuilder } from "../target/ranges.ts";
import { ProbeSpace } from "../target/space.ts";
import { within } from "./discovery.ts";
import { countProbedHosts } from "./probed_hosts.ts";

/** Hosts that are dealt out one by one, so that shards are alike; more are dealt out in so many pieces. */
const MAX_DEALT = 1 << 22;
const PIECES = 1 << 14;

/**
 * Returns the hosts of a shard. The shards of a set are disjoint and cover it, and the shard of a shard (`nestShard`) is a part of that,
 * so that machines may have different numbers of workers.
 */
export function hostShare(hosts: Ranges, { index, count }: Shard = WHOLE): Ranges {
  if (count === 1) return hosts;
  const share = new RangesBuilder();
  const length = hosts.size <= MAX_DEALT ? 1 : Math.ceil(hosts.size / PIECES);
  // By position among the hosts.
  let before = 0;
  let from = (index - 1) * length;
  for (const [first, last] of hosts) {
    const end = before + last - first + 1;
    while (from < end) {
      const at = first + Math.max(0, from - before);
      share.add(at, Math.min(last, first + from + length - 1 - before));
      // The rest of a piece is in the next range.
      if (from + length > end) break;
      from += count * length;
    }
    before = end;
  }
  return share.build();
}

/** Returns a space without the hosts that are not among these. */
export function restricted(space: ProbeSpace, hosts: Ranges): ProbeSpace {
  const targets = space.blocks.map((block) => ({ hosts: within(block.hosts, hosts), ports: block.ports }));
  return new ProbeSpace({ targets, defaultPorts: PortSet.EMPTY, tiers: space.tiers });
}

/** The division of a scan. */
interface Division {
  readonly seed: number;
  readonly shard: Shard;
  /** True if it is divided by host. */
  readonly isByHost: boolean;
}

/** The part of a scan that one shard has, divided among workers. */
export class ScanShares {
  /** Ports of hosts in the shard. */
  readonly size: number;
  /** Hosts in the shard. */
  readonly hosts: number;
  readonly #space: ProbeSpace;
  readonly #division: Division;

  constructor(space: ProbeSpace, division: Division) {
    this.#space = space;
    this.#division = division;
    if (division.isByHost) {
      const hosts = hostShare(space.hostRanges(), division.shard);
      this.hosts = hosts.size;
      this.size = restricted(space, hosts).size;
    } else {
      const [order] = this.#orders(1) as [ShardedOrder];
      this.hosts = countProbedHosts(space, [{ order, count: order.size }]);
      this.size = order.size;
    }
  }

  /** Returns the number of ports of hosts that each of `count` workers has. */
  sizes(count: number): number[] {
    const { isByHost, shard } = this.#division;
    if (!isByHost) return this.#orders(count).map(({ size }) => size);
    const hosts = this.#space.hostRanges();
    return Array.from(
      { length: count },
      (_, index) => restricted(this.#space, hostShare(hosts, nestShard(shard, { index: index + 1, count }))).size,
    );
  }

  /**
   * Returns the number of hosts with at least one probe.
   *
   * @param probed The first position that each worker has not probed, and that until which it had before the scan was resumed.
   * @param removed Hosts that were excluded when the scan was resumed.
   */
  probedHosts(probed: readonly { readonly count: number; readonly before: number }[], removed: Ranges): number {
    if (this.#division.isByHost) return this.hosts;
    const orders = this.#orders(probed.length);
    return countProbedHosts(this.#space, probed.map((part, index) => ({ ...part, order: orders[index]! })), removed);
  }

  #orders(count: number): ShardedOrder[] {
    return shardOrders(this.#space.tierSizes, this.#division, count);
  }
}

/** Returns the order of each of `count` workers. */
export function shardOrders(
  tierSizes: readonly number[],
  task: Pick<Division, "seed" | "shard">,
  count: number,
): ShardedOrder[] {
  return Array.from(
    { length: count },
    (_, index) => new ShardedOrder(tierSizes, task.seed, nestShard(task.shard, { index: index + 1, count })),
  );
}

/**
 * The part of a scan that one machine has, as its results state it.
 *
 * @module
 */

/**
 * The part of a scan that one machine has: all of it, or one of several shards.
 *
 * @example
 * ```ts
 * import { scan } from "@synscan/synscan";
 *
 * const { share } = await scan({ targets: "127.0.0.1", ports: "1-8", seed: 7, shard: { index: 2, count: 4 } }).plan;
 * console.log(`${share.index}/${share.count} of ${share.probes} ports`); // 2/4 of 8 ports
 * ```
 */
export interface ScanShare {
  /** A hash of the hosts and ports of all shards. */
  readonly key: string;
  /** The seed of the order of probes. */
  readonly seed: number;
  /** The number of the shard, from 1. */
  readonly index: number;
  /** The number of shards. */
  readonly count: number;
  /** The items that are divided: hosts if hosts are discovered first, otherwise probes. */
  readonly by: "host" | "probe";
  /** Hosts of all shards. */
  readonly hosts: number;
  /** Ports of hosts in all shards, once for each technique. */
  readonly probes: number;
}

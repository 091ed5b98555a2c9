/**
 * The plan of a scan that sends nothing, and the source address of probes.
 *
 * @module
 */

import { CannotScanError, UsageError } from "../base/errors.ts";
import { ShardedOrder, WHOLE } from "../order/shard.ts";
import { isByHost, type Pass, techniqueOf } from "../result/pass.ts";
import { rangeTexts } from "../target/address_book.ts";
import { type Listed, listSpace } from "../target/listing.ts";
import type { ProbeSpace } from "../target/space.ts";
import type { DryRun } from "./api.ts";
import { routePlanOf } from "./ipv6_parts.ts";
import { ScanLayout } from "./layout.ts";
import { checkOptions } from "./option_checks.ts";
import type { ScanOptions } from "./options.ts";
import { passesWanted } from "./passes.ts";
import { planTargets, type ScanTargets } from "./plan.ts";
import { countProbedHosts } from "./probed_hosts.ts";
import { hostShare, restricted } from "./shares.ts";
import { checkTraces } from "./trace_choice.ts";

/** The protocol of passes that may have ports of their own. */
const UDP = "udp";
/** The technique of a scan that finds hosts. */
const HOSTS_ONLY = "ping";

/** Implements `planScan` of the library. */
export async function planScan(options: ScanOptions): Promise<DryRun> {
  checkOptions(options);
  const passes = passesWanted(options);
  checkTraces(options, passes);
  const targets = await planTargets(options);
  const { book, warnings } = targets;
  const { shard = WHOLE, hostsOnly = false } = options;
  const byHost = shard.count > 1 && await isDividedByHost(options, passes, targets);
  const shareOf = (space: ProbeSpace) => byHost ? restricted(space, hostShare(space.hostRanges(), shard)) : space;
  const space = shareOf(targets.space);
  const udpSpace = targets.udpSpace && shareOf(targets.udpSpace);
  const order = new ShardedOrder(space.tierSizes, options.seed ?? 0, byHost ? WHOLE : shard);
  const has = order.size < space.size ? (index: number) => order.has(index) : undefined;
  const overTcp = passes.filter(({ proto }) => udpSpace === undefined || proto !== UDP);
  return {
    hosts: countProbedHosts(space, [{ order, count: order.size }]),
    warnings,
    probes: hostsOnly ? 0 : order.size * overTcp.length + (udpSpace?.size ?? 0),
    portsOfEach: hostsOnly
      ? 0
      : udpSpace === undefined && space.blocks.length === 1
      ? space.blocks[0]!.ports.size
      : undefined,
    technique: hostsOnly ? HOSTS_ONLY : techniqueOf(passes),
    *entries() {
      const listed = hostsOnly ? listHostsOf(space) : listSpace(space, has);
      for (const { first, last, ports } of listed) {
        for (const ip of rangeTexts(book, first, last)) {
          yield { ip, ports: udpSpace === undefined || hostsOnly ? ports : `T:${ports}` };
        }
      }
      for (const { first, last, ports } of udpSpace === undefined || hostsOnly ? [] : listSpace(udpSpace)) {
        for (const ip of rangeTexts(book, first, last)) yield { ip, ports: `U:${ports}` };
      }
    },
  };
}

/** Returns true if shards have hosts of their own, with all their ports, as where hosts are found first. */
async function isDividedByHost(options: ScanOptions, passes: readonly Pass[], targets: ScanTargets): Promise<boolean> {
  return options.hostsOnly === true || isByHost(passes) ||
    (await ScanLayout.of(options, targets, passes, undefined)).isByHost;
}

/** Returns the hosts of a space, without their ports. */
function* listHostsOf(space: ProbeSpace): Generator<Listed> {
  for (const [first, last] of space.hostRanges()) yield { first, last, ports: "" };
}

/** Implements `suggestSource` of the library. */
export async function suggestSource(target: string): Promise<string | undefined> {
  try {
    const { book, space } = await planTargets({ targets: target === "" ? "192.0.2.1" : target, ports: [80] });
    const { sources, sources6 } = await routePlanOf({ targets: space.hostRanges() }, book);
    return sources.texts[0] ?? sources6?.texts[0];
  } catch (error) {
    if (error instanceof UsageError || error instanceof CannotScanError) return undefined;
    throw error;
  }
}

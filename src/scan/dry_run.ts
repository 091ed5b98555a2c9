/**
 * The plan of a scan that sends nothing, and the source address of probes.
 *
 * @module
 */

import { CannotScanError, UsageError } from "../base/errors.ts";
import { ShardedOrder } from "../order/shard.ts";
import { techniqueOf } from "../result/pass.ts";
import { rangeTexts } from "../target/address_book.ts";
import { listSpace } from "../target/listing.ts";
import type { DryRun } from "./api.ts";
import { routePlanOf } from "./ipv6_parts.ts";
import { checkOptions } from "./option_checks.ts";
import type { ScanOptions } from "./options.ts";
import { passesWanted } from "./passes.ts";
import { planTargets } from "./plan.ts";
import { countProbedHosts } from "./probed_hosts.ts";
import { checkTraces } from "./trace_choice.ts";

/** The protocol of passes that may have ports of their own. */
const UDP = "udp";

/** Implements `planScan` of the library. */
export async function planScan(options: ScanOptions): Promise<DryRun> {
  checkOptions(options);
  const passes = passesWanted(options);
  checkTraces(options, passes);
  const { book, space, udpSpace, warnings } = await planTargets(options);
  const order = new ShardedOrder(space.size, options.seed ?? 0, options.shard);
  const has = order.size < space.size ? (index: number) => order.has(index) : undefined;
  return {
    hosts: countProbedHosts(space, [{ order, count: order.size }]),
    warnings,
    probes: order.size * passes.filter(({ proto }) => udpSpace === undefined || proto !== UDP).length +
      (udpSpace?.size ?? 0),
    portsOfEach: udpSpace === undefined && space.blocks.length === 1 ? space.blocks[0]!.ports.size : undefined,
    technique: techniqueOf(passes),
    *entries() {
      for (const { first, last, ports } of listSpace(space, has)) {
        for (const ip of rangeTexts(book, first, last)) {
          yield { ip, ports: udpSpace === undefined ? ports : `T:${ports}` };
        }
      }
      for (const { first, last, ports } of udpSpace === undefined ? [] : listSpace(udpSpace, undefined)) {
        for (const ip of rangeTexts(book, first, last)) yield { ip, ports: `U:${ports}` };
      }
    },
  };
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

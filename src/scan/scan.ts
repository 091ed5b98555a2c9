/**
 * The composition root: from options to a running scan, from a running scan to results.
 *
 * @module
 */

import { CannotScanError, UsageError } from "../base/errors.ts";
import { ShardedOrder } from "../order/shard.ts";
import { techniqueOf } from "../result/pass.ts";
import { rangeTexts } from "../target/address_book.ts";
import { listSpace } from "../target/listing.ts";
import { findRoutePlan } from "../transport/open.ts";
import type { DryRun, Scan, ScanControl } from "./api.ts";
import { checkOptions } from "./option_checks.ts";
import type { ScanOptions } from "./options.ts";
import { passesWanted } from "./passes.ts";
import { planTargets } from "./plan.ts";
import { countProbedHosts } from "./probed_hosts.ts";
import { RunningScan } from "./running_scan.ts";

/**
 * Starts a scan. Errors reach the caller through the results, {@linkcode Scan.plan} and {@linkcode Scan.summary}, which
 * reject.
 *
 * @param options The targets, ports and behaviour.
 * @param control A signal that cancels the scan, or a snapshot to resume.
 * @returns The running scan: an async iterable of results.
 * @throws {UsageError} Rejects with it if the options make no sense.
 * @throws {CannotScanError} Rejects with it if the scan is impossible on this machine.
 *
 * @example
 * ```ts
 * import { scan } from "@synscan/synscan";
 *
 * for await (const { ip, port, state, reason } of scan({ targets: "127.0.0.1", ports: "22,80" })) {
 *   console.log(ip, port, state, reason);
 * }
 * ```
 */
export function scan(options: ScanOptions, control?: ScanControl): Scan {
  return new RunningScan(options, control);
}

/**
 * Determines the hosts and ports that a scan would probe, and sends nothing. Names are resolved.
 *
 * @param options The options of the scan.
 * @returns The number of hosts and ports, and each host with its ports.
 * @throws {UsageError} If the options make no sense.
 *
 * @example
 * ```ts
 * import { planScan } from "@synscan/synscan";
 *
 * const { hosts, probes } = await planScan({ targets: "192.0.2.0/24", ports: "22,80" });
 * console.log(hosts, probes); // 256 512
 * ```
 */
export async function planScan(options: ScanOptions): Promise<DryRun> {
  checkOptions(options);
  const passes = passesWanted(options);
  const { book, space, warnings } = await planTargets(options);
  const order = new ShardedOrder(space.size, options.seed ?? 0, options.shard);
  const has = order.size < space.size ? (index: number) => order.has(index) : undefined;
  return {
    hosts: countProbedHosts(space, [{ order, count: order.size }]),
    warnings,
    probes: order.size * passes.length,
    portsOfEach: space.blocks.length === 1 ? space.blocks[0]!.ports.size : undefined,
    technique: techniqueOf(passes),
    *entries() {
      for (const { first, last, ports } of listSpace(space, has)) {
        for (const ip of rangeTexts(book, first, last)) yield { ip, ports };
      }
    },
  };
}

/**
 * Returns the source address of probes to a target.
 *
 * @param target An address, a block, a range or a name.
 * @returns The address as text; `undefined` without a route.
 * @throws {UsageError} If the target makes no sense.
 *
 * @example
 * ```ts
 * import { suggestSource } from "@synscan/synscan";
 *
 * console.log(await suggestSource("127.0.0.1")); // 127.0.0.1
 * ```
 */
export async function suggestSource(target: string): Promise<string | undefined> {
  try {
    const { book, space } = await planTargets({ targets: target === "" ? "192.0.2.1" : target, ports: [80] });
    return findRoutePlan({ targets: space.hostRanges() }, book).sources.texts[0];
  } catch (error) {
    if (error instanceof UsageError || error instanceof CannotScanError) return undefined;
    throw error;
  }
}

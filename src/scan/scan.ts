/**
 * The library's functions. The code behind them is loaded when one is called.
 *
 * @module
 */

import type { DryRun, HostList, Scan, ScanControl } from "./api.ts";
import { DeferredScan } from "./deferred_scan.ts";
import type { ScanOptions } from "./options.ts";

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
  return new DeferredScan(options, control);
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
  return await (await import("./dry_run.ts")).planScan(options);
}

/**
 * Lists the hosts that a scan would probe, with their names by reverse DNS unless `hostnames` is `never`. No packet is sent to them.
 *
 * @param options The options of the scan; ports are not needed.
 * @param control Ends the lookups of names early.
 * @returns The hosts, in the order of addresses.
 * @throws {UsageError} If the options make no sense.
 *
 * @example
 * ```ts
 * import { listHosts } from "@synscan/synscan";
 *
 * const list = await listHosts({ targets: "192.0.2.0/30" });
 * console.log(list.hosts); // 4
 * ```
 */
export async function listHosts(options: ScanOptions, control: Pick<ScanControl, "signal"> = {}): Promise<HostList> {
  return await (await import("./list_hosts.ts")).listHosts(options, control);
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
  return await (await import("./dry_run.ts")).suggestSource(target);
}

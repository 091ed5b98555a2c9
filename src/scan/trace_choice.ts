/**
 * The decision whether a scan traces paths. What traces them is loaded only then.
 *
 * @module
 */

import { CannotScanError, UsageError } from "../base/errors.ts";
import { type Pass, probesHosts } from "../result/pass.ts";
import { Ranges } from "../target/ranges.ts";
import type { ScanOptions } from "./options.ts";
import { isChosen, sendPackets } from "./passes.ts";
import type { TracePlan, Traces } from "./traces.ts";

/** Returns true if the options ask for traces, be it only where these are possible. */
function wantsTraces({ traceroute, whereFiltered }: ScanOptions): boolean {
  return traceroute === true || traceroute === "auto" || whereFiltered === true;
}

/** Returns true if the ports of a scan are probed by packets, with which paths can be traced. */
function canTrace(passes: readonly Pass[]): boolean {
  return sendPackets(passes.filter((pass) => !probesHosts(pass)));
}

/**
 * Checks that a scan with these passes can trace paths, if the options ask for that.
 *
 * @throws {UsageError} If its technique sends no packets.
 * @throws {CannotScanError} If it may not send packets.
 */
export function checkTraces(options: ScanOptions, passes: readonly Pass[]): void {
  if (!wantsTraces(options) || canTrace(passes)) return;
  if (options.traceroute === "auto" && options.whereFiltered !== true) return;
  const flag = options.traceroute === true ? "--traceroute" : "--where-filtered";
  if (isChosen(options)) {
    throw new UsageError(
      `Cannot trace paths by a connect scan: the kernel sends its packets. Use -sS, or leave ${flag} out`,
    );
  }
  throw new CannotScanError(
    `Cannot trace paths: that takes raw sockets, and CAP_NET_RAW is missing. Use sudo, or leave ${flag} out`,
  );
}

/** Returns the warning about paths that a connect scan leaves out. */
export function traceWarnings(options: ScanOptions, passes: readonly Pass[]): string[] {
  if (options.traceroute !== "auto" || options.hostsOnly === true || canTrace(passes)) return [];
  return ["Paths are left out: the kernel sends the packets of a connect scan. --traceroute takes -sS"];
}

/**
 * Opens the sockets for the traces that the options ask for; undefined if they ask for none.
 *
 * @throws {CannotScanError} If they cannot be opened.
 */
export async function openTraces(plan: TracePlan): Promise<Traces | undefined> {
  if (!wantsTraces(plan.options) || !canTrace(plan.passes)) return undefined;
  const { first = Infinity } = plan.routePlan.book.ipv6 ?? {};
  const hosts = first === Infinity ? plan.hosts : plan.hosts.subtract(Ranges.of(first, LAST_HOST));
  if (hosts.size === 0) return undefined;
  const { Traces } = await import("./traces.ts");
  return await Traces.open({ ...plan, hosts });
}

/** The largest number of a host. */
const LAST_HOST = 0xffff_ffff;

/**
 * Returns the warning about hosts of IPv6, whose paths are not traced.
 *
 * @throws {UsageError} If there are no others, and the user asks for paths.
 */
export function untracedWarnings(options: ScanOptions, families: readonly (4 | 6)[]): string[] {
  if (!wantsTraces(options) || !families.includes(6)) return [];
  const isAsked = options.traceroute === true || options.whereFiltered === true;
  if (isAsked && families.length === 1) {
    const flag = options.traceroute === true ? "--traceroute" : "--where-filtered";
    throw new UsageError(`Cannot trace paths to hosts of IPv6: that is not built yet. Leave ${flag} out`);
  }
  return ["Paths to hosts of IPv6 are not traced"];
}

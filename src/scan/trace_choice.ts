/**
 * The decision whether a scan traces paths. What traces them is loaded only then.
 *
 * @module
 */

import { CannotScanError, UsageError } from "../base/errors.ts";
import { type Pass, probesHosts } from "../result/pass.ts";
import type { ScanOptions } from "./options.ts";
import { isChosen, sendPackets } from "./passes.ts";
import type { TracePlan, Traces } from "./traces.ts";

/** Returns true if the options ask for traces, be it only where these are possible. */
function wantsTraces({ traceroute, whereFiltered }: ScanOptions): boolean {
  return traceroute === true || traceroute === "auto" || whereFiltered === true;
}

/** Returns true if ports of TCP are probed by packets, with which paths can be traced. */
function canTrace(passes: readonly Pass[]): boolean {
  return sendPackets(passes.filter((pass) => pass.proto === "tcp"));
}

/** Returns the reason for which paths cannot be traced by the probes of a scan. */
function whyNot(passes: readonly Pass[]): string {
  return sendPackets(passes.filter((pass) => !probesHosts(pass)))
    ? "a UDP scan: hop limits go with segments of TCP"
    : "a connect scan: the kernel sends its packets";
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
      `Cannot trace paths by ${whyNot(passes)}. Use -sS, or leave ${flag} out`,
    );
  }
  throw new CannotScanError(
    `Cannot trace paths: that takes raw sockets, and CAP_NET_RAW is missing. Use sudo, or leave ${flag} out`,
  );
}

/** Returns the warning about paths that a connect scan leaves out. */
export function traceWarnings(options: ScanOptions, passes: readonly Pass[]): string[] {
  if (options.traceroute !== "auto" || options.hostsOnly === true || canTrace(passes)) return [];
  const isUdp = sendPackets(passes.filter((pass) => !probesHosts(pass)));
  return [
    isUdp
      ? "Paths are left out: a UDP scan has none. --traceroute takes -sS"
      : "Paths are left out: the kernel sends the packets of a connect scan. --traceroute takes -sS",
  ];
}

/**
 * Opens the sockets for the traces that the options ask for; undefined if they ask for none.
 *
 * @throws {CannotScanError} If they cannot be opened.
 */
export async function openTraces(plan: TracePlan): Promise<Traces | undefined> {
  if (!wantsTraces(plan.options) || !canTrace(plan.passes)) return undefined;
  const { Traces } = await import("./traces.ts");
  return await Traces.open(plan);
}

/**
 * The decision whether a scan traces paths. What traces them is loaded only then.
 *
 * @module
 */

import { CannotScanError, UsageError } from "../base/errors.ts";
import { type Pass, probesHosts } from "../result/pass.ts";
import type { DiscoveryPlan } from "./discovery.ts";
import type { ScanOptions } from "./options.ts";
import { isChosen, sendPackets } from "./passes.ts";
import { isPing } from "../technique/techniques.ts";
import type { TracePlan, Traces } from "./traces.ts";

const NONE = new Uint32Array();

/** Pings that are sent again with hop limits. */
const TRACING_PINGS = /^(echo$|syn:|ack:)/;

/** Returns true if the options ask for traces, be it only where these are possible. */
function wantsTraces({ traceroute, whereFiltered }: ScanOptions): boolean {
  return traceroute === true || traceroute === "auto" || whereFiltered === true;
}

/** Returns true if packets are sent with which paths can be traced: to ports of TCP, or as pings. */
function canTrace(passes: readonly Pass[]): boolean {
  return sendPackets(passes.filter(({ proto, technique }) => proto === "tcp" || isPing(technique)));
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
  if (!wantsTraces(options)) return;
  if (options.hostsOnly === true && options.pings?.some((kind) => TRACING_PINGS.test(kind)) === false) {
    throw new UsageError(
      `Cannot trace paths by ${
        options.pings.join(" and ")
      }: hop limits go with echo requests and segments of TCP. Add -PE`,
    );
  }
  if (canTrace(passes)) return;
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

/** Returns the warning about paths that are left out: of a connect scan, and of a scan of hosts alone for those that it does not ping. */
export function traceWarnings(
  options: ScanOptions,
  passes: readonly Pass[],
  discovery: Pick<DiscoveryPlan, "links" | "own"> | undefined,
): string[] {
  if (options.hostsOnly === true) {
    const { links = NONE, own = NONE } = discovery ?? {};
    const hasOthers = own.length > 0 || links.length > 0 && options.arpPing !== false;
    return wantsTraces(options) && hasOthers
      ? ["Paths to this machine and to hosts on own links are left out: no router is on the way"]
      : [];
  }
  if (options.traceroute !== "auto" || canTrace(passes)) return [];
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

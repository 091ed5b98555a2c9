/**
 * The number of workers of a scan, and the warnings about what it has to do without.
 *
 * @module
 */

import { CannotScanError } from "../base/errors.ts";
import type { EngineLimits } from "../engine/engine.ts";
import type { ScanOptions } from "./options.ts";
import type { Pass } from "../result/pass.ts";
import { isChosen, packetOptions, sendPackets, sendsPackets } from "./passes.ts";
import { mayStartWorkers } from "./pool.ts";

/**
 * Probes that make another worker worth while. A worker takes some 60 ms to begin, and the threads contend in the kernel and for
 * the reports: on two cores a second one pays from about a million probes on (the scenarios `ports` and `hosts` of the
 * benchmark, with `--workers`).
 */
const PROBES_PER_WORKER = 500_000;
/** Probes that make a thread worth while which sends the packets of the only worker; it begins in about the same time. */
const PROBES_PER_SEND_THREAD = 200_000;
/** Workers chosen at most: two senders share most of what a network stack can do. */
const MAX_CHOSEN_WORKERS = 4;

/**
 * Returns the warning about what is done without raw sockets in place of what the user asked for: ports are probed by connections, or by
 * sockets of UDP.
 */
export function fallbackWarnings(options: ScanOptions, passes: readonly Pass[], canSendRaw: boolean): string[] {
  if (options.hostsOnly === true) return [];
  if (!canSendRaw && sendPackets(passes)) {
    return ["No right to open raw sockets: UDP scan (-sU) through sockets of the kernel. Use sudo for raw packets"];
  }
  if (sendPackets(passes) || isChosen(options)) return [];
  const lost = packetOptions(options);
  const without = lost.length > 0 ? `, without ${lost.join(" and ")}` : "";
  return [`No right to open raw sockets: connect scan (-sT)${without}. Use sudo for a SYN scan`];
}

/**
 * Returns the number of workers, the reasons and the warnings.
 *
 * @param probes The probes of all passes, as far as they are expected.
 */
export function chooseWorkers(
  options: ScanOptions,
  passes: readonly Pass[],
  probes: number,
  limits: EngineLimits,
): {
  readonly workers: number;
  readonly why: readonly string[];
  readonly warnings: readonly string[];
  /** True if a thread of its own sends the packets of the only worker. */
  readonly sendsAside?: boolean;
} {
  const asked = options.workers;
  const alone = !passes.every(sendsPackets)
    ? "connect(2) is the kernel's work"
    : options.onPacket !== undefined
    ? "packets are traced in one place"
    : options.sourcePort !== undefined
    ? "there is one source port"
    : limits.maxInFlight === 1
    ? "-T0 to -T2 probe one port at a time"
    : undefined;
  if (alone !== undefined) {
    const isAsked = asked !== undefined && asked > 1;
    return { workers: 1, why: [], warnings: isAsked ? [`One worker instead of ${asked}: ${alone}`] : [] };
  }
  const most = Math.max(1, Math.min(probes, asked ?? Math.min(navigator.hardwareConcurrency, MAX_CHOSEN_WORKERS)));
  const wanted = asked ?? (limits.rate.maxPps === Infinity ? Math.max(1, Math.ceil(probes / PROBES_PER_WORKER)) : 1);
  const workers = Math.min(most, wanted);
  if (workers > 1 && !mayStartWorkers()) {
    if (asked === undefined) {
      return { workers: 1, why: ["One worker: more need --allow-read, to read their own code"], warnings: [] };
    }
    throw new CannotScanError(
      `Cannot start ${asked} workers: that takes the permission to read their code. Add --allow-read`,
    );
  }
  const sendsAside = workers === 1 && probes >= PROBES_PER_SEND_THREAD && limits.rate.maxPps === Infinity &&
    navigator.hardwareConcurrency > 1 && mayStartWorkers();
  return { workers, why: workers > 1 ? [`${workers} workers divide the scan`] : [], warnings: [], sendsAside };
}

/**
 * The public interface of scans.
 *
 * @module
 */

import type { HostAddresses, NamesByHost, PortResult, ResultList } from "../result/port_result.ts";
import type { Pass } from "../result/pass.ts";
import type { ScanShare } from "../result/share.ts";
import type { HostnamesSoFar, Progress, Summary } from "../result/summary.ts";
import type { ScanSnapshot } from "./snapshot.ts";

/**
 * The decisions before the first probe.
 *
 * @example
 * ```ts
 * import { scan } from "@synscan/synscan";
 *
 * const { hosts, probes, technique, transport } = await scan({ targets: "127.0.0.1", ports: "22,80" }).plan;
 * console.log(hosts, probes, technique, transport);
 * ```
 */
export interface ScanPlan {
  /** Hosts to scan. */
  readonly hosts: number;
  /** Ports of hosts to decide, once for each technique. */
  readonly probes: number;
  /** Every port that some host is asked for, as `22,80,8000-8100`, and how many these are. */
  readonly ports: { readonly count: number; readonly text: string };
  /** Those of UDP, if ports of TCP are probed as well. */
  readonly udpPorts?: { readonly count: number; readonly text: string };
  /** The scan technique; several are joined by `+`, in the order in which they are used. */
  readonly technique: string;
  /** The passes, in their order: those over hosts, then those over ports. */
  readonly passes: readonly Pass[];
  /** The transport, for example `sendmmsg`. */
  readonly transport: string;
  /** The reasons of these choices, a line each. */
  readonly notes: readonly string[];
  /** Addresses that probes leave from; empty where the kernel chooses for each. */
  readonly sources: readonly string[];
  /** The addresses of host numbers. */
  readonly addresses: HostAddresses;
  /** First and last IPv4 address of each range of hosts, as numbers; `undefined` where they are more than 1,024. */
  readonly ranges?: readonly (readonly [first: number, last: number])[] | undefined;
  /** The number of workers. */
  readonly workers: number;
  /** The same for scans of the same hosts, ports and shard, and for no other. */
  readonly space: string;
  /** The part of the whole scan. */
  readonly share: ScanShare;
  /** The target names of hosts. */
  readonly names: ScanNames;
  /** The names of hosts by reverse DNS; `undefined` if none are looked up. */
  readonly hostnames?: HostnamesSoFar | undefined;
  /** Hosts of the targets, and ports, that are excluded, as text. */
  readonly excluded: { readonly hosts: string; readonly ports: string };
  /** Warnings, a line each. */
  readonly warnings: readonly string[];
}

/**
 * The target names of hosts, as an iterable with their ports as text if they are listed.
 *
 * @example
 * ```ts
 * import { scan } from "@synscan/synscan";
 *
 * const { names } = await scan({ targets: "localhost", ports: "1" }).plan;
 * for (const { ip, name, ports } of names) console.log(ip, name, ports);
 * ```
 */
export interface ScanNames extends NamesByHost {
  /** Iterates over the names, with the address and the ports of each. */
  [Symbol.iterator](): Iterator<{ readonly ip: string; readonly name: string; readonly ports: string }>;
}

/**
 * The hosts and ports that a scan would probe.
 *
 * @example
 * ```ts
 * import { planScan } from "@synscan/synscan";
 *
 * for (const { ip, ports } of (await planScan({ targets: "192.0.2.1-2", ports: "22,80" })).entries()) {
 *   console.log(ip, ports); // 192.0.2.1 22,80
 * }
 * ```
 */
export interface DryRun {
  /** Hosts to scan; of a shard of more than 2^22 ports, which is not looked through, at most. */
  readonly hosts: number;
  /** Ports of hosts to decide, once for each technique; 0 with `hostsOnly`. */
  readonly probes: number;
  /** The number of ports of each host, if all have the same. */
  readonly portsOfEach?: number | undefined;
  /** The scan technique; several are joined by `+`, in the order in which they are used. With `hostsOnly` it is `ping`. */
  readonly technique: string;
  /** Warnings, a line each. */
  readonly warnings: readonly string[];
  /** Returns each host, and its ports as text: none with `hostsOnly`. */
  entries(): Iterable<{ readonly ip: string; readonly ports: string }>;
}

/**
 * A host of the targets.
 *
 * @example
 * ```ts
 * import { type ListedHost, listHosts } from "@synscan/synscan";
 *
 * const [first]: ListedHost[] = [...(await listHosts({ targets: "192.0.2.1-2" })).entries()];
 * console.log(first?.ip); // 192.0.2.1
 * ```
 */
export interface ListedHost {
  /** Its address, as text. */
  readonly ip: string;
  /** The target names that led to it. */
  readonly names: readonly string[];
  /** Its name by reverse DNS; `undefined` if it is not known. */
  readonly hostname: string | undefined;
}

/**
 * The hosts of the targets.
 *
 * @example
 * ```ts
 * import { listHosts } from "@synscan/synscan";
 *
 * const { hosts, entries } = await listHosts({ targets: "192.0.2.0/30", hostnames: "never" });
 * for (const { ip } of entries()) console.log(ip);
 * console.log(hosts); // 4
 * ```
 */
export interface HostList {
  /** The number of hosts. */
  readonly hosts: number;
  /** False if target names had no address, or if the list ended before the names of all hosts were looked up. */
  readonly isComplete: boolean;
  /** The reason of its end. */
  readonly ended: "done" | "deadline" | "interrupted";
  /** Warnings, a line each. */
  readonly warnings: readonly string[];
  /** Returns each host, in the order of addresses. */
  entries(): Iterable<ListedHost>;
}

/**
 * The means to cancel or resume a scan.
 *
 * @example
 * ```ts
 * import { scan } from "@synscan/synscan";
 *
 * const { ended } = await scan({ targets: "127.0.0.1", ports: "1-100" }, { signal: AbortSignal.timeout(5000) }).summary;
 * console.log(ended); // done
 * ```
 */
export interface ScanControl {
  /** Cancels the scan: results so far are emitted, other ports are undecided. */
  readonly signal?: AbortSignal;
  /** Resumes a scan with the same options. The summary is then of the whole scan. */
  readonly resume?: ScanSnapshot;
}

/**
 * A running scan, made by {@linkcode scan}. Iterate over it for results one by one, or over {@linkcode Scan.batches}, which is
 * faster. Leaving the loop cancels the scan.
 *
 * @example
 * ```ts
 * import { type Scan, scan } from "@synscan/synscan";
 *
 * const running: Scan = scan({ targets: "127.0.0.1", ports: "1-100" });
 * running.setMaxRate(10_000);
 * for await (const { port, state } of running) {
 *   if (state === "open") console.log(port);
 * }
 * console.log((await running.summary).trusted);
 * ```
 */
export interface Scan extends AsyncIterable<PortResult> {
  /** The decisions before the first probe. Rejects with a {@linkcode UsageError} or a {@linkcode CannotScanError}. */
  readonly plan: Promise<ScanPlan>;
  /**
   * The summary, when the scan has ended. A scan pauses when many results wait to be read, unless the summary is awaited and
   * no result was ever read: then results that are too many to be kept are dropped. Rejects as {@linkcode Scan.plan}.
   */
  readonly summary: Promise<Summary>;
  /** Returns the status of the scan. */
  progress(): Progress;
  /**
   * Sets the upper bound of the rate, in probe packets a second; Infinity for none.
   *
   * @throws {UsageError} If it is not above 0.
   */
  setMaxRate(maxRatePps: number): void;
  /**
   * Passes each packet from now on, as one line of text, to a function; `undefined` stops it.
   *
   * @returns False, without a change, if packets cannot be seen: in a connect scan, and with several workers.
   */
  setOnPacket(onPacket: ((line: string) => void) | undefined): boolean;
  /**
   * Returns the remaining work of the scan, beyond the results that were read so far, for {@linkcode ScanControl.resume}. Results
   * that wait to be read are part of it, and the first of the resumed scan. Do not call it after the scan was aborted: undecided
   * ports then count as decided.
   *
   * @throws {TypeError} If the scan has not begun.
   * @throws {Error} If a worker has died, so that the remaining work is not known.
   */
  snapshot(): Promise<ScanSnapshot>;
  /**
   * The results in batches, those of hosts too, in the order in which they were decided, without an object for each: a batch gives a cursor that is
   * valid until its next result is taken; {@linkcode toResult} copies one, and {@linkcode hostResults} those of hosts. Results can be taken once. Leaving the loop before
   * the last batch (by `break`, `return` or an error) cancels the scan. A scan whose results are not taken is held up.
   *
   * @throws {TypeError} If they were taken before, or were dropped because only the summary was asked for.
   * @throws {UsageError} If the options make no sense.
   * @throws {CannotScanError} If the scan cannot be done here.
   */
  batches(): AsyncIterable<ResultList>;
}
